"""``guildmark diff`` as people and scripts run it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from guildmark import cli
from guildmark.config import load
from guildmark.design import files, queries
from guildmark.design.types import Standard
from tests.design.builders import publishable_content, published, successor


@pytest.fixture
def write(tmp_path: Path):
    def written(name: str, content: Any) -> str:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return str(path)

    return written


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert cli.main(["diff", *arguments]) == code
    return capsys.readouterr().out


def reworded() -> dict[str, Any]:
    content = publishable_content()
    content["criteria"][0]["descriptors"][2] = "Trigger logic: Complete and tested."
    return content


def test_two_files_of_content_are_compared_for_people(write, capsys):
    out = told(capsys, write("old.json", publishable_content()), write("new.json", reworded()))
    assert out.startswith("The bar changed")
    assert "This forces a new major version." in out
    assert "Criterion “Trigger logic”: what each level means (changed) [Decision: a new major version]" in out
    assert "Proficient: Trigger logic: Complete and [-right-]{+tested+}." in out
    assert "Bridge: 1 of 3 criteria to show again." in out


def test_programs_get_forces_changes_and_bridge(write, capsys):
    out = told(capsys, write("old.json", publishable_content()), write("new.json", reworded()), "--json")
    answer = json.loads(out)
    assert answer["forces"] == "major"
    assert answer["changes"][0]["path"] == "criteria.k1.descriptors"
    assert answer["changes"][0]["class"] == "decision"
    assert [one["id"] for one in answer["bridge"]["criteria"]] == ["k1"]


@pytest.mark.parametrize(
    ("members", "code"),
    [({}, 0), ({"audience": "All."}, 10), ({"summary": "Clearer."}, 11), ({"pass_level": 4}, 12)],
)
def test_scripts_read_the_class_from_the_exit_code_when_they_ask(write, capsys, members, code):
    old = write("old.json", publishable_content())
    new = write("new.json", publishable_content(**members))
    told(capsys, old, new, "--exit-code", code=code)
    told(capsys, old, new)


def test_yaml_files_and_json_are_the_same_standard(write, capsys):
    text = files.dump(Standard.model_validate(publishable_content()), "welcome")
    assert told(capsys, write("a.yaml", text), write("b.json", publishable_content())).startswith(
        "Nothing differs."
    )


@pytest.mark.django_db
def test_published_versions_are_named_by_slug_or_address(org, write, capsys):
    first = published(org)
    second = successor(org, first, pass_level=4)
    slug = first.slug
    told(capsys, f"{slug}@1.0", f"{slug}@2.0", "--exit-code", code=12)
    told(capsys, f"{load().base_url}/s/{slug}/v/1.0", f"/s/{slug}/v/2.0.json", "--exit-code", code=12)
    document = write("two.json", queries.standard_document(second))
    told(capsys, f"{slug}@2.0", document, "--exit-code", code=0)


@pytest.mark.django_db
def test_what_is_not_published_here_is_refused(org, capsys):
    first = published(org)
    for source in (f"{first.slug}@9.0", "nothing@1.0", f"https://elsewhere.example/s/{first.slug}/v/1.0"):
        assert cli.main(["diff", source, f"{first.slug}@1.0"]) == cli.USAGE_ERROR


def test_a_published_document_that_was_changed_is_refused(write, capsys):
    changed = {"core": publishable_content(), "presentation": {}, "coreHash": "sha256:" + "0" * 64}
    good = write("good.json", publishable_content())
    assert cli.main(["diff", write("bad.json", changed), good]) == cli.USAGE_ERROR
    assert "fingerprint" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"core": 1}', '{"colour": "red"}', "guildmark: 2\ntitle: [1]"]
)
def test_a_file_that_is_no_standard_is_refused_by_name(write, capsys, text):
    assert (
        cli.main(["diff", write("odd.json", text), write("good.json", publishable_content())])
        == cli.USAGE_ERROR
    )
    assert "odd.json" in capsys.readouterr().err


def test_a_missing_file_is_refused(capsys):
    assert cli.main(["diff", "nowhere.json", "nowhere.json"]) == cli.USAGE_ERROR
    assert "cannot be read" in capsys.readouterr().err


def test_control_characters_of_a_file_do_not_reach_the_terminal(write, capsys):
    out = told(
        capsys,
        write("old.json", publishable_content()),
        write("new.json", publishable_content(title="\x1b[2J")),
    )
    assert "\x1b" not in out


def test_files_are_compared_without_an_installation_and_without_django(write):
    old, new = write("old.json", publishable_content()), write("new.json", reworded())
    code = f"import sys; from guildmark import cli; cli.main(['diff', {old!r}, {new!r}]); print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("False")
