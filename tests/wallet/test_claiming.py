"""A credential is claimed by a mailed link, once, without an account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from guildmark.issue import actions as issue_actions
from guildmark.issue import queries as issue
from guildmark.kernel import clock, tasks
from guildmark.kernel.outbox import Event
from guildmark.kernel.problems import Conflict, Forbidden, Gone, Invalid, NotFound, RateLimited
from guildmark.people import actions as people
from guildmark.wallet import actions, events, queries
from guildmark.wallet.models import ClaimLink
from tests.issue.builders import corrected, issued, recorded
from tests.wallet.builders import mailed_tokens

pytestmark = pytest.mark.django_db
OPEN = {"visibility": "public", "shown_name": True, "shown_evidence": []}


def test_issuing_mails_one_link_to_the_holder(org):
    view = issued(org)
    [token] = mailed_tokens()
    [message] = [m for m in mail.outbox if "/claim/" in m.body]
    assert message.to == [view.holder_email]
    assert view.title in message.subject
    link, found = queries.opened(token)
    assert (found.public_id, link.state) == (view.public_id, "open")
    assert not ClaimLink.objects.for_org(org.id).filter(token_hash=token).exists()


def test_a_doubled_event_sends_nothing_more(org):
    view = issued(org)
    event = Event(
        view.id, org.id, "issue.credential_issued", {"credential": str(view.public_id), "supersedes": ""}
    )
    events.send_link(event)
    assert len(mailed_tokens()) == 1
    assert len(queries.links(org.id, view.public_id)) == 1


def test_claiming_twice_keeps_the_first_moment(org):
    view = issued(org)
    [token] = mailed_tokens()
    first = actions.claim(token=token, **OPEN)
    with clock.at(clock.now() + timedelta(hours=1)):
        second = actions.claim(token=token, **{**OPEN, "visibility": "private"})
    assert first.claimed_at is not None
    assert second.claimed_at == first.claimed_at
    assert second.visibility == "private"
    claims = [e for e in issue.events_of(org.id, view.public_id) if e.kind == "claimed"]
    assert len(claims) == 1


def test_a_private_credential_opens_by_its_share_link_only(org):
    view = issued(org)
    [token] = mailed_tokens()
    actions.claim(token=token, **{**OPEN, "visibility": "private"})
    held = queries.holding(issue.credential(view.public_id))
    with pytest.raises(NotFound):
        issue.public_credential(view.public_id)
    assert held.share_url.startswith(f"http://localhost:8000/c/{view.public_id}?t=")
    assert issue.public_credential(view.public_id, held.share_token).public_id == view.public_id
    actions.replace_share_link(view)
    with pytest.raises(NotFound):
        issue.public_credential(view.public_id, held.share_token)


def test_evidence_is_a_fingerprint_until_the_holder_shows_it(org):
    view = issued(org)
    [token] = mailed_tokens()
    choices = queries.evidence_choices(view)
    assert choices
    assert not any(choice.shown for choice in choices)
    actions.claim(token=token, **{**OPEN, "shown_evidence": [choices[0].id]})
    after = queries.evidence_choices(issue.credential(view.public_id))
    assert [choice.shown for choice in after] == [True, *[False] * (len(choices) - 1)]


def test_evidence_of_another_credential_cannot_be_shown_and_nothing_is_half_done(org):
    view = issued(org)
    [token] = mailed_tokens()
    with pytest.raises(Invalid):
        actions.claim(token=token, **{**OPEN, "shown_evidence": [str(view.id)]})
    assert issue.credential(view.public_id).claimed_at is None
    assert queries.link(token).state == "open"


def test_a_link_runs_out_and_a_new_one_goes_to_the_same_address(org):
    view = issued(org)
    [token] = mailed_tokens()
    with clock.at(clock.now() + timedelta(days=actions.LINK_DAYS, seconds=1)):
        with pytest.raises(Gone) as ended:
            queries.opened(token)
        assert "run out" in ended.value.detail
        actions.renew(token=token)
        fresh = mailed_tokens()[-1]
        assert fresh != token
        assert queries.opened(fresh)[0].email == view.holder_email


def test_an_unknown_link_opens_nothing(db):
    with pytest.raises(NotFound):
        queries.opened("x" * 43)


def test_the_registrar_sends_a_new_link_and_the_old_one_keeps_working(org):
    view = issued(org)
    actions.resend(by=org.member("registrar"), org_id=org.id, public_id=view.public_id)
    old, new = mailed_tokens()
    assert queries.opened(old)[1] == queries.opened(new)[1]


def test_sending_again_is_limited(org):
    view = issued(org)
    with clock.at(clock.now().replace(minute=1)):
        for _ in range(actions.RESENDS_AN_HOUR):
            actions.resend(by=org.owner, org_id=org.id, public_id=view.public_id)
        with pytest.raises(RateLimited):
            actions.resend(by=org.owner, org_id=org.id, public_id=view.public_id)


def test_asking_for_a_link_treats_known_and_unknown_addresses_alike(org):
    view = issued(org)
    mailed_tokens()
    before = len(mail.outbox)
    with clock.at(clock.now().replace(minute=1)):
        for email in (view.holder_email.upper(), "nobody@example.org"):
            for _ in range(actions.ASKED_AN_HOUR):
                actions.ask_for_link(email=email, caller="192.0.2.1")
            with pytest.raises(RateLimited):
                actions.ask_for_link(email=email, caller="192.0.2.1")
        tasks.run_until_idle()
    assert {m.to[0] for m in mail.outbox[before:]} == {view.holder_email}


def test_one_place_cannot_ask_for_many_addresses(db):
    with clock.at(clock.now().replace(minute=1)):
        for number in range(actions.ASKED_FROM_ONE_PLACE):
            actions.ask_for_link(email=f"p{number}@example.org", caller="192.0.2.1")
        with pytest.raises(RateLimited):
            actions.ask_for_link(email="p@example.org", caller="192.0.2.1")


def test_a_wrong_address_is_corrected_before_the_claim(org):
    view = issued(org)
    [old] = mailed_tokens()
    actions.correct_address(
        by=org.owner, org_id=org.id, public_id=view.public_id, email="right@learner.example"
    )
    with pytest.raises(Gone):
        queries.opened(old)
    new = mailed_tokens()[-1]
    link, found = queries.opened(new)
    assert link.email == "right@learner.example"
    assert found.supersedes == view.public_id
    assert issue.status_now(issue.credential(view.public_id)).verdict == "superseded"


def test_a_claimed_credential_keeps_its_address(org):
    view = issued(org)
    actions.claim(token=mailed_tokens()[0], **OPEN)
    with pytest.raises(Conflict):
        actions.correct_address(by=org.owner, org_id=org.id, public_id=view.public_id, email="a@example.org")


def test_a_refused_address_changes_nothing(org):
    view = issued(org)
    [token] = mailed_tokens()
    with pytest.raises(Invalid):
        actions.correct_address(by=org.owner, org_id=org.id, public_id=view.public_id, email="not an address")
    assert queries.opened(token)[1].public_id == view.public_id


def test_the_link_of_a_superseded_credential_dies(org):
    view = issued(org)
    [old] = mailed_tokens()
    corrected(org, view)
    new = mailed_tokens()[-1]
    with pytest.raises(Gone):
        queries.opened(old)
    assert queries.opened(new)[1].holder_name == "Ada Moreno Ruiz"


def test_the_holder_is_told_of_a_revocation_and_its_reason(org):
    view = issued(org)
    issue_actions.revoke(
        by=org.owner, org_id=org.id, public_id=view.public_id, reason="The work was not their own."
    )
    tasks.run_until_idle()
    assert "The work was not their own." in mail.outbox[-1].body
    assert mail.outbox[-1].to == [view.holder_email]


def test_a_completion_record_is_claimed_in_the_same_way(org):
    recorded(org)
    [token] = mailed_tokens()
    assert queries.evidence_choices(queries.opened(token)[1]) == ()
    assert actions.claim(token=token, **OPEN).claimed_at is not None


def test_an_account_made_from_the_link_has_the_credential_on_its_shelf(org):
    view = issued(org)
    user_id = actions.make_account(token=mailed_tokens()[0], password="four words make one")
    assert [row.credential.public_id for row in queries.shelf(user_id)] == [view.public_id]
    with pytest.raises(Conflict):
        actions.make_account(token=mailed_tokens()[0], password="four words make one")


def test_a_weak_password_makes_no_account(org):
    issued(org)
    with pytest.raises(Invalid) as refused:
        actions.make_account(token=mailed_tokens()[0], password="password")
    assert refused.value.field == "password"


def test_the_shelf_holds_credentials_of_every_organisation_and_nobody_elses(org, other_org):
    mine = [issued(org), issued(other_org)]
    issued(org, learner=org.learner("Bo Lind"))
    user_id = people.create_user(email=mine[0].holder_email, name="Ada", password="x" * 12, verified=True)
    assert {row.credential.public_id for row in queries.shelf(user_id)} == {view.public_id for view in mine}
    stranger = people.create_user(email="bo2@learner.example", name="Bo", password="x" * 12, verified=True)
    with pytest.raises(NotFound):
        queries.held_by(stranger, mine[0].public_id)


def test_an_unproven_address_brings_nothing_to_the_shelf(org):
    view = issued(org)
    user_id = people.create_user(email=view.holder_email, name="Thief", password="x" * 12, verified=False)
    assert queries.shelf(user_id) == []


def test_another_organisation_cannot_touch_links(org, other_org):
    view = issued(org)
    for org_id in (org.id, other_org.id):
        with pytest.raises(NotFound):
            actions.resend(by=other_org.owner, org_id=org_id, public_id=view.public_id)
        with pytest.raises(NotFound):
            actions.correct_address(
                by=other_org.owner, org_id=org_id, public_id=view.public_id, email="a@b.example"
            )
    with pytest.raises(Forbidden):
        actions.resend(by=org.member("designer"), org_id=org.id, public_id=view.public_id)


def test_an_erased_person_leaves_no_links_and_no_messages(org):
    view = issued(org)
    mailed_tokens()
    issue_actions.erase_person(
        by=org.owner, org_id=org.id, learner_id=view.learner_id, reason="Asked for it."
    )
    tasks.run_until_idle()
    from guildmark.notify import queries as notify

    assert queries.links(org.id, view.public_id) == []
    assert [m for m in notify.mails(org.id) if m.to == view.holder_email] == []
