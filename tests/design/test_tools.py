"""The tool watch: which release is news, from when on a standard is marked, and what ends it (PRODUCT UP8, M15)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from guildmark.design import actions as design
from guildmark.design import queries, tool_actions, tool_queries, tools
from guildmark.design.models import ToolAnswer, ToolRelease
from guildmark.design.tools import Record, Release
from guildmark.design.types import Context, VersionView
from guildmark.issue import queries as issue
from guildmark.kernel import audit, clock
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from guildmark.kernel.speaking import spoken
from guildmark.kernel.tenancy import OrgManager
from tests.design.builders import published, successor
from tests.issue import builders
from tests.people.builders import Org

OUT = date(2027, 5, 3)
DAY = datetime(2027, 5, 3, tzinfo=UTC)
BEGUN = datetime(2027, 1, 11, 9, tzinfo=UTC)
REASON = "Every step of the task looks the same in the new version."
MAIL = {"context": [{"kind": "tool", "name": "Mailwright", "version": "4.2"}], "review_months": 24}


def release(version: str, day: date = OUT, name: str = "Mailwright", **members: Any) -> Release:
    return Release(uuid4(), uuid4(), name, version, day, "", "", BEGUN, None, **members)


def names(version: str, name: str = "Mailwright") -> list[Context]:
    return [Context(name=name, version=version)]


@pytest.mark.parametrize(
    ("version", "named", "newer"),
    [
        ("5.0", "4.2", True),
        ("4.10", "4.9", True),
        ("v5", "4.2", True),
        ("4.1", "4.2", False),
        ("4.2", "4.2", False),
        ("4.2.0", "4.2", False),
        ("V4.2", "v 4.2", False),
        ("2025 spring", "2024 autumn", True),
        ("2024 Autumn", "2024  autumn", False),
        ("5.0", "spring", True),
    ],
)
def test_a_release_is_news_when_it_is_newer_than_what_is_named(version: str, named: str, newer: bool) -> None:
    assert tools.is_news(release(version), [named], []) is newer


def test_versions_without_an_order_go_by_the_days_that_were_recorded() -> None:
    spring, autumn = release("spring", date(2027, 3, 1)), release("autumn", date(2027, 9, 1))
    assert not tools.is_news(spring, ["autumn"], [spring, autumn])
    assert tools.is_news(autumn, ["spring"], [spring, autumn])


def test_a_standard_that_names_two_versions_is_measured_by_the_newer_one() -> None:
    context = [*names("4.2"), *names("5.0")]
    assert tools.news(context, [release("5.0")], DAY) == []
    (change,) = tools.news(context, [release("5.1")], DAY)
    assert change.named == "4.2, 5.0"


def test_a_tool_without_a_version_or_of_another_name_is_left_alone() -> None:
    assert tools.news(names(""), [release("5.0")], DAY) == []
    assert tools.news(names("4.2", "Formwright"), [release("5.0")], DAY) == []
    assert tools.news(names("4.2", "MAILWRIGHT "), [release("5.0")], DAY) != []


def test_the_sentence_names_both_versions_and_the_day() -> None:
    first, second = release("5.0"), release("5.2", date(2027, 8, 9))
    (change,) = tools.news(names("4.2"), [second, first], DAY + timedelta(days=200))
    assert change.since == OUT
    assert change.sentence == (
        "Judged on Mailwright 4.2; version 5.0 is out since 3 May 2027, and 5.2 since then."
    )
    (change,) = tools.news(names("4.2"), [second, first], DAY)
    assert spoken(change.sentence) == "Judged on Mailwright 4.2; version 5.0 is out since 3 May 2027."


def test_an_answer_covers_earlier_releases_and_no_later_one() -> None:
    first, second, third = release("5.0"), release("5.1", date(2027, 6, 1)), release("6.0", date(2027, 7, 1))
    moment = DAY + timedelta(days=90)
    own = names("4.2")
    (left,) = tools.unanswered(own, own, [first, second, third], {second.id: moment}, moment)
    assert [one.version for one in left.releases] == ["6.0"]
    before = tools.unanswered(
        own, own, [first, second, third], {second.id: moment}, moment - timedelta(days=1)
    )
    assert [one.version for one in before[0].releases] == ["5.0", "5.1", "6.0"]


def test_an_answer_to_a_withdrawn_release_covers_nothing() -> None:
    first, second = release("5.0"), release("5.1", date(2027, 6, 1), withdrawn_at=DAY + timedelta(days=50))
    own, moment = names("4.2"), DAY + timedelta(days=60)
    (left,) = tools.unanswered(own, own, [first, second], {second.id: DAY + timedelta(days=40)}, moment)
    assert [one.version for one in left.releases] == ["5.0"]


# in an organisation

database = pytest.mark.django_db


def recorded(org: Org, version: str = "5.0", day: date = OUT, **members: Any) -> Release:
    return tool_actions.record_release(
        by=org.owner, org_id=org.id, name="mailwright", version=version, released_on=day, **members
    )


def marked(version: VersionView, at: datetime) -> list[str]:
    view = queries.version(version.org_id, version.id)
    return [change.sentence for change in tool_queries.of_version(view, at)[0]]


def records(version: VersionView, at: datetime) -> list[Record]:
    return tool_queries.beside(queries.version(version.org_id, version.id), at)[1]


@pytest.fixture
def version(org: Org) -> VersionView:
    with clock.at(BEGUN):
        return published(org, **MAIL)


@database
def test_a_version_is_marked_from_the_day_of_the_release_until_it_is_answered(
    org: Org, version: VersionView
) -> None:
    with clock.at(BEGUN):
        out = recorded(org)
    assert out.name == "Mailwright"
    answered = DAY + timedelta(days=20)
    assert marked(version, DAY - timedelta(seconds=1)) == []
    assert marked(version, DAY) == ["Judged on Mailwright 4.2; version 5.0 is out since 3 May 2027."]
    assert marked(version, answered) == marked(version, DAY)
    with clock.at(answered):
        tool_actions.answer_same(
            by=org.owner, org_id=org.id, release_id=out.id, achievement_id=version.achievement_id, note=REASON
        )
    assert marked(version, answered - timedelta(seconds=1)) != []
    assert marked(version, answered) == []
    (record,) = records(version, answered)
    assert (record.outcome, record.note, record.at, record.number) == ("same", REASON, answered, "1.0")
    assert record.by in record.sentence
    (before,) = records(version, DAY - timedelta(days=1))
    assert before.outcome == "coming"


@database
def test_a_version_that_names_the_new_tool_is_the_other_answer(org: Org, version: VersionView) -> None:
    moved = DAY + timedelta(days=30)
    with clock.at(BEGUN):
        recorded(org)
    with clock.at(moved):
        newer = successor(org, version, context=[{"kind": "tool", "name": "Mailwright", "version": "5.0"}])
    for one in (version, newer):
        assert marked(one, moved) == []
    assert marked(version, moved - timedelta(seconds=1)) != []
    with clock.at(moved):
        (record,) = records(version, moved)
        assert (record.outcome, record.number) == ("version", newer.number)
        assert records(newer, moved) == []


@database
def test_a_new_version_that_still_names_the_old_tool_answers_nothing(org: Org, version: VersionView) -> None:
    with clock.at(BEGUN):
        recorded(org)
    moved = DAY + timedelta(days=30)
    with clock.at(moved):
        newer = successor(org, version, summary="Other words about the same bar.")
        assert newer.number == "1.1"
        assert marked(newer, moved) == marked(version, moved) != []


@database
def test_an_answer_holds_for_the_standard_in_its_later_versions(org: Org, version: VersionView) -> None:
    with clock.at(DAY):
        out = recorded(org)
        tool_actions.answer_same(
            by=org.owner, org_id=org.id, release_id=out.id, achievement_id=version.achievement_id, note=REASON
        )
    moved = DAY + timedelta(days=30)
    with clock.at(moved):
        newer = successor(org, version, summary="Other words about the same bar.")
    assert marked(newer, moved) == marked(version, moved) == []


@database
def test_an_announced_version_answers_when_it_comes_into_force(org: Org, version: VersionView) -> None:
    begins = DAY + timedelta(days=60)
    with clock.at(DAY):
        recorded(org)
        draft = design.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
        saved = design.save_draft(
            by=org.owner, org_id=org.id, version_id=draft.id, revision=draft.revision,
            content={"context": [{"kind": "tool", "name": "Mailwright", "version": "5.0"}]},
        )  # fmt: skip
        design.publish(
            by=org.owner, org_id=org.id, version_id=saved.id, update_note="New tool.", effective_at=begins
        )
    assert marked(version, begins - timedelta(seconds=1)) != []
    assert marked(version, begins) == []


@database
def test_a_withdrawn_release_marks_nothing_and_stays_to_be_seen(org: Org, version: VersionView) -> None:
    with clock.at(DAY):
        out = recorded(org)
    with clock.at(DAY + timedelta(days=2)):
        gone = tool_actions.withdraw_release(
            by=org.owner, org_id=org.id, release_id=out.id, reason="That was the beta, not the release."
        )
        assert marked(version, clock.now()) == []
        (record,) = records(version, clock.now())
        assert record.outcome == "withdrawn"
        assert "beta" in record.sentence
        assert [one.id for one in tool_queries.releases(org.id)] == [gone.id]
        with pytest.raises(Conflict, match="withdrawn"):
            tool_actions.withdraw_release(by=org.owner, org_id=org.id, release_id=out.id, reason=REASON)
        again = recorded(org)
    assert again.id != out.id
    assert marked(version, DAY + timedelta(days=1)) != []


@database
def test_nothing_is_ever_deleted_or_edited_behind_our_back(org: Org, version: VersionView) -> None:
    with clock.at(DAY):
        out = recorded(org)
        tool_actions.answer_same(
            by=org.owner, org_id=org.id, release_id=out.id, achievement_id=version.achievement_id, note=REASON
        )
    rows = ToolRelease.objects.for_org(org.id)
    answers = ToolAnswer.objects.for_org(org.id)
    for change in (
        lambda: answers.update(note="No."),
        lambda: answers.delete(),
        lambda: rows.update(version="6.0"),
        lambda: rows.update(released_on=date(2028, 1, 1)),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), transaction.atomic():
        ToolRelease.objects.for_org(org.id)._raw_delete(using="default")


@database
def test_every_act_is_in_the_audit_chain(org: Org, version: VersionView) -> None:
    with clock.at(DAY):
        out = recorded(org)
        tool_actions.answer_same(
            by=org.owner, org_id=org.id, release_id=out.id, achievement_id=version.achievement_id, note=REASON
        )
        tool_actions.withdraw_release(by=org.owner, org_id=org.id, release_id=out.id, reason=REASON)
    found = [event.action for event in audit.history(org.id)]
    assert found[-3:] == ["design.tool_released", "design.tool_answered", "design.tool_release_withdrawn"]
    assert audit.verify_chain(org.id).intact
    entry = queries.history(org.id, version.achievement_id)[0]
    assert (entry.number, entry.note) == ("1.0", REASON)


@database
@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"name": "Formwright"}, "name"),
        ({"version": ""}, "version"),
        ({"version": "5" * 41}, "version"),
        ({"version": "5.0\u202e"}, "version"),
        ({"released_on": date(2031, 1, 1)}, "released_on"),
        ({"released_on": date(1980, 1, 1)}, "released_on"),
        ({"note": "x" * 1001}, "note"),
        ({"url": "http://mailwright.example/5"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "https://[::1"}, "url"),
        ({"url": "https://a:b@mailwright.example/"}, "url"),
    ],
)
def test_what_cannot_be_recorded_is_refused_at_its_field(
    org: Org, version: VersionView, members: dict[str, Any], field: str
) -> None:
    given = {"name": "Mailwright", "version": "5.0", "released_on": OUT, **members}
    with clock.at(DAY), pytest.raises(Invalid) as refusal:
        tool_actions.record_release(by=org.owner, org_id=org.id, **given)
    assert refusal.value.field == field
    assert refusal.value.mend


@database
def test_a_release_is_recorded_once(org: Org, version: VersionView) -> None:
    with clock.at(DAY):
        recorded(org)
        for written in ("5.0", "5", "v5.0.0"):
            with pytest.raises(Conflict, match="recorded already"):
                recorded(org, written)


@database
def test_an_answer_needs_a_reason_and_is_given_once(org: Org, version: VersionView) -> None:
    with clock.at(DAY):
        out = recorded(org)
        keys = {"by": org.owner, "org_id": org.id, "release_id": out.id}
        with pytest.raises(Invalid) as refusal:
            tool_actions.answer_same(**keys, achievement_id=version.achievement_id, note="Same.")
        assert refusal.value.field == "note"
        tool_actions.answer_same(**keys, achievement_id=version.achievement_id, note=REASON)
        with pytest.raises(Conflict):
            tool_actions.answer_same(**keys, achievement_id=version.achievement_id, note=REASON)
        other = published(org, title="Other", context=[])
        with pytest.raises(NotFound):
            tool_actions.answer_same(**keys, achievement_id=other.achievement_id, note=REASON)


@database
def test_only_designers_of_the_organisation_write_and_nobody_else_reads(
    org: Org, other_org: Org, version: VersionView
) -> None:
    with clock.at(DAY):
        out = recorded(org)
        for by in (org.member("assessor"), other_org.owner):
            for write in (
                lambda by=by: tool_actions.record_release(
                    by=by, org_id=org.id, name="Mailwright", version="6.0", released_on=OUT
                ),
                lambda by=by: tool_actions.withdraw_release(
                    by=by, org_id=org.id, release_id=out.id, reason=REASON
                ),
                lambda by=by: tool_actions.answer_same(
                    by=by,
                    org_id=org.id,
                    release_id=out.id,
                    achievement_id=version.achievement_id,
                    note=REASON,
                ),
            ):
                with pytest.raises((Forbidden, NotFound)):
                    write()
        theirs = published(other_org, title="Theirs", **MAIL)
        assert tool_queries.releases(other_org.id) == []
        assert marked(theirs, DAY) == []
        with pytest.raises(NotFound):
            tool_queries.release(other_org.id, out.id)
        with pytest.raises(NotFound):
            tool_actions.answer_same(
                by=other_org.owner, org_id=other_org.id, release_id=out.id,
                achievement_id=theirs.achievement_id, note=REASON,
            )  # fmt: skip
    assert all(isinstance(model._default_manager, OrgManager) for model in (ToolRelease, ToolAnswer))


@database
def test_concerned_standards_are_listed_with_what_waits_first(org: Org, version: VersionView) -> None:
    with clock.at(BEGUN):
        second = published(org, title="A second one", **MAIL)
        published(org, title="On the new one", context=[{"name": "Mailwright", "version": "5.0"}])
    with clock.at(DAY):
        out = recorded(org)
        tool_actions.answer_same(
            by=org.owner, org_id=org.id, release_id=out.id, achievement_id=second.achievement_id, note=REASON
        )
        found = tool_queries.concerned(out, DAY)
        assert [(one.title, one.record.outcome) for one in found] == [
            (version.standard.title, "open"),
            ("A second one", "same"),
        ]
        assert list(tool_queries.open_changes(org.id)) == [version.achievement_id]


# on what strangers see


@database
def test_credentials_carry_the_warning_and_stay_what_they_are(org: Org, client: Client) -> None:
    with clock.at(BEGUN):
        version = published(org, **MAIL)
        credential = builders.issued(org, version)
        recorded(org)
    body, sha = credential.body, credential.body_sha256
    answer = DAY + timedelta(days=14)
    for moment, warned in ((DAY - timedelta(seconds=1), False), (DAY, True), (answer, False)):
        with clock.at(moment):
            if moment == answer:
                (out,) = tool_queries.releases(org.id)
                tool_actions.answer_same(
                    by=org.owner, org_id=org.id, release_id=out.id,
                    achievement_id=version.achievement_id, note=REASON,
                )  # fmt: skip
            status = issue.status_now(credential)
            assert status.verdict == "valid"
            assert ("tool_changed" in status.warnings) is warned
            shown = issue.shown_now(org.id, [credential.public_id])[credential.public_id][1]
            assert shown == status
            page = client.get(credential.path).content.decode()
            bar = client.get(f"/s/{version.slug}").content.decode()
            sentence = "Judged on Mailwright 4.2; version 5.0 is out since 3 May 2027."
            for html in (page, bar):
                assert (sentence in html) is warned
                assert ('data-warning="tool_changed"' in html) is warned
            told = json.loads(client.get(f"/s/{version.slug}/v/1.0.json").content)
            assert bool(told["toolChanges"]) is warned
            assert told["coreHash"] == version.core_hash
            stored = issue.org_credential(org.id, credential.public_id)
            assert (stored.body, stored.body_sha256) == (body, sha)
    assert REASON in bar
    assert DAY in issue.status_now(credential, DAY - timedelta(days=1)).changes


@database
def test_a_credential_that_is_not_valid_is_not_warned_about(org: Org) -> None:
    with clock.at(BEGUN):
        credential = builders.issued(org, published(org, **MAIL))
        recorded(org)
    assert credential.valid_until is not None
    late = issue.status_now(credential, credential.valid_until + timedelta(seconds=1))
    assert (late.verdict, late.warnings, late.tool_changes) == ("expired", (), ())
