"""One full credential of each class, and keys and controllers to sign them with."""

from datetime import UTC, date, datetime

from nacl.signing import SigningKey

from guildmark.protocol import did, keys
from guildmark.protocol.openbadges.identity import hash_email
from guildmark.protocol.openbadges.v3 import (
    AchievementSpec,
    AlignmentSpec,
    AssessmentSpec,
    CredentialSpec,
    CriterionSpec,
    EvidenceSpec,
    FactSpec,
    ImageSpec,
    IssuerSpec,
    RecipientSpec,
    ResultSpec,
    RubricLevelSpec,
    Signal,
    StandardRef,
    StatusSpec,
)

KEY = SigningKey(bytes(range(32)))
OTHER_KEY = SigningKey(bytes(range(1, 33)))
PUBLIC = bytes(KEY.verify_key)
BASE = "https://academy.example"
ISSUER = "did:web:academy.example:o:northlamp"
METHOD = f"{ISSUER}#{keys.encode_multikey(PUBLIC)}"
CREATED = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DURING = datetime(2026, 6, 1, tzinfo=UTC)
EMAIL = "Ada@Example.org "
SALT = "f7a1c5d0b9"
LIST_REVOKED = f"{BASE}/status/r1"
LIST_SUSPENDED = f"{BASE}/status/s1"

LEVELS = (
    RubricLevelSpec("below", "Below", "Branches are missing."),
    RubricLevelSpec("sound", "Sound", "Every branch is tested once.", "1"),
    RubricLevelSpec("strong", "Strong", "Every branch is tested and the fault is named.", "2"),
)
CRITERIA = (
    CriterionSpec(
        "trigger",
        "Trigger logic",
        LEVELS,
        "sound",
        must_pass=True,
        description="The sequence starts when it should.",
    ),
    CriterionSpec("fit", "Message fits its purpose", LEVELS, "sound"),
)


def signer(message):
    return KEY.sign(message).signature


def issuer_document(*, active=None, controller=ISSUER, public=(PUBLIC,)):
    return did.build_controller_document(controller, public, active=active)


def achievement(**changes):
    values = {
        "id": f"{BASE}/s/email-sequence/v/1.0",
        "name": "Build a tested e-mail sequence",
        "description": "Can build an e-mail sequence with tested branches for a small shop.",
        "signal": Signal.DEMONSTRATED,
        "criteria_narrative": "Hand in a working sequence and a screencast.\n\nTwo judges rate it.",
        "criteria_url": f"{BASE}/s/email-sequence",
        "version": "1.0",
        "language": "en",
        "criteria": CRITERIA,
        "bar": "Trigger logic must be sound; one other criterion must be sound.",
        "conditions": "Own tools, own time, no help with the work itself.",
        "hours": "12",
        "not_shown": ("Copy writing", "Deliverability"),
        "alignments": (
            AlignmentSpec(
                "manage content",
                "http://data.europa.eu/esco/skill/x",
                "ESCO:Skill",
                "ESCO",
                "S1",
                "To manage content.",
            ),
        ),
        "tags": ("automation", "e-mail"),
        "image": ImageSpec(f"{BASE}/s/email-sequence/image.png", "A plain seal"),
    }
    return AchievementSpec(**(values | changes))


def spec(**changes):
    values = {
        "id": f"{BASE}/c/5f0c2d0e-6a8f-4c58-8f0a-8a1b8e9f2d11",
        "issuer": IssuerSpec(
            ISSUER, "Northlamp Academy", f"{BASE}/o/northlamp", "A school.", "hello@academy.example"
        ),
        "achievement": achievement(),
        "recipient": RecipientSpec(hash_email(EMAIL, SALT), SALT, name="Zoë Ōkami 山田"),
        "valid_from": datetime(2026, 3, 1, 12, tzinfo=UTC),
        "valid_until": datetime(2028, 3, 1, 12, tzinfo=UTC),
        "awarded_at": datetime(2026, 3, 1, 11, tzinfo=UTC),
        "assessment": AssessmentSpec(
            date(2026, 2, 27),
            ("independent assessor", "independent assessor"),
            ("One judge taught the learner.",),
            2,
            "blind rating of uploaded work",
        ),
        "results": (ResultSpec("trigger", "strong"), ResultSpec("fit", "sound")),
        "evidence": (
            EvidenceSpec(
                "Screencast",
                f"{BASE}/c/5f0c2d0e-6a8f-4c58-8f0a-8a1b8e9f2d11/evidence/1",
                "Six minutes",
                "Shows the three branches.",
                "Video",
                media_type="video/mp4",
                sha256=bytes(32),
            ),
            EvidenceSpec("Sequence export", genre="Document", sha256=b"\1" * 32),
        ),
        "statuses": (
            StatusSpec(LIST_REVOKED, 94567, "revocation"),
            StatusSpec(LIST_SUSPENDED, 94567, "suspension"),
        ),
        "standard": StandardRef(f"{BASE}/s/email-sequence/v/1.0.json", b"\2" * 32),
        "description": "Given for work that was handed in and judged.",
        "facts": (FactSpec("supervision", "Supervision", "none"),),
    }
    return CredentialSpec(**(values | changes))


def completion():
    return spec(
        achievement=AchievementSpec(
            id=f"{BASE}/s/course/v/1.0",
            name="Automation basics",
            description="Took part in all eight sessions.",
            signal=Signal.COMPLETION,
            criteria_narrative="Be there in at least seven of eight sessions.",
        ),
        assessment=None,
        results=(),
        evidence=(),
        standard=None,
        facts=(),
    )
