"""Standards as files: the same bytes again, the same findings, and nothing that two readers read differently."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.cli import main
from guildmark.design import drafts, files, filing, policies, queries
from guildmark.design.types import Standard
from guildmark.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from tests.design import builders

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "develop" / "standard.schema.json"
ODD = ["no", "yes", "null", "~", "true", "1.0", "0x1f", "1e3", "2026-01-01", "a: b", "- x", "# x", "*a", "&a",
       "!t", "%x", "@x", "`x`", "'", '"', "\\n", "é", "日本語", "שלום", "👍🏽", "<<", "=", "[x]", "{x}", "|", ">",
       "a #b", "x:", "\u2028", "\x85", "\ufeff"]  # fmt: skip
words = st.one_of(st.sampled_from(ODD), st.text(st.characters(exclude_categories=("Cs",)), max_size=60))
texts = words.filter(lambda text: "\x00" not in text)


def content_of(title: str, claim: str, brief: str, lines: list[str], levels: int) -> dict:
    return builders.publishable_content(
        title=title,
        claim=claim,
        evidence=[{"id": "e1", "title": lines[0], "brief": brief, "quiz": {"items": 12}, "form": "quiz"}],
        not_shown=lines,
        language=lines[-1],
        samples=[{"id": "s1", "text": brief, "levels": {"k1": levels}}],
        decision={"who": title},
        cost={"amount": "1.0", "currency": "no"},
        validity_months=None,
    )


@settings(max_examples=150, deadline=None)
@given(texts, texts, texts, st.lists(texts, min_size=1, max_size=4), st.integers(1, 4))
def test_a_file_gives_the_same_standard_and_the_same_bytes_again(title, claim, brief, lines, levels):
    standard = drafts.merged({}, content_of(title, claim, brief, lines, levels))
    text = files.dump(standard, "welcome")
    again = files.load(text)
    assert again.standard == standard
    assert files.dump(again.standard, again.slug) == text
    assert files.load(text.encode()).standard == standard


@settings(max_examples=60, deadline=None)
@given(texts, st.lists(texts, min_size=1, max_size=4))
def test_another_reader_of_yaml_reads_the_same_and_the_schema_holds(title, lines):
    text = files.dump(drafts.merged({}, content_of(title, title, title, lines, 2)), "welcome")
    content = yaml.safe_load(text)
    jsonschema.validate(content, files.schema())
    content.pop("guildmark"), content.pop("slug")
    assert drafts.merged({}, content) == files.load(text).standard


def test_the_schema_in_the_documentation_is_the_one_in_use():
    assert json.loads(SCHEMA.read_text("utf-8")) == files.schema()


def test_what_is_not_said_has_its_default_and_what_is_wrong_has_its_line():
    short = files.load("guildmark: 2\nslug: x\ntitle: A\nlanguage: no\n")
    assert (short.standard.language, short.standard.title, short.standard.pass_level) == ("no", "A", 3)
    long = files.load(files.dump(builders.publishable_standard(), "x"))
    lines = files.dump(builders.publishable_standard(), "x").splitlines()
    line = long.line("criteria.k2.name")
    assert line is not None
    assert lines[line - 1].strip() == "name: Fault diagnosis"
    assert long.line("criteria.k2.nothing") == long.line("criteria.k2")


REFUSED = {
    "anchors": ("guildmark: 2\nclaim: &a x\nsummary: *a\n", "line 2"),
    "a bomb": ("a: &a [x,x]\nb: &b [*a,*a]\n", "line 1"),
    "tags": ("guildmark: 2\nclaim: !!python/object:os.system x\n", "line 2"),
    "a key twice": ("guildmark: 2\ntitle: A\ntitle: B\n", "line 3"),
    "broken syntax": ("guildmark: 2\ntitle: [A\n", "line 3"),
    "nesting": ("guildmark: 2\nclaim: " + "[" * 40 + "]" * 40 + "\n", "line 2"),
    "no format": ("title: A\n", "guildmark"),
    "another format": ("guildmark: 3\n", "guildmark"),
    "a list": ("- a\n", "file"),
    "nothing": ("", "file"),
    "an unknown member": ("guildmark: 2\ntitel: A\n", "titel"),
    "a wrong kind": ("guildmark: 2\npass_level: high\n", "pass_level"),
    "an address": ("guildmark: 2\nslug: Über\n", "slug"),
    "an infinite number": ("guildmark: 2\nstudy_hours: 1e999\n", "file"),
    "two rows of one id": ("guildmark: 2\ncompetencies:\n- id: c1\n- id: c1\n", "competencies.c1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses(name):
    text, place = REFUSED[name]
    with pytest.raises(Invalid) as refused:
        files.load(text)
    assert place in {problem.field for problem in refused.value.all_errors()} | {refused.value.field}
    assert refused.value.mend or refused.value.all_errors()[0].mend


def test_it_refuses_bytes_that_are_no_text_and_files_that_are_too_long():
    for data in (b"\xff\xfe\x00", b"a" * 600_000):
        with pytest.raises(Invalid):
            files.load(data)


# --- the command


def test_check_says_what_the_gate_says_with_lines_and_exit_codes(tmp_path, capsys):
    fine, weak, broken = (tmp_path / f"{name}.yaml" for name in ("fine", "weak", "broken"))
    fine.write_text(files.dump(builders.publishable_standard(), "fine"), "utf-8")
    bad = builders.publishable_standard(claim="Email marketing basics")
    weak.write_text(files.dump(bad, "weak"), "utf-8")
    broken.write_text("title: A\n", "utf-8")
    assert main(["standard", "check", str(fine)]) == 0
    assert main(["standard", "check", str(fine), str(broken)]) == 3
    capsys.readouterr()
    assert main(["standard", "check", "--json", str(weak)]) == 1
    (report,) = json.loads(capsys.readouterr().out)
    wanted = [(f.rule, f.path, f.severity) for f in policies.findings(bad)]
    assert [(f["rule"], f["path"], f["severity"]) for f in report["findings"]] == wanted
    about_claim = next(f for f in report["findings"] if f["path"] == "claim")
    assert weak.read_text("utf-8").splitlines()[about_claim["line"] - 1].startswith("claim: Email")


# --- with a database


@pytest.mark.django_db
def test_a_file_becomes_a_draft_and_comes_out_the_same(org):
    text = files.dump(builders.publishable_standard(), "welcome")
    made = filing.import_file(by=org.owner, org_id=org.id, file=files.load(text))
    assert (made.slug, made.state) == ("welcome", "draft")
    assert filing.export(made) == text
    assert [f.rule for f in queries.findings(org.id, made.id)] == [
        f.rule for f in policies.findings(builders.publishable_standard())
    ]


@pytest.mark.django_db
def test_a_second_import_changes_nothing_and_a_different_one_asks_first(org):
    text = files.dump(builders.publishable_standard(), "welcome")
    first = filing.import_file(by=org.owner, org_id=org.id, file=files.load(text))
    again = filing.import_file(by=org.owner, org_id=org.id, file=files.load(text))
    assert (again.id, again.revision) == (first.id, first.revision)
    other = files.load(text.replace("summary: An automated", "summary: A tested"))
    with pytest.raises(Conflict) as refused:
        filing.import_file(by=org.owner, org_id=org.id, file=other)
    assert refused.value.field == "replace"
    done = filing.import_file(by=org.owner, org_id=org.id, file=other, replace=True)
    assert done.id == first.id
    assert done.standard.summary.startswith("A tested")


@pytest.mark.django_db
def test_a_file_for_a_published_standard_opens_the_next_draft(org):
    version = builders.published(org)
    text = filing.export(version).replace("others_required: 1\n", "")
    draft = filing.import_file(by=org.owner, org_id=org.id, file=files.load(text))
    assert draft.based_on == version.id
    assert draft.standard.others_required == 0
    assert queries.version(org.id, version.id).standard.others_required == 1


@pytest.mark.django_db
def test_the_address_of_another_organisation_is_not_taken_over(org, other_org):
    version = builders.published(org)
    with pytest.raises(Conflict):
        filing.import_file(by=other_org.owner, org_id=other_org.id, file=files.load(filing.export(version)))
    assert queries.achievements(other_org.id) == []


@pytest.mark.django_db
def test_a_fork_says_where_it_comes_from_and_a_changed_document_is_refused(org, other_org):
    version = builders.published(org)
    document = queries.standard_document(version)
    made = filing.fork(
        by=other_org.owner,
        org_id=other_org.id,
        document=document,
        issuer="Northlamp Academy",
        url="https://northlamp.example/s/x",
    )
    origin = made.standard.origin
    assert (origin.issuer, origin.version, origin.hash) == ("Northlamp Academy", "1.0", version.core_hash)
    assert made.standard.model_copy(update={"origin": None}) == Standard.model_validate(
        {**version.standard.model_dump()}
    )
    changed = {**document, "core": {**document["core"], "pass_level": 2}}
    for wrong, field in ((changed, "file"), ({}, "file"), (document, "issuer")):
        with pytest.raises(Invalid) as refused:
            filing.fork(by=org.owner, org_id=org.id, document=wrong, issuer="" if field == "issuer" else "X")
        assert refused.value.field == field


@pytest.mark.django_db
def test_who_may_not_write_may_not_import(org, other_org):
    file = files.load(files.dump(builders.publishable_standard(), "welcome"))
    with pytest.raises(Forbidden):
        filing.import_file(by=org.member("assessor"), org_id=org.id, file=file)
    with pytest.raises(NotFound):
        filing.import_file(by=other_org.owner, org_id=org.id, file=file)


@pytest.mark.django_db
def test_the_pages_take_a_file_in_and_hand_it_out(org, client):
    client.force_login(get_user_model().objects.get(id=org.owner_id))
    text = files.dump(builders.publishable_standard(), "welcome")
    page = f"/studio/{org.slug}/standards/import"
    assert client.get(page).status_code == 200
    bad = client.post(page, {"file": SimpleUploadedFile("x.yaml", b"guildmark: 2\ntitel: x\n")})
    assert bad.status_code == 422
    assert "titel" in bad.content.decode()
    done = client.post(page, {"file": SimpleUploadedFile("welcome.yaml", text.encode())})
    assert done.status_code == 303
    assert done["Location"].endswith("/standards/welcome/edit/claim")
    out = client.get(f"/studio/{org.slug}/standards/welcome/file/draft")
    assert out.content.decode() == text
    assert client.get(f"/studio/{org.slug}/standards/welcome/file/9.9").status_code == 404
