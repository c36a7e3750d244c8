"""``guildmark lint`` as a shell uses it: findings, exit codes, no data directory."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import guildmark
from guildmark.cli import main
from guildmark.design import files
from guildmark.design.types import Standard
from tests.design import builders


def standard_file(tmp_path, **overrides):
    standard = Standard.model_validate(builders.publishable_content(**overrides))
    path = tmp_path / "standard.yaml"
    path.write_text(files.dump(standard, "welcome-sequence"), "utf-8")
    return path


def test_the_golden_pair_by_its_exit_codes(capsys):
    assert main(["lint", "--text", "Build and QA a welcome sequence in Kit or Mailchimp"]) == 0
    assert main(["lint", "--text", "Email marketing basics"]) == 1
    said = capsys.readouterr().out
    assert "[topic]" in said
    assert "^" * 22 in said
    assert "take: Given [a real case]" in said


def test_a_text_is_checked_line_by_line(tmp_path, capsys):
    path = tmp_path / "claims.txt"
    path.write_text("Tests every branch of a sequence.\n\nVersteht die Abläufe einer Werkstatt.\n", "utf-8")
    assert main(["lint", str(path), "--json"]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert (first["line"], first["language"]) == (1, "en")
    assert (second["line"], second["language"]) == (3, "de")
    assert [one["rule"] for one in second["findings"]] == ["unobservable"]


def test_hints_alone_leave_the_exit_code_at_zero(capsys):
    assert main(["lint", "--text", "Repairs bicycles in a workshop."]) == 0
    assert "hint:" in capsys.readouterr().out


def test_standard_input_and_the_options(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Sales Guru\n")))
    assert main(["lint", "-", "--kind", "title", "--language", "en", "--jargon", "sales", "--json"]) == 1
    (entry,) = json.loads(capsys.readouterr().out)
    assert {one["rule"] for one in entry["findings"]} == {"inflated", "jargon"}


def test_a_standard_is_checked_claim_title_and_competencies_with_their_lines(tmp_path, capsys):
    topics = [
        {"id": "c1", "statement": "Trigger theory"},
        {"id": "c2", "statement": "Finds and corrects faults."},
    ]
    path = standard_file(tmp_path, competencies=topics)
    assert main(["lint", str(path), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    bad = {entry["path"]: [one["rule"] for one in entry["findings"]] for entry in report if entry["findings"]}
    assert bad == {"competencies.c1.statement": ["claim.topic"]}
    line = next(entry["line"] for entry in report if entry["path"] == "competencies.c1.statement")
    assert "Trigger theory" in path.read_text("utf-8").splitlines()[line - 1]
    assert main(["lint", str(standard_file(tmp_path))]) == 0


def test_what_cannot_be_read_is_said_without_a_traceback(tmp_path, capsys):
    broken = tmp_path / "broken.yaml"
    broken.write_text("guildmark: [", "utf-8")
    assert main(["lint", str(broken)]) == 3
    (tmp_path / "latin.txt").write_bytes(b"Fr\xe4st")
    assert main(["lint", str(tmp_path / "latin.txt")]) == 3
    assert main(["lint", str(tmp_path / "none.txt")]) == 2
    assert main(["lint"]) == 2
    assert main(["lint", "x.txt", "--text", "y"]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["django", "ninja"])
def test_neither_a_data_directory_nor_django_is_needed(missing, tmp_path):
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from guildmark.cli import main; sys.exit(main(['lint', '--text', 'Email marketing basics']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(guildmark.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert list(tmp_path.iterdir()) == []


def test_the_measuring_command_prints_counts_and_no_claim(capsys):
    from guildmark.design.claims import measure

    lines = measure.labelled("en", "open")
    text = measure.table(measure.measure(lines, "en", "open"))
    assert text.count("\n") == 1 + len(measure.RULES) + 1
    assert not any(line["text"] in text for line in lines)
    assert yaml.safe_load(json.dumps([row.as_json() for row in measure.measure(lines, "en", "open")]))
