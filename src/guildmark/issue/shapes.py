"""Awards whose documents differ in a few texts only, and the templates that sign them.

A shape is learnt from two made-up awards whose every text is another: where their documents differ are the
places, and which text of an award belongs into each is found by comparing. So nothing here knows how a document
is put together; a place that no known text fits makes the shape unusable, and such awards are signed one by one.
"""

from __future__ import annotations

import copy
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from guildmark.assess.evidence.types import DecisionView
from guildmark.issue import document, statuses
from guildmark.issue.models import Award
from guildmark.protocol.canonical.template import NoTemplate, Template, places
from guildmark.protocol.errors import ProtocolError
from guildmark.protocol.openbadges import lint
from guildmark.protocol.openbadges.build import build, digest_sri
from guildmark.protocol.openbadges.identity import hash_email
from guildmark.protocol.times import format_instant

_lock = threading.Lock()


@dataclass(frozen=True)
class Shape:
    """A template and, for each of its places, which of the texts of an award stands there."""

    template: Template
    order: tuple[int, ...]

    def values(self, award: Award, decision: DecisionView | None, urls: Mapping[str, str]) -> list[str]:
        """The texts of an award in the order of the template's places."""
        texts = texts_of(award, decision, urls)
        return [texts[index] for index in self.order]

    def gives(
        self,
        document: Mapping[str, Any],
        award: Award,
        decision: DecisionView | None,
        urls: Mapping[str, str],
    ) -> bool:
        """Whether the document of an award comes out of the template, to the last key."""
        return self.template.fill(self.values(award, decision, urls)) == document


def key_of(award: Award, decision: DecisionView | None) -> tuple[Any, ...]:
    """Awards with equal keys have documents of one shape."""
    judged = (
        (
            decision.results,
            tuple((item.requirement_id, item.kind, item.media_type) for item in decision.evidence),
            decision.judge_roles,
            decision.weaknesses,
            decision.attempt,
            decision.independence,
            decision.assessed_so_far is None,
            decision.judged_twice_so_far is None,
            decision.handed_in_by_learner,
        )
        if decision
        else None
    )
    return (
        award.version_id,
        award.status_shard,
        award.include_name,
        award.valid_until is None,
        award.completed_on is None,
        judged,
    )


def texts_of(award: Award, decision: DecisionView | None, urls: Mapping[str, str]) -> list[str]:
    """Every text of a document that differs between the awards of one shape."""
    index = str(award.status_index)
    texts = [
        document.credential_url(award.public_id),
        hash_email(award.holder_email, award.salt),
        award.salt,
        award.holder_name,
        format_instant(award.valid_from),
        format_instant(award.valid_until) if award.valid_until else "",
        format_instant(document.awarded_at(award, decision)),
        index,
        *(f"{urls[purpose]}#{index}" for purpose in statuses.PURPOSES),
    ]
    if decision:
        texts += [
            decision.assessed_at.date().isoformat(),
            decision.acknowledged_at.date().isoformat(),
            decision.submitted_at.date().isoformat(),
            "" if decision.assessed_so_far is None else str(decision.assessed_so_far),
            "" if decision.passed_so_far is None else str(decision.passed_so_far),
            "" if decision.judged_twice_so_far is None else str(decision.judged_twice_so_far),
            "" if decision.same_outcome_so_far is None else str(decision.same_outcome_so_far),
        ]
        for item in decision.evidence:
            texts += [
                document.evidence_url(award.public_id, item.id),
                digest_sri(bytes.fromhex(item.sha256)),
            ]
    return texts


#: Shapes that this process has learnt, so that not every chunk of a batch begins by learning; the oldest goes first.
_learnt: OrderedDict[tuple[Any, ...], Shape] = OrderedDict()
_MOST_LEARNT = 32


