"""Signed notes and the heads of logs in them (C2SP signed-note and tlog-checkpoint, version 1; Ed25519).

A note is text that ends with a line break, an empty line, and signature lines ``— NAME BASE64``, where the
base64 holds four bytes that name the key and then the signature over the text.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from guildmark.protocol.errors import BadSignature, Malformed
from guildmark.protocol.keys import PublicKey

_ED25519 = b"\x01"
_DASH = "— "
MAX_NOTE = 100_000


def key_id(name: str, key: PublicKey) -> bytes:
    """The four bytes by which a signature line names its key."""
    if key.kind != "Ed25519":
        raise Malformed("A note is signed with an Ed25519 key.", field="key")
    return sha256(name.encode() + b"\n" + _ED25519 + key.raw).digest()[:4]


def verifier_key(name: str, key: PublicKey) -> str:
    """``NAME+HEX+BASE64``: how other programs for signed notes are told of a key."""
    return f"{name}+{key_id(name, key).hex()}+{base64.b64encode(_ED25519 + key.raw).decode()}"


def sign(text: str, name: str, key: PublicKey, signer: Callable[[bytes], bytes]) -> str:
    """The note of a text. ``signer`` takes the bytes of the text and gives the signature (64 bytes)."""
    if not text.endswith("\n") or "\n\n" in text:
        raise Malformed("The text of a note ends with a line break and has no empty line.", field="text")
    if not name or any(character.isspace() or character == "+" for character in name):
        raise Malformed(f"{name[:60]!r} cannot be the name of a key.", field="name")
    blob = base64.b64encode(key_id(name, key) + signer(text.encode())).decode()
    return f"{text}\n{_DASH}{name} {blob}\n"


def open_note(note: str, name: str, key: PublicKey) -> str:
    """The text of a note; BadSignature unless the named key signed it. Other signatures are passed over."""
    text, lines = _parts(note)
    for line in lines:
        signer, blob = _line(line)
        if signer == name and blob[:4] == key_id(name, key):
            key.verify(blob[4:], text.encode())
            return text
    raise BadSignature(
        f"{name} has not signed this note with this key.",
        field="head",
        mend="Take the key from the issuer's own document, and the note from the log.",
    )


def _parts(note: str) -> tuple[str, list[str]]:
    if len(note) > MAX_NOTE:
        raise Malformed(f"The note has more than {MAX_NOTE:,} characters.", field="head")
    text, gap, rest = note.rpartition("\n\n")
    if not gap or not rest.endswith("\n"):
        raise Malformed("The note has no signature behind an empty line.", field="head")
    return text + "\n", rest[:-1].split("\n")


def _line(line: str) -> tuple[str, bytes]:
    name, _, blob = line.removeprefix(_DASH).partition(" ")
    try:
        found = base64.b64decode(blob, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("A signature of the note is no base64.", field="head") from error
    if not line.startswith(_DASH) or len(found) < 5:
        raise Malformed("A line of the note is no signature.", field="head")
    return name, found


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: where it is (without a scheme), how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self, *extensions: str) -> str:
        """The text that is signed; ``extensions`` are further lines, which say nothing to other programs."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), *extensions]
        return "\n".join(lines) + "\n"


def read_checkpoint(note: str) -> Checkpoint:
    """What a note says of a log. Nothing is proven by it before :func:`open_note`."""
    lines = _parts(note)[0].split("\n")
    try:
        origin, size, blob = lines[:3]
        root = base64.b64decode(blob, validate=True)
    except ValueError as error:
        raise Malformed("The note is no head of a log.", field="head") from error
    if not origin or len(root) != 32 or not (size.isascii() and size.isdigit()) or len(size) > 18:
        raise Malformed("The note is no head of a log.", field="head")
    if size != str(int(size)):
        raise Malformed("The size of the log is written with leading zeros.", field="head")
    return Checkpoint(origin, int(size), root)
