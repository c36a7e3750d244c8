"""The studio's pages as a browser without JavaScript uses them, and the background save beside them."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from guildmark.design import actions, queries
from tests.design import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(org):
    browser = Client()
    browser.force_login(_user(org.owner_id))
    return browser


def _user(user_id):
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(pk=user_id)


def fields(response) -> dict[str, object]:
    """What a browser would send from the editor's form: every named field with its present value."""
    html = response.content.decode()
    form = re.search(r'<form[^>]*id="editor".*?</form>', html, re.S).group()
    form = re.sub(r"<template.*?</template>", "", form, flags=re.S)
    sent: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attrs = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        name = re.search(r'name="([^"]+)"', tag)
        if not name:
            continue
        if 'type="checkbox"' in tag:
            if "checked" in tag:
                sent.setdefault(name.group(1), [])
                sent[name.group(1)].append(attrs.get("value", "on"))  # type: ignore[union-attr]
        else:
            sent[name.group(1)] = unescape(attrs.get("value", ""))
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        sent[name] = unescape(value.removeprefix("\n"))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', options)
        sent[name] = chosen.group(1) if chosen else re.search(r'value="([^"]*)"', options).group(1)
    return sent


def unescape(text: str) -> str:
    from html import unescape as plain

    return plain(text)


def url(org, version, step: str) -> str:
    return reverse("standard_edit", args=[org.slug, version.slug, step])


def test_the_empty_list_teaches(client, org):
    page = client.get(reverse("standards", args=[org.slug])).content.decode()
    assert "No standard yet" in page
    assert reverse("standard_new", args=[org.slug]) in page


def test_the_first_question_is_what_is_awarded_and_no_image_is_asked_for(client, org):
    page = client.get(reverse("standard_new", args=[org.slug])).content.decode()
    assert "What are you awarding?" in page
    assert 'type="file"' not in page
    for word in ("Took part", "Showed this with their own work", "Examined against a governed standard"):
        assert word in page


def test_starting_with_an_outline_leads_to_the_editor(client, org):
    answer = client.post(
        reverse("standard_new", args=[org.slug]),
        {
            "signal": "demonstrated",
            "title": "Automation",
            "door": "existing",
            "outline": "Build a sequence in your tool\nAnalytics",
        },
        follow=True,
    )
    page = answer.content.decode()
    assert answer.redirect_chain[0][1] == 303
    assert "Build a sequence in your tool" in page
    assert "Analytics" in page


def test_a_start_without_a_class_keeps_the_title(client, org):
    answer = client.post(reverse("standard_new", args=[org.slug]), {"title": "My <own> title", "door": "new"})
    assert answer.status_code == 422
    assert "My &lt;own&gt; title" in answer.content.decode()
    assert "Choose one of the three." in answer.content.decode()


@pytest.mark.parametrize("step", ["claim", "evidence", "rubric", "bar", "image"])
def test_saving_a_step_without_a_change_changes_nothing(client, org, step):
    draft = builders.drafted(
        org,
        alignments=[{"id": "a1", "name": "A", "url": "https://esco.example/1", "competencies": ["c1"]}],
        samples=[{"id": "s1", "text": "A\nB", "note": "C"}],
        explainer={"url": "https://video.example/1", "title": "T", "minutes": 2.5},
        evidence=[
            {
                "id": "e1",
                "title": "Export",
                "brief": "Two\nlines.",
                "accept": ["image", "video"],
                "required": True,
            },
            {"id": "e2", "title": "Log", "brief": "B", "kind": "text", "min_words": 20, "required": False},
        ],
    )
    page = client.get(url(org, draft, step))
    assert page.status_code == 200
    answer = client.post(url(org, draft, step), fields(page))
    assert answer.status_code == 303
    after = queries.version(org.id, draft.id)
    assert after.standard == draft.standard
    assert after.revision == draft.revision


def test_typing_a_claim_saves_it_and_the_gate_follows(client, org):
    draft = actions.create_achievement(by=org.owner, org_id=org.id, title="Automation")
    page = client.get(url(org, draft, "claim"))
    assert "There is no claim yet." in page.content.decode()
    answer = client.post(
        url(org, draft, "claim"), {**fields(page), "claim": builders.CLAIM, "next": "1"}, follow=True
    )
    assert answer.redirect_chain == [(url(org, draft, "evidence"), 303)]
    assert queries.version(org.id, draft.id).standard.claim == builders.CLAIM
    assert "There is no claim yet." not in answer.content.decode()


