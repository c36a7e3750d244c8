"""The pages in German and Spanish: the catalogues are whole, and no English sentence is left on a page."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from guildmark.kernel.speaking import spoken
from guildmark.kernel.words import Count, Said, day, numbered, said
from guildmark.people import actions as people
from guildmark.site.public import own
from guildmark.site.templatetags import scripts
from guildmark.verify import details, sceptic
from tests.issue.builders import issued
from tests.wallet.builders import mailed_tokens, sign_in

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import messages  # noqa: E402

CSS = ROOT / "src" / "guildmark" / "site" / "css"
SCRIPTS = ROOT / "src" / "guildmark" / "site" / "static" / "site" / "js"
LANGUAGES = messages.LANGUAGES
#: Shorter texts are words that may rightly stand in a name or in what somebody signed.
LONG = 12


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(messages.LOCALE / language / "LC_MESSAGES" / "django.po"), wrapwidth=110)


@pytest.fixture(scope="module")
def template() -> polib.POFile:
    return messages.collected()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_exactly_what_is_marked_and_all_of_it_is_translated(
    language: str, template: polib.POFile
) -> None:
    found = catalogue(language)
    assert [(e.msgctxt, e.msgid) for e in found] == [(e.msgctxt, e.msgid) for e in template]
    assert str(found) == str(messages.brought_up_to_date(language, template))
    assert messages.problems(language, found) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_made_of_the_written_one(language: str) -> None:
    written, compiled = (
        catalogue(language),
        polib.mofile(str(messages.LOCALE / language / "LC_MESSAGES" / "django.mo")),
    )
    assert {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in compiled} == {
        (e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in written
    }


def test_no_text_takes_the_place_of_the_name_of_a_month(template: polib.POFile) -> None:
    """Our catalogues go before Django's, which says the months by the same table."""
    ours = {entry.msgid for entry in template if not entry.msgctxt}
    months = {f"{date(2026, month, 1):%B}" for month in range(1, 13)}
    assert not ours & (months | {name.lower() for name in months} | {name[:3].lower() for name in months})


