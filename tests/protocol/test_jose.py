"""Signed tokens: published vectors, another implementation in both directions, and every known way to cheat."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from guildmark.protocol import keys, verify
from guildmark.protocol.errors import BadSignature, Malformed, NotAvailable, ProofError, UnsupportedProof
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.proofs import jose
from guildmark.protocol.report import Verdict
from tests.protocol import samples

# The other implementation warns of the name EdDSA, which RFC 9864 replaces and Open Badges still uses.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

# RFC 7515, A.2 and A.3; RFC 8037, A.4: key, token.
RFC = {
    "RS256": (
        {
            "kty": "RSA",
            "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
            "e": "AQAB",
        },
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
    ),
    "ES256": (
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        },
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    ),
}
ED = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
ED_SIGNED = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
ED_SIGNATURE = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
# RFC 7515, A.4. Its payload is no object, so the token itself is never read.
ES512 = {
    "kty": "EC",
    "crv": "P-521",
    "x": "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",
    "y": "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2",
}
ES512_SIGNED = b"eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA"
ES512_SIGNATURE = "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn"
KINDS: dict[str, Any] = {
    "EdDSA": lambda: OKPKey.generate_key("Ed25519"),
    "ES256": lambda: ECKey.generate_key("P-256"),
    "ES384": lambda: ECKey.generate_key("P-384"),
    "ES512": lambda: ECKey.generate_key("P-521"),
    "RS256": lambda: RSAKey.generate_key(2048),
}
#: {"a":1,"a":2}
TWICE = "eyJhIjoxLCJhIjoyfQ"
KID = f"{samples.BASE}/o/northlamp/keys/1.json"


def document(**changes: Any) -> dict[str, Any]:
    return build(samples.spec(**changes))


class Maker:
    """A key pair of the other implementation."""

    def __init__(self, algorithm: str) -> None:
        self.algorithm, self.key = algorithm, KINDS[algorithm]()
        self.jwk = self.key.as_dict(private=False)

    def sign(self, signing_input: bytes) -> bytes:
        header, payload = (decoded(part) for part in signing_input.split(b"."))
        token = jws.serialize_compact(json.loads(header), payload, self.key, algorithms=[self.algorithm])
        made, _, signature = token.rpartition(".")
        # The other side writes the header anew; what it signed must be what was asked.
        assert made.encode() == signing_input
        return decoded(signature.encode())

    def token(self, claims: dict[str, Any], **header: Any) -> str:
        full = {"alg": self.algorithm, "typ": "JWT", **header}
        return jws.serialize_compact(full, json.dumps(claims).encode(), self.key, algorithms=[self.algorithm])


def decoded(text: bytes) -> bytes:
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def claims(given: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        **given,
        "iss": given["issuer"]["id"],
        "jti": given["id"],
        "nbf": int(samples.CREATED.timestamp()) if "nbf" not in changes else changes.pop("nbf"),
        **changes,
    }


@pytest.mark.parametrize("algorithm", RFC)
def test_the_tokens_of_the_standard_are_accepted(algorithm: str) -> None:
    jwk, text = RFC[algorithm]
    token = jose.parse(text)
    jose.check_signature(token, keys.from_jwk(jwk))
    changed = jose.Token(token.header, token.claims, token.signing_input + b"A", token.signature)
    with pytest.raises(BadSignature):
        jose.check_signature(changed, keys.from_jwk(jwk))


def test_the_ed25519_signature_of_the_standard_is_accepted() -> None:
    keys.from_jwk(ED).verify(decoded(ED_SIGNATURE.encode()), ED_SIGNED)


def test_the_p521_signature_of_the_standard_is_accepted_and_no_other() -> None:
    key = keys.from_jwk(ES512)
    assert keys.decode_multikey(key.multikey) == key
    key.verify(decoded(ES512_SIGNATURE.encode()), ES512_SIGNED)
    with pytest.raises(BadSignature):
        key.verify(decoded(ES512_SIGNATURE.encode()), ES512_SIGNED + b"x")
    with pytest.raises(BadSignature):
        key.verify(decoded(ES512_SIGNATURE.encode())[:96], ES512_SIGNED)


@pytest.mark.parametrize("algorithm", KINDS)
@pytest.mark.parametrize("profile", ["JWT", "vc+jwt"])
def test_what_we_sign_another_implementation_accepts(algorithm: str, profile: jose.Profile) -> None:
    maker, given = Maker(algorithm), document()
    text = jose.sign(given, signer=maker.sign, algorithm=algorithm, kid=KID, profile=profile)
    found = jws.deserialize_compact(text, maker.key, algorithms=[algorithm])
    assert found.headers() == {"alg": algorithm, "typ": profile, "kid": KID}
    token = jose.parse(text)
    assert jose.credential_of(token) == given
    jose.check_signature(token, keys.from_jwk(maker.jwk))
    other = Maker(algorithm)
    with pytest.raises(BadSignature):
        jose.check_signature(token, keys.from_jwk(other.jwk))


@pytest.mark.parametrize("algorithm", KINDS)
def test_a_key_of_another_kind_fits_nothing(algorithm: str) -> None:
    token = jose.parse(Maker(algorithm).token({"a": 1}))
    for other in set(KINDS) - {algorithm}:
        with pytest.raises(BadSignature, match="not made with"):
            jose.check_signature(token, keys.from_jwk(Maker(other).jwk))


@pytest.mark.parametrize(
    ("header", "error"),
    [
        ({"alg": "none"}, UnsupportedProof),
        ({"alg": "None"}, UnsupportedProof),
        ({"alg": "HS256"}, UnsupportedProof),
        ({"alg": ["EdDSA"]}, UnsupportedProof),
        ({}, UnsupportedProof),
        ({"alg": "EdDSA", "crit": ["exp"]}, UnsupportedProof),
        ({"alg": "EdDSA", "b64": False}, UnsupportedProof),
        ({"alg": "EdDSA", "typ": "at+jwt"}, UnsupportedProof),
        ({"alg": "EdDSA", "jku": "https://evil.example"}, Malformed),
        ({"alg": "EdDSA", "x5u": "https://evil.example"}, Malformed),
        ({"alg": "EdDSA", "kid": 5}, Malformed),
        ({"alg": "EdDSA", "jwk": "key"}, Malformed),
    ],
)
def test_a_header_that_could_mislead_is_refused(header: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        jose.parse(f"{encoded(header)}.{encoded({'a': 1})}.AAAA")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "a.b.c.d",
        "AAAA.AAAA.AAAA",
        f"{encoded({'alg': 'EdDSA'})}.{encoded([1])}.AAAA",
        f"{encoded({'alg': 'EdDSA'})}=.{encoded({})}.AAAA",
        f"{encoded({'alg': 'EdDSA'})}.{TWICE}.AAAA",
        f"{encoded({'alg': 'EdDSA'})}.é.AAAA",
    ],
)
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        jose.parse(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"jti": "urn:uuid:other"},
        {"nbf": 5},
        {"nbf": "2026"},
        {"nbf": 1e300},
        {"exp": 5},
        {"exp": True},
        {"vc": "text"},
        {"vc": {"type": ["VerifiableCredential"]}},
    ],
)
def test_claims_that_differ_from_the_credential_are_refused(changes: dict[str, Any]) -> None:
    given = document()
    given["validUntil"] = "2027-03-02T10:00:00Z"
    said = claims(given, **{"nbf": _nbf(given), **changes})
    with pytest.raises(Malformed):
        jose.credential_of(jose.Token({"alg": "EdDSA"}, said, b"", b""))


def test_the_subject_of_a_token_is_one_of_the_credential() -> None:
    given = document()
    given["credentialSubject"] = [{"id": "did:example:ada"}, {"id": "did:example:ben"}]
    for subject, fits in (
        ("did:example:ben", True),
        ("did:example:eve", False),
        (["did:example:ben"], False),
    ):
        token = jose.Token({"alg": "EdDSA"}, claims(given, nbf=_nbf(given), sub=subject), b"", b"")
        if fits:
            assert jose.credential_of(token) == given
            continue
        with pytest.raises(Malformed, match="sub differs"):
            jose.credential_of(token)


def _nbf(given: dict[str, Any]) -> int:
    return int(jose.parse_instant(given["validFrom"]).timestamp())


def test_what_only_the_token_says_counts_too() -> None:
    given = {key: value for key, value in document().items() if key != "validUntil"}
    said = claims(given, nbf=_nbf(given), exp=1_780_000_000)
    assert (
        jose.credential_of(jose.Token({"alg": "EdDSA"}, said, b"", b""))["validUntil"]
        == "2026-05-28T20:26:40Z"
    )


def test_the_older_form_is_read() -> None:
    given = document()
    said = {"vc": given, "iss": given["issuer"]["id"], "jti": given["id"], "nbf": _nbf(given)}
    assert jose.credential_of(jose.Token({"alg": "EdDSA"}, said, b"", b"")) == given
    with pytest.raises(Malformed, match="no vc claim"):
        jose.credential_of(jose.Token({"alg": "EdDSA", "typ": "vc+jwt"}, said, b"", b""))


def test_a_wrong_choice_is_refused_before_signing() -> None:
    given, maker = document(), Maker("EdDSA")
    for wrong in (
        {"algorithm": "none", "kid": KID},
        {"algorithm": "EdDSA"},
        {"algorithm": "EdDSA", "kid": KID, "jwk": maker.jwk},
    ):
        with pytest.raises(ProofError):
            jose.sign(given, signer=maker.sign, **wrong)
    with pytest.raises(Malformed, match="private"):
        jose.sign(given, signer=maker.sign, algorithm="EdDSA", jwk=maker.key.as_dict(private=True))


# -- the whole check --------------------------------------------------------------------------------


def verdict_of(text: str, **documents: Any) -> Any:
    def load(url: str) -> Any:
        if url not in documents:
            raise NotAvailable(f"{url} is not here.")
        return documents[url]

    return verify.verify(text, loader=load, now=samples.DURING)


def plain_document() -> dict[str, Any]:
    given = document()
    given.pop("credentialStatus", None)
    return given


def listing(*jwks: dict[str, Any]) -> dict[str, Any]:
    methods = [
        {
            "id": f"{samples.ISSUER}#k{number}",
            "type": "JsonWebKey",
            "controller": samples.ISSUER,
            "publicKeyJwk": jwk,
        }
        for number, jwk in enumerate(jwks)
    ]
    return {"id": samples.ISSUER, "assertionMethod": methods}


DID_URL = f"{samples.BASE}/o/northlamp/did.json"


@pytest.mark.parametrize("algorithm", KINDS)
def test_a_token_is_valid_by_each_way_to_name_the_key(algorithm: str) -> None:
    maker, given = Maker(algorithm), plain_document()
    said = claims(given, nbf=_nbf(given))
    listed = {DID_URL: listing(maker.jwk)}
    by_did = verdict_of(maker.token(said, kid=f"{samples.ISSUER}#k0"), **listed)
    by_url = verdict_of(maker.token(said, kid=KID), **listed, **{KID: maker.jwk})
    by_key = verdict_of(maker.token(said, jwk=maker.jwk), **listed)
    for report in (by_did, by_url, by_key):
        assert report.verdict is Verdict.VALID, report.checks
        assert report.credential == given


def test_a_key_that_merely_stands_in_the_token_or_at_its_address_proves_nothing() -> None:
    maker, other, given = Maker("ES256"), Maker("ES256"), plain_document()
    said = claims(given, nbf=_nbf(given))
    listed = {DID_URL: listing(other.jwk)}
    for report in (
        verdict_of(maker.token(said, jwk=maker.jwk), **listed),
        verdict_of(maker.token(said, kid=KID), **listed, **{KID: maker.jwk}),
        verdict_of(maker.token(said, kid=f"{samples.ISSUER}#k1"), **listed),
        verdict_of(maker.token(said, kid="did:key:z6Mkother#z6Mkother"), **listed),
    ):
        assert report.verdict is Verdict.UNKNOWN_ISSUER, report.checks


def test_tokens_that_fail_say_how() -> None:
    maker, given = Maker("EdDSA"), plain_document()
    said, listed = claims(given, nbf=_nbf(given)), {DID_URL: listing(maker.jwk)}
    good = maker.token(said, kid=f"{samples.ISSUER}#k0")
    assert verdict_of(good).verdict is Verdict.CANNOT_TELL
    head, _, signature = good.split(".")
    changed = {**said, "name": "Another name"}
    assert verdict_of(f"{head}.{encoded(changed)}.{signature}", **listed).verdict is Verdict.TAMPERED
    unsigned = f"{encoded({'alg': 'none'})}.{encoded(said)}."
    assert verdict_of(unsigned + "AAAA", **listed).verdict is Verdict.CANNOT_TELL
    undefined = maker.token({**said, "rank": "1"}, kid=f"{samples.ISSUER}#k0")
    assert verdict_of(undefined, **listed).verdict is Verdict.MALFORMED
    differing = maker.token({**said, "iss": "https://other.example"}, kid=f"{samples.ISSUER}#k0")
    assert verdict_of(differing, **listed).verdict is Verdict.MALFORMED
