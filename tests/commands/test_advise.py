"""``guildmark advise`` as a process: the engine's own words, exit codes, and no data directory."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import icalendar
import pytest
import yaml

from guildmark import cli
from guildmark.design.advisor import engine
from tests.design.advisor_cases import made, read

GUIDE = Path(__file__).parents[2] / "docs/guide/advisor.md"


def write(path: Path, mapping) -> str:
    file = path / "answers.yaml"
    file.write_text(yaml.safe_dump(mapping, allow_unicode=True), "utf-8")
    return str(file)


def test_json_is_exactly_what_the_engine_says(tmp_path, capsys):
    given = {**made(), "plan": {"start": date(2026, 12, 1)}}
    assert cli.main(["advise", write(tmp_path, given), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == engine.advise(read(given), today=date(2030, 1, 1)).model_dump(mode="json")


def test_json_answers_and_standard_input_give_the_same_without_django_and_without_data(tmp_path):
    given = json.dumps(made())
    command = "import sys; from guildmark import cli; code = cli.main(sys.argv[1:]); assert 'django' not in sys.modules; sys.exit(code)"
    done = subprocess.run(
        [sys.executable, "-c", command, "advise", "-", "--today", "2026-11-30", "--data", str(tmp_path / "none")],
        input=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("A micro-credential: ")
    assert "-18  score; +5 and more lean to a certification" in done.stdout
    assert not (tmp_path / "none").exists()


def test_the_plan_comes_as_a_calendar(tmp_path, capsysbinary):
    assert cli.main(["advise", write(tmp_path, made()), "--plan", "ics", "--today", "2026-11-30"]) == 0
    out = capsysbinary.readouterr().out
    assert b"\r\n" in out
    assert len(icalendar.Calendar.from_ical(out).walk("VEVENT")) == 10


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "decision.who: "),
        ("micro: {artfact: x}", "micro.artfact: "),
        ("questions: {outcome: all}", "questions.outcome: "),
        ("- a list", "no mapping"),
        ("a: [", "neither YAML nor JSON at line 1"),
        ("x: !!python/object/apply:os.system ['true']", "neither YAML nor JSON"),
        ("[" * 5000, "neither YAML nor JSON"),
        ("&a [*a]", "no mapping"),
        ("", "no mapping"),
        ("x" * 300_000, "256 kB"),
    ],
    ids=["empty", "typing error", "choice", "list", "broken", "object", "deep", "cycle", "nothing", "large"],
)
def test_answers_that_cannot_be_used_end_with_two_and_name_the_field(tmp_path, capsys, text, words):
    file = tmp_path / "answers.yaml"
    file.write_text(text, "utf-8")
    assert cli.main(["advise", str(file)]) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""


def test_a_day_that_no_plan_can_begin_on_is_refused(tmp_path, capsys):
    assert cli.main(["advise", write(tmp_path, made()), "--today", "9999-12-31"]) == 2
    assert "--today" in capsys.readouterr().err


def test_a_missing_file_and_a_wrong_encoding_are_refused_in_words(tmp_path, capsys):
    assert cli.main(["advise", str(tmp_path / "none.yaml")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / "latin.yaml").write_bytes("title: Übung".encode("latin-1"))
    assert cli.main(["advise", str(tmp_path / "latin.yaml")]) == 2
    assert "not UTF-8" in capsys.readouterr().err


def test_the_file_of_the_guide_gives_the_verdict_that_the_guide_names(tmp_path, capsys):
    text = GUIDE.read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    (tmp_path / "guide.yaml").write_text(text, "utf-8")
    assert cli.main(["advise", str(tmp_path / "guide.yaml")]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[0] in GUIDE.read_text("utf-8")
