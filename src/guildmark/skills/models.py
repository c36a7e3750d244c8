"""Rows of frameworks, their skills, the ties between them, the search index, and imports."""

from __future__ import annotations

from django.db import models

from guildmark.kernel.clock import now
from guildmark.kernel.tenancy import OrgModel

#: Key of ``Framework.extra``: the language by which words are indexed where the framework states none.
READ_AS = "read_as"


class Framework(OrgModel):
    """A published set of skills in one language, as one organisation has imported it.

    ``generation`` counts the imports that changed it: ties and index rows of other generations are not seen, so that
    a new set is written beside the old one and takes its place at once.
    """

    uri = models.CharField(max_length=500)
    language = models.CharField(max_length=20, blank=True)
    format = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=300, blank=True)
    version = models.CharField(max_length=60, blank=True)
    description = models.TextField(blank=True)
    licence = models.CharField(max_length=300, blank=True)
    licence_url = models.CharField(max_length=500, blank=True)
    attribution = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=500, blank=True)
    extra = models.JSONField(default=dict)
    state = models.CharField(max_length=9, default="imported")
    source_name = models.CharField(max_length=200, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    generation = models.PositiveIntegerField(default=0)
    skills = models.PositiveIntegerField(default=0)
    others = models.PositiveIntegerField(default=0)
    withdrawn_skills = models.PositiveIntegerField(default=0)
    imported_at = models.DateTimeField(default=now)
    imported_by = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "uri", "language"], name="framework_once"),
        ]


class Skill(OrgModel):
    """One row of a framework. ``number`` stands for it in ties and in the index, and is never given twice.

    Here and in the two below ``org_id`` alone has no index: the planner of SQLite would take it for the best one
    and walk through everything that an organisation has.
    """

    org_id = models.UUIDField(editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    uri = models.CharField(max_length=500)
    code = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=2000)
    description = models.TextField(blank=True)
    alternatives = models.JSONField(default=list)
    keywords = models.JSONField(default=list)
    kind = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=20, blank=True)
    requirement = models.CharField(max_length=9, blank=True)
    texts = models.JSONField(default=dict)
    extra = models.JSONField(default=dict)
    state = models.CharField(max_length=9, default="imported")
    position = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="skill_number_once"),
            models.UniqueConstraint(fields=["framework", "uri"], name="skill_once"),
        ]
        indexes = [
            models.Index(fields=["org_id", "uri"], name="skill_by_uri"),
            models.Index(fields=["framework", "state", "position"], name="skill_in_order"),
        ]


class Tie(OrgModel):
    """A relation between skills by their numbers; ``target`` is empty where it leads out of the framework."""

    org_id = models.UUIDField(editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="+", db_index=False)
    generation = models.PositiveIntegerField()
    source = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    target = models.PositiveIntegerField(null=True)
    target_uri = models.CharField(max_length=500, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["framework", "generation", "source"], name="tie_from"),
            models.Index(fields=["framework", "generation", "target"], name="tie_to"),
        ]


class Term(OrgModel):
    """One stem of one language (``key``: ``en:bake``) with the skills that hold it; ``postings`` is packed (``index``)."""

    org_id = models.UUIDField(editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="+", db_index=False)
    generation = models.PositiveIntegerField()
    key = models.CharField(max_length=80)
    frequency = models.PositiveIntegerField()
    postings = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "generation", "key"], name="term_once"),
        ]
        indexes = [models.Index(fields=["org_id", "key"], name="term_by_key")]


class FrameworkImport(OrgModel):
    """One upload: what was asked, how far it is, what was found. The file itself is kept only until it is read."""

    filename = models.CharField(max_length=200)
    file_key = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    format = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=8, default="queued")
    stage = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    frameworks = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    found = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    made_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)
    touched_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["org_id", "-created_at"], name="framework_imports_latest")]
