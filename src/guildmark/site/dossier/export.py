"""A dossier as bytes: JSON, one HTML file that needs nothing else, and an archive with what it rests on.

The same records at the same moment give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import override

from guildmark.design import rubric
from guildmark.kernel.clock import stamp
from guildmark.protocol.canonical import jcs
from guildmark.site.dossier.records import Records
from guildmark.site.dossier.types import Dossier
from guildmark.site.public import log

#: Raised when members of the JSON change their meaning.
FORMAT_VERSION = 1
#: The moment of every member of an archive: the moment of the making stands in the dossier.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def document(dossier: Dossier) -> dict[str, Any]:
    """The dossier as JSON values, in English."""
    return {
        "format": "guildmark-dossier",
        "formatVersion": FORMAT_VERSION,
        "standard": dossier.slug,
        "version": dossier.number,
        "title": dossier.title,
        "claim": dossier.claim,
        "organisation": dossier.organisation,
        "language": dossier.language,
        "state": dossier.state,
        "coreHash": dossier.core_hash,
        "contentFitsHash": dossier.intact,
        "publishedAt": dossier.published_at,
        "madeAt": dossier.made_at,
        "url": dossier.url,
        "complete": dossier.complete,
        "summary": dossier.summary,
        "emptySections": [one.key for one in dossier.empty],
        "sections": [
            {
                "key": one.key,
                "title": one.title,
                "state": one.state,
                "gaps": [{"missing": gap.missing, "do": gap.do} for gap in one.gaps],
                **one.content,
            }
            for one in dossier.sections
        ],
    }


def as_json(dossier: Dossier) -> bytes:
    with override("en"):
        text = json.dumps(document(dossier), ensure_ascii=False, indent=1, default=_plain)
    return f"{text}\n".encode()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a dossier")


#: The sheet of the pages, as css/bundle.py joins it.
SHEET = Path(__file__).resolve().parent.parent / "static" / "site" / "css" / "guildmark.css"


@cache
def style() -> str:
    """The sheet of the pages without its head and without the fonts that lie beside it."""
    rules = re.sub(r"/\*.*?\*/|@font-face\{[^}]*\}", "", SHEET.read_text("utf-8"), flags=re.DOTALL)
    return "\n".join(line for line in rules.splitlines() if line)


def as_html(dossier: Dossier) -> bytes:
    """One page without scripts and without addresses to load, in the language that is active."""
    return render_to_string("site/dossier/file.html", {"dossier": dossier, "style": style()}).encode()


def as_zip(dossier: Dossier, records: Records) -> bytes:
    """The dossier with the core whose hash is public, the rubric and the proof of the log; SHA256SUMS lists them all."""
    version = records.version
    members = {
        "core.json": jcs.canonicalize(version.core),
        "dossier.html": as_html(dossier),
        "dossier.json": as_json(dossier),
    }
    if version.standard.criteria:
        members["rubric.csv"] = rubric.table(version).encode()
        members["rubric.json"] = _json(rubric.document(version))
    entry = records.log.get(dossier.number)
    if entry is not None:
        members["log-proof.json"] = _json(log.proof_document(entry))
    sums = "".join(f"{hashlib.sha256(members[name]).hexdigest()}  {name}\n" for name in sorted(members))
    members["SHA256SUMS"] = sums.encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(f"{dossier.slug}-{dossier.number}-dossier/{name}", LONG_AGO)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(info, members[name])
    return out.getvalue()


def _json(value: dict[str, Any]) -> bytes:
    return f"{json.dumps(value, ensure_ascii=False, indent=1)}\n".encode()


#: The faces of a dossier by the end of the file's name.
TYPES = {
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "zip": "application/zip",
}


def made(kind: str, dossier: Dossier, records: Records) -> bytes:
    """The bytes of one kind of :data:`TYPES`; KeyError for another."""
    makers = {
        "json": lambda: as_json(dossier),
        "html": lambda: as_html(dossier),
        "zip": lambda: as_zip(dossier, records),
    }
    return makers[kind]()
