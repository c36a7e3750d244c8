"""Pages of the advisor: the questions with a verdict beside them, the course, kept advice with its plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guildmark.design import queries as design
from guildmark.design.advisor import actions, cartridge, engine, exports, library, outline, queries
from guildmark.design.advisor.answers import Answers
from guildmark.design.advisor.examples import NAMES, example
from guildmark.design.advisor.forms import AdviseForm, CourseForm, field_of
from guildmark.design.advisor.notes import FIELDS, field_preset
from guildmark.design.advisor.outline import Outline
from guildmark.design.advisor.recheck import recheck, told_by
from guildmark.kernel.clock import now
from guildmark.kernel.problems import FieldProblem, GuildmarkError, NotFound, TooLarge
from guildmark.kernel.speaking import spoken
from guildmark.kernel.web import see_other, studio_page
from guildmark.kernel.words import said


def _crumbs(org_slug: str, *more: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": _("Standards"), "url": reverse("standards", args=[org_slug])}, *more]


@studio_page("designer")
def advise(request: HttpRequest) -> HttpResponse:
    """What are you awarding, and whose decision must it influence? Nothing is stored until it is kept."""
    org = request.org  # type: ignore[attr-defined]
    if request.method == "POST" and "begin" not in request.POST:
        form = AdviseForm(request.POST)
        valid = form.is_valid()
        if "keep" in request.POST and valid:
            try:
                return _keep(request, form)
            except GuildmarkError as error:
                _onto(form, error)
        answers = form.answers()
    else:
        form = AdviseForm(initial=_initial(request))
        answers = _shown(form)
    context = {
        "form": form,
        "advice": engine.advise(answers, today=now().date()),
        "recent": queries.recent(org.id, 6),
        "presets": FIELDS,
        "preset": field_preset(str(form["certification_field"].value() or "")),
        "examples": NAMES,
        "example": not form.is_bound and request.GET.get("example", "") in NAMES,
        "lessons": _lessons(form),
        "crumbs": _crumbs(org.slug, {"label": _("Advisor")}),
    }
    return render(request, "design/advisor/advise.html", context, status=422 if form.errors else 200)


def _initial(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: earlier advice, a field's preset, or a course that was just read."""
    org = request.org  # type: ignore[attr-defined]
    usual = {"plan_weekly_hours": 6}
    if "begin" in request.POST:
        course = ("outline", "title", "certification_competencies")
        return usual | {name: request.POST.get(name, "")[:20_000] for name in course}
    if slug := request.GET.get("standard", "")[:80]:
        achievement = design.achievement_by_slug(org.id, slug)
        standard = queries.standing(org.id, achievement.id)
        told = AdviseForm.initial_of(told_by(standard)) if standard else {}
        return {**told, "standard": achievement.slug}
    if shown := example(request.GET.get("example", ""), spoken):
        return usual | AdviseForm.initial_of(shown)
    try:
        earlier = UUID(request.GET.get("from", ""))
    except ValueError:
        return {**usual, **AdviseForm.from_preset(field_preset(request.GET.get("field", "")))}
    found = queries.advice(org.id, earlier)
    return {**AdviseForm.initial_of(found.answers), "outline": found.outline, "follows": found.id}


def _shown(form: AdviseForm) -> Answers:
    """The answers that an unbound form shows."""
    sent = {name: value for name, value in form.initial.items() if value not in (None, "")}
    return AdviseForm(sent).answers()


def _lessons(form: AdviseForm) -> int:
    """How many lessons the course behind the form has; 0 when there is none."""
    text = str(form["outline"].value() or "")
    try:
        return len(outline.read(text.encode()).lessons) if text.strip() else 0
    except GuildmarkError:
        return 0


def _keep(request: HttpRequest, form: AdviseForm) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    given = form.cleaned_data
    about = design.achievement_by_slug(org.id, given["standard"]).id if given["standard"] else None
    kept = actions.keep(by=actor, org_id=org.id, answers=form.answers(), course=given["outline"],
                        follows=given["follows"], achievement_id=about)  # fmt: skip
    return see_other("advice", org.slug, kept.id)


def _onto(form: Any, error: GuildmarkError) -> None:
    """The words of a refusal at the fields that it names."""
    for problem in error.all_errors() or [FieldProblem("", error.detail, error.mend)]:
        name = field_of(problem.field)
        text = " ".join(spoken(part) for part in (problem.detail, problem.mend) if part)
        form.add_error(name if name in form.fields else None, text)


@require_POST
@studio_page("designer")
def advise_verdict(request: HttpRequest) -> HttpResponse:
    """The verdict for what is typed so far, as a part of the page; nothing is stored."""
    advice = engine.advise(AdviseForm(request.POST).answers(), today=now().date())
    return render(request, "design/advisor/_verdict.html", {"advice": advice})


