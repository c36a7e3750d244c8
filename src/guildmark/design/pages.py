"""Pages of the working side: the list, the start, the editor with its steps, the publish page, the
history.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guildmark.design import actions, claimstep, comparing, lowering, publishing, queries, versions
from guildmark.design.advisor import queries as advisor
from guildmark.design.advisor.recheck import from_record
from guildmark.design.classes import CLASSES
from guildmark.design.editor import StepEditor, anchor, apply_verb, find_step, ids_ever_used, panel, steps_of
from guildmark.design.forms import NewForm
from guildmark.design.splitting_pages import may_undo
from guildmark.design.structure_pages import panel_context
from guildmark.design.types import Standard, VersionView
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict, FieldProblem, GuildmarkError, Invalid, NotFound
from guildmark.kernel.speaking import spoken
from guildmark.kernel.web import form_problem, see_other, studio_page
from guildmark.kernel.words import said


def _preview_url(org_slug: str, slug: str) -> str:
    """The preview is composed by the site; an installation without it has no link."""
    try:
        return reverse("standard_preview", args=[org_slug, slug])
    except NoReverseMatch:
        return ""


@require_safe
@studio_page()
def standard_list(request: HttpRequest) -> HttpResponse:
    org = request.org  # type: ignore[attr-defined]
    shown = request.GET.get("archived") == "1"
    rows = queries.achievements(org.id, archived=shown)
    found = queries.versions_by_id(org.id, [row.published_id for row in rows if row.published_id])
    moment = now()
    overdue = {v.achievement_id for v in found.values() if queries.review_overdue(v, moment)}
    context = {
        "rows": [
            {
                "row": row,
                "class": spoken(CLASSES[row.signal].label),
                "overdue": row.id in overdue,
                "due": _due(row, found),
            }
            for row in rows
        ],
        "archived": shown,
        "class_requests": len(lowering.waiting(org.id)),
        "may_write": request.actor.has("designer"),  # type: ignore[attr-defined]
    }
    return render(request, "design/list.html", context)


def _due(row: Any, found: dict[Any, VersionView]) -> Any:
    published = found.get(row.published_id)
    return published.review_due if published else None


@studio_page("designer")
def standard_new(request: HttpRequest) -> HttpResponse:
    """What are you awarding? Three classes in words and two doors; no picture is asked for (PO1, PO2)."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        outline = given["outline"] if given["door"] == "existing" else ""
        try:
            version = actions.create_achievement(
                by=actor,
                org_id=org.id,
                title=given["title"],
                signal=given["signal"],
                from_existing=outline,
                language=get_language() or "en",
            )
            return see_other("standard_edit", org.slug, version.slug, "claim")
        except GuildmarkError as error:
            form_problem(form, error)
    chosen = form["signal"].value() or ""
    classes = [
        {"value": name, "title": spoken(one.question), "text": spoken(one.about), "on": name == chosen}
        for name, one in CLASSES.items()
    ]
    context = {"form": form, "classes": classes, "door": form["door"].value()}
    return render(request, "design/new.html", context, status=422 if form.errors else 200)


def _draft_or_none(request: HttpRequest, slug: str) -> VersionView | None:
    """The draft, or None when the achievement has only published versions; NotFound for everything else."""
    org = request.org  # type: ignore[attr-defined]
    if queries.achievement_by_slug(org.id, slug).draft_id is None:
        return None
    return queries.draft(org.id, slug)


def _no_draft(request: HttpRequest, slug: str) -> HttpResponse:
    messages.info(request, _("This standard has no open draft. Start a new version to change it."))
    return see_other("standard_history", request.org.slug, slug)  # type: ignore[attr-defined]


