"""The written standard: what a credential claims, what must be shown, and how it is judged.

A :class:`Standard` is the whole content of an achievement version as one document, so that it can be hashed,
compared, carried as a file and shown. Ids inside it are short, stable words such as ``c1``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from guildmark.kernel.words import marked, said, said_in

Signal = Literal["completion", "demonstrated", "certified"]
EvidenceAction = Literal["produce", "fix", "perform", "decide"]
EvidenceKind = Literal["file", "url", "text"]
#: What a verb says a person does, and so what somebody else can look at afterwards; empty: read from the statement.
VerbClass = Literal[
    "", "make", "configure", "fix", "improve", "perform", "decide", "analyse", "explain", "recall"
]
#: What a piece of evidence is, whatever file it comes in.
EvidenceForm = Literal[
    "artefact",
    "repaired",
    "before_after",
    "configuration",
    "scenario",
    "performance",
    "observation",
    "walkthrough",
    "analysis",
    "quiz",
    "attendance",
]
AuthorshipCheck = Literal["walkthrough", "defence", "version_history", "supervised", "statement"]
#: How soon the skill area changes.
Volatility = Literal["", "low", "medium", "high"]


class Part(BaseModel):
    """Base of the parts: unknown members are refused, so that a typing error is never dropped silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Context(Part):
    """The tool, platform or equipment on which the skill was shown, with its version."""

    kind: Literal["tool", "platform", "equipment", "setting"] = "tool"
    name: str = ""
    version: str = ""


class Decision(Part):
    """The decision that the credential is to influence: who takes it, which, and what would convince them."""

    who: str = ""
    what: str = ""
    convinced_by: str = ""


class Competency(Part):
    """One thing that must be mastered. ``alignment_exception`` says why no framework has a row for it."""

    id: str
    statement: str = ""
    verb_class: VerbClass = ""
    alignment_exception: str = ""


class Lesson(Part):
    """One lesson of the course that leads here; ``competencies`` are those that it serves."""

    id: str
    title: str = ""
    competencies: tuple[str, ...] = ()


class QuizDomain(Part):
    """A part of a quiz and how many of its questions belong to it."""

    name: str = ""
    items: int = 0


def _unset(value: object) -> bool:
    return not value


class Quiz(Part):
    """Closed questions: how many, how many answers each offers, how many right answers pass.

    ``domains`` share the questions out. ``each_domain`` is how many per cent of each have to be right besides; 0: only
    the sum counts. Both are absent in every document where they say nothing, so that no earlier fingerprint moves.
    """

    items: int = 10
    options: int = 4
    cut: int = 6
    domains: tuple[QuizDomain, ...] = Field(default=(), exclude_if=_unset)
    each_domain: int = Field(default=0, exclude_if=_unset)


class EvidenceRequirement(Part):
    """One piece of work to hand in. ``accept`` names media groups (image, video, document, text ...).

    ``form`` says what it is, ``variants`` how many versions of the task there are (1: everybody gets the same),
    ``own_material`` that everybody works on material of their own. ``quiz`` is there when ``form`` is quiz.
    """

    id: str
    title: str = ""
    brief: str = ""
    kind: EvidenceKind = "file"
    action: EvidenceAction = "produce"
    required: bool = True
    accept: tuple[str, ...] = ()
    max_mb: int = 50
    max_items: int = 5
    min_words: int = 0
    form: EvidenceForm = "artefact"
    variants: int = 1
    own_material: bool = False
    quiz: Quiz | None = None


class Conditions(Part):
    """Under what conditions the work is done and judged. ``judges`` is how many judge each hand-in."""

    supervision: Literal["none", "online", "in_person"] = "none"
    allowed_aids: str = ""
    authorship: str = ""
    time_limit: str = ""
    resubmissions: int = 1
    turnaround_days: int = 10
    judges: int = 1
    authorship_checks: tuple[AuthorshipCheck, ...] = ()
    retake_rule: str = ""


class ScaleLevel(Part):
    id: str
    label: str


