"""``guildmark standard``: standards as YAML files, for review, version control and checks (PRODUCT M23)."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

#: What ``check`` answers: nothing stands in the way, something does, the file is no standard.
FINE, BLOCKED, MALFORMED = 0, 1, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "check ends with 0 when nothing blocks publication, 1 when something does, 3 when a file is no standard."
    what = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = what.add_parser("check", help="say what the publish gate says; needs no installation")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.add_argument("--json", action="store_true", help="print the findings as JSON")
    check.add_argument(
        "--org", metavar="SLUG", help="check by the rules of an organisation of this installation"
    )
    preview = what.add_parser(
        "preview", help="write the bar page and a sample credential as one HTML file; needs no installation"
    )
    preview.add_argument("file", type=Path, metavar="FILE")
    preview.add_argument(
        "-o", "--output", metavar="HTML", type=Path, help="where to write it (default: standard output)"
    )
    preview.add_argument(
        "--issuer",
        metavar="NAME",
        default="Your organisation",
        help="the name that stands there as the issuer",
    )
    export = what.add_parser("export", help="write standards as files")
    export.add_argument("org", help="slug of the organisation")
    export.add_argument("standard", nargs="?", help="slug of one standard; all of them without it")
    export.add_argument(
        "--version", metavar="NUMBER", help="a published version (default: the draft, else the newest)"
    )
    export.add_argument(
        "-o", "--output", metavar="PATH", type=Path, help="a file, or a folder for all of them"
    )
    take = what.add_parser("import", help="put files into drafts")
    take.add_argument("org", help="slug of the organisation")
    take.add_argument("files", nargs="+", type=Path, metavar="FILE")
    take.add_argument("--as", dest="slug", metavar="SLUG", help="another address than the one in the file")
    take.add_argument("--replace", action="store_true", help="overwrite a draft that says something else")
    fork = what.add_parser("fork", help="begin a standard with the published JSON of another, and say so")
    fork.add_argument("org", help="slug of the organisation")
    fork.add_argument(
        "file", type=Path, metavar="FILE", help="the JSON that a public page of a standard offers"
    )
    fork.add_argument("--issuer", required=True, help="who published it")
    fork.add_argument("--url", default="", help="where it is published")
    fork.add_argument("--as", dest="slug", metavar="SLUG", default="", help="the address of the new standard")
    what.add_parser("schema", help="print the JSON Schema of a file")


def run(args: argparse.Namespace) -> int:
    return int(
        {
            "check": _check,
            "preview": _preview,
            "export": _export,
            "import": _import,
            "fork": _fork,
            "schema": _schema,
        }[args.action](args)
    )


def _read(path: Path) -> bytes:
    from guildmark.kernel.problems import Invalid

    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.", field="FILE") from error


def _check(args: argparse.Namespace) -> int:
    from guildmark.design import files
    from guildmark.design.types import Rules
    from guildmark.kernel.problems import Invalid

    rules = _rules(args.org) if args.org else Rules()
    report, worst = [], FINE
    for path in args.files:
        entry: dict[str, Any] = {"file": str(path)}
        try:
            file = files.load(_read(path))
        except Invalid as error:
            problems = error.all_errors()
            entry |= {"result": "malformed", "problems": [vars(one) for one in problems]}
            worst = MALFORMED
        else:
            found = files.findings(file, rules)
            blocked = any(one.severity == "blocking" for _, one in found)
            entry |= {"result": "blocked" if blocked else "fine", "slug": file.slug}
            entry["findings"] = [vars(one) | {"line": number} for number, one in found]
            worst = max(worst, BLOCKED if blocked else FINE)
        report.append(entry)
    if args.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for entry in report:
            _tell(entry)
    return worst


def _preview(args: argparse.Namespace) -> int:
    """Render in an installation that is thrown away: the pages are those of the product, and nothing is kept."""
    import os
    import tempfile

    from guildmark.design import files
    from guildmark.kernel.problems import Invalid

    try:
        file = files.load(_read(args.file))
    except Invalid as error:
        problems = error.all_errors()
        if not problems:
            raise
        _tell({"file": str(args.file), "result": "malformed", "problems": [vars(one) for one in problems]})
        return MALFORMED
    with tempfile.TemporaryDirectory() as folder:
        for name in ("GUILDMARK_DATABASE_URL", "GUILDMARK_ROOT_KEY_FILE"):
            os.environ.pop(name, None)
        os.environ["GUILDMARK_DATA"] = folder
        from guildmark.site.commands import _django

        _django.setup()
        _django.migrate()
        from django.db import connection

        from guildmark.site.public import preview_file

        page = preview_file.page(file, issuer=args.issuer)
        connection.close()
    if args.output is None:
        sys.stdout.buffer.write(page)
        return FINE
    try:
        args.output.write_bytes(page)
    except OSError as error:
        raise Invalid(f"{args.output} cannot be written: {error.strerror}.", field="--output") from error
    print(f"{args.output}: the bar page and a sample credential of {file.standard.title}")
    return FINE


def _tell(entry: dict[str, Any]) -> None:
    path = entry["file"]
    for problem in entry.get("problems", []):
        print(f"{path}: {problem['detail']} {problem['mend']}".rstrip())
    for one in entry.get("findings", []):
        place = f"{path}:{one['line']}" if one["line"] else path
        print(f"{place}: {one['severity']}: {one['message']} {one['mend']} [{one['rule']}, {one['path']}]")
    if entry["result"] != "malformed":
        blocking = sum(one["severity"] == "blocking" for one in entry["findings"])
        advice = sum(one["severity"] == "advice" for one in entry["findings"])
        print(f"{path}: {blocking} blocking, {advice} advice")


def _rules(slug: str) -> Any:
    org = _organisation(slug)
    from guildmark.design import queries

    return queries.rules(org.id)


def _organisation(slug: str) -> Any:
    from guildmark.site.commands import _django

    _django.setup()
    from guildmark.people import queries as people

    return people.organisation_by_slug(slug)


def _export(args: argparse.Namespace) -> int:
    from guildmark.kernel.problems import Invalid

    org = _organisation(args.org)
    from guildmark.design import filing, queries

    if args.standard:
        chosen = [queries.achievement_by_slug(org.id, args.standard)]
    else:
        chosen = queries.achievements(org.id)
        if args.output is None or args.version:
            raise Invalid(
                "All standards go into a folder.", field="--output", mend="Name it, or name one standard."
            )
    for achievement in chosen:
        rows = queries.versions_of(org.id, achievement.id)
        version = next((row for row in rows if args.version in (None, row.number)), None)
        if version is None:
            raise Invalid(f"There is no version {args.version!r}.", field="--version")
        text = filing.export(version)
        if args.output is None:
            sys.stdout.write(text)
            continue
        target = args.output if args.standard else args.output / f"{version.slug}.yaml"
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8", newline="\n")
        except OSError as error:
            raise Invalid(f"{target} cannot be written: {error.strerror}.", field="--output") from error
        print(f"{version.slug} {version.number} written to {target}")
    return FINE


def _import(args: argparse.Namespace) -> int:
    from guildmark.kernel.problems import Invalid

    if args.slug and len(args.files) > 1:
        raise Invalid("Several files cannot have one address.", field="--as")
    org = _organisation(args.org)
    from django.db import transaction

    from guildmark.design import files, filing
    from guildmark.kernel.actor import SYSTEM

    with transaction.atomic():
        for path in args.files:
            try:
                file = files.load(_read(path))
            except Invalid as error:
                raise Invalid(
                    f"{path}: {error.all_errors()[0].detail if error.all_errors() else error.detail}"
                ) from error
            made = filing.import_file(
                by=SYSTEM, org_id=org.id, file=file, slug=args.slug or "", replace=args.replace
            )
            print(f"{path}: draft of {made.slug}, revision {made.revision}")
    return FINE


def _fork(args: argparse.Namespace) -> int:
    from guildmark.kernel.problems import Invalid
    from guildmark.protocol import strict_json
    from guildmark.protocol.errors import ProtocolError

    try:
        document = strict_json.load_object(_read(args.file))
    except ProtocolError as error:
        raise Invalid(f"{args.file} is no JSON document: {error.reason}", field="FILE") from error
    org = _organisation(args.org)
    from guildmark.design import filing
    from guildmark.kernel.actor import SYSTEM

    made = filing.fork(
        by=SYSTEM, org_id=org.id, document=document, issuer=args.issuer, url=args.url, slug=args.slug
    )
    print(f"Draft of {made.slug}, forked from {args.issuer}, version {made.standard.origin.version}")  # type: ignore[union-attr]
    return FINE


def _schema(args: argparse.Namespace) -> int:
    from guildmark.design import files

    print(json.dumps(files.schema(), ensure_ascii=False, indent=2))
    return FINE
