"""``guildmark vc-api``: serve the conformance face over TLS on this machine, and write what a suite needs to know."""

from __future__ import annotations

import argparse
import ipaddress
import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from guildmark.config import default_data_dir, fix_installation
from guildmark.site.commands.serve import check_port

HOST = "127.0.0.1"
_LIFETIME = timedelta(days=365)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8443, help="port to listen on (default 8443)")


def run(args: argparse.Namespace) -> int:
    check_port(HOST, args.port)
    # A test machine's business: never in the data of an installation that issues, unless it is named.
    os.environ.setdefault("GUILDMARK_DATA", str(Path.cwd() / ".guildmark" / "vc-api"))
    os.environ["GUILDMARK_VC_API"] = "1"
    base = f"https://{HOST}:{args.port}"
    data = default_data_dir()
    fix_installation(data, base_url=base)
    from guildmark.config import load

    load.cache_clear()
    from guildmark.site.commands import _django

    _django.setup()
    _django.migrate()
    record = write_record(data, base)
    return serve(args.port, *certificate(data), record)


def write_record(data: Path, base: str) -> Path:
    """Write the implementation record that a suite's settings name; return where it is."""
    from guildmark.connect.vcapi import queries

    path = data / "vc-api" / "implementation.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(queries.implementation_record(base), indent=1) + "\n", "utf-8")
    return path


def certificate(data: Path) -> tuple[Path, Path]:
    """The certificate of this machine and its key, signed by itself, made anew when it has run out."""
    cert, key = data / "vc-api" / "certificate.pem", data / "vc-api" / "certificate.key"
    cert.parent.mkdir(parents=True, exist_ok=True)
    if cert.exists() and key.exists():
        ends = x509.load_pem_x509_certificate(cert.read_bytes()).not_valid_after_utc
        if ends > datetime.now(UTC) + timedelta(days=1):
            return cert, key
    private = ec.generate_private_key(ec.SECP256R1())
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
    cert.write_bytes(_self_signed(private).public_bytes(Encoding.PEM))
    return cert, key


def _self_signed(private: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Guildmark conformance face")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(HOST))]
    begin = datetime.now(UTC) - timedelta(minutes=5)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + _LIFETIME)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )


def serve(port: int, cert: Path, key: Path, record: Path) -> int:
    """Run the server until it ends or is stopped; say where everything is once it answers."""
    child = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port),
            "--ssl-certificate", str(cert), "--ssl-keyfile", str(key), "--ssl-protocol-min", "tls1.2",
            "--workers", "1", "--blocking-threads", "2", "--no-ws", "--log-level", "warning",
            "guildmark.wsgi:application",
        ]
    )  # fmt: skip

    def stop(signum: int, frame: FrameType | None) -> None:
        child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if ready(port, cert, child):
        print(f"The conformance face answers at https://{HOST}:{port}/vc-api/", flush=True)
        print(f"Implementation record: {record}", flush=True)
        print(f"Certificate: {cert}", flush=True)
    return max(child.wait(), 0)


def ready(port: int, cert: Path, child: subprocess.Popen[bytes]) -> bool:
    """True once /healthz answers over TLS; False when the server ends first or is silent for a minute."""
    context = ssl.create_default_context(cafile=str(cert))
    for _ in range(600):
        if child.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(
                f"https://{HOST}:{port}/healthz", timeout=2, context=context
            ) as answer:
                if answer.status == 200:
                    return True
        except OSError:
            time.sleep(0.1)
    return False
