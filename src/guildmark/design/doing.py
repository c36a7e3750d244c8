"""What one has to do for a credential, as sentences made from the tasks and criteria of a version (PRODUCT TV13).

Nothing here is written by hand: whoever changes the sentences has to change the standard.
"""

from __future__ import annotations

from dataclasses import dataclass

from guildmark.design.types import Criterion, EvidenceAction, EvidenceRequirement, Standard
from guildmark.kernel.words import marked, said

#: The sentence for work that has to be handed in, and for work that may be.
SENTENCES: dict[EvidenceAction, tuple[str, str]] = {
    "produce": (marked("Make and hand in: {title}."), marked("Make and hand in: {title} (if you like).")),
    "fix": (
        marked("Find and mend what is wrong, and hand in: {title}."),
        marked("Find and mend what is wrong, and hand in: {title} (if you like)."),
    ),
    "perform": (
        marked("Do it, and hand in what shows it: {title}."),
        marked("Do it, and hand in what shows it: {title} (if you like)."),
    ),
    "decide": (
        marked("Decide, give your reasons, and hand in: {title}."),
        marked("Decide, give your reasons, and hand in: {title} (if you like)."),
    ),
}


@dataclass(frozen=True)
class Duty:
    """One thing to do: the sentence, the task in the author's words, and what the work must show."""

    sentence: str
    brief: str = ""
    shows: tuple[str, ...] = ()


def duties(standard: Standard) -> tuple[Duty, ...]:
    """Everything that has to be done, in the order of the tasks. Empty for what nobody judges."""
    if standard.signal == "completion":
        return ()
    found = [_duty(standard, part) for part in standard.evidence]
    known = {part.id for part in standard.evidence}
    loose = [one for one in standard.criteria if not known & set(one.evidence)]
    if loose:
        found.append(Duty(said("In all of it:"), shows=tuple(_shows(standard, one) for one in loose)))
    return tuple(found)


def _duty(standard: Standard, part: EvidenceRequirement) -> Duty:
    must, may = SENTENCES[part.action]
    return Duty(
        said(must if part.required else may, title=part.title),
        part.brief,
        tuple(_shows(standard, one) for one in standard.criteria if part.id in one.evidence),
    )


def _shows(standard: Standard, criterion: Criterion) -> str:
    """``Every branch was run with a test contact. Level 3 or more is a must.``"""
    words = (criterion.statement or criterion.name).rstrip(".")
    if criterion.must_pass:
        return said("{words}. Level {level} or more is a must.", words=words, level=standard.pass_level)
    return f"{words}."
