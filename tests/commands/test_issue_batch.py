"""The command that issues by a list, run as people run it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from guildmark import cli
from guildmark.issue import queries
from tests.design.builders import completion_content, published
from tests.people.builders import Org

LIST = (
    "name,email,date\nAda,ada@mail.example,2026-01-31\nBo,bo@mail.example,2026-01-31\nCy,nothing,2026-01-31\n"
)


@pytest.fixture
def standard(org: Org) -> str:
    return published(org, **completion_content()).slug


def test_a_dry_run_tells_every_line_and_issues_nothing(
    org: Org, standard: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "list.csv").write_text(LIST)
    code = cli.main(["issue-batch", "northlamp", standard, str(tmp_path / "list.csv"), "--dry-run", "--json"])
    out, err = capsys.readouterr()
    assert code == 1
    assert json.loads(out) | {"batch": ""} == {
        "batch": "", "state": "checked", "total": 3, "ready": 2, "known": 0, "refused": 1, "issued": 0, "failed": 0,
    }  # fmt: skip
    assert "line 3: refused: 'nothing' is not an e-mail address" in err
    assert queries.credentials(org.id).total == 0


def test_the_list_is_issued_here_and_now(
    org: Org, standard: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "\n".join(LIST.splitlines()[:3])
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert cli.main(["issue-batch", "northlamp", standard, "-"]) == 0
    assert "2 issued, 0 wait with a reason" in capsys.readouterr().out
    assert queries.credentials(org.id).total == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere", "x", "y"], "organisation"),
        (["northlamp"], "Give a standard and a list"),
        (["northlamp", "unknown", "-"], "no published standard"),
        (["northlamp", "{standard}", "/does/not/exist.csv"], "cannot be read"),
        (["northlamp", "--waiting"], "No award waits"),
        (["northlamp", "--waiting", "--dry-run"], "nothing to read"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(
    org: Org, standard: str, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main(["issue-batch", *(one.format(standard=standard) for one in arguments)])
    assert code == 2
    assert words in capsys.readouterr().err
