"""Refuse run-time dependencies whose licence is GPL or AGPL, or unknown (DECISIONS 19).

LGPL and MPL are allowed for the packages named below: unmodified, separately installed, replaceable.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

PINS = Path(__file__).resolve().parent.parent / "requirements" / "base.txt"
# Packages that state no licence in their metadata; the licence was read from the file they ship.
READ_BY_HAND = {"resvg-py": "MIT"}
WEAK_COPYLEFT = {"psycopg", "psycopg-binary", "psycopg-pool", "frozendict", "certifi", "fido2", "orjson"}
PERMISSIVE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Python-2\.0|0BSD|HPND|Unlicense|Zlib|CC0|BSL-1\.0)",
    re.I,
)
WEAK = re.compile(r"\b(LGPL|Lesser General Public|MPL|Mozilla Public)", re.I)
STRONG = re.compile(r"(?<![L])\bA?GPL|(?<!Lesser )General Public License", re.I)


def licence_of(name: str) -> str:
    """What the package says of its licence: the expression, the classifiers, then the free text."""
    info = metadata.metadata(name)
    classifiers = [
        line.split("::")[-1].strip()
        for line in info.get_all("Classifier") or []
        if line.startswith("License")
    ]
    return " / ".join(
        filter(None, [info.get("License-Expression"), *classifiers, (info.get("License") or "")[:80]])
    )


def main() -> int:
    bad = []
    names = re.findall(r"^([A-Za-z0-9._-]+)==", PINS.read_text("utf-8"), re.M)
    for name in names:
        try:
            licence = licence_of(name) or READ_BY_HAND.get(name.lower(), "")
        except metadata.PackageNotFoundError:
            continue  # a pin for another platform
        weak = bool(WEAK.search(licence))
        if STRONG.search(WEAK.sub("", licence)) and not PERMISSIVE.search(licence):
            bad.append(f"{name}: {licence}")
        elif weak and name.lower() not in WEAK_COPYLEFT and not PERMISSIVE.search(licence):
            bad.append(f"{name}: {licence} (weak copyleft, not on the list)")
        elif not weak and not PERMISSIVE.search(licence):
            bad.append(f"{name}: {licence or 'no licence stated'}")
    for line in bad:
        print(line)
    print(f"{len(names) - len(bad)} of {len(names)} licences are in order")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
