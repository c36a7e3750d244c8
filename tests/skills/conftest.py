"""The reference frameworks are not part of the repository: what reads them is collected only where they are."""

from __future__ import annotations

from tests.skills.builders import shared

collect_ignore = [] if shared() else ["test_reference_frameworks.py"]
