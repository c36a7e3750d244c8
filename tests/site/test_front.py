"""What stands before Django answers strangers quickly, and never with what is no longer so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from guildmark.design import actions as design
from guildmark.design import tool_actions
from guildmark.issue import actions, queries
from guildmark.issue.types import CredentialView
from guildmark.kernel import clock, tasks
from guildmark.keys import actions as keys
from guildmark.people import actions as people
from guildmark.site.front import Front, matches
from tests.issue import builders
from tests.people.builders import Org

pytestmark = pytest.mark.django_db


class Door:
    """A front before the real application, which counts how often Django is asked."""

    def __init__(self, **bounds: int) -> None:
        self.asked = 0
        django = get_wsgi_application()

        def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            self.asked += 1
            answer: Iterable[bytes] = django(environ, start)
            return answer

        self.front = Front(application, **bounds)

    def __call__(self, path: str, method: str = "GET", **headers: str) -> Answer:
        address, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": address, "QUERY_STRING": query, "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000", "HTTP_HOST": "localhost:8000", "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(), "SCRIPT_NAME": "", "REMOTE_ADDR": "127.0.0.1",
        }  # fmt: skip
        length = headers.pop("CONTENT_LENGTH", "")
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        environ |= {"CONTENT_LENGTH": length, "wsgi.input": BytesIO(b"x" * int(length or 0))}
        said: list[Any] = []
        body = b"".join(self.front(environ, lambda status, given, exc=None: said.extend([status, given])))
        return Answer(int(said[0][:3]), {name.lower(): value for name, value in said[1]}, body)


class Answer:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def state(self) -> str:
        text = self.body.decode()
        return text.split('<main id="main" data-state="', 1)[1].split('"', 1)[0]


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The whole test is one transaction: a request must not close its connection (as Django's own test client has it)."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def credential(org: Org) -> CredentialView:
    return builders.issued(org)


@pytest.fixture
def door() -> Door:
    return Door()


def test_the_second_answer_comes_without_django_and_is_the_same(
    door: Door, credential: CredentialView
) -> None:
    first, second = door(credential.path), door(credential.path)
    assert door.asked == 1
    assert first.status == second.status == 200
    assert first.body == second.body
    assert {**first.headers, "x-request-id": ""} == {**second.headers, "x-request-id": ""}
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert {"etag", "cache-control", "vary", "content-security-policy", "x-content-type-options"} <= set(
        second.headers
    )
    assert (
        door(credential.path, X_REQUEST_ID="given-by-a-proxy").headers["x-request-id"] == "given-by-a-proxy"
    )


@pytest.mark.parametrize("suffix", ["", ".json", ".png", ".svg", ".pdf"])
def test_every_form_is_kept_and_says_304_to_whoever_has_it(
    door: Door, credential: CredentialView, suffix: str
) -> None:
    path = credential.path + suffix
    etag = door(path).headers["etag"]
    for asked in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = door(path, IF_NONE_MATCH=asked)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == etag
        assert "content-length" not in answer.headers
    assert door(path, IF_NONE_MATCH='"other"').status == 200
    assert door.asked == 1
    fresh = Door()
    assert fresh(path, IF_NONE_MATCH=etag).status == 304
    assert fresh(path).status == 200
    assert fresh.asked == 1


def test_head_says_what_get_says_without_the_body(door: Door, credential: CredentialView) -> None:
    head, get = door(credential.path, "HEAD"), door(credential.path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(get.body))
    assert door.asked == 1


def test_page_and_document_are_kept_apart(door: Door, credential: CredentialView) -> None:
    page = door(credential.path, ACCEPT="text/html")
    document = door(credential.path, ACCEPT="text/html, application/json")
    named = door(credential.path, ACCEPT="application/vc")
    assert page.headers["content-type"].startswith("text/html")
    assert document.headers["content-type"] == "application/vc+ld+json"
    assert named.headers["content-type"] == "application/vc"
    assert document.body == named.body == credential.body
    assert "accept" in page.headers["vary"].lower()
    for accept, like in (("*/*", page), ("application/ld+json;q=0.2", document), ("application/vc", named)):
        assert door(credential.path, ACCEPT=accept).body == like.body
    assert (
        door(credential.path + ".json", ACCEPT="application/vc").headers["content-type"] == "application/vc"
    )
    assert door(credential.path + ".json").headers["content-type"] == "application/vc+ld+json"


@pytest.mark.parametrize(
    "given",
    [
        {"method": "POST"},
        {"COOKIE": "sessionid=x"},
        {"COOKIE": "theme=dark"},
        {"AUTHORIZATION": "Bearer x"},
        {"RANGE": "bytes=0-9"},
        {"ACCEPT": "text/html," * 60},
        {"HOST": "elsewhere.example"},
    ],
    ids=repr,
)
def test_what_is_not_for_anybody_goes_to_django_each_time(
    door: Door, credential: CredentialView, given: dict[str, str]
) -> None:
    for _ in range(2):
        door(credential.path, **given)
    assert door.asked == 2


def test_unknown_and_private_credentials_are_never_kept(door: Door, org: Org) -> None:
    credential = builders.issued(org)
    holder = builders.holder(credential)
    link = actions.new_share_link(by=holder, org_id=org.id, public_id=credential.public_id)
    assert door(credential.path).status == 200
    actions.set_disclosure(by=holder, org_id=org.id, public_id=credential.public_id, visibility="private")
    for suffix in ("", ".json", ".png"):
        assert door(credential.path + suffix).status == 404
        assert door(f"/c/{uuid4()}{suffix}").status == 404
    shown = door(link)
    assert shown.status == 200
    assert "no-store" in shown.headers["cache-control"]
    assert door(credential.path).status == 404
    asked = door.asked
    door(link)
    assert door.asked == asked + 1


CHANGES: dict[str, Callable[[Org, CredentialView], object]] = {
    "revoked": lambda org, c: actions.revoke(
        by=org.owner, org_id=org.id, public_id=c.public_id, reason="Error."
    ),
    "suspended": lambda org, c: actions.suspend(
        by=org.owner, org_id=org.id, public_id=c.public_id, reason="Asked."
    ),
    "superseded": lambda org, c: builders.corrected(org, c),
}


@pytest.mark.parametrize("state", CHANGES)
def test_a_change_of_state_shows_on_the_next_request_in_every_process(
    org: Org, credential: CredentialView, state: str
) -> None:
    doors = [Door(), Door()]
    for door in doors:
        assert door(credential.path).state == "valid"
    etag = doors[0](credential.path).headers["etag"]
    CHANGES[state](org, credential)
    for door in doors:
        assert door(credential.path).state == state
        assert door(credential.path, IF_NONE_MATCH=etag).status == 200
    if state == "suspended":
        actions.reinstate(by=org.owner, org_id=org.id, public_id=credential.public_id, reason="Settled.")
        assert [door(credential.path).state for door in doors] == ["valid", "valid"]


def test_what_the_holder_shows_changes_on_the_next_request(
    door: Door, org: Org, credential: CredentialView
) -> None:
    assert credential.holder_name in door(credential.path).body.decode()
    actions.set_disclosure(
        by=builders.holder(credential), org_id=org.id, public_id=credential.public_id, shown_name=False
    )
    assert '<strong dir="auto">The holder</strong>' in door(credential.path).body.decode()


def test_a_change_of_the_organisation_or_its_standard_or_its_keys_shows_on_the_next_request(
    door: Door, org: Org, credential: CredentialView
) -> None:
    door(credential.path)
    people.update_organisation(
        by=org.owner, org_id=org.id, name="Southlamp", url="https://south.example", email="", description="",
        country="",
    )  # fmt: skip
    assert "Southlamp" in door(credential.path).body.decode()
    version = design.start_new_version(by=org.owner, org_id=org.id, achievement_id=credential.achievement_id)
    asked = door.asked
    assert 'data-warning="newer_standard"' not in door(credential.path).body.decode()
    assert door.asked == asked + 1, "every record of the audit chain renews the pages of the organisation"
    design.discard_draft(by=org.owner, org_id=org.id, version_id=version.id)
    key_id = UUID(str(keys.ensure_active_key(org.id).id))
    keys.mark_compromised(by=org.owner, org_id=org.id, key_id=key_id, reason="It was copied.")
    assert door(credential.path).state == "unknown_issuer"


def test_states_of_time_turn_at_their_moment(org: Org) -> None:
    credential = builders.issued(org)
    door = Door()
    assert credential.valid_until is not None
    end = credential.valid_until
    for moment, state in (
        (credential.valid_from - timedelta(seconds=20), "not_yet_valid"),
        (credential.valid_from - timedelta(seconds=1), "not_yet_valid"),
        (credential.valid_from, "valid"),
        (end - timedelta(seconds=2), "valid"),
        (end, "valid"),
        (end + timedelta(seconds=1), "expired"),
    ):
        with clock.at(moment):
            assert door(credential.path).state == state, moment


def test_a_review_that_becomes_overdue_shows_at_its_moment(org: Org, credential: CredentialView) -> None:
    from guildmark.design import queries as versions

    due = versions.version(org.id, credential.version_id).review_due
    assert due is not None
    door = Door()
    for moment, overdue in ((due - timedelta(seconds=5), False), (due, True)):
        with clock.at(moment):
            page = door(credential.path).body.decode()
            assert ('data-warning="review_overdue"' in page) is overdue


def test_a_recorded_release_of_a_tool_shows_at_the_beginning_of_its_day(
    org: Org, credential: CredentialView
) -> None:
    day = (datetime.now(UTC) + timedelta(days=40)).date()
    tool_actions.record_release(
        by=org.owner, org_id=org.id, name="Mailwright", version="5.0", released_on=day
    )
    begins = datetime.combine(day, time(), UTC)
    door = Door()
    for moment, warned in ((begins - timedelta(seconds=5), False), (begins, True)):
        with clock.at(moment):
            page = door(credential.path).body.decode()
            assert ('data-warning="tool_changed"' in page) is warned


def test_no_answer_is_kept_longer_than_a_minute(door: Door, credential: CredentialView) -> None:
    start = datetime.now(UTC) + timedelta(hours=1)
    for seconds, asked in ((0, 1), (59, 1), (60, 2)):
        with clock.at(start + timedelta(seconds=seconds)):
            door(credential.path)
        assert door.asked == asked


def test_a_status_list_is_kept_until_a_bit_changes(org: Org, credential: CredentialView) -> None:
    urls = [url for url in queries.trust_documents(org.id) if "/status/" in url]
    path = urls[0].removeprefix("http://localhost:8000")
    door = Door()
    before = door(path)
    assert door(path).body == before.body
    assert door(path, IF_NONE_MATCH=before.headers["etag"]).status == 304
    assert door.asked == 1
    for change in (actions.suspend, actions.revoke):
        change(by=org.owner, org_id=org.id, public_id=credential.public_id, reason="Asked.")
    after = door(path)
    assert after.body != before.body
    tasks.run_until_idle()
    assert door(path).body == after.body
    assert door(f"/status/{uuid4()}").status == 404


def test_it_stays_within_its_bounds(org: Org, credential: CredentialView) -> None:
    few = Door(entries=2)
    for suffix in (".json", ".svg", ".png", ".json"):
        few(credential.path + suffix)
    assert few.asked == 4
    assert len(few.front._kept) == 2
    small = Door(size=len(few(credential.path + ".json").body) + 10)
    small(credential.path + ".json")
    small(credential.path)
    assert small.front._bytes <= small.front.most_bytes
    assert small.front._bytes == sum(len(answer.body) for answer in small.front._kept.values())


def test_several_threads_may_ask_at_once(door: Door, credential: CredentialView) -> None:
    answer = door(credential.path)
    key = next(iter(door.front._kept))
    kept = door.front._kept[key]

    def turn() -> None:
        for number in range(200):
            door.front._keep((*key, number % 7), kept)
            door.front._touch(key)

    threads = [threading.Thread(target=turn) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(door.front._kept) == 8
    assert door.front._bytes == 8 * len(answer.body)


def test_tags_are_compared_weakly() -> None:
    assert matches('"a"', 'W/"a"')
    assert matches('W/"a"', '"b" , "a"')
    assert not matches('"a"', '"A"')
    assert not matches('"a"', "a")


def test_the_media_type_does_not_depend_on_who_asked_before(door: Door, credential: CredentialView) -> None:
    for accept in ("Application/VC", "application/vc"):
        for path in (credential.path, credential.path + ".json"):
            assert door(path, ACCEPT=accept).headers["content-type"] == "application/vc"


def test_what_a_caller_writes_into_headers_is_not_kept(door: Door, credential: CredentialView) -> None:
    for number in range(20):
        door(credential.path, X_FORWARDED_PROTO=f"{number}" + "x" * 50_000)
        door(credential.path, HOST=f"localhost:8000{number}" + "0" * 50_000)
    door(credential.path, X_FORWARDED_PROTO="https")
    assert len(repr(list(door.front._kept))) < 20_000


def test_a_request_with_a_body_goes_to_django_which_takes_the_body_in(
    door: Door, credential: CredentialView
) -> None:
    door(credential.path)
    door(credential.path, CONTENT_LENGTH="5")
    assert door.asked == 2


def test_who_has_the_page_of_before_gets_the_new_name_of_the_organisation(
    door: Door, org: Org, credential: CredentialView
) -> None:
    etag = door(credential.path).headers["etag"]
    assert door(credential.path, IF_NONE_MATCH=etag).status == 304
    people.update_organisation(
        by=org.owner, org_id=org.id, name="Southlamp", url="https://south.example", email="", description="",
        country="",
    )  # fmt: skip
    again = door(credential.path, IF_NONE_MATCH=etag)
    assert again.status == 200
    assert "Southlamp" in again.body.decode()


def test_what_nobody_gets_any_more_leaves_the_memory(org: Org, credential: CredentialView) -> None:
    door, other = Door(), builders.issued(org)
    start = datetime.now(UTC) + timedelta(hours=1)
    with clock.at(start):
        for suffix in ("", ".json", ".png"):
            door(credential.path + suffix)
    actions.set_disclosure(
        by=builders.holder(credential), org_id=org.id, public_id=credential.public_id, visibility="private"
    )
    with clock.at(start + timedelta(seconds=61)):
        assert door(credential.path).status == 404
        body = door(other.path).body
    assert [key[0] for key in door.front._kept] == [other.path]
    assert door.front._bytes == len(body)
