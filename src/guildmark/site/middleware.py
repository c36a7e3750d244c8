"""What is done to pages as a whole, after their room has made them."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static

GetResponse = Callable[[HttpRequest], HttpResponse]
#: The first bytes in UTF-8 of letters that the two Latin faces do not hold: U+0340 to U+1FFF and from U+3000 on.
OTHER_SCRIPTS = re.compile(rb"[\xcd-\xdf\xe0\xe1\xe3-\xef\xf0-\xf4]")
HEAD_ENDS = b"</head>"


class ScriptFontsMiddleware:
    """Link the fonts of other scripts on pages that show such a letter, so that names appear on every machine.

    The sheet says which file holds which letters; a page in Latin letters alone does not carry it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        if HEAD_ENDS in response.content and OTHER_SCRIPTS.search(response.content):
            link = f'<link rel="stylesheet" href="{static("site/css/scripts.css")}">\n'.encode()
            response.content = response.content.replace(HEAD_ENDS, link + HEAD_ENDS, 1)
            if response.has_header("Content-Length"):
                response["Content-Length"] = str(len(response.content))
        return response
