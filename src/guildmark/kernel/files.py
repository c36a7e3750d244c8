"""Private files of an organisation on local disk: written beside, fsynced, then renamed into place."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from guildmark.config import load
from guildmark.kernel.ids import uuid7
from guildmark.kernel.problems import Conflict, NotFound, TooLarge
from guildmark.kernel.words import said


@dataclass(frozen=True)
class StoredFile:
    """Where a file lies (``key``), its size in bytes and its SHA-256 (hex)."""

    key: str
    size: int
    sha256: str


def path_of(key: str) -> Path:
    """The path of a stored file; NotFound for a key that is no key of ours."""
    root = load().files_dir.resolve()
    path = (root / key).resolve()
    if not path.is_relative_to(root) or path == root:
        raise NotFound(said("There is no such file."))
    return path


def _new_key(org_id: UUID) -> str:
    name = uuid7().hex
    return f"{org_id}/{name[-2:]}/{name}"


def save(org_id: UUID, pieces: Iterable[bytes], *, max_bytes: int | None = None) -> StoredFile:
    """Store a stream of bytes; TooLarge removes what was written so far."""
    limit = max_bytes or load().max_upload_bytes
    key = _new_key(org_id)
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    digest, size = hashlib.sha256(), 0
    try:
        with partial.open("wb") as out:
            for piece in pieces:
                size += len(piece)
                if size > limit:
                    raise TooLarge(
                        said("The file is larger than {n} MB.", n=limit // 1048576),
                        mend=said("Make it smaller, or give a link."),
                    )
                digest.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        partial.rename(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return StoredFile(key, size, digest.hexdigest())


def begin_partial(org_id: UUID) -> str:
    """Start a file that arrives in pieces; returns its key for :func:`append_partial`."""
    key = _new_key(org_id)
    path = path_of(key).with_suffix(".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return key


def partial_size(key: str) -> int:
    """How many bytes of an upload have arrived; 0 when there is none."""
    partial = path_of(key).with_suffix(".part")
    return partial.stat().st_size if partial.exists() else 0


def append_partial(key: str, offset: int, piece: bytes, *, max_bytes: int | None = None) -> int:
    """Append one piece at ``offset``; returns the new size. Conflict names the size to go on from."""
    partial = path_of(key).with_suffix(".part")
    if not partial.exists():
        raise NotFound(said("This upload has ended or was never begun."))
    size = partial.stat().st_size
    if offset != size:
        raise Conflict(
            said("The upload stands at {size} bytes, not at {offset}.", size=str(size), offset=str(offset)),
            mend=said("Go on from byte {byte}.", byte=str(size)),
        )
    limit = max_bytes or load().max_upload_bytes
    if size + len(piece) > limit:
        partial.unlink(missing_ok=True)
        raise TooLarge(
            said("The file is larger than {n} MB.", n=limit // 1048576),
            mend=said("Make it smaller, or give a link."),
        )
    # Written at its place, not at the end: a piece that a client sends twice at once lands on itself.
    with partial.open("r+b") as out:
        out.seek(offset)
        out.write(piece)
    return size + len(piece)


def finish_partial(key: str) -> StoredFile:
    """Close an upload in pieces: compute the digest and move the file into place."""
    path = path_of(key)
    partial = path.with_suffix(".part")
    if not partial.exists():
        raise NotFound(said("This upload has ended or was never begun."))
    digest, size = hashlib.sha256(), 0
    with partial.open("rb") as source:
        while piece := source.read(1 << 20):
            digest.update(piece)
            size += len(piece)
        os.fsync(source.fileno())
    partial.rename(path)
    return StoredFile(key, size, digest.hexdigest())


def open_file(key: str) -> BinaryIO:
    path = path_of(key)
    if not path.exists():
        raise NotFound(said("There is no such file."))
    return path.open("rb")


def delete(key: str) -> None:
    """Remove a file for good; removing it twice is harmless."""
    path = path_of(key)
    path.unlink(missing_ok=True)
    path.with_suffix(".part").unlink(missing_ok=True)
