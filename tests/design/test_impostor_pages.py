"""The meter in the editor and on its page, its suggestions as buttons, and the rules of the organisation."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from guildmark.design import actions, queries
from guildmark.design.types import Rules
from guildmark.kernel import audit
from guildmark.kernel.problems import Forbidden, Invalid, NotFound
from guildmark.site.demo.standards import WEAK_DRAFT
from tests.design import builders
from tests.design.test_impostor import upload
from tests.design.test_pages import fields, url
from tests.people.builders import Org

pytestmark = pytest.mark.django_db


def signed_in(account) -> Client:
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=account))
    return browser


@pytest.fixture
def client(org):
    return signed_in(org.owner_id)


def weak(org):
    made = actions.create_achievement(by=org.owner, org_id=org.id, title=WEAK_DRAFT["title"])
    return actions.save_draft(by=org.owner, org_id=org.id, version_id=made.id, content=WEAK_DRAFT, revision=1)


def plain_upload(org):
    return builders.drafted(org, **{
        name: value for name, value in upload().model_dump(mode="json").items() if name != "schema_version"
    })  # fmt: skip


def meter(org, version) -> str:
    return reverse("standard_impostor", args=[org.slug, version.slug])


def text_of(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


def test_the_page_of_the_weak_draft_shows_the_reference_numbers(client, org):
    page = text_of(client.get(meter(org, weak(org))))
    for words in ("38 %", "76 %", "0.377", "0.758", "Pure guesser", "Over the limit"):
        assert words in page
    assert page.index('role="img"') < page.index("<table")
    assert "10 questions with 2 answers each, 6 right ones pass" in page


def test_the_editor_shows_the_meter_and_it_moves_with_the_background_save(client, org):
    version = weak(org)
    shown = client.get(url(org, version, "evidence"))
    assert '<div id="impostor">' in shown.content.decode()
    assert "38 %" in text_of(shown)
    sent = {**fields(shown), "evidence-0-quiz_cut": "9"}
    answer = client.post(reverse("autosave", args=[org.slug, version.slug, "evidence"]), sent)
    assert answer.status_code == 200
    moved = answer.json()["fragments"]["impostor"].replace("\u00a0", " ")
    assert "1.1 %" in moved
    assert "38 %" not in moved


def test_a_completion_record_has_no_meter(client, org):
    version = builders.drafted(org, signal="completion")
    assert "without the skill" not in text_of(client.get(url(org, version, "claim")))
    assert client.get(meter(org, version)).status_code == 404


def test_a_suggestion_is_taken_into_the_draft_by_its_button(client, org):
    version = weak(org)
    answer = client.post(meter(org, version), {"take": "quiz:e1:cut", "revision": version.revision})
    assert (answer.status_code, answer.url) == (303, meter(org, version))
    assert queries.draft(org.id, version.slug).standard.evidence[0].quiz.cut == 9
    assert "1.1 %" in text_of(client.get(meter(org, version)))


def test_the_whole_way_is_taken_at_once_and_the_gate_opens(client, org):
    version = plain_upload(org)
    with pytest.raises(Invalid) as caught:
        actions.publish(by=org.owner, org_id=org.id, version_id=version.id)
    assert [problem.field for problem in caught.value.errors] == ["conditions.authorship_checks"]
    assert "copier of finished work" in caught.value.errors[0].detail
    assert "takes it from 49 % to 4.2 %" in caught.value.errors[0].mend
    assert client.post(meter(org, version), {"take": "way", "revision": version.revision}).status_code == 303
    assert "Under the limit" in text_of(client.get(meter(org, version)))
    assert actions.publish(by=org.owner, org_id=org.id, version_id=version.id).number == "1.0"


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"take": "quiz:e1:cut", "revision": 1}, 409, "saved by"),
        ({"take": "check:prayer", "revision": 2}, 409, "does not help any more"),
        ({"take": "quiz:e1:cut", "revision": "x"}, 422, "lost track"),
        ({"take": "quiz:e1:cut"}, 422, "lost track"),
    ],
)
def test_a_stale_or_unknown_suggestion_changes_nothing_and_says_so(client, org, sent, status, words):
    version = weak(org)
    answer = client.post(meter(org, version), sent)
    assert answer.status_code == status
    assert words in text_of(answer)
    assert queries.draft(org.id, version.slug).standard == version.standard


def test_a_published_standard_shows_its_meter_and_takes_nothing(client, org):
    version = builders.published(org)
    page = client.get(meter(org, version))
    assert "Under the limit" in text_of(page)
    assert 'name="take"' not in page.content.decode()
    assert client.post(meter(org, version), {"take": "judges:2", "revision": 1}).status_code == 409


def test_other_figures_show_what_follows_and_are_checked(client, org):
    version = plain_upload(org)
    page = text_of(client.get(meter(org, version), {"copy.leaked": "10", "template_filler.artefact": "20"}))
    assert "The gate keeps ours" in page
    assert "somebody else&#x27;s work is at hand with a chance of 10%" in page
    for value, words in (("200", "no probability"), ("many", "is no number"), ("nan", "no probability")):
        answer = client.get(meter(org, version), {"copy.leaked": value})
        assert answer.status_code == 422
        assert words in text_of(answer)


def test_an_assessor_sees_the_meter_and_has_no_buttons(org):
    version = weak(org)
    browser = signed_in(org.member("assessor").id)
    page = browser.get(meter(org, version))
    assert page.status_code == 200
    assert 'name="take"' not in page.content.decode()
    assert browser.post(meter(org, version), {"take": "quiz:e1:cut", "revision": 2}).status_code == 403
    assert browser.get(reverse("standard_rules", args=[org.slug])).status_code == 403


def test_the_pages_ask_the_database_little(client, org, django_assert_max_num_queries):
    version = weak(org)
    with django_assert_max_num_queries(30):
        client.get(meter(org, version))
    with django_assert_max_num_queries(30):
        client.get(url(org, version, "evidence"))


def test_the_rules_are_set_on_their_page_and_bind_the_gate(client, org):
    page = reverse("standard_rules", args=[org.slug])
    assert 'value="1"' in client.get(page).content.decode()
    sent = {"impostor_once": "60", "impostor_with_retakes": "90", "transition_days": "60"}
    sent["jargon"] = "ESP\n\n  drip  \nESP\n"
    assert client.post(page, sent).status_code == 303
    assert queries.rules(org.id) == Rules(0.6, 0.9, ("ESP", "drip"))
    version = plain_upload(org)
    assert actions.publish(by=org.owner, org_id=org.id, version_id=version.id).number == "1.0"


@pytest.mark.parametrize(
    "sent",
    [
        {"impostor_once": "5", "impostor_with_retakes": "3"},
        {"impostor_once": "101", "impostor_with_retakes": "101"},
        {"impostor_once": "-1", "impostor_with_retakes": "3"},
        {"impostor_once": "", "impostor_with_retakes": "3"},
        {"impostor_once": "1", "impostor_with_retakes": "3", "jargon": "x" * 61},
        {
            "impostor_once": "1",
            "impostor_with_retakes": "3",
            "jargon": "\n".join(f"w{n}" for n in range(301)),
        },
    ],
)
def test_rules_that_cannot_be_are_refused_with_what_was_typed_kept(client, org, sent):
    answer = client.post(reverse("standard_rules", args=[org.slug]), {"transition_days": "60", **sent})
    assert answer.status_code == 422
    assert f'value="{sent["impostor_with_retakes"]}"' in answer.content.decode()
    assert queries.rules(org.id) == Rules()


def test_setting_rules_is_recorded_and_belongs_to_designers_of_the_organisation(org):
    given = {"impostor_once": 0.02, "impostor_with_retakes": 0.05, "jargon": ["ESP"]}
    actions.set_rules(by=org.member("designer"), org_id=org.id, **given)
    actions.set_rules(by=org.owner, org_id=org.id, **given)  # the same again is no change
    entries = audit.history(org.id, subject_type="organisation", subject_id=org.id)
    changes = [entry for entry in entries if entry.action == "design.rules_set"]
    assert len(changes) == 1
    assert changes[0].data["impostor_once"] == ["0.01", "0.02"]
    with pytest.raises(Forbidden):
        actions.set_rules(by=org.member("assessor"), org_id=org.id, **given)
    other = Org("southlamp")
    with pytest.raises(NotFound):
        actions.set_rules(by=other.owner, org_id=org.id, **given)
    assert queries.rules(other.id) == Rules()
    for name in ("impostor_once", "impostor_with_retakes"):
        with pytest.raises(Invalid):
            actions.set_rules(by=org.owner, org_id=org.id, **{**given, name: float("nan")})
