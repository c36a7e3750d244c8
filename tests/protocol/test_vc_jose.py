"""Plain JWS as VC-JOSE-COSE has it: tokens of another implementation, and every form that must be refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey

from guildmark.protocol import contexts, keys
from guildmark.protocol.errors import BadSignature, Malformed, ProtocolError, UndefinedTerm, UnsupportedProof
from guildmark.protocol.proofs import jose, vc_jose

# The other implementation warns of the name EdDSA, which RFC 9864 replaces.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

FILE = json.loads((Path(__file__).parent / "vectors" / "vc-jose.json").read_text("utf-8"))
VECTORS = {vector["alg"]: vector for vector in FILE["vectors"]}
EXTRA = contexts.conformance()
REFUSED = [
    (alg, what, name)
    for alg, vector in VECTORS.items()
    for what, tokens in vector["refused"].items()
    for name in tokens
]


def key(alg: str) -> keys.PublicKey:
    return keys.from_jwk(VECTORS[alg]["publicKeyJwk"])


def credential(**changes: Any) -> dict[str, Any]:
    return {**vc_jose.verify(VECTORS["ES256"]["credential"], "credential", key("ES256"), EXTRA), **changes}


@pytest.mark.parametrize("alg", VECTORS)
@pytest.mark.parametrize("what", ["credential", "presentation"])
def test_tokens_of_another_implementation_hold(alg: str, what: vc_jose.What) -> None:
    token = VECTORS[alg][what]
    document = vc_jose.verify(token, what, key(alg), EXTRA)
    assert not set(document) & {"iss", "jti", "iat", "exp"}
    header, payload, signature = token.split(".")
    other = next(one for one in VECTORS if one != alg)
    with pytest.raises(BadSignature):
        vc_jose.verify(token, what, key(other), EXTRA)
    with pytest.raises(ProtocolError):
        vc_jose.verify(f"{header}.{payload}.{signature[::-1]}", what, key(alg), EXTRA)
    with pytest.raises(ProtocolError):
        vc_jose.verify(f"{header}.{payload}.", what, key(alg), EXTRA)


@pytest.mark.parametrize(("alg", "what", "name"), REFUSED)
def test_a_token_of_another_form_fails_although_its_signature_holds(
    alg: str, what: vc_jose.What, name: str
) -> None:
    token = VECTORS[alg]["refused"][what][name]
    jose.check_signature(jose.parse(token, types=("vc+jwt", "vp+jwt", "JWT")), key(alg))
    with pytest.raises((Malformed, UnsupportedProof)):
        vc_jose.verify(token, what, key(alg), EXTRA)


@pytest.mark.parametrize("alg", VECTORS)
def test_another_implementation_accepts_what_we_issue(alg: str) -> None:
    kind = jose.ALGORITHMS[alg]
    maker: Any = OKPKey.generate_key("Ed25519") if kind == "Ed25519" else ECKey.generate_key(kind)

    def signer(message: bytes) -> bytes:
        return bytes(jws.JWSRegistry.algorithms[alg].sign(message, maker))

    document = credential()
    token = vc_jose.issue(
        document, "credential", signer=signer, algorithm=alg, kid="did:example:i#1", extra_contexts=EXTRA
    )
    found = jws.deserialize_compact(token, maker, algorithms=[alg])
    assert found.headers() == {"alg": alg, "typ": "vc+jwt", "cty": "vc", "kid": "did:example:i#1"}
    assert json.loads(found.payload) == {**document, "iss": document["issuer"], "jti": document["id"]}
    public = keys.from_jwk(maker.as_dict(private=False))
    assert vc_jose.verify(token, "credential", public, EXTRA) == document


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"badExtension": {"huh": "what?"}}, Malformed),
        ({"vc": {}}, Malformed),
        ({"vp": {}}, Malformed),
        ({"type": ["ExampleAlumniCredential"]}, Malformed),
        ({"issuer": "not a url"}, Malformed),
        ({"credentialSubject": {"id": "did:example:1", "degree": None}}, UndefinedTerm),
        ({"@context": ["https://www.w3.org/2018/credentials/v1"]}, Malformed),
        ({"@context": 4}, Malformed),
    ],
)
def test_what_is_not_sound_is_not_issued(changes: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        vc_jose.issue(
            credential(**changes),
            "credential",
            signer=lambda message: b"never reached",
            algorithm="ES256",
            kid="did:example:i#1",
            extra_contexts=EXTRA,
        )


def test_a_word_that_an_inline_context_defines_is_known() -> None:
    inline = {"motto": "https://terms.example/motto"}
    document = credential(motto="Learn", **{"@context": [contexts.CREDENTIALS_V2, inline]})
    document["type"], document["credentialSubject"] = ["VerifiableCredential"], {"id": "did:example:1"}
    vc_jose.check_document(document, "credential", None)


def test_the_examples_context_is_for_the_faces_only() -> None:
    with pytest.raises(ProtocolError):
        vc_jose.verify(VECTORS["ES256"]["credential"], "credential", key("ES256"))
