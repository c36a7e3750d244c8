"""The truth guard of the offer: every sentence is tied, stays true, and promises nothing that nobody can keep."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guildmark.design import actions, offer, parts, policies, queries
from guildmark.design.types import Standard
from guildmark.kernel.problems import Invalid
from tests.design import builders
from tests.design.builders import publishable_content, publishable_standard
from tests.design.test_pages import fields


def told(*lines: tuple[str, str], **overrides: Any) -> Standard:
    """A standard whose offer was tied to it as it is now."""
    rows = [{"id": f"o{n}", "text": text, "source": source} for n, (text, source) in enumerate(lines, 1)]
    return offer.stamped(publishable_standard(offer=rows, **overrides))


def rules(standard: Standard) -> set[str]:
    return {fault.rule for fault in offer.check(standard)}


def test_a_first_draft_is_written_from_the_standard_and_holds():
    standard = publishable_standard(
        cost={"amount": "120", "currency": "EUR", "includes": "one further attempt"}
    )
    drafted = offer.stamped(
        standard.model_copy(update={"offer": Standard(offer=offer.drafted(standard)).offer})
    )
    assert rules(drafted) == set()
    assert {offer.path_of(line) for line in drafted.offer} >= {
        "claim", "evidence.e1", "evidence.e2", "criteria.k1", "criteria.k2", "conditions.resubmissions", "cost",
        "study_hours", "validity_months", "not_shown", "fact:passed",
    }  # fmt: skip
    assert all(offer.state_of(drafted, line) == "linked" for line in drafted.offer)
    assert offer.drafted(drafted) == [line.model_dump() for line in drafted.offer]


def test_deleting_a_criterion_flags_the_sentence_that_rests_on_it_and_no_other():
    before = told(
        ("Without triggers that fit nobody passes.", "criteria.k1"), ("Made for owners.", "audience")
    )
    assert rules(before) == set()
    for criterion in before.criteria:
        content = parts.change(before.model_dump(mode="json"), "criteria", "remove", criterion.id)
        found = [f for f in offer.check(Standard.model_validate(content)) if f.severity == "blocking"]
        assert [f.path for f in found] == (["offer.o1"] if criterion.id == "k1" else [])
        assert {f.rule for f in found} <= {"offer.gone"}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"criteria": [{**publishable_content()["criteria"][0], "must_pass": False}]}, "offer.changed"),
        (
            {"criteria": [{**publishable_content()["criteria"][0], "statement": "Something else."}]},
            "offer.changed",
        ),
        ({"criteria": []}, "offer.gone"),
        ({"title": "Another title"}, None),
    ],
)
def test_a_sentence_is_stale_when_its_source_is_another(change, rule):
    standard = told(("Without triggers that fit nobody passes.", "criteria.k1"))
    changed = standard.model_copy(update={n: getattr(Standard.model_validate(change), n) for n in change})
    assert rules(changed) == ({rule} if rule else set())


def test_sentences_without_a_source_are_marked_and_do_not_block():
    (fault,) = offer.check(told(("The course is fun.", "")))
    assert (fault.rule, fault.severity) == ("offer.unlinked", "advice")


@pytest.mark.parametrize(
    "text",
    [
        "A guaranteed job after the course.",
        "We guarantee you a job.",
        "Success guaranteed.",
        "You will land a dream job.",
        "Double your income.",
        "Recognised worldwide.",
        "Mit Jobgarantie.",
        "Ein garantierter Job nach dem Kurs.",
        "Der Erfolg ist garantiert.",
        "Verdoppeln Sie Ihr Gehalt.",
        "Verdopple dein Einkommen.",
        "Weltweit anerkannt.",
        "Empleo garantizado.",
        "Garantizamos un trabajo.",
        "Duplica tu sueldo.",
        "Reconocido en todo el mundo.",
    ],
)
def test_a_promise_that_nobody_can_keep_is_flagged_in_three_languages(text):
    faults = [fault for fault in offer.check(told((text, "claim"))) if fault.rule == "offer.promise"]
    assert faults
    assert all(fault.severity == "blocking" and fault.path == "offer.o1" for fault in faults)
    assert "offer.promise" in rules(publishable_standard(summary=text))


@pytest.mark.parametrize(
    "text",
    [
        "No job is guaranteed.",
        "We do not guarantee a job.",
        "Kein Job ist garantiert.",
        "Ohne Jobgarantie.",
        "Sin empleo garantizado.",
        "You have an answer within ten days, guaranteed.",
        "Recognised by the guild that judges it.",
    ],
)
def test_a_denial_is_no_promise(text):
    assert "offer.promise" not in rules(told((text, "claim")))


@pytest.mark.parametrize(
    ("text", "source", "rule"),
    [
        ("{passed} of {assessed} people passed.", "fact:passed", None),
        ("97 % of 40 people passed.", "fact:passed", "offer.typed_number"),
        ("Most people passed.", "fact:passed", "offer.typed_number"),
        ("97 % pass.", "claim", "offer.loose_rate"),
        ("Die Bestehensquote ist hoch.", "claim", "offer.loose_rate"),
        ("{winners} people passed.", "fact:passed", "offer.placeholder"),
        ("You may try 3 more times.", "conditions.resubmissions", "offer.number"),
        ("You may try 1 more time.", "conditions.resubmissions", None),
        ("You may try once more.", "conditions.resubmissions", None),
        ("It takes 1,5 hours.", "assessment_hours", None),
        ("It takes 2 hours.", "assessment_hours", "offer.number"),
        ("It costs 100 EUR.", "cost", "offer.number"),
        ("It costs 120 EUR, with 1 attempt.", "cost", None),
        ("", "claim", "offer.empty"),
        ("One. Two.", "claim", "offer.sentences"),
        ("It rests on nothing.", "criteria.k9", "offer.gone"),
        ("It rests on nothing.", "title.x", "offer.gone"),
    ],
)
def test_numbers_are_those_of_the_records(text, source, rule):
    assert rules(told((text, source), cost={"amount": "120", "currency": "EUR"})) == (
        {rule} if rule else set()
    )


def test_the_page_fills_in_live_numbers_and_never_tells_a_rate_of_nobody():
    standard = told(("{passed} of {assessed} passed version {version}.", "fact:passed"), ("Fun.", ""))
    first, second = offer.shown(standard, {"passed": 9, "assessed": 12, "version": "1.0"})
    assert (first.text, first.state) == ("9 of 12 passed version 1.0.", "linked")
    assert (second.state, second.source) == ("unlinked", "")
    nobody = offer.shown(standard, {"passed": 0, "assessed": 0, "version": "1.0"})
    assert nobody[0].text == "Nobody has been assessed on this version yet."


def test_a_mark_rests_on_what_was_written_so_that_a_new_member_of_a_later_release_moves_none():
    standard = told(
        ("Without triggers that fit nobody passes.", "criteria.k1"), ("Made for owners.", "decision")
    )
    value = offer.value_at(standard, "criteria.k1")
    assert set(value) == {"id", "name", "statement", "must_pass", "evidence", "descriptors"}
    assert offer.value_at(standard, "decision") is None
    assert offer.value_at(standard, "conditions.resubmissions") == 1  # a default that is told is told


def test_every_source_of_the_picker_resolves():
    standard = publishable_standard(cost={"amount": "120", "currency": "EUR"})
    for _, rows in offer.choices(standard):
        for path, words in rows:
            assert words
            assert offer.is_fact(path) or offer.value_at(standard, path) is not None


# --- through the actions and the editor


pytestmark = pytest.mark.django_db


def test_stale_copy_fails_to_publish_after_a_version_change(org):
    first = builders.published(
        org, offer=[{"id": "o1", "text": "Purpose counts, too.", "source": "criteria.k3"}]
    )
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    kept = [c for c in publishable_content()["criteria"] if c["id"] != "k3"]
    saved = actions.save_draft(
        by=org.owner,
        org_id=org.id,
        version_id=draft.id,
        content={"criteria": kept, "others_required": 0},
        revision=draft.revision,
    )
    with pytest.raises(Invalid) as refused:
        actions.publish(by=org.owner, org_id=org.id, version_id=saved.id, update_note="Shorter.")
    assert [problem.field for problem in refused.value.all_errors()] == ["offer.o1"]


def test_saving_again_does_not_hide_that_a_source_changed(org):
    draft = builders.drafted(org, offer=[{"id": "o1", "text": "Made for owners.", "source": "audience"}])
    keys = {"by": org.owner, "org_id": org.id, "version_id": draft.id}
    changed = actions.save_draft(**keys, content={"audience": "Judges."}, revision=None)
    assert [f.rule for f in policies.blocking(changed.standard)] == ["offer.changed"]
    line = changed.standard.offer[0].model_dump()
    again = actions.save_draft(**keys, content={"offer": [line]}, revision=None)
    assert [f.rule for f in policies.blocking(again.standard)] == ["offer.changed"]
    tied = actions.save_draft(**keys, content={"offer": [{**line, "source": "audience"}]}, revision=None)
    assert policies.blocking(tied.standard) == []


def browser(org: Any) -> Client:
    from django.contrib.auth import get_user_model

    client = Client()
    client.force_login(get_user_model().objects.get(pk=org.owner_id))
    return client


def test_the_editor_drafts_flags_and_takes_the_authors_word(org):
    client, draft = browser(org), builders.drafted(org)
    address = reverse("standard_edit", args=[org.slug, draft.slug, "offer"])
    answer = client.post(address, {**fields(client.get(address)), "do": "draft:offer"})
    assert answer.status_code == 303
    lines = queries.version(org.id, draft.id).standard.offer
    assert len(lines) > 8
    assert all("@" in line.source or line.source.startswith("fact:") for line in lines)
    before = queries.version(org.id, draft.id)
    assert client.post(address, fields(client.get(address))).status_code == 303
    assert queries.version(org.id, draft.id).standard == before.standard

    actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"study_hours": 50}, revision=None
    )
    page = client.get(address)
    assert "Changed since" in page.content.decode()
    place = next(n for n, line in enumerate(lines) if offer.path_of(line) == "study_hours")
    sent = {
        **fields(page),
        f"offer-{place}-text": "Plan about 50 hours of study.",
        f"offer-{place}-holds": "on",
    }
    assert client.post(address, sent).status_code == 303
    assert policies.blocking(queries.version(org.id, draft.id).standard) == []
