"""The dated plan, reckoned by hand, and its files read by other people's programs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import icalendar
import pytest

from guildmark.design.advisor import engine, exports, plan
from tests.design.advisor_cases import ABLE, CASES, broad, made, read

MONDAY = date(2026, 11, 30)
STAMP = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


def plan_of(mapping, today=MONDAY):
    return engine.advise(read(mapping), today=today).plan


def test_the_dates_follow_from_hours_and_the_week_by_hand():
    # 10 h a week are 2 h a day. 3 competencies make one micro-credential:
    # decision 2 h (Mon); wording 3 h (Tue, Wed); evidence 3 h (Wed, Thu); task 6 h (Fri, Mon, Tue); samples 3 h
    # (Wed, Thu); pilot 2 × 0.75 + 2 = 3.5 h (Thu to Mon); settle 1 h (Mon); conditions 2 h (Mon, Tue) ...
    made_plan = plan_of({**made(), "plan": {"start": MONDAY, "weekly_hours": 10}})
    dates = [
        (task.key, task.hours, task.starts.isoformat(), task.ends.isoformat()) for task in made_plan.tasks
    ]
    assert dates == [
        ("decision", 2, "2026-11-30", "2026-11-30"),
        ("competencies", 3, "2026-12-01", "2026-12-02"),
        ("evidence", 3, "2026-12-02", "2026-12-03"),
        ("tasks", 6, "2026-12-04", "2026-12-08"),
        ("samples", 3, "2026-12-09", "2026-12-10"),
        ("pilot", 3.5, "2026-12-10", "2026-12-14"),
        ("settle", 1, "2026-12-14", "2026-12-14"),
        ("conditions", 2, "2026-12-14", "2026-12-15"),
        ("publish", 1, "2026-12-15", "2026-12-16"),
        ("image", 1, "2026-12-16", "2026-12-16"),
    ]
    assert (made_plan.hours, made_plan.room, made_plan.fits) == (25.5, 130, True)
    assert made_plan.quarter_ends == date(2027, 2, 28)
    assert (
        made_plan.text == "25.5 hours of work; thirteen weeks of 10 hours are 130. It fits into this quarter."
    )


def test_a_plan_that_is_too_long_for_the_quarter_says_by_how_much():
    long = plan_of({**broad(capacity=ABLE), "plan": {"start": MONDAY, "weekly_hours": 10}})
    assert (long.hours, long.room, long.fits) == (316, 130, False)
    assert "186 hours go beyond it" in long.text
    late = [task for task in long.tasks if not task.this_quarter]
    assert late
    assert all(task.ends > long.quarter_ends for task in late)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_order_is_competency_evidence_format_and_the_image_last(case):
    tasks = plan_of(case.given).tasks
    phases = [plan.workload.PHASES.index(task.phase) for task in tasks]
    assert phases == sorted(phases)
    assert tasks[-1].key == "image"
    assert all(
        task.starts.weekday() < 5 and task.ends.weekday() < 5 and task.starts <= task.ends for task in tasks
    )
    assert all(a.ends <= b.starts for a, b in pairwise(tasks))
    assert len({task.key for task in tasks}) == len(tasks)


@pytest.mark.parametrize(
    ("start", "number", "day"),
    [
        (date(2026, 11, 28), 0, date(2026, 11, 30)),  # a Saturday moves to the Monday
        (date(2026, 11, 29), 1, date(2026, 12, 1)),
        (date(2026, 12, 4), 1, date(2026, 12, 7)),  # the day after a Friday
        (date(2026, 12, 2), 8, date(2026, 12, 14)),
    ],
)
def test_working_days_leave_weekends_out(start, number, day):
    assert plan.working_day(start, number) == day


def test_people_who_are_named_own_their_tasks():
    named = {**broad(capacity=ABLE), "plan": {"lead": "Mara", "reviewer": "Jonas"}}
    owners = {task.key: task.owner for task in plan_of(named).tasks}
    assert (owners["items"], owners["review"], owners["panel"], owners["project"]) == (
        "Mara",
        "Jonas",
        "panel",
        "assessor",
    )


def test_an_impossibly_slow_plan_still_ends():
    slow = {**broad(capacity=ABLE, competencies=200), "plan": {"weekly_hours": 0.5, "start": "2100-12-31"}}
    found = plan_of(slow)
    # 20 years of working days after a Friday, and no further.
    assert found.tasks[-1].ends == plan.working_day(date(2100, 12, 31), 5 * 52 * 20)
    assert found.tasks[-1].ends.year == 2120
    assert not found.fits
    assert "DTEND;VALUE=DATE:2120" in exports.ics(found, title="Slow", uid="u", stamped=STAMP)


# --- files


TRICKY = "Sequenz; mit „Umlauten“, Komma\\Strich – " + "sehr lang und noch länger 日本語のとても長い題名 " * 3


def calendar(mapping, **options):
    return exports.ics(plan_of(mapping), title="Plan", uid="advice-1", stamped=STAMP, **options)


def test_the_calendar_is_read_back_by_an_independent_parser():
    given = {
        **made(),
        "plan": {"start": MONDAY, "weekly_hours": 10},
        "decision": {"who": TRICKY[:120], "what": "x"},
    }
    text = calendar(given, done={"decision"})
    found = icalendar.Calendar.from_ical(text.encode())
    events = list(found.walk("VEVENT"))
    tasks = plan_of(given).tasks
    assert [str(e["SUMMARY"]) for e in events] == [
        ("Done: " if t.key == "decision" else "") + t.title for t in tasks
    ]
    assert [e.decoded("DTSTART") for e in events] == [task.starts for task in tasks]
    assert [e.decoded("DTEND") - timedelta(days=1) for e in events] == [task.ends for task in tasks]
    assert {e.decoded("DTSTAMP") for e in events} == {STAMP}
    assert [str(e["UID"]) for e in events] == [f"{task.key}-advice-1" for task in tasks]
    assert found.errors == []
    assert [event.errors for event in events] == [[]] * len(events)


def test_calendar_lines_end_with_crlf_and_are_folded_at_75_octets():
    text = calendar({**made(), "decision": {"who": TRICKY[:120], "what": "x"}})
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert not any("\n" in line or "\r" in line for line in lines)
    assert max(len(line.encode()) for line in lines) <= 75
    assert any(line.startswith(" ") for line in lines)


def test_a_text_cannot_break_out_of_its_calendar_line():
    assert exports.escaped("a\r\nBEGIN:VALARM\nb\x00\x07") == "a\\nBEGIN:VALARM\\nb"


def test_a_cell_is_never_a_formula_and_quotes_survive():
    given = {**made(), "plan": {"lead": '=cmd|"/c calc"!A1', "assessor": "@sum"}}
    rows = list(csv.DictReader(io.StringIO(exports.as_csv(plan_of(given), done={"settle"}))))
    assert rows[0]["owner"] == '\'=cmd|"/c calc"!A1'
    assert {row["owner"][0] for row in rows} == {"'"}
    assert [row["task"] for row in rows if row["done"] == "yes"] == [
        "Ask the advisor again with the evidence as it stands"
    ]
    assert sum(float(row["hours"]) for row in rows) == plan_of(given).hours


def test_markdown_is_a_list_with_boxes_and_keeps_markup_out():
    given = {
        **made(),
        "plan": {"start": MONDAY, "weekly_hours": 10},
        "decision": {"who": "<b>*boss*</b>", "what": "x"},
    }
    text = exports.markdown(plan_of(given), title="My # plan", done={"decision"})
    assert text.startswith("# My \\# plan\n")
    assert (
        "- [x] Ask two people how they decide: \\<b\\>\\*boss\\*\\</b\\>: 2 h, you, 2026-11-30 to 2026-11-30\n"
        in text
    )
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Competency", "## Observable evidence", "## Format", "## Image, last",
    ]  # fmt: skip
