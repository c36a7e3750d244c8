"""The reference frameworks beside the repository: read whole, imported in time, searched in time, found well.

Measured with 14,543 rows of ESCO 1.1.1 (13,896 skills); run with ``-s`` to read the figures.
"""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guildmark.skills import queries
from tests.skills.builders import imported, read, shared

pytestmark = pytest.mark.shared_data
LABELLED = json.loads((Path(__file__).parent / "labelled" / "esco_claims.json").read_text("utf-8"))["claims"]
ESCO = "esco_1.1.1_classification_en_csv.zip"


def content(name: str) -> bytes:
    folder = shared()
    assert folder is not None
    return (folder / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "form", "rows", "ties"),
    [
        (ESCO, "esco", 14_543, 3_851),
        ("DigComp_3.0_2025-11-24.jsonld", "digcomp", 1_045, 906),
        ("digcomp3-core-framework_en.csv", "digcomp", 26, 21),
        ("case-package-ordering.json", "case", 28, 27),
        ("rsd-skills-import-sample.csv", "rsd", 3, 4),
    ],
)
def test_each_file_is_read_without_an_error(name: str, form: str, rows: int, ties: int) -> None:
    (package,), report = read(content(name), name)
    assert (package.format, len(package.rows), len(package.edges)) == (form, rows, ties)
    assert report.counts["error"] == 0


def test_the_six_rows_of_esco_without_a_type_are_named() -> None:
    _, report = read(content(ESCO), ESCO)
    assert [f.field for f in report.findings if f.severity == "warning"] == ["skillType"] * 6


def test_the_two_frameworks_of_ctdl_name_five_competencies_that_are_absent() -> None:
    packages, report = read(content("ctdl-asn-competency_framework.json"), "ctdl.json")
    assert [len(package.rows) for package in packages] == [0, 0]
    assert dict(report.counts) == {"warning": 5}


def test_digcomp_competences_have_their_siblings(org: Any) -> None:
    imported(org, content("DigComp_3.0_2025-11-24.jsonld"), "DigComp_3.0_2025-11-24.jsonld")
    (first, *_) = queries.search(org.id, "evaluating information")
    assert first.skill.code == "1.2"
    beside = queries.siblings(org.id, first.skill.uri)
    assert [s.code for s in beside] == ["1.1", "1.3"]


@pytest.mark.django_db
def test_esco_is_imported_in_time_searched_in_time_and_found_well(org: Any) -> None:
    started = time.monotonic()
    view = imported(org, content(ESCO), ESCO)
    took = time.monotonic() - started
    assert (view.state, dict(view.counts)["added"]) == ("done", 14_543)
    started = time.monotonic()
    again = imported(org, content(ESCO), ESCO)
    took_again = time.monotonic() - started
    assert dict(again.counts)["unchanged"] == 14_543

    times, asked = [], []
    hits: dict[str, list[bool]] = {"tune": [], "held": []}
    shares: dict[str, list[float]] = {"tune": [], "held": []}
    for one in LABELLED:
        with CaptureQueriesContext(connection) as statements:
            begun = time.perf_counter()
            found = queries.search(org.id, one["claim"], "en", 10)
            times.append(time.perf_counter() - begun)
        asked.append(len(statements))
        right = {match.skill.name for match in found} & set(one["skills"])
        hits[one["part"]].append(bool(right))
        shares[one["part"]].append(len(right) / len(one["skills"]))
    median = statistics.median(times)
    print(
        f"\n{connection.vendor}: import {took:.1f} s, again {took_again:.1f} s; search median {median * 1000:.1f} ms,"
        f" slowest {max(times) * 1000:.1f} ms, n = {len(times)}, at most {max(asked)} statements"
    )
    for part in hits:
        print(
            f"{part}: a right skill among ten for {statistics.mean(hits[part]):.3f} of the claims, "
            f"recall@10 {statistics.mean(shares[part]):.3f} (n = {len(hits[part])})"
        )
    assert max(asked) <= 4
    assert statistics.mean(hits["held"]) >= 0.85
    assert statistics.mean(shares["held"]) >= 0.65
