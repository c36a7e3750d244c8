"""Input made to hurt: it ends soon, with a reason, and is never valid.

Whoever attacks here holds a good credential of ours and changes it, or signs with a key of his own and claims to
be somebody else. Every document goes through every policy.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildmark.protocol import contexts, did, keys, multibase
from guildmark.protocol.errors import BadSignature, Malformed
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.policy import OPEN_BADGES_STRICT, POLICIES, PROOF_ONLY, Policy
from guildmark.protocol.report import Outcome, Report
from guildmark.protocol.verify import Verdict, verify
from tests.protocol import samples
from tests.protocol.world import ISSUER_URL, World, credential

SIGNED = credential()
WORLD = World()
SECONDS = 10.0


def judged(source: Any, policy: Policy = OPEN_BADGES_STRICT, world: Any = WORLD) -> Report:
    """The report, which must come soon and give a reason where the verdict is not valid."""
    began = time.perf_counter()
    report = verify(source, loader=world, now=samples.DURING, policy=policy)
    assert time.perf_counter() - began < SECONDS
    if report.verdict is not Verdict.VALID:
        assert any(
            item.detail and item.outcome in (Outcome.FAILED, Outcome.NOT_CHECKED) for item in report.checks
        )
    return report


def refused(source: Any, *verdicts: Verdict, world: Any = WORLD) -> None:
    """Every policy refuses it; the strict one with one of these verdicts."""
    assert judged(source, world=world).verdict in verdicts
    for policy in POLICIES.values():
        assert judged(source, policy, world).verdict is not Verdict.VALID


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    document = copy.deepcopy(SIGNED)
    node: Any = document
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return document


# -- JSON and JSON-LD -------------------------------------------------------------------------------

PROTOTYPES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__class__", "__dict__"]


@pytest.mark.parametrize("name", PROTOTYPES)
@pytest.mark.parametrize("where", [(), ("credentialSubject",), ("issuer",), ("proof",)])
def test_keys_that_programs_trip_over_are_undefined_terms(name: str, where: tuple[str, ...]) -> None:
    for value in ({"validUntil": "2099-01-01T00:00:00Z"}, "x", ["x"]):
        document = changed((*where, name), value)
        refused(document, Verdict.MALFORMED, Verdict.TAMPERED)
        refused(json.dumps(document), Verdict.MALFORMED, Verdict.TAMPERED)


@pytest.mark.parametrize("name", PROTOTYPES)
def test_types_and_ids_of_such_names_are_refused(name: str) -> None:
    refused(changed(("type",), [*SIGNED["type"], name]), Verdict.MALFORMED)
    refused(changed(("id",), name), Verdict.MALFORMED)
    refused(changed(("@context",), [*SIGNED["@context"], name]), Verdict.MALFORMED, Verdict.CANNOT_TELL)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("@graph", [{"id": "urn:x", "name": "x"}]),
        ("@included", [{"id": "urn:x", "name": "x"}]),
        ("@reverse", {"name": {"id": "urn:x"}}),
        ("@nest", {"validUntil": "2099-01-01T00:00:00Z"}),
        ("@id", "urn:x"),
        ("@type", ["VerifiableCredential"]),
        ("@index", "x"),
        ("@list", ["x"]),
        ("@set", ["x"]),
        ("@json", {"a": 1}),
        ("@import", "https://evil.example/context"),
        ("@base", "https://evil.example/"),
        ("@vocab", "https://evil.example/"),
        ("@propagate", False),
        ("https://www.w3.org/2018/credentials#validUntil", "2099-01-01T00:00:00Z"),
        ("cred:validUntil", "2099-01-01T00:00:00Z"),
        ("_:b0", "x"),
    ],
)
@pytest.mark.parametrize("where", [(), ("credentialSubject",), ("issuer",)])
def test_keywords_and_addresses_as_keys_are_refused(key: str, value: Any, where: tuple[str, ...]) -> None:
    refused(changed((*where, key), value), Verdict.MALFORMED)


HIDING = {"expiry": {"@id": "https://www.w3.org/2018/credentials#validUntil", "@type": "@id"}}


@pytest.mark.parametrize(
    "injected",
    [
        "https://evil.example/context",
        "http://127.0.0.1/context",
        "file:///etc/passwd",
        "data:application/ld+json,{}",
        HIDING,
        {"@import": "https://www.w3.org/ns/credentials/v2"},
        {"@import": "https://evil.example/context"},
        {"@vocab": "https://evil.example/"},
        {"@base": "https://evil.example/"},
        {"@propagate": False, "x": "urn:x"},
        {"validUntil": "@nest"},
        {"nest": "@nest"},
        {"validUntil": {"@reverse": "urn:x"}},
        {"issuer": None},
        {"@version": 1.1, "@protected": True},
        {"a": {"@id": "urn:a", "@context": {"b": {"@id": "urn:b", "@context": {}}}}},
        None,
        7,
        [["https://www.w3.org/ns/credentials/v2"]],
    ],
    ids=str,
)
def test_injected_contexts_are_refused_wherever_they_stand(injected: Any) -> None:
    known = SIGNED["@context"]
    for document in (
        changed(("@context",), [*known, injected]),
        changed(("@context",), [injected, *known]),
        changed(("credentialSubject", "@context"), injected),
        changed(("issuer", "@context"), [injected]),
        changed(("proof", "@context"), [injected]),
    ):
        assert judged(document).verdict is not Verdict.VALID
        for policy in POLICIES.values():
            report = judged(document, policy)
            # A context in the options of a proof of RDF is not used, and none of these may be loaded.
            assert report.verdict in {Verdict.MALFORMED, Verdict.CANNOT_TELL, Verdict.TAMPERED}


def test_nothing_is_ever_loaded_but_what_the_issuer_names() -> None:
    world = World()
    for address in ("https://evil.example/c", "http://169.254.169.254/latest/meta-data"):
        judged(changed(("@context",), [*SIGNED["@context"], address]), world=world)
        judged(changed(("credentialSubject", "@context"), address), world=world)
    assert not {asked for asked in world.asked if "evil" in asked or "169" in asked}


@pytest.mark.parametrize("context", contexts.known())
def test_a_shipped_context_that_is_added_never_makes_another_meaning_valid(context: str) -> None:
    """Where the statements stay the same the signature holds; then every value must be what was signed."""
    for document in (
        changed(("@context",), [*dict.fromkeys([*SIGNED["@context"], context])]),
        changed(("@context",), [*dict.fromkeys([context, *SIGNED["@context"]])]),
    ):
        for policy in POLICIES.values():
            judged(document, policy)
        expiry = copy.deepcopy(document)
        expiry["validUntil"] = "2099-01-01T00:00:00Z"
        hidden = copy.deepcopy(document)
        hidden["expirationDate"] = hidden.pop("validUntil")
        for policy in POLICIES.values():
            assert judged(expiry, policy).verdict is not Verdict.VALID
            assert judged(hidden, policy).verdict is not Verdict.VALID


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(SIGNED)[:-1] + ',"validUntil":"2099-01-01T00:00:00Z"}',
        json.dumps(SIGNED).replace('"proof"', '"validUntil": null, "proof"', 1),
        json.dumps(SIGNED).replace('"id"', '"\\u0069d": "urn:x", "id"', 1),
    ],
)
def test_a_key_that_occurs_twice_is_malformed_however_it_is_spelt(text: str) -> None:
    refused(text, Verdict.MALFORMED)


@pytest.mark.parametrize(
    "path",
    [("name",), ("credentialSubject", "achievement", "description"), ("id",), ("proof", "proofValue")],
)
def test_a_text_of_a_megabyte_ends_soon(path: tuple[str, ...]) -> None:
    refused(changed(path, "x" * 1_000_000), Verdict.TAMPERED, Verdict.MALFORMED, Verdict.CANNOT_TELL)
    refused(changed(path, "urn:" + "\N{GRINNING FACE}" * 250_000), Verdict.TAMPERED, Verdict.MALFORMED)


def nested(levels: int, shape: str) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value] if shape == "list" else {"type": ["Profile"], "id": "urn:x", "parentOrg": value}
    return value


@pytest.mark.parametrize("levels", [10, 40, 47, 5_000])
@pytest.mark.parametrize("shape", ["list", "object"])
def test_deep_nesting_is_refused(levels: int, shape: str) -> None:
    document = changed(("issuer", "parentOrg"), nested(levels, shape))
    refused(document, Verdict.MALFORMED, Verdict.TAMPERED)


def test_endorsements_within_endorsements_are_not_followed_without_end() -> None:
    inner = copy.deepcopy(SIGNED)
    for _ in range(12):
        inner = {**copy.deepcopy(SIGNED), "endorsement": [inner]}
    refused(inner, Verdict.MALFORMED, Verdict.TAMPERED, Verdict.CANNOT_TELL)


def clique(size: int) -> list[dict[str, Any]]:
    """Nodes without names that all point at each other: each order of them has to be tried."""
    names = [f"_:n{number}" for number in range(size)]
    return [
        {"id": name, "type": ["Profile"], "parentOrg": [{"id": other} for other in names if other != name]}
        for name in names
    ]


@pytest.mark.parametrize("size", [9, 10, 12, 40])
def test_poison_graphs_are_refused_at_once(size: int) -> None:
    document = changed(("issuer", "parentOrg"), clique(size))
    refused(document, Verdict.MALFORMED)
    report = judged(document, PROOF_ONLY)
    assert report.verdict is Verdict.MALFORMED
    assert any("too long" in item.detail or "without an id" in item.detail for item in report.checks)


PATHS = [
    ("credentialStatus", 0, "statusListIndex"),
    ("credentialStatus", 0, "statusListCredential"),
    ("credentialStatus", 0),
    ("proof", "verificationMethod"),
    ("proof", "proofValue"),
    ("proof", "created"),
    ("proof", "cryptosuite"),
    ("proof",),
    ("issuer",),
    ("issuer", "id"),
    ("credentialSubject", "achievement"),
    ("credentialSubject", "identifier"),
    ("validFrom",),
    ("type",),
    ("@context",),
    ("evidence",),
]
odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["did:key:", "did:web:", "https://", "urn:x", "z", "u", "@id", "_:b", "did:key:z6Mk", "#"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=8) | st.sampled_from(["id", "type", "@id", "@context"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PATHS), odd, st.sampled_from(list(POLICIES.values())))
def test_no_value_anywhere_ends_in_an_exception_or_in_valid(path: Any, value: Any, policy: Policy) -> None:
    document = changed(path, value)
    report = verify(document, loader=WORLD, now=samples.DURING, policy=policy)
    if report.verdict is Verdict.VALID:
        signed: Any = SIGNED
        for key in path:
            signed = signed[key]
        # One value and a list of it are the same statement.
        assert value in (signed, [signed]) or [value] == signed, report.checks


def places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    """The path of every value in a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield (*path, key)
        yield from places(child, (*path, key))


