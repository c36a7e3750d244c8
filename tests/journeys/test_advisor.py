"""From a course to the draft of a standard by way of the advisor, in a browser with a script and in one without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PATIENCE, Demo, ensure_accessible

pytestmark = pytest.mark.journey

COURSE = """# Build
Build a welcome sequence in your tool
- Triggers and delays
Quiz: the welcome sequence
# Analytics
"""
DECISION = {
    "decision_who": "A small-business owner",
    "decision_what": "Which freelancer to hire for a launch",
    "decision_convinced_by": "A working sequence, and how its faults were found",
}
CHOICES = {
    "questions_outcome": "task",
    "questions_evidence": "work",
    "questions_change": "months",
    "questions_place": "pathway",
}


@pytest.fixture(params=[True, False], ids=["with a script", "without a script"])
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, accept_downloads=True, java_script_enabled=request.param
    )
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    yield opened
    context.close()


def sign_in(demo: Demo, page: Page) -> None:
    page.goto(demo.base + "/")
    page.locator("form[action='/demo/sign-in/mara'] button").click()
    page.wait_for_url("**/studio/northlamp/")


def test_a_course_becomes_a_draft_in_six_pages(demo: Demo, visitor: Page, tmp_path: Path) -> None:
    page, pages = visitor, []
    page.on("framenavigated", lambda frame: pages.append(frame.url) if frame == page.main_frame else None)
    sign_in(demo, page)
    pages.clear()
    page.goto(f"{demo.base}/studio/northlamp/standards/advise")
    assert page.locator("main input[type=file]").count() == 0
    page.get_by_role("link", name="I have a course").click()
    (tmp_path / "course.md").write_text(COURSE, "utf-8")
    page.locator("[name=file]").set_input_files(tmp_path / "course.md")
    page.get_by_role("button", name="Read the outline").click()
    expect(page.get_by_role("rowheader", name="Build a welcome sequence in your tool")).to_be_visible()
    page.get_by_role("button", name="Go on to the decision").click()
    for name, text in DECISION.items():
        page.locator(f"[name={name}]").fill(text)
    for name, value in CHOICES.items():
        page.locator(f"[name={name}][value={value}]").check()
    page.get_by_role("button", name="Keep this advice").click()
    expect(page.locator("h1")).to_have_text(re.compile("^A micro-credential"))
    page.get_by_role("button", name="Start the standard from this").click()
    page.wait_for_url("**/edit/claim")
    assert len(pages) == 6, pages
    typed = [field.input_value() for field in page.locator("[name^=competencies-][name$=-statement]").all()]
    assert "Build a welcome sequence in your tool" in typed
    assert page.locator("[name=decision_who]").input_value() == DECISION["decision_who"]
    lessons = [field.input_value() for field in page.locator("[name^=lessons-][name$=-title]").all()]
    assert {"Triggers and delays", "Analytics"} <= set(lessons)


def test_the_verdict_follows_while_one_types_and_the_plan_goes_along(
    demo: Demo, page: Page, tmp_path: Path
) -> None:
    sign_in(demo, page)
    page.goto(f"{demo.base}/studio/northlamp/standards/advise")
    ensure_accessible(page)
    line = page.locator("output")
    for name, value in CHOICES.items():
        expect(line).not_to_have_text(re.compile("^A micro-credential"))
        page.locator(f"[name={name}][value={value}]").check()
    expect(line).to_have_text(re.compile("^A micro-credential"))
    page.get_by_role("button", name="Keep this advice").click()
    expect(page.get_by_role("alert")).to_contain_text("Nobody is named who decides.")
    ensure_accessible(page)
    for name, text in {**DECISION, "certification_competencies": "3"}.items():
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="Keep this advice").click()
    expect(page.locator("#plan")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Done ?: Ask two people")).click()
    expect(
        page.get_by_role("button", name=re.compile("^Not done after all ?: Ask two people"))
    ).to_be_visible()
    ensure_accessible(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="calendar (.ics)").click()
    waiting.value.save_as(tmp_path / "plan.ics")
    events = icalendar.Calendar.from_ical((tmp_path / "plan.ics").read_bytes()).walk("VEVENT")
    assert str(events[0]["SUMMARY"]).startswith("Done: ")
    page.set_viewport_size({"width": 360, "height": 800})
    for address in (
        page.url,
        f"{demo.base}/studio/northlamp/standards/advise",
        f"{demo.base}/studio/northlamp/standards/advise/course",
    ):
        page.goto(address)
        ensure_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
