"""The page beside the editor's step "The bar" on which a video, its captions and its transcript are taken."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from guildmark.config import load
from guildmark.design import captions, explainers, limits, queries
from guildmark.design.serving import serve
from guildmark.design.types import Explainer, VersionView
from guildmark.kernel.middleware import wants_json
from guildmark.kernel.problems import GuildmarkError, Invalid, NotFound
from guildmark.kernel.web import form_problem, see_other, studio_page
from guildmark.kernel.words import said


class VideoForm(forms.Form):
    file = forms.FileField(
        label=_("Video file"),
        allow_empty_file=True,
        max_length=20_000,
        widget=forms.ClearableFileInput(attrs={"accept": ".mp4,.webm,video/mp4,video/webm"}),
        error_messages={"required": _("No file came with the form. Choose the file again.")},
    )


class WordsForm(forms.Form):
    """A file with captions goes before the text in the field."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    captions_file = forms.FileField(
        label=_("Captions as a file"),
        required=False,
        allow_empty_file=True,
        max_length=20_000,
        help_text=_("WebVTT (.vtt). It takes the place of the text below."),
        widget=forms.ClearableFileInput(attrs={"accept": ".vtt,text/vtt"}),
    )
    captions = forms.CharField(
        label=_("Captions"),
        required=False,
        max_length=limits.TEXTS["explainer.captions"],
        help_text=_("WebVTT, as the video player takes them. They let the video be followed without sound."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    transcript = forms.CharField(
        label=_("Transcript"),
        required=False,
        max_length=limits.TEXTS["explainer.transcript"],
        help_text=_("What is said and shown. Empty: the words of the captions are shown."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )


def _draft(request: HttpRequest, slug: str) -> VersionView | None:
    """The draft whose explainer may be changed; None when every version is published."""
    org = request.org  # type: ignore[attr-defined]
    if queries.achievement_by_slug(org.id, slug).draft_id is None:
        return None
    version = queries.draft(org.id, slug)
    if version.standard.signal == "completion":
        raise NotFound(said("A completion record has no explainer video."))
    return version


def _no_draft(request: HttpRequest, slug: str) -> HttpResponse:
    messages.info(request, gettext("This standard has no open draft. Start a new version to change it."))
    return see_other("standard_history", request.org.slug, slug)  # type: ignore[attr-defined]


@studio_page("designer")
def standard_explainer(request: HttpRequest, slug: str) -> HttpResponse:
    """What is there, and the forms. A POST takes a file; a script that asks for JSON gets the next address or a problem."""
    version = _draft(request, slug)
    if version is None:
        return _no_draft(request, slug)
    if request.method != "POST":
        return _show(request, version)
    form = VideoForm(request.POST, request.FILES)
    status = 422
    if form.is_valid():
        try:
            return _taken(request, version, form)
        except GuildmarkError as error:
            if wants_json(request):
                raise
            form_problem(form, error)
            status = error.status
    if wants_json(request):
        raise Invalid(said("No file came with the form."), field="file", mend=said("Choose the file again."))
    return _show(request, version, video=form, status=status)


def _taken(request: HttpRequest, version: VersionView, form: VideoForm) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    upload = form.cleaned_data["file"]
    explainers.put_video(
        by=actor, org_id=org.id, version_id=version.id, filename=upload.name, pieces=upload.chunks()
    )
    messages.success(request, gettext("The video is stored. It is shown when you publish."))
    if wants_json(request):
        return JsonResponse(
            {"next": reverse("standard_explainer", args=[org.slug, version.slug])}, status=201
        )
    return see_other("standard_explainer", org.slug, version.slug)


@require_POST
@studio_page("designer")
def explainer_words(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep captions and transcript; a refusal comes back with everything typed."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    version = _draft(request, slug)
    if version is None:
        return _no_draft(request, slug)
    form, status = WordsForm(request.POST, request.FILES), 422
    if form.is_valid():
        given = form.cleaned_data
        try:
            file = given["captions_file"]
            # One byte more than the limit tells that it is passed.
            data = file.read(explainers.MAX_CAPTIONS_BYTES + 1) if file else b""
            explainers.put_words(
                by=actor,
                org_id=org.id,
                version_id=version.id,
                captions_text=explainers.read_captions(data) if file else given["captions"],
                transcript=given["transcript"],
                revision=given["revision"],
            )
            messages.success(request, gettext("Captions and transcript are saved."))
            return see_other("standard_explainer", org.slug, version.slug)
        except GuildmarkError as error:
            form_problem(form, error)
            status = error.status
    return _show(request, version, words=form, status=status)


@require_POST
@studio_page("designer")
def explainer_remove(request: HttpRequest, slug: str) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    version = _draft(request, slug)
    if version is None:
        return _no_draft(request, slug)
    explainers.remove_video(by=actor, org_id=org.id, version_id=version.id)
    messages.success(request, gettext("The video is out of this draft."))
    return see_other("standard_explainer", org.slug, version.slug)


@require_safe
@studio_page()
def explainer_video(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The video of the draft, else of the newest version, for members alone."""
    org = request.org  # type: ignore[attr-defined]
    achievement = queries.achievement_by_slug(org.id, slug)
    found = explainers.stored_video(queries.versions_of(org.id, achievement.id)[0])
    if found is None:
        raise NotFound(said("There is no video here."))
    return serve(request, found, public=False)


@require_safe
@studio_page()
def explainer_captions(request: HttpRequest, slug: str) -> HttpResponse:
    """The captions of the draft, else of the newest version, for the player beside the form."""
    org = request.org  # type: ignore[attr-defined]
    achievement = queries.achievement_by_slug(org.id, slug)
    given = queries.versions_of(org.id, achievement.id)[0].standard.explainer
    if given is None or not captions.is_webvtt(given.captions):
        raise NotFound(said("There are no captions here."))
    response = HttpResponse(given.captions, content_type="text/vtt; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response


def _show(
    request: HttpRequest,
    version: VersionView,
    *,
    video: VideoForm | None = None,
    words: WordsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    org = request.org  # type: ignore[attr-defined]
    explainer = version.standard.explainer or Explainer()
    initial: dict[str, Any] = {
        "revision": version.revision,
        "captions": explainer.captions,
        "transcript": explainer.transcript,
    }
    context = {
        "version": version,
        "standard": version.standard,
        "explainer": explainer,
        "here": explainers.stored_video(version) is not None,
        "kind": explainers.PLAYED[explainer.video.media_type] if explainer.video else "",
        "has_captions": captions.is_webvtt(explainer.captions),
        "form": video or VideoForm(),
        "words": words or WordsForm(initial=initial),
        "limit_bytes": load().max_upload_bytes,
        "limit": f"{load().max_upload_bytes // 1048576} MB",
        "crumbs": [
            {"label": gettext("Standards"), "url": reverse("standards", args=[org.slug])},
            {
                "label": version.standard.title,
                "url": reverse("standard_edit", args=[org.slug, version.slug, "bar"]),
            },
            {"label": gettext("Explainer video")},
        ],
    }
    return render(request, "design/explainer.html", context, status=status)
