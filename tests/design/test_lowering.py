"""A lower class needs a second person and a public reason, and holds for one content only (M1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from guildmark.design import actions, lowering, queries
from guildmark.design.types import VersionView
from guildmark.kernel import audit
from guildmark.kernel.actor import SYSTEM, Actor
from guildmark.kernel.models import OutboxEvent
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from guildmark.people import actions as people
from guildmark.people import queries as people_queries
from tests.design.builders import publishable_content, published
from tests.people.builders import Org

pytestmark = pytest.mark.django_db
REASON = "The sentence said the same before; the new words are only easier to read."


def reworded(org: Org, **overrides: Any) -> VersionView:
    """A draft after 1.0 in which the words of one descriptor differ."""
    first = published(org)
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    criteria = publishable_content()["criteria"]
    criteria[0]["descriptors"][2] = "Trigger logic: finished and right."
    return save(org, draft, **{"criteria": criteria, **overrides})


def save(org: Org, draft: VersionView, *, by: Actor | None = None, **content: Any) -> VersionView:
    return actions.save_draft(
        by=by or org.owner, org_id=org.id, version_id=draft.id, content=content, revision=None
    )


def asked(org: Org, draft: VersionView, by: Actor | None = None) -> lowering.RequestView:
    return lowering.ask(by=by or org.owner, org_id=org.id, version_id=draft.id, reason=REASON)


def agreed(org: Org, draft: VersionView, by: Actor) -> lowering.RequestView:
    return lowering.answer(by=by, org_id=org.id, request_id=asked(org, draft).id, agree=True)


def publish(org: Org, draft: VersionView, **more: Any) -> VersionView:
    return actions.publish(
        by=org.owner, org_id=org.id, version_id=draft.id, update_note="Clearer words.", **more
    )


def test_without_a_request_a_changed_descriptor_is_a_new_major_version(org):
    org.member("designer")
    assert publish(org, reworded(org)).number == "2.0"


def test_two_people_call_an_edit_of_words_clarifying_and_everybody_can_read_it(org):
    second = org.member("designer", name="Second")
    draft = reworded(org)
    agreed(org, draft, second)
    done = publish(org, draft)
    assert done.number == "1.1"
    record = queries.standard_document(done)["lowering"]
    assert (record["from"], record["to"], record["reason"]) == ("major", "minor", REASON)
    assert record["changes"] == ["criteria.k1.descriptors"]
    assert (record["askedBy"], record["agreedBy"]) == ("Owner", "Second")
    assert done.lowering is not None
    assert done.lowering.agreed_by == second.id
    assert lowering.of_draft(org.id, done.id).state == "used"


def test_asking_agreeing_and_publishing_stand_in_the_audit_chain(org):
    second = org.member("designer")
    draft = reworded(org)
    agreed(org, draft, second)
    done = publish(org, draft)
    chain = audit.history(org.id, subject_type="achievement", subject_id=done.achievement_id)
    found = {event.action: event for event in chain}
    assert found["design.lowering_asked"].data["reason"] == REASON
    assert found["design.lowering_agreed"].actor_id == second.id
    assert found["design.version_published"].data["lowering"]["agreed_by"] == str(second.id)
    assert audit.verify_chain(org.id).intact
    kinds = set(OutboxEvent.objects.values_list("kind", flat=True))
    assert {"design.lowering_asked", "design.lowering_answered"} <= kinds


def test_a_later_edit_voids_what_was_agreed(org):
    second = org.member("designer")
    draft = reworded(org)
    agreed(org, draft, second)
    save(org, draft, audience="Other people.")
    assert lowering.of_draft(org.id, draft.id).state == "void"
    assert publish(org, draft).number == "2.0"


def test_an_edit_that_was_taken_back_leaves_the_same_content_agreed(org):
    second = org.member("designer")
    draft = reworded(org)
    agreed(org, draft, second)
    before = draft.standard.audience
    save(org, draft, audience="Other people.")
    save(org, draft, audience=before)
    assert publish(org, draft).number == "1.1"


def test_a_later_edit_voids_what_was_asked(org):
    second = org.member("designer")
    draft = reworded(org)
    request = asked(org, draft)
    save(org, draft, audience="Other people.")
    assert lowering.waiting(org.id) == []
    with pytest.raises(Conflict, match="edited"):
        lowering.answer(by=second, org_id=org.id, request_id=request.id, agree=True)
    assert asked(org, draft).state == "waiting"
    assert lowering.one(org.id, request.id).state == "void"


def test_nobody_agrees_to_what_they_asked_for_or_wrote(org):
    second, third = org.member("designer", name="Second"), org.member("designer", name="Third")
    draft = reworded(org)
    save(org, draft, by=second, audience="Other people.")
    request = asked(org, draft)
    for person in (org.owner, second):
        with pytest.raises(Forbidden, match="somebody else"):
            lowering.answer(by=person, org_id=org.id, request_id=request.id, agree=True)
    assert lowering.answer(by=third, org_id=org.id, request_id=request.id, agree=True).state == "agreed"


def key_of(org: Org, maker: Actor) -> Actor:
    scopes = ["standards:read", "standards:write"]
    _, secret = people.create_api_key(by=maker, org_id=org.id, name="k", scopes=scopes)
    return people_queries.actor_for_key(secret)


def test_a_member_without_the_role_and_a_caller_without_a_person_cannot_agree(org):
    org.member("designer")
    draft = reworded(org)
    request = asked(org, draft)
    with pytest.raises(Forbidden):
        lowering.answer(by=org.member("assessor"), org_id=org.id, request_id=request.id, agree=True)
    for nobody in (SYSTEM, Actor("key", None, org.id, frozenset({"designer"}), "k")):
        with pytest.raises(Forbidden, match="person"):
            lowering.answer(by=nobody, org_id=org.id, request_id=request.id, agree=True)


def test_a_key_answers_in_the_name_of_who_made_it(org):
    second = org.member("owner", name="Second")
    request = asked(org, reworded(org), by=key_of(org, org.owner))
    assert request.asked_by == org.owner_id
    for same in (org.owner, key_of(org, org.owner)):
        with pytest.raises(Forbidden, match="somebody else"):
            lowering.answer(by=same, org_id=org.id, request_id=request.id, agree=True)
    key = key_of(org, second)
    done = lowering.answer(by=key, org_id=org.id, request_id=request.id, agree=True)
    assert (done.state, done.answered_by) == ("agreed", second.id)
    (event,) = [e for e in audit.history(org.id) if e.action == "design.lowering_agreed"]
    assert (event.actor_kind, event.actor_id, event.data["person"]) == ("key", key.id, str(second.id))


def test_a_key_of_somebody_who_is_no_designer_any_more_cannot_answer(org):
    second = org.member("owner", name="Second")
    key = key_of(org, second)
    request = asked(org, reworded(org))
    (member,) = [m for m in people_queries.members(org.id) if m.user_id == second.id]
    people.change_roles(by=org.owner, org_id=org.id, member_id=member.id, roles=["auditor"])
    with pytest.raises(Forbidden, match="nobody here stands"):
        lowering.answer(by=key, org_id=org.id, request_id=request.id, agree=True)


def test_who_wrote_the_draft_through_a_key_cannot_agree_to_it(org):
    second, third = org.member("designer", name="Second"), org.member("owner", name="Third")
    org.member("designer", name="Fourth")
    draft = reworded(org)
    save(org, draft, by=key_of(org, third), audience="Other people.")
    request = asked(org, draft, by=second)
    with pytest.raises(Forbidden, match="somebody else"):
        lowering.answer(by=third, org_id=org.id, request_id=request.id, agree=True)
    assert third.id not in {m.user_id for m in lowering.second_people(draft, second.id)}


def test_who_works_alone_is_told_the_way_out(org):
    draft = reworded(org)
    with pytest.raises(Conflict, match="second") as refused:
        asked(org, draft)
    assert "new major version" in (refused.value.mend or "")
    assert publish(org, draft).number == "2.0"


def test_a_declined_request_lowers_nothing_and_can_be_asked_anew(org):
    second = org.member("designer")
    draft = reworded(org)
    request = asked(org, draft)
    lowering.answer(by=second, org_id=org.id, request_id=request.id, agree=False, note="It asks for more.")
    assert lowering.one(org.id, request.id).answer == "It asks for more."
    assert asked(org, draft).state == "waiting"
    assert publish(org, draft).number == "2.0"


def test_a_reason_is_asked_for(org):
    org.member("designer")
    draft = reworded(org)
    with pytest.raises(Invalid) as refused:
        lowering.ask(by=org.owner, org_id=org.id, version_id=draft.id, reason="typo")
    assert refused.value.field == "reason"


@pytest.mark.parametrize(
    "content",
    [
        {"others_required": 0},
        {"criteria": publishable_content()["criteria"][:2], "others_required": 0},
        {"pass_level": 4},
        {"conditions": {"supervision": "online"}},
        {"claim": publishable_content()["claim"].replace("a brief", "2 briefs")},
        {"conditions": {"time_limit": "3 hours"}},
    ],
)
def test_what_is_more_than_words_is_major_whoever_agrees(org, content):
    org.member("designer")
    draft = reworded(org, **content)
    with pytest.raises(Conflict, match="changes the bar"):
        asked(org, draft)


def test_the_author_may_still_raise_what_was_lowered(org):
    second = org.member("designer")
    draft = reworded(org)
    agreed(org, draft, second)
    done = publish(org, draft, at_least="major")
    assert (done.number, done.lowering) == ("2.0", None)


def test_only_one_request_is_open_and_the_same_is_not_asked_twice(org):
    org.member("designer")
    draft = reworded(org)
    asked(org, draft)
    with pytest.raises(Conflict, match="already"):
        asked(org, draft)


def test_a_published_lowering_record_cannot_be_edited(org):
    second = org.member("designer")
    draft = reworded(org)
    agreed(org, draft, second)
    done = publish(org, draft)
    identity = done.id if connection.vendor == "postgresql" else done.id.hex
    with (
        pytest.raises(DatabaseError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE design_achievementversion SET lowering = NULL WHERE id = %s", [identity])


def test_another_organisation_finds_no_request(org):
    org.member("designer")
    request = asked(org, reworded(org))
    other = Org("southlamp")
    with pytest.raises(NotFound):
        lowering.one(other.id, request.id)
    with pytest.raises(NotFound):
        lowering.answer(by=other.owner, org_id=other.id, request_id=request.id, agree=True)


def test_a_discarded_draft_takes_its_request_along(org):
    org.member("designer")
    draft = reworded(org)
    request = asked(org, draft)
    actions.discard_draft(by=org.owner, org_id=org.id, version_id=draft.id)
    with pytest.raises(NotFound):
        lowering.one(org.id, request.id)
