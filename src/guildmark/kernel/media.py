"""What a file really is: sniffed from its bytes, compared with its name, checked for bombs."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePath

import filetype
from PIL import Image

from guildmark.kernel.problems import Invalid, UnsupportedMedia
from guildmark.kernel.words import Count, said

MAX_PIXELS = 60_000_000
MAX_ZIP_ENTRIES = 5_000
MAX_ZIP_BYTES = 2_000_000_000
MAX_ZIP_RATIO = 200
MAX_ZIP_DIRECTORY = 2_000_000

# kind -> media types; the group is what a standard asks for ("an image", "a video")
GROUPS: dict[str, frozenset[str]] = {
    "image": frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"}),
    "video": frozenset({"video/mp4", "video/webm", "video/quicktime", "video/x-matroska", "video/x-m4v"}),
    "audio": frozenset(
        {"audio/mpeg", "audio/mp4", "audio/ogg", "audio/x-wav", "audio/wav", "audio/x-flac", "audio/m4a"}
    ),
    "document": frozenset(
        {
            "application/pdf",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/vnd.oasis.opendocument.text",
        }
    ),
    "spreadsheet": frozenset(
        {
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.oasis.opendocument.spreadsheet",
            "text/csv",
        }
    ),
    "text": frozenset({"text/plain", "text/markdown", "text/csv", "application/json", "application/yaml"}),
    "archive": frozenset({"application/zip"}),
}
BY_SUFFIX = {
    ".txt": "text/plain",
    ".log": "text/plain",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".mp4": "video/mp4",
    ".m4v": "video/x-m4v",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".wav": "audio/x-wav",
    ".flac": "audio/x-flac",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
# Types that share a container: the bytes cannot tell them apart, the name may.
SAME_CONTAINER = (
    frozenset({"video/mp4", "video/quicktime", "video/x-m4v", "audio/mp4", "audio/m4a"}),
    frozenset({"video/webm", "video/x-matroska"}),
    frozenset({"audio/wav", "audio/x-wav"}),
)
OFFICE = {
    "word/": BY_SUFFIX[".docx"],
    "ppt/": BY_SUFFIX[".pptx"],
    "xl/": BY_SUFFIX[".xlsx"],
}


@dataclass(frozen=True)
class Media:
    """The type that the bytes prove, and its group (image, video, audio, document, spreadsheet, text, archive)."""

    media_type: str
    group: str


def safe_name(filename: str) -> str:
    """A file name without path, control or direction characters, at most 120 characters long."""
    name = PurePath(filename.replace("\\", "/")).name
    name = "".join(
        c for c in name if c.isprintable() and c not in '<>:"/\\|?*' and not 0x202A <= ord(c) <= 0x2069
    )
    name = name.strip(" .") or "file"
    stem, dot, suffix = name.rpartition(".")
    return f"{stem[: 119 - len(suffix)]}.{suffix}" if dot and len(suffix) < 12 else name[:120]


def inspect(path: Path, filename: str, *, accept: tuple[str, ...] = ()) -> Media:
    """Prove what a stored file is. ``accept`` lists the groups allowed (empty: all known ones).

    Raises UnsupportedMedia for an unknown type or a group not asked for, Invalid when the name says one thing
    and the bytes another, or when an archive or image unpacks to more than the limits.
    """
    suffix = PurePath(filename).suffix.lower()
    claimed = BY_SUFFIX.get(suffix)
    actual = _sniff(path)
    if actual is None:
        raise UnsupportedMedia(
            said("{file}: the type of this file is not known.", file=safe_name(filename)),
            field="file",
            mend=_accepted(accept),
        )
    if actual == "text/plain" and claimed in GROUPS["text"]:
        actual = claimed
    if claimed is None or not _same(claimed, actual):
        raise Invalid(
            said(
                "{file} says by its name that it is {suffix}, but its content is {kind}.",
                file=safe_name(filename),
                suffix=suffix or said("nothing"),
                kind=actual,
            ),
            field="file",
            mend=said("Save it again in the format that its name says."),
        )
    group = next((name for name, types in GROUPS.items() if claimed in types), "")
    groups = {name for name, types in GROUPS.items() if claimed in types}
    if not group or (accept and not groups & set(accept)):
        raise UnsupportedMedia(
            said("{file} is {kind}, which is not asked for here.", file=safe_name(filename), kind=claimed),
            field="file",
            mend=_accepted(accept),
        )
    if group == "image":
        _check_image(path, filename)
    if zipfile.is_zipfile(path) and group in {"archive", "document", "spreadsheet"}:
        _check_zip(path, filename)
    return Media(claimed, group)


def _accepted(accept: tuple[str, ...]) -> str:
    groups = accept or tuple(GROUPS)
    suffixes = [s for s, t in BY_SUFFIX.items() if any(t in GROUPS.get(g, frozenset()) for g in groups)]
    return said("Accepted here: {kinds}.", kinds=", ".join(suffixes))


def _same(claimed: str, actual: str) -> bool:
    return claimed == actual or any(claimed in family and actual in family for family in SAME_CONTAINER)


def _sniff(path: Path) -> str | None:
    with path.open("rb") as source:
        head = source.read(8192)
    if not head:
        raise Invalid(said("The file is empty."), field="file", mend=said("Choose the file again."))
    kind = filetype.guess(head)
    if kind is not None and kind.mime != "application/zip":
        return str(kind.mime)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(path)
    if b"\x00" in head:
        return None
    try:
        head[: len(head) - 3 if len(head) == 8192 else None].decode("utf-8")
    except UnicodeDecodeError as error:
        return "text/plain" if error.start > 8180 else None
    lowered = head.lstrip().lower()
    if lowered.startswith((b"<!doctype", b"<html", b"<svg", b"<?xml")):
        return None
    return "text/plain"


class _Archive(io.FileIO):
    """A file for :mod:`zipfile`, which reads the whole directory of an archive at once, however large it is."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_ZIP_DIRECTORY:
            raise Invalid(
                said("The archive lists more than {n} files.", n=Count(MAX_ZIP_ENTRIES)),
                field="file",
                mend=said("Send the files that matter, unpacked."),
            )
        return super().read(-1 if size is None else size)


