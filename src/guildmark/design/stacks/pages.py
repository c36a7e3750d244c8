"""Pages of relations: what a standard rests on and what rests on it, one tie, and the map of the organisation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from guildmark.design import queries
from guildmark.design.stacks import proposing, relations
from guildmark.design.stacks import queries as reading
from guildmark.design.stacks.drawing import forest
from guildmark.design.stacks.types import ROLES, Relation
from guildmark.kernel.problems import GuildmarkError, Invalid
from guildmark.kernel.speaking import spoken
from guildmark.kernel.web import form_problem, see_other, studio_page
from guildmark.people import queries as people


class TieForm(forms.Form):
    """Which other standard, and how: ``tie`` says which of the two is the layer, and its role."""

    other = forms.ChoiceField(
        label=gettext_lazy("The other standard"),
        error_messages={"required": gettext_lazy("Choose the other standard.")},
    )
    tie = forms.ChoiceField(
        label=gettext_lazy("How the two belong together"),
        error_messages={"required": gettext_lazy("Say how the two belong together.")},
    )
    announced = forms.BooleanField(
        label=gettext_lazy("Public pages may name the base before it is published"),
        help_text=gettext_lazy(
            "Otherwise they say that it rests on a standard that is not published yet, without its title."
        ),
        required=False,
    )

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [("", "–"), *others]  # type: ignore[attr-defined]
        roles = [(name, spoken(one.label)) for name, one in ROLES.items()]
        self.fields["tie"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            (_("This standard rests on the other one, as its"), [(f"child:{n}", w) for n, w in roles]),
            (_("The other one rests on this standard, as its"), [(f"base:{n}", w) for n, w in roles]),
        ]

    def sides(self, own: UUID) -> dict[str, Any]:
        """The arguments of the action: child, base and role."""
        side, _colon, role = self.cleaned_data["tie"].partition(":")
        other = UUID(self.cleaned_data["other"])
        child, base = (own, other) if side == "child" else (other, own)
        return {
            "child_id": child,
            "base_id": base,
            "role": role,
            "announced": self.cleaned_data["announced"],
        }


def _crumbs(request: HttpRequest, title: str = "", slug: str = "", last: str = "") -> list[dict[str, str]]:
    org = request.org  # type: ignore[attr-defined]
    found = [{"label": _("Standards"), "url": reverse("standards", args=[org.slug])}]
    if slug:
        found.append({"label": title, "url": reverse("standard_history", args=[org.slug, slug])})
    return [*found, {"label": last}]


@studio_page()
def standard_layers(request: HttpRequest, slug: str) -> HttpResponse:
    """What a standard rests on, what rests on it, the map of both, and a form for one tie more."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    own = queries.achievement_by_slug(org.id, slug)
    everything = reading.relations(org.id)
    ties = reading.sorted_ties(everything, own.id)
    tied = {side.achievement_id for one in (*ties.bases, *ties.layers, *ties.parts) for side in _both(one)}
    others = [
        (str(view.id), view.title)
        for view in queries.achievements(org.id)
        if view.id != own.id and view.id not in tied and view.signal != "completion"
    ]
    form = TieForm(request.POST or None, others=others)
    if request.method == "POST":
        actor.require(org.id, "designer")
        if form.is_valid():
            try:
                relations.relate(by=actor, org_id=org.id, **form.sides(own.id))
                messages.success(
                    request, _("The two are tied. Their versions and fingerprints are untouched.")
                )
                return see_other("standard_layers", org.slug, slug)
            except GuildmarkError as error:
                form_problem(form, error)
    context = {
        "own": own,
        "ties": ties,
        "groups": _groups(ties),
        "map": forest(everything, own.id),
        "blueprint": bool(ties.parts) and proposing.promoted_at(org.id, own.id) is not None,
        "form": form,
        "others": others,
        "may_write": actor.has("designer") and own.signal != "completion",
        "crumbs": _crumbs(request, own.title, slug, _("Layers")),
    }
    return render(request, "design/stacks/layers.html", context, status=422 if form.errors else 200)


def _both(one: Relation) -> tuple[Any, Any]:
    return one.child, one.base


def _groups(ties: Any) -> list[dict[str, Any]]:
    """The three lists of the page; each row has the standard at the other end of its tie."""
    return [
        {"heading": heading, "rows": [{"tie": one, "side": getattr(one, end)} for one in rows]}
        for heading, rows, end in (
            (_("What it rests on or is a part of"), ties.bases, "base"),
            (_("What rests on it"), ties.layers, "child"),
            (_("What it is made of"), ties.parts, "child"),
        )
        if rows
    ]


@studio_page("designer")
def standard_layer(request: HttpRequest, slug: str, relation_id: UUID) -> HttpResponse:
    """One tie: whether it is announced, and the way to remove it, with what follows written out."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    own = queries.achievement_by_slug(org.id, slug)
    tie = reading.relation_of(org.id, relation_id, own.id)
    keys = {"by": actor, "org_id": org.id, "relation_id": tie.id}
    if request.method == "POST":
        verb = request.POST.get("do", "")
        if verb == "remove":
            relations.unrelate(**keys)
            messages.success(request, _("The tie is removed. Both standards stay as they are."))
            return see_other("standard_layers", org.slug, slug)
        if verb not in {"announce", "hide"}:
            raise Invalid("This button does nothing here.", mend="Load the page again.")
        relations.announce(**keys, announced=verb == "announce")
        messages.success(request, _("Saved."))
        return see_other("standard_layer", org.slug, slug, tie.id)
    context = {
        "own": own,
        "tie": tie,
        "by": people.member_label(org.id, tie.created_by) if tie.created_by else "",
        "crumbs": [
            *_crumbs(request, own.title, slug)[:-1],
            {"label": _("Layers"), "url": reverse("standard_layers", args=[org.slug, slug])},
            {"label": _("One tie")},
        ],
    }
    return render(request, "design/stacks/layer.html", context)


@require_safe
@studio_page()
def stacks(request: HttpRequest) -> HttpResponse:
    """The map of the organisation: every standard that is tied to another one."""
    org = request.org  # type: ignore[attr-defined]
    context = {
        "map": forest(reading.relations(org.id)),
        "may_write": request.actor.has("designer"),  # type: ignore[attr-defined]
        "crumbs": _crumbs(request, last=_("Layers and stacks")),
    }
    return render(request, "design/stacks/stacks.html", context)
