"""Guildmark's protocol cellar: Open Badges 3.0 and its proofs, with no I/O and no framework."""
