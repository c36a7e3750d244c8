"""Credentials in every state, made with the protocol and one known key, and the trust file that goes with
them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from nacl.signing import SigningKey

from guildmark.protocol import did, keys
from guildmark.protocol.openbadges import supersession
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.openbadges.identity import hash_email
from guildmark.protocol.openbadges.v3 import (
    AchievementSpec,
    AlignmentSpec,
    AssessmentSpec,
    CredentialSpec,
    CriterionSpec,
    EvidenceSpec,
    FactSpec,
    IssuerSpec,
    RecipientSpec,
    ResultSpec,
    RubricLevelSpec,
    Signal,
    StandardRef,
    StatusSpec,
)
from guildmark.protocol.proofs import data_integrity as suite
from guildmark.protocol.status import bitstring

BASE = "https://academy.example"
EMAIL = "ada@example.org"
SALT = "c2FsdC1vZi10aGUtdGVzdA"
BEGUN = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
ENDS = datetime(2036, 1, 10, 9, 0, tzinfo=UTC)
REVOKED, SUSPENDED, SUPERSEDED = 7, 11, 13


def levels() -> tuple[RubricLevelSpec, ...]:
    return (
        RubricLevelSpec("none", "Not shown", "Nothing of it can be seen.", "0"),
        RubricLevelSpec("met", "Shown", "All of it can be seen.", "1"),
        RubricLevelSpec("more", "Shown beyond", points="2"),
    )


@dataclass
class Academy:
    """An issuer with one key; ``issuer`` is its identifier, ``base`` where its things are served."""

    base: str = BASE
    key: SigningKey = field(default_factory=lambda: SigningKey(b"guildmark test key, never used !"))

    @property
    def url(self) -> str:
        return f"{self.base}/o/northlamp"

    @property
    def issuer(self) -> str:
        return did.url_to_did_web(self.url)

    @property
    def public_key(self) -> bytes:
        return bytes(self.key.verify_key)

    @property
    def method(self) -> str:
        return f"{self.issuer}#{keys.encode_multikey(self.public_key)}"

    def sign(self, document: dict[str, Any], created: datetime = BEGUN) -> dict[str, Any]:
        return suite.sign(
            document,
            signer=lambda data: self.key.sign(data).signature,
            verification_method=self.method,
            created=created,
        )

    def document(self) -> dict[str, Any]:
        return did.build_controller_document(self.issuer, [self.public_key], also_known_as=[self.url])

    def status_list(self, purpose: str) -> dict[str, Any]:
        raised = [REVOKED, SUPERSEDED] if purpose == "revocation" else [SUSPENDED]
        return self.sign(
            bitstring.build_list(
                url=f"{self.base}/status/{purpose}",
                issuer=self.issuer,
                purpose=purpose,
                bits=bitstring.from_indices(raised),
                valid_from=BEGUN,
            )
        )

    def credential(self, index: int = 3, **changes: Any) -> dict[str, Any]:
        """A signed credential at a place in both status lists; ``changes`` replace fields of its spec."""
        spec: dict[str, Any] = {
            "id": f"{self.base}/c/00000000-0000-4000-8000-0000000000{index:02d}",
            "issuer": IssuerSpec(
                self.issuer, "Northlamp Academy", url=self.url, description="Teaches by doing."
            ),
            "achievement": achievement(self.base),
            "recipient": RecipientSpec(hash_email(EMAIL, SALT), SALT, name="Ada Łukasiewicz 山田"),
            "valid_from": BEGUN,
            "valid_until": ENDS,
            "awarded_at": BEGUN,
            "assessment": AssessmentSpec(
                BEGUN.date(),
                ("independent assessor", "independent assessor"),
                ("One judge taught the learner.",),
                2,
            ),
            "results": (ResultSpec("trigger", "met"), ResultSpec("explains", "more")),
            "evidence": (
                EvidenceSpec(
                    "Sequence export", genre="Document", media_type="application/zip", sha256=b"\x11" * 32
                ),
                EvidenceSpec(
                    "Walkthrough", f"{self.base}/c/x/evidence/1", "Six minutes", sha256=b"\x22" * 32
                ),
            ),
            "statuses": (
                StatusSpec(f"{self.base}/status/revocation", index, "revocation"),
                StatusSpec(f"{self.base}/status/suspension", index, "suspension"),
            ),
            "standard": StandardRef(f"{self.base}/s/welcome/v/2.0.json", b"\x33" * 32),
            "facts": (FactSpec("barPublicDays", "Days the bar was public before the work", "41"),),
        }
        return self.sign(build(CredentialSpec(**{**spec, **changes})))

    def supersession(self, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        record = supersession.build_record(
            old_id=old["id"],
            new_id=new["id"],
            new_sha256=hashlib.sha256(text(new)).digest(),
            issuer=self.issuer,
            issuer_name="Northlamp Academy",
            reason="The name was misspelt.",
            valid_from=BEGUN,
        )
        return self.sign(record)

    def documents(self) -> dict[str, Any]:
        """What a trust file of this issuer holds."""
        found = {self.issuer: self.document()}
        for purpose in ("revocation", "suspension"):
            found[f"{self.base}/status/{purpose}"] = self.status_list(purpose)
        old = self.credential(SUPERSEDED)
        record = self.supersession(old, self.credential(3))
        return {**found, record["id"]: record}

    def trust_file(self) -> bytes:
        return text({"documents": self.documents()})


def achievement(base: str) -> AchievementSpec:
    return AchievementSpec(
        id=f"{base}/s/welcome/v/2.0",
        name="Automated welcome sequences",
        description="Builds and checks an automated welcome sequence, tests every branch and mends faults.",
        signal=Signal.DEMONSTRATED,
        criteria_narrative="Hand in a working sequence, its test log and a walkthrough.",
        version="2.0",
        language="en",
        criteria_url=f"{base}/s/welcome",
        criteria=(
            CriterionSpec(
                "trigger", "Trigger logic", levels(), "met", True, "Every condition matches the brief."
            ),
            CriterionSpec("explains", "Explains decisions", levels(), "met"),
        ),
        bar="Every must-pass criterion at Shown, and one of the others.",
        conditions="In their own time, unsupervised.",
        hours="18",
        not_shown=("Writing the copy itself.", "Deliverability."),
        alignments=(
            AlignmentSpec(
                "Marketing automation", "https://example.org/skills/7", "ESCO:Skill", "ESCO", "7", "Doing it."
            ),
        ),
        tags=("e-mail", "automation"),
    )


def text(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def tampered(document: dict[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(text(document))
    copy["credentialSubject"]["achievement"]["description"] += " And flies."
    return copy
