"""The sections of a dossier, each made from the records alone: no section reads the database."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from guildmark.design import alignment, assurance, consistency, not_shown, versions
from guildmark.design.advisor.recheck import recheck
from guildmark.design.classes import CLASSES
from guildmark.design.diffs import SUMMARY
from guildmark.design.types import AlignmentLink, VersionView
from guildmark.kernel.rates import Rate
from guildmark.kernel.web import absolute
from guildmark.kernel.words import numbered, said
from guildmark.site.dossier.records import Records
from guildmark.site.dossier.types import Gap, Section, State

#: How close a tie to a framework is.
RELATIONS = {
    "exact": said("the same skill"),
    "close": said("nearly the same skill"),
    "broader": said("the row of the framework is broader"),
    "narrower": said("the row of the framework is narrower"),
    "related": said("related, which does not count as covered"),
}
NEXT_VERSION = said(
    "In the next version: say who decides about a holder, what they decide and what would convince them."
)


def _state(empty: bool, *, asked: bool = True) -> State:
    if not asked:
        return "not_asked"
    return "empty" if empty else "shown"


def rationale(records: Records) -> Section:
    """Whose decision it is to influence, and why it has this class."""
    standard = records.version.standard
    decision, told = standard.decision, CLASSES[standard.signal]
    answers = (
        (said("Who decides"), decision.who),
        (said("What they decide"), decision.what),
        (said("What would convince them"), decision.convinced_by),
        (said("For whom it is"), standard.audience),
    )
    asked = answers[:3]
    done = assurance.promised(standard)
    level = assurance.level(done)
    empty = not any(text for _, text in asked) and records.advice is None
    gaps: tuple[Gap, ...] = ()
    if empty:
        gaps = (Gap(said("Nothing says whose decision this standard is to influence."), NEXT_VERSION),)
    else:
        gaps = tuple(
            Gap(said("Nothing is recorded under “{question}”.", question=question), NEXT_VERSION)
            for question, text in asked
            if not text
        )
    return Section(
        "rationale",
        said("Why it exists, and why it has this class"),
        said("Whose decision it is to influence, what would convince them, and what was advised."),
        {
            "answers": [{"question": question, "answer": text} for question, text in answers if text],
            "class": {"name": told.label, "about": told.about},
            "assurance": {"name": level.name, "meaning": level.meaning, "missing": assurance.missing(done)},
            "axes": [
                {"axis": one.axis, "verdict": one.words, "reason": one.reason}
                for one in consistency.verdicts(standard)
            ],
            "advice": _advice(records),
        },
        gaps,
        _state(empty),
    )


def _advice(records: Records) -> dict[str, Any] | None:
    found = records.advice
    if found is None:
        return None
    check = recheck(found.answers, records.version.standard)
    said_of = found.answers.questions
    own = (said_of.outcome_text, said_of.evidence_text, said_of.change_text, said_of.place_text)
    return {
        "givenAt": found.created_at,
        "askedBy": found.by,
        "verdict": found.result.words,
        "headline": found.result.headline,
        "score": found.result.score,
        "threshold": found.result.threshold,
        "answers": [
            {"question": one.question, "answer": one.answer, "points": one.points, "reason": one.reason}
            for one in found.result.contributions
        ],
        "ownWords": [text for text in own if text],
        "now": check.text,
        "differs": [{"name": one.name, "then": one.then, "now": one.now} for one in check.changed],
    }


def people(records: Records) -> Section:
    """Who decided what, by the names that the studio uses for its members; learners are not named."""
    version = records.version
    rows: list[dict[str, Any]] = [
        {
            "what": said("began the draft"),
            "who": records.label(records.begun_by),
            "at": version.created_at,
            "words": "",
        },
    ]
    if version.saved_at:
        who = records.label(version.saved_by)
        rows.append({"what": said("saved the draft last"), "who": who, "at": version.saved_at, "words": ""})
    rows.append(
        {
            "what": said("published it"),
            "who": records.publisher(version),
            "at": version.published_at,
            "words": version.update_note,
        }
    )
    rows += _second_people(records)
    reviews = [one for one in records.history if one.number == version.number and one.action == "reviewed"]
    rows += [
        {"what": said("reviewed it"), "who": one.by, "at": one.at, "words": one.note} for one in reviews[::-1]
    ]
    judges = version.standard.conditions.judges
    gaps = []
    if len({row["who"] for row in rows}) == 1:
        gaps.append(
            Gap(
                said("No second person is recorded: one person wrote this version and published it."),
                said("Let somebody else read it and record the review."),
            )
        )
    elif not reviews:
        gaps.append(
            Gap(
                said("Nobody has recorded a review since it was published."),
                said("Look at it as it stands and record the review."),
            )
        )
    return Section(
        "people",
        said("Who decided what"),
        said("Members are named as the studio names them. Learners are not named anywhere in this dossier."),
        {
            "rows": rows,
            "reviewDue": version.review_due,
            "judging": ""
            if version.standard.signal == "completion"
            else numbered(
                "Each piece of work is judged by {n} person; who judged is recorded with every decision.",
                "Each piece of work is judged by {n} people, each alone; who judged is recorded with every decision.",
                n=judges,
            ),
        },
        tuple(gaps),
    )


def _second_people(records: Records) -> list[dict[str, Any]]:
    """Who asked for a lower class of change, and who agreed or declined."""
    rows: list[dict[str, Any]] = []
    for one in records.requests:
        agreed = one.state != "declined"
        what = (
            said("agreed that the edits are clarifying")
            if agreed
            else said("declined to call the edits clarifying")
        )
        rows += [
            {
                "what": said("asked to call edits clarifying, with a public reason"),
                "who": records.label(one.asked_by),
                "at": one.asked_at,
                "words": one.reason,
            },
            {"what": what, "who": records.label(one.answered_by), "at": one.answered_at, "words": one.answer},
        ]
    return rows


def mapping(records: Records) -> Section:
    """Every competency with the rows of frameworks that it is tied to, or the written reason why there is none."""
    standard = records.version.standard
    asked = standard.signal != "completion"
    found = alignment.coverage(standard)
    tied = {link.id for row in found.rows for link in row.links}
    empty = not standard.alignments and not any(row.state == "excepted" for row in found.rows)
    mend = said("In the next version: tie it to a row of a framework, or write why there is none.")
    gaps = tuple(
        Gap(
            said(
                "“{competency}” is tied to no framework, and no reason is written.", competency=one.statement
            ),
            mend,
        )
        for one in found.open
    )
    if empty:
        gaps = (Gap(said("No competency is tied to a public framework, and no exception is written."), mend),)
    return Section(
        "mapping",
        said("How it is mapped to public frameworks"),
        said("Each competency with the rows that it is tied to, how close they are and why."),
        {
            "coverage": {
                "competencies": len(found.rows),
                "aligned": found.aligned,
                "excepted": found.settled - found.aligned,
                "open": len(found.open),
                "words": said(
                    "Covered by a framework: {aligned} of {total}. Written exceptions: {excepted}. Open: {open}.",
                    aligned=found.aligned,
                    total=len(found.rows),
                    excepted=found.settled - found.aligned,
                    open=len(found.open),
                ),
            },
            "competencies": [
                {
                    "id": row.competency.id,
                    "statement": row.competency.statement,
                    "state": row.state,
                    "exception": row.competency.alignment_exception if row.state == "excepted" else "",
                    "links": [_link(link) for link in row.links],
                }
                for row in found.rows
            ],
            "ofTheWhole": [_link(link) for link in standard.alignments if link.id not in tied],
        },
        gaps if asked else (),
        _state(empty, asked=asked),
    )


def _link(link: AlignmentLink) -> dict[str, Any]:
    return {
        "framework": link.framework,
        "name": link.name,
        "code": link.code,
        "url": link.url,
        "relation": link.relation,
        "relationInWords": RELATIONS[link.relation],
        "rationale": link.rationale,
    }


def changes(records: Records) -> Section:
    """Every published version, newest first, with the class of its change and its entry in the log of standards."""
    rows = [_change(records, view, before) for view, before in _with_earlier(records)]
    own = records.log.get(records.version.number)
    mend = said(
        "Ask whoever runs this installation to bring its database up to date; that enters what is missing."
    )
    gap = Gap(
        said("This version is not in the log of standards, so nothing proves since when it is public."), mend
    )
    others = ("presentation revised", "retired")
    return Section(
        "changes",
        said("What changed, and when it was public"),
        said("Every published version, the newest first."),
        {
            "versions": rows,
            "events": [
                {"at": one.at, "action": one.action, "version": one.number, "note": one.note, "by": one.by}
                for one in records.history
                if one.action in others
            ],
        },
        () if own else (gap,),
    )


def _with_earlier(records: Records) -> list[tuple[VersionView, VersionView | None]]:
    found = list(pairwise((*records.versions, None)))
    return [(view, before) for view, before in found if view is not None]


def _change(records: Records, view: VersionView, before: VersionView | None) -> dict[str, Any]:
    entry, low = records.log.get(view.number), view.lowering
    forces = versions.compare(before.standard, view.standard).forces if before else ""
    path = f"/s/{view.slug}/diff/{before.number}..{view.number}" if before else ""
    return {
        "version": view.number,
        "state": view.state,
        "publishedAt": view.published_at,
        "publishedBy": records.publisher(view),
        "effectiveAt": view.effective_at,
        "transitionUntil": view.transition_until,
        "note": view.update_note,
        "forces": forces,
        "change": SUMMARY[forces] if forces else said("The first publication."),
        "comparison": absolute(path) if path else "",
        "coreHash": view.core_hash,
        "presentationRevision": view.presentation,
        "lowering": {
            "from": low.found,
            "to": low.to,
            "reason": low.reason,
            "askedBy": records.label(low.asked_by),
            "agreedBy": records.label(low.agreed_by),
        }
        if low
        else None,
        "log": {
            "index": entry.index,
            "leafHash": entry.leaf_hash.hex(),
            "url": absolute(entry.path),
            "enteredLater": entry.entry.entered_later,
        }
        if entry
        else None,
    }


def statistics(records: Records) -> Section:
    """What was measured on this version, each figure with its n; none of it names anybody."""
    judged = records.version.standard.signal != "completion"
    decided, twice, first = records.decided, records.twice, records.first
    figures = [
        _rate(said("Learners who passed, of those with a decision"), Rate(decided.passed, decided.assessed)),
        _rate(said("First attempts that did not pass or were sent back"), Rate(first.again, first.n)),
        _rate(
            said("Works on which two people who judged alone came to one outcome"),
            Rate(twice.same, twice.works),
        ),
    ]
    empty = not records.holders and not (judged and (decided.assessed or twice.works or records.readiness.n))
    gaps = []
    if empty:
        do = said("Judge the first work; until then no figure can be shown.")
        if not judged:
            do = said("Issue the first record; until then no figure can be shown.")
        gaps.append(Gap(said("Nothing was decided or issued on this version yet."), do))
    elif judged and not twice.works:
        do = said("Let two people judge the same work, each alone.")
        gaps.append(Gap(said("Whether two judges agree was never looked at on this version."), do))
    return Section(
        "statistics",
        said("What was measured"),
        said("Rates are shown from {n} cases on, with an interval of 95 % (Wilson).", n=Rate(0, 0).floor),
        {
            "holders": records.holders,
            "holdersInWords": numbered(
                "{n} person holds a credential of this version now.",
                "{n} people hold a credential of this version now.",
                n=records.holders,
            ),
            "rates": figures if judged else [],
            "readiness": {
                "n": records.readiness.n,
                "r": records.readiness.r,
                "low": records.readiness.low,
                "high": records.readiness.high,
                "words": records.readiness.words,
            }
            if judged
            else None,
        },
        tuple(gaps),
        _state(empty),
    )


def _rate(name: str, rate: Rate) -> dict[str, Any]:
    told: dict[str, Any] = {"name": name, "cases": rate.cases, "successes": rate.successes}
    if not rate.measurable:
        return told | {"measurable": False, "words": said("not yet measurable (n = {n})", n=rate.cases)}
    words = said(
        "{percent} % (n = {n}; {low} to {high} %)",
        percent=rate.percent,
        n=rate.cases,
        low=rate.low,
        high=rate.high,
    )
    return told | {
        "measurable": True,
        "percent": rate.percent,
        "low": rate.low,
        "high": rate.high,
        "words": words,
    }


def what_it_does_not_show(records: Records) -> Section:
    """The bounds of the version: the lines of its public page."""
    standard = records.version.standard
    found = not_shown.lines(not_shown.scope_of(standard))
    gap = Gap(
        said("The author wrote no line about it: all of these follow from what is and is not asked for."),
        said("In the next version: name what somebody might wrongly assume."),
    )
    return Section(
        "not_shown",
        said("What it does not show"),
        said("A credential of this version must not be taken for any of this."),
        {"lines": list(found), "beside": [*records.kept.beside] if records.kept else []},
        () if standard.not_shown else (gap,),
        _state(not found),
    )
