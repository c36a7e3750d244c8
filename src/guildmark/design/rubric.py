"""The rubric of a published version for other programs: as JSON and as rows of a table."""

from __future__ import annotations

import csv
import io
from typing import Any

from guildmark.design.types import VersionView

#: Characters with which a spreadsheet would begin a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("criterion", "name", "statement", "must_pass", "level", "label", "passes", "descriptor")


def document(version: VersionView) -> dict[str, Any]:
    """The rubric with the rule that decides; ``coreHash`` names the version that binds."""
    standard = version.standard
    return {
        "standard": version.slug,
        "version": version.number,
        "coreHash": version.core_hash,
        "language": standard.language,
        "title": standard.title,
        "scale": [
            {"level": number, "id": level.id, "label": level.label}
            for number, level in enumerate(standard.scale, start=1)
        ],
        "passLevel": standard.pass_level,
        "othersRequired": standard.others_required,
        "rule": standard.rule_in_words(),
        "criteria": [
            {
                "id": one.id,
                "name": one.name,
                "statement": one.statement,
                "mustPass": one.must_pass,
                "competencies": list(one.competencies),
                "evidence": list(one.evidence),
                "levels": [
                    {"level": number, "text": text, "passes": number >= standard.pass_level}
                    for number, text in enumerate(one.descriptors, start=1)
                ],
            }
            for one in standard.criteria
        ],
    }


def table(version: VersionView) -> str:
    """CSV with one line for each criterion and level; cells that a spreadsheet would take for a formula are quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    labels = [level.label for level in version.standard.scale]
    for one in document(version)["criteria"]:
        for level in one["levels"]:
            cells = (
                one["id"],
                one["name"],
                one["statement"],
                "yes" if one["mustPass"] else "no",
                level["level"],
                labels[level["level"] - 1] if level["level"] <= len(labels) else "",
                "yes" if level["passes"] else "no",
                level["text"],
            )
            writer.writerow([_safe(cell) for cell in cells])
    return out.getvalue()


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
