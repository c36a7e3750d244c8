"""What this room tells: payloads hold ids as text.

``design.version_published``: achievement, version, number, core_hash, supersedes (number or empty), forces.
``design.version_retired`` and ``design.version_reviewed``: achievement, version, number.
``design.lowering_asked`` and ``design.lowering_answered``: request, version.
"""

VERSION_PUBLISHED = "design.version_published"
PRESENTATION_REVISED = "design.presentation_revised"
VERSION_RETIRED = "design.version_retired"
VERSION_REVIEWED = "design.version_reviewed"
LOWERING_ASKED = "design.lowering_asked"
LOWERING_ANSWERED = "design.lowering_answered"
