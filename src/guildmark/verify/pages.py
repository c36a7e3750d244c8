"""``/verify``: check anyone's credential by file, text or address. Nothing that is given is stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guildmark.design.classes import CLASSES
from guildmark.kernel import ratelimit
from guildmark.kernel.problems import GuildmarkError, RateLimited, TooLarge
from guildmark.kernel.speaking import all_spoken, spoken
from guildmark.kernel.web import caller_of, form_problem
from guildmark.kernel.words import said
from guildmark.protocol.openbadges.facts import CredentialFacts
from guildmark.verify import actions, records
from guildmark.verify.details import said_of
from guildmark.verify.facts import (
    bar_before_badge,
    facts_of,
    four_answers,
    issuer_of,
    log_entry_url,
    long_date,
)
from guildmark.verify.forms import MEGABYTES, VerifyForm
from guildmark.verify.own import own_document
from guildmark.verify.safe_text import printable
from guildmark.verify.types import MAX_BYTES, Report, Verdict
from guildmark.verify.words import OUTCOME_WORDS, is_hosted, is_older, label_for, words_for

#: Checks that one address may ask for in a minute.
CHECKS_A_MINUTE = 30
#: Characters of the signed content that the page shows.
SHOWN = 300_000
#: Verdicts under which the content is what the issuer signed, so that its claim may head the page.
GENUINE = frozenset(
    {
        Verdict.VALID,
        Verdict.EXPIRED,
        Verdict.NOT_YET_VALID,
        Verdict.REVOKED,
        Verdict.SUSPENDED,
        Verdict.SUPERSEDED,
    }
)
TONES = {"passed": "good", "failed": "bad", "warning": "warn", "not_checked": "none"}
ICONS = {"passed": "check", "failed": "cross", "warning": "warning", "not_checked": "unchecked"}


# Checking changes nothing and reads no cookie, so a forged request can do no harm; without the token the
# size is known
# to be bearable before the body is read.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form; after POST the report, or the form again with what was typed."""
    if request.method != "POST":
        return form_page(request, VerifyForm(initial={"url": request.GET.get("url", "")[:2000]}))
    try:
        refuse_oversize(request)
        form = VerifyForm(request.POST, request.FILES)
    except (TooLarge, RequestDataTooBig):
        form = VerifyForm({})
        form.is_valid()
        form.errors.clear()
        form.add_error(
            "file",
            _("More than %(size)s MB were sent. Give the JSON instead of the image or PDF.")
            % {"size": MEGABYTES},
        )
        return form_page(request, form, status=413)
    if not form.is_valid():
        return form_page(request, form, status=422)
    try:
        ratelimit.hit("verify", caller_of(request), limit=CHECKS_A_MINUTE, per=60)
        report = examine(form)
    except GuildmarkError as problem:
        form_problem(form, problem)
        response = form_page(request, form, status=problem.status)
        if isinstance(problem, RateLimited):
            response["Retry-After"] = str(problem.retry_after)
        return response
    return render(request, "verify/result.html", result_context(report, form))


