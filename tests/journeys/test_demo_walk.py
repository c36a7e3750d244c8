"""The demo, walked in a browser: strangers, the creator, the assessor, the learner."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from guildmark.cli import main
from tests.journeys.conftest import Demo, ensure_accessible

pytestmark = pytest.mark.journey
Look = Callable[[str], None]

STATES = {
    "noor": "valid",
    "amelie": "expired",
    "hugo": "not_yet_valid",
    "carmen": "revoked",
    "elif": "suspended",
    "daniel": "superseded",
    "daniel_corrected": "valid",
}


@pytest.mark.parametrize("case", STATES)
def test_a_stranger_reads_the_state_of_a_credential(demo: Demo, page: Page, look: Look, case: str) -> None:
    look(f"{demo.base}/c/{demo.cases[case]}")
    assert page.locator("main").get_attribute("data-state") == STATES[case]
    assert page.locator("dl.four dt").count() == 4


def test_a_private_credential_looks_like_an_unknown_one(demo: Demo, page: Page) -> None:
    hidden = page.goto(f"{demo.base}/c/{demo.cases['greta']}")
    assert hidden is not None
    words = page.locator("main").inner_text()
    unknown = page.goto(f"{demo.base}/c/00000000-0000-4000-8000-000000000000")
    assert unknown is not None
    assert (hidden.status, unknown.status) == (404, 404)
    assert page.locator("main").inner_text().splitlines()[:2] == words.splitlines()[:2]


def test_public_pages_are_accessible_and_fit_a_phone(demo: Demo, page: Page, look: Look) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    for path in (
        "/",
        "/verify",
        "/o/northlamp",
        "/s/welcome-sequence-built-and-checked",
        f"/c/{demo.cases['noor']}",
    ):
        look(demo.base + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_a_stranger_checks_a_file_and_a_changed_one(demo: Demo, page: Page, tmp_path: Path) -> None:
    with urllib.request.urlopen(f"{demo.base}/c/{demo.cases['noor']}.json") as answer:
        body = answer.read()
    document = json.loads(body)
    document["credentialSubject"]["achievement"]["name"] += ", with distinction"
    files = {"valid": body, "tampered": json.dumps(document).encode()}
    for verdict, content in files.items():
        path = tmp_path / f"{verdict}.json"
        path.write_bytes(content)
        page.goto(f"{demo.base}/verify")
        page.locator("input[type=file]").first.set_input_files(str(path))
        page.locator("main form").first.locator("button[type=submit], button:not([type])").first.click()
        page.wait_for_selector(f"main[data-state={verdict}]")
        ensure_accessible(page)


def test_the_command_line_says_the_same_offline(
    demo: Demo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every state of the demo and a changed file, judged with a trust file and without a connection."""
    env = dict(os.environ, GUILDMARK_DATA=str(demo.data), GUILDMARK_BASE_URL=demo.base)
    env.pop("GUILDMARK_DATABASE_URL", None)
    trust = tmp_path / "trust.json"
    exported = subprocess.run(
        [sys.executable, "-m", "guildmark", "trust", "export"], env=env, capture_output=True, check=True
    )
    trust.write_bytes(exported.stdout)
    files = {f"/c/{demo.cases[case]}.json": state for case, state in STATES.items()}
    for path, state in {**files, "/demo/tampered.json": "tampered"}.items():
        with urllib.request.urlopen(demo.base + path) as answer:
            (tmp_path / "credential.json").write_bytes(answer.read())
        options = ["--offline", "--trust", str(trust), "--json", "--seconds", "120"]
        code = main(["verify", str(tmp_path / "credential.json"), *options])
        report = json.loads(capsys.readouterr().out)
        assert (report["verdict"], code) == (state, int(state != "valid")), report["checks"]


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("mara", ("", "standards", "people", "keys", "settings", "api-keys", "mail", "audit", "credentials")),
        ("mara", ("rules", "standards/welcome-sequence-built-and-checked/impostor")),
        ("jonas", ("assessing/",)),
        ("ines", ("learners/", "credentials")),
    ],
)
def test_members_find_their_pages(
    demo: Demo, page: Page, look: Look, who: str, paths: tuple[str, ...]
) -> None:
    page.goto(demo.base + "/")
    page.locator(f"form[action='/demo/sign-in/{who}'] button").click()
    page.wait_for_url("**/studio/northlamp/")
    for path in paths:
        look(f"{demo.base}/studio/northlamp/{path}")


def test_a_learner_finds_work_and_credentials(demo: Demo, page: Page, look: Look) -> None:
    page.goto(demo.base + "/")
    page.locator("form[action='/demo/sign-in/noor'] button").click()
    page.wait_for_url("**/home")
    for path in ("/home", "/learn/", "/me"):
        look(demo.base + path)


def test_the_impostor_meter_falls_while_the_weak_draft_is_mended(demo: Demo, page: Page) -> None:
    page.goto(demo.base + "/")
    page.locator("form[action='/demo/sign-in/mara'] button").click()
    page.wait_for_url("**/studio/northlamp/")
    page.goto(f"{demo.base}/studio/northlamp/standards/master-marketing-professional/edit/evidence")
    number = page.locator("#impostor strong")
    assert number.inner_text().replace("\u00a0", " ") == "38 %"
    cut = page.locator("[name='evidence-0-quiz_cut']")
    cut.fill("9")
    number.filter(has_text="1.1").wait_for()
    ensure_accessible(page)
    cut.fill("6")
    number.filter(has_text="38").wait_for()