def test_rows_are_added_moved_copied_and_removed_without_a_script(client, org):
    draft = builders.drafted(org)

    def press(step, **button):
        sent = fields(client.get(url(org, draft, step)))
        assert client.post(url(org, draft, step), {**sent, **button}).status_code == 303
        return queries.version(org.id, draft.id).standard

    assert [c.id for c in press("claim", do="add:competencies").competencies] == ["c1", "c2", "c3"]
    assert [c.id for c in press("claim", move="competencies.c3:up").competencies] == ["c1", "c3", "c2"]
    after = press("claim", do="remove:competencies.c2")
    assert [c.id for c in after.competencies] == ["c1", "c3"]
    assert after.criteria[1].competencies == ()
    after = press("rubric", do="duplicate:criteria.k1")
    assert [c.id for c in after.criteria] == ["k1", "k4", "k2", "k3"]
    assert after.criteria[1].descriptors == after.criteria[0].descriptors
    after = press("rubric", do="add:scale")
    assert len(after.scale) == 5
    assert all(len(c.descriptors) == 5 for c in after.criteria)
    after = press("rubric", do="remove:scale.l2")
    assert [level.id for level in after.scale] == ["l1", "l3", "l4", "l5"]
    assert after.criteria[0].descriptors[1] == "Trigger logic: Complete and right."
    assert [e.id for e in press("evidence", do="duplicate:evidence.e1").evidence] == ["e1", "e3", "e2"]
    assert len(press("claim", do="add:context").context) == 2
    assert press("claim", do="remove:context.0").context[0].name == ""
    assert len(press("bar", do="add:not_shown").not_shown) == 2


def test_a_new_row_never_takes_the_id_of_a_published_one(client, org):
    version = builders.published(org)
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    for button in ("remove:criteria.k3", "add:criteria"):
        sent = fields(client.get(url(org, draft, "rubric")))
        client.post(url(org, draft, "rubric"), {**sent, "do": button})
    assert [c.id for c in queries.version(org.id, draft.id).standard.criteria] == ["k1", "k2", "k4"]


