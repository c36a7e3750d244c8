"""Forms of the rows of a step, which can be added, removed and moved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guildmark.design import limits, offer, quiz_domains
from guildmark.design.drafts import PREFIXES, fresh_id
from guildmark.design.forms import choice, number, words
from guildmark.design.types import Standard
from guildmark.kernel.problems import Invalid
from guildmark.kernel.speaking import spoken
from guildmark.kernel.web import told

if TYPE_CHECKING:
    from guildmark.design.forms import Options

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
RELATIONS: Options = [
    ("exact", _("Exactly this")),
    ("close", pgettext_lazy("relation to a framework", "Close")),
    ("broader", _("It is broader")),
    ("narrower", _("It is narrower")),
    ("related", _("Only related")),
]


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


class DomainsField(forms.CharField):
    """The domains of a quiz, one on each line; given and taken as they stand in the standard."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Domains"),
            help_text=_("One on each line with the number of its questions: Platform configuration: 15"),
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 4}),
        )

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else quiz_domains.lines(value)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        try:
            return quiz_domains.parsed(super().clean(value))
        except Invalid as error:
            raise forms.ValidationError(told(error)) from error


QUIZ = ("items", "options", "cut", "domains", "each_domain")


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
    quiz_domains = DomainsField()
    quiz_each_domain = number(
        _("Right in every domain besides, per cent"),
        "evidence.quiz.each_domain",
        _("Empty means that only the sum counts."),
    )
    accept = words(_("Kinds of files"), _("Such as image, video, document. Empty means any."))
    max_mb = number(_("Megabytes at most"), "evidence.max_mb")
    max_items = number(_("Files or links at most"), "evidence.max_items")
    min_words = number(_("Words at least"), "evidence.min_words")

    def part(self) -> dict[str, Any]:
        given = super().part()
        defaults = {"max_mb": 50, "max_items": 5, "min_words": 0, "variants": 1}
        quiz = {name: given.pop(f"quiz_{name}") for name in QUIZ}
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
