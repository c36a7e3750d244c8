"""Pages that promote a stack: choose its members, look at what they come to, begin the draft; and its blueprint."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from guildmark.design import policies, queries
from guildmark.design.advisor import queries as advisor
from guildmark.design.classes import CERTIFIED_CHECKS
from guildmark.design.stacks import promotion, proposing, weighing
from guildmark.design.stacks.proposing import Proposal
from guildmark.design.stacks.recognition import recognise
from guildmark.design.stacks.weighing import Domain, Factors
from guildmark.design.types import VersionView
from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.speaking import spoken
from guildmark.kernel.web import form_problem, see_other, studio_page
from guildmark.people import queries as people


def points(label: Any, initial: int) -> forms.IntegerField:
    made = forms.IntegerField(
        label=label, initial=initial, min_value=0, max_value=weighing.MOST_POINTS, required=False
    )
    made.asked = True  # type: ignore[attr-defined]  # empty means as usual, and is not called optional
    return made


def weight(label: str) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "size": 4})
    return forms.IntegerField(label=label, min_value=0, max_value=weighing.TOTAL, widget=widget)


class WeightsForm(forms.Form):
    """Base of the forms that give weights: a wrong sum is told together with whatever else is wrong."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        names = [name for name in self.fields if name.startswith("w_")]
        if all(name in given for name in names):
            try:
                weighing.ensure_sum(given[name] for name in names)
            except GuildmarkError as error:
                form_problem(self, error)
        return given


