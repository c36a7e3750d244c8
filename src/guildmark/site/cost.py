"""What belief costs (PRODUCT M17): the arithmetic of ``design.cost`` with the failure rate that was measured."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from guildmark.assess.evidence import queries as evidence
from guildmark.design import assurance, cost, promise
from guildmark.design import queries as design
from guildmark.design.advisor import queries as advisor
from guildmark.design.advisor.queries import AdviceView
from guildmark.design.cost import Figures
from guildmark.design.types import AchievementView, VersionView
from guildmark.kernel.problems import NotFound
from guildmark.kernel.rates import Rate
from guildmark.kernel.web import studio_page
from guildmark.kernel.words import day, said


class Amount(forms.DecimalField):
    """A figure that may be written with a comma; empty means that it is not known."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "size": "8", "autocomplete": "off"})
        super().__init__(
            required=False, min_value=0, max_digits=12, decimal_places=4, widget=widget, **options
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class CostForm(forms.Form):
    """Every figure of the arithmetic; nothing of it is stored."""

    asked = ("price", "hour", "minutes", "defence", "decision", "identity", "supervised")

    price = Amount(label=gettext_lazy("Price for a learner"), max_value=10_000_000)
    hour = Amount(label=gettext_lazy("What an hour of a judge costs"), max_value=1_000_000)
    minutes = Amount(label=gettext_lazy("Minutes of one judge for one hand-in"), max_value=100_000)
    defence = Amount(label=gettext_lazy("Minutes of a question about their own work"), max_value=100_000)
    decision = Amount(label=gettext_lazy("Minutes of a decision by somebody else"), max_value=100_000)
    identity = Amount(label=gettext_lazy("Minutes in which a person is identified"), max_value=100_000)
    supervised = Amount(label=gettext_lazy("Hours that are watched"), max_value=10_000)
    together = forms.IntegerField(
        label=gettext_lazy("Learners whom one person watches at once"),
        required=False,
        min_value=1,
        max_value=10_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "8", "autocomplete": "off"}),
    )
    again = Amount(label=gettext_lazy("Tries that are followed by another, in per cent"), max_value=100)
    fees = Amount(label=gettext_lazy("Fees and other costs of a candidate"), max_value=10_000_000)

    def figures(self, start: Figures) -> Figures:
        """The figures as typed; ``start`` where the form is not sent."""
        if not self.is_bound or not self.is_valid():
            return start
        given = self.cleaned_data
        times = ("price", "hour", "minutes", "defence", "decision", "identity", "supervised")
        return replace(
            start,
            **{name: given[name] for name in times},
            together=given["together"] or 1,
            again=start.again if given["again"] is None else given["again"] / 100,
            fees=given["fees"] or Decimal(0),
        )


def initial(figures: Figures) -> dict[str, Any]:
    """The figures as the form shows them."""
    names = ("price", "hour", "minutes", "defence", "decision", "identity", "supervised")
    found: dict[str, Any] = {
        name: "" if (value := getattr(figures, name)) is None else f"{cost.plain(value):f}" for name in names
    }
    again = cost.plain((100 * figures.again).quantize(Decimal("0.1")))
    return found | {
        "together": figures.together,
        "again": f"{again:f}",
        "fees": f"{cost.plain(figures.fees):f}",
    }


def measured(org_id: UUID, version_id: UUID | None) -> Rate:
    """First attempts at a version that did not pass or were sent back."""
    if version_id is None:
        return Rate(0, 0)
    counts = evidence.first_attempt_counts(org_id, version_id)
    return Rate(counts.again, counts.n)


def starting(version: VersionView, advice: AdviceView | None, rate: Rate) -> tuple[Figures, str]:
    """The figures of the records, and in words where the share of further tries comes from."""
    found = cost.known(version.standard, advice.answers if advice else None)
    if rate.measurable:
        words = said(
            "Measured: {again} of {n} first attempts did not pass or were sent back.",
            again=rate.successes,
            n=rate.cases,
        )
        return replace(found, again=Decimal(rate.successes) / rate.cases), words
    every = cost.planned(advice.answers if advice else None).retake_every
    words = said(
        "Declared, not measured: one of {every} tries again, as the advisor plans. It is measured from {floor} first "
        "attempts on (n = {n}).",
        every=every,
        floor=rate.floor,
        n=rate.cases,
    )
    return found, words


def sources(advice: AdviceView | None, start: Figures) -> list[str]:
    """Where the figures come from that nobody typed here."""
    found: list[str] = []
    if start.price is not None or start.supervised is not None:
        found.append(said("Price and hours of assessment are those that the standard declares."))
    if advice is not None:
        found.append(
            said(
                "Minutes and what an hour is worth are those of the advice of {day}; its minutes are planning "
                "assumptions, not measured.",
                day=day(advice.created_at.date()),
            )
        )
    return found


def _version(org_id: UUID, slug: str) -> tuple[AchievementView, VersionView]:
    achievement = design.achievement_by_slug(org_id, slug)
    found = design.versions_of(org_id, achievement.id)
    if not found:
        raise NotFound(design.UNKNOWN)
    if found[0].standard.signal == "completion":
        raise NotFound(
            said("A completion record judges nothing, so there is no cost of trust."),
            mend=said("Choose a standard by which work is judged."),
        )
    return achievement, found[0]


@require_safe
@studio_page()
def standard_cost(request: HttpRequest, slug: str) -> HttpResponse:
    """What each feature of trust costs for one candidate, of the draft or else of the version that stands."""
    org = request.org  # type: ignore[attr-defined]
    achievement, version = _version(org.id, slug)
    advice = advisor.of_achievement(org.id, achievement.id)
    rate = measured(org.id, achievement.published_id)
    start, again_words = starting(version, advice, rate)
    sent = request.GET if set(request.GET) & set(CostForm.base_fields) else None
    form = CostForm(sent, initial=initial(start))
    figures = form.figures(start)
    written = cost.bill(cost.as_written(version.standard), figures)
    levels = cost.by_level(version.standard, figures)
    told = promise.figures(version.standard)
    an_hour = figures.price / Decimal(str(told.hours)) if figures.price is not None and told.hours else None
    context = {
        "version": version,
        "standard": version.standard,
        "form": form,
        "figures": figures,
        "currency": figures.currency,
        "written": written,
        "promised": assurance.level(assurance.promised(version.standard)),
        "levels": levels,
        "needed": [
            cost.ASKED[name] for name in (*written.asks, *(["price"] if figures.price is None else []))
        ],
        "again_words": again_words
        if figures.again == start.again
        else said("The share of further tries is your own."),
        "sources": [] if form.is_bound else sources(advice, start),
        "planned_minutes": cost.told(cost.judging_minutes(cost.planned(advice.answers if advice else None))),
        "an_hour": None if an_hour is None else cost.told(cost.money(an_hour)),
        "hours": None if told.hours is None else cost.told(cost.plain(Decimal(str(told.hours)))),
        "advice": advice,
        "changed": form.is_bound,
        "crumbs": [
            {"label": _("Standards"), "url": reverse("standards", args=[org.slug])},
            {"label": version.standard.title, "url": reverse("standard_history", args=[org.slug, slug])},
            {"label": _("Structure"), "url": reverse("standard_structure", args=[org.slug, slug])},
            {"label": _("What belief costs")},
        ],
    }
    return render(
        request, "site/cost.html", context, status=422 if form.is_bound and not form.is_valid() else 200
    )
