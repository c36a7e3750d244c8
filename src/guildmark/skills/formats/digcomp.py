"""DigComp (European Digital Competence Framework): its JSON-LD, and the table in which it is translated.

The published file has relative ids and no base. They are resolved against the framework's own page, so that an
alignment leads to something a person can read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

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
)
from guildmark.skills.formats.source import Source, json_of, only

FORMAT = "digcomp"
PAGE = "https://joint-research-centre.ec.europa.eu/digcomp/digcomp-framework_en"
#: @type of the file -> our kind, and the part of a place in the table.
KINDS = {
    "CompetenceArea": "area",
    "Competence": "competence",
    "CompetenceStatement": "statement",
    "LearningOutcome": "outcome",
    "ProficiencyLevel": "level",
    "Glossary": "glossary",
}
ATTRIBUTION = "DigComp, European Commission, Joint Research Centre"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
_LOCATION = re.compile(r"digcomp\.(area|competence)\.([\d.]+)\.(label|description)$")
_VERSION = re.compile(r"digcomp[ _-]*v?(\d+(?:\.\d+)?)", re.IGNORECASE)


def fits(source: Source) -> bool:
    if len(source.names) != 1:
        return False
    content = source.read(source.names[0])
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        return b'"CompetenceArea"' in content and b'"Competence"' in content
    return b"digcomp." in content[:20_000] and b"location" in content[:200]


def read(source: Source, options: Options, report: Report, tick: Tick) -> list[Package]:
    """Areas, competences, statements, outcomes, levels and glossary as one framework."""
    name = source.names[0]
    if source.read(name).lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        name = only(source, (".jsonld", ".json"))
        builder, language = _graph(source, name, options, report, tick)
    else:
        builder, language = _table(source, name, options, report)
    rows, edges = builder.settled()
    version = _VERSION.search(source.filename) or _VERSION.search(name)
    package = Package(
        uri=PAGE,
        title="DigComp: European Digital Competence Framework",
        format=FORMAT,
        publisher="European Commission, Joint Research Centre",
        version=(version[1] if "." in version[1] else f"{version[1]}.0") if version else "",
        language=language,
        licence="CC BY 4.0",
        licence_url=LICENCE_URL,
        attribution=ATTRIBUTION,
        url=PAGE,
        rows=rows,
        edges=edges,
        unusable=frozenset(builder.unusable),
    )
    return [options.over(package)]


def _address(base: str, relative: object) -> str:
    text = str(relative or "").strip()
    if not text or re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE):
        return text
    return f"{base}{'' if base.endswith(('/', '#')) else '#'}{text}".replace(" ", "%20")


def _base(document: Mapping[str, Any]) -> str:
    context = document.get("@context")
    said = context.get("@base") if isinstance(context, dict) else None
    return said if isinstance(said, str) and said else PAGE


def _graph(source: Source, name: str, options: Options, report: Report, tick: Tick) -> tuple[Builder, str]:
    document = json_of(source.read(name), name)
    nodes = document.get("@graph") if isinstance(document, dict) else None
    if not isinstance(nodes, list):
        raise UnreadableFramework(f"{name} has no @graph.", field="@graph", mend="Send the published file.")
    base, language = _base(document), options.language or "en"
    builder = Builder(report)
    for number, node in enumerate(nodes, start=1):
        if not isinstance(node, dict):
            report.error(f"@graph[{number}]", "", "This entry is no node and was left out.")
            continue
        _node(node, number, base, language, builder, report)
        if number % 200 == 0:
            tick(number, len(nodes))
    return builder, language


def _node(
    node: Mapping[str, Any], number: int, base: str, language: str, builder: Builder, report: Report
) -> None:
    place = f"@graph[{number}] ({str(node.get('@id') or 'no id')[:80]})"
    kind = KINDS.get(str(node.get("@type")))
    if kind is None:
        report.note(place, "@type", f"Nodes of the type {str(node.get('@type'))[:40]!r} are not taken over.")
        return
    uri = identifier(_address(base, node.get("@id")), report, row=place, field="@id")
    name, description = _words(node, kind, report, place)
    level = str(node.get("four_levels_proficiency_name") or "").rpartition("/")[2]
    builder.row(
        SkillRow(
            uri=uri,
            name=name,
            description=description,
            code=str(node.get("@id") or "").rpartition("/")[2][:120],
            kind=kind,
            level=one_line(level, report, row=place, field="four_levels_proficiency_name", limit=60),
            language=language,
            extra={
                key: value
                for key, term in (("type", "type"), ("ai", "ai_label"))
                if isinstance(value := node.get(term), str) and value
            },
            place=place,
        )
    )
    parent = node.get("competence_id") or node.get("competence_area_id")
    if parent:
        builder.edge(uri, "broader", _address(base, parent), number)


def _words(node: Mapping[str, Any], kind: str, report: Report, place: str) -> tuple[str, str]:
    if kind == "level":
        steps = [str(node[key]) for key in ("eight_levels_mapping", "six_levels_mapping") if node.get(key)]
        name = f"{node.get('four_levels_name') or ''} ({', '.join(steps)})" if steps else ""
        text = node.get("eight_levels_description") or node.get("four_levels_description")
        return (
            one_line(name, report, row=place, field="four_levels_name"),
            cleaned(text, report, row=place, field="eight_levels_description"),
        )
    if kind == "glossary":
        name = str(node.get("@id") or "").rpartition("/")[2]
        text = node.get("explanation")
        return (
            one_line(node.get("name") or name, report, row=place, field="name"),
            cleaned(text, report, row=place, field="explanation"),
        )
    text = cleaned(node.get("description"), report, row=place, field="description")
    if node.get("name"):
        return one_line(node.get("name"), report, row=place, field="name"), text
    return " ".join(text.split())[:2000], ""


def _table(source: Source, name: str, options: Options, report: Report) -> tuple[Builder, str]:
    """The table of texts: a translation takes the place of the source text, line by line."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    places: dict[tuple[str, str], str] = {}
    translated = False
    for line in tables.lines(source.read(name), name, report, wanted=("location", "source")):
        where = _LOCATION.match(line.get("location"))
        if where is None:
            report.note(line.place, "location", "This line names no competence and was left out.")
            continue
        translated = translated or bool(line.get("target"))
        key = (where[1], where[2].strip("."))
        found.setdefault(key, {})[where[3]] = line.get("target", "source")
        places.setdefault(key, line.place)
    language = options.language or _language_of(name)
    if translated and not options.language and language == "en":
        report.warn(name, "language", "The table is a translation; say into which language.")
    builder = Builder(report)
    for (part, number), texts in found.items():
        place = places[part, number]
        kind = "area" if part == "area" else "competence"
        type_name = "CompetenceArea" if part == "area" else "Competence"
        uri = _address(PAGE, f"{type_name}/{number}")
        builder.row(
            SkillRow(
                uri=uri,
                name=one_line(texts.get("label"), report, row=place, field="label"),
                description=cleaned(texts.get("description"), report, row=place, field="description"),
                code=number,
                kind=kind,
                language=language,
                place=place,
            )
        )
        if part == "competence":
            builder.edge(uri, "broader", _address(PAGE, f"CompetenceArea/{number.split('.')[0]}"))
    return builder, language


def _language_of(name: str) -> str:
    found = re.search(r"_([a-z]{2})\.[a-z]+$", name)
    return found[1] if found else "en"
