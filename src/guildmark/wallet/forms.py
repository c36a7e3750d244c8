"""Forms of claiming and of what is shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guildmark.wallet.types import EvidenceChoice, Holding

TYPED_LIMIT = 20_000


class ShowForm(forms.Form):
    """What outsiders see of one credential."""

    visibility = forms.ChoiceField(
        label=_("The page"),
        choices=[
            ("public", _("Public: everybody with the address can open it, and it can be found by its code.")),
            ("private", _("Private: only those to whom you give your share link can open it.")),
        ],
        widget=forms.RadioSelect,
    )
    shown_name = forms.BooleanField(label=_("Show my name on the page"), required=False)
    shown_evidence = forms.MultipleChoiceField(
        label=_("Evidence that outsiders may open"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "What is not ticked appears as a fingerprint only: it proves what was judged and shows nothing."
        ),
    )

    def __init__(self, data: Any, *, held: Holding) -> None:
        view = held.credential
        super().__init__(
            data,
            initial={
                "visibility": view.visibility,
                "shown_name": view.shown_name,
                "shown_evidence": [choice.id for choice in held.evidence if choice.shown],
            },
        )
        self.fields["shown_evidence"].choices = [self.line(choice) for choice in held.evidence]  # type: ignore[attr-defined]
        if not held.evidence:
            del self.fields["shown_evidence"]

    @staticmethod
    def line(choice: EvidenceChoice) -> tuple[str, str]:
        return choice.id, choice.title

    def settings(self) -> dict[str, Any]:
        """The values as the actions want them."""
        data = self.cleaned_data
        return {
            "visibility": data["visibility"],
            "shown_name": data["shown_name"],
            "shown_evidence": data.get("shown_evidence", []),
        }


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Choose a password"),
        max_length=1000,
        strip=False,
        help_text=_("At least 10 characters; several words are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class AddressForm(forms.Form):
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=TYPED_LIMIT,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
