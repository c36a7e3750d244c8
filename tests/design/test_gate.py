"""The publish gate, rule by rule: one change to a good standard, one finding."""

from __future__ import annotations

import pytest

from guildmark.design import policies, wording
from guildmark.design.faults import listed
from guildmark.design.types import Rules, Standard
from guildmark.kernel.words import Said
from tests.design.builders import (
    CLAIM,
    completion_content,
    criterion,
    publishable_content,
    publishable_standard,
)


def rules(severity: str = "blocking", **overrides) -> set[str]:
    return {f.rule for f in policies.findings(publishable_standard(**overrides)) if f.severity == severity}


def one(**changes):
    """The criteria with the first one changed."""
    return [
        criterion("k1", "Trigger logic", **changes),
        criterion("k2", "Faults", competencies=["c2"], evidence=["e2"]),
    ]


FORMS = {"e1": "artefact", "e2": "repaired"}


def piece(identity: str, **changes):
    """A piece of evidence with nothing against it."""
    return {"id": identity, "title": "T", "brief": "B", "form": FORMS[identity], "variants": 8, **changes}


def test_a_good_standard_has_nothing_against_it():
    assert rules() == set()


@pytest.mark.parametrize(
    ("claim", "rule"),
    [
        ("", "claim.empty"),
        ("Email marketing basics", "claim.topic"),
        ("Test automation fundamentals in practice", "claim.topic"),
        ("Design", "claim.topic"),
        ("Marketing automation for small businesses", "claim.topic"),
        ("Understands automated welcome sequences and tests every branch.", "claim.unobservable"),
        ("Can understand a brief", "claim.unobservable"),
        ("Knows how to build a welcome sequence", "claim.unobservable"),
        ("Is familiar with the consent rules of e-mail", "claim.unobservable"),
        ("Builds a sequence. Tests every branch of it.", "claim.sentences"),
        ("Builds a sequence\nTests every branch", "claim.sentences"),
    ],
)
def test_a_claim_that_cannot_be_watched_is_blocked(claim, rule):
    assert rules(claim=claim) == {rule}


@pytest.mark.parametrize(
    "claim",
    [
        "Build and QA a welcome sequence in Kit or Mailchimp",
        CLAIM,
        "Builds and checks a welcome sequence",
        "They can diagnose faults in a two-system automation and correct them.",
        "Braze a copper joint that holds 10 bar",
        "Restarts a robot cell after a fault, e.g. a jammed gripper, by the lock-out procedure.",
        "Writes an AI-assisted content brief by a defined method",
        "Measures automation impact with a before/after study",
        "Explain the basics of consent to a client",
        "Improves the load time of a page",
    ],
)
def test_a_can_do_sentence_passes(claim):
    # Whether the evidence of this standard shows it is another question: see typecheck.
    assert rules(claim=claim) <= {"type.claim"}


def test_a_claim_is_checked_in_its_language_and_elsewhere_for_its_shape_only():
    assert rules(claim="Baut eine Begrüßungsstrecke und prüft jeden Zweig.", language="de") == set()
    assert rules(claim="Grundlagen", language="de") == {"claim.topic"}
    assert rules(claim="Versteht Begrüßungsstrecken und prüft jeden Zweig.", language="de") == {
        "claim.unobservable"
    }
    assert rules(claim="Construit une séquence et vérifie chaque branche.", language="fr") == set()
    assert rules(claim="Les bases", language="fr") == {"claim.topic"}


def test_every_competency_and_the_title_are_read_too():
    topics = [
        {"id": "c1", "statement": "Trigger theory"},
        {"id": "c2", "statement": "Finds and corrects faults."},
    ]
    found = policies.findings(publishable_standard(competencies=topics, title="Mailwright Expert"))
    said = {(f.rule, f.path, f.severity) for f in found if f.rule.startswith(("claim.", "title."))}
    assert said == {
        ("claim.topic", "competencies.c1.statement", "blocking"),
        ("title.product_title", "title", "advice"),
    }


