"""Mail goes to a real SMTP server, fails where it can be seen, and goes out once the server is back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guildmark.kernel import clock, tasks
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from guildmark.notify import actions, queries
from guildmark.notify.models import OutgoingMail
from guildmark.people import actions as people
from tests.notify.server import free_port, smtp_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def port(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_TIMEOUT = 5
    return settings.EMAIL_PORT


def invite(org, email="noor@example.org"):
    people.invite(by=org.owner, org_id=org.id, email=email, roles=["assessor"])
    tasks.run_until_idle()
    return queries.mails(org.id)[0]


def later(hours):
    return clock.at(clock.now() + timedelta(hours=hours))


def test_an_invitation_reaches_the_server_with_its_link(org, port):
    with smtp_server(port) as box:
        mail = invite(org)
    assert (mail.state, mail.to, mail.attempts) == ("sent", "noor@example.org", 1)
    [taken] = box.taken
    assert taken["To"] == "noor@example.org"
    assert taken["Auto-Submitted"] == "auto-generated"
    text = taken.get_body(("plain",)).get_content()
    assert "http://localhost:8000/invite/" in text
    assert "Assessor" in text
    assert "http://localhost:8000/invite/" in taken.get_body(("html",)).get_content()


def test_names_in_any_script_arrive_as_they_were_written(org, port):
    for name in ("学びの灯台", "مدرسة الضوء", "Ośrodek „Łódź”, s.r.o.", "O'Neill & Söhne <AG>"):
        people.update_organisation(
            by=org.owner, org_id=org.id, name=name, url="", email="", description="", country=""
        )
        with smtp_server(port) as box:
            invite(org, f"person{len(name)}@example.org")
        [taken] = box.taken
        assert taken["From"].addresses[0].display_name == name
        assert taken["From"].addresses[0].addr_spec == "no-reply@localhost"
        # A folded first word is read with the space of the fold.
        assert taken["Subject"].strip() == f"You are invited to work with {name}"
        assert f"{name} invites you" in taken.get_body(("plain",)).get_content()


def test_markup_in_a_name_stays_text_in_the_html_body(org, port):
    people.update_organisation(
        by=org.owner, org_id=org.id, name="<script>x</script>", url="", email="", description="", country=""
    )
    with smtp_server(port) as box:
        invite(org)
    assert "<script>" not in box.taken[0].get_body(("html",)).get_content()


def test_an_unreachable_server_delays_the_mail_and_then_it_arrives(org, port):
    mail = invite(org)
    assert mail.state == "queued"
    assert "connection was refused" in mail.last_error
    with smtp_server(port) as box, later(1):
        tasks.run_until_idle()
        assert queries.mail(org.id, mail.id).state == "sent"
        assert queries.mail(org.id, mail.id).last_error == ""
    assert len(box.taken) == 1


def test_a_busy_server_is_tried_again(org, port):
    with smtp_server(port) as box:
        box.refusal = "451 4.7.1 Greylisted, come back later"
        mail = invite(org)
        assert mail.state == "queued"
        assert "451" in mail.last_error
        box.refusal = ""
        with later(1):
            tasks.run_until_idle()
        assert queries.mail(org.id, mail.id).state == "sent"


def test_a_final_refusal_fails_at_once_and_says_why(org, port):
    with smtp_server(port) as box:
        box.refusal = "550 5.1.1 No such mailbox"
        mail = invite(org)
    assert (mail.state, mail.attempts) == ("failed", 1)
    assert "550 5.1.1 No such mailbox" in mail.last_error
    assert queries.failed_count(org.id) == 1


def test_after_the_last_try_it_is_failed_and_can_be_sent_again(org, port):
    mail = invite(org)
    for step in range(1, 12):
        with later(2 * step):
            tasks.run_until_idle()
    mail = queries.mail(org.id, mail.id)
    assert (mail.state, mail.attempts) == ("failed", actions.MAX_ATTEMPTS)
    with smtp_server(port) as box:
        actions.resend(by=org.owner, org_id=org.id, mail_id=mail.id)
        tasks.run_until_idle()
    assert queries.mail(org.id, mail.id).state == "sent"
    assert len(box.taken) == 1


def test_a_message_keeps_its_id_when_it_is_sent_twice(org, port):
    with smtp_server(port) as box:
        mail = invite(org)
        actions.resend(by=org.owner, org_id=org.id, mail_id=mail.id)
        tasks.run_until_idle()
    first, second = box.taken
    assert first["Message-ID"] == second["Message-ID"]


def test_the_same_key_makes_one_message(org):
    context = {"roles": "assessor", "expires_at": clock.now(), "action_url": "http://localhost/x"}
    for _ in range(2):
        actions.send(org_id=org.id, kind="notify.invitation", to="a@example.org", context=context, key="once")
    assert len(queries.mails(org.id)) == 1
    assert tasks.run_until_idle() == 1 + 1  # this message, and nothing but the organisation's own events


@pytest.mark.parametrize(
    "address", ["a@example.org\nBcc: x@example.org", "a@example.org\r\nX: y", "not an address", ""]
)
def test_an_address_cannot_write_headers(org, address):
    with pytest.raises(Invalid) as refused:
        actions.send(org_id=org.id, kind="notify.invitation", to=address, context={}, key="k")
    assert refused.value.field == "to"
    assert queries.mails(org.id) == []


def test_a_bound_message_is_not_sent_to_another_address(org):
    mail = invite(org)
    with pytest.raises(Conflict) as refused:
        actions.resend(by=org.owner, org_id=org.id, mail_id=mail.id, to="other@example.org")
    assert refused.value.field == "to"


def test_an_unbound_message_can_go_to_a_corrected_address(org):
    context = {"roles": "", "expires_at": clock.now()}
    wrong = "wrong@example.org"
    mail = actions.send(org_id=org.id, kind="notify.invitation", to=wrong, context=context, key="k")
    tasks.run_until_idle()
    again = actions.resend(by=org.owner, org_id=org.id, mail_id=mail.id, to=" Right@Example.org ")
    assert again.to == "right@example.org"


def test_the_link_does_not_lie_open_in_the_database(org):
    invite(org)
    row = OutgoingMail.objects.for_org(org.id).get()
    assert b"/invite/" not in bytes(row.body)


def test_only_registrars_and_owners_send_again(org):
    mail = invite(org)
    with pytest.raises(Forbidden):
        actions.resend(by=org.member("designer"), org_id=org.id, mail_id=mail.id)


def test_another_organisation_finds_nothing(org, other_org):
    mail = invite(org)
    assert queries.mails(other_org.id) == []
    for call in (
        lambda: queries.mail(other_org.id, mail.id),
        lambda: actions.resend(by=other_org.owner, org_id=other_org.id, mail_id=mail.id),
        lambda: actions.resend(by=other_org.owner, org_id=org.id, mail_id=mail.id),
    ):
        with pytest.raises(NotFound):
            call()


def test_a_withdrawn_invitation_is_not_mailed(org):
    view, _ = people.invite(by=org.owner, org_id=org.id, email="a@example.org", roles=["assessor"])
    people.revoke_invitation(by=org.owner, org_id=org.id, invitation_id=view.id)
    tasks.run_until_idle()
    assert queries.mails(org.id) == []


def test_the_mail_test_says_what_the_server_said(port):
    assert "connection was refused" in actions.send_test(to="me@example.org").words
    with smtp_server(port) as box:
        assert actions.send_test(to="me@example.org").ok
        box.refusal = "554 Blocked"
        refused = actions.send_test(to="me@example.org")
    assert not refused.ok
    assert "554 Blocked" in refused.words
    assert len(box.taken) == 1
