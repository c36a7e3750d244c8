"""From an approved award to stored bytes, exactly once.

The document is built and signed outside any transaction; one transaction then proves that the lease still
holds and stores the credential. Whoever comes second finds the unique award taken and changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction

from guildmark.issue import document, events, history, statuses
from guildmark.issue.models import Award, Credential
from guildmark.issue.states import AWARD, CREDENTIAL
from guildmark.kernel import audit, outbox, tasks
from guildmark.kernel.actor import SYSTEM, Actor
from guildmark.kernel.clock import now
from guildmark.kernel.ids import human_code, read_human_code
from guildmark.kernel.problems import Conflict, GuildmarkError, Unavailable
from guildmark.keys import queries as keys
from guildmark.keys.types import Signer
from guildmark.people import queries as people
from guildmark.protocol.errors import ProtocolError
from guildmark.protocol.openbadges import lint, supersession
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.proofs import data_integrity

SIGN = "issue.sign"


@dataclass(frozen=True)
class Signed:
    """The bytes of a credential, the key that signed it, and the record about the one it corrects."""

    body: bytes
    sha256: str
    key_id: UUID
    record: bytes | None


def request_signature(award: Award, *, attempt: str = "") -> None:
    """Store the task that signs an award; harmless when it is there already."""
    key = f"{SIGN}:{award.id}" + (f":{attempt}" if attempt else "")
    tasks.enqueue(SIGN, {"award": str(award.id)}, org_id=award.org_id, key=key)


def sign_document(unsigned: Mapping[str, Any], award: Award, signer: Signer) -> bytes:
    """Lint and sign the document of an award; compact JSON. ProtocolError when it must not be signed."""
    lint.ensure_clean(unsigned)
    signed = data_integrity.sign(
        unsigned,
        signer=signer.sign,
        verification_method=signer.verification_method,
        created=document.created(award),
    )
    return orjson.dumps(signed)


def make_document(award: Award, signer: Signer) -> bytes:
    """Build, lint and sign the document of an award.

    Raises ProtocolError when what the award says cannot be written or must not be signed.
    """
    return sign_document(build(document.credential_spec(award)), award, signer)


def _make_record(award: Award, old: UUID, new_sha256: bytes, signer: Signer) -> bytes:
    org = people.organisation(award.org_id)
    unsigned = supersession.build_record(
        old_id=document.credential_url(old),
        new_id=document.credential_url(award.public_id),
        new_sha256=new_sha256,
        issuer=keys.issuer_id(org.slug),
        issuer_name=org.name,
        reason=award.correction_reason,
        valid_from=document.created(award),
    )
    signed = data_integrity.sign(
        unsigned,
        signer=signer.sign,
        verification_method=signer.verification_method,
        created=document.created(award),
    )
    return orjson.dumps(signed)


def produce(award: Award) -> Signed:
    """Everything that is computed before the transaction."""
    signer = keys.signer(award.org_id, award.key_id)
    body = make_document(award, signer)
    digest = hashlib.sha256(body)
    record = _make_record(award, award.supersedes, digest.digest(), signer) if award.supersedes else None
    return Signed(body, digest.hexdigest(), signer.key_id, record)


def _store(award_id: UUID, org_id: UUID, signed: Signed, lease: tasks.Lease | None) -> None:
    with transaction.atomic():
        if lease is not None:
            lease.hold()
        award = Award.objects.for_org(org_id).select_for_update().get(id=award_id)
        if award.state != "approved":
            return
        AWARD.check(award.state, "issued")
        row = Credential.objects.create(
            org_id=org_id,
            award=award,
            public_id=award.public_id,
            code_number=read_human_code(human_code(award.public_id)),
            learner_id=award.learner_id,
            achievement_id=award.achievement_id,
            version_id=award.version_id,
            signal=award.signal,
            title=award.title,
            holder_name=award.holder_name,
            holder_email=award.holder_email,
            body=signed.body,
            body_sha256=signed.sha256,
            issued_at=now(),
            valid_from=award.valid_from,
            valid_until=award.valid_until,
            supersedes=award.supersedes,
        )
        if award.supersedes:
            _replace(award, row, signed)
        award.state, award.error, award.key_id = "issued", "", signed.key_id
        award.save(update_fields=["state", "error", "key_id"])
        history.record(row, "issued", by=SYSTEM)
        audit.record(
            org_id=org_id,
            by=SYSTEM,
            action="issue.credential_issued",
            subject_type="credential",
            subject_id=row.public_id,
            data={"award": str(award.id), "sha256": signed.sha256, "key": str(signed.key_id)},
        )
        outbox.emit(
            org_id,
            events.ISSUED,
            {
                "credential": str(row.public_id),
                "award": str(award.id),
                "learner": str(row.learner_id),
                "supersedes": str(award.supersedes or ""),
            },
        )


def _replace(award: Award, new: Credential, signed: Signed) -> None:
    """The corrected credential takes the place of the old one, in the transaction that stores it."""
    old = Credential.objects.for_org(award.org_id).select_for_update().get(public_id=award.supersedes)
    CREDENTIAL.check(old.state, "revoked")
    old.state, old.reason, old.changed_at = "revoked", award.correction_reason, now()
    old.superseded_by, old.supersession, old.status_epoch = new.public_id, signed.record, old.status_epoch + 1
    old.save(
        update_fields=["state", "reason", "changed_at", "superseded_by", "supersession", "status_epoch"],
    )
    new.visibility, new.shown_name, new.shown_evidence = old.visibility, old.shown_name, old.shown_evidence
    new.save(update_fields=["visibility", "shown_name", "shown_evidence"])
    statuses.set_bit(old.award, "revocation", True)
    history.record(old, "superseded", by=SYSTEM, reason=award.correction_reason)
    audit.record(
        org_id=award.org_id,
        by=SYSTEM,
        action="issue.credential_superseded",
        subject_type="credential",
        subject_id=old.public_id,
        data={"replacement": str(new.public_id)},
    )
    outbox.emit(
        award.org_id,
        events.SUPERSEDED,
        {"credential": str(old.public_id), "learner": str(old.learner_id), "replacement": str(new.public_id)},
    )


def _fail(award: Award, words: str) -> None:
    """Keep what went wrong where people see it."""
    with transaction.atomic():
        Award.objects.for_org(award.org_id).filter(id=award.id, state="approved").update(error=words[:2000])
        audit.record(
            org_id=award.org_id,
            by=SYSTEM,
            action="issue.award_failed",
            subject_type="award",
            subject_id=award.id,
        )
        outbox.emit(award.org_id, events.AWARD_FAILED, {"award": str(award.id)})


@transaction.atomic
def decline(award: Award, words: str, *, by: Actor = SYSTEM) -> None:
    """Close an award without a credential; the reason stays visible."""
    AWARD.check(award.state, "declined")
    award.state, award.error = "declined", words[:2000]
    award.save(update_fields=["state", "error"])
    audit.record(
        org_id=award.org_id, by=by, action="issue.award_declined", subject_type="award", subject_id=award.id
    )


def sign_award(org_id: UUID, award_id: UUID, *, lease: tasks.Lease | None = None) -> None:
    """Sign and store one award. What cannot be signed stays approved, with its reason, until the next try.

    Raises tasks.Retry where waiting may help (no right to sign, sealed key).
    """
    award = Award.objects.for_org(org_id).get(id=award_id)
    if award.state != "approved":
        return
    try:
        signed = produce(award)
    except Unavailable as error:
        _fail(award, str(error))
        raise tasks.Retry(str(error)) from error
    except ProtocolError as error:
        _fail(award, error.diagnostics())
        return
    except GuildmarkError as error:
        _fail(award, str(error))
        return
    try:
        _store(award.id, org_id, signed, lease)
    except IntegrityError:
        # Somebody else stored it between our look and our write.
        if not Credential.objects.for_org(org_id).filter(award_id=award.id).exists():
            raise
    except Conflict as error:
        decline(award, str(error))
