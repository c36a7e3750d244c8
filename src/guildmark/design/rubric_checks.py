"""What the gate says about the rubric: its scale, the rule that decides, its criteria and what their levels mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from guildmark.design.faults import Fault, advises, blocks
from guildmark.design.types import Standard
from guildmark.kernel.words import said


def check_scale(standard: Standard) -> Iterator[Fault]:
    if len(standard.scale) < 2:
        yield blocks(
            "scale.short", "scale", said("The scale has fewer than two levels."), said("Add a level.")
        )
    labels = Counter(level.label.casefold() for level in standard.scale)
    for level in standard.scale:
        if not level.label or labels[level.label.casefold()] > 1:
            mend = said("Give every level its own word.")
            yield blocks("scale.label", f"scale.{level.id}", said("This level has no word of its own."), mend)
    if not 1 < standard.pass_level <= len(standard.scale):
        count = str(len(standard.scale))
        message = said(
            "The passing level {level} is not above the lowest of {count} levels.",
            level=str(standard.pass_level),
            count=count,
        )
        mend = said("Choose a level from 2 to {count}.", count=count)
        yield blocks("pass_level.scale", "pass_level", message, mend)


def check_rule(standard: Standard) -> Iterator[Fault]:
    if not standard.criteria:
        mend = said("Write what a judge looks at, one line each.")
        yield blocks("criteria.none", "criteria", said("There is no criterion."), mend)
        return
    if not standard.must_pass:
        mend = said("Mark the criteria without which the claim would be untrue.")
        yield blocks("criteria.must_pass", "criteria", said("No criterion must be passed."), mend)
    others = len(standard.others)
    if standard.others_required > others:
        message = said(
            "The rule asks for {asked} of the other criteria, but there are {count}.",
            asked=str(standard.others_required),
            count=str(others),
        )
        mend = said("Ask for at most {count}.", count=str(others))
        yield blocks("others.many", "others_required", message, mend)
    elif others and standard.others_required == 0:
        mend = said("Ask for some of them, or say in each why it is only feedback.")
        message = said("The other {count} criteria do not count for passing.", count=str(others))
        yield advises("others.none", "others_required", message, mend)


def check_criteria(standard: Standard) -> Iterator[Fault]:
    for criterion in standard.criteria:
        path = f"criteria.{criterion.id}"
        if not criterion.name or not criterion.statement:
            mend = said("Give it a short name and one sentence.")
            yield blocks("criterion.empty", path, said("This criterion has no name or no sentence."), mend)
        yield from _descriptors(standard, path, criterion.descriptors)


def _descriptors(standard: Standard, path: str, texts: tuple[str, ...]) -> Iterator[Fault]:
    for index, level in enumerate(standard.scale):
        if index >= len(texts) or not texts[index]:
            mend = said("Describe what the work looks like at this level.")
            message = said(
                "The level {number}, {label}, is not described.", number=str(index + 1), label=level.label
            )
            yield blocks("descriptor.missing", f"{path}.descriptors.{index}", message, mend)
    if len(texts) > len(standard.scale):
        mend = said("Remove the rest, or add the level.")
        yield blocks(
            "descriptor.extra", f"{path}.descriptors", said("There are more descriptions than levels."), mend
        )
    written = [text.casefold() for text in texts if text]
    if len(set(written)) < len(written):
        mend = said("Say what makes the difference.")
        yield advises(
            "descriptor.same", f"{path}.descriptors", said("Two levels have the same description."), mend
        )
