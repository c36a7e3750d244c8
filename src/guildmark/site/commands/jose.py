"""``guildmark jose issue|verify``: the face that the test suite for VC-JOSE-COSE calls (CONTRACTS 2.2).

It works with a key file that the caller brings and touches neither this installation nor its keys.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

from guildmark.kernel.problems import Invalid
from guildmark.keys import custody
from guildmark.protocol import contexts, keys, strict_json
from guildmark.protocol.errors import Malformed, ProtocolError
from guildmark.protocol.proofs import vc_jose

FEATURES: dict[str, vc_jose.What] = {f"{what}_jose": what for what in get_args(vc_jose.What)}
#: Ways of securing that the suite asks for and that are not built.
NOT_BUILT = ("credential_sdjwt", "presentation_sdjwt", "credential_cose", "presentation_cose")
EXIT_CODES = {"success": 0, "failure": 1, "indeterminate": 2, "error": 2}
EPILOG = """\
The key file is {"id", "type": "JsonWebKey", "controller", "publicKeyJwk", "secretKeyJwk"}.
What came of it is written to the output file: {"result": "success|failure|indeterminate|error", "data": text}.
exit codes: 0 success; 1 failure; 2 indeterminate (SD-JWT and COSE are not built) or error."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("verb", choices=("issue", "verify"))
    parser.add_argument("--input", metavar="FILE", type=Path, required=True, help="the document or the token")
    parser.add_argument("--key", metavar="FILE", type=Path, required=True, help="the verification method")
    parser.add_argument("--feature", required=True, choices=(*FEATURES, *NOT_BUILT))
    parser.add_argument("--sd", metavar="PATHS", help="what may be withheld; for SD-JWT only")
    parser.add_argument(
        "--output", metavar="FILE", type=Path, required=True, help="where the result is written"
    )


def run(args: argparse.Namespace) -> int:
    result, data = outcome(args)
    try:
        args.output.write_text(
            json.dumps({"result": result, "data": data}, ensure_ascii=False) + "\n", "utf-8"
        )
    except OSError as error:
        raise Invalid(f"{args.output} cannot be written: {error.strerror}.") from error
    return EXIT_CODES[result]


def outcome(args: argparse.Namespace) -> tuple[str, str]:
    """What came of it, and the token, the document or the reason."""
    if args.feature in NOT_BUILT:
        return "indeterminate", f"{args.feature} is not built: SD-JWT and COSE are not part of Guildmark yet."
    try:
        given = args.input.read_bytes()
        key = strict_json.load_object(args.key.read_bytes())
        work = issuing(key, args.feature) if args.verb == "issue" else verifying(key, args.feature)
    except OSError as error:
        return "error", f"{error.filename} cannot be read: {error.strerror}."
    except ProtocolError as error:
        return "error", f"The key file cannot be used: {error.reason}"
    try:
        return "success", work(given)
    except ProtocolError as error:
        return "failure", error.reason


def issuing(key: Mapping[str, Any], feature: str) -> Callable[[bytes], str]:
    """A function that makes a token of the bytes of a document; Malformed if the key cannot sign."""
    secret, kid = key.get("secretKeyJwk"), key.get("id")
    if not isinstance(secret, Mapping) or not isinstance(kid, str):
        raise Malformed("It has no id or no secretKeyJwk.", field="secretKeyJwk")
    kind, signer = custody.signer_of_jwk(secret)
    return lambda given: vc_jose.issue(
        strict_json.load_object(given),
        FEATURES[feature],
        signer=signer,
        algorithm=vc_jose.ALGORITHM_OF[kind],
        kid=kid,
        extra_contexts=contexts.conformance(),
    )


def verifying(key: Mapping[str, Any], feature: str) -> Callable[[bytes], str]:
    """A function that gives the document of a token; Malformed if the key cannot be read."""
    jwk = key.get("publicKeyJwk")
    if not isinstance(jwk, Mapping):
        raise Malformed("It has no publicKeyJwk.", field="publicKeyJwk")
    public = keys.from_jwk(jwk)
    return lambda given: json.dumps(
        vc_jose.verify(given, FEATURES[feature], public, contexts.conformance()), ensure_ascii=False
    )
