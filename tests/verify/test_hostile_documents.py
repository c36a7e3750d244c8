"""Documents made to hurt: each ends in a report, soon, and nothing that they hold runs in this process."""

from __future__ import annotations

import gzip
import http.server
import json
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from guildmark.protocol import multibase
from guildmark.protocol.openbadges.bake import PNG_SIGNATURE
from guildmark.verify import actions, sources
from guildmark.verify.types import MAX_BYTES, Report, Verdict
from tests.verify.samples import Academy, text


@pytest.fixture(scope="module")
def academy() -> Academy:
    return Academy()


def check(data: bytes, **options: Any) -> Report:
    return actions.verify_bytes(data, **{"offline": True, "seconds": 120.0, **options})


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_with(kind: bytes, body: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return PNG_SIGNATURE + header + chunk(kind, body) + chunk(b"IEND", b"")


BOMB = zlib.compress(b" " * 200_000_000, 9)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 200_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"id": "a", "id": "b"}',
        b'{"a": 1e999}',
        b"\xff\xfe\x00",
        b"",
        PNG_SIGNATURE,
        png_with(b"iTXt", b"openbadgecredential\0\1\0\0\0" + BOMB),
        png_with(b"tEXt", b"openbadgecredential\0{}"),
        PNG_SIGNATURE + b"\xff\xff\xff\xffIHDR",
        b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>",
        b"%PDF-1.7\n" + b"1 0 obj <<" * 10_000,
    ],
    ids=[
        "brackets", "deep objects", "key twice", "infinite number", "no text", "empty", "PNG cut off",
        "PNG bomb", "PNG with the wrong chunk", "PNG with a huge chunk", "SVG with entities", "PDF",
    ],
)  # fmt: skip
def test_what_is_no_credential_is_malformed(data: bytes) -> None:
    report = check(data)

    assert report.verdict is Verdict.MALFORMED
    assert report.checks[0].detail


def test_a_file_of_fifty_megabytes_is_refused_by_its_size() -> None:
    began = time.monotonic()

    report = check(b'{"a": "' + b"x" * 50_000_000 + b'"}')

    assert report.verdict is Verdict.MALFORMED
    assert f"{MAX_BYTES:,}" in report.checks[0].detail
    assert time.monotonic() - began < 5


def test_a_check_that_takes_too_long_is_stopped_and_says_so(academy: Academy) -> None:
    report = check(text(academy.credential()), trust=academy.documents(), seconds=0.001)

    assert report.verdict is Verdict.CANNOT_TELL
    assert "longer than 0.001 seconds" in report.checks[0].detail


def test_a_graph_that_is_costly_to_compare_ends_within_its_bounds(academy: Academy) -> None:
    credential = academy.credential()
    names = [f"_:b{number}" for number in range(60)]
    credential["evidence"] = [{"id": name, "type": ["Evidence"], "name": "x"} for name in names] + [
        {"type": ["Evidence"], "name": "y"} for _ in range(400)
    ]

    report = check(text(credential), trust=academy.documents(), seconds=60.0)

    assert report.verdict in {Verdict.MALFORMED, Verdict.TAMPERED, Verdict.CANNOT_TELL}


def test_a_status_list_that_unpacks_without_end_is_unreadable(academy: Academy) -> None:
    documents = academy.documents()
    bomb = multibase.encode(gzip.compress(bytes(200_000_000), 9, mtime=0), "u")
    for purpose in ("revocation", "suspension"):
        documents[f"{academy.base}/status/{purpose}"]["credentialSubject"]["encodedList"] = bomb

    report = check(text(academy.credential()), trust=documents)

    assert report.verdict is Verdict.CANNOT_TELL
    assert report.check("status").outcome == "not_checked"


class Stalling(http.server.BaseHTTPRequestHandler):
    """Answers each address in its own bad way."""

    def do_GET(self) -> None:
        if self.path == "/stall":
            time.sleep(5)
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Type", "text/html" if self.path == "/page" else "application/json")
        self.end_headers()
        self.wfile.write(
            b" " * 30_000_000 if self.path == "/large" else b"<p>" if self.path == "/page" else b"{}"
        )

    def log_message(self, format: str, *arguments: Any) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stalling) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


@pytest.mark.parametrize(
    ("path", "words"),
    [("/stall", "in time"), ("/large", "larger than"), ("/missing", "status 404"), ("/page", "web page")],
)
def test_an_address_that_misbehaves_is_explained(server: str, path: str, words: str) -> None:
    with pytest.raises(sources.SourceUnavailable, match=words):
        sources.read_url(server + path, allow_private=True, seconds=1.0)


def test_an_issuer_on_a_private_address_is_not_fetched(server: str) -> None:
    local = Academy(server)

    report = check(text(local.credential()), offline=False)

    assert report.verdict is Verdict.CANNOT_TELL
    assert "private network" in report.check("key_binding").detail


def test_own_addresses_are_answered_without_a_socket() -> None:
    from guildmark.config import load

    own = Academy(load().base_url)
    served = {
        f"{own.url}/did.json": own.document(),
        f"{own.base}/status/revocation": own.status_list("revocation"),
        f"{own.base}/status/suspension": own.status_list("suspension"),
    }

    report = check(
        text(own.credential()), offline=False, own=lambda url: text(served[url]) if url in served else None
    )

    assert report.verdict is Verdict.VALID
    assert report.check("issuer_trust").outcome == "not_checked"


def test_what_an_installation_does_not_serve_is_missing_in_words() -> None:
    from guildmark.config import load

    own = Academy(load().base_url)

    report = check(text(own.credential()), offline=False, own=lambda url: None)

    assert report.verdict is Verdict.CANNOT_TELL
    assert "serves nothing" in report.check("key_binding").detail


def test_one_credential_cannot_ask_for_documents_without_end() -> None:
    documents = sources.Documents(None, False, False, time.monotonic() + 60, fetches=sources.MAX_FETCHES)

    with pytest.raises(sources.Missing, match="more than 12"):
        documents.get("https://example.org/one-more")


def test_one_credential_cannot_keep_the_installation_busy_with_itself() -> None:
    from guildmark.config import load

    asked: list[str] = []

    def own(url: str) -> bytes:
        asked.append(url)
        return b"{}"

    documents = sources.Documents(own, False, False, time.monotonic() + 60)
    for number in range(sources.MAX_OWN):
        documents.get(f"{load().base_url}/c/x.pdf?{number}")

    with pytest.raises(sources.Missing, match="this installation"):
        documents.get(f"{load().base_url}/c/x.pdf")

    assert len(asked) == sources.MAX_OWN


def test_the_report_survives_a_document_with_half_a_character() -> None:
    report = check(json.dumps({"type": ["VerifiableCredential"], "name": "\ud800"}).encode())

    assert report.verdict is Verdict.MALFORMED
