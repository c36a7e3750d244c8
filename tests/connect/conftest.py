"""The face is off unless it is switched on; here it is on, and ``face`` calls it as a suite does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from guildmark.config import load


class Caller:
    """Calls the face over https, as a stranger without a session."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def post(self, path: str, body: Any) -> tuple[int, Any]:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        answer = self.client.post(f"/vc-api/{path}", data, content_type="application/json", secure=True)
        return answer.status_code, answer.json() if answer.content else None

    def get(self, path: str) -> tuple[int, Any]:
        answer = self.client.get(path, secure=True)
        return answer.status_code, answer.json()

    def issue(self, name: str, credential: Any, **options: Any) -> tuple[int, Any]:
        return self.post(f"{name}/credentials/issue", {"credential": credential, "options": options})

    def issued(self, name: str, credential: Any, **options: Any) -> dict[str, Any]:
        status, made = self.issue(name, credential, **options)
        assert status == 201, made
        return dict(made)

    def verify(self, credential: Any, **options: Any) -> int:
        options = {"checks": ["proof"], **options}
        return self.post("credentials/verify", {"verifiableCredential": credential, "options": options})[0]

    def verify_presentation(self, presentation: Any, **options: Any) -> tuple[int, Any]:
        return self.post("presentations/verify", {"verifiablePresentation": presentation, "options": options})

    def resolve(self, address: str, **query: str) -> tuple[int, Any]:
        return self.get(f"/vc-api/resolver/{quote(address, safe='')}?{urlencode(query)}")


@pytest.fixture
def switched_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("GUILDMARK_VC_API", "1")
    load.cache_clear()
    yield
    monkeypatch.undo()
    load.cache_clear()


@pytest.fixture
def face(db: None, switched_on: None) -> Caller:
    return Caller()
