"""Rows of enrolments, submissions, evidence, ratings and decisions."""

from __future__ import annotations

from django.db import models

from guildmark.kernel.clock import now
from guildmark.kernel.tenancy import OrgModel


class EnrolmentLink(OrgModel):
    """The token is kept readable: it is meant to be shared, and gives nothing but the right to join."""

    achievement_id = models.UUIDField(db_index=True)
    token = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=120, blank=True)
    open_enrolment = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default="open")
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "achievement_id"],
                condition=models.Q(open_enrolment=True, state="open"),
                name="one_open_enrolment",
            )
        ]


class BridgeOffer(OrgModel):
    """While one is open, holders of an older version may show only what changed and reach the one in force."""

    achievement_id = models.UUIDField()
    opened_by = models.UUIDField(null=True)
    opened_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "achievement_id"],
                condition=models.Q(closed_at=None),
                name="one_open_bridge",
            )
        ]


class Enrolment(OrgModel):
    """A learner on the way to an achievement: once from the beginning, and once for every bridge from a decision."""

    learner_id = models.UUIDField(db_index=True)
    achievement_id = models.UUIDField(db_index=True)
    link = models.ForeignKey(EnrolmentLink, null=True, on_delete=models.SET_NULL, related_name="enrolments")
    source = models.CharField(max_length=8)
    state = models.CharField(max_length=12, default="enrolled")
    created_at = models.DateTimeField(default=now)
    version_id = models.UUIDField(null=True)
    core_hash = models.CharField(max_length=80, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    # The passed decision whose results count on; empty for who begins from the beginning.
    bridge_from = models.ForeignKey("Decision", null=True, on_delete=models.PROTECT, related_name="bridges")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "learner_id", "achievement_id"],
                condition=models.Q(bridge_from=None),
                name="enrolment_once",
            ),
            models.UniqueConstraint(
                fields=["bridge_from"],
                condition=models.Q(state__in=["enrolled", "acknowledged"]),
                name="bridge_once",
            ),
        ]


class Submission(OrgModel):
    """One attempt. The acknowledged bar is copied here, because the enrolment may move to a newer one."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="submissions")
    version_id = models.UUIDField(db_index=True)
    core_hash = models.CharField(max_length=80)
    acknowledged_at = models.DateTimeField()
    attempt = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default="draft")
    created_at = models.DateTimeField(default=now)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=8, blank=True)
    due_at = models.DateTimeField(null=True)
    authorship_statement = models.TextField(blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.UUIDField(null=True)
    feedback = models.TextField(blank=True)
    criterion_feedback = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "attempt"], name="attempt_once")]
        indexes = [models.Index(fields=["org_id", "state", "due_at"], name="submission_queue")]


class EvidenceItem(OrgModel):
    """One stored piece of work. A new attempt may carry it on, so two rows can share a stored file."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="items")
    requirement_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=4)
    title = models.CharField(max_length=300)
    filename = models.CharField(max_length=160)
    media_type = models.CharField(max_length=120)
    group = models.CharField(max_length=16, blank=True)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=120, db_index=True)
    text = models.TextField(blank=True)
    source_url = models.CharField(max_length=2000, blank=True)
    snapshot = models.JSONField(default=dict)
    received_at = models.DateTimeField(default=now)


class Upload(OrgModel):
    """A file on its way in pieces; the partial file named by ``storage_key`` says how much has arrived."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="uploads")
    requirement_id = models.CharField(max_length=40)
    filename = models.CharField(max_length=160)
    size = models.BigIntegerField()
    storage_key = models.CharField(max_length=120)
    touched_at = models.DateTimeField(default=now)


class Assessment(OrgModel):
    """The judgement of one assessor: every criterion rated by that person alone."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="assessments")
    assessor_id = models.UUIDField(db_index=True)
    state = models.CharField(max_length=8, default="draft")
    taught_learner = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "assessor_id"], name="assessment_once")]


class Rating(OrgModel):
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="ratings")
    criterion_id = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField(null=True)
    rationale = models.TextField(blank=True)
    pointer_item = models.ForeignKey(EvidenceItem, null=True, on_delete=models.SET_NULL, related_name="+")
    pointer_locator = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "criterion_id"], name="rating_once")]


class Decision(OrgModel):
    """One per submission, by a database constraint; never changed afterwards."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=12)
    results = models.JSONField(default=list)
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()
    assessed_at = models.DateTimeField()
    judges = models.PositiveIntegerField()
    weaknesses = models.JSONField(default=list)
    feedback = models.TextField(blank=True)
    # Learners decided against the same version up to this decision: what a credential may say of the pass rate.
    assessed_so_far = models.PositiveIntegerField(null=True)
    passed_so_far = models.PositiveIntegerField(null=True)
    # Whether the first two who judged alone came to one outcome; None for work that one person judged, and for bridges.
    same_outcome = models.BooleanField(null=True)
    # Works decided against the version up to this decision that two judged, and in how many they came to one outcome.
    judged_twice_so_far = models.PositiveIntegerField(null=True)
    same_outcome_so_far = models.PositiveIntegerField(null=True)
    # Set when what was decided no longer counts, as after a revocation: nothing is built on it any more.
    set_aside_at = models.DateTimeField(null=True)


class ReadinessResult(OrgModel):
    """How a learner judged the samples before beginning: the first time, which is the one that says something.

    ``answers`` are levels by criterion id, by sample id; ``exact`` and ``adjacent`` count criteria out of ``n``.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="readiness")
    version_id = models.UUIDField()
    core_hash = models.CharField(max_length=80)
    answers = models.JSONField()
    exact = models.PositiveIntegerField()
    adjacent = models.PositiveIntegerField()
    n = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "version_id"], name="readiness_once")]
