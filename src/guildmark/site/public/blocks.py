"""The three blocks that every public page has, in this order: what it proves, how it is earned, where it fits (PO13).

For a standard they come from its published content, for a credential from its signed bytes alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guildmark.design import assurance, offer
from guildmark.design.types import Standard, VersionView
from guildmark.kernel.speaking import spoken
from guildmark.kernel.words import day, numbered, said
from guildmark.protocol.openbadges.facts import CredentialFacts

PROVES, EARNED, FITS = said("What it proves"), said("How it is earned"), said("Where it fits")


@dataclass(frozen=True)
class Block:
    """One block: its heading and its sentences, of which there is at least one."""

    title: str
    lines: tuple[str, ...]


def _block(title: str, *lines: str, otherwise: str) -> Block:
    return Block(title, tuple(line for line in lines if line) or (otherwise,))


def of_record(standard: Standard) -> list[Block]:
    """The blocks of a standard of which nothing is judged; the page of any other has a section for each."""
    return [
        _block(
            PROVES,
            otherwise=said(
                "That somebody took part. Not: whether somebody can do it: nobody judges any work."
            ),
        ),
        _block(EARNED, standard.summary, otherwise=said("By taking part.")),
        _block(FITS, standard.audience, otherwise=said("The issuer names no place for it.")),
    ]


def of_credential(
    facts: CredentialFacts, *, judged: bool, evidence: int, level: assurance.Level
) -> list[Block]:
    pieces = numbered(
        "{n} piece of work. {level}: {meaning}",
        "{n} pieces of work. {level}: {meaning}",
        n=evidence,
        level=level.name,
        meaning=level.meaning,
    )
    tools = ", ".join(fact.value for fact in facts.facts if fact.key == "context")
    return [
        _block(
            PROVES,
            facts.claim if judged else "",
            otherwise=said(
                "That the holder took part. Not: whether somebody can do it: nobody judges any work."
            ),
        ),
        _block(
            EARNED,
            pieces if judged else "",
            facts.bar or "",
            otherwise=facts.claim or said("By taking part."),
        ),
        _block(
            FITS,
            said("{title}, standard {version}.", title=facts.title, version=facts.version)
            if facts.version
            else f"{facts.title}.",
            said("Shown with {tools}.", tools=tools) if tools else "",
            *(
                said("{framework}: {name}.", framework=link.framework or said("Framework"), name=link.name)
                for link in facts.alignments[:3]
            ),
            otherwise=facts.title,
        ),
    ]


def offer_of(version: VersionView, counts: Any) -> list[offer.ShownLine]:
    """The sentences of the offer, with the figures of this version as the records have them now."""
    published = spoken(day(version.published_at)) if version.published_at else ""
    figures = {
        "assessed": counts.assessed,
        "passed": counts.passed,
        "version": version.number,
        "published": published,
    }
    return offer.shown(version.standard, figures)