class Criterion(Part):
    """One line of the rubric. ``descriptors`` has one text per level of the scale, in its order."""

    id: str
    name: str = ""
    statement: str = ""
    must_pass: bool = False
    competencies: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    descriptors: tuple[str, ...] = ()


class AlignmentLink(Part):
    """A tie to a row of a public framework, made by hand; ``relation`` says how close it is."""

    id: str
    framework: str = ""
    name: str = ""
    url: str = ""
    code: str = ""
    relation: Literal["exact", "close", "broader", "narrower", "related"] = "close"
    rationale: str = ""
    competencies: tuple[str, ...] = ()


class Video(Part):
    """A video that is stored here: SHA-256 of its bytes (hex), size in bytes, length in seconds (0: the file is silent).

    Made by an upload; the same bytes have the same members on every installation.
    """

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    media_type: Literal["video/mp4", "video/webm"]
    size: int = Field(ge=1, le=2**53 - 1)
    seconds: int = Field(0, ge=0, le=1_000_000)

    @property
    def clock(self) -> str:
        """The length as players show it, such as ``2:05``; empty when it is not known."""
        hours, rest = divmod(self.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        if not self.seconds:
            return ""
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


class Explainer(Part):
    """The explainer video: stored here (``video``), elsewhere (``url``) or both, and what is said in it."""

    url: str = ""
    title: str = ""
    minutes: float = 0
    transcript: str = ""
    captions: str = ""
    video: Video | None = None

    @model_serializer(mode="wrap")
    def _as_before(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without a video the member is absent: what was stored and hashed before it existed stays the same bytes."""
        members: dict[str, Any] = handler(self)
        if self.video is None:
            members.pop("video", None)
        return members


class Sample(Part):
    """An annotated example of work: a clear pass, a just pass or a just fail.

    ``levels`` are the official levels by criterion id, counted from 1: what a reader's own rating is compared with.
    """

    id: str
    kind: Literal["clear_pass", "just_pass", "just_fail"] = "clear_pass"
    title: str = ""
    url: str = ""
    text: str = ""
    note: str = ""
    levels: dict[str, int] = Field(default_factory=dict)


class Cost(Part):
    """What a learner pays: an amount as a decimal text and its currency (ISO 4217); ``includes`` in words."""

    amount: str = ""
    currency: str = ""
    includes: str = ""


class OfferLine(Part):
    """One sentence of the offer page. ``source`` is the path of what makes it true, such as ``criteria.k1``."""

    id: str
    text: str = ""
    source: str = ""


class Origin(Part):
    """The standard that this one was forked from, as its publisher names it."""

    issuer: str = ""
    title: str = ""
    version: str = ""
    hash: str = ""
    url: str = ""


LEVEL_LABELS = {
    "en": ("Not yet", "Partly", "Proficient", "Exemplary"),
    "de": ("Noch nicht", "Teilweise", "Sicher", "Vorbildlich"),
    "es": ("Todavía no", "En parte", "Competente", "Ejemplar"),
}


def default_scale(language: str = "en") -> tuple[ScaleLevel, ...]:
    """Four levels with their labels in the language of the standard, in English where we have no others."""
    labels = LEVEL_LABELS.get(language.split("-")[0].lower(), LEVEL_LABELS["en"])
    return tuple(ScaleLevel(id=f"l{rank}", label=label) for rank, label in enumerate(labels, start=1))


class Standard(Part):
    """A whole standard. Hours are hours of a learner's time; periods are calendar months.

    ``schema_version`` 1 is what versions published before these members came say of themselves; a draft is always 2.
    """

    schema_version: Literal[1, 2] = 2
    signal: Signal = "demonstrated"
    language: str = "en"
    title: str = ""
    claim: str = ""
    summary: str = ""
    audience: str = ""
    decision: Decision = Decision()
    context: tuple[Context, ...] = ()
    competencies: tuple[Competency, ...] = ()
    evidence: tuple[EvidenceRequirement, ...] = ()
    conditions: Conditions = Conditions()
    scale: tuple[ScaleLevel, ...] = Field(default_factory=default_scale)
    pass_level: int = 3
    criteria: tuple[Criterion, ...] = ()
    others_required: int = 0
    study_hours: float | None = None
    assessment_hours: float | None = None
    validity_months: int | None = None
    review_months: int | None = None
    alignments: tuple[AlignmentLink, ...] = ()
    explainer: Explainer | None = None
    samples: tuple[Sample, ...] = ()
    not_shown: tuple[str, ...] = ()
    badge_note: str = ""
    volatility: Volatility = ""
    lessons: tuple[Lesson, ...] = ()
    cost: Cost | None = None
    offer: tuple[OfferLine, ...] = ()
    origin: Origin | None = None

    @property
    def must_pass(self) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in self.criteria if criterion.must_pass)

    @property
    def others(self) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in self.criteria if not criterion.must_pass)

    def passes(self, levels: dict[str, int]) -> bool:
        """The decision rule: every must-pass criterion and ``others_required`` of the rest reach
        ``pass_level``.

        ``levels`` maps criterion ids to levels counted from 1; a criterion without a level has not passed.
        """
        met = {c.id: levels.get(c.id, 0) >= self.pass_level for c in self.criteria}
        others_met = sum(met[c.id] for c in self.others)
        return (
            bool(self.criteria)
            and all(met[c.id] for c in self.must_pass)
            and others_met >= self.others_required
        )

    def rule_in_words(self) -> str:
        """The decision rule as a sentence for people."""
        level = self.scale[self.pass_level - 1].label if 0 < self.pass_level <= len(self.scale) else "?"
        places: dict[str, object] = {"n": len(self.must_pass), "level": self.pass_level, "label": level}
        if not self.others:
            return said("Every must-pass criterion ({n}) must reach level {level}, {label}.", **places)
        return said(
            "Every must-pass criterion ({n}) must reach level {level}, {label}; so must {m} of the other {others}.",
            **places,
            m=self.others_required,
            others=len(self.others),
        )


@dataclass(frozen=True)
class Rules:
    """What an organisation asks of its own standards; see :class:`~guildmark.design.models.OrgRules`.

    ``videos`` are the explainer videos that it has stored here; None where nobody can know, as in a check of a file.
    """

    impostor_once: float = 0.01
    impostor_with_retakes: float = 0.03
    jargon: tuple[str, ...] = ()
    transition_days: int = 60
    videos: frozenset[Video] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Finding:
    """One thing to mend in a draft: where (``path`` such as ``criteria.c1``), why, how; blocking, advice or hint.

    ``span`` gives the offending characters of a text field, from and to, where the finding is about words;
    ``rewrite`` a whole new text for that field, ``more_rewrites`` further ones.
    """

    rule: str
    severity: Literal["blocking", "advice", "hint"]
    path: str
    step: str
    message: str
    mend: str
    span: tuple[int, int] | None = None
    rewrite: str = ""
    more_rewrites: tuple[str, ...] = ()


@dataclass(frozen=True)
class AchievementView:
    """An achievement with the numbers of its versions; ``published`` is the newest published version."""

    id: UUID
    org_id: UUID
    slug: str
    title: str
    signal: Signal
    draft_id: UUID | None
    published_id: UUID | None
    published_number: str
    versions: int
    created_at: datetime
    archived: bool = False


#: What a lowering was from and to, in words.
LOWERED_WORDS: dict[str, str] = {
    "major": said_in("class of version", "major"),
    "minor": said_in("class of version", "minor"),
}


@dataclass(frozen=True)
class Lowering:
    """Two people called the major edits of words at ``paths`` clarifying: ``found`` became ``to``, for a reason."""

    found: str
    to: str
    reason: str
    paths: tuple[str, ...]
    asked_by: UUID
    asked_at: datetime
    agreed_by: UUID
    agreed_at: datetime

    @property
    def found_word(self) -> str:
        return LOWERED_WORDS.get(self.found, self.found)

    @property
    def to_word(self) -> str:
        return LOWERED_WORDS.get(self.to, self.to)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Lowering:
        """From what :mod:`guildmark.design.lowering` wrote into the published row."""
        people = (UUID(record["asked_by"]), UUID(record["agreed_by"]))
        moments = (datetime.fromisoformat(record["asked_at"]), datetime.fromisoformat(record["agreed_at"]))
        words = (record["from"], record["to"], record["reason"], tuple(record["paths"]))
        return cls(*words, people[0], moments[0], people[1], moments[1])


@dataclass(frozen=True)
class VersionView:
    """One version. ``core_hash`` is ``sha256:`` + hex over the JCS of the normative fields; set at
    publication.

    ``number`` is ``draft`` before publication. ``standard`` holds the published core with the newest
    presentation
    (explainer, samples, audience, badge note), whose revisions are counted by ``presentation``; the core
    never changes. ``state`` is draft, scheduled (published, not in force yet), published, superseded or retired: it is
    in force from ``effective_at`` until ``superseded_at``. Learners who agreed to an older bar are judged by that one
    until ``transition_until``.
    """

    id: UUID
    org_id: UUID
    achievement_id: UUID
    slug: str
    number: str
    state: str
    standard: Standard
    core_hash: str
    revision: int
    update_note: str
    created_at: datetime
    published_at: datetime | None
    review_due: datetime | None
    superseded_by: str
    based_on: UUID | None = None
    published_by: UUID | None = None
    reviewed_at: datetime | None = None
    saved_at: datetime | None = None
    saved_by: UUID | None = None
    presentation: int = 0
    effective_at: datetime | None = None
    superseded_at: datetime | None = None
    transition_until: datetime | None = None
    lowering: Lowering | None = None
    # The normative members exactly as stored: what the hash covers, also after a later release adds members.
    core: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


@dataclass(frozen=True)
class PublicationFacts:
    """What was so on the day of publication; see :class:`~guildmark.design.models.PublicationRecord`."""

    wording: tuple[dict[str, Any], ...]
    beside: tuple[dict[str, Any], ...]
    made_at: datetime
    advice: dict[str, Any] | None = None


@dataclass(frozen=True)
class Window:
    """How long a version still counts for those who agreed to it: ``until`` (None: without an end), because version
    ``number`` comes into force at ``effective_at``.
    """

    until: datetime | None = None
    number: str = ""
    effective_at: datetime | None = None

    def ended(self, at: datetime) -> bool:
        return self.until is not None and self.until <= at


FieldClass = Literal["presentation", "clarifying", "claim", "evidence", "decision"]
Forces = Literal["none", "note", "minor", "major"]


@dataclass(frozen=True)
class FieldChange:
    """One difference between two standards. ``before`` and ``after`` are JSON values; None means absent.

    ``harmless`` says why an edit of binding words surely leaves their meaning alone; empty for any other change.
    """

    path: str
    field_class: FieldClass
    before: Any
    after: Any
    harmless: str = ""


@dataclass(frozen=True)
class Change:
    """All differences between two standards and what they force: nothing, a note, a minor or a major
    number.
    """

    forces: Forces
    changes: tuple[FieldChange, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The form of ``guildmark diff --json``: forces, and changes with path, class, from and to."""
        rows = [
            {"path": c.path, "class": c.field_class, "from": c.before, "to": c.after}
            | ({"harmless": c.harmless} if c.harmless else {})
            for c in self.changes
        ]
        return {"forces": self.forces, "changes": rows}


@dataclass(frozen=True)
class OutlineLine:
    """One line of a course outline; ``can_do`` when it reads as something a person does."""

    text: str
    can_do: bool


#: What may happen to an achievement, by :attr:`HistoryEntry.action`.
HAPPENED = {
    "published": marked("Version {number} published by {by}"),
    "presentation revised": marked("Version {number} presentation revised by {by}"),
    "reviewed": marked("Version {number} reviewed by {by}"),
    "retired": marked("Version {number} retired by {by}"),
    "found still right after a new version of its tool": marked(
        "Version {number} found still right after a new version of its tool by {by}"
    ),
}


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that happened to an achievement: a publication, a presentation note, a review, an end."""

    at: datetime
    action: str
    number: str
    note: str
    by: str
    hash: str

    @property
    def told(self) -> str:
        return said(HAPPENED[self.action], number=self.number, by=self.by)
