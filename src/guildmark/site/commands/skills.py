"""``guildmark skills``: import a framework with a progress bar, list, search and export what is there."""

from __future__ import annotations

import argparse
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from guildmark.site.commands._progress import Bar

PIECE = 1 << 20
#: Fixed, so that the same folder always gives the same archive and the import knows it again.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
STAGES = {"reading": "read", "storing": "stored", "indexing": "indexed"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", metavar="PART", required=True)
    bring = parts.add_parser("import", help="import a file or a folder of CSV files")
    bring.add_argument(
        "file", help="ESCO, CASE, CTDL-ASN, RSD, DigComp or CSV; a zip archive or a folder of them"
    )
    bring.add_argument(
        "--format", default="", help="esco, case, ctdl, rsd, digcomp or csv (default: by content)"
    )
    bring.add_argument("--title", default="", help="title of the framework, where the file has none")
    bring.add_argument("--language", default="", help="language of the skills, such as en or de-AT")
    bring.add_argument("--release", default="", help="version of the framework, where the file has none")
    bring.add_argument("--licence", default="", help="licence, where the file has none")
    bring.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="OURS=THEIRS",
        help="which column of a plain table is what, such as name=Competency",
    )
    bring.add_argument(
        "--withdraw-many", action="store_true", help="allow that most of a framework is withdrawn"
    )
    listing = parts.add_parser("list", help="list the frameworks")
    look = parts.add_parser("search", help="suggest skills for a claim")
    look.add_argument("text", help="a claim, or a few words")
    look.add_argument("--language", default="", help="language of the text")
    look.add_argument("--limit", type=int, default=10)
    write = parts.add_parser("export", help="write a framework to standard output")
    write.add_argument("framework", help="id of the framework (see list), or its address")
    write.add_argument("--format", default="case", choices=["case", "ctdl"])
    for part in (bring, listing, look, write):
        part.add_argument("--org", default="", help="slug of the organisation (default: the only one)")
    for part in (bring, listing, look):
        part.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int:
    from guildmark.site.commands import _django

    _django.setup()
    return {"import": _import, "list": _list, "search": _search, "export": _export}[args.part](args)


def _org(slug: str) -> Any:
    from guildmark.kernel.problems import Invalid
    from guildmark.people import queries as people

    if slug:
        return people.organisation_by_slug(slug)
    every = people.organisations()
    if len(every) != 1:
        raise Invalid(
            f"There are {len(every)} organisations here.", field="--org", mend="Name one with --org SLUG."
        )
    return every[0]


# -- import ------------------------------------------------------------------------------------------


def _import(args: argparse.Namespace) -> int:
    from guildmark.kernel.actor import SYSTEM
    from guildmark.skills import actions
    from guildmark.skills.formats.common import Options

    org = _org(args.org)
    path = Path(args.file)
    view = actions.import_framework(
        by=SYSTEM,
        org_id=org.id,
        filename=path.name if path.is_file() else f"{path.resolve().name}.zip",
        pieces=_pieces(path),
        options=Options(
            format=args.format,
            title=args.title,
            language=args.language,
            version=args.release,
            licence=args.licence,
            columns=_columns(args.column),
        ),
        withdraw_many=args.withdraw_many,
        queue=False,
    )
    bar = Bar(sys.stderr)
    view = actions.run_import(
        by=SYSTEM,
        org_id=org.id,
        import_id=view.id,
        watch=lambda stage, done, total: bar.show(done, total, STAGES.get(stage, stage)),
    )
    bar.end()
    _tell(view, args.json)
    return 1 if view.state == "failed" else 0


def _columns(given: list[str]) -> dict[str, str]:
    from guildmark.kernel.problems import Invalid

    columns = {}
    for pair in given:
        ours, sign, theirs = pair.partition("=")
        if not sign or not theirs:
            raise Invalid(f"{pair!r} is no mapping.", field="--column", mend="Write it as name=Competency.")
        columns[ours.strip()] = theirs.strip()
    return columns


def _pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file, or of an archive made of a folder's files."""
    from guildmark.kernel.problems import Invalid
    from guildmark.skills.formats.source import of_folder

    try:
        if path.is_dir():
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in of_folder(path).items():
                    archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
            yield out.getvalue()
            return
        with path.open("rb") as source:
            while piece := source.read(PIECE):
                yield piece
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.", field="file") from error


def _tell(view: Any, as_json: bool) -> None:
    if as_json:
        findings = [vars(finding) for finding in view.findings]
        plain = {name: getattr(view, name) for name in ("state", "format", "counts", "found", "error")}
        ids = {"import": str(view.id), "frameworks": [str(one) for one in view.framework_ids]}
        print(json.dumps({**ids, **plain, "findings": findings}, ensure_ascii=False))
        return
    for finding in view.findings:
        words = " ".join(part for part in (finding.message, finding.mend) if part)
        print(f"{finding.severity}: {finding.row}: {finding.field}: {words}", file=sys.stderr)
    hidden = sum(view.found.values()) - len(view.findings)
    if hidden > 0:
        print(f"and {hidden:,} more of the same kinds", file=sys.stderr)
    if view.state == "failed":
        print(f"guildmark skills: {view.error}", file=sys.stderr)
        return
    print(", ".join(f"{count:,} {name}" for name, count in view.counts.items()) + f" ({view.format})")


# -- list, search, export ----------------------------------------------------------------------------


def _list(args: argparse.Namespace) -> int:
    from guildmark.skills import queries

    rows = queries.frameworks(_org(args.org).id)
    names = (
        "title",
        "version",
        "language",
        "state",
        "skills",
        "others",
        "withdrawn_skills",
        "uri",
        "source_sha256",
    )
    if args.json:
        made = [{"id": str(row.id), **{name: getattr(row, name) for name in names}} for row in rows]
        print(json.dumps({"frameworks": made}, ensure_ascii=False))
        return 0
    for row in rows:
        label = " ".join(part for part in (row.title, row.version, row.language) if part)
        print(f"{row.id}  {row.state:<9}  {row.skills:>7,} skills  {label}")
    if not rows:
        print("No framework yet: guildmark skills import FILE", file=sys.stderr)
    return 0


def _search(args: argparse.Namespace) -> int:
    from guildmark.skills import queries

    found = queries.search(_org(args.org).id, args.text, args.language, args.limit)
    if args.json:
        rows = [
            {
                "rank": match.rank,
                "score": match.score,
                "words": match.words,
                "name": match.skill.name,
                "uri": match.skill.uri,
                "code": match.skill.code,
                "framework": match.skill.framework_title,
            }
            for match in found
        ]
        print(json.dumps({"matches": rows}, ensure_ascii=False))
    else:
        for match in found:
            print(f"{match.rank:>2}. {match.score:.2f}  {match.skill.name}  <{match.skill.uri}>")
    return 0 if found else 1


def _export(args: argparse.Namespace) -> int:
    from guildmark.kernel.problems import NotFound
    from guildmark.skills import queries

    org = _org(args.org)
    rows = [f for f in queries.frameworks(org.id) if args.framework in {str(f.id), f.uri}]
    if not rows:
        raise NotFound("There is no such framework.", mend="guildmark skills list names them.")
    sys.stdout.write(queries.export(org.id, rows[0].id, args.format).content.decode() + "\n")
    return 0
