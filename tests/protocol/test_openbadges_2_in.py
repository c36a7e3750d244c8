"""Open Badges 1.x and 2.0 of others: foreign samples first, then what must be refused, rule by rule."""

import base64
import copy
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from guildmark.protocol import places
from guildmark.protocol.errors import Gone, KeyNotBound, Malformed, NotAvailable
from guildmark.protocol.multibase import base64url_encode
from guildmark.protocol.openbadges import bake, v2_reading, v2_rules
from guildmark.protocol.openbadges.reading import read
from guildmark.protocol.report import Outcome, Served
from guildmark.protocol.trust import TrustFile
from guildmark.protocol.verify import verify
from tests.protocol.test_bake import png

VECTORS = json.loads((Path(__file__).parent / "vectors" / "openbadges-2.json").read_text("utf-8"))
NOW = datetime(2026, 6, 1, tzinfo=UTC)
HERE = "https://example.org/beths-robotics-badge.json"
BADGE = "https://example.org/robotics-badge.json"
ISSUER = "https://example.org/organization.json"
KEY = "https://example.org/key.json"


class Web:
    """Documents by address, as foreign samples have them, and changes to them."""

    def __init__(self, **changes):
        self.asked = []
        self.documents = copy.deepcopy(VECTORS["documents"] | VECTORS["version_1"])
        self.gone = {}
        for name, change in changes.items():
            self.documents[{"assertion": HERE, "badge": BADGE, "issuer": ISSUER}[name]].update(change)

    def __call__(self, url):
        self.asked.append(url)
        if url in self.gone:
            raise Gone(self.gone[url])
        if url not in self.documents:
            raise NotAvailable(f"{url} does not answer.")
        return self.documents[url]


def sample(**changes):
    return copy.deepcopy(VECTORS["documents"][HERE]) | changes


def judged(source, web=None, **asked):
    if isinstance(source, dict):
        source = json.dumps(source)
    return verify(source, loader=web or Web(), now=asked.pop("now", NOW), **asked)


def verdict(source, web=None, **asked):
    return judged(source, web, **asked).verdict.value


# -- foreign samples ---------------------------------------------------------------------------


def test_a_hosted_assertion_is_valid():
    web = Web()
    report = judged(sample(), web, recipient_email=VECTORS["recipient"])
    assert report.verdict.value == "valid"
    assert web.asked == [HERE, BADGE, ISSUER]
    passed = {item.name for item in report.checks if item.outcome is Outcome.PASSED}
    assert passed == {"syntax", "schema", "proof", "key_binding", "status", "validity", "recipient"}


@pytest.mark.parametrize("name", sorted(VECTORS["images"]))
def test_a_badge_baked_by_others_is_valid(name):
    assert verdict(base64.b64decode(VECTORS["images"][name])) == "valid"


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("simple-not-revoked.jwt", "valid"),
        ("simple-revoked.jwt", "revoked"),
        # Its issuer's profile lists no key at all.
        ("simple.jwt", "unknown_issuer"),
    ],
)
def test_a_signed_assertion_is_judged_by_key_and_revocation_list(name, word):
    assert verdict(VECTORS["tokens"][name]) == word


def test_a_badge_of_version_1_is_valid():
    source = VECTORS["version_1"]["http://a.com/instance"]
    report = judged(source, recipient_email="test@example.com")
    assert report.verdict.value == "valid"
    assert report.check("schema").outcome is Outcome.WARNING
    assert read(report.credential).valid_from == datetime(2015, 4, 30, tzinfo=UTC)


def test_an_address_in_a_legacy_text_chunk_is_followed():
    image = bake.rebake_for_v2(png(), HERE.encode())
    legacy = _as_text_chunk(image, HERE.encode())
    assert bake.find_v2(legacy) == HERE.encode()
    assert verdict(legacy) == "valid"


def _as_text_chunk(image, text):
    import struct
    import zlib

    body = b"openbadges\0" + text
    chunk = struct.pack(">I", len(body)) + b"tEXt" + body + struct.pack(">I", zlib.crc32(b"tEXt" + body))
    plain = png()
    return plain[:33] + chunk + plain[33:]