SERVED = [(address, path) for address, served in WORLD.documents.items() for path in ((), *places(served))]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SERVED), odd, st.sampled_from(list(POLICIES.values())))
def test_nothing_that_is_served_ends_in_an_exception(place: Any, value: Any, policy: Policy) -> None:
    address, path = place
    document: Any = copy.deepcopy(WORLD.documents[address])
    node = document
    for key in path[:-1]:
        node = node[key]
    if path:
        node[path[-1]] = value
    else:
        document = value
    report = verify(SIGNED, loader=World(**{address: document}), now=samples.DURING, policy=policy)
    if address != ISSUER_URL and document != WORLD.documents[address] and policy is OPEN_BADGES_STRICT:
        # A list of one and its value are the same statement; everything else breaks the list's own proof.
        signed: Any = WORLD.documents[address]
        for key in path:
            signed = signed[key]
        assert report.verdict is Verdict.CANNOT_TELL or value == [signed] or [value] == signed, report.checks


# -- keys and signatures ----------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
#: Points of small order and encodings of y beyond the field, as lists of them are published.
SMALL = [
    bytes(32),
    b"\1" + bytes(31),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
    b"\1" + bytes(30) + b"\x80",
    (P).to_bytes(32, "little"),
    (P + 1).to_bytes(32, "little"),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
    (P + (1 << 255)).to_bytes(32, "little"),
    (P + 1 + (1 << 255)).to_bytes(32, "little"),
]


