"""What the face signs and writes. Everything that is wrong with what was given rises as a ProtocolError."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from guildmark.connect.vcapi import queries
from guildmark.connect.vcapi.models import StatusEntry, StatusList
from guildmark.connect.vcapi.types import FACES, Face
from guildmark.kernel.clock import now
from guildmark.kernel.problems import NotFound
from guildmark.keys import conformance
from guildmark.protocol import envelopes, presentations, vcdm
from guildmark.protocol.errors import Malformed
from guildmark.protocol.proof_only import proofs_of
from guildmark.protocol.proofs import data_integrity, ecdsa_sd_2023, vc_jose
from guildmark.protocol.status.bitstring import MINIMUM_ENTRIES
from guildmark.protocol.times import format_instant

_DATA_INTEGRITY = (
    "https://w3id.org/security/data-integrity/v1",
    "https://w3id.org/security/data-integrity/v2",
)


def face_named(name: str) -> Face:
    if name not in FACES:
        raise NotFound(f"There is no face {name!r}.", mend=f"The faces are: {', '.join(FACES)}.")
    return FACES[name]


def issue(face: Face, credential: Mapping[str, Any], options: Mapping[str, Any], base: str) -> dict[str, Any]:
    """Return the credential secured as the face does it.

    ``base`` is the address of the face, for status lists. A proof that the credential carries stays beside the
    new one; ``previousProof`` among the options names those that the new one builds on.
    """
    _check_asked(face, options)
    document = dict(credential)
    if vcdm.version_of(document) == "1.1":
        document.setdefault("issuanceDate", format_instant(now()))
        if face.cryptosuite and not set(_DATA_INTEGRITY) & set(map(str, document["@context"])):
            # The base context of 1.1 does not know this type of proof.
            document["@context"] = [*document["@context"], _DATA_INTEGRITY[1]]
    vcdm.check_credential(document, queries.resource)
    for proof in proofs_of(document):
        vcdm.types_of(proof, "proof.type")
    if face.status:
        document["credentialStatus"] = _with_status(document, face.status, base)
    if face.cryptosuite is None:
        return envelopes.wrap(_token(document, face))
    if face.cryptosuite == ecdsa_sd_2023.NAME:
        return _base_signed(document, face, options)
    return _signed(document, face, options)


def _check_asked(face: Face, options: Mapping[str, Any]) -> None:
    """Malformed if the options ask for a proof that the face does not make: who asks must not get another unseen.

    Data Integrity ECDSA and EdDSA 1.0, Transformation: another ``type`` or ``cryptosuite`` is an error.
    """
    if face.cryptosuite is None:
        return
    for name, made in (("type", "DataIntegrityProof"), ("cryptosuite", face.cryptosuite)):
        if options.get(name) not in (None, made):
            raise Malformed(
                f"This face makes no such proof: its {name} is {made}.",
                field=f"options.{name}",
                mend="Call the face of that name, or leave the option out.",
            )
    if face.cryptosuite == ecdsa_sd_2023.NAME and options.get("previousProof") is not None:
        raise Malformed("This face makes no link of a chain.", field="options.previousProof")


def _signed(document: dict[str, Any], face: Face, options: Mapping[str, Any]) -> dict[str, Any]:
    signer = conformance.signer(face.kind)
    previous = options.get("previousProof", [] if "proof" in document else None)
    if previous is not None:
        data_integrity.previous_of({"previousProof": previous})
    return data_integrity.sign(
        document,
        signer=signer.sign,
        verification_method=signer.verification_method,
        created=now(),
        cryptosuite=str(face.cryptosuite),
        kind=face.kind,
        proof_id=f"urn:uuid:{uuid4()}",
        previous=previous,
        extra_contexts=queries.extra_contexts(document),
    )


def _base_signed(document: dict[str, Any], face: Face, options: Mapping[str, Any]) -> dict[str, Any]:
    """A credential with a base proof: ``mandatoryPointers`` among the options say what must always be shown.

    Without them it is what no verifier can do without, or should not: issuer, dates, status.
    """
    signer = conformance.signer(face.kind)
    mandatory = queries.pointers(options, "mandatoryPointers")
    if "mandatoryPointers" not in options:
        older = [f"/{name}" for name in ("issuanceDate", "expirationDate") if name in document]
        mandatory = [*ecdsa_sd_2023.advised_pointers(document), *older]
    return ecdsa_sd_2023.sign(
        document,
        signer=signer.sign,
        verification_method=signer.verification_method,
        created=now(),
        mandatory_pointers=mandatory,
        proof_id=f"urn:uuid:{uuid4()}",
        extra_contexts=queries.extra_contexts(document),
    )


def derive(credential: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a holder shows of a credential with a base proof: ``selectivePointers`` and what is mandatory."""
    vcdm.check_credential(credential, queries.resource)
    return ecdsa_sd_2023.derive(
        credential,
        selective_pointers=queries.pointers(options, "selectivePointers"),
        extra_contexts=queries.extra_contexts(credential),
    )


