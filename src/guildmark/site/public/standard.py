"""The bar: ``/s/{slug}`` and ``/s/{slug}/v/{number}`` as a page or as the exact published document.

Beside it the rubric for other programs, and the captions of the explainer from our own address.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import rfc8785
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from guildmark.assess.evidence import queries as evidence
from guildmark.assess.evidence import readiness
from guildmark.design import captions as webvtt
from guildmark.design import doing, explainers, not_shown, rubric, tool_queries, translating
from guildmark.design import queries as design
from guildmark.design.languages import OWN_NAMES, RIGHT_TO_LEFT
from guildmark.design.serving import serve
from guildmark.design.stacks import queries as stacks
from guildmark.design.tools import ToolChange
from guildmark.design.types import Sample, Standard, VersionView
from guildmark.kernel import standards_log
from guildmark.kernel.clock import now
from guildmark.kernel.problems import NotFound
from guildmark.kernel.rates import Rate
from guildmark.kernel.web import absolute
from guildmark.kernel.words import said
from guildmark.people import queries as people
from guildmark.site.negotiation import wants_document
from guildmark.site.public import blocks, layers
from guildmark.site.public.changelog import changelog
from guildmark.skills import queries as skills

CHECKS = {
    "statement": _("a signed statement"),
    "version_history": _("the history of the work is looked at"),
    "walkthrough": _("a walkthrough of the work"),
    "defence": _("a question about their own work"),
    "supervised": _("the work is done under supervision"),
}


def standard(request: HttpRequest, slug: str, number: str = "") -> HttpResponse:
    """The newest published version, or the one named."""
    version = design.published_version(slug, number) if number else design.latest_published(slug)
    if wants_document(request):
        response = document_response(version)
    else:
        response = render(request, "site/standard.html", context(version, request.GET.get("lang", "")))
    patch_vary_headers(response, ["Accept"])
    return response


def standard_document(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The exact bytes whose digest credentials carry (``relatedResource``)."""
    return document_response(design.published_version(slug, number))


def public_document(version: VersionView, changes: Iterable[ToolChange]) -> dict[str, Any]:
    """The published document with what is known now of its tools; the hash covers the core alone."""
    told = [change.as_json() for change in changes]
    return {**stacks.public_document(version), "toolChanges": told}


