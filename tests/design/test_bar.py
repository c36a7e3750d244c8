"""What the bar page says by itself: duties, limits, rubric files, captions."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guildmark.design import captions, doing, not_shown, policies, rubric
from guildmark.design.types import Standard, VersionView
from guildmark.kernel.ids import uuid7
from tests.design.builders import completion_content, criterion, publishable_content, publishable_standard

FORMS = [
    "artefact",
    "repaired",
    "before_after",
    "configuration",
    "scenario",
    "performance",
    "observation",
    "walkthrough",
    "analysis",
]


@st.composite
def standards(draw: Any) -> Standard:
    """Standards that the gate lets through, of many kinds."""
    if draw(st.booleans()):
        return Standard.model_validate(
            completion_content(language=draw(st.sampled_from(["en", "de", "tlh"])))
        )
    evidence = [
        {**part, "form": draw(st.sampled_from(FORMS)), "action": draw(st.sampled_from(list(doing.SENTENCES)))}
        for part in publishable_content()["evidence"]
    ]
    return publishable_standard(
        evidence=evidence,
        not_shown=draw(st.lists(st.text("abc ", min_size=1), max_size=2)),
        context=draw(
            st.sampled_from([[], [{"name": "Mailwright"}], [{"name": "A", "version": "1"}, {"name": "B"}]])
        ),
        conditions={
            "supervision": draw(st.sampled_from(["none", "online", "in_person"])),
            "allowed_aids": draw(st.sampled_from(["", "None.", "Any documentation."])),
            "judges": draw(st.integers(1, 3)),
        },
        validity_months=draw(st.sampled_from([None, 1, 18])),
        language=draw(st.sampled_from(["en", "de", "pt-BR", "tlh"])),
    )


@given(standards(), st.lists(st.text(st.characters(categories=["L"]), min_size=1), max_size=3))
def test_what_it_does_not_show_is_never_empty(standard: Standard, siblings: list[str]) -> None:
    gate = [f for f in policies.blocking(standard) if f.rule != "not_shown.empty"]
    # Whether the form shows the claim, and whether somebody passes without the skill, are other questions.
    apart = ("claim.", "type.", "quiz.", "attendance.", "impostor.")
    assert not [f for f in gate if not f.rule.startswith(apart)]
    said = not_shown.lines(not_shown.scope_of(standard, siblings))
    assert said
    assert all(line.strip() for line in said)
    assert len({line.casefold() for line in said}) == len(said)
    for own in standard.not_shown:
        assert not own.strip() or own.casefold() in {line.casefold() for line in said}
    if standard.signal != "completion":
        for sibling in siblings:
            wanted = f"{sibling}: a skill beside".casefold()
            assert any(line.casefold().startswith(wanted) for line in said)


def test_the_limits_follow_from_the_standard() -> None:
    said = "\n".join(not_shown.lines(not_shown.scope_of(publishable_standard())))
    assert said.startswith("Writing for paid advertising.")
    for words in (
        "nobody watched",
        "nothing says which aids were allowed",
        "one judge rates the work",
        "anything else than Mailwright 4.2",
        "another language than English",
        "Doing it live",
        "Why the person chose",
        "measured before and after",
        "after 18 months",
    ):
        assert words in said, words
    assert "Repairing the work of others" not in said  # the second task asks for that
    watched = publishable_standard(
        conditions={"supervision": "in_person", "allowed_aids": "None.", "judges": 2}, context=[]
    )
    less = "\n".join(not_shown.lines(not_shown.scope_of(watched)))
    assert not any(words in less for words in ("nobody watched", "aids", "second judge", "anything else"))


def test_a_credential_says_from_when_it_is() -> None:
    said = not_shown.lines(not_shown.Scope(worked_on=date(2026, 5, 21)))
    assert said == (
        "What the person can do today: the work was handed in on 21 May 2026, and nobody has looked again since.",
    )


@given(standards())
def test_the_duties_are_those_of_the_standard_and_nothing_else(standard: Standard) -> None:
    found = doing.duties(standard)
    if standard.signal == "completion":
        assert found == ()
        return
    assert [duty.brief for duty in found] == [part.brief for part in standard.evidence]
    for duty, part in zip(found, standard.evidence, strict=True):
        assert part.title in duty.sentence
        tied = [one for one in standard.criteria if part.id in one.evidence]
        assert [words.split(" Level ")[0] for words in duty.shows] == [one.statement for one in tied]
        assert ["is a must" in words for words in duty.shows] == [one.must_pass for one in tied]


def test_a_criterion_that_is_tied_to_no_task_is_still_told() -> None:
    standard = publishable_standard(
        criteria=[criterion("k1", "Trigger logic"), criterion("k9", "Tone", evidence=[])]
    )
    assert doing.duties(standard)[-1].shows == ("Tone fits the brief. Level 3 or more is a must.",)


def version_of(standard: Standard) -> VersionView:
    moment = datetime(2026, 5, 21, tzinfo=UTC)
    return VersionView(
        uuid7(), uuid7(), uuid7(), "welcome", "1.0", "published", standard, "sha256:" + "0" * 64, 1, "", moment,
        moment, None, "",
    )  # fmt: skip


def test_the_rubric_is_the_same_as_json_and_as_csv() -> None:
    standard = publishable_standard(
        criteria=[criterion("k1", "=SUM(A1)"), criterion("k2", "Tone", must_pass=False)]
    )
    found = json.loads(json.dumps(rubric.document(version_of(standard))))
    assert (found["passLevel"], found["rule"]) == (3, standard.rule_in_words())
    assert [level["passes"] for level in found["criteria"][0]["levels"]] == [False, False, True, True]
    rows = list(csv.DictReader(io.StringIO(rubric.table(version_of(standard)))))
    assert len(rows) == 8
    assert rows[0]["name"] == "'=SUM(A1)"
    assert [(row["level"], row["label"], row["passes"]) for row in rows[4:]] == [
        (str(number), level.label, "yes" if number >= 3 else "no")
        for number, level in enumerate(standard.scale, start=1)
    ]
    assert [row["descriptor"] for row in rows[4:]] == list(standard.criteria[1].descriptors)


VTT = """WEBVTT - explainer

