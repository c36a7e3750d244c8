"""Joining a programme: what one is enrolled in, the enrolment link, and reading the bar."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guildmark.assess.evidence import actions, bars, policies, queries, readiness
from guildmark.assess.evidence.forms import BarForm, JoinForm
from guildmark.assess.evidence.pages.changes import groups as change_groups
from guildmark.assess.evidence.pages.shared import bar_path, bridge_facts, posted, rubric_rows, window_facts
from guildmark.assess.evidence.types import EnrolmentView, SubmissionView
from guildmark.design.types import VersionView
from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.web import form_problem, person, see_other, sign_in_first, signed_in
from guildmark.people import queries as people


@signed_in
def programmes(request: HttpRequest) -> HttpResponse:
    """Everything one is enrolled in, with the next step of each."""
    rows = [_programme_row(enrolment) for enrolment in queries.enrolments_of_user(person(request))]
    return render(request, "evidence/programmes.html", {"rows": rows})


def _programme_row(enrolment: EnrolmentView) -> dict[str, Any]:
    submissions = queries.submissions(enrolment.org_id, enrolment_id=enrolment.id)
    latest = submissions[0] if submissions else None
    version = queries.bar(enrolment)
    return {
        "enrolment": enrolment,
        "org": people.organisation(enrolment.org_id),
        "standard": version.standard,
        "number": version.number,
        "latest": latest,
        "state": state_of(enrolment, latest),
        "next": next_step(enrolment, latest),
    }


def state_of(enrolment: EnrolmentView, latest: SubmissionView | None) -> str:
    """The one word under which an enrolment is listed."""
    if enrolment.state in {"passed", "not_passed", "withdrawn"}:
        return enrolment.state
    if latest is None:
        return "enrolled"
    return latest.outcome or ("in_rating" if latest.state == "discrepant" else latest.state)


def next_step(enrolment: EnrolmentView, latest: SubmissionView | None) -> str:
    """What the learner can do now, as the label of a button."""
    if enrolment.state == "enrolled":
        return _("Read the bar")
    if enrolment.state != "acknowledged" or (
        latest and latest.state in {"submitted", "in_rating", "discrepant"}
    ):
        return _("See where it stands")
    if latest is None:
        return _("Begin the work")
    return _("Go on with the work") if latest.state == "draft" else _("Read the feedback")


def enrol(request: HttpRequest, token: str) -> HttpResponse:
    """The landing of an enrolment link: what must be shown, then sign in, then join."""
    link = queries.open_link(token)
    version = bars.published(link.org_id, link.achievement_id)
    name = people.user_label(person(request)) if request.user.is_authenticated else ""
    form = JoinForm(posted(request), initial={"name": "" if "@" in name else name})
    if request.method == "POST":
        if not request.user.is_authenticated:
            return sign_in_first(request)
        if form.is_valid():
            try:
                enrolment = actions.enrol_by_link(
                    user_id=person(request), token=token, name=form.cleaned_data["name"]
                )
            except GuildmarkError as error:
                form_problem(form, error)
            else:
                return see_other("bar", enrolment.id)
    context = {
        **bar_context(version),
        "form": form,
        "org": people.organisation(link.org_id),
        "sign_in_url": sign_in_first(request).url,  # type: ignore[attr-defined]
    }
    return render(request, "evidence/enrol.html", context, status=422 if form.errors else 200)


def bar_context(version: VersionView) -> dict[str, Any]:
    """What a page needs that shows a bar."""
    return {
        "version": version,
        "standard": version.standard,
        "rubric": rubric_rows(version.standard),
        "attempts": policies.attempts_allowed(version.standard),
        "bar_path": bar_path(version),
    }


@signed_in
def bar(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    """The bar with its version and fingerprint, and the tick that starts the work (TV4)."""
    actor = queries.learner_actor(person(request), enrolment_id)
    assert actor.org_id is not None
    enrolment = queries.enrolment(actor.org_id, enrolment_id)
    version = bound = queries.bar(enrolment)
    newest = bars.present(actor.org_id, enrolment.achievement_id) or version
    agreed = enrolment.core_hash == newest.core_hash
    if not agreed and request.GET.get("agreed") != "1":
        version = newest
    before = None
    if enrolment.version_id is not None and enrolment.version_id != version.id:
        before = bars.version(actor.org_id, enrolment.version_id)
    form = BarForm(posted(request), initial={"version_id": version.id, "core_hash": version.core_hash})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.acknowledge_bar(
                by=actor,
                org_id=actor.org_id,
                enrolment_id=enrolment_id,
                version_id=given["version_id"],
                core_hash=given["core_hash"],
            )
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            words = _("You agreed to version %(number)s. The work can begin.")
            messages.success(request, words % {"number": version.number})
            return see_other("work", enrolment_id)
    context = {
        **bar_context(version),
        **window_facts(bound, open_work=enrolment.version_id is not None),
        "enrolment": enrolment,
        "agreed": agreed,
        "form": form,
        **bridge_facts(queries.bridge_plan(enrolment, version)),
        "before": before,
        "changes": change_groups(bars.changes(before, version), before, version) if before else [],
        "may_rate": bool(readiness.offered(version.standard)),
    }
    return render(request, "evidence/bar.html", context, status=422 if form.errors else 200)
