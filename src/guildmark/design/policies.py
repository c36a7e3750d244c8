"""The publish gate: what stands between a draft and its publication, as findings that say where, why
and how.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal
from urllib.parse import urlsplit

from guildmark.design import (
    assurance,
    impostor,
    limits,
    offer,
    promise,
    quiz_domains,
    rubric_checks,
    typecheck,
    wording,
)  # fmt: skip
from guildmark.design.alignment import coverage
from guildmark.design.bar_checks import check_bar, check_stored
from guildmark.design.claimcheck import check_wording
from guildmark.design.classes import CERTIFIED_CHECKS
from guildmark.design.drafts import plain_path, walk_texts
from guildmark.design.faults import Fault, listed
from guildmark.design.types import Finding, Rules, Standard
from guildmark.kernel.words import Count, said

LANGUAGE_TAG = re.compile(r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$")
STEP_OF = {
    "evidence": "evidence",
    "criteria": "rubric",
    "scale": "rubric",
    "pass_level": "rubric",
    "others_required": "rubric",
    "title": "claim",
    "claim": "claim",
    "summary": "claim",
    "audience": "claim",
    "language": "claim",
    "context": "claim",
    "competencies": "claim",
    "lessons": "claim",
    "decision": "claim",
    "offer": "offer",
    "signal": "claim",
    "badge_note": "image",
}
Severity = Literal["blocking", "advice"]


def step_of(path: str) -> str:
    """The step of the editor in which a path is written."""
    return STEP_OF.get(path.split(".")[0], "bar")


def _finding(
    severity: Severity, rule: str, path: str, message: str, mend: str, span: tuple[int, int] | None = None
) -> Finding:
    return Finding(rule, severity, path, step_of(path), message, mend, span)


def _blocks(rule: str, path: str, message: str, mend: str, span: tuple[int, int] | None = None) -> Finding:
    return _finding("blocking", rule, path, message, mend, span)


def _advice(rule: str, path: str, message: str, mend: str) -> Finding:
    return _finding("advice", rule, path, message, mend)


def findings(standard: Standard, rules: Rules | None = None) -> list[Finding]:
    """Everything that the gate has to say, blocking findings first, in the order of the editor's steps.

    ``rules`` are what the organisation asks of its standards (default: the defaults).
    """
    asked = rules or Rules()
    checks = COMPLETION_CHECKS if standard.signal == "completion" else COMPETENCY_CHECKS
    found = [finding for check in checks for finding in check(standard)]
    if standard.signal != "completion":
        found += [finding for ruled in RULED_CHECKS for finding in ruled(standard, asked)]
    found += check_stored(standard, asked)
    order = ["claim", "evidence", "rubric", "bar", "offer", "image", "publish"]
    return sorted(found, key=lambda f: (f.severity != "blocking", order.index(f.step)))


def blocking(standard: Standard, rules: Rules | None = None) -> list[Finding]:
    return [finding for finding in findings(standard, rules) if finding.severity == "blocking"]


# --- every class


def check_signal(standard: Standard) -> Iterator[Finding]:
    if standard.signal == "certified":
        yield _blocks(
            "signal.certified",
            "signal",
            said(
                "The class certified cannot be published yet. It promises {checks}; "
                "these checks do not exist in this release.",
                checks=listed(list(CERTIFIED_CHECKS)),
            ),
            said("Choose demonstrated skill, or keep this as a draft."),
        )


def check_words(standard: Standard) -> Iterator[Finding]:
    if not standard.title:
        yield _blocks(
            "title.empty", "title", said("The standard has no title."), said("Give it a short name.")
        )
    if not LANGUAGE_TAG.match(standard.language):
        yield _blocks(
            "language.tag",
            "language",
            said("The language is not a language tag."),
            said("Use en, de, es or the like."),
        )
    guarded = {
        "title": standard.title,
        "claim": standard.claim,
        "summary": standard.summary,
        "badge_note": standard.badge_note,
    }
    if assurance.opens_grand_words(standard):
        return
    for path, text in guarded.items():
        for start, end in wording.grand_words(text, title=path == "title"):
            yield _blocks(
                "wording.grand",
                path,
                _too_grand(standard, text[start:end]),
                said("Say what the person did. Certified, expert and master are words of a certification."),
                (start, end),
            )


def _too_grand(standard: Standard, words: str) -> str:
    if standard.signal == "certified":
        level = assurance.level(assurance.promised(standard)).name
        return said("“{words}” promises more than “{level}” carries.", words=words, level=level)
    return said("“{words}” promises more than this class of credential shows.", words=words)


def check_texts(standard: Standard) -> Iterator[Finding]:
    for path, text in walk_texts(standard.model_dump(mode="json")):
        name = plain_path(path)
        lines = name in limits.LINES or name == "claim"  # claim.sentences speaks of its line breaks
        for position, character in wording.forbidden_characters(text, lines=lines)[:1]:
            yield _blocks(
                "text.hidden",
                path,
                said(
                    "The text holds a hidden character ({code}) at place {place}.",
                    code=f"U+{ord(character):04X}",
                    place=str(position + 1),
                ),
                said("Type that place again without pasting; right-to-left text needs no mark of direction."),
                (position, position + 1),
            )
        limit = limits.TEXTS.get(name, limits.DEFAULT_TEXT)
        if len(text) > limit:
            yield _blocks(
                "text.long",
                path,
                said(
                    "The text has {count} characters; the limit is {limit}.",
                    count=Count(len(text)),
                    limit=Count(limit),
                ),
                said("Shorten it."),
            )


def check_counts(standard: Standard) -> Iterator[Finding]:
    for name, limit in limits.PARTS.items():
        count = len(getattr(standard, name))
        if count > limit:
            mend = said("Split the standard, or join rows that say the same.")
            message = said(
                "There are {count} rows; the limit is {limit}.", count=str(count), limit=str(limit)
            )
            yield _blocks("parts.many", name, message, mend)


def is_web_address(url: str) -> bool:
    """True for an http or https address with a host; nothing else may become a link."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in url
    except ValueError:
        return False


