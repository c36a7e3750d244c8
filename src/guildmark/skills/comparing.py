"""What an import will do to one framework, found by comparing the file with what is stored. Nothing is written."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import orjson

from guildmark.skills import index, policies
from guildmark.skills.formats.common import Package, SkillRow
from guildmark.skills.models import Framework, Skill


@dataclass(frozen=True)
class Known:
    """A skill as it is stored."""

    id: UUID
    number: int
    digest: str
    state: str
    position: int


@dataclass
class Plan:
    """What an import will do to one framework; ``numbers`` gives every skill of the file its number."""

    framework: Framework
    package: Package
    content: str
    numbers: dict[str, int] = field(default_factory=dict)
    new: list[tuple[int, SkillRow]] = field(default_factory=list)
    again: list[tuple[Known, int, SkillRow]] = field(default_factory=list)
    gone: list[Known] = field(default_factory=list)
    kept_numbers: set[int] = field(default_factory=set)
    #: The language by which skills without one are indexed.
    read_as: str = ""
    moved: list[tuple[int, UUID]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def generation(self) -> int:
        return self.framework.generation + 1


def content_hash(package: Package) -> str:
    """SHA-256 (hex) over everything that a package says: equal for two readings that say the same."""
    head = {
        name: getattr(package, name)
        for name in ("uri", "title", "format", "publisher", "version", "language", "description", "licence",
                     "licence_url", "attribution", "url", "extra")
    }  # fmt: skip
    digest = hashlib.sha256(orjson.dumps(head, option=orjson.OPT_SORT_KEYS))
    for row in package.rows:
        digest.update(row.digest().encode())
    for edge in package.edges:
        digest.update("\x1f".join((edge.source, edge.kind, edge.target, str(edge.position))).encode())
    return digest.hexdigest()


def compare(framework: Framework, package: Package, content: str, *, withdraw_many: bool = False) -> Plan:
    """What is new, changed, unchanged and gone.

    Raises UnreadableFramework when most of the framework would be withdrawn and ``withdraw_many`` is not said.
    """
    plan = Plan(framework, package, content)
    plan.read_as = index.reading_language(package.rows, package.language)
    known = {
        uri: Known(*values)
        for uri, *values in Skill.objects.for_org(framework.org_id)
        .filter(framework=framework)
        .values_list("uri", "id", "number", "digest", "state", "position")
    }
    number = max((one.number for one in known.values()), default=0)
    for position, row in enumerate(package.rows):
        old = known.get(row.uri)
        if old is None:
            number += 1
            plan.new.append((position, row))
            plan.numbers[row.uri] = number
            plan.counts["withdrawn" if row.retired else "added"] += 1
            continue
        plan.numbers[row.uri] = old.number
        wanted = "withdrawn" if row.retired else "current"
        if old.digest != row.digest() or old.state != wanted:
            plan.again.append((old, position, row))
            kind = "changed"
            if old.state != wanted:
                kind = "restored" if wanted == "current" else "withdrawn"
            plan.counts[kind] += 1
            continue
        plan.counts["unchanged"] += 1
        if old.position != position:
            plan.moved.append((position, old.id))
    absent = [one for uri, one in known.items() if uri not in plan.numbers]
    plan.gone = [one for uri, one in known.items()
                 if uri not in plan.numbers and one.state == "current" and uri not in package.unusable]  # fmt: skip
    plan.kept_numbers = {one.number for one in absent}
    plan.counts["withdrawn"] += len(plan.gone)
    current = sum(one.state == "current" for one in known.values())
    policies.ensure_not_a_part(framework.title, len(plan.gone), current, meant=withdraw_many)
    return plan
