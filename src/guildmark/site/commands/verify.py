"""``guildmark verify SOURCE``: check a credential without this installation, its database or its network."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, time
from datetime import date as Date
from pathlib import Path
from typing import Any

from guildmark.kernel.problems import Invalid
from guildmark.protocol.errors import ProtocolError
from guildmark.protocol.trust import TrustFile
from guildmark.verify import actions, report_text, sources
from guildmark.verify.types import (
    EXIT_CODES,
    MAX_BYTES,
    OPEN_BADGES_STRICT,
    POLICIES,
    SECONDS,
    Report,
    Verdict,
)

EPILOG = """\
exit codes: 0 valid; 1 not valid (expired, not yet valid, revoked, suspended, superseded, tampered,
unknown issuer); 2 cannot tell, and mistakes in the arguments; 3 unreadable.

A trust file is {"documents": {address or DID: document}}: DID documents, status lists and issuer
profiles that answer instead of the network. With one, an issuer that it does not name is unknown.
"guildmark trust export" writes ours."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "source", metavar="SOURCE", help="a file (JSON, PNG, SVG, PDF), an address, or - for standard input"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--offline", action="store_true", help="never open a connection")
    parser.add_argument(
        "--at", metavar="DATE", type=moment, help="judge the period of validity at that day or moment (UTC)"
    )
    parser.add_argument("--trust", metavar="FILE", type=Path, help="documents to use instead of the network")
    parser.add_argument("--recipient", metavar="EMAIL", help="also check that it was given to this address")
    parser.add_argument(
        "--policy",
        choices=POLICIES,
        default=OPEN_BADGES_STRICT.name,
        help=f"which checks decide (default {OPEN_BADGES_STRICT.name})",
    )
    parser.add_argument(
        "--allow-private", action="store_true", help="let addresses lead into private networks"
    )
    parser.add_argument(
        "--seconds", type=positive, default=SECONDS, help=f"longest time for the check (default {SECONDS:g})"
    )


def moment(text: str) -> datetime:
    """``2026-11-14`` (its first moment in UTC) or ``2026-11-14T09:12:00Z``; argparse reports others."""
    try:
        return datetime.combine(Date.fromisoformat(text), time(), UTC)
    except ValueError:
        pass
    try:
        value = datetime.fromisoformat(text)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a date such as 2026-11-14 or 2026-11-14T09:12:00Z"
        ) from None


def positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds between 0 and 600")
    return value


def run(args: argparse.Namespace) -> int:
    trust = read_trust(args.trust) if args.trust else None
    report = examine(args, trust)
    if args.json:
        print(json.dumps({**report.as_dict(), "credential": report.credential or {}}, indent=2))
    else:
        stream = sys.stdout
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
        print(report_text.render(report))
    return EXIT_CODES[report.verdict]


def read_trust(path: Path) -> Mapping[str, Any]:
    """The documents of a trust file. A file that cannot be used is a mistake in the arguments, not a
    verdict.
    """
    try:
        return dict(TrustFile.loads(path.read_bytes()).documents)
    except OSError as error:
        raise Invalid(f"The trust file {path} cannot be read: {error.strerror}.") from error
    except ProtocolError as error:
        raise Invalid(
            f"The trust file {path} cannot be used. {error.reason}", mend=error.mend or ""
        ) from error


def examine(args: argparse.Namespace, trust: Mapping[str, Any] | None) -> Report:
    """Get the bytes, then the report. What cannot be had at all is a report too."""
    try:
        data = read_source(args, trust)
    except sources.SourceUnavailable as problem:
        return actions.plain_report(problem.verdict, "syntax", str(problem), args.at)
    except OSError as error:
        detail = f"{args.source} cannot be read: {error.strerror or error}."
        return actions.plain_report(Verdict.MALFORMED, "syntax", detail, args.at)
    return actions.verify_bytes(
        data,
        offline=args.offline,
        at=args.at,
        trust=trust,
        recipient=args.recipient,
        seconds=args.seconds,
        allow_private=args.allow_private,
        policy=POLICIES[args.policy],
    )


def read_source(args: argparse.Namespace, trust: Mapping[str, Any] | None) -> bytes:
    source: str = args.source
    if source == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    if source.startswith(("http://", "https://")):
        if trust and source in trust:
            return json.dumps(trust[source]).encode()
        if args.offline:
            raise sources.SourceUnavailable(
                "No connection is made when checking offline.", mend="Give the file instead of its address."
            )
        return sources.read_url(source, allow_private=args.allow_private)
    with Path(source).open("rb") as file:
        return file.read(MAX_BYTES + 1)
