"""From signed bytes to what the public page says. Nothing on the page comes from anywhere else (DECISIONS 4)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from guildmark.protocol.openbadges.facts import CredentialFacts, EvidenceFacts
from guildmark.protocol.openbadges.reading import read

CLASS_WORDS = {
    "completion": ("Completion record", "took part in this. It records attendance, not a judged skill."),
    "demonstrated": ("Demonstrated skill · micro-credential", "showed this with their own work"),
    "certified": ("Certification", "was examined against a governed standard"),
}


@dataclass(frozen=True)
class ShownEvidence:
    """One line of evidence: what the credential says of it, and where it can be opened, if the holder shows it."""

    title: str
    kind: str
    narrative: str
    digest: str
    url: str


@dataclass(frozen=True)
class PageFacts:
    """What the template needs, computed from the document alone."""

    facts: CredentialFacts
    signal: str
    class_words: str
    sentence: str
    holder: str
    criteria_met: int
    evidence: tuple[ShownEvidence, ...]
    days_public: int | None
    document: str


def item_id(evidence: EvidenceFacts) -> str:
    """The last part of an evidence address, which names the stored item."""
    return urlsplit(evidence.id or "").path.rsplit("/", 1)[-1]


def kind_word(evidence: EvidenceFacts) -> str:
    word = (evidence.genre or evidence.media_type or "file").split("/")[-1]
    return word[:4].upper()


def page_facts(
    document: dict[str, Any],
    *,
    shown: frozenset[str] = frozenset(),
    evidence_base: str = "",
    show_name: bool = True,
) -> PageFacts:
    """Read a credential for display. ``shown`` names the evidence items that the holder lets outsiders open."""
    facts = read(document)
    signal = facts.signal.value if facts.signal else "completion"
    words, sentence = CLASS_WORDS[signal]
    if signal == "demonstrated":
        sentence = f"{sentence}, {judged_by(facts)}"
    met = sum(
        1
        for c in facts.criteria
        if c.achieved and c.required and _rank(c, "achieved") >= _rank(c, "required")
    )
    evidence = tuple(
        ShownEvidence(
            title=e.name or "Evidence",
            kind=kind_word(e),
            narrative=e.narrative or e.description or "",
            digest=e.digest or "",
            url=f"{evidence_base}{item_id(e)}" if evidence_base and item_id(e) in shown else "",
        )
        for e in facts.evidence
    )
    return PageFacts(
        facts=facts,
        signal=signal,
        class_words=words,
        sentence=sentence,
        holder=(facts.recipient.name if show_name else None) or "The holder",
        criteria_met=met,
        evidence=evidence,
        days_public=days_public(facts),
        document=json.dumps(document, ensure_ascii=False, indent=2),
    )


def days_public(facts: CredentialFacts) -> int | None:
    """Whole days between the publication of the standard and the hand-in of the work, from the signed figures."""
    dates = {fact.key: fact.value for fact in facts.facts}
    try:
        published = date.fromisoformat(dates["standardPublished"])
        submitted = date.fromisoformat(dates["submitted"])
    except (KeyError, ValueError):
        return None
    return max(0, (submitted - published).days)


def _rank(criterion: Any, which: str) -> int:
    wanted = getattr(criterion, which)
    return next((i for i, level in enumerate(criterion.levels, 1) if level.id == wanted.id), 0)


def judged_by(facts: CredentialFacts) -> str:
    """``judged by one person, who had also taught them`` and the like, from the signed assessment facts."""
    number = len(facts.assessment.judges) if facts.assessment else 0
    if number == 0:
        return "judged by the issuer."
    people = {1: "one person", 2: "two people", 3: "three people"}.get(number, f"{number} people")
    return f"judged by {people} against a published standard."
