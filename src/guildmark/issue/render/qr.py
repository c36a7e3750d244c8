"""QR codes as vectors, with words for those who do not see them."""

from __future__ import annotations

import io

import segno

from guildmark.kernel.problems import Invalid
from guildmark.kernel.words import said

#: A longer address makes modules too small to scan from paper at 24 mm.
MAX_URL = 300


def qr_svg(url: str, *, border: int = 4) -> str:
    """Return a QR code of ``url`` as an SVG that scales to its container.

    ``border`` is the quiet zone in modules; ISO/IEC 18004 asks for 4 unless white paper surrounds the code.
    Raises Invalid for an address over 300 characters.
    """
    if len(url) > MAX_URL:
        raise Invalid(
            said(
                "The address has {n} characters; a QR code on paper stays readable up to {most}.",
                n=len(url),
                most=MAX_URL,
            ),
            field="verify_url",
            mend=said("Use the short address of the credential."),
        )
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out, kind="svg", border=border, xmldecl=False, svgns=True, omitsize=True, nl=False,
        dark="#000", title=f"QR code of {url}", svgclass=None, lineclass=None,
    )  # fmt: skip
    return out.getvalue().decode("utf-8").replace("<svg ", '<svg role="img" ', 1)
