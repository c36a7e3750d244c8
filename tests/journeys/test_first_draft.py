"""A creator's first draft, from the start page to a publishable micro-credential, with nothing but the pages to go by.

What was typed, chosen and pressed is counted, so that a longer way shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Demo, ensure_accessible
from tests.journeys.test_main_job import add_row

pytestmark = pytest.mark.journey

LEVELS = ("Missing or wrong", "Partly there", "Complete and right", "Complete, right and calm")


@dataclass
class Hands:
    """Does what a person does in the page and counts it."""

    page: Page
    typed: int = 0
    pressed: int = 0
    pages: int = 0

    def type(self, name: str, text: str) -> None:
        self.page.locator(f"[name='{name}']").first.fill(text)
        self.typed += 1

    def choose(self, name: str, value: str) -> None:
        self.page.locator(f"[name='{name}']").first.select_option(value)
        self.pressed += 1

    def tick(self, name: str) -> None:
        self.page.locator(f"[name='{name}']").first.check()
        self.pressed += 1

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).first.click()
        self.pressed += 1

    def follow(self, words: str) -> None:
        self.page.get_by_role("link", name=words, exact=True).first.click()
        self.pressed += 1

    def row(self, kind: str) -> str:
        self.pressed += 1
        return add_row(self.page, kind)


def test_a_first_draft_becomes_publishable_without_a_manual(demo: Demo, page: Page) -> None:
    hands = Hands(page)
    page.goto(demo.base + "/")
    page.locator("form[action='/demo/sign-in/mara'] button").click()
    page.wait_for_url("**/studio/northlamp/")
    page.on(
        "framenavigated",
        lambda frame: setattr(hands, "pages", hands.pages + 1) if frame == page.main_frame else None,
    )
    hands.follow("Standards")
    hands.follow("Write a standard")
    page.locator("input[name=signal][value=demonstrated]").check()
    hands.type("title", "Phone orders, taken right")
    hands.press("Start writing")
    page.wait_for_url("**/edit/claim**")

    # A first try names a topic; the page says so, and why.
    hands.type("claim", "Customer service basics")
    hands.press("Save the draft")
    expect(page.locator("#wording-claim")).to_contain_text("topic")
    hands.type("claim", "Takes a phone order from a price list and repeats it back without an error.")
    hands.type(hands.row("competencies") + "statement", "Takes a phone order from a price list.")
    hands.press("Save and go on")

    page.wait_for_url("**/edit/evidence**")
    piece = hands.row("evidence")
    hands.type(piece + "title", "A recorded order")
    hands.type(
        piece + "brief", "Record one call with the caller who is drawn for you, and hand in the order slip."
    )
    hands.choose(piece + "form", "performance")
    hands.choose(piece + "action", "perform")
    hands.press("Save and go on")

    page.wait_for_url("**/edit/rubric**")
    for name in ("Items and amounts", "Reading back"):
        criterion = hands.row("criteria")
        hands.type(criterion + "name", name)
        hands.type(criterion + "statement", f"{name} fit the call.")
        for number, level in enumerate(LEVELS):
            hands.type(f"{criterion}d{number}", f"{name}: {level.lower()}.")
        hands.tick(criterion + "competencies")
        hands.tick(criterion + "evidence")
        hands.tick(criterion + "must_pass")
    hands.press("Save and go on")

    # The gate names what is left; the meter takes what helps against those who cannot do it.
    page.wait_for_url("**/edit/bar**")
    hands.follow("All impostors, assumptions and what helps")
    while page.get_by_text("Over the limit.").count() and hands.pages < 16:
        everything = page.get_by_role("button", name="Take all of these", exact=True)
        offered = (
            everything if everything.count() else page.get_by_role("button", name=re.compile("^Take it"))
        )
        offered.first.click()
        page.wait_for_load_state()
        hands.pressed += 1
    expect(page.get_by_text("Under the limit.")).to_be_visible()
    hands.follow("Go on writing")
    hands.follow("Publish…")
    # One thing is still named; its link leads to the field.
    expect(page.get_by_role("heading", name="1 thing to mend first")).to_be_visible()
    page.locator("main a", has_text="Where it fits").first.click()
    page.wait_for_url("**/edit/claim**")
    hands.pressed += 1
    hands.type("audience", "People who answer the phone in small shops.")
    hands.press("Save the draft")
    hands.follow("Publish…")
    expect(page.get_by_role("heading", name="Nothing stands in the way")).to_be_visible()
    ensure_accessible(page)
    print(
        f"\nA first draft: {hands.pages} pages, {hands.typed} texts typed, {hands.pressed} things pressed or chosen."
    )
    assert hands.pages <= 16
    assert hands.typed <= 24
    assert hands.pressed <= 36
    assert re.search(r"/standards/[\w-]+/publish$", page.url)