def refuse_oversize(request: HttpRequest) -> None:
    """TooLarge before anything of the body is read, by the length that the request announces."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if length.isdigit() and int(length) > MAX_BYTES + 1_000_000:
        raise TooLarge(said("More was sent than is looked at."))


def form_page(request: HttpRequest, form: VerifyForm, status: int = 200) -> HttpResponse:
    return render(request, "verify/form.html", {"form": form}, status=status)


def examine(form: VerifyForm) -> Report:
    cleaned = form.cleaned_data
    recipient = cleaned["recipient"] or None
    given = form.given()[0]
    if given == "url":
        return actions.verify_url(cleaned["url"], own=own_document, recipient=recipient)
    data = cleaned["file"].read() if given == "file" else cleaned["text"].encode("utf-8", "surrogatepass")
    return actions.verify_bytes(data, own=own_document, recipient=recipient)


def result_context(report: Report, form: VerifyForm) -> dict[str, Any]:
    """Everything that the result page shows, with foreign text made safe to show."""
    facts = facts_of(report.credential)
    record = records.is_record(report)
    genuine = report.verdict in GENUINE and (facts is not None or record)
    content = json.dumps(report.credential, ensure_ascii=False, indent=2) if report.credential else ""
    return {
        "report": report,
        "words": all_spoken(words_for(report)),
        "genuine": genuine,
        "hosted": is_hosted(report),
        "claim": printable(facts.claim if facts else records.name_of(report), 600) if genuine else "",
        "class": facts.signal.value if facts and facts.signal else "",
        "class_words": class_words(report),
        "answers": answers(report) if facts else [],
        "details": details(report),
        "contained": contained(report),
        "criteria": criteria(report) if genuine else [],
        "checks": [
            {
                "label": spoken(label_for(report, item.name)),
                "said": spoken(OUTCOME_WORDS[item.outcome.value][0]),
                "detail": printable(spoken(said_of(item.detail))),
                "tone": TONES[item.outcome.value],
                "icon": ICONS[item.outcome.value],
            }
            for item in report.checks
        ],
        "given": source_words(form),
        "content": printable(content, SHOWN, keep="\n"),
        "recipient": next(item for item in report.checks if item.name == "recipient"),
        "recipient_detail": spoken(said_of(next(i.detail for i in report.checks if i.name == "recipient"))),
        "asked": form.cleaned_data["recipient"],
        "again": content if content and len(content) < SHOWN else "",
        "replacement": printable(report.superseded_by) if report.superseded_by else "",
    }


def class_words(report: Report) -> str:
    """What kind of thing was checked, over its heading."""
    if records.is_record(report):
        return _("Learner record")
    if is_older(report):
        return _("Badge of an older standard (Open Badges 2.0 or 1.x)")
    return spoken(class_word(facts_of(report.credential)))


def class_word(facts: CredentialFacts | None) -> str:
    return CLASSES[facts.signal.value].label if facts and facts.signal else said("Credential")


def contained(report: Report) -> list[dict[str, str]]:
    """A line for each credential inside a learner record."""
    return [
        {
            "label": printable(spoken(line.title), 300),
            "said": spoken(line.said),
            "detail": printable(spoken(said_of(line.why))),
            "tone": line.tone,
            "icon": line.symbol,
        }
        for line in records.lines(report)
    ]


def source_words(form: VerifyForm) -> str:
    """What was checked, in the visitor's words: the name of the file, the address, or that it was pasted."""
    given = form.given()[0]
    if given == "file":
        return printable(form.cleaned_data["file"].name or _("a file"), 120)
    return printable(form.cleaned_data["url"], 200) if given == "url" else _("the text that was pasted")


def answers(report: Report) -> list[dict[str, str]]:
    """The four answers under the claim; the claim itself stands above them and is not said twice."""
    facts = facts_of(report.credential)
    if facts is None:
        return []
    return [
        {"term": spoken(term), "value": printable(facts.title if term == "What" else spoken(value), 300)}
        for term, value in four_answers(report, facts)
        if term != "Issuer"
    ]


def details(report: Report) -> list[dict[str, str]]:
    """The facts of the document in a list: what a reader compares with what the holder claims."""
    facts = facts_of(report.credential)
    if facts is None:
        return _listed(records.rows(report)) if records.is_record(report) else []
    rows = [
        (said("Title"), facts.title),
        (said("Issuer"), issuer_of(facts)),
        (said("Kind"), facts.achievement_type or ""),
        (said("Version of the standard"), facts.version or ""),
        (said("Valid from"), long_date(facts.valid_from)),
        (said("Valid until"), long_date(facts.valid_until) if facts.valid_until else said("no end is named")),
        (said("The bar"), facts.bar or ""),
        (said("Bar before badge"), bar_before_badge(facts)),
        (said("Its entry and proof"), log_entry_url(facts)),
        (said("Criteria"), facts.criteria_narrative or facts.criteria_url or ""),
        (said("Evidence"), "; ".join(item.name or item.id or _("unnamed") for item in facts.evidence)),
        (said("What this does not show"), "; ".join(facts.not_shown)),
        (said("Identifier"), facts.id or ""),
    ]
    return _listed(rows)


def _listed(rows: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {"term": spoken(term), "value": printable(spoken(value), 3000, keep="\n")}
        for term, value in rows
        if value
    ]


def criteria(report: Report) -> list[dict[str, Any]]:
    """The rubric with the level reached on each criterion."""
    facts = facts_of(report.credential)
    rows = []
    for criterion in facts.criteria if facts else ():
        reached = [number for number, level in enumerate(criterion.levels, 1) if level.achieved]
        rows.append(
            {
                "name": printable(criterion.name),
                "text": printable(criterion.description or "", 600),
                "must": criterion.must_pass,
                "value": reached[0] if reached else 0,
                "max": len(criterion.levels),
                "label": printable(criterion.achieved.name) if criterion.achieved else _("no result"),
            }
        )
    return rows
