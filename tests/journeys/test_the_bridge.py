"""From a passed version to the newer one with only what changed: opened, crossed, judged and told on a credential."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import PATIENCE, Demo, ensure_accessible

pytestmark = pytest.mark.journey
HOLDER, PASSWORD = "oskar@learner.example", "lantern-on-the-pier-9"
FILES = {
    ".csv": b"branch,expected,actual\nA,mail 1,mail 1\n",
    ".pdf": b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
}


def mailed(demo: Demo, pattern: str) -> str:
    """The newest address of that form in the mails to the holder."""
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline:
        files = sorted((demo.data / "outbox").iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for text in (path.read_text("utf-8") for path in files):
            found = re.search(pattern, text) if f"To: {HOLDER}" in text else None
            if found:
                return found[0]
        time.sleep(0.5)
    raise AssertionError(f"no mail with {pattern}")


def confirmed(page: Page) -> None:
    """Press what the dialog asks to confirm."""
    page.locator("dialog[open] button").last.click()
    page.wait_for_load_state()


def signed_in_as(demo: Demo, page: Page, who: str) -> None:
    page.goto(demo.base + "/")
    page.locator(f"form[action='/demo/sign-in/{who}'] button").click()
    page.wait_for_url("**/studio/northlamp/**")


def test_a_holder_crosses_to_the_newer_version(
    demo: Demo, browser: Browser, page: Page, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    signed_in_as(demo, page, "mara")
    page.goto(f"{demo.base}/studio/northlamp/learners/")
    page.locator("#bridges button").first.click()
    confirmed(page)
    ensure_accessible(page)

    holder = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    holder.set_default_timeout(PATIENCE)
    link = mailed(demo, rf"{re.escape(demo.base)}/learn/[0-9a-f-]+/bridge")
    holder.goto(f"{demo.base}/accounts/signup/")
    holder.fill("input[name=email]", HOLDER)
    for name in ("password1", "password2"):
        if holder.locator(f"input[name={name}]").count():
            holder.fill(f"input[name={name}]", PASSWORD)
    holder.locator("main form button").first.click()
    holder.goto(mailed(demo, rf"{re.escape(demo.base)}/accounts/confirm-email/[^\s\"]+"))
    if holder.locator("main form button").count():
        holder.locator("main form button").first.click()
    holder.goto(link)
    if "login" in holder.url:
        holder.fill("input[name=login]", HOLDER)
        holder.fill("input[name=password]", PASSWORD)
        holder.locator("main form button").first.click()
    told = holder.locator("[data-bridge]").inner_text()
    assert "Still to be shown: 1 criterion" in told
    assert "Carried over: 5 results" in told
    ensure_accessible(holder)
    holder.get_by_role("button", name="Begin the bridge").click()
    holder.check("input[name=agreed]")
    holder.get_by_role("button", name="Agree and begin").click()
    holder.wait_for_url("**/submission/")
    work = holder.url
    ensure_accessible(holder)
    for identity in holder.locator("section.section:has(form.upload)").evaluate_all(
        "all => all.map(one => one.id)"
    ):
        field = holder.locator(f"section#{identity} input[type=file]")
        suffix = next(one for one in FILES if one in (field.get_attribute("accept") or ""))
        (tmp_path / f"work{suffix}").write_bytes(FILES[suffix])
        field.set_input_files(str(tmp_path / f"work{suffix}"))
        holder.locator(f"section#{identity} form.upload button.btn").last.click()
        holder.locator(f"section#{identity} h2").get_by_text("Added").wait_for()
    holder.goto(f"{work}hand-in")
    holder.check("input[name=authorship_accepted]")
    holder.locator("main form button.primary").click()
    if holder.locator("dialog[open]").count():
        confirmed(holder)
    holder.wait_for_url(re.compile(r"/learn/[0-9a-f-]+/$"))

    judge = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    judge.set_default_timeout(PATIENCE)
    signed_in_as(demo, judge, "jonas")
    judge.goto(f"{demo.base}/studio/northlamp/assessing/")
    judge.locator("tr:has-text('Oskar') a").first.click()
    judge.get_by_role("button", name="Take it and rate").click()
    judge.wait_for_url("**/rate")
    assert judge.locator("fieldset legend").count() == 1
    judge.locator("input[type=radio][value='3']").first.check(force=True)
    judge.locator("textarea").first.fill("Every message asks for consent and can be left.")
    judge.locator("select").first.select_option(index=1)
    judge.locator("input[name$=pointer_locator]").first.fill("page 1")
    judge.locator("button[name=complete]").click()
    confirmed(judge)
    judge.wait_for_url(re.compile(r"/assessing/[0-9a-f-]+/$"))
    judge.goto(f"{judge.url}decide")
    ensure_accessible(judge)
    judge.locator("main form button.primary").click()
    confirmed(judge)
    judge.wait_for_url(re.compile(r"/assessing/[0-9a-f-]+/$"))

    held, deadline = [], time.monotonic() + PATIENCE / 1000
    while len(held) < 2 and time.monotonic() < deadline:
        holder.goto(f"{demo.base}/me")
        held = [link.get_attribute("href") or "" for link in holder.locator("main a[href^='/me/']").all()]
    holder.goto(f"{demo.base}/c/{held[0].rsplit('/', 1)[-1]}")
    page_text = holder.locator("main").inner_text()
    assert "Carried over from an earlier decision" in page_text
    assert page_text.count("under version 1.0") >= 5
    ensure_accessible(holder)
    for one in (holder, judge):
        one.context.close()