class StackForm(forms.Form):
    """Which versions the stack is made of, and what the proposal counts with."""

    members = forms.MultipleChoiceField(
        label=gettext_lazy("The stack"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least two."),
            "invalid_choice": gettext_lazy(
                "One of these versions is no longer in force. Load the page again."
            ),
        },
    )
    must = points(gettext_lazy("For a must-pass criterion"), 2)
    other = points(gettext_lazy("For another criterion"), 1)
    hour = points(gettext_lazy("For a declared hour of assessment"), 1)
    advice = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, eligible: list[VersionView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = [  # type: ignore[attr-defined]
            (str(one.id), f"{one.standard.title} {one.number}") for one in eligible
        ]

    def factors(self) -> Factors:
        given = {name: self.cleaned_data[name] for name in ("must", "other", "hour")}
        return Factors(**{name: value for name, value in given.items() if value is not None})

    def versions(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["members"]]


class DraftForm(WeightsForm):
    """The title, and a weight for each domain."""

    title = forms.CharField(
        label=gettext_lazy("What the certification is called"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give it a short name.")},
    )
    announced = forms.BooleanField(
        label=gettext_lazy("Public pages of the members may name it before it is published"),
        help_text=gettext_lazy("They then also say what holders have shown, as it is planned today."),
        required=False,
    )

    def __init__(self, *args: Any, domains: tuple[Domain, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.domains = domains
        for one in domains:
            self.fields[f"w_{one.competency}"] = weight(one.title or one.competency)
            self.initial[f"w_{one.competency}"] = one.weight

    def rows(self) -> list[dict[str, Any]]:
        return [{"domain": one, "field": self[f"w_{one.competency}"]} for one in self.domains]

    def weights(self) -> dict[str, int]:
        return {one.competency: self.cleaned_data[f"w_{one.competency}"] for one in self.domains}


@studio_page("designer")
def promote(request: HttpRequest) -> HttpResponse:
    """Choose the stack (in the address), look at the proposal, and begin the draft (by POST)."""
    org = request.org  # type: ignore[attr-defined]
    eligible = proposing.eligible(org.id)
    asked = "members" in request.GET
    stack = StackForm(
        request.GET if asked else None, initial=_begun(request, org.id, eligible), eligible=eligible
    )
    proposal, draft = None, None
    if asked and stack.is_valid():
        try:
            proposal = proposing.propose(org.id, stack.versions(), stack.factors())
        except GuildmarkError as error:
            form_problem(stack, error)
    if proposal is not None:
        draft = DraftForm(request.POST or None, domains=proposal.domains)
        if request.method == "POST" and draft.is_valid():
            try:
                return _begin(request, stack, draft, proposal)
            except GuildmarkError as error:
                form_problem(draft, error)
    context = {
        "stack": stack,
        "eligible": eligible,
        "enough": len(eligible) >= proposing.FEWEST,
        "draft": draft,
        **(_told(org.id, proposal) if proposal else {}),
        "crumbs": [
            {"label": _("Standards"), "url": reverse("standards", args=[org.slug])},
            {"label": _("Layers and stacks"), "url": reverse("stacks", args=[org.slug])},
            {"label": _("Promote a stack")},
        ],
    }
    wrong = bool(stack.errors or (draft and draft.errors))
    return render(request, "design/stacks/promote.html", context, status=422 if wrong else 200)


def _begun(request: HttpRequest, org_id: UUID, eligible: list[VersionView]) -> dict[str, Any]:
    """What is ticked at first: the published standards that were begun from the advice in the address."""
    try:
        found = advisor.advice(org_id, UUID(request.GET.get("advice", "")))
    except (ValueError, GuildmarkError):
        return {}
    slugs = {one.slug for one in found.started if one.role == "stack"}
    return {"advice": found.id, "members": [str(one.id) for one in eligible if one.slug in slugs]}


def _begin(request: HttpRequest, stack: StackForm, draft: DraftForm, proposal: Proposal) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    made = promotion.promote(
        by=actor,
        org_id=org.id,
        version_ids=[one.version_id for one in proposal.members],
        title=draft.cleaned_data["title"],
        factors=proposal.factors,
        weights=draft.weights(),
        announced=draft.cleaned_data["announced"],
        advice_id=stack.cleaned_data["advice"],
    )
    messages.success(request, _("The draft is begun. Its blueprint can be changed until it is published."))
    return see_other("standard_blueprint", org.slug, made.slug)


def _told(org_id: UUID, proposal: Proposal) -> dict[str, Any]:
    """What the page shows of a proposal: members with their history, the blueprint, what is missing."""
    whole = proposal.standard
    blocking = policies.blocking(whole, queries.rules(org_id))
    members = [
        {
            "member": member,
            "must": len(member.standard.must_pass),
            "others": len(member.standard.others),
            "outcomes": outcomes,
            "earlier": earlier,
            "shown": recognise(member.standard, ids, whole),
        }
        for member, outcomes, earlier, ids in zip(
            proposal.members, proposal.outcomes, proposal.earlier, proposal.assembled.ids, strict=True
        )
    ]
    return {
        "proposal": proposal,
        "members": members,
        "whole": whole,
        "to_settle": [spoken(note) for note in proposal.assembled.to_settle],
        "checks": [spoken(check) for check in CERTIFIED_CHECKS],
        # The title and the class are asked for beside this list.
        "gate": [
            {"ok": False, "text": spoken(f.message), "mend": spoken(f.mend)}
            for f in blocking
            if not f.rule.startswith(("title.", "signal."))
        ],
    }


# --- the blueprint of a draft


class BlueprintForm(WeightsForm):
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, view: proposing.BlueprintView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view
        self.initial["revision"] = view.revision
        for one in view.rows:
            self.fields[f"t_{one.competency}"] = forms.CharField(
                label=pgettext("of a blueprint", "Domain"),
                max_length=promotion.TITLE_LIMIT,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"w_{one.competency}"] = weight(_("Weight of “%(domain)s”") % {"domain": one.title})
            self.initial[f"t_{one.competency}"] = one.title
            self.initial[f"w_{one.competency}"] = one.weight

    def lines(self) -> list[dict[str, Any]]:
        return [
            {"domain": one, "title": self[f"t_{one.competency}"], "weight": self[f"w_{one.competency}"]}
            for one in self.view.rows
        ]

    def rows(self) -> dict[str, tuple[str, int]]:
        given = self.cleaned_data
        return {
            one.competency: (given[f"t_{one.competency}"], given[f"w_{one.competency}"])
            for one in self.view.rows
        }


@studio_page()
def standard_blueprint(request: HttpRequest, slug: str) -> HttpResponse:
    """What the domains of a promoted stack weigh, where each comes from, and what holders have shown already."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    own = queries.achievement_by_slug(org.id, slug)
    view = proposing.blueprint(org.id, own.id)
    form = BlueprintForm(request.POST or None, view=view)
    if request.method == "POST":
        actor.require(org.id, "designer")
        if form.is_valid():
            try:
                promotion.save_blueprint(
                    by=actor,
                    org_id=org.id,
                    achievement_id=own.id,
                    rows=form.rows(),
                    revision=form.cleaned_data["revision"],
                )
                messages.success(request, _("The blueprint is saved."))
                return see_other("standard_blueprint", org.slug, slug)
            except GuildmarkError as error:
                form_problem(form, error)
    made = proposing.promoted_at(org.id, own.id)
    context = {
        "own": own,
        "view": view,
        "form": form,
        "statements": proposing.of_whole(queries.versions_of(org.id, own.id)[0]),
        "checks": [spoken(check) for check in CERTIFIED_CHECKS] if own.signal == "certified" else [],
        "made_at": made[0] if made else None,
        "by": people.member_label(org.id, made[1]) if made and made[1] else "",
        "may_write": actor.has("designer") and view.editable,
        "crumbs": [
            {"label": _("Standards"), "url": reverse("standards", args=[org.slug])},
            {"label": own.title, "url": reverse("standard_history", args=[org.slug, slug])},
            {"label": _("Blueprint")},
        ],
    }
    return render(request, "design/stacks/blueprint.html", context, status=422 if form.errors else 200)
