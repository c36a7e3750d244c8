"""Open Badges 2.0: what 1EdTech's own validator (the package `openbadges`) says about the hosted assertions.

    python conform/openbadges2.py ADDRESS [ADDRESS OF A CREDENTIAL ...]

The validator is of 2020 and needs Python 3.11 or older; it gets a virtual environment of its own beside this file. Two
things of its surroundings are replaced, none of its rules: names that `collections` no longer has, and the fetch of the
Open Badges context, of which the package carries a copy.
"""

from __future__ import annotations

import io
import json
import logging
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import venv
from pathlib import Path
from urllib.parse import urljoin, urlsplit

HERE = Path(__file__).resolve().parent
PLACE = HERE / ".venv-openbadges"
PINS = HERE / "openbadges2.txt"
CREDENTIAL = re.compile(r"/c/[0-9a-f-]{36}$")
PAGE = re.compile(r"/((demo|o/[^/]+|s/[^/]+)/?)?$")
SHIM = """\
import collections, collections.abc
for name in ("Callable", "Iterable", "Mapping", "MutableMapping", "MutableSet", "Sequence", "Set"):
    setattr(collections, name, getattr(collections.abc, name))
"""


def interpreter() -> str:
    """A Python that the validator can live in."""
    if sys.version_info < (3, 12):
        return sys.executable
    for name in ("python3.11", "python3.10", "python3.9"):
        found = shutil.which(name)
        if found:
            return found
    raise SystemExit(
        "The Open Badges 2.0 validator needs Python 3.11 or older: install python3.11 and run again."
    )


def install() -> Path:
    program = PLACE / "bin" / "python"
    stamp = PLACE / ".installed"
    if stamp.exists() and stamp.read_text("utf-8") == PINS.read_text("utf-8"):
        return program
    print("Installing the Open Badges 2.0 validator of conform/openbadges2.txt (once) ...", flush=True)
    python = interpreter()
    if python == sys.executable:
        venv.create(PLACE, with_pip=True, clear=True)
    else:
        subprocess.run([python, "-m", "venv", "--clear", str(PLACE)], check=True)
    pip = [str(program), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    if subprocess.run([*pip, "-r", str(PINS)]).returncode != 0:
        raise SystemExit("pip could not install the validator; the network must reach the package index.")
    site = next((PLACE / "lib").glob("python3*")) / "site-packages"
    (site / "sitecustomize.py").write_text(SHIM, "utf-8")
    stamp.write_text(PINS.read_text("utf-8"), "utf-8")
    return program


def get(address: str, accept: str) -> tuple[int, str, bytes]:
    request = urllib.request.Request(address, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Content-Type", ""), error.read()


def discover(base: str) -> list[str]:
    """Every credential that the public pages lead to."""
    pages, found = ["/"], set()
    for path in pages:
        _, kind, body = get(urljoin(base, path), "text/html")
        for link in re.findall(r'href="([^"#]+)', body.decode("utf-8", "replace")) if "html" in kind else []:
            parts = urlsplit(urljoin(base, link))
            if parts.netloc != urlsplit(base).netloc:
                continue
            if CREDENTIAL.match(parts.path):
                found.add(urljoin(base, parts.path))
            elif PAGE.match(parts.path) and parts.path not in pages and len(pages) < 80:
                pages.append(parts.path)
    return sorted(found)


def state_of(address: str) -> str:
    """What the page for people says about a credential."""
    page = get(address, "text/html")[2].decode("utf-8")
    state = re.search(r'data-state="(\w+)"', page)
    return state.group(1) if state else "valid"


class Tally:
    def __init__(self) -> None:
        self.passed = self.failed = 0

    def record(self, ok: bool, text: str) -> None:
        self.passed, self.failed = self.passed + ok, self.failed + (not ok)
        if not ok:
            print(f"FAILED {text}")


def judge(addresses: list[str]) -> Tally:
    """Runs inside the environment of the validator."""
    from openbadges.verifier import utils, verify  # type: ignore[import-not-found]
    from openbadges.verifier.openbadges_context import (  # type: ignore[import-not-found]
        OPENBADGES_CONTEXT_V2_DICT as CONTEXT,
    )

    logging.disable(logging.CRITICAL)
    load = utils.CachableDocumentLoader.__call__

    def from_package(loader: object, url: str) -> dict[str, object]:
        if url != "https://w3id.org/openbadges/v2":
            return load(loader, url)  # type: ignore[no-any-return]
        return {"contextUrl": None, "documentUrl": url, "document": json.dumps(CONTEXT), "from_cache": True}

    utils.CachableDocumentLoader.__call__ = from_package
    tally = Tally()

    def check(source: object, should: bool, name: str, **options: object) -> None:
        report = verify(source, **options)["report"]
        why = "; ".join(str(line.get("result")) for line in report["messages"])
        tally.record(report["valid"] is should, f"{name}: the validator says valid={report['valid']}. {why}")

    for address in addresses:
        hosted, state = f"{address}/ob2", state_of(address)
        check(hosted, state == "valid", f"{hosted} ({state})")
        picture = io.BytesIO(get(f"{hosted}.png", "image/png")[2])
        picture.name = f"{hosted}.png"
        check(picture, state == "valid", f"{hosted}.png ({state})")
        if state == "valid":
            stranger = {"email": "nobody@elsewhere.example"}
            check(hosted, False, f"{hosted} for a stranger", recipient_profile=stranger)
    tally.record(bool(addresses), "no credential was found")
    return tally


def main() -> int:
    if sys.argv[1:2] == ["--inside"]:
        tally = judge(sys.argv[2:])
        print(
            f"{len(sys.argv) - 2} hosted assertions (Open Badges 2.0): "
            f"{tally.passed} passed, {tally.failed} failed"
        )
        return 1 if tally.failed else 0
    base, *given = sys.argv[1:]
    addresses = [urljoin(base, item) for item in given] or discover(base)
    return subprocess.run([str(install()), str(Path(__file__).resolve()), "--inside", *addresses]).returncode


if __name__ == "__main__":
    raise SystemExit(main())
