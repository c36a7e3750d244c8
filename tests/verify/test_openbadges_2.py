"""Open Badges 2.0 at ``/verify`` and on the command line: our own hosted assertions, and what people read of them."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guildmark.config import load
from guildmark.issue import actions as issue
from guildmark.issue import queries
from guildmark.verify import actions, sources
from guildmark.verify.own import own_document
from guildmark.verify.report_text import render
from tests.issue.builders import issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def credential(org: Any) -> Any:
    return issued(org)


def page_of(client: Client, **fields: Any) -> str:
    answer = client.post("/verify", fields)
    assert answer.status_code == 200
    return answer.content.decode()


def test_our_hosted_assertion_is_valid_by_address_and_by_picture(client: Client, credential: Any) -> None:
    page = page_of(client, url=f"{load().base_url}{credential.path}/ob2", recipient=credential.holder_email)
    assert 'data-state="valid"' in page
    assert "what the issuer serves at its own address" in page
    assert credential.title in page
    assert "Badge of an older standard" in page
    assert "Its address serves this content" in page
    assert "The signature fits" not in page
    assert "The badge was given to this address." in page
    assert "Every line stands at the issuer" in page
    assert "was signed" not in page
    picture = client.get(f"{credential.path}/ob2.png").content
    assert 'data-state="valid"' in page_of(client, file=SimpleUploadedFile("badge.png", picture))


def test_the_page_shows_criteria_evidence_dates_and_issuer(client: Client, credential: Any) -> None:
    text = client.get(f"{credential.path}/ob2").content.decode()
    page = page_of(client, text=text)
    badge = client.get(json.loads(text)["badge"].removeprefix(load().base_url)).json()
    issuer = client.get(badge["issuer"].removeprefix(load().base_url)).json()
    for shown in (issuer["name"], badge["description"], json.loads(text)["evidence"][0]["name"], "Criteria"):
        assert shown in page
    assert "Valid from" in page


def test_a_changed_assertion_is_not_what_the_issuer_serves(client: Client, credential: Any) -> None:
    document = client.get(f"{credential.path}/ob2").json()
    page = page_of(client, text=json.dumps(document | {"narrative": "Better than it was."}))
    assert 'data-state="tampered"' in page
    assert "Not what the issuer serves" in page


def test_a_revoked_one_is_revoked_by_address_by_text_and_by_picture(
    client: Client, credential: Any, org: Any
) -> None:
    text = client.get(f"{credential.path}/ob2").content.decode()
    picture = client.get(f"{credential.path}/ob2.png").content
    issue.revoke(by=org.owner, org_id=org.id, public_id=credential.public_id, reason="Copied from elsewhere.")
    by_address = page_of(client, url=f"{load().base_url}{credential.path}/ob2")
    by_text = page_of(client, text=text)
    by_picture = page_of(client, file=SimpleUploadedFile("badge.png", picture))
    for page in (by_address, by_text, by_picture):
        assert 'data-state="revoked"' in page
        assert "Copied from elsewhere." in page


def test_our_trust_file_lists_the_issuer_of_the_older_form(client: Client, credential: Any, org: Any) -> None:
    data = client.get(f"{credential.path}/ob2").content
    report = actions.verify_bytes(data, own=own_document, trust=queries.trust_documents(org.id))
    assert report.verdict.value == "valid"
    assert report.check("issuer_trust").outcome.value == "passed"
    assert "what the issuer serves at its own address" in " ".join(render(report).split())


class _Gone(http.server.BaseHTTPRequestHandler):
    body = b""

    def do_GET(self) -> None:
        self.send_response(410)
        self.send_header("Content-Type", "application/ld+json")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def gone() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Gone)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/badge"
    server.shutdown()
    thread.join()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"revoked": true, "revocationReason": "A mistake."}', "A mistake."),
        (b"<html>gone</html>", "withdrawn"),
        (b"[" * 30_000, "withdrawn"),
    ],
)
def test_an_address_that_answers_gone_is_a_withdrawal(gone: str, body: bytes, said: str) -> None:
    _Gone.body = body
    report = actions.verify_bytes(sources.read_url(gone, allow_private=True), allow_private=True)
    assert report.verdict.value == "revoked"
    assert said in report.check("status").detail


class _Forger(http.server.BaseHTTPRequestHandler):
    """``127.0.0.1`` redirects wherever it is told to; ``localhost`` serves what a forger wrote in its name."""

    def do_GET(self) -> None:
        port = self.server.server_address[1]
        home = f"http://127.0.0.1:{port}"
        parts = urlsplit(self.path)
        if parts.path == "/go":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{port}/{parts.query}")
            self.end_headers()
            return
        documents = {
            "/assertion": {
                "type": "Assertion",
                "id": f"{home}/go?assertion",
                "recipient": {"type": "email", "hashed": False, "identity": "mallory@evil.example"},
                "badge": f"{home}/go?badge",
                "verification": {"type": "HostedBadge"},
                "issuedOn": "2026-01-01T00:00:00Z",
            },
            "/badge": {
                "type": "BadgeClass",
                "id": f"{home}/go?badge",
                "name": "Doctor",
                "description": "Everything.",
                "image": f"{home}/image",
                "criteria": {"narrative": "None."},
                "issuer": f"{home}/issuer",
            },
            "/issuer": {
                "type": "Issuer",
                "id": f"{home}/issuer",
                "name": "Honest",
                "url": home,
                "email": "a@b.c",
            },
        }
        body = json.dumps({"@context": "https://w3id.org/openbadges/v2", **documents[parts.path]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/ld+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


def test_an_open_redirect_of_the_issuer_proves_nothing() -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Forger)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}/go?assertion"
        report = actions.verify_bytes(sources.read_url(address, allow_private=True), allow_private=True)
    finally:
        server.shutdown()
        thread.join()
    assert report.verdict.value == "unknown_issuer"
    assert "another host" in report.check("key_binding").detail
