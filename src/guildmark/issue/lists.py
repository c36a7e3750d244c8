"""Lists of completions as people have them: CSV with or without a heading, by comma or semicolon."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain

from guildmark.issue.types import CompletionRow
from guildmark.kernel.words import said

COLUMNS = ("name", "email", "date")


def read_rows(text: str) -> list[CompletionRow]:
    """Lines of a CSV with or without a heading; ValueError names the line that cannot be read."""
    return list(iter_rows(io.StringIO(text.strip())))


def iter_rows(lines: Iterable[str]) -> Iterator[CompletionRow]:
    """The same line by line, so that a long list is never in memory as a whole."""
    rest = iter(lines)
    first = next((line for line in rest if line.strip()), "").lstrip()
    if not first:
        raise ValueError(said("The list is empty. Give at least one line with name, email and date."))
    delimiter = ";" if first.count(";") > first.count(",") else ","
    places = [0, 1, 2]
    for number, cells in enumerate(csv.reader(chain([first], rest), delimiter=delimiter), start=1):
        cells = [cell.strip() for cell in cells]
        if number == 1 and {"name", "email"} <= {cell.lower() for cell in cells}:
            lowered = [cell.lower() for cell in cells]
            missing = [column for column in COLUMNS if column not in lowered]
            if missing:
                raise ValueError(
                    said(
                        "The heading has no column {column}. The columns are name, email, date.",
                        column=missing[0],
                    )
                )
            places = [lowered.index(column) for column in COLUMNS]
            continue
        if not any(cells):
            continue
        if len(cells) <= max(places):
            raise ValueError(
                said(
                    "Line {number} has {n} columns; three are needed: name, email, date.",
                    number=number,
                    n=len(cells),
                )
            )
        yield CompletionRow(*(cells[place] for place in places))
