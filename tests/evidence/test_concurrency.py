"""Several at once: one decision, one enrolment, on both engines."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection

from guildmark.assess.evidence import actions, queries
from guildmark.assess.evidence.models import Decision
from guildmark.kernel.models import OutboxEvent
from guildmark.kernel.problems import Conflict
from tests.design.builders import published
from tests.evidence.builders import assessed, submitted

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run ``act`` in that many threads that start together; results or the errors they met.

    The in-memory SQLite of the tests shares one cache, where a busy table is an error at once instead of a wait:
    such a thread tries again, as the wait of a real database would.
    """
    barrier, found = threading.Barrier(count), []

    def run(number: int) -> None:
        barrier.wait()
        try:
            for _ in range(400):
                try:
                    found.append(act(number))
                    return
                except OperationalError as error:
                    if "locked" not in str(error):
                        raise
                    threading.Event().wait(0.02)
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_decisions_at_once_leave_one(make_org):
    org = make_org("northlamp")
    submission = submitted(org, published(org))
    assessed(org.owner, submission, 3)
    deciders = [org.owner, org.member("assessor")]

    def decide(number: int) -> Any:
        return actions.decide(
            by=deciders[number],
            org_id=org.id,
            submission_id=submission.id,
            outcome="passed",
            feedback=str(number),
        )

    found = at_once(2, decide)
    refused = [one for one in found if isinstance(one, Conflict)]
    assert len(found) == 2
    assert len(refused) == 1
    assert Decision.objects.for_org(org.id).count() == 1
    assert OutboxEvent.objects.filter(kind="evidence.decided").count() == 1


def test_a_double_click_hands_in_once(make_org):
    from tests.evidence.builders import enrolled, fill

    org = make_org("northlamp")
    version = published(org)
    enrolment, actor = enrolled(org, version)
    draft = actions.start_submission(by=actor, org_id=org.id, enrolment_id=enrolment.id)
    fill(actor, draft, version)
    found = at_once(
        2, lambda _: actions.submit(by=actor, org_id=org.id, submission_id=draft.id, authorship_accepted=True)
    )
    assert sum(isinstance(one, Conflict) for one in found) == 1
    assert OutboxEvent.objects.filter(kind="evidence.submitted").count() == 1


def test_a_double_click_on_joining_enrols_once(make_org):
    org = make_org("northlamp")
    version = published(org)
    link = actions.open_link(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    person = org.user("ada")
    found = at_once(3, lambda _: actions.enrol_by_link(user_id=person, token=link.token, name="Ada"))
    assert len({one.id for one in found}) == 1
    assert len(queries.enrolments(org.id)) == 1
