"""One table of classes, and every face that shows a class agrees with it."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from guildmark.design import policies
from guildmark.design.classes import CERTIFIED_CHECKS, CLASSES
from guildmark.issue.render import badge_svg
from guildmark.issue.samples import sample_document
from guildmark.kernel.clock import now
from guildmark.protocol.openbadges.reading import read
from guildmark.protocol.openbadges.v3 import ACHIEVEMENT_TYPES, Signal
from guildmark.site.public.facts import page_facts
from guildmark.verify.pages import class_word
from tests.design import builders

EXPECTED = {
    "completion": ("CertificateOfCompletion", "Completion record", "ticket"),
    "demonstrated": ("MicroCredential", "Demonstrated skill", "hallmark"),
    "certified": ("Certification", "Certification", "cartouche"),
}


def test_the_table_is_that_of_the_payload():
    assert {name: (one.achievement_type, one.label, one.mark) for name, one in CLASSES.items()} == EXPECTED
    assert {signal.value: kind for signal, kind in ACHIEVEMENT_TYPES.items()} == {
        name: one.achievement_type for name, one in CLASSES.items()
    }
    assert {signal.value for signal in Signal} == set(CLASSES)


@pytest.mark.django_db
@pytest.mark.parametrize("signal", CLASSES)
def test_payload_page_verifier_badge_and_editor_agree(org, signal):
    told = CLASSES[signal]
    draft = builders.drafted(org, signal=signal)
    document = sample_document(draft, holder="Ada", at=now())
    assert document["credentialSubject"]["achievement"]["achievementType"] == told.achievement_type
    facts, page = read(document), page_facts(document)
    assert page.class_words == told.eyebrow
    assert page.sentence.startswith(told.sentence)
    assert class_word(facts) == told.label
    picture = badge_svg(facts, "https://north.example/c/1")
    assert f"{told.label}: " in picture
    mark = render_to_string("components/mark.html", {"class": signal})
    assert told.mark in mark.lower()
    browser = Client()
    from django.contrib.auth import get_user_model

    browser.force_login(get_user_model().objects.get(pk=org.owner_id))
    editor = browser.get(reverse("standard_edit", args=[org.slug, draft.slug, "claim"])).content.decode()
    assert f"{told.label} · draft" in editor


@pytest.mark.django_db
@pytest.mark.parametrize("signal", ["completion", "demonstrated"])
def test_the_bar_page_the_issuer_and_the_front_page_use_the_same_word(org, signal):
    version = builders.published(org, signal=signal)
    for address in (f"/s/{version.slug}", f"/o/{org.slug}", "/"):
        page = Client().get(address, headers={"accept": "text/html"}).content.decode()
        assert CLASSES[signal].label.lower() in page.lower(), address


def test_only_a_class_without_judges_speaks_of_taking_part():
    assert [name for name, one in CLASSES.items() if not one.judged] == ["completion"]


def test_a_certification_is_refused_with_the_list_of_its_checks():
    (finding,) = policies.blocking(builders.publishable_standard(signal="certified"))
    assert finding.rule == "signal.certified"
    assert all(check in finding.message for check in CERTIFIED_CHECKS)
