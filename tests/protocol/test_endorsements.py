"""Endorsements, embedded and as tokens: made by us, checked first against a token that another library made."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guildmark.protocol.errors import Malformed
from guildmark.protocol.openbadges import endorsement, schemas
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.openbadges.v3 import IssuerSpec
from guildmark.protocol.proofs import jose
from guildmark.protocol.report import Outcome
from guildmark.protocol.trust import TrustFile
from guildmark.protocol.verify import offline, verify
from tests.protocol import samples
from tests.protocol.world import World, sign

VECTOR = json.loads((Path(__file__).parent / "vectors" / "endorsement-jwt.json").read_text("utf-8"))
GUILD = VECTOR["credential"]["issuer"]["id"]
STANDARD = samples.spec().achievement.id


def guild_document(**changes):
    method = {"id": VECTOR["kid"], "type": "JsonWebKey", "controller": GUILD, "publicKeyJwk": VECTOR["jwk"]}
    return {"id": GUILD, "verificationMethod": [method], "assertionMethod": [VECTOR["kid"]]} | changes


def world(**changes):
    return World(**({GUILD: guild_document()} | changes))


def made(**changes):
    values = {
        "id": f"{samples.BASE}/endorsements/1",
        "issuer": IssuerSpec(samples.ISSUER, "Northlamp Academy", f"{samples.BASE}/o/northlamp"),
        "about": samples.spec().id,
        "comment": "Well judged.",
        "name": "Endorsement",
        "valid_from": datetime(2026, 3, 3, tzinfo=UTC),
    }
    return endorsement.build_endorsement(**(values | changes))


def token(document):
    return jose.sign(document, signer=samples.signer, algorithm="EdDSA", kid=samples.METHOD)


def carrying(**members):
    return build(samples.spec(statuses=())) | members


def judged(source, loader=None):
    return verify(source, loader=loader or world(), now=samples.DURING)


def outcome(source, loader=None):
    return judged(source, loader).check("endorsements")


def test_a_token_that_another_library_made_is_a_valid_endorsement():
    assert judged(VECTOR["token"]).verdict.value == "valid"
    report = judged(token(carrying(endorsementJwt=[VECTOR["token"]])))
    assert report.verdict.value == "valid"
    assert report.check("endorsements").outcome is Outcome.PASSED
    assert report.check("safe_mode").outcome is Outcome.PASSED


def test_what_we_build_is_of_the_model_and_verifies_in_both_forms():
    document = made()
    assert schemas.violations(document) == []
    assert judged(json.dumps(sign(document))).verdict.value == "valid"
    assert judged(token(document)).verdict.value == "valid"
    both = carrying(endorsement=[sign(document)], endorsementJwt=[token(made(about=STANDARD))])
    check = outcome(token(both))
    assert check.outcome is Outcome.PASSED
    assert check.detail == "All 2 endorsements are valid."


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda text: text[:-8] + ("AAAAAAAA" if not text.endswith("AAAAAAAA") else "BBBBBBBB"), "tampered"),
        (lambda text: "not a token", "malformed"),
        (lambda text: text.rsplit(".", 1)[0], "malformed"),
    ],
)
def test_a_token_that_does_not_hold_fails(change, word):
    check = outcome(token(carrying(endorsementJwt=[change(VECTOR["token"])])))
    assert check.outcome is Outcome.FAILED
    assert word in check.detail


def test_a_trust_file_can_hold_the_keys_of_who_endorses():
    credential = token(carrying(endorsementJwt=VECTOR["token"]))
    own = World().documents
    alone = verify(credential, loader=offline, now=samples.DURING, trust=TrustFile(own))
    assert alone.check("endorsements").outcome is Outcome.FAILED
    both = verify(
        credential, loader=offline, now=samples.DURING, trust=TrustFile({**own, GUILD: guild_document()})
    )
    assert (both.verdict.value, both.check("endorsements").outcome) == ("valid", Outcome.PASSED)


def test_an_endorser_whose_key_is_not_listed_fails():
    unlisted = world(**{GUILD: guild_document(assertionMethod=[])})
    check = outcome(token(carrying(endorsementJwt=VECTOR["token"])), unlisted)
    assert check.outcome is Outcome.FAILED
    assert "unknown_issuer" in check.detail


def test_an_endorsement_that_has_ended_fails():
    ended = made(valid_until=datetime(2026, 4, 1, tzinfo=UTC))
    for members in ({"endorsement": [sign(ended)]}, {"endorsementJwt": [token(ended)]}):
        check = outcome(token(carrying(**members)))
        assert check.outcome is Outcome.FAILED
        assert "expired" in check.detail


def test_praise_of_something_else_is_no_endorsement():
    other = made(about="https://academy.example/c/other")
    for members in ({"endorsement": [sign(other)]}, {"endorsementJwt": [token(other)]}):
        check = outcome(token(carrying(**members)))
        assert check.outcome is Outcome.FAILED
        assert "about something else" in check.detail


def test_an_endorsement_of_the_credential_itself_can_carry_nothing_else_of_it():
    subject = {"id": samples.spec().id, "type": ["EndorsementSubject"], "name": "Another title"}
    document = carrying(endorsement=[sign({**made(), "credentialSubject": subject})])
    report = judged(json.dumps(sign(document)))
    assert report.verdict.value == "malformed"
    assert "claim to be the credential" in report.check("safe_mode").detail


def test_another_credential_is_no_endorsement():
    check = outcome(token(carrying(endorsementJwt=[token(build(samples.spec(id="urn:x", statuses=())))])))
    assert check.outcome is Outcome.FAILED
    assert "another credential" in check.detail


def test_an_endorsement_of_the_issuer_may_stand_in_its_profile():
    document = carrying()
    document["issuer"]["endorsement"] = [sign(made(about=samples.ISSUER))]
    assert outcome(json.dumps(sign(document))).outcome is Outcome.PASSED


def test_endorsements_inside_endorsements_are_not_followed():
    inner = made(id=f"{samples.BASE}/endorsements/2", about="urn:nothing")
    outer = sign({**made(), "endorsement": [sign(inner)]})
    check = outcome(json.dumps(sign(carrying(endorsement=[outer]))))
    assert check.detail == "All 1 endorsements are valid."


def test_too_many_are_not_checked():
    check = outcome(token(carrying(endorsementJwt=[VECTOR["token"]] * 9)))
    assert check.outcome is Outcome.WARNING


def test_a_proof_over_a_term_that_our_context_lacks_cannot_be_told():
    document = sign(carrying()) | {"endorsementJwt": [VECTOR["token"]]}
    report = judged(json.dumps(document))
    assert report.verdict.value == "cannot_tell"
    assert "endorsementJwt" in report.check("proof").detail


def test_a_token_still_refuses_other_undefined_terms():
    text = token(carrying())
    head, body, _ = text.split(".")
    claims = json.loads(jose.base64url_decode(body)) | {"undefinedTerm": "x"}
    message = f"{head}.{jose.base64url_encode(json.dumps(claims).encode())}"
    report = judged(f"{message}.{jose.base64url_encode(samples.signer(message.encode()))}")
    assert report.verdict.value == "malformed"


@pytest.mark.parametrize(
    "change",
    [{"comment": " "}, {"name": ""}, {"valid_until": datetime(2026, 3, 3, tzinfo=UTC)}],
)
def test_an_empty_or_impossible_endorsement_is_not_built(change):
    with pytest.raises(Malformed):
        made(**change)
