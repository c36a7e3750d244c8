"""The bar page, judging the samples and the log of standards, in light and dark, on a phone and by keyboard."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import PATIENCE, Demo, ensure_accessible

pytestmark = pytest.mark.journey
BAR = "/s/welcome-sequence-built-and-checked"
PAGES = (BAR, f"{BAR}/v/2.0/rate", "/s/workshop-e-mail-automation-in-a-day", "/log", "/log/entries/0")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_bar_is_accessible_in_both_palettes_and_fits_a_phone(
    demo: Demo, browser: Browser, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    for path in PAGES:
        page.goto(demo.base + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        ensure_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    assert faults == []  # nothing that the content security policy would refuse
    context.close()


def test_a_reader_judges_the_samples_by_keyboard_and_without_scripts(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{demo.base}{BAR}")
    page.get_by_role("link", name="Judge the samples").click()
    fieldsets = page.locator("fieldset")
    count = fieldsets.count()
    assert count == 12
    for number in range(count):
        # The arrow keys move through the levels of a criterion, as everywhere.
        fieldsets.nth(number).locator("input").first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Show what the judges said").press("Enter")
    page.wait_for_selector("h1:has-text('You judged within one level on')")
    assert page.locator("tbody tr").count() == 12
    assert "Nothing was stored." in page.locator("main").inner_text()
    context.close()


def test_a_stranger_checks_the_log_with_the_command_line(demo: Demo, page: Page, tmp_path: Path) -> None:
    page.goto(f"{demo.base}/c/{demo.cases['noor']}")
    page.get_by_role("link", name="See its entry in the log").click()
    ensure_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the proof").click()
    proof, credential, head = (tmp_path / name for name in ("proof.json", "credential.json", "head.txt"))
    download.value.save_as(proof)
    for path, target in ((f"/c/{demo.cases['noor']}.json", credential), ("/log/checkpoint", head)):
        with urllib.request.urlopen(demo.base + path) as answer:
            target.write_bytes(answer.read())
    command = [sys.executable, "-m", "guildmark", "log", "check", str(proof)]
    command += ["--head", str(head), "--credential", str(credential)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "The bar was public 30 days before the work was handed in" in done.stdout


def test_the_printed_bar_is_complete(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.base}{BAR}")
    notes = page.locator(".verdict em")
    assert notes.count() == 3
    # Two of the three are closed on the screen, so that a reader can judge first.
    assert [notes.nth(number).is_visible() for number in range(3)] == [True, False, False]
    page.emulate_media(media="print")
    assert all(notes.nth(number).is_visible() for number in range(3))
    assert page.locator(".transcript p").is_visible()
    assert not page.locator(".tabs").is_visible()
    assert page.locator(".rubric .passes").first.is_visible()  # a word beside the colour