@pytest.mark.parametrize("point", SMALL, ids=bytes.hex)
def test_points_of_small_order_sign_nothing(point: bytes) -> None:
    """With such a key, or such an R, one signature fits many messages in careless implementations."""
    for message in (b"a", b"b", b"c", b"d"):
        for first in (*SMALL, samples.signer(message)[:32]):
            for scalar in (bytes(32), samples.signer(message)[32:]):
                with pytest.raises((BadSignature, Malformed)):
                    keys.ed25519(point).verify(first + scalar, message)
        with pytest.raises(BadSignature):
            keys.ed25519(samples.PUBLIC).verify(point + samples.signer(message)[32:], message)


@pytest.mark.parametrize("point", SMALL, ids=bytes.hex)
def test_an_issuer_whose_key_is_such_a_point_is_not_believed(point: bytes) -> None:
    multikey = multibase.encode(keys.ED25519_PUBLIC + point)
    document = build(samples.spec(issuer=samples.IssuerSpec(f"did:key:{multikey}", "N"), statuses=()))
    proof = {**SIGNED["proof"], "verificationMethod": f"did:key:{multikey}#{multikey}"}
    for signature in (bytes(64), point + bytes(32), b"\1" + bytes(63)):
        proof["proofValue"] = multibase.encode(signature)
        refused({**document, "proof": dict(proof)}, Verdict.TAMPERED, Verdict.UNKNOWN_ISSUER)


