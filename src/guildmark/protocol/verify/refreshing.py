"""The newer form of a credential whose issuer runs a refresh service; judged in the place of the original."""

from __future__ import annotations

from typing import Any

from guildmark.protocol.errors import ProtocolError
from guildmark.protocol.openbadges import refresh
from guildmark.protocol.report import Outcome
from guildmark.protocol.verify.conformance import conforms
from guildmark.protocol.verify.proof import check_proofs
from guildmark.protocol.verify.run import Run


def refresh_document(run: Run, document: dict[str, Any]) -> None:
    """Replace a document whose proof holds by what its refresh service gives, if that is proven as well.

    Asked once; a service of the newer form is not followed. Whatever goes wrong leaves the original in its place.
    """
    url = refresh.service_url(document)
    held = run.checks.get("proof")
    if url is None or held is None or held.outcome is not Outcome.PASSED or run.distrusted:
        return
    if not run.wants("status") or (run.at is not None and run.at != run.now):
        return
    said = run.checks["syntax"].detail
    try:
        newer = dict(run.fetch(url))
        refresh.ensure_same(document, newer)
        _prove(run, newer)
        refresh.ensure_not_older(document, newer)
    except ProtocolError as error:
        run.passed("syntax", f"{said} Its refresh service gave nothing newer: {error.reason}")
        return
    document.clear()
    document.update(newer)
    run.passed("syntax", f"{said} The newer form from its refresh service is judged.")


def _prove(run: Run, newer: dict[str, Any]) -> None:
    """ProtocolError unless the newer form has the form of a credential, and a proof by the same issuer."""
    inner = Run(run.loader, run.now, run.at, run.trust, run.limits, run.policy)
    if conforms(inner, newer):
        check_proofs(inner, newer)
    proof = inner.checks.get("proof")
    if inner.distrusted or proof is None or proof.outcome is not Outcome.PASSED:
        failed = [item.detail for item in inner.checks.values() if item.outcome is not Outcome.PASSED]
        raise ProtocolError(failed[0] if failed else "It carries no proof.")
