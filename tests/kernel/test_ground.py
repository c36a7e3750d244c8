"""Ids, clock, sealing, tenancy, transition tables, rate limits, guarded HTTP."""

import contextlib
import socket
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.kernel import clock, crypto, http, ids, ratelimit, tasks
from guildmark.kernel.models import RateBucket
from guildmark.kernel.problems import Conflict, RateLimited
from guildmark.kernel.states import transitions
from guildmark.kernel.tenancy import UnscopedRead
from guildmark.people.models import Learner


def test_uuid7_is_version_7_and_never_goes_back():
    made = [ids.uuid7() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == 5000
    assert all((m.int >> 76) & 0xF == 7 and m.variant == uuid.RFC_4122 for m in made)


@given(st.uuids(version=4), st.integers(0, 12), st.sampled_from(ids.CROCKFORD))
def test_one_wrong_character_of_a_human_code_is_detected(public_id, place, letter):
    code = ids.human_code(public_id)
    assert ids.read_human_code(code.lower().replace("-", " ")) == public_id.int >> 68
    plain = code.removeprefix("GM-").replace("-", "")
    if plain[place] != letter:
        assert ids.read_human_code(plain[:place] + letter + plain[place + 1 :]) is None


def test_the_clock_can_be_set_for_a_block():
    moment = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    with clock.at(moment):
        assert clock.now() == moment
        assert clock.stamp(clock.now()) == "2026-01-02T03:04:05Z"
    assert clock.now() > moment


def test_a_sealed_secret_opens_only_in_its_own_context():
    blob = crypto.seal(b"private", context="row:1")
    assert crypto.unseal(blob, context="row:1") == b"private"
    assert b"private" not in blob
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(blob, context="row:2")
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(blob[:-1] + bytes([blob[-1] ^ 1]), context="row:1")


def test_reading_without_an_organisation_is_refused(db):
    with pytest.raises(UnscopedRead):
        Learner.objects.count()
    with pytest.raises(UnscopedRead):
        Learner.objects.filter(name="x")
    with pytest.raises(UnscopedRead):
        Learner.objects.create(email="a@b.example", name="x")
    assert Learner.objects.for_org(ids.uuid7()).count() == 0


def test_a_transition_table_names_what_is_possible():
    table = transitions("door", open="shut", shut="open locked")
    table.check("shut", "locked")
    with pytest.raises(Conflict, match="is open and cannot become locked") as refused:
        table.check("open", "locked")
    assert refused.value.mend == "From here it can become: shut."


def test_a_rate_limit_counts_per_caller_and_window(db):
    with clock.at(datetime(2026, 1, 1, tzinfo=UTC)):
        for _ in range(3):
            ratelimit.hit("door", "ann", limit=3, per=60)
        ratelimit.hit("door", "ben", limit=3, per=60)
        with pytest.raises(RateLimited) as refused:
            ratelimit.hit("door", "ann", limit=3, per=60)
        assert refused.value.retry_after == 60
        assert str(refused.value) == "This was tried 3 times within 1 minute. Wait 1 minute, then try again."
    with clock.at(datetime(2026, 1, 1, 0, 1, tzinfo=UTC)):
        ratelimit.hit("door", "ann", limit=3, per=60)


def test_rate_buckets_are_swept_when_their_window_is_over_and_not_before(db):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with clock.at(start):
        ratelimit.hit("door", "ann", limit=1, per=60)
        ratelimit.hit("gate", "ann", limit=1, per=3600)
    with clock.at(start + timedelta(seconds=59)):
        tasks.run_sweeps(force=True)
        with pytest.raises(RateLimited):
            ratelimit.hit("door", "ann", limit=1, per=60)
    with clock.at(start + timedelta(seconds=60)):
        tasks.run_sweeps(force=True)
        assert RateBucket.objects.count() == 1
        with pytest.raises(RateLimited):
            ratelimit.hit("gate", "ann", limit=1, per=3600)
    with clock.at(start + timedelta(hours=1)):
        tasks.run_sweeps(force=True)
        assert not RateBucket.objects.exists()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (3600, "1 hour"),
        (3601, "2 hours"),
    ],
)
def test_a_wait_is_told_in_the_words_of_a_clock(seconds, words):
    assert ratelimit.span(seconds) == words


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
     "0.0.0.0", "224.0.0.1", "2002:0a00:0001::1", "100.64.0.1", "192.0.2.1"],
)  # fmt: skip
def test_private_and_special_addresses_are_not_public(address):
    assert not http.is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_ordinary_addresses_are_public(address):
    assert http.is_public(address)


class _Site(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/loop":
            self.send_response(302)
            self.send_header("Location", "/loop")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"x" * (50_000 if self.path == "/big" else 5))

    def log_message(self, *args):
        return


@pytest.fixture
def site():
    server = HTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_loopback_address_is_refused_unless_allowed(site):
    with pytest.raises(http.FetchError, match="private network") as refused:
        http.fetch(site)
    assert refused.value.blocked
    answer = http.fetch(site, allow_private=True)
    assert (answer.status, answer.body, answer.media_type) == (200, b"xxxxx", "text/plain")


def test_a_name_that_resolves_to_loopback_is_refused(site):
    port = site.rsplit(":", 1)[1]
    with pytest.raises(http.FetchError) as refused:
        http.fetch(f"http://localhost:{port}/")
    assert refused.value.blocked


def test_too_much_and_too_many_redirects_end_in_a_clear_error(site):
    with pytest.raises(http.FetchError, match="larger than 1,000 bytes"):
        http.fetch(f"{site}/big", allow_private=True, max_bytes=1000)
    with pytest.raises(http.FetchError, match="redirects more than"):
        http.fetch(f"{site}/loop", allow_private=True)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x.example/", "http://u:p@x.example/", "gopher://x", "https://"]
)
def test_only_plain_web_addresses_are_fetched(url):
    with pytest.raises(http.FetchError):
        http.fetch(url)


@pytest.mark.parametrize(
    ("url", "wire"),
    [
        (
            "https://bücher.example/größe?was=ä#teil",
            "https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe?was=%C3%A4",
        ),
        ("http://x.example:8080/a%20b/~c;d=1?e=[1]&f=g?h", "http://x.example:8080/a%20b/~c;d=1?e=[1]&f=g?h"),
        ("http://[2606:2800::1]:81/", "http://[2606:2800::1]:81/"),
        (" https://X.example ", "https://x.example"),
    ],
)
def test_an_address_in_any_script_is_written_as_the_wire_wants_it(url, wire):
    assert http.check_url(url) == wire


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1/",
        "http://a b/",
        "http://\x00/",
        "http://\ud800.example/",
        f"http://{'a' * 300}/",
        "http://%61/",
    ],
)
def test_what_is_no_address_is_refused_in_words(url):
    with pytest.raises(http.FetchError) as refused:
        http.check_url(url)
    assert refused.value.reason


def test_a_server_that_drips_ends_in_time():
    """Each piece arrives soon; the whole would take an hour."""

    def drip(listener):
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            for letter in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 10_000:
                connection.send(bytes([letter]))
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=drip, args=[listener], daemon=True).start()
        before = time.monotonic()
        with pytest.raises(http.FetchError, match="in time"):
            http.fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/", allow_private=True, seconds=0.5)
        assert time.monotonic() - before < 5


def test_a_silent_server_ends_in_time():
    with socket.create_server(("127.0.0.1", 0)) as quiet, pytest.raises(http.FetchError, match="in time"):
        http.fetch(f"http://127.0.0.1:{quiet.getsockname()[1]}/", allow_private=True, seconds=0.5)
