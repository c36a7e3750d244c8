"""The three blocks that every public page has, in this order: what it proves, how it is earned, where it fits (PO13).

For a standard they come from its published content, for a credential from its signed bytes alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guildmark.design import assurance, offer
from guildmark.design.types import Standard, VersionView
from guildmark.protocol.openbadges.facts import CredentialFacts

PROVES, EARNED, FITS = "What it proves", "How it is earned", "Where it fits"
NO_JUDGE = "Whether somebody can do it: nobody judges any work."


@dataclass(frozen=True)
class Block:
    """One block: its heading and its sentences, of which there is at least one."""

    title: str
    lines: tuple[str, ...]


def _block(title: str, *lines: str, otherwise: str) -> Block:
    return Block(title, tuple(line for line in lines if line) or (otherwise,))


def of_standard(standard: Standard) -> list[Block]:
    judged = standard.signal != "completion"
    decision = standard.decision
    decides = (
        f"Made for a decision: {decision.who}, {decision.what.rstrip('.')}."
        if decision.who and decision.what
        else ""
    )
    tools = ", ".join(
        " ".join(filter(None, [tool.name, tool.version])) for tool in standard.context if tool.name
    )
    number = len([piece for piece in standard.evidence if piece.required])
    pieces = (
        f"{number} required piece{'' if number == 1 else 's'} of work, judged by people." if judged else ""
    )
    level = assurance.level(assurance.promised(standard))
    return [
        _block(
            PROVES,
            standard.claim if judged else "",
            otherwise=f"That somebody took part. Not: {NO_JUDGE[0].lower()}{NO_JUDGE[1:]}",
        ),
        _block(
            EARNED,
            pieces,
            standard.rule_in_words() if judged and standard.criteria else "",
            f"As it is planned: {level.name.lower()}. {level.meaning}" if judged else "",
            otherwise=standard.summary or "By taking part.",
        ),
        _block(
            FITS,
            standard.audience,
            decides,
            f"Shown with {tools}." if tools else "",
            *(
                f"{link.framework or 'Framework'}: {link.name} ({link.relation})."
                for link in standard.alignments[:3]
            ),
            otherwise="The issuer names no place for it.",
        ),
    ]


def of_credential(
    facts: CredentialFacts, *, judged: bool, evidence: int, level: assurance.Level
) -> list[Block]:
    pieces = f"{evidence} piece{'' if evidence == 1 else 's'} of work. {level.name}: {level.meaning}"
    tools = ", ".join(fact.value for fact in facts.facts if fact.key == "context")
    return [
        _block(
            PROVES,
            facts.claim if judged else "",
            otherwise=f"That the holder took part. Not: {NO_JUDGE[0].lower()}{NO_JUDGE[1:]}",
        ),
        _block(EARNED, pieces if judged else "", facts.bar or "", otherwise=facts.claim or "By taking part."),
        _block(
            FITS,
            f"{facts.title}, standard {facts.version}." if facts.version else f"{facts.title}.",
            f"Shown with {tools}." if tools else "",
            *(f"{link.framework or 'Framework'}: {link.name}." for link in facts.alignments[:3]),
            otherwise=facts.title,
        ),
    ]


def offer_of(version: VersionView, counts: Any) -> list[offer.ShownLine]:
    """The sentences of the offer, with the figures of this version as the records have them now."""
    published = f"{version.published_at.day} {version.published_at:%B %Y}" if version.published_at else ""
    figures = {
        "assessed": counts.assessed,
        "passed": counts.passed,
        "version": version.number,
        "published": published,
    }
    return offer.shown(version.standard, figures)
