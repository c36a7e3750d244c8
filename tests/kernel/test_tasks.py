"""Leased tasks: once each, whoever dies."""

from datetime import timedelta

import pytest
from django.db import transaction

from guildmark.kernel import clock, tasks
from guildmark.kernel.ids import uuid7
from guildmark.kernel.models import Task

ORG = uuid7()


@pytest.fixture
def ran(db):
    seen = []
    tasks.task("test.note")(lambda lease: seen.append(lease.payload["n"]))
    return seen


def test_a_task_runs_once(ran):
    tasks.enqueue("test.note", {"n": 1}, org_id=ORG, key="note:1")
    tasks.enqueue("test.note", {"n": 1}, org_id=ORG, key="note:1")
    assert tasks.run_until_idle() == 1
    assert ran == [1]
    assert Task.objects.get(key="note:1").state == "done"


def test_a_long_handler_renews_its_lease_until_another_worker_has_it(ran):
    tasks.enqueue("test.note", {"n": 5}, org_id=ORG, key="note:5")
    long = tasks.claim()
    assert long is not None
    with clock.at(clock.now() + tasks.LEASE - timedelta(seconds=1)):
        long.renew()
    with clock.at(clock.now() + tasks.LEASE + timedelta(seconds=1)):
        assert tasks.claim() is None
    with clock.at(clock.now() + 3 * tasks.LEASE):
        assert tasks.claim() is not None
        with pytest.raises(tasks.LeaseLost):
            long.renew()


def test_a_dead_workers_task_is_taken_over_and_the_dead_one_cannot_finish_it(ran):
    tasks.enqueue("test.note", {"n": 2}, org_id=ORG, key="note:2")
    dead = tasks.claim()
    assert dead is not None
    assert tasks.claim() is None
    with clock.at(clock.now() + tasks.LEASE + timedelta(seconds=1)):
        heir = tasks.claim()
        assert heir is not None
        assert heir.fence == dead.fence + 1
        tasks.finish(dead)
        assert Task.objects.get(key="note:2").state == "leased"
        with pytest.raises(tasks.LeaseLost), transaction.atomic():
            dead.hold()
        tasks.finish(heir)
    assert Task.objects.get(key="note:2").state == "done"


def test_a_failing_task_is_tried_again_later_and_then_given_up_visibly(db):
    @tasks.task("test.fails")
    def fails(lease):
        raise tasks.Retry("the mail server is away")

    tasks.enqueue("test.fails", {}, org_id=ORG, key="fails:1", max_attempts=2)
    assert tasks.run_until_idle() == 1
    row = Task.objects.get(key="fails:1")
    assert row.state == "todo"
    assert row.not_before > clock.now()
    with clock.at(row.not_before + timedelta(seconds=1)):
        tasks.run_until_idle()
    row.refresh_from_db()
    assert row.state == "failed"
    assert "the mail server is away" in row.last_error
    assert not tasks.retry(row.id, org_id=uuid7())
    assert tasks.retry(row.id, org_id=ORG)
    assert Task.objects.get(key="fails:1").state == "todo"


def test_a_task_of_a_release_that_is_gone_is_kept_with_its_reason(db):
    tasks.enqueue("test.unknown", {}, org_id=ORG, key="unknown:1")
    tasks.run_until_idle()
    assert "no handler" in Task.objects.get(key="unknown:1").last_error


def test_what_a_person_waits_for_goes_before_a_batch_and_what_follows_it(ran):
    tasks.enqueue_many("test.note", [("many:1", {"n": "after a batch"})], org_id=ORG)
    tasks.enqueue("test.note", {"n": "batch"}, org_id=ORG, key="batch:1", rank=tasks.BATCH)
    tasks.enqueue("test.note", {"n": "person"}, org_id=ORG, key="person:1")
    tasks.run_until_idle()
    assert ran == ["person", "batch", "after a batch"]


def test_what_a_task_asks_for_has_its_rank(ran):
    @tasks.task("test.asks")
    def asks(lease):
        tasks.enqueue("test.note", {"n": lease.payload["n"]}, org_id=ORG, key=f"asked:{lease.payload['n']}")

    tasks.enqueue_many("test.asks", [("asks:1", {"n": "late"})], org_id=ORG)
    assert tasks.run_one()
    tasks.enqueue("test.asks", {"n": "soon"}, org_id=ORG, key="asks:2")
    tasks.run_until_idle()
    assert ran == ["soon", "late"]
    assert Task.objects.get(key="asked:late").rank == tasks.AFTER_BATCH
    assert Task.objects.get(key="asked:soon").rank == tasks.PERSON
