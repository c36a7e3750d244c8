"""The design gate, and rules about reasons and periods."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

from guildmark.assess.evidence import bridging
from guildmark.assess.evidence.types import DecisionView
from guildmark.design.types import VersionView
from guildmark.issue.models import Credential
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import add_months, now
from guildmark.kernel.problems import Conflict, Invalid, NotFound
from guildmark.kernel.words import said

ISSUERS = ("registrar",)
READERS = ("registrar", "manager", "auditor", "assessor")
REASON_LIMIT = 500
HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
MISSING = "There is no such credential."


def gate(version: VersionView, decision: DecisionView) -> None:
    """The standard before the credential (IS6): Conflict names what is missing.

    A competency credential needs a version that was published before the work was handed in, accepted by the
    learner as it is, and a passed decision on it that its own rule confirms.
    """
    standard = version.standard
    if standard.signal == "completion":
        raise Conflict(said("This standard gives completion records; nothing is judged for them."))
    if decision.version_id != version.id or decision.outcome != "passed":
        raise Conflict(
            said("There is no passed decision on this version."), mend=said("Decide the work first.")
        )
    if decision.set_aside:
        raise Conflict(said("This decision, or an earlier one that it rests on, does not count any more."))
    if version.published_at is None or version.published_at > decision.submitted_at:
        raise Conflict(
            said("The standard was not published before the work was handed in."),
            mend=said("Let the learner hand in again against the published version."),
        )
    if decision.acknowledged_hash != version.core_hash:
        raise Conflict(said("The learner accepted another standard than the one that was judged by."))
    until = bridging.carried_until(decision.results, [version])
    if until is not None and until <= now():
        raise Conflict(said("The results of the earlier decision are too old for this version."))
    if not standard.passes({result.criterion_id: result.level for result in decision.results}):
        raise Conflict(said("The decided levels do not meet the rule of the standard."))


def ensure_issued_by_list(version: VersionView) -> None:
    """Only a published standard for completion records can be issued by a list of names (IS6)."""
    if version.standard.signal != "completion":
        raise Conflict(
            said("A list of names cannot issue this credential: it says that somebody showed a skill."),
            mend=said(
                "Let the learners hand in work and decide it, or write a standard for a completion record."
            ),
        )
    if version.published_at is None or version.state != "published":
        raise Conflict(
            said("This standard is not published."), mend=said("Publish it before you issue by it.")
        )


def completion_day(text: str) -> date:
    """The day of a list's line (ISO 8601), which may not lie in the future."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(
            said("{text} is not a date.", text=repr(text[:40])),
            field="date",
            mend=said("Write the day like 2026-05-14."),
        ) from None
    if day > now().date():
        raise Invalid(
            said("The day of completion lies in the future."),
            field="date",
            mend=said("Give the day it was completed."),
        )
    return day


def clean_reason(reason: str) -> str:
    words = unicodedata.normalize("NFC", reason).strip()
    if not words:
        raise Invalid(
            said("No reason is given."),
            field="reason",
            mend=said("Say why; the holder and the public can read it."),
        )
    if len(words) > REASON_LIMIT:
        raise Invalid(
            said("The reason is longer than {n} characters.", n=REASON_LIMIT),
            field="reason",
            mend=said("Shorten it."),
        )
    for c in words:
        if c in HIDDEN or (unicodedata.category(c) in {"Cc", "Cs", "Co"} and c not in "\n\r\t"):
            raise Invalid(
                said("The reason holds a character that cannot be seen ({code}).", code=f"U+{ord(c):04X}"),
                field="reason",
                mend=said("Type it again without pasting."),
            )
    return " ".join(words.split())


def end_of_carried(version: VersionView, decision: DecisionView, start: datetime) -> datetime | None:
    """When a credential ends that rests on results of an earlier decision: an old result is not renewed by a new date.

    None when nothing was carried over or the version has no period: then the period of the standard says it all.
    """
    until = bridging.carried_until(decision.results, [version])
    months = version.standard.validity_months
    return min(until, add_months(start, months)).replace(microsecond=0) if until and months else None


def ensure_holder(by: Actor, row: Credential) -> None:
    """Only the holder decides what is shown; NotFound for anybody else."""
    if by.kind == "learner" and by.id == row.learner_id and by.org_id == row.org_id:
        return
    if by.kind == "system":
        return
    raise NotFound(MISSING)
