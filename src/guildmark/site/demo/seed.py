"""Makes the demo academy: every record enters through an action, at the moment the set clock says.

The story runs over about two years and ends today, so that some credentials have expired, one review is overdue
and some work waits. Nothing here writes a row by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from guildmark.assess.evidence import actions as evidence
from guildmark.assess.evidence import queries as evidence_queries
from guildmark.assess.evidence.types import DecisionView, RatingInput, SubmissionView
from guildmark.config import load
from guildmark.design import actions as design
from guildmark.design import tool_actions
from guildmark.design.stacks import promotion
from guildmark.design.types import VersionView
from guildmark.issue import actions as issue
from guildmark.issue import queries as issue_queries
from guildmark.issue.types import CompletionRow, CredentialView
from guildmark.kernel import clock, tasks
from guildmark.kernel.actor import SYSTEM, Actor
from guildmark.keys import actions as keys
from guildmark.people import actions as people
from guildmark.people import queries as people_queries
from guildmark.people.types import LearnerView
from guildmark.site.demo import advice, standards, surroundings, work
from guildmark.site.demo.people import LEARNERS, PASSWORD, PERSONAS

SLUG = "northlamp"
NOBODY = UUID(int=0)
Progress = Callable[[str], None]


def marker() -> Path:
    """Written last: its presence means that the demo is complete."""
    return load().data_dir / "demo.json"


@dataclass
class Story:
    """The moving parts while the demo is being made."""

    began: datetime
    tell: Progress
    org_id: UUID = NOBODY
    actors: dict[str, Actor] = field(default_factory=dict)
    learners: dict[str, LearnerView] = field(default_factory=dict)
    versions: dict[str, VersionView] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)

    def at(self, days_ago: float) -> AbstractContextManager[None]:
        return clock.at(self.began - timedelta(days=days_ago))

    def actor(self, key: str) -> Actor:
        return self.actors[key]


def make(tell: Progress) -> None:
    """Make the whole demo; ``tell`` is called with a sentence at each stage."""
    story = Story(clock.now(), tell)
    tell("people and keys")
    _people(story)
    tell("standards")
    _standards(story)
    tell("work, judgements and credentials")
    _work(story)
    tell("what happened to them afterwards")
    _afterwards(story)
    tell("the present")
    _present(story)
    marker().write_text(json.dumps({"cases": story.cases}, indent=1), "utf-8")


def _people(story: Story) -> None:
    with story.at(700):
        ids = {
            p.key: people.create_user(email=p.email, name=p.name, password=PASSWORD, verified=True)
            for p in PERSONAS
        }
        org = people.create_organisation(
            by=SYSTEM,
            name="Northlamp Academy",
            slug=SLUG,
            owner_id=ids["mara"],
            url="https://northlamp.example",
            email="hello@northlamp.example",
            description="A small academy for people who set up tools for others: e-mail, briefs, automation. "
            "Everything and everybody in this demo is invented.",
            country="NO",
        )
        story.org_id = org.id
        owner = _actor(story, ids["mara"])
        people.change_roles(
            by=owner,
            org_id=org.id,
            member_id=people_queries.members(org.id)[0].id,
            roles=["owner", "designer"],
        )
        story.actors["mara"] = _actor(story, ids["mara"])
        for p in PERSONAS[1:]:
            if not p.roles:
                continue
            _, token = people.invite(by=owner, org_id=org.id, email=p.email, roles=list(p.roles))
            people.accept_invitation(token=token, user_id=ids[p.key])
            story.actors[p.key] = _actor(story, ids[p.key])
        tasks.run_until_idle()
    with story.at(400):
        keys.rotate(by=story.actor("mara"), org_id=org.id)
    with story.at(698):
        for key, name, _ in LEARNERS:
            persona = next((p for p in PERSONAS if p.key == key), None)
            email = persona.email if persona else f"{key}@learner.example"
            story.learners[key] = people.ensure_learner(
                by=story.actor("ines"), org_id=org.id, email=email, name=name
            )


def _actor(story: Story, user_id: UUID) -> Actor:
    actor = people_queries.actor_in(user_id, story.org_id)
    assert actor is not None
    return actor


def _publish(story: Story, content: dict[str, Any], *, signal: str = "demonstrated") -> VersionView:
    mara, org_id = story.actor("mara"), story.org_id
    draft = design.create_achievement(by=mara, org_id=org_id, title=content["title"], signal=signal)  # type: ignore[arg-type]
    draft = design.save_draft(
        by=mara, org_id=org_id, version_id=draft.id, content=content, revision=draft.revision
    )
    done = design.publish(by=mara, org_id=org_id, version_id=draft.id)
    tasks.run_until_idle()  # the head of the log is signed on the same day
    return done


def _new_version(story: Story, achievement_id: UUID, content: dict[str, Any], note: str) -> VersionView:
    mara, org_id = story.actor("mara"), story.org_id
    draft = design.start_new_version(by=mara, org_id=org_id, achievement_id=achievement_id)
    draft = design.save_draft(
        by=mara, org_id=org_id, version_id=draft.id, content=content, revision=draft.revision
    )
    done = design.publish(by=mara, org_id=org_id, version_id=draft.id, update_note=note)
    tasks.run_until_idle()
    return done


def _standards(story: Story) -> None:
    with story.at(670):
        surroundings.framework(story.actor("mara"), story.org_id)
    with story.at(660):
        story.versions["v1"] = _publish(story, standards.sequence(0))
    with story.at(640):
        story.versions["workshop"] = _publish(story, standards.WORKSHOP, signal="completion")
    mara, org_id = story.actor("mara"), story.org_id
    with story.at(30):
        draft = design.create_achievement(by=mara, org_id=org_id, title=standards.WEAK_DRAFT["title"])
        design.save_draft(
            by=mara, org_id=org_id, version_id=draft.id, content=standards.WEAK_DRAFT, revision=draft.revision
        )
    advice.seed(mara, org_id, story.versions["v1"].achievement_id, story.at)


@dataclass(frozen=True)
class Case:
    """One learner's way through one standard: when, who judged, which levels, and what came of it."""

    learner: str
    standard: str
    decided: float
    judges: tuple[str, ...] = ("jonas",)
    weak: tuple[str, ...] = ()
    strong: int = 1
    taught: bool = False
    valid_in: float | None = None


