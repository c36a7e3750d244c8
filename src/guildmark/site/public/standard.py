"""The bar: ``/s/{slug}`` and ``/s/{slug}/v/{number}`` as a page or as the exact published document."""

from __future__ import annotations

import json
from typing import Any

import rfc8785
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from guildmark.assess.evidence import queries as evidence
from guildmark.design import queries as design
from guildmark.design import translating
from guildmark.design.languages import OWN_NAMES, RIGHT_TO_LEFT
from guildmark.design.types import Standard, VersionView
from guildmark.kernel.clock import now
from guildmark.kernel.web import absolute
from guildmark.people import queries as people
from guildmark.site.negotiation import wants_document
from guildmark.site.public import blocks
from guildmark.site.public.changelog import changelog


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


def document_response(version: VersionView) -> HttpResponse:
    body = rfc8785.dumps(design.standard_document(version))
    response = HttpResponse(body, content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


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
    return {
        "org": people.organisation(version.org_id),
        "version": version,
        **words,
        "rubric": rubric_rows(words["standard"]),
        "versions": changelog(version.slug),
        "overdue": design.review_overdue(version, now()),
        "assessed": counts.assessed,
        "passed": counts.passed,
        "url": absolute(f"/s/{version.slug}/v/{version.number}"),
        "pretty": json.dumps(design.standard_document(version), ensure_ascii=False, indent=2),
        "blocks": blocks.of_standard(version.standard),
        "offer": blocks.offer_of(version, counts),
        "enrolment": evidence.open_enrolment(version.org_id, version.achievement_id),
    }


def rubric_rows(standard: Standard) -> list[dict[str, object]]:
    """One row per criterion; ``cells`` pair each descriptor with whether its level passes."""
    return [
        {
            "criterion": criterion,
            "cells": [
                {"text": text, "passes": rank >= standard.pass_level}
                for rank, text in enumerate(criterion.descriptors, start=1)
            ],
        }
        for criterion in standard.criteria
    ]
