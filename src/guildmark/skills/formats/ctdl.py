"""ASN and CTDL-ASN: competency frameworks as JSON-LD (Credential Engine), and ASN's older RDF/JSON.

Terms are told by their last part (``ceasn:competencyText``, ``http://purl.org/ctdlasn/terms/competencyText``), so
that no context has to be fetched. A file may hold several frameworks; each becomes one of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

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
    language_tag,
    made_uri,
    one_line,
    several,
)
from guildmark.skills.formats.source import Source, json_of, only

FORMAT = "ctdl"
MAX_FRAMEWORKS = 50
FRAMEWORKS = {"CompetencyFramework", "StandardDocument"}
COMPETENCIES = {"Competency", "Statement"}
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TERM = re.compile(r"[^:/#]+$")
#: Term -> our kind of tie, and whether it runs the other way.
TIES: dict[str, tuple[str, bool]] = {
    "isChildOf": ("broader", False),
    "hasChild": ("broader", True),
    "broadAlignment": ("broader", False),
    "exactAlignment": ("exact", False),
    "majorAlignment": ("close", False),
    "minorAlignment": ("related", False),
    "prerequisiteAlignment": ("essential", True),
    "narrowAlignment": ("broader", True),
}
#: Alignments lead out of the framework; only these may be parents inside it.
INSIDE = {"isChildOf", "hasChild"}
OUTWARD = {"exact", "close", "related"}

Node = dict[str, Any]


def fits(source: Source) -> bool:
    if len(source.names) != 1:
        return False
    content = source.read(source.names[0])
    return content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in b"{[" and any(
        word in content for word in (b"CompetencyFramework", b"StandardDocument", b"ceasn:", b"ctdlasn")
    )


def read(source: Source, options: Options, report: Report, tick: Tick) -> list[Package]:
    """Every framework of the file. Raises UnreadableFramework when it names none and holds no competency."""
    name = only(source, (".jsonld", ".json"))
    nodes = [node for node in _nodes(json_of(source.read(name), name)) if _id(node) or _types(node)]
    frameworks = [node for node in nodes if _types(node) & FRAMEWORKS]
    competencies = [node for node in nodes if _types(node) & COMPETENCIES]
    if not frameworks and not competencies:
        raise UnreadableFramework(
            f"{name} holds neither a competency framework nor a competency.",
            field="@type",
            mend="Send CTDL-ASN or ASN as JSON-LD.",
        )
    if len(frameworks) > MAX_FRAMEWORKS:
        raise UnreadableFramework(
            f"{name} holds {len(frameworks):,} frameworks; the limit is {MAX_FRAMEWORKS}.",
            field="file",
            mend="Split it.",
        )
    if not frameworks:
        report.warn(name, "@type", "The file names no framework; its competencies are taken as one.")
        frameworks = [{"@id": "", "name": options.title or name}]
    owners = _owners(frameworks, competencies)
    theirs: dict[int, list[Node]] = {}
    for node in competencies:
        theirs.setdefault(owners[_id(node)], []).append(node)
    packages = [
        _package(head, number, theirs.get(number, []), report, tick) for number, head in enumerate(frameworks)
    ]
    return [options.over(package) for package in packages] if len(packages) == 1 else packages


# -- the graph ---------------------------------------------------------------------------------------


def _term(name: str) -> str:
    found = _TERM.search(name)
    return found[0] if found else name


def _nodes(document: Any) -> Iterator[Node]:
    """Nodes with their terms shortened, from a list, a graph, a single node, or RDF/JSON."""
    if isinstance(document, list):
        for entry in document:
            yield from _nodes(entry)
        return
    if not isinstance(document, dict):
        return
    if "@graph" in document:
        yield from _nodes(document["@graph"])
        return
    if "@type" not in document and "@id" not in document and _is_rdf_json(document):
        for subject, properties in document.items():
            yield _from_rdf_json(subject, properties)
        return
    yield {(key if key.startswith("@") else _term(key)): value for key, value in document.items()}


def _is_rdf_json(document: Mapping[str, Any]) -> bool:
    first = next(iter(document.values()), None)
    return isinstance(first, dict) and all(isinstance(value, list) for value in first.values())


def _from_rdf_json(subject: str, properties: Any) -> Node:
    node: Node = {"@id": subject}
    for name, values in properties.items() if isinstance(properties, dict) else ():
        term = _term(name)
        for value in values if isinstance(values, list) else ():
            if not isinstance(value, dict):
                continue
            if term == "type":
                node.setdefault("@type", []).append(value.get("value"))
            elif value.get("type") == "uri":
                node.setdefault(term, []).append({"@id": value.get("value")})
            elif value.get("lang"):
                node.setdefault(term, []).append({"@language": value["lang"], "@value": value.get("value")})
            else:
                node.setdefault(term, []).append(value.get("value"))
    return node


def _id(node: Mapping[str, Any]) -> str:
    return _absolute(str(node.get("@id") or node.get("id") or ""))


def _absolute(uri: str) -> str:
    """A bare GUID, which some registries write as an id, as the URN that it stands for."""
    return f"urn:uuid:{uri.lower()}" if _GUID.fullmatch(uri) else uri


def _types(node: Mapping[str, Any]) -> set[str]:
    said = node.get("@type", node.get("type"))
    return {_term(str(one)) for one in (said if isinstance(said, list) else [said]) if one}


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _ids(value: Any) -> list[str]:
    return [
        text
        for one in _list(value)
        if (text := _id(one) if isinstance(one, dict) else _absolute(str(one or "")))
    ]


def _texts(value: Any) -> dict[str, list[Any]]:
    """Texts by language: plain ones under ``""``, language maps and value objects under their tag."""
    found: dict[str, list[Any]] = {}
    for one in _list(value):
        if isinstance(one, dict) and "@value" in one:
            found.setdefault(language_tag(one.get("@language")), []).append(one["@value"])
        elif isinstance(one, dict):
            for tag, texts in one.items():
                if not tag.startswith("@"):
                    found.setdefault(language_tag(tag), []).extend(_list(texts))
        else:
            found.setdefault("", []).append(one)
    return found


def _owners(frameworks: list[Node], competencies: list[Node]) -> dict[str, int]:
    """Which framework (by its place) a competency belongs to: by isPartOf, by isTopChildOf, or by its parents."""
    numbers = {_id(head): number for number, head in enumerate(frameworks)}
    parents: dict[str, list[str]] = {}
    owners: dict[str, int] = {}
    for number, head in enumerate(frameworks):
        for uri in [*_ids(head.get("hasTopChild")), *_ids(head.get("hasChild"))]:
            owners.setdefault(uri, number)
    for node in competencies:
        uri = _id(node)
        for owner in [*_ids(node.get("isPartOf")), *_ids(node.get("isTopChildOf"))]:
            if owner in numbers:
                owners[uri] = numbers[owner]
        parents.setdefault(uri, []).extend(_ids(node.get("isChildOf")))
        for child in _ids(node.get("hasChild")):
            parents.setdefault(child, []).append(uri)
    for node in competencies:
        trail: dict[str, None] = {}
        uri = _id(node)
        while uri not in owners and uri not in trail and parents.get(uri):
            trail[uri] = None
            uri = parents[uri][0]
        # What belongs to none of them is counted to the first.
        found = owners.get(uri, numbers.get(uri, 0))
        owners.update(dict.fromkeys([*trail, _id(node)], found))
    return owners


# -- one framework -----------------------------------------------------------------------------------


class _Words:
    """The texts of a node in its main language, and in the others."""

    def __init__(self, node: Node, main: str, place: str, report: Report) -> None:
        self.node, self.main, self.place, self.report = node, main, place, report
        self.others: dict[str, dict[str, Any]] = {}

    def line(self, *terms: str, limit: int = 2_000) -> str:
        return one_line(self._raw(*terms), self.report, row=self.place, field=terms[0], limit=limit)

    def text(self, *terms: str) -> str:
        return cleaned(self._raw(*terms), self.report, row=self.place, field=terms[0])

    def _raw(self, *terms: str) -> Any:
        for term in terms:
            found = self.texts(term)
            if found:
                return "\n".join(str(one) for one in found if isinstance(one, (str, int, float)))
        return ""

    def texts(self, term: str) -> list[Any]:
        by_language = _texts(self.node.get(term))
        if not by_language:
            return []
        for tag in (self.main, self.main.split("-")[0], "", *by_language):
            if tag in by_language:
                return by_language[tag]
        return []

    def elsewhere(self, term: str) -> dict[str, str]:
        """The text in every further language."""
        found = {}
        for tag, texts in _texts(self.node.get(term)).items():
            if tag and tag != self.main and texts:
                words = one_line(" ".join(str(one) for one in texts), self.report, row=self.place, field=term)
                if words:
                    found[tag] = words
        return found


def _package(head: Node, number: int, competencies: list[Node], report: Report, tick: Tick) -> Package:
    place = f"framework {number + 1}"
    language = next((tag for one in _list(head.get("inLanguage")) if (tag := language_tag(one))), "")
    language = language or next((tag for tag in _texts(head.get("name")) if tag), "")
    words = _Words(head, language, place, report)
    title = words.line("name", "title", limit=300)
    if not title:
        report.warn(place, "name", "The framework has no name.")
    uri = identifier(_id(head), report, row=place, field="@id") or made_uri(FORMAT, title)
    builder = Builder(report)
    for count, node in enumerate(competencies, start=1):
        _competency(node, language, builder, report)
        if count % 500 == 0:
            tick(count, len(competencies))
    for position, child in enumerate(
        dict.fromkeys(_ids(head.get("hasTopChild")) + _ids(head.get("hasChild")))
    ):
        if child not in builder.rows and child not in builder.unusable:
            report.warn(
                place,
                "hasChild",
                f"It names the competency {child[:120]} (entry {position + 1}), which the file does not hold.",
                "Export the framework together with its competencies.",
                kind="absent",
            )
    for node in competencies:
        _tie(node, builder)
    rows, edges = builder.settled({uri})
    return Package(
        uri=uri,
        title=title or "Untitled framework",
        format=FORMAT,
        publisher=words.line("publisherName", limit=300) or _named(head, report, place),
        version=words.line("versionIdentifier", "version", limit=60),
        language=language,
        description=words.text("description"),
        licence=words.line("rights", limit=300),
        licence_url=next(iter(_ids(head.get("license"))), "")[:500],
        attribution=_named(head, report, place),
        url=next(iter(_ids(head.get("source"))), "")[:500],
        extra={"ctid": ctid} if (ctid := words.line("ctid", limit=60)) else {},
        rows=rows,
        edges=edges,
        unusable=frozenset(builder.unusable),
    )


def _named(head: Node, report: Report, place: str) -> str:
    for term in ("publisher", "creator"):
        for name in _ids(head.get(term)):
            return one_line(name, report, row=place, field=term, limit=300)
    return ""


def _competency(node: Node, language: str, builder: Builder, report: Report) -> None:
    uri = identifier(_id(node), report, row="competency", field="@id")
    words = _Words(node, language, uri or "competency", report)
    code = words.line("codedNotation", "statementNotation", limit=120)
    label, text = words.line("competencyLabel", "name"), words.text("competencyText")
    comment = words.text("comment")
    if not text:
        text, comment = words.text("description"), comment
    # A label names the skill and its text explains it; without a label the text is the name.
    name, description = (
        (label, text) if label and text else (" ".join((label or text).split())[:2000], comment)
    )
    texts = {
        tag: {"name": said}
        for tag, said in (
            words.elsewhere("competencyLabel") if label else words.elsewhere("competencyText")
        ).items()
    }
    builder.row(
        SkillRow(
            uri=uri,
            name=name,
            description=description,
            code=code,
            alternatives=several(
                words.texts("alternativeLabel") or words.texts("altLabel"), report, row=uri, field="altLabel"
            ),
            keywords=several(words.texts("conceptKeyword"), report, row=uri, field="conceptKeyword"),
            kind=words.line("competencyCategory", "statementLabel", limit=40),
            level=words.line("complexityLevel", "educationLevelType", limit=60),
            language=language,
            texts=texts,
            extra={"ctid": ctid} if (ctid := words.line("ctid", limit=60)) else {},
            place=uri,
        )
    )


def _tie(node: Node, builder: Builder) -> None:
    uri = _id(node)
    for term, (kind, turned) in TIES.items():
        for position, other in enumerate(_ids(node.get(term))):
            if term not in INSIDE and other not in builder.rows:
                # Outside the framework nothing contains a skill, and nothing can be said of the other end.
                builder.edge(uri, kind if kind in OUTWARD else "related", other, position)
            elif not (turned and other in builder.unusable):
                source, target = (other, uri) if turned else (uri, other)
                builder.edge(source, kind, target, position)
