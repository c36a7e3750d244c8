"""``guildmark diff OLD NEW``: what changed between two standards, what that forces, and the bridge (PRODUCT M1, M14)."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guildmark.kernel.problems import Invalid, NotFound

if TYPE_CHECKING:
    from guildmark.design.bridge import Bridge
    from guildmark.design.diffs import Row
    from guildmark.design.types import Change, Standard

#: With ``--exit-code``: no code of these means that something went wrong.
EXIT_CODES = {"none": 0, "note": 10, "minor": 11, "major": 12}
ADDRESS = re.compile(
    r"(?:(?P<base>https?://[^/]+)?/s/)?(?P<slug>[a-z0-9-]+)(?:/v/|@)(?P<number>\d+\.\d+)(?:\.json)?"
)
MAX_BYTES = 4 * 1024 * 1024
EPILOG = """\
OLD and NEW are files (the YAML of "guildmark standard export", the JSON of a published version, or the JSON of its
content alone), or published versions of this installation: welcome-sequence@1.0 or the address of the page.

exit codes: 0, whatever changed; 2 mistakes in the arguments and files that are no standard.
With --exit-code: 0 nothing changed, 10 only presentation, 11 clarifying, 12 the bar changed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("old", metavar="OLD", help="the older version: a file or SLUG@NUMBER")
    parser.add_argument("new", metavar="NEW", help="the newer version: a file or SLUG@NUMBER")
    parser.add_argument("--json", action="store_true", help="print forces, changes and bridge as JSON")
    parser.add_argument(
        "--exit-code", action="store_true", help="tell the class of the change by the exit code"
    )


def run(args: argparse.Namespace) -> int:
    from guildmark.design import diffs, versions
    from guildmark.design.bridge import bridge

    old, new = read(args.old), read(args.new)
    change = versions.compare(old, new)
    span = bridge(old, new)
    if args.json:
        print(json.dumps({**change.as_json(), "bridge": span.as_json()}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(told(change, diffs.rows(change, old, new), span)))
    return EXIT_CODES[change.forces] if args.exit_code else 0


def read(source: str) -> Standard:
    """A standard from a file, or a published version of this installation. A file of that name comes first."""
    path = Path(source)
    found = ADDRESS.fullmatch(source)
    if found and not path.exists():
        return published(found.groupdict())
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Invalid(
            f"{source} cannot be read: {error.strerror}.", mend="Give a file, or a version such as slug@1.0."
        ) from error
    if len(data) > MAX_BYTES:
        raise Invalid(f"{source} is larger than any standard.")
    try:
        return parsed(data)
    except Invalid as error:
        problems = "; ".join(problem.detail for problem in error.all_errors()) or error.detail
        raise Invalid(f"{source}: {problems}", mend=error.mend) from error


def parsed(data: bytes) -> Standard:
    """JSON is a published document or bare content, everything else the YAML form."""
    from guildmark.design import files

    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return files.load(data).standard
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise Invalid("This is no JSON.", mend="Take the file again from where it is published.") from None
    return content_of(document)


def content_of(document: Mapping[str, Any]) -> Standard:
    """The standard inside a published document, whose fingerprint must fit, or in a document that is content alone."""
    from pydantic import ValidationError

    from guildmark.design import versions
    from guildmark.design.types import Standard

    content: Any = document
    if "core" in document:
        core, around = document["core"], document.get("presentation", {})
        if not isinstance(core, dict) or not isinstance(around, dict):
            raise Invalid("This is no published standard.")
        fingerprint = document.get("coreHash")
        if fingerprint and versions.hash_of(core) != fingerprint:
            raise Invalid(
                "The content does not give the fingerprint that the file names: it was changed.",
                mend="Take the file again from the publisher's page.",
            )
        content = {**core, **around}
    try:
        return Standard.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"This is no standard: {place}: {first['msg']}.") from None


def published(found: Mapping[str, str | None]) -> Standard:
    """A published version of this installation; nothing is fetched from anywhere else."""
    from guildmark.config import load

    config = load()
    if found["base"] and found["base"] != config.base_url:
        raise Invalid(
            f"{found['base']} is not this installation, and nothing is fetched from elsewhere.",
            mend="Download the JSON that its page offers and give the file.",
        )
    if not config.data_dir.is_dir():
        raise NotFound(
            f"There is no installation in {config.data_dir}.", mend="Name its directory with --data."
        )
    from guildmark.site.commands import _django

    _django.setup()
    from guildmark.design import queries

    return queries.published_version(str(found["slug"]), str(found["number"])).standard


def told(change: Change, rows: Iterable[Row], span: Bridge) -> list[str]:
    """The answer for people: what it forces, every change with its words, and the bridge."""
    from guildmark.design import diffs

    lines = [f"{diffs.SUMMARY[change.forces]} This forces {diffs.FORCES_WORDS[change.forces]}."]
    for row in rows:
        why = f", {row.harmless} only" if row.harmless else ""
        lines += ["", f"{row.where} ({row.verb}{why}) [{row.class_word}: {row.forces_word}]"]
        for line in row.lines:
            label = f"{line.label}: " if line.label else ""
            lines.append(
                printable(f"    {label}{''.join(marked(piece.kind, piece.text) for piece in line.pieces)}")
            )
    if change.changes:
        lines += [
            "",
            f"Bridge: {len(span.criteria)} of {len(span.criteria) + len(span.kept)} criteria to show again.",
        ]
        lines += [f"  {one.name or one.id}: {'; '.join(one.reasons)}" for one in span.criteria]
        if span.evidence:
            lines.append("  with: " + ", ".join(title or identity for identity, title in span.evidence))
    return [printable(line) for line in lines]


def marked(kind: str, text: str) -> str:
    """``[-gone-]`` and ``{+new+}``, as in word differences of version control."""
    return {"gone": f"[-{text}-]", "new": f"{{+{text}+}}"}.get(kind, text)


def printable(text: str) -> str:
    """Without control characters, which a file could use to paint on the terminal; in the encoding of the output."""
    clean = "".join(c if c == "\n" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    encoding = sys.stdout.encoding or "utf-8"
    return clean.encode(encoding, "backslashreplace").decode(encoding)
