"""A framework as a file for others: CASE 1.1 and CTDL-ASN. What we import and export again says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson

from guildmark.kernel.clock import stamp
from guildmark.skills.formats.case import EXTENSION
from guildmark.skills.models import Framework, Skill, Tie

CTDL_CONTEXT = "https://credreg.net/ctdlasn/schema/context/json"
#: Our kind of tie -> associationType of CASE; what it has no word for is marked as an extension (CASE 1.1, ext:).
ASSOCIATIONS = {
    "broader": "isChildOf",
    "part_of": "isPartOf",
    "exact": "exactMatchOf",
    "close": "isPeerOf",
    "related": "isRelatedTo",
    "precedes": "precedes",
    "replaced_by": "replacedBy",
    "essential": "ext:isEssentialFor",
    "optional": "ext:isOptionalFor",
}
#: Our kind of tie -> term of CTDL-ASN.
ALIGNMENTS = {"exact": "exactAlignment", "close": "majorAlignment", "related": "minorAlignment"}


@dataclass(frozen=True)
class Content:
    """A framework with its skills by number, in the order of the file, and its ties."""

    framework: Framework
    skills: Mapping[int, Skill]
    ties: list[Tie]


def content(framework: Framework) -> Content:
    skills = Skill.objects.for_org(framework.org_id).filter(framework=framework).exclude(state="imported")
    ties = Tie.objects.for_org(framework.org_id).filter(framework=framework, generation=framework.generation)
    return Content(
        framework,
        {skill.number: skill for skill in skills.order_by("position", "number")},
        list(ties.order_by("source", "kind", "position", "id")),
    )


def _guid(uri: str, known: object = None) -> str:
    """The GUID of something: the one that came with it, the one that it is, or one made of its address."""
    if isinstance(known, str) and known:
        return known
    try:
        return str(UUID(uri.removeprefix("urn:uuid:")))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, uri))


def _given(**values: Any) -> dict[str, Any]:
    """What is not empty."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {}, ())}


# -- CASE --------------------------------------------------------------------------------------------


def case(what: Content) -> bytes:
    """A CFPackage (CASE 1.1) as JSON. Withdrawn skills carry the day on which they ended."""
    framework = what.framework
    changed = stamp(framework.imported_at)
    head = _link(framework.title, framework.uri, framework.extra.get("identifier"))
    licence = _licence(framework)
    document = _given(
        uri=framework.uri,
        identifier=head["identifier"],
        lastChangeDateTime=changed,
        caseVersion="1.1",
        CFPackageURI=head,
        title=framework.title,
        creator=framework.extra.get("creator") or framework.attribution or framework.publisher or "Not named",
        publisher=framework.publisher,
        description=framework.description,
        version=framework.version,
        language=framework.language,
        officialSourceURL=framework.url,
        adoptionStatus=framework.extra.get("adoptionStatus"),
        frameworkType=framework.extra.get("frameworkType"),
        licenseURI=licence and _link(licence["title"], licence["uri"], licence["identifier"]),
    )
    package = {
        "CFDocument": document,
        "CFItems": [_item(skill, head) for skill in what.skills.values()],
        "CFAssociations": list(_associations(what, head, changed)),
    }
    if licence:
        package["CFDefinitions"] = {"CFLicenses": [{**licence, "lastChangeDateTime": changed}]}
    return orjson.dumps(package, option=orjson.OPT_INDENT_2)


def _link(title: str, uri: str, known: object = None) -> dict[str, str]:
    return {"title": title, "identifier": _guid(uri, known), "uri": uri}


def _licence(framework: Framework) -> dict[str, str] | None:
    if not framework.licence and not framework.licence_url:
        return None
    uri = framework.licence_url
    title = framework.licence or uri
    return {
        "uri": uri,
        "identifier": _guid(uri or title),
        "title": title,
        "licenseText": framework.attribution or title,
    }


def _item(skill: Skill, head: dict[str, str]) -> dict[str, Any]:
    carried = {
        name: value
        for name, value in skill.extra.items()
        if name not in {"identifier", "abbreviatedStatement", "listEnumeration"}
    }
    ours = _given(requirement=skill.requirement, texts=skill.texts, carried=carried)
    return _given(
        uri=skill.uri,
        identifier=_guid(skill.uri, skill.extra.get("identifier")),
        lastChangeDateTime=stamp(skill.changed_at),
        CFDocumentURI=head,
        fullStatement=skill.name,
        alternativeLabel=" | ".join(skill.alternatives),
        abbreviatedStatement=skill.extra.get("abbreviatedStatement"),
        listEnumeration=skill.extra.get("listEnumeration"),
        humanCodingScheme=skill.code,
        conceptKeywords=list(skill.keywords),
        notes=skill.description,
        language=skill.language,
        CFItemType=skill.kind,
        educationLevel=skill.level.split(", ") if skill.level else [],
        statusEndDate=_day(skill.withdrawn_at) if skill.state == "withdrawn" else "",
        extensions={EXTENSION: ours} if ours else {},
    )


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""


