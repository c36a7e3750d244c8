"""The pages in German and Spanish, and written from right to left, on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Demo

pytestmark = pytest.mark.journey
Look = Callable[[str], None]
NARROW = 360


def addresses(demo: Demo) -> list[str]:
    return [
        "/",
        "/verify",
        "/o/northlamp",
        "/s/welcome-sequence-built-and-checked",
        f"/c/{demo.cases['noor']}",
        f"/c/{demo.cases['carmen']}",
        "/accounts/login/",
        "/accounts/signup/",
        "/claim",
    ]


def speak(page: Page, demo: Demo, language: str) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": demo.base}])
    page.set_viewport_size({"width": NARROW, "height": 800})


@pytest.mark.parametrize("language", ["de", "es"])
def test_long_words_fit_a_phone(demo: Demo, page: Page, look: Look, language: str) -> None:
    speak(page, demo, language)
    for path in addresses(demo):
        look(demo.base + path)
        assert page.locator("html").get_attribute("lang") == language
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW, path


def test_a_page_from_right_to_left_fits_a_phone_and_begins_at_the_right(demo: Demo, page: Page) -> None:
    speak(page, demo, "de")
    for path in addresses(demo):
        page.goto(demo.base + path)
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW, path
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        first = page.locator(".site-head > :first-child").first
        at_left, at_right = first.evaluate(
            "node => { const box = node.getBoundingClientRect(); return [box.left, innerWidth - box.right]; }"
        )
        assert at_right < at_left, path


def test_the_working_side_fits_a_phone_in_german(demo: Demo, page: Page) -> None:
    speak(page, demo, "de")
    page.goto(f"{demo.base}/accounts/login/")
    page.fill("input[name=login]", "mara@northlamp.example")
    page.fill("input[name=password]", "lamp-post-harbour")
    page.locator("main form button.primary").first.click()
    page.wait_for_load_state()
    studio = f"{demo.base}/studio/northlamp"
    for path in (
        "/",
        "/credentials",
        "/credentials/batches",
        "/keys",
        "/people",
        "/mail",
        "/audit",
        "/frameworks",
    ):
        answer = page.goto(studio + path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW, path
