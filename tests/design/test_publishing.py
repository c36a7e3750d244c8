"""From a draft to a published version, and what the database then refuses."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from guildmark.design import actions, queries, triggers
from guildmark.design.models import AchievementVersion
from guildmark.kernel import audit
from guildmark.kernel.clock import at
from guildmark.kernel.models import OutboxEvent
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from tests.design import builders

pytestmark = pytest.mark.django_db
NORMATIVE = [
    "schema_version",
    "signal",
    "language",
    "title",
    "claim",
    "summary",
    "context",
    "competencies",
    "evidence",
    "conditions",
    "scale",
    "pass_level",
    "criteria",
    "others_required",
    "study_hours",
    "assessment_hours",
    "validity_months",
    "review_months",
    "alignments",
    "not_shown",
    "decision",
    "volatility",
    "origin",
]


def run_sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def stored_id(version) -> object:
    return version.id if connection.vendor == "postgresql" else version.id.hex


def test_the_first_publication_is_one_point_zero(org):
    version = builders.published(org)
    assert (version.number, version.state, version.slug) == (
        "1.0",
        "published",
        "welcome-sequence-built-and-checked",
    )
    assert queries.published_version(version.slug, "1.0") == version
    assert queries.latest_published(version.slug) == version


def test_the_hash_can_be_recomputed_by_anybody(org):
    version = builders.published(org, study_hours=5.5)
    document = queries.standard_document(version)
    assert sorted(document["core"]) == sorted(NORMATIVE)
    # RFC 8785 on ASCII keys and text, with no whole floats: sorted keys and no white space.
    text = json.dumps(document["core"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert document["coreHash"] == "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def test_publishing_is_in_the_audit_chain_and_the_outbox(org):
    version = builders.published(org)
    entry = queries.history(org.id, version.achievement_id)[0]
    assert (entry.action, entry.number, entry.hash, entry.by) == (
        "published",
        "1.0",
        version.core_hash,
        "Owner",
    )
    assert audit.verify_chain(org.id).intact
    event = OutboxEvent.objects.get(kind="design.version_published")
    assert event.payload["version"] == str(version.id)
    assert event.payload["core_hash"] == version.core_hash


def test_a_draft_with_blocking_findings_is_not_published(org):
    draft = builders.drafted(org, criteria=[])
    with pytest.raises(Invalid) as refused:
        actions.publish(by=org.owner, org_id=org.id, version_id=draft.id)
    assert "criteria" in {problem.field for problem in refused.value.errors}
    assert queries.version(org.id, draft.id).state == "draft"
    assert not OutboxEvent.objects.filter(kind="design.version_published").exists()


def test_the_class_certified_is_refused_with_the_reason(org):
    draft = builders.drafted(org, signal="certified")
    with pytest.raises(Invalid) as refused:
        actions.publish(by=org.owner, org_id=org.id, version_id=draft.id)
    assert "cannot be published yet" in refused.value.errors[0].detail


def test_a_completion_record_is_published_without_a_claim(org):
    version = builders.published(org, signal="completion")
    assert (version.number, version.standard.signal, version.standard.claim) == ("1.0", "completion", "")


def test_a_claim_on_a_completion_record_is_refused_with_the_reason(org):
    draft = builders.drafted(org, signal="completion")
    with pytest.raises(Invalid) as refused:
        actions.save_draft(
            by=org.owner, org_id=org.id, version_id=draft.id, content={"claim": builders.CLAIM}, revision=None
        )
    assert refused.value.field == "claim"
    assert "took part" in refused.value.detail


def test_switching_the_class_of_a_draft_drops_nothing(org):
    draft = builders.drafted(org)
    switched = actions.save_draft(
        by=org.owner,
        org_id=org.id,
        version_id=draft.id,
        content={"signal": "completion"},
        revision=draft.revision,
    )
    assert switched.standard.claim == builders.CLAIM
    rules = {finding.rule for finding in queries.findings(org.id, draft.id) if finding.severity == "blocking"}
    assert rules == {f"completion.{part}" for part in ("claim", "competencies", "evidence", "criteria")}


def test_a_published_version_is_not_edited_by_an_action(org):
    version = builders.published(org)
    with pytest.raises(Conflict, match="never changes"):
        actions.save_draft(
            by=org.owner,
            org_id=org.id,
            version_id=version.id,
            content={"title": "Other"},
            revision=version.revision,
        )
    with pytest.raises(Conflict, match="never changes"):
        actions.publish(by=org.owner, org_id=org.id, version_id=version.id)
    with pytest.raises(Conflict, match="never changes"):
        actions.discard_draft(by=org.owner, org_id=org.id, version_id=version.id)


@pytest.mark.parametrize(
    "assignment",
    [
        "content = '{}'",
        "core_hash = 'sha256:00'",
        "published_at = '2020-01-01 00:00:00'",
        "published_at = NULL",
        "major = 9",
        "minor = 9",
        "update_note = 'x'",
        "state = 'draft'",
    ],
)
def test_the_database_refuses_to_change_a_published_version(org, assignment):
    version = builders.published(org)
    with pytest.raises(DatabaseError, match="never changes"):
        run_sql(f"UPDATE design_achievementversion SET {assignment} WHERE id = %s", stored_id(version))
    assert queries.verify_hash(org.id, version.id)


def test_the_database_refuses_to_delete_a_published_version(org):
    version = builders.published(org)
    with pytest.raises(DatabaseError, match="never changes"):
        run_sql("DELETE FROM design_achievementversion WHERE id = %s", stored_id(version))


def test_the_database_refuses_to_bring_a_retired_version_back(org):
    version = builders.published(org)
    actions.retire(by=org.owner, org_id=org.id, version_id=version.id)
    with pytest.raises(DatabaseError, match="never changes"):
        run_sql("UPDATE design_achievementversion SET state = 'published' WHERE id = %s", stored_id(version))


def test_an_edit_behind_the_back_of_the_database_is_seen_in_the_hash(org):
    version = builders.published(org)
    row = AchievementVersion.objects.for_org(org.id).get(id=version.id)
    triggers.drop(connection)
    try:
        row.content["criteria"][0]["must_pass"] = False
        row.save(update_fields=["content"])
    finally:
        triggers.install(connection)
    assert not queries.verify_hash(org.id, version.id)


def test_presentation_revisions_are_append_only(org):
    version = builders.published(org)
    revised = builders.successor(org, version, audience="Everybody who sends e-mail.")
    assert (revised.id, revised.number, revised.presentation) == (version.id, "1.0", 1)
    assert revised.core_hash == version.core_hash
    assert revised.standard.audience == "Everybody who sends e-mail."
    with pytest.raises(DatabaseError, match="append-only"):
        run_sql("UPDATE design_presentationrevision SET note = 'x' WHERE number = 1")
    assert queries.verify_hash(org.id, version.id)
    again = builders.successor(org, revised, badge_note="The mark stands alone.")
    assert (again.presentation, again.standard.audience) == (2, "Everybody who sends e-mail.")


def test_a_clarifying_change_gives_a_minor_number(org):
    first = builders.published(org)
    second = builders.successor(
        org, first, summary="From the brief to the launch, with a test of every branch."
    )
    assert second.number == "1.1"
    assert queries.version(org.id, first.id).state == "superseded"
    assert queries.version(org.id, first.id).superseded_by == "1.1"


def test_a_change_of_the_evidence_gives_a_major_number(org):
    first = builders.published(org)
    content = first.standard.model_dump(mode="json")
    content["evidence"][0]["brief"] = "The export of the finished sequence and a screenshot of every branch."
    second = builders.successor(org, first, evidence=content["evidence"])
    assert second.number == "2.0"
    assert [view.number for view in queries.public_versions(first.slug)] == ["2.0", "1.0"]
    assert queries.latest_published(first.slug).number == "2.0"


def test_the_author_may_raise_the_number_but_not_lower_it(org):
    first = builders.published(org)
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"summary": "Other."}, revision=None
    )
    raised = actions.publish(
        by=org.owner, org_id=org.id, version_id=draft.id, update_note="Other.", at_least="major"
    )
    assert raised.number == "2.0"
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"pass_level": 2}, revision=None
    )
    kept = actions.publish(
        by=org.owner, org_id=org.id, version_id=draft.id, update_note="Lower.", at_least="none"
    )
    assert kept.number == "3.0"


def test_a_successor_needs_a_note_and_a_difference(org):
    first = builders.published(org)
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    with pytest.raises(Conflict, match=r"Nothing differs from version 1\.0"):
        actions.publish(by=org.owner, org_id=org.id, version_id=draft.id, update_note="Nothing.")
    actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"pass_level": 4}, revision=None
    )
    with pytest.raises(Invalid, match="what changed"):
        actions.publish(by=org.owner, org_id=org.id, version_id=draft.id)


def test_starting_a_new_version_twice_gives_the_same_draft(org):
    first = builders.published(org)
    one = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    two = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    assert one.id == two.id
    assert one.number == "draft"


def test_a_stale_save_says_who_saved_and_keeps_the_stored_draft(org):
    designer = org.member("designer")
    draft = builders.drafted(org)
    actions.save_draft(
        by=designer, org_id=org.id, version_id=draft.id, content={"title": "Hers"}, revision=draft.revision
    )
    with pytest.raises(Conflict, match="saved by Designer"):
        actions.save_draft(
            by=org.owner,
            org_id=org.id,
            version_id=draft.id,
            content={"title": "His"},
            revision=draft.revision,
        )
    assert queries.version(org.id, draft.id).standard.title == "Hers"


def test_what_was_seen_is_what_is_published(org):
    draft = builders.drafted(org)
    actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"title": "New"}, revision=None
    )
    with pytest.raises(Conflict, match="after you opened it"):
        actions.publish(by=org.owner, org_id=org.id, version_id=draft.id, revision=draft.revision)


def test_saving_the_same_again_counts_no_revision(org):
    draft = builders.drafted(org)
    same = actions.save_draft(
        by=org.owner,
        org_id=org.id,
        version_id=draft.id,
        content={"title": draft.standard.title},
        revision=draft.revision,
    )
    assert same.revision == draft.revision


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"validity_months": 0}, "validity_months"),
        ({"study_hours": -1}, "study_hours"),
        ({"conditions": {"resubmissions": 99}}, "conditions.resubmissions"),
        ({"evidence": [{"id": "e1", "max_mb": 0}]}, "evidence.e1.max_mb"),
        ({"evidence": [{"id": "e1", "kind": "smell"}]}, "evidence.0.kind"),
        ({"criteria": [{"id": "k1"}, {"id": "k1"}]}, "criteria.k1"),
        ({"criteria": [{"id": "Not an id"}]}, "criteria.Not an id"),
        ({"colour": "blue"}, "colour"),
        ({"claim": "a\x00b"}, "claim"),
        ({"title": ["x"]}, "title"),
    ],
)
def test_an_impossible_value_is_refused_with_its_field(org, content, field):
    draft = builders.drafted(org)
    with pytest.raises(Invalid) as refused:
        actions.save_draft(by=org.owner, org_id=org.id, version_id=draft.id, content=content, revision=None)
    assert field in {problem.field for problem in refused.value.all_errors()}


def test_a_broken_surrogate_and_a_non_number_are_refused(org):
    draft = builders.drafted(org)
    for content in ({"claim": "\ud800"}, {"study_hours": float("nan")}):
        with pytest.raises(Invalid):
            actions.save_draft(
                by=org.owner, org_id=org.id, version_id=draft.id, content=content, revision=None
            )


def test_an_address_is_chosen_until_the_first_publication(org, other_org):
    draft = builders.drafted(org)
    other = builders.drafted(other_org)
    assert other.slug == "welcome-sequence-built-and-checked-2"
    with pytest.raises(Conflict, match="taken"):
        actions.change_slug(
            by=other_org.owner, org_id=other_org.id, achievement_id=other.achievement_id, slug=draft.slug
        )
    actions.change_slug(by=org.owner, org_id=org.id, achievement_id=draft.achievement_id, slug="welcome")
    assert actions.publish(by=org.owner, org_id=org.id, version_id=draft.id).slug == "welcome"
    with pytest.raises(Conflict, match="frozen"):
        actions.change_slug(
            by=org.owner, org_id=org.id, achievement_id=draft.achievement_id, slug="welcome-2"
        )


def test_an_outline_proposes_competencies_and_keeps_its_topics(org):
    outline = "1. Email marketing basics\n2. Build a welcome sequence in your tool\n3. Analytics"
    draft = actions.create_achievement(by=org.owner, org_id=org.id, title="Automation", from_existing=outline)
    assert [c.statement for c in draft.standard.competencies] == ["Build a welcome sequence in your tool"]
    lines = queries.outline(org.id, draft.achievement_id)
    assert [(line.text, line.can_do) for line in lines] == [
        ("Email marketing basics", False),
        ("Build a welcome sequence in your tool", True),
        ("Analytics", False),
    ]


def test_a_duplicate_is_a_draft_of_another_achievement(org):
    version = builders.published(org)
    copy = actions.duplicate(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    assert copy.achievement_id != version.achievement_id
    assert (copy.state, copy.standard.title) == ("draft", "Copy of Welcome sequence, built and checked")
    assert copy.standard.criteria == version.standard.criteria


def test_discarding_the_only_draft_ends_the_achievement(org):
    draft = builders.drafted(org)
    actions.discard_draft(by=org.owner, org_id=org.id, version_id=draft.id)
    assert queries.achievements(org.id) == []
    version = builders.published(org)
    second = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    actions.discard_draft(by=org.owner, org_id=org.id, version_id=second.id)
    assert queries.achievement(org.id, version.achievement_id).draft_id is None


def test_a_review_moves_the_date_on_and_is_recorded(org):
    with at(datetime(2026, 1, 31, 12, tzinfo=UTC)):
        version = builders.published(org, review_months=1)
    assert version.review_due == datetime(2026, 2, 28, 12, tzinfo=UTC)
    assert not queries.review_overdue(version, datetime(2026, 2, 28, 11, tzinfo=UTC))
    assert queries.review_overdue(version, datetime(2026, 2, 28, 12, tzinfo=UTC))
    with at(datetime(2026, 3, 5, tzinfo=UTC)):
        reviewed = actions.mark_reviewed(
            by=org.owner, org_id=org.id, version_id=version.id, note="Checked against Mailwright 4.2."
        )
    assert reviewed.review_due == datetime(2026, 4, 5, tzinfo=UTC)
    assert queries.history(org.id, version.achievement_id)[0].note == "Checked against Mailwright 4.2."


def test_a_retired_standard_can_be_archived_and_stays_public(org):
    version = builders.published(org)
    with pytest.raises(Conflict, match="Retire"):
        actions.archive(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    actions.retire(by=org.owner, org_id=org.id, version_id=version.id)
    actions.archive(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    assert queries.achievements(org.id) == []
    assert queries.latest_published(version.slug).state == "retired"


def test_only_designers_and_owners_write(org):
    assessor = org.member("assessor")
    draft = builders.drafted(org)
    with pytest.raises(Forbidden):
        actions.create_achievement(by=assessor, org_id=org.id, title="X")
    with pytest.raises(Forbidden):
        actions.save_draft(by=assessor, org_id=org.id, version_id=draft.id, content={}, revision=None)
    with pytest.raises(Forbidden):
        actions.publish(by=assessor, org_id=org.id, version_id=draft.id)


def test_a_second_organisation_sees_nothing(org, other_org):
    version = builders.published(org)
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    there = other_org.id
    reads = [
        lambda: queries.version(there, version.id),
        lambda: queries.achievement(there, version.achievement_id),
        lambda: queries.achievement_by_slug(there, version.slug),
        lambda: queries.draft(there, version.slug),
        lambda: queries.published_by_id(there, version.id),
        lambda: queries.findings(there, version.id),
        lambda: queries.verify_hash(there, version.id),
        lambda: queries.outline(there, version.achievement_id),
    ]
    keys = {"by": other_org.owner, "org_id": there}
    writes = [
        lambda: actions.save_draft(**keys, version_id=draft.id, content={}, revision=None),
        lambda: actions.publish(**keys, version_id=draft.id),
        lambda: actions.discard_draft(**keys, version_id=draft.id),
        lambda: actions.duplicate(**keys, achievement_id=version.achievement_id),
        lambda: actions.start_new_version(**keys, achievement_id=version.achievement_id),
        lambda: actions.retire(**keys, version_id=version.id),
        lambda: actions.archive(**keys, achievement_id=version.achievement_id),
        lambda: actions.mark_reviewed(**keys, version_id=version.id, note="x"),
        lambda: actions.change_slug(**keys, achievement_id=version.achievement_id, slug="x"),
        lambda: actions.save_draft(
            by=other_org.owner, org_id=org.id, version_id=draft.id, content={}, revision=None
        ),
    ]
    for call in [*reads, *writes]:
        with pytest.raises(NotFound):
            call()
    assert queries.achievements(there) == []
    assert queries.history(there, version.achievement_id) == []
    assert queries.versions_by_id(there, [version.id]) == {}


def test_an_unknown_public_address_is_not_found(org):
    draft = builders.drafted(org)
    for number in ("1.0", "draft", "1", "x.y", "1.0.0", "٣.٠"):
        with pytest.raises(NotFound):
            queries.published_version(draft.slug, number)
    with pytest.raises(NotFound):
        queries.latest_published(draft.slug)
    with pytest.raises(NotFound):
        queries.published_by_id(org.id, draft.id)
    with pytest.raises(NotFound):
        queries.version(org.id, uuid4())
