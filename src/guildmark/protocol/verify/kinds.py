"""Which steps a document takes, by what kind of document it is.

A further kind is one more entry of :data:`KINDS`, before the verifiable credential, which takes whatever no
other kind recognises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from guildmark.protocol.report import CREDENTIALS, Report
from guildmark.protocol.verify.binding import check_issuer
from guildmark.protocol.verify.conformance import conforms
from guildmark.protocol.verify.contained import check_contained
from guildmark.protocol.verify.endorsements import check_endorsements
from guildmark.protocol.verify.openbadges2 import judge_assertion, recognises
from guildmark.protocol.verify.proof import check_proofs
from guildmark.protocol.verify.reading import read
from guildmark.protocol.verify.refreshing import refresh_document
from guildmark.protocol.verify.run import Run
from guildmark.protocol.verify.status import check_status
from guildmark.protocol.verify.validity import check_recipient, check_validity


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: how it is recognised, and the steps that write its checks.

    ``steps`` takes the run, the document and the e-mail address of the recipient, if one is asked for.
    """

    name: str
    recognises: Callable[[Mapping[str, Any]], bool]
    steps: Callable[[Run, dict[str, Any], str | None], None]


def judge(run: Run, source: bytes | str | Mapping[str, Any], recipient_email: str | None = None) -> Report:
    """Read a document and take it through the steps of its kind."""
    document = read(run, source)
    if document is not None:
        kind = next(kind for kind in KINDS if kind.recognises(document))
        kind.steps(run, document, recipient_email)
    return run.report(document)


def _verifiable_credential(run: Run, document: dict[str, Any], recipient_email: str | None) -> None:
    """Open Badges 3.0, CLR 2.0, endorsements, and any other verifiable credential."""
    if not conforms(run, document):
        return
    steps: dict[str, Callable[[], None]] = {
        "issuer_trust": lambda: check_issuer(run, document),
        "proof": lambda: check_proofs(run, document),
        "refresh": lambda: refresh_document(run, document),
        "status": lambda: check_status(run, document),
        "validity": lambda: check_validity(run, document),
        "recipient": lambda: check_recipient(run, document, recipient_email),
        "endorsements": lambda: check_endorsements(run, document, judge),
        CREDENTIALS: lambda: check_contained(run, document, recipient_email, judge),
    }
    for name, step in steps.items():
        if run.wants(name):
            step()


#: The first that recognises a document takes it.
KINDS: Final[tuple[Kind, ...]] = (
    Kind("Open Badges 2.0 assertion", recognises, judge_assertion),
    Kind("verifiable credential", lambda document: True, _verifiable_credential),
)
