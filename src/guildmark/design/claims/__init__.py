"""Claims: what a person can do after a credential, in words that a stranger can check."""

from guildmark.design.claims.findings import ClaimFinding, TextKind
from guildmark.design.claims.linter import lint, reads_as_can_do, spoken_language
from guildmark.design.claims.reading import Reading, reading

__all__ = ["ClaimFinding", "Reading", "TextKind", "lint", "reading", "reads_as_can_do", "spoken_language"]