def check_links(standard: Standard) -> Iterator[Finding]:
    links = [(f"samples.{s.id}.url", s.url) for s in standard.samples]
    if standard.explainer:
        links.append(("explainer.url", standard.explainer.url))
    for path, url in links:
        if url and not is_web_address(url):
            yield _blocks(
                "link.address",
                path,
                said("This is not a web address."),
                said("Use an address that begins with https://."),
            )
    for sample in standard.samples:
        if not sample.url and not sample.text:
            path, mend = f"samples.{sample.id}", said("Link the sample, paste it, or remove the row.")
            yield _blocks("sample.empty", path, said("This sample has neither a link nor a text."), mend)
    for index, line in enumerate(standard.not_shown):
        if not line:
            yield _blocks(
                "not_shown.empty",
                f"not_shown.{index}",
                said("This line is empty."),
                said("Write it or remove it."),
            )


def check_periods(standard: Standard) -> Iterator[Finding]:
    if standard.review_months is None:
        never = standard.validity_months is None
        yield _advice(
            "review.missing",
            "review_months",
            said("No review is planned and holders keep it for ever.")
            if never
            else said("No review is planned."),
            said(
                "Choose after how many months somebody looks at the standard again; the page will show the date."
            ),
        )


# --- completion records


def check_completion(standard: Standard) -> Iterator[Finding]:
    mend = said("Remove it, or choose the class demonstrated skill and have the work judged.")
    carried = {
        "claim": (
            said("A completion record says that somebody took part. It cannot carry a can-do claim."),
            standard.claim,
        ),
        "competencies": (
            said("A completion record says that somebody took part. It cannot carry competencies."),
            standard.competencies,
        ),
        "evidence": (
            said(
                "A completion record says that somebody took part. It cannot carry evidence, for nobody judges it."
            ),
            standard.evidence,
        ),
        "criteria": (
            said("A completion record says that somebody took part. It cannot carry criteria."),
            standard.criteria,
        ),
        "alignments": (
            said(
                "A completion record says that somebody took part. It cannot carry alignments to a skills framework."
            ),
            standard.alignments,
        ),
    }
    for path, (message, value) in carried.items():
        if value:
            yield _blocks(f"completion.{path}", path, message, mend)
    if not standard.summary:
        example = said("Say what they took part in: Attended four live sessions and opened every lesson.")
        yield _blocks("summary.empty", "summary", said("Nothing says what was completed."), example)


