"""What a visitor gives to be checked: one of a file, a text and an address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from guildmark.verify.types import MAX_BYTES

MEGABYTES = MAX_BYTES // 1_000_000
SOURCES = ("file", "text", "url")


class VerifyForm(forms.Form):
    asked = frozenset({"file", "text", "url"})  # one of the three is needed, so none is called optional

    file = forms.FileField(
        label=_("The file or badge image"),
        help_text=format_lazy(_("JSON, PNG, SVG or PDF, at most {size} MB. It is not kept."), size=MEGABYTES),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,.jsonld,.jwt,.jws,.png,.svg,.pdf"}),
    )
    text = forms.CharField(
        label=_("The text of the credential"),
        help_text=_("Everything from the first brace to the last."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "false", "class": "mono"}),
    )
    url = forms.CharField(
        label=_("The address of the credential"),
        help_text=_("For instance https://academy.example/c/… as it stands on the badge or in a profile."),
        required=False,
        max_length=2000,
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    recipient = forms.EmailField(
        label=_("E-mail address of the holder"),
        help_text=_("Compared with the fingerprint in the credential; neither kept nor sent anywhere."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file has %(given)s MB; at most %(limit)s MB are looked at. Give the JSON instead.")
                % {"given": -(-file.size // 1_000_000), "limit": MEGABYTES}
            )
        return file

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        if url and not url.lower().startswith(("https://", "http://")):
            raise forms.ValidationError(
                _("An address begins with https://. Copy it as a whole from the address bar.")
            )
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and len(self.given()) != 1:
            raise forms.ValidationError(
                _("Give a file, a text or an address.")
                if not self.given()
                else _("Give only one of file, text and address.")
            )
        return cleaned

    def given(self) -> list[str]:
        """Which of the three were filled in."""
        found = []
        for name in SOURCES:
            value = self.cleaned_data.get(name)
            if value is not None and (value.strip() if isinstance(value, str) else True):
                found.append(name)
        return found
