"""The promoted stack of the demo, walked in a browser at the width of a phone: by a stranger and by its creator."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Demo, ensure_accessible

pytestmark = pytest.mark.journey
Look = Callable[[str], None]
WHOLE = "e-mail-launch-practitioner"
MEMBER = "welcome-sequence-built-and-checked"


def ensure_narrow(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url


def test_a_stranger_reads_what_a_credential_is_a_part_of(demo: Demo, page: Page, look: Look) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    for path in (f"/c/{demo.cases['noor']}", f"/s/{MEMBER}"):
        look(demo.base + path)
        told = page.locator("#layers").inner_text()
        assert "E-mail launch practitioner" in told
        assert "not published yet" in told
        assert "have already shown 6 of 8 criteria" in told
        ensure_narrow(page)
    look(f"{demo.base}/o/northlamp")
    assert page.locator(".map .map").count() == 0
    assert page.locator(".map ul > li").count() == 2


def test_the_creator_proposes_weighs_and_ties_with_the_keyboard(demo: Demo, page: Page, look: Look) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(demo.base + "/")
    page.locator("form[action='/demo/sign-in/mara'] button").click()
    page.wait_for_url("**/studio/northlamp/")
    studio = f"{demo.base}/studio/northlamp"
    for path in ("stacks", f"standards/{WHOLE}/layers", f"standards/{WHOLE}/blueprint", "stacks/promote"):
        look(f"{studio}/{path}")
        ensure_narrow(page)
    page.locator("input[name=members]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    ensure_accessible(page)
    ensure_narrow(page)
    weights = [int(field.input_value()) for field in page.locator("input[name^=w_]").all()]
    assert sum(weights) == 100
    page.locator("input[name^=w_]").first.fill(str(weights[0] + 1))
    page.locator("input[name=title]").fill("Never begun")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Take 1 percent away." in page.locator(".error-summary").inner_text()
    assert page.locator("input[name=title]").input_value() == "Never begun"
    ensure_accessible(page)
