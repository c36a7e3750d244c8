"""Open Badges 2.0 documents: what a hosted assertion says, taken from a signed Open Badges 3.0 credential.

Open Badges 2.0 has no signature that could carry over: the address itself is the proof. So these documents are built
from the stored signed bytes and hold nothing that those do not say. Sections are those of Open Badges 2.0 (IMS Global,
2018): 3.1 Assertion, 3.2 BadgeClass, 3.3 Profile, 5.4 revoking hosted assertions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from guildmark.protocol.errors import Malformed
from guildmark.protocol.openbadges.facts import CredentialFacts
from guildmark.protocol.openbadges.nodes import nodes_of as _nodes
from guildmark.protocol.openbadges.reading import read
from guildmark.protocol.times import format_instant

CONTEXT: Final = "https://w3id.org/openbadges/v2"
MEDIA_TYPE: Final = "application/ld+json"
_ALIGNMENT: Final = ("targetName", "targetUrl", "targetFramework", "targetCode", "targetDescription")
_EVIDENCE: Final = ("name", "description", "narrative", "genre", "audience")


def _clean(members: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in members.items() if value is not None and value not in ("", [])}


def recipient(document: Mapping[str, Any]) -> dict[str, Any]:
    """The hashed e-mail address as IdentityObject (section 3.4); Malformed if the credential names none."""
    for entry in _nodes(document.get("credentialSubject", {}), "identifier"):
        if entry.get("identityType") == "emailAddress" and entry.get("hashed") is True:
            return _clean(
                {
                    "type": "email",
                    "hashed": True,
                    "salt": entry.get("salt"),
                    "identity": entry.get("identityHash"),
                }
            )
    raise Malformed(
        "The credential names no hashed e-mail address, which an assertion of Open Badges 2.0 needs.",
        field="credentialSubject.identifier",
    )


def _evidence(item: Mapping[str, Any], open_addresses: Collection[str]) -> dict[str, Any]:
    """One piece of evidence; its address only while the holder lets outsiders open it."""
    address = item.get("id")
    members = {
        "type": "Evidence",
        "id": address if address in open_addresses else None,
        **{key: item.get(key) for key in _EVIDENCE},
    }
    return _clean(members)


def _narrative(facts: CredentialFacts) -> str | None:
    """The rule and the levels reached, in Markdown; None where nobody judged by a rubric."""
    reached = [f"- {one.name}: {one.achieved.name}" for one in facts.criteria if one.achieved]
    lines = [facts.bar] if facts.bar else []
    if reached:
        lines.append("Levels reached:\n\n" + "\n".join(reached))
    return "\n\n".join(lines) or None


def assertion(
    document: Mapping[str, Any],
    *,
    id: str,
    badge: str,
    image: str | None = None,
    open_evidence: Collection[str] = (),
) -> dict[str, Any]:
    """The hosted assertion of a signed credential (sections 3.1 and 5.3).

    ``id`` is the address that serves it, ``badge`` that of the BadgeClass, ``image`` that of the baked picture;
    ``open_evidence`` holds the addresses of evidence that a stranger may open now. ``issuedOn`` is the later of award
    and start of validity, since Open Badges 2.0 knows no start. Malformed if the credential names no hashed address
    or no date.
    """
    facts = read(document)
    moments = [moment for moment in (facts.awarded_at, facts.valid_from) if moment is not None]
    if not moments:
        raise Malformed("The credential names no date of issue.", field="validFrom")
    members = {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": id,
        "recipient": recipient(document),
        "badge": badge,
        "verification": {"type": "HostedBadge"},
        "issuedOn": format_instant(max(moments)),
        "expires": format_instant(facts.valid_until) if facts.valid_until else None,
        "image": image,
        "narrative": _narrative(facts),
        "evidence": [_evidence(item, open_evidence) for item in _nodes(document, "evidence")],
    }
    return _clean(members)


def revoked(id: str, reason: str) -> dict[str, Any]:
    """What is left of an assertion that no longer stands (section 5.4); ``reason`` may be empty."""
    members = {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": id,
        "revoked": True,
        "revocationReason": reason,
    }
    return _clean(members)


def badge_class(
    achievement: Mapping[str, Any], *, id: str, issuer: str, image: str, criteria: str | None = None
) -> dict[str, Any]:
    """The BadgeClass of an Achievement (section 3.2). ``criteria`` is the address of a page for people."""
    stated = achievement.get("criteria")
    narrative = stated.get("narrative") if isinstance(stated, Mapping) else None
    members = {
        "@context": CONTEXT,
        "type": "BadgeClass",
        "id": id,
        "name": achievement.get("name"),
        "description": achievement.get("description"),
        "image": image,
        "criteria": _clean({"type": "Criteria", "id": criteria, "narrative": narrative}),
        "issuer": issuer,
        "alignment": [
            _clean({"type": "AlignmentObject", **{key: item.get(key) for key in _ALIGNMENT}})
            for item in _nodes(achievement, "alignment")
        ],
        "tags": [tag for tag in achievement.get("tag", []) if isinstance(tag, str)],
        "version": achievement.get("version"),
    }
    return _clean(members)


def profile(issuer: Mapping[str, Any], *, id: str, url: str, email: str, scope: str) -> dict[str, Any]:
    """The issuer (section 3.3). ``email`` is used where the issuer names none: issuers must have one.

    ``scope`` is what the id of every hosted assertion of this issuer begins with (section 3.5, startsWith).
    """
    members = {
        "@context": CONTEXT,
        "type": "Issuer",
        "id": id,
        "name": issuer.get("name"),
        "url": url,
        "email": issuer.get("email") or email,
        "description": issuer.get("description"),
        "verification": {"type": "VerificationObject", "startsWith": scope},
    }
    return _clean(members)
