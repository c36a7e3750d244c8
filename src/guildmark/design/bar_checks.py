"""What the gate says about the parts of the bar page: explainer, samples, cost and retakes (TV1, TV3, TV4, M20)."""

from __future__ import annotations

from collections.abc import Iterator

from guildmark.design import captions
from guildmark.design.types import Explainer, Finding, Rules, Sample, Standard
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
    elif strange := captions.strange_tag(given.captions):
        message = said("The captions hold the tag {tag}, which is none of captions.", tag=strange)
        path, mend = "explainer.captions", said("Take it out: captions are words with times.")
        yield _finding("captions.tags", path, message, mend, blocking=True)
    if not (given.url or given.video):
        return
    if not given.captions:
        mend = said("Paste the captions of the video, so that it can be followed without sound.")
        yield _finding("captions.missing", "explainer.captions", said("The explainer has no captions."), mend)
        if not given.transcript:
            mend = said("Paste what is said; it is read, searched and printed.")
            path = "explainer.transcript"
            yield _finding("transcript.missing", path, said("The explainer has no transcript."), mend)
    yield from _length(given)


def _length(given: Explainer) -> Iterator[Finding]:
    """Whether it is short, and whether the minutes that are typed are those of the file, where it says them."""
    real = round(given.video.seconds / 60, 1) if given.video else 0
    if real and given.minutes and abs(given.minutes - real) > max(0.5, real / 5):
        message = said(
            "The page says {typed} minutes; the video runs {real}.",
            typed=f"{given.minutes:g}",
            real=f"{real:g}",
        )
        mend = said("Write the minutes that it runs.")
        yield _finding("explainer.minutes", "explainer.minutes", message, mend)
    minutes = max(given.minutes, real)
    if minutes > LONGEST_MINUTES:
        message = said(
            "The explainer takes {minutes} minutes; few watch more than {most}.",
            minutes=f"{minutes:g}",
            most=str(LONGEST_MINUTES),
        )
        yield _finding(
            "explainer.long", "explainer.minutes", message, said("Show one task and one decision.")
        )


def check_stored(standard: Standard, rules: Rules) -> Iterator[Finding]:
    """Whether the video that a standard names is here, and is what the standard says of it."""
    video = standard.explainer.video if standard.explainer else None
    if video is None or rules.videos is None or video in rules.videos:
        return
    path = "explainer.video"
    mend = said("Upload the file in the step “The bar”, or remove the video.")
    if any(one.sha256 == video.sha256 for one in rules.videos):
        message = said("What is said of the explainer video does not fit the file that is stored here.")
    else:
        message = said("The explainer video that is named is not stored here.")
    yield _finding("explainer.stored", path, message, mend, blocking=True)


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
