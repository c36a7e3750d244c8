"""A standard in other languages: bound to the text that was translated, beside what binds, never inside it."""

from __future__ import annotations

import copy

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction

from guildmark.design import actions, languages, queries, translating, versions
from guildmark.design.models import TranslationRevision
from guildmark.kernel import audit
from guildmark.kernel.problems import Forbidden, Invalid, NotFound
from tests.design import builders

GERMAN = {
    "claim": "Baut nach einem Auftrag eine Begrüßungsstrecke, prüft jeden Zweig und behebt Fehler.",
    "criteria.k1.descriptors.2": "Auslöser: vollständig und richtig.",
    "not_shown.0": "Texte für bezahlte Werbung.",
}


def save(org, version, texts, language="de", **more):
    return translating.save_translation(
        by=org.owner, org_id=org.id, version_id=version.id, language=language, texts=texts, **more
    )


def test_every_text_that_people_read_can_be_translated_and_nothing_else():
    standard = builders.publishable_standard(
        explainer={"url": "https://a.example/v", "title": "Two minutes", "captions": "WEBVTT"},
        alignments=[{"id": "a1", "name": "Row", "url": "https://e.example/1", "rationale": "Same."}],
        cost={"amount": "120", "currency": "EUR", "includes": "One further attempt."},
    )
    found = dict(languages.texts(standard))
    assert found["criteria.k2.descriptors.0"] == "Fault diagnosis: Missing or wrong."
    assert {"explainer.captions", "alignments.a1.rationale", "cost.includes", "scale.l1.label"} <= set(found)
    assert not [path for path in found if path.endswith((".url", ".kind", ".id", "currency", "version"))]
    assert not {"language", "signal", "context.0.name"} & set(found)


def test_only_current_texts_are_put_in():
    standard = builders.publishable_standard()
    mark = languages.digest(standard.claim)
    entries = {"claim": {mark: "Neu"}, "title": {"0" * 16: "Alt"}, "not_shown.0": {}}
    view = languages.TranslationView("de", 1, "", languages.rows(standard, entries))
    made = languages.translated(standard, view)
    assert (made.claim, made.title) == ("Neu", standard.title)
    assert view.states()["title"] == "outdated"
    assert (view.current, view.outdated) == (1, 1)
    assert view.missing == len(view.rows) - 2


@pytest.mark.django_db
def test_a_translation_changes_neither_the_core_nor_the_number(org):
    version = builders.published(org)
    saved = save(org, version, GERMAN)
    again = queries.version(org.id, version.id)
    assert (again.core_hash, again.number, again.core) == (version.core_hash, version.number, version.core)
    assert (saved.number, saved.current) == (1, 3)
    shown, view = translating.in_language(again, "de")
    assert shown.standard.claim == GERMAN["claim"]
    assert shown.standard.criteria[0].descriptors[2] == GERMAN["criteria.k1.descriptors.2"]
    assert shown.standard.not_shown == (GERMAN["not_shown.0"],)
    assert shown.standard.title == version.standard.title
    assert shown.core == version.core
    assert view is not None
    row = TranslationRevision.objects.for_org(org.id).get()
    assert row.hash == versions.hash_of(row.content)


@pytest.mark.django_db
def test_it_falls_behind_when_its_source_changes_and_still_serves_the_old_version(org):
    version = builders.published(org)
    save(org, version, GERMAN)
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    content = copy.deepcopy(draft.standard.model_dump(mode="json"))
    del content["schema_version"]
    content["claim"] = "Given a brief, builds a welcome sequence and corrects every fault before launch."
    draft = actions.save_draft(
        by=org.owner, org_id=org.id, version_id=draft.id, content=content, revision=draft.revision
    )
    states = translating.translation(draft, "de").states()
    assert states["claim"] == "outdated"
    assert states["not_shown.0"] == "current"
    save(org, draft, {"claim": "Baut eine Strecke und behebt jeden Fehler."})
    assert translating.translation(draft, "de").states()["claim"] == "current"
    old, _ = translating.in_language(queries.version(org.id, version.id), "de")
    assert old.standard.claim == GERMAN["claim"]


@pytest.mark.django_db
def test_saving_the_same_again_makes_no_revision_and_an_empty_text_takes_one_back(org):
    version = builders.published(org)
    save(org, version, GERMAN)
    assert save(org, version, GERMAN).number == 1
    assert save(org, version, {"claim": ""}).states()["claim"] == "missing"


