"""Which state may follow which.

``imported`` is stored and not yet offered: while an import runs, or when the file held no skill to choose.
``withdrawn`` is kept and still resolvable, but no longer found or offered.
"""

from guildmark.kernel.states import transitions

FRAMEWORK = transitions(
    "framework", imported="current withdrawn", current="withdrawn", withdrawn="current imported"
)
IMPORT = transitions("import", queued="running failed", running="done failed running")
