"""Every change of a JSON value in a signed credential is refused."""

import copy
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildmark.protocol import keys, multibase
from guildmark.protocol.errors import BadSignature
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.proofs import data_integrity as suite
from guildmark.protocol.verify import Verdict, verify
from tests.protocol import samples
from tests.protocol.world import World, credential

SIGNED = credential()
WORLD = World()
REFUSED = {Verdict.TAMPERED, Verdict.MALFORMED, Verdict.UNKNOWN_ISSUER, Verdict.CANNOT_TELL}


def places(value, path=()):
    """Give the path of every value and of every member of every object and array."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield (*path, key)
            yield from places(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield (*path, index)
            yield from places(child, (*path, index))


def parent_of(document, path):
    for key in path[:-1]:
        document = document[key]
    return document


def verdict_of(document):
    return verify(document, loader=WORLD, now=samples.DURING).verdict


def other(value):
    """Another value of the same kind, well formed wherever the old one was."""
    if isinstance(value, bool):
        return not value
    if not isinstance(value, str):
        return "something else"
    if value.endswith("Z") and value[:4].isdigit():
        return "2027" + value[4:]
    return value[:-1] + ("1" if value[-1] != "1" else "2")


PATHS = sorted(places(SIGNED), key=str)
LEAVES = [path for path in PATHS if not isinstance(parent_of(SIGNED, path)[path[-1]], (dict, list))]
# The context list has its own tests below.
MEMBERS = [path for path in PATHS if path[0] != "@context"]


@pytest.mark.parametrize("part", range(8))
def test_every_changed_leaf_is_refused(part):
    for path in LEAVES[part::8]:
        document = copy.deepcopy(SIGNED)
        parent = parent_of(document, path)
        parent[path[-1]] = other(parent[path[-1]])
        assert verdict_of(document) in REFUSED, path


@pytest.mark.parametrize("part", range(8))
def test_every_removed_member_is_refused(part):
    for path in PATHS[part::8]:
        document = copy.deepcopy(SIGNED)
        del parent_of(document, path)[path[-1]]
        assert verdict_of(document) in REFUSED, path


@pytest.mark.parametrize("part", range(4))
def test_every_value_of_another_kind_is_refused(part):
    for path in MEMBERS[part::4]:
        for value in (None, 7):
            document = copy.deepcopy(SIGNED)
            parent_of(document, path)[path[-1]] = value
            assert verdict_of(document) in REFUSED, (path, value)


def test_every_added_member_is_refused():
    nodes = [(), *(path for path in MEMBERS if isinstance(parent_of(SIGNED, path)[path[-1]], dict))]
    for path in nodes:
        for key, value in (("undefined", "x"), ("description", "x"), ("type", ["Image"]), ("@id", "urn:x")):
            document = copy.deepcopy(SIGNED)
            node = document
            for step in path:
                node = node[step]
            if node.get(key) == value or [node.get(key)] == value:  # the same statements in RDF
                continue
            node[key] = value
            assert verdict_of(document) in REFUSED, (path, key)


def test_the_order_of_keys_and_white_space_do_not_matter():
    document = dict(reversed(SIGNED.items()))
    assert verdict_of(document) is Verdict.VALID


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_context_cannot_be_taken_away(index):
    document = copy.deepcopy(SIGNED)
    del document["@context"][index]
    assert verdict_of(document) is Verdict.MALFORMED


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(names, names)
def test_any_name_survives_signing_and_no_other_fits(name, another):
    recipient = samples.RecipientSpec("sha256$" + "0" * 64, "salt", name=name)
    document = credential(recipient=recipient)
    suite.verify(document, public_key=keys.ed25519(samples.PUBLIC))
    if another != name:
        document["credentialSubject"]["identifier"][1]["identityHash"] = another
        with pytest.raises(BadSignature):
            suite.verify(document, public_key=keys.ed25519(samples.PUBLIC))


def test_signing_is_deterministic():
    unsigned = build(samples.spec())
    made = [
        suite.sign(
            unsigned,
            signer=samples.signer,
            verification_method=samples.METHOD,
            created=datetime(2026, 3, 2, tzinfo=UTC),
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert len(multibase.decode(made[0]["proof"]["proofValue"])) == 64
