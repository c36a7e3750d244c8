"""Programmes with answers, for the tests of the advisor. Every verdict is argued beside its case."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.urls import reverse

from guildmark.design.advisor import actions, answers, queries
from guildmark.design.advisor.answers import Answers
from guildmark.design.advisor.forms import AdviseForm

DECISION = {
    "who": "a small-business owner",
    "what": "which freelancer to hire",
    "convinced_by": "A working sequence and how its faults were found",
}
#: Enough people and hours for the certification of 10 competencies and 40 learners.
ABLE = {
    "learners": 40,
    "assessor_hours": 400,
    "item_writers": 2,
    "item_reviewers": 1,
    "panel_members": 7,
    "update_hours": 400,
}


class Case(NamedTuple):
    """Answers, and what they must come to: the points in the order of the questions, and the verdict."""

    name: str
    given: dict[str, Any]
    points: tuple[int, ...]
    verdict: str


def made(*, outcome="task", evidence="work", change="months", place="pathway", industry="open", competencies=3, domains=1,
         premium="middle", study=6.0, specific=True, stackable=True, artefact="The exported sequence", work=None,
         title="Welcome sequence", intended="", hybrid=None, capacity=None, **offer) -> dict[str, Any]:  # fmt: skip
    """A mapping of answers as a file gives it; by default a small skill shown by work."""
    return {
        "title": title,
        "intended": intended,
        "decision": DECISION,
        "questions": {"outcome": outcome, "evidence": evidence, "change": change, "place": place},
        "certification": {
            "industry": industry,
            "competencies": competencies,
            "domains": domains,
            "premium": premium,
        },
        "micro": {
            "specific": specific,
            "stackable": stackable,
            "work_samples": bool(artefact) if work is None else work,
            "artefact": artefact,
        },
        "hybrid": hybrid or {},
        "capacity": {"learners": 40} if capacity is None else capacity,
        "offer": {"study_hours": study, "assessment_hours": 1.5, **offer},
    }


def broad(**changes: Any) -> dict[str, Any]:
    """A broad programme for a role, shown by work and an exam; it scores 13."""
    usual: dict[str, Any] = {
        "outcome": "role", "evidence": "both", "change": "years", "place": "flagship", "industry": "conservative",
        "competencies": 10, "domains": 3, "premium": "premium", "study": 90, "specific": False, "stackable": False,
        "artefact": "A migration plan", "title": "Learning operations",
    }  # fmt: skip
    return made(**{**usual, **changes})


def read(given: dict[str, Any]) -> Answers:
    return answers.read(given)


CASES = (
    # One task, shown by work, ages within months, a step on a pathway: everything leans one way.
    Case("welcome sequence", made(), (-3, -3, -2, -2, -1, -2, 0, -1, -1, -1, -2), "micro"),
    # A role in a field that hires by titles, broad, slow, long; and everybody who is needed is there.
    Case("learning operations, able", broad(capacity=ABLE), (3, 1, 2, 2, 2, 2, 1, 1, 1, 0, -2), "certification"),
    # The same programme; its creator works alone. The score is a certification's, the operation is not.
    Case("learning operations, alone", broad(capacity={**ABLE, "item_reviewers": 0}),
         (3, 1, 2, 2, 2, 2, 1, 1, 1, 0, -2), "not_yet"),
    # Alone as well, but willing to begin small: ten competencies make four micro-credentials to package later.
    Case("learning operations, alone, in parts", broad(capacity={**ABLE, "item_writers": 0}, hybrid={"stack": True}),
         (3, 1, 2, 2, 2, 2, 1, 1, 1, 0, -2), "hybrid_stack"),
    # Able, with a shared foundation and two kinds of layers around it.
    Case("learning operations with layers", broad(capacity=ABLE, hybrid={"anchor": True, "layers": ["refresher", "tool-update"]}),
         (3, 1, 2, 2, 2, 2, 1, 1, 1, 0, -2), "hybrid_anchor"),
    # An anchor is wanted but no layer is named: there is nothing to layer yet.
    Case("an anchor without layers", broad(capacity=ABLE, hybrid={"anchor": True}),
         (3, 1, 2, 2, 2, 2, 1, 1, 1, 0, -2), "certification"),
    # Four sessions to sit through; nothing is looked at. No score can make a skill of that.
    Case("lecture series", made(outcome="attend", evidence="attendance", artefact="", specific=False, stackable=False),
         (0, 0, -2, -2, -1, -2, 0, -1, 1, 0, 1), "completion"),
    # A role is promised but only attendance is shown: it records attendance, whatever is promised.
    Case("a role by attendance", broad(evidence="attendance", capacity=ABLE), (3, 0, 2, 2, 2, 2, 1, 1, 1, 0, -2), "completion"),
    # Several tasks of one job in six competencies, meant as a stack: below the threshold, two parts, packaged later.
    Case("workflow automation ladder", made(outcome="tasks", competencies=6, study=30, hybrid={"stack": True}),
         (0, -3, -2, -2, -1, 0, 0, 0, -1, -1, -2), "hybrid_stack"),
    # A stack is wanted, but three competencies make one micro-credential: nothing to package.
    Case("a stack of one", made(hybrid={"stack": True}), (-3, -3, -2, -2, -1, -2, 0, -1, -1, -1, -2), "micro"),
    # Regulated, but one watched procedure: narrow, shown by work. The field alone does not make it a certification.
    Case("one regulated procedure", made(industry="regulated", change="years", place="alone", artefact="A watched procedure"),
         (-3, -3, 2, 0, 3, -2, 0, -1, -1, -1, -2), "micro"),
    # A regulated role by exam only: as far to that side as the questions go, and able.
    Case("regulated role", broad(industry="regulated", evidence="exam", competencies=14, artefact="", capacity={**ABLE, "update_hours": 900}),
         (3, 3, 2, 2, 3, 3, 1, 1, 1, 0, 1), "certification"),
    # Exactly at the threshold: 5 is enough, and the operation is missing.
    Case("at the threshold", made(outcome="role", evidence="both", change="year", place="alone", industry="conservative",
                                  competencies=5, study=30, specific=False, capacity={"learners": 10}, premium="entry",
                                  artefact=""),
         (3, 1, -1, 0, 2, 0, -1, 0, 1, -1, 1), "not_yet"),
    # One point below it: the smaller promise is the safer one.
    Case("below the threshold", made(outcome="tasks", evidence="both", change="years", place="alone", industry="conservative",
                                     competencies=5, study=30, artefact=""),
         (0, 1, 2, 0, 2, 0, 0, 0, -1, -1, 1), "micro"),
    # Fourteen competencies by work samples for an open market: many small proofs, and a warning beside it.
    Case("fourteen by work", made(competencies=14, outcome="tasks", study=30), (0, -3, -2, -2, -1, 3, 0, 0, -1, -1, -2), "micro"),
    # Work samples are promised and none is named: they count nothing until one is.
    Case("unnamed work samples", made(artefact="", work=True), (-3, -3, -2, -2, -1, -2, 0, -1, -1, -1, 0), "micro"),
)  # fmt: skip


# --- through the pages


def typed(given, **others) -> dict[str, object]:
    """What a browser sends for these answers."""
    initial = AdviseForm.initial_of(read(given))
    return {name: value for name, value in initial.items() if value not in (None, "")} | others


def kept(org, given=None, **options):
    return actions.keep(by=org.owner, org_id=org.id, answers=read(given or made()), **options)


def address(org, name, *args):
    return reverse(name, args=[org.slug, *args])


def keep_by_page(client, org, given, **others):
    answer = client.post(address(org, "advise"), typed(given, keep="1", **others))
    assert answer.status_code == 303, answer.content.decode()[:2000]
    return queries.advice(org.id, UUID(answer["Location"].rsplit("/", 1)[1]))