def _cases() -> list[Case]:
    by_story = {"passed_v1": 380.0, "expired": 600.0, "brief": 330.0}
    judges = ("jonas", "priya")
    cases = []
    for index, (key, _, tale) in enumerate(LEARNERS):
        judge = judges[index % 2]
        spread = index * 3.0
        if tale in {"expired", "passed_v1"}:
            cases.append(Case(key, "v1", by_story[tale] - spread / 3, (judge,), strong=index % 3))
        elif tale == "brief":
            cases.append(Case(key, "brief", by_story[tale] - spread / 3, (judge,), strong=index % 2))
        elif tale == "two_judges":
            cases.append(Case(key, "v2", 120 - spread, judges, strong=index % 3))
        elif tale == "failed":
            cases.append(Case(key, "v2", 150 - spread, (judge,), weak=("branches", "faults"), strong=0))
        elif tale == "not_yet_valid":
            cases.append(Case(key, "v2", 12, (judge,), valid_in=45))
        elif tale in {"passed_v2", "passed_v2_shown", "revoked", "superseded", "suspended", "private"}:
            cases.append(Case(key, "v2", 140 - spread, (judge,), strong=index % 3, taught=key == "noor"))
    return cases


def _work(story: Story) -> None:
    cases = sorted(_cases(), key=lambda case: -case.decided)
    for case in [c for c in cases if c.standard == "v1"]:
        _through(story, case)
    with story.at(500):
        clarified = _new_version(
            story,
            story.versions["v1"].achievement_id,
            standards.sequence(1),
            "Says that any tool with conditions will do.",
        )
        story.versions["v1"] = clarified
    # The log of standards takes nothing that is older than its newest entry.
    with story.at(420):
        story.versions["brief"] = _publish(story, standards.BRIEFING)
    with story.at(190):
        story.versions["v2"] = _new_version(
            story,
            clarified.achievement_id,
            standards.sequence(2),
            "Adds the criterion “Consent and unsubscribe”: the required evidence changed, so the version did.",
        )
    with story.at(180):
        surroundings.translation(story.actor("mara"), story.org_id, story.versions["v2"].id)
    with story.at(40):
        design.mark_reviewed(
            by=story.actor("mara"),
            org_id=story.org_id,
            version_id=story.versions["v2"].id,
            note="Read against the tool's release notes of this quarter; nothing to change.",
        )
    _tools(story)
    for case in [c for c in cases if c.standard != "v1"]:
        _through(story, case)
    with story.at(100):
        _workshop(story)


