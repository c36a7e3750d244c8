"""Splitting, merging and dividing: nothing that was tied is lost, the result is shown first, one button undoes it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from guildmark.design import actions, policies, queries, splitting
from guildmark.design.types import Standard
from guildmark.kernel.problems import Invalid
from tests.design import builders
from tests.design.builders import criterion, publishable_content, publishable_standard


def content(**members: Any) -> dict[str, Any]:
    return publishable_standard(**members).model_dump(mode="json")


def checked(made: dict[str, Any]) -> Standard:
    return Standard.model_validate(made)


@pytest.mark.parametrize(
    ("text", "language", "first", "second"),
    [
        ("Finds and corrects faults.", "en", "Finds faults.", "Corrects faults."),
        ("Builds a plan, and then explains it", "en", "Builds a plan", "Explains it"),
        ("Entry is checked; exit is not", "en", "Entry is checked", "Exit is not"),
        ("Baut eine Strecke auf und prüft sie", "de", "Baut eine Strecke auf", "Prüft sie"),
        ("Construye un plan y prueba cada rama", "es", "Construye un plan", "Prueba cada rama"),
        (
            "Entry and exit conditions match",
            "en",
            "Entry and exit conditions match",
            "Entry and exit conditions match",
        ),
        ("", "en", "", ""),
    ],
)
def test_a_text_is_divided_before_its_second_verb_as_a_proposal(text, language, first, second):
    assert splitting.halves(text, language) == (first, second)


def test_a_split_competency_leaves_its_links_at_both_halves():
    lessons = [{"id": "u1", "title": "A", "competencies": ["c2", "c1"]}]
    made = checked(
        splitting.split(
            content(lessons=lessons),
            "competencies",
            "c2",
            {"statement": "Finds faults."},
            {"statement": "Corrects faults."},
        )
    )
    assert [(c.id, c.statement) for c in made.competencies] == [
        ("c1", "Builds a sequence that follows a brief."),
        ("c2", "Finds faults."),
        ("c3", "Corrects faults."),
    ]
    assert made.criteria[1].competencies == ("c2", "c3")
    assert made.lessons[0].competencies == ("c2", "c3", "c1")
    assert policies.blocking(made) == []


def test_an_id_that_a_published_version_used_is_not_given_again():
    made = splitting.split(content(), "competencies", "c2", {}, {}, used={"c3", "c4"})
    assert [row["id"] for row in made["competencies"]] == ["c1", "c2", "c5"]


def test_a_split_criterion_divides_its_descriptors_and_keeps_the_bar_where_it_was():
    samples = [{"id": "s1", "text": "T", "levels": {"k3": 2}}]
    made = checked(
        splitting.split(
            content(samples=samples),
            "criteria",
            "k3",
            {"name": "Purpose", "descriptors": ["a", "b", "c", "d"]},
            {"name": "Order", "descriptors": ["e", "f", "g", "h"]},
        )
    )
    first, second = made.criteria[2:]
    assert (first.name, first.descriptors) == ("Purpose", ("a", "b", "c", "d"))
    assert (second.id, second.name, second.descriptors) == ("k4", "Order", ("e", "f", "g", "h"))
    assert (second.competencies, second.evidence) == (first.competencies, first.evidence)
    assert made.others_required == 2  # the one other criterion was required, and both halves are
    assert made.samples[0].levels == {"k3": 2, "k4": 2}


def test_merging_what_was_split_gives_the_standard_back():
    before = content(samples=[{"id": "s1", "text": "T", "levels": {"k2": 3}}])
    for kind, identity in (("competencies", "c2"), ("criteria", "k2")):
        row = splitting.row_of(before, kind, identity)
        apart = splitting.split(before, kind, identity, {}, {})
        fresh = next(r["id"] for r in apart[kind] if r["id"] not in {r["id"] for r in before[kind]})
        assert checked(splitting.merge(apart, kind, identity, fresh, row)) == checked(before)


def test_a_merged_criterion_is_as_strict_as_the_stricter_of_the_two():
    samples = [{"id": "s1", "text": "T", "levels": {"k2": 3, "k3": 2}}]
    made = checked(splitting.merge(content(samples=samples), "criteria", "k3", "k2", {"name": "Both"}))
    (merged,) = [c for c in made.criteria if c.name == "Both"]
    assert merged.must_pass
    assert set(merged.competencies) == {"c1", "c2"}
    assert set(merged.evidence) == {"e1", "e2"}
    assert made.samples[0].levels == {"k3": 2}
    assert made.others_required == 0
    assert not {"k2"} & {name for c in made.criteria for name in (c.id,)}


@pytest.mark.parametrize("kind", ["evidence", "nothing"])
def test_only_competencies_and_criteria_are_split(kind):
    with pytest.raises(Invalid):
        splitting.split(content(), kind, "e1", {}, {})
    with pytest.raises(Invalid):
        splitting.merge(content(), "criteria", "k1", "k1", {})


PROJECT = {
    "title": "Project management",
    "competencies": [
        {"id": "c1", "statement": "Plans a sprint with a team."},
        {"id": "c2", "statement": "Writes a log of risks."},
        {"id": "c3", "statement": "Writes reports for stakeholders."},
        {"id": "c4", "statement": "Configures a project platform."},
    ],
    "evidence": [
        {
            "id": f"e{n}",
            "title": f"Piece {n}",
            "brief": "B",
            "form": "configuration" if n == 4 else "artefact",
            "own_material": True,
            "variants": 8,
        }
        for n in range(1, 5)
    ],
    "criteria": [
        criterion(f"k{n}", f"Part {n}", competencies=[f"c{n}"], evidence=[f"e{n}"]) for n in range(1, 5)
    ],
    "others_required": 0,
}


def test_project_management_divides_into_four_sharp_standards():
    broad = content(**PROJECT)
    groups = splitting.candidates(broad)
    assert [group.title for group in groups] == [
        "Plans a sprint with a team",
        "Writes a log of risks",
        "Writes reports for stakeholders",
        "Configures a project platform",
    ]
    made = [checked(part) for part in splitting.divide(broad, groups)]
    for n, part in enumerate(made, 1):
        assert [c.id for c in part.competencies] == [f"c{n}"]
        assert [c.id for c in part.criteria] == [f"k{n}"]
        assert [e.id for e in part.evidence] == [f"e{n}"]
        # A rubric of one line is passed by chance more often: the meter asks for a second one.
        assert {f.rule for f in policies.blocking(part)} <= {"impostor.chance"}


def test_a_criterion_of_two_parts_goes_into_both_tied_to_what_is_there():
    shared = [*PROJECT["criteria"], criterion("k9", "Tone", competencies=["c2", "c3"], evidence=["e2", "e3"])]
    broad = content(**{**PROJECT, "criteria": shared})
    groups = [splitting.Group(("c1", "c2"), "A", "A"), splitting.Group(("c3", "c4"), "B", "B")]
    first, second = [checked(part) for part in splitting.divide(broad, groups)]
    assert [c.competencies for c in first.criteria if c.id == "k9"] == [("c2",)]
    assert [c.competencies for c in second.criteria if c.id == "k9"] == [("c3",)]
    assert {e.id for e in second.evidence} == {"e2", "e3", "e4"}


@pytest.mark.parametrize(
    "groups",
    [
        [("c1", "c2", "c3", "c4")],
        [("c1", "c2", "c3", "c4"), ()],
        [("c1", "c2"), ("c3",)],
        [("c1", "c2", "c3"), ("c3", "c4")],
    ],
)
def test_every_competency_goes_into_exactly_one_standard(groups):
    with pytest.raises(Invalid):
        splitting.divide(content(**PROJECT), [splitting.Group(names, "T", "C") for names in groups])


# --- the pages


pytestmark = pytest.mark.django_db


@pytest.fixture
def client(org: Any) -> Client:
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=org.owner_id))
    return browser


def test_the_result_is_shown_before_it_is_made_and_undone_by_one_button(client, org):
    draft = builders.drafted(org)
    address = reverse("standard_split", args=[org.slug, draft.slug, "competencies", "c2"])
    page = client.get(address).content.decode()
    assert "Finds faults before launch." in page
    assert "Corrects faults before launch." in page
    sent = {
        "revision": draft.revision,
        "first_statement": "Finds faults.",
        "second_statement": "Corrects faults before launch.",
    }
    shown = client.post(address, {**sent, "preview": "1"})
    assert "The result" in shown.content.decode()
    assert queries.version(org.id, draft.id).standard == draft.standard

    answer = client.post(address, {**sent, "do": "1"}, follow=True)
    assert [c.statement for c in queries.version(org.id, draft.id).standard.competencies][1:] == [
        "Finds faults.",
        "Corrects faults before launch.",
    ]
    undo = reverse("standard_undo", args=[org.slug, draft.slug])
    assert undo in answer.content.decode()
    assert client.post(undo).status_code == 303
    assert queries.version(org.id, draft.id).standard == draft.standard
    assert client.post(undo).status_code == 409


def test_a_save_in_between_ends_the_offer_to_undo(client, org):
    draft = builders.drafted(org)
    address = reverse("standard_merge", args=[org.slug, draft.slug, "criteria", "k1"])
    page = client.get(f"{address}?other=k3").content.decode()
    assert "Trigger logic / Message purpose" in page
    sent = {"revision": draft.revision, "other": "k3", "one_name": "Logic", "one_statement": "All of it."}
    sent |= {f"one_d{n}": f"Level {n}" for n in range(4)}
    client.post(address, {**sent, "do": "1"})
    merged = queries.version(org.id, draft.id)
    assert [c.name for c in merged.standard.criteria] == ["Logic", "Fault diagnosis"]
    actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"summary": "New."}, revision=None
    )
    assert client.post(reverse("standard_undo", args=[org.slug, draft.slug])).status_code == 409
    assert queries.version(org.id, draft.id).standard.summary == "New."


def test_a_split_of_a_draft_that_somebody_else_saved_is_refused_with_everything_typed(client, org):
    draft = builders.drafted(org)
    address = reverse("standard_split", args=[org.slug, draft.slug, "competencies", "c2"])
    actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content={"summary": "N."}, revision=None
    )
    sent = {"revision": draft.revision, "first_statement": "Kept words", "second_statement": "B", "do": "1"}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()


def test_a_broad_draft_becomes_several_and_one_again(client, org):
    draft = builders.drafted(org, **PROJECT)
    address = reverse("standard_divide", args=[org.slug, draft.slug])
    page = client.get(address).content.decode()
    assert "makes 4 of it" in page
    sent: dict[str, Any] = {"revision": draft.revision}
    for n, place in ((1, 1), (2, 1), (3, 2), (4, 2)):
        sent[f"place_c{n}"] = str(place)
    for n in range(1, 5):
        sent |= {f"title_{n}": f"Title {n}", f"claim_{n}": "Plans a sprint with a team."}
    shown = client.post(address, {**sent, "preview": "1"}).content.decode()
    assert "Title 1" in shown
    assert len(queries.achievements(org.id)) == 1
    answer = client.post(address, {**sent, "do": "1"}, follow=True)
    made = {a.title: a for a in queries.achievements(org.id)}
    assert set(made) == {"Title 1", "Title 2"}
    second = queries.version(org.id, made["Title 2"].draft_id)
    assert [c.id for c in second.standard.competencies] == ["c3", "c4"]
    undo = reverse("standard_undo", args=[org.slug, draft.slug])
    assert undo in answer.content.decode()
    client.post(undo)
    assert [a.title for a in queries.achievements(org.id)] == ["Project management"]
    assert queries.version(org.id, draft.id).standard == draft.standard


def test_undoing_leaves_a_new_draft_in_which_somebody_has_written(client, org):
    draft = builders.drafted(org, **PROJECT)
    sent: dict[str, Any] = {"revision": draft.revision, "do": "1"}
    sent |= {f"place_c{n}": "1" if n == 1 else "2" for n in range(1, 5)}
    sent |= {f"title_{n}": f"Title {n}" for n in range(1, 5)} | {f"claim_{n}": "" for n in range(1, 5)}
    client.post(reverse("standard_divide", args=[org.slug, draft.slug]), sent)
    other = next(a for a in queries.achievements(org.id) if a.title == "Title 2")
    actions.save_draft(
        by=org.owner, org_id=org.id, version_id=other.draft_id, content={"summary": "Mine."}, revision=None
    )
    client.post(reverse("standard_undo", args=[org.slug, draft.slug]))
    assert queries.version(org.id, other.draft_id).standard.summary == "Mine."


def test_the_structure_page_shows_every_fault_beside_its_row_in_few_queries(
    client, org, django_assert_max_num_queries
):
    evidence = publishable_content()["evidence"]
    evidence[1]["form"] = "walkthrough"
    draft = builders.drafted(org, evidence=evidence)
    with django_assert_max_num_queries(30):
        page = client.get(reverse("standard_structure", args=[org.slug, draft.slug])).content.decode()
    assert "not seen in Test log" in page
    assert f"{reverse('standard_edit', args=[org.slug, draft.slug, 'claim'])}#row-competencies-c2" in page
    for words in (
        "Does the class fit?",
        "Promise, effort, price",
        "Judged",
        "yes: nothing that counts shows it",
    ):
        assert words in page
    edit = client.get(reverse("standard_edit", args=[org.slug, draft.slug, "rubric"])).content.decode()
    assert "Does it hold together?" in edit
    assert "not seen in Test log" in edit


def test_the_question_about_the_price_can_be_asked_with_other_figures(client, org):
    draft = builders.drafted(org, cost={"amount": "900", "currency": "EUR"})
    address = reverse("standard_structure", args=[org.slug, draft.slug])
    assert "above 50 to 500" in client.get(address).content.decode()
    assert (
        "within 800 to 1000 (my list)"
        in client.get(f"{address}?low=800&high=1000&source=my+list").content.decode()
    )
    assert client.get(f"{address}?low=x").status_code == 200


def test_a_published_standard_and_a_completion_record_have_a_structure_page_without_tools(client, org):
    for version in (builders.published(org), builders.published(org, signal="completion")):
        page = client.get(reverse("standard_structure", args=[org.slug, version.slug])).content.decode()
        assert "Divide…" not in page
        assert "Does the class fit?" in page


def test_rows_that_are_not_there_are_not_found(client, org):
    draft = builders.drafted(org, criteria=[criterion("k1", "One")])
    for name, kind, row in (
        ("standard_split", "competencies", "c9"),
        ("standard_split", "evidence", "e1"),
        ("standard_merge", "criteria", "k1"),
    ):
        assert client.get(reverse(name, args=[org.slug, draft.slug, kind, row])).status_code == 404
