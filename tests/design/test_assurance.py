"""The level of assurance: every combination, its order, and that nobody can set it."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client

from guildmark.design import assurance, policies
from guildmark.design.assurance import AUTHORSHIP, IDENTITY, INDEPENDENCE, LEVELS, SUPERVISION, Operation
from guildmark.design.types import Standard
from guildmark.people import actions as people
from tests.design import builders

SRC = Path(__file__).parents[2] / "src" / "guildmark"
# identity, supervision, authorship, independence, second rating, level; a star stands for every answer.
TRUTH = """
*        *          *         nobody        no   0
*        *          *         unclear       *    1
*        *          *         taught        *    1
*        *          *         own_decision  *    1
*        *          *         separate      no   1
*        *          declared  separate      yes  2
address  *          checked   separate      yes  3
checked  none       checked   separate      yes  3
checked  online     checked   separate      yes  4
checked  in_person  checked   separate      yes  4
"""
IMPOSSIBLE = {("nobody", True)}


def everything() -> list[Operation]:
    return [
        Operation(*answers)
        for answers in product(IDENTITY, SUPERVISION, AUTHORSHIP, INDEPENDENCE, (False, True))
        if (answers[3], answers[4]) not in IMPOSSIBLE
    ]


def answers(done: Operation) -> list[str]:
    return [
        done.identity,
        done.supervision,
        done.authorship,
        done.independence,
        "yes" if done.second_rating else "no",
    ]


@pytest.mark.parametrize("done", everything(), ids=lambda done: "-".join(answers(done)))
def test_the_truth_table_has_one_row_for_every_combination(done):
    rows = [line.split() for line in TRUTH.strip().splitlines()]
    fitting = [
        row
        for row in rows
        if all(cell in {"*", given} for cell, given in zip(row, answers(done), strict=False))
    ]
    assert len(fitting) == 1
    assert assurance.level(done).rank == int(fitting[0][5])


def test_a_stronger_answer_never_lowers_the_level():
    ladders = (IDENTITY, SUPERVISION, AUTHORSHIP, INDEPENDENCE, (False, True))
    names = ("identity", "supervision", "authorship", "independence", "second_rating")
    for low, high in product(everything(), repeat=2):
        if all(
            ladder.index(getattr(low, name)) <= ladder.index(getattr(high, name))  # type: ignore[arg-type]
            for name, ladder in zip(names, ladders, strict=True)
        ):
            assert assurance.level(low).rank <= assurance.level(high).rank


def test_a_second_rating_without_judges_is_impossible():
    with pytest.raises(ValueError, match="judges"):
        Operation(independence="nobody", second_rating=True)


def test_the_words_of_a_certification_are_locked_below_the_highest_level():
    assert {assurance.level(done).rank for done in everything() if assurance.may_certify(done)} == {4}
    for standard in (builders.publishable_standard(), Standard.model_validate(builders.completion_content())):
        assert not assurance.may_certify(assurance.promised(standard))
    strict = builders.publishable_standard(
        signal="certified",
        title="Certified sequence builder",
        conditions={"judges": 2, "supervision": "in_person", "authorship_checks": ["supervised"]},
    )
    (locked,) = [f for f in policies.blocking(strict) if f.rule == "wording.grand"]
    assert "“Judged independently, authorship checked”" in locked.message


def test_every_level_below_the_highest_says_what_is_missing():
    for done in everything():
        assert bool(assurance.missing(done)) == (assurance.level(done).rank < len(LEVELS) - 1)


def test_a_statement_is_no_check_of_authorship():
    given = {"supervision": "none", "authorship_checks": ["statement"], "judges": 2}
    standard = builders.publishable_standard(conditions=given)
    assert assurance.promised(standard) == Operation(independence="separate", second_rating=True)
    watched = builders.publishable_standard(
        conditions={**given, "supervision": "in_person", "authorship_checks": ["supervised"]}
    )
    assert assurance.level(assurance.promised(watched)).rank == 3


def test_a_promised_check_counts_when_its_record_is_there():
    checks = ("walkthrough", "version_history")
    assert assurance.authorship(checks, supervision="none", forms={"artefact"}) == ()
    assert assurance.authorship(checks, supervision="none", forms={"walkthrough"}) == ("walkthrough",)
    assert assurance.authorship(("statement",), supervision="in_person") == ()


def test_no_model_form_or_schema_holds_the_level():
    word = re.compile(r"^\s*(?:assurance|assurance_level|level_of_assurance)\s*[:=]", re.MULTILINE)
    for name in ("models.py", "forms.py", "api.py", "types.py"):
        for path in SRC.rglob(name):
            assert not word.search(path.read_text()), path
    for model in apps.get_models():
        assert not [field.name for field in model._meta.fields if "assurance" in field.name]
    assert "assurance" not in json.dumps(Standard.model_json_schema())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        {"assurance": 4},
        {"conditions": {"assurance": 4}},
        {"criteria": [{"id": "k1", "assurance_level": "high"}]},
    ],
)
def test_the_api_refuses_a_level_that_somebody_sets(org, content):
    draft = builders.drafted(org)
    _, key = people.create_api_key(by=org.owner, org_id=org.id, name="x", scopes=["standards:write"])
    answer = Client().patch(
        f"/api/v1/standards/{draft.slug}/draft",
        json.dumps({"content": content, "revision": draft.revision}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 422
    assert "assurance" in answer.content.decode()
