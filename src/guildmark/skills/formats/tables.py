"""CSV as it comes from elsewhere: encodings, separators, lines that do not fit their heading."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guildmark.skills.formats.common import Report, UnreadableFramework

MAX_CELL = 1_000_000
MAX_COLUMNS = 400
SEPARATORS = (",", ";", "\t", "|")
# The limit of the module is one for the whole process, so it is set once.
csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True)
class Line:
    """One row of a table: its place ("skills.csv line 14") and its cells by heading."""

    place: str
    cells: dict[str, str]

    def get(self, *headings: str) -> str:
        """The first cell that is not empty, by heading."""
        for heading in headings:
            value = self.cells.get(heading, "")
            if value:
                return value
        return ""


def decoded(content: bytes, name: str) -> str:
    """The text of a file: UTF-8 with or without its mark, or UTF-16 with one.

    UnreadableFramework names the line of the first byte that is neither.
    """
    try:
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFramework(
            f"{name} line {line} holds a byte (0x{content[error.start]:02X}) that is no UTF-8 text.",
            field="file",
            mend="Save the file as “CSV UTF-8” and send it again.",
        ) from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise UnreadableFramework(
            f"{name} line {line} holds a NUL character (U+0000).", field="file", mend="Save it as CSV again."
        )
    return text


def separator(text: str) -> str:
    """The sign between columns, by what stands most often in the first line outside quotes."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    outside = "".join(first.split('"')[::2]) or first
    return max(SEPARATORS, key=lambda sign: (outside.count(sign), -SEPARATORS.index(sign)))


def heading(content: bytes, name: str) -> list[str]:
    """The column names of a file."""
    text = decoded(content, name)
    return _heading(csv.reader(io.StringIO(text, newline=""), delimiter=separator(text)), name)


def _heading(rows: Iterator[list[str]], name: str) -> list[str]:
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                return [cell.strip() for cell in row]
    except csv.Error as error:
        raise UnreadableFramework(f"{name} is no CSV: {error}.", field="file") from error
    raise UnreadableFramework(f"{name} holds no line.", field="file", mend="Choose the file again.")


def lines(content: bytes, name: str, report: Report, *, wanted: Sequence[str] = ()) -> Iterator[Line]:
    """The rows of a table under its heading.

    ``wanted`` are headings that must be there: UnreadableFramework names those that are missing. A row with more
    cells than headings is left out with a finding.
    """
    text = decoded(content, name)
    source = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text))
    try:
        columns = _heading(source, name)
        _check(columns, name, wanted)
        start = source.line_num + 1
        for cells in source:
            place, start = f"{name} line {start}", source.line_num + 1
            if not any(cells[len(columns) :]):
                # Empty cells at the end of a line are often left away.
                if any(cells):
                    yield Line(place, dict(zip(columns, map(str.strip, cells), strict=False)))
            else:
                report.error(
                    place,
                    "columns",
                    f"The line has {len(cells)} cells where the heading has {len(columns)}; it was left out.",
                    "Put texts with the separator or line breaks into quotes.",
                    kind="cells",
                )
    except csv.Error as error:
        raise UnreadableFramework(
            f"{name} line {source.line_num}: {error}.", field="file", mend="Save it as CSV again."
        ) from error


def _check(columns: list[str], name: str, wanted: Sequence[str]) -> None:
    missing = [column for column in wanted if column not in columns]
    if missing:
        raise UnreadableFramework(
            f"{name} lacks the column {', '.join(missing)}.",
            field="file",
            mend=f"Its columns are: {', '.join(columns[:30])[:400]}.",
        )
    doubles = sorted({column for column in columns if column and columns.count(column) > 1})
    if doubles:
        raise UnreadableFramework(
            f"{name} has the column {doubles[0]} twice.", field="file", mend="Name each column once."
        )
    if len(columns) > MAX_COLUMNS:
        raise UnreadableFramework(f"{name} has {len(columns):,} columns.", field="file")