NOTE made by hand

1
00:00.000 --> 00:04.000 align:start
<v Mara>A log that says
what happened.

00:04.500 --> 01:00:09.000
Nothing else.
"""


def test_captions_are_known_and_their_words_can_be_read() -> None:
    assert captions.is_webvtt(VTT)
    assert captions.words(VTT) == "A log that says what happened.\nNothing else."
    for other in (
        "",
        "WEBVTT",
        "WEBVTTX\n\n00:00.000 --> 00:01.000\nx",
        "1\n00:00:00,000 --> 00:00:01,000\nx",
    ):
        assert not captions.is_webvtt(other)
        assert captions.words(other) == ""


def found(**members: Any) -> set[str]:
    return {finding.rule for finding in policies.findings(publishable_standard(**members))}


def test_the_gate_looks_at_explainer_and_samples() -> None:
    video = {"url": "https://video.example/v", "minutes": 12}
    assert {"captions.missing", "transcript.missing", "explainer.long"} <= found(explainer=video)
    assert not {"captions.missing", "captions.form"} & found(explainer={**video, "captions": VTT})
    wrong = {**video, "captions": "1\n00:00:00,000 --> 00:00:01,000\nSubRip"}
    assert "captions.form" in {f.rule for f in policies.blocking(publishable_standard(explainer=wrong))}
    sample = {"id": "s1", "kind": "just_fail", "text": "All branches checked."}
    assert "sample.levels" in found(samples=[sample])
    passing = {"k1": 3, "k2": 3, "k3": 3}
    assert "sample.kind" in found(samples=[{**sample, "levels": passing}])
    assert "sample.kind" not in found(samples=[{**sample, "levels": {**passing, "k2": 2}}])
    assert "sample.kind" in found(samples=[{**sample, "kind": "just_pass", "levels": {**passing, "k2": 2}}])


def test_the_standards_of_the_demo_show_a_whole_bar() -> None:
    from guildmark.site.demo import standards

    for content in (*map(standards.sequence, range(3)), standards.BRIEFING):
        standard = Standard.model_validate(content)
        assert {f.rule for f in policies.findings(standard)} <= {
            "alignment.open",
            "captions.missing",
        }
        assert len(standard.samples) == 3
