"""Default badge art: the hallmark of the class around title, holder, issuer and date."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from PIL import Image

from guildmark.design.classes import CLASSES
from guildmark.issue.render import words
from guildmark.issue.render.engine import typeset
from guildmark.issue.render.lettering import Lettering
from guildmark.protocol.openbadges.facts import CredentialFacts

_SIDE: Final = 400  # points, the size of the page in badge.typ


def _alternative(facts: CredentialFacts, verify_url: str) -> str:
    """Return the sentence that replaces the picture."""
    lettering = Lettering(facts.language)
    holder = lettering.plain(facts.recipient.name, 120) or "the holder"
    issuer = lettering.plain(facts.issuer.name, 120) or facts.issuer.id
    label = words.label(words.shape_of(facts))
    return f"{label}: {lettering.plain(facts.title, 200)}. {holder}, by {issuer}. Check: {verify_url}"


def _data(facts: CredentialFacts, verify_url: str) -> dict[str, Any]:
    lettering = Lettering(facts.language)
    shape = words.shape_of(facts)
    given = words.given_on(facts)
    host = urlsplit(verify_url).netloc
    return {
        "class": str(shape),
        "class-label": words.label(shape),
        "title": lettering.write(facts.title, 160),
        "name": lettering.write(facts.recipient.name, 80, own_language=True)
        if facts.recipient.name
        else None,
        "sentence": CLASSES[shape.value].sentence,
        "issuer": lettering.write(facts.issuer.name or host or facts.issuer.id, 90, own_language=True),
        "date": words.day(given) if given else "",
        "alt": _alternative(facts, verify_url),
    }


def badge_svg(facts: CredentialFacts, verify_url: str) -> str:
    """Return default badge art as a self-contained SVG of 400 by 400 units on a transparent ground.

    Letters are outlines, so the picture is the same wherever it is opened; what it says is also in
    its ``title`` and ``aria-label``. Equal input gives equal text.
    """
    stamp = facts.valid_from or datetime.fromtimestamp(0, UTC)
    drawn = typeset("badge", _data(facts, verify_url), stamp=stamp, output="svg").decode("utf-8")
    label = _alternative(facts, verify_url)
    opening = drawn.index("<svg")
    end = drawn.index(">", opening)
    return (
        f'{drawn[opening:end]} role="img" aria-label={quoteattr(label)}><title>{escape(label)}</title>'
        f"{drawn[end + 1 :]}"
    )


def badge_png(facts: CredentialFacts, verify_url: str, *, size: int = 800) -> bytes:
    """Return default badge art as a PNG of ``size`` by ``size`` pixels with a transparent ground.

    Plain: the signed credential is baked in afterwards. Equal input gives equal bytes.
    """
    stamp = facts.valid_from or datetime.fromtimestamp(0, UTC)
    raw = typeset(
        "badge", _data(facts, verify_url), stamp=stamp, output="png", pixels_per_inch=72 * size / _SIDE
    )
    with Image.open(io.BytesIO(raw)) as picture:
        out = io.BytesIO()
        picture.save(out, format="PNG", optimize=True)
    return out.getvalue()