# --- demonstrated skills


def check_claim(standard: Standard) -> Iterator[Finding]:
    if limits.LONG_CLAIM < len(standard.claim) <= limits.TEXTS["claim"]:
        message = said(
            "The claim has {count} characters; a stranger reads about {limit}.",
            count=str(len(standard.claim)),
            limit=str(limits.LONG_CLAIM),
        )
        yield _advice(
            "claim.long", "claim", message, said("Move conditions that everybody expects to the bar.")
        )
    if not standard.competencies:
        mend = said("Write what must be mastered to do what the claim says, one line each.")
        yield _blocks("competencies.none", "competencies", said("There is no competency."), mend)
    for competency in standard.competencies:
        if not competency.statement:
            path = f"competencies.{competency.id}"
            yield _blocks(
                "competency.empty", path, said("This competency is empty."), said("Write it or remove it.")
            )
    for index, context in enumerate(standard.context):
        if not context.name:
            yield _blocks(
                "context.empty",
                f"context.{index}",
                said("This tool has no name."),
                said("Name it or remove the row."),
            )


def check_evidence(standard: Standard) -> Iterator[Finding]:
    if not standard.evidence:
        mend = said("Say what they hand in: a working export, a repaired copy, a recorded walkthrough.")
        yield _blocks("evidence.none", "evidence", said("Nothing has to be handed in."), mend)
    elif not any(requirement.required for requirement in standard.evidence):
        mend = said("Mark at least one piece as required.")
        yield _blocks("evidence.optional", "evidence", said("Every piece of evidence is optional."), mend)
    for requirement in standard.evidence:
        path = f"evidence.{requirement.id}"
        if not requirement.title:
            yield _blocks(
                "evidence.untitled",
                path + ".title",
                said("This piece of evidence has no name."),
                said("Name it."),
            )
        if not requirement.brief:
            mend = said("Say what it must contain and in which form.")
            yield _blocks(
                "evidence.brief", path + ".brief", said("This piece of evidence has no task."), mend
            )


def check_alignments(standard: Standard) -> Iterator[Finding]:
    known = {part.id for part in standard.competencies}
    for link in standard.alignments:
        path = f"alignments.{link.id}"
        if not link.name or not is_web_address(link.url):
            mend = said("Give the name in the framework and its address, which begins with https://.")
            yield _blocks(
                "alignment.target", path, said("This alignment has no name or no web address."), mend
            )
        for identity in link.competencies:
            if identity not in known:
                message = said(
                    "This alignment names the competency {identity}, which does not exist.", identity=identity
                )
                yield _blocks("link.dangling", path, message, said("Choose one that exists."))


