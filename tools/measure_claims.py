"""Measure the claim linter on the labelled claims: precision and recall per rule and language, with n and interval.

    python tools/measure_claims.py [--half open|held|both] [--language en] [--json] [--misses]

A finding of a rule counts as right when the reader labelled that flaw in the claim. Only counts are printed, never a
claim; ``--misses`` names the ids and texts, and only works on the open half.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from guildmark.design.claims import measure


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--half", choices=("open", "held", "both"), default="open")
    parser.add_argument("--language", choices=measure.LANGUAGES, action="append")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--misses", action="store_true", help="name what was missed or wrong (open half only)"
    )
    parser.add_argument(
        "--skills", type=Path, metavar="CSV", help="count on the labels of an ESCO export instead"
    )
    args = parser.parse_args()
    if args.skills:
        with args.skills.open(encoding="utf-8", newline="") as file:
            for name, count in sorted(measure.skills(csv.DictReader(file)).items()):
                print(f"{name}: {count}")
        return 0
    halves = ("open", "held") if args.half == "both" else (args.half,)
    rows = []
    for half in halves:
        for language in args.language or measure.LANGUAGES:
            if not measure.file_of(language, half).exists():
                print(f"{half} half of {language}: the file is not here", file=sys.stderr)
                return 2
            lines = measure.labelled(language, half)
            rows += measure.measure(lines, language, half)
            if args.misses and half == "open":
                for miss in measure.misses(lines, language):
                    print(miss)
    print(json.dumps([row.as_json() for row in rows], indent=2) if args.json else measure.table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