# -- hosted: what must be refused --------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"issuedOn": "2016-12-30T23:59:59Z"},
        {"expires": "2099-01-01T00:00:00Z"},
        {"evidence": "https://example.org/other.html"},
        {"badge": "https://example.org/badge-from-organization-with-revocation-list.json"},
        {"narrative": "Better than it was."},
        {"recipient": {"type": "email", "hashed": False, "identity": "mallory@example.org"}},
    ],
)
def test_what_differs_from_the_hosted_assertion_is_tampered(change):
    report = judged(sample(**change))
    assert report.verdict.value == "tampered"
    assert next(iter(change)) in report.check("proof").detail


def test_an_embedded_badge_class_must_say_what_its_address_serves():
    documents = VECTORS["documents"]
    same = sample(badge={**documents[BADGE], "issuer": documents[ISSUER]})
    assert verdict(same) == "valid"
    assert verdict(sample(badge={**documents[BADGE], "name": "Doctor of Robotics"})) == "tampered"


def test_a_report_is_judged_like_the_assertion_itself():
    first = judged(sample())
    assert judged(first.credential).verdict.value == "valid"


def test_an_assertion_that_is_not_found_cannot_be_told():
    web = Web()
    del web.documents[HERE]
    assert verdict(sample(), web) == "cannot_tell"
    assert verdict(base64.b64decode(VECTORS["images"]["address.png"]), web) == "cannot_tell"


@pytest.mark.parametrize("missing", [BADGE, ISSUER])
def test_a_badge_class_or_issuer_that_is_not_found_cannot_be_told(missing):
    web = Web()
    del web.documents[missing]
    assert verdict(sample(), web) == "cannot_tell"


def test_an_address_that_serves_another_assertion_is_tampered():
    assert verdict(sample(), Web(assertion={"id": "https://example.org/other.json"})) == "tampered"


@pytest.mark.parametrize("name", ["badge", "issuer"])
def test_a_document_that_calls_itself_another_is_no_proof_of_the_issuer(name):
    assert verdict(sample(), Web(**{name: {"id": "https://example.org/other"}})) == "unknown_issuer"


def test_an_issuer_of_another_host_does_not_cover_the_assertion():
    web = Web(badge={"issuer": "https://university.example/issuer"})
    web.documents["https://university.example/issuer"] = {
        **web.documents[ISSUER],
        "id": "https://university.example/issuer",
    }
    report = judged(sample(), web)
    assert report.verdict.value == "unknown_issuer"
    assert report.check("key_binding").outcome is Outcome.FAILED


def test_an_embedded_issuer_cannot_give_itself_a_scope():
    forged = {
        **VECTORS["documents"][ISSUER],
        "id": "https://university.example/issuer",
        "verification": {"allowedOrigins": "example.org"},
    }
    hosted = sample(badge={**VECTORS["documents"][BADGE], "issuer": forged})
    web = Web()
    web.documents[HERE] = hosted
    web.documents["https://university.example/issuer"] = {
        **forged,
        "verification": {"startsWith": "https://university.example/"},
    }
    assert verdict(hosted, web) == "unknown_issuer"


@pytest.mark.parametrize(
    ("rules", "word"),
    [
        ({"startsWith": "https://example.org/"}, "valid"),
        ({"startsWith": ["http://example.com/assert", "https://example.org/beths"]}, "valid"),
        ({"startsWith": "https://example.org/NOT"}, "unknown_issuer"),
        ({"startsWith": "https://example.o"}, "unknown_issuer"),
        ({"allowedOrigins": "example.org"}, "valid"),
        ({"allowedOrigins": ["a.example", "EXAMPLE.org"]}, "valid"),
        ({"allowedOrigins": "a.example"}, "unknown_issuer"),
        ({"allowedOrigins": "example.org", "startsWith": "https://example.org/NOT"}, "unknown_issuer"),
        ({}, "valid"),
    ],
)
def test_the_scope_of_the_issuer_decides(rules, word):
    assert verdict(sample(), Web(issuer={"verification": rules})) == word


