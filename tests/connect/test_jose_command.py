"""``guildmark jose``: the executable that the test suite for VC-JOSE-COSE calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey

from guildmark.cli import main
from tests.connect.samples import EXAMPLES, V2, credential

# The other implementation warns of the name EdDSA, which RFC 9864 replaces.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

VECTORS = json.loads((Path(__file__).parents[1] / "protocol" / "vectors" / "vc-jose.json").read_text("utf-8"))
CONTROLLER = "https://example.issuer/vc-jose-cose"
KINDS: dict[str, Any] = {
    "ES256": lambda: ECKey.generate_key("P-256"),
    "ES384": lambda: ECKey.generate_key("P-384"),
    "ES512": lambda: ECKey.generate_key("P-521"),
    "EdDSA": lambda: OKPKey.generate_key("Ed25519"),
}


class Suite:
    """Calls the command as the suite does, each time with files of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, verb: str, feature: str, given: Any, key: Any, *more: str) -> tuple[str, str]:
        files = {name: self.folder / name for name in ("input", "key", "output")}
        files["input"].write_text(given if isinstance(given, str) else json.dumps(given), "utf-8")
        files["key"].write_text(json.dumps(key), "utf-8")
        files["output"].unlink(missing_ok=True)
        arguments = [part for name, path in files.items() for part in (f"--{name}", str(path))]
        code = main(["jose", verb, "--feature", feature, *arguments, *more])
        result = json.loads(files["output"].read_text("utf-8"))
        assert set(result) == {"result", "data"}
        assert code == {"success": 0, "failure": 1}.get(result["result"], 2)
        return result["result"], result["data"]


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return Suite(tmp_path)


def method(public: dict[str, Any], secret: dict[str, Any] | None = None) -> dict[str, Any]:
    found = {
        "id": f"{CONTROLLER}#key-1",
        "type": "JsonWebKey",
        "controller": CONTROLLER,
        "publicKeyJwk": public,
    }
    return {**found, "secretKeyJwk": secret} if secret else found


def document(**changes: Any) -> dict[str, Any]:
    base = {
        "@context": [V2, EXAMPLES],
        "issuer": CONTROLLER,
        "type": ["VerifiableCredential", "ExampleAlumni"],
    }
    return credential(**{**base, "evidence": [{"type": ["DocumentVerification"]}], **changes})


def shown(*tokens: str, **changes: Any) -> dict[str, Any]:
    enveloped = [
        {"@context": V2, "type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{token}"}
        for token in tokens
    ]
    base = {"@context": [V2, EXAMPLES], "type": ["VerifiablePresentation"], "holder": CONTROLLER}
    return {**base, "verifiableCredential": enveloped, **changes}


@pytest.mark.parametrize("alg", KINDS)
def test_what_it_issues_others_accept_and_it_verifies_itself(suite: Suite, alg: str) -> None:
    maker = KINDS[alg]()
    key = method({**maker.as_dict(private=False), "alg": alg}, {**maker.as_dict(private=True), "alg": alg})
    result, token = suite("issue", "credential_jose", document(), key)
    assert result == "success"
    found = jws.deserialize_compact(token, maker, algorithms=[alg])
    assert (found.headers()["alg"], found.headers()["typ"]) == (alg, "vc+jwt")
    assert found.headers()["kid"] == f"{CONTROLLER}#key-1"
    result, data = suite("verify", "credential_jose", token + "\n", key)
    assert (result, json.loads(data)) == ("success", document())
    # The suite's own presentation has a line feed at the end of an envelope.
    result, presented = suite("issue", "presentation_jose", shown(token, token + "\n"), key)
    assert result == "success"
    assert jws.deserialize_compact(presented, maker, algorithms=[alg]).headers()["typ"] == "vp+jwt"
    assert suite("verify", "presentation_jose", presented, key)[0] == "success"
    assert suite("verify", "credential_jose", presented, key)[0] == "failure"
    assert suite("verify", "presentation_jose", token, key)[0] == "failure"


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: str(vector["alg"]))
def test_tokens_of_others_verify_and_what_is_wrong_with_them_fails(
    suite: Suite, vector: dict[str, Any]
) -> None:
    """Among the good: a presentation whose ``exp`` has passed, credentials whose ``iat`` is a text."""
    key = method(vector["publicKeyJwk"])
    for what in ("credential", "presentation"):
        token = vector[what]
        assert suite("verify", f"{what}_jose", token, key)[0] == "success"
        assert suite("verify", f"{what}_jose", token[:-8] + "AAAAAAAA", key)[0] == "failure"
        for bad in vector["refused"][what].values():
            assert suite("verify", f"{what}_jose", bad, key)[0] == "failure"


