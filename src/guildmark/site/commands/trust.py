"""``guildmark trust export``: the documents with which anybody checks our credentials without us (DECISIONS
11).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from guildmark.config import load
from guildmark.kernel.problems import Invalid, NotFound


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    export = actions.add_parser(
        "export", help="write DID documents, status lists and corrections into one file"
    )
    export.add_argument("--org", metavar="SLUG", help="of one organisation only")
    export.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="write to a file instead of standard output"
    )


def run(args: argparse.Namespace) -> int:
    data_dir = load().data_dir
    if not data_dir.is_dir():
        raise NotFound(f"There is no installation in {data_dir}.", mend="Name its directory with --data.")
    from guildmark.site.commands import _django

    _django.setup()
    from guildmark.issue import queries as issue
    from guildmark.people import queries as people

    org = people.organisation_by_slug(args.org) if args.org else None
    documents = issue.trust_documents(org.id if org else None)
    text = json.dumps({"documents": documents}, indent=1, ensure_ascii=False) + "\n"
    if args.output is None:
        print(text, end="")
        return 0
    try:
        args.output.write_text(text, "utf-8")
    except OSError as error:
        raise Invalid(f"{args.output} cannot be written: {error.strerror}.") from error
    print(f"{len(documents)} documents written to {args.output}.")
    return 0
