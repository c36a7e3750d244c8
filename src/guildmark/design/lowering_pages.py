"""Pages on which one designer asks, and another answers, whether an edit of words left the bar as it was."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from guildmark.design import comparing, lowering, queries
from guildmark.design.types import VersionView
from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.web import form_problem, see_other, studio_page
from guildmark.people import queries as people


class AskForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why the bar is the same"),
        max_length=lowering.REASON_LIMIT,
        help_text=gettext_lazy(
            "At least 20 characters. It is shown publicly beside the version, with both names and the dates."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AnswerForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Your words to the author"),
        required=False,
        max_length=lowering.REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_safe
@studio_page("designer")
def request_list(request: HttpRequest) -> HttpResponse:
    """What waits for a second person."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    rows = [
        {"request": row, "by": people.member_label(org.id, row.asked_by), "mine": row.asked_by == actor.id}
        for row in lowering.waiting(org.id)
    ]
    return render(request, "design/class_requests.html", {"rows": rows})


@studio_page("designer")
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a second person to call the edits of the draft clarifying."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    draft = queries.draft(org.id, slug)
    base, change = queries.change_of_draft(org.id, draft.id)
    refused = lowering.refusal(draft, change, actor.id)
    form = AskForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                lowering.ask(by=actor, org_id=org.id, version_id=draft.id, reason=form.cleaned_data["reason"])
            except GuildmarkError as error:
                form_problem(form, error)
                status = error.status
            else:
                messages.success(
                    request, _("Asked. The other designers hear of it by mail; go on when one has agreed.")
                )
                return see_other("standard_publish", org.slug, slug)
    shown = _sides(base, draft, [one.path for one in lowering.major_changes(change)])
    people_asked = [m.name or m.email for m in lowering.second_people(draft, actor.id)]
    context = {"draft": draft, "form": form, "refused": refused, "second_people": people_asked, **shown}
    return render(request, "design/class_ask.html", context, status=status)


def _sides(base: VersionView | None, draft: VersionView, paths: list[str]) -> dict[str, object]:
    if base is None:
        return {"rows": [], "base": None}
    rows = [row for row in comparing.context(base, draft)["rows"] if row.path in paths]
    return {"rows": rows, "base": base}


@studio_page("designer")
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Both texts and the reason, to agree or to decline."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    asked = lowering.one(org.id, request_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        word = request.POST.get("do")
        if form.is_valid() and word in {"agree", "decline"}:
            try:
                lowering.answer(
                    by=actor,
                    org_id=org.id,
                    request_id=request_id,
                    agree=word == "agree",
                    note=form.cleaned_data["note"],
                )
            except GuildmarkError as error:
                form_problem(form, error)
                status = error.status
            else:
                done = _("You agreed.") if word == "agree" else _("You declined; the author hears of it.")
                messages.success(request, done)
                return see_other("class_requests", org.slug)
    draft = queries.version(org.id, asked.version_id)
    base = queries.version(org.id, draft.based_on) if draft.based_on else None
    context = {
        "asked": asked,
        "by": people.member_label(org.id, asked.asked_by),
        "answered_by": people.member_label(org.id, asked.answered_by) if asked.answered_by else "",
        "form": form,
        "may_answer": asked.state == "waiting"
        and actor.id not in {asked.asked_by, *lowering.writers(org.id, draft.id)},
        "crumbs": [
            {"label": _("Standards"), "url": reverse("standards", args=[org.slug])},
            {"label": asked.title, "url": reverse("standard_history", args=[org.slug, asked.slug])},
            {"label": _("A lower class")},
        ],
        **_sides(base, draft, list(asked.paths)),
    }
    return render(request, "design/class_answer.html", context, status=status)
