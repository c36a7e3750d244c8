"""The credentials inside a learner record (check "credentials"), each verified by itself.

Like endorsements they do not change the verdict on the record: whose record it is, and whether it was changed, is one
question, what its contents are worth another. Each has its own report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from guildmark.protocol import clr
from guildmark.protocol.errors import NotAvailable
from guildmark.protocol.report import CREDENTIALS, DocumentLoader, Outcome, Report, Verdict
from guildmark.protocol.verify.run import Run

_MAX_CREDENTIALS = 100

Judge = Callable[[Run, Mapping[str, Any] | str, str | None], Report]


def check_contained(run: Run, document: Mapping[str, Any], recipient_email: str | None, judge: Judge) -> None:
    """Judge each credential of a record in a run of its own, by the same policy and trust file."""
    if not clr.is_clr(document):
        return
    found = clr.credentials_in(document)
    if run.held or run.endorsed:
        run.note(CREDENTIALS, Outcome.NOT_CHECKED, "A record inside a record is not followed.")
        return
    if len(found) > _MAX_CREDENTIALS:
        detail = f"The record holds more than {_MAX_CREDENTIALS} credentials; none was checked."
        run.note(CREDENTIALS, Outcome.WARNING, detail)
        return
    loader = _remembering(run.loader)
    run.contained = tuple(_judge_one(run, loader, item, recipient_email, judge) for item in found)
    bad = [one.verdict.value for one in run.contained if one.verdict is not Verdict.VALID]
    if bad:
        detail = f"{len(bad)} of {len(found)} credentials are not valid: {', '.join(sorted(set(bad)))}."
        run.failed(CREDENTIALS, detail)
    else:
        run.passed(CREDENTIALS, f"All {len(found)} credentials are valid.")


def _judge_one(
    run: Run, loader: DocumentLoader, item: Any, recipient_email: str | None, judge: Judge
) -> Report:
    inner = Run(loader, run.now, run.at, run.trust, run.limits, run.policy, held=True)
    if isinstance(item, Mapping | str):
        return judge(inner, item, recipient_email)
    inner.failed("syntax", "This is no credential.", Verdict.MALFORMED)
    return inner.report(None)


def _remembering(loader: DocumentLoader) -> DocumentLoader:
    """A loader that asks once for each address: credentials of one issuer name the same keys and lists."""
    known: dict[str, Mapping[str, Any] | NotAvailable] = {}

    def load(url: str) -> Mapping[str, Any]:
        if url not in known:
            try:
                known[url] = loader(url)
            except NotAvailable as error:
                known[url] = error
        answer = known[url]
        if isinstance(answer, NotAvailable):
            raise answer
        return answer

    return load
