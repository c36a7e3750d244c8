"""A plan as files for other programs: iCalendar (RFC 5545), CSV (RFC 4180) and Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

from guildmark.design.advisor.plan import Plan, PlannedTask
from guildmark.design.advisor.saying import n
from guildmark.kernel.words import said

FOLD = 75
TYPES = {
    "ics": "text/calendar; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
#: The headings of the table, with commas between them: short words of one table, translated together.
COLUMNS = said("task,phase,owner,hours,starts,ends,done,how the hours come about")
PHASE_WORDS = {
    "competency": said("Competency"),
    "evidence": said("Observable evidence"),
    "format": said("Format"),
    "image": said("Image, last"),
}
#: How a text is said: in English, or by ``spoken`` in the language of the page.
Speak = Callable[[str], str]


def export(
    kind: str,
    plan: Plan,
    *,
    title: str,
    uid: str,
    stamped: datetime,
    done: Collection[str] = (),
    speak: Speak = str,
) -> str:
    """The plan as ``ics``, ``csv`` or ``md``; KeyError for another kind.

    ``uid`` is what the ids of calendar entries end with: the same plan exported again replaces its entries.
    ``done`` are the keys of tasks that are ticked. ``speak`` says the words of the plan; they are English without it.
    """
    makers = {"ics": lambda: ics(plan, title=title, uid=uid, stamped=stamped, done=done, speak=speak),
              "csv": lambda: as_csv(plan, done=done, speak=speak),
              "md": lambda: markdown(plan, title=title, done=done, speak=speak)}  # fmt: skip
    return makers[kind]()


# --- calendar


def ics(
    plan: Plan, *, title: str, uid: str, stamped: datetime, done: Collection[str] = (), speak: Speak = str
) -> str:
    """One all-day event per task. DTEND is the day after the last one, for it is exclusive (RFC 5545, 3.6.1)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Guildmark//Advisor//EN", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(speak(title))}"]  # fmt: skip
    for task in plan.tasks:
        lines += _event(task, uid, stamped, task.key in done, speak)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(task: PlannedTask, uid: str, stamped: datetime, ticked: bool, speak: Speak) -> list[str]:
    after = task.ends + timedelta(days=1)
    summary = said("Done: {task}", task=task.title) if ticked else task.title
    about = said("{hours} hours, {owner}. {formula}.",
                 hours=n(task.hours), owner=task.owner, formula=task.formula)  # fmt: skip
    return [
        "BEGIN:VEVENT",
        f"UID:{task.key}-{uid}",
        f"DTSTAMP:{stamped.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{task.starts:%Y%m%d}",
        f"DTEND;VALUE=DATE:{after:%Y%m%d}",
        f"SUMMARY:{escaped(speak(summary))}",
        f"DESCRIPTION:{escaped(speak(about))}",
        f"CATEGORIES:{escaped(speak(PHASE_WORDS[task.phase]))}",
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


def as_csv(plan: Plan, *, done: Collection[str] = (), speak: Speak = str) -> str:
    """One line per task with a heading; a cell that a spreadsheet would compute is made a text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(speak(COLUMNS).split(","))
    for task in plan.tasks:
        writer.writerow([harmless(speak(cell)) for cell in _cells(task, task.key in done)])
    return out.getvalue()


def _cells(task: PlannedTask, ticked: bool) -> list[str]:
    return [task.title, PHASE_WORDS[task.phase], task.owner, f"{task.hours:g}", task.starts.isoformat(),
            task.ends.isoformat(), said("yes") if ticked else said("no"), task.formula]  # fmt: skip


def harmless(cell: str) -> str:
    """A cell that begins like a formula gets an apostrophe, which spreadsheets read as: this is text."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def markdown(plan: Plan, *, title: str, done: Collection[str] = (), speak: Speak = str) -> str:
    """A list with tick boxes by phase."""
    lines = [f"# {_line(speak(title))}", "", speak(plan.text), ""]
    phase = ""
    for task in plan.tasks:
        if task.phase != phase:
            phase = task.phase
            lines += [*([""] if lines[-1] else []), f"## {speak(PHASE_WORDS[task.phase])}", ""]
        tick = "x" if task.key in done else " "
        days = said("{first} to {last}", first=task.starts.isoformat(), last=task.ends.isoformat())
        if not task.this_quarter:
            days = said("{days} (after this quarter)", days=days)
        hours, about, owner = speak(n(task.hours)), _line(speak(task.title)), _line(speak(task.owner))
        lines.append(f"- [{tick}] {about}: {hours} h, {owner}, {speak(days)}")
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    """Text that stays one line and is no markup."""
    plain = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in plain)
