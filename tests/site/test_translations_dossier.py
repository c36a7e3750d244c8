"""The defence dossier and what belief costs, in German and Spanish: no English sentence of ours is left."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from guildmark.design import actions
from guildmark.kernel import tasks
from tests.design.builders import completion_content, published, successor
from tests.design.test_lowering import REASON
from tests.evidence.builders import decided
from tests.site.test_dossier import DECISION, tied
from tests.site.test_translations import ensure_translated
from tests.wallet.builders import sign_in

pytestmark = pytest.mark.django_db

#: Stored words of an author or of a member, which stay as they were written.
SIGNED = f"{REASON} First publication. Clearer words. A higher level."


def test_no_english_is_left_in_a_dossier_and_in_what_belief_costs(client: Client, org: Any) -> None:
    first = published(org, **tied(cost={"amount": "90", "currency": "EUR"}))
    decided(org, version=first)
    second = successor(org, first, note="A higher level.", pass_level=4)
    reviewer = org.member("designer", name="second")
    actions.mark_reviewed(by=reviewer, org_id=org.id, version_id=second.id, note="It fits.")
    bare = published(org, title="Without records")
    record = published(org, **completion_content(decision=DECISION))
    tasks.run_until_idle()
    sign_in(client, org.owner_id)
    dossiers = [(first.slug, "1.0"), (first.slug, "2.0"), (bare.slug, "1.0"), (record.slug, "1.0")]
    known = "?price=90&hour=60&minutes=45&defence=10&decision=5&identity=5&supervised=2&together=3"
    cost = [reverse("standard_cost", args=[org.slug, slug]) for slug in (first.slug, bare.slug)]
    ensure_translated(
        client,
        [
            *(reverse("standard_dossier", args=[org.slug, *one]) for one in dossiers),
            *(reverse("standard_dossier_file", args=[org.slug, *one, "html"]) for one in dossiers),
            *cost,
            f"{cost[0]}{known}",
        ],
        SIGNED.encode(),
    )


def test_the_file_is_in_the_language_of_the_page_and_the_json_is_english(client: Client, org: Any) -> None:
    version = published(org, **tied())
    sign_in(client, org.owner_id)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    file, document = (
        client.get(
            reverse("standard_dossier_file", args=[org.slug, version.slug, "1.0", kind])
        ).content.decode()
        for kind in ("html", "json")
    )
    assert '<html lang="de">' in file
    assert "1 von 8 Abschnitten hat nichts vorzuweisen." in file
    assert '"summary": "1 of 8 sections has nothing to show."' in document


def test_amounts_are_written_as_the_language_writes_them(client: Client, org: Any) -> None:
    version = published(org, cost={"amount": "1490", "currency": "EUR"})
    sign_in(client, org.owner_id)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    known = "?price=1490&hour=60,5&minutes=45&defence=10"
    page = client.get(reverse("standard_cost", args=[org.slug, version.slug]) + known).content.decode()
    assert "45 min × 60,5 / 60 min" in page
    assert "1.490,00 EUR" in page