def document_response(version: VersionView) -> HttpResponse:
    body = rfc8785.dumps(public_document(version, tool_queries.of_version(version, now())[0]))
    response = HttpResponse(body, content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def rubric_json(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    version = _judged(slug, number)
    return _file(
        JsonResponse(rubric.document(version), json_dumps_params={"ensure_ascii": False, "indent": 1})
    )


@require_safe
def rubric_csv(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    version = _judged(slug, number)
    response = _file(
        HttpResponse(rubric.table(version), content_type="text/csv; charset=utf-8; header=present")
    )
    response["Content-Disposition"] = f'attachment; filename="{slug}-{number}-rubric.csv"'
    return response


def _judged(slug: str, number: str) -> VersionView:
    version = design.published_version(slug, number)
    if not version.standard.criteria:
        raise NotFound(said("This standard has no rubric: nobody judges work by it."))
    return version


def _file(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def captions(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The captions of the explainer (WebVTT), for the track of a player."""
    given = design.published_version(slug, number).standard.explainer
    if given is None or not webvtt.is_webvtt(given.captions):
        raise NotFound(said("This standard has no captions."))
    return _file(HttpResponse(given.captions, content_type="text/vtt; charset=utf-8"))


@require_safe
def explainer(request: HttpRequest, slug: str, number: str) -> HttpResponseBase:
    """The explainer video of a published version, from our own address."""
    found = explainers.stored_video(design.published_version(slug, number))
    if found is None:
        raise NotFound(said("This standard has no video here."))
    return serve(request, found, public=True)


@dataclass(frozen=True)
class ExplainerView:
    """The video as the page shows it: played here only when it is served here, else a link to its host.

    ``stored`` is the address of a video that was uploaded; it goes before ``url``, which may then be linked beside it.
    """

    url: str
    title: str
    minutes: float
    host: str
    own: bool
    captions: bool
    transcript: str
    stored: str = ""
    media_type: str = ""


def explainer_of(version: VersionView, standard: Standard) -> ExplainerView | None:
    """The explainer of a version in the words of ``standard``, which may be a translation of it."""
    given = standard.explainer
    found = explainers.stored_video(version)
    if given is None or not (found or given.url or given.transcript or given.captions):
        return None
    return ExplainerView(
        url=given.url,
        title=given.title or "Explainer",
        minutes=given.minutes,
        host=urlsplit(given.url).hostname or "",
        own=given.url.startswith(absolute("/")),
        captions=webvtt.is_webvtt(given.captions),
        transcript=given.transcript or webvtt.words(given.captions),
        stored=f"/s/{version.slug}/v/{version.number}/explainer" if found else "",
        media_type=found.video.media_type if found else "",
    )


@dataclass(frozen=True)
class SampleView:
    """A sample with what the judges made of it. ``rateable`` samples can be judged by the reader first."""

    sample: Sample
    official: tuple[dict[str, Any], ...]
    rateable: bool


def samples_of(standard: Standard) -> list[SampleView]:
    offered = {sample.id for sample in readiness.offered(standard)}
    return [SampleView(one, official_levels(standard, one), one.id in offered) for one in standard.samples]


def official_levels(standard: Standard, sample: Sample) -> tuple[dict[str, Any], ...]:
    """The level that the judges gave on each criterion, with its word."""
    return tuple(
        {
            "name": one.name,
            "must": one.must_pass,
            "level": sample.levels[one.id],
            "label": standard.scale[sample.levels[one.id] - 1].label,
            "passes": sample.levels[one.id] >= standard.pass_level,
        }
        for one in standard.criteria
        if 1 <= sample.levels.get(one.id, 0) <= len(standard.scale)
    )


def standard_translation(request: HttpRequest, slug: str, number: str, language: str) -> HttpResponse:
    """A translation as JSON: every text with its state, and the hash of the revision."""
    response = JsonResponse(
        translating.translation_document(design.published_version(slug, number), language)
    )
    response["Access-Control-Allow-Origin"] = "*"
    return response


def spoken(version: VersionView, language: str) -> dict[str, Any]:
    """The standard in a language that was asked for, where there is one, and the languages there are to choose from."""
    shown, translation = translating.in_language(version, language)
    others = [one for one in translating.translations(version) if one.current]
    return {
        "standard": shown.standard,
        "translation": translation,
        "spoken": translation.language if translation else version.standard.language,
        "languages": [
            {"code": code, "name": OWN_NAMES.get(code, code), "complete": complete}
            for code, complete in [
                (version.standard.language, True),
                *((one.language, one.complete) for one in others),
            ]
        ]
        if others
        else [],
        "direction": "rtl" if translation and translation.language in RIGHT_TO_LEFT else "ltr",
        "source_language": OWN_NAMES.get(version.standard.language, version.standard.language),
    }


def context(version: VersionView, language: str = "") -> dict[str, object]:
    """What the bar page shows: the standard, its history, and counts that have records behind them."""
    counts = evidence.decided_counts(version.org_id, version.id)
    words = spoken(version, language)
    standard: Standard = words["standard"]
    samples = samples_of(standard)
    changes, records = tool_queries.beside(version, now())
    return {
        "org": people.organisation(version.org_id),
        "version": version,
        **words,
        "rubric": rubric_rows(standard),
        "duties": doing.duties(standard),
        "checks": [CHECKS[check] for check in standard.conditions.authorship_checks],
        "attempts": 1 + max(0, standard.conditions.resubmissions),
        "explainer": explainer_of(version, standard),
        "samples": samples,
        "may_rate": any(one.rateable for one in samples),
        "not_shown": not_shown.lines(not_shown.scope_of(standard)),
        "neighbours": skills.neighbours(version.org_id, [link.url for link in standard.alignments]),
        "versions": changelog(version.slug),
        "overdue": design.review_overdue(version, now()),
        "tool_changes": changes,
        "tool_records": records,
        "rate": Rate(counts.passed, counts.assessed),
        "log_entry": standards_log.entry_of(version.slug, version.number),
        "url": absolute(f"/s/{version.slug}/v/{version.number}"),
        "path": f"/s/{version.slug}/v/{version.number}",
        "pretty": json.dumps(public_document(version, changes), ensure_ascii=False, indent=2),
        "offer": blocks.offer_of(version, counts),
        "blocks": blocks.of_record(standard) if standard.signal == "completion" else [],
        "enrolment": evidence.open_enrolment(version.org_id, version.achievement_id),
        **layers.context(version.org_id, version.achievement_id, version.id),
    }


def rubric_rows(standard: Standard) -> list[dict[str, object]]:
    """One row per criterion; ``cells`` pair each descriptor with its level and whether that passes."""
    labels = [level.label for level in standard.scale]
    return [
        {
            "criterion": criterion,
            "cells": [
                {"text": text, "passes": rank >= standard.pass_level, "label": f"{rank} {label}"}
                for rank, (text, label) in enumerate(
                    zip(criterion.descriptors, labels, strict=False), start=1
                )
            ],
        }
        for criterion in standard.criteria
    ]
