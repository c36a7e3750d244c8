"""Forms of the editor. Each step has one form of its own fields, and rows (:mod:`guildmark.design.row_forms`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from guildmark.design import languages, limits
from guildmark.design.classes import CLASSES
from guildmark.design.types import Standard

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise
    Options = Sequence[tuple[str, Text]]

LANGUAGES: Options = [(code, _(name)) for code, name in languages.NAMES.items()]
AUTHORSHIP_CHECKS: Options = [
    ("statement", _("A signed statement")),
    ("version_history", _("The history of the work")),
    ("walkthrough", _("A walkthrough of the work")),
    ("defence", _("A question about their own work")),
    ("supervised", _("Watched while working")),
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
