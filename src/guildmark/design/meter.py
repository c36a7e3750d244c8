"""Pages of the impostor meter: what it says of a standard in full, taking its suggestions, and the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guildmark.design import actions, impostor, queries
from guildmark.design.editor import meter_panel
from guildmark.design.impostor_plot import plot
from guildmark.design.impostor_quiz import domains_of, specialty
from guildmark.design.rules import TRANSITION_DAYS
from guildmark.design.types import Rules, Standard, VersionView
from guildmark.kernel.problems import Conflict, GuildmarkError, Invalid, NotFound
from guildmark.kernel.speaking import spoken
from guildmark.kernel.web import form_problem, see_other, studio_page
from guildmark.kernel.words import Number, of_cellar, said
from guildmark.psychometrics.impostor import NAMES, ImpossibleModel, WorkAssumptions

SHOWN_SUGGESTIONS = 12


def _version(org_id: Any, slug: str) -> VersionView:
    """The draft where there is one, else the newest published version."""
    achievement = queries.achievement_by_slug(org_id, slug)
    found = queries.versions_of(org_id, achievement.id)
    if not found:
        raise NotFound(queries.UNKNOWN)
    if found[0].standard.signal == "completion":
        raise NotFound(said("A completion record claims no skill, so there is nothing to pass."))
    return found[0]


@require_http_methods(["GET", "HEAD", "POST"])
@studio_page()
def standard_impostor(request: HttpRequest, slug: str) -> HttpResponse:
    """The meter in full. A POST takes one suggestion, or the whole way under the limit, into the draft."""
    org = request.org  # type: ignore[attr-defined]
    version = _version(org.id, slug)
    problem, status = "", 200
    if request.method == "POST":
        try:
            return _take(request, version)
        except GuildmarkError as error:
            problem = " ".join(spoken(part) for part in (error.detail, error.mend) if part)
            status = error.status
    figures, wrong = _figures(request)
    known = frozenset(request.GET.getlist("known"))
    found = impostor.report(version.standard, queries.rules(org.id), figures, what_ifs=True, known=known)
    context = {
        "version": version,
        "standard": version.standard,
        "report": found,
        "panel": meter_panel(found),
        "plot": plot(found),
        "rows": [_row(row) for row in found.rows],
        "assumptions": _assumptions(found),
        "domains": _domains(version.standard, known),
        "suggestions": [
            {"key": s.key, "words": impostor.unbroken(spoken(impostor.effect(s, found)))}
            for s in found.suggestions[:SHOWN_SUGGESTIONS]
        ],
        "way": [spoken(s.words) for s in found.way] if len(found.way) > 1 else [],
        "way_end": _way_end(found),
        "limits": impostor.unbroken(spoken(impostor.limits_in_words(found.rules))),
        "within": _("Within %(n)s") % {"n": found.tries},
        "figures_changed": figures is not None,
        "problem": problem or wrong,
        "may_write": request.actor.has("designer") and not version.is_published,  # type: ignore[attr-defined]
        "may_rule": request.actor.has("designer"),  # type: ignore[attr-defined]
        "crumbs": [
            {"label": _("Standards"), "url": reverse("standards", args=[org.slug])},
            {"label": version.standard.title, "url": reverse("standard_history", args=[org.slug, slug])},
            {"label": _("Impostor meter")},
        ],
    }
    return render(request, "design/impostor.html", context, status=422 if wrong and status == 200 else status)


def _domains(standard: Standard, known: frozenset[str]) -> list[dict[str, Any]]:
    """The domains of the quizzes, each once, and whether the specialist masters it."""
    found: dict[str, bool] = {}
    for piece in standard.evidence:
        domains = domains_of(piece.quiz) if piece.form == "quiz" and piece.quiz else ()
        mastered = specialty(domains, known) if domains else ()
        found |= {domain.name: domain.name in mastered for domain in domains}
    return [{"name": name, "on": on} for name, on in found.items()]


def _take(request: HttpRequest, version: VersionView) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    actor.require(org.id, "designer")
    if version.is_published:
        raise Conflict(said("A published version never changes."), mend=said("Start a new version first."))
    revision = request.POST.get("revision", "")
    if not (revision.isascii() and revision.isdigit() and len(revision) < 10):
        raise Invalid(said("The page lost track of the draft."), mend=said("Load it again."))
    key = request.POST.get("take", "")
    content = impostor.taken(version.standard, key, queries.rules(org.id))
    if content is None:
        raise Conflict(
            said("This change does not help any more."), mend=said("Choose from what is shown now.")
        )
    actions.save_draft(
        by=actor, org_id=org.id, version_id=version.id, content=content, revision=int(revision)
    )
    messages.success(request, _("The change is in the draft. Say in the texts how it is done, too."))
    return see_other("standard_impostor", org.slug, version.slug)


def _figures(request: HttpRequest) -> tuple[WorkAssumptions | None, str]:
    """Other figures than ours, as ``?fluent_writer.artefact=30`` in per cent; what is wrong with them."""
    ours = WorkAssumptions()
    changed: dict[str, float] = {}
    for key in request.GET:
        text = str(request.GET[key])
        if key in ours.values and text.strip():
            try:
                value = float(text.replace(",", ".")) / 100
            except ValueError:
                return None, _("%(text)s is no number.") % {"text": repr(text[:20])}
            if not abs(value - ours[key]) < 1e-9:  # also what is not a number, which is refused below
                changed[key] = value
    try:
        return (ours.changed(changed) if changed else None), ""
    except ImpossibleModel as error:
        words = _("%(number)s is no probability. Give a number from 0 to 100.")
        return None, words % {"number": repr(changed[error.field])}


def _row(row: impostor.Row) -> dict[str, Any]:
    return {
        "name": spoken(row.name),
        "does": spoken(row.note or row.does),
        "counted": row.counted,
        "once": row.once,
        "retakes": row.retakes,
        "once_words": _percent(row.once.chance),
        "retakes_words": _percent(row.retakes.chance),
        "range": _("%(low)s to %(high)s") % {"low": _percent(row.once.low), "high": _percent(row.once.high)},
        "open": row.once.high - row.once.low > 1e-9,
        "method": spoken(of_cellar(row.once.in_words())),
        "method_later": spoken(of_cellar(row.retakes.in_words()))
        if row.retakes.method != row.once.method
        else "",
        "once_plain": spoken(Number(f"{row.once.chance:.3g}")),
        "retakes_plain": spoken(Number(f"{row.retakes.chance:.3g}")),
    }


def _percent(chance: float) -> str:
    return impostor.unbroken(spoken(impostor.percent(chance)))


def _assumptions(found: impostor.Report) -> dict[str, Any]:
    """Every assumption of the rows that count, once: what the standard says, and what we judge by impostor."""
    every = {
        a.key: a for row in found.rows if row.counted for e in (row.once, row.retakes) for a in e.assumptions
    }
    groups: dict[str, list[dict[str, str]]] = {_("All of them"): []}
    for one in every.values():
        if one.source == "judgement":
            worker = one.key.partition(".")[0]
            name = _(NAMES[worker]) if worker in NAMES else _("All of them")
            sentence = spoken(of_cellar(one.sentence))
            shown = {"key": one.key, "sentence": sentence, "percent": spoken(Number(f"{100 * one.value:g}"))}
            groups.setdefault(name, []).append(shown)
    stated = [impostor.unbroken(spoken(of_cellar(a.sentence))) for a in every.values() if a.source == "given"]
    return {"given": stated, "judged": {name: rows for name, rows in groups.items() if rows}}


def _way_end(found: impostor.Report) -> str:
    if not found.way:
        return ""
    last = found.way[-1]
    if found.tries == 1:
        return _("One way under the limit, down to %(once)s once:") % {"once": _percent(last.once)}
    words = _("One way under the limit, down to %(once)s once and %(retakes)s within all attempts:")
    return words % {"once": _percent(last.once), "retakes": _percent(last.retakes)}


class RulesForm(forms.Form):
    impostor_once = forms.FloatField(
        label=gettext_lazy("At the first attempt, at most per cent"),
        min_value=0,
        max_value=100,
        help_text=gettext_lazy(
            "A standard is not published when somebody without the skill passes more often than this."
        ),
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    impostor_with_retakes = forms.FloatField(
        label=gettext_lazy("Within all attempts, at most per cent"),
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("The first attempt and every further one that the standard allows, together."),
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    transition_days = forms.IntegerField(
        label=gettext_lazy("Days for work under the older version"),
        min_value=0,
        max_value=TRANSITION_DAYS,
        help_text=gettext_lazy(
            "For so many days after a new major version comes into force, learners who agreed to an older one may still "
            "hand in under it. Whoever publishes can choose another day. From 0 to 3650."
        ),
    )
    jargon = forms.CharField(
        label=gettext_lazy("Words that outsiders do not know"),
        required=False,
        max_length=20_000,
        help_text=gettext_lazy("One on each line, in any language: house words and abbreviations."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )


@studio_page("designer")
def standard_rules(request: HttpRequest) -> HttpResponse:
    """What this organisation asks of its own standards."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    form = RulesForm(
        request.POST if request.method == "POST" else None, initial=_initial(queries.rules(org.id))
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                actions.set_rules(
                    by=actor,
                    org_id=org.id,
                    impostor_once=given["impostor_once"] / 100,
                    impostor_with_retakes=given["impostor_with_retakes"] / 100,
                    jargon=given["jargon"].splitlines(),
                    transition_days=given["transition_days"],
                )
                messages.success(
                    request, _("The rules are saved. They bind drafts; what is published stays.")
                )
                return see_other("standard_rules", org.slug)
            except GuildmarkError as error:
                form_problem(form, error)
                status = error.status
    crumbs = [
        {"label": _("Standards"), "url": reverse("standards", args=[org.slug])},
        {"label": _("Rules")},
    ]
    return render(request, "design/rules.html", {"form": form, "crumbs": crumbs}, status=status)


def _initial(rules: Rules) -> dict[str, Any]:
    return {
        "impostor_once": f"{100 * rules.impostor_once:g}",
        "impostor_with_retakes": f"{100 * rules.impostor_with_retakes:g}",
        "transition_days": rules.transition_days,
        "jargon": "\n".join(rules.jargon),
    }
