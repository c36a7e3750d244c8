"""Forms of the editor. Each step has one form of its own fields and rows that can be added, removed
and moved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guildmark.design import languages, limits, offer
from guildmark.design.classes import CLASSES
from guildmark.design.drafts import PREFIXES, fresh_id
from guildmark.design.types import Standard
from guildmark.kernel.speaking import spoken

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise
    Options = Sequence[tuple[str, Text]]

LANGUAGES: Options = [(code, _(name)) for code, name in languages.NAMES.items()]
VERB_CLASSES: Options = [
    ("", _("As the verb says")),
    ("make", _("Makes something")),
    ("configure", _("Configures something")),
    ("fix", _("Repairs something")),
    ("improve", _("Improves something")),
    ("perform", _("Performs")),
    ("decide", _("Decides")),
    ("analyse", _("Analyses")),
    ("explain", _("Explains")),
    ("recall", _("Recalls facts")),
]
EVIDENCE_FORMS: Options = [
    ("artefact", _("A finished piece of work")),
    ("repaired", _("A repaired piece of work")),
    ("before_after", _("The state before and after")),
    ("configuration", _("A working configuration")),
    ("scenario", _("A decision in a scenario, with reasons")),
    ("performance", _("A recorded performance")),
    ("observation", _("A watched performance, with a checklist")),
    ("walkthrough", _("A recorded walkthrough")),
    ("analysis", _("An analysis")),
    ("quiz", _("Closed questions")),
    ("attendance", _("Attendance")),
]
AUTHORSHIP_CHECKS: Options = [
    ("statement", _("A signed statement")),
    ("version_history", _("The history of the work")),
    ("walkthrough", _("A walkthrough of the work")),
    ("defence", _("A question about their own work")),
    ("supervised", _("Watched while working")),
]
RELATIONS: Options = [
    ("exact", _("Exactly this")),
    ("close", pgettext_lazy("relation to a framework", "Close")),
    ("broader", _("It is broader")),
    ("narrower", _("It is narrower")),
    ("related", _("Only related")),
]


class Words(forms.CharField):
    """A text that a draft may leave empty. ``asked``: publishing will ask for it, so it is not called optional."""

    asked = False


def words(
    label: Text, hint: Text = "", *, rows: int = 0, limit: int = 20_000, asked: bool = False, **attrs: Any
) -> Words:
    widget = forms.Textarea(attrs={"rows": rows, **attrs}) if rows else forms.TextInput(attrs=attrs)
    made = Words(label=label, help_text=hint, required=False, max_length=limit, widget=widget, strip=True)
    made.asked = asked
    return made


def number(label: Text, path: str, hint: Text = "", *, whole: bool = True, step: str = "1") -> forms.Field:
    lowest, highest, _unit = limits.NUMBERS[path]
    kind = forms.IntegerField if whole else forms.FloatField
    widget = forms.NumberInput(attrs={"step": step, "inputmode": "numeric" if whole else "decimal"})
    return kind(
        label=label, help_text=hint, required=False, min_value=lowest, max_value=highest, widget=widget
    )


def choice(label: Text, options: Options, hint: Text = "") -> forms.ChoiceField:
    may_be_empty = any(not value for value, _ in options)
    return forms.ChoiceField(label=label, choices=list(options), help_text=hint, required=not may_be_empty)


class NewForm(forms.Form):
    signal = forms.ChoiceField(
        label=_("What are you awarding?"),
        choices=[(name, one.question) for name, one in CLASSES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    title = forms.CharField(
        label=_("What is it called?"),
        max_length=120,
        help_text=_("A short name; you can change it until you publish."),
        error_messages={"required": _("Give it a short name.")},
    )
    door = forms.ChoiceField(
        label=_("Where do you begin?"),
        choices=[("new", _("With a new offer")), ("existing", _("With a course that exists"))],
        widget=forms.RadioSelect,
        initial="new",
    )
    outline = words(
        _("Titles of its lessons, one per line"),
        _("Lines that say what a person does become proposed competencies; topics stay beside the editor."),
        rows=6,
    )


class StepForm(forms.Form):
    """Base of the steps: ``members`` gives the typed values as members of a Standard, ``initial_of``
    reads them.
    """

    fields_of: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def initial_of(cls, standard: Standard) -> dict[str, Any]:
        return {name: getattr(standard, name) for name in cls.fields_of}

    def members(self, standard: Standard) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields_of if name in self.cleaned_data}


class ClaimForm(StepForm):
    fields_of = ("title", "claim", "summary", "audience", "language")
    title = words(_("Title"), _("A short name for lists."), asked=True)
    claim = words(
        _("What can this person now do that they could not before?"),
        _("One sentence a stranger can check. It becomes the first line of the public page."),
        rows=2,
        asked=True,
    )
    summary = words(_("Summary"), _("Two or three sentences about the work."), rows=3)
    audience = words(_("Whom this is for"), _("Who should take it, and what they must bring along."), rows=2)
    language = choice(_("Language of the standard"), LANGUAGES)
    decision_who = words(_("Who decides"), _("A small-business owner, a shift manager, a course team."))
    decision_what = words(
        _("What they decide"), _("Whom to hire for a launch, who may restart the cell alone.")
    )
    decision_convinced_by = words(
        _("What would convince them"), _("What they would look at if they could."), rows=2
    )

    @classmethod
    def initial_of(cls, standard: Standard) -> dict[str, Any]:
        decision = standard.decision.model_dump()
        return super().initial_of(standard) | {f"decision_{name}": value for name, value in decision.items()}

    def members(self, standard: Standard) -> dict[str, Any]:
        names = ("who", "what", "convinced_by")
        given = {name: self.cleaned_data.get(f"decision_{name}", "") for name in names}
        return super().members(standard) | {"decision": given}


class CompletionForm(StepForm):
    fields_of = ("title", "summary", "audience", "language")
    title = words(_("Title"), _("A short name for lists."), asked=True)
    summary = words(
        _("What they took part in"), _("Facts only: sessions attended, lessons opened, hours."), rows=3
    )
    audience = words(_("Whom this is for"), _("Who should take it."), rows=2)
    language = choice(_("Language"), LANGUAGES)


class RuleForm(StepForm):
    """How the rubric decides."""

    fields_of = ("pass_level", "others_required")
    pass_level = forms.TypedChoiceField(label=_("Level that passes"), coerce=int)
    others_required = number(
        _("How many of the other criteria must pass"),
        "others_required",
        _("Must-pass criteria always count."),
    )

    def __init__(self, *args: Any, scale: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [(n, f"{n} {label}") for n, label in enumerate(scale, 1)]
        self.fields["pass_level"].choices = levels  # type: ignore[attr-defined]

    def members(self, standard: Standard) -> dict[str, Any]:
        given = super().members(standard)
        return {**given, "others_required": given.get("others_required") or 0}


class BarForm(StepForm):
    fields_of = ("study_hours", "assessment_hours", "validity_months", "review_months", "volatility")
    supervision = choice(
        _("Supervision"),
        [
            ("none", _("None: work is done alone")),
            ("online", _("Online, watched")),
            ("in_person", _("In person")),
        ],
    )
    allowed_aids = words(
        _("Allowed aids"), _("Tools, notes, AI assistants: what may be used and what not."), rows=2
    )
    authorship = words(
        _("How own work is made likely"),
        _("A walkthrough, a question after handing in, version history."),
        rows=2,
    )
    time_limit = words(_("Time limit"), _("Empty means none."))
    authorship_checks = forms.MultipleChoiceField(
        label=_("How it is checked that the work is theirs"),
        choices=AUTHORSHIP_CHECKS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    judges = number(_("Judges of each hand-in"), "conditions.judges", _("One is allowed; the page says so."))
    retake_rule = words(_("After the last attempt"), _("When and how somebody may try again."), rows=2)
    resubmissions = number(_("Further attempts after the first"), "conditions.resubmissions")
    turnaround_days = number(
        _("Answer within days"), "conditions.turnaround_days", _("How long a judgement takes at most.")
    )
    study_hours = number(_("Hours of study"), "study_hours", whole=False, step="any")
    assessment_hours = number(_("Hours of assessment"), "assessment_hours", whole=False, step="any")
    validity_months = number(
        _("Valid for months"), "validity_months", _("Empty means that it does not expire.")
    )
    review_months = number(
        _("Reviewed every months"), "review_months", _("The next date is shown to everybody.")
    )
    explainer_url = words(
        _("Explainer video"), _("Two minutes that show what the skill looks like."), type="url"
    )
    explainer_title = words(_("Title of the video"))
    explainer_minutes = number(_("Minutes"), "explainer.minutes", whole=False, step="any")
    explainer_transcript = words(_("Transcript"), rows=3)
    explainer_captions = words(_("Captions"), _("WebVTT, as the video player takes them."), rows=3)
    volatility = choice(
        _("How soon the skill area changes"),
        [
            ("", _("Not said")),
            ("low", _("Slowly: years")),
            ("medium", _("Within a year or two")),
            ("high", _("Within months")),
        ],
    )
    cost_amount = words(
        _("Price"), _("What a learner pays for being assessed, such as 120 or 49.50."), inputmode="decimal"
    )
    cost_currency = words(_("Currency"), _("Three letters, such as EUR."))
    cost_includes = words(_("What the price includes"), _("Such as one further attempt."))

    CONDITIONS = (
        "supervision",
        "authorship_checks",
        "judges",
        "retake_rule",
        "allowed_aids",
        "authorship",
        "time_limit",
        "resubmissions",
        "turnaround_days",
    )

    @classmethod
    def initial_of(cls, standard: Standard) -> dict[str, Any]:
        conditions = {name: getattr(standard.conditions, name) for name in cls.CONDITIONS}
        explainer = standard.explainer.model_dump() if standard.explainer else {}
        cost = standard.cost.model_dump() if standard.cost else {}
        nested = {f"explainer_{k}": v for k, v in explainer.items()} | {
            f"cost_{k}": v for k, v in cost.items()
        }
        return super().initial_of(standard) | conditions | nested

    def members(self, standard: Standard) -> dict[str, Any]:
        given = self.cleaned_data
        conditions = standard.conditions.model_dump()
        conditions |= {name: given[name] for name in self.CONDITIONS if given.get(name) is not None}
        texts = ("url", "title", "transcript", "captions")
        explainer = {name: given.get(f"explainer_{name}") or "" for name in texts}
        explainer = {**explainer, "minutes": given.get("explainer_minutes") or 0}
        if standard.explainer and standard.explainer.video:  # changed on a page of its own
            explainer["video"] = standard.explainer.video.model_dump(mode="json")
        cost = {name: given.get(f"cost_{name}") or "" for name in ("amount", "currency", "includes")}
        cost["currency"] = cost["currency"].upper()
        return super().members(standard) | {
            "conditions": conditions,
            "explainer": explainer if any(explainer.values()) else None,
            "cost": cost if any(cost.values()) else None,
        }


class CompletionBarForm(StepForm):
    fields_of = ("study_hours", "validity_months", "review_months")
    study_hours = number(_("Hours it took"), "study_hours", whole=False, step="any")
    validity_months = number(
        _("Valid for months"), "validity_months", _("Empty means that it does not expire.")
    )
    review_months = number(
        _("Reviewed every months"), "review_months", _("The next date is shown to everybody.")
    )


class ImageForm(StepForm):
    fields_of = ("badge_note",)
    badge_note = words(_("Words under the mark"), _("Optional. The plain mark is drawn in any case."))


# --- rows


class Row(forms.Form):
    """One row. ``part`` gives it as a part of a Standard; hidden ``id`` and ``ORDER`` keep name and place."""

    id = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    ORDER = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"data-position": ""}))

    def part(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in {"id", "ORDER"}}

    @property
    def identity(self) -> str:
        return str(self["id"].value() or "")


def _empty(identity: str) -> str:
    """How a row without a text is called where another one is tied to it."""
    return gettext("(%(id)s, empty)") % {"id": identity}


def _unnamed(identity: str) -> str:
    return gettext("(%(id)s, no name)") % {"id": identity}


class ContextRow(Row):
    kind = choice(
        _("Kind"),
        [
            ("tool", _("Tool")),
            ("platform", _("Platform")),
            ("equipment", _("Equipment")),
            ("setting", _("Setting")),
        ],
    )
    name = words(_("Name"))
    version = words(pgettext_lazy("of a tool", "Version"))


class CompetencyRow(Row):
    statement = words(_("Competency"), rows=1)
    verb_class = choice(_("What kind of doing"), VERB_CLASSES)
    alignment_exception = words(
        _("Why no framework has it"), _("Only if no row of a public framework fits; shown on the page.")
    )


class LessonRow(Row):
    title = words(_("Lesson"))
    competencies = forms.MultipleChoiceField(
        label=_("Serves"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(part.id, part.statement or _empty(part.id)) for part in standard.competencies]
        self.fields["competencies"].choices = choices  # type: ignore[attr-defined]


class EvidenceRow(Row):
    title = words(_("Name of the piece"))
    brief = words(_("The task"), _("What it must contain and in which form."), rows=3)
    kind = choice(_("Handed in as"), [("file", _("Files")), ("url", _("A link")), ("text", _("Text"))])
    action = choice(
        _("What they do"),
        [
            ("produce", _("Produce something")),
            ("fix", _("Fix something broken")),
            ("perform", _("Perform")),
            ("decide", _("Decide and explain")),
        ],
    )
    required = forms.BooleanField(label=_("Required"), required=False)
    form = choice(_("What it is"), EVIDENCE_FORMS)
    variants = number(
        _("Variants of the task"), "evidence.variants", _("1 means that everybody gets the same one.")
    )
    own_material = forms.BooleanField(label=_("Everybody works on material of their own"), required=False)
    quiz_items = number(_("Questions"), "evidence.quiz.items")
    quiz_options = number(_("Answers to each"), "evidence.quiz.options")
    quiz_cut = number(_("Right answers that pass"), "evidence.quiz.cut")
    accept = words(_("Kinds of files"), _("Such as image, video, document. Empty means any."))
    max_mb = number(_("Megabytes at most"), "evidence.max_mb")
    max_items = number(_("Files or links at most"), "evidence.max_items")
    min_words = number(_("Words at least"), "evidence.min_words")

    def part(self) -> dict[str, Any]:
        given = super().part()
        defaults = {"max_mb": 50, "max_items": 5, "min_words": 0, "variants": 1}
        quiz = {name: given.pop(f"quiz_{name}") for name in ("items", "options", "cut")}
        given["quiz"] = {k: v for k, v in quiz.items() if v is not None} if given["form"] == "quiz" else None
        given |= {
            name: given[name] if given.get(name) is not None else value for name, value in defaults.items()
        }
        return {**given, "accept": [word for word in re.split(r"[,\s]+", given["accept"].lower()) if word]}


class LevelRow(Row):
    label = words(_("Word"))


class CriterionRow(Row):
    name = words(_("Criterion"))
    statement = words(_("What is looked at"), rows=2)
    must_pass = forms.BooleanField(label=_("Must pass"), required=False)
    competencies = forms.MultipleChoiceField(
        label=_("Shows"), required=False, widget=forms.CheckboxSelectMultiple
    )
    evidence = forms.MultipleChoiceField(
        label=_("Seen in"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.levels = standard.scale
        for index, level in enumerate(standard.scale):
            field = words(f"{index + 1} {level.label}", rows=3)
            self.fields[f"d{index}"] = field
            if self.initial:
                texts = self.initial.get("descriptors", ())
                self.initial[f"d{index}"] = texts[index] if index < len(texts) else ""
        competencies = [(part.id, part.statement or _empty(part.id)) for part in standard.competencies]
        evidence = [(part.id, part.title or _unnamed(part.id)) for part in standard.evidence]
        self.fields["competencies"].choices = competencies  # type: ignore[attr-defined]
        self.fields["evidence"].choices = evidence  # type: ignore[attr-defined]

    def level_fields(self) -> list[forms.BoundField]:
        return [self[f"d{index}"] for index in range(len(self.levels))]

    def part(self) -> dict[str, Any]:
        given = super().part()
        texts = [given.pop(f"d{index}", "") for index in range(len(self.levels))]
        return {**given, "descriptors": texts}


class AlignmentRow(Row):
    framework = words(_("Framework"))
    name = words(_("Name of the row"))
    url = words(_("Its address"))
    code = words(_("Code"))
    relation = choice(_("Relation"), RELATIONS)
    rationale = words(_("Why"), rows=2)
    competencies = forms.MultipleChoiceField(
        label=_("Covers"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(part.id, part.statement or _empty(part.id)) for part in standard.competencies]
        self.fields["competencies"].choices = choices  # type: ignore[attr-defined]


class SampleRow(Row):
    kind = choice(
        _("Kind"),
        [("clear_pass", _("Clear pass")), ("just_pass", _("Just passes")), ("just_fail", _("Just fails"))],
    )
    title = words(_("Title"))
    url = words(_("Address"))
    text = words(_("Or the text itself"), rows=3)
    note = words(_("The judge’s notes"), _("What made the difference."), rows=2)

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = standard.criteria
        levels = [
            ("", gettext("Not given")),
            *((str(n), f"{n} {one.label}") for n, one in enumerate(standard.scale, 1)),
        ]
        given = self.initial.get("levels") or {}
        for criterion in standard.criteria:
            label = criterion.name or _unnamed(criterion.id)
            self.fields[f"level_{criterion.id}"] = forms.ChoiceField(
                label=label, choices=levels, required=False
            )
            self.initial[f"level_{criterion.id}"] = str(given.get(criterion.id, ""))

    def level_fields(self) -> list[forms.BoundField]:
        return [self[f"level_{criterion.id}"] for criterion in self.criteria]

    def part(self) -> dict[str, Any]:
        given = super().part()
        chosen = {c.id: given.pop(f"level_{c.id}", "") for c in self.criteria}
        return {**given, "levels": {identity: int(level) for identity, level in chosen.items() if level}}


class NotShownRow(Row):
    line = words(_("What this does not show"))

    def part(self) -> Any:
        return self.cleaned_data["line"]


class OfferRow(Row):
    """A sentence of the offer. Its mark is kept until another source is chosen or the author says that it holds."""

    text = words(_("Sentence"), rows=2)
    source = forms.ChoiceField(label=_("What makes it true"), required=False)
    holds = forms.BooleanField(label=_("I read both: it still holds"), required=False)

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard = standard
        self.line = next((line for line in standard.offer if line.id == self.identity), None)
        path = offer.path_of(self.line) if self.line else ""
        options: list[Any] = [("", gettext("Nothing: the page marks it"))]
        for group, rows in offer.choices(standard):
            options.append((spoken(group), [(path_of, spoken(label)) for path_of, label in rows]))
        if self.line and path and offer.state_of(standard, self.line) == "gone":
            options.append((path, spoken(offer.words_of(standard, path))))
        self.fields["source"].choices = options  # type: ignore[attr-defined]
        self.initial["source"] = path

    @property
    def state(self) -> str:
        return offer.state_of(self.standard, self.line) if self.line else "linked"

    def part(self) -> dict[str, Any]:
        given = super().part()
        kept = self.line and offer.path_of(self.line) == given["source"] and not given.pop("holds")
        source = self.line.source if self.line and kept else given["source"]
        return {"text": given["text"], "source": source}


ROWS: dict[str, type[Row]] = {
    "context": ContextRow,
    "competencies": CompetencyRow,
    "evidence": EvidenceRow,
    "scale": LevelRow,
    "criteria": CriterionRow,
    "alignments": AlignmentRow,
    "samples": SampleRow,
    "not_shown": NotShownRow,
    "lessons": LessonRow,
    "offer": OfferRow,
}
WITH_STANDARD = (CriterionRow, AlignmentRow, LessonRow, SampleRow, OfferRow)


class RowSet:
    """The rows of one kind: from a standard, or from what was posted. Rows are found by their numbers
    in the post.
    """

    def __init__(self, kind: str, standard: Standard, data: Mapping[str, Any] | None = None) -> None:
        self.kind, self.standard, self.form = kind, standard, ROWS[kind]
        self.extra: dict[str, Any] = {"standard": standard} if issubclass(self.form, WITH_STANDARD) else {}
        if data is None:
            parts = getattr(standard, kind)
            self.rows = [
                self.form(prefix=f"{kind}-{n}", initial=self._initial(part, n), **self.extra)
                for n, part in enumerate(parts)
            ]
            return
        pattern = re.compile(rf"{kind}-(\d{{1,4}})-")
        found = sorted({int(match.group(1)) for key in data if (match := pattern.match(key))})
        rows = [self.form(data, prefix=f"{kind}-{n}", **self.extra) for n in found[: limits.HARD_PARTS + 1]]
        self.rows = sorted(rows, key=_place)

    def _initial(self, part: Any, place: int) -> dict[str, Any]:
        if isinstance(part, str):
            return {"id": str(place), "line": part, "ORDER": place + 1}
        values = part.model_dump(mode="json")
        if self.kind == "evidence":
            values["accept"] = ", ".join(values["accept"])
            values |= {f"quiz_{name}": value for name, value in (values["quiz"] or {}).items()}
        return {"id": str(place), **values, "ORDER": place + 1}

    def is_valid(self) -> bool:
        valid = [row.is_valid() for row in self.rows]
        return all(valid)

    def parts(self, used: set[str]) -> list[Any]:
        """The rows as parts; a row without an id gets the next free one that was never used here."""
        given = {row.identity for row in self.rows if row.identity}
        made = []
        for row in self.rows:
            part = row.part()
            if self.kind in PREFIXES:
                identity = row.identity or fresh_id(self.kind, given | used)
                given.add(identity)
                part = {**part, "id": identity}
            made.append(part)
        return made

    @property
    def empty(self) -> Row:
        """The row that the script copies when one is added."""
        initial: dict[str, Any] = {"required": True, "variants": 1} if self.kind == "evidence" else {}
        return self.form(prefix=f"{self.kind}-__prefix__", initial=initial, **self.extra)

    @property
    def total(self) -> int:
        """The number that the script gives to the next row: above every number in the page."""
        return max((int(str(row.prefix).rsplit("-", 1)[1]) for row in self.rows), default=-1) + 1


def _place(row: Row) -> tuple[int, int]:
    raw = str(row["ORDER"].value() or "")
    place = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 else 10_000
    return place, int(str(row.prefix).rsplit("-", 1)[1])
