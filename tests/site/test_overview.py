"""The overview of an organisation says what its other pages say."""

from __future__ import annotations

import pytest
from django.test import Client

from guildmark.people import actions as people
from guildmark.people.models import User
from tests.issue import builders
from tests.people.builders import Org

pytestmark = pytest.mark.django_db


def test_a_corrected_credential_is_not_called_issued(client: Client, org: Org) -> None:
    client.force_login(User.objects.get(id=org.owner_id))
    builders.corrected(org, builders.issued(org))

    page = client.get(f"/studio/{org.slug}/").content.decode().split("Issued lately", 1)[1]

    assert "Superseded" in page
    assert "Valid" in page


def test_the_audit_page_says_what_was_done_in_words_beside_the_code(org: Org, client: Client) -> None:
    people.create_api_key(by=org.owner, org_id=org.id, name="course", scopes=["standards:read"])
    client.force_login(User.objects.get(id=org.owner_id))
    page = client.get("/studio/northlamp/audit").content.decode()
    assert "API key created" in page
    assert "people.api_key_created" in page
