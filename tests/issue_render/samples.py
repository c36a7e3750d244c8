"""Facts to draw, in the shape that reading a signed credential gives."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime

from guildmark.protocol.openbadges.facts import (
    AlignmentFacts,
    AssessmentFacts,
    CredentialFacts,
    CriterionFacts,
    EvidenceFacts,
    IssuerFacts,
    LevelFacts,
    RecipientFacts,
    StandardFacts,
)
from guildmark.protocol.openbadges.v3 import Signal

URL = "https://learn.example/c/7a1f0c52-1f6e-4d43-9a35-2f6f5a3f9b11"

#: One name a script: how people write themselves, with the characters that go wrong when drawn carelessly.
NAMES = {
    "Latin": "Zoë Łukasiewicz-Đặng",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Олександра Їжакевич",
    "Arabic": "محمد بن عبد الله الخوارزمي",
    "Persian": "نیلوفر می‌خواهم",
    "Hebrew": "שָׂרָה כהן־לוי",
    "Devanagari": "श्रीमती लक्ष्मी क्षत्रिय",
    "Bengali": "সত্যজিৎ চট্টোপাধ্যায়",
    "Tamil": "தமிழ்ச்செல்வி",
    "Thai": "สมชาย ใจดี",
    "Chinese": "歐陽喆堃",
    "Japanese": "渡邊さくら・ヴィクトリア",
    "Korean": "김하늘",
    "Armenian": "Արամ Խաչատրյան",
    "Georgian": "ნინო ბერიძე",
    "Ethiopic": "ሀይሌ ገብረ",
}


def digest(text: str) -> str:
    """Return the written form of a SHA-256, as evidence carries it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def criterion(
    key: str, name: str, description: str, reached: int, *, must_pass: bool = False, pass_at: int = 3
) -> CriterionFacts:
    """Return a criterion of four levels with the level reached (1 to 4)."""
    names = ("beginning", "developing", "proficient", "exemplary")
    levels = tuple(
        LevelFacts(
            id=f"https://learn.example/s/seq/v/2.0#criterion-{key}-level-{i}",
            name=level, description=None, points=str(i), achieved=i == reached, required=i == pass_at,
        )
        for i, level in enumerate(names, 1)
    )  # fmt: skip
    return CriterionFacts(
        id=f"https://learn.example/s/seq/v/2.0#criterion-{key}", key=key, name=name, description=description,
        must_pass=must_pass, levels=levels, achieved=levels[reached - 1], required=levels[pass_at - 1],
        alignments=(),
    )  # fmt: skip


def demonstrated(name: str | None = "Amara Okafor") -> CredentialFacts:
    """Return a demonstrated skill with three criteria and three pieces of work."""
    return CredentialFacts(
        id=URL,
        signal=Signal.DEMONSTRATED,
        achievement_type="MicroCredential",
        achievement_id="https://learn.example/s/seq/v/2.0",
        title="Automated welcome sequences",
        claim="Builds and checks an automated welcome sequence, tests every branch, and corrects faults "
        "before launch.",
        summary=None,
        language="en",
        version="2.0",
        image=None,
        tags=(),
        issuer=IssuerFacts("did:web:learn.example:o:northlamp", "Northlamp Academy", None, None, None, None),
        creator=None,
        recipient=RecipientFacts(name=name, did=None, identifiers=1),
        valid_from=datetime(2026, 11, 14, 9, 30, tzinfo=UTC),
        valid_until=datetime(2028, 5, 14, tzinfo=UTC),
        awarded_at=datetime(2026, 11, 14, 9, 0, tzinfo=UTC),
        criteria_url="https://learn.example/s/seq",
        criteria_narrative="Build a sequence from the brief.",
        criteria=(
            criterion("t", "Trigger logic", "Every entry and exit condition matches the brief, including people "
                      "who are already customers.", 3, must_pass=True),
            criterion("b", "Branch coverage test", "Each branch was run with a test contact; the log shows "
                      "expected and actual result.", 4, must_pass=True),
            criterion("e", "Explains decisions", "Names two trade-offs and what evidence would change the choice.", 3),
        ),
        bar="Every criterion at proficient or above; the two marked must pass cannot be made up for.",
        conditions="Done alone, in their own time, with any tool. Defended live: three questions from their own files.",
        hours="12",
        not_shown=("Writing the copy itself, deliverability, or list growth.",
                   "Work under supervision: done alone, in their own time."),
        alignments=(AlignmentFacts("Marketing automation", "http://data.europa.eu/esco/skill/1", None, "ESCO", "S1.2", None),),
        evidence=(
            EvidenceFacts(None, "Working sequence, export and screenshots", "12 files, 3.1 MB", None, "Software", None,
                          "application/zip", digest("a")),
            EvidenceFacts(None, "Walkthrough: two trade-offs explained", "Video with transcript", None, "Video", None,
                          "video/mp4", digest("b")),
            EvidenceFacts(None, "Repaired sequence with four planted faults", None, None, "Software", None,
                          "application/json", digest("c")),
        ),
        assessment=AssessmentFacts(date(2026, 11, 11), ("independent assessor", "independent assessor"), (), 1,
                                   "Work handed in, then defended live"),
        standard=StandardFacts("https://learn.example/s/seq/v/2.0", "2.0", digest("std"), "application/json"),
        statuses=(),
        facts=(),
    )  # fmt: skip


def completion(name: str | None = "Amara Okafor") -> CredentialFacts:
    """Return a completion record: took part, nothing judged."""
    return replace(
        demonstrated(name),
        signal=Signal.COMPLETION,
        achievement_type="CertificateOfCompletion",
        title="Introduction to e-mail automation",
        claim="Six live sessions and their exercises, spring 2026.",
        criteria=(), evidence=(), assessment=None, standard=None, alignments=(), bar=None, conditions=None,
        version=None, criteria_narrative=None, hours="9", not_shown=(), valid_until=None,
    )  # fmt: skip


def certified(name: str | None = "Amara Okafor") -> CredentialFacts:
    """Return a certification."""
    return replace(demonstrated(name), signal=Signal.CERTIFIED, achievement_type="Certification")


def signed(facts: CredentialFacts) -> bytes:
    """Return bytes that stand for the signed file; white space and escapes as an issuer may write them."""
    body = {
        "id": facts.id,
        "name": facts.title,
        "odd": '\u2028 "quoted" \\ é',
        "proof": {"type": "DataIntegrityProof"},
    }
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\r\n").encode()
