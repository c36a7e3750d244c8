"""Small framework files of our own in every format, and ways to import them."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

from guildmark.skills import actions, formats
from guildmark.skills.formats.common import Options, Package, Report
from guildmark.skills.formats.source import of_stream
from guildmark.skills.types import ImportView

BASE = "https://frameworks.example/bakery"
ESCO_HEAD = (
    "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,description"
)
SKILL = "KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/"


def shared() -> Path | None:
    """The reference frameworks beside the repository (or beside the folder of a working copy), if they are there."""
    named = os.environ.get("GUILDMARK_SHARED_DATA")
    above = Path(__file__).parents[3:5]
    for folder in [Path(named)] if named else [one / "shared" / "data" for one in above]:
        if (folder / "frameworks").is_dir():
            return folder / "frameworks"
    return None


def read(content: bytes | str, name: str, **options: Any) -> tuple[list[Package], Report]:
    """Read a file with no database near."""
    report = Report()
    data = content.encode() if isinstance(content, str) else content
    reading = formats.read(of_stream(io.BytesIO(data), name), Options(**options), report)
    return reading.packages, report


def imported(
    org: Any, content: bytes | str, name: str = "bakery.json", *, withdraw_many: bool = False, **options: Any
) -> ImportView:
    """Import a file at once."""
    data = content.encode() if isinstance(content, str) else content
    view = actions.import_framework(
        by=org.owner,
        org_id=org.id,
        filename=name,
        pieces=[data],
        options=Options(**options),
        withdraw_many=withdraw_many,
        queue=False,
    )
    return actions.run_import(by=org.owner, org_id=org.id, import_id=view.id)


def packed(**files: str | bytes) -> bytes:
    """A zip archive; ``skills_en`` is packed as ``skills_en.csv``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return out.getvalue()


def esco(*more: str) -> bytes:
    skills = "\n".join(
        [
            ESCO_HEAD,
            f'{SKILL}a1,skill/competence,sector-specific,mix dough,"knead dough\nblend dough",,released,'
            '"Mix flour, water and yeast to a dough."',
            f"{SKILL}a2,skill/competence,sector-specific,bake bread,make bread,,released,Bake bread in an oven.",
            f"{SKILL}a3,knowledge,sector-specific,types of flour,,,released,Kinds of flour and what they are for.",
            f"{SKILL}a4,,transversal,wash hands,,,released,Wash hands before work.",
            *more,
        ]
    )
    groups = (
        "conceptType,conceptUri,preferredLabel,altLabels,status,description,code\n"
        "SkillGroup,http://data.europa.eu/esco/skill/S1,making food,,released,All about food.,S1\n"
        "SkillGroup,http://data.europa.eu/esco/skill/S1.1,making bakery products,,released,,S1.1\n"
    )
    hierarchy = (
        "Level 0 URI,Level 0 preferred term,Level 1 URI,Level 1 preferred term,Level 0 code,Level 1 code\n"
        "http://data.europa.eu/esco/skill/S1,making food\n"
        "http://data.europa.eu/esco/skill/S1,making food,http://data.europa.eu/esco/skill/S1.1,"
        "making bakery products,S1,S1.1\n"
    )
    collection = (
        "conceptType,conceptUri,preferredLabel,broaderConceptUri\n"
        "KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/a1,mix dough,http://data.europa.eu/esco/skill/S1.1\n"
        "KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/a2,bake bread,"
        "http://data.europa.eu/esco/skill/S1.1 | http://data.europa.eu/esco/skill/S1\n"
    )
    needs = (
        "originalSkillUri,originalSkillType,relationType,relatedSkillType,relatedSkillUri\n"
        "http://data.europa.eu/esco/skill/a2,skill,essential,skill,http://data.europa.eu/esco/skill/a1\n"
    )
    return packed(
        skills_en=skills,
        skillGroups_en=groups,
        skillsHierarchy_en=hierarchy,
        transversalSkillsCollection_en=collection,
        skillSkillRelations_en=needs,
    )


def item(code: str, statement: str, **more: Any) -> dict[str, Any]:
    guid = f"00000000-0000-4000-8000-{int(code.replace('.', ''), 36):012x}"
    return {
        "uri": f"{BASE}/items/{guid}",
        "identifier": guid,
        "humanCodingScheme": code,
        "fullStatement": statement,
        "lastChangeDateTime": "2026-01-01T00:00:00Z",
        **more,
    }


def below(child: dict[str, Any], parent: dict[str, Any], order: int = 0) -> dict[str, Any]:
    return {
        "identifier": "11111111-0000-4000-8000-000000000000",
        "uri": f"{BASE}/associations/1",
        "associationType": "isChildOf",
        "sequenceNumber": order,
        "originNodeURI": {"uri": child["uri"], "identifier": child["identifier"], "title": "child"},
        "destinationNodeURI": {"uri": parent["uri"], "identifier": parent["identifier"], "title": "parent"},
        "lastChangeDateTime": "2026-01-01T00:00:00Z",
    }