@pytest.mark.parametrize("multiple", range(1, 15))
def test_a_scalar_beyond_the_order_is_not_another_spelling(multiple: int) -> None:
    message = b"x"
    good = samples.signer(message)
    scalar = int.from_bytes(good[32:], "little") + multiple * ORDER
    with pytest.raises(BadSignature):
        keys.ed25519(samples.PUBLIC).verify(good[:32] + scalar.to_bytes(32, "little"), message)


N256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
N384 = int(
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973", 16
)


@pytest.mark.parametrize(
    ("curve", "kind", "order", "size"),
    [(ec.SECP256R1(), "P-256", N256, 32), (ec.SECP384R1(), "P-384", N384, 48)],
)
def test_ecdsa_takes_no_r_and_no_s_outside_of_the_order(curve: Any, kind: Any, order: int, size: int) -> None:
    private = ec.generate_private_key(curve)
    chosen = hashes.SHA256() if size == 32 else hashes.SHA384()
    r, s = decode_dss_signature(private.sign(b"x", ec.ECDSA(chosen)))
    public = keys.PublicKey(
        kind, private.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    )
    public.verify(r.to_bytes(size) + s.to_bytes(size), b"x")
    top = (1 << 8 * size) - 1
    for one, two in ((0, s), (r, 0), (0, 0), (order, s), (r, order), (top, s), (r, top), (r, s ^ 1), (1, 1)):
        with pytest.raises(BadSignature):
            public.verify(one.to_bytes(size) + two.to_bytes(size), b"x")
    for wrong in (r + order, s + order):
        if wrong <= top:
            with pytest.raises(BadSignature):
                public.verify(wrong.to_bytes(size) + s.to_bytes(size), b"x")