def test_a_prefix_covers_no_host_that_only_begins_like_it():
    issuer = {"id": "https://a.example/i", "verification": {"startsWith": "https://a.example"}}
    v2_rules.ensure_in_scope("https://a.example/1", None, issuer)
    with pytest.raises(KeyNotBound):
        v2_rules.ensure_in_scope("https://a.example.evil.example/1", None, issuer)


@pytest.mark.parametrize("path", ["/mine/../theirs/1", "/mine/%2E%2e/theirs/1", "/mine\\..\\theirs", "/a b"])
def test_an_address_that_steps_about_is_no_address(path):
    assert v2_rules.http_parts(f"https://a.example{path}") is None


def test_without_rules_the_badge_class_must_be_at_home_too():
    issuer = {"id": "https://a.example/i"}
    v2_rules.ensure_in_scope("https://a.example/1", "https://a.example/b", issuer)
    with pytest.raises(KeyNotBound):
        v2_rules.ensure_in_scope("https://a.example/1", "https://b.example/b", issuer)


def test_a_withdrawn_assertion_is_revoked():
    web = Web()
    web.gone[HERE] = "Copied from elsewhere."
    report = judged(sample(), web)
    assert report.verdict.value == "revoked"
    assert "Copied from elsewhere." in report.check("status").detail
    assert read(report.credential).title == "Awesome Robotics Badge"
    assert "recipient" not in report.credential
    assert verdict(base64.b64decode(VECTORS["images"]["address.png"]), web) == "revoked"


def test_a_body_that_says_revoked_is_revoked():
    web = Web()
    web.documents[HERE] = {"id": HERE, "revoked": True, "revocationReason": "A mistake."}
    report = judged(sample(), web)
    assert report.verdict.value == "revoked"
    assert "A mistake." in report.check("status").detail


def test_a_withdrawal_that_somebody_else_tells_is_not_believed():
    forged = sample(id="https://evil.example/1")
    web = Web()
    web.gone["https://evil.example/1"] = "Never mind."
    report = judged(forged, web)
    assert report.verdict.value == "unknown_issuer"


def test_what_a_revoked_badge_was_at_another_date_cannot_be_told():
    web = Web()
    web.gone[HERE] = ""
    assert verdict(sample(), web, at=datetime(2020, 1, 1, tzinfo=UTC)) == "cannot_tell"


def test_a_claimed_withdrawal_that_is_over_does_not_count():
    assert verdict({"@context": sample()["@context"], "type": "Assertion", "id": HERE, "revoked": True}) == (
        "valid"
    )


# -- dates, recipient, trust, form -------------------------------------------------------------


def test_dates_decide_and_a_date_can_be_asked_about():
    dated = {"issuedOn": "2025-01-01T00:00:00+00:00", "expires": "2026-01-01T00:00:00Z"}
    assert verdict(sample(**dated), Web(assertion=dated)) == "expired"
    at = datetime(2025, 6, 1, tzinfo=UTC)
    report = judged(sample(**dated), Web(assertion=dated), at=at)
    assert report.verdict.value == "valid"
    assert report.check("status").outcome is Outcome.NOT_CHECKED
    later = {"issuedOn": "2027-01-01T00:00:00Z"}
    assert verdict(sample(**later), Web(assertion=later)) == "not_yet_valid"


def test_the_recipient_is_compared_by_each_way_of_hashing():
    report = judged(sample(), recipient_email="somebody@else.example")
    assert report.check("recipient").outcome is Outcome.FAILED
    md5 = {"type": "email", "hashed": True, "identity": "md5$0b3f0bfd4bb2ba5ad0bbab0f3bcb5ad7"}
    assert v2_rules.recipient_matches({"recipient": md5}, "a@b.example") is False
    assert v2_rules.recipient_matches({"recipient": {"type": "url", "identity": "x"}}, "a@b.example") is None
    plain = {"type": ["email"], "hashed": False, "identity": " Ada@B.example"}
    assert v2_rules.recipient_matches({"recipient": plain}, "ada@b.example") is True
    unknown = {"type": "email", "hashed": True, "identity": "sha1$aa"}
    assert v2_rules.recipient_matches({"recipient": unknown}, "ada@b.example") is False


