"""Credentials made by others, with the verdict that each must get.

Every file of ``corpus/`` says in its head where its cases come from. A case gives the document (JSON, or a token
or file as text or base64), what is served by address, what a chain says of a
transaction, and the verdict under a policy.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from guildmark.protocol.errors import NotAvailable
from guildmark.protocol.policy import POLICIES
from guildmark.protocol.proofs.merkle_proof_2019 import Anchor, AnchorFact
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


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['name']}" for file, case in CASES])
def test_a_foreign_credential_gets_its_verdict(file: str, case: dict[str, Any]) -> None:
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

    report = verify(
        source_of(case),
        loader=load,
        now=datetime.fromisoformat(case.get("now") or FILES[file]["now"]),
        anchors=look_up if "anchors" in case else None,
        policy=POLICIES[case.get("policy", "open-badges-strict")],
    )
    assert report.verdict is Verdict(case["expected"]), report.checks
    if "reason" in case:
        assert any(case["reason"] in item.detail for item in report.checks), report.checks
