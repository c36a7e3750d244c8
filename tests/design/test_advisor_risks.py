"""What the advisor shows beside its questions: the main risk, an example of each mistake, what fits in a field."""

from __future__ import annotations

import pytest
from django.test import Client

from guildmark.design import actions as design
from guildmark.design import impostor
from guildmark.design.advisor import actions, engine
from guildmark.design.advisor.examples import example
from guildmark.design.advisor.notes import FIELDS
from guildmark.design.advisor.standing_risk import of_standard
from guildmark.kernel.clock import now
from tests.design import builders
from tests.design.advisor_cases import ABLE, address, broad, keep_by_page, kept, made, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(org):
    from django.contrib.auth import get_user_model

    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=org.owner_id))
    return browser


# --- the main risk, on every page (DF12)


def tile(page: str) -> str:
    """The block of the main risk of a page."""
    return page.split("<h2>Main risk</h2>")[1].split("</section>")[0]


def test_a_micro_credential_shows_its_chance_to_pass_without_the_skill_as_it_stands(client, org):
    found = kept(org)
    version = actions.start_standard(by=org.owner, org_id=org.id, advice_id=found.id)
    publish, history = (address(org, name, version.slug) for name in ("standard_publish", "standard_history"))
    for page in (publish, history):
        shown = tile(client.get(page).content.decode())
        assert "not known yet" in shown
        assert "names no evidence or no criterion yet" in shown
    saved = design.save_draft(by=org.owner, org_id=org.id, version_id=version.id,
                              content=builders.publishable_content(), revision=None)  # fmt: skip
    measured = impostor.percent(impostor.report(saved.standard).once)
    for page in (publish, history):
        shown = tile(client.get(page).content.decode())
        assert f"<strong>{measured}</strong>" in shown
        assert "Evidence strength 6 of 10." in shown
    one_quiz = {"id": "e1", "title": "Quiz", "brief": "Two.", "form": "quiz", "quiz": {"items": 2, "options": 2, "cut": 1}}  # fmt: skip
    weaker = design.save_draft(by=org.owner, org_id=org.id, version_id=version.id,
                               content=builders.publishable_content(evidence=[one_quiz]), revision=None)  # fmt: skip
    worse = impostor.percent(impostor.report(weaker.standard).once)
    assert worse != measured
    assert f"<strong>{worse}</strong>" in tile(client.get(history).content.decode())


def test_a_certification_shows_hours_to_build_and_hours_a_year_as_it_stands(client, org):
    found = kept(org, broad(capacity=ABLE))
    version = actions.start_standard(by=org.owner, org_id=org.id, advice_id=found.id)
    history = address(org, "standard_history", version.slug)
    assert "names no competency yet" in tile(client.get(history).content.decode())
    # As many competencies as were answered: the hours of the advice. Half of them: half of the questions.
    ten = [{"id": f"c{number}", "statement": f"Builds part {number}."} for number in range(10)]
    for competencies, hours in ((ten, "316 h, then 118 h a year"), (ten[:5], "")):
        saved = design.save_draft(by=org.owner, org_id=org.id, version_id=version.id,
                                  content={"competencies": competencies}, revision=None)  # fmt: skip
        risk = of_standard(saved.standard, answers=found.answers)
        assert hours in risk.value
        assert risk.value in tile(client.get(history).content.decode())
    assert risk.value != "316 h, then 118 h a year"
    alone = of_standard(saved.standard)
    assert "How many learners there are a year is not known" in alone.text


def test_a_completion_record_shows_that_it_proves_no_skill(client, org):
    version = builders.published(org, signal="completion")
    shown = tile(client.get(address(org, "standard_history", version.slug)).content.decode())
    assert "It proves no skill" in shown
    assert "<strong>0 of 10</strong>" in shown


def test_an_open_verdict_says_which_risk_is_not_known_yet(client, org):
    given = made()
    given["questions"] |= {"change": "", "place": ""}
    for path, how in ((address(org, "advise_verdict"), {}), (address(org, "advise"), {"see": "1"})):
        shown = tile(client.post(path, typed(given, **how)).content.decode())
        assert "not known yet" in shown
        assert "How soon does the skill change?" in shown
        assert "Where does it stand among your offers?" in shown
        assert "What should it lead to at work?" not in shown
        assert "weak evidence: strength 6 of 10" in shown
    answered = tile(client.post(address(org, "advise_verdict"), typed(made())).content.decode())
    assert "not known yet" not in answered


# --- the two mistakes, and what fits in a field


@pytest.mark.parametrize(
    ("name", "corner", "words"),
    [
        ("overbuilt", (0, 10), "A simple skill with a heavy assessment: learners pay for proof that nobody needs."),
        ("undervalidated", (9, 3), "A complex skill with a light assessment: most of it is claimed and not shown."),
    ],
)  # fmt: skip
def test_each_mistake_has_an_example_that_fills_the_form_and_is_flagged(client, org, name, corner, words):
    page = client.get(address(org, "advise")).content.decode()
    assert f'href="?example={name}#verdict"' in page
    assert words not in page
    filled = client.get(address(org, "advise") + f"?example={name}").content.decode()
    assert words in filled
    assert "An example of a mistake." in filled
    given = example(name)
    quadrant = engine.advise(given, today=now().date()).quadrant
    assert (quadrant.flag, quadrant.complexity.value, quadrant.validation.value) == (name, *corner)
    # What is filled in is all of it: sent and kept, it lands in the same corner.
    found = keep_by_page(client, org, given.model_dump(mode="json"))
    assert found.result.quadrant == quadrant


def test_an_example_that_is_not_known_is_an_empty_form(client, org):
    assert example("nothing") is None
    page = client.get(address(org, "advise") + "?example=nothing")
    assert page.status_code == 200
    assert "An example of a mistake." not in page.content.decode()


def test_what_fits_in_every_field_stands_side_by_side_for_both_models(client, org):
    page = client.get(address(org, "advise")).content.decode()
    table = page.split('id="fields"')[1].split("</table>")[0]
    rows = table.split("<tbody>")[1].split("</tr>")
    for row, one in zip(rows, FIELDS, strict=False):
        for words in (f'href="?field={one.name}"', one.words, one.micro[1:], one.certification[1:]):
            assert words in row
    assert len({one.micro for one in FIELDS} | {one.certification for one in FIELDS}) == 2 * len(FIELDS)


def test_the_hint_of_the_chosen_field_stays_after_seeing_the_verdict(client, org):
    hint = "In this field, often: as a micro-credential, one reconciliation or report"
    assert hint in client.get(address(org, "advise") + "?field=finance").content.decode()
    given = made()
    given["certification"]["field"] = "finance"
    assert hint in client.post(address(org, "advise"), typed(given, see="1")).content.decode()
    # The field that was chosen counts, and not the one in the address.
    other = client.post(address(org, "advise") + "?field=trades", typed(given, see="1")).content.decode()
    assert hint in other
    assert "In this field, often" not in client.post(address(org, "advise"), typed(made(), see="1")).content.decode()  # fmt: skip
