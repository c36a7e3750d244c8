"""The impostor meter: how likely somebody passes a standard without the skill (AE7), and what would lower it.

The arithmetic and its assumptions are in :mod:`guildmark.psychometrics`; this module reads a :class:`Standard` for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from guildmark.design import limits
from guildmark.design.faults import one_by_one
from guildmark.design.impostor_changes import changes
from guildmark.design.impostor_quiz import Row, domains_of, quiz_rows
from guildmark.design.types import EvidenceRequirement, Quiz, Rules, Standard
from guildmark.kernel.words import Number, Said, said
from guildmark.psychometrics import impostor as model

GUESSER = "guesser"
# Changes one after the other, at most.
LONGEST_WAY = 6
COSTLY = {"judges", "tries"}


@dataclass(frozen=True)
class Suggestion:
    """One single change of the standard: ``content`` are the members to save, the chances those of the worst
    impostor afterwards. ``words`` begin a sentence, ``within`` stand inside of one.
    """

    key: str
    words: str
    within: str
    once: float
    retakes: float
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """The rows, likeliest first; the worst at one try and within all ``tries``; the limits of the organisation."""

    rows: tuple[Row, ...]
    worst: Row
    worst_retakes: Row
    tries: int
    rules: Rules
    suggestions: tuple[Suggestion, ...] = ()
    #: Where a limit is passed: one change after the other until none is, or until nothing helps any more.
    way: tuple[Suggestion, ...] = ()

    @property
    def once(self) -> float:
        return self.worst.once.chance

    @property
    def retakes(self) -> float:
        return self.worst_retakes.retakes.chance

    @property
    def over(self) -> bool:
        """Whether a limit is passed, so that the standard cannot be published."""
        return self.once > self.rules.impostor_once or self.retakes > self.rules.impostor_with_retakes

    @property
    def even_odds(self) -> int:
        """After how many independent tries the worst impostor has passed with a chance of one half; 0 for never."""
        return model.tries_for_even_odds(self.once)

    def as_json(self) -> dict[str, Any]:
        """The form of ``guildmark impostor --json``."""
        return {
            "once": self.once,
            "with_retakes": self.retakes,
            "tries": self.tries,
            "worst": self.worst.key,
            "worst_with_retakes": self.worst_retakes.key,
            "limits": {"once": self.rules.impostor_once, "with_retakes": self.rules.impostor_with_retakes},
            "over": self.over,
            "impostors": [_row_json(row) for row in self.rows],
            "suggestions": [
                {"key": s.key, "words": s.words, "once": s.once, "with_retakes": s.retakes}
                for s in self.suggestions
            ],
            "way": [s.key for s in self.way],
        }


def _row_json(row: Row) -> dict[str, Any]:
    def estimate(e: model.Estimate) -> dict[str, Any]:
        found: dict[str, Any] = {"chance": e.chance, "low": e.low, "high": e.high, "method": e.method}
        return found | ({"n": e.n, "seed": e.seed} if e.method == "monte_carlo" else {})

    return {
        "impostor": row.key,
        "name": row.name,
        "counted": row.counted,
        "note": row.note,
        "once": estimate(row.once),
        "with_retakes": estimate(row.retakes),
        "assumptions": [
            {"key": a.key, "sentence": a.sentence, "value": a.value, "source": a.source}
            for a in {a.key: a for a in (*row.once.assumptions, *row.retakes.assumptions)}.values()
        ],
    }


# --- from a standard to the model


def work_sample(standard: Standard) -> model.WorkSample:
    """What a standard asks and how it decides, as the model takes it.

    A criterion that is seen in no evidence is counted as passed, for nobody could say why it is not.
    """
    conditions = standard.conditions
    checks: set[str] = set(conditions.authorship_checks)
    if conditions.supervision == "in_person":
        checks.add("supervised")
    elif conditions.supervision == "online" and "supervised" not in checks:
        checks.add("watched_online")
    known = {requirement.id for requirement in standard.evidence}
    required = {requirement.id for requirement in standard.evidence if requirement.required}
    criteria = []
    for criterion in standard.criteria:
        tied = [identity for identity in criterion.evidence if identity in known]
        must_come = tuple(identity for identity in tied if identity in required)
        criteria.append(model.Judged(criterion.id, criterion.must_pass, must_come or tuple(tied)))
    shown = _published(standard)
    return model.WorkSample(
        pieces=tuple(_piece(requirement, requirement.id in shown) for requirement in standard.evidence),
        criteria=tuple(criteria),
        others_required=standard.others_required,
        judges=conditions.judges,
        checks=frozenset(checks),
        further_tries=conditions.resubmissions,
    )


def _published(standard: Standard) -> set[str]:
    """The pieces of which passing work is published: those seen in the criteria for which a passing sample gives
    levels, or all of them where it does not say.
    """
    seen_in = {criterion.id: set(criterion.evidence) for criterion in standard.criteria}
    found: set[str] = set()
    for sample in standard.samples:
        if sample.kind == "just_fail" or not (sample.url or sample.text):
            continue
        if not sample.levels or set(sample.levels) - set(seen_in):
            return {requirement.id for requirement in standard.evidence}
        found.update(*(seen_in[identity] for identity in sample.levels))
    return found


def _piece(requirement: EvidenceRequirement, published: bool) -> model.Piece:
    if requirement.form == "quiz":
        quiz = requirement.quiz or Quiz()
        domains = domains_of(quiz)
        questions = model.ClosedQuestions(quiz.items, quiz.options, quiz.cut, domains=domains)
        return model.Piece(
            requirement.id, "quiz", requirement.variants, questions=questions, name=requirement.title
        )
    in_words = requirement.form == "artefact" and requirement.kind == "text"
    form = "artefact_text" if in_words else requirement.form
    return model.Piece(
        requirement.id,
        form,
        requirement.variants,
        requirement.own_material,
        published,
        name=requirement.title,
    )


# --- the rows


def _counted(
    sample: model.WorkSample, assumed: model.WorkAssumptions | None, *, bounded: bool = True
) -> list[Row]:
    guessed = model.chances(sample, None, assumed, bounded=bounded)
    rows = [Row(GUESSER, said("Pure guesser"), said("Knows nothing and guesses every question."), *guessed)]
    if any(piece.questions is None for piece in sample.pieces):
        rows += [
            Row(
                worker,
                said(model.NAMES[worker]),
                said(model.DOES[worker]),
                *model.chances(sample, worker, assumed, bounded=bounded),
            )
            for worker in model.WORKERS
        ]
        if not any(piece.questions for piece in sample.pieces) and not guessed[1].chance:
            rows.pop(0)
    return rows


def report(
    standard: Standard,
    rules: Rules | None = None,
    assumed: model.WorkAssumptions | None = None,
    *,
    suggest: bool = True,
    what_ifs: bool = False,
    known: frozenset[str] = frozenset(),
) -> Report:
    """How likely each impostor passes ``standard``, once and within all tries, and which single change helps most.

    ``assumed`` puts other figures in the place of ours. Works on drafts, however incomplete; a standard without
    a criterion lets everybody pass. ``suggest`` False leaves the suggestions out; ``what_ifs`` adds the rows that
    do not count. ``known`` are the domains of a quiz that its specialist masters; empty: the largest up to half of it.
    """
    asked = rules or Rules()
    sample = work_sample(standard)
    rows = _counted(sample, assumed)
    rows.sort(key=lambda row: (-row.once.chance, -row.retakes.chance))
    worst = rows[0]
    worst_retakes = max(rows, key=lambda row: row.retakes.chance)
    others = quiz_rows(sample, known) if what_ifs else ()
    made = Report((*rows, *others), worst, worst_retakes, sample.further_tries + 1, asked)
    many = any(len(getattr(standard, name)) > limits.PARTS[name] for name in ("evidence", "criteria"))
    if not suggest or many or not standard.criteria:  # the gate asks for fewer rows first
        return made
    made = replace(made, suggestions=tuple(_suggestions(standard, made, assumed)))
    return replace(made, way=tuple(_way(standard, made, assumed)))


def checked(standard: Standard, rules: Rules) -> Report:
    """The report as the gate and the panel need it: with suggestions only where a limit is passed."""
    found = report(standard, rules, suggest=False)
    return report(standard, rules) if found.over else found


# --- what would lower it


def _suggestions(standard: Standard, now: Report, assumed: model.WorkAssumptions | None) -> list[Suggestion]:
    """Every single change that lowers the worst impostor, the most helpful first."""
    found = []
    for change in changes(standard):
        rows = _counted(work_sample(_with(standard, change.content)), assumed, bounded=False)
        once, retakes = (max(getattr(row, name).chance for row in rows) for name in ("once", "retakes"))
        if once < now.once * 0.995 or retakes < now.retakes * 0.995:
            found.append(Suggestion(change.key, change.words, change.within, once, retakes, change.content))
    once_limit, late_limit = (
        max(r, 1e-9) for r in (now.rules.impostor_once, now.rules.impostor_with_retakes)
    )
    return sorted(found, key=lambda s: max(s.once / once_limit, s.retakes / late_limit))


def _way(standard: Standard, now: Report, assumed: model.WorkAssumptions | None) -> Iterator[Suggestion]:
    """The most helpful change, the most helpful one after it, and so on, until no limit is passed.

    What costs judges' time or honest learners' chances comes only when nothing else helps any more.
    """
    for _ in range(LONGEST_WAY):
        if not (now.over and now.suggestions):
            return
        cheap = [s for s in now.suggestions if s.key.partition(":")[0] not in COSTLY]
        best = cheap[0] if cheap else now.suggestions[0]
        yield best
        standard = _with(standard, best.content)
        now = report(standard, now.rules, assumed, suggest=False)
        now = replace(now, suggestions=tuple(_suggestions(standard, now, assumed)))


def taken(standard: Standard, key: str, rules: Rules | None = None) -> dict[str, Any] | None:
    """The members to save for a suggestion by its key, or for all steps of the way by ``way``; None when that is
    suggested no more.
    """
    found = report(standard, rules)
    chosen = found.way if key == "way" else [s for s in found.suggestions if s.key == key]
    content: dict[str, Any] = {}
    for suggestion in chosen:
        content.update(suggestion.content)
    return content or None


def _with(standard: Standard, content: Mapping[str, Any]) -> Standard:
    return Standard.model_validate({**standard.model_dump(), **content})


# --- in words


def percent(chance: float) -> str:
    """A chance for people: two figures that count, never 0 or 100 % for what is only near it."""
    if chance in (0.0, 1.0):
        return per_cent("100" if chance else "0")
    shown = 100 * chance
    if shown < 0.001:
        return said("under {chance}", chance=per_cent("0.001"))
    if shown > 99:
        return said("over {chance}", chance=per_cent("99")) if shown < 100 else per_cent("100")
    digits = 0 if shown >= 10 else 1 if shown >= 1 else 2 if shown >= 0.1 else 3
    return per_cent(f"{shown:.{digits}f}")


def per_cent(number: str) -> Said:
    """A number of per cent, written as English does."""
    return said("{number} %", number=Number(number))


def unbroken(text: str) -> str:
    """The text with its per cent signs kept at their numbers, for pages."""
    return text.replace(" %", "\u00a0%")


def effect(suggestion: Suggestion, now: Report) -> str:
    """What a suggestion does, as a sentence."""
    if suggestion.once < now.once * 0.995:
        return said(
            "{change} takes it from {before} to {after}.",
            change=suggestion.words,
            before=percent(now.once),
            after=percent(suggestion.once),
        )
    return said(
        "{change} takes it within all attempts from {before} to {after}.",
        change=suggestion.words,
        before=percent(now.retakes),
        after=percent(suggestion.retakes),
    )


#: The names of the impostors that count, within a sentence.
WITHIN = {
    GUESSER: said("pure guesser"),
    "copier": said("copier of finished work"),
    "template_filler": said("template filler"),
    "fluent_writer": said("fluent but unspecific writer"),
    "talker": said("talker without the work"),
}


def verdict(found: Report) -> str:
    """The numbers and the worst impostor, as a sentence."""
    numbers = {
        "once": percent(found.once),
        "worst": _within(found.worst),
        "tries": str(found.tries),
        "retakes": percent(found.retakes),
        "other": _within(found.worst_retakes),
    }
    if found.tries <= 1:
        return said("Somebody without the skill passes with a chance of {once} ({worst}).", **numbers)
    if found.worst_retakes.key == found.worst.key:
        return said(
            "Somebody without the skill passes with a chance of {once} ({worst}), and within {tries} attempts of "
            "{retakes}.",
            **numbers,
        )
    return said(
        "Somebody without the skill passes with a chance of {once} ({worst}), and within {tries} attempts of "
        "{retakes} ({other}).",
        **numbers,
    )


def _within(row: Row) -> str:
    """The name of an impostor within a sentence."""
    return WITHIN.get(row.key, row.name.lower())


def limits_in_words(rules: Rules) -> str:
    """What the organisation allows, as a sentence."""
    once, retakes = 100 * rules.impostor_once, 100 * rules.impostor_with_retakes
    return said(
        "At most {once} once and {retakes} within all attempts is allowed here.",
        once=per_cent(f"{once:g}"),
        retakes=per_cent(f"{retakes:g}"),
    )


def mend(found: Report) -> str:
    """The change that helps most, and what has to come after it, as sentences."""
    if not found.suggestions:
        return said("Ask for evidence that cannot be guessed or copied.")
    text = effect(found.way[0] if found.way else found.suggestions[0], found)
    after = [said("{change} ({chance})", change=s.within, chance=percent(s.once)) for s in found.way[1:]]
    return said("{effect} Then: {changes}.", effect=text, changes=one_by_one(after)) if after else text


#: Where a change is made, by the first word of its key.
PLACES = {
    "check": "conditions.authorship_checks",
    "judges": "conditions.judges",
    "tries": "conditions.resubmissions",
    "others": "others_required",
    "must": "criteria",
    "quiz": "evidence",
}


def place(found: Report) -> str:
    """The path at which the first change of the way is made."""
    kind, _, rest = (found.way[0].key if found.way else "").partition(":")
    path = PLACES.get(kind, "evidence")
    return f"{path}.{rest.partition(':')[0]}" if kind in {"must", "quiz"} else path