@pytest.mark.parametrize(
    ("step", "bad", "kept"),
    [
        ("claim", {"language": "xx", "claim": "Builds a <b>thing</b>"}, "Builds a &lt;b&gt;thing&lt;/b&gt;"),
        ("evidence", {"evidence-0-max_mb": "99999", "evidence-0-title": "Kept title"}, "Kept title"),
        ("evidence", {"evidence-0-kind": "smell", "evidence-0-title": "Kept title"}, "Kept title"),
        ("rubric", {"others_required": "many", "criteria-0-name": "Kept name"}, "Kept name"),
        ("rubric", {"criteria-0-competencies": ["c9"], "criteria-0-name": "Kept name"}, "Kept name"),
        ("bar", {"validity_months": "0", "allowed_aids": "Kept aids"}, "Kept aids"),
        ("bar", {"study_hours": "nan", "allowed_aids": "Kept aids"}, "Kept aids"),
        ("image", {"badge_note": "x" * 20_001}, "x" * 200),
        ("claim", {"revision": "none", "claim": "Kept claim here"}, "Kept claim here"),
        ("claim", {"do": "remove:competencies.c77", "claim": "Kept claim here"}, "Kept claim here"),
        ("claim", {"competencies-0-id": "Bad id", "claim": "Kept claim here"}, "Kept claim here"),
    ],
)
def test_one_bad_value_keeps_everything_typed(client, org, step, bad, kept):
    draft = builders.drafted(org)
    sent = {**fields(client.get(url(org, draft, step))), **bad}
    answer = client.post(url(org, draft, step), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert kept in page
    assert "Everything you typed is kept." in page
    assert queries.version(org.id, draft.id).revision == draft.revision


def test_a_stale_page_keeps_what_was_typed_and_says_who_saved(client, org):
    designer = org.member("designer")
    draft = builders.drafted(org)
    sent = fields(client.get(url(org, draft, "claim")))
    actions.save_draft(
        by=designer, org_id=org.id, version_id=draft.id, content={"summary": "Hers."}, revision=None
    )
    answer = client.post(url(org, draft, "claim"), {**sent, "summary": "Mine instead."})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "saved by Designer" in page
    assert "Mine instead." in page
    again = client.post(url(org, draft, "claim"), fields(answer))
    assert again.status_code == 303
    assert queries.version(org.id, draft.id).standard.summary == "Mine instead."


def test_the_background_save_answers_with_the_revision_and_the_gate(client, org):
    draft = builders.drafted(org)
    sent = fields(client.get(url(org, draft, "claim")))
    address = reverse("autosave", args=[org.slug, draft.slug, "claim"])
    answer = client.post(
        address, {**sent, "claim": "Email marketing basics"}, headers={"Accept": "application/json"}
    )
    body = answer.json()
    assert (answer.status_code, body["revision"]) == (200, draft.revision + 1)
    assert "names a topic" in body["fragments"]["gate"]
    assert "Email marketing basics" in body["fragments"]["stranger"]
    stale = client.post(address, {**sent, "claim": "Builds a thing"}, headers={"Accept": "application/json"})
    assert (stale.status_code, stale["Content-Type"]) == (409, "application/problem+json")
    bad = client.post(address, {**sent, "language": "xx"}, headers={"Accept": "application/json"})
    assert bad.status_code == 422
    assert bad.json()["errors"][0]["field"] == "language"


def test_rows_that_the_script_added_get_the_same_ids_at_every_save(client, org):
    draft = builders.drafted(org)
    address = reverse("autosave", args=[org.slug, draft.slug, "claim"])
    sent = fields(client.get(url(org, draft, "claim")))
    sent |= {"competencies-2-statement": "First new.", "competencies-3-statement": "Second new."}
    for _ in range(2):
        answer = client.post(address, sent, headers={"Accept": "application/json"})
        sent["revision"] = answer.json()["revision"]
    found = queries.version(org.id, draft.id).standard.competencies
    assert [(c.id, c.statement) for c in found[2:]] == [("c3", "First new."), ("c4", "Second new.")]


def test_the_script_moves_one_row_and_sends_nothing_else(client, org):
    draft = builders.drafted(org)
    address = reverse("autosave", args=[org.slug, draft.slug, "rubric"])
    data = {"move": "criteria.k3:1", "revision": draft.revision}
    answer = client.post(address, data, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert [c.id for c in queries.version(org.id, draft.id).standard.criteria] == ["k3", "k1", "k2"]
    refused = client.post(
        address,
        {"move": "criteria.k3:sideways", "revision": draft.revision + 1},
        headers={"Accept": "application/json"},
    )
    assert refused.status_code == 422


def test_the_image_step_is_locked_and_names_the_plain_mark(client, org):
    page = client.get(url(org, builders.drafted(org), "image")).content.decode()
    assert "locked" in page
    assert 'type="file"' not in page


def test_publishing_shows_the_gate_then_goes_through_the_door(client, org):
    draft = builders.drafted(org, criteria=[])
    address = reverse("standard_publish", args=[org.slug, draft.slug])
    page = client.get(address).content.decode()
    assert "There is no criterion." in page
    assert "This cannot be taken back." in page
    refused = client.post(address, {"revision": draft.revision})
    assert refused.status_code == 422
    saved = actions.save_draft(
        by=org.owner,
        org_id=org.id,
        version_id=draft.id,
        content=builders.publishable_content(),
        revision=None,
    )
    stale = client.post(address, {"revision": draft.revision})
    assert stale.status_code == 409
    done = client.post(address, {"revision": saved.revision}, follow=True)
    assert done.redirect_chain[0][1] == 303
    assert "content still fits" in done.content.decode()
    assert queries.latest_published(draft.slug).number == "1.0"


def test_the_address_is_changed_on_the_publish_page(client, org, other_org):
    draft = builders.drafted(org)
    builders.drafted(other_org, title="Taken one")
    address = reverse("standard_publish", args=[org.slug, draft.slug])
    taken = client.post(address, {"slug": "taken-one"})
    assert taken.status_code == 409
    assert 'value="taken-one"' in taken.content.decode()
    moved = client.post(address, {"slug": "welcome"})
    assert moved["Location"] == reverse("standard_publish", args=[org.slug, "welcome"])


def test_a_successor_says_its_number_and_keeps_a_refused_note(client, org):
    version = builders.published(org)
    client.post(reverse("standard_start", args=[org.slug, version.slug]))
    draft = queries.draft(org.id, version.slug)
    saved = actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"pass_level": 4}, revision=None
    )
    address = reverse("standard_publish", args=[org.slug, version.slug])
    page = client.get(address).content.decode()
    assert "version 2.0" in page
    assert "Holders of 1.0 keep 1.0" in page
    refused = client.post(address, {"revision": draft.revision, "update_note": "Raised the bar."})
    assert (refused.status_code, "Raised the bar." in refused.content.decode()) == (409, True)
    client.post(address, {"revision": saved.revision, "update_note": "Raised the bar."})
    diff = client.get(reverse("standard_diff", args=[org.slug, version.slug, "1.0", "2.0"])).content.decode()
    assert "Pass level" in diff
    assert version.core_hash in diff


