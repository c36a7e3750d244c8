"""``guildmark issue-batch``: issue completion records by a list, with a dry run and a progress bar."""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from guildmark.site.commands._progress import Bar


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("org", help="slug of the organisation")
    parser.add_argument("standard", nargs="?", help="slug of the standard of completion records")
    parser.add_argument(
        "list", nargs="?", help="CSV file with the columns name, email, date; - for standard input"
    )
    parser.add_argument(
        "--waiting", action="store_true", help="sign all decided awards that wait, instead of a list"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what every line comes to and issue nothing"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    from guildmark.site.commands import _django

    _django.setup()
    from guildmark.issue import actions, queries
    from guildmark.kernel.actor import SYSTEM
    from guildmark.kernel.problems import Invalid

    org_id, version_id = _names(args)
    if args.waiting:
        if args.dry_run:
            raise Invalid(
                "Awards that wait were decided already: there is nothing to read.", field="--dry-run"
            )
        batch = actions.collect_awards(by=SYSTEM, org_id=org_id)
    else:
        batch = actions.upload_completions(
            by=SYSTEM,
            org_id=org_id,
            version_id=version_id,
            rows=_rows(args.list),
            filename=Path(args.list).name,
        )
        for line in queries.refused_lines(org_id, batch.id):
            print(f"line {line.number}: {line.outcome}: {line.detail}", file=sys.stderr)
    if not args.dry_run and batch.ready and batch.state != "done":
        actions.start_batch(by=SYSTEM, org_id=org_id, batch_id=batch.id)
        _work(org_id, batch.id)
    batch = queries.batch(org_id, batch.id)
    _tell(batch, args.json)
    return 0 if not batch.refused and not batch.failed else 1


def _names(args: argparse.Namespace) -> tuple[Any, Any]:
    from guildmark.design import queries as design
    from guildmark.kernel.problems import Invalid, NotFound
    from guildmark.people import queries as people

    org = people.organisation_by_slug(args.org)
    if args.waiting:
        return org.id, None
    if not args.standard or not args.list:
        raise Invalid("Give a standard and a list, or --waiting.", field="standard")
    version = next((v for v in design.published_achievements(org.id) if v.slug == args.standard), None)
    if version is None:
        raise NotFound(f"{args.org} has no published standard {args.standard!r}.")
    return org.id, version.id


def _rows(source: str) -> Iterator[Any]:
    """The rows of a list, read line by line while they are checked."""
    from guildmark.issue.queries import iter_completion_list
    from guildmark.kernel.problems import Invalid

    try:
        with (
            sys.stdin.buffer if source == "-" else Path(source).open("rb") as binary,
            io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as lines,
        ):
            yield from iter_completion_list(lines)
    except OSError as error:
        raise Invalid(f"The list cannot be read: {error.strerror}.", field="list") from error
    except UnicodeDecodeError as error:
        raise Invalid("The list is not UTF-8 text.", field="list", mend="Save it as CSV (UTF-8).") from error
    except ValueError as error:
        raise Invalid(str(error), field="list") from error


def _work(org_id: Any, batch_id: Any) -> None:
    """Do the work here, beside whatever workers run; a lease keeps them apart."""
    from guildmark.issue import queries
    from guildmark.kernel import tasks

    bar = Bar(sys.stderr)
    while (batch := queries.batch(org_id, batch_id)).state == "running":
        bar.show(batch.issued + batch.failed, batch.ready)
        if not tasks.run_one(name="issue.batch_chunk"):
            time.sleep(0.2)
    bar.show(batch.issued + batch.failed, batch.ready)
    bar.end()


def _tell(batch: Any, as_json: bool) -> None:
    names = ("state", "total", "ready", "known", "refused", "issued", "failed")
    if as_json:
        print(json.dumps({"batch": str(batch.id)} | {name: getattr(batch, name) for name in names}))
        return
    print(
        f"{batch.title}: {batch.total:,} lines, {batch.ready:,} ready, {batch.known:,} recorded already, "
        f"{batch.refused:,} cannot be used; {batch.issued:,} issued, {batch.failed:,} wait with a reason."
    )
