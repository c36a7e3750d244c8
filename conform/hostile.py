"""Documents with hostile texts and shapes, and the canonical form that Guildmark gives them, one JSON per line.

Each goes the fast ways: by tables made of the contexts, and by a template where only texts were changed. What these
give no answer to is left out, since then the slow way decides.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from guildmark.protocol.canonical import jsonld
from guildmark.protocol.canonical.template import Template

DATA = Path(__file__).resolve().parent.parent / "bench" / "data"
PLACES: list[tuple[str | int, ...]] = [
    ("id",),
    ("name",),
    ("credentialSubject", "identifier", 0, "identityHash"),
    ("credentialSubject", "result", 0, "value"),
    ("credentialSubject", "result", 0, "achievedLevel"),
    ("credentialSubject", "achievement", "tag", 0),
    ("evidence", 0, "id"),
    ("evidence", 1, "name"),
    ("evidence", 1, "narrative"),
    ("credentialStatus", "id"),
    ("credentialStatus", "statusListIndex"),
]
TEXTS = [
    "", " ", '"', "\\", "\\n", "\n", "\r\t", "\b\f", "\x00", "\x01", "\x1f", "\x7f", "\u0080", "\u2028", "𝒳", "ü", "e\u0301",
    '" <urn:x> <urn:y> .', "\\u0041", "@id", "@type", "_:b0", "_:c14n0", "name", "relative", "#x", "//x.example",
    "https://", "https://a.example/ü", "https://a.example/a b", "https://a.example/<>", "https://a.example/%zz", "urn:uuid:",
    "urn:x:y", "did:web:a.example", "xsd:string", "cred:x", "urn:uuid:0a5d2f34-4248-4f72-a82e-67a97c65c1e5",
    "https://badges.example.org/achievements/42", "https://badges.example.org/issuers/1", "Dashboard", "data",
]  # fmt: skip
KEYS = [
    "id", "type", "name", "description", "image", "evidence", "criteria", "narrative", "achievement", "alignment", "result",
    "value", "tag", "identifier", "unknown", "@list", "@set", "@graph", "@reverse", "@included", "@language", "@index",
    "https://a.example/p", "cred:foo", "validFrom", "hashed",
]  # fmt: skip
VALUES: list[Any] = [True, False, 0, 1, -1, 2**53 - 1, 0.5, 1e21, 1.5e-7, 100.0, [], {}, None, ["a", "b"], {"id": "urn:x:1"}]


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        if key != "@context":
            yield (*path, key)
            yield from _places(child, (*path, key))


def _changed(chance: random.Random, base: dict[str, Any]) -> dict[str, Any]:
    document = copy.deepcopy(base)
    for _ in range(chance.randint(1, 3)):
        *above, last = chance.choice(list(_places(document)))
        holder: Any = document
        for step in above:
            holder = holder[step]
        act = chance.randrange(6)
        value = chance.choice(TEXTS) if chance.random() < 0.7 else copy.deepcopy(chance.choice(VALUES))
        if act < 2:
            holder[last] = value
        elif act == 2 and isinstance(holder, dict) and len(holder) > 1:
            del holder[last]
        elif act == 3 and isinstance(holder, dict):
            holder[chance.choice(KEYS)] = holder.pop(last)
        elif act == 4:
            holder[last] = [holder[last], copy.deepcopy(holder[last])]
        elif isinstance(holder[last], dict):
            holder[last][chance.choice(KEYS)] = value
    return document


def documents(number: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """``{"way", "document", "nquads"}`` for what the fast ways gave an answer to, out of so many documents."""
    chance = random.Random(seed)  # noqa: S311
    names = ("ob3-credential-107-quads.json", "demo-credential.json")
    bases = [json.loads((DATA / name).read_text("utf-8")) for name in names]
    template = Template.of(bases[0], PLACES)
    usual = template.values_of(bases[0])
    assert usual is not None
    for _ in range(number):
        values = list(usual)
        for _ in range(chance.randint(1, 4)):
            values[chance.randrange(len(values))] = chance.choice(TEXTS + values)
        text = template.nquads(values)
        if text is not None:
            yield {"way": "template", "document": template.fill(values), "nquads": text}
        document = _changed(chance, chance.choice(bases))
        text = jsonld.fast_canonicalize(document)
        if text is not None:
            yield {"way": "tables", "document": document, "nquads": text}


def write(path: Path, number: int) -> int:
    """Write them to a file; returns how many there are."""
    count = 0
    with path.open("w", encoding="utf-8") as out:
        for one in documents(number):
            out.write(json.dumps(one) + "\n")
            count += 1
    return count
