"""The editor of a standard, its list, its beginning and its doors, in German and Spanish."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from guildmark.design import actions, claimstep, drafts, lowering, queries
from guildmark.design.forms import LANGUAGES as STANDARD_LANGUAGES
from guildmark.design.types import VersionView
from guildmark.kernel.problems import Invalid
from guildmark.kernel.speaking import spoken
from guildmark.kernel.web import told
from tests.design.builders import completion_content, drafted, publishable_content, published
from tests.design.test_lowering import REASON, reworded
from tests.site.test_translations import LANGUAGES, english_left, ensure_translated, rendered, visible
from tests.wallet.builders import sign_in

pytestmark = pytest.mark.django_db
STEPS = ("claim", "evidence", "rubric", "bar", "offer", "image")
#: Rows of every kind, filled and empty, with ties that hold and ties that are gone.
FULL: dict[str, Any] = {
    "claim": "Understands e-mail marketing, knows many tools and becomes a certified expert in it.",
    "competencies": [
        {"id": "c1", "statement": "Builds a sequence that follows a brief.", "verb_class": "make"},
        {"id": "c2", "statement": "", "alignment_exception": "Too new."},
    ],
    "lessons": [{"id": "u1", "title": "Triggers", "competencies": ["c1"]}, {"id": "u2", "title": ""}],
    "evidence": [
        *publishable_content()["evidence"],
        {"id": "e3", "title": "", "form": "quiz", "quiz": {"items": 10, "options": 4, "cut": 6}},
    ],
    "alignments": [{"id": "a1", "name": "Writes letters", "competencies": ["c1"]}],
    "samples": [{"id": "s1", "kind": "just_fail", "title": "Lead lost", "text": "T.", "levels": {"k1": 2}}],
    "explainer": {"url": "https://videos.example/1", "minutes": 2, "captions": "none"},
    "cost": {"amount": "20", "currency": "EUR", "includes": "Two attempts."},
    "decision": {"who": "An owner", "what": "Whom to hire", "convinced_by": "A log"},
    "offer": [
        {"id": "o1", "text": "You learn a lot.", "source": ""},
        {"id": "o2", "text": "You build a sequence.", "source": "criteria.k9"},
        {"id": "o3", "text": "It takes 5 hours.", "source": "study_hours"},
    ],
}


def editing(org: Any, version: VersionView, step: str) -> str:
    return reverse("standard_edit", args=[org.slug, version.slug, step])


def wrote(org: Any, *views: VersionView) -> bytes:
    """What the author of these standards typed."""
    return "".join(
        found.standard.model_dump_json()
        for view in views
        for found in queries.versions_of(org.id, view.achievement_id)
    ).encode()


def refused(client: Client, address: str, sent: dict[str, Any], typed: bytes) -> dict[str, str]:
    """A refused form is told in the language of the page as well; the words that are seen, by language."""
    pages = {}
    for language in ("en", *LANGUAGES):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = client.post(address, sent)
        assert answer.status_code in {409, 413, 422}, (address, answer.status_code)
        pages[language] = answer.content.decode()
    for language in LANGUAGES:
        assert english_left(pages[language], pages["en"], language, typed.decode()) == []
    return {language: unescape(visible(page)) for language, page in pages.items()}


@pytest.fixture
def writer(org: Any, client: Client) -> Client:
    sign_in(client, org.owner_id)
    return client


def test_the_list_the_beginning_and_the_import_are_told(org: Any, writer: Client) -> None:
    pages = [reverse(name, args=[org.slug]) for name in ("standards", "standard_new", "standard_import")]
    ensure_translated(writer, pages, b"")
    stranger = Client()
    sign_in(stranger, org.member("auditor").id)
    ensure_translated(stranger, pages[:1], b"")
    gone = drafted(org, title="Gone")
    actions.archive(by=org.owner, org_id=org.id, achievement_id=gone.achievement_id)
    org.member("designer", name="Second")
    standing, draft = published(org), reworded(org)
    lowering.ask(by=org.owner, org_id=org.id, version_id=draft.id, reason=REASON)
    ensure_translated(writer, [pages[0], f"{pages[0]}?archived=1"], wrote(org, standing, draft, gone))
    writer.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    shown = visible(writer.get(f"{pages[0]}?archived=1").content.decode())
    assert "Nachgewiesene Fähigkeit" in shown
    assert "1 niedrigere Einstufung erbeten" in shown


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_told_when_it_is_empty_and_when_it_is_full(org: Any, writer: Client, step: str) -> None:
    empty = actions.create_achievement(by=org.owner, org_id=org.id, title="Empty", signal="demonstrated")
    ensure_translated(writer, [editing(org, empty, step)], wrote(org, empty))
    full = drafted(org, **FULL)
    ensure_translated(writer, [editing(org, full, step)], wrote(org, full))


@pytest.mark.parametrize("step", ["claim", "bar", "image"])
def test_every_step_of_a_completion_record_is_told(org: Any, writer: Client, step: str) -> None:
    draft = drafted(org, signal="completion")
    ensure_translated(writer, [editing(org, draft, step)], wrote(org, draft))


def test_an_outline_a_standing_version_and_a_taken_text_are_told(org: Any, writer: Client) -> None:
    outline = "Build a welcome sequence\nIntroduction to e-mail"
    begun = actions.create_achievement(by=org.owner, org_id=org.id, title="Mail", from_existing=outline)
    first = published(org)
    actions.start_new_version(by=org.owner, org_id=org.id, achievement_id=first.achievement_id)
    typed = wrote(org, begun, first) + outline.encode()
    session = writer.session
    session[claimstep.FORMER] = {"version": str(begun.id), "path": "title", "text": "Letters"}
    session.save()
    for one in (begun, first):
        ensure_translated(writer, [editing(org, one, "claim")], typed)
    writer.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    shown = visible(writer.get(editing(org, begun, "claim")).content.decode())
    assert "El texto anterior era:" in shown
    assert "Sabe hacer:" in shown


@pytest.mark.parametrize("door", ["review", "retire", "discard", "archive", "unarchive"])
def test_every_door_is_told(org: Any, writer: Client, door: str) -> None:
    view = published(org)
    ensure_translated(writer, [reverse("standard_door", args=[org.slug, view.slug, door])], wrote(org, view))


def test_a_door_that_stays_shut_says_why_in_the_language_of_the_page(org: Any, writer: Client) -> None:
    view, draft = published(org), drafted(org, title="Draft")
    archive = reverse("standard_door", args=[org.slug, view.slug, "archive"])
    shown = refused(writer, archive, {}, wrote(org, view))
    assert "Nehmen Sie sie zuerst außer Gebrauch" in shown["de"]
    review = reverse("standard_door", args=[org.slug, view.slug, "review"])
    refused(writer, review, {"note": "\u00a0"}, wrote(org, view))
    retire = reverse("standard_door", args=[org.slug, draft.slug, "retire"])
    refused(writer, retire, {"note": "N."}, wrote(org, draft))


def test_a_refused_beginning_and_a_refused_file_are_told(org: Any, writer: Client) -> None:
    begin = reverse("standard_new", args=[org.slug])
    shown = refused(writer, begin, {"door": "new"}, b"")
    assert "Wählen Sie eines der drei." in shown["de"]
    assert "Póngale un nombre corto." in shown["es"]
    take = reverse("standard_import", args=[org.slug])
    refused(writer, take, {}, b"")
    files = [
        b"{}",
        b"guildmark: 2\n",
        b'{"core": {}, "coreHash": "sha256:00"}',
        b"guildmark: 1\n",
        b"a: &b 1\n",
    ]
    files += [b"a: 1\na: 2\n", b"a: !b 1\n", b"a: [\n", b"\xff", b"guildmark: 2\nslug: A B\n", b"- a\n"]
    for data in files:
        refused(writer, take, {"file": _file(data), "issuer": "Somebody"}, data.decode("latin-1").encode())
    wrong = b"guildmark: 2\ntitle: T\nstudy_hours: 90000\n"
    shown = refused(writer, take, {"file": _file(wrong)}, wrong)
    assert "Zeile 3: 90000 liegt außerhalb des Möglichen." in shown["de"]


def _file(data: bytes) -> Any:
    class Again(SimpleUploadedFile):
        """The test client reads it once for each language."""

        def read(self, *given: Any) -> bytes:
            self.seek(0)
            return super().read(*given)

    return Again("standard.yaml", data)


def test_a_refused_save_is_told_on_the_page_and_beside_the_form(org: Any, writer: Client) -> None:
    draft = drafted(org, **FULL)
    bar = editing(org, draft, "bar")
    form = {"whole": "1", "revision": draft.revision, "supervision": "none", "volatility": ""}
    shown = refused(writer, bar, {**form, "revision": 0}, wrote(org, draft))
    assert "Was Sie getippt haben, ist noch da." in shown["de"]
    refused(writer, bar, {**form, "validity_months": 900, "revision": "x"}, wrote(org, draft))
    writer.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    background = reverse("autosave", args=[org.slug, draft.slug, "bar"])
    answer = writer.post(background, {**form, "revision": 0}, headers={"Accept": "application/json"})
    problem = answer.json()
    assert answer.status_code == 409
    assert "Dieser Entwurf wurde um" in problem["detail"]
    assert problem["errors"][0]["mend"].startswith("Was Sie getippt haben")
    writer.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = writer.post(background, {**form, "revision": 0}, headers={"Accept": "application/json"})
    assert "This draft was saved by" in answer.json()["detail"]


def test_what_stands_beside_the_form_comes_back_in_the_language_of_the_page(org: Any, writer: Client) -> None:
    draft = drafted(org, **FULL)
    sent = {"whole": "1", "revision": draft.revision, "offer-0-id": "o1", "offer-0-text": "You build it."}
    fragments = {}
    address = reverse("autosave", args=[org.slug, draft.slug, "offer"])
    for language in ("en", *LANGUAGES):
        writer.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        revision = queries.version(org.id, draft.id).revision
        answer = writer.post(address, {**sent, "revision": revision, "offer-0-source": ""})
        assert answer.status_code == 200, answer.content
        fragments[language] = "\n".join(answer.json()["fragments"].values())
    for language in LANGUAGES:
        assert english_left(fragments[language], fragments["en"], language, wrote(org, draft).decode()) == []


def test_what_cannot_be_kept_is_said_with_its_numbers() -> None:
    with pytest.raises(Invalid) as refusal:
        drafts.merged({}, {"study_hours": 90_000, "competencies": [{"id": "c1"}, {"id": "c1"}]})
    english = [f"{one.detail} {one.mend}" for one in refusal.value.errors]
    assert english == [
        "Two rows have the id 'c1'. Give each its own.",
        "90000 is outside of what is possible. Give 0 to 10,000 hours.",
    ]
    with translation.override("de"):
        german = [told(one) for one in refusal.value.errors]
    assert german[1] == "90000 liegt außerhalb des Möglichen. Möglich ist 0 bis 10.000 (Stunden)."


def test_the_languages_of_standards_are_named_in_the_language_of_the_page() -> None:
    with translation.override("es"):
        assert [str(name) for _, name in STANDARD_LANGUAGES[:3]] == ["Inglés", "Alemán", "Español"]


def test_what_is_stored_stays_as_it_was_typed(org: Any, writer: Client) -> None:
    view = drafted(org, **completion_content())
    writer.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    writer.post(reverse("standard_door", args=[org.slug, view.slug, "archive"]), {})
    copy = actions.duplicate(by=org.owner, org_id=org.id, achievement_id=view.achievement_id)
    assert copy.standard.title == "Copy of E-mail automation course"
    assert spoken(copy.standard.scale[0].label) == "Not yet"


def test_a_page_of_the_editor_reads_in_german(org: Any, writer: Client) -> None:
    draft = drafted(org, **FULL)
    shown = visible(rendered(writer, editing(org, draft, "claim"), "de"))
    for words in (
        "Was kann diese Person jetzt, das sie vorher nicht konnte?",
        "Zeile 1",
        "Verständlichkeit:",
    ):
        assert words in shown
    shown = visible(rendered(writer, editing(org, draft, "rubric"), "de"))
    assert "Jedes Pflichtkriterium (2) muss Stufe 3 erreichen, Proficient" in shown
    assert "(c2, leer)" in shown
