"""Evidence as it is sent to people who may see it: never as a page of ours."""

from __future__ import annotations

from html.parser import HTMLParser

from django.http import HttpRequest, HttpResponseBase
from django.utils.http import content_disposition_header

from guildmark.assess.evidence.types import ItemDetail
from guildmark.kernel import files, ranges

SANDBOX = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
# Browsers refuse to open a PDF in a sandbox; it gets no sources at all instead.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
PREVIEW_BYTES = 60_000


def inline_type(detail: ItemDetail) -> str:
    """The media type under which an item may be shown in the browser, or nothing when it is only saved.

    Only types that our own look at the bytes has proven are shown; what a foreign server claimed is not.
    """
    if detail.item.kind == "url":
        return ""
    if detail.group in {"image", "video", "audio"} or detail.item.media_type == "application/pdf":
        return detail.item.media_type
    if detail.group == "text" or detail.item.media_type == "text/csv":
        return "text/plain; charset=utf-8"
    return ""


def serve(request: HttpRequest, detail: ItemDetail) -> HttpResponseBase:
    """The bytes of one item; ranges are honoured, so that a video can be wound."""
    item = detail.item
    shown = "" if request.GET.get("save") else inline_type(detail)
    source = files.open_file(item.storage_key)
    response = ranges.answer(request, source, item.size)
    response["Content-Type"] = shown or "application/octet-stream"
    disposition = content_disposition_header(not shown, item.filename)
    if disposition:
        response["Content-Disposition"] = disposition
    response["Content-Security-Policy"] = PDF_POLICY if shown == "application/pdf" else SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["Accept-Ranges"] = "bytes"
    return response


class _Words(HTMLParser):
    """The words of a page, without its scripts and styles."""

    HIDDEN = frozenset({"script", "style", "noscript", "template", "svg"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag in self.HIDDEN

    def handle_endtag(self, tag: str) -> None:
        if tag in self.HIDDEN and self.depth:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not self.depth:
            self.words.append(text)


def preview_text(detail: ItemDetail) -> str:
    """The first words of a written piece, a text file or the copy of a page; empty for anything else."""
    if detail.text:
        return detail.text
    is_page = detail.item.kind == "url" and "html" in detail.item.media_type
    is_text = inline_type(detail).startswith("text/plain")
    is_text = is_text or (detail.item.kind == "url" and detail.item.media_type.startswith("text/"))
    if not is_page and not is_text:
        return ""
    with files.open_file(detail.item.storage_key) as source:
        text = source.read(PREVIEW_BYTES).decode("utf-8", "replace")
    if is_page:
        words = _Words()
        words.feed(text)
        text = "\n".join(words.words)
    return text[:20_000]
