"""``guildmark sceptic FILE``: the sceptic sheet of a credential, made from the file alone."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from pathlib import Path
from typing import Any

from guildmark.kernel.problems import Invalid
from guildmark.verify import actions, sceptic
from guildmark.verify.safe_text import printable
from guildmark.verify.types import MAX_BYTES

WIDTH = 92


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Says what the credential records, and checks no signature: guildmark verify does that. "
        "No connection is made. Ends with 0 when the file could be read, 3 when it could not."
    )
    parser.add_argument(
        "source", metavar="FILE", help="a file (JSON, PNG, SVG, PDF), or - for standard input"
    )
    parser.add_argument("--json", action="store_true", help="print the sheet as JSON")


def run(args: argparse.Namespace) -> int:
    document = actions.verify_bytes(_read(args.source), offline=True).credential
    if document is None:
        print("guildmark sceptic: the file holds no credential that can be read.", file=sys.stderr)
        return 3
    sheet = sceptic.sheet(document)
    if args.json:
        print(json.dumps({"credential": document.get("id"), **sheet.as_json()}, ensure_ascii=False, indent=2))
    else:
        print(render(sheet))
    return 0


def _read(source: str) -> bytes:
    try:
        if source == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(source).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Invalid(f"{source} cannot be read: {error.strerror}.", field="FILE") from error


def _wrapped(text: str, lead: str) -> str:
    return textwrap.fill(printable(text), WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead))


def render(sheet: sceptic.Sheet) -> str:
    """One paragraph a question, answered or not known."""
    lines: list[Any] = [
        f"{sheet.answered} of {len(sheet.lines)} questions are answered by a record in the file.",
        "",
    ]
    for line in sheet.lines:
        lines.append(f"{'[x]' if line.answered else '[ ]'} {line.question}")
        lines += [
            _wrapped(text, "      ") for text in (*line.answers, *([line.missing] if line.missing else []))
        ]
        lines += [_wrapped(text, "      (note) ") for text in line.notes]
    return "\n".join(lines)
