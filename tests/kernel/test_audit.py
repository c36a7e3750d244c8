"""The audit chain holds, and neither code nor SQL can rewrite it unnoticed."""

import hashlib
import json

import pytest
from django.db import DatabaseError, connection, transaction

from guildmark.kernel import audit
from guildmark.kernel.actor import SYSTEM
from guildmark.kernel.ids import uuid7
from guildmark.kernel.models import AuditEvent, AuditHead


@pytest.fixture
def chain(db):
    org_id = uuid7()
    for number in range(3):
        audit.record(
            org_id=org_id,
            by=SYSTEM,
            action="test.done",
            subject_type="thing",
            subject_id=number,
            data={"n": number},
        )
    return org_id


def test_a_chain_of_records_holds(chain):
    report = audit.verify_chain(chain)
    assert (report.length, report.intact, report.broken_at) == (3, True, None)


def test_the_hash_is_sha_256_over_sorted_compact_json(chain):
    first = AuditEvent.objects.get(org_id=chain, seq=1)
    # For ASCII keys and these values JCS equals sorted compact JSON: arithmetic independent of rfc8785.
    content = {
        "org": str(chain),
        "seq": 1,
        "at": first.at.isoformat(),
        "actor": ["system", None],
        "action": "test.done",
        "subject": ["thing", "0"],
        "data": {"n": 0},
        "previous": "0" * 64,
    }
    expected = hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    assert first.hash == expected


@pytest.mark.parametrize(
    "statement",
    ["UPDATE kernel_auditevent SET action = 'x'", "DELETE FROM kernel_auditevent"],
    ids=["update", "delete"],
)
def test_the_database_refuses_to_change_records(chain, statement):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert audit.verify_chain(chain).intact


def test_a_record_changed_behind_the_triggers_is_found(chain):
    audit.drop_triggers(connection, "kernel_auditevent")
    AuditEvent.objects.filter(org_id=chain, seq=2).update(data={"n": 99})
    report = audit.verify_chain(chain)
    assert (report.intact, report.broken_at) == (False, 2)


def test_a_cut_off_end_is_found(chain):
    audit.drop_triggers(connection, "kernel_auditevent")
    AuditEvent.objects.filter(org_id=chain, seq=3).delete()
    assert not audit.verify_chain(chain).intact
    assert AuditHead.objects.get(org_id=chain).seq == 3


@pytest.mark.django_db(transaction=True)
def test_a_record_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        audit.record(org_id=uuid7(), by=SYSTEM, action="x", subject_type="x", subject_id=1)
