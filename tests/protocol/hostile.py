"""How hostile input is judged: soon, with a reason, and under every policy."""

from __future__ import annotations

import copy
import time
from typing import Any

from guildmark.protocol.policy import OPEN_BADGES_STRICT, POLICIES, Policy
from guildmark.protocol.report import Outcome, Report
from guildmark.protocol.verify import Verdict, verify
from tests.protocol import samples
from tests.protocol.world import World, credential

SIGNED = credential()
WORLD = World()
SECONDS = 10.0


def judged(source: Any, policy: Policy = OPEN_BADGES_STRICT, world: Any = WORLD) -> Report:
    """The report, which must come soon and give a reason where the verdict is not valid."""
    began = time.perf_counter()
    report = verify(source, loader=world, now=samples.DURING, policy=policy)
    assert time.perf_counter() - began < SECONDS
    if report.verdict is not Verdict.VALID:
        assert any(
            item.detail and item.outcome in (Outcome.FAILED, Outcome.NOT_CHECKED) for item in report.checks
        )
    return report


def refused(source: Any, *verdicts: Verdict, world: Any = WORLD) -> None:
    """Every policy refuses it; the strict one with one of these verdicts."""
    assert judged(source, world=world).verdict in verdicts
    for policy in POLICIES.values():
        assert judged(source, policy, world).verdict is not Verdict.VALID


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    document = copy.deepcopy(SIGNED)
    node: Any = document
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return document