def test_the_tokens_of_the_suite_get_the_results_that_it_expects(suite: Suite) -> None:
    """One whose ``iat`` is a text and whose ``kid`` is no address; one that envelops what is no credential."""
    path = Path(__file__).parents[1] / "protocol" / "vectors" / "w3c-vc-jose-cose.json"
    file = json.loads(path.read_text("utf-8"))
    good, bad = file["credential"], file["presentation_of_no_credential"]
    assert suite("verify", "credential_jose", good["token"], method(good["key"]))[0] == "success"
    assert suite("verify", "credential_jose", good["token"], method(bad["key"]))[0] == "failure"
    result, reason = suite("verify", "presentation_jose", bad["token"], method(bad["key"]))
    assert result == "failure"
    assert "envelope" in reason


def test_what_is_not_secured_fails(suite: Suite) -> None:
    key = method(VECTORS["vectors"][0]["publicKeyJwk"])
    header = "eyJhbGciOiJub25lIiwidHlwIjoidmMrand0In0"
    payload = VECTORS["vectors"][0]["credential"].split(".")[1]
    for given in (document(), f"{header}.{payload}.", payload, ""):
        assert suite("verify", "credential_jose", given, key)[0] == "failure"
    assert suite("verify", "presentation_jose", shown(), key)[0] == "failure"


def test_what_is_not_sound_is_not_issued(suite: Suite) -> None:
    maker = KINDS["ES256"]()
    key = method(maker.as_dict(private=False), maker.as_dict(private=True))
    for changes in ({"badExtension": {"huh": "what?"}}, {"vc": {}}, {"type": ["ExampleAlumni"]}, {"id": "x"}):
        assert suite("issue", "credential_jose", document(**changes), key)[0] == "failure"
    for changes in (
        {"verifiableCredential": [document()]},
        {"verifiableCredential": [{"id": "data:application/vc+jwt,e30"}]},
        {"verifiableCredential": ["https://example.org/1"]},
        {"badExtension": 1},
    ):
        assert suite("issue", "presentation_jose", shown(**changes), key)[0] == "failure"
    assert suite("issue", "credential_jose", "no JSON", key)[0] == "failure"


@pytest.mark.parametrize(
    "feature", ["credential_sdjwt", "presentation_sdjwt", "credential_cose", "presentation_cose"]
)
@pytest.mark.parametrize("verb", ["issue", "verify"])
def test_what_is_not_built_is_said_to_be_indeterminate(suite: Suite, verb: str, feature: str) -> None:
    result, reason = suite(verb, feature, document(), method({}), "--sd", '["credentialSubject.name"]')
    assert result == "indeterminate"
    assert "not built" in reason


@pytest.mark.parametrize(
    "key",
    [
        {},
        method({"kty": "EC", "crv": "P-256"}, {"kty": "EC", "crv": "P-256"}),
        method({"kty": "oct", "k": "AA"}, {"kty": "oct", "k": "AA"}),
        method({"kty": "EC", "crv": "P-999"}, {"kty": "EC", "crv": "P-999", "d": "AA"}),
        [],
    ],
)
def test_a_key_that_cannot_be_used_is_an_error(suite: Suite, key: Any) -> None:
    assert suite("issue", "credential_jose", document(), key)[0] == "error"
    assert suite("verify", "credential_jose", VECTORS["vectors"][0]["credential"], key)[0] == "error"


def test_a_secret_that_is_no_number_of_the_curve_is_an_error(suite: Suite) -> None:
    maker = KINDS["ES256"]()
    key = method(maker.as_dict(private=False), {**maker.as_dict(private=True), "d": "A" * 43})
    assert suite("issue", "credential_jose", document(), key)[0] == "error"


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    nothing, output = str(tmp_path / "none"), tmp_path / "output"
    files = ["--input", nothing, "--key", nothing, "--output", str(output)]
    assert main(["jose", "verify", "--feature", "credential_jose", *files]) == 2
    assert json.loads(output.read_text("utf-8"))["result"] == "error"
