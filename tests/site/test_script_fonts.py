"""Names in every script that certificates can draw appear on pages, too, whatever the reader's machine has."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from guildmark.site.middleware import ScriptFontsMiddleware

SOURCE = Path(__file__).parents[2] / "src" / "guildmark"
SHEET = SOURCE / "site/static/site/css/scripts.css"


def ranges() -> list[tuple[str, list[tuple[int, int]]]]:
    rules = re.findall(
        r"url\(\.\./fonts/scripts/([\w-]+\.woff2)\).*?unicode-range:([^}]+)\}", SHEET.read_text()
    )
    found = []
    for name, spans in rules:
        pairs = [span.removeprefix("U+").split("-") for span in spans.split(",")]
        found.append((name, [(int(pair[0], 16), int(pair[-1], 16)) for pair in pairs]))
    return found


def files_for(text: str) -> list[str | None]:
    table = ranges()
    return [
        next((name for name, spans in table if any(low <= ord(one) <= high for low, high in spans)), None)
        for one in text
    ]


@pytest.mark.parametrize(
    "name",
    ["山田花", "김민수", "李小龙", "אבג", "فريد", "Иван", "Ωμέγα", "นภา", "आरव", "தமிழ்", "ბექა", "Արամ"],
)
def test_every_letter_of_a_name_has_a_file_that_lies_there(name: str) -> None:
    files = files_for(name)
    assert None not in files
    assert all((SOURCE / "site/static/site/fonts/scripts" / str(file)).exists() for file in files)


def test_no_letter_stands_in_two_files() -> None:
    spans = sorted(span for _, pairs in ranges() for span in pairs)
    assert all(before[1] < after[0] for before, after in pairwise(spans))


def test_what_certificates_draw_of_a_script_pages_show() -> None:
    coverage = json.loads((SOURCE / "issue/render/fonts/coverage.json").read_text())
    spans = [span for _, pairs in ranges() for span in pairs]
    for font in (
        "NotoNaskhArabic-Regular.ttf",
        "NotoSerifDevanagari-Regular.ttf",
        "NotoSerifThai-Regular.ttf",
    ):
        for low, high in coverage[font]:
            for letter in range(low, high + 1):
                if letter >= 0x370 and not 0x2000 <= letter < 0x2070 and letter not in (0xFEFF, 0xFFFD):
                    assert any(start <= letter <= end for start, end in spans), hex(letter)


def test_the_pieces_that_a_name_takes_are_light() -> None:
    folder = SOURCE / "site/static/site/fonts/scripts"
    assert max(piece.stat().st_size for piece in folder.glob("*.woff2")) < 60_000
    assert sum((folder / str(file)).stat().st_size for file in set(files_for("山田花子"))) < 110_000


def through(content: str, kind: str = "text/html; charset=utf-8") -> HttpResponse:
    return ScriptFontsMiddleware(lambda _: HttpResponse(content, content_type=kind))(HttpRequest())


def test_a_page_links_the_sheet_when_it_shows_such_a_letter() -> None:
    assert b"scripts.css" in through("<head></head><p>山田花子</p>").content
    assert b"scripts.css" in through("<head></head><p>Иван</p>").content
    assert b"scripts.css" not in through("<head></head><p>Zoë Kovač · “valid” → 5 €</p>").content


def test_parts_of_pages_files_and_streams_stay_as_they_are() -> None:
    assert through("<p>山田花子</p>").content == "<p>山田花子</p>".encode()
    assert through('"<head></head>山"', "application/json").content == '"<head></head>山"'.encode()
    stream = StreamingHttpResponse([b"<head></head>", "山".encode()], content_type="text/html")
    assert ScriptFontsMiddleware(lambda _: stream)(HttpRequest()) is stream
