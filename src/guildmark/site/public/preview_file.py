"""A standard from a file as strangers would see it: the bar page and a sample credential, in one HTML file (M23).

The pages are rendered by the templates of the product, from a draft that is taken back at once.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from guildmark.design import filing
from guildmark.design.files import StandardFile
from guildmark.kernel.actor import SYSTEM
from guildmark.kernel.speaking import speaking
from guildmark.kernel.web import absolute
from guildmark.people import actions as people
from guildmark.site.dossier.export import style
from guildmark.site.public import preview, standard

MAIN = re.compile(r"<main\b[^>]*>(.*)</main>", re.DOTALL)


def page(file: StandardFile, *, issuer: str) -> bytes:
    """The file, in the language of the standard where we speak it. Needs a database and leaves nothing in it.

    Raises Invalid or Conflict where the standard could not be saved as a draft.
    """
    with transaction.atomic(), speaking(file.standard.language):
        made = _pages(file, issuer)
        transaction.set_rollback(True)
    return made


def _pages(file: StandardFile, issuer: str) -> bytes:
    owner = people.create_user(email="preview@example.org")
    org = people.create_organisation(by=SYSTEM, name=issuer, slug="preview", owner_id=owner)
    draft = filing.import_file(by=SYSTEM, org_id=org.id, file=file)
    public = replace(draft, state="published")
    context = {
        "title": draft.standard.title,
        "issuer": issuer,
        "style": style(),
        "bar": _inside("site/standard.html", standard.context(public)),
        "credential": _inside("site/preview.html", {"org": org, **preview.context(draft)}),
    }
    return render_to_string("site/preview_file.html", context).encode()


def _inside(template: str, context: dict[str, Any]) -> str:
    """The main part of a page without the addresses that only an installation has."""
    found = MAIN.search(render_to_string(template, context))
    if found is None:
        raise ValueError(f"{template} has no main part")
    ours = "|".join(re.escape(start) for start in ("/", ".", absolute("/")))
    return re.sub(rf'\s(?:href|src|action)="(?:{ours})[^"]*"', "", found[1])