@pytest.mark.parametrize(("door", "words"), [("retire", "Retired"), ("review", "reviewed")])
def test_doors_of_a_published_version(client, org, door, words):
    version = builders.published(org)
    address = reverse("standard_door", args=[org.slug, version.slug, door])
    assert client.get(address).status_code == 200
    if door == "review":
        assert client.post(address, {"note": ""}).status_code == 422
    page = client.post(address, {"note": "Looked at all of it."}, follow=True).content.decode()
    assert words in page
    assert "Looked at all of it." in page


def test_discarding_the_only_draft_leads_back_to_the_list(client, org):
    draft = builders.drafted(org)
    answer = client.post(reverse("standard_door", args=[org.slug, draft.slug, "discard"]))
    assert answer["Location"] == reverse("standards", args=[org.slug])
    gone = client.get(url(org, draft, "claim"))
    assert gone.status_code == 404


def test_editing_a_published_standard_leads_to_its_history(client, org):
    version = builders.published(org)
    for address in (url(org, version, "claim"), reverse("standard_publish", args=[org.slug, version.slug])):
        assert client.get(address)["Location"] == reverse("standard_history", args=[org.slug, version.slug])
        assert client.post(address, {"claim": "x"})["Location"].endswith(version.slug)
    late = client.post(
        reverse("autosave", args=[org.slug, version.slug, "claim"]), headers={"Accept": "application/json"}
    )
    assert late.status_code == 409


def test_completion_records_have_their_own_steps(client, org):
    draft = builders.drafted(org, signal="completion")
    page = client.get(url(org, draft, "claim")).content.decode()
    assert "no claim about skill" in page
    assert 'name="claim"' not in page
    assert client.get(url(org, draft, "rubric")).status_code == 404
    assert client.get(url(org, draft, "bar")).status_code == 200


def addresses(org, version):
    two = [org.slug, version.slug]
    gets = [
        reverse("standard_history", args=two),
        *[
            reverse("standard_edit", args=[*two, step])
            for step in ("claim", "evidence", "rubric", "bar", "image")
        ],
        reverse("standard_publish", args=two),
        reverse("standard_diff", args=[*two, "1.0", "draft"]),
        *[reverse("standard_door", args=[*two, door]) for door in ("review", "retire", "discard", "archive")],
    ]
    posts = [reverse("standard_start", args=two), reverse("standard_duplicate", args=two)]
    return gets, [*posts, reverse("autosave", args=[*two, "claim"])]


def test_a_second_organisation_finds_nothing(org, other_org):
    version = builders.published(org)
    actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    stranger = Client()
    stranger.force_login(_user(other_org.owner_id))
    for name in (org.slug, other_org.slug):
        fake = type("Org", (), {"slug": name})
        gets, posts = addresses(fake, version)
        for address in gets:
            assert stranger.get(address).status_code == 404, address
            if "/edit/" in address or "/act/" in address or address.endswith("publish"):
                assert stranger.post(address).status_code == 404, address
        for address in posts:
            assert stranger.post(address).status_code == 404, address
    assert stranger.get(reverse("standards", args=[org.slug])).status_code == 404
    assert (
        version.standard.title
        not in stranger.get(reverse("standards", args=[other_org.slug])).content.decode()
    )


def test_an_auditor_reads_and_does_not_write(org):
    version = builders.published(org)
    reader = Client()
    reader.force_login(_user(org.member("auditor").id))
    assert reader.get(reverse("standards", args=[org.slug])).status_code == 200
    assert reader.get(reverse("standard_history", args=[org.slug, version.slug])).status_code == 200
    assert reader.get(reverse("standard_new", args=[org.slug])).status_code == 403
    assert reader.post(reverse("standard_start", args=[org.slug, version.slug])).status_code == 403


