"""The meter as numbers for a drawing: chances on a logarithmic scale, from the smallest that is shown to 1."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from guildmark.design.faults import one_by_one
from guildmark.design.impostor import Report, Row, per_cent, percent
from guildmark.kernel.words import said

#: Chances below it stand at the left edge.
SMALLEST = 1e-5
WIDTH, LEFT, RIGHT = 400, 12, 12
TOP, ROW, FOOT = 30, 40, 26
TICKS = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)


@dataclass(frozen=True)
class Plot:
    """A drawing of ``width`` x ``height`` units; every member is ready for the template."""

    width: int
    height: int
    ticks: list[dict[str, Any]]
    limits: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    description: str


def share(chance: float) -> float:
    """Where a chance stands between the smallest that is shown (0) and 1 (1)."""
    return 0.0 if chance <= SMALLEST else 1 - math.log10(min(1.0, chance)) / math.log10(SMALLEST)


def across(chance: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * share(chance), 1)


def plot(found: Report) -> Plot:
    """Each impostor on a line of its own: the chance at one try with its bounds, and that within all tries."""
    height = TOP + ROW * len(found.rows) + FOOT
    ticks = [{"x": across(t), "words": per_cent(f"{100 * t:g}"), "anchor": _anchor(t)} for t in TICKS]
    limits = [
        {"x": across(found.rules.impostor_once), "kind": "once"},
        {"x": across(found.rules.impostor_with_retakes), "kind": "retakes"},
    ]
    rows = [_row(row, TOP + ROW * place) for place, row in enumerate(found.rows)]
    told = [
        said("{impostor} {chance}", impostor=row.name, chance=percent(row.once.chance)) for row in found.rows
    ]
    words = said("Chance to pass at the first try: {chances}.", chances=one_by_one(told))
    return Plot(WIDTH, height, ticks, limits, rows, words)


def _anchor(tick: float) -> str:
    return "start" if tick == TICKS[0] else "end" if tick == TICKS[-1] else "middle"


def _row(row: Row, top: int) -> dict[str, Any]:
    y = top + 26
    x = across(row.retakes.chance)
    return {
        "name": row.name,
        "label_y": top + 13,
        "y": y,
        "low": across(row.once.low),
        "high": across(row.once.high),
        "once": across(row.once.chance),
        "diamond": f"{x},{y - 6} {x + 6},{y} {x},{y + 6} {x - 6},{y}",
        "counted": row.counted,
    }
