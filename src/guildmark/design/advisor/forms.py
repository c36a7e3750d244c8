"""The questions as a form. Names are the paths of the answers with the first dot as an underscore."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from guildmark.design.advisor import scoring
from guildmark.design.advisor.answers import Answers, Rates, read
from guildmark.design.advisor.notes import FIELDS, FieldPreset
from guildmark.design.advisor.workload import LAYER_WORDS
from guildmark.design.forms import choice, words
from guildmark.kernel.problems import Invalid
from guildmark.kernel.speaking import spoken
from guildmark.kernel.words import said

#: Marks a text of a form, which is said when the page is made.
_: Callable[[str], Any] = gettext_lazy
aloud: Callable[[str], Any] = lazy(spoken, str)
#: The same with a capital at its beginning, for a text that stands inside sentences elsewhere.
capital: Callable[[str], Any] = lazy(lambda text: capfirst(spoken(text)), str)

YES_NO = [("yes", capital(said("yes"))), ("no", capital(said("no")))]
TOP = ("title", "intended")
#: Rates that are hours although their usual value is a whole number.
WHOLE_HOURS = {name for name in Rates.model_fields if name.endswith("_hours")}
INTENDED = [("", _("I do not know yet")), ("completion", _("A completion record")), ("micro", _("A micro-credential")),
            ("certification", _("A certification"))]  # fmt: skip


def _options(path: str) -> list[tuple[str, str]]:
    question = next(q for q in scoring.QUESTIONS if q.path == path)
    return [(str(o.value), capital(o.words)) for o in question.options]


def _pick(label: str, options: list[tuple[str, str]], hint: str = "") -> forms.ChoiceField:
    made = forms.ChoiceField(
        label=label, choices=options, help_text=hint, required=False, widget=forms.RadioSelect
    )
    made.asked = True  # type: ignore[attr-defined]
    return made


def _own() -> forms.Field:
    return words(_("In your own words"), limit=600)


def _count(label: str, hint: str = "", *, asked: bool = False, most: int = 100_000) -> forms.Field:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    made = forms.IntegerField(
        label=label, help_text=hint, required=False, min_value=0, max_value=most, widget=widget
    )
    made.asked = asked  # type: ignore[attr-defined]
    return made


def _hours(label: str, hint: str = "", *, least: float = 0, most: float = 100_000) -> forms.Field:
    widget = forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"})
    return forms.FloatField(
        label=label, help_text=hint, required=False, min_value=least, max_value=most, widget=widget
    )


class AdviseForm(forms.Form):
    """Every question; all may be left open, for the verdict says what it still needs."""

    asked = ("decision_who", "decision_what", "decision_convinced_by")

    title = words(_("Working title"), _("A short name for what you have in mind."), limit=120)
    intended = choice(_("What you have in mind to call it"), INTENDED)
    decision_who = words(_("Who decides?"), _("A hiring manager, a client, a shift lead."), limit=120)
    decision_what = words(
        _("What do they decide?"), _("Whom to hire for a launch; who may restart the cell alone."), limit=300
    )
    decision_convinced_by = words(
        _("What would convince them?"), _("What they would look at if they could."), rows=2, limit=600
    )

    questions_outcome = _pick(_("What should it lead to at work?"), _options("questions.outcome"))
    questions_outcome_text = _own()
    questions_evidence = _pick(_("What would a sceptic want to see?"), _options("questions.evidence"))
    questions_evidence_text = _own()
    questions_change = _pick(_("How soon does the skill change?"), _options("questions.change"))
    questions_change_text = _own()
    questions_place = _pick(_("Where does it stand among your offers?"), _options("questions.place"))
    questions_place_text = _own()

    certification_field = forms.ChoiceField(label=pgettext_lazy("field of work", "Field"), required=False)
    certification_industry = _pick(
        _("How does the field hire?"), _options("certification.industry"),
        _("Finance, healthcare-adjacent work: regulated. IT, project management: often by known titles."),
    )  # fmt: skip
    certification_competencies = _count(
        _("Competencies"), _("Things that must be mastered, counted."), asked=True, most=200
    )
    certification_domains = _count(_("Domains"), _("Bodies of knowledge that they fall into."), most=200)
    certification_premium = _pick(_("What price is meant?"), _options("certification.premium"))

    micro_specific = _pick(_("Can one sentence say what exactly was done?"), YES_NO)
    micro_stackable = _pick(_("Can it be stacked with others?"), YES_NO)
    micro_work_samples = _pick(_("Will learners hand in real work that can be seen?"), YES_NO)
    micro_artefact = words(
        _("One example of that work"), _("Such as: the exported sequence with its test log."), limit=300
    )

    hybrid_anchor = _pick(
        _(
            "Is there a foundation that everybody needs first, with parts around it that differ or change faster?"
        ),
        YES_NO,
    )
    hybrid_layers = forms.MultipleChoiceField(
        label=_("Which parts around it?"), choices=[(role, aloud(layer)) for role, layer in LAYER_WORDS.items()], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    hybrid_stack = _pick(
        _("Would you begin with small ones and package them once the curriculum has settled?"), YES_NO
    )

    capacity_learners = _count(_("Learners a year"))
    capacity_assessor_hours = _hours(_("Hours a year to judge"), _("Of everybody who can judge."))
    capacity_item_writers = _count(_("People who write questions"))
    capacity_item_reviewers = _count(
        _("People who review questions of others"), _("Not counting the writer.")
    )
    capacity_panel_members = _count(_("People for a panel"), _("Who would set the cut score."))
    capacity_update_hours = _hours(_("Hours a year for updates"))

    offer_study_hours = _hours(_("Hours of study"))
    offer_assessment_hours = _hours(_("Hours of assessment"), _("Of a learner, beside the study."))
    offer_judges = forms.ChoiceField(
        label=_("Judges of each hand-in"), required=False, choices=[(n, n) for n in range(1, 6)]
    )
    offer_price = _hours(_("Price for a learner"))
    offer_currency = words(_("Currency"), _("Three letters, such as EUR."), limit=3)
    offer_hour_value = _hours(_("What an hour of yours is worth"), _("In the same currency."))

    plan_start = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    plan_weekly_hours = _hours(_("Hours a week"), _("That you have for it."), least=0.5, most=80)
    plan_lead = words(_("Who leads it"), limit=120)
    plan_assessor = words(_("Who judges"), limit=120)
    plan_reviewer = words(_("Who reviews questions"), limit=120)

    outline = forms.CharField(required=False, max_length=20_000, strip=False, widget=forms.HiddenInput)
    follows = forms.UUIDField(required=False, widget=forms.HiddenInput)
    standard = forms.SlugField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = [
            ("", gettext("Another, or none")),
            *((preset.name, spoken(preset.words)) for preset in FIELDS),
        ]
        # A file of answers may name any field; it stays when the answers are changed here.
        named = str(self["certification_field"].value() or "")[:120]
        if named not in {name for name, _ in fields}:
            fields.append((named, named))
        self.fields["certification_field"].choices = fields  # type: ignore[attr-defined]
        for name, rate in Rates.model_fields.items():
            label = capital(said(rate.description or name))
            made = (
                _count(label) if isinstance(rate.default, int) and name not in WHOLE_HOURS else _hours(label)
            )
            made.initial = rate.default
            self.fields[f"rates_{name}"] = made

    def answers(self) -> Answers:
        """The answers as far as they can be used; what cannot is left open, with its error at the field."""
        self.is_valid()
        return self._answers

    def clean(self) -> dict[str, Any]:
        self._answers = self._read()
        return self.cleaned_data

    def _read(self) -> Answers:
        given: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if name in {"outline", "follows", "standard"} or value in (None, "", []):
                continue
            if name in TOP:
                given[name] = value
            else:
                group, _, member = name.partition("_")
                given.setdefault(group, {})[member] = self._plain(name, value)
        try:
            return read(given)
        except Invalid as error:
            for problem in error.errors:
                group, _, member = problem.field.partition(".")
                member = member.partition(".")[0]
                given.pop(group, None) if not member else given[group].pop(member, None)
                self.add_error(field_of(f"{group}.{member}" if member else group), spoken(problem.detail))
            return read(given)

    def _plain(self, name: str, value: Any) -> Any:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField) and field.choices == YES_NO:
            return value == "yes"
        return value

    def clean_offer_currency(self) -> str:
        value: str = self.cleaned_data["offer_currency"].upper()
        if value and not (len(value) == 3 and value.isascii() and value.isalpha()):
            raise forms.ValidationError(gettext("Give three letters, such as EUR."))
        return value

    @property
    def rates(self) -> list[forms.BoundField]:
        """The planning assumptions, each with its usual value."""
        return [self[name] for name in self.fields if name.startswith("rates_")]

    @classmethod
    def initial_of(cls, answers: Answers) -> dict[str, Any]:
        """Stored answers as the form shows them."""
        found: dict[str, Any] = {}
        for group, members in answers.model_dump().items():
            if group in TOP:
                found[group] = members
            else:
                for member, value in members.items():
                    found[f"{group}_{member}"] = (
                        {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
                    )
        return found

    @classmethod
    def from_preset(cls, preset: FieldPreset | None) -> dict[str, Any]:
        if preset is None:
            return {}
        return {
            "certification_field": preset.name,
            "certification_industry": preset.industry,
            "questions_change": preset.change,
        }


def field_of(path: str) -> str:
    """The name of the form's field for a path of the answers."""
    return path.replace(".", "_", 1)


class CourseForm(forms.Form):
    """An outline as a file or as text; one of them is needed."""

    asked = ("file", "text")

    file = forms.FileField(
        label=_("A file"), required=False, allow_empty_file=True,
        help_text=_("Markdown, CSV (UTF-8) or a common cartridge (.imscc)."),
        widget=forms.FileInput(attrs={"accept": ".md,.markdown,.txt,.csv,.tsv,.imscc,.zip"}),
    )  # fmt: skip
    text = words(_("Or the titles of its lessons, one per line"), rows=8, limit=20_000)
