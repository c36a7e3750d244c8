"""The documents that are signed: the fixture of the field and the demo's own credential, for many holders."""

from __future__ import annotations

import copy
import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from guildmark.protocol.canonical.template import Path as Place
from guildmark.protocol.canonical.template import Template

DATA = Path(__file__).resolve().parent / "data"
#: What differs from holder to holder in the fixture.
FIXTURE_PLACES: tuple[Place, ...] = (
    ("id",),
    ("validFrom",),
    ("validUntil",),
    ("awardedDate",),
    ("credentialSubject", "identifier", 0, "identityHash"),
    ("credentialSubject", "identifier", 0, "salt"),
    ("credentialSubject", "activityEndDate"),
    ("credentialSubject", "result", 0, "value"),
    ("evidence", 0, "id"),
    ("evidence", 1, "narrative"),
    ("credentialStatus", "id"),
    ("credentialStatus", "statusListIndex"),
)
#: The same in the demo's credential, as the product itself has it.
DEMO_PLACES: tuple[Place, ...] = (
    ("id",),
    ("validFrom",),
    ("validUntil",),
    ("awardedDate",),
    *(("credentialSubject", "identifier", 0, name) for name in ("identityHash", "salt")),
    ("credentialSubject", "identifier", 1, "identityHash"),
    *(("credentialSubject", "result", index, "value") for index in (11, 18, 19)),
    *(("evidence", index, name) for index in range(5) for name in ("id", "digestSRI")),
    *(("credentialStatus", index, name) for index in (0, 1) for name in ("id", "statusListIndex")),
)


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / name).read_text("utf-8"))
    return found


@dataclass(frozen=True)
class Pool:
    """Credentials of one shape for many holders: the values of their places, and the documents themselves."""

    template: Template
    values: Sequence[list[str]]

    @property
    def documents(self) -> list[dict[str, Any]]:
        return [self.template.fill(values) for values in self.values]


def pool(name: str, places: Sequence[Place], count: int) -> Pool:
    """So many credentials like the one in a file."""
    document = read(name)
    template = Template.of(document, places)
    first = template.values_of(document)
    assert first is not None
    return Pool(template, [[_another(text, number, at) for at, text in enumerate(first)] for number in range(count)])


def _another(text: str, number: int, at: int) -> str:
    """A text of the same kind for another holder."""
    digest = hashlib.sha256(f"{number} {at} {text}".encode()).hexdigest()
    if text.startswith("urn:uuid:"):
        return f"urn:uuid:{UUID(digest[:32])}"
    if text.startswith("sha256$"):
        return f"sha256${digest}"
    if text.startswith("sha256-"):
        return f"sha256-{digest[:43]}="
    if text[4:5] == "-" and text[7:8] == "-":
        return f"{text[:4]}-0{1 + number % 9}-1{number // 9 % 10}{text[10:]}"
    if text.startswith("http"):
        head, mark, _ = text.rpartition("#") if "#" in text else text.rpartition("/")
        return f"{head}{mark}{int(digest[:4], 16)}" if mark == "#" else f"{head}/{UUID(digest[:32])}"
    if text.isdigit():
        return str(int(digest[:4], 16))
    return f"{text[:24]} {digest[:8]} «révisé»"


def unlike(count: int) -> list[dict[str, Any]]:
    """Documents of the fixture's kind of which no two have the same shape or achievement: nothing to learn from one."""
    chance = random.Random(3)  # noqa: S311
    base = read("ob3-credential-107-quads.json")
    made = []
    for number in range(count):
        document = copy.deepcopy(base)
        achievement = document["credentialSubject"]["achievement"]
        _rename(document, f"/achievements/{number}/", number)
        achievement["id"] = f"https://badges.example.org/achievements/{number}"
        achievement["name"] = document["name"] = f"Build data dashboard {number}"
        achievement["description"] += f" Form {number}."
        achievement["criteria"]["narrative"] += f"\n\nForm {number}."
        achievement["tag"] = [f"tag {number} {index}" for index in range(chance.randint(1, 5))]
        del achievement["alignment"][chance.randint(1, 2) :]
        for name in chance.sample(["humanCode", "fieldOfStudy", "creditsAvailable"], chance.randint(0, 2)):
            del achievement[name]
        document["id"] = f"urn:uuid:{UUID(int=number)}"
        made.append(document)
    return made


def _rename(value: Any, to: str, number: int) -> None:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in list(items):
        if isinstance(child, str):
            value[key] = child.replace("/achievements/42/", to)
        else:
            _rename(child, to, number)


def held(count: int, achievements: int) -> list[dict[str, Any]]:
    """What an employer is shown: credentials of one issuer for a few achievements, each held by many."""
    kinds = unlike(achievements)
    values = pool("ob3-credential-107-quads.json", FIXTURE_PLACES, count).documents
    made = []
    for number, document in enumerate(values):
        kind = copy.deepcopy(kinds[number % achievements])
        kind["credentialSubject"]["identifier"] = document["credentialSubject"]["identifier"]
        for name in ("id", "validFrom", "validUntil", "awardedDate", "evidence", "credentialStatus"):
            kind[name] = document[name]
        made.append(kind)
    return made