def shape_of(
    frame: document.Frame, award: Award, decision: DecisionView | None, urls: Mapping[str, str]
) -> Shape | None:
    """The shape of an award, learnt before or now; None when its places cannot be told for certain.

    Whatever the organisation or its standard say by now, the award comes out as it would be built alone.
    """
    key = (award.org_id, *sorted(urls.items()), key_of(award, decision))
    alone = build(frame.spec(award, decision, statuses.entries(award, urls)))
    with _lock:
        shape = _learnt.get(key)
    if shape is None or not shape.gives(alone, award, decision, urls):
        shape = learn(frame, award, decision, urls)
        if shape is None or not shape.gives(alone, award, decision, urls):
            return None
        with _lock:
            _learnt[key] = shape
            while len(_learnt) > _MOST_LEARNT:
                _learnt.popitem(last=False)
    return shape


def learn(
    frame: document.Frame, award: Award, decision: DecisionView | None, urls: Mapping[str, str]
) -> Shape | None:
    """The shape of two made-up awards like this one; None as well when their document must not be signed."""
    made = []
    for number in (1, 2):
        other, judged = _made_up(award, decision, number)
        made.append(
            (build(frame.spec(other, judged, statuses.entries(other, urls))), texts_of(other, judged, urls))
        )
    (first, first_texts), (second, second_texts) = made
    paths = places(first, second)
    if not paths:
        return None
    order = []
    for path in paths:
        pair = (_at(first, path), _at(second, path))
        fitting = [
            index for index, texts in enumerate(zip(first_texts, second_texts, strict=True)) if texts == pair
        ]
        if len(fitting) != 1:
            return None
        order.append(fitting[0])
    try:
        # What is the same for all awards of the shape is linted here, once; each award's own texts by `findings`.
        lint.ensure_clean(first)
        return Shape(Template.of(first, paths), tuple(order))
    except (NoTemplate, ProtocolError):
        return None


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _made_up(award: Award, decision: DecisionView | None, number: int) -> tuple[Award, DecisionView | None]:
    """An award of the same shape all of whose own texts are others."""
    start = datetime(2001 + 10 * number, 1, 1, tzinfo=UTC)

    def moment(step: int) -> datetime:
        return start + timedelta(days=400 + step, seconds=step)

    other = copy.copy(award)
    other.public_id, other.salt = uuid4(), secrets.token_hex(16)
    other.holder_name, other.holder_email = (
        f"Name {secrets.token_hex(8)}",
        f"{secrets.token_hex(8)}@a.example",
    )
    other.valid_from = moment(0)
    other.valid_until = moment(900) if award.valid_until else None
    other.created_at = moment(1)
    other.completed_on = moment(2).date() if award.completed_on else None
    other.status_index = secrets.randbelow(60_000) * 2 + number - 1
    if decision is None:
        return other, None
    judged = replace(
        decision,
        decided_at=moment(3),
        submitted_at=moment(4),
        assessed_at=moment(5),
        acknowledged_at=moment(6),
        assessed_so_far=None if decision.assessed_so_far is None else 900_000 + number,
        passed_so_far=None if decision.passed_so_far is None else 800_000 + number,
        judged_twice_so_far=None if decision.judged_twice_so_far is None else 700_000 + number,
        same_outcome_so_far=None if decision.same_outcome_so_far is None else 600_000 + number,
        evidence=tuple(replace(item, id=uuid4(), sha256=secrets.token_hex(32)) for item in decision.evidence),
    )
    return other, judged


def findings(award: Award) -> list[lint.Finding]:
    """What must be mended in the texts that a shape leaves open; the rest was linted with its first document."""
    found = lint.check_text(award.holder_name, "credentialSubject.identifier", is_name=True)
    if award.valid_until is not None and award.valid_until <= award.valid_from:
        found.append(
            lint.Finding(
                "date",
                "validUntil",
                lint.Severity.ERROR,
                "The credential ends before it begins.",
                "Choose a later end.",
            )
        )
    return [finding for finding in found if finding.severity is lint.Severity.ERROR]
