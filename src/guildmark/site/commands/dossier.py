"""``guildmark dossier SLUG@NUMBER``: everything that somebody needs to defend a published version, as one file."""

from __future__ import annotations

import argparse
from pathlib import Path

#: The dossier is written; it is written and has an empty section.
COMPLETE, INCOMPLETE = 0, 1
EPILOG = """\
exit codes: 0 written and complete; 1 written, with an empty mandatory section; 2 not written.

The end of FILE says what is written: .zip (with the standard, the rubric and the proof of the log), .html or .json."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "version", metavar="SLUG@NUMBER", help="a published version, such as welcome-sequence@1.0"
    )
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, required=True, help="where to write it")


def run(args: argparse.Namespace) -> int:
    from guildmark.kernel.problems import Invalid
    from guildmark.site.commands import _django

    slug, at, number = args.version.partition("@")
    kind = args.output.suffix.removeprefix(".").lower()
    if not (slug and at and number):
        raise Invalid(
            f"{args.version!r} names no version.",
            field="SLUG@NUMBER",
            mend="Write it as welcome-sequence@1.0.",
        )
    _django.setup()
    from guildmark.design import queries
    from guildmark.people import queries as people
    from guildmark.site.dossier import export
    from guildmark.site.dossier.compose import compose

    if kind not in export.TYPES:
        raise Invalid(
            f"{args.output} has no known ending.", field="--output", mend="End it with .zip, .html or .json."
        )
    made, records = compose(people.organisation(queries.published_version(slug, number).org_id), slug, number)
    try:
        args.output.write_bytes(export.made(kind, made, records))
    except OSError as error:
        raise Invalid(f"{args.output} cannot be written: {error.strerror}.", field="--output") from error
    print(f"{args.output}: {'complete' if made.complete else 'incomplete'}. {made.summary}")
    for section in made.empty:
        for gap in section.gaps:
            print(f"  {section.title}: {gap.missing} {gap.do}")
    return COMPLETE if made.complete else INCOMPLETE
