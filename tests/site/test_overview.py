"""The overview of an organisation says what its other pages say."""

from __future__ import annotations

import pytest
from django.test import Client

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