def test_a_key_with_a_private_member_is_not_used() -> None:
    """An issuer that publishes a secret has no key any more, whoever signed."""
    public = multibase.base64url_encode(samples.PUBLIC)
    entry = {
        "id": samples.METHOD,
        "type": "JsonWebKey",
        "controller": samples.ISSUER,
        "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": public},
    }
    world = World(**{ISSUER_URL: {"id": samples.ISSUER, "assertionMethod": [entry]}})
    assert judged(SIGNED, world=world).verdict is Verdict.VALID
    entry["publicKeyJwk"]["d"] = multibase.base64url_encode(bytes(samples.KEY))  # type: ignore[index]
    refused(SIGNED, Verdict.UNKNOWN_ISSUER, world=world)


@pytest.mark.parametrize("purpose", ["authentication", "keyAgreement", "capabilityInvocation", ""])
def test_a_key_for_something_else_makes_no_statements(purpose: str) -> None:
    document = samples.issuer_document()
    listed = document.pop("assertionMethod")
    document[purpose or "verificationMethods"] = listed
    refused(SIGNED, Verdict.UNKNOWN_ISSUER, world=World(**{ISSUER_URL: document}))


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"id": samples.ISSUER},
        {"id": samples.ISSUER, "assertionMethod": "x"},
        {"id": samples.ISSUER, "assertionMethod": [None, 5, [], {"id": 7}]},
        {"id": samples.ISSUER, "assertionMethod": [samples.METHOD]},
        {"id": samples.ISSUER, "assertionMethod": [{"id": samples.METHOD, "controller": samples.ISSUER}]},
        {
            "id": samples.ISSUER,
            "assertionMethod": [
                {
                    "id": samples.METHOD,
                    "controller": samples.ISSUER,
                    "type": "Multikey",
                    "publicKeyMultibase": "z" + "1" * 4_000,
                }
            ],
        },
        {
            "id": samples.ISSUER,
            "assertionMethod": [
                {
                    "id": samples.METHOD,
                    "controller": samples.ISSUER,
                    "type": "JsonWebKey",
                    "publicKeyJwk": "x",
                }
            ],
        },
    ],
)
def test_odd_key_documents_bind_no_key(document: dict[str, Any]) -> None:
    world = World(**{ISSUER_URL: document})
    refused(SIGNED, Verdict.UNKNOWN_ISSUER, Verdict.CANNOT_TELL, world=world)


# -- tokens -----------------------------------------------------------------------------------------


def part(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


PLAIN = build(samples.spec(statuses=()))
CLAIMS = {**PLAIN, "iss": samples.ISSUER, "jti": PLAIN["id"]}
KID = samples.METHOD


def token(header: dict[str, Any], claims: Any = None, signature: bytes | None = None) -> str:
    text = f"{part(header)}.{part(CLAIMS if claims is None else claims)}"
    made = samples.signer(text.encode()) if signature is None else signature
    return f"{text}.{part(made)}"


def test_the_token_itself_is_good() -> None:
    assert judged(token({"alg": "EdDSA", "kid": KID})).verdict is Verdict.VALID


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", None, 0, ["none"]])
def test_tokens_without_signature_are_refused(algorithm: Any) -> None:
    for signature in (b"", b"\0", None):
        text = token({"alg": algorithm, "kid": KID}, signature=signature)
        refused(text, Verdict.CANNOT_TELL, Verdict.MALFORMED)
        refused(text.rsplit(".", 1)[0] + ".", Verdict.CANNOT_TELL, Verdict.MALFORMED)


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512", "ES256", "RS256", "PS256"])
def test_a_public_key_is_no_secret_to_sign_with(algorithm: str) -> None:
    """Key confusion: the public key, which anybody has, as the secret of an HMAC."""
    text = f"{part({'alg': algorithm, 'kid': KID})}.{part(CLAIMS)}"
    method = samples.issuer_document()["verificationMethod"][0]["publicKeyMultibase"]
    for secret in (samples.PUBLIC, method.encode(), multibase.base64url_encode(samples.PUBLIC).encode()):
        for digest in (hashlib.sha256, hashlib.sha384, hashlib.sha512):
            made = hmac.new(secret, text.encode(), digest).digest()
            refused(f"{text}.{part(made)}", Verdict.CANNOT_TELL, Verdict.TAMPERED)


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["b64"], "b64": False},
        {"b64": False},
        {"b64": True},
        {"crit": []},
        {"crit": ["exp"]},
        {"typ": "at+jwt"},
        {"jku": "https://evil.example/jwks"},
        {"x5u": "https://evil.example/x"},
        {"x5c": ["AAAA"]},
        {"zip": "DEF"},
        {"kid": ["x"]},
    ],
)
def test_headers_that_change_the_rules_are_refused(header: dict[str, Any]) -> None:
    refused(token({"alg": "EdDSA", "kid": KID, **header}), Verdict.CANNOT_TELL, Verdict.MALFORMED)


