"""``guildmark log check`` and ``guildmark log compare``: what the log of standards proves, without any server."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from guildmark.kernel.problems import Invalid
from guildmark.protocol import standards_log
from guildmark.protocol.errors import Malformed, ProtocolError
from guildmark.protocol.keys import PublicKey, decode_multikey
from guildmark.protocol.openbadges import logged
from guildmark.protocol.openbadges.reading import read
from guildmark.protocol.strict_json import load_object
from guildmark.protocol.trust import TrustFile

EPILOG = """\
exit codes: 0 it holds; 1 it does not; 2 a mistake in the arguments; 3 a file that cannot be read.

A head is what /log/head or /log/checkpoint gave at some time. Keep one: it is what nobody can change afterwards."""
HOLDS, FAILS, UNREADABLE = 0, 1, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser(
        "check",
        help="check the proof that a standard was entered in the log",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument("proof", metavar="PROOF", type=Path, help="the file from /log/proof/N")
    check.add_argument(
        "--head", metavar="FILE", type=Path, help="a head that you kept; the proof must be for it"
    )
    check.add_argument(
        "--trust",
        metavar="FILE",
        type=Path,
        help="trust file with the signer's document; the head must be signed",
    )
    check.add_argument(
        "--credential", metavar="FILE", type=Path, help="also compare what a credential says of its standard"
    )
    compare = actions.add_parser(
        "compare",
        help="check that a later log begins with an earlier one",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    compare.add_argument("old", metavar="OLD", type=Path, help="the earlier head")
    compare.add_argument("new", metavar="NEW", type=Path, help="the later head")
    compare.add_argument("proof", metavar="PROOF", type=Path, help="the file from /log/consistency/N/M")


def run(args: argparse.Namespace) -> int:
    try:
        lines = check(args) if args.action == "check" else compare(args)
    except ProtocolError as error:
        print(error.diagnostics(), file=sys.stderr)
        return UNREADABLE if isinstance(error, Malformed) else FAILS
    print("\n".join(lines))
    return HOLDS


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error


def check(args: argparse.Namespace) -> list[str]:
    """The lines that tell what holds; raises ProtocolError with what does not."""
    proof = standards_log.read_inclusion(_read(args.proof))
    head = standards_log.read_head(_read(args.head)) if args.head else None
    keys = _keys(TrustFile.loads(_read(args.trust)), proof.signed_by) if args.trust else []
    standards_log.check_inclusion(proof, head=head, keys=keys)
    entry = proof.entry
    lines = [
        f"It holds: entry {proof.index} of {proof.head.size}.",
        f"Version {entry.version} of {entry.standard} ({entry.organisation}) "
        f"was published on {entry.published_at:%Y-%m-%d %H:%M} UTC.",
    ]
    if entry.entered_later:
        lines.append(
            f"It was entered later, on {entry.entered_at:%Y-%m-%d %H:%M} UTC; before that nothing proves it."
        )
    lines.append(
        "The head is the one that you kept." if head else "The head was not compared with one that you kept."
    )
    lines.append(
        f"The head is signed by {proof.signed_by}." if keys else "The signature of the head was not checked."
    )
    return lines + (_credential(_read(args.credential), entry) if args.credential else [])


def _keys(trust: TrustFile, signer: str) -> list[PublicKey]:
    document = trust.get(signer)
    if document is None:
        raise Invalid(f"The trust file holds no document of {signer or 'the signer of the head'}.")
    methods = document.get("verificationMethod", [])
    texts = [one.get("publicKeyMultibase") for one in methods if isinstance(one, dict)]
    keys = [decode_multikey(text) for text in texts if isinstance(text, str)]
    found = [key for key in keys if key.kind == "Ed25519"]
    if not found:
        raise Invalid(f"The document of {signer} lists no Ed25519 key.")
    return found


def _credential(data: bytes, entry: standards_log.Entry) -> list[str]:
    facts = read(load_object(data))
    logged.check_entry(facts, entry)
    days = logged.days_public(facts)
    if days is None:
        return ["The credential names this standard; it says nothing of when the work was handed in."]
    if days < 0:
        return [f"The work was handed in {-days} days BEFORE the bar was public."]
    return [
        f"The bar was public {days} days before the work was handed in, by the credential's own figures.",
        "Check those with: guildmark verify",
    ]


def compare(args: argparse.Namespace) -> list[str]:
    old, new = standards_log.read_head(_read(args.old)), standards_log.read_head(_read(args.new))
    standards_log.check_consistency(_read(args.proof), old=old, new=new)
    return [f"It holds: the log of {new.size} entries begins with the log of {old.size}."]
