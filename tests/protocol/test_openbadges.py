"""Building, reading back and linting."""

import copy
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from guildmark.protocol.errors import LintError, Malformed
from guildmark.protocol.openbadges import identity, schemas, supersession
from guildmark.protocol.openbadges.build import build
from guildmark.protocol.openbadges.lint import Severity, ensure_clean, lint
from guildmark.protocol.openbadges.reading import read
from guildmark.protocol.openbadges.v3 import IssuerSpec, ResultSpec, Signal, StandardRef
from tests.protocol import samples
from tests.protocol.world import record


def test_the_contexts_and_types_are_in_order():
    document = build(samples.spec())
    assert document["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    ]
    assert document["type"] == ["VerifiableCredential", "AchievementCredential"]
    assert document["credentialSchema"] == [
        {
            "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
            "type": "1EdTechJsonSchemaValidator2019",
        }
    ]


@pytest.mark.parametrize(
    ("signal", "written"),
    [(Signal.DEMONSTRATED, "MicroCredential"), (Signal.CERTIFIED, "Certification")],
)
def test_the_class_is_an_achievement_type(signal, written):
    document = build(samples.spec(achievement=samples.achievement(signal=signal)))
    assert document["credentialSubject"]["achievement"]["achievementType"] == written
    assert read(document).signal is signal


def test_the_identity_hash_is_the_one_of_the_standard():
    # printf 'ada@example.orgf7a1c5d0b9' | sha256sum
    assert samples.spec().recipient.email_hash == (
        "sha256$b93c8a2efcffe3c1d7c5d46f3b79cf2264f3317e187ecbe5b6446e97afd18efd"
    )
    document = build(samples.spec())
    assert identity.email_matches(document, "ada@EXAMPLE.org")
    assert identity.email_matches(document, "eve@example.org") is False
    assert identity.email_matches({"credentialSubject": {}}, "ada@example.org") is None


def test_everything_comes_back_for_display():
    spec = samples.spec()
    facts = read(build(spec))
    assert (facts.title, facts.claim, facts.version) == (
        spec.achievement.name,
        spec.achievement.description,
        "1.0",
    )
    assert facts.recipient.name == "Zoë Ōkami 山田"
    assert facts.recipient.identifiers == 1
    assert facts.assessment.assessed_on == date(2026, 2, 27)
    assert facts.assessment.judges == ("independent assessor", "independent assessor")
    assert facts.assessment.weaknesses == ("One judge taught the learner.",)
    assert facts.assessment.attempt == 2
    assert facts.bar == spec.achievement.bar
    assert facts.not_shown == ("Copy writing", "Deliverability")
    assert [item.key for item in facts.criteria] == ["trigger", "fit"]
    trigger, fit = facts.criteria
    assert (trigger.must_pass, trigger.required.name, trigger.achieved.name) == (True, "Sound", "Strong")
    assert (fit.must_pass, fit.required.name, fit.achieved.name) == (False, "Sound", "Sound")
    assert [level.name for level in trigger.levels] == ["Below", "Sound", "Strong"]
    assert facts.evidence[0].digest == "sha256-" + "A" * 43 + "="
    assert facts.standard.url == spec.standard.url
    assert [(item.purpose, item.index) for item in facts.statuses] == [
        ("revocation", 94567),
        ("suspension", 94567),
    ]
    assert [(item.label, item.value) for item in facts.facts] == [("Supervision", "none")]
    assert facts.valid_until == spec.valid_until


def test_levels_keep_their_order_whatever_the_order_of_the_array():
    document = build(samples.spec())
    described = document["credentialSubject"]["achievement"]["resultDescription"]
    described[0]["rubricCriterionLevel"].reverse()
    assert [level.name for level in read(document).criteria[0].levels] == ["Below", "Sound", "Strong"]


def test_labels_follow_the_language():
    document = build(samples.spec(labels={"bar": "Die Latte"}))
    described = document["credentialSubject"]["achievement"]["resultDescription"]
    assert [item["name"] for item in described if item["id"].endswith("#fact-bar")] == ["Die Latte"]


def test_a_foreign_credential_is_read_as_far_as_it_goes():
    facts = read(
        {
            "issuer": "did:web:a.example",
            "credentialSubject": {
                "type": "AchievementSubject",
                "achievement": {
                    "id": "urn:x",
                    "name": "N",
                    "description": "D",
                    "criteria": {"narrative": "C"},
                },
                "result": {"type": "Result", "value": "17"},
            },
            "issuanceDate": "2026-01-01T00:00:00Z",
        }
    )
    assert facts.issuer.id == "did:web:a.example"
    assert facts.signal is None
    assert facts.facts[0].value == "17"
    assert facts.valid_from == datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(Malformed):
        read({"credentialSubject": {"id": "urn:x"}})


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_until": datetime(2020, 1, 1, tzinfo=UTC)},
        {"results": (ResultSpec("trigger", "heavenly"),)},
        {"results": (ResultSpec("charm", "sound"),)},
        {"results": (ResultSpec("fit", "sound"), ResultSpec("fit", "sound"))},
        {"standard": StandardRef(samples.achievement().id, bytes(32))},
        {"standard": StandardRef("https://a.example/x.json", b"short")},
        {"achievement": samples.achievement(creator=IssuerSpec(samples.ISSUER, "Again"))},
        {"achievement": samples.achievement(criteria=(samples.CRITERIA[0], samples.CRITERIA[0]))},
        {"achievement": samples.achievement(criteria=(replace(samples.CRITERIA[0], pass_level="none"),))},
        {"achievement": replace(samples.completion().achievement, criteria=samples.CRITERIA), "results": ()},
    ],
)
def test_a_spec_that_contradicts_itself_is_refused(changes):
    with pytest.raises(Malformed):
        build(samples.spec(**changes))


