"""Ties to skills frameworks: what is covered, what is excepted with a reason, and the page that suggests rows."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from guildmark.design import queries
from guildmark.design.alignment import coverage
from tests.design import builders
from tests.skills.builders import imported

LINK = {"id": "a1", "name": "Row", "url": "https://e.example/1", "relation": "close"}
CSV = """uri,name,description
https://frameworks.example/mail/1,Build an automated e-mail sequence,Builds a sequence of messages that follows a brief.
https://frameworks.example/mail/2,Find faults in software,Finds and corrects faults before a launch.
https://frameworks.example/mail/3,Bake bread,Kneads dough and bakes it.
"""


def states(**members) -> list[str]:
    return [row.state for row in coverage(builders.publishable_standard(**members)).rows]


def test_a_competency_is_tied_excepted_or_open():
    assert states() == ["open", "open"]
    assert states(alignments=[{**LINK, "competencies": ["c1"]}]) == ["aligned", "open"]
    assert states(alignments=[{**LINK, "relation": "related", "competencies": ["c1"]}]) == ["open", "open"]
    excepted = [
        {"id": "c1", "statement": "Builds a sequence.", "alignment_exception": "No framework has it."},
        {"id": "c2", "statement": "Finds and corrects faults before launch."},
    ]
    assert states(competencies=excepted) == ["excepted", "open"]
    found = coverage(builders.publishable_standard(competencies=excepted))
    assert (found.aligned, found.settled, [one.id for one in found.open]) == (0, 1, ["c2"])


def page(org, version) -> str:
    return f"/studio/{org.slug}/standards/{version.slug}/alignment"


@pytest.fixture
def owner(org, client):
    client.force_login(get_user_model().objects.get(id=org.owner_id))
    return client


@pytest.mark.django_db
def test_the_page_suggests_rows_and_ties_one_with_its_reason(org, owner):
    version = builders.drafted(org)
    imported(org, CSV, "mail.csv")
    shown = owner.get(page(org, version), {"competency": "c1"}).content.decode()
    assert "Build an automated e-mail sequence" in shown
    assert "Bake bread" not in shown
    given = {
        "revision": version.revision,
        "competency": "c1",
        "relation": "narrower",
        "rationale": "Without text.",
    }
    given["tie"] = "https://frameworks.example/mail/1"
    assert owner.post(page(org, version), given).status_code == 303
    draft = queries.draft(org.id, version.slug)
    (link,) = draft.standard.alignments
    assert (link.url, link.relation, link.rationale, link.competencies) == (
        given["tie"],
        "narrower",
        "Without text.",
        ("c1",),
    )
    second = {**given, "revision": draft.revision, "competency": "c2"}
    owner.post(page(org, version), second)
    draft = queries.draft(org.id, version.slug)
    assert [one.competencies for one in draft.standard.alignments] == [("c1", "c2")]
    owner.post(page(org, version), {"revision": draft.revision, "untie": link.id})
    assert queries.draft(org.id, version.slug).standard.alignments == ()


@pytest.mark.django_db
def test_a_reason_why_no_row_fits_settles_a_competency(org, owner):
    version = builders.drafted(org)
    given = {"revision": version.revision, "competency": "c2", "reason": "Too new.", "except": "1"}
    assert owner.post(page(org, version), given).status_code == 303
    draft = queries.draft(org.id, version.slug)
    assert coverage(draft.standard).rows[1].state == "excepted"


@pytest.mark.django_db
def test_what_cannot_be_tied_is_refused_and_changes_nothing(org, owner, other_org):
    version = builders.drafted(org)
    imported(other_org, CSV, "mail.csv")
    good = {
        "revision": version.revision,
        "competency": "c1",
        "relation": "close",
        "tie": "https://frameworks.example/mail/1",
    }
    assert owner.post(page(org, version), good).status_code == 404, "a framework of somebody else"
    imported(org, CSV, "mail.csv")
    for wrong, status in (
        ({"relation": "same"}, 422),
        ({"competency": "c9"}, 404),
        ({"tie": "https://nowhere.example"}, 404),
        ({"revision": "x"}, 422),
        ({"revision": "99"}, 409),
    ):
        assert owner.post(page(org, version), {**good, **wrong}).status_code == status
    assert queries.draft(org.id, version.slug).standard.alignments == ()


@pytest.mark.django_db
def test_without_frameworks_the_page_says_how_to_get_one(org, owner):
    version = builders.drafted(org)
    assert "Import a framework" in owner.get(page(org, version)).content.decode()


TREE = """uri,name,parent
https://frameworks.example/mail,E-mail work,
https://frameworks.example/mail/1,Build an automated e-mail sequence,https://frameworks.example/mail
https://frameworks.example/mail/4,Write for paid advertising,https://frameworks.example/mail
https://frameworks.example/mail/5,Read delivery reports,https://frameworks.example/mail
"""


@pytest.mark.django_db
def test_the_neighbours_of_what_is_tied_are_offered_and_named(org, owner, client):
    imported(org, TREE, "mail.csv")
    tied = [{**LINK, "url": "https://frameworks.example/mail/1", "competencies": ["c1"]}]
    version = builders.drafted(org, alignments=tied, not_shown=["Read delivery reports."])
    shown = owner.get(page(org, version)).content.decode()
    assert "Write for paid advertising" in shown
    assert "Read delivery reports" not in shown.partition('id="neighbours"')[2]
    given = {"revision": version.revision, "name": "1"}
    assert owner.post(page(org, version), given).status_code == 422
    given["neighbour"] = "https://frameworks.example/mail/4"
    assert owner.post(page(org, version), given).status_code == 303
    draft = queries.draft(org.id, version.slug)
    assert draft.standard.not_shown == ("Read delivery reports.", "Write for paid advertising.")


@pytest.mark.django_db
def test_the_public_page_lists_every_required_neighbour(org, client):
    imported(org, TREE, "mail.csv")
    tied = [{**LINK, "url": "https://frameworks.example/mail/1", "competencies": ["c1"]}]
    version = builders.published(org, alignments=tied)
    text = client.get(f"/s/{version.slug}").content.decode()
    for one in ("Write for paid advertising", "Read delivery reports"):
        assert one in text
    assert text.count("Build an automated e-mail sequence") <= 1
