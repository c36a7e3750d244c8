"""Rich Skill Descriptors as CSV: the layouts in which the Open Skills Management Tool imports and exports them."""

from __future__ import annotations

from guildmark.skills.formats import tables
from guildmark.skills.formats.common import (
    Builder,
    Options,
    Package,
    Report,
    SkillRow,
    Tick,
    cleaned,
    identifier,
    made_uri,
    one_line,
    several,
)
from guildmark.skills.formats.source import Source, only

FORMAT = "rsd"
#: Our field -> the headings of the import layout and of the export layouts.
NAME = ("Skill Name", "RSD Name", "Name")
STATEMENT = ("Contextualized Skill Statement", "Skill Statement", "Statement")
CATEGORY = ("Skill Category", "Categories", "Category")
ADDRESS = ("Canonical URL", "canonicalUrl", "Url")
OCCUPATIONS = ("BLS Detailed Occupation", "Occupation Detailed", "Detailed Occupations", "Job Codes")


def fits(source: Source) -> bool:
    if len(source.names) != 1 or not source.names[0].lower().endswith((".csv", ".tsv", ".txt")):
        return False
    first = source.head(source.names[0], 4000).decode("utf-8", "replace")
    return any(name in first for name in NAME[:2]) and any(name in first for name in STATEMENT[:2])


def read(source: Source, options: Options, report: Report, tick: Tick) -> list[Package]:
    """One framework of all lines; categories become groups. Its title is the collection's where there is one only."""
    name = only(source, (".csv",))
    content = source.read(name)
    heading = tables.heading(content, name)
    wanted = tuple(next((h for h in names if h in heading), names[0]) for names in (NAME, STATEMENT))
    builder = Builder(report)
    total = content.count(b"\n")
    lines = list(tables.lines(content, name, report, wanted=wanted))
    collections = {line.get("Collection", "Collections") for line in lines} - {""}
    title = options.title or (collections.pop() if len(collections) == 1 else _title(name))
    uri = options.uri or made_uri(FORMAT, title)
    for count, line in enumerate(lines, start=1):
        _skill(line, uri, options.language or "en", builder, report)
        if count % 500 == 0:
            tick(count, total)
    rows, edges = builder.settled()
    package = Package(
        uri=uri,
        title=title[:300],
        format=FORMAT,
        publisher=next((p for line in lines if (p := line.get("Authors", "Author"))), "")[:300],
        language="en",
        rows=rows,
        edges=edges,
        unusable=frozenset(builder.unusable),
    )
    return [options.over(package)]


def _title(filename: str) -> str:
    return filename.rsplit(".", 1)[0].replace("_", " ").replace("-", " ").strip().capitalize()


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";")]


def _skill(line: tables.Line, framework: str, language: str, builder: Builder, report: Report) -> None:
    name = one_line(line.get(*NAME), report, row=line.place, field="Skill Name")
    statement = cleaned(line.get(*STATEMENT), report, row=line.place, field="Skill Statement")
    if not name and statement:
        name, statement = one_line(statement, report, row=line.place, field="Skill Statement"), ""
    categories = several(_split(line.get(*CATEGORY)), report, row=line.place, field="Skill Category")
    address = identifier(line.get(*ADDRESS), report, row=line.place, field="Canonical URL")
    uri = address or (made_uri(framework, name, *categories) if name else "")
    if not uri:
        report.error(
            line.place,
            "Skill Name",
            "The skill has no name and was left out.",
            "Give it a name.",
            kind="name",
        )
        return
    occupations = several(_split(line.get(*OCCUPATIONS)), report, row=line.place, field="occupations")
    builder.row(
        SkillRow(
            uri=uri,
            name=name,
            description=statement,
            keywords=several(_split(line.get("Keywords")), report, row=line.place, field="Keywords"),
            kind="skill",
            language=language,
            extra={"occupations": list(occupations)} if occupations else {},
            place=line.place,
        )
    )
    for category in categories:
        group = made_uri(framework, "category", category)
        if group not in builder.rows:
            builder.row(SkillRow(uri=group, name=category, kind="group", language=language, place=line.place))
        builder.edge(uri, "broader", group)
    for aligned in _split(line.get("Alignment", "Alignment URL", "Alignments")):
        if aligned.startswith(("http://", "https://")):
            builder.edge(uri, "related", aligned[:500])
