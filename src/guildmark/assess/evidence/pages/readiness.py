"""Judging the samples before one begins: for everybody, without an account (M20).

What an anonymous reader answers is scored and shown, and forgotten. A learner's first answer is kept.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guildmark.assess.evidence import actions, queries
from guildmark.assess.evidence import readiness as scoring
from guildmark.assess.evidence.actions.readiness import ensure_answered
from guildmark.assess.evidence.pages.shared import bar_path
from guildmark.assess.evidence.types import EnrolmentView
from guildmark.design import queries as design
from guildmark.design.types import Criterion, Sample, Standard, VersionView
from guildmark.kernel import ratelimit
from guildmark.kernel.problems import GuildmarkError, NotFound
from guildmark.kernel.web import caller_of, person
from guildmark.kernel.words import said
from guildmark.people import queries as people

#: Comparisons that one address may ask for in a minute.
COMPARISONS_A_MINUTE = 20
Answers = dict[str, dict[str, int]]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The samples with the rubric beside them; after POST how close the reader came to the judges."""
    version = design.published_version(slug, number)
    if not scoring.offered(version.standard):
        raise NotFound(
            said("This standard has no samples to judge."),
            mend=said("They need official levels to compare with."),
        )
    if request.method != "POST":
        return _form(request, version, {})
    ratelimit.hit("readiness", caller_of(request), limit=COMPARISONS_A_MINUTE, per=60)
    answers = read_answers(request, version.standard)
    try:
        ensure_answered(version.standard, answers)
        kept = _keep(request, version, answers)
    except GuildmarkError as error:
        return _form(request, version, answers, error)
    agreement = scoring.compare(version.standard, answers)
    context = {
        **_context(version),
        "agreement": agreement,
        "results": [
            _result(version.standard, sample, agreement) for sample in scoring.offered(version.standard)
        ],
        "kept": kept,
        "link": queries.open_enrolment(version.org_id, version.achievement_id),
    }
    return render(request, "evidence/readiness_result.html", context)


def read_answers(request: HttpRequest, standard: Standard) -> Answers:
    """The levels that were chosen; whatever is no level of the scale is left out."""
    answers: Answers = {}
    for sample in scoring.offered(standard):
        for identity in scoring.asked(standard, sample):
            given = request.POST.get(f"{sample.id}.{identity}", "")
            if given.isascii() and given.isdigit() and 1 <= int(given[:3]) <= len(standard.scale):
                answers.setdefault(sample.id, {})[identity] = int(given[:3])
    return answers


def _keep(request: HttpRequest, version: VersionView, answers: Answers) -> str:
    """``kept``, ``earlier`` for a learner who has a result already, or empty for everybody else."""
    enrolment = _enrolment(request, version)
    if enrolment is None:
        return ""
    by = queries.learner_actor(person(request), enrolment.id)
    first = actions.record_readiness(
        by=by, org_id=version.org_id, enrolment_id=enrolment.id, version_id=version.id, answers=answers
    )
    return "kept" if first else "earlier"


def _enrolment(request: HttpRequest, version: VersionView) -> EnrolmentView | None:
    if not request.user.is_authenticated:
        return None
    mine = queries.enrolments_of_user(person(request))
    return next((one for one in mine if one.achievement_id == version.achievement_id), None)


def _context(version: VersionView) -> dict[str, Any]:
    return {
        "org": people.organisation(version.org_id),
        "version": version,
        "standard": version.standard,
        "bar_path": bar_path(version),
    }


def _form(
    request: HttpRequest, version: VersionView, answers: Answers, error: GuildmarkError | None = None
) -> HttpResponse:
    standard = version.standard
    missing = {problem.field: problem for problem in error.all_errors()} if error else {}
    samples: list[dict[str, Any]] = [
        {
            "sample": sample,
            "place": place,
            "rows": [
                _row(standard, sample, one, answers, missing)
                for one in standard.criteria
                if one.id in scoring.asked(standard, sample)
            ],
        }
        for place, sample in enumerate(_shuffled(version), start=1)
    ]
    context = {
        **_context(version),
        "samples": samples,
        "error": error,
        "missing": [
            {
                "field": row["name"],
                "words": said(
                    "Sample {n}: “{criterion}” is not rated.", n=one["place"], criterion=row["criterion"].name
                ),
            }
            for one in samples
            for row in one["rows"]
            if row["problem"]
        ],
        "learner": _enrolment(request, version) is not None,
    }
    return render(request, "evidence/readiness.html", context, status=error.status if error else 200)


def _shuffled(version: VersionView) -> list[Sample]:
    """The samples in an order that says nothing of them, and the same for everybody."""
    return sorted(
        scoring.offered(version.standard),
        key=lambda one: sha256(f"{version.core_hash} {one.id}".encode()).digest(),
    )


def _row(
    standard: Standard, sample: Sample, criterion: Criterion, answers: Answers, missing: dict[str, Any]
) -> dict[str, Any]:
    name = f"{sample.id}.{criterion.id}"
    texts = [*criterion.descriptors, *[""] * len(standard.scale)]
    return {
        "name": name,
        "criterion": criterion,
        "problem": missing.get(name),
        "levels": [
            {
                "number": number,
                "label": level.label,
                "text": texts[number - 1],
                "passes": number >= standard.pass_level,
                "chosen": answers.get(sample.id, {}).get(criterion.id) == number,
            }
            for number, level in enumerate(standard.scale, start=1)
        ],
    }


def _result(standard: Standard, sample: Sample, agreement: scoring.Agreement) -> dict[str, Any]:
    labels = [level.label for level in standard.scale]
    names = {one.id: one.name for one in standard.criteria}
    judged = [one for one in agreement.judged if one.sample_id == sample.id]
    part = scoring.Agreement(tuple(judged))
    return {
        "sample": sample,
        "agreement": part,
        "rows": [
            {
                "name": names[one.criterion_id],
                "given": f"{one.given} {labels[one.given - 1]}",
                "official": f"{one.official} {labels[one.official - 1]}",
                "words": one.words,
                "tone": ("good", "warn")[one.distance] if one.distance < 2 else "bad",
            }
            for one in judged
        ],
    }