def test_a_finding_about_words_brings_a_text_that_the_author_can_take():
    claim = "Builds world-class sequences from a brief, without an open branch."
    (found,) = [f for f in policies.findings(publishable_standard(claim=claim)) if f.rule == "claim.inflated"]
    assert (found.severity, found.span) == ("advice", (7, 18))
    assert found.rewrite == "Builds sequences from a brief, without an open branch."
    (topic,) = policies.blocking(publishable_standard(claim="Email marketing basics"))
    assert topic.rewrite.startswith("Given [a real case], builds [what] in email marketing")


def test_the_words_of_the_organisation_are_flagged():
    claim = "Closes a magpie ticket within the hour and names the cause."
    found = policies.findings(publishable_standard(claim=claim), Rules(jargon=("magpie ticket",)))
    assert [f.span for f in found if f.rule == "claim.jargon"] == [(9, 22)]


@pytest.mark.parametrize(
    ("overrides", "rule"),
    [
        ({"title": ""}, "title.empty"),
        ({"language": "English"}, "language.tag"),
        ({"competencies": []}, "competencies.none"),
        ({"competencies": [{"id": "c1"}, {"id": "c2", "statement": "Finds faults."}]}, "competency.empty"),
        (
            {"competencies": [{"id": c, "statement": "Does it."} for c in ("c1", "c2", "c9")]},
            "competency.unjudged",
        ),
        ({"context": [{"name": ""}]}, "context.empty"),
        ({"evidence": []}, "evidence.none"),
        (
            {"evidence": [piece("e1", required=False), piece("e2", required=False)]},
            "evidence.optional",
        ),
        (
            {"evidence": [piece("e1", title=""), piece("e2")]},
            "evidence.untitled",
        ),
        (
            {"evidence": [piece("e1", brief=""), piece("e2")]},
            "evidence.brief",
        ),
        ({"criteria": []}, "criteria.none"),
        (
            {
                "criteria": [
                    *one(must_pass=False)[:1],
                    criterion("k2", "F", must_pass=False, competencies=["c2"], evidence=["e2"]),
                ]
            },
            "criteria.must_pass",
        ),
        ({"criteria": one(name=""), "others_required": 0}, "criterion.empty"),
        ({"criteria": one(competencies=[]), "others_required": 0}, "criterion.unlinked"),
        ({"criteria": one(evidence=[]), "others_required": 0}, "criterion.unlinked"),
        ({"criteria": one(competencies=["c1", "c7"]), "others_required": 0}, "link.dangling"),
        ({"criteria": one(evidence=["e1", "e7"]), "others_required": 0}, "link.dangling"),
        ({"criteria": one(descriptors=["a", "b", "c"]), "others_required": 0}, "descriptor.missing"),
        ({"criteria": one(descriptors=["a", "b", "", "d"]), "others_required": 0}, "descriptor.missing"),
        ({"criteria": one(descriptors=["a", "b", "c", "d", "e"]), "others_required": 0}, "descriptor.extra"),
        ({"pass_level": 5}, "pass_level.scale"),
        ({"pass_level": 1}, "pass_level.scale"),
        ({"others_required": 2}, "others.many"),
        (
            {"scale": [{"id": f"l{n}", "label": w} for n, w in enumerate(("No", "Yes", "yes", "Best"), 1)]},
            "scale.label",
        ),
        ({"title": "Master Marketing Professional"}, "wording.grand"),
        ({"claim": "Builds a welcome sequence as a certified expert"}, "wording.grand"),
        ({"summary": "Makes you a certified professional."}, "wording.grand"),
        ({"title": "Welcome \u202esequence"}, "text.hidden"),
        ({"not_shown": ["a\x07b"]}, "text.hidden"),
        ({"title": "x" * 121}, "text.long"),
        ({"not_shown": ["x"] * 21}, "parts.many"),
        ({"not_shown": [""]}, "not_shown.empty"),
        (
            {"alignments": [{"id": "a1", "name": "Automation", "url": "javascript:alert(1)"}]},
            "alignment.target",
        ),
        (
            {
                "alignments": [
                    {"id": "a1", "name": "A", "url": "https://esco.example/1", "competencies": ["c8"]}
                ]
            },
            "link.dangling",
        ),
        ({"samples": [{"id": "s1", "title": "A pass"}]}, "sample.empty"),
        ({"samples": [{"id": "s1", "url": "data:text/html,x"}]}, "link.address"),
        ({"explainer": {"url": "ftp://x.example/a"}}, "link.address"),
        ({"signal": "certified"}, "signal.certified"),
    ],
)
def test_one_fault_gives_one_blocking_finding(overrides, rule):
    assert rules(**overrides) == {rule}