@studio_page("designer")
def standard_edit(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """One step of the editor. A POST saves what was typed and does what the pressed button says."""
    version = _draft_or_none(request, slug)
    if version is None:
        return _no_draft(request, slug)
    if step == "publish":
        return see_other("standard_publish", request.org.slug, slug)  # type: ignore[attr-defined]
    place = find_step(version.standard, step)
    if request.method != "POST":
        return _show(request, version, StepEditor(version, place))
    editor = StepEditor(version, place, request.POST)
    status = 422
    if editor.is_valid():
        try:
            _save(request, version, editor)
            return _after_save(request, version, step)
        except Conflict as error:
            editor.take(error)
            status = 409
        except GuildmarkError as error:
            editor.take(error)
    return _show(request, version, editor, status=status)


def _revision(request: HttpRequest) -> int:
    raw = request.POST.get("revision", "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise Invalid(
            said("The page lost track of the draft."), field="revision", mend=said("Load it again.")
        )
    return int(raw)


def _save(request: HttpRequest, version: VersionView, editor: StepEditor) -> VersionView:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    used = ids_ever_used(org.id, version)
    content = apply_verb(editor.content(used), version.standard, request.POST, used)
    taken = claimstep.take(content, request.POST["take"]) if request.POST.get("take") else None
    saved = actions.save_draft(
        by=actor, org_id=org.id, version_id=version.id, content=content, revision=_revision(request)
    )
    if taken:
        claimstep.keep(request.session, version.id, *taken)
    return saved


def _after_save(request: HttpRequest, version: VersionView, step: str) -> HttpResponse:
    org = request.org  # type: ignore[attr-defined]
    if "explainer" in request.POST:
        return see_other("standard_explainer", org.slug, version.slug)
    if "next" in request.POST:
        names = [s.name for s in steps_of(version.standard)] + ["publish"]
        step = names[names.index(step) + 1]
    elif request.POST.get("take"):
        messages.success(request, _("The new text is in place; the former one can be put back below it."))
    elif not request.POST.get("do") and not request.POST.get("move"):
        messages.success(request, _("The draft is saved."))
    mark = ""
    if request.POST.get("do") or request.POST.get("move"):
        pressed = request.POST.get("move") or request.POST.get("do", "").partition(":")[2]
        mark = "#" + pressed.partition(":")[0].partition(".")[0]
    elif request.POST.get("take"):
        mark = "#" + anchor(request.POST["take"].partition(" ")[0])
    return see_other(reverse("standard_edit", args=[org.slug, version.slug, step]) + mark)


def _show(
    request: HttpRequest, version: VersionView, editor: StepEditor, *, status: int = 200
) -> HttpResponse:
    org = request.org  # type: ignore[attr-defined]
    problems = editor.problems() if editor.form.is_bound else []
    context = {
        **_frame(request, version, editor.step.name),
        "editor": editor,
        "form": editor.form,
        "rows": editor.rows,
        "problems": problems,
        "step": editor.step,
        "step_template": f"design/steps/{_template(version, editor.step.name)}.html",
        "autosave_url": reverse("autosave", args=[org.slug, version.slug, editor.step.name]),
        "wording": _wording(request, version) if editor.step.name == "claim" else {},
        "outline": queries.outline(org.id, version.achievement_id) if editor.step.name == "claim" else [],
    }
    return render(request, "design/editor.html", context, status=status)


def _wording(request: HttpRequest, version: VersionView) -> dict[str, list[claimstep.Group]]:
    """What the claim linter says under the title, the claim and the competencies."""
    former = claimstep.former(request.session, version.id)
    found = claimstep.groups(version.standard, queries.rules(version.org_id), former)
    return {place.removeprefix("wording-"): found[place] for place in claimstep.PLACES}


def _template(version: VersionView, name: str) -> str:
    return f"completion_{name}" if version.standard.signal == "completion" and name != "image" else name


def _frame(request: HttpRequest, version: VersionView, current: str) -> dict[str, Any]:
    """What every page of the editor shows around its form."""
    org = request.org  # type: ignore[attr-defined]
    return {
        "version": version,
        "standard": version.standard,
        "class_name": spoken(CLASSES[version.standard.signal].label),
        "tools": _tools(version.standard),
        "panel": panel(org.slug, version, current),
        **panel_context(version, org.slug),
        "undo": may_undo(request, version),
        "preview_url": _preview_url(org.slug, version.slug),
        "crumbs": [
            {"label": _("Standards"), "url": reverse("standards", args=[org.slug])},
            {"label": version.standard.title},
        ],
    }


def _tools(standard: Standard) -> str:
    """On what it was shown: ``an e-mail tool 4.2, a browser``."""
    return ", ".join(f"{one.name} {one.version}" if one.version else one.name for one in standard.context)


@require_POST
@studio_page("designer")
def autosave(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """Saves a step in the background: the new revision and the panel, or a problem document."""
    try:
        saved = _save_quietly(request, slug, step)
    except GuildmarkError as error:
        _say_in_the_language_of_the_page(error)
        raise
    org = request.org  # type: ignore[attr-defined]
    context = {**_frame(request, saved, step), "org": org}
    names = ("gate", "stranger", "steps", "rule", "impostor", "structure")
    fragments = {name: render_to_string(f"design/_{name}.html", context, request) for name in names}
    wording = _wording(request, saved) if step == "claim" else {}
    for place, groups in wording.items():
        fragments[f"wording-{place}"] = render_to_string("design/_wording.html", {"groups": groups}, request)
    answer = {"revision": saved.revision, "saved_at": f"{now():%H:%M} UTC", "fragments": fragments}
    return JsonResponse(answer | {"fields": _taken(request, saved)})


def _save_quietly(request: HttpRequest, slug: str, step: str) -> VersionView:
    version = _draft_or_none(request, slug)
    if version is None:
        raise Conflict(
            said("This draft was published or discarded meanwhile."), mend=said("Load the page again.")
        )
    if "whole" in request.POST:
        editor = StepEditor(version, find_step(version.standard, step), request.POST)
        if not editor.is_valid():
            problems = [FieldProblem(p["anchor"].removeprefix("id_"), p["text"]) for p in editor.problems()]
            raise Invalid(f"{problems[0].detail} ({editor.problems()[0]['label']})", errors=problems)
        return _save(request, version, editor)
    return _move(request, version)


def _say_in_the_language_of_the_page(error: GuildmarkError) -> None:
    """The script beside the form shows the words of the answer as they come."""
    error.detail, error.mend = spoken(error.detail), spoken(error.mend)
    error.errors = [FieldProblem(one.field, spoken(one.detail), spoken(one.mend)) for one in error.errors]


def _taken(request: HttpRequest, saved: VersionView) -> dict[str, str]:
    """The field whose text was replaced, by its id, so that the script can show the new one."""
    path = request.POST.get("take", "").partition(" ")[0]
    if path in {"claim", "title"}:
        return {f"id_{path}": getattr(saved.standard, path)}
    rows = {
        f"competencies.{row.id}.statement": (place, row)
        for place, row in enumerate(saved.standard.competencies)
    }
    if path not in rows:
        return _filled(request, saved)
    return {f"row-competencies-{rows[path][1].id}": rows[path][1].statement}


def _filled(request: HttpRequest, saved: VersionView) -> dict[str, str]:
    """The periods that were left empty and got a value from how soon the area changes."""
    periods = {name: getattr(saved.standard, name) for name in ("validity_months", "review_months")}
    return {f"id_{name}": str(n) for name, n in periods.items() if n and request.POST.get(name) == ""}


def _move(request: HttpRequest, version: VersionView) -> VersionView:
    """The script moved one row and sent nothing else."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    content = apply_verb({}, version.standard, request.POST, {})
    return actions.save_draft(
        by=actor, org_id=org.id, version_id=version.id, content=content, revision=_revision(request)
    )


class SlugForm(forms.Form):
    slug = forms.CharField(
        label=gettext_lazy("Public address"),
        max_length=80,
        help_text=gettext_lazy(
            "The last part of the address. It is inside every signed credential, so it is "
            "frozen by publishing."
        ),
    )


@studio_page("designer")
def standard_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """The gate with every finding, the number that follows from the changes, and the one-way door."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    version = _draft_or_none(request, slug)
    if version is None:
        return _no_draft(request, slug)
    base, change = queries.change_of_draft(org.id, version.id)
    form = publishing.form_for(version, base, change)
    address = SlugForm(initial={"slug": version.slug})
    try:
        if request.method == "POST" and "slug" in request.POST:
            address = SlugForm(request.POST)
            if address.is_valid():
                changed = actions.change_slug(
                    by=actor,
                    org_id=org.id,
                    achievement_id=version.achievement_id,
                    slug=address.cleaned_data["slug"],
                )
                messages.success(request, _("The address is changed."))
                return see_other("standard_publish", org.slug, changed.slug)
        elif request.method == "POST":
            form = publishing.PublishForm(request.POST)
            if form.is_valid():
                return _publish(request, version, form)
    except GuildmarkError as error:
        form_problem(address if address.is_bound else form, publishing.renamed(error))
        status = error.status
    else:
        status = 422 if form.errors or address.errors else 200
    told = publishing.context(request, base, version, change)
    beside = advisor.beside(org.id, version.achievement_id, version.standard)
    return render(
        request,
        "design/publish.html",
        {
            **_frame(request, version, "publish"),
            **beside,
            "risk": advisor.risk(org.id, version.standard, beside.get("advice")),
            "form": form,
            "address": address,
            "base": base,
            "change": change,
            **told,
            "next_number": _next_number(base, told.get("forces", change.forces)),
            "next_major": _next_number(base, "major"),
        },
        status=status,
    )


def _publish(request: HttpRequest, version: VersionView, form: publishing.PublishForm) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    done = actions.publish(
        by=actor,
        org_id=org.id,
        version_id=version.id,
        update_note=form.cleaned_data["update_note"],
        revision=form.cleaned_data["revision"],
        at_least=form.at_least(),
        **form.dates(),
    )
    words = _("Version %(number)s is published. Its content never changes from now on.")
    messages.success(request, words % {"number": done.number})
    return see_other("standard_history", org.slug, done.slug)


def _next_number(base: VersionView | None, forces: Any) -> str:
    if base is None:
        return "1.0"
    if forces in {"none", "note"}:
        return base.number
    major, minor = (int(part) for part in base.number.split("."))
    return "{}.{}".format(*versions.next_number((major, minor), forces))


@require_safe
@studio_page()
def standard_history(request: HttpRequest, slug: str) -> HttpResponse:
    """A standard at rest: its versions with hash and check, what happened to it, and what can be done
    next.
    """
    org = request.org  # type: ignore[attr-defined]
    achievement = queries.achievement_by_slug(org.id, slug)
    found = queries.versions_of(org.id, achievement.id)
    published = [version for version in found if version.is_published]
    numbers = [version.number for version in published]
    advised = queries.recorded_advice(org.id, [version.id for version in published])
    rows = [
        {
            "version": version,
            "intact": queries.verify_hash(org.id, version.id),
            "before": numbers[place + 1] if place + 1 < len(numbers) else "",
            "overdue": queries.review_overdue(version, now()),
            "advice": from_record(advised[version.id]) if version.id in advised else (),
        }
        for place, version in enumerate(published)
    ]
    beside = advisor.beside(org.id, achievement.id, found[0].standard) if found else {}
    told = beside["advice"] if beside else advisor.begun_from(org.id, achievement.id)
    context = {
        **beside,
        "risk": advisor.risk(org.id, found[0].standard, beside.get("advice")) if found else None,
        "answered_in": told,
        "answered": advisor.answered(told, achievement.id) if told else (),
        "achievement": achievement,
        "class_name": CLASSES[achievement.signal].label,
        "standing": next((v for v in published if v.state == "published"), None),
        "draft": next((v for v in found if not v.is_published), None),
        "claim": found[0].standard.claim or found[0].standard.summary if found else "",
        "rows": rows,
        "entries": queries.history(org.id, achievement.id),
        "preview_url": _preview_url(org.slug, slug),
        "may_write": request.actor.has("designer"),  # type: ignore[attr-defined]
        "crumbs": [
            {"label": _("Standards"), "url": reverse("standards", args=[org.slug])},
            {"label": achievement.title},
        ],
    }
    return render(request, "design/history.html", context)


@require_safe
@studio_page()
def standard_diff(request: HttpRequest, slug: str, old: str, new: str) -> HttpResponse:
    """What changed from one version to another; ``draft`` names the open draft."""
    org = request.org  # type: ignore[attr-defined]
    achievement = queries.achievement_by_slug(org.id, slug)
    found = {version.number: version for version in queries.versions_of(org.id, achievement.id)}
    if old not in found or new not in found:
        raise NotFound(said("There is no such version of this standard."))
    context = {
        "achievement": achievement,
        **comparing.context(found[old], found[new]),
        "crumbs": [
            {"label": _("Standards"), "url": reverse("standards", args=[org.slug])},
            {"label": achievement.title, "url": reverse("standard_history", args=[org.slug, slug])},
            {"label": _beside(old, new)},
        ],
    }
    return render(request, "design/diff.html", context)


def _beside(old: str, new: str) -> str:
    if new == "draft":
        return _("%(a)s and draft") % {"a": old}
    return _("%(a)s and %(b)s") % {"a": old, "b": new}


@require_POST
@studio_page("designer")
def standard_start(request: HttpRequest, slug: str) -> HttpResponse:
    """Open the next version, or go to the draft that is open already."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    achievement = queries.achievement_by_slug(org.id, slug)
    version = actions.start_new_version(by=actor, org_id=org.id, achievement_id=achievement.id)
    return see_other("standard_edit", org.slug, version.slug, "claim")


@require_POST
@studio_page("designer")
def standard_duplicate(request: HttpRequest, slug: str) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    achievement = queries.achievement_by_slug(org.id, slug)
    version = actions.duplicate(by=actor, org_id=org.id, achievement_id=achievement.id)
    messages.success(
        request,
        _("This is the copy. It has an address of its own, which you can choose before publishing."),
    )
    return see_other("standard_edit", org.slug, version.slug, "claim")
