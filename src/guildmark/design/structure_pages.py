"""Does it hold together? The table of a standard with every fault beside its row, and the three axes of its class."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from guildmark.design import assurance, consistency, policies, promise, queries, typecheck
from guildmark.design.classes import CLASSES
from guildmark.design.editor import anchor, step_url, steps_of
from guildmark.design.faults import one_by_one
from guildmark.design.splitting_pages import may_undo
from guildmark.design.typecheck.matrix import matrix
from guildmark.design.types import Standard, VersionView
from guildmark.kernel.problems import NotFound
from guildmark.kernel.speaking import all_spoken, spoken
from guildmark.kernel.web import studio_page
from guildmark.kernel.words import said


class GuidesForm(forms.Form):
    """Another band of prices to ask with; nothing of it is stored."""

    low = forms.IntegerField(
        label=pgettext_lazy("range", "From"), min_value=0, max_value=1_000_000, required=False
    )
    high = forms.IntegerField(
        label=pgettext_lazy("range", "To"), min_value=0, max_value=1_000_000, required=False
    )
    source = forms.CharField(
        label=gettext_lazy("Where the figures come from"), max_length=200, required=False
    )

    def guides(self) -> promise.Guides:
        given = self.cleaned_data if self.is_valid() else {}
        plain = promise.Guides()
        return promise.Guides(
            price_low=plain.price_low if given.get("low") is None else given["low"],
            price_high=plain.price_high if given.get("high") is None else given["high"],
            price_source=given.get("source")
            or (plain.price_source if not given.get("low") else said("your own figures")),
        )


def faults_of(standard: Standard, org_slug: str, slug: str, *, editable: bool) -> list[dict[str, Any]]:
    """The faults of the type check in the form of the gate, each with the address of its row."""
    if standard.signal == "completion":
        return []
    known = {step.name for step in steps_of(standard)}
    rows = []
    for fault in sorted(
        [*typecheck.check(standard), *typecheck.suggest(standard)], key=lambda one: one.severity != "blocking"
    ):
        step = policies.step_of(fault.path)
        url = f"{step_url(org_slug, slug, step if step in known else 'claim')}#{anchor(fault.path)}"
        rows.append(
            {
                "ok": False if fault.severity == "blocking" else None,
                "text": spoken(fault.message),
                "mend": spoken(fault.mend),
                "url": url if editable else "",
                "path": fault.path,
            }
        )
    return rows


def panel_context(version: VersionView, org_slug: str) -> dict[str, Any]:
    """What the panel beside the editor shows: the compact table and the faults."""
    faults = faults_of(version.standard, org_slug, version.slug, editable=not version.is_published)
    return {
        "matrix": matrix(version.standard),
        "structure_faults": faults,
        "structure_url": reverse("standard_structure", args=[org_slug, version.slug]),
    }


@require_safe
@studio_page()
def standard_structure(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole table, of the draft or else of the version that stands."""
    org = request.org  # type: ignore[attr-defined]
    found = queries.versions_of(org.id, queries.achievement_by_slug(org.id, slug).id)
    if not found:
        raise NotFound(said("There is no such standard."))
    version = found[0]
    standard, done = version.standard, assurance.promised(version.standard)
    form = GuidesForm(request.GET or None)
    writable = not version.is_published and request.actor.has("designer")  # type: ignore[attr-defined]
    context = {
        **panel_context(version, org.slug),
        "version": version,
        "standard": standard,
        "class_name": CLASSES[standard.signal].label,
        "verdicts": consistency.verdicts(standard),
        "assurance": assurance.level(done),
        "missing": one_by_one(assurance.missing(done)),
        "figures": promise.figures(standard),
        "contradictions": [all_spoken(one) for one in promise.check(standard)],
        "questions": promise.questions(standard, form.guides()),
        "form": form,
        "writable": writable,
        "undo": writable and may_undo(request, version),
        "crumbs": [
            {"label": _("Standards"), "url": reverse("standards", args=[org.slug])},
            {"label": standard.title, "url": reverse("standard_history", args=[org.slug, slug])},
            {"label": _("Structure")},
        ],
    }
    return render(request, "design/structure.html", context)
