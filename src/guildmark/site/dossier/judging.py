"""The two sections on how a version is judged: what is asked and decided, and how far that would stop an impostor."""

from __future__ import annotations

from typing import Any

from guildmark.design import impostor, typecheck
from guildmark.design.typecheck.matrix import Cell, matrix
from guildmark.design.typecheck.rules import ACTION_WORDS, FORM_WORDS
from guildmark.design.types import Criterion, Standard
from guildmark.kernel.words import numbered, of_cellar, said
from guildmark.site.dossier.records import Records
from guildmark.site.dossier.types import Gap, Section
from guildmark.site.public.standard import CHECKS

SUPERVISION = {
    "none": said("nobody watches while the work is done"),
    "online": said("online"),
    "in_person": said("in person"),
}


def assessment(records: Records) -> Section:
    """The evidence, the criteria with the words of every level, and the rule that decides."""
    standard = records.version.standard
    judged = standard.signal != "completion"
    mend = said("In the next version: write what each level means.")
    gaps = tuple(
        Gap(said("The criterion “{name}” has a level without words.", name=one.name or one.id), mend)
        for one in standard.criteria
        if not all(one.descriptors) or len(one.descriptors) < len(standard.scale)
    )
    empty = judged and not standard.criteria
    if empty:
        mend = said("In the next version: write criteria, and what each level of them means.")
        gaps = (Gap(said("Nothing says how work is judged."), mend),)
    return Section(
        "assessment",
        said("What is asked for, and how it is decided"),
        said("The evidence, the criteria with the words of every level, and the rule."),
        {
            "evidence": [
                {
                    "title": piece.title,
                    "brief": piece.brief,
                    "form": FORM_WORDS[piece.form],
                    "action": ACTION_WORDS[piece.action],
                    "required": piece.required,
                    "variants": piece.variants,
                    "ownMaterial": piece.own_material,
                }
                for piece in standard.evidence
            ],
            "conditions": _conditions(standard) if judged else [],
            "criteria": [_criterion(standard, one) for one in standard.criteria],
            "rule": standard.rule_in_words() if standard.criteria else "",
            "samples": len(standard.samples),
        },
        gaps if judged else (),
        "not_asked" if not judged else "empty" if empty else "shown",
    )


def _conditions(standard: Standard) -> list[dict[str, Any]]:
    given = standard.conditions
    nothing = said("nothing is said")
    checks: list[Any] = [CHECKS[check] for check in given.authorship_checks]
    return [
        {"name": said("Supervision"), "value": [SUPERVISION[given.supervision]]},
        {"name": said("Allowed aids"), "value": [given.allowed_aids or nothing]},
        {"name": said("Checks of authorship"), "value": checks or [nothing]},
        {"name": said("Time limit"), "value": [given.time_limit or nothing]},
        {"name": said("Judges of each piece of work"), "value": [str(given.judges)]},
        {"name": said("Attempts"), "value": [str(1 + max(0, given.resubmissions))]},
        {"name": said("Rule for another try"), "value": [given.retake_rule or nothing]},
    ]


def _criterion(standard: Standard, one: Criterion) -> dict[str, Any]:
    pieces = {piece.id: piece.title or piece.id for piece in standard.evidence}
    known = {competency.id: competency.statement for competency in standard.competencies}
    return {
        "name": one.name or one.id,
        "statement": one.statement,
        "mustPass": one.must_pass,
        "competencies": [known[name] for name in one.competencies if name in known],
        "evidence": [pieces[name] for name in one.evidence if name in pieces],
        "levels": [
            {
                "level": number,
                "label": level.label,
                "text": one.descriptors[number - 1] if number <= len(one.descriptors) else "",
                "passes": number >= standard.pass_level,
            }
            for number, level in enumerate(standard.scale, start=1)
        ],
    }


def strength(records: Records) -> Section:
    """The table of types with its findings, and the impostor meter with everything that it rests on."""
    standard, meter = records.version.standard, records.meter
    judged = meter is not None
    empty = judged and not standard.criteria
    gap = Gap(
        said("Without a criterion nothing can be checked."),
        said("In the next version: write criteria, and the evidence in which each is seen."),
    )
    return Section(
        "strength",
        said("Whether it holds together, and whom it would stop"),
        said("Computed from the standard by the rules of this release; not measured on people."),
        {"types": _types(standard), "impostors": _impostors(meter), "wording": _wording(records)}
        if meter and not empty
        else {},
        (gap,) if empty else (),
        "not_asked" if not judged else "empty" if empty else "shown",
    )


def _types(standard: Standard) -> dict[str, Any]:
    table = matrix(standard)
    return {
        "criteria": [one.name or one.id for one in table.criteria],
        "rows": [
            {
                "competency": row.competency.statement or row.competency.id,
                "doing": row.doing,
                "cells": [
                    {"criterion": one.name or one.id, **_cell(cell)}
                    for one, cell in zip(table.criteria, row.cells, strict=True)
                ],
                "avoidable": _cell(row.avoidable),
            }
            for row in table.rows
        ],
        "findings": [
            {"severity": one.severity, "path": one.path, "message": one.message, "mend": one.mend}
            for one in (*typecheck.check(standard), *typecheck.suggest(standard))
        ],
    }


def _wording(records: Records) -> dict[str, Any]:
    """What the claim linter said on the day of publication, as it was kept."""
    if records.kept is None:
        return {"words": said("What the claim linter said at publication was not kept."), "texts": []}
    texts = [
        {
            "path": one["path"],
            "text": one["text"],
            "findings": [
                {"severity": row["severity"], "reason": row["reason"], "mend": row["mend"]}
                for row in one["findings"]
            ],
        }
        for one in records.kept.wording
    ]
    found = sum(len(one["findings"]) for one in texts)
    return {
        "words": numbered(
            "At publication the claim linter found {n} flaw. Texts it read: {texts}.",
            "At publication the claim linter found {n} flaws. Texts it read: {texts}.",
            n=found,
            texts=len(texts),
        )
        if found
        else numbered(
            "At publication the claim linter read {n} text and found no flaw.",
            "At publication the claim linter read {n} texts and found no flaw.",
            n=len(texts),
        ),
        "texts": texts,
    }


def _cell(cell: Cell) -> dict[str, str]:
    return {"tone": cell.tone, "words": cell.words}


def _impostors(found: impostor.Report) -> dict[str, Any]:
    told = found.as_json()
    every = {
        one.key: one
        for row in found.rows
        for e in (row.once, row.retakes)
        for one in e.assumptions
        if row.counted
    }
    rows = [
        {
            "name": of_cellar(row.name),
            "does": of_cellar(row.does),
            "once": impostor.percent(row.once.chance),
            "bounds": [impostor.percent(row.once.low), impostor.percent(row.once.high)],
            "open": row.once.high - row.once.low > 1e-9,
            "withRetakes": impostor.percent(row.retakes.chance),
            "method": of_cellar(row.once.in_words()),
            "exactly": figures,
        }
        for row, figures in zip(found.rows, told["impostors"], strict=True)
        if row.counted
    ]
    for row in rows:
        del row["exactly"]["assumptions"]
    return {
        "verdict": impostor.verdict(found),
        "limits": impostor.limits_in_words(found.rules),
        "over": found.over,
        "tries": found.tries,
        "rows": rows,
        "assumptions": [
            {"key": one.key, "sentence": of_cellar(one.sentence), "value": one.value, "source": one.source}
            for one in every.values()
        ],
    }