def _token(document: Mapping[str, Any], face: Face) -> str:
    signer = conformance.signer(face.kind)
    return vc_jose.issue(
        document,
        "credential",
        signer=signer.sign,
        algorithm=vc_jose.ALGORITHM_OF[face.kind],
        kid=signer.verification_method,
        extra_contexts=queries.extra_contexts(document),
    )


def prove(face: Face, presentation: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the presentation signed by the face as its holder, over the challenge and domain of the options."""
    if face.cryptosuite == ecdsa_sd_2023.NAME:
        raise Malformed("This face signs credentials only.", field="presentation")
    signer = conformance.signer(face.kind)
    asked = {name: queries.text_option(options, name) for name in ("challenge", "domain")}
    extra = queries.extra_contexts(presentation)
    if face.cryptosuite is None:
        return presentations.envelop(
            presentation,
            signer=signer.sign,
            verification_method=signer.verification_method,
            algorithm=vc_jose.ALGORITHM_OF[face.kind],
            extra_contexts=extra,
            **asked,
        )
    return presentations.sign(
        presentation,
        signer=signer.sign,
        verification_method=signer.verification_method,
        created=now(),
        cryptosuite=face.cryptosuite,
        kind=face.kind,
        extra_contexts=extra,
        **asked,
    )


def _with_status(document: Mapping[str, Any], purpose: str, base: str) -> Any:
    """The status entries of a credential with one more, whose place in the list is taken now."""
    entry = _take_place(purpose, str(document.get("id", "")))
    made = {
        "id": f"{queries.list_url(base, entry.status_list_id)}#{entry.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(entry.index),
        "statusListCredential": queries.list_url(base, entry.status_list_id),
    }
    present = document.get("credentialStatus", [])
    present = present if isinstance(present, list) else [present]
    return [*present, made] if present else made


def _take_place(purpose: str, credential_id: str) -> StatusEntry:
    row, _ = StatusList.objects.get_or_create(purpose=purpose)
    for _ in range(100):
        try:
            with transaction.atomic():
                return StatusEntry.objects.create(
                    status_list=row,
                    index=secrets.randbelow(MINIMUM_ENTRIES),
                    credential_id=queries.storable(credential_id[:300]),
                )
        except IntegrityError:
            continue
    raise Malformed("The status list is full.", field="credentialStatus")


def set_status(body: Mapping[str, Any]) -> None:
    """Raise or lower the bit of a credential that a face issued.

    The body names it by ``credentialId``, and may say in ``credentialStatus`` which purpose, list and index is meant;
    ``status`` (default true) is the bit. NotFound if there is no such credential.
    """
    entry = body.get("credentialStatus", {})
    value = body.get("status", True)
    if not isinstance(entry, Mapping) or not isinstance(value, bool):
        raise Malformed("credentialStatus is an object, status is true or false.", field="credentialStatus")
    rows = StatusEntry.objects.all()
    if isinstance(body.get("credentialId"), str) and body["credentialId"]:
        rows = rows.filter(credential_id=queries.storable(body["credentialId"]))
    elif "statusListIndex" not in entry or "statusListCredential" not in entry:
        raise Malformed("Nothing says which credential is meant.", field="credentialId")
    if isinstance(entry.get("statusPurpose"), str):
        rows = rows.filter(status_list__purpose=queries.storable(entry["statusPurpose"]))
    if "statusListIndex" in entry:
        index = str(entry["statusListIndex"])
        rows = rows.filter(
            index=int(index) if index.isascii() and index.isdigit() and len(index) < 10 else -1
        )
    if "statusListCredential" in entry:
        rows = rows.filter(status_list=queries.list_id(str(entry["statusListCredential"])) or UUID(int=0))
    if not rows.update(raised=value):
        raise NotFound("No credential of this face is meant by that.")
