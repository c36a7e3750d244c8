"""The pages of the notes library: what is there, a form to add one, a button to retire one."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guildmark.design.advisor import library
from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.web import form_problem, see_other, studio_page


class NoteForm(forms.Form):
    """A note as it is typed. What is missing is said by the action, in the same words as everywhere."""

    #: Asked for, though a form without them comes back with the reason from the action.
    asked = ("figure", "about", "source", "read_on")
    figure = forms.CharField(
        label=_("Figure"), required=False, help_text=_("As the source writes it, with its unit.")
    )
    about = forms.CharField(
        label=_("What it is about"),
        required=False,
        help_text=_("What was counted or asked, of whom, and where."),
    )
    source = forms.CharField(
        label=_("Source"), required=False, help_text=_("Who published it, under which title, in which year.")
    )
    source_url = forms.CharField(
        label=_("Address of the source"), required=False, widget=forms.URLInput(attrs={"inputmode": "url"})
    )
    read_on = forms.DateField(
        label=_("Read on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    caution = forms.CharField(
        label=_("What to be careful about"),
        required=False,
        help_text=_("Such as: a small sample, a vendor's own survey, second-hand."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@studio_page()
def note_list(request: HttpRequest) -> HttpResponse:
    """Every note with its attribution; designers add one, in their own name."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    form, status = NoteForm(), 200
    if request.method == "POST":
        actor.require(org.id, "designer")
        form, status = NoteForm(request.POST), 422
        if form.is_valid():
            try:
                library.add_note(by=actor, org_id=org.id, **form.cleaned_data)
                messages.success(request, gettext("The note is added, in your name."))
                return see_other("evidence_notes", org.slug)
            except GuildmarkError as error:
                form_problem(form, error)
                status = error.status
    context = {
        "form": form,
        "notes": library.notes(org.id),
        "retired": library.notes(org.id, retired=True),
        "may_write": actor.has("designer"),
        "crumbs": [
            {"label": gettext("Standards"), "url": reverse("standards", args=[org.slug])},
            {"label": gettext("Advisor"), "url": reverse("advise", args=[org.slug])},
            {"label": gettext("Figures of others")},
        ],
    }
    return render(request, "design/advisor/library.html", context, status=status)


@require_POST
@studio_page("designer")
def note_retire(request: HttpRequest, note_id: UUID) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    library.retire_note(by=actor, org_id=org.id, note_id=note_id, why=request.POST.get("why", ""))
    messages.success(request, gettext("The note is retired. It stays in the library."))
    return see_other("evidence_notes", org.slug)