def test_an_unencoded_payload_is_refused() -> None:
    header, payload = part({"alg": "EdDSA", "kid": KID, "b64": False, "crit": ["b64"]}), json.dumps(CLAIMS)
    signature = part(samples.signer(f"{header}.{payload}".encode()))
    for text in (f"{header}.{payload}.{signature}", f"{header}..{signature}"):
        assert judged(text).verdict in {Verdict.CANNOT_TELL, Verdict.MALFORMED}


def test_claims_that_occur_twice_are_refused() -> None:
    double = json.dumps(CLAIMS)[:-1] + ',"iss":"https://evil.example"}'
    refused(token({"alg": "EdDSA", "kid": KID}, double.encode()), Verdict.MALFORMED)
    header = b'{"alg":"EdDSA","alg":"none","kid":"' + KID.encode() + b'"}'
    text = f"{part(header)}.{part(CLAIMS)}"
    refused(f"{text}.{part(samples.signer(text.encode()))}", Verdict.MALFORMED)


def jwk_of(key: Any, **more: str) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": multibase.base64url_encode(bytes(key.verify_key)), **more}


def strange(header: dict[str, Any]) -> str:
    text = f"{part(header)}.{part(CLAIMS)}"
    return f"{text}.{part(samples.OTHER_KEY.sign(text.encode()).signature)}"


def test_a_key_that_the_token_brings_along_is_not_the_issuers() -> None:
    """The proof alone may hold; whose key it is does not, and the report says so."""
    other = keys.did_key(bytes(samples.OTHER_KEY.verify_key))
    fragment = other.removeprefix("did:key:")
    for header in (
        {"alg": "EdDSA", "jwk": jwk_of(samples.OTHER_KEY)},
        {"alg": "EdDSA", "kid": f"{other}#{fragment}"},
        {"alg": "EdDSA", "kid": f"{samples.ISSUER}#{fragment}"},
        {"alg": "EdDSA", "kid": KID, "jwk": jwk_of(samples.OTHER_KEY)},
    ):
        assert judged(strange(header)).verdict in {Verdict.UNKNOWN_ISSUER, Verdict.TAMPERED}
        report = judged(strange(header), PROOF_ONLY)
        if report.verdict is Verdict.VALID:
            assert report.check("key_binding").outcome is Outcome.WARNING


def test_a_token_that_gives_its_secret_away_is_refused() -> None:
    secret = multibase.base64url_encode(bytes(samples.KEY))
    refused(token({"alg": "EdDSA", "jwk": jwk_of(samples.KEY, d=secret)}), Verdict.MALFORMED)


def test_a_key_of_another_controller_in_the_issuers_document_is_not_his() -> None:
    document = did.build_controller_document(samples.ISSUER, [samples.PUBLIC])
    document["verificationMethod"][0]["controller"] = "did:web:evil.example"
    world = World(**{ISSUER_URL: document})
    refused(SIGNED, Verdict.UNKNOWN_ISSUER, world=world)
    refused(token({"alg": "EdDSA", "kid": KID}), Verdict.UNKNOWN_ISSUER, world=world)
