"""The bridge from a passed version to the one in force: read what is still to be shown, begin; open and close it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guildmark.assess.evidence import actions, bars, bridge_queries, bridging, policies, queries
from guildmark.assess.evidence.pages.shared import bridge_facts
from guildmark.kernel.problems import NotFound
from guildmark.kernel.web import person, see_other, signed_in, studio_page
from guildmark.people import queries as people


@signed_in
def bridge(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    """What a holder has still to show for the version in force, and the button that begins it."""
    actor = queries.learner_actor(person(request), enrolment_id)
    assert actor.org_id is not None
    decision_id = bridge_queries.passed_decision(actor.org_id, enrolment_id)
    if decision_id is None:
        raise NotFound(policies.MISSING)
    state = bridge_queries.state(actor.org_id, decision_id)
    if request.method == "POST":
        begun = actions.begin_bridge(by=actor, org_id=actor.org_id, decision_id=decision_id)
        return see_other("bar", begun.id)
    if state.enrolment_id is not None:
        return see_other("programme", state.enrolment_id)
    if not state.current:
        return see_other("programme", enrolment_id)
    base = queries.decision(actor.org_id, decision_id)
    plan = bridging.plan(base, bars.published(actor.org_id, base.achievement_id))
    context = {
        "enrolment": queries.enrolment(actor.org_id, enrolment_id),
        "issuer": people.organisation(actor.org_id),
        "standard": plan.target.standard,
        "state": state,
        **bridge_facts(plan),
    }
    return render(request, "evidence/bridge.html", context)


@studio_page("registrar", "designer")
@require_POST
def open_bridge(request: HttpRequest, achievement_id: UUID) -> HttpResponse:
    """Offer the bridge to holders of older versions; they are told by mail."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    actions.open_bridge(by=actor, org_id=org.id, achievement_id=achievement_id)
    messages.success(request, _("The bridge is open. Holders of older versions are told by e-mail."))
    return see_other("learners", org.slug)


@studio_page("registrar", "designer")
@require_POST
def close_bridge(request: HttpRequest, achievement_id: UUID) -> HttpResponse:
    """Offer it no longer; who has begun goes on."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    actions.close_bridge(by=actor, org_id=org.id, achievement_id=achievement_id)
    messages.info(request, _("The bridge is closed. Who has begun goes on."))
    return see_other("learners", org.slug)
