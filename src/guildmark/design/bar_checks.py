"""What the gate says about the parts of the bar page: explainer, samples, cost and retakes (TV1, TV3, TV4, M20)."""

from __future__ import annotations

from collections.abc import Iterator

from guildmark.design import captions
from guildmark.design.types import Finding, Sample, Standard
from guildmark.kernel.words import said

#: Longer than this is no short explainer any more.
LONGEST_MINUTES = 5


def _finding(rule: str, path: str, message: str, mend: str, *, blocking: bool = False) -> Finding:
    return Finding(rule, "blocking" if blocking else "advice", path, "bar", message, mend)


def check_bar(standard: Standard) -> Iterator[Finding]:
    """Findings on what readers look at before they begin; advice, except for captions that no player can read."""
    yield from _explainer(standard)
    for sample in standard.samples:
        yield from _sample(standard, sample)
    if standard.cost is None:
        mend = said("Name the price, or 0 when it costs nothing.")
        yield _finding("cost.missing", "cost", said("Nothing says what it costs."), mend)
    if not standard.conditions.retake_rule:
        mend = said("Say when somebody who used every attempt may try again, or that they may not.")
        path = "conditions.retake_rule"
        yield _finding(
            "retake.missing", path, said("Nothing says what happens after the last attempt."), mend
        )


def _explainer(standard: Standard) -> Iterator[Finding]:
    given = standard.explainer
    if given is None:
        return
    if given.captions and not captions.is_webvtt(given.captions):
        mend = said("Begin with the line WEBVTT; each cue has times such as 00:00.000 --> 00:04.000.")
        path = "explainer.captions"
        yield _finding("captions.form", path, said("The captions are no WebVTT."), mend, blocking=True)
    if not given.url:
        return
    if not given.captions:
        mend = said("Paste the captions of the video, so that it can be followed without sound.")
        yield _finding("captions.missing", "explainer.captions", said("The explainer has no captions."), mend)
        if not given.transcript:
            mend = said("Paste what is said; it is read, searched and printed.")
            path = "explainer.transcript"
            yield _finding("transcript.missing", path, said("The explainer has no transcript."), mend)
    if given.minutes > LONGEST_MINUTES:
        message = said(
            "The explainer takes {minutes} minutes; few watch more than {most}.",
            minutes=f"{given.minutes:g}",
            most=str(LONGEST_MINUTES),
        )
        yield _finding(
            "explainer.long", "explainer.minutes", message, said("Show one task and one decision.")
        )


def _sample(standard: Standard, sample: Sample) -> Iterator[Finding]:
    path = f"samples.{sample.id}.levels"
    if not sample.levels:
        if sample.kind != "clear_pass":
            mend = said(
                "Enter the levels that the judges gave, so that readers can judge it first and compare."
            )
            yield _finding("sample.levels", path, said("This sample has no official levels."), mend)
        return
    if {one.id for one in standard.criteria} <= set(sample.levels):
        passes = standard.passes(sample.levels)
        if passes != (sample.kind != "just_fail"):
            message = (
                said("By its levels and the rule this sample passes.")
                if passes
                else said("By its levels and the rule this sample does not pass.")
            )
            mend = said("Mend the levels, or call it by what it is.")
            yield _finding("sample.kind", path, message, mend)
