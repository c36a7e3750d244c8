"""Who may do what with work and judgement, and what words may hold."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from functools import reduce
from uuid import UUID

from guildmark.design.types import EvidenceRequirement, Standard, VersionView
from guildmark.kernel import standards_log
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from guildmark.kernel.words import Count, said, said_in
from guildmark.people import queries as people
from guildmark.people.types import LearnerView

JUDGES = ("assessor",)
READERS = ("assessor", "auditor", "registrar")
MAX_TEXT = 200_000
HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
AUTHORSHIP = said(
    "This is my own work. Where I used help or tools, they are within what the standard allows."
)
# What may be handed in for a requirement of each kind: a file stands in where an address cannot be fetched.
KINDS = {"file": ("file",), "url": ("url", "file"), "text": ("text",)}

#: They stand after "asks for a".
KIND_WORDS: dict[str, str] = {
    "file": said_in("kind of evidence", "file"),
    "url": said_in("kind of evidence", "url"),
    "text": said_in("kind of evidence", "text"),
}

MISSING = said("There is nothing at this address, or it belongs to somebody else.")


def ensure_learner_side(by: Actor, org_id: UUID, learner_id: UUID) -> None:
    """The learner, or a key that hands in for learners; to anybody else the work is not there."""
    if by.kind == "learner":
        if by.org_id != org_id or by.id != learner_id:
            raise NotFound(MISSING)
        return
    by.require(org_id, "registrar")
    if by.kind == "user":
        raise Forbidden(
            said("Only the learner can hand in this work."), mend=said("Send the learner the enrolment link.")
        )


def ensure_reader(by: Actor, org_id: UUID) -> None:
    """Members who judge, keep the register or audit, and keys that may read submissions."""
    if by.kind == "key" and "submissions:read" in (by.scopes or frozenset()):
        by.require(org_id)
        return
    by.require(org_id, *READERS)


def ensure_judge(by: Actor, org_id: UUID) -> None:
    by.require(org_id, *JUDGES)
    if by.kind not in {"user", "key"}:
        raise Forbidden(said("Work is judged by a person."), mend=said("Sign in as an assessor."))


def person_behind(by: Actor, org_id: UUID) -> UUID:
    """The person who answers for a judgement: the user, or whoever made the API key and judges here still."""
    if by.kind != "key":
        person = by.id
    else:
        maker = people.api_key_maker(org_id, by.id) if by.id else None
        standing = people.actor_in(maker, org_id) if maker else None
        person = maker if standing is not None and standing.has(*JUDGES) else None
    if person is None:
        raise Forbidden(
            said(
                "Nobody answers for what this API key judges: whoever made it is no assessor here any more."
            ),
            mend=said("Use a key that somebody made who may judge."),
        )
    return person


def is_own_work(person_id: UUID, learner: LearnerView) -> bool:
    """True when the account is the learner's, or has proven the learner's address."""
    return learner.user_id == person_id or learner.email in people.verified_addresses(person_id)


def ensure_not_own_work(person_id: UUID, learner: LearnerView) -> None:
    if is_own_work(person_id, learner):
        raise Forbidden(said("This is your own work."), mend=said("Ask another assessor to judge it."))


def ensure_public_bar(version: VersionView) -> None:
    """The bar must be public at this moment (M6, IS6)."""
    if version.published_at is None:
        raise Conflict(
            said("This version of the standard is not published."),
            mend=said("Publish it first; work is handed in after that."),
        )
    if version.published_at > now():
        raise Conflict(
            said("This version of the standard was published after this moment."),
            mend=said("Work counts only when the bar was public before it."),
        )


def ensure_logged_bar(version: VersionView, core_hash: str, before: datetime) -> None:
    """The acknowledged bar must stand in the log of standards with the same hash, published before ``before`` (M6)."""
    found = standards_log.entry_of(version.slug, version.number)
    if found is None:
        raise Conflict(
            said(
                "Version {number} of this standard is not in the log of published standards.",
                number=version.number,
            ),
            mend=said("Run guildmark doctor: the log must hold every published version."),
        )
    if not core_hash == found.entry.core_hash == version.core_hash:
        raise Conflict(
            said("The bar that the learner agreed to is not the one that the log of standards holds."),
            field="core_hash",
            mend=said("Nothing is decided by it. Run guildmark doctor and compare with a backup."),
        )
    if found.entry.published_at > before:
        raise Conflict(
            said("By the log of standards, the bar was published after this work was handed in."),
            mend=said("It cannot be decided. Ask the learner to hand in again under the published standard."),
        )


def requirement_of(standard: Standard, requirement_id: str, kind: str) -> EvidenceRequirement:
    """The requirement with this id, if evidence of ``kind`` may answer it."""
    for requirement in standard.evidence:
        if requirement.id == requirement_id:
            if kind not in KINDS[requirement.kind]:
                words = [KIND_WORDS[one] for one in KINDS[requirement.kind]]
                allowed = reduce(lambda a, b: said("{first} or {second}", first=a, second=b), words)
                raise Invalid(
                    said(
                        "“{title}” asks for a {allowed}, not for a {kind}.",
                        title=requirement.title,
                        allowed=allowed,
                        kind=KIND_WORDS[kind],
                    ),
                    field=kind,
                    mend=said("Hand in a {allowed}.", allowed=allowed),
                )
            return requirement
    raise NotFound(said("The standard asks for no such evidence."))


def clean_text(value: str, *, field: str, limit: int, required: bool = False) -> str:
    """Text in NFC with line breaks; refuses characters that cannot be seen or that turn the reading direction."""
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if required and not text:
        raise Invalid(said("This is empty."), field=field, mend=said("Write at least a sentence."))
    if len(text) > limit:
        raise Invalid(
            said("This has {n} characters; the limit is {most}.", n=Count(len(text)), most=Count(limit)),
            field=field,
            mend=said("Shorten it."),
        )
    for character in text:
        hidden = character in HIDDEN or character == "\ufeff"
        if hidden or (unicodedata.category(character) in {"Cc", "Cs", "Co"} and character not in "\n\t"):
            raise Invalid(
                said(
                    "The text holds a character that cannot be seen ({code}).", code=f"U+{ord(character):04X}"
                ),
                field=field,
                mend=said("Take it out, or paste the text without formatting."),
            )
    return text


def attempts_allowed(standard: Standard) -> int:
    return 1 + max(0, standard.conditions.resubmissions)


def authorship_statement(standard: Standard) -> str:
    """The statement that a learner accepts when handing in: the standard's own, or ours."""
    return standard.conditions.authorship.strip() or AUTHORSHIP


def differing(levels: list[dict[str, int]]) -> set[str]:
    """The criteria on which complete assessments give more than one level."""
    ids = {criterion for one in levels for criterion in one}
    return {criterion for criterion in ids if len({one.get(criterion) for one in levels}) > 1}


def is_discrepant(standard: Standard, levels: list[dict[str, int]]) -> bool:
    """True when judges are two levels apart on a criterion, or on both sides of the pass."""
    for criterion in differing(levels):
        given = [one.get(criterion, 0) for one in levels]
        if max(given) - min(given) >= 2 or (min(given) < standard.pass_level <= max(given)):
            return True
    return False
