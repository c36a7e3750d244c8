"""Pages for standards as files: take one in, and hand one out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from guildmark.design import files, filing, limits, queries
from guildmark.design.types import VersionView
from guildmark.kernel.problems import GuildmarkError, Invalid, NotFound
from guildmark.kernel.web import form_problem, see_other, studio_page
from guildmark.kernel.words import said
from guildmark.protocol import strict_json
from guildmark.protocol.errors import ProtocolError


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A YAML file that begins with guildmark: 2, or the JSON of a published standard."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    slug = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=limits.SLUG,
        help_text=_(
            "Empty takes the one in the file. The draft of a standard of yours with this address is changed."
        ),
    )
    replace = forms.BooleanField(label=_("A draft that says something else may be replaced"), required=False)
    issuer = forms.CharField(
        label=_("Who published it"),
        required=False,
        max_length=200,
        help_text=_(
            "Only for the JSON of somebody’s published standard: the new one says where it comes from."
        ),
    )
    url = forms.CharField(label=_("Where it is published"), required=False, max_length=500)


@studio_page("designer")
def standard_import(request: HttpRequest) -> HttpResponse:
    """A file becomes a draft; the JSON of a published standard becomes a fork that names its origin."""
    form = ImportForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = _take(request, form.cleaned_data)
                done = gettext("The file is in the draft of %(title)s.") % {"title": made.standard.title}
                messages.success(request, done)
                return see_other("standard_edit", request.org.slug, made.slug, "claim")  # type: ignore[attr-defined]
            except GuildmarkError as error:
                form_problem(form, error)
                status = error.status
    return render(request, "design/import.html", {"form": form}, status=status)


def _take(request: HttpRequest, given: dict[str, Any]) -> VersionView:
    keys = {"by": request.actor, "org_id": request.org.id}  # type: ignore[attr-defined]
    upload = given["file"]
    if upload.size > limits.HARD_BYTES:
        raise Invalid(
            said(
                "The file has {size} kB; the limit is {limit} kB.",
                size=str(upload.size // 1024),
                limit=str(limits.HARD_BYTES // 1024),
            ),
            field="file",
        )
    data = upload.read()
    if data.lstrip()[:1] != b"{":
        return filing.import_file(
            **keys, file=files.load(data), slug=given["slug"].strip(), replace=given["replace"]
        )
    try:
        document = strict_json.load_object(data)
    except ProtocolError as error:
        raise Invalid(said("This is no JSON document: {reason}", reason=error.reason), field="file") from None
    return filing.fork(
        **keys, document=document, issuer=given["issuer"], url=given["url"], slug=given["slug"].strip()
    )


@require_safe
@studio_page()
def standard_file(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The file of a version, or of the draft."""
    org = request.org  # type: ignore[attr-defined]
    achievement = queries.achievement_by_slug(org.id, slug)
    for version in queries.versions_of(org.id, achievement.id):
        if version.number == number:
            response = HttpResponse(filing.export(version), content_type="application/yaml; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="{slug}.yaml"'
            return response
    raise NotFound(said("There is no such version of this standard."))
