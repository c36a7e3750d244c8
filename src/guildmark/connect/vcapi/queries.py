"""What the face checks and shows. Verification here is of the proof only (CONTRACTS 2.5): whose key it is, is not asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guildmark.connect.vcapi.models import StatusEntry, StatusList
from guildmark.connect.vcapi.types import FACES, HOLDER_TAGS, PRESENTATION_TAGS, STATUS_TAGS, VERIFIER_TAGS
from guildmark.kernel.clock import now
from guildmark.kernel.problems import NotFound
from guildmark.keys import conformance
from guildmark.protocol import contexts, envelopes, presentations, vcdm
from guildmark.protocol.errors import Malformed, ProofError, StatusError, UnknownContext
from guildmark.protocol.proof_only import Expected, check_proofs, did_key_of
from guildmark.protocol.proofs import data_integrity, ecdsa_sd_2023, vc_jose
from guildmark.protocol.status import bitstring

_LIST = re.compile(r"/vc-api/status/([0-9a-f-]{36})\Z")


def extra_contexts(document: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]] | None:
    """The contexts of test suites, if the document may name one; without them it goes the fast way."""
    extra = contexts.conformance()
    return extra if _names(document, extra) else None


def _names(value: Any, urls: Mapping[str, Any]) -> bool:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str) and item in urls:
            return True
        if isinstance(item, Mapping):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return False


def resource(url: str) -> bytes | None:
    """The bytes of a resource whose digest is to be checked: the shipped contexts are all that is at hand."""
    try:
        return contexts.raw(url)
    except UnknownContext:
        return contexts.conformance_raw(url)


def text_option(options: Mapping[str, Any], name: str) -> str | None:
    """A text among the options; null counts as not given (Data Integrity 1.0, section 4.4)."""
    value = options.get(name)
    if value is not None and not isinstance(value, str):
        raise Malformed(f"The option {name} is a text.", field=f"options.{name}")
    return value


def pointers(options: Mapping[str, Any], name: str) -> list[str]:
    """A list of JSON pointers among the options; none if it is not given."""
    value = options.get(name)
    value = [] if value is None else value
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Malformed(f"The option {name} is a list of JSON pointers.", field=f"options.{name}")
    return value


def verify_credential(document: Any, options: Mapping[str, Any]) -> list[str]:
    """Return what was checked of a credential (an object, an envelope or a token); raise if it does not hold."""
    purpose = text_option(options, "expectedProofPurpose") or "assertionMethod"
    expected = Expected(purpose, text_option(options, "domain"), text_option(options, "challenge"))
    checks = options.get("checks", ["proof"])
    if not isinstance(checks, list):
        raise Malformed("The option checks is a list.", field="options.checks")
    if isinstance(document, str):
        document = envelopes.wrap(document)
    if not isinstance(document, Mapping):
        raise Malformed("The credential is no object.", field="verifiableCredential")
    done = ["proof"]
    if envelopes.kind_of(document):
        token = envelopes.open_envelope(document, vcdm.ENVELOPED_CREDENTIAL).compact_jws()
        document, _ = vc_jose.verify_by_kid(token, "credential", did_key_of, contexts.conformance())
    else:
        vcdm.check_credential(document, resource)
        check_proofs(
            document,
            key_of=did_key_of,
            now=now(),
            expected=expected,
            extra_contexts=extra_contexts(document),
        )
    if {"status", "credentialStatus"} & set(map(str, checks)):
        check_status(document)
        done.append("credentialStatus")
    return done


def verify_presentation(document: Any, options: Mapping[str, Any]) -> presentations.Presented:
    """Check a presentation and every credential in it; raise if something does not hold."""
    if not isinstance(document, Mapping):
        raise Malformed("The presentation is no object.", field="verifiablePresentation")
    enveloped = envelopes.kind_of(document) is not None
    return presentations.verify(
        document,
        key_of=did_key_of,
        now=now(),
        challenge=text_option(options, "challenge"),
        domain=text_option(options, "domain"),
        resources=resource,
        extra_contexts=contexts.conformance() if enveloped else extra_contexts(document),
    )


def storable(text: str) -> str:
    """A text as the database has it: PostgreSQL holds no NUL, and refuses to look for one."""
    return text.replace("\0", "\ufffd")


def check_status(document: Mapping[str, Any]) -> None:
    """Raise ProofError if a bit of the credential is raised; StatusError if a list is not one of this face."""
    given = document.get("credentialStatus", [])
    for raw in given if isinstance(given, list) else [given]:
        entry = bitstring.parse_entry(raw)
        own = list_id(entry.list_url)
        row = StatusList.objects.filter(id=own, purpose=storable(entry.purpose)).first() if own else None
        if row is None:
            raise StatusError("The status list is not one of this face.", field="credentialStatus")
        if _bits(row).get(entry.index):
            raise ProofError(f"The status says {entry.purpose}.", field="credentialStatus")


def list_url(base: str, status_list: UUID) -> str:
    return f"{base}/vc-api/status/{status_list}"


def list_id(url: str) -> UUID | None:
    """The list that an address of this face means."""
    found = _LIST.search(url)
    try:
        return UUID(found.group(1)) if found else None
    except ValueError:
        return None


def _bits(row: StatusList) -> bitstring.Bitstring:
    return bitstring.from_indices(
        StatusEntry.objects.filter(status_list=row, raised=True).values_list("index", flat=True)
    )


def status_list(status_list_id: UUID, base: str) -> dict[str, Any]:
    """The signed list as it stands now."""
    row = StatusList.objects.filter(id=status_list_id).first()
    if row is None:
        raise NotFound("There is no such status list.")
    signer = conformance.signer("Ed25519")
    document = bitstring.build_list(
        url=list_url(base, row.id),
        issuer=signer.did,
        purpose=row.purpose,
        bits=_bits(row),
        valid_from=row.created_at,
    )
    return data_integrity.sign(
        document, signer=signer.sign, verification_method=signer.verification_method, created=now()
    )


def implementation_record(base: str) -> dict[str, Any]:
    """What a suite's settings file lists of this implementation (CONTRACTS 2.1). ``base`` is the address of the face."""
    issuers = []
    for face in FACES.values():
        issuer: dict[str, Any] = {
            "id": conformance.signer(face.kind).did,
            "endpoint": f"{base}/vc-api/{face.name}/credentials/issue",
            "tags": list(face.tags),
            "supports": {"vc": list(face.versions)},
        }
        if face.kind != "Ed25519":
            issuer["supportedEcdsaKeyTypes"] = [face.kind]
        issuers.append(issuer)
    own = conformance.signer("Ed25519").did
    curves = sorted({face.kind for face in FACES.values() if face.kind != "Ed25519"})
    verifier = {
        "id": own,
        "endpoint": f"{base}/vc-api/credentials/verify",
        "supportedEcdsaKeyTypes": curves,
        "supports": {"vc": ["1.1", "2.0"]},
    }
    return {
        "name": "Guildmark",
        "implementation": "Guildmark",
        "issuers": issuers,
        "verifiers": [
            {**verifier, "tags": list(VERIFIER_TAGS)},
            # Suites look for a vector of each curve that is listed, and ecdsa-sd-2023 knows P-256 only.
            {**verifier, "tags": [ecdsa_sd_2023.NAME], "supportedEcdsaKeyTypes": ["P-256"]},
            # Suites send the options of the record with what they want verified.
            {**verifier, "tags": list(STATUS_TAGS), "options": {"checks": ["proof", "credentialStatus"]}},
        ],
        "vpVerifiers": [
            {
                "id": own,
                "endpoint": f"{base}/vc-api/presentations/verify",
                "tags": list(PRESENTATION_TAGS),
                "supports": {"vc": ["1.1", "2.0"]},
            }
        ],
        "vcHolders": [
            {
                "id": own,
                "endpoint": f"{base}/vc-api/credentials/derive",
                "tags": list(HOLDER_TAGS),
                "supportedEcdsaKeyTypes": ["P-256"],
                "supports": {"vc": ["1.1", "2.0"]},
            }
        ],
        "didResolvers": [{"id": own, "endpoint": f"{base}/vc-api/resolver", "tags": ["did-key"]}],
    }
