"""Reading the signed JSON that is attached to a PDF."""

from __future__ import annotations

import io
import logging
from typing import Any, Final

from guildmark.protocol.errors import BakeError

MAX_ATTACHMENTS: Final = 16
MAX_CREDENTIAL: Final = 2_000_000
_SUFFIXES: Final = (".json", ".jsonld", ".jwt", ".jws")

# pypdf logs what it repairs in damaged files; for a verifier that is noise.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def extract(data: bytes) -> bytes:
    """Return the first attached credential (.json, .jsonld, .jwt, .jws); BakeError if there is none."""
    # Loaded only for a PDF: it takes a quarter of the time in which a verifier starts.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise BakeError("The PDF is encrypted.", field="file")
        return _first(reader)
    except BakeError:
        raise
    except (
        PyPdfError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        RecursionError,
        OSError,
    ) as error:
        raise BakeError("The PDF cannot be read.", field="file") from error


def _first(reader: Any) -> bytes:
    for number, attachment in enumerate(reader.attachment_list):
        if number >= MAX_ATTACHMENTS:
            break
        if str(attachment.name).lower().endswith(_SUFFIXES):
            content = bytes(attachment.content)
            if len(content) > MAX_CREDENTIAL:
                raise BakeError("The credential in the PDF is too large.", field="file")
            return content
    raise BakeError("The PDF holds no signed credential.", field="file")
