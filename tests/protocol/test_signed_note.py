"""Signed notes against the key and the note that the Go module golang.org/x/mod/sumdb/note publishes."""

from __future__ import annotations

import base64

import pytest
from nacl.signing import SigningKey

from guildmark.protocol import signed_note
from guildmark.protocol.errors import BadSignature, Malformed
from guildmark.protocol.keys import PublicKey

SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = (
    TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
KEY = PublicKey("Ed25519", base64.b64decode(VERIFIER.rsplit("+", 1)[1])[1:])


def test_the_published_note_opens_with_the_published_key() -> None:
    assert signed_note.verifier_key("PeterNeumann", KEY) == VERIFIER
    assert signed_note.open_note(NOTE, "PeterNeumann", KEY) == TEXT


def test_signing_the_text_gives_the_published_note() -> None:
    secret = SigningKey(base64.b64decode(SECRET)[1:])
    made = signed_note.sign(TEXT, "PeterNeumann", KEY, lambda message: secret.sign(message).signature)
    assert made == NOTE


def test_it_refuses_another_text_name_key_or_form() -> None:
    for wrong in (
        NOTE.replace("problem is", "problem was"),
        NOTE.replace("— PeterNeumann x08", "— PeterNeumann x09"),
        TEXT + "\n— SomebodyElse" + NOTE.rsplit("— PeterNeumann", 1)[1],
    ):
        with pytest.raises(BadSignature):
            signed_note.open_note(wrong, "PeterNeumann", KEY)
    with pytest.raises(BadSignature):
        signed_note.open_note(NOTE, "PeterNeumann", PublicKey("Ed25519", b"\1" * 32))
    for wrong in (TEXT, NOTE.rstrip("\n"), NOTE.replace("— ", "- "), NOTE.replace("x08go", "x08g!")):
        with pytest.raises(Malformed):
            signed_note.open_note(wrong, "PeterNeumann", KEY)
    for text in ("no line break at the end", "an empty\n\nline\n"):
        with pytest.raises(Malformed):
            signed_note.sign(text, "PeterNeumann", KEY, bytes)
    with pytest.raises(Malformed):
        signed_note.sign("text\n", "two words", KEY, bytes)


def test_a_head_is_read_back_from_its_note() -> None:
    secret = SigningKey(base64.b64decode(SECRET)[1:])
    head = signed_note.Checkpoint("badges.example/log", 12, bytes(range(32)))
    note = signed_note.sign(
        head.text("signed 2026-11-27T04:00:00Z"), "peter", KEY, lambda message: secret.sign(message).signature
    )
    assert signed_note.open_note(note, "peter", KEY).startswith("badges.example/log\n12\nAAECAwQFBgc")
    assert signed_note.read_checkpoint(note) == head
    for wrong in (note.replace("\n12\n", "\n012\n"), note.replace("\n12\n", "\nmany\n"), NOTE):
        with pytest.raises(Malformed):
            signed_note.read_checkpoint(wrong)
