"""Relations between standards: presentation with an author and a record, never a part of what binds (DF8, DF14)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guildmark.design import actions as design
from guildmark.design import queries as standards
from guildmark.design.advisor import actions as advisor
from guildmark.design.models import Layer
from guildmark.design.stacks import queries, relations
from guildmark.design.stacks.drawing import forest
from guildmark.design.types import VersionView
from guildmark.issue import queries as issue
from guildmark.kernel import audit
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from tests.design.advisor_cases import ABLE, broad, read
from tests.design.builders import completion_content, drafted, publishable_content, published
from tests.design.test_api import Caller
from tests.issue.builders import issued
from tests.people.builders import Org

pytestmark = pytest.mark.django_db


def tied(
    org: Org, child: VersionView, base: VersionView, role: str = "specialization", **options: Any
) -> Any:
    return relations.relate(
        by=options.pop("by", org.owner),
        org_id=org.id,
        child_id=child.achievement_id,
        base_id=base.achievement_id,
        role=role,
        **options,
    )


@pytest.fixture
def base(org: Org) -> VersionView:
    return published(org, title="The foundation")


@pytest.fixture
def layer(org: Org) -> VersionView:
    return published(org, title="The layer on top")


@pytest.fixture
def client(org: Org) -> Client:
    browser = Client()
    assert browser.login(email="owner@northlamp.example", password="correct-horse-7")
    return browser


def page(path: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


# --- the rules


def test_a_tie_has_an_author_a_date_and_an_entry_in_the_audit_chain(org, base, layer):
    made = tied(org, layer, base, "tool-update")
    assert (made.role, made.child.slug, made.base.slug) == ("tool-update", layer.slug, base.slug)
    assert made.created_by == org.owner_id
    (event,) = [e for e in audit.history(org.id, subject_type="achievement", subject_id=layer.achievement_id)
                if e.action == "design.layer_tied"]  # fmt: skip
    assert event.data == {"base": str(base.achievement_id), "role": "tool-update", "announced": False}
    relations.unrelate(by=org.owner, org_id=org.id, relation_id=made.id)
    assert queries.relations(org.id) == []
    assert audit.verify_chain(org.id).intact


def test_two_standards_are_tied_once_and_never_in_a_circle(org, base, layer):
    third = drafted(org, title="A third one")
    tied(org, layer, base)
    tied(org, third, layer, "part")
    with pytest.raises(Conflict, match="tied already"):
        tied(org, layer, base, "refresher")
    with pytest.raises(Conflict, match="rests on"):
        tied(org, base, layer)
    with pytest.raises(Conflict, match="rests on"):
        tied(org, base, third, "refresher")
    with pytest.raises(Invalid, match="itself"):
        tied(org, base, base)
    with pytest.raises(Invalid, match="role"):
        tied(org, third, base, "roof")
    assert len(queries.relations(org.id)) == 2


def test_the_database_refuses_what_the_action_refuses(org, base, layer):
    tied(org, layer, base)
    for child, role in ((layer, "refresher"), (base, "refresher"), (drafted(org), "roof")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Layer.objects.create(
                org_id=org.id, child_id=child.achievement_id, base_id=base.achievement_id, role=role
            )


def test_a_completion_record_carries_nothing_and_rests_on_nothing(org, base):
    record = published(org, **completion_content())
    for child, below in ((record, base), (base, record)):
        with pytest.raises(Invalid, match="took part"):
            tied(org, child, below)


def test_only_a_designer_ties_and_only_standards_of_the_own_organisation(org, base, layer):
    other = Org("southlamp")
    foreign = published(other, title="Foreign")
    with pytest.raises(Forbidden):
        tied(org, layer, base, by=org.member("assessor"))
    for child, below in ((layer, foreign), (foreign, base)):
        with pytest.raises(NotFound):
            tied(org, child, below)
    made = tied(org, layer, base)
    with pytest.raises(NotFound):
        relations.unrelate(by=other.owner, org_id=other.id, relation_id=made.id)
    with pytest.raises(NotFound):
        relations.announce(by=other.owner, org_id=other.id, relation_id=made.id, announced=True)


def test_ties_change_no_hash_no_document_core_and_no_signed_byte(org, base):
    credential = issued(org)
    version = standards.version(org.id, credential.version_id)
    core, body = standards.standard_document(version), credential.body
    made = tied(org, version, base)
    relations.announce(by=org.owner, org_id=org.id, relation_id=made.id, announced=True)
    after = standards.version(org.id, credential.version_id)
    assert after.core_hash == version.core_hash
    assert standards.verify_hash(org.id, after.id)
    document = queries.public_document(after)
    assert {name: document[name] for name in core} == core
    assert [*document["relations"]] == [
        {
            "role": "specialization",
            "base": {
                "published": True,
                "title": "The foundation",
                "slug": base.slug,
                "version": "1.0",
                "url": f"http://localhost:8000/s/{base.slug}",
            },
        }
    ]
    assert issue.credential(credential.public_id).body == body
    second = issued(org, version=after, learner=org.learner("Second Learner"))
    signed = [json.loads(one) for one in (body, second.body)]
    assert signed[0]["relatedResource"] == signed[1]["relatedResource"]
    assert signed[0]["credentialSubject"]["achievement"] == signed[1]["credentialSubject"]["achievement"]
    relations.unrelate(by=org.owner, org_id=org.id, relation_id=made.id)
    assert queries.public_document(standards.version(org.id, version.id)) == core


# --- what strangers read


def test_the_page_of_a_layer_shows_the_base_and_the_base_lists_its_layers(org, base, layer):
    tied(org, layer, base, "refresher")
    above, below = page(f"/s/{layer.slug}/v/1.0"), page(f"/s/{base.slug}")
    assert 'data-base="refresher"' in above
    assert f'<a href="/s/{base.slug}">The foundation</a>' in above
    assert "Version 1.0 · Refresher: Shows that what the base showed still holds." in above
    assert 'data-layer="refresher"' in below
    assert f'<a href="/s/{layer.slug}">The layer on top</a>' in below
    assert Client().get(f"/s/{layer.slug}/v/1.0.json").json()["relations"][0]["base"]["slug"] == base.slug


def test_the_verify_page_of_a_layer_shows_the_base_it_sits_on(org, base):
    credential = issued(org)
    before = Client().get(credential.path)
    tied(org, standards.version(org.id, credential.version_id), base)
    after = Client().get(credential.path)
    assert "The foundation" not in before.content.decode()
    assert f'<a href="/s/{base.slug}">The foundation</a>' in after.content.decode()
    assert before["ETag"] != after["ETag"]


def test_a_base_that_is_not_published_is_named_only_when_that_is_wished(org, layer):
    draft = drafted(org, title="A secret plan")
    made = tied(org, layer, draft)
    bar = page(f"/s/{layer.slug}")
    assert "A standard of this issuer" in bar
    assert "not published yet" in bar
    for path in (f"/s/{layer.slug}", f"/s/{layer.slug}/v/1.0.json", "/o/northlamp"):
        assert "A secret plan" not in page(path)
        assert draft.slug not in page(path)
    relations.announce(by=org.owner, org_id=org.id, relation_id=made.id, announced=True)
    for path in (f"/s/{layer.slug}", "/o/northlamp"):
        assert "A secret plan" in page(path)
        assert "not published yet" in page(path)
        assert f'"/s/{draft.slug}"' not in page(path)


def test_layers_and_parts_are_listed_only_once_they_are_published(org, base):
    for title, role in (("Draft layer", "refresher"), ("Draft part", "part")):
        tied(org, drafted(org, title=title), base, role, announced=True)
    for path in (f"/s/{base.slug}", f"/s/{base.slug}/v/1.0.json", "/o/northlamp"):
        assert "Draft layer" not in page(path)
        assert "Draft part" not in page(path)


def test_the_issuers_page_draws_the_layers_above_their_base_and_the_stack_below(org, base, layer):
    part = published(org, title="A part of it")
    tied(org, layer, base)
    tied(org, part, base, "part")
    html = page("/o/northlamp")
    assert (
        html.index("The layer on top</a></p>")
        < html.index("The foundation</a></p>")
        < html.index("A part of it</a></p>")
    )
    assert "On top of the next one" in html
    assert "Made of" in html


def test_the_pages_of_strangers_stay_under_thirty_queries(org, base):
    credential = issued(org)
    version = standards.version(org.id, credential.version_id)
    for number in range(4):
        tied(org, published(org, title=f"Layer {number}"), version, "part")
    tied(org, version, base)
    for path in (f"/s/{version.slug}", credential.path, "/o/northlamp"):
        with CaptureQueriesContext(connection) as captured:
            page(path)
        assert len(captured) <= 30, path


# --- the map


def test_a_standard_with_two_bases_is_drawn_in_full_once(org, base, layer):
    other, top = published(org, title="Another foundation"), published(org, title="Top")
    for child, below in ((layer, base), (layer, other), (top, layer)):
        tied(org, child, below)
    first, second = forest(queries.relations(org.id))
    assert (first.side.title, second.side.title) == ("Another foundation", "The foundation")
    assert [node.side.title for node in first.above[0].above] == ["Top"]
    assert second.above[0].again
    lonely = published(org, title="Lonely"), published(org, title="Lonely base")
    tied(org, *lonely)
    assert [node.side.title for node in forest(queries.relations(org.id), lonely[0].achievement_id)] == [
        "Lonely base"
    ]


# --- the studio


def address(org: Org, name: str, *args: Any) -> str:
    return reverse(name, args=[org.slug, *args])


def test_the_page_teaches_while_it_is_empty_and_ties_two_standards(org, client, base, layer):
    where = address(org, "standard_layers", layer.slug)
    assert "It stands alone" in page(where, client)
    assert "No two standards are tied yet" in page(address(org, "stacks"), client)
    assert where in page(address(org, "standard_history", layer.slug), client)
    refused = client.post(where, {"tie": "child:refresher", "other": ""})
    assert refused.status_code == 422
    assert "Choose the other standard." in refused.content.decode()
    assert 'value="child:refresher" selected' in refused.content.decode()
    done = client.post(where, {"tie": "child:refresher", "other": str(base.achievement_id)})
    assert (done.status_code, done["Location"]) == (303, where)
    html = page(where, client)
    assert "What it rests on" in html
    assert "The foundation" in page(address(org, "stacks"), client)
    assert f'<option value="{base.achievement_id}"' not in html


def test_the_other_direction_is_a_choice_of_the_same_form(org, client, base, layer):
    client.post(
        address(org, "standard_layers", base.slug), {"tie": "base:part", "other": str(layer.achievement_id)}
    )
    (made,) = queries.relations(org.id)
    assert (made.child.slug, made.base.slug, made.role) == (layer.slug, base.slug, "part")


def test_a_tie_is_announced_hidden_and_removed_on_its_own_page(org, client, layer):
    draft = drafted(org, title="A secret plan")
    made = tied(org, layer, draft)
    where = address(org, "standard_layer", layer.slug, made.id)
    assert "without its title" in page(where, client)
    client.post(where, {"do": "announce"})
    assert queries.relation(org.id, made.id).announced
    assert "Public pages name it already" in page(where, client)
    client.post(where, {"do": "hide"})
    assert not queries.relation(org.id, made.id).announced
    assert client.post(where, {"do": "burn"}).status_code == 422
    assert "no longer say" in page(where, client)
    assert client.post(where, {"do": "remove"}).status_code == 303
    assert queries.relations(org.id) == []
    third = published(org, title="Not part of it")
    again = tied(org, layer, draft)
    assert client.get(address(org, "standard_layer", third.slug, again.id)).status_code == 404


def test_a_member_without_the_role_reads_and_cannot_write(org, base, layer):
    org.member("assessor")
    reader = Client()
    assert reader.login(email="assessor@northlamp.example", password="correct-horse-7")
    where = address(org, "standard_layers", layer.slug)
    assert "Tie it to another standard" not in page(where, reader)
    assert reader.post(where, {"tie": "child:part", "other": str(base.achievement_id)}).status_code == 403
    assert queries.relations(org.id) == []


# --- from advice


def test_beginning_the_pieces_of_a_hybrid_ties_them_to_the_anchor_in_any_order(org):
    given = broad(
        capacity=ABLE, hybrid={"anchor": True, "layers": ["specialization", "refresher", "tool-update"]}
    )
    kept = advisor.keep(by=org.owner, org_id=org.id, answers=read(given))
    roles = [piece.role for piece in kept.result.pieces]
    assert roles == ["anchor", "specialization", "refresher", "tool-update"]
    for piece in (2, 0, 1):
        advisor.start_standard(by=org.owner, org_id=org.id, advice_id=kept.id, piece=piece)
    found = queries.relations(org.id)
    assert {(one.role, one.base.title == kept.result.pieces[0].title) for one in found} == {
        ("refresher", True),
        ("specialization", True),
    }
    assert not any(one.announced for one in found)


def test_a_piece_whose_anchor_is_gone_begins_without_a_tie(org):
    given = broad(capacity=ABLE, hybrid={"anchor": True, "layers": ["refresher"]})
    kept = advisor.keep(by=org.owner, org_id=org.id, answers=read(given))
    anchor = advisor.start_standard(by=org.owner, org_id=org.id, advice_id=kept.id, piece=0)
    design.discard_draft(by=org.owner, org_id=org.id, version_id=anchor.id)
    advisor.start_standard(by=org.owner, org_id=org.id, advice_id=kept.id, piece=1)
    assert queries.relations(org.id) == []


def test_a_discarded_draft_takes_its_ties_along(org, base):
    draft = drafted(org, title="Short lived", claim=publishable_content()["claim"])
    tied(org, draft, base)
    design.discard_draft(by=org.owner, org_id=org.id, version_id=draft.id)
    assert queries.relations(org.id) == []


# --- the API


def test_ties_are_made_listed_and_removed_over_the_api(org, base, layer):
    api = Caller(org)
    made = api.post(f"/{layer.slug}/layers", {"other": base.slug, "role": "tool-update"})
    assert made.status_code == 201
    assert (made.json()["child"]["slug"], made.json()["base"]["version"]) == (layer.slug, "1.0")
    assert [one["id"] for one in api.get(f"/{base.slug}/layers").json()] == [made.json()["id"]]
    document = api.get(f"/{base.slug}/versions/1.0/document").json()
    assert document["relations"][0]["layer"]["slug"] == layer.slug
    with pytest.raises(Conflict):
        api.post(f"/{base.slug}/layers", {"other": layer.slug, "role": "refresher", "this": "child"})
    assert api.delete(f"/{layer.slug}/layers/{made.json()['id']}").status_code == 204
    assert api.get(f"/{base.slug}/layers").json() == []