def _associations(what: Content, head: dict[str, str], changed: str) -> Iterable[dict[str, Any]]:
    below: set[int] = set()
    for tie in what.ties:
        source = what.skills.get(tie.source)
        target = what.skills.get(tie.target) if tie.target is not None else None
        if source is None or (target is None and not tie.target_uri):
            continue
        if tie.kind == "broader":
            below.add(tie.source)
        end = (
            _link(target.name, target.uri, target.extra.get("identifier"))
            if target
            else _link(tie.target_uri, tie.target_uri)
        )
        yield _association(source, ASSOCIATIONS[tie.kind], end, tie.position, head, changed)
    for number, skill in what.skills.items():
        if number not in below:
            yield _association(skill, "isChildOf", head, 0, head, changed)


def _association(
    source: Skill, kind: str, end: dict[str, str], position: int, head: dict[str, str], changed: str
) -> dict[str, Any]:
    guid = str(uuid5(NAMESPACE_URL, "\x1f".join((head["uri"], source.uri, kind, end["uri"]))))
    return {
        "identifier": guid,
        "uri": f"urn:uuid:{guid}",
        "associationType": kind,
        "sequenceNumber": position,
        "originNodeURI": _link(source.name, source.uri, source.extra.get("identifier")),
        "destinationNodeURI": end,
        "CFDocumentURI": head,
        "lastChangeDateTime": changed,
    }


# -- CTDL-ASN ----------------------------------------------------------------------------------------


def ctdl(what: Content) -> bytes:
    """The framework and its current skills as CTDL-ASN (JSON-LD). Which skill is optional cannot be said there."""
    framework = what.framework
    skills = {number: skill for number, skill in what.skills.items() if skill.state == "current"}
    above: dict[int, list[str]] = {}
    children: dict[int, list[str]] = {}
    aligned: dict[int, dict[str, list[str]]] = {}
    for tie in what.ties:
        source, target = skills.get(tie.source), skills.get(tie.target or -1)
        if tie.kind == "broader" and source and target:
            above.setdefault(tie.source, []).append(target.uri)
            children.setdefault(target.number, []).append(source.uri)
        elif tie.kind == "essential" and source and target:
            aligned.setdefault(target.number, {}).setdefault("ceasn:prerequisiteAlignment", []).append(
                source.uri
            )
        elif tie.kind in ALIGNMENTS and source and (target or tie.target_uri):
            term = f"ceasn:{ALIGNMENTS[tie.kind]}"
            uri = target.uri if target else tie.target_uri
            aligned.setdefault(tie.source, {}).setdefault(term, []).append(uri)
    words = _in_languages(framework.language)
    head = _given(
        **{
            "@id": framework.uri,
            "@type": "ceasn:CompetencyFramework",
            "ceterms:ctid": framework.extra.get("ctid") or f"ce-{_guid(framework.uri)}",
            "ceasn:name": words(framework.title),
            "ceasn:description": words(framework.description),
            "ceasn:inLanguage": [framework.language] if framework.language else [],
            "ceasn:publisherName": words(framework.publisher),
            "ceasn:license": framework.licence_url,
            "ceasn:rights": words(framework.licence),
            "ceasn:source": [framework.url] if framework.url else [],
            "ceasn:versionIdentifier": framework.version,
            "ceasn:dateModified": stamp(framework.imported_at),
            "ceasn:hasTopChild": [skill.uri for number, skill in skills.items() if number not in above],
        }
    )
    graph = [head]
    for number, skill in skills.items():
        graph.append(
            _given(
                **_competency(skill, framework, words),
                **{
                    "ceasn:isChildOf": above.get(number),
                    "ceasn:isTopChildOf": framework.uri if number not in above else "",
                    "ceasn:hasChild": children.get(number),
                    **aligned.get(number, {}),
                },
            )
        )
    return orjson.dumps({"@context": CTDL_CONTEXT, "@graph": graph}, option=orjson.OPT_INDENT_2)


Words = Callable[[str], Any]


def _in_languages(language: str) -> Words:
    """Texts as language maps where the language is known."""
    return lambda text: ({language: text} if language else text) if text else ""


def _competency(skill: Skill, framework: Framework, words: Words) -> dict[str, Any]:
    names: Any = words(skill.name)
    others = {tag: text["name"] for tag, text in skill.texts.items() if text.get("name")}
    if others and isinstance(names, dict):
        names = {**names, **others}
    texts = (
        {"ceasn:competencyLabel": names, "ceasn:competencyText": words(skill.description)}
        if skill.description
        else {"ceasn:competencyText": names}
    )
    tag = framework.language
    lists = {
        "skos:altLabel": {tag: list(skill.alternatives)} if tag else list(skill.alternatives),
        "ceasn:conceptKeyword": {tag: list(skill.keywords)} if tag else list(skill.keywords),
    }
    return {
        "@id": skill.uri,
        "@type": "ceasn:Competency",
        "ceterms:ctid": skill.extra.get("ctid") or f"ce-{_guid(skill.uri)}",
        **texts,
        **{term: value for term, value in lists.items() if value and value != {tag: []}},
        "ceasn:codedNotation": skill.code,
        "ceasn:competencyCategory": words(skill.kind),
        "ceasn:complexityLevel": skill.level,
        "ceasn:isPartOf": framework.uri,
        "ceasn:dateModified": stamp(skill.changed_at),
    }


#: Format -> (writer, ending of the file's name, media type)
WRITERS: dict[str, tuple[Callable[[Content], bytes], str, str]] = {
    "case": (case, "case.json", "application/json"),
    "ctdl": (ctdl, "ctdl.jsonld", "application/ld+json"),
}
