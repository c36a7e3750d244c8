"""Whether the bar was public before the work: the dates in a credential beside an entry of the log of standards."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import date

from guildmark.protocol.errors import BadDigest
from guildmark.protocol.openbadges.facts import CredentialFacts
from guildmark.protocol.standards_log import Entry, fingerprint

PUBLISHED, SUBMITTED, ENTRY = "standardPublished", "submitted", "standardEntry"
_ENTRY = re.compile(r"entry (\d{1,18}), sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Named:
    """The entry that a credential names: its place in the log and its hash in hexadecimal."""

    index: int
    leaf_hash: str


def words(index: int, entry: Entry) -> str:
    """How a credential names an entry."""
    return f"entry {index}, sha256:{fingerprint(entry)}"


def named_entry(facts: CredentialFacts) -> Named | None:
    """The entry that a credential names, or None when it names none."""
    for fact in facts.facts:
        found = _ENTRY.fullmatch(fact.value) if fact.key == ENTRY else None
        if found:
            return Named(int(found[1]), found[2])
    return None


def _day(facts: CredentialFacts, key: str) -> date | None:
    for fact in facts.facts:
        if fact.key == key:
            try:
                return date.fromisoformat(fact.value)
            except ValueError:
                return None
    return None


def days_public(facts: CredentialFacts) -> int | None:
    """Whole days from the publication of the standard to the hand-in of the work, from the signed figures.

    None when the credential does not say both. Negative when the work is older than the standard.
    """
    published, submitted = _day(facts, PUBLISHED), _day(facts, SUBMITTED)
    return (submitted - published).days if published and submitted else None


def check_entry(facts: CredentialFacts, entry: Entry) -> None:
    """Raise unless an entry (whose place in the log was proven) bears out what a credential says of its standard."""
    digest = "sha256-" + base64.b64encode(bytes.fromhex(entry.core_hash.removeprefix("sha256:"))).decode()
    if facts.standard is None or facts.standard.digest != digest:
        raise BadDigest(
            "The credential was judged by another standard than the one in this entry.",
            field="relatedResource",
            mend="Take the entry that the credential names.",
        )
    named = named_entry(facts)
    if named is not None and named.leaf_hash != fingerprint(entry):
        raise BadDigest("The credential names another entry of the log.", field=ENTRY)
    if _day(facts, PUBLISHED) != entry.published_at.date():
        raise BadDigest(
            f"The log says that the standard was published on {entry.published_at.date()}; the credential says another day.",
            field=PUBLISHED,
        )
