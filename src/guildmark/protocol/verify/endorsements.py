"""The endorsements inside a credential (check "endorsements"), each verified by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from guildmark.protocol.report import Outcome, Report, Verdict
from guildmark.protocol.verify.reading import walk
from guildmark.protocol.verify.run import Run

_MAX_ENDORSEMENTS = 8


def check_endorsements(
    run: Run, document: Mapping[str, Any], judge: Callable[[Run, Mapping[str, Any]], Report]
) -> None:
    """Verify each embedded endorsement by ``judge``, in a run of its own."""
    found = list(_endorsements(document))
    if not found or run.endorsed:
        run.note("endorsements", Outcome.NOT_CHECKED, "The credential carries no endorsements.")
        return
    if len(found) > _MAX_ENDORSEMENTS:
        run.note("endorsements", Outcome.WARNING, "Too many endorsements to check.")
        return
    verdicts = [judge(run.inner(), endorsement).verdict for endorsement in found]
    bad = sorted({verdict.value for verdict in verdicts if verdict is not Verdict.VALID})
    if bad:
        run.failed("endorsements", f"Not every endorsement is valid: {', '.join(bad)}.")
    else:
        run.passed("endorsements", f"All {len(verdicts)} endorsements are valid.")


def _endorsements(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for node in walk(document):
        entries = node.get("endorsement", [])
        for entry in entries if isinstance(entries, list) else [entries]:
            if isinstance(entry, Mapping):
                yield entry