def _tools(story: Story) -> None:
    """A new version of the tool that the first programme names: compared with it, and found the same."""
    keys: dict[str, Any] = {"by": story.actor("mara"), "org_id": story.org_id}
    with story.at(62):
        release = tool_actions.record_release(
            **keys,
            name="Postwright",
            version="5.0",
            released_on=clock.now().date(),
            note="A new editor; triggers, conditions and the export are as before.",
        )
    with story.at(55):
        tool_actions.answer_same(
            **keys,
            release_id=release.id,
            achievement_id=story.versions["v2"].achievement_id,
            note="Built the reference sequence in 5.0: the same branches, the same export, the same faults to find.",
        )


def _workshop(story: Story) -> None:
    version = story.versions["workshop"]
    day = clock.now().date().isoformat()
    people_of_the_day = [story.learners[key] for key, _, tale in LEARNERS if tale == "workshop"]
    people_of_the_day.append(story.learners["noor"])
    rows = [CompletionRow(name=p.name, email=p.email, date=day) for p in people_of_the_day]
    issue.issue_completion_records(
        by=story.actor("ines"), org_id=story.org_id, version_id=version.id, rows=rows
    )
    tasks.run_until_idle()


def _through(story: Story, case: Case) -> None:
    """Enrolment, work, judgement, decision and, when passed, the signed credential."""
    number = [key for key, _, _ in LEARNERS].index(case.learner)
    with story.at(case.decided + 20):
        submission = _hand_in(story, case.learner, case.standard, number, weak=bool(case.weak))
    _judge(story, submission, case)
    with story.at(case.decided):
        decision = _decide(story, submission, case)
        if case.valid_in is not None:
            issue.award_for_decision(
                by=story.actor("ines"),
                org_id=story.org_id,
                decision_id=decision.id,
                valid_from=story.began + timedelta(days=case.valid_in),
            )
        tasks.run_until_idle()
    if decision.outcome == "passed":
        story.cases[case.learner] = str(_credential(story, decision).public_id)


def _credential(story: Story, decision: DecisionView) -> CredentialView:
    award = issue_queries.award_of_decision(story.org_id, decision.id)
    assert award is not None
    assert award.credential_id is not None, award.error
    return issue_queries.credential(award.credential_id)


def _hand_in(story: Story, learner: str, standard: str, number: int, *, weak: bool = False) -> SubmissionView:
    person, version, org_id = story.learners[learner], story.versions[standard], story.org_id
    by = Actor("learner", person.id, org_id)
    enrolment = evidence.enrol(
        by=story.actor("ines"),
        org_id=org_id,
        achievement_id=version.achievement_id,
        email=person.email,
        name=person.name,
        source="csv",
    )
    evidence.acknowledge_bar(
        by=by, org_id=org_id, enrolment_id=enrolment.id, version_id=version.id, core_hash=version.core_hash
    )
    return _attempt(story, by, enrolment.id, standard, number, weak=weak)


