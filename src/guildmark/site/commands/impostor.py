"""``guildmark impostor FILE``: how likely somebody passes a standard without the skill."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from pydantic import ValidationError

from guildmark.design import impostor
from guildmark.design.types import Rules, Standard
from guildmark.psychometrics.impostor import ImpossibleModel, WorkAssumptions

#: Of a standard as a file; the longest that can be saved has half of it.
MAX_BYTES = 1024 * 1024
EPILOG = """\
exit codes: 0 within the limits; 1 over one of them; 2 mistakes in the arguments; 3 unreadable.

FILE holds a standard as JSON: what the API gives as "standard", or the public JSON of a version. The numbers rest
on assumptions, which --assumptions prints; --assume puts another figure in the place of one."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("file", metavar="FILE", help="a standard as JSON, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--assumptions", action="store_true", help="print every assumption, too")
    parser.add_argument(
        "--assume",
        metavar="KEY=SHARE",
        action="append",
        default=[],
        help="another figure, such as copy.leaked=0.2",
    )
    parser.add_argument(
        "--once", metavar="SHARE", type=share, default=Rules.impostor_once, help="limit at the first attempt"
    )
    parser.add_argument(
        "--with-retakes", metavar="SHARE", type=share, default=Rules.impostor_with_retakes,
        help="limit within all attempts",
    )  # fmt: skip


def share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("give a number from 0 to 1, such as 0.01")
    return value


def run(args: argparse.Namespace) -> int:
    try:
        figures = _figures(args.assume)
    except (ImpossibleModel, ValueError) as error:
        print(f"--assume: {error}", file=sys.stderr)
        return 2
    try:
        standard = _standard(_read(args.file))
    except (OSError, ValueError) as error:
        print(f"{args.file}: {_why(error)}", file=sys.stderr)
        return 3
    if standard.signal == "completion":
        print(
            f"{args.file}: a completion record claims no skill, so there is nothing to pass", file=sys.stderr
        )
        return 3
    found = impostor.report(standard, Rules(args.once, args.with_retakes), figures, what_ifs=True)
    print(
        json.dumps(found.as_json(), indent=1, ensure_ascii=False)
        if args.json
        else _table(found, args.assumptions)
    )
    return 1 if found.over else 0


def _figures(given: list[str]) -> WorkAssumptions | None:
    changed = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"{text!r} is not KEY=SHARE")
        changed[key] = float(value)
    return WorkAssumptions().changed(changed) if changed else None


def _read(name: str) -> bytes:
    if name == "-":
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        with Path(name).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 1024} kB")
    return data


def _standard(data: bytes) -> Standard:
    """The standard in a document: alone, under ``standard``, or as ``core`` with ``presentation``."""
    document = json.loads(data)
    if not isinstance(document, dict):
        raise ValueError("this is no JSON object")
    if isinstance(document.get("core"), dict):
        document = {**document["core"], **(document.get("presentation") or {})}
    elif isinstance(document.get("standard"), dict):
        document = document["standard"]
    return Standard.model_validate(document)


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error)


def _table(found: impostor.Report, assumptions: bool) -> str:
    lines = [f"{'impostor':32} {'once':>12} {f'within {found.tries}':>12}  bounds at the first attempt"]
    for row in found.rows:
        chance = [impostor.percent(e.chance) for e in (row.once, row.retakes)]
        bounds = f"{impostor.percent(row.once.low)} to {impostor.percent(row.once.high)}"
        note = "" if row.counted else f"  not counted. {row.note}"
        lines.append(f"{row.name:32} {chance[0]:>12} {chance[1]:>12}  {bounds}{note}")
    lines += ["", impostor.verdict(found), impostor.limits_in_words(found.rules)]
    if found.over:
        lines += ["Over the limit.", impostor.mend(found)]
    if assumptions:
        lines += ["", "What the numbers rest on:"]
        every = {a.key: a for row in found.rows for e in (row.once, row.retakes) for a in e.assumptions}
        lines += [f"  {key} ({a.source}): {a.sentence}" for key, a in every.items()]
    return "\n".join(lines)
