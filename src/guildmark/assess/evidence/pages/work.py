"""The learner's work: where it stands, the workspace, handing in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guildmark.assess.evidence import actions, bars, bridge_queries, policies, queries
from guildmark.assess.evidence.forms import FileForm, HandInForm, TextForm, UrlForm
from guildmark.assess.evidence.pages.joining import state_of
from guildmark.assess.evidence.pages.serving import serve
from guildmark.assess.evidence.pages.shared import bar_path, bridge_facts, item_row, posted, window_facts
from guildmark.assess.evidence.types import BridgeState, SubmissionDetail, SubmissionView
from guildmark.design.types import EvidenceRequirement, VersionView
from guildmark.kernel import media
from guildmark.kernel.actor import Actor
from guildmark.kernel.middleware import wants_json
from guildmark.kernel.problems import Conflict, GuildmarkError, Invalid, NotFound
from guildmark.kernel.web import form_problem, person, see_other, signed_in
from guildmark.kernel.words import said
from guildmark.people import queries as people


class Place:
    """An enrolment as its learner sees it: who acts, the bar that binds, and the attempts."""

    def __init__(self, request: HttpRequest, enrolment_id: UUID) -> None:
        self.actor: Actor = queries.learner_actor(person(request), enrolment_id)
        if self.actor.org_id is None:
            raise NotFound(policies.MISSING)
        self.org_id: UUID = self.actor.org_id
        self.enrolment = queries.enrolment(self.org_id, enrolment_id)
        self.version: VersionView = queries.bar(self.enrolment)
        self.bridge = queries.bridge_plan(self.enrolment, self.version)
        self.asked = (self.bridge.asked if self.bridge else self.version).standard
        self.window = window_facts(self.version, open_work=self.enrolment.state == "acknowledged")
        self.submissions = queries.submissions(self.org_id, enrolment_id=enrolment_id)
        self.latest: SubmissionView | None = self.submissions[0] if self.submissions else None

    @property
    def draft(self) -> SubmissionView:
        if self.latest is None or self.latest.state != "draft":
            raise Conflict(said("There is no open work here."), mend=said("Begin the work first."))
        return self.latest

    @property
    def id(self) -> UUID:
        return self.enrolment.id

    def item_url(self, item_id: UUID) -> str:
        return reverse("work_evidence", args=[self.id, item_id])

    def attempts_left(self) -> int:
        return policies.attempts_allowed(self.version.standard) - len(self.submissions)

    def context(self) -> dict[str, Any]:
        return {
            **self.window,
            "enrolment": self.enrolment,
            "issuer": people.organisation(self.org_id),
            "version": self.version,
            "standard": self.version.standard,
            "bar_path": bar_path(self.version),
            "state": state_of(self.enrolment, self.latest),
            "latest": self.latest,
            "attempts": policies.attempts_allowed(self.version.standard),
            "attempts_left": self.attempts_left(),
            **bridge_facts(self.bridge),
        }


@signed_in
def programme(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    """Where the work stands, and the feedback on what was returned or decided."""
    place = Place(request, enrolment_id)
    if place.enrolment.version_id is None and place.enrolment.state == "enrolled":
        return see_other("bar", enrolment_id)
    attempts = [_attempt(place, submission) for submission in place.submissions]
    newest = bars.present(place.org_id, place.enrolment.achievement_id)
    may_begin = (
        place.enrolment.state == "acknowledged"
        and not place.window["window_ended"]
        and place.attempts_left() > 0
        and (place.latest is None or place.latest.state in {"returned", "decided"})
    )
    context = {
        **place.context(),
        "history": attempts,
        "may_begin": may_begin,
        "newer": newest if newest and newest.core_hash != place.enrolment.core_hash else None,
        "offer": _offer(place),
    }
    return render(request, "evidence/programme.html", context)


def _offer(place: Place) -> BridgeState | None:
    """What somebody who passed may do about a newer bar."""
    decision_id = place.latest.decision_id if place.latest else None
    if place.enrolment.state != "passed" or decision_id is None:
        return None
    state = bridge_queries.state(place.org_id, decision_id)
    return state if state.current else None


def _attempt(place: Place, submission: SubmissionView) -> dict[str, Any]:
    detail = queries.submission_detail(place.org_id, submission.id)
    decision = queries.decision(place.org_id, submission.decision_id) if submission.decision_id else None
    standard = bars.version(place.org_id, submission.version_id).standard
    results = {result.criterion_id: result for result in decision.results} if decision else {}
    criteria = [
        {
            "criterion": criterion,
            "result": results.get(criterion.id),
            "words": submission.criterion_feedback.get(criterion.id, ""),
            "passes": criterion.id in results and results[criterion.id].level >= standard.pass_level,
        }
        for criterion in standard.criteria
        if criterion.id in results or criterion.id in submission.criterion_feedback
    ]
    return {
        "submission": submission,
        "decision": decision,
        "criteria": criteria,
        "levels": len(standard.scale),
        "items": [item_row(item, place.item_url) for item in detail.items],
    }


@signed_in
@require_POST
def begin(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    """Begin an attempt."""
    place = Place(request, enrolment_id)
    actions.start_submission(by=place.actor, org_id=place.org_id, enrolment_id=enrolment_id)
    return see_other("work", enrolment_id)


@signed_in
def workspace(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    """The pieces of evidence asked for, what is there, and what is missing."""
    place = Place(request, enrolment_id)
    if place.enrolment.version_id is None or (place.latest is None and place.window["window_ended"]):
        return see_other("bar", enrolment_id)
    if place.latest is None and place.enrolment.state == "acknowledged":
        actions.start_submission(by=place.actor, org_id=place.org_id, enrolment_id=enrolment_id)
        place = Place(request, enrolment_id)
    if place.latest is None or place.latest.state != "draft":
        return see_other("programme", enrolment_id)
    return _workspace(request, place)


def _workspace(
    request: HttpRequest, place: Place, *, typed: dict[tuple[str, str], Any] | None = None, status: int = 200
) -> HttpResponse:
    detail = queries.submission_detail(place.org_id, place.draft.id)
    rows = [_requirement(place, requirement, detail, typed or {}) for requirement in place.asked.evidence]
    context = {
        **place.context(),
        "rows": rows,
        "ready": all(row["done"] or not row["required"] for row in rows),
    }
    return render(request, "evidence/work.html", context, status=status)


def _requirement(
    place: Place,
    requirement: EvidenceRequirement,
    detail: SubmissionDetail,
    typed: dict[tuple[str, str], Any],
) -> dict[str, Any]:
    held = [item for item in detail.items if item.item.requirement_id == requirement.id]
    text = next((item.text for item in held if item.text), "")
    fresh = {
        "file": FileForm(auto_id=f"{requirement.id}_%s"),
        "url": UrlForm(auto_id=f"{requirement.id}_%s"),
        "text": TextForm(
            auto_id=f"{requirement.id}_%s", initial={"text": text}, min_words=requirement.min_words
        ),
    }
    kinds = policies.KINDS[requirement.kind]
    suffixes = [s for s, t in media.BY_SUFFIX.items() if not requirement.accept or _accepts(requirement, t)]
    fresh["file"].fields["file"].widget.attrs["accept"] = ",".join(suffixes)
    return {
        "requirement": requirement,
        "required": requirement.required,
        "done": bool(held),
        "items": [item_row(item, place.item_url) for item in held],
        "forms": {kind: typed.get((requirement.id, kind)) or fresh[kind] for kind in kinds},
        "room": requirement.kind == "text" or len(held) < requirement.max_items,
        "suffixes": ", ".join(suffixes),
        "limit": f"{actions.file_limit(requirement) // 1048576} MB",
        "limit_bytes": actions.file_limit(requirement),
    }


def _accepts(requirement: EvidenceRequirement, media_type: str) -> bool:
    return any(media_type in media.GROUPS.get(group, frozenset()) for group in requirement.accept)


@signed_in
@require_POST
def add(request: HttpRequest, enrolment_id: UUID, requirement_id: str, kind: str) -> HttpResponse:
    """Add a file, an address or a text; a refusal comes back with everything typed."""
    place = Place(request, enrolment_id)
    names: dict[str, Any] = {"auto_id": f"{requirement_id}_%s"}
    makers = {"file": FileForm, "url": UrlForm, "text": TextForm}
    if kind not in makers:
        raise NotFound(said("Evidence is a file, an address or a text."))
    form = makers[kind](request.POST, request.FILES, **names)
    if form.is_valid():
        try:
            _add(place, requirement_id, kind, form.cleaned_data)
        except GuildmarkError as error:
            # A refusal without a form on the page to stand at is a page of its own.
            if wants_json(request) or not _asks_for(place, requirement_id, kind):
                raise
            form_problem(form, error)
        else:
            to = reverse("work", args=[enrolment_id])
            if wants_json(request):
                return JsonResponse({"next": f"{to}#{requirement_id}"}, status=201)
            return see_other(f"{to}#{requirement_id}")
    if wants_json(request):
        raise Invalid(said("No file came with the form."), field="file", mend=said("Choose the file again."))
    return _workspace(request, place, typed={(requirement_id, kind): form}, status=422)


def _asks_for(place: Place, requirement_id: str, kind: str) -> bool:
    return any(
        requirement.id == requirement_id and kind in policies.KINDS[requirement.kind]
        for requirement in place.asked.evidence
    )


def _add(place: Place, requirement_id: str, kind: str, given: dict[str, Any]) -> None:
    where: dict[str, Any] = {
        "by": place.actor,
        "org_id": place.org_id,
        "submission_id": place.draft.id,
        "requirement_id": requirement_id,
    }
    if kind == "file":
        upload = given["file"]
        actions.add_file(**where, filename=upload.name, pieces=upload.chunks())
    elif kind == "url":
        actions.add_url(**where, url=given["url"])
    else:
        actions.add_text(**where, text=given["text"])


@signed_in
@require_POST
def upload_begin(request: HttpRequest, enrolment_id: UUID, requirement_id: str) -> HttpResponse:
    """Announce a large file: ``filename`` and ``size`` in bytes. Answers where its pieces go."""
    place = Place(request, enrolment_id)
    size = request.POST.get("size", "")
    if not size.isascii() or not size.isdigit() or len(size) > 15:
        raise Invalid(
            said("The size of the file is not a number of bytes."),
            field="size",
            mend=said("Choose the file again."),
        )
    view = actions.begin_upload(
        by=place.actor,
        org_id=place.org_id,
        submission_id=place.draft.id,
        requirement_id=requirement_id,
        filename=request.POST.get("filename", ""),
        size=int(size),
    )
    url = reverse("upload_piece", args=[enrolment_id, view.id])
    return JsonResponse(
        {"url": url, "offset": 0, "size": view.size, "piece": actions.MAX_PIECE_BYTES}, status=201
    )


@signed_in
def upload_piece(request: HttpRequest, enrolment_id: UUID, upload_id: UUID) -> HttpResponse:
    """GET: where the upload stands. PUT with ``Upload-Offset``: the next piece. POST: finish. DELETE: stop."""
    place = Place(request, enrolment_id)
    where: dict[str, Any] = {"by": place.actor, "org_id": place.org_id, "upload_id": upload_id}
    if request.method == "PUT":
        offset = request.headers.get("Upload-Offset", "")
        if not offset.isascii() or not offset.isdigit() or len(offset) > 15:
            raise Invalid(
                said("Upload-Offset is not a number of bytes."),
                field="Upload-Offset",
                mend=said("Ask with GET."),
            )
        view = actions.append_upload(**where, offset=int(offset), piece=request.body)
        return JsonResponse({"offset": view.offset, "size": view.size})
    if request.method == "POST":
        item = actions.finish_upload(**where)
        to = f"{reverse('work', args=[enrolment_id])}#{item.requirement_id}"
        return JsonResponse({"next": to, "sha256": item.sha256}, status=201)
    if request.method == "DELETE":
        actions.cancel_upload(**where)
        return HttpResponse(status=204)
    found = queries.upload(place.org_id, upload_id)
    if all(found.submission_id != submission.id for submission in place.submissions):
        raise NotFound(said("This upload has ended or was never begun."))
    return JsonResponse({"offset": found.offset, "size": found.size})


@signed_in
@require_POST
def remove(request: HttpRequest, enrolment_id: UUID, item_id: UUID) -> HttpResponse:
    """Take a piece out of the draft."""
    place = Place(request, enrolment_id)
    actions.remove_item(by=place.actor, org_id=place.org_id, item_id=item_id)
    messages.info(request, _("Removed."))
    return see_other("work", enrolment_id)


@signed_in
def evidence(request: HttpRequest, enrolment_id: UUID, item_id: UUID) -> HttpResponseBase:
    """The bytes of one's own evidence."""
    place = Place(request, enrolment_id)
    return serve(request, queries.readable_item(place.actor, place.org_id, item_id))


@signed_in
def hand_in(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    """Confirm: what is handed in, the statement, and what happens after it."""
    place = Place(request, enrolment_id)
    if place.latest is not None and place.latest.state != "draft":
        return see_other("programme", enrolment_id)
    statement = policies.authorship_statement(place.version.standard)
    form = HandInForm(posted(request), statement=statement)
    if request.method == "POST" and form.is_valid():
        try:
            actions.submit(
                by=place.actor,
                org_id=place.org_id,
                submission_id=place.draft.id,
                authorship_accepted=form.cleaned_data["authorship_accepted"],
            )
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            messages.success(request, _("Handed in. You hear from us by e-mail when it is decided."))
            return see_other("programme", enrolment_id)
    detail = queries.submission_detail(place.org_id, place.draft.id)
    context = {
        **place.context(),
        "form": form,
        "items": [item_row(item, place.item_url) for item in detail.items],
        "missing": actions.missing_evidence(place.asked, [item.item.requirement_id for item in detail.items]),
    }
    return render(request, "evidence/hand_in.html", context, status=422 if form.errors else 200)
