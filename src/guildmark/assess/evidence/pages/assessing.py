"""Judging: the queue, the split view for rating, returning and deciding."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guildmark.assess.evidence import actions, bars, policies, queries
from guildmark.assess.evidence.forms import DecideForm, RatingForm, ReturnForm
from guildmark.assess.evidence.pages.serving import serve
from guildmark.assess.evidence.pages.shared import bar_path, bridge_facts, item_row, posted
from guildmark.assess.evidence.states import JUDGED_SUBMISSIONS
from guildmark.assess.evidence.types import AssessmentView, SubmissionDetail
from guildmark.design.types import Standard
from guildmark.kernel.clock import now
from guildmark.kernel.middleware import wants_json
from guildmark.kernel.problems import Conflict, GuildmarkError, Invalid, NotFound
from guildmark.kernel.web import form_problem, see_other, studio_page
from guildmark.kernel.words import said
from guildmark.people import queries as people

READS = ("assessor", "registrar", "auditor")


class Desk:
    """One submission on an assessor's desk."""

    def __init__(self, request: HttpRequest, submission_id: UUID) -> None:
        self.org, self.actor = request.org, request.actor  # type: ignore[attr-defined]
        self.detail: SubmissionDetail = queries.submission_detail(self.org.id, submission_id)
        self.submission = self.detail.submission
        if self.submission.state == "draft":
            raise NotFound(said("There is no such submission."))
        self.version = bars.version(self.org.id, self.submission.version_id)
        self.bridge = queries.bridge_of(self.submission)
        self.standard: Standard = (self.bridge.asked if self.bridge else self.version).standard
        self.learner = people.learner(self.org.id, self.submission.learner_id)
        self.own_work = policies.is_own_work(self.actor.id, self.learner)

    @property
    def mine(self) -> AssessmentView | None:
        return next((one for one in self.detail.assessments if one.assessor_id == self.actor.id), None)

    @property
    def complete(self) -> list[AssessmentView]:
        return [one for one in self.detail.assessments if one.state == "complete"]

    def levels(self) -> list[dict[str, int]]:
        return [{key: r.level for key, r in one.ratings.items() if r.level} for one in self.complete]

    def item_url(self, item_id: UUID) -> str:
        return reverse("judge_evidence", args=[self.org.slug, self.submission.id, item_id])

    def evidence(self, *, previews: bool = True) -> list[dict[str, Any]]:
        """The requirements of the standard, each with what was handed in for it."""
        rows = [item_row(item, self.item_url, previews=previews) for item in self.detail.items]
        return [
            {"requirement": one, "items": [row for row in rows if row["requirement_id"] == one.id]}
            for one in self.standard.evidence
        ]

    def context(self) -> dict[str, Any]:
        open_work = self.submission.state in {"submitted", "in_rating", "discrepant"}
        attempts = policies.attempts_allowed(self.standard)
        judges = self.actor.has("assessor")
        return {
            "submission": self.submission,
            "version": self.version,
            "standard": self.standard,
            "bar_path": bar_path(self.version),
            "learner": self.learner,
            "mine": self.mine,
            "own_work": self.own_work,
            "may_judge": judges and open_work and not self.own_work,
            "may_decide": judges and open_work and not self.own_work and bool(self.complete),
            "may_return": judges and open_work and not self.own_work and self.submission.attempt < attempts,
            "attempts": attempts,
            "judges_done": len(self.complete),
            "rule": self.version.standard.rule_in_words(),
            **bridge_facts(self.bridge),
            "crumbs": [
                {"label": _("Assessing"), "url": reverse("assessing", args=[self.org.slug])},
                {"label": self.learner.name, "url": ""},
            ],
        }

    def side_by_side(self) -> list[dict[str, Any]]:
        """Per criterion the rating of every judge who is done."""
        differing = policies.differing(self.levels())
        return [
            {
                "criterion": criterion,
                "differ": criterion.id in differing,
                "ratings": [self._rating(one, criterion.id) for one in self.complete],
            }
            for criterion in self.standard.criteria
        ]

    def _rating(self, assessment: AssessmentView, criterion_id: str) -> dict[str, Any]:
        rating = assessment.ratings.get(criterion_id)
        level = rating.level if rating and rating.level else 0
        names = {detail.item.id: detail.item.title for detail in self.detail.items}
        return {
            "level": level,
            "label": self.standard.scale[level - 1].label if level else "",
            "passes": level >= self.standard.pass_level,
            "rationale": rating.rationale if rating else "",
            "pointer": names.get(rating.pointer_item, "") if rating and rating.pointer_item else "",
            "locator": rating.pointer_locator if rating else "",
        }

    def completed_as(self, form: RatingForm) -> bool:
        """True when just this assessment is complete already: the second of two clicks."""
        now_stored = queries.submission_detail(self.org.id, self.submission.id).assessments
        mine = next((one for one in now_stored if one.assessor_id == self.actor.id), None)
        return (
            mine is not None
            and mine.state == "complete"
            and all(mine.ratings.get(one.criterion_id) == one for one in form.ratings())
        )

    def decided_as(self, outcome: str, feedback: str) -> bool:
        """True when just this was decided by the same person already: the second of two clicks."""
        known = queries.submission(self.org.id, self.submission.id).decision_id
        if known is None:
            return False
        stored = queries.decision(self.org.id, known)
        return (stored.decided_by, stored.outcome, stored.feedback) == (
            self.actor.id,
            outcome,
            feedback.strip(),
        )

    def judges(self) -> list[dict[str, Any]]:
        return [
            {"name": people.member_label(self.org.id, one.assessor_id), "taught": one.taught_learner}
            for one in self.complete
        ]