def test_a_trust_file_answers_and_decides():
    documents = VECTORS["documents"]
    everything = TrustFile({url: documents[url] for url in (HERE, BADGE, ISSUER)})
    web = Web()
    assert verdict(sample(), web, trust=everything) == "valid"
    assert web.asked == []
    assert verdict(sample(), web, trust=TrustFile({"https://else.example/": {}})) == "unknown_issuer"


@pytest.mark.parametrize("field", ["type", "recipient", "badge", "issuedOn", "verification"])
def test_an_assertion_without_what_it_needs_is_malformed(field):
    document = sample()
    del document[field]
    if field == "verification":
        assert "verification" not in document
    assert verdict(document) == "malformed"


@pytest.mark.parametrize("value", [None, "yesterday", True, "2016-13-45", [], {}])
def test_a_date_that_is_none_is_malformed(value):
    assert verdict(sample(issuedOn=value)) == "malformed"
    assert verdict(sample(expires=value)) == "malformed"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("badge", "name"),
        ("badge", "description"),
        ("badge", "image"),
        ("badge", "criteria"),
        ("badge", "issuer"),
        ("issuer", "name"),
        ("issuer", "url"),
        ("issuer", "type"),
        ("badge", "type"),
    ],
)
def test_a_badge_class_or_issuer_without_what_it_needs_is_malformed(name, field):
    web = Web()
    del web.documents[{"badge": BADGE, "issuer": ISSUER}[name]][field]
    assert verdict(sample(), web) == "malformed"


@pytest.mark.parametrize("url", [BADGE, ISSUER])
def test_a_badge_class_or_profile_was_given_to_nobody(url):
    report = judged(VECTORS["documents"][url])
    assert report.verdict.value == "malformed"
    assert "given to nobody" in report.check("schema").detail


@pytest.mark.parametrize("address", ["urn:uuid:1", "ftp://example.org/1", "https://u:p@example.org/1", 7, ""])
def test_a_hosted_assertion_needs_a_web_address(address):
    assert verdict(sample(id=address)) == "malformed"


def test_an_unknown_way_of_verification_cannot_be_told():
    assert verdict(sample(verification={"type": "MerkleProof2017"})) == "cannot_tell"


def test_an_open_badges_3_credential_is_not_taken_for_an_older_one():
    assert not v2_reading.recognises({"credentialSubject": {}, "@context": "https://w3id.org/openbadges/v2"})
    assert not v2_reading.recognises({"badge": 1, "recipient": 2})


def test_an_image_with_both_holds_the_newer_one():
    both = bake.bake_png(bake.rebake_for_v2(png(), b"{}"), b'{"credentialSubject": 1}')
    assert bake.find_v2(both) is None
    assert verdict(both) == "malformed"


# -- signed: what must be refused --------------------------------------------------------------

PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(private):
    return (
        private.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def token(document, private=PRIVATE, **header):
    header = {"alg": "RS256"} | header
    parts = [base64url_encode(json.dumps(part).encode()) for part in (header, document)]
    message = ".".join(parts)
    if isinstance(private, rsa.RSAPrivateKey):
        signature = private.sign(message.encode(), padding.PKCS1v15(), hashes.SHA256())
    else:
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

        r, s = decode_dss_signature(private.sign(message.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(32) + s.to_bytes(32)
    return f"{message}.{base64url_encode(signature)}"


def signed_document(**changes):
    return sample(id="urn:uuid:1", verification={"type": "SignedBadge", "creator": KEY}, **changes)


def signing_web(*, owner=ISSUER, key=PRIVATE, **issuer):
    web = Web(issuer={"publicKey": [KEY]} | issuer)
    web.documents[KEY] = {"id": KEY, "type": "CryptographicKey", "owner": owner, "publicKeyPem": pem(key)}
    return web


def test_a_signed_assertion_needs_no_address_of_its_own():
    report = judged(token(signed_document()), signing_web())
    assert report.verdict.value == "valid"
    assert report.check("safe_mode").outcome is Outcome.PASSED
    assert report.check("status").outcome is Outcome.NOT_CHECKED


def test_without_creator_every_listed_key_is_tried():
    document = signed_document() | {"verification": {"type": "signed"}}
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    web = signing_web(publicKey=["https://example.org/old.json", KEY])
    web.documents["https://example.org/old.json"] = {
        "id": "https://example.org/old.json",
        "owner": ISSUER,
        "publicKeyPem": pem(other),
    }
    assert verdict(token(document), web) == "valid"
    embedded = signing_web(publicKey={"id": KEY, "owner": ISSUER, "publicKeyPem": pem(PRIVATE)})
    assert verdict(token(document), embedded) == "valid"


def test_keys_on_a_curve_are_read_too():
    private = ec.generate_private_key(ec.SECP256R1())
    assert verdict(token(signed_document(), private, alg="ES256"), signing_web(key=private)) == "valid"
    assert verdict(token(signed_document(), private, alg="ES256"), signing_web()) == "tampered"


def test_a_changed_payload_is_tampered():
    head, _, signature = token(signed_document()).split(".")
    other = base64url_encode(json.dumps(signed_document(narrative="More.")).encode())
    assert verdict(f"{head}.{other}.{signature}", signing_web()) == "tampered"


def test_a_key_of_somebody_else_is_no_key_of_the_issuer():
    mallory = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert verdict(token(signed_document(), mallory), signing_web()) == "tampered"
    assert verdict(token(signed_document()), signing_web(owner="https://evil.example/")) == "unknown_issuer"
    assert verdict(token(signed_document()), signing_web(publicKey=[])) == "unknown_issuer"
    named = signed_document() | {"verification": {"type": "signed", "creator": "https://evil.example/key"}}
    web = signing_web()
    web.documents["https://evil.example/key"] = {
        "id": "https://evil.example/key",
        "owner": ISSUER,
        "publicKeyPem": pem(mallory),
    }
    assert verdict(token(named, mallory), web) == "unknown_issuer"


def test_an_embedded_issuer_cannot_bring_a_key():
    mallory = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key = {"id": KEY, "owner": ISSUER, "publicKeyPem": pem(mallory)}
    forged = {**VECTORS["documents"][ISSUER], "publicKey": key}
    document = signed_document(badge={**VECTORS["documents"][BADGE], "issuer": forged})
    assert verdict(token(document, mallory), signing_web()) == "tampered"


def test_a_weak_or_unreadable_key_is_none():
    for text in ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "", 5, "x" * 30_000):
        web = signing_web()
        web.documents[KEY]["publicKeyPem"] = text
        assert verdict(token(signed_document()), web) == "unknown_issuer"
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    assert verdict(token(signed_document(), weak), signing_web(key=weak)) == "unknown_issuer"


def test_an_unsigned_assertion_that_should_be_signed_cannot_be_told():
    assert verdict(signed_document(), signing_web()) == "cannot_tell"


def test_the_way_of_version_1_to_sign_cannot_be_told():
    document = signed_document() | {"verification": {"type": "signed", "url": "https://example.org/key.pem"}}
    assert verdict(token(document), Web()) == "cannot_tell"


@pytest.mark.parametrize(
    ("served", "word"),
    [
        ({"type": "RevocationList", "revokedAssertions": ["urn:uuid:1"]}, "revoked"),
        ({"type": "RevocationList", "revokedAssertions": [{"id": "urn:uuid:1"}]}, "revoked"),
        ({"type": "RevocationList", "revokedAssertions": "urn:uuid:1"}, "revoked"),
        ({"type": "RevocationList", "revokedAssertions": [{"uid": "7"}]}, "revoked"),
        ({"7": "A reason of version 1."}, "revoked"),
        ({"type": "RevocationList", "revokedAssertions": []}, "valid"),
        ({"type": "RevocationList", "revokedAssertions": [{"id": "urn:uuid:1", "revoked": False}]}, "valid"),
        ({"type": "RevocationList", "revokedAssertions": [7, None, {}]}, "valid"),
        ({"type": "RevocationList", "issuer": "https://e.example/", "revokedAssertions": []}, "cannot_tell"),
        ({"type": "Something"}, "cannot_tell"),
        (None, "cannot_tell"),
    ],
)
def test_the_revocation_list_decides_and_must_be_read(served, word):
    web = signing_web(revocationList="https://example.org/revoked.json")
    if served is not None:
        web.documents["https://example.org/revoked.json"] = served
    assert verdict(token(signed_document(uid="7")), web) == word


def test_a_signed_assertion_that_calls_itself_revoked_is():
    assert verdict(token(signed_document(revoked=True)), signing_web()) == "revoked"


# -- reading -----------------------------------------------------------------------------------


def test_people_read_an_older_badge_like_a_new_one():
    web = Web(
        badge={
            "criteria": {"id": "https://example.org/c", "narrative": "Build a robot."},
            "alignment": [{"targetName": "Robotics", "targetUrl": "https://f.example/1"}],
            "tags": ["robots"],
        },
        assertion={
            "expires": "2027-01-01T00:00:00Z",
            "evidence": [{"id": "https://e.example", "name": "Film", "narrative": "It walks."}],
        },
    )
    facts = read(judged(web.documents[HERE], web).credential)
    assert (facts.title, facts.issuer.name) == ("Awesome Robotics Badge", "An Example Badge Issuer")
    assert (facts.criteria_url, facts.criteria_narrative) == ("https://example.org/c", "Build a robot.")
    assert (facts.evidence[0].name, facts.evidence[0].narrative) == ("Film", "It walks.")
    assert facts.alignments[0].name == "Robotics"
    assert facts.valid_from == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert facts.valid_until == datetime(2027, 1, 1, tzinfo=UTC)
    assert (facts.recipient.identifiers, facts.tags) == (1, ("robots",))


def test_an_assertion_without_its_badge_class_shows_nothing():
    with pytest.raises(Malformed, match="badge class"):
        read(sample())


# -- redirects ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("served_at", "word"),
    [
        ("https://example.org/elsewhere.json", "valid"),
        ("https://www.example.org/beths-robotics-badge.json", "valid"),
        ("https://evil.example/forged.json", "unknown_issuer"),
        ("https://example.org:8443/forged.json", "unknown_issuer"),
        ("https://example.org.evil.example/forged.json", "unknown_issuer"),
    ],
)
@pytest.mark.parametrize("document", [HERE, ISSUER])
def test_a_page_that_leads_to_another_host_does_not_speak_for_its_own(document, served_at, word):
    web = Web()
    web.documents[document] = Served(web.documents[document], served_at)
    assert verdict(sample(), web) == word


def test_a_step_from_http_to_https_leads_to_no_other_host():
    old, new = (v2_rules.http_parts(f"{scheme}://a.example/1") for scheme in ("http", "https"))
    assert places.same_site(old, new)


def test_what_was_fetched_over_http_is_warned_of():
    old = judged(VECTORS["version_1"]["http://a.com/instance"])
    assert old.verdict.value == "valid"
    assert old.check("key_binding").outcome is Outcome.WARNING
    assert "over http" in old.check("key_binding").detail
    assert judged(sample()).check("key_binding").outcome is Outcome.PASSED


EMPTY = {"type": "RevocationList", "revokedAssertions": []}
FULL = {"type": "RevocationList", "revokedAssertions": ["urn:uuid:1"]}


@pytest.mark.parametrize(
    ("named", "word"),
    [
        (["https://example.org/empty", "https://example.org/full"], "revoked"),
        (["https://example.org/empty", {"id": "https://example.org/full"}], "revoked"),
        (["https://example.org/empty"], "valid"),
        ({"id": "https://example.org/empty"}, "valid"),
        (["https://example.org/empty", 5], "cannot_tell"),
        (["https://example.org/empty", "https://example.org/missing"], "cannot_tell"),
        ([], "valid"),
        (None, "valid"),
        (5, "cannot_tell"),
        ({}, "cannot_tell"),
    ],
)
def test_every_list_that_the_issuer_names_is_read(named, word):
    web = signing_web(revocationList=named)
    web.documents |= {"https://example.org/empty": EMPTY, "https://example.org/full": FULL}
    assert verdict(token(signed_document()), web) == word
