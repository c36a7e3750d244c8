"""Errors of the cellar. Each names the place, the reason and the way to mend it."""

from __future__ import annotations


class ProtocolError(Exception):
    """Base of everything that the protocol package raises on purpose.

    ``reason`` is a sentence for people; ``field`` the JSON path or parameter it is about;
    ``mend`` a sentence that says what to do.
    """

    def __init__(self, reason: str, *, field: str | None = None, mend: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.mend = mend

    def diagnostics(self) -> str:
        """Return where, what and how to mend it, one line each."""
        lines = [f"Where: {self.field}"] if self.field else []
        lines.append(f"What: {self.reason}")
        if self.mend:
            lines.append(f"Mend: {self.mend}")
        return "\n".join(lines)


class Malformed(ProtocolError):
    """The input is not what it claims to be: broken syntax, undefined term, wrong type."""


class TooLarge(Malformed):
    """A bound on bytes, depth, nodes, quads or work was passed."""


class UndefinedTerm(Malformed):
    """JSON-LD processing would silently drop or change something (safe mode)."""


class BadDigest(ProtocolError):
    """A digest does not fit the bytes that it is about."""


class UnknownContext(ProtocolError):
    """A context is named that is not shipped; nothing is ever fetched."""


class NotAvailable(ProtocolError):
    """A document that was asked of the loader cannot be had."""


class Gone(NotAvailable):
    """The address says that what it served was withdrawn (HTTP status 410); ``reason`` is its own, if it gives one."""


class ProofError(ProtocolError):
    """Something is wrong with a proof."""


class UnsupportedProof(ProofError):
    """The proof is of a kind that this package cannot check."""


class BaseProof(UnsupportedProof):
    """A selective disclosure proof that is its holder's alone; others check what is derived from it."""


class BadSignature(ProofError):
    """The signature does not fit the document, the options or the key."""


class KeyNotBound(ProofError):
    """The key exists, but its controller does not let it make this kind of statement."""


class StatusError(ProtocolError):
    """A status list cannot be read; never means that nothing was revoked."""


class StatusListExpired(StatusError):
    """The list's validity has ended."""


class StatusListNotYetValid(StatusError):
    """The list's validity has not begun."""


class StatusListTampered(StatusError):
    """The list's own proof fails."""


class StatusListWrongType(StatusError):
    """What was served is no Bitstring Status List credential."""


class StatusListTooShort(StatusListWrongType):
    """The list holds fewer entries than a list must, so that holders could be told apart by it."""


class StatusListUnavailable(StatusError):
    """The list, or the key that it is signed with, cannot be had."""


class StatusListWrongPurpose(StatusError):
    """The list is about something else than the entry asks."""


class StatusIndexOutOfRange(StatusError):
    """The entry points beyond the end of the list."""


class BakeError(ProtocolError):
    """A file holds no credential, or cannot take one."""


class LintError(ProtocolError):
    """A document that must not be signed as it stands."""


class NotValid(ProtocolError):
    """Raised by Report.ensure_valid()."""
