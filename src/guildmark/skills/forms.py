"""Forms of the pages of frameworks."""

from __future__ import annotations

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from guildmark.skills.formats import WORDS
from guildmark.skills.formats.common import Options
from guildmark.skills.formats.plain import FIELDS
from guildmark.skills.formats.source import MAX_FILE


class ImportForm(forms.Form):
    """A framework file, and what it does not say itself."""

    file = forms.FileField(
        label=_("File"),
        help_text=format_lazy(
            _("CSV, JSON or JSON-LD, or a zip archive of them; at most {size} MB."), size=MAX_FILE // 1048576
        ),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[("", _("Tell it from the content")), *WORDS.items()],
        help_text=_("Choose one only if it was told wrongly."),
    )
    into = forms.ChoiceField(
        label=_("New edition of"),
        required=False,
        help_text=_("For tables, which have no id of their own: what the table leaves out is withdrawn."),
    )
    title = forms.CharField(label=_("Title"), required=False, max_length=300)
    language = forms.CharField(
        label=_("Language"), required=False, max_length=20, help_text=_("For instance en, de or es-MX.")
    )
    version = forms.CharField(label=_("Version"), required=False, max_length=60)
    publisher = forms.CharField(label=_("Publisher"), required=False, max_length=300)
    licence = forms.CharField(
        label=_("Licence"), required=False, max_length=300, help_text=_("For instance CC BY 4.0.")
    )
    licence_url = forms.URLField(
        label=_("Address of the licence"), required=False, max_length=500, assume_scheme="https"
    )
    attribution = forms.CharField(
        label=_("Attribution"),
        required=False,
        max_length=300,
        help_text=_("How the publisher wants to be named; it is shown with the framework."),
    )
    columns = forms.CharField(
        label=_("Columns of a plain table"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=format_lazy(
            _("One to a line, such as name=Competency. Ours are: {names}."), names=", ".join(FIELDS)
        ),
    )
    withdraw_many = forms.BooleanField(
        label=_("The file may leave out most of the framework that is here; those skills are withdrawn."),
        required=False,
    )

    def __init__(self, *args: object, frameworks: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["into"].choices = [("", _("As the file says")), *frameworks]  # type: ignore[attr-defined]

    def clean_columns(self) -> dict[str, str]:
        columns = {}
        for line in self.cleaned_data["columns"].splitlines():
            if not line.strip():
                continue
            ours, sign, theirs = line.partition("=")
            if not sign or not theirs.strip():
                raise forms.ValidationError(
                    _("“%(line)s” is no mapping. Write it as name=Competency.") % {"line": line.strip()[:60]}
                )
            if ours.strip() not in FIELDS:
                raise forms.ValidationError(
                    _("“%(name)s” is none of our columns.") % {"name": ours.strip()[:60]}
                )
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
