"""The bytes of an upload as named files: a single file, or what a zip archive holds, within limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import orjson

from guildmark.skills.formats.common import UnreadableFramework

MAX_FILE = 64 * 1024 * 1024
MAX_UNPACKED = 160 * 1024 * 1024
MAX_ENTRIES = 500
PIECE = 1 << 20
#: What begins an entry of an archive's directory.
ENTRY = b"PK\x01\x02"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".jsonld")


class Source:
    """Named files. ``read(name)`` gives the bytes; ``names`` keeps the order in which they came."""

    def __init__(self, filename: str, files: dict[str, bytes]) -> None:
        self.filename = filename
        self._files = files

    @property
    def names(self) -> list[str]:
        return list(self._files)

    def read(self, name: str) -> bytes:
        return self._files[name]

    def head(self, name: str, size: int = 65_536) -> bytes:
        return self._files[name][:size]

    def items(self) -> Iterator[tuple[str, bytes]]:
        yield from self._files.items()


def of_stream(stream: BinaryIO, filename: str) -> Source:
    """Read an upload. Raises UnreadableFramework when it is empty, too large or a broken or hostile archive."""
    content = stream.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise UnreadableFramework(
            f"The file is larger than {MAX_FILE // 1048576} MB.", field="file", mend="Pack it as a zip file."
        )
    if not content.strip():
        raise UnreadableFramework("The file is empty.", field="file", mend="Choose the file again.")
    if not content.startswith(ZIP):
        return Source(filename, {PurePosixPath(filename).name or "file": content})
    return Source(filename, _unpacked(content))


def of_folder(folder: Path) -> Source:
    """The framework files of a folder, not of those below it (for the command line)."""
    files, total = {}, 0
    for path in sorted(folder.iterdir())[:MAX_ENTRIES]:
        if path.suffix.lower() in SUFFIXES and path.is_file():
            total += path.stat().st_size
            if total > MAX_UNPACKED:
                raise UnreadableFramework("The folder holds too much.", field="file")
            files[path.name] = path.read_bytes()
    if not files:
        raise UnreadableFramework(
            f"There is no CSV or JSON file in {folder.name}.", field="file", mend="Name the folder itself."
        )
    return Source(folder.name, files)


def _unpacked(content: bytes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = MAX_UNPACKED
    # Counted before zipfile makes an object of each, of which a small file may hold a million.
    listed = content.count(ENTRY)
    if listed > MAX_ENTRIES:
        raise UnreadableFramework(
            f"The archive lists {listed:,} files; the limit is {MAX_ENTRIES}.",
            field="file",
            mend="Pack only the framework's files.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                path = PurePosixPath(entry.filename)
                hidden = path.name.startswith(".") or "__MACOSX" in path.parts
                if entry.is_dir() or hidden or path.suffix.lower() not in SUFFIXES:
                    continue
                if path.name in files:
                    raise UnreadableFramework(
                        f"The archive holds {path.name} twice.", field="file", mend="Pack one framework only."
                    )
                files[path.name] = _entry(archive, entry, left)
                left -= len(files[path.name])
    # NotImplementedError is what zipfile says of a method of packing that it does not know.
    except (
        zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError
    ) as error:  # fmt: skip
        raise UnreadableFramework(
            f"The archive cannot be read: {error}.", field="file", mend="Pack it again as a plain zip file."
        ) from error
    if not files:
        raise UnreadableFramework(
            "The archive holds no CSV or JSON file.", field="file", mend="Pack the framework's files."
        )
    return files


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """What one entry really unpacks to; the size that the archive claims is not believed."""
    pieces, size = [], 0
    with archive.open(entry) as packed:
        while piece := packed.read(PIECE):
            size += len(piece)
            if size > left:
                raise UnreadableFramework(
                    f"{entry.filename} unpacks to more than the {MAX_UNPACKED // 1048576} MB that are allowed.",
                    field="file",
                    mend="Pack only the framework's files.",
                )
            pieces.append(piece)
    return b"".join(pieces)


def json_of(content: bytes, name: str) -> Any:
    """A JSON document; UnreadableFramework names line and column of the first fault."""
    if b"\\u0000" in content:
        raise UnreadableFramework(
            f"{name} holds a NUL character (U+0000).", field="file", mend="Export it again without."
        )
    try:
        return orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise UnreadableFramework(
            f"{name} is no JSON: {error.msg} (line {error.lineno}, column {error.colno}).",
            field="file",
            mend="Export it again.",
        ) from error


def only(source: Source, suffixes: Sequence[str]) -> str:
    """The name of the one file with such a suffix, or the only file."""
    fitting = [name for name in source.names if name.lower().endswith(tuple(suffixes))]
    if len(fitting) == 1:
        return fitting[0]
    if len(source.names) == 1:
        return source.names[0]
    raise UnreadableFramework(
        f"The archive holds several files ({', '.join(sorted(source.names)[:5])}).",
        field="file",
        mend="Send the one that holds the framework.",
    )
