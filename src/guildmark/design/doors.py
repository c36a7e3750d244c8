"""One-way doors and reviews: each page writes out what follows before its button."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guildmark.design import actions, queries
from guildmark.kernel.problems import Conflict, GuildmarkError, NotFound
from guildmark.kernel.web import form_problem, see_other, studio_page
from guildmark.kernel.words import said


class NoteForm(forms.Form):
    note = forms.CharField(
        label=pgettext_lazy("review", "Note"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class OptionalNoteForm(forms.Form):
    note = forms.CharField(
        label=_("Why"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


DOORS: dict[str, dict[str, Any]] = {
    "review": {
        "heading": _("Review this standard"),
        "lead": _(
            "Look at it as it stands: tools, claim, tasks, rubric. If it is still right, say "
            "what you checked. "
            "The review date moves on and the note stays in the history. If something must change, "
            "start a new "
            "version."
        ),
        "button": _("Record the review"),
        "done": _("The review is recorded."),
        "form": NoteForm,
    },
    "retire": {
        "heading": _("Retire this version"),
        "lead": _(
            "Nothing new is awarded by it from now on. Holders keep what they earned, and the "
            "public page stays "
            "with the word retired. A retired version does not come back; a new version can follow it."
        ),
        "button": _("Retire the version"),
        "done": _("The version is retired."),
        "form": OptionalNoteForm,
    },
    "discard": {
        "heading": _("Discard this draft"),
        "lead": _(
            "The draft and everything typed in it is deleted and cannot be brought back. "
            "Published versions stay."
        ),
        "button": _("Discard the draft"),
        "done": _("The draft is gone."),
        "form": None,
    },
    "archive": {
        "heading": _("Put this standard away"),
        "lead": _(
            "It leaves the list. Its published versions, pages and credentials stay, and "
            "it can be brought back."
        ),
        "button": _("Put it away"),
        "done": _("The standard is put away."),
        "form": None,
    },
    "unarchive": {
        "heading": _("Bring this standard back"),
        "lead": _("It returns to the list."),
        "button": _("Bring it back"),
        "done": _("The standard is back."),
        "form": None,
    },
}


@studio_page("designer")
def standard_door(request: HttpRequest, slug: str, door: str) -> HttpResponse:
    """One-way doors and reviews: what follows is written out before the button."""
    org = request.org  # type: ignore[attr-defined]
    if door not in DOORS:
        raise NotFound(said("There is nothing at this address."))
    achievement = queries.achievement_by_slug(org.id, slug)
    about = DOORS[door]
    form_class = about["form"] or forms.Form
    form = form_class(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _through(request, door, achievement, form.cleaned_data.get("note", ""))
            except GuildmarkError as error:
                form_problem(form, error)
                status = error.status
    context = {"about": about, "form": form, "achievement": achievement, "door": door}
    return render(request, "design/door.html", context, status=status)


def _through(request: HttpRequest, door: str, achievement: Any, note: str) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    keys = {"by": actor, "org_id": org.id}
    missing = Conflict(
        said("There is no such version any more."), mend=said("Go back and look at the standard.")
    )
    if door in {"archive", "unarchive"}:
        actions.archive(**keys, achievement_id=achievement.id, archived=door == "archive")
    elif door == "discard":
        if achievement.draft_id is None:
            raise missing
        actions.discard_draft(**keys, version_id=achievement.draft_id)
    else:
        if achievement.published_id is None:
            raise missing
        act = actions.retire if door == "retire" else actions.mark_reviewed
        act(**keys, version_id=achievement.published_id, note=note)
    messages.success(request, DOORS[door]["done"])
    if door == "discard" and not achievement.versions:
        return see_other("standards", org.slug)
    return see_other("standard_history", org.slug, achievement.slug)
