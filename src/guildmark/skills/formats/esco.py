"""ESCO as CSV: a zip or folder of the classification, or its file of skills alone.

Layout: ESCO download "classification, CSV" (European Commission), releases 1.0.8 to 1.2: ``skills``,
``skillGroups``, ``skillsHierarchy``, and where present ``broaderRelationsSkillPillar``, ``skillSkillRelations`` and
the thematic collections, which name broader concepts too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from guildmark.skills.formats import tables
from guildmark.skills.formats.common import (
    Builder,
    Options,
    Package,
    Report,
    SkillRow,
    Tick,
    UnreadableFramework,
    cleaned,
    identifier,
    one_line,
    several,
)
from guildmark.skills.formats.source import Source

FORMAT = "esco"
SCHEME = "http://data.europa.eu/esco/concept-scheme/skills"
WANTED = ("conceptUri", "preferredLabel")
KINDS = {"skill/competence": "skill", "knowledge": "knowledge"}
LEVELS = range(4)
_FILE = re.compile(r"(?P<name>[A-Za-z]+)(?:_(?P<language>[a-z]{2}))?\.csv$")
_VERSION = re.compile(r"(?<![\d.])v?(\d+\.\d+(?:\.\d+)?)(?![\d.]*\d)")
# How the European Commission wants its classification to be named (reuse notice of the ESCO portal).
ATTRIBUTION = "This service uses the ESCO classification of the European Commission."
LICENCE = "Reuse allowed with attribution (Commission Decision 2011/833/EU)"
LICENCE_URL = "https://eur-lex.europa.eu/eli/dec/2011/833/oj"


def fits(source: Source) -> bool:
    return _skills_file(source) is not None


def _tables(source: Source) -> Iterator[tuple[str, str, str]]:
    """(table, language, file) of every file whose name is like one of ESCO's."""
    for name in source.names:
        if found := _FILE.match(name):
            yield found["name"], found["language"] or "", name


def _skills_file(source: Source) -> str | None:
    for name in source.names:
        if not name.lower().endswith(".csv"):
            continue
        first = source.head(name, 4000)
        if b"conceptUri" in first and b"preferredLabel" in first and b"skillType" in first:
            known = _FILE.match(name)
            if len(source.names) == 1 or (known and known["name"] == "skills"):
                return name
    return None


def read(source: Source, options: Options, report: Report, tick: Tick) -> list[Package]:
    """The whole classification of skills. Raises UnreadableFramework when there is no file of skills."""
    skills = _skills_file(source)
    if skills is None:
        raise UnreadableFramework(
            "There is no file skills_xx.csv with the columns conceptUri, preferredLabel and skillType.",
            field="file",
            mend="Send the CSV download of ESCO as it is, or its skills file alone.",
        )
    language = next((tag for table, tag, name in _tables(source) if name == skills), "") or "en"
    builder = Builder(report)
    total = sum(source.read(name).count(b"KnowledgeSkillCompetence") for name in [skills])
    for count, line in enumerate(tables.lines(source.read(skills), skills, report, wanted=WANTED), start=1):
        _skill(line, language, builder, report)
        if count % 500 == 0:
            tick(count, max(total, count))
    for table, _, name in _tables(source):
        if table == "skillGroups":
            _groups(source, name, language, builder, report)
    for table, _, name in _tables(source):
        if table == "skillsHierarchy":
            _hierarchy(source, name, builder, report, language)
        elif table == "broaderRelationsSkillPillar":
            _broader(source, name, builder, report)
        elif table == "skillSkillRelations":
            _needs(source, name, builder, report)
        elif table.endswith("SkillsCollection"):
            _collection(source, name, builder, report)
    rows, edges = builder.settled()
    version = _VERSION.search(source.filename)
    package = Package(
        uri=SCHEME,
        title="ESCO: European Skills, Competences, Qualifications and Occupations",
        format=FORMAT,
        publisher="European Commission",
        version=version[1] if version else "",
        language=language,
        licence=LICENCE,
        licence_url=LICENCE_URL,
        attribution=ATTRIBUTION,
        url="https://esco.ec.europa.eu/",
        rows=rows,
        edges=edges,
        unusable=frozenset(builder.unusable),
    )
    return [options.over(package)]


