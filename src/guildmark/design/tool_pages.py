"""The tool watch in the studio: what was released, which standards it concerns, and the answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from guildmark.design import queries, tool_actions, tool_queries
from guildmark.design.tools import Release
from guildmark.kernel.clock import now
from guildmark.kernel.problems import GuildmarkError, NotFound
from guildmark.kernel.web import form_problem, see_other, studio_page


class ReleaseForm(forms.Form):
    """A release as it is recorded. The tools to choose from are those that published standards name."""

    name = forms.ChoiceField(label=gettext_lazy("Tool"))
    version = forms.CharField(
        label=gettext_lazy("New version"),
        max_length=tool_actions.VERSION_LIMIT,
        help_text=gettext_lazy("As its maker writes it, such as 5.0."),
    )
    released_on = forms.DateField(
        label=gettext_lazy("Out since"),
        help_text=gettext_lazy("A day to come is an announcement: standards are marked from that day on."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=gettext_lazy("What is new in it"),
        required=False,
        max_length=tool_actions.NOTE_LIMIT,
        help_text=gettext_lazy("In a sentence; it stands publicly beside the standards."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    url = forms.CharField(
        label=gettext_lazy("Release notes"),
        required=False,
        max_length=tool_actions.URL_LIMIT,
        help_text=gettext_lazy("An https:// address."),
        widget=forms.URLInput,
    )

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Why it is still the same"),
        max_length=tool_actions.NOTE_LIMIT,
        help_text=gettext_lazy(
            "What was compared, in a sentence. It is shown publicly with your name and the day."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it is withdrawn"),
        max_length=tool_actions.NOTE_LIMIT,
        help_text=gettext_lazy("It is shown publicly beside the record, which stays."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _crumbs(org: Any, *labels: str) -> list[dict[str, str]]:
    """From the upkeep board, which the site composes, down to this page."""
    try:
        first = [{"label": pgettext("board", "Upkeep"), "url": reverse("upkeep", args=[org.slug])}]
    except NoReverseMatch:
        first = []
    below = [{"label": _("Tools"), "url": reverse("tools", args=[org.slug])}]
    return [*first, *below, *({"label": label} for label in labels)]


def _title(release: Release) -> str:
    return f"{release.name} {release.version}"


@require_safe
@studio_page()
def tool_list(request: HttpRequest) -> HttpResponse:
    """Everything that was recorded, the latest day first, with how many standards wait for an answer."""
    org = request.org  # type: ignore[attr-defined]
    waiting: dict[UUID, int] = {}
    for changes in tool_queries.open_changes(org.id).values():
        for change in changes:
            for release in change.releases:
                waiting[release.id] = waiting.get(release.id, 0) + 1
    rows = [
        {
            "release": release,
            "waiting": waiting.get(release.id, 0),
            "coming": release.stands(now()) and not release.is_out(now()),
        }
        for release in tool_queries.releases(org.id)
    ]
    context = {
        "rows": rows,
        "names": tool_queries.tool_names(org.id),
        "may_write": request.actor.has("designer"),  # type: ignore[attr-defined]
        "crumbs": [*_crumbs(org)[:-1], {"label": _("Tools")}],
    }
    return render(request, "design/tools/list.html", context)


@studio_page("designer")
def tool_new(request: HttpRequest) -> HttpResponse:
    """Record a release."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    names = tool_queries.tool_names(org.id)
    bound = request.POST if request.method == "POST" else None
    initial = {"name": request.GET.get("tool", ""), "released_on": now().date()}
    form = ReleaseForm(bound, names=names, initial=initial)
    status = 200
    if bound is not None:
        status = 422
        if form.is_valid():
            try:
                made = tool_actions.record_release(by=actor, org_id=org.id, **form.cleaned_data)
                messages.success(request, _("Recorded. The standards that it concerns are listed here."))
                return see_other("tool_release", org.slug, made.id)
            except GuildmarkError as error:
                form_problem(form, error)
                status = error.status
    context = {"form": form, "names": names, "crumbs": _crumbs(org, _("A new version of a tool"))}
    return render(request, "design/tools/new.html", context, status=status)


@require_safe
@studio_page()
def tool_release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """One release with the standards that it concerns and what was said about each."""
    org = request.org  # type: ignore[attr-defined]
    release = tool_queries.release(org.id, release_id)
    rows = tool_queries.concerned(release, now())
    context = {
        "release": release,
        "title": _title(release),
        "rows": rows,
        "waiting": sum(row.may_answer for row in rows),
        "coming": release.stands(now()) and not release.is_out(now()),
        "may_write": request.actor.has("designer"),  # type: ignore[attr-defined]
        "crumbs": _crumbs(org, _title(release)),
    }
    return render(request, "design/tools/release.html", context)


@studio_page("designer")
def tool_withdraw(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Take a record back that was made by mistake."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    release = tool_queries.release(org.id, release_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                tool_actions.withdraw_release(
                    by=actor, org_id=org.id, release_id=release_id, reason=form.cleaned_data["reason"]
                )
                messages.success(request, _("Withdrawn. It marks no standard any more."))
                return see_other("tool_release", org.slug, release_id)
            except GuildmarkError as error:
                form_problem(form, error)
                status = error.status
    context = {
        "release": release,
        "title": _title(release),
        "form": form,
        "crumbs": _crumbs(org, _title(release)),
    }
    return render(request, "design/tools/withdraw.html", context, status=status)


@studio_page("designer")
def tool_answer(request: HttpRequest, release_id: UUID, slug: str) -> HttpResponse:
    """Answer a release for one standard: still the same, or a new version."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    release = tool_queries.release(org.id, release_id)
    found = tool_queries.concerned(release, now())
    standard = next((row for row in found if row.slug == slug), None)
    if standard is None:
        raise NotFound(queries.UNKNOWN)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                tool_actions.answer_same(
                    by=actor,
                    org_id=org.id,
                    release_id=release_id,
                    achievement_id=standard.achievement_id,
                    note=form.cleaned_data["note"],
                )
                messages.success(request, _("Recorded. The standard is marked no longer."))
                return see_other("tool_release", org.slug, release_id)
            except GuildmarkError as error:
                form_problem(form, error)
                status = error.status
    context = {
        "release": release,
        "title": _title(release),
        "standard": standard,
        "form": form,
        "crumbs": _crumbs(org, _title(release)),
    }
    return render(request, "design/tools/answer.html", context, status=status)
