"""From a decision to stored bytes: once, whatever happens in between."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from guildmark.design import queries as design
from guildmark.issue import actions, document, queries, signing
from guildmark.issue.models import Award, Credential
from guildmark.issue.types import CompletionRow
from guildmark.kernel import audit, clock, tasks
from guildmark.kernel.models import Task
from guildmark.kernel.problems import Conflict, Forbidden, Invalid
from guildmark.keys import queries as keys
from guildmark.people import actions as people
from tests.design.builders import completion_content, publishable_content, published
from tests.evidence.builders import decided
from tests.issue.builders import holder, issued, recorded
from tests.people.builders import Org


class Killed(BaseException):
    """Stands for a process that dies: nothing of ours may catch it."""


def kill(*_: Any, **__: Any) -> None:
    raise Killed


def run_in_a_process() -> None:
    """What an open transaction had written is gone when its process dies; what was committed stays."""
    tasks.run_until_idle()


def restart() -> None:
    """A new worker, after the leases of the dead one have run out."""
    with clock.at(clock.now() + timedelta(minutes=10)):
        tasks.run_sweeps(force=True)
        tasks.run_until_idle()


def test_a_passed_decision_becomes_one_credential_by_itself(org: Org) -> None:
    decision = decided(org)
    tasks.run_until_idle()
    award = queries.award_of_decision(org.id, decision.id)
    assert award is not None
    assert award.state == "issued"
    (view,) = queries.credentials(org.id).rows
    assert view.public_id == award.credential_id
    assert view.body_sha256 == hashlib.sha256(view.body).hexdigest()
    assert view.holder_name == "Ada Moreno"
    assert queries.status_now(view).verdict == "valid"


def test_a_failed_decision_becomes_nothing(org: Org) -> None:
    decision = decided(org, outcome="not_passed")
    tasks.run_until_idle()
    assert queries.award_of_decision(org.id, decision.id) is None
    with pytest.raises(Conflict, match="no passed decision"):
        actions.award_for_decision(by=org.owner, org_id=org.id, decision_id=decision.id)


def test_the_document_tells_what_was_decided(org: Org) -> None:
    view = issued(org)
    told = json.loads(view.body)
    assert told["id"] == f"http://localhost:8000/c/{view.public_id}"
    assert told["issuer"]["id"] == "did:web:localhost%3A8000:o:northlamp"
    assert told["type"] == ["VerifiableCredential", "AchievementCredential"]
    assert {entry["statusPurpose"] for entry in told["credentialStatus"]} == {"revocation", "suspension"}
    assert all(isinstance(entry["statusListIndex"], str) for entry in told["credentialStatus"])
    subject = told["credentialSubject"]
    email = next(entry for entry in subject["identifier"] if entry["identityType"] == "emailAddress")
    expected = hashlib.sha256(("ada@learner.example" + email["salt"]).encode()).hexdigest()
    assert email["identityHash"] == f"sha256${expected}"
    assert "ada@learner.example" not in view.body.decode()
    levels = {part["resultDescription"].rsplit("-", 1)[-1]: part.get("value") for part in subject["result"]}
    assert [levels[key] for key in ("k1", "k2", "k3")] == ["Proficient"] * 3
    assert len(told["evidence"]) == 2
    assert all(part["digestSRI"].startswith("sha256-") for part in told["evidence"])
    assert told["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    assert told["proof"]["created"] == told["validFrom"]


def test_the_validity_is_counted_in_calendar_months(org: Org) -> None:
    view = issued(org)
    assert view.valid_until is not None
    start, end = view.valid_from, view.valid_until
    assert (end.year - start.year) * 12 + end.month - start.month == 18


@pytest.mark.parametrize(
    "step",
    [
        ("planning", "guildmark.issue.actions.planning.signing.request_signature"),
        ("building", "guildmark.issue.signing.build"),
        ("signing", "guildmark.issue.signing.data_integrity.sign"),
        ("storing", "guildmark.issue.signing.Credential.objects.create"),
        ("auditing", "guildmark.issue.signing.audit.record"),
        ("announcing", "guildmark.issue.signing.outbox.emit"),
        ("closing the task", "guildmark.kernel.tasks.finish"),
    ],
    ids=lambda step: step[0],
)
def test_a_process_killed_at_any_step_is_finished_exactly_once(
    org: Org, monkeypatch: pytest.MonkeyPatch, step: tuple[str, str]
) -> None:
    decision = decided(org)
    with monkeypatch.context() as patch:
        patch.setattr(step[1], kill)
        with pytest.raises(Killed):
            run_in_a_process()
    restart()
    restart()
    (view,) = queries.credentials(org.id).rows
    assert Award.objects.for_org(org.id).get().decision_id == decision.id
    stored = [e for e in audit.history(org.id) if e.action == "issue.credential_issued"]
    assert [e.subject_id for e in stored] == [str(view.public_id)]


def test_a_lost_task_is_found_by_the_sweeper(org: Org) -> None:
    decided(org)
    while not Award.objects.for_org(org.id).exists():
        tasks.run_one()
    Task.objects.filter(name=signing.SIGN).delete()
    restart()
    assert len(queries.credentials(org.id).rows) == 1


def test_signing_again_gives_the_same_bytes(org: Org) -> None:
    view = issued(org)
    award = Award.objects.for_org(org.id).get()
    assert signing.make_document(award, keys.signer(org.id, award.key_id)) == view.body


def test_a_late_worker_changes_nothing(org: Org) -> None:
    decided(org)
    while not Task.objects.filter(name=signing.SIGN).exists():
        tasks.run_one()
    Task.objects.exclude(name=signing.SIGN).filter(state="todo").update(state="done")
    lease = tasks.claim()
    assert lease is not None
    with clock.at(clock.now() + timedelta(minutes=5)):
        other = tasks.claim()
        assert other is not None
        signing.sign_award(org.id, Award.objects.for_org(org.id).get().id, lease=other)
    with pytest.raises(tasks.LeaseLost):
        lease.hold()
    assert Credential.objects.for_org(org.id).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_issues_once(make_org: Callable[..., Org]) -> None:
    org = make_org("northlamp")
    decision = decided(org)
    start, found, faults = threading.Barrier(2), [], []

    def click() -> None:
        try:
            start.wait(30)
            found.append(actions.award_for_decision(by=org.owner, org_id=org.id, decision_id=decision.id))
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert found[0].id == found[1].id
    tasks.run_until_idle()
    assert Credential.objects.for_org(org.id).count() == 1


def test_signed_bytes_never_change_whatever_happens_around_them(org: Org) -> None:
    from guildmark.keys import actions as key_actions

    view = issued(org)
    actions.suspend(by=org.owner, org_id=org.id, public_id=view.public_id, reason="Asked.")
    key_actions.rotate(by=org.owner, org_id=org.id)
    people.change_learner(
        by=org.owner,
        org_id=org.id,
        learner_id=view.learner_id,
        name="Somebody",
        email="other@learner.example",
    )
    actions.revoke(by=org.owner, org_id=org.id, public_id=view.public_id, reason="Withdrawn.")
    actions.set_disclosure(by=holder(view), org_id=org.id, public_id=view.public_id, shown_name=False)
    assert queries.credential(view.public_id).body == view.body


@pytest.mark.parametrize("change", [{"body": b"{}"}, {"body_sha256": "0" * 64}, {"valid_until": None}])
def test_the_database_itself_refuses_to_change_what_was_signed(org: Org, change: dict[str, Any]) -> None:
    issued(org)
    with pytest.raises(Error, match="never change"), transaction.atomic():
        Credential.objects.for_org(org.id).update(**change)


def test_history_is_only_added_to(org: Org) -> None:
    from guildmark.issue.models import CredentialEvent

    issued(org)
    with pytest.raises(Error, match="never change"), transaction.atomic():
        CredentialEvent.objects.for_org(org.id).update(reason="never happened")


def test_a_list_of_names_cannot_issue_a_demonstrated_skill(org: Org) -> None:
    version = published(org)
    with pytest.raises(Conflict, match="list of names"):
        actions.issue_completion_records(
            by=org.owner,
            org_id=org.id,
            version_id=version.id,
            rows=[CompletionRow("Ada Moreno", "ada@learner.example", "2026-01-31")],
        )
    assert not Award.objects.for_org(org.id).exists()


def test_a_list_issues_completion_records_once(org: Org) -> None:
    view = recorded(org)
    told = json.loads(view.body)
    assert told["credentialSubject"]["achievement"]["achievementType"] == "CertificateOfCompletion"
    assert told["awardedDate"] == "2026-01-31T00:00:00Z"
    assert "evidence" not in told
    again = actions.issue_completion_records(
        by=org.owner,
        org_id=org.id,
        version_id=view.version_id,
        rows=[CompletionRow("Ada Moreno", "ada@learner.example", "2026-01-31")],
    )
    assert [result.outcome for result in again.results] == ["known"]
    tasks.run_until_idle()
    assert len(queries.credentials(org.id).rows) == 1


def test_a_dry_run_writes_nothing_and_names_what_is_wrong(org: Org) -> None:
    version = published(org, **completion_content())
    rows = [
        CompletionRow("Ada Moreno", "ada@learner.example", "2026-01-31"),
        CompletionRow("Bo Lind", "not an address", "2026-01-31"),
        CompletionRow("Cy Wood", "cy@learner.example", "31.01.2026"),
        CompletionRow("Di Roe", "di@learner.example", "2999-01-01"),
        CompletionRow("Evil \u202egnp", "evil@learner.example", "2026-01-31"),
        CompletionRow("x" * 10_000, "long@learner.example", "2026-01-31"),
        CompletionRow("Bell\x07", "bell@learner.example", "2026-01-31"),
    ]
    report = actions.issue_completion_records(
        by=org.owner, org_id=org.id, version_id=version.id, rows=rows, dry_run=True
    )
    assert [result.outcome for result in report.results] == ["new"] + ["refused"] * 6
    words = [result.detail for result in report.results]
    assert "e-mail" in words[1]
    assert "2026-05-14" in words[2]
    assert "future" in words[3]
    assert "U+202E" in words[4]
    assert "10,000" in words[5]
    assert "U+0007" in words[6]
    assert not Award.objects.for_org(org.id).exists()
    from guildmark.people import queries as people_queries

    assert people_queries.learner_by_email(org.id, "ada@learner.example") is None


def test_a_name_in_another_script_is_signed_as_it_is(org: Org) -> None:
    view = issued(org, learner=org.learner("نور الهدى", email="noor@learner.example"))
    assert "نور الهدى" in view.body.decode()


def test_an_empty_list_is_refused(org: Org) -> None:
    version = published(org, **completion_content())
    with pytest.raises(Invalid, match="empty"):
        actions.issue_completion_records(by=org.owner, org_id=org.id, version_id=version.id, rows=[])


def test_a_standard_published_after_the_work_is_refused_and_the_refusal_is_kept(
    org: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    decision = decided(org)
    version = design.version(org.id, decision.version_id)
    late = replace(version, published_at=decision.submitted_at + timedelta(seconds=1))
    monkeypatch.setattr("guildmark.issue.actions.awards.design.version", lambda *_: late)
    tasks.run_until_idle()
    award = queries.award_of_decision(org.id, decision.id)
    assert award is not None
    assert award.state == "declined"
    assert "not published before" in award.error
    assert "issue.award_refused" in {event.action for event in audit.history(org.id)}
    with pytest.raises(Conflict):
        actions.award_for_decision(by=org.owner, org_id=org.id, decision_id=decision.id)


def test_what_cannot_be_signed_waits_with_its_reason_and_is_mended(org: Org) -> None:
    decided(org)
    while not Award.objects.for_org(org.id).exists():
        tasks.run_one()
    Award.objects.for_org(org.id).update(holder_name="Ada\x07")
    tasks.run_until_idle()
    (award,) = queries.awards_waiting(org.id)
    assert "control character" in award.error
    assert award.state == "approved"
    actions.retry_award(by=org.owner, org_id=org.id, award_id=award.id)
    tasks.run_until_idle()
    assert queries.award(org.id, award.id).state == "issued"


def test_without_the_right_to_sign_the_award_says_why(org: Org, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from guildmark import config

    decided(org)
    closed = replace(config.load(), dev=False)
    with monkeypatch.context() as patch:
        patch.setattr("guildmark.keys.queries.load", lambda: closed)
        tasks.run_until_idle()
    (award,) = queries.awards_waiting(org.id)
    assert "GUILDMARK_BASE_URL" in award.error
    with clock.at(clock.now() + timedelta(hours=1)):
        tasks.run_until_idle()
    assert queries.award(org.id, award.id).state == "issued"


def test_a_declined_award_stays_declined(org: Org) -> None:
    decided(org)
    while not Award.objects.for_org(org.id).exists():
        tasks.run_one()
    (award,) = queries.awards_waiting(org.id)
    actions.decline_award(by=org.owner, org_id=org.id, award_id=award.id, reason="The work was withdrawn.")
    restart()
    assert queries.award(org.id, award.id).state == "declined"
    assert not Credential.objects.for_org(org.id).exists()


def test_only_a_registrar_issues(org: Org) -> None:
    decision = decided(org)
    with pytest.raises(Forbidden):
        actions.award_for_decision(by=org.member("assessor"), org_id=org.id, decision_id=decision.id)


def test_status_places_are_not_given_in_order(org: Org) -> None:
    version = published(org, **completion_content())
    rows = [CompletionRow(f"Person {n}", f"p{n}@learner.example", "2026-01-31") for n in range(8)]
    actions.issue_completion_records(by=org.owner, org_id=org.id, version_id=version.id, rows=rows)
    places = list(Award.objects.for_org(org.id).order_by("id").values_list("status_index", flat=True))
    assert len(set(places)) == 8
    assert places != sorted(places)
    assert max(places) - min(places) > 8


def test_the_standard_is_named_with_the_digest_of_the_bytes_served(org: Org, client: Any) -> None:
    import base64

    view = issued(org)
    (related,) = json.loads(view.body)["relatedResource"]
    answer = client.get(related["id"].removeprefix("http://localhost:8000"))
    digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
    assert related["digestSRI"] == f"sha256-{digest}"
    version = design.version(org.id, view.version_id)
    assert version.core_hash == "sha256:" + hashlib.sha256(answer.content).hexdigest()
    assert document.core_bytes(version) == answer.content
    assert publishable_content()["claim"] in answer.content.decode()
