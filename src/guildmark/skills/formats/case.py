"""CASE 1.0 and 1.1: a CFPackage as JSON (1EdTech Competencies and Academic Standards Exchange).

Taken from CFDocument, CFItems, CFAssociations and CFDefinitions/CFLicenses; rubrics are left out and said so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from guildmark.skills.formats.common import (
    MAX_TEXT,
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

FORMAT = "case"
MAX_FRAMEWORKS = 50
#: associationType of CASE -> our kind and whether it runs the other way. isChildOf is handled on its own.
#: Where our own exports put what CASE has no place for (CASE 1.1, "extensions" of an item).
EXTENSION = "guildmark"
KINDS: dict[str, tuple[str, bool]] = {
    "isChildOf": ("broader", False),
    "isPartOf": ("part_of", False),
    "hasPart": ("part_of", True),
    "exactMatchOf": ("exact", False),
    "isPeerOf": ("close", False),
    "isRelatedTo": ("related", False),
    "precedes": ("precedes", False),
    "replacedBy": ("replaced_by", False),
    "ext:isEssentialFor": ("essential", False),
    "ext:isOptionalFor": ("optional", False),
}


def fits(source: Source) -> bool:
    name = next(iter(source.names))
    head = source.read(name)
    return (
        len(source.names) == 1
        and head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in b"{["
        and b'"CFDocument"' in head
    )


def read(source: Source, options: Options, report: Report, tick: Tick) -> list[Package]:
    """One package, or several in a list. Raises UnreadableFramework when there is no CFDocument."""
    name = only(source, (".json", ".jsonld"))
    document = json_of(source.read(name), name)
    found = [_inner(entry) for entry in (document if isinstance(document, list) else [document])]
    if not found or not all(isinstance(entry.get("CFDocument"), dict) for entry in found):
        raise UnreadableFramework(
            f"{name} has no CFDocument: it is no CASE package.",
            field="CFDocument",
            mend="Export the whole package (CFPackages/{id}), not only its items.",
        )
    if len(found) > MAX_FRAMEWORKS:
        raise UnreadableFramework(
            f"{name} holds {len(found):,} packages; the limit is {MAX_FRAMEWORKS}.",
            field="file",
            mend="Split it.",
        )
    packages = [_package(entry, options, report, tick) for entry in found]
    return [options.over(package) for package in packages] if len(packages) == 1 else packages


def _inner(entry: Any) -> dict[str, Any]:
    if isinstance(entry, dict) and isinstance(entry.get("CFPackage"), dict):
        return dict(entry["CFPackage"])
    return entry if isinstance(entry, dict) else {}


def _listed(package: Mapping[str, Any], name: str, report: Report) -> list[Any]:
    value = package.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnreadableFramework(f"{name} is no list.", field=name, mend="Export the package again.")
    return value


def _package(package: dict[str, Any], options: Options, report: Report, tick: Tick) -> Package:
    head = package["CFDocument"]
    place = "CFDocument"
    uri = _uri_of(head, report, place)
    title = one_line(head.get("title"), report, row=place, field="title", limit=300)
    if not title:
        report.warn(place, "title", "The framework has no title.")
    language = language_tag(head.get("language"))
    items = _listed(package, "CFItems", report)
    builder = Builder(report)
    aliases: dict[str, str] = {}
    today = datetime.now(UTC).date().isoformat()
    for number, item in enumerate(items, start=1):
        _item(item, number, language, today, builder, aliases, report)
        if number % 500 == 0:
            tick(number, len(items))
    roots = {uri, str(head.get("identifier") or uri)}
    for number, link in enumerate(_listed(package, "CFAssociations", report), start=1):
        _association(link, number, builder, aliases, report)
    if _listed(package, "CFRubrics", report):
        report.note("CFRubrics", "", "Rubrics are not taken over.")
    rows, edges = builder.settled(roots)
    licence, licence_url = _licence(head, package, report)
    status = str(head.get("adoptionStatus") or "")
    if status == "Deprecated":
        report.warn(place, "adoptionStatus", "Its publisher calls the framework deprecated.")
    return Package(
        uri=uri or made_uri("case", title),
        title=title or options.title or "Untitled framework",
        format=FORMAT,
        publisher=one_line(
            head.get("publisher") or head.get("creator"), report, row=place, field="publisher", limit=300
        ),
        version=one_line(head.get("version"), report, row=place, field="version", limit=60),
        language=language,
        description=cleaned(head.get("description"), report, row=place, field="description"),
        licence=licence,
        licence_url=licence_url,
        attribution=one_line(head.get("creator"), report, row=place, field="creator", limit=300),
        url=one_line(head.get("officialSourceURL"), report, row=place, field="officialSourceURL", limit=500),
        extra={
            key: head[key]
            for key in ("identifier", "creator", "adoptionStatus", "frameworkType")
            if isinstance(head.get(key), str)
        },
        rows=rows,
        edges=edges,
        unusable=frozenset(builder.unusable),
    )


def _uri_of(thing: Mapping[str, Any], report: Report, place: str) -> str:
    uri = identifier(thing.get("uri"), report, row=place, field="uri")
    if uri:
        return uri
    guid = identifier(thing.get("identifier"), report, row=place, field="identifier")
    return f"urn:uuid:{guid.lower()}" if guid else ""


def _item(
    item: Any,
    number: int,
    language: str,
    today: str,
    builder: Builder,
    aliases: dict[str, str],
    report: Report,
) -> None:
    place = f"CFItems[{number}]"
    if not isinstance(item, dict):
        report.error(place, "", "This entry is no item and was left out.")
        return
    uri = _uri_of(item, report, place)
    code = one_line(item.get("humanCodingScheme"), report, row=place, field="humanCodingScheme", limit=120)
    if code:
        place = f"{place} ({code})"
    guid = str(item.get("identifier") or "").lower()
    if guid and uri:
        aliases[guid] = uri
    own = language_tag(item.get("language")) or language
    level = item.get("educationLevel")
    keywords = item.get("conceptKeywords")
    other = str(item.get("alternativeLabel") or "").split(" | ")
    ended = str(item.get("statusEndDate") or "")[:10]
    ours = _ours(item)
    builder.row(
        SkillRow(
            uri=uri,
            name=one_line(item.get("fullStatement"), report, row=place, field="fullStatement"),
            description=cleaned(item.get("notes"), report, row=place, field="notes"),
            code=code,
            alternatives=several(other, report, row=place, field="alternativeLabel"),
            keywords=several(
                keywords if isinstance(keywords, list) else [], report, row=place, field="conceptKeywords"
            ),
            kind=one_line(item.get("CFItemType"), report, row=place, field="CFItemType", limit=40),
            level=", ".join(
                several(level if isinstance(level, list) else [], report, row=place, field="educationLevel")
            )[:60],
            language=own,
            requirement=ours["requirement"] if ours.get("requirement") in ("essential", "optional") else "",
            texts=_texts(ours.get("texts"), report, place),
            extra={
                **_carried(ours.get("carried")),
                **{
                    key: value[:2000]
                    for key in ("identifier", "abbreviatedStatement", "listEnumeration")
                    if isinstance(value := item.get(key), str) and value
                },
            },
            retired=bool(ended) and ended <= today,
            place=place,
        )
    )


def _ours(item: Mapping[str, Any]) -> dict[str, Any]:
    """What our own exports say beyond CASE: whether the skill is essential, its other languages, what it carries."""
    extensions = item.get("extensions")
    said = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
    return said if isinstance(said, dict) else {}


def _texts(said: object, report: Report, place: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for tag, text in said.items() if isinstance(said, dict) else ():
        if language_tag(tag) and isinstance(text, dict):
            found[language_tag(tag)] = {
                name: cleaned(text[name], report, row=place, field=f"texts.{tag}.{name}")
                for name in ("name", "description")
                if text.get(name)
            }
    return dict(list(found.items())[:50])


def _carried(said: object) -> dict[str, Any]:
    """Short texts and lists of them, under short names; anything else was not written by us."""
    found: dict[str, Any] = {}
    for name, value in said.items() if isinstance(said, dict) else ():
        if isinstance(value, str) and len(value) <= MAX_TEXT:
            found[str(name)[:40]] = value
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            found[str(name)[:40]] = [one[:400] for one in value[:200]]
    return dict(list(found.items())[:20])


def _node(link: Mapping[str, Any], name: str, aliases: Mapping[str, str]) -> str:
    """The end of an association: an object with uri and identifier, or (older files) only an address or GUID."""
    end = link.get(name)
    if isinstance(end, dict):
        guid, uri = str(end.get("identifier") or "").lower(), str(end.get("uri") or "")
        return aliases.get(guid) or uri or guid
    text = str(end or link.get(name.replace("URI", "Identifier")) or "")
    return aliases.get(text.lower(), text)


def _association(
    link: Any, number: int, builder: Builder, aliases: Mapping[str, str], report: Report
) -> None:
    place = f"CFAssociations[{number}]"
    if not isinstance(link, dict):
        report.error(place, "", "This entry is no association and was left out.")
        return
    said = str(link.get("associationType") or "")
    source, target = _node(link, "originNodeURI", aliases), _node(link, "destinationNodeURI", aliases)
    if not source or not target:
        report.error(place, "originNodeURI", "The association lacks one of its ends and was left out.")
        return
    if said not in KINDS:
        report.note(place, "associationType", f"Ties of the kind {said[:60]!r} are not taken over.")
        return
    kind, turned = KINDS[said]
    if turned:
        source, target = target, source
    order = link.get("sequenceNumber")
    builder.edge(source, kind, target, order if isinstance(order, int) and 0 <= order < 2**31 else 0)


def _licence(head: Mapping[str, Any], package: Mapping[str, Any], report: Report) -> tuple[str, str]:
    named = head.get("licenseURI")
    link: Mapping[str, Any] = named if isinstance(named, dict) else {"uri": named}
    title, uri = link.get("title"), link.get("uri")
    definitions = package.get("CFDefinitions")
    licences = definitions.get("CFLicenses") if isinstance(definitions, dict) else None
    for licence in licences if isinstance(licences, list) and "identifier" in link else []:
        if isinstance(licence, dict) and licence.get("identifier") == link["identifier"]:
            title = licence.get("title") or title
    place = "CFDocument"
    return (
        one_line(title, report, row=place, field="licenseURI", limit=300),
        one_line(uri, report, row=place, field="licenseURI", limit=500),
    )
