"""``guildmark vc-api``: served over TLS on this machine, in data of its own, and as its record says."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from guildmark.site.commands import vc_api
from tests.connect.samples import credential

SOURCES = Path(__file__).resolve().parents[2] / "src"


class Served:
    def __init__(self, data: Path, port: int, lines: list[str]) -> None:
        self.data, self.base, self.lines = data, f"https://127.0.0.1:{port}", lines
        self.context = ssl.create_default_context(cafile=str(data / "vc-api" / "certificate.pem"))

    def call(self, address: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, context=self.context, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("face")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUILDMARK_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "guildmark", "vc-api", "--port", str(port), "--data", str(data)],
        env={**kept, "PYTHONPATH": str(SOURCES)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield Served(data, port, [process.stdout.readline().strip() for _ in range(3)])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        process.stdout.close()


def test_it_answers_as_its_record_says(served: Served) -> None:
    path = Path(served.lines[1].removeprefix("Implementation record: "))
    record = json.loads(path.read_text("utf-8"))
    assert {"issuers", "verifiers", "vpVerifiers", "didResolvers"} <= set(record)
    made = {}
    for issuer in record["issuers"]:
        assert issuer["endpoint"].startswith(served.base)
        status, made = served.call(issuer["endpoint"], {"credential": credential(issuer=issuer["id"])})
        assert status == 201
        body = {"verifiableCredential": made, "options": {"checks": ["proof", "credentialStatus"]}}
        body["options"] = body["options"] if "credentialStatus" in made else {"checks": ["proof"]}
        expected = 400 if "ecdsa-sd-2023" in issuer["tags"] else 200
        assert served.call(record["verifiers"][0]["endpoint"], body)[0] == expected
    # The last face adds a status, whose list stands under the address that the suite called.
    url = made["credentialStatus"]["statusListCredential"]
    assert url.startswith(f"{served.base}/vc-api/status/")
    assert served.call(url)[1]["id"] == url


def test_addresses_with_every_character_reach_the_resolver(served: Served) -> None:
    key = "z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b"
    resolver = f"{served.base}/vc-api/resolver"
    assert (
        served.call(f"{resolver}/did%3Akey%3A{key}%23{key}")[1]["didDocument"]["controller"]
        == f"did:key:{key}"
    )
    odd = f"{resolver}/did%3Akey%3A{key}%2F%5Ebar%5E%2F%3Fquery%3D%60%23{key}"
    status, envelope = served.call(odd)
    assert (status, envelope["didDereferencingMetadata"]["error"]) == (400, "invalidDidUrl")


def test_the_key_of_the_certificate_is_for_its_owner_only(served: Served) -> None:
    key = served.data / "vc-api" / "certificate.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_certificate_is_kept_until_it_runs_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert, _ = vc_api.certificate(tmp_path)
    first = cert.read_bytes()
    assert vc_api.certificate(tmp_path)[0].read_bytes() == first
    names = x509.load_pem_x509_certificate(first).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert names.value.get_values_for_type(x509.DNSName) == ["localhost"]
    cert.unlink()
    monkeypatch.setattr(vc_api, "_LIFETIME", timedelta(hours=1))
    short = vc_api.certificate(tmp_path)[0].read_bytes()
    monkeypatch.undo()
    made = x509.load_pem_x509_certificate(vc_api.certificate(tmp_path)[0].read_bytes())
    assert made != x509.load_pem_x509_certificate(short)
    assert made.not_valid_after_utc > datetime.now(UTC) + timedelta(days=300)
