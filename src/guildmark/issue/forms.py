from __future__ import annotations

import csv
import io

from django import forms

from guildmark.issue.types import CompletionRow

MAX_CSV = 512_000
COLUMNS = ("name", "email", "date")


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

    version = forms.ChoiceField(label="Completion record of")
    file = forms.FileField(
        label="CSV file", required=False, help_text="Columns name, email, date; up to 1,000 lines."
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
                self.add_error("file", f"The file is larger than {MAX_CSV // 1000} kB. Split the list.")
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
        # What was read is what the second step sends back, so that a file need not be chosen twice.
        given["text"] = text
        return given


def read_rows(text: str) -> list[CompletionRow]:
    """Lines of a CSV with or without a heading; ValueError names the line that cannot be read."""
    if not text.strip():
        raise ValueError("The list is empty. Give at least one line with name, email and date.")
    first = text.lstrip().splitlines()[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    places = [0, 1, 2]
    rows = []
    for number, cells in enumerate(csv.reader(io.StringIO(text.strip()), delimiter=delimiter), start=1):
        cells = [cell.strip() for cell in cells]
        if number == 1 and {"name", "email"} <= {cell.lower() for cell in cells}:
            lowered = [cell.lower() for cell in cells]
            missing = [column for column in COLUMNS if column not in lowered]
            if missing:
                raise ValueError(
                    f"The heading has no column {missing[0]}. The columns are name, email, date."
                )
            places = [lowered.index(column) for column in COLUMNS]
            continue
        if not any(cells):
            continue
        if len(cells) <= max(places):
            raise ValueError(f"Line {number} has {len(cells)} columns; three are needed: name, email, date.")
        rows.append(CompletionRow(*(cells[place] for place in places)))
    return rows
