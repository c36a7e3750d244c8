"""The log of standards: entered with the publication, never changed, signed by whose standards are in it."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from guildmark.design import actions
from guildmark.design import queries as design
from guildmark.design.log_entries import enter_missing
from guildmark.issue import log_heads
from guildmark.kernel import audit, clock, standards_log, tasks
from guildmark.kernel.models import StandardsLog, StandardsLogEntry, StandardsLogHead
from guildmark.kernel.problems import Conflict, NotFound
from guildmark.keys import queries as keys
from guildmark.protocol import merkle_log, signed_note
from guildmark.protocol.did import build_controller_document
from guildmark.protocol.keys import decode_multikey
from tests.design.builders import drafted, published, successor

ENTER = import_module("guildmark.assess.evidence.migrations.0003_enter_published_in_log").enter


def test_a_publication_enters_the_log_in_its_own_transaction(org: Any) -> None:
    version = published(org)
    found = standards_log.entry_of(version.slug, "1.0")
    assert found is not None
    assert version.published_at is not None
    assert (found.entry.organisation, found.entry.core_hash) == ("northlamp", version.core_hash)
    assert found.entry.published_at == version.published_at.replace(microsecond=0)
    assert not found.entry.entered_later
    draft = drafted(org, title="Another standard")
    with transaction.atomic():
        actions.publish(by=org.owner, org_id=org.id, version_id=draft.id)
        assert standards_log.size() == 2
        transaction.set_rollback(True)
    assert standards_log.size() == 1
    assert standards_log.entry_of(draft.slug, "1.0") is None


def test_every_new_number_is_an_entry_and_a_presentation_note_is_none(org: Any) -> None:
    first = published(org)
    second = successor(org, first, summary="The same, in clearer words.")
    successor(org, second, audience="Freelancers and their clients.")
    assert [(one.index, one.entry.version) for one in standards_log.entries(0, 10)] == [
        (0, "1.0"),
        (1, "1.1"),
    ]


@pytest.mark.parametrize("table", ["kernel_standardslogentry", "kernel_standardsloghead"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET org_id = org_id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete(org: Any, table: str, statement: str) -> None:
    published(org)
    log_heads.sign_head(org.id)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_a_version_enters_once(org: Any) -> None:
    version = published(org)
    with pytest.raises(DatabaseError), transaction.atomic():
        enter(org, version.slug, "1.0")


def enter(org: Any, standard: str, version: str, **members: Any) -> standards_log.LogEntry:
    return standards_log.append(
        org_id=org.id,
        organisation=org.view.slug,
        standard=standard,
        version=version,
        core_hash="sha256:" + "0" * 64,
        published_at=members.get("published_at", clock.now()),
    )


def test_a_publication_cannot_be_dated_back(org: Any) -> None:
    published(org)
    draft = drafted(org, title="Written afterwards")
    with (
        clock.at(clock.now() - timedelta(days=30)),
        pytest.raises(Conflict, match="dated back"),
    ):
        actions.publish(by=org.owner, org_id=org.id, version_id=draft.id)
    assert design.version(org.id, draft.id).state == "draft"
    refused = audit.history(org.id, subject_type="version", subject_id=draft.id)
    assert [event.action for event in refused] == ["design.publication_refused"]
    assert "dated back" in refused[0].data["reason"]
    assert audit.verify_chain(org.id).intact
    with pytest.raises(Conflict, match="dated back"), transaction.atomic():
        enter(org, "another", "1.0", published_at=clock.now() - timedelta(days=30))
    assert standards_log.size() == 1


def test_paths_lead_to_the_root_and_later_logs_begin_with_earlier_ones(org: Any) -> None:
    with transaction.atomic():
        made = [enter(org, f"standard-{number}", "1.0") for number in range(11)]
    for size in range(1, 12):
        for index in range(size):
            merkle_log.verify_inclusion(
                made[index].leaf_hash,
                index,
                size,
                standards_log.inclusion(index, size),
                standards_log.root(size),
            )
        merkle_log.verify_consistency(
            size, 11, standards_log.root(size), standards_log.root(11), standards_log.consistency(size, 11)
        )
    for ask in (
        lambda: standards_log.root(12),
        lambda: standards_log.inclusion(11, 11),
        lambda: standards_log.consistency(0, 3),
        lambda: standards_log.entry(11),
    ):
        with pytest.raises(NotFound):
            ask()


def test_a_head_is_signed_at_each_publication_with_a_key_for_nothing_else(org: Any) -> None:
    published(org)
    tasks.run_until_idle()
    head = standards_log.signed_head(org.id)
    assert head is not None
    assert head.size == 1
    assert head.root == standards_log.root(1)
    key = decode_multikey(head.public_multibase)
    text = signed_note.open_note(head.note, head.key_name, key)
    assert text.startswith(f"{standards_log.origin()}\n1\n")
    document = keys.did_document(org.id)
    method = f"{document['id']}#{head.public_multibase}"
    assert method in [one["id"] for one in document["verificationMethod"]]
    assert method not in document["assertionMethod"]
    assert head.public_multibase not in str(keys.jwks(org.id))
    assert document["id"] == head.key_name == build_controller_document(head.key_name, [])["id"]


def test_the_sweep_signs_what_was_missed_and_signs_it_once(org: Any, other_org: Any) -> None:
    published(org)
    published(other_org, title="Another standard")
    assert set(standards_log.without_signed_head()) == {org.id, other_org.id}
    log_heads.sign_missing_heads()
    log_heads.sign_missing_heads()
    assert StandardsLogHead.objects.count() == 2
    assert standards_log.without_signed_head() == []
    newest = standards_log.newest_signed_head()
    assert newest is not None
    assert newest.size == 2
    assert standards_log.signed_head(org.id, covering=5) is None


def test_doctor_finds_a_log_that_was_rewritten(org: Any) -> None:
    first = published(org)
    successor(org, first, summary="The same, in clearer words.")
    log_heads.sign_head(org.id)
    assert standards_log.verify() == standards_log.LogReport(2, 1, "")
    audit.drop_triggers(connection, "kernel_standardslogentry")
    try:
        row = StandardsLogEntry.objects.get(index=0)
        StandardsLogEntry.objects.filter(index=0).update(leaf=row.leaf.replace("northlamp", "southlamp"))
        assert "head signed at 2" in standards_log.verify().fault
        StandardsLogEntry.objects.filter(index=0).update(leaf="{}")
        assert "entry 0 cannot be read" in standards_log.verify().fault
        StandardsLogEntry.objects.filter(index=0).delete()
        assert "entry 0 is missing" in standards_log.verify().fault
    finally:
        audit.install_triggers(connection, "kernel_standardslogentry")


def test_publications_from_before_the_log_are_entered_later_and_say_so(org: Any) -> None:
    begun = clock.now() - timedelta(days=90)
    with clock.at(begun):
        older = published(org, title="The older one")
    with clock.at(begun + timedelta(days=1)):
        newer = published(org, title="The newer one")
    audit.drop_triggers(connection, "kernel_standardslogentry")
    StandardsLogEntry.objects.all().delete()
    StandardsLog.objects.update(size=0)
    audit.install_triggers(connection, "kernel_standardslogentry")
    ENTER(apps, None)
    ENTER(apps, None)
    found = standards_log.entries(0, 10)
    assert [one.entry.standard for one in found] == [older.slug, newer.slug]
    assert all(one.entry.entered_later for one in found)
    assert found[0].entry.published_at == begun.replace(microsecond=0)
    assert standards_log.verify().fault == ""
    published(org, title="One of today")
    assert standards_log.size() == 3


def test_what_an_older_archive_brings_back_is_entered_later(org: Any) -> None:
    with clock.at(clock.now() - timedelta(days=90)):
        version = published(org)
    assert enter_missing() == 0
    audit.drop_triggers(connection, "kernel_standardslogentry")
    StandardsLogEntry.objects.all().delete()
    StandardsLog.objects.all().delete()
    audit.install_triggers(connection, "kernel_standardslogentry")
    assert enter_missing() == 1
    found = standards_log.entry_of(version.slug, "1.0")
    assert found is not None
    assert found.entry.entered_later
    assert found.entry.core_hash == version.core_hash
