"""``guildmark standard preview``: what strangers would see of a file, without an installation and without keeping anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.utils.html import strip_tags

from guildmark.config import load
from guildmark.design import files
from guildmark.design import queries as design
from guildmark.design.types import Standard
from guildmark.people import queries as people
from guildmark.site.public import preview_file
from tests.design.builders import CLAIM, completion_content, publishable_standard

ROOT = Path(__file__).resolve().parents[2]


def rendered(standard: Standard, issuer: str = "Northlamp Academy") -> str:
    return preview_file.page(files.load(files.dump(standard, "welcome")), issuer=issuer).decode()


def words(page: str) -> str:
    return " ".join(strip_tags(re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)).split())


@pytest.mark.django_db
def test_the_bar_and_a_sample_credential_are_in_one_file() -> None:
    shown = words(rendered(publishable_standard()))
    assert shown.count(CLAIM) >= 2
    assert "Every must-pass criterion (2) must reach level 3" in shown
    assert "Sample Holder showed this with their own work" in shown
    assert "A preview of a file. Nothing is published or signed." in shown
    assert "This is not the newest version" not in shown
    assert "Northlamp Academy" in shown


@pytest.mark.django_db
def test_the_file_needs_nothing_else_and_names_no_address_of_an_installation() -> None:
    page = rendered(publishable_standard())
    assert "<script" not in page
    assert not re.search(r"<(?:link|iframe)\b|\bsrc=|url\(|@import", page)
    assert not re.search(r'\b(?:href|action)="(?:/|\.)', page)
    assert f'"{load().base_url}/' not in page
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.django_db
def test_nothing_is_left_of_the_draft() -> None:
    rendered(publishable_standard())
    assert people.organisations() == []
    assert design.public_versions("welcome") == []
    assert not people.has_account("preview@example.org")


@pytest.mark.django_db
def test_it_speaks_the_language_of_the_standard() -> None:
    page = rendered(publishable_standard(language="de"))
    assert '<html lang="de">' in page
    assert "Was es nachweist" in words(page) or "Die Messlatte" in words(page)


@pytest.mark.django_db
def test_a_text_of_the_file_cannot_become_markup() -> None:
    page = rendered(publishable_standard(summary="<script>alert(1)</script>"), issuer="<b>Us</b>")
    assert "<script>" not in page
    assert "&lt;b&gt;Us&lt;/b&gt;" in page


@pytest.mark.django_db
def test_a_completion_record_has_its_pages_too() -> None:
    shown = words(rendered(Standard.model_validate(completion_content())))
    assert "took part in this. It records attendance, not a judged skill." in shown


@pytest.mark.django_db
def test_an_unfinished_standard_shows_what_there_is() -> None:
    assert "Only a title" in words(rendered(Standard(title="Only a title")))


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    told: dict[str, Any] = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    told.pop("GUILDMARK_DATA", None)
    return subprocess.run(
        [sys.executable, "-m", "guildmark", "standard", "preview", *arguments],
        cwd=folder, env=told, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_command_needs_no_installation_and_makes_none(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(files.dump(publishable_standard(), "welcome"), "utf-8")
    done = run(tmp_path, "s.yaml", "--output", "page.html", "--issuer", "Northlamp Academy")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == "page.html: the bar page and a sample credential of Welcome sequence, built and checked\n"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html", "s.yaml"]
    assert "Sample Holder" in (tmp_path / "page.html").read_text("utf-8")


def test_a_file_that_is_no_standard_ends_with_3_and_its_line(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("guildmark: 2\ntitle: [1\n", "utf-8")
    done = run(tmp_path, "s.yaml")
    assert done.returncode == 3
    assert done.stdout.startswith("s.yaml: ")