def case(items: list[dict[str, Any]] | None = None, **more: Any) -> str:
    """A CASE package: a topic with three statements below it."""
    topic = item("B1", "Working with dough", CFItemType="Topic", language="en")
    mixing = item("B1.1", "Mixes a dough to a given firmness", language="en", notes="By hand or machine.")
    resting = item("B1.2", "Judges when a dough has rested enough", language="en")
    shaping = item(
        "B1.3",
        "Shapes loaves of equal weight",
        language="en",
        alternativeLabel="moulding | loaf shaping",
        extensions={"guildmark": {"requirement": "optional"}},
    )
    document = {
        "uri": f"{BASE}/documents/1",
        "identifier": "22222222-0000-4000-8000-000000000000",
        "title": "Bakery framework",
        "creator": "Bakers of Northlamp",
        "publisher": "Bakers of Northlamp",
        "version": "1.0",
        "language": "en",
        "adoptionStatus": "Adopted",
        "licenseURI": {"title": "CC BY 4.0", "identifier": "33333333-0000-4000-8000-000000000000",
                       "uri": "https://creativecommons.org/licenses/by/4.0/"},
        "lastChangeDateTime": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    everything = items if items is not None else [topic, mixing, resting, shaping]
    links = [below(topic, document)] if items is None else []
    links += [below(one, topic, n) for n, one in enumerate(everything[1:], start=1)] if items is None else []
    return json.dumps({"CFDocument": document, "CFItems": everything, "CFAssociations": links, **more})


def ctdl() -> str:
    return json.dumps(
        {
            "@context": "https://credreg.net/ctdlasn/schema/context/json",
            "@graph": [
                {
                    "@id": f"{BASE}/ctdl",
                    "@type": "ceasn:CompetencyFramework",
                    "ceasn:name": {"en-us": "Bakery framework", "es": "Marco de panadería"},
                    "ceasn:inLanguage": ["en-us"],
                    "ceasn:publisherName": {"en-us": "Bakers of Northlamp"},
                    "ceasn:hasTopChild": [f"{BASE}/ctdl/1"],
                    "ceterms:ctid": "ce-22222222-0000-4000-8000-000000000000",
                },
                {
                    "@id": f"{BASE}/ctdl/1",
                    "@type": "ceasn:Competency",
                    "ceasn:competencyText": {"en-us": "Works with dough"},
                    "ceasn:codedNotation": "1",
                    "ceasn:hasChild": [f"{BASE}/ctdl/2"],
                    "ceasn:isPartOf": [f"{BASE}/ctdl"],
                },
                {
                    "@id": f"{BASE}/ctdl/2",
                    "@type": "ceasn:Competency",
                    "ceasn:competencyLabel": {"en-us": "Mixing", "es": "Amasado"},
                    "ceasn:competencyText": {"en-us": "Mixes a dough to a given firmness."},
                    "ceasn:isChildOf": [f"{BASE}/ctdl/1"],
                    "ceasn:isPartOf": [f"{BASE}/ctdl"],
                    "ceasn:exactAlignment": ["http://data.europa.eu/esco/skill/a1"],
                },
            ],
        }
    )


RSD = (
    "Collection,Skill Name,Skill Category,Contextualized Skill Statement,Keywords,Alignment\n"
    "Bakery,Dough Mixing,Dough,Mix a dough to a given firmness.,Dough; Yeast,https://skills.example/42\n"
    "Bakery,Loaf Shaping,Dough,Shape loaves of equal weight.,Dough,\n"
)
PLAIN = (
    "Code;Fähigkeit;Beschreibung;Oberbegriff;Pflicht\n"
    "T;Teig;Alles über Teig;;\n"
    "T1;Teig mischen;Mischt Teig bis zur verlangten Festigkeit;T;ja\n"
    "T2;Brote formen;Formt gleich schwere Brote;T;nein\n"
)
DIGCOMP = json.dumps(
    {
        "@context": {"Competence": "Competence"},
        "@graph": [
            {"@type": "CompetenceArea", "@id": "CompetenceArea/1", "name": "Information", "description": "Finding."},
            {"@type": "Competence", "@id": "Competence/1.1", "name": "Searching", "description": "To search.",
             "competence_area_id": "CompetenceArea/1"},
            {"@type": "Competence", "@id": "Competence/1.2", "name": "Judging sources", "description": "To judge.",
             "competence_area_id": "CompetenceArea/1"},
            {"@type": "LearningOutcome", "@id": "LearningOutcome/LO1.1.01", "description": "Names two search tools.",
             "type": "Knowledge", "competence_area_id": "CompetenceArea/1", "competence_id": "Competence/1.1",
             "four_levels_proficiency_name": "ProficiencyLevel/Basic"},
            {"@type": "Glossary", "@id": "Glossary/AI system", "explanation": "A machine-based system."},
        ],
    }
)  # fmt: skip
