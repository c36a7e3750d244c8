"""The verdicts, and how each of them is said: as a name, inside a sentence, and as a whole sentence."""

from __future__ import annotations

from typing import Literal

from guildmark.design.advisor.answers import DECIDING, Answers
from guildmark.design.advisor.saying import joined, n
from guildmark.design.advisor.workload import Need
from guildmark.kernel.words import numbered, said

Verdict = Literal["open", "completion", "micro", "certification", "hybrid_anchor", "hybrid_stack", "not_yet"]
VERDICT_WORDS: dict[str, str] = {
    "open": said("No verdict yet"),
    "completion": said("Completion record"),
    "micro": said("Micro-credential"),
    "certification": said("Certification"),
    "hybrid_anchor": said("Hybrid: an anchor certification with micro-credentials around it"),
    "hybrid_stack": said("Hybrid: begin with a stack, package it later"),
    "not_yet": said("Not yet a certification"),
}
#: The same inside a sentence.
VERDICT_INSIDE: dict[str, str] = {
    "open": said("no verdict yet"),
    "completion": said("completion record"),
    "micro": said("micro-credential"),
    "certification": said("certification"),
    "hybrid_anchor": said("hybrid: an anchor certification with micro-credentials around it"),
    "hybrid_stack": said("hybrid: begin with a stack, package it later"),
    "not_yet": said("not yet a certification"),
}


def headline(verdict: Verdict, needs: tuple[Need, ...], still_open: int) -> str:
    """The verdict in a sentence; for an open one, how many of the four questions are ``still_open``."""
    if verdict == "open":
        return said("Answer the four questions first.") if still_open == len(DECIDING) else numbered(
            "{n} of the four questions is still open.", "{n} of the four questions are still open.", n=still_open)  # fmt: skip
    if verdict == "not_yet":
        return _not_yet([need for need in needs if need.missing])
    texts = {
        "completion": said("A completion record: nothing but taking part would be shown, so nothing else may be claimed."),
        "micro": said("A micro-credential: small, specific, and proven by work that can be looked at."),
        "certification": said("A certification: broad, comparable, and there are people to run it."),
        "hybrid_anchor": said("A certification as the anchor, with micro-credentials for what changes faster."),
        "hybrid_stack": said("Begin with a stack of micro-credentials and package them when the curriculum has settled."),
    }  # fmt: skip
    return texts[verdict]


def _not_yet(missing: list[Need]) -> str:
    # A missing second reviewer is what creators who work alone meet first.
    first = next((need for need in missing if need.key == "item_reviewer"), missing[0])
    places = {"what": first.text, "hours": n(first.cost_hours)}
    if first.unit == "hours a year":
        text = said("Not yet a certification: {what}. That is {hours} hours a year.", **places)
    else:
        text = said(
            "Not yet a certification: {what}. That is {hours} hours of work before the first exam.", **places
        )
    more = len(missing) - 1
    if not more:
        return text
    return joined([text, numbered("{n} more thing is missing.", "{n} more things are missing.", n=more)], " ")


def for_decision(answers: Answers) -> str:
    """The decision that it is for, in the words of whoever answered."""
    given = answers.decision
    who, what, by = (text.strip() for text in (given.who, given.what, given.convinced_by))
    parts = (
        (who, said("Decided by: {text}.", text=who.rstrip("."))),
        (what, said("Decision: {text}.", text=what.rstrip("."))),
        (by, said("Convinced by: {text}.", text=by.rstrip("."))),
    )
    return joined((words for text, words in parts if text), " ")
