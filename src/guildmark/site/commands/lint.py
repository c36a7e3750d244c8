"""``guildmark lint``: what speaks against the wording of a claim; needs no installation (PRODUCT M4)."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

#: What it answers: nothing blocks or advises, something does, the file cannot be read as what it is.
FINE, FOUND, MALFORMED = 0, 1, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "FILE is a text with one claim per line, or a standard as YAML or JSON, of which claim, title and competencies "
        "are checked; - reads standard input. Ends with 0 when nothing blocks or advises (hints do not count), with 1 "
        "when something does, with 3 when a standard cannot be read, with 2 when the command is wrong."
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="claims line by line, a standard, or -")
    parser.add_argument("--text", help="one claim, instead of a file")
    parser.add_argument(
        "--language", metavar="TAG", help="en, de, es, ... (default: the one that the text seems to be in)"
    )
    parser.add_argument(
        "--kind", choices=("claim", "title", "competency"), default="claim", help="what each line is"
    )
    parser.add_argument(
        "--jargon", metavar="WORD", action="append", default=[], help="a word to flag; may be repeated"
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(args: argparse.Namespace) -> int:
    from guildmark.kernel.problems import Invalid

    if (args.text is None) == (args.file is None):
        raise Invalid("Give a file or --text, and not both.", field="FILE")
    if args.text is not None:
        report = [_of_text(args.text, args, 0)]
    else:
        raw = _read(args.file)
        try:
            report = _of_standard(raw, args) if _is_standard(args.file, raw) else _of_lines(raw, args)
        except Invalid as error:
            problems = error.all_errors()
            print(f"{args.file}: {problems[0].detail if problems else error.detail}", file=sys.stderr)
            return MALFORMED
    if args.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for entry in report:
            _tell(entry, args.file or "")
    return FOUND if any(one["severity"] != "hint" for entry in report for one in entry["findings"]) else FINE


def _read(name: str) -> bytes:
    from guildmark.kernel.problems import Invalid

    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise Invalid(f"{name} cannot be read: {error.strerror}.", field="FILE") from error


def _is_standard(name: str, raw: bytes) -> bool:
    """By the name of the file; standard input by a first line that only a standard has."""
    if name != "-":
        return Path(name).suffix.lower() in {".yaml", ".yml", ".json"}
    return raw.lstrip().startswith((b"{", b"guildmark", b"# guildmark"))


def _of_text(text: str, args: argparse.Namespace, line: int) -> dict[str, Any]:
    from guildmark.design import claims

    language = args.language or claims.spoken_language(text)
    found = claims.lint(text, args.kind, language, args.jargon)
    score = claims.reading(text, language)
    return {
        "line": line,
        "path": "",
        "text": text,
        "language": language,
        "findings": [one.as_json() for one in found],
        "reading": vars(score) if score else None,
    }


def _of_lines(raw: bytes, args: argparse.Namespace) -> list[dict[str, Any]]:
    from guildmark.kernel.problems import Invalid

    try:
        lines = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise Invalid("This is no text in UTF-8.", field="FILE") from error
    return [
        _of_text(line.strip(), args, number) for number, line in enumerate(lines, start=1) if line.strip()
    ]


def _of_standard(raw: bytes, args: argparse.Namespace) -> list[dict[str, Any]]:
    from guildmark.design import claimcheck, files
    from guildmark.design.types import Rules

    file = files.load(raw)
    standard = file.standard.model_copy(update={"language": args.language} if args.language else {})
    found = claimcheck.report(standard, Rules(jargon=tuple(args.jargon)))
    return [{"line": file.line(entry["path"]), **entry} for entry in found]


def _tell(entry: dict[str, Any], name: str) -> None:
    place = ":".join(str(part) for part in (name, entry["line"]) if part)
    lead = f"{place}: " if place else ""
    for one in entry["findings"]:
        start, end = one["span"]
        print(f"{lead}{one['severity']}: {one['reason']} {one['mend']} [{one['rule']}]")
        print(f"    {entry['text']}\n    {' ' * start}{'^' * max(1, end - start)}")
        if one["rewrite"]:
            print(f"    take: {one['rewrite']}")
    if not entry["findings"] and entry["text"]:
        print(f"{lead}fine: {entry['text']}")
