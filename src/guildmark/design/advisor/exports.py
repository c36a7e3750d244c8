"""A plan as files for other programs: iCalendar (RFC 5545), CSV (RFC 4180) and Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from guildmark.design.advisor.plan import Plan, PlannedTask

FOLD = 75
TYPES = {
    "ics": "text/calendar; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
COLUMNS = ("task", "phase", "owner", "hours", "starts", "ends", "done", "how the hours come about")
PHASE_WORDS = {
    "competency": "Competency",
    "evidence": "Observable evidence",
    "format": "Format",
    "image": "Image, last",
}


def export(
    kind: str, plan: Plan, *, title: str, uid: str, stamped: datetime, done: Collection[str] = ()
) -> str:
    """The plan as ``ics``, ``csv`` or ``md``; KeyError for another kind.

    ``uid`` is what the ids of calendar entries end with: the same plan exported again replaces its entries.
    ``done`` are the keys of tasks that are ticked.
    """
    makers = {"ics": lambda: ics(plan, title=title, uid=uid, stamped=stamped, done=done),
              "csv": lambda: as_csv(plan, done=done), "md": lambda: markdown(plan, title=title, done=done)}  # fmt: skip
    return makers[kind]()


# --- calendar


def ics(plan: Plan, *, title: str, uid: str, stamped: datetime, done: Collection[str] = ()) -> str:
    """One all-day event per task. DTEND is the day after the last one, for it is exclusive (RFC 5545, 3.6.1)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Guildmark//Advisor//EN", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(title)}"]  # fmt: skip
    for task in plan.tasks:
        lines += _event(task, uid, stamped, task.key in done)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(task: PlannedTask, uid: str, stamped: datetime, ticked: bool) -> list[str]:
    after = task.ends + timedelta(days=1)
    mark = "Done: " if ticked else ""
    about = f"{task.hours:g} hours, {task.owner}. {task.formula}."
    return [
        "BEGIN:VEVENT",
        f"UID:{task.key}-{uid}",
        f"DTSTAMP:{stamped.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{task.starts:%Y%m%d}",
        f"DTEND;VALUE=DATE:{after:%Y%m%d}",
        f"SUMMARY:{escaped(mark + task.title)}",
        f"DESCRIPTION:{escaped(about)}",
        f"CATEGORIES:{escaped(PHASE_WORDS[task.phase])}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """A text value (RFC 5545, 3.3.11): backslash, semicolon, comma and line break are escaped."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(c for c in plain if c == "\n" or c == "\t" or (ord(c) >= 32 and ord(c) != 127))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """A content line of at most 75 octets each, continued by a space (RFC 5545, 3.1); no character is cut."""
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > FOLD:
            pieces.append(piece)
            piece, size = " ", 1
        piece += character
        size += width
    return "\r\n".join([*pieces, piece])


# --- tables


def as_csv(plan: Plan, *, done: Collection[str] = ()) -> str:
    """One line per task with a heading; a cell that a spreadsheet would compute is made a text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for task in plan.tasks:
        writer.writerow([harmless(cell) for cell in _cells(task, task.key in done)])
    return out.getvalue()


def _cells(task: PlannedTask, ticked: bool) -> list[str]:
    return [task.title, PHASE_WORDS[task.phase], task.owner, f"{task.hours:g}", task.starts.isoformat(),
            task.ends.isoformat(), "yes" if ticked else "no", task.formula]  # fmt: skip


def harmless(cell: str) -> str:
    """A cell that begins like a formula gets an apostrophe, which spreadsheets read as: this is text."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def markdown(plan: Plan, *, title: str, done: Collection[str] = ()) -> str:
    """A list with tick boxes by phase."""
    lines = [f"# {_line(title)}", "", plan.text, ""]
    phase = ""
    for task in plan.tasks:
        if task.phase != phase:
            phase = task.phase
            lines += [*([""] if lines[-1] else []), f"## {PHASE_WORDS[task.phase]}", ""]
        tick = "x" if task.key in done else " "
        days = f"{task.starts.isoformat()} to {task.ends.isoformat()}"
        late = "" if task.this_quarter else " (after this quarter)"
        lines.append(f"- [{tick}] {_line(task.title)}: {task.hours:g} h, {_line(task.owner)}, {days}{late}")
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    """Text that stays one line and is no markup."""
    plain = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in plain)
