"""What stands beside the advisor's answers and on the pages of a standard, in German and Spanish."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from guildmark.design import actions as design
from guildmark.design.advisor import actions
from guildmark.design.advisor.examples import NAMES
from guildmark.design.stacks import relations
from tests.design import builders
from tests.design.advisor_cases import ABLE, address, broad, kept, made, typed
from tests.evidence.builders import decided
from tests.issue.builders import issued
from tests.site.test_translations import ensure_translated, rendered, visible
from tests.wallet.builders import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client, org: Any) -> Client:
    sign_in(client, org.owner_id)
    return client


def begun(org: Any, given: dict[str, Any], **content: Any) -> tuple[Any, Any]:
    """Kept advice, and the published standard that was begun from it."""
    found = kept(org, given)
    draft = actions.start_standard(by=org.owner, org_id=org.id, advice_id=found.id)
    saved = design.save_draft(by=org.owner, org_id=org.id, version_id=draft.id,
                              content=builders.publishable_content(**content), revision=None)  # fmt: skip
    return found, design.publish(by=org.owner, org_id=org.id, version_id=saved.id)


def test_no_english_is_left_where_examples_and_fields_are_shown(reader: Client, org: Any) -> None:
    ask = address(org, "advise")
    pages = [ask, f"{ask}?field=it", *(f"{ask}?example={name}" for name in NAMES)]
    pages += [(ask, typed(made(competencies=14, intended=intended, title="Certified builder"), see="1"))
              for intended in ("micro", "completion")]  # fmt: skip
    pages += [(ask, {"see": "1", "questions_outcome": "task"})]
    ensure_translated(reader, pages, b"")
    page = visible(rendered(reader, pages[2], "de"))
    assert "Eine einfache Fähigkeit mit schwerer Prüfung" in page
    assert "Hauptrisiko" in page


def test_no_english_is_left_beside_the_answers_and_on_the_pages_of_the_standard(
    reader: Client, org: Any
) -> None:
    found, version = begun(org, made(judges=2, study=7.5), study_hours=9, review_months=6)
    issued(org, version=version)
    decided(org, "not_passed", version=version, learner=org.learner("Bo Lind"))
    other = builders.published(org, title="Sequenzen auffrischen")
    relations.relate(by=org.owner, org_id=org.id, child_id=other.achievement_id,
                     base_id=version.achievement_id, role="refresher")  # fmt: skip
    design.mark_reviewed(by=org.owner, org_id=org.id, version_id=version.id, note="Stimmt noch.")
    pages = [address(org, "advice", found.id), address(org, "standard_history", version.slug)]
    # The note of a first version is stored in English.
    ensure_translated(reader, pages, b"Welcome sequence, built and checked. First publication.")
    page = visible(rendered(reader, pages[1], "de"))
    for words in (
        "Über 2 Arbeiten wurde entschieden, von ",
        "1 von 2 entschiedenen Arbeiten bestanden; die Quote ist noch nicht messbar (n = 2).",
        "Das Urteil bei der Veröffentlichung",
        "Stunden Lernzeit: 7,5 → 9",
        "Die wahrscheinlichste Täuschung:",
    ):
        assert words in page
    assert "1 capa se apoya en él." in visible(rendered(reader, pages[0], "es"))


def test_no_english_is_left_on_drafts_of_which_the_risk_is_not_known(reader: Client, org: Any) -> None:
    pages = []
    for given in (made(), broad(capacity=ABLE), made(outcome="attend", evidence="attendance", artefact="")):
        found = kept(org, given)
        version = actions.start_standard(by=org.owner, org_id=org.id, advice_id=found.id)
        pages += [address(org, name, version.slug) for name in ("standard_publish", "standard_history")]
    ensure_translated(reader, pages, b"")
    assert "noch nicht bekannt" in visible(rendered(reader, pages[0], "de"))
