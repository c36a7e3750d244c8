"""Searching: stems of several languages, what is offered and what is not, and what leads to a match."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.skills import index, queries
from guildmark.skills.folding import terms
from guildmark.skills.formats.common import SkillRow
from tests.skills.builders import DIGCOMP, case, ctdl, esco, imported

ENGLISH = (
    "code,name,description,synonyms\n"
    "1,perform software unit testing,Test single parts of a program.,write unit tests\n"
    "2,tune bicycles,\"Adjust gears, brakes and tyres of bicycles.\",bike tuning\n"
    "3,C#,A programming language.,\n"
    "4,C++,Another programming language.,\n"
    "5,test soil,Test soil in a laboratory.,\n"
    "6,manage staff,Lead people who test things.,\n"
)  # fmt: skip
GERMAN = "code,bezeichnung,beschreibung\n1,Kuchen backen,Backt Kuchen und Torten\n2,Bücher prüfen,Prüft die Bücher\n"
SPANISH = "code,nombre,descripción\n1,gestión de proyectos,Planificar y dirigir\n2,traducir textos,De una lengua a otra\n"


def names(org: Any, text: str, language: str = "", **more: Any) -> list[str]:
    return [match.skill.name for match in queries.search(org.id, text, language, **more)]


@pytest.mark.django_db
def test_a_claim_finds_the_skill_that_it_means(org: Any) -> None:
    imported(org, ENGLISH, "skills.csv", language="en")
    assert (
        names(org, "Writes unit tests for a given Python module", "en")[0] == "perform software unit testing"
    )
    assert names(org, "adjusts the brakes of a bicycle", "en") == ["tune bicycles"]
    assert names(org, "the and of with", "en") == []
    assert names(org, "", "en") == []


@pytest.mark.django_db
def test_a_framework_without_a_language_is_read_in_the_one_that_its_words_show(org: Any) -> None:
    rows = "".join(f"{n},Explains the use of an oven and of a mixer number {n}\n" for n in range(9))
    view = imported(org, f"code,name\n{rows}x,Adjusts the brakes of a bicycle\n", "ours.csv")
    assert any("read as 'en'" in finding.message for finding in view.findings)
    imported(org, ENGLISH, "skills.csv", language="en")
    assert names(org, "brake adjusting for bicycles", "en") == [
        "Adjusts the brakes of a bicycle",
        "tune bicycles",
    ]
    # In a small framework common words look rare: they must not push the other one aside.
    assert names(org, "the and of with a number", "en")[0].startswith("Explains")
    assert (
        names(org, "Writes the unit tests of a module and of an app", "en")[0]
        == "perform software unit testing"
    )


@pytest.mark.django_db
def test_names_with_signs_are_told_apart(org: Any) -> None:
    imported(org, ENGLISH, "skills.csv", language="en")
    assert names(org, "programs in C#")[0] == "C#"
    assert names(org, "programs in C++")[0] == "C++"


@pytest.mark.django_db
def test_each_language_is_stemmed_by_its_own_rules(org: Any) -> None:
    imported(org, GERMAN, "de.csv", language="de-AT")
    imported(org, SPANISH, "es.csv", language="es")
    assert names(org, "bäckt einen Kuchen", "de") == ["Kuchen backen"]
    assert names(org, "geprüfte Buecher und buch", "de") == ["Bücher prüfen"]
    assert names(org, "la gestion de un proyecto", "es") == ["gestión de proyectos"]
    assert names(org, "traducción de un texto", "es") == ["traducir textos"]
    assert set(names(org, "proyectos Kuchen")) == {"gestión de proyectos", "Kuchen backen"}


@pytest.mark.django_db
def test_a_language_that_no_framework_has_falls_back_to_those_there_are(org: Any) -> None:
    imported(org, ENGLISH, "skills.csv", language="en")
    assert names(org, "bicycles", "fi") == ["tune bicycles"]


@pytest.mark.django_db
def test_a_name_in_a_second_language_is_found_too(org: Any) -> None:
    imported(org, ctdl(), "c.jsonld")
    assert names(org, "el amasado", "es") == ["Mixing"]
    assert names(org, "mixing", "en") == ["Mixing"]


@pytest.mark.django_db
def test_groups_areas_and_glossary_are_found_only_where_everything_is_asked_for(org: Any) -> None:
    imported(org, esco(), "esco.zip")
    imported(org, DIGCOMP, "DigComp_3.0.jsonld")
    assert names(org, "making food") == ["bake bread"]
    assert names(org, "making food", everything=True)[0] == "making food"
    assert names(org, "a machine-based AI system") == []


@pytest.mark.django_db
def test_a_match_says_its_rank_its_score_and_the_words_that_led_to_it(org: Any) -> None:
    imported(org, ENGLISH, "skills.csv", language="en")
    first, *rest = queries.search(org.id, "write unit tests", "en")
    assert (first.rank, first.words) == (1, ("test", "unit", "write"))
    assert 1 >= first.score > max(match.score for match in rest)


@pytest.mark.django_db
def test_a_search_may_be_kept_to_one_framework_and_to_a_number(org: Any) -> None:
    imported(org, ENGLISH, "skills.csv", language="en")
    imported(org, case(), "case.json")
    bakery = next(f for f in queries.frameworks(org.id) if f.format == "case")
    assert names(org, "test a dough", framework_id=bakery.id) != []
    assert "test soil" not in names(org, "test a dough", framework_id=bakery.id)
    assert len(names(org, "test", limit=1)) == 1


@pytest.mark.django_db
def test_a_search_needs_three_statements_however_many_frameworks_there_are(
    org: Any, django_assert_num_queries: Any
) -> None:
    imported(org, ENGLISH, "skills.csv", language="en")
    imported(org, case(), "case.json")
    imported(org, SPANISH, "es.csv", language="es")
    with django_assert_num_queries(3):
        assert names(org, "unit tests and dough")


@pytest.mark.django_db
def test_a_text_of_any_length_and_letters_is_answered(org: Any) -> None:
    imported(org, ENGLISH, "skills.csv", language="en")
    for text in (
        "test " * 5_000,
        "'; DROP TABLE skills_skill; --",
        "%_\\",
        "🥖 test",
        "\x00test",
        "x" * 4_000,
    ):
        names(org, text)
    assert names(org, "test") != []


@given(
    st.lists(
        st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 255)), max_size=50, unique_by=lambda one: one[0]
    )
)
def test_postings_come_back_as_they_were_packed(rows: list[tuple[int, int]]) -> None:
    numbers, weights = [number for number, _ in rows], [weight for _, weight in rows]
    found, weighed = index.unpacked(index.packed(numbers, weights))
    assert (list(found), list(weighed)) == (numbers, weights)


def test_a_stem_weighs_more_in_a_name_than_in_a_description() -> None:
    rows = [
        (1, SkillRow(uri="a", name="bake bread", description="in an oven", language="en")),
        (2, SkillRow(uri="b", name="heat rooms", description="with bread ovens", language="en")),
    ]
    entries = {entry.key: entry for entry in index.build(rows, total=2, tick=lambda done, total: None)}
    weights = dict(zip(*index.unpacked(entries["en:bread"].postings), strict=True))
    assert entries["en:bread"].frequency == 2
    assert weights[1] > 1.5 * weights[2]


def test_words_are_folded_alike_with_and_without_accents() -> None:
    assert terms("Gestión", "es") == terms("GESTION", "es")
    assert terms("Qualitätsprüfungen", "de") == terms("qualitatsprufung", "de")
    assert terms("Éléments", "xx") == ["elements"]
    assert terms("über the für", "de") == ["the"]
