"""The public page before there is a holder: a draft, read through the same builder and the same template (VF2).

Nothing is signed. The document is built from the draft with a sample holder, so that what a stranger will
read is seen while it is being written.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from guildmark.design import queries as design
from guildmark.design.types import VersionView
from guildmark.issue.samples import sample_document
from guildmark.issue.types import StatusNow
from guildmark.kernel.clock import now
from guildmark.kernel.problems import NotFound
from guildmark.kernel.speaking import all_spoken
from guildmark.kernel.web import studio_page
from guildmark.kernel.words import said
from guildmark.protocol.errors import ProtocolError
from guildmark.site.public.facts import page_facts
from guildmark.verify import sceptic
from guildmark.verify.types import Verdict
from guildmark.verify.words import WORDS

SAMPLE_HOLDER = gettext_lazy("Sample Holder")


@studio_page()
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The page that strangers will read, from the draft or else the newest published version."""
    org = request.org  # type: ignore[attr-defined]
    achievement = next((a for a in design.achievements(org.id) if a.slug == slug), None)
    version_id = (achievement.draft_id or achievement.published_id) if achievement else None
    if version_id is None:
        raise NotFound(said("There is no such standard."))
    version = design.version(org.id, version_id)
    return render(request, "site/preview.html", {"org": org, **context(version)})


def context(version: VersionView) -> dict[str, Any]:
    """What the page shows of a version with a sample holder, or why there is not enough to show."""
    try:
        document = sample_document(version, holder=str(SAMPLE_HOLDER), at=now())
        page = page_facts(document)
    except ProtocolError as error:
        return {"version": version, "problem": str(error)}
    return {
        "version": version,
        "problem": "",
        "page": page,
        "facts": page.facts,
        "verdict": "valid",
        "words": all_spoken(WORDS[Verdict.VALID]),
        "status": StatusNow("valid", now()),
        "preview": True,
        "sceptic": sceptic.sheet(document),
        "credential": Sample(version.standard.signal),
        "suffix": "",
    }


class Sample:
    """Stands where a stored credential would: no address, no code."""

    path = ""
    human_code = "sample"
    public_id = UUID(int=0)

    def __init__(self, signal: str) -> None:
        self.signal = signal
