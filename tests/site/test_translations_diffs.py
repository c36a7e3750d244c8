"""Publishing, comparing, lowering, tying and translating standards, in German and Spanish."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from guildmark.assess.evidence import policies as evidence
from guildmark.assess.evidence import states as evidence_states
from guildmark.design import actions, comparing, diffs, lowering, queries, translating, versions
from guildmark.design import states as design_states
from guildmark.issue import states as issue_states
from guildmark.issue.actions import retry_award
from guildmark.issue.models import Award
from guildmark.kernel import states
from guildmark.kernel.actor import ROLE_WORDS, ROLES
from guildmark.kernel.problems import Conflict, Invalid
from guildmark.kernel.speaking import spoken
from guildmark.kernel.web import told
from guildmark.kernel.words import said_in
from guildmark.keys import states as keys_states
from guildmark.notify import states as mail_states
from guildmark.people import states as people_states
from guildmark.skills import states as skill_states
from tests.design.builders import criterion, publishable_content, published, successor
from tests.design.test_alignment import LINK, TREE
from tests.design.test_lowering import REASON, agreed, publish, reworded, save
from tests.evidence.builders import submitted
from tests.issue.builders import issued
from tests.site.test_translations import LANGUAGES, english_left, ensure_translated, visible
from tests.skills.builders import imported
from tests.wallet.builders import sign_in

pytestmark = pytest.mark.django_db


def everything_changed() -> dict[str, Any]:
    """Changes of every class and kind: words, numbers, parts that come and go, links, values of ours, another order."""
    content = publishable_content()
    criteria = content["criteria"]
    criteria[0] |= {"must_pass": False, "evidence": ["e1", "e2"]}
    criteria[1]["descriptors"] = [*criteria[1]["descriptors"][:2], "Tested.", "Tested twice."]
    evidence = [{**content["evidence"][0], "kind": "url", "form": "configuration", "accept": ["video"]}]
    return {
        "criteria": [criteria[1], criteria[0], criterion("k9", "Consent")],
        "evidence": [*evidence, *content["evidence"][1:]],
        "conditions": {**content["conditions"], "supervision": "online", "judges": 2},
        "context": [{"kind": "platform", "name": "Mailwright", "version": "6"}],
        "alignments": [
            {**LINK, "id": "a1", "url": "https://frameworks.example/mail/1", "competencies": ["c1"]}
        ],
        "pass_level": 4,
        "others_required": 0,
        "summary": "Clearer words.",
        "audience": "Everybody.",
        "cost": {"amount": "20", "currency": "EUR", "includes": "Two attempts."},
        "validity_months": 12,
    }


def signed_in(org: Any, client: Client) -> Client:
    sign_in(client, org.owner_id)
    return client


def signed(org: Any, *slugs: str) -> bytes:
    """What the authors of these standards wrote."""
    found = [
        view.standard.model_dump_json() + view.update_note
        for slug in slugs
        for view in queries.versions_of(org.id, queries.achievement_by_slug(org.id, slug).id)
    ]
    return "".join(found).encode()


def refused(client: Client, address: str, sent: dict[str, Any], wrote: bytes) -> None:
    """A refused form is told in the language of the page as well."""
    pages = {}
    for language in ("en", *LANGUAGES):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = client.post(address, sent)
        assert answer.status_code in {403, 409, 422}, (address, answer.status_code)
        pages[language] = answer.content.decode()
    for language in LANGUAGES:
        assert english_left(pages[language], pages["en"], language, wrote.decode()) == []


def test_the_publish_page_the_history_and_the_comparison_are_told(org: Any, client: Client) -> None:
    credential = issued(org)
    view = queries.version(org.id, credential.version_id)
    submitted(org, version=view, learner=org.learner("Grace Hopper"))
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=view.achievement_id)
    save(org, draft, **everything_changed())
    slug = view.slug
    publishing = reverse("standard_publish", args=[org.slug, slug])
    pages = [
        reverse("standard_history", args=[org.slug, slug]),
        reverse("standard_diff", args=[org.slug, slug, "1.0", "draft"]),
    ]
    client = signed_in(org, client)
    # The note begins in the language of the standard, whatever the page speaks.
    note = "Changed: Competency Added: Removed: Reordered: Also smaller changes, without effect on the bar."
    ensure_translated(client, [publishing, *pages], signed(org, slug) + note.encode())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    shown = visible(client.get(publishing).content.decode())
    assert "Was sich seit 1.0 geändert hat" in shown
    assert "erzwingt eine neue Hauptfassung" in shown
    assert "lernende Person hat einer früheren Fassung zugestimmt" in shown
    assert "Die Brücke von 1.0 zu 2.0 hat" in shown


def test_a_first_draft_is_published_in_the_language_of_the_page(org: Any, client: Client) -> None:
    draft = actions.create_achievement(by=org.owner, org_id=org.id, title="Empty", signal="demonstrated")
    client = signed_in(org, client)
    address = reverse("standard_publish", args=[org.slug, draft.slug])
    ensure_translated(client, [address], signed(org, draft.slug))
    ensure_translated(
        client, [reverse("standard_history", args=[org.slug, draft.slug])], signed(org, draft.slug)
    )
    first = published(org)
    again = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    again = save(org, again, pass_level=4)
    sent = {"revision": again.revision, "update_note": "N.", "effective_on": "2001-01-01"}
    refused(client, reverse("standard_publish", args=[org.slug, first.slug]), sent, signed(org, first.slug))


def test_a_lower_class_is_asked_answered_and_told(org: Any, client: Client) -> None:
    second = org.member("designer", name="Second")
    draft = reworded(org)
    author, other = signed_in(org, client), Client()
    sign_in(other, second.id)
    wrote = signed(org, draft.slug) + REASON.encode()
    ask = reverse("class_ask", args=[org.slug, draft.slug])
    publishing = reverse("standard_publish", args=[org.slug, draft.slug])
    ensure_translated(author, [publishing], wrote)
    ensure_translated(author, [ask, reverse("class_requests", args=[org.slug])], wrote)
    refused(author, ask, {"reason": "typo"}, wrote)
    request = lowering.ask(by=org.owner, org_id=org.id, version_id=draft.id, reason=REASON)
    answer = reverse("class_request", args=[org.slug, request.id])
    ensure_translated(other, [answer, reverse("class_requests", args=[org.slug])], wrote)
    ensure_translated(author, [publishing], wrote)
    ensure_translated(author, [answer], wrote)
    refused(author, answer, {"do": "agree"}, wrote)
    lowering.answer(by=second, org_id=org.id, request_id=request.id, agree=False, note="No.")
    ensure_translated(author, [publishing], wrote)
    ensure_translated(author, [answer], wrote)
    refused(other, answer, {"do": "agree"}, wrote)
    agreed(org, draft, second)
    ensure_translated(author, [publishing], wrote)
    publish(org, draft)
    pages = [
        reverse("standard_history", args=[org.slug, draft.slug]),
        reverse("standard_diff", args=[org.slug, draft.slug, "1.0", "1.1"]),
        f"/s/{draft.slug}/diff/1.0..1.1",
        f"/s/{draft.slug}",
    ]
    ensure_translated(author, pages, signed(org, draft.slug) + REASON.encode())
    author.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    shown = visible(author.get(pages[2]).content.decode())
    assert "Gesenkt von Hauptfassung auf Nebenfassung." in shown
    assert re.search(r"bestätigt von Second am \d+\. \w+ \d{4}\.", shown)


def test_who_works_alone_reads_why_in_the_language_of_the_page(org: Any, client: Client) -> None:
    draft = reworded(org)
    client = signed_in(org, client)
    address = reverse("class_ask", args=[org.slug, draft.slug])
    publishing = reverse("standard_publish", args=[org.slug, draft.slug])
    ensure_translated(client, [publishing], signed(org, draft.slug))
    ensure_translated(client, [address], signed(org, draft.slug))
    refused(client, address, {"reason": REASON}, signed(org, draft.slug))


def test_then_and_now_of_a_credential_is_told(org: Any, client: Client) -> None:
    credential = issued(org)
    newer = successor(org, queries.version(org.id, credential.version_id), **everything_changed())
    wrote = credential.body + signed(org, newer.slug)
    pages = [credential.path, f"/s/{newer.slug}/diff/1.0..2.0"]
    ensure_translated(client, pages, wrote)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    shown = visible(client.get(pages[0]).content.decode())
    assert "Criterio «Consent»" in shown
    assert "añadido; decisión" in shown


def test_ties_to_frameworks_are_told(org: Any, client: Client) -> None:
    client = signed_in(org, client)
    draft = actions.create_achievement(by=org.owner, org_id=org.id, title="Mail", signal="demonstrated")
    page = reverse("alignment", args=[org.slug, draft.slug])
    ensure_translated(client, [page], signed(org, draft.slug))
    competencies = [*publishable_content()["competencies"], {"id": "c3", "statement": "Bakes bread."}]
    competencies[1] = {**competencies[1], "alignment_exception": "Too new."}
    tied = [{**LINK, "url": "https://frameworks.example/mail/1", "competencies": ["c1"]}]
    draft = save(org, draft, competencies=competencies, alignments=tied)
    ensure_translated(client, [page], signed(org, draft.slug))
    imported(org, TREE, "mail.csv")
    wrote = signed(org, draft.slug) + TREE.encode()
    found = [f"{page}?competency={one}" for one in ("c1", "c3")]
    ensure_translated(client, [*found, f"{page}?words=reports"], wrote)
    refused(client, page, {"revision": draft.revision, "name": "1"}, wrote)
    refused(client, page, {"revision": "x", "reason": "No.", "competency": "c1"}, wrote)
    good = {"revision": draft.revision, "competency": "c1", "tie": "https://frameworks.example/mail/4"}
    refused(client, page, {**good, "relation": "same"}, wrote)


def test_the_pages_of_translations_are_told(org: Any, client: Client) -> None:
    client = signed_in(org, client)
    version = published(org)
    root = reverse("translations", args=[org.slug, version.slug])
    wrote = signed(org, version.slug)
    ensure_translated(client, [root], wrote)
    translating.save_translation(
        by=org.owner, org_id=org.id, version_id=version.id, language="fr", texts={"claim": "Bâtit."}
    )
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=version.achievement_id)
    save(org, draft, claim="Builds other sequences that follow a brief.")
    wrote = signed(org, version.slug)
    ensure_translated(client, [root, f"{root}/fr"], wrote)
    sent = {"revision": "1", "t-title": "T" * 900, "t-summary": "A\u202eB"}
    refused(client, f"{root}/fr", sent, wrote)
    refused(client, f"{root}/fr", {"revision": "0", "t-title": "Titre"}, wrote)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    shown = visible(client.get(f"{root}/fr").content.decode())
    assert "Französisch" in shown
    assert "bei 1 hat sich die Vorlage seither geändert" in shown


def test_the_rules_are_told(org: Any, client: Client) -> None:
    client = signed_in(org, client)
    address = reverse("standard_rules", args=[org.slug])
    ensure_translated(client, [address], b"")
    sent = {"impostor_once": "5", "impostor_with_retakes": "1", "transition_days": "0", "jargon": "x" * 80}
    refused(client, address, sent, b"")


def test_what_programs_read_of_a_change_stays_english(org: Any, client: Client) -> None:
    first = published(org)
    newer = successor(org, first, **everything_changed())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    told = client.get(f"/s/{first.slug}/diff/1.0..2.0.json").content
    with translation.override("en"):
        document = comparing.document(first, newer)
    assert json.loads(told)["bridge"] == document["bridge"]
    assert "another number of judges decides" in told.decode()
    with translation.override("de"):
        change = versions.compare(first.standard, newer.standard)
        rows = diffs.rows(change, first.standard, newer.standard)
        assert {str(row.verb) for row in rows} == {"added", "removed", "changed", "reordered"}
        assert diffs.drafted_note(rows).startswith("Added: ")
        assert diffs.drafted_note(rows, say=spoken).startswith("Hinzugefügt: ")


def test_a_drafted_note_is_written_in_the_language_of_the_standard(org: Any, client: Client) -> None:
    first = published(org)
    draft = actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    save(org, draft, pass_level=4)
    client = signed_in(org, client)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    address = reverse("standard_publish", args=[org.slug, first.slug])
    assert "Changed: Pass level." in client.get(address).content.decode()
    save(org, draft, pass_level=4, language="es")
    assert "Cambiado: Idioma; Nivel de aprobado." in client.get(address).content.decode()


def test_a_word_with_a_context_is_said_in_it() -> None:
    claim = said_in("part of a standard", "Claim")
    assert claim == "Claim"
    with translation.override("de"):
        assert spoken(claim) == "Aussage"


def test_who_lacks_a_role_reads_it_in_the_language_of_the_page(org: Any, client: Client) -> None:
    sign_in(client, org.member("assessor").id)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    answer = client.get(reverse("standard_rules", args=[org.slug]))
    assert answer.status_code == 403
    assert "Dafür ist die Rolle Gestaltung nötig." in visible(answer.content.decode())


def test_a_refused_step_names_its_states_in_the_language_of_the_page() -> None:
    with pytest.raises(Conflict) as refused:
        evidence_states.SUBMISSION.check("returned", "decided")
    assert refused.value.detail == "This submission is returned and cannot become decided."
    assert refused.value.mend == "From here it can become: nothing."
    with translation.override("de"):
        assert (
            told(refused.value)
            == "Einreichung: Aus dem Zustand „zurückgegeben“ führt kein Weg zu „entschieden“. Von hier aus möglich: nichts."
        )


def test_every_state_every_thing_and_every_role_has_a_word() -> None:
    rooms = (
        evidence_states,
        design_states,
        issue_states,
        keys_states,
        mail_states,
        people_states,
        skill_states,
    )
    tables = [one for room in rooms for one in vars(room).values() if isinstance(one, states.Transitions)]
    assert len(tables) > 10
    assert {table.noun for table in tables} <= set(states.NOUNS)
    found = {
        state for table in tables for state in (*table.table, *(s for t in table.table.values() for s in t))
    }
    assert found <= set(states.STATES)
    assert set(ROLES) == set(ROLE_WORDS)


def test_work_that_cannot_be_kept_is_refused_in_the_language_of_the_page(org: Any) -> None:
    standard = published(org).standard
    cases = [
        (lambda: evidence.clean_text("a" * 20, field="text", limit=10), "Das hat 20 Zeichen; erlaubt sind 10."),
        (lambda: evidence.clean_text("a\u202eb", field="text", limit=10), "nicht zu sehen ist (U+202E)"),
        (lambda: evidence.requirement_of(standard, "e1", "file"), "„Sequence export“ verlangt einen Text, nicht eine Datei."),
    ]  # fmt: skip
    for attempt, german in cases:
        with pytest.raises(Invalid) as refused:
            attempt()
        with translation.override("de"):
            assert german in told(refused.value)


def test_a_line_of_a_list_says_in_the_language_of_the_page_why_it_cannot_be_used(
    org: Any, client: Client
) -> None:
    version = published(org)
    client = signed_in(org, client)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    text = "email,name\nada@learner.example,Ada\nada@learner.example,Ada\nnobody,Grace\n"
    sent = {"achievement_id": str(version.achievement_id), "csv": text}
    shown = visible(client.post(reverse("learners_import", args=[org.slug]), sent).content.decode())
    assert "Dieselbe Adresse steht in Zeile 2." in shown


def test_an_award_that_is_no_longer_open_says_its_state_in_the_language_of_the_page(org: Any) -> None:
    issued(org)
    (award,) = Award.objects.for_org(org.id)
    with pytest.raises(Conflict, match="This award is issued already") as refused:
        retry_award(by=org.owner, org_id=org.id, award_id=award.id)
    with translation.override("es"):
        assert told(refused.value) == "Esta concesión ya está en el estado «emitido»."
