"""Pages of translations: which languages there are and how far they got, and one language beside its source."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from guildmark.design import limits, queries, translating
from guildmark.design.drafts import plain_path
from guildmark.design.languages import NAMES, RIGHT_TO_LEFT, TextRow, TranslationView
from guildmark.design.types import VersionView
from guildmark.kernel.problems import GuildmarkError, Invalid
from guildmark.kernel.web import see_other, studio_page

STATE_WORDS = {"current": "Translated", "outdated": "Source has changed", "missing": "Not translated"}
PARTS = {
    "title": "Title", "claim": "Claim", "summary": "Summary", "audience": "Audience", "badge_note": "Badge",
    "not_shown": "Not shown", "decision": "Decision", "competencies": "Competency", "evidence": "Evidence",
    "conditions": "Conditions", "scale": "Scale", "criteria": "Criterion", "alignments": "Alignment",
    "explainer": "Explainer", "samples": "Sample", "lessons": "Lesson", "cost": "Price", "offer": "Offer",
}  # fmt: skip


class BeginForm(forms.Form):
    language = forms.ChoiceField(label="Language")

    def __init__(self, *args: Any, taken: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, name) for code, name in NAMES.items() if code not in taken]
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
        "source_name": NAMES.get(version.standard.language, version.standard.language),
        "may_write": request.actor.has("designer"),  # type: ignore[attr-defined]
        "crumbs": [
            {"label": "Standards", "url": reverse("standards", args=[org.slug])},
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
        {"view": one, "name": NAMES.get(one.language, one.language), "total": len(one.rows)} for one in found
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
            done = f"Saved: {saved.current} of {len(saved.rows)} texts are translated."
            messages.success(request, done)
            return see_other("translation", request.org.slug, slug, language)  # type: ignore[attr-defined]
        except GuildmarkError as error:
            status = error.status
            problems = [
                {"path": one.field, "text": f"{one.detail} {one.mend}".strip()} for one in error.all_errors()
            ] or [{"path": "", "text": str(error)}]
    wrong = {one["path"]: one["text"] for one in problems}
    context = {
        **_frame(request, version),
        "view": view,
        "name": NAMES.get(language, language),
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
        raise Invalid("The page lost track of the translation.", field="revision", mend="Load it again.")
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
        "part": PARTS.get(row.path.split(".")[0], row.path),
        "state": STATE_WORDS[row.state],
        "lines": min(14, max(2, len(row.source) // 60 + row.source.count("\n") + 1)) if long else 1,
        "problem": wrong.get(row.path, ""),
    }