def _lines_of(cell: str) -> list[str]:
    """Labels stand one to a line in the tables, and between " | " in the collections."""
    return cell.replace(" | ", "\n").split("\n")


def _skill(line: tables.Line, language: str, builder: Builder, report: Report) -> None:
    name = one_line(line.get("preferredLabel"), report, row=line.place, field="preferredLabel")
    said = line.get("skillType")
    if not said:
        report.warn(line.place, "skillType", "The skill has no skillType.", kind="type")
    elif said not in KINDS:
        report.warn(line.place, "skillType", f"skillType {said[:60]!r} is not known.", kind="type")
    labels = [*_lines_of(line.get("altLabels")), *_lines_of(line.get("hiddenLabels"))]
    note = cleaned(line.get("scopeNote"), report, row=line.place, field="scopeNote")
    builder.row(
        SkillRow(
            uri=identifier(line.get("conceptUri"), report, row=line.place, field="conceptUri"),
            name=name,
            description=cleaned(
                line.get("description", "definition"), report, row=line.place, field="description"
            ),
            code=one_line(line.get("code"), report, row=line.place, field="code", limit=120),
            alternatives=tuple(
                label for label in several(labels, report, row=line.place, field="altLabels") if label != name
            ),
            kind=KINDS.get(said, ""),
            language=language,
            extra={
                key: value
                for key, value in (("scopeNote", note), ("reuseLevel", line.get("reuseLevel")))
                if value
            },
            retired=line.get("status") not in {"", "released"},
            place=line.place,
        )
    )


def _groups(source: Source, name: str, language: str, builder: Builder, report: Report) -> None:
    for line in tables.lines(source.read(name), name, report, wanted=WANTED):
        field_of_education = line.get("conceptUri").partition("/isced-f/")[2]
        builder.row(
            SkillRow(
                uri=identifier(line.get("conceptUri"), report, row=line.place, field="conceptUri"),
                name=one_line(line.get("preferredLabel"), report, row=line.place, field="preferredLabel"),
                description=cleaned(line.get("description"), report, row=line.place, field="description"),
                code=one_line(
                    line.get("code") or field_of_education, report, row=line.place, field="code", limit=120
                ),
                alternatives=several(
                    _lines_of(line.get("altLabels")), report, row=line.place, field="altLabels"
                ),
                kind="group",
                language=language,
                retired=line.get("status") not in {"", "released"},
                place=line.place,
            )
        )


def _hierarchy(source: Source, name: str, builder: Builder, report: Report, language: str) -> None:
    """Each line is a path from the top; its last two steps are a group and what contains it."""
    for line in tables.lines(source.read(name), name, report, wanted=("Level 0 URI", "Level 1 URI")):
        path = [
            (uri, line.get(f"Level {level} preferred term"), line.get(f"Level {level} code"))
            for level in LEVELS
            if (uri := line.get(f"Level {level} URI"))
        ]
        for uri, term, code in path:
            # The file of skills alone has no groups; the path names them.
            if uri not in builder.rows and term:
                builder.row(
                    SkillRow(uri=uri, name=term, code=code, kind="group", language=language, place=line.place)
                )
        for (above, _, _), (below, _, _) in pairwise(path):
            builder.edge(below, "broader", above)


def _broader(source: Source, name: str, builder: Builder, report: Report) -> None:
    for line in tables.lines(source.read(name), name, report, wanted=("conceptUri", "broaderUri")):
        builder.edge(line.get("conceptUri"), "broader", line.get("broaderUri"))


def _collection(source: Source, name: str, builder: Builder, report: Report) -> None:
    for line in tables.lines(source.read(name), name, report, wanted=("conceptUri",)):
        for uri in line.get("broaderConceptUri").split(" | "):
            builder.edge(line.get("conceptUri"), "broader", uri.strip())


def _needs(source: Source, name: str, builder: Builder, report: Report) -> None:
    """``original`` needs ``related``, essentially or by choice."""
    wanted = ("originalSkillUri", "relationType", "relatedSkillUri")
    for line in tables.lines(source.read(name), name, report, wanted=wanted):
        kind = line.get("relationType")
        if kind in {"essential", "optional"}:
            builder.edge(line.get("relatedSkillUri"), kind, line.get("originalSkillUri"))
