"""``guildmark impostor``: the table, the JSON, the limits and the exit codes."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import pytest

from guildmark.cli import main
from guildmark.design.types import Standard
from guildmark.site.demo import standards as demo


@pytest.fixture
def weak(tmp_path):
    file = tmp_path / "weak.json"
    file.write_text(json.dumps(demo.WEAK_DRAFT), "utf-8")
    return str(file)


def test_the_weak_draft_is_over_the_limit(weak, capsys):
    assert main(["impostor", weak]) == 1
    told = capsys.readouterr().out
    assert "Pure guesser" in told
    assert "38 %" in told
    assert "76 %" in told
    assert "Over the limit." in told
    assert "Asking for 9 of 10 right answers" in told


def test_the_json_holds_the_numbers_and_what_they_rest_on(weak, capsys):
    assert main(["impostor", weak, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (round(told["once"], 3), round(told["with_retakes"], 3)) == (0.377, 0.758)
    assert (told["worst"], told["over"], told["tries"]) == ("guesser", True, 3)
    assert told["impostors"][0]["assumptions"]


def test_a_careful_standard_is_within_the_limits_in_every_form_of_the_document(tmp_path, monkeypatch, capsys):
    content = Standard.model_validate(demo.sequence(2)).model_dump(mode="json")
    presentation = {"samples": content.pop("samples")}
    whole = {**content, **presentation}
    for document in (whole, {"standard": whole}, {"core": content, "presentation": presentation}):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(json.dumps(document).encode())))
        assert main(["impostor", "-", "--assumptions"]) == 0
        told = capsys.readouterr().out
        assert "0.39 %" in told
        assert "copier.unnoticed.walkthrough (judgement): " in told
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(json.dumps(whole).encode())))
    assert main(["impostor", "-", "--once", "0.001"]) == 1


def test_other_figures_change_the_answer(tmp_path, capsys):
    file = tmp_path / "s.json"
    file.write_text(json.dumps(demo.sequence(2)), "utf-8")
    assert main(["impostor", str(file), "--assume", "copier.unnoticed.walkthrough=0.5"]) == 1
    assert main(["impostor", str(file), "--assume", "copier.unnoticed.walkthrough=0.05"]) == 0
    capsys.readouterr()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "Expecting"),
        ("[]", "no JSON object"),
        ('{"title": 5}', "title: "),
        ('{"colour": "red"}', "colour: "),
        ('{"signal": "completion", "title": "T"}', "claims no skill"),
        (" " * (1024 * 1024 + 1), "larger than 1024 kB"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, capsys, text, words):
    file = tmp_path / "s.json"
    file.write_text(text, "utf-8")
    assert main(["impostor", str(file)]) == 3
    assert words in capsys.readouterr().err


def test_mistakes_in_the_arguments_say_what_is_asked(tmp_path, weak, capsys):
    assert main(["impostor", str(tmp_path / "nothing.json")]) == 3
    for given in ("copy.nothing=0.2", "copy.leaked=2", "copy.leaked", "copy.leaked=many"):
        assert main(["impostor", weak, "--assume", given]) == 2
        assert "--assume: " in capsys.readouterr().err
    assert main(["impostor", weak, "--once", "7"]) == 2
