"""The log of published standards as documents: an entry, the proof that it is in the log, and their check.

An entry says which version of which standard was published when, by the hash of what binds in it. The leaf is
the JCS form (RFC 8785) of the entry, so that anybody can make it again from what they read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guildmark.protocol import merkle, merkle_log, signed_note
from guildmark.protocol.canonical import jcs
from guildmark.protocol.errors import BadDigest, BadSignature, Malformed
from guildmark.protocol.keys import PublicKey
from guildmark.protocol.strict_json import load_object
from guildmark.protocol.times import format_instant, parse_instant

TYPE = "StandardPublished"
#: A note that nobody signed: what a proof without a signed head comes to.
NO_NOTE = "-\n\n— nobody AAAAAAA=\n"
MEMBERS = frozenset({"type", "organisation", "standard", "version", "coreHash", "publishedAt", "enteredAt"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One publication. ``entered_at`` is later than ``published_at`` where the log was begun afterwards."""

    organisation: str
    standard: str
    version: str
    core_hash: str
    published_at: datetime
    entered_at: datetime

    @property
    def entered_later(self) -> bool:
        return self.entered_at > self.published_at

    def document(self) -> dict[str, str]:
        return {
            "type": TYPE,
            "organisation": self.organisation,
            "standard": self.standard,
            "version": self.version,
            "coreHash": self.core_hash,
            "publishedAt": format_instant(self.published_at),
            "enteredAt": format_instant(self.entered_at),
        }

    def leaf(self) -> bytes:
        """The bytes that are hashed."""
        return jcs.canonicalize(self.document())


def read_entry(document: Mapping[str, Any]) -> Entry:
    """An entry from its document; Malformed for missing, further or wrong members."""
    if set(document) != MEMBERS or document.get("type") != TYPE:
        raise Malformed("This is no entry of a log of standards.", field="entry")
    words = [document[name] for name in ("organisation", "standard", "version", "coreHash")]
    if not all(isinstance(word, str) and word for word in words):
        raise Malformed("An entry has an empty member, or one that is no text.", field="entry")
    moments = [parse_instant(document[name], field=f"entry.{name}") for name in ("publishedAt", "enteredAt")]
    return Entry(*words, *moments)


def _hash(document: Mapping[str, Any], name: str) -> bytes:
    value = document.get(name)
    return _hex(value, name)


def _hex(value: Any, name: str) -> bytes:
    try:
        found = bytes.fromhex(value)
    except (TypeError, ValueError) as error:
        raise Malformed(f"{name} is no hash in hexadecimal.", field=name) from error
    if len(found) != merkle_log.HASH_BYTES:
        raise Malformed(f"{name} has {len(found)} bytes, not {merkle_log.HASH_BYTES}.", field=name)
    return found


def _number(document: Mapping[str, Any], name: str) -> int:
    value = document.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 60:
        raise Malformed(f"{name} is no number of entries.", field=name)
    return value


def _path(document: Mapping[str, Any]) -> list[bytes]:
    value = document.get("path")
    if not isinstance(value, list) or len(value) > merkle_log.MAX_PATH:
        raise Malformed("path is no list of hashes.", field="path")
    return [_hex(step, "path") for step in value]


@dataclass(frozen=True, slots=True)
class Head:
    """How many entries a log has, and the root over them."""

    size: int
    root: bytes


def read_head(data: bytes) -> Head:
    """A head that somebody kept: the JSON of the log, or the signed note in it."""
    if not data.lstrip().startswith(b"{"):
        try:
            found = signed_note.read_checkpoint(data.decode())
        except UnicodeDecodeError as error:
            raise Malformed("The head is neither JSON nor a signed note.", field="head") from error
        return Head(found.size, found.root)
    document = load_object(data)
    return Head(_number(document, "size"), _hash(document, "rootHash"))


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A proof that an entry is in a log, as it was read. Say nothing from it before :func:`check_inclusion`."""

    entry: Entry
    index: int
    head: Head
    path: tuple[bytes, ...]
    leaf_hash: bytes
    note: str
    signed_by: str


def read_inclusion(data: bytes) -> Inclusion:
    document = load_object(data)
    entry = document.get("entry")
    if not isinstance(entry, dict):
        raise Malformed(
            "The file holds no entry of a log.", field="entry", mend="Download the proof once more."
        )
    note, signed_by = (_words(document, name) for name in ("signedHead", "signedBy"))
    return Inclusion(
        read_entry(entry),
        _number(document, "index"),
        Head(_number(document, "size"), _hash(document, "rootHash")),
        tuple(_path(document)),
        _hash(document, "leafHash"),
        note,
        signed_by,
    )


def _words(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name) or ""
    if not isinstance(value, str):
        raise Malformed(f"{name} is no text.", field=name)
    return value


def check_inclusion(proof: Inclusion, *, head: Head | None = None, keys: Iterable[PublicKey] = ()) -> None:
    """Raise unless the entry is in the log at its place.

    ``head`` is one that the reader kept or got elsewhere: the proof must be for it. With ``keys``, which the
    reader has from the signer's own document, one of them must have signed the head in the proof.
    """
    leaf = merkle.leaf_hash(proof.entry.leaf())
    if leaf != proof.leaf_hash:
        raise BadDigest(
            "The entry does not give the hash that the proof names.",
            field="entry",
            mend="A date, a version or a fingerprint in it was changed.",
        )
    merkle_log.verify_inclusion(leaf, proof.index, proof.head.size, proof.path, proof.head.root)
    if head is not None and head != proof.head:
        raise BadSignature(
            f"The proof is for a log of {proof.head.size} entries and another root than the head that was given.",
            field="head",
            mend="Ask for a proof of the size of your head, or for a proof of consistency.",
        )
    if proof.note:
        said = signed_note.read_checkpoint(proof.note)
        if Head(said.size, said.root) != proof.head:
            raise BadSignature("The signed head is another one than the proof's.", field="signedHead")
    _check_signed(proof, list(keys))


def _check_signed(proof: Inclusion, keys: list[PublicKey]) -> None:
    named = [key for key in keys if key.kind == "Ed25519"]
    for number, key in enumerate(named, start=1):
        try:
            signed_note.open_note(proof.note or NO_NOTE, proof.signed_by, key)
        except BadSignature:
            if number == len(named):
                raise
        else:
            return


def check_consistency(data: bytes, *, old: Head, new: Head) -> None:
    """Raise unless the proof in ``data`` shows that the log of ``new`` begins with that of ``old``."""
    document = load_object(data)
    if (_number(document, "first"), _number(document, "second")) != (old.size, new.size):
        raise Malformed(
            "The proof is for logs of other sizes than these heads.",
            field="first",
            mend=f"Ask for the proof from {old.size} to {new.size}.",
        )
    merkle_log.verify_consistency(old.size, new.size, old.root, new.root, _path(document))


def fingerprint(entry: Entry) -> str:
    """The leaf hash of an entry in hexadecimal: how a credential names it."""
    return merkle.leaf_hash(entry.leaf()).hex()