def test_a_completion_record_carries_no_results():
    with pytest.raises(Malformed, match="took part"):
        build(replace(samples.completion(), assessment=samples.spec().assessment))


@pytest.mark.parametrize("spec", [samples.spec(), samples.completion()])
def test_what_is_built_is_clean(spec):
    assert lint(build(spec)) == []


def broken(change):
    document = copy.deepcopy(build(samples.spec()))
    change(document, document["credentialSubject"], document["credentialSubject"]["achievement"])
    return document


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("context", lambda d, s, a: d["@context"].reverse()),
        ("model", lambda d, s, a: d.pop("id")),
        ("model", lambda d, s, a: a.pop("criteria")),
        ("array", lambda d, s, a: d.update(evidence=d["evidence"][0])),
        ("empty", lambda d, s, a: a.update(tag=[])),
        ("empty", lambda d, s, a: d.update(description=None)),
        ("control-character", lambda d, s, a: a.update(name="a\x00b")),
        ("control-character", lambda d, s, a: a.update(description="a\x7fb")),
        ("control-character", lambda d, s, a: a.update(name="two\nlines")),
        ("direction-override", lambda d, s, a: s["identifier"][1].update(identityHash="evil\u202egnp")),
        ("direction-override", lambda d, s, a: a.update(name="a\u2066b")),
        ("invisible-character", lambda d, s, a: a.update(name="a\ufeffb")),
        ("too-long", lambda d, s, a: s["identifier"][1].update(identityHash="x" * 10_000)),
        ("blank", lambda d, s, a: a.update(name="  ")),
        ("duplicate-id", lambda d, s, a: d["evidence"][1].update(id=d["evidence"][0]["id"])),
        ("duplicate-id", lambda d, s, a: d["relatedResource"][0].update(id=a["id"])),
        ("dangling", lambda d, s, a: s["result"][0].update(resultDescription="urn:x")),
        ("dangling", lambda d, s, a: s["result"][0].update(achievedLevel="urn:x")),
        ("dangling", lambda d, s, a: a["resultDescription"][0].update(requiredLevel="urn:x")),
        ("class", lambda d, s, a: a.update(achievementType="CertificateOfCompletion")),
        ("class", lambda d, s, a: s.pop("result")),
        ("criteria", lambda d, s, a: a.update(criteria={"id": "https://a.example"})),
        ("date", lambda d, s, a: d.update(validUntil="2020-01-01T00:00:00Z")),
        ("safe-mode", lambda d, s, a: a.update(undefined="x")),
        ("safe-mode", lambda d, s, a: d.update(id="relative")),
    ],
)
def test_lint_finds(rule, change):
    document = broken(change)
    assert rule in {finding.rule for finding in lint(document)}
    with pytest.raises(LintError):
        ensure_clean(document)


@pytest.mark.parametrize("name", ["山田 太郎", "אבגד \u200fx", "نرگس\u200cی", "Zoë O\u2019Connor", "🙂", "ก็"])
def test_lint_lets_names_of_any_script_pass(name):
    document = broken(lambda d, s, a: s["identifier"][1].update(identityHash=name))
    assert lint(document) == []


def test_an_isolate_in_a_longer_text_is_only_a_warning():
    document = broken(lambda d, s, a: a["criteria"].update(narrative="a \u2068b\u2069 c"))
    assert [(item.rule, item.severity) for item in lint(document)] == [
        ("direction-override", Severity.WARNING)
    ]
    ensure_clean(document)


def test_the_supersession_record_is_a_clean_endorsement():
    made = record("https://academy.example/c/old")
    assert schemas.violations(made) == []
    read_back = supersession.read_record(made)
    assert read_back.old_id == "https://academy.example/c/old"
    assert read_back.new_digest.startswith("sha256-")
    assert read_back.reason == "The name was misspelt."


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(type=["VerifiableCredential"]),
        lambda d: d.pop("relatedResource"),
        lambda d: d["relatedResource"].append({"id": "urn:x"}),
        lambda d: d["credentialSubject"].pop("id"),
        lambda d: d.update(id="https://academy.example/c/x/supersession"),
    ],
)
def test_what_is_no_supersession_record_is_refused(change):
    made = record("https://academy.example/c/old")
    change(made)
    with pytest.raises(Malformed):
        supersession.read_record(made)
