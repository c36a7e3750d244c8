"""Open Badges 2.0 documents made from a signed credential."""

import json

import pytest
from PIL import Image

from guildmark.protocol.errors import BakeError, Malformed
from guildmark.protocol.openbadges import bake, v2
from guildmark.protocol.openbadges.build import build, build_achievement
from tests.protocol import samples
from tests.protocol.test_bake import png

HERE = "https://academy.example/c/1/ob2"
BADGE = "https://academy.example/s/email-sequence/v/1.0/ob2"
SHOWN = f"{samples.BASE}/c/5f0c2d0e-6a8f-4c58-8f0a-8a1b8e9f2d11/evidence/1"


def made(document=None, **changes):
    return v2.assertion(document or build(samples.spec()), id=HERE, badge=BADGE, **changes)


def test_the_assertion_says_what_the_credential_says():
    assertion = made(image=f"{HERE}.png", open_evidence={SHOWN})
    assert assertion["@context"] == "https://w3id.org/openbadges/v2"
    assert (assertion["type"], assertion["id"], assertion["badge"]) == ("Assertion", HERE, BADGE)
    assert assertion["verification"] == {"type": "HostedBadge"}
    assert (assertion["issuedOn"], assertion["expires"]) == ("2026-03-01T12:00:00Z", "2028-03-01T12:00:00Z")
    assert assertion["recipient"] == {
        "type": "email",
        "hashed": True,
        "salt": samples.SALT,
        "identity": build(samples.spec())["credentialSubject"]["identifier"][0]["identityHash"],
    }
    assert "Trigger logic: Strong" in assertion["narrative"]
    screencast, export = assertion["evidence"]
    assert screencast["id"] == SHOWN
    assert screencast["narrative"] == "Shows the three branches."
    assert "id" not in export
    assert "digestSRI" not in export


def test_the_name_of_the_holder_and_hidden_evidence_addresses_stay_out():
    text = json.dumps(made(), ensure_ascii=False)
    assert "Zoë" not in text
    assert "/evidence/" not in text


def test_a_completion_record_has_no_narrative_of_levels():
    assertion = made(build(samples.completion()))
    assert "narrative" not in assertion
    assert "evidence" not in assertion


def test_it_refuses_a_credential_without_a_hashed_address():
    document = build(samples.spec())
    document["credentialSubject"]["identifier"] = document["credentialSubject"]["identifier"][1:]
    with pytest.raises(Malformed, match="hashed e-mail address"):
        made(document)


def test_it_refuses_a_credential_without_a_date():
    document = build(samples.spec())
    del document["validFrom"], document["awardedDate"]
    with pytest.raises(Malformed, match="no date of issue"):
        made(document)


def test_the_badge_class_carries_criteria_alignment_and_tags():
    issuer = "https://academy.example/o/northlamp/ob2"
    badge = v2.badge_class(
        build_achievement(samples.achievement()),
        id=BADGE,
        issuer=issuer,
        image=f"{BADGE}.png",
        criteria="https://academy.example/s/email-sequence/v/1.0",
    )
    assert (badge["type"], badge["issuer"], badge["version"]) == ("BadgeClass", issuer, "1.0")
    assert badge["criteria"]["id"] == "https://academy.example/s/email-sequence/v/1.0"
    assert badge["criteria"]["narrative"].startswith("Hand in a working sequence")
    assert badge["tags"] == ["automation", "e-mail"]
    assert badge["alignment"] == [
        {
            "type": "AlignmentObject",
            "targetName": "manage content",
            "targetUrl": "http://data.europa.eu/esco/skill/x",
            "targetFramework": "ESCO",
            "targetCode": "S1",
            "targetDescription": "To manage content.",
        }
    ]


def test_an_issuer_without_an_address_gets_the_one_of_the_installation():
    given = {"id": HERE, "url": samples.BASE, "email": "post@academy.example", "scope": f"{samples.BASE}/c/"}
    assert v2.profile({"name": "A"}, **given)["email"] == "post@academy.example"
    assert v2.profile({"name": "A", "email": "a@b.example"}, **given)["email"] == "a@b.example"
    assert v2.profile({"name": "A"}, **given)["verification"]["startsWith"] == "https://academy.example/c/"


def test_a_revoked_assertion_says_little_else():
    assert v2.revoked(HERE, "") == {
        "@context": v2.CONTEXT,
        "type": "Assertion",
        "id": HERE,
        "revoked": True,
    }


def test_a_rebaked_picture_holds_one_assertion_and_no_credential(tmp_path):
    image = bake.rebake_for_v2(bake.bake_png(png(), b'{"a": 3}'), b'{"b": 2}')
    assert bake.find_v2(image) == b'{"b": 2}'
    with pytest.raises(BakeError, match="no credential"):
        bake.unbake_png(image)
    again = bake.rebake_for_v2(image, b'{"c": 1}')
    assert again.count(b"openbadges\0") == 1
    (tmp_path / "again.png").write_bytes(again)
    with Image.open(tmp_path / "again.png") as picture:
        picture.load()
        assert picture.text["openbadges"] == '{"c": 1}'