@studio_page(*READS)
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, what is due, and what was decided lately."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    rows = queries.queue(org.id, actor)
    shown = request.GET.get("show", "")
    picked = {"mine": [r for r in rows if r.mine], "overdue": [r for r in rows if r.overdue]}.get(shown, rows)
    context = {
        "rows": picked,
        "all": len(rows),
        "mine": sum(row.mine for row in rows),
        "overdue": sum(row.overdue for row in rows),
        "shown": shown,
        "recent": queries.recently_judged(org.id, actor),
        "now": now(),
    }
    return render(request, "evidence/queue.html", context)


@studio_page(*READS)
def submission(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """One submission: its evidence, who has judged it, and what can be done next."""
    desk = Desk(request, submission_id)
    decision = (
        queries.decision(desk.org.id, desk.submission.decision_id) if desk.submission.decision_id else None
    )
    names = {criterion.id: criterion for criterion in desk.version.standard.criteria}
    results = (
        [{"criterion": names[r.criterion_id], "result": r} for r in decision.results] if decision else []
    )
    context = {
        **desk.context(),
        "evidence": desk.evidence(),
        "decision": decision,
        "decided_by": people.member_label(desk.org.id, decision.decided_by) if decision else "",
        "results": results,
        "table": desk.side_by_side(),
        "judges": desk.judges(),
        "levels": len(desk.standard.scale),
    }
    return render(request, "evidence/submission.html", context)


@studio_page("assessor")
@require_POST
def take(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Take a submission to rate it."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    actions.take_for_rating(
        by=actor,
        org_id=org.id,
        submission_id=submission_id,
        taught_learner=request.POST.get("taught_learner") == "on",
    )
    return see_other("judge_rate", org.slug, submission_id)


@studio_page("assessor")
def rate(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Evidence on one side, the rubric on the other; saves by itself, completes on demand."""
    desk = Desk(request, submission_id)
    mine = desk.mine
    open_still = mine is not None and mine.state == "draft" and desk.submission.state in JUDGED_SUBMISSIONS
    # What somebody was typing while the work was decided comes back to them with the reason.
    if mine is None or (request.method != "POST" and not open_still):
        return see_other("judge", desk.org.slug, submission_id)
    form = RatingForm(
        posted(request),
        standard=desk.standard,
        items=desk.detail.items,
        initial=RatingForm.initial_from(mine),
        label_suffix="",
    )
    if request.method == "POST":
        answer = _save_rating(request, desk, mine, form)
        if answer is not None:
            return answer
    context = {**desk.context(), "evidence": desk.evidence(), "form": form}
    return render(request, "evidence/rate.html", context, status=422 if form.errors else 200)


def _save_rating(
    request: HttpRequest, desk: Desk, mine: AssessmentView, form: RatingForm
) -> HttpResponse | None:
    if not form.is_valid():
        if wants_json(request):
            words = [str(error) for errors in form.errors.values() for error in errors]
            raise Invalid(" ".join(words), mend=said("Mend what is named."))
        return None
    where: dict[str, Any] = {"by": desk.actor, "org_id": desk.org.id, "assessment_id": mine.id}
    try:
        saved = actions.save_rating(
            **where,
            revision=form.cleaned_data["revision"],
            ratings=form.ratings(),
            taught_learner=form.cleaned_data["taught_learner"],
        )
        if wants_json(request):
            at = localtime(now()).strftime("%H:%M")
            return JsonResponse({"revision": saved.revision, "saved_at": at})
        # What was saved counts even when it is not complete yet: the page goes on from its revision.
        form.data = {**request.POST.dict(), "revision": str(saved.revision)}
        if "complete" not in request.POST:
            messages.success(request, _("Saved."))
            return see_other("judge_rate", desk.org.slug, desk.submission.id)
        actions.complete_assessment(**where, revision=saved.revision)
    except GuildmarkError as error:
        if wants_json(request):
            raise
        if not desk.completed_as(form):
            form_problem(form, error)
            return None
    messages.success(request, _("Your assessment is complete."))
    return see_other("judge", desk.org.slug, desk.submission.id)


@studio_page("assessor")
def give_back(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Return work with words per criterion."""
    desk = Desk(request, submission_id)
    form = ReturnForm(posted(request), standard=desk.standard)
    if request.method == "POST" and form.is_valid():
        try:
            actions.return_with_feedback(
                by=desk.actor,
                org_id=desk.org.id,
                submission_id=submission_id,
                feedback=form.cleaned_data["feedback"],
                criterion_feedback=form.words(),
            )
        except GuildmarkError as error:
            form_problem(form, error)
        else:
            messages.success(request, _("Returned to %(name)s.") % {"name": desk.learner.name})
            return see_other("assessing", desk.org.slug)
    context = {**desk.context(), "form": form}
    return render(request, "evidence/return.html", context, status=422 if form.errors else 200)


@studio_page("assessor")
def decide(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Every judge's levels side by side, what has to be settled, and the outcome that the rule gives."""
    desk = Desk(request, submission_id)
    if desk.submission.state == "decided" and request.method != "POST":
        return see_other("judge", desk.org.slug, submission_id)
    if not desk.complete:
        raise Conflict(
            said("Nobody has completed an assessment of this work."), mend=said("Rate every criterion first.")
        )
    differing = policies.differing(desk.levels())
    agreed = {key: level for key, level in desk.levels()[0].items() if key not in differing}
    agreed |= {one.criterion_id: one.level for one in desk.bridge.carried} if desk.bridge else {}
    by_rule = "passed" if not differing and desk.version.standard.passes(agreed) else "not_passed"
    form = DecideForm(
        posted(request),
        standard=desk.standard,
        differing=differing,
        initial={} if differing else {"outcome": by_rule},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            decision = actions.decide(
                by=desk.actor,
                org_id=desk.org.id,
                submission_id=submission_id,
                outcome=given["outcome"],
                feedback=given["feedback"],
                taught_learner=given["taught_learner"],
                levels=form.levels(),
                reasons=form.reasons(),
            )
        except GuildmarkError as error:
            if desk.decided_as(given["outcome"], given["feedback"]):
                return see_other("judge", desk.org.slug, submission_id)
            form_problem(form, error)
        else:
            words = (
                _("Decided: passed. %(name)s is told by e-mail.")
                if decision.outcome == "passed"
                else _("Decided: not passed. %(name)s is told by e-mail.")
            )
            messages.success(request, words % {"name": desk.learner.name})
            return see_other("judge", desk.org.slug, submission_id)
    context = {
        **desk.context(),
        "form": form,
        "table": desk.side_by_side(),
        "judges": desk.judges(),
        "differing": differing,
        "by_rule": "" if differing else by_rule,
        "alone": any(one.assessor_id == desk.actor.id for one in desk.complete),
    }
    return render(request, "evidence/decide.html", context, status=422 if form.errors else 200)


@studio_page(*READS)
def evidence(request: HttpRequest, submission_id: UUID, item_id: UUID) -> HttpResponseBase:
    """The bytes of a piece of evidence, for those who judge or audit."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    return serve(request, queries.readable_item(actor, org.id, item_id))
