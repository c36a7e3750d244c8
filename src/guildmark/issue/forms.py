from __future__ import annotations

import csv

from django import forms
from django.utils.translation import gettext_lazy as _

from guildmark.issue.lists import read_rows
from guildmark.kernel.speaking import spoken

MAX_CSV = 20_000_000


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Everybody who opens the credential can read it: one or two plain sentences."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectForm(ReasonForm):
    """The order of the page: what changes first, then why."""

    name = forms.CharField(label=_("Name of the holder"), max_length=20000)
    email = forms.CharField(label=_("E-mail address of the holder"), max_length=320)

    field_order = ["name", "email", "reason"]


class FilterForm(forms.Form):
    q = forms.CharField(
        label=_("Search"), required=False, max_length=200, help_text=_("Name, address, title or code.")
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All states")),
            ("valid", _("Valid")),
            ("not_yet_valid", _("Not yet valid")),
            ("expired", _("Expired")),
            ("suspended", _("Suspended")),
            ("revoked", _("Revoked")),
            ("superseded", _("Superseded")),
        ],
    )
    standard = forms.ChoiceField(label=_("Standard"), required=False)

    def __init__(self, *args: object, standards: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["standard"].choices = [("", _("All standards")), *standards]  # type: ignore[attr-defined]


class CompletionForm(forms.Form):
    """A list of names, as a file or typed; the file wins when both are given."""

    asked = frozenset({"file", "text"})  # one of the two is needed, so neither is called optional

    version = forms.ChoiceField(label=_("Completion record of"))
    file = forms.FileField(
        label=_("CSV file"), required=False, help_text=_("Columns name, email, date; up to 100,000 lines.")
    )
    text = forms.CharField(
        label=_("Or type the lines here"),
        required=False,
        help_text=_("The same columns, for instance: Ada Moreno, ada@learner.example, 2026-05-14"),
        widget=forms.Textarea(attrs={"rows": 6}),
        strip=False,
    )

    def __init__(self, *args: object, versions: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["version"].choices = versions  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        upload, text = given.get("file"), given.get("text") or ""
        if upload:
            if upload.size > MAX_CSV:
                self.add_error(
                    "file",
                    _("The file is larger than %(size)s MB. Split the list.")
                    % {"size": MAX_CSV // 1_000_000},
                )
                return given
            try:
                text = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not UTF-8 text. Save it as CSV (UTF-8)."))
                return given
        try:
            given["rows"] = read_rows(text)
        except (csv.Error, ValueError) as error:
            self.add_error("file" if upload else "text", spoken(*error.args[:1]))
        return given
