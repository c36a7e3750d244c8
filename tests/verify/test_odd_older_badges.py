"""Odd values in everything that is served for an older badge or a learner record: a report, never an exception."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guildmark.protocol.errors import NotAvailable, ProtocolError
from guildmark.protocol.openbadges.reading import read
from guildmark.protocol.verify import verify
from guildmark.verify.report_text import render
from tests.protocol.test_clr import VECTOR, controllers

VECTORS = Path(__file__).parents[1] / "protocol" / "vectors"
BADGES = json.loads((VECTORS / "openbadges-2.json").read_text("utf-8"))
NOW = datetime(2026, 6, 1, tzinfo=UTC)
ODD = [
    None,
    7,
    -1.5,
    True,
    "",
    "\ud800",
    "https://[",
    [],
    {},
    [None],
    [[]],
    {"id": 7},
    {"@value": 1},
    ["a", 7],
]
DOCUMENTS = BADGES["documents"] | BADGES["version_1"]
SOURCES = {
    "hosted": json.dumps(DOCUMENTS["https://example.org/beths-robotics-badge.json"]),
    "version 1": json.dumps(DOCUMENTS["http://a.com/instance"]),
    "signed": BADGES["tokens"]["simple-revoked.jwt"],
}


def places(value, path=()):
    yield path
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(item, dict | list):
            yield from places(item, (*path, key))
        else:
            yield (*path, key)


def changed(document, path, value):
    if not path:
        return value
    whole = copy.deepcopy(document)
    place = whole
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return whole


def loader(documents):
    def load(url):
        if url not in documents:
            raise NotAvailable(f"{url} does not answer.")
        return documents[url]

    return load


def judge(source, documents):
    report = verify(source, loader=loader(documents), now=NOW, recipient_email="a@b.example")
    render(report)
    for one in (report, *report.contained):
        try:
            read(one.credential or {})
        except ProtocolError:
            continue
    return report.verdict.value


@pytest.mark.parametrize("name", sorted(SOURCES))
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_values_in_what_a_badge_names_give_a_report(name, odd):
    for address, document in DOCUMENTS.items():
        for path in places(document):
            judge(SOURCES[name], DOCUMENTS | {address: changed(document, path, odd)})


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize(
    "address", ["https://example.org/beths-robotics-badge.json", "http://a.com/instance"]
)
def test_odd_values_in_a_badge_and_at_its_address_give_a_report(odd, address):
    for path in places(DOCUMENTS[address]):
        if path:
            one = changed(DOCUMENTS[address], path, odd)
            judge(one, DOCUMENTS | {address: one})


@pytest.mark.parametrize("odd", [None, 7, "", [], {"id": 7}], ids=repr)
def test_odd_values_in_a_learner_record_are_never_valid(odd):
    documents = controllers(VECTOR)
    assert judge(VECTOR, documents) == "valid"
    for path in places(VECTOR):
        if path and "@context" not in path:
            assert judge(changed(VECTOR, path, odd), documents) != "valid", path
