"""What reaches no query: characters that PostgreSQL cannot store."""

from __future__ import annotations

import pytest

from guildmark.people import actions as people
from tests.people.builders import Org


@pytest.mark.parametrize("path", ["/verify?url=%00", "/s/a%00b", "/c/%00"])
def test_an_address_with_a_nul_is_refused(client, db, path):
    assert client.get(path).status_code == 400


@pytest.mark.parametrize(
    ("title", "refused"),
    [("a\x00b", True), ("a\\u0000b", False), ("\\\x00", True)],
    ids=["nul", "spelled out", "both"],
)
def test_a_text_with_a_nul_is_refused_by_the_api(client, db, title, refused):
    org = Org("northlamp")
    _, secret = people.create_api_key(by=org.owner, org_id=org.id, name="test", scopes=["standards:write"])
    answer = client.post(
        "/api/v1/standards",
        {"title": title},
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert ("NUL" in answer.text) == refused
    assert answer.status_code == 422 if refused else answer.status_code < 500
