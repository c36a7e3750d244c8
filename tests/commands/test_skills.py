"""The command for skills frameworks, run as people run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guildmark import cli
from guildmark.skills import queries
from tests.people.builders import Org
from tests.skills.builders import case, esco


@pytest.fixture
def package(tmp_path: Path) -> str:
    path = tmp_path / "package.json"
    path.write_text(case(), "utf-8")
    return str(path)


def test_a_file_is_imported_listed_searched_and_exported(
    org: Org, package: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["skills", "import", package, "--org", "northlamp"]) == 0
    assert "4 added" in capsys.readouterr().out
    assert cli.main(["skills", "list", "--json"]) == 0
    (framework,) = json.loads(capsys.readouterr().out)["frameworks"]
    assert (framework["title"], framework["skills"]) == ("Bakery framework", 4)
    assert cli.main(["skills", "search", "mixes a firm dough", "--language", "en", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["matches"][0]["code"] == "B1.1"
    assert cli.main(["skills", "export", framework["id"]]) == 0
    again = tmp_path / "again.json"
    again.write_text(capsys.readouterr().out, "utf-8")
    assert cli.main(["skills", "import", str(again), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["changed"] == 0


def test_a_folder_is_imported_like_its_archive(
    org: Org, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import io
    import zipfile

    folder = tmp_path / "esco_1.1.1_en"
    folder.mkdir()
    with zipfile.ZipFile(io.BytesIO(esco())) as archive:
        archive.extractall(folder)
    assert cli.main(["skills", "import", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert "6 added" in out
    assert "warning: skills_en.csv line 6: skillType" in err
    (framework,) = queries.frameworks(org.id)
    assert framework.version == "1.1.1"


def test_columns_of_a_plain_table_are_said(org: Org, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("nr,what\n1,Bakes bread\n", "utf-8")
    arguments = ["skills", "import", str(tmp_path / "t.csv"), "--column", "code=nr", "--column", "name=what"]
    assert cli.main([*arguments, "--title", "Ours", "--language", "en", "--release", "3"]) == 0
    (framework,) = queries.frameworks(org.id)
    assert (framework.title, framework.version, framework.language) == ("Ours", "3", "en")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["import", "/does/not/exist.csv"], 2, "cannot be read"),
        (["import", "{package}", "--column", "name"], 2, "no mapping"),
        (["import", "{package}", "--format", "xls"], 2, "no such format"),
        (["import", "{package}", "--format", "esco"], 1, "There is no file skills"),
        (["import", "{package}", "--org", "nowhere"], 2, "organisation"),
        (["export", "nothing"], 2, "no such framework"),
        (["search", "dough"], 1, ""),
        (["list"], 0, "No framework yet"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    org: Org, package: str, arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["skills", *(word.format(package=package) for word in arguments)]) == code
    assert words in capsys.readouterr().err


def test_one_of_two_organisations_must_be_named(
    org: Org, other_org: Org, package: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["skills", "import", package]) == 2
    assert "--org" in capsys.readouterr().err
