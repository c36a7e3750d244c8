"""Forms of people and organisations. Rules live in policies; a form only shapes what was typed."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guildmark.kernel.actor import ROLES
from guildmark.people.types import ROLE_NAMES, ROLE_WORDS, SCOPES

TYPED_LIMIT = 20_000  # what a form takes back to show it again; the policies say what is too long


def role_choices() -> list[tuple[str, str]]:
    return [(role, f"{gettext(ROLE_NAMES[role])}: {gettext(ROLE_WORDS[role])}") for role in ROLES]


def scope_choices() -> list[tuple[str, str]]:
    return [(scope, f"{gettext(words)} ({scope})") for scope, words in SCOPES.items()]


class RolesForm(forms.Form):
    asked = frozenset({"roles"})  # the policy refuses an empty choice, in its own words

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=role_choices, widget=forms.CheckboxSelectMultiple, required=False
    )


class InviteForm(RolesForm):
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=TYPED_LIMIT,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("The invitation works for this address only."),
    )
    field_order = ["email", "roles"]


class JoinForm(forms.Form):
    """A new account from an invitation; the address is the invited one."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=TYPED_LIMIT,
        help_text=_("Shown to the people you work with, in any script."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        max_length=1000,
        strip=False,
        help_text=_("At least 10 characters; several words are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class OrganisationForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=TYPED_LIMIT,
        help_text=_("The issuer's name on every credential from now on."),
    )
    description = forms.CharField(
        label=_("What the organisation does"),
        required=False,
        max_length=TYPED_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Two or three sentences for somebody who has never heard of it."),
    )
    url = forms.CharField(
        label=_("Web site"),
        required=False,
        max_length=TYPED_LIMIT,
        help_text=_("Such as https://northlamp.example."),
    )
    email = forms.CharField(
        label=_("E-mail address for questions"),
        required=False,
        max_length=TYPED_LIMIT,
        help_text=_("Public; answers to our messages go there."),
    )
    country = forms.CharField(
        label=_("Country"), required=False, max_length=TYPED_LIMIT, help_text=_("Two letters, such as NL.")
    )


class ApiKeyForm(forms.Form):
    asked = frozenset({"scopes"})  # the policy refuses an empty choice, in its own words

    name = forms.CharField(
        label=_("What the key is for"),
        max_length=TYPED_LIMIT,
        help_text=_(
            "Such as “course platform, enrolment”, so that you know later what breaks when you revoke it."
        ),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=scope_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty for a key that works until it is revoked."),
    )

    def cleaned(self) -> dict[str, Any]:
        """The values as the action wants them; a last day ends at midnight UTC."""
        day = self.cleaned_data["expires_on"]
        return {
            "name": self.cleaned_data["name"],
            "scopes": self.cleaned_data["scopes"],
            "expires_at": datetime.combine(day, time(23, 59, 59), UTC) if day else None,
        }