class Visible(HTMLParser):
    """The words of a page that a person sees or hears."""

    SILENT = {"script", "style", "code", "pre", "textarea"}

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        said_aloud = {"aria-label", "placeholder", "title", "alt", "data-label", "data-confirm", "content"}
        self.texts += [value for name, value in attrs if name in said_aloud and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.texts.append(" ".join(data.split()))


def visible(page: str) -> str:
    reader = Visible()
    reader.feed(page)
    return "\n".join(reader.texts)


def literal_parts(text: str) -> list[str]:
    """The pieces of a text between its places and its own HTML."""
    pieces = re.split(r"%\(\w+\)[sd]|\{\w*\}|<[^>]+>|\n", text)
    return [piece.strip() for piece in pieces if len(piece.strip()) > LONG]


def english_left(page: str, english: str, language: str, signed: str) -> list[str]:
    """Texts of the catalogue that stand on both pages in English, though they are translated and not signed."""
    shown, before = visible(page), visible(english)
    return [
        piece
        for entry in catalogue(language)
        for source, target in [(entry.msgid, entry.msgstr or entry.msgstr_plural[0])]
        for piece in literal_parts(source)
        if piece in before and piece in shown and piece not in target and piece not in signed
    ]


def rendered(client: Client, page: Any, language: str) -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.post(*page) if isinstance(page, tuple) else client.get(page)
    assert answer.status_code in {200, 404}, (page, answer.status_code)
    return str(answer.content.decode())


def ensure_translated(client: Client, pages: list[Any], signed: bytes) -> None:
    left = {}
    for page in pages:
        english = rendered(client, page, "en")
        for language in LANGUAGES:
            if found := english_left(rendered(client, page, language), english, language, signed.decode()):
                left[language, page if isinstance(page, str) else page[0]] = found
    assert left == {}


@pytest.mark.django_db
def test_no_english_is_left_on_the_pages_of_strangers(client: Client, org: Any) -> None:
    credential = issued(org)
    (token,) = mailed_tokens()
    changed = credential.body.decode().replace("Ada", "Eve")
    ensure_translated(
        client,
        [
            "/",
            credential.path,
            f"/o/{org.slug}",
            "/verify",
            ("/verify", {"text": credential.body.decode()}),
            ("/verify", {"text": changed}),
            reverse("account_login"),
            reverse("account_signup"),
            reverse("account_reset_password"),
            reverse("claim_lost"),
            reverse("claim", args=[token]),
            "/nothing-here",
        ],
        credential.body,
    )


@pytest.mark.django_db
def test_no_english_is_left_on_the_pages_of_earners(client: Client, org: Any) -> None:
    credential = issued(org)
    user = people.create_user(email=credential.holder_email, name="Ada", password="x" * 12, verified=True)
    sign_in(client, user)
    ensure_translated(
        client,
        [reverse("shelf"), reverse("shelf_credential", args=[credential.public_id]), reverse("home")],
        credential.body,
    )


@pytest.mark.django_db
def test_no_english_is_left_on_the_pages_of_the_studio_that_are_marked(client: Client, org: Any) -> None:
    credential = issued(org)
    mailed_tokens()
    sign_in(client, org.owner_id)
    plain = ["credentials", "awards_waiting", "completion_records", "batches", "keys", "key_rotate", "people"]
    plain += ["settings", "api_keys", "frameworks", "framework_import_new", "mail", "studio_home", "audit"]
    of_one = ["credential_detail", "credential_revoke", "credential_suspend", "credential_correct"]
    of_one += ["credential_claim"]
    ensure_translated(
        client,
        [
            *(reverse(name, args=[org.slug]) for name in plain),
            *(reverse(name, args=[org.slug, credential.public_id]) for name in of_one),
        ],
        credential.body + b"".join(message.subject.encode() for message in mail.outbox),
    )


@pytest.mark.django_db
def test_a_mail_is_in_the_language_that_is_active(org: Any) -> None:
    with translation.override("de"):
        issued(org)
        mailed_tokens()
    (letter,) = (message for message in mail.outbox if "/claim/" in str(message.body))
    assert "hat einen Nachweis für Sie ausgestellt" in str(letter.body)
    assert "Nachweis" in letter.subject


def test_what_is_said_without_django_is_english_and_can_be_said_again() -> None:
    one, many = (numbered("One person judged.", "{n} people judged.", n=n) for n in (1, 1200))
    until = said("Yes, until {day}", day=day(date(2027, 3, 1)))
    assert (one, many, until) == ("One person judged.", "1200 people judged.", "Yes, until 1 March 2027")
    with translation.override("de"):
        assert spoken(one) == "Eine Person hat beurteilt."
        assert spoken(many) == "1.200 Personen haben beurteilt."
        assert spoken(until) == "Ja, bis 1. März 2027"
    long = said("The list is too long; the limit is {n} lines.", n=Count(5000))
    assert long == spoken(long) == "The list is too long; the limit is 5,000 lines."
    with translation.override("de"):
        assert spoken(long) == "Die Liste ist zu lang; erlaubt sind 5.000 Zeilen."
    with translation.override("es"):
        assert spoken(until) == "Sí, hasta 1 de marzo de 2027"


def test_what_somebody_else_wrote_is_never_translated() -> None:
    with translation.override("de"):
        assert spoken("Valid") == "Valid"
        assert spoken(said("{title}, by {issuer}", title="Valid", issuer="{n}")) == "Valid, von {n}"


@pytest.mark.parametrize(
    ("detail", "german"),
    [
        ("Within its validity period on 2026-03-01.", "Am 1. März 2026 innerhalb der Gültigkeit."),
        ("The eddsa-rdfc-2022 signature fits the content.", "Die Signatur eddsa-rdfc-2022 passt zum Inhalt."),
        ("Something nobody has translated.", "Something nobody has translated."),
    ],
)
def test_the_detail_of_a_check_is_known_by_its_form(detail: str, german: str) -> None:
    assert details.said_of(detail) == detail
    with translation.override("de"):
        assert spoken(details.said_of(detail)) == german


@pytest.mark.django_db
def test_every_detail_of_a_sound_credential_is_known(org: Any) -> None:
    credential = issued(org)
    report = own.verify(credential.body, org.id)
    unknown = [c.detail for c in report.checks if not isinstance(details.said_of(c.detail), Said)]
    assert unknown == []


@pytest.mark.django_db
def test_the_sceptic_sheet_as_json_stays_english(client: Client, org: Any) -> None:
    credential = issued(org)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    answer = client.get(f"{credential.path}/sceptic.json").json()
    assert answer["lines"] == sceptic.sheet(json.loads(credential.body)).as_json()["lines"]
    assert answer["lines"][0]["question"] == "What exactly was done?"


def test_scripts_say_only_what_the_page_brings_them() -> None:
    said_by_scripts = {
        text
        for path in SCRIPTS.glob("*.js")
        for text in re.findall(r'\bword\("([^"]+)"', path.read_text("utf-8"))
    }
    assert said_by_scripts == set(scripts.WORDS)
    with translation.override("de"):
        assert "Lassen, wie es ist" in scripts.script_words()
    with translation.override("en"):
        assert scripts.script_words() == ""


@pytest.mark.django_db
def test_a_refused_action_is_told_in_the_language_of_the_page(client: Client, org: Any) -> None:
    credential = issued(org)
    sign_in(client, org.owner_id)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    address = reverse("credential_revoke", args=[org.slug, credential.public_id])
    answer = client.post(address, {"reason": "No longer \x07true."})
    assert answer.status_code == 422
    assert "Zeichen, das nicht zu sehen ist (U+0007)" in answer.content.decode()


PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right)|left|right)(?:-\w+)?\s*:"
    r"|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right)"
)


@pytest.mark.parametrize("sheet", sorted(path.name for path in CSS.glob("*.css")))
def test_styles_name_no_side_of_the_screen(sheet: str) -> None:
    """What is written from right to left would stand on the wrong side."""
    assert PHYSICAL.findall((CSS / sheet).read_text("utf-8")) == []
