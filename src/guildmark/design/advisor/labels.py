"""Whether what it is to be called promises more or less than what is under it (DF4, PO11)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from guildmark.design import wording
from guildmark.design.advisor import scoring
from guildmark.design.advisor.answers import Answers, Part
from guildmark.design.advisor.saying import Told, formula
from guildmark.design.advisor.verdicts import Verdict
from guildmark.kernel.words import numbered, said

CALLED_CERTIFIED = re.compile(r"\bcertif", re.IGNORECASE)


class Label(Part):
    """A label that promises more or less than what is under it (PO11)."""

    rule: Literal["label.over", "label.under"]
    message: Told
    mend: Told


def labels(answers: Answers, verdict: Verdict) -> tuple[Label, ...]:
    """What the title or the intended class promises beyond the breadth, and what it leaves unsaid; both may hold."""
    grand = bool(wording.grand_words(answers.title, title=True) or CALLED_CERTIFIED.search(answers.title))
    return (*_over(answers, grand), *_under(answers, verdict, grand))


def _over(answers: Answers, grand: bool) -> Iterator[Label]:
    narrow = scoring.breadth(answers) == "narrow"
    if narrow and grand:
        message = said("It is narrow, {size}, and the title says so.", size=_size(answers))
    elif narrow and answers.intended == "certification":
        message = said("It is narrow, {size}, and you mean a certification.", size=_size(answers))
    elif grand and answers.intended == "micro":
        message = said("The title sounds like a certification, and you mean a micro-credential.")
    elif grand and answers.intended == "completion":
        message = said("The title sounds like a certification, and you mean a completion record.")
    else:
        return
    mend = said("Call it what it shows, or name the breadth that a certification needs.")
    yield Label(rule="label.over", message=message, mend=mend if narrow else said("Call it what it shows."))


def _under(answers: Answers, verdict: Verdict, grand: bool) -> Iterator[Label]:
    # A grand title speaks for something larger only where nothing smaller was said to be meant.
    unsaid = not answers.intended and verdict == "micro" and not grand
    small = answers.intended in {"micro", "completion"} or unsaid
    if scoring.breadth(answers) in {"broad", "very broad"} and small:
        under = said("It is broad, {size}: one micro-credential undersells it.", size=_size(answers))
        mend = said("Split it into several that stack, or plan the certification they lead to.")
        yield Label(rule="label.under", message=under, mend=mend)


def _size(answers: Answers) -> str:
    return formula(
        "{competencies} {domains}",
        competencies=numbered("{n} competency", "{n} competencies", n=answers.competencies),
        domains=numbered("in {n} domain", "in {n} domains", n=answers.domains),
    )
