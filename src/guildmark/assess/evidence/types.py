"""What other rooms see of enrolments, submissions, ratings and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Outcome = Literal["passed", "not_passed"]


@dataclass(frozen=True)
class EvidenceItemView:
    """One stored piece of evidence. ``sha256`` (hex) is over the stored bytes: file, text or snapshot."""

    id: UUID
    requirement_id: str
    kind: str
    title: str
    filename: str
    media_type: str
    size: int
    sha256: str
    storage_key: str
    source_url: str
    received_at: datetime


@dataclass(frozen=True)
class Carried:
    """Where a result comes from that was decided before, under version ``number``."""

    decision_id: UUID
    number: str
    decided_at: datetime


@dataclass(frozen=True)
class ResultView:
    """The decided level of one criterion, counted from 1. ``carried`` is set when an earlier decision found it."""

    criterion_id: str
    level: int
    level_label: str
    rationale: str
    carried: Carried | None = None


@dataclass(frozen=True)
class DecisionView:
    """A decision with everything that a credential needs to tell it.

    ``weaknesses`` and ``independence`` together are every point of separation that was looked at. The first two counts
    are of learners with a decision against this version, this one included, when it fell; the other two of works that
    two people judged, and of those with one outcome. None for decisions from before they were kept. ``bridge_from`` is
    the earlier decision whose results count on; ``set_aside`` says that this one does not count any more.
    """

    id: UUID
    org_id: UUID
    submission_id: UUID
    learner_id: UUID
    achievement_id: UUID
    version_id: UUID
    outcome: Outcome
    decided_by: UUID
    decided_at: datetime
    submitted_at: datetime
    assessed_at: datetime
    acknowledged_at: datetime
    acknowledged_hash: str
    attempt: int
    results: tuple[ResultView, ...]
    evidence: tuple[EvidenceItemView, ...]
    judges: int
    judge_roles: tuple[str, ...]
    weaknesses: tuple[str, ...]
    feedback: str
    independence: tuple[str, ...] = ()
    assessed_so_far: int | None = None
    passed_so_far: int | None = None
    judged_twice_so_far: int | None = None
    same_outcome_so_far: int | None = None
    handed_in_by_learner: bool = False
    bridge_from: UUID | None = None
    set_aside: bool = False

    @property
    def carried(self) -> tuple[ResultView, ...]:
        """The results that were decided earlier, under an older version."""
        return tuple(result for result in self.results if result.carried)


@dataclass(frozen=True)
class LinkView:
    """A link by which learners join. ``open_enrolment`` marks the one that the bar page offers to everybody."""

    id: UUID
    org_id: UUID
    achievement_id: UUID
    token: str
    label: str
    open_enrolment: bool
    state: str
    created_at: datetime
    joined: int

    @property
    def path(self) -> str:
        return f"/enrol/{self.token}"


@dataclass(frozen=True)
class EnrolmentView:
    """A learner on the way to an achievement. ``version_id`` and ``core_hash`` name the acknowledged bar."""

    id: UUID
    org_id: UUID
    learner_id: UUID
    achievement_id: UUID
    source: str
    state: str
    created_at: datetime
    version_id: UUID | None
    core_hash: str
    acknowledged_at: datetime | None
    bridge_from: UUID | None = None


@dataclass(frozen=True)
class BridgeState:
    """What is offered to the holder of a passed decision. ``refusal`` says why nothing is, in words.

    ``enrolment_id`` is the bridge under way or ended; ``earned`` and ``current`` are version numbers.
    """

    offered: bool
    enrolment_id: UUID | None = None
    earned: str = ""
    current: str = ""
    refusal: str = ""
    under_way: bool = False


@dataclass(frozen=True)
class BridgeRow:
    """A standard whose older versions have holders: how many, and since when its bridge is open to them."""

    achievement_id: UUID
    title: str
    number: str
    holders: int
    opened_at: datetime | None


@dataclass(frozen=True)
class AgreedCounts:
    """Learners who agreed to a bar and have no decision yet; ``waiting`` of them have handed in."""

    learners: int
    waiting: int


@dataclass(frozen=True)
class ItemDetail:
    """A stored piece of evidence as learner and judge see it; ``text`` is filled for written evidence only."""

    item: EvidenceItemView
    group: str
    text: str
    snapshot_url: str
    fetched_at: datetime | None


@dataclass(frozen=True)
class UploadView:
    """An upload in pieces: go on from byte ``offset`` until ``size`` is reached, then finish it."""

    id: UUID
    submission_id: UUID
    requirement_id: str
    filename: str
    size: int
    offset: int


@dataclass(frozen=True)
class RatingInput:
    """What a judge says about one criterion; everything may still be empty in a draft."""

    criterion_id: str
    level: int | None = None
    rationale: str = ""
    pointer_item: UUID | None = None
    pointer_locator: str = ""


@dataclass(frozen=True)
class AssessmentView:
    """One judge's ratings of one submission, by criterion id. ``revision`` grows with every save."""

    id: UUID
    submission_id: UUID
    assessor_id: UUID
    state: str
    taught_learner: bool
    revision: int
    completed_at: datetime | None
    ratings: dict[str, RatingInput]


