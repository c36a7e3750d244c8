"""What an address leads to is the word of its host only as long as no other host gives the answer."""

from __future__ import annotations

from typing import Any

import pytest

from guildmark.protocol import did, keys, places
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.report import Served
from guildmark.protocol.verify import Verdict
from tests.protocol import samples
from tests.protocol.hostile import SIGNED, judged
from tests.protocol.world import ISSUER_URL, World, sign

#: A page of a well-known host that leads wherever its query says.
OPEN_REDIRECT = "https://academy.example/leave?to=https://stranger.example/keys.json"
STRANGER = keys.encode_multikey(samples.OTHER_KEY.verify_key.encode())


def test_a_page_that_leads_anywhere_does_not_make_anybody_its_host() -> None:
    document = build(samples.spec(statuses=()))
    document["issuer"]["id"] = OPEN_REDIRECT
    method = f"{OPEN_REDIRECT}#{STRANGER}"
    signed = sign(document, key=samples.OTHER_KEY, method=method)
    keys_there = did.build_controller_document(OPEN_REDIRECT, [samples.OTHER_KEY.verify_key.encode()])
    at_home = World(**{OPEN_REDIRECT: Served(keys_there, OPEN_REDIRECT)})
    assert judged(signed, world=at_home).verdict is Verdict.VALID
    led_away = World(**{OPEN_REDIRECT: Served(keys_there, "https://stranger.example/keys.json")})
    report = judged(signed, world=led_away)
    assert report.verdict is Verdict.UNKNOWN_ISSUER
    assert "stranger.example" in report.check("key_binding").detail


@pytest.mark.parametrize(
    ("place", "verdict"),
    [
        ("https://academy.example/elsewhere/did.json", Verdict.VALID),
        ("https://www.academy.example/o/northlamp/did.json", Verdict.VALID),
        ("https://stranger.example/did.json", Verdict.UNKNOWN_ISSUER),
        ("https://academy.example:8443/did.json", Verdict.UNKNOWN_ISSUER),
        ("http://academy.example/o/northlamp/did.json", Verdict.UNKNOWN_ISSUER),
    ],
)
def test_a_did_document_comes_from_the_host_that_the_did_names(place: str, verdict: Verdict) -> None:
    world = World(**{ISSUER_URL: Served(samples.issuer_document(), place)})
    assert judged(SIGNED, world=world).verdict is verdict


@pytest.mark.parametrize("place", ["https://stranger.example/key", "http://academy.example/key"])
def test_a_key_document_comes_from_its_own_host(place: str) -> None:
    method = f"{samples.BASE}/key"
    key: dict[str, Any] = {
        "id": method,
        "type": "Multikey",
        "controller": samples.ISSUER,
        "publicKeyMultibase": keys.encode_multikey(samples.PUBLIC),
    }
    controller = {**samples.issuer_document(), "assertionMethod": [method], "verificationMethod": []}
    signed = sign(build(samples.spec(statuses=())), method=method)
    at_home = World(**{ISSUER_URL: controller, method: Served(key, method)})
    assert judged(signed, world=at_home).verdict is Verdict.VALID
    led_away = World(**{ISSUER_URL: controller, method: Served(key, place)})
    assert judged(signed, world=led_away).verdict is Verdict.UNKNOWN_ISSUER


@pytest.mark.parametrize(
    "identifier",
    [
        "https://academy.example@stranger.example/o",
        "https://user:word@academy.example/o",
        "https://@academy.example/o",
    ],
)
def test_an_issuer_whose_address_shows_another_host_is_not_looked_up(identifier: str) -> None:
    document = build(samples.spec(statuses=()))
    document["issuer"]["id"] = identifier
    signed = sign(document, key=samples.OTHER_KEY, method=f"{identifier}#{STRANGER}")
    world = World(
        **{identifier: did.build_controller_document(identifier, [samples.OTHER_KEY.verify_key.encode()])}
    )
    report = judged(signed, world=world)
    assert report.verdict is Verdict.CANNOT_TELL
    assert identifier not in world.asked


@pytest.mark.parametrize(
    ("asked", "served", "same"),
    [
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a", True),
        ("https://A.example/a", "https://a.example:443/b", True),
        ("http://a.example/a", "https://www.a.example/a", True),
        ("https://a.example/a", "http://a.example/a", False),
        ("https://a.example/a", "https://a.example.evil.example/a", False),
        ("https://a.example/a", "https://a.example:8443/a", False),
        ("https://[::1/", "https://a.example/a", False),
    ],
)
def test_a_host_is_the_same_in_each_of_its_spellings(asked: str, served: str, same: bool) -> None:
    assert (places.led_away(asked, Served({}, served)) is None) is same


@pytest.mark.parametrize(
    ("asked", "served", "open_way"),
    [
        ("https://a.example/a", "https://a.example/b", False),
        ("http://a.example/a", "https://a.example/a", True),
        ("https://a.example/a", "HTTP://a.example/a", True),
        ("http://localhost:8000/a", "http://127.0.0.1:8000/a", False),
        ("urn:uuid:1", "urn:uuid:1", False),
        ("http://[::1", "https://a.example/a", True),
    ],
)
def test_only_https_and_this_machine_keep_others_from_answering(
    asked: str, served: str, open_way: bool
) -> None:
    assert places.can_be_changed_on_the_way(asked, Served({}, served)) is open_way
