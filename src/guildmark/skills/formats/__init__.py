"""Readers of framework files: each is pure, from bytes to packages and findings."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from guildmark.skills.formats import case, ctdl, digcomp, esco, plain, rsd
from guildmark.skills.formats.common import Options, Package, Report, Tick, UnreadableFramework
from guildmark.skills.formats.source import Source

#: In the order in which they are tried: the plain table takes what no other one knows.
READERS: dict[str, ModuleType] = {reader.FORMAT: reader for reader in (case, digcomp, ctdl, esco, rsd, plain)}
WORDS = {
    "esco": "ESCO (CSV)",
    "case": "CASE package (JSON)",
    "ctdl": "ASN or CTDL-ASN (JSON-LD)",
    "rsd": "Rich Skill Descriptors (CSV)",
    "digcomp": "DigComp (JSON-LD or CSV)",
    "csv": "Plain table (CSV)",
}


@dataclass(frozen=True)
class Reading:
    """What a file holds: its format, its frameworks."""

    format: str
    packages: list[Package]


def detect(source: Source) -> str:
    """The format of a file by its content. Raises UnreadableFramework when no reader knows it."""
    for name, reader in READERS.items():
        if reader.fits(source):
            return name
    raise UnreadableFramework(
        f"The format of {source.filename[:80]} is not known.",
        field="file",
        mend=f"Known are: {', '.join(WORDS.values())}.",
    )


def read(source: Source, options: Options, report: Report, tick: Tick = lambda done, total: None) -> Reading:
    """Read a file in the format that was named, or in the one that its content shows.

    Raises UnreadableFramework when the file as a whole cannot be used, also when most of its rows cannot.
    """
    if options.format and options.format not in READERS:
        raise UnreadableFramework(
            f"There is no format {options.format[:40]!r}.",
            field="format",
            mend=f"Known: {', '.join(READERS)}.",
        )
    name = options.format or detect(source)
    packages = READERS[name].read(source, options, report, tick)
    rows = sum(len(package.rows) for package in packages)
    if report.counts["error"] and not rows:
        raise UnreadableFramework(
            "No row of the file can be used.", field="file", mend="The findings say what is wrong with each."
        )
    return Reading(name, packages)
