"""Credentials made by others, with the verdict that each must get.

Every file of ``corpus/`` says in its head where its cases come from. A case gives the document (JSON, or a token
or file as text or base64), what is served by address, what a chain says of a
transaction, and the verdict under a policy.
"""

from __future__ import annotations

import base64
import copy
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from guildmark.protocol.errors import NotAvailable
from guildmark.protocol.policy import POLICIES
from guildmark.protocol.proofs.merkle_proof_2019 import Anchor, AnchorFact
from guildmark.protocol.report import Report
from guildmark.protocol.verify import Verdict, verify

FILES = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in (Path(__file__).parent / "corpus").glob("*.json")
}
CASES = [(name, case) for name, file in sorted(FILES.items()) for case in file["cases"]]


def source_of(case: dict[str, Any]) -> Any:
    if "base64" in case:
        return base64.b64decode(case["base64"])
    return case["text"] if "text" in case else json.dumps(case["document"], ensure_ascii=False)


def report_of(file: str, case: dict[str, Any], source: Any = None) -> Report:
    """The report on a case, or on a changed form of its document, in the world of the case."""
    served = {**FILES[file].get("documents", {}), **case.get("documents", {})}

    def load(url: str) -> Any:
        if url not in served:
            raise NotAvailable(f"{url} is not served.")
        return served[url]

    def look_up(anchor: Anchor) -> AnchorFact:
        fact = case["anchors"].get(anchor.uri)
        if fact is None:
            raise NotAvailable(f"{anchor.uri} is not in the chain.")
        return AnchorFact(bytes.fromhex(fact["root"]), fact["sender"], datetime.fromisoformat(fact["time"]))

    return verify(
        source_of(case) if source is None else source,
        loader=load,
        now=datetime.fromisoformat(case.get("now") or FILES[file]["now"]),
        anchors=look_up if "anchors" in case else None,
        policy=POLICIES[case.get("policy", "open-badges-strict")],
    )


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['name']}" for file, case in CASES])
def test_a_foreign_credential_gets_its_verdict(file: str, case: dict[str, Any]) -> None:
    report = report_of(file, case)
    assert report.verdict is Verdict(case["expected"]), report.checks
    if "reason" in case:
        assert any(case["reason"] in item.detail for item in report.checks), report.checks


def renamed(document: dict[str, Any]) -> None:
    document["id"] = "urn:uuid:00000000-0000-4000-8000-000000000000"


def another_recipient(document: dict[str, Any]) -> None:
    document["credentialSubject"]["id"] = "did:example:somebody-else"


def prolonged(document: dict[str, Any]) -> None:
    document["expirationDate" if "issuanceDate" in document else "validUntil"] = "2199-01-01T00:00:00Z"


def earlier(document: dict[str, Any]) -> None:
    document["issuanceDate" if "issuanceDate" in document else "validFrom"] = "2001-01-01T00:00:00Z"


def stripped(document: dict[str, Any]) -> None:
    del document["proof"]


def undefined(document: dict[str, Any]) -> None:
    document["credentialSubject"]["honours"] = "summa cum laude"


def emptied(document: dict[str, Any]) -> None:
    document["credentialSubject"] = {}


def foreign_context(document: dict[str, Any]) -> None:
    document["@context"] = [*document["@context"], "https://example.org/context"]


def own_terms(document: dict[str, Any]) -> None:
    document["@context"] = [*document["@context"], {"honours": "https://example.org/honours"}]


def without_context(document: dict[str, Any]) -> None:
    document["@context"] = document["@context"][:1]


def another_issuer(document: dict[str, Any]) -> None:
    issuer, other = document["issuer"], "https://other.example/issuers/1"
    document["issuer"] = {**issuer, "id": other} if isinstance(issuer, dict) else other


def another_suite(document: dict[str, Any]) -> None:
    proofs = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
    for proof in proofs:
        proof["type"] = "UnheardOfSignature2099"


def another_purpose(document: dict[str, Any]) -> None:
    proofs = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
    for proof in proofs:
        proof["proofPurpose"] = "authentication"


T, M, U, C = Verdict.TAMPERED, Verdict.MALFORMED, Verdict.UNKNOWN_ISSUER, Verdict.CANNOT_TELL
#: What a change makes of a good credential. Another issuer may be one who cannot be asked.
CHANGES: list[tuple[Any, set[Verdict]]] = [
    (renamed, {T}),
    (another_recipient, {T}),
    (prolonged, {T}),
    (earlier, {T}),
    (stripped, {C}),
    (undefined, {M}),
    (emptied, {M}),
    (foreign_context, {C}),
    (own_terms, {C}),
    (without_context, {M}),
    (another_issuer, {U, C}),
    (another_suite, {C}),
    (another_purpose, {T}),
]
GOOD = [
    (file, case)
    for file, case in CASES
    if case["expected"] == "valid" and "document" in case and "policy" not in case
]


@pytest.mark.parametrize(("change", "verdicts"), CHANGES, ids=[change.__name__ for change, _ in CHANGES])
def test_each_change_of_each_good_credential_gets_its_verdict(change: Any, verdicts: set[Verdict]) -> None:
    assert len(GOOD) >= 20
    for file, case in GOOD:
        document = copy.deepcopy(case["document"])
        change(document)
        expected = verdicts
        if case["name"].startswith("Sepolia") and change is another_issuer:
            # The chain says nothing about an issuer, so the hash, which covers him, is what fails.
            expected = {T}
        report = report_of(file, case, json.dumps(document))
        assert report.verdict in expected, (file, case["name"], report.verdict, report.checks)


ANCHORED = next(case for case in FILES["blockcerts"]["cases"] if case["name"] == "Sepolia, looked up")
PROFILE, PROFILE_OF = next(iter(FILES["blockcerts"]["documents"].items()))
LIST = PROFILE_OF["revocationList"]


@pytest.mark.parametrize(
    ("place", "entries", "verdict"),
    [
        (LIST, [], Verdict.VALID),
        (LIST, [ANCHORED["document"]["id"]], Verdict.REVOKED),
        (LIST.replace("https:", "http:"), [], Verdict.CANNOT_TELL),
    ],
)
def test_the_unsigned_list_of_a_blockcert_is_read_whole_and_only_over_https(
    place: str, entries: list[str], verdict: Verdict
) -> None:
    listed = {**ANCHORED["documents"][LIST], "id": place, "revokedAssertions": entries}
    documents = {PROFILE: {**PROFILE_OF, "revocationList": place}, place: listed}
    assert report_of("blockcerts", {**ANCHORED, "documents": documents}).verdict is verdict