@studio_page("designer")
def advise_course(request: HttpRequest) -> HttpResponse:
    """A course that exists: its outline is read, and what it proposes is shown before anything is made of it."""
    org = request.org  # type: ignore[attr-defined]
    form = CourseForm(request.POST or None, request.FILES or None)
    found: Outline | None = None
    if request.method == "POST" and form.is_valid():
        try:
            found = _read(form)
        except GuildmarkError as error:
            _onto(form, error)
    context = {
        "form": form,
        "outline": found,
        "lesson_titles": {lesson.id: lesson.title for lesson in found.lessons} if found else {},
        "proposed": _proposed(found) if found else [],
        "too_long": found is not None and len(found.text) > actions.OUTLINE_LIMIT,
        "crumbs": _crumbs(
            org.slug,
            {"label": _("Advisor"), "url": reverse("advise", args=[org.slug])},
            {"label": _("A course")},
        ),
    }
    return render(request, "design/advisor/course.html", context, status=422 if form.errors else 200)


def _read(form: CourseForm) -> Outline:
    file: UploadedFile | None = form.cleaned_data["file"]
    if file is None:
        return outline.read(form.cleaned_data["text"].encode())
    if file.size and file.size > cartridge.MAX_BYTES:
        raise TooLarge(said("The file has {n} MB; the limit is {limit}.",
                            n=file.size // 1_000_000, limit=cartridge.MAX_BYTES // 1_000_000),
                       field="file", mend=said("Export the course without its media."))  # fmt: skip
    return outline.read(file.read(), file.name or "")


def _proposed(found: Outline) -> list[dict[str, Any]]:
    titles = {lesson.id: lesson.title for lesson in found.lessons}
    return [
        {"part": part, "lessons": [titles[one] for one in part.lessons if titles[one] != part.statement]}
        for part in found.competencies
    ]


@require_safe
@studio_page()
def advice(request: HttpRequest, advice_id: UUID) -> HttpResponse:
    """Kept advice: verdict, contributions, comparison, risk, the plan with its ticks, and what it looks like now."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    found = queries.advice(org.id, advice_id)
    standard = queries.standing(org.id, found.achievement_id) if found.achievement_id else None
    begun = {one.piece: one for one in found.started}
    context = {
        "found": found,
        "advice": found.result,
        "check": recheck(found.answers, standard) if standard else None,
        "tasks": [{"task": task, "done": found.done.get(task.key)} for task in found.result.plan.tasks]
        if found.result.plan
        else [],
        "hours_done": sum(t.hours for t in found.result.plan.tasks if t.key in found.done)
        if found.result.plan
        else 0,
        "pieces": [
            {"piece": piece, "place": place, "begun": begun.get(place), "later": piece.role == "package"}
            for place, piece in enumerate(found.result.pieces)
        ],
        "begun": begun.get(0),
        "about": design.achievement(org.id, found.achievement_id) if found.achievement_id else None,
        "answered": queries.answered(found),
        "org_notes": library.notes(org.id),
        "preset": field_preset(found.answers.certification.field),
        "may_write": actor.has("designer"),
        "crumbs": _crumbs(
            org.slug,
            {"label": _("Advisor"), "url": reverse("advise", args=[org.slug])},
            {"label": spoken(found.title)},
        ),
    }
    return render(request, "design/advisor/advice.html", context)


@require_safe
@studio_page()
def advice_plan(request: HttpRequest, advice_id: UUID, kind: str) -> HttpResponse:
    """The plan as a file: ics, csv or md."""
    org = request.org  # type: ignore[attr-defined]
    found = queries.advice(org.id, advice_id)
    if kind not in exports.TYPES or found.result.plan is None:
        raise NotFound(said("There is no such form of the plan."))
    text = exports.export(
        kind,
        found.result.plan,
        title=found.title,
        uid=str(found.id),
        stamped=found.created_at,
        done=set(found.done),
        speak=spoken,
    )
    response = HttpResponse(text.encode(), content_type=exports.TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="plan.{kind}"'
    return response


@require_POST
@studio_page("designer")
def advice_tick(request: HttpRequest, advice_id: UUID) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    task, done = request.POST.get("task", "")[:40], request.POST.get("done") == "1"
    actions.tick(by=actor, org_id=org.id, advice_id=advice_id, task=task, done=done)
    return see_other(reverse("advice", args=[org.slug, advice_id]) + "#plan")


@require_POST
@studio_page("designer")
def advice_start(request: HttpRequest, advice_id: UUID) -> HttpResponse:
    """Begin the draft of a standard from advice."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    raw = request.POST.get("piece", "0")
    piece = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 4 else -1
    version = actions.start_standard(by=actor, org_id=org.id, advice_id=advice_id, piece=piece, speak=spoken)
    if version.standard.signal == "certified":
        messages.info(
            request,
            _("The draft is a certification: you can write it now; publishing waits until its checks exist."),
        )
    else:
        messages.success(request, _("The draft has what you told the advisor. Everything can be changed."))
    return see_other("standard_edit", org.slug, version.slug, "claim")
