"""The endorsements inside a credential (check "endorsements"), each verified by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from guildmark.protocol.errors import Malformed
from guildmark.protocol.openbadges import endorsement
from guildmark.protocol.report import Outcome, Report, Verdict
from guildmark.protocol.verify.run import Run

_MAX_ENDORSEMENTS = 8


def check_endorsements(
    run: Run, document: Mapping[str, Any], judge: Callable[[Run, Mapping[str, Any] | str], Report]
) -> None:
    """Verify each endorsement, embedded or a token, by ``judge`` in a run of its own."""
    found = list(endorsement.endorsements_in(document))
    if not found or run.endorsed:
        run.note("endorsements", Outcome.NOT_CHECKED, "The credential carries no endorsements.")
        return
    if len(found) > _MAX_ENDORSEMENTS:
        run.note("endorsements", Outcome.WARNING, "Too many endorsements to check.")
        return
    reports = [judge(run.inner(), one) for one in found]
    bad = sorted({one.verdict.value for one in reports if one.verdict is not Verdict.VALID})
    if bad:
        run.failed("endorsements", f"Not every endorsement is valid: {', '.join(bad)}.")
        return
    try:
        for one in reports:
            endorsement.ensure_about(one.credential or {}, document)
    except Malformed as error:
        run.failed("endorsements", error.reason)
    else:
        run.passed("endorsements", f"All {len(reports)} endorsements are valid.")
