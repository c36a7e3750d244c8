"""Enrolled learners, work and decisions for tests, made through the actions like everywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guildmark.assess.evidence import actions, queries
from guildmark.assess.evidence.types import (
    AssessmentView,
    DecisionView,
    EnrolmentView,
    RatingInput,
    SubmissionView,
)
from guildmark.design import queries as design
from guildmark.design.types import EvidenceRequirement, VersionView
from guildmark.kernel.actor import Actor
from guildmark.people.types import LearnerView
from tests.design.builders import published

# Smallest well-formed files by media group.
FILES: dict[str, tuple[str, bytes]] = {
    "document": ("report.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"),
    "text": ("log.txt", b"branch, expected, actual\nA, mail 1, mail 1\n"),
    "spreadsheet": ("log.csv", b"branch,expected,actual\nA,mail 1,mail 1\n"),
    "video": ("walkthrough.mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64),
    "audio": ("talk.mp3", b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\x00" * 64),
    "archive": ("work.zip", b"PK\x05\x06" + b"\x00" * 18),
}


def learner_actor(learner: LearnerView) -> Actor:
    return Actor("learner", learner.id, learner.org_id, label=learner.name)


def enrolled(
    org: Any, version: VersionView, learner: LearnerView | None = None
) -> tuple[EnrolmentView, Actor]:
    """A learner who is enrolled and has agreed to the bar, and the actor that they are."""
    learner = learner or org.learner()
    enrolment = actions.enrol(
        by=org.owner,
        org_id=org.id,
        achievement_id=version.achievement_id,
        email=learner.email,
        name=learner.name,
        source="csv",
    )
    actor = learner_actor(learner)
    if enrolment.version_id is None:
        enrolment = actions.acknowledge_bar(
            by=actor,
            org_id=org.id,
            enrolment_id=enrolment.id,
            version_id=version.id,
            core_hash=version.core_hash,
        )
    return enrolment, actor


def a_file(requirement: EvidenceRequirement) -> tuple[str, bytes]:
    """A file that the requirement accepts."""
    group = next((group for group in requirement.accept if group in FILES), "document")
    return FILES[group]


def fill(actor: Actor, submission: SubmissionView, version: VersionView) -> None:
    """Hand in something fitting for every requirement; a file stands in for an address."""
    for requirement in version.standard.evidence:
        place = {"by": actor, "org_id": submission.org_id, "submission_id": submission.id}
        if requirement.kind == "text":
            words = " ".join(["reason"] * max(30, requirement.min_words))
            actions.add_text(**place, requirement_id=requirement.id, text=words)
            continue
        name, content = a_file(requirement)
        actions.add_file(**place, requirement_id=requirement.id, filename=name, pieces=[content])


def submitted(org: Any, version: VersionView, learner: LearnerView | None = None) -> SubmissionView:
    """Work that was handed in and waits."""
    enrolment, actor = enrolled(org, version, learner)
    submission = actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
    fill(actor, submission, version)
    return actions.submit(by=actor, org_id=org.id, submission_id=submission.id, authorship_accepted=True)


def ratings(version: VersionView, item_id: UUID, level: int) -> Iterator[RatingInput]:
    """The same level on every criterion, with a reason and a pointer."""
    for criterion in version.standard.criteria:
        yield RatingInput(criterion.id, level, f"{criterion.name}: seen in the log.", item_id, "page 1")


def assessed(by: Actor, submission: SubmissionView, level: int, *, taught: bool = False) -> AssessmentView:
    """A complete assessment by ``by`` with one level on every criterion."""
    org_id = submission.org_id
    version = design.version(org_id, submission.version_id)
    taken = actions.take_for_rating(by=by, org_id=org_id, submission_id=submission.id, taught_learner=taught)
    item = queries.submission_detail(org_id, submission.id).items[0].item
    saved = actions.save_rating(
        by=by,
        org_id=org_id,
        assessment_id=taken.id,
        revision=taken.revision,
        ratings=ratings(version, item.id, level),
    )
    return actions.complete_assessment(by=by, org_id=org_id, assessment_id=taken.id, revision=saved.revision)


def decided(
    org: Any,
    outcome: str = "passed",
    version: VersionView | None = None,
    learner: LearnerView | None = None,
) -> DecisionView:
    """A decision on work of a learner, from enrolment to the decision, judged and taken by the owner."""
    version = version or published(org)
    submission = submitted(org, version, learner)
    standard = version.standard
    assessed(org.owner, submission, standard.pass_level if outcome == "passed" else 1)
    return actions.decide(
        by=org.owner,
        org_id=org.id,
        submission_id=submission.id,
        outcome=outcome,
        feedback="The log shows each branch with what was expected and what happened.",
    )
