"""The sheet, the states and the parts of the look."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django import forms
from django.template.loader import render_to_string

from guildmark.site.templatetags.look import LOOKS, SHAPES, look
from guildmark.site.templatetags.public import day

SITE = Path(__file__).parents[2] / "src" / "guildmark" / "site"
VERDICTS = [
    "valid",
    "expired",
    "not_yet_valid",
    "revoked",
    "suspended",
    "superseded",
    "tampered",
    "unknown_issuer",
    "cannot_tell",
    "malformed",
]


def test_the_linked_sheet_is_what_its_parts_give() -> None:
    done = subprocess.run(
        [sys.executable, str(SITE / "css" / "bundle.py"), "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_both_dark_palettes_hold_the_same_values() -> None:
    tokens = (SITE / "css" / "tokens.css").read_text("utf-8")
    system = re.search(r":root:not\(\[data-theme=light\]\)\{(.*?)\}", tokens, re.S)
    chosen = re.search(r":root\[data-theme=dark\]\{\s*color-scheme:dark;(.*?)\}", tokens, re.S)
    assert system
    assert chosen
    assert system.group(1).split() == chosen.group(1).split()


def test_the_sheet_and_the_fonts_stay_light() -> None:
    assert (SITE / "static/site/css/guildmark.css").stat().st_size < 45_000
    assert sum(font.stat().st_size for font in (SITE / "static/site/fonts").glob("*.woff2")) <= 130_000
    assert all(script.stat().st_size < 6_000 for script in (SITE / "static/site/js").glob("*.js"))


def test_every_verdict_has_a_shape_of_its_own() -> None:
    shapes = [SHAPES[LOOKS[verdict].shape] for verdict in VERDICTS]
    assert len(set(shapes)) == len(VERDICTS)
    assert len({str(LOOKS[verdict].word) for verdict in VERDICTS}) == len(VERDICTS)


def test_every_state_names_a_shape_that_is_drawn() -> None:
    assert {shown.shape for shown in LOOKS.values()} <= set(SHAPES)


def test_an_unknown_state_is_shown_as_a_word_with_a_neutral_dot() -> None:
    assert look("under_embargo") == ("Under embargo", "none", "dot")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_state_is_a_word_beside_a_hidden_shape(verdict: str) -> None:
    html = render_to_string("components/state.html", {"state": verdict})
    assert str(LOOKS[verdict].word) in html
    assert 'aria-hidden="true"' in html


def test_a_level_can_be_read_without_its_bars() -> None:
    html = render_to_string("components/level.html", {"value": 3, "max": 4, "label": "proficient"})
    assert "Level 3 of 4: proficient" in html
    assert html.count('class="on"') == 3


def test_a_state_cannot_bring_markup_with_it() -> None:
    assert "<script>" not in render_to_string("components/state.html", {"state": "<script>"})


def test_only_what_may_be_left_out_is_called_optional() -> None:
    class Form(forms.Form):
        asked = frozenset({"one_of_two"})
        one_of_two = forms.CharField(required=False)
        spare = forms.CharField(required=False)

    form = Form()
    assert "optional" not in str(form["one_of_two"].as_field_group())
    assert "optional" in str(form["spare"].as_field_group())


def test_a_mistake_in_a_question_is_named_without_a_second_stop() -> None:
    class Form(forms.Form):
        asked_for = forms.CharField(label="What is it called?")
        note = forms.CharField(label="Note")

    words = re.sub(r"<[^>]*>", "", render_to_string("components/form_errors.html", {"form": Form({})}))
    assert "What is it called? Fill this in." in words
    assert "Note: Fill this in." in words


@pytest.mark.parametrize(
    ("value", "shown"),
    [("2026-05-21", "21 May 2026"), ("2026-13-40", "2026-13-40"), ("Postwright", "Postwright")],
)
def test_a_signed_day_is_written_out_and_other_values_stay(value: str, shown: str) -> None:
    assert day(value) == shown


def test_no_template_has_inline_style_or_script() -> None:
    """The content security policy would drop them; mail is read elsewhere and may style itself."""
    found = []
    for path in SITE.parent.glob("**/templates/**/*.html"):
        text = path.read_text("utf-8")
        inline = re.search(r"<script(?![^>]*(src=|application/(ld\+)?json))|\sstyle=|\son[a-z]+=\"", text)
        if inline and "mail" not in path.name and "mail" not in path.parent.name:
            found.append(f"{path.name}: {inline.group(0)}")
    assert found == []
