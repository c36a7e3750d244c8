"""``guildmark verify`` as others call it: verdicts, exit codes, sources, dates, and what reaches the
terminal.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from guildmark.cli import main
from guildmark.protocol.errors import NotValid
from guildmark.protocol.openbadges.bake import bake_png, bake_svg
from guildmark.protocol.openbadges.v3 import RecipientSpec
from guildmark.verify import actions
from guildmark.verify.types import POLICIES
from tests.verify.samples import (
    EMAIL,
    REVOKED,
    SALT,
    SUPERSEDED,
    SUSPENDED,
    Academy,
    hash_email,
    tampered,
    text,
)

SOURCES = Path(__file__).resolve().parents[2] / "src"
# The smallest PNG: one grey pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000 3a7e9b55"
    "0000000a49444154789c6360000000020001 48afa471 0000000049454e44ae426082".replace(" ", "")
)


@pytest.fixture(scope="module")
def academy() -> Academy:
    return Academy()


@pytest.fixture(scope="module")
def trust(academy: Academy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trust") / "trust.json"
    path.write_bytes(academy.trust_file())
    return path


@pytest.fixture(scope="module")
def valid(academy: Academy) -> dict[str, Any]:
    return academy.credential()


def ask(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any]]:
    code = main(["verify", *map(str, arguments), "--json", "--seconds", "120"])
    return code, json.loads(capsys.readouterr().out)


def write(tmp_path: Path, document: Any, name: str = "credential.json") -> Path:
    path = tmp_path / name
    path.write_bytes(document if isinstance(document, bytes) else text(document))
    return path


def state(name: str, academy: Academy) -> Any:
    stranger = Academy("https://stranger.example")
    made = {
        "valid": lambda: academy.credential(),
        "expired": lambda: academy.credential(valid_until=datetime(2026, 2, 1, tzinfo=UTC)),
        "not_yet_valid": lambda: academy.credential(valid_from=datetime(2035, 1, 1, tzinfo=UTC)),
        "revoked": lambda: academy.credential(REVOKED),
        "suspended": lambda: academy.credential(SUSPENDED),
        "superseded": lambda: academy.credential(SUPERSEDED),
        "tampered": lambda: tampered(academy.credential()),
        "unknown_issuer": lambda: {
            **academy.credential(),
            "proof": stranger.credential()["proof"],
        },
        "cannot_tell": lambda: stranger_without_documents(),
        "malformed": lambda: b"not a credential at all",
    }
    return made[name]()


def stranger_without_documents() -> dict[str, Any]:
    credential = Academy("https://stranger.example").credential()
    credential["proof"]["cryptosuite"] = "bbs-2023"
    return credential


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        ("valid", 0),
        ("expired", 1),
        ("not_yet_valid", 1),
        ("revoked", 1),
        ("suspended", 1),
        ("superseded", 1),
        ("tampered", 1),
        ("unknown_issuer", 1),
        ("cannot_tell", 2),
        ("malformed", 3),
    ],
)
def test_every_verdict_has_its_word_and_its_exit_code(
    verdict: str, code: int, academy: Academy, trust: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, state(verdict, academy))

    given, report = ask(capsys, path, "--offline", "--trust", trust)

    assert (report["verdict"], given) == (verdict, code), report["checks"]


def test_the_json_has_exactly_the_members_of_the_contract(
    valid: dict[str, Any], trust: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = ask(capsys, write(tmp_path, valid), "--offline", "--trust", trust)

    assert set(report) == {"verdict", "checks", "credential"}
    assert all(set(item) == {"name", "outcome", "detail"} for item in report["checks"])
    assert [item["name"] for item in report["checks"]] == [
        "syntax", "schema", "safe_mode", "proof", "key_binding", "status", "validity", "issuer_trust",
        "recipient", "endorsements",
    ]  # fmt: skip
    assert report["credential"] == valid


def test_a_revoked_credential_without_the_record_of_its_correction_is_revoked(
    academy: Academy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = {
        key: value for key, value in academy.documents().items() if not key.endswith("/supersession")
    }
    trust = write(tmp_path, {"documents": documents}, "trust.json")

    code, report = ask(capsys, write(tmp_path, academy.credential(SUPERSEDED)), "--offline", "--trust", trust)

    assert (code, report["verdict"]) == (1, "revoked")


def test_the_trust_file_answers_before_anything_else(
    valid: dict[str, Any], trust: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Without --offline the network is allowed, and the host academy.example does not exist: nothing is
    # fetched.
    code, report = ask(capsys, write(tmp_path, valid), "--trust", trust)

    assert (code, report["verdict"]) == (0, "valid")


def test_without_its_status_lists_a_credential_cannot_be_told(
    academy: Academy, valid: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trust = write(tmp_path, {"documents": {academy.issuer: academy.document()}}, "trust.json")

    code, report = ask(capsys, write(tmp_path, valid), "--offline", "--trust", trust)

    assert (code, report["verdict"]) == (2, "cannot_tell")
    assert "offline" in next(item for item in report["checks"] if item["name"] == "status")["detail"]


@pytest.mark.parametrize(
    ("at", "verdict"),
    [("2025-12-31", "not_yet_valid"), ("2036-02-01", "expired"), ("2027-01-01T08:00:00Z", "valid")],
)
def test_another_date_shifts_the_validity_and_leaves_the_status_unchecked(
    at: str, verdict: str, academy: Academy, trust: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, academy.credential(REVOKED))

    _, report = ask(capsys, path, "--offline", "--trust", trust, "--at", at)

    outcomes = {item["name"]: item["outcome"] for item in report["checks"]}
    assert report["verdict"] == verdict
    assert outcomes["status"] == "not_checked"


@pytest.mark.parametrize(
    ("email", "outcome"), [(EMAIL, "passed"), (" ADA@example.org ", "passed"), ("bob@example.org", "failed")]
)
def test_the_holder_is_compared_by_address(
    email: str,
    outcome: str,
    valid: dict[str, Any],
    trust: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, report = ask(capsys, write(tmp_path, valid), "--offline", "--trust", trust, "--recipient", email)

    assert next(item for item in report["checks"] if item["name"] == "recipient")["outcome"] == outcome


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_badge_image_is_a_source(
    kind: str, valid: dict[str, Any], trust: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
    image = bake_png(PIXEL, text(valid)) if kind == "png" else bake_svg(svg, text(valid))

    code, report = ask(capsys, write(tmp_path, image, f"badge.{kind}"), "--offline", "--trust", trust)

    assert (code, report["verdict"]) == (0, "valid")


def test_standard_input_is_a_source(
    valid: dict[str, Any], trust: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text(valid))))

    code, _ = ask(capsys, "-", "--offline", "--trust", trust)

    assert code == 0


def test_a_token_without_a_signature_is_no_proof(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    token = b"eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.c2lnbmF0dXJl"

    code, report = ask(capsys, write(tmp_path, token, "credential.jwt"), "--offline")

    assert (code, report["verdict"]) == (2, "cannot_tell")
    assert "'none'" in json.dumps(report["checks"])


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = ask(capsys, tmp_path / "nowhere.json")

    assert (code, report["verdict"], report["credential"]) == (3, "malformed", {})


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/c/1", "http://[::ffff:10.0.0.1]/c/1", "http://169.254.169.254/latest/meta-data"],
)
def test_an_address_in_a_private_network_is_not_opened(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = ask(capsys, address)

    assert (code, report["verdict"]) == (2, "cannot_tell")
    assert "private network" in report["checks"][0]["detail"]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"documents": []}'])
def test_a_trust_file_that_cannot_be_used_is_a_mistake_in_the_arguments(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trust = write(tmp_path, content, "trust.json")

    code = main(["verify", str(trust), "--trust", str(trust)])

    shown = capsys.readouterr()
    assert (code, shown.out) == (2, "")
    assert "trust file" in shown.err
    assert "Traceback" not in shown.err


def test_a_date_that_is_none_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "x.json", "--at", "yesterday"]) == 2
    assert "2026-11-14" in capsys.readouterr().err


def test_names_cannot_command_the_terminal(
    academy: Academy, trust: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "Ada\u001b[2J\u001b]0;owned\u0007\u202egnp.exe\u009b31m"
    recipient = RecipientSpec(hash_email(EMAIL, SALT), SALT, name=name)
    path = write(tmp_path, academy.credential(recipient=recipient))

    main(["verify", str(path), "--offline", "--trust", str(trust), "--seconds", "120"])

    shown = capsys.readouterr().out
    assert "Ada\\u{1b}[2J" in shown
    assert not any(char in shown for char in "\u001b\u0007\u202e\u009b")
    assert shown.splitlines()[0] == "[ok] Valid"


def test_the_command_needs_neither_django_nor_a_data_directory(
    valid: dict[str, Any], trust: Path, tmp_path: Path
) -> None:
    path = write(tmp_path, valid)
    program = (
        "import sys; from guildmark.cli import main; "
        f"given = [{str(path)!r}, '--offline', '--trust', {str(trust)!r}, '--data', 'made']; "
        "code = main(['verify', *given, '--seconds', '120']); "
        "print([name for name in sys.modules if name.partition('.')[0] in ('django', 'httpx', 'pydantic')]); "
        "sys.exit(code)"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
    assert [item.name for item in tmp_path.iterdir()] == ["credential.json"]


def test_the_data_directory_is_named_before_or_after_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    from guildmark.cli import take_data_dir

    assert take_data_dir(["--data", "a", "verify", "x"]) == ("a", ["verify", "x"])
    assert take_data_dir(["verify", "x", "--data=b"]) == ("b", ["verify", "x"])
    assert take_data_dir(["verify", "--", "--data"]) == (None, ["verify", "--", "--data"])


def test_the_report_of_a_library_call_carries_the_correction(academy: Academy) -> None:
    report = actions.verify_bytes(
        text(academy.credential(SUPERSEDED)), offline=True, trust=academy.documents(), seconds=120
    )

    assert report.superseded_by == academy.credential()["id"]


def test_the_policy_says_which_checks_decide(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, trust: Path, academy: Academy
) -> None:
    path = write(tmp_path, academy.credential(REVOKED))
    assert ask(capsys, path, "--trust", trust, "--offline")[1]["verdict"] == "revoked"
    code, report = ask(capsys, path, "--trust", trust, "--offline", "--policy", "proof-only")
    assert (code, report["verdict"]) == (0, "valid")
    assert {item["name"]: item["outcome"] for item in report["checks"]}["status"] == "not_checked"
    main(["verify", str(path), "--trust", str(trust), "--offline", "--policy", "proof-only"])
    said = capsys.readouterr().out
    assert "still stands by it" not in said
    assert "Not looked at" in said


def test_a_report_from_the_other_process_answers_for_other_policies_too(academy: Academy) -> None:
    documents = json.loads(academy.trust_file())["documents"]
    data = text(academy.credential(REVOKED))
    report = actions.verify_bytes(data, offline=True, trust=documents, seconds=120)
    report.ensure_valid(POLICIES["proof-only"])
    with pytest.raises(NotValid):
        report.ensure_valid(POLICIES["wallet-lenient"])