def _sniff_zip(path: Path) -> str | None:
    try:
        with _Archive(path) as file, zipfile.ZipFile(file) as archive:
            names = archive.namelist()[:MAX_ZIP_ENTRIES]
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 120:
                return archive.read("mimetype").decode("ascii", "replace").strip()
    # zipfile raises RuntimeError for encrypted entries and for compression it does not know
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return None
    if "[Content_Types].xml" in names:
        for prefix, media_type in OFFICE.items():
            if any(name.startswith(prefix) for name in names):
                return media_type
    return "application/zip"


def _check_image(path: Path, filename: str) -> None:
    try:
        with Image.open(path) as image:
            width, height = image.size
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise Invalid(
            said("{file} cannot be read as an image.", file=safe_name(filename)),
            field="file",
            mend=said("Save it again as PNG or JPEG."),
        ) from None
    # The frames of an animation are not counted: that alone takes minutes where they are many and small.
    if width * height > MAX_PIXELS:
        raise Invalid(
            said(
                "{file} unpacks to {width} by {height} pixels; the limit is {limit} megapixels.",
                file=safe_name(filename),
                width=width,
                height=height,
                limit=MAX_PIXELS // 1_000_000,
            ),
            field="file",
            mend=said("Save a smaller version."),
        )


def _check_zip(path: Path, filename: str) -> None:
    try:
        with _Archive(path) as file, zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Invalid(
            said("{file} cannot be read as an archive.", file=safe_name(filename)),
            field="file",
            mend=said("Pack it again."),
        ) from None
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    unsafe = [e.filename for e in entries if e.filename.startswith("/") or ".." in PurePath(e.filename).parts]
    if unsafe:
        raise Invalid(
            said("{file} holds a path that leaves its folder.", file=safe_name(filename)),
            field="file",
            mend=said("Pack it again from the folder itself."),
        )
    if (
        len(entries) > MAX_ZIP_ENTRIES
        or unpacked > MAX_ZIP_BYTES
        or (unpacked > 50_000_000 and unpacked / packed > MAX_ZIP_RATIO)
    ):
        raise Invalid(
            said(
                "{file} unpacks to {size} MB in {n} files, which is over the limit.",
                file=safe_name(filename),
                size=unpacked // 1_000_000,
                n=len(entries),
            ),
            field="file",
            mend=said("Send the files that matter, unpacked."),
        )
