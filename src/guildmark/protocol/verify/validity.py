"""When the credential holds (check "validity") and for whom (check "recipient")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from guildmark.protocol.errors import Malformed
from guildmark.protocol.openbadges import identity
from guildmark.protocol.report import Outcome, Verdict
from guildmark.protocol.times import parse_instant
from guildmark.protocol.verify.run import Run


def check_validity(run: Run, document: Mapping[str, Any]) -> None:
    """Whether the date that is asked about lies in the validity period.

    VCDM 1.1 and 2.0 name its ends differently, and the context of 1.1 has both names: where a credential says both, it
    holds from the later beginning to the earlier end.
    """
    at = run.at or run.now
    try:
        start = max(_instants(document, "validFrom", "issuanceDate"), default=None)
        end = min(_instants(document, "validUntil", "expirationDate"), default=None)
    except Malformed as error:
        run.failed("validity", error.reason, Verdict.MALFORMED)
        return
    if start is not None and at < start:
        run.failed("validity", f"Not valid before {start.isoformat()}.", Verdict.NOT_YET_VALID)
    elif end is not None and at > end:
        run.failed("validity", f"Valid until {end.isoformat()} only.", Verdict.EXPIRED)
    else:
        run.passed("validity", f"Within its validity period on {at.date().isoformat()}.")


def _instants(document: Mapping[str, Any], *fields: str) -> list[datetime]:
    return [parse_instant(document[name], field=name) for name in fields if name in document]


def check_recipient(run: Run, document: Mapping[str, Any], email: str | None) -> None:
    """Whether the credential was given to an e-mail address, if one is asked for."""
    tell_recipient(run, email, lambda address: identity.email_matches(document, address), "credential")


def tell_recipient(run: Run, email: str | None, matches: Callable[[str], bool | None], thing: str) -> None:
    """Write the check "recipient"; ``matches`` gives None where the document names no e-mail address."""
    if email is None:
        run.note("recipient", Outcome.NOT_CHECKED, "No recipient was asked for.")
        return
    match = matches(email)
    if match:
        run.passed("recipient", f"The {thing} was given to this address.")
    else:
        what = "names no e-mail address" if match is None else "was given to another address"
        run.failed("recipient", f"The {thing} {what}.")
