"""A framework as a file for others, and back again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guildmark.skills import queries
from guildmark.skills.formats.common import Package, SkillRow
from tests.skills.builders import DIGCOMP, PLAIN, RSD, case, ctdl, esco, imported, item, read

pytestmark = pytest.mark.django_db
FILES = [
    (esco(), "esco_1.1.1_en.zip"),
    (case(), "package.json"),
    (ctdl(), "framework.jsonld"),
    (RSD, "export.csv"),
    (DIGCOMP, "DigComp_3.0.jsonld"),
    (PLAIN, "backstube.csv"),
]


def exported(org: Any, form: str) -> bytes:
    (framework,) = queries.frameworks(org.id)
    return queries.export(org.id, framework.id, form).content


def said(row: SkillRow, *left_out: str) -> dict[str, Any]:
    """What a row says, without what only the format adds."""
    content = {name: value for name, value in row.content().items() if name not in left_out}
    extra = {k: v for k, v in content.get("extra", {}).items() if k not in {"identifier", "ctid"}}
    return {**content, "extra": extra} if "extra" not in left_out else content


def ties(package: Package, *kinds: str) -> set[tuple[str, str, str]]:
    return {(e.source, e.kind, e.target) for e in package.edges if not kinds or e.kind in kinds}


@pytest.mark.parametrize(("content", "name"), FILES)
def test_a_case_export_says_all_that_was_imported(org: Any, content: bytes | str, name: str) -> None:
    (original,), _ = read(content, name)
    imported(org, content, name)
    (again,), report = read(exported(org, "case"), "export.json")
    assert report.counts["error"] == report.counts["warning"] == 0
    assert [said(row) for row in again.rows] == [said(row) for row in original.rows]
    assert ties(again) == ties(original)
    for part in ("uri", "title", "publisher", "version", "language", "licence", "licence_url", "url"):
        assert getattr(again, part) == getattr(original, part) or part == "publisher"


@pytest.mark.parametrize(("content", "name"), FILES)
def test_a_ctdl_export_says_what_ctdl_can_say(org: Any, content: bytes | str, name: str) -> None:
    (original,), _ = read(content, name, language="en")
    imported(org, content, name, language="en")
    (again,), report = read(exported(org, "ctdl"), "export.jsonld")
    assert report.counts["error"] == report.counts["warning"] == 0
    without = ("extra", "requirement", "language")
    assert [said(row, *without) for row in again.rows] == [said(row, *without) for row in original.rows]
    kinds = ("broader", "exact", "related", "essential")
    assert ties(again, *kinds) == ties(original, *kinds)
    assert (again.title, again.uri, again.licence_url) == (original.title, original.uri, original.licence_url)


@pytest.mark.parametrize("form", ["case", "ctdl"])
def test_an_export_that_is_imported_elsewhere_gives_the_same_export(
    org: Any, other_org: Any, form: str
) -> None:
    imported(org, case())
    first = exported(org, form)
    imported(other_org, first, "export.json")
    assert without_days(exported(other_org, form)) == without_days(first)


def without_days(content: bytes) -> Any:
    def walked(value: Any) -> Any:
        if isinstance(value, dict):
            days = {"lastChangeDateTime", "ceasn:dateModified"}
            return {k: walked(v) for k, v in value.items() if k not in days}
        return [walked(one) for one in value] if isinstance(value, list) else value

    return walked(json.loads(content))


def test_a_withdrawn_skill_is_exported_with_the_day_on_which_it_ended(org: Any, other_org: Any) -> None:
    one, two = item("A1", "Mixes"), item("A2", "Bakes")
    imported(org, case([one, two]))
    imported(org, case([one]))
    ended = [i["statusEndDate"] for i in json.loads(exported(org, "case"))["CFItems"] if "statusEndDate" in i]
    assert len(ended) == 1
    imported(other_org, exported(org, "case"), "export.json")
    assert queries.skill(other_org.id, two["uri"]).state == "withdrawn"
    assert [node["@id"] for node in json.loads(exported(org, "ctdl"))["@graph"][1:]] == [one["uri"]]


def test_a_case_export_has_what_case_requires(org: Any) -> None:
    imported(org, PLAIN, "backstube.csv", title="Backstube", language="de")
    package = json.loads(exported(org, "case"))
    for part in ("identifier", "uri", "creator", "title", "lastChangeDateTime"):
        assert package["CFDocument"][part]
    for thing in package["CFItems"]:
        assert {"identifier", "uri", "fullStatement", "lastChangeDateTime"} <= thing.keys()
    for thing in package["CFAssociations"]:
        assert {"identifier", "uri", "associationType", "originNodeURI", "destinationNodeURI"} <= thing.keys()
        assert thing["originNodeURI"].keys() == {"title", "identifier", "uri"}
