"""Full-text search over the skills of an organisation: four statements, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from guildmark.skills import ranking
from guildmark.skills.folding import base_language, terms
from guildmark.skills.index import key_of
from guildmark.skills.models import READ_AS, Framework, Skill, Term

#: What contains skills or explains words is found on the pages of a framework, but is nothing to align to.
NOT_OFFERED = frozenset({"group", "area", "level", "glossary"})
MAX_TEXT = 5_000


def find(
    org_id: UUID,
    text: str,
    *,
    language: str = "",
    limit: int = 10,
    frameworks: Sequence[Framework],
    everything: bool = False,
) -> list[tuple[Skill, float, tuple[str, ...]]]:
    """The skills that fit a text best, with score (0 to 1) and the stems that led to them.

    ``language`` is that of the text; where no framework has it, or none is given, the text is read in the languages
    of the frameworks. ``everything`` includes groups, areas, levels and glossary entries.
    """
    text = text[:MAX_TEXT]
    if not frameworks or not text.strip():
        return []
    wanted = _stems(text, _languages(language, frameworks))
    found = _postings(org_id, frameworks, wanted)
    if not found and language:
        wanted = _stems(text, _languages("", frameworks))
        found = _postings(org_id, frameworks, wanted)
    if not found:
        return []
    totals: Counter[str] = Counter()
    for framework in frameworks:
        totals[_language(framework)] += framework.skills + framework.others
    repeated = {(tag, stem): count for tag, stems in wanted.items() for stem, count in stems.items()}
    candidates, rarities = ranking.first_scores(found, totals, repeated)
    skills = _skills(org_id, candidates, everything)
    return _ranked(candidates, skills, rarities, limit)


def _languages(language: str, frameworks: Iterable[Framework]) -> set[str]:
    """The languages in which a text is read; texts without language are looked at each time."""
    own = {base_language(language)} if language else {_language(framework) for framework in frameworks}
    return {*own, ""}


def _language(framework: Framework) -> str:
    """The language in which a framework is indexed."""
    return base_language(framework.language or str(framework.extra.get(READ_AS, "")))


def _stems(text: str, languages: Iterable[str]) -> dict[str, Counter[str]]:
    return {tag: Counter(terms(text, tag)) for tag in sorted(languages)}


def _postings(
    org_id: UUID, frameworks: Sequence[Framework], wanted: dict[str, Counter[str]]
) -> list[ranking.Postings]:
    keys = {key_of(tag, stem): (tag, stem) for tag, stems in wanted.items() for stem in stems}
    if not keys:
        return []
    current = {(framework.id, framework.generation) for framework in frameworks}
    rows = Term.objects.for_org(org_id).filter(
        framework_id__in=[framework.id for framework in frameworks], key__in=list(keys)
    )
    values = rows.values_list("framework_id", "generation", "key", "frequency", "postings")
    return [
        ranking.Postings(framework, *keys[key], frequency, bytes(packed))
        for framework, generation, key, frequency, packed in values
        if (framework, generation) in current
    ]


def _skills(
    org_id: UUID, candidates: Sequence[tuple[float, Any, int]], everything: bool
) -> dict[tuple[UUID, int], Skill]:
    numbers: dict[UUID, list[int]] = {}
    for _, framework, number in candidates:
        numbers.setdefault(framework, []).append(number)
    where = Q()
    for framework_id, some in numbers.items():
        where |= Q(framework_id=framework_id, number__in=some)
    # State and kind are looked at here: the planner of SQLite would take their index for the better one.
    rows = Skill.objects.for_org(org_id).filter(where).select_related("framework")
    return {
        (row.framework_id, row.number): row
        for row in rows
        if row.state == "current" and (everything or row.kind not in NOT_OFFERED)
    }


def _ranked(
    candidates: Sequence[tuple[float, Any, int]],
    skills: dict[tuple[UUID, int], Skill],
    rarities: dict[tuple[str, str], float],
    limit: int,
) -> list[tuple[Skill, float, tuple[str, ...]]]:
    best = candidates[0][0]
    by_language: dict[str, dict[str, float]] = {}
    for (tag, stem), value in rarities.items():
        by_language.setdefault(tag, {})[stem] = value
    made = []
    for first, framework, number in candidates:
        skill = skills.get((framework, number))
        if skill is None:
            continue
        score, words = 0.0, frozenset[str]()
        for tag, labels in _labels(skill).items():
            label, shared = ranking.label_score(by_language.get(tag, {}), labels, tag)
            if label >= score:
                score, words = label, shared
        made.append((skill, ranking.combined(first, best, score), tuple(sorted(words))))
    made.sort(key=lambda one: (-one[1], one[0].name, one[0].uri))
    return made[:limit]


def _labels(skill: Skill) -> dict[str, list[str]]:
    """The names of a skill by language."""
    own = base_language(skill.language) or _language(skill.framework)
    labels = {own: [skill.name, *skill.alternatives]}
    for tag, text in skill.texts.items():
        if name := text.get("name"):
            labels.setdefault(base_language(tag), []).append(str(name))
    return labels