@pytest.mark.django_db
def test_what_cannot_be_kept_is_named_and_nothing_is_kept(org):
    version = builders.published(org)
    wrong = {"claim": "Gut.", "title": "T" * 500, "criteria.k9.name": "Nichts", "summary": "a\u202eb"}
    with pytest.raises(Invalid) as refused:
        save(org, version, wrong)
    assert {one.field for one in refused.value.all_errors()} == {"title", "criteria.k9.name", "summary"}
    assert not TranslationRevision.objects.for_org(org.id).exists()
    for language in ("en", "German", "", "x" * 40):
        with pytest.raises(Invalid):
            save(org, version, GERMAN, language)
    save(org, version, GERMAN)
    with pytest.raises(Invalid, match="Somebody saved"):
        save(org, version, {"claim": "Anders."}, revision=0)


@pytest.mark.django_db
def test_the_database_keeps_what_was_saved(org):
    version = builders.published(org)
    save(org, version, GERMAN)
    table = TranslationRevision._meta.db_table
    for statement in (f"UPDATE {table} SET number = 9", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    draft = builders.drafted(org, title="Another standard")
    save(org, draft, {"title": "Ein anderer"})
    actions.discard_draft(by=org.owner, org_id=org.id, version_id=draft.id)
    assert TranslationRevision.objects.for_org(org.id).count() == 1


@pytest.mark.django_db
def test_who_may_not_write_may_not_translate(org, other_org):
    version = builders.published(org)
    with pytest.raises(Forbidden):
        translating.save_translation(
            by=org.member("assessor"), org_id=org.id, version_id=version.id, language="de", texts=GERMAN
        )
    with pytest.raises(NotFound):
        translating.save_translation(
            by=other_org.owner, org_id=other_org.id, version_id=version.id, language="de", texts=GERMAN
        )
    save(org, version, GERMAN)
    assert audit.history(org.id, subject_type="achievement")[-1].action == "design.translation_saved"


@pytest.mark.django_db
def test_the_studio_page_saves_confirms_and_keeps_what_was_typed(org, client):
    client.force_login(get_user_model().objects.get(id=org.owner_id))
    version = builders.published(org)
    root = f"/studio/{org.slug}/standards/{version.slug}/languages"
    assert "Only one language so far" in client.get(root).content.decode()
    assert client.post(root, {"language": "he"})["Location"] == f"{root}/he"
    page = client.get(f"{root}/he").content.decode()
    assert 'dir="rtl"' in page
    assert client.post(f"{root}/de", {"revision": "0", "t-claim": GERMAN["claim"]}).status_code == 303
    refused = client.post(f"{root}/de", {"revision": "1", "t-title": "T" * 500, "t-claim": "Behalten"})
    assert refused.status_code == 422
    assert "Behalten" in refused.content.decode()
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    actions.save_draft(
        by=org.owner,
        org_id=org.id,
        version_id=draft.id,
        content={"claim": builders.CLAIM.replace("five", "four")},
        revision=draft.revision,
    )
    same = {"revision": "1", "t-claim": GERMAN["claim"]}
    client.post(f"{root}/de", same)
    draft = queries.draft(org.id, version.slug)
    assert translating.translation(draft, "de").states()["claim"] == "outdated"
    client.post(f"{root}/de", {**same, "still": "claim"})
    assert translating.translation(draft, "de").states()["claim"] == "current"
    assert client.get(f"{root}/en").status_code == 404


@pytest.mark.django_db
def test_a_stranger_chooses_the_language_and_reads_what_binds(org, client):
    version = builders.published(org)
    save(org, version, GERMAN)
    address = f"/s/{version.slug}/v/{version.number}"
    english, german = (client.get(address + query).content.decode() for query in ("", "?lang=de"))
    assert 'hreflang="de"' in english
    assert GERMAN["claim"] not in english
    assert f'<h1 lang="de" dir="auto">{GERMAN["claim"]}</h1>' in german
    assert "binds" in german
    assert f"3 of {len(list(languages.texts(version.standard)))} texts" in german
    assert client.get(address + "?lang=fr").content.decode().count('<h1 lang="en"') == 1
    document = client.get(f"{address}/lang/de.json").json()
    assert document["texts"]["claim"]["text"] == GERMAN["claim"]
    assert document["coreHash"] == version.core_hash
    assert client.get(f"{address}/lang/fr.json").status_code == 404
    plain = client.get(f"{address}.json").json()
    assert plain["core"]["claim"] == version.standard.claim
