"""A published bar, and work that waits against it."""

from __future__ import annotations

from typing import Any

import pytest

from guildmark.design.types import VersionView
from tests.design.builders import published
from tests.evidence.builders import submitted

EVIDENCE: list[dict[str, Any]] = [
    {
        "id": "e1",
        "title": "Walkthrough",
        "brief": "Show the finished sequence and say why each branch stands.",
        "kind": "file",
        "accept": ["video", "image", "document", "archive", "text"],
        "max_mb": 20,
        "max_items": 3,
        "variants": 8,
    },
    {
        "id": "e2",
        "title": "Test log",
        "brief": "One line per branch.",
        "kind": "text",
        "min_words": 5,
        "form": "repaired",
        "variants": 8,
    },
    {"id": "e3", "title": "Live page", "brief": "The sign-up page.", "kind": "url", "required": False},
]


@pytest.fixture
def version(org: Any) -> VersionView:
    """A published standard with a file, a text and an optional address; one resubmission, ten days to judge."""
    return published(
        org,
        evidence=EVIDENCE,
        conditions={
            "resubmissions": 1,
            "turnaround_days": 10,
            "authorship": "I made this sequence myself.",
            "authorship_checks": ["defence"],
        },
    )


@pytest.fixture
def waiting(org: Any, version: VersionView) -> Any:
    return submitted(org, version)
