"""Pages made of several rooms: the front page, the overview of an organisation, its audit log, the API reference."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import SuspiciousOperation
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from django.views.defaults import server_error

from guildmark.assess.evidence import queries as evidence
from guildmark.config import load
from guildmark.design import queries as design
from guildmark.design import tool_queries
from guildmark.issue import queries as issue
from guildmark.kernel import audit
from guildmark.kernel.clock import now
from guildmark.kernel.middleware import problem_response, refused_request, wants_json
from guildmark.kernel.problems import Fault, Forbidden, NotFound
from guildmark.kernel.web import see_other, studio_page
from guildmark.kernel.words import said
from guildmark.notify import queries as notify
from guildmark.people import queries as people
from guildmark.site.acts import act_in_words, kind_in_words
from guildmark.site.api import PREFIX, api
from guildmark.site.context import address
from guildmark.site.styleguide import styleguide as styleguide_page


def front(request: HttpRequest) -> HttpResponse:
    """What this place is; the demo also shows who can be tried out."""
    if not people.is_set_up():
        return see_other("/setup")
    orgs = [org for org in people.organisations() if org.state == "active"]
    published = [
        (org, [a for a in design.achievements(org.id) if a.published_id and not a.archived]) for org in orgs
    ]
    context: dict[str, Any] = {"published": published}
    if load().demo:
        from guildmark.site.demo.personas import tour

        context["demo"] = tour()
    return render(request, "site/front.html", context)


@studio_page()
def studio_home(request: HttpRequest) -> HttpResponse:
    """What waits, for whom, and what is overdue; every line leads to where it is dealt with."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    achievements = design.achievements(org.id)
    queue = evidence.queue(org.id, actor) if actor.has("assessor", "registrar") else []
    overdue = [row for row in queue if row.overdue]
    waiting = issue.awards_waiting(org.id)
    lines = [
        line(
            "drafts",
            _("Drafts to finish"),
            sum(1 for a in achievements if a.draft_id),
            address("standards", org.slug),
        ),
        line("queue", _("Submissions waiting to be judged"), len(queue), address("assessing", org.slug)),
        line(
            "overdue", _("Of these, past their date"), len(overdue), address("assessing", org.slug), bad=True
        ),
        line(
            "waiting", _("Decided, not yet signed"), len(waiting), address("credentials", org.slug), bad=True
        ),
        line(
            "mail", _("E-mails that failed"), notify.failed_count(org.id), address("mail", org.slug), bad=True
        ),
        line(
            "reviews",
            _("Standards whose review is overdue"),
            len(reviews_due(org.id)),
            address("upkeep", org.slug),
            bad=True,
        ),
        line(
            "tools",
            _("Standards whose tools have changed"),
            len(tool_queries.open_changes(org.id)),
            address("upkeep", org.slug),
            bad=True,
        ),
    ]
    context = {
        "lines": lines,
        "achievements": achievements,
        "first_day": not achievements,
        "recent": [
            {"view": view, "verdict": issue.verdict(view)} for view in issue.credentials(org.id, limit=5).rows
        ],
        "loopback": not load().may_sign,
    }
    return render(request, "site/studio_home.html", context)


def line(name: str, label: str, count: int, url: str, *, bad: bool = False) -> dict[str, Any]:
    return {"name": name, "label": label, "count": count, "url": url, "tone": "warn" if bad and count else ""}


def reviews_due(org_id: Any) -> list[Any]:
    """Published versions whose promised review date has passed."""
    moment = now()
    return [v for v in design.published_achievements(org_id) if design.review_overdue(v, moment)]


@studio_page("owner", "auditor")
def audit_log(request: HttpRequest) -> HttpResponse:
    """The audit chain of the organisation, newest first, with the result of recomputing it."""
    org = request.org  # type: ignore[attr-defined]
    events = audit.history(org.id)
    people_by_id: dict[UUID | None, str] = {m.user_id: m.name or m.email for m in people.members(org.id)}
    page = Paginator(events[::-1], 50).get_page(request.GET.get("page"))
    rows = [
        {
            "event": e,
            "who": people_by_id.get(e.actor_id) or kind_in_words(e.actor_kind),
            "what": act_in_words(e.action),
        }
        for e in page
    ]
    return render(
        request, "site/audit.html", {"page": page, "rows": rows, "report": audit.verify_chain(org.id)}
    )


def api_reference(request: HttpRequest) -> HttpResponse:
    """The API, operation by operation, from its own schema; nothing is loaded from elsewhere."""
    schema = api.get_openapi_schema(path_prefix=PREFIX)
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in sorted(schema["paths"].items()):
        for method, operation in methods.items():
            entry = {"method": method.upper(), "path": path, "summary": operation.get("summary", "")}
            entry["description"] = operation.get("description", "")
            entry["fields"] = body_fields(schema, operation)
            groups.setdefault((operation.get("tags") or ["Other"])[0], []).append(entry)
    return render(request, "site/api.html", {"groups": groups, "schema_url": f"{PREFIX}openapi.json"})


def body_fields(schema: Any, operation: dict[str, Any]) -> list[dict[str, str]]:
    """Names, types and whether required, of the body of an operation: JSON, or a form with a file."""
    kinds: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    content: dict[str, Any] = next((kind.get("schema", {}) for kind in kinds.values()), {})
    name = content.get("$ref", "").rsplit("/", 1)[-1]
    model = schema["components"]["schemas"].get(name, content)
    required = set(model.get(_("required"), ()))
    return [
        {
            "name": field,
            "type": type_word(spec),
            _("required"): _("required") if field in required else _("optional"),
        }
        for field, spec in model.get("properties", {}).items()
    ]


def type_word(spec: dict[str, Any]) -> str:
    options = [type_word(option) for option in spec.get("anyOf", ()) if option.get("type") != "null"]
    return " / ".join(options) or str(spec.get("type") or spec.get("$ref", "object").rsplit("/", 1)[-1])


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state; only where development is switched on."""
    if not load().dev:
        raise NotFound(said("There is nothing at this address."))
    return styleguide_page(request)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The 404 of addresses that no page has."""
    return problem_response(
        request, NotFound(said("There is nothing at this address."), mend=said("Check the link."))
    )


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What Django refuses before any page sees it: too large, too many fields, a foreign host."""
    return problem_response(request, refused_request(exception or SuspiciousOperation()))


def fault(request: HttpRequest) -> HttpResponse:
    """An unexpected fault; the page is drawn without anything that could fail again."""
    if wants_json(request):
        return problem_response(request, Fault())
    return server_error(request)


def untied(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that is not tied to the session of the browser that sent it."""
    if wants_json(request):
        return problem_response(
            request,
            Forbidden(
                said("You are no longer signed in, or this page is older than your session."),
                mend=said("Copy what you want to keep, then load the page again."),
            ),
        )
    return csrf_failure(request, reason)
