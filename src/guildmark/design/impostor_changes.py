"""Single changes of a standard that could lower the impostor meter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guildmark.design.types import EvidenceRequirement, Quiz, Standard
from guildmark.kernel.words import numbered, said

MORE_VARIANTS = 8


class Change(NamedTuple):
    """A key, the words at the beginning of a sentence and within one, and the members of a standard to save."""

    key: str
    words: str
    within: str
    content: Mapping[str, Any]


CHECK_WORDS = {
    "defence": (
        said("Asking a question about their own work"),
        said("asking a question about their own work"),
    ),
    "walkthrough": (
        said("Asking for a walkthrough of the work"),
        said("asking for a walkthrough of the work"),
    ),
    "version_history": (
        said("Looking at the history of the work"),
        said("looking at the history of the work"),
    ),
}


def changes(standard: Standard) -> Iterator[Change]:
    """Every single change that might make it harder to pass without the skill, with the members to save."""
    yield from _rule_changes(standard)
    yield from _condition_changes(standard)
    yield from _evidence_changes(standard)


def _rule_changes(standard: Standard) -> Iterator[Change]:
    criteria = [criterion.model_dump(mode="json") for criterion in standard.criteria]
    for place, criterion in enumerate(standard.criteria):
        if criterion.must_pass:
            continue
        changed = [{**c, "must_pass": True} if i == place else c for i, c in enumerate(criteria)]
        required = min(standard.others_required, len(standard.others) - 1)
        name = criterion.name or criterion.id
        yield Change(
            f"must:{criterion.id}",
            said("Making “{name}” must-pass", name=name),
            said("making “{name}” must-pass", name=name),
            {"criteria": changed, "others_required": required},
        )
    if standard.others_required < len(standard.others):
        more, others = standard.others_required + 1, len(standard.others)
        yield Change(
            f"others:{more}",
            said("Asking for {more} of the {others} other criteria", more=more, others=others),
            said("asking for {more} of the {others} other criteria", more=more, others=others),
            {"others_required": more},
        )


def _condition_changes(standard: Standard) -> Iterator[Change]:
    conditions = standard.conditions.model_dump(mode="json")

    def changed(**members: Any) -> dict[str, Any]:
        return {"conditions": {**conditions, **members}}

    checks = list(standard.conditions.authorship_checks)
    for check, words in CHECK_WORDS.items():
        if check not in checks:
            yield Change(f"check:{check}", *words, changed(authorship_checks=[*checks, check]))
    judges = standard.conditions.judges
    if judges < 3:
        yield Change(
            f"judges:{judges + 1}",
            said("Having {n} judges who must agree", n=judges + 1),
            said("having {n} judges who must agree", n=judges + 1),
            changed(judges=judges + 1),
        )
    tries = standard.conditions.resubmissions
    for fewer in sorted({tries - 1, 0}):
        if 0 <= fewer < tries:
            yield Change(f"tries:{fewer}", *_tries(fewer), changed(resubmissions=fewer))


def _tries(fewer: int) -> tuple[str, str]:
    if not fewer:
        return said("Allowing no further attempts"), said("allowing no further attempts")
    return (
        numbered("Allowing {n} further attempt", "Allowing {n} further attempts", n=fewer),
        numbered("allowing {n} further attempt", "allowing {n} further attempts", n=fewer),
    )


def _evidence_changes(standard: Standard) -> Iterator[Change]:
    evidence = [requirement.model_dump(mode="json") for requirement in standard.evidence]
    few = {
        r.id
        for r in standard.evidence
        if r.form != "quiz" and not r.own_material and r.variants < MORE_VARIANTS
    }
    if few:
        changed = [{**e, "variants": MORE_VARIANTS} if e["id"] in few else e for e in evidence]
        yield Change(
            "variants",
            said("Making {n} variants of each task", n=MORE_VARIANTS),
            said("making {n} variants of each task", n=MORE_VARIANTS),
            {"evidence": changed},
        )
        changed = [{**e, "own_material": True} if e["id"] in few else e for e in evidence]
        yield Change(
            "own",
            said("Having everybody work on material of their own"),
            said("having everybody work on material of their own"),
            {"evidence": changed},
        )
    for requirement in standard.evidence:
        if requirement.form == "quiz":
            yield from _quiz_changes(evidence, requirement)


def _quiz_changes(evidence: list[dict[str, Any]], requirement: EvidenceRequirement) -> Iterator[Change]:
    quiz = requirement.quiz or Quiz()
    name = requirement.title or requirement.id
    for key, words, within, member in (
        (
            "options",
            said("Offering 4 answers to each question of “{name}”", name=name),
            said("offering 4 answers to each question of “{name}”", name=name),
            {"options": max(4, quiz.options)},
        ),
        (
            "cut",
            said("Asking for 9 of 10 right answers in “{name}”", name=name),
            said("asking for 9 of 10 right answers in “{name}”", name=name),
            {"cut": max(quiz.cut, -(-9 * quiz.items // 10))},
        ),
        (
            "items",
            said("Asking twice as many questions in “{name}”", name=name),
            said("asking twice as many questions in “{name}”", name=name),
            {
                "items": 2 * quiz.items,
                "cut": 2 * quiz.cut,
                "domains": [{"name": one.name, "items": 2 * one.items} for one in quiz.domains],
            },
        ),
        (
            "halves",
            said("Asking for half of each domain of “{name}”", name=name),
            said("asking for half of each domain of “{name}”", name=name),
            {"each_domain": max(50, quiz.each_domain)} if quiz.domains else {},
        ),
    ):
        if not member:
            continue
        new = {**quiz.model_dump(mode="json"), **member}
        changed = [{**e, "quiz": new} if e["id"] == requirement.id else e for e in evidence]
        yield Change(f"quiz:{requirement.id}:{key}", words, within, {"evidence": changed})