@dataclass(frozen=True)
class SubmissionView:
    """One attempt. ``due_at`` is when the organisation promised a decision; ``feedback`` what was returned."""

    id: UUID
    org_id: UUID
    enrolment_id: UUID
    learner_id: UUID
    achievement_id: UUID
    version_id: UUID
    attempt: int
    state: str
    created_at: datetime
    submitted_at: datetime | None
    due_at: datetime | None
    overdue: bool
    feedback: str
    criterion_feedback: dict[str, str]
    decision_id: UUID | None
    outcome: str


@dataclass(frozen=True)
class SubmissionDetail:
    """A submission with its evidence and every assessment."""

    submission: SubmissionView
    items: tuple[ItemDetail, ...]
    assessments: tuple[AssessmentView, ...]


@dataclass(frozen=True)
class QueueRow:
    """A submission in an assessor's queue. ``own`` marks the reader's own work, ``mine`` what they judge."""

    submission: SubmissionView
    learner: str
    title: str
    number: str
    judges_done: int
    judges: int
    mine: bool
    own: bool

    @property
    def overdue(self) -> bool:
        return self.submission.overdue


@dataclass(frozen=True)
class ImportRow:
    """One line of a learner list: ``state`` is new, known, enrolled or problem."""

    line: int
    email: str
    name: str
    state: str
    problem: str = ""


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do when ``dry_run``."""

    rows: tuple[ImportRow, ...]
    dry_run: bool

    @property
    def problems(self) -> tuple[ImportRow, ...]:
        return tuple(row for row in self.rows if row.state == "problem")

    @property
    def to_enrol(self) -> int:
        return sum(row.state in {"new", "known"} for row in self.rows)


@dataclass(frozen=True)
class DecidedCounts:
    """How many learners were assessed to a decision against a version, and how many of them passed."""

    assessed: int
    passed: int


@dataclass(frozen=True)
class FirstAttempts:
    """First attempts that are over: ``n`` of them, of which ``again`` did not pass or were sent back."""

    n: int
    again: int


@dataclass(frozen=True)
class DecidedWorks:
    """How many works were decided, and how many of them passed."""

    works: int
    passed: int


@dataclass(frozen=True)
class JudgedTwice:
    """Works that two people judged alone; in ``same`` of them both came to one outcome."""

    works: int
    same: int


WEAKNESSES = {
    "one_judge": "One judge rated this work.",
    "judge_decided": "The judge who rated this work also took the decision.",
    "taught_learner": "A judge taught the learner.",
    "handed_in_for_learner": "The work was handed in by the organisation for the learner.",
}
#: What is known of who handed in, by whether the learner did.
IDENTITY = {
    True: "Handed in from an account with a confirmed e-mail address; no document of identity was looked at.",
    False: "Not checked: the organisation handed in the work.",
}
#: The same points where nothing is weaker, in the words of a credential.
INDEPENDENCE = {
    "one_judge": "More than one person judged.",
    "judge_decided": "Somebody decided who had not judged.",
    "taught_learner": "No judge said that they had taught the learner.",
    "handed_in_for_learner": "The learner handed in the work themselves.",
}


@dataclass(frozen=True)
class WaitingCounts:
    """Work of one standard that waits for a decision; ``overdue`` of it is past its day."""

    waiting: int = 0
    overdue: int = 0
