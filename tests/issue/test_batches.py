"""Batches: what a list comes to, together against one by one, and every award exactly once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from guildmark.design.types import VersionView
from guildmark.issue import actions, batch_queries, batching, document, queries, shapes, signing, statuses
from guildmark.issue.models import Award, Credential
from guildmark.issue.types import BatchView, CompletionRow
from guildmark.kernel import audit, clock, tasks
from guildmark.kernel.models import OutboxEvent, Task
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from guildmark.keys import queries as keys
from guildmark.people import actions as people
from guildmark.protocol import merkle
from guildmark.protocol.errors import LintError
from guildmark.protocol.openbadges import lint
from guildmark.protocol.openbadges.build import build
from tests.design.builders import completion_content, published
from tests.evidence.builders import decided
from tests.people.builders import Org


def rows(count: int, start: int = 0) -> list[CompletionRow]:
    return [
        CompletionRow(f"Learner {number}", f"learner{number}@mail.example", "2026-01-31")
        for number in range(start, start + count)
    ]


@pytest.fixture
def version(org: Org) -> VersionView:
    return published(org, **completion_content())


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "CHUNK_SIZE", 10)


def uploaded(org: Org, version: VersionView, lines: list[CompletionRow], **more: Any) -> BatchView:
    return actions.upload_completions(
        by=org.owner, org_id=org.id, version_id=version.id, rows=lines, filename="list.csv", **more
    )


def started(org: Org, batch: BatchView) -> BatchView:
    return actions.start_batch(by=org.owner, org_id=org.id, batch_id=batch.id)


def work(only: str = batching.CHUNK) -> None:
    """Run the chunks alone, not the mails that follow."""
    Task.objects.exclude(name=only).filter(state="todo").update(state="done")
    tasks.run_until_idle()


def test_every_line_is_told_what_would_become_of_it_and_nothing_is_issued(
    org: Org, version: VersionView
) -> None:
    people.ensure_learner(by=org.owner, org_id=org.id, email="learner1@mail.example", name="Known Person")
    batch = uploaded(
        org,
        version,
        [
            *rows(2),
            CompletionRow("Ada", "ada", "2026-01-31"),
            CompletionRow("", "b@mail.example", "2026-01-31"),
            CompletionRow("Ada\u202e", "c@mail.example", "2026-01-31"),
            CompletionRow("Ada", "d@mail.example", "31.1.2026"),
            CompletionRow("Ada", "e@mail.example", "2999-01-01"),
            CompletionRow("Again", "LEARNER0@mail.example ", "2026-01-31"),
        ],
    )
    assert (batch.state, batch.total, batch.ready, batch.refused) == ("checked", 8, 2, 6)
    lines = [batch_queries.line_view(row) for row in batch_queries.lines(org.id, batch.id)]
    assert [line.outcome for line in lines] == ["ready", "ready", *["refused"] * 6]
    assert "Known Person" in lines[1].detail
    assert "line 1" in lines[7].detail
    assert all(line.detail for line in lines[1:])
    assert not Award.objects.for_org(org.id).exists()


def test_a_list_is_issued_and_each_credential_holds(
    org: Org, version: VersionView, small_chunks: None
) -> None:
    batch = started(org, uploaded(org, version, rows(25)))
    assert (batch.state, batch.chunks) == ("running", 3)
    work()
    done = batch_queries.batch(org.id, batch.id)
    assert (done.state, done.issued, done.failed, done.share) == ("done", 25, 0, 100)
    views = Credential.objects.for_org(org.id)
    assert {row.holder_email for row in views} == {row.email for row in rows(25)}
    for row in views[:3]:
        view = queries.org_credential(org.id, row.public_id)
        assert queries.status_now(view).verdict == "valid"
        assert view.body_sha256 == hashlib.sha256(view.body).hexdigest()
    assert len({(award.status_shard, award.status_index) for award in Award.objects.for_org(org.id)}) == 25
    told = OutboxEvent.objects.filter(org_id=org.id, kind="issue.credential_issued")
    assert {event.payload["credential"] for event in told} == {str(row.public_id) for row in views}
    assert audit.verify_chain(org.id).intact


def test_together_gives_the_bytes_that_one_by_one_gives(org: Org, version: VersionView) -> None:
    started(org, uploaded(org, version, rows(6)))
    work()
    for award in Award.objects.for_org(org.id):
        alone = signing.make_document(award, keys.signer(org.id, award.key_id))
        assert alone == bytes(award.credential.body)


def test_decided_awards_that_wait_are_signed_together_as_alone(org: Org, small_chunks: None) -> None:
    version = published(org)
    for number in range(5):
        learner = people.ensure_learner(
            by=org.owner, org_id=org.id, email=f"l{number}@mail.example", name=f"Lerner {number} Ünal"
        )
        decision = decided(org, version=version, learner=learner)
        actions.award_for_decision(by=org.owner, org_id=org.id, decision_id=decision.id)
    batch = started(org, actions.collect_awards(by=org.owner, org_id=org.id))
    work()
    assert batch_queries.batch(org.id, batch.id).issued == 5
    for award in Award.objects.for_org(org.id):
        assert award.state == "issued"
        assert signing.make_document(award, keys.signer(org.id, award.key_id)) == bytes(award.credential.body)
    with pytest.raises(Conflict, match="No award waits"):
        actions.collect_awards(by=org.owner, org_id=org.id)


def test_an_award_of_a_shape_is_recognised_with_every_text_in_its_place(org: Org) -> None:
    decision = decided(org)
    actions.award_for_decision(by=org.owner, org_id=org.id, decision_id=decision.id)
    award = Award.objects.for_org(org.id).get()
    urls = statuses.list_urls(org.id, award.status_shard)
    frame = document.Frame.of(org.id, award.version_id)
    shape = shapes.learn(frame, award, decision, urls)
    assert shape is not None
    texts = set(shapes.texts_of(award, decision, urls))
    assert set(shape.values(award, decision, urls)) == texts


def test_an_address_is_found_again_however_far_above_it_stands(
    org: Org, version: VersionView, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guildmark.issue.actions import batches

    monkeypatch.setattr(batches, "_GROUP", 2)
    seen = (CompletionRow("Ada", f"a{number}@mail.example", "2026-01-31") for number in (1, 2, 3, 1, 4, 3, 4))
    batch = uploaded(org, version, seen)
    assert (batch.total, batch.ready, batch.refused) == (7, 4, 3)
    assert [(line.number, line.detail) for line in batch_queries.refused_lines(org.id, batch.id)] == [
        (4, "The address stands on line 1 already."),
        (6, "The address stands on line 3 already."),
        (7, "The address stands on line 5 already."),
    ]


def test_a_shape_is_learnt_once_and_anew_when_the_organisation_says_something_else(org: Org) -> None:
    decision = decided(org)
    actions.award_for_decision(by=org.owner, org_id=org.id, decision_id=decision.id)
    award = Award.objects.for_org(org.id).get()
    urls = statuses.list_urls(org.id, award.status_shard)

    def shape_now() -> shapes.Shape:
        found = shapes.shape_of(document.Frame.of(org.id, award.version_id), award, decision, urls)
        assert found is not None
        return found

    first = shape_now()
    assert shape_now() is first
    people.update_organisation(
        by=org.owner, org_id=org.id, name="Southlamp", url="https://south.example", email="", description="",
        country="",
    )  # fmt: skip
    second = shape_now()
    assert second is not first
    assert second.template.document["issuer"]["name"] == "Southlamp"


@pytest.mark.parametrize(
    "name", ["Ada", "A" * 200, "A" * 201, " ", "A\nB", "A\x00", "A\u202eB", "A\ufeff", "A\u200fB", "𝒳", '"\\']
)
def test_what_is_linted_of_a_shape_says_what_linting_the_document_says(org: Org, name: str) -> None:
    decision = decided(org)
    actions.award_for_decision(by=org.owner, org_id=org.id, decision_id=decision.id)
    award = Award.objects.for_org(org.id).get()
    award.holder_name = name
    urls = statuses.list_urls(org.id, award.status_shard)
    spec = document.Frame.of(org.id, award.version_id).spec(award, decision, statuses.entries(award, urls))
    try:
        lint.ensure_clean(build(spec))
    except LintError:
        assert shapes.findings(award)
    else:
        assert not shapes.findings(award)


def test_an_award_that_must_not_be_signed_waits_with_its_reason_and_the_others_are_issued(
    org: Org, version: VersionView
) -> None:
    batch = started(org, uploaded(org, version, rows(6)))
    lease = tasks.claim()
    while lease is not None and lease.name != batching.CHUNK:
        lease = tasks.claim()
    assert lease is not None
    chunk = batching.Chunk.objects.for_org(org.id).select_related("batch").get()
    batching._plan(lease, chunk)
    Award.objects.for_org(org.id).filter(holder_email="learner3@mail.example").update(holder_name="A\u202eB")
    batching.run_chunk(lease)
    done = batch_queries.batch(org.id, batch.id)
    assert (done.state, done.issued, done.failed) == ("done", 5, 1)
    (waiting,) = queries.awards_waiting(org.id)
    assert "direction" in waiting.error


def test_the_root_of_a_chunk_is_over_the_stored_bytes(org: Org, version: VersionView) -> None:
    started(org, uploaded(org, version, rows(7)))
    work()
    (event,) = [e for e in audit.history(org.id) if e.action == "issue.chunk_issued"]
    bodies = [bytes(award.credential.body) for award in Award.objects.for_org(org.id).order_by("id")]
    assert event.data["root"] == merkle.root_of([merkle.leaf_hash(body) for body in bodies]).hex()


def test_the_same_list_again_is_the_same_batch_and_learners_on_record_are_known(
    org: Org, version: VersionView
) -> None:
    first = uploaded(org, version, rows(3))
    assert uploaded(org, version, rows(3)).id == first.id
    started(org, first)
    work()
    again = uploaded(org, version, rows(4))
    assert (again.ready, again.known) == (1, 3)
    started(org, again)
    work()
    assert Credential.objects.for_org(org.id).count() == 4


def test_two_lists_with_the_same_learners_give_each_one_record(
    org: Org, version: VersionView, small_chunks: None
) -> None:
    one, two = uploaded(org, version, rows(12)), uploaded(org, version, rows(12, start=6))
    started(org, one)
    started(org, two)
    work()
    assert Credential.objects.for_org(org.id).count() == 18
    assert batch_queries.batch(org.id, two.id).state == "done"


def test_a_paused_batch_stands_still_and_goes_on(org: Org, version: VersionView, small_chunks: None) -> None:
    batch = started(org, uploaded(org, version, rows(30)))
    Task.objects.exclude(name=batching.CHUNK).filter(state="todo").update(state="done")
    assert tasks.run_one()
    actions.pause_batch(by=org.owner, org_id=org.id, batch_id=batch.id)
    work()
    paused = batch_queries.batch(org.id, batch.id)
    assert (paused.state, paused.issued, paused.chunks_done) == ("paused", 10, 1)
    with clock.at(clock.now() + timedelta(hours=1)):
        tasks.run_sweeps(force=True)
        work()
        assert Credential.objects.for_org(org.id).count() == 10
        started(org, batch)
        work()
    assert batch_queries.batch(org.id, batch.id).issued == 30


def test_a_cancelled_list_issues_nothing_more_and_can_be_sent_again(
    org: Org, version: VersionView, small_chunks: None
) -> None:
    batch = started(org, uploaded(org, version, rows(20)))
    Task.objects.exclude(name=batching.CHUNK).filter(state="todo").update(state="done")
    tasks.run_one()
    actions.cancel_batch(by=org.owner, org_id=org.id, batch_id=batch.id)
    work()
    assert Credential.objects.for_org(org.id).count() == 10
    with pytest.raises(Conflict):
        started(org, batch)
    again = uploaded(org, version, rows(20))
    assert again.id != batch.id
    started(org, again)
    work()
    assert Credential.objects.for_org(org.id).count() == 20


def test_a_cancelled_collection_gives_its_awards_back(org: Org) -> None:
    decision = decided(org)
    actions.award_for_decision(by=org.owner, org_id=org.id, decision_id=decision.id)
    batch = started(org, actions.collect_awards(by=org.owner, org_id=org.id))
    actions.cancel_batch(by=org.owner, org_id=org.id, batch_id=batch.id)
    assert Award.objects.for_org(org.id).get().chunk_id is None
    tasks.run_until_idle()
    assert Credential.objects.for_org(org.id).count() == 1


class Killed(BaseException):
    """Stands for a process that dies: nothing of ours may catch it."""


@pytest.mark.parametrize(
    "step",
    [
        ("planning", "guildmark.issue.batching.statuses.give_places"),
        ("planned", "guildmark.issue.batching.sign_many"),
        ("signing", "guildmark.issue.batching.BatchSigner.sign"),
        ("storing", "guildmark.issue.batching._insert_credentials"),
        ("announcing", "guildmark.issue.batching.outbox.emit_many"),
        ("auditing", "guildmark.issue.batching._finish"),
        ("closing the task", "guildmark.kernel.tasks.finish"),
    ],
    ids=lambda step: step[0],
)
def test_a_process_killed_at_any_step_loses_and_doubles_nothing(
    org: Org, version: VersionView, small_chunks: None, monkeypatch: pytest.MonkeyPatch, step: tuple[str, str]
) -> None:
    def kill(*_: Any, **__: Any) -> None:
        raise Killed

    batch = started(org, uploaded(org, version, rows(15)))
    Task.objects.exclude(name=batching.CHUNK).filter(state="todo").update(state="done")
    with monkeypatch.context() as patch:
        patch.setattr(step[1], kill)
        with pytest.raises(Killed):
            tasks.run_until_idle()
    with clock.at(clock.now() + timedelta(minutes=10)):
        work()
    assert batch_queries.batch(org.id, batch.id).state == "done"
    assert Credential.objects.for_org(org.id).count() == 15
    told = [e.payload["credential"] for e in OutboxEvent.objects.filter(kind="issue.credential_issued")]
    assert len(told) == len(set(told)) == 15


def test_a_worker_that_lost_its_lease_stores_nothing(org: Org, version: VersionView) -> None:
    started(org, uploaded(org, version, rows(5)))
    Task.objects.exclude(name=batching.CHUNK).filter(state="todo").update(state="done")
    late = tasks.claim()
    assert late is not None
    with clock.at(clock.now() + timedelta(minutes=5)):
        other = tasks.claim()
        assert other is not None
        batching.run_chunk(other)
    chunk = batching.Chunk.objects.for_org(org.id).get()
    chunk_state = chunk.state
    with pytest.raises(tasks.LeaseLost):
        batching.store(late, chunk.id, batching.Outcome(UUID(int=0)))
    assert chunk_state == "done"
    assert Credential.objects.for_org(org.id).count() == 5


def test_a_fault_is_shown_and_the_batch_goes_on_after_it(
    org: Org, version: VersionView, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    batch = started(org, uploaded(org, version, rows(5)))
    with monkeypatch.context() as patch:
        patch.setattr(batching, "sign_many", fail)
        for hour in range(12):
            with clock.at(clock.now() + timedelta(hours=hour)):
                work()
    stuck = batch_queries.batch(org.id, batch.id)
    assert (stuck.state, stuck.fault) == ("running", "the disk is full")
    started(org, batch)
    work()
    assert batch_queries.batch(org.id, batch.id).issued == 5


def test_only_registrars_and_only_their_own(
    org: Org, other_org: Org, version: VersionView, make_org: Callable[..., Org]
) -> None:
    batch = uploaded(org, version, rows(2))
    assessor = org.member("assessor")
    for act in (actions.start_batch, actions.pause_batch, actions.cancel_batch):
        with pytest.raises(Forbidden):
            act(by=assessor, org_id=org.id, batch_id=batch.id)
        with pytest.raises(NotFound):
            act(by=other_org.owner, org_id=other_org.id, batch_id=batch.id)
    with pytest.raises(NotFound):
        batch_queries.batch(other_org.id, batch.id)
    with pytest.raises(Forbidden):
        actions.upload_completions(by=assessor, org_id=org.id, version_id=version.id, rows=rows(1))


def test_lists_that_cannot_be_are_refused_whole(org: Org, version: VersionView, monkeypatch: Any) -> None:
    with pytest.raises(Invalid, match="empty"):
        uploaded(org, version, [])
    from guildmark.issue.actions import batches

    monkeypatch.setattr(batches, "MAX_LINES", 3)
    with pytest.raises(Invalid, match="limit is 3"):
        uploaded(org, version, rows(4))
    with pytest.raises(Conflict, match="showed a skill"):
        uploaded(org, published(org, title="Another"), rows(1))
    nothing = uploaded(org, version, [CompletionRow("x", "nonsense", "never")])
    with pytest.raises(Conflict, match="No line"):
        started(org, nothing)


def test_places_are_drawn_at_random_and_never_twice(org: Org, version: VersionView) -> None:
    from django.db import transaction

    with transaction.atomic():
        places = statuses.give_places(org.id, 400)
    indices = [index for _, index in places]
    assert len(set(indices)) == 400
    assert sorted(indices) != indices
    middle = sum(indices) / len(indices)
    # The mean of 400 draws from 131,072: five standard errors around the middle.
    assert abs(middle - 65_536) < 5 * 37_837 / 20
