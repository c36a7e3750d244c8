"""Single changes of a standard that could lower the impostor meter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guildmark.design.types import Quiz, Standard

#: A key, the beginning of a sentence, and the members of a standard to save.
Change = tuple[str, str, dict[str, Any]]
MORE_VARIANTS = 8
CHECK_WORDS = {
    "defence": "Asking a question about their own work",
    "walkthrough": "Asking for a walkthrough of the work",
    "version_history": "Looking at the history of the work",
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
        yield (
            f"must:{criterion.id}",
            f"Making “{name}” must-pass",
            {"criteria": changed, "others_required": required},
        )
    if standard.others_required < len(standard.others):
        more = standard.others_required + 1
        words = f"Asking for {more} of the {len(standard.others)} other criteria"
        yield f"others:{more}", words, {"others_required": more}


def _condition_changes(standard: Standard) -> Iterator[Change]:
    conditions = standard.conditions.model_dump(mode="json")

    def changed(**members: Any) -> dict[str, Any]:
        return {"conditions": {**conditions, **members}}

    checks = list(standard.conditions.authorship_checks)
    for check, words in CHECK_WORDS.items():
        if check not in checks:
            yield f"check:{check}", words, changed(authorship_checks=[*checks, check])
    judges = standard.conditions.judges
    if judges < 3:
        yield f"judges:{judges + 1}", f"Having {judges + 1} judges who must agree", changed(judges=judges + 1)
    tries = standard.conditions.resubmissions
    for fewer in sorted({tries - 1, 0}):
        if 0 <= fewer < tries:
            words = f"Allowing {fewer or 'no'} further attempt{'' if fewer == 1 else 's'}"
            yield f"tries:{fewer}", words, changed(resubmissions=fewer)


def _evidence_changes(standard: Standard) -> Iterator[Change]:
    evidence = [requirement.model_dump(mode="json") for requirement in standard.evidence]
    few = {
        r.id
        for r in standard.evidence
        if r.form != "quiz" and not r.own_material and r.variants < MORE_VARIANTS
    }
    if few:
        changed = [{**e, "variants": MORE_VARIANTS} if e["id"] in few else e for e in evidence]
        yield "variants", f"Making {MORE_VARIANTS} variants of each task", {"evidence": changed}
        changed = [{**e, "own_material": True} if e["id"] in few else e for e in evidence]
        yield "own", "Having everybody work on material of their own", {"evidence": changed}
    for requirement in standard.evidence:
        if requirement.form != "quiz":
            continue
        quiz = requirement.quiz or Quiz()
        name = requirement.title or requirement.id
        for key, words, member in (
            (
                "options",
                f"Offering 4 answers to each question of “{name}”",
                {"options": max(4, quiz.options)},
            ),
            (
                "cut",
                f"Asking for 9 of 10 right answers in “{name}”",
                {"cut": max(quiz.cut, -(-9 * quiz.items // 10))},
            ),
            (
                "items",
                f"Asking twice as many questions in “{name}”",
                {"items": 2 * quiz.items, "cut": 2 * quiz.cut},
            ),
        ):
            new = {**quiz.model_dump(mode="json"), **member}
            changed = [{**e, "quiz": new} if e["id"] == requirement.id else e for e in evidence]
            yield f"quiz:{requirement.id}:{key}", words, {"evidence": changed}
