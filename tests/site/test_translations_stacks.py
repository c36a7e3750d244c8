"""The pages of layers, stacks and promotions in German and Spanish."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from guildmark.design import queries as standards
from guildmark.design.stacks import promotion, queries, relations
from tests.design.builders import drafted, published
from tests.design.stack_cases import SECOND, promoted, publish_as_skill
from tests.issue.builders import issued
from tests.site.test_translations import ensure_translated
from tests.wallet.builders import sign_in

pytestmark = pytest.mark.django_db
#: Stored with every first version and shown as it stands.
NOTE = b"First publication."


@pytest.fixture
def studio(client: Client, org: Any) -> Client:
    sign_in(client, org.owner_id)
    return client


def test_no_english_is_left_on_the_pages_that_teach(studio: Client, org: Any) -> None:
    alone = drafted(org)
    pages = [reverse("stacks", args=[org.slug]), reverse("promote", args=[org.slug])]
    ensure_translated(studio, [*pages, reverse("standard_layers", args=[org.slug, alone.slug])], b"")


def test_no_english_is_left_on_layers_and_their_ties(studio: Client, org: Any) -> None:
    base, plan = published(org, title="Die Grundlage"), drafted(org, title="Der Plan")
    credential = issued(org, published(org, title="Eine Begrüßung"))
    child = credential.achievement_id
    keys = {"by": org.owner, "org_id": org.id, "child_id": child}
    relations.relate(**keys, base_id=base.achievement_id, role="refresher")
    relations.relate(**keys, base_id=plan.achievement_id, role="part")
    for title, role in (
        ("Vertieft", "specialization"),
        ("Neues Werkzeug", "tool-update"),
        ("Ein Stück", "part"),
    ):
        relations.relate(
            by=org.owner,
            org_id=org.id,
            child_id=published(org, title=title).achievement_id,
            base_id=child,
            role=role,
        )
    found = queries.ties(org.id, child)
    slug = found.bases[0].child.slug
    pages = [reverse("standard_layers", args=[org.slug, slug]), reverse("stacks", args=[org.slug])]
    pages += [
        reverse("standard_layer", args=[org.slug, slug, one.id]) for one in (*found.bases, *found.layers)
    ]
    ensure_translated(
        studio, [*pages, f"/s/{slug}", credential.path, f"/o/{org.slug}"], credential.body + NOTE
    )


def test_no_english_is_left_on_a_promotion_and_its_blueprint(studio: Client, org: Any) -> None:
    credential = issued(org)
    other = published(
        org,
        **{
            **SECOND,
            "assessment_hours": None,
            "conditions": {
                "resubmissions": 0,
                "retake_rule": "Once a year.",
                "authorship_checks": ["defence"],
            },
        },
    )
    chosen = f"{reverse('promote', args=[org.slug])}?members={credential.version_id}&members={other.id}"
    draft = promotion.promote(
        by=org.owner, org_id=org.id, version_ids=[credential.version_id, other.id], title="Das Ganze"
    )
    blueprint = reverse("standard_blueprint", args=[org.slug, draft.slug])
    pages = [chosen, blueprint, reverse("standard_layers", args=[org.slug, draft.slug])]
    ensure_translated(studio, pages, credential.body)


def test_what_holders_have_shown_is_said_in_the_language_of_the_page(studio: Client, org: Any) -> None:
    credential = issued(org)
    other = published(org, **SECOND)
    first = standards.version(org.id, credential.version_id)
    whole = publish_as_skill(org, promoted(org, first, other))
    ensure_translated(
        studio, [f"/s/{whole.slug}", f"/s/{first.slug}", credential.path], credential.body + NOTE
    )
    studio.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    page = studio.get(f"/s/{whole.slug}").content.decode()
    assert (
        f"Wer {first.standard.title} 1.0 hat, hat schon 3 von 6 Kriterien von E-mail practitioner gezeigt."
        in page
    )
