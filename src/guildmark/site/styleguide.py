"""Every part in every state on one page, for those who build pages. Served at /styleguide with --dev."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guildmark.site.templatetags.look import LOOKS, SHAPES

LEVELS = [("1", "Not yet"), ("2", "Partly"), ("3", "Proficient"), ("4", "Exemplary")]


class SampleForm(forms.Form):
    """One field of each kind, half of them wrong."""

    title = forms.CharField(label="Title", help_text="What the standard is called in lists.", max_length=80)
    claim = forms.CharField(
        label="What can this person now do that they could not before?",
        help_text="One sentence a stranger can check. It becomes the first line of the public page.",
        widget=forms.Textarea,
    )
    months = forms.IntegerField(label="Valid for, in months", required=False, min_value=1, max_value=120)
    review = forms.IntegerField(label="Reviewed every, in months", min_value=1, max_value=60)
    language = forms.ChoiceField(label="Language", choices=[("en", "English"), ("de", "German")])
    kinds = forms.MultipleChoiceField(
        label="Evidence",
        help_text="What a learner hands in.",
        widget=forms.CheckboxSelectMultiple,
        choices=[("produce", "A piece of work"), ("fix", "A repaired fault"), ("perform", "A recording")],
    )
    level = forms.ChoiceField(label="Level that passes", widget=forms.RadioSelect, choices=LEVELS)
    file = forms.FileField(label="Sample that just fails", required=False)
    declared = forms.BooleanField(
        label="I have not taught this learner", help_text="It is shown on the public page."
    )


def sample(request: HttpRequest) -> dict[str, Any]:
    """All that the template shows; nothing of it comes from stored records."""
    wrong = SampleForm(
        {"title": "", "claim": "Understands welcome sequences", "months": "0", "review": "6", "level": "9"}
    )
    return {
        "org": {"name": "Northlamp Academy", "slug": ""},
        "nav": [
            {
                "label": "Northlamp Academy",
                "items": [
                    {"label": "Standards", "url": "#states", "active": True, "count": "4"},
                    {"label": "Assessing", "url": "#work", "active": False, "count": "7 waiting"},
                    {"label": "Credentials", "url": "#public", "active": False, "count": "1,204"},
                ],
            },
            {
                "label": "Upkeep",
                "items": [{"label": "Reviews due", "url": "#facts", "active": False, "count": "1"}],
            },
        ],
        "crumbs": [
            {"label": "Standards", "url": "#states"},
            {"label": "Welcome sequence", "url": "#work"},
            {"label": "Claim", "url": ""},
        ],
        "states": list(LOOKS),
        "shapes": list(SHAPES),
        "credential_states": list(LOOKS)[:11],
        "classes": ["completion", "demonstrated", "certified"],
        "mark_states": ["", "valid", "expired", "revoked", "cannot_tell"],
        "steps": [
            {"label": "Decision", "url": "#work", "state": "done"},
            {"label": "Claim", "url": "#work", "state": "current"},
            {"label": "Evidence", "url": "#work", "state": "problem"},
            {"label": "Rubric", "url": "#work", "state": ""},
            {"label": "The bar", "url": "#work", "state": ""},
            {"label": "Place on the map", "url": "#work", "state": ""},
            {"label": "Image", "url": "#work", "state": ""},
        ],
        "gate": [
            {
                "ok": False,
                "text": "The claim is a topic or cannot be observed",
                "url": "#work",
                "mend": "Say what they build, fix or decide.",
            },
            {"ok": True, "text": "Every criterion tied to the claim"},
            {"ok": None, "text": "Second assessor", "mend": "Asked for only by a certification."},
        ],
        "facts": [
            {
                "term": "How many judged, and were they independent?",
                "value": "Two, blind to each other; neither taught the learner.",
            },
            {
                "term": "How many pass?",
                "value": "Sample figure with its n",
                "note": "Shown only when there is a record behind it.",
            },
        ],
        "page": Paginator(range(95), 20).page(2),
        "form": SampleForm(
            initial={
                "review": 6,
                "claim": "Builds and checks an automated welcome sequence, tests every branch.",
            }
        ),
        "wrong": wrong,
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "site/styleguide.html", sample(request))