@pytest.mark.parametrize(
    ("overrides", "rule"),
    [
        ({"review_months": None}, "review.missing"),
        ({"others_required": 0}, "others.none"),
        ({"not_shown": []}, "not_shown.missing"),
        ({"audience": ""}, "audience.missing"),
        ({"study_hours": None}, "hours.missing"),
        ({"claim": "Builds a welcome sequence " + "and tests each branch of it " * 8}, "claim.long"),
        ({"alignments": [{"id": "a1", "name": "A", "url": "https://esco.example/1"}]}, None),
    ],
)
def test_advice_does_not_block(overrides, rule):
    present = rules("advice")
    assert rules(**overrides) == set()
    assert rules("advice", **overrides) - present == ({rule} if rule else set())


def test_the_missing_trust_set_is_named():
    wanted = {
        "explainer.missing",
        "samples.clear_pass",
        "samples.just_pass",
        "samples.just_fail",
        "alignment.open",
        "decision.missing",
        "cost.missing",
        "retake.missing",
    }
    assert rules("advice") == wanted


def test_the_guard_names_the_span_and_leaves_honest_words_alone():
    found = policies.findings(publishable_standard(title="Master Marketing Professional"))
    spans = {f.span for f in found if f.rule == "wording.grand"}
    assert spans == {(0, 6), (17, 29)}
    for text in (
        "This is not a certification.",
        "Corrects master data in the ERP",
        "Writes professional e-mails",
        "Installs a TLS certificate",
    ):
        assert wording.grand_words(text) == []


@pytest.mark.parametrize("part", ["claim", "competencies", "evidence", "criteria", "alignments"])
def test_a_completion_record_carries_no_competency(part):
    full = publishable_content(alignments=[{"id": "a1", "name": "A", "url": "https://esco.example/1"}])
    standard = Standard.model_validate(completion_content(**{part: full[part]}))
    blocking = policies.blocking(standard)
    assert {f.rule for f in blocking} == {f"completion.{part}"}
    assert "took part" in blocking[0].message


def test_a_plain_completion_record_passes():
    assert policies.blocking(Standard.model_validate(completion_content())) == []


def test_names_in_any_script_pass():
    for title in ("تسلسل ترحيبي", "歓迎シーケンス", "Séquence d’accueil", "👩🏽‍🔧 Repair"):
        assert rules(title=title) == set()


#: One draft with nothing in it, one with a class of its own, one whose parts do not fit each other.
POOR = (
    {"title": "", "claim": "", "competencies": [], "evidence": [], "criteria": [], "audience": ""},
    {"signal": "certified", "title": "Certified expert", "language": "?", "not_shown": [""]},
    {"criteria": one(evidence=["e2"], descriptors=["Same", "Same"]), "others_required": 9, "pass_level": 9},
)


@pytest.mark.parametrize("changes", POOR)
def test_every_check_but_the_meter_says_its_findings_in_the_language_of_the_page(changes):
    for finding in policies.findings(publishable_standard(**changes)):
        if not finding.rule.startswith(
            ("offer.", "promise.", "decision.", "where.", "volatility.", "impostor.")
        ):
            assert isinstance(finding.message, Said), finding
            assert isinstance(finding.mend, Said), finding


def test_a_list_of_what_a_finding_names_is_joined_as_in_english():
    assert [listed(list(words)) for words in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]
    assert listed(["a", "b"], "or") == "a or b"
