"""Join the sheets of this folder into the one that pages link.

    python src/guildmark/site/css/bundle.py            write static/site/css/guildmark.css
    python src/guildmark/site/css/bundle.py --check    exit 1 if that file is not what the sheets give

The parts live outside ``static`` because their font addresses only hold where the joined sheet lies.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHEET = HERE.parent / "static" / "site" / "css" / "guildmark.css"
PARTS = ("tokens", "base", "layout", "components", "forms", "tables", "utilities", "print")
HEAD = (
    "/* Made from src/guildmark/site/css by bundle.py: change the parts, not this file. */\n"
    "@layer reset,tokens,base,layout,components,utilities,print;\n"
)


def bundle() -> str:
    """The joined sheet: comments and blank lines dropped, one rule per line kept."""
    joined = "\n".join((HERE / f"{part}.css").read_text("utf-8") for part in PARTS)
    lines = (line.strip() for line in re.sub(r"/\*.*?\*/", "", joined, flags=re.S).splitlines())
    return HEAD + "\n".join(line for line in lines if line) + "\n"


def main() -> int:
    if "--check" in sys.argv:
        fresh = SHEET.exists() and SHEET.read_text("utf-8") == bundle()
        if not fresh:
            print("guildmark.css is not what its parts give: run python src/guildmark/site/css/bundle.py")
        return 0 if fresh else 1
    SHEET.parent.mkdir(parents=True, exist_ok=True)
    SHEET.write_text(bundle(), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
