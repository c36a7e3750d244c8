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


def of_record(standard: Standard) -> list[Block]:
    """The blocks of a standard of which nothing is judged; the page of any other has a section for each."""
    not_this = f"Not: {NO_JUDGE[0].lower()}{NO_JUDGE[1:]}"
    return [
        _block(PROVES, f"That somebody took part. {not_this}", otherwise=""),
        _block(EARNED, standard.summary, otherwise="By taking part."),
        _block(FITS, standard.audience, otherwise="The issuer names no place for it."),
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