def _attempt(
    story: Story, by: Actor, enrolment_id: UUID, standard: str, number: int, *, weak: bool
) -> SubmissionView:
    org_id = story.org_id
    draft = evidence.start_submission(by=by, org_id=org_id, enrolment_id=enrolment_id)
    if standard == "brief":
        evidence.add_text(
            by=by, org_id=org_id, submission_id=draft.id, requirement_id="e1", text=work.content_brief(number)
        )
    else:
        files = {
            "e1": work.sequence_export(by.label, number),
            "e2": work.log_of_tests(number, faults=2 if weak else 4, ran=not weak),
        }
        for requirement, (name, body) in files.items():
            evidence.add_file(
                by=by,
                org_id=org_id,
                submission_id=draft.id,
                requirement_id=requirement,
                filename=name if draft.attempt == 1 else name.replace(".", "-again.", 1),
                pieces=[body],
            )
        evidence.add_text(
            by=by, org_id=org_id, submission_id=draft.id, requirement_id="e3", text=work.walkthrough(number)
        )
    return evidence.submit(by=by, org_id=org_id, submission_id=draft.id, authorship_accepted=True)


def _judge(story: Story, submission: SubmissionView, case: Case) -> None:
    for order, judge in enumerate(case.judges):
        with story.at(case.decided + 4 - order):
            _rate(story, submission, judge, case, order)


def _rate(story: Story, submission: SubmissionView, judge: str, case: Case, order: int = 0) -> None:
    by, org_id = story.actor(judge), story.org_id
    standard = story.versions[case.standard].standard
    detail = evidence_queries.submission_detail(org_id, submission.id)
    items = {detail_item.item.requirement_id: detail_item.item.id for detail_item in detail.items}
    ratings = []
    for place, criterion in enumerate(standard.criteria):
        weak = criterion.id in case.weak
        strong = not weak and (place + case.strong + order) % 4 == 3
        texts = work.RATIONALES[criterion.id]
        ratings.append(
            RatingInput(
                criterion_id=criterion.id,
                level=2 if weak else 4 if strong else 3,
                rationale=work.WEAK_RATIONALES[criterion.id]
                if weak
                else texts[(place + case.strong + order) % len(texts)],
                pointer_item=items[criterion.evidence[-1]],
                pointer_locator=f"line {3 + place * 2}",
            )
        )
    assessment = evidence.take_for_rating(
        by=by, org_id=org_id, submission_id=submission.id, taught_learner=case.taught
    )
    saved = evidence.save_rating(
        by=by, org_id=org_id, assessment_id=assessment.id, revision=assessment.revision, ratings=ratings
    )
    evidence.complete_assessment(by=by, org_id=org_id, assessment_id=saved.id, revision=saved.revision)


def _decide(story: Story, submission: SubmissionView, case: Case) -> DecisionView:
    decider = "mara" if len(case.judges) > 1 else case.judges[0]
    standard = story.versions[case.standard].standard
    detail = evidence_queries.submission_detail(story.org_id, submission.id)
    settled, reasons = {}, {}
    for criterion in standard.criteria:
        given = {a.ratings[criterion.id].level for a in detail.assessments}
        if len(given) > 1:
            settled[criterion.id] = min(level for level in given if level)
            reasons[criterion.id] = "One judge saw the highest level; the log supports the level below."
    return evidence.decide(
        by=story.actor(decider),
        org_id=story.org_id,
        submission_id=submission.id,
        outcome="not_passed" if case.weak else "passed",
        levels=settled,
        reasons=reasons,
        feedback="Two must-pass criteria are open: run every branch, and name the cause of each fault."
        if case.weak
        else "Clear work. Keep the log: the next person will need it.",
    )


