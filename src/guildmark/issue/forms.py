from __future__ import annotations

import csv

from django import forms

from guildmark.issue.lists import read_rows

MAX_CSV = 20_000_000


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        help_text="Everybody who opens the credential can read it: one or two plain sentences.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectForm(ReasonForm):
    """The order of the page: what changes first, then why."""

    name = forms.CharField(label="Name of the holder", max_length=20000)
    email = forms.CharField(label="E-mail address of the holder", max_length=320)

    field_order = ["name", "email", "reason"]


class FilterForm(forms.Form):
    q = forms.CharField(
        label="Search", required=False, max_length=200, help_text="Name, address, title or code."
    )
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "All states"),
            ("valid", "Valid"),
            ("not_yet_valid", "Not yet valid"),
            ("expired", "Expired"),
            ("suspended", "Suspended"),
            ("revoked", "Revoked"),
            ("superseded", "Superseded"),
        ],
    )
    standard = forms.ChoiceField(label="Standard", required=False)

    def __init__(self, *args: object, standards: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["standard"].choices = [("", "All standards"), *standards]  # type: ignore[attr-defined]


class CompletionForm(forms.Form):
    """A list of names, as a file or typed; the file wins when both are given."""

    asked = frozenset({"file", "text"})  # one of the two is needed, so neither is called optional

    version = forms.ChoiceField(label="Completion record of")
    file = forms.FileField(
        label="CSV file", required=False, help_text="Columns name, email, date; up to 100,000 lines."
    )
    text = forms.CharField(
        label="Or type the lines here",
        required=False,
        help_text="The same columns, for instance: Ada Moreno, ada@learner.example, 2026-05-14",
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
                self.add_error("file", f"The file is larger than {MAX_CSV // 1_000_000} MB. Split the list.")
                return given
            try:
                text = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", "The file is not UTF-8 text. Save it as CSV (UTF-8).")
                return given
        try:
            given["rows"] = read_rows(text)
        except (csv.Error, ValueError) as error:
            self.add_error("file" if upload else "text", str(error))
        return given
