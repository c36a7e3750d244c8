"""Claims: what a person can do after a credential, in words that a stranger can check."""

from guildmark.design.claims.findings import ClaimFinding
from guildmark.design.claims.linter import lint
from guildmark.design.claims.reading import Reading, reading

__all__ = ["ClaimFinding", "Reading", "lint", "reading"]