def _afterwards(story: Story) -> None:
    org_id, ines = story.org_id, story.actor("ines")
    with story.at(20):
        issue.revoke(
            by=ines,
            org_id=org_id,
            public_id=UUID(story.cases["carmen"]),
            reason="The test log was copied from another submission; the holder confirmed it.",
        )
        issue.suspend(
            by=ines,
            org_id=org_id,
            public_id=UUID(story.cases["elif"]),
            reason="A client has questioned who did the work. The academy is looking into it.",
        )
    with story.at(15):
        corrected = issue.correct(
            by=ines,
            org_id=org_id,
            public_id=UUID(story.cases["daniel"]),
            reason="The family name was written without its second part.",
            name="Daniel Osei-Bonsu",
        )
        tasks.run_until_idle()
        story.cases["daniel_corrected"] = str(issue_queries.award(org_id, corrected.id).credential_id)
    with story.at(10):
        greta = story.learners["greta"]
        issue.set_disclosure(
            by=Actor("learner", greta.id, org_id),
            org_id=org_id,
            public_id=UUID(story.cases["greta"]),
            visibility="private",
        )
        noor = story.learners["noor"]
        shown = issue_queries.credential(UUID(story.cases["noor"]))
        document = json.loads(shown.body)
        items = [part["id"].rsplit("/", 1)[-1] for part in document["evidence"]]
        issue.set_disclosure(
            by=Actor("learner", noor.id, org_id),
            org_id=org_id,
            public_id=shown.public_id,
            shown_evidence=items[:2],
        )
        tasks.run_until_idle()


def _present(story: Story) -> None:
    """Work that waits today: one resubmission that passed, one returned, and a queue with one overdue."""
    org_id, jonas = story.org_id, story.actor("jonas")
    for key, days in (("kofi", 70.0), ("lena", 16.0)):
        number = [name for name, _, _ in LEARNERS].index(key)
        with story.at(days):
            submission = _hand_in(story, key, "v2", number, weak=True)
        with story.at(days - 5):
            evidence.return_with_feedback(
                by=jonas,
                org_id=org_id,
                submission_id=submission.id,
                feedback="The sequence is sound. The log says what you saw in the editor, not what a test contact did.",
                criterion_feedback={
                    "branches": work.WEAK_RATIONALES["branches"],
                    "faults": work.WEAK_RATIONALES["faults"],
                },
            )
    kofi = story.learners["kofi"]
    by = Actor("learner", kofi.id, org_id)
    with story.at(55):
        first = next(e for e in evidence_queries.enrolments(org_id) if e.learner_id == kofi.id)
        again = _attempt(story, by, first.id, "v2", 14, weak=False)
    case = Case("kofi", "v2", 48)
    _judge(story, again, case)
    with story.at(48):
        decision = _decide(story, again, case)
        tasks.run_until_idle()
    story.cases["kofi"] = str(_credential(story, decision).public_id)
    for key, days in (("rosa", 13.0), ("samir", 4.0), ("tilda", 3.0)):
        number = [name for name, _, _ in LEARNERS].index(key)
        with story.at(days):
            waiting = _hand_in(story, key, "v2", number)
        if key == "tilda":
            with story.at(1):
                _rate(story, waiting, "jonas", Case("tilda", "v2", 0))
    with story.at(2):
        uwe = story.learners["uwe"]
        evidence.enrol(
            by=story.actor("ines"),
            org_id=org_id,
            achievement_id=story.versions["v2"].achievement_id,
            email=uwe.email,
            name=uwe.name,
            source="csv",
        )
        evidence.open_link(
            by=story.actor("ines"),
            org_id=org_id,
            achievement_id=story.versions["v2"].achievement_id,
            label="Anybody who reads the bar",
            open_enrolment=True,
        )
    tasks.run_until_idle()
    with story.at(8):
        promotion.promote(
            by=story.actor("mara"),
            org_id=org_id,
            version_ids=[story.versions["v2"].id, story.versions["brief"].id],
            title="E-mail launch practitioner",
            announced=True,
        )