def test_pages_stay_under_thirty_queries(client, org, django_assert_max_num_queries):
    for n in range(6):
        version = builders.published(org, title=f"Standard {n}")
    for note in ("One.", "Two.", "Three."):
        builders.successor(org, version, summary=note)
    actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    gets, _ = addresses(org, version)
    for address in [reverse("standards", args=[org.slug]), *gets]:
        with django_assert_max_num_queries(30):
            assert client.get(address).status_code == 200, address


def test_findings_about_the_claim_stand_under_it_with_the_words_marked_and_a_text_to_take(org, client):
    draft = builders.drafted(org, claim="Understands welcome sequences in an e-mail tool.")
    page = client.get(url(org, draft, "claim")).content.decode()
    assert "<mark>Understands</mark> welcome sequences" in page
    assert "Plain language:" in page
    taken = unescape(re.search(r'name="take" value="(claim [^"]+)"', page).group(1))
    assert taken.startswith("claim Explains welcome sequences")


def test_a_new_text_is_taken_by_an_ordinary_save_and_the_former_one_put_back(org, client):
    former = "Understands welcome sequences in an e-mail tool."
    draft = builders.drafted(org, claim=former)
    sent = fields(client.get(url(org, draft, "claim")))
    answer = client.post(
        url(org, draft, "claim"), {**sent, "take": "claim Tests every branch of a sequence."}
    )
    assert (answer.status_code, answer.url.partition("#")[2]) == (303, "id_claim")
    assert queries.draft(org.id, draft.slug).standard.claim == "Tests every branch of a sequence."
    page = client.get(url(org, draft, "claim"))
    assert f'value="claim {former}"' in page.content.decode()
    client.post(url(org, draft, "claim"), {**fields(page), "take": f"claim {former}"})
    assert queries.draft(org.id, draft.slug).standard.claim == former


def test_what_else_was_typed_is_saved_when_a_new_text_is_taken_for_a_competency(org, client):
    draft = builders.drafted(org)
    sent = {**fields(client.get(url(org, draft, "claim"))), "summary": "Typed meanwhile."}
    client.post(url(org, draft, "claim"), {**sent, "take": "competencies.c2.statement Repairs what fails."})
    standard = queries.draft(org.id, draft.slug).standard
    assert (standard.summary, standard.competencies[1].statement) == (
        "Typed meanwhile.",
        "Repairs what fails.",
    )


def test_the_background_save_takes_a_text_and_gives_the_field_and_its_findings(org, client):
    draft = builders.drafted(org)
    sent = {**fields(client.get(url(org, draft, "claim"))), "take": "title Mailwright Expert"}
    answer = client.post(reverse("autosave", args=[org.slug, draft.slug, "claim"]), sent).json()
    assert answer["fields"] == {"id_title": "Mailwright Expert"}
    assert "<mark>Mailwright</mark>" in answer["fragments"]["wording-title"]
    assert "Put it back" in answer["fragments"]["wording-title"]
    assert "Plain language:" in answer["fragments"]["wording-claim"]


@pytest.mark.parametrize(
    "asked", ["audience x", "competencies.c9.statement x", "claim.x y", "language de", "x"]
)
def test_only_the_texts_of_the_step_can_be_taken(org, client, asked):
    draft = builders.drafted(org)
    sent = {**fields(client.get(url(org, draft, "claim"))), "take": asked}
    assert client.post(url(org, draft, "claim"), sent).status_code == 422
    assert queries.draft(org.id, draft.slug).revision == draft.revision


def test_a_standard_begins_in_the_language_of_its_author_and_its_untouched_levels_follow(client, org):
    client.cookies["django_language"] = "de"
    client.post(
        reverse("standard_new", args=[org.slug]),
        {"signal": "demonstrated", "title": "Willkommensstrecke bauen", "door": "new"},
    )
    draft = queries.draft(org.id, "willkommensstrecke-bauen")
    assert draft.standard.language == "de"
    assert [level.label for level in draft.standard.scale] == [
        "Noch nicht",
        "Teilweise",
        "Sicher",
        "Vorbildlich",
    ]
    saved = actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"language": "es"}, revision=None
    )
    assert saved.standard.scale[0].label == "Todavía no"
    own = [level.model_dump() for level in saved.standard.scale]
    own[0]["label"] = "Falta"
    saved = actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"scale": own}, revision=None
    )
    saved = actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"language": "en"}, revision=None
    )
    # Levels that somebody wrote are theirs.
    assert saved.standard.scale[0].label == "Falta"
