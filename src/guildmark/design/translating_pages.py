"""Pages of translations: which languages there are and how far they got, and one language beside its source."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildmark.design import limits, queries, translating
from guildmark.design.drafts import plain_path
from guildmark.design.languages import NAMES, RIGHT_TO_LEFT, TextRow, TranslationView
from guildmark.design.types import VersionView
from guildmark.kernel.problems import GuildmarkError, Invalid
from guildmark.kernel.speaking import spoken
from guildmark.kernel.web import see_other, studio_page, told
from guildmark.kernel.words import said, said_in

STATE_WORDS = {
    "current": said("Translated"),
    "outdated": said("Source has changed"),
    "missing": said("Not translated"),
}
PARTS: dict[str, str] = {
    "title": said("Title"),
    "claim": said_in("part of a standard", "Claim"),
    "summary": said("Summary"),
    "audience": said("Audience"),
    "badge_note": said("Badge"),
    "not_shown": said("Not shown"),
    "decision": said_in("part of a standard", "Decision"),
    "competencies": said("Competency"),
    "evidence": said("Evidence"),
    "conditions": said("Conditions"),
    "scale": said("Scale"),
    "criteria": said("Criterion"),
    "alignments": said("Alignment"),
    "explainer": said("Explainer"),
    "samples": said("Sample"),
    "lessons": said("Lesson"),
    "cost": said("Price"),
    "offer": said("Offer"),
}


class BeginForm(forms.Form):
    language = forms.ChoiceField(label=gettext_lazy("Language"))

    def __init__(self, *args: Any, taken: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, spoken(name)) for code, name in NAMES.items() if code not in taken]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]


def _version(request: HttpRequest, slug: str) -> VersionView:
    """The draft, else the newest version: what is translated now."""
    org = request.org  # type: ignore[attr-defined]
    achievement = queries.achievement_by_slug(org.id, slug)
    return queries.versions_of(org.id, achievement.id)[0]


def _frame(request: HttpRequest, version: VersionView) -> dict[str, Any]:
    org = request.org  # type: ignore[attr-defined]
    return {
        "version": version,
        "standard": version.standard,
        "source_name": spoken(NAMES.get(version.standard.language, version.standard.language)),
        "may_write": request.actor.has("designer"),  # type: ignore[attr-defined]
        "crumbs": [
            {"label": _("Standards"), "url": reverse("standards", args=[org.slug])},
            {
                "label": version.standard.title,
                "url": reverse("standard_history", args=[org.slug, version.slug]),
            },
        ],
    }


@studio_page()
def translation_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The languages of a standard, each with how much of it is translated."""
    version = _version(request, slug)
    found = translating.translations(version)
    taken = {version.standard.language, *(one.language for one in found)}
    form = BeginForm(request.POST or None, taken=taken)
    if request.method == "POST" and form.is_valid():
        request.actor.require(request.org.id, "designer")  # type: ignore[attr-defined]
        return see_other("translation", request.org.slug, slug, form.cleaned_data["language"])  # type: ignore[attr-defined]
    rows = [
        {"view": one, "name": spoken(NAMES.get(one.language, one.language)), "total": len(one.rows)}
        for one in found
    ]
    context = {**_frame(request, version), "rows": rows, "form": form}
    return render(request, "design/translations.html", context, status=422 if form.errors else 200)


@studio_page()
def translation(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Source and translation side by side; saving keeps what is there, complete or not."""
    version = _version(request, slug)
    view = translating.translation(version, language)
    problems: list[dict[str, str]] = []
    typed: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        typed = {
            row.path: request.POST[f"t-{row.path}"] for row in view.rows if f"t-{row.path}" in request.POST
        }
        try:
            saved = _save(request, version, view, typed)
            done, total = saved.current, len(saved.rows)
            messages.success(
                request,
                spoken(said("Saved: {done} of {total} texts are translated.", done=done, total=total)),
            )
            return see_other("translation", request.org.slug, slug, language)  # type: ignore[attr-defined]
        except GuildmarkError as error:
            status = error.status
            problems = [{"path": one.field, "text": told(one)} for one in error.all_errors()] or [
                {"path": "", "text": told(error)}
            ]
    wrong = {one["path"]: one["text"] for one in problems}
    context = {
        **_frame(request, version),
        "view": view,
        "name": spoken(NAMES.get(language, language)),
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "rows": [_row(row, typed, wrong) for row in view.rows],
        "problems": problems,
    }
    return render(request, "design/translation.html", context, status=status)


def _save(
    request: HttpRequest, version: VersionView, view: TranslationView, typed: dict[str, str]
) -> TranslationView:
    raw = request.POST.get("revision", "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise Invalid(
            said("The page lost track of the translation."), field="revision", mend=said("Load it again.")
        )
    shown = {row.path: row for row in view.rows}
    # An outdated text that was left as it was is still outdated: only what was typed, or confirmed, is new.
    confirmed = set(request.POST.getlist("still"))
    texts = {
        path: text
        for path, text in typed.items()
        if text.replace("\r\n", "\n").strip() != shown[path].text or path in confirmed
    }
    return translating.save_translation(
        by=request.actor,  # type: ignore[attr-defined]
        org_id=version.org_id,
        version_id=version.id,
        language=view.language,
        texts=texts,
        revision=int(raw),
    )


def _row(row: TextRow, typed: dict[str, str], wrong: dict[str, str]) -> dict[str, Any]:
    text = typed.get(row.path, row.text)
    long = len(row.source) > 90 or plain_path(row.path) in limits.LINES
    return {
        "row": row,
        "text": text,
        "part": spoken(PARTS.get(row.path.split(".")[0], row.path)),
        "state": spoken(STATE_WORDS[row.state]),
        "lines": min(14, max(2, len(row.source) // 60 + row.source.count("\n") + 1)) if long else 1,
        "problem": wrong.get(row.path, ""),
    }
