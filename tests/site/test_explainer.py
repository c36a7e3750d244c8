"""An uploaded explainer on the public page: from our own address, in ranges, with captions, without scripts."""

from __future__ import annotations

import hashlib
import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guildmark.design import actions, explainers, queries
from guildmark.design.models import ExplainerVideo
from guildmark.kernel import files
from tests.design.builders import drafted
from tests.design.test_explainers import CAPTIONS, MP4, WEBM, body_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(org: Any) -> Any:
    draft = drafted(
        org, explainer={"captions": CAPTIONS, "title": "How it is built", "url": "https://video.example/1"}
    )
    put = {"by": org.owner, "org_id": org.id, "version_id": draft.id}
    explainers.put_video(**put, filename="a.mp4", pieces=[MP4])
    return actions.publish(**put)


@pytest.fixture
def address(version: Any) -> str:
    return f"/s/{version.slug}/v/1.0/explainer"


def test_the_page_plays_it_from_our_own_address_with_captions_and_transcript(
    version: Any, address: str
) -> None:
    page = Client().get(f"/s/{version.slug}").content.decode()
    (player,) = re.findall(r"<video.*?</video>", page, re.S)
    assert 'controls preload="metadata"' in player
    assert f'<source src="{address}" type="video/mp4">' in player
    assert f'<track kind="captions" src="/s/{version.slug}/v/1.0/captions.vtt"' in player
    assert f'<a href="{address}">Save the video</a>' in player
    assert "autoplay" not in page
    assert "Here is the brief." in html.unescape(page)  # the words of the captions, readable without a player
    assert "The same at video.example" in page
    assert not re.findall(r'<(?:iframe|video|source|img|script|embed|object)[^>]*src="https?:', page)


def test_the_whole_file_comes_with_its_type_and_cannot_become_a_page(address: str) -> None:
    answer = Client().get(address)
    assert (answer.status_code, body_of(answer)) == (200, MP4)
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Content-Length"] == str(len(MP4))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["ETag"] == f'"{hashlib.sha256(MP4).hexdigest()}"'
    assert answer["Cache-Control"] == "public, max-age=300"
    policy = answer["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'; media-src 'self'" in policy
    assert "script" not in policy
    assert "Set-Cookie" not in answer.headers
    assert Client().head(address).status_code == 200
    assert Client().post(address).status_code == 405


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-99", 0, 99), ("bytes=100-", 100, len(MP4) - 1), ("bytes=-50", len(MP4) - 50, len(MP4) - 1),
     ("bytes=2000-99999", 2000, len(MP4) - 1), ("bytes=-99999", 0, len(MP4) - 1)],
)  # fmt: skip
def test_a_range_is_given_alone(address: str, asked: str, start: int, end: int) -> None:
    answer = Client().get(address, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end}/{len(MP4)}"
    assert answer["Content-Length"] == str(end - start + 1)
    assert body_of(answer) == MP4[start : end + 1]
    assert answer["Content-Type"] == "video/mp4"


def test_ranges_that_it_does_not_have_and_conditions(address: str) -> None:
    etag = f'"{hashlib.sha256(MP4).hexdigest()}"'
    beyond = Client().get(address, headers={"Range": f"bytes={len(MP4)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(MP4)}")
    for odd in ("bytes=1-2,4-5", "lines=1-2", "bytes=-", "bytes=a-b"):
        assert Client().get(address, headers={"Range": odd}).status_code == 200, odd
    known = Client().get(address, headers={"If-None-Match": etag})
    assert (known.status_code, known["ETag"], body_of(known)) == (304, etag, b"")
    for given, status in ((etag, 206), ('"another"', 200)):
        answer = Client().get(address, headers={"Range": "bytes=0-9", "If-Range": given})
        assert (answer.status_code, len(body_of(answer))) == (status, 10 if status == 206 else len(MP4))


def test_a_new_video_shows_at_the_same_address_and_the_version_stays(
    org: Any, version: Any, address: str
) -> None:
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    put = {"by": org.owner, "org_id": org.id, "version_id": draft.id}
    explainers.put_video(**put, filename="b.webm", pieces=[WEBM])
    assert body_of(Client().get(address)) == MP4  # a draft is nobody's
    actions.publish(**put, update_note="A shorter video.")
    answer = Client().get(address)
    assert (answer["Content-Type"], body_of(answer)) == ("video/webm", WEBM)
    assert queries.latest_published(version.slug).core_hash == version.core_hash


def test_without_the_file_the_page_stands_with_its_words(version: Any, org: Any, address: str) -> None:
    row = ExplainerVideo.objects.for_org(org.id).get()
    files.delete(row.storage_key)
    assert Client().get(address).status_code == 404
    page = Client().get(f"/s/{version.slug}").content.decode()
    assert "<video" not in page
    assert "Here is the brief." in html.unescape(page)


def test_an_unknown_number_and_a_standard_without_a_video_have_none(version: Any, org: Any) -> None:
    for number in ("9.9", "draft", "1"):
        assert Client().get(f"/s/{version.slug}/v/{number}/explainer").status_code == 404


def test_the_page_with_a_video_stays_under_thirty_queries(version: Any, org: Any) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(f"/s/{version.slug}").status_code == 200
    assert len(captured) < 30