def check_trust(standard: Standard) -> Iterator[Finding]:
    """What a sceptic misses (TV1 to TV7, MC11); advice, for a creator may have reasons."""
    if not standard.explainer or not (standard.explainer.url or standard.explainer.video):
        mend = said("Link two minutes in which you show what the skill looks like.")
        yield _advice("explainer.missing", "explainer", said("There is no explainer video."), mend)
    words = {
        "clear_pass": said("There is no sample of a clear pass."),
        "just_pass": said("There is no sample of a just pass."),
        "just_fail": said("There is no sample of a just fail."),
    }
    kinds = {sample.kind for sample in standard.samples}
    for kind, message in words.items():
        if kind not in kinds:
            mend = said("Show one with the judge's notes; learners and employers see where the bar lies.")
            yield _advice(f"samples.{kind}", "samples", message, mend)
    if not standard.not_shown:
        mend = said("Name one neighbouring skill that this does not test.")
        yield _advice("not_shown.missing", "not_shown", said("Nothing says what this does not show."), mend)
    for competency in coverage(standard).open:
        mend = said("Tie it to a row under Frameworks, or write there why none fits.")
        path = f"competencies.{competency.id}"
        yield _advice("alignment.open", path, said("This competency is tied to no skills framework."), mend)
    if not standard.audience:
        yield _advice(
            "audience.missing",
            "audience",
            said("Nothing says whom this is for."),
            said("Name the work it helps with."),
        )
    if standard.study_hours is None or standard.assessment_hours is None:
        mend = said("Estimate both; learners decide by them.")
        yield _advice(
            "hours.missing", "study_hours", said("The hours of study or of assessment are missing."), mend
        )


Check = Callable[[Standard], Iterator[Finding]]


def _placed(check: Callable[[Standard], Iterator[Fault]]) -> Check:
    """A check that knows nothing of the editor, with the step of each of its faults."""

    def placed(standard: Standard) -> Iterator[Finding]:
        for fault in check(standard):
            yield _finding(fault.severity, fault.rule, fault.path, fault.message, fault.mend, fault.span)

    return placed


COMMON: tuple[Check, ...] = (
    check_signal,
    check_words,
    check_texts,
    check_counts,
    check_links,
    check_periods,
    _placed(promise.in_the_gate),
    _placed(promise.check_where_it_fits),
    _placed(offer.check),
)
COMPLETION_CHECKS: tuple[Check, ...] = (*COMMON, check_completion)
COMPETENCY_CHECKS: tuple[Check, ...] = (
    *COMMON,
    check_claim,
    check_evidence,
    _placed(rubric_checks.check_scale),
    _placed(rubric_checks.check_rule),
    _placed(rubric_checks.check_criteria),
    _placed(typecheck.check),
    _placed(quiz_domains.check),
    _placed(promise.check_volatility),
    _placed(promise.check_decision),
    check_alignments,
    check_trust,
    check_bar,
)


def check_impostor(standard: Standard, rules: Rules) -> Iterator[Finding]:
    """Whether somebody without the skill passes more often than the organisation bears (AE7).

    Silent while something is missing that other findings name, for the number would only repeat them.
    """
    known = {requirement.id for requirement in standard.evidence}
    if not standard.must_pass or not all(known & set(c.evidence) for c in standard.criteria):
        return
    found = impostor.checked(standard, rules)
    if found.over:
        message = said(
            "{verdict} {limits}", verdict=impostor.verdict(found), limits=impostor.limits_in_words(rules)
        )
        yield _blocks("impostor.chance", impostor.place(found), message, impostor.mend(found))


#: Checks that depend on what the organisation asks.
RULED_CHECKS: tuple[Callable[[Standard, Rules], Iterator[Finding]], ...] = (check_wording, check_impostor)


def completion_refusal(before: Standard, after: Standard) -> str:
    """The member that an edit would newly put on a completion record; empty when it adds none (PO3).

    Switching the class of a draft drops nothing silently, so what was there before stays and the gate
    names it.
    """
    if before.signal != "completion" or after.signal != "completion":
        return ""
    added: list[str] = [
        name
        for name in ("claim", "competencies", "evidence", "criteria", "alignments")
        if _has(after, name) and not _has(before, name)
    ]
    return added[0] if added else ""


def _has(standard: Standard, name: str) -> bool:
    value: Any = getattr(standard, name)
    return bool(value)
