"""Forms of the pages of frameworks."""

from __future__ import annotations

from django import forms

from guildmark.skills.formats import WORDS
from guildmark.skills.formats.common import Options
from guildmark.skills.formats.plain import FIELDS
from guildmark.skills.formats.source import MAX_FILE


class ImportForm(forms.Form):
    """A framework file, and what it does not say itself."""

    file = forms.FileField(
        label="File",
        help_text=f"CSV, JSON or JSON-LD, or a zip archive of them; at most {MAX_FILE // 1048576} MB.",
    )
    format = forms.ChoiceField(
        label="Format",
        required=False,
        choices=[("", "Tell it from the content"), *WORDS.items()],
        help_text="Choose one only if it was told wrongly.",
    )
    into = forms.ChoiceField(
        label="New edition of",
        required=False,
        help_text="For tables, which have no id of their own: what the table leaves out is withdrawn.",
    )
    title = forms.CharField(label="Title", required=False, max_length=300)
    language = forms.CharField(
        label="Language", required=False, max_length=20, help_text="For instance en, de or es-MX."
    )
    version = forms.CharField(label="Version", required=False, max_length=60)
    publisher = forms.CharField(label="Publisher", required=False, max_length=300)
    licence = forms.CharField(
        label="Licence", required=False, max_length=300, help_text="For instance CC BY 4.0."
    )
    licence_url = forms.URLField(
        label="Address of the licence", required=False, max_length=500, assume_scheme="https"
    )
    attribution = forms.CharField(
        label="Attribution",
        required=False,
        max_length=300,
        help_text="How the publisher wants to be named; it is shown with the framework.",
    )
    columns = forms.CharField(
        label="Columns of a plain table",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"One to a line, such as name=Competency. Ours are: {', '.join(FIELDS)}.",
    )
    withdraw_many = forms.BooleanField(
        label="The file may leave out most of the framework that is here; those skills are withdrawn.",
        required=False,
    )

    def __init__(self, *args: object, frameworks: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["into"].choices = [("", "As the file says"), *frameworks]  # type: ignore[attr-defined]

    def clean_columns(self) -> dict[str, str]:
        columns = {}
        for line in self.cleaned_data["columns"].splitlines():
            if not line.strip():
                continue
            ours, sign, theirs = line.partition("=")
            if not sign or not theirs.strip():
                raise forms.ValidationError(
                    f"“{line.strip()[:60]}” is no mapping. Write it as name=Competency."
                )
            if ours.strip() not in FIELDS:
                raise forms.ValidationError(f"“{ours.strip()[:60]}” is none of our columns.")
            columns[ours.strip()] = theirs.strip()
        return columns

    def options(self) -> Options:
        given = self.cleaned_data
        names = (
            "format",
            "title",
            "language",
            "version",
            "publisher",
            "licence",
            "licence_url",
            "attribution",
        )
        return Options(**{name: given[name] for name in names}, columns=given["columns"])
