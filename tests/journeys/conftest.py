"""A real demo on a free port, and a real Chromium with axe on every page it opens."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 120_000
_shot = itertools.count(1)


@dataclass(frozen=True)
class Demo:
    """A demo academy that is being served: its address, its data and the public ids of its cases."""

    base: str
    data: Path
    cases: dict[str, str]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("GUILDMARK_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.fail("A browser is missing: install chromium, or set GUILDMARK_CHROMIUM to its path.")
    return found


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    data, port = tmp_path_factory.mktemp("demo"), free_port()
    env = {key: value for key, value in os.environ.items() if not key.startswith(("GUILDMARK_", "DJANGO_"))}
    command = [sys.executable, "-m", "guildmark", "demo", "--data", str(data), "--port", str(port)]
    log = (data / "server.log").open("wb")
    server = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT)
    base = f"http://localhost:{port}"
    try:
        deadline = time.monotonic() + 900
        while not answers(f"http://127.0.0.1:{port}/healthz"):
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail("The demo did not start:\n" + (data / "server.log").read_text("utf-8")[-3000:])
            time.sleep(0.5)
        yield Demo(base, data, json.loads((data / "demo.json").read_text("utf-8"))["cases"])
    finally:
        server.terminate()
        server.wait(timeout=60)
        log.close()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    yield opened
    context.close()


@pytest.fixture
def look(page: Page) -> Callable[[str], None]:
    """``look(url)`` opens a page and demands that axe finds nothing serious on it."""

    def open_and_check(url: str) -> None:
        response = page.goto(url)
        assert response is not None
        assert response.status == 200, f"{url}: {response.status}"
        ensure_accessible(page)

    return open_and_check


def ensure_accessible(page: Page) -> None:
    """Run axe on the present page; serious and critical findings fail with their places.

    With GUILDMARK_SHOTS=DIR every such page is also photographed, for people to look at.
    """
    if shots := os.environ.get("GUILDMARK_SHOTS"):
        name = f"{next(_shot):03d}-{re.sub(r'[^a-z0-9]+', '-', urlsplit(page.url).path.lower()).strip('-')}"
        page.screenshot(path=f"{shots}/{name}.png", full_page=True)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate('async () => (await axe.run(document, {resultTypes: ["violations"]})).violations')
    bad = [
        f"{v['id']} ({v['impact']}): {[node['html'][:160] for node in v['nodes'][:3]]}"
        for v in found
        if v["impact"] in {"serious", "critical"}
    ]
    assert not bad, f"{page.url}: " + "\n".join(bad)
