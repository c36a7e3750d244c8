"""From handed-in work to its one decision."""

from __future__ import annotations

import pytest

from tests.evidence.builders import decided

pytestmark = pytest.mark.django_db


def test_it_decides_by_the_rule(org):
    decision = decided(org)
    assert decision.outcome == "passed"
