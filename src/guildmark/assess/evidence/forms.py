"""Forms of the learner's and the assessor's pages. They keep what was typed; the actions judge it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guildmark.assess.evidence.actions.enrolling import MAX_CSV_BYTES
from guildmark.assess.evidence.types import AssessmentView, ItemDetail, RatingInput
from guildmark.design.types import AchievementView, Criterion, Standard
from guildmark.kernel.speaking import spoken


class JoinForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As it shall stand on the credential. Any script is welcome."),
    )


class BarForm(forms.Form):
    version_id = forms.UUIDField(widget=forms.HiddenInput)
    core_hash = forms.CharField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_("I have read what must be shown and how it is judged."),
        error_messages={"required": _("Tick this when you have read it. Work begins after that.")},
    )


class FileForm(forms.Form):
    file = forms.FileField(label=_("File"), allow_empty_file=True, max_length=20_000)


class UrlForm(forms.Form):
    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=_("We keep a copy of what it shows now, with its fingerprint."),
    )


class TextForm(forms.Form):
    text = forms.CharField(label=_("Text"), strip=False, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, min_words: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if min_words:
            self.fields["text"].help_text = ngettext(
                "At least %(n)s word.", "At least %(n)s words.", min_words
            ) % {"n": min_words}


class HandInForm(forms.Form):
    authorship_accepted = forms.BooleanField(required=False)

    def __init__(self, *args: Any, statement: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["authorship_accepted"].label = spoken(statement)


class RatingForm(forms.Form):
    """One block per criterion of the rubric; fields are named ``k1.level`` as the actions name their problems."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    taught_learner = forms.BooleanField(
        required=False,
        label=_("I taught this learner."),
        help_text=_("It is recorded and shown with the decision."),
    )

    def __init__(self, *args: Any, standard: Standard, items: tuple[ItemDetail, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard = standard
        choices = [("", gettext("Choose the evidence"))] + [
            (str(i.item.id), f"{i.item.title}: {i.item.filename}") for i in items
        ]
        for criterion in standard.criteria:
            self._add(criterion, choices)

    def _add(self, criterion: Criterion, choices: list[tuple[str, str]]) -> None:
        key = criterion.id
        self.fields[f"{key}.level"] = forms.TypedChoiceField(
            label=gettext("%(criterion)s: level") % {"criterion": criterion.name},
            coerce=int,
            empty_value=None,
            required=False,
            choices=[
                (
                    number,
                    format_html(
                        "<strong>{} {}</strong> {}",
                        number,
                        level.label,
                        criterion.descriptors[number - 1] if number <= len(criterion.descriptors) else "",
                    ),
                )
                for number, level in enumerate(self.standard.scale, start=1)
            ],
            widget=forms.RadioSelect,
        )
        self.fields[f"{key}.rationale"] = forms.CharField(
            label=gettext("Reason for the level of %(criterion)s") % {"criterion": criterion.name},
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields[f"{key}.pointer_item"] = forms.TypedChoiceField(
            label=_("Seen in"), coerce=UUID, empty_value=None, required=False, choices=choices
        )
        self.fields[f"{key}.pointer_locator"] = forms.CharField(
            label=_("Where in it"),
            required=False,
            max_length=200,
            widget=forms.TextInput(attrs={"placeholder": _("page 3, 04:10, line 12")}),
        )
        for part in ("level", "rationale", "pointer_item", "pointer_locator"):
            # A draft may leave them empty; completing asks for them.
            setattr(self.fields[f"{key}.{part}"], "asked", True)  # noqa: B010

    @staticmethod
    def initial_from(assessment: AssessmentView) -> dict[str, Any]:
        initial: dict[str, Any] = {
            "revision": assessment.revision,
            "taught_learner": assessment.taught_learner,
        }
        for key, rating in assessment.ratings.items():
            initial[f"{key}.level"] = rating.level
            initial[f"{key}.rationale"] = rating.rationale
            initial[f"{key}.pointer_item"] = str(rating.pointer_item) if rating.pointer_item else ""
            initial[f"{key}.pointer_locator"] = rating.pointer_locator
        return initial

    def rows(self) -> list[dict[str, Any]]:
        """The blocks for the template: the criterion and its four bound fields."""
        return [
            {
                "criterion": criterion,
                "level": self[f"{criterion.id}.level"],
                "rationale": self[f"{criterion.id}.rationale"],
                "pointer_item": self[f"{criterion.id}.pointer_item"],
                "pointer_locator": self[f"{criterion.id}.pointer_locator"],
            }
            for criterion in self.standard.criteria
        ]

    def ratings(self) -> list[RatingInput]:
        """What was filled in, for the action."""
        data = self.cleaned_data
        return [
            RatingInput(
                criterion.id,
                data.get(f"{criterion.id}.level"),
                data.get(f"{criterion.id}.rationale", ""),
                data.get(f"{criterion.id}.pointer_item"),
                data.get(f"{criterion.id}.pointer_locator", ""),
            )
            for criterion in self.standard.criteria
        ]


class DecideForm(forms.Form):
    """Settles what judges see differently, with words for the learner. The outcome is the button pressed."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("passed", _("Passed")), ("not_passed", _("Not passed"))],
        widget=forms.RadioSelect,
    )
    feedback = forms.CharField(
        label=_("Words for the learner"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was shown, and after a fail exactly what is missing."),
    )
    taught_learner = forms.BooleanField(required=False, label=_("I taught this learner."))

    def __init__(self, *args: Any, standard: Standard, differing: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard, self.differing = standard, differing
        for criterion in standard.criteria:
            if criterion.id in differing:
                self.fields[f"{criterion.id}.level"] = forms.TypedChoiceField(
                    label=gettext("%(criterion)s: settled level") % {"criterion": criterion.name},
                    coerce=int,
                    required=False,
                    choices=[("", gettext("Choose a level"))]
                    + [
                        (number, f"{number} {level.label}")
                        for number, level in enumerate(standard.scale, start=1)
                    ],
                )
                self.fields[f"{criterion.id}.reason"] = forms.CharField(
                    label=gettext("%(criterion)s: why this level") % {"criterion": criterion.name},
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 2}),
                )

    def settled(self) -> list[dict[str, Any]]:
        return [
            {"criterion": c, "level": self[f"{c.id}.level"], "reason": self[f"{c.id}.reason"]}
            for c in self.standard.criteria
            if c.id in self.differing
        ]

    def levels(self) -> dict[str, int]:
        return {key: self.cleaned_data.get(f"{key}.level") or 0 for key in self.differing}

    def reasons(self) -> dict[str, str]:
        return {key: self.cleaned_data.get(f"{key}.reason", "") for key in self.differing}


class ReturnForm(forms.Form):
    feedback = forms.CharField(
        label=_("What has to change"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The learner reads this first. Say exactly what is missing."),
    )

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard = standard
        for criterion in standard.criteria:
            self.fields[criterion.id] = forms.CharField(
                label=criterion.name, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )

    def criteria(self) -> list[forms.BoundField]:
        return [self[criterion.id] for criterion in self.standard.criteria]

    def words(self) -> dict[str, str]:
        return {c.id: self.cleaned_data.get(c.id, "") for c in self.standard.criteria}


class LinkForm(forms.Form):
    achievement_id = forms.TypedChoiceField(label=_("Standard"), coerce=UUID)
    label = forms.CharField(
        label=_("For whom"),
        max_length=120,
        required=False,
        help_text=_("For your own list, such as “Autumn group”."),
    )
    open_enrolment = forms.BooleanField(
        required=False, label=_("Open enrolment: show it on the public page of the standard.")
    )

    def __init__(self, *args: Any, achievements: list[AchievementView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["achievement_id"].choices = [(str(a.id), a.title) for a in achievements]  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    asked = frozenset({"csv", "file"})  # one of the two is needed, so neither is called optional

    achievement_id = forms.TypedChoiceField(label=_("Standard"), coerce=UUID)
    csv = forms.CharField(
        label=_("List"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "email,name\nada@example.org,Ada Moreno"}),
        help_text=_("The first line names the columns email and name."),
    )
    file = forms.FileField(label=_("Or a CSV file"), required=False, allow_empty_file=True)

    def __init__(self, *args: Any, achievements: list[AchievementView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["achievement_id"].choices = [(str(a.id), a.title) for a in achievements]  # type: ignore[attr-defined]

    def clean_file(self) -> str | None:
        """The text of the file. A name that is misread would be signed as it is, so other encodings are refused."""
        given = self.cleaned_data.get("file")
        if given is None:
            return None
        if given.size > MAX_CSV_BYTES:
            raise forms.ValidationError(
                gettext("The list is larger than %(size)s kB. Split it into smaller ones.")
                % {"size": f"{MAX_CSV_BYTES // 1000:,}"}
            )
        try:
            return bytes(given.read()).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(
                gettext("The file is not UTF-8 text, so that names would be misread. Save it as CSV UTF-8.")
            ) from None

    def text(self) -> str:
        """The list, from the file when one was given."""
        given = self.cleaned_data.get("file")
        return str(self.cleaned_data.get("csv", "")) if given is None else str(given)
