"""Rows of achievements and their versions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guildmark.kernel.clock import now
from guildmark.kernel.tenancy import OrgModel


class Achievement(OrgModel):
    """Something that can be earned. ``slug`` is part of public addresses: one per installation, never
    given twice.

    ``title`` and ``signal`` repeat the newest published version (before that, the draft) for lists.
    """

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    signal = models.CharField(max_length=13)
    outline = models.TextField(blank=True)
    archived = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    created_by = models.UUIDField(null=True)


class AchievementVersion(OrgModel):
    """One written standard. A published row is frozen by a trigger: only its state, its end and its review date
    still move.

    It is in force from ``effective_at`` until ``superseded_at``. Who agreed to an older bar is judged by that one until
    ``transition_until``. ``lowering`` is the public record of two people calling an edit of words clarifying.
    """

    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="versions")
    major = models.PositiveIntegerField(null=True)
    minor = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, default="draft")
    content = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    core_hash = models.CharField(max_length=71, blank=True)
    based_on = models.UUIDField(null=True)
    update_note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)
    created_by = models.UUIDField(null=True)
    saved_at = models.DateTimeField(default=now)
    saved_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    review_due = models.DateTimeField(null=True, db_index=True)
    superseded_by = models.CharField(max_length=20, blank=True)
    effective_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    transition_until = models.DateTimeField(null=True)
    lowering = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["achievement", "major", "minor"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["achievement"], condition=Q(state="draft"), name="version_one_draft"
            ),
            models.UniqueConstraint(
                fields=["achievement"], condition=Q(state="published"), name="version_one_published"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None, major=None)
                | (
                    ~Q(state="draft")
                    & Q(published_at__isnull=False, major__isnull=False, minor__isnull=False)
                ),
                name="version_published_is_numbered",
            ),
        ]


class PresentationRevision(OrgModel):
    """New words or samples around an unchanged core. Append-only; ``hash`` covers this content alone."""

    version = models.ForeignKey(AchievementVersion, on_delete=models.PROTECT, related_name="presentations")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    hash = models.CharField(max_length=71)
    note = models.TextField()
    created_at = models.DateTimeField(default=now)
    created_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="presentation_number_once")]


class PublicationRecord(OrgModel):
    """What was so when a version was published, kept beside it because it may be otherwise tomorrow.

    ``wording`` is what the claim linter said (``claimcheck.report``); ``beside`` are the required skills beside those
    that the standard is tied to, by framework: ``{"framework", "skills": [{"name", "uri"}]}``. ``advice`` is what the
    advisor had said and what its verdict was on that day (``advisor.recheck.on_record``); empty where nobody had asked.
    """

    version = models.OneToOneField(AchievementVersion, on_delete=models.PROTECT, related_name="record")
    wording = models.JSONField()
    beside = models.JSONField(default=list)
    advice = models.JSONField(null=True)
    made_at = models.DateTimeField(default=now)


class OrgRules(OrgModel):
    """What an organisation asks of its own standards; an organisation without a row has the defaults.

    ``impostor_once`` and ``impostor_with_retakes`` are the largest chances to pass without the skill at which
    the gate lets a standard through. ``jargon`` are the words that outsiders do not know, in any language.
    ``transition_days`` is how long learners may go on under an older bar, unless a publication says otherwise.
    """

    impostor_once = models.FloatField(default=0.01)
    impostor_with_retakes = models.FloatField(default=0.03)
    jargon = models.JSONField(default=list)
    transition_days = models.PositiveIntegerField(default=60)
    changed_at = models.DateTimeField(default=now)
    changed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id"], name="design_rules_once")]


class TranslationRevision(OrgModel):
    """The texts of an achievement in one language, as they were after one save. Append-only; ``hash`` covers this content.

    ``content`` has by path the translations of every source text that stood there, by its digest.
    """

    achievement = models.ForeignKey(Achievement, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    hash = models.CharField(max_length=71)
    created_at = models.DateTimeField(default=now)
    created_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "language", "number"], name="translation_number_once"
            )
        ]


class Advice(OrgModel):
    """What the advisor was told and what it said, with day and author; never edited, only followed by newer advice.

    ``result`` is the advice as it was given, by the engine that it names; ``outline`` the course that it began from.
    ``started`` lists the standards that were begun from it: role, achievement id and slug. ``done`` holds the ticked
    tasks of the plan: key, moment and who.
    """

    achievement = models.ForeignKey(
        Achievement, null=True, on_delete=models.SET_NULL, related_name="advice", db_index=True
    )
    title = models.CharField(max_length=120, blank=True)
    answers = models.JSONField()
    result = models.JSONField()
    verdict = models.CharField(max_length=16)
    score = models.SmallIntegerField()
    engine = models.PositiveSmallIntegerField()
    outline = models.TextField(blank=True)
    follows = models.UUIDField(null=True)
    started = models.JSONField(default=list)
    done = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)
    created_by = models.UUIDField(null=True)


class ClassRequest(OrgModel):
    """A wish to call a major edit of words clarifying. It counts for the content with this hash and no other.

    ``paths`` are the edits that it is about. ``state`` is waiting, agreed, declined, void (the draft was edited or asked
    for anew) or used (a version was published by it).
    """

    version = models.ForeignKey(AchievementVersion, on_delete=models.CASCADE, related_name="class_requests")
    state = models.CharField(max_length=10, default="waiting")
    reason = models.TextField()
    paths = models.JSONField(default=list)
    content_hash = models.CharField(max_length=71)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField(default=now)
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(state__in=["waiting", "agreed"]),
                name="class_request_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=models.F("asked_by")),
                name="class_request_two_people",
            ),
        ]


class ExplainerVideo(OrgModel):
    """The bytes of an explainer video, stored once in an organisation however many versions name them by ``sha256``.

    ``size`` is in bytes, ``seconds`` is 0 where the file does not say its length. ``stored_at`` is when it was last
    uploaded. The file is kept while a version or a presentation revision names it.
    """

    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=20)
    size = models.BigIntegerField()
    seconds = models.PositiveIntegerField(default=0)
    storage_key = models.CharField(max_length=120)
    stored_at = models.DateTimeField(default=now)
    stored_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_id", "sha256"], name="explainer_video_once")]


class EvidenceNote(OrgModel):
    """A figure that somebody else published, with where and when it was read and who added it. It enters no computation.

    Never edited: a note that no longer holds is retired and kept.
    """

    figure = models.CharField(max_length=120)
    about = models.CharField(max_length=300)
    source = models.CharField(max_length=300)
    source_url = models.CharField(max_length=500, blank=True)
    read_on = models.DateField()
    caution = models.CharField(max_length=600, blank=True)
    added_at = models.DateTimeField(default=now)
    added_by = models.UUIDField(null=True)
    retired_at = models.DateTimeField(null=True)
    retired_by = models.UUIDField(null=True)
    retired_why = models.CharField(max_length=300, blank=True)


class Layer(OrgModel):
    """A standard (``child``) that is tied to another one (``base``): it rests on it, or is a part of the stack that
    the base packages. It is presentation: the content of no version knows of it.

    ``announced`` lets public pages name the base before it is published.
    """

    child = models.ForeignKey(Achievement, on_delete=models.CASCADE, related_name="bases")
    base = models.ForeignKey(Achievement, on_delete=models.CASCADE, related_name="layers")
    role = models.CharField(max_length=14)
    announced = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    created_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "base"], name="layer_pair_once"),
            models.CheckConstraint(condition=~Q(child=models.F("base")), name="layer_of_another"),
            models.CheckConstraint(
                condition=Q(role__in=["specialization", "refresher", "tool-update", "part"]),
                name="layer_role_known",
            ),
        ]


class Blueprint(OrgModel):
    """What the domains of a promoted stack weigh, in percent that sum to 100.

    ``rows`` hold domain, competency (its id in the draft), weight and source: the member version that the domain comes
    from, with the figures of the arithmetic. ``factors`` are the points that the proposal counted with.
    """

    achievement = models.OneToOneField(Achievement, on_delete=models.CASCADE, related_name="blueprint")
    factors = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    created_by = models.UUIDField(null=True)
    saved_at = models.DateTimeField(default=now)
    saved_by = models.UUIDField(null=True)


class Promotion(OrgModel):
    """From which published versions a standard was put together; never edited.

    ``members`` name each version with its hash, the new id of every part by its old one, the criteria that its holders
    had shown when this was recorded, and how many had been decided and passed by then.
    """

    achievement = models.OneToOneField(Achievement, on_delete=models.CASCADE, related_name="promotion")
    members = models.JSONField()
    created_at = models.DateTimeField(default=now)
    created_by = models.UUIDField(null=True)


class ToolRelease(OrgModel):
    """A release of a tool that standards name. Never deleted; a trigger lets nothing change but its withdrawal, once.

    ``key`` is the name as :func:`guildmark.design.tools.key` has it. ``released_on`` is a day in UTC.
    """

    name = models.CharField(max_length=80)
    key = models.CharField(max_length=160)
    version = models.CharField(max_length=40)
    released_on = models.DateField()
    note = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=now)
    created_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "key", "version"],
                condition=Q(withdrawn_at=None),
                name="tool_release_once",
            )
        ]


class ToolAnswer(OrgModel):
    """Somebody compared a standard with a release and found the bar still the same. Append-only.

    ``number`` is that of the version in force at that moment.
    """

    release = models.ForeignKey(ToolRelease, on_delete=models.PROTECT, related_name="answers")
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="tool_answers")
    number = models.CharField(max_length=20)
    note = models.TextField()
    created_at = models.DateTimeField(default=now)
    created_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "achievement"], name="tool_answer_once")]
