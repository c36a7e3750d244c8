"""Fixtures for the whole suite; the scratch data directory and database come from tests/environment.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

@pytest.fixture(autouse=True)
def _quick_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _append_only_tables_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests with real transactions empty the tables afterwards, which the audit triggers rightly refuse."""
    yield
    marker = request.node.get_closest_marker("django_db")
    real = (marker is not None and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if not real and "live_server" not in request.fixturenames:
        return
    from django.db import connection

    from guildmark.design import triggers
    from guildmark.kernel import audit

    request.getfixturevalue("django_db_blocker").unblock()
    audit.drop_triggers(connection, "kernel_auditevent")
    triggers.drop(connection)
    request.addfinalizer(lambda: None)


@pytest.fixture
def make_org() -> Callable[..., object]:
    """``make_org("northlamp")`` gives an organisation with an owner: ``.view``, ``.owner`` and ``.member(roles)``."""
    from tests.people.builders import Org

    return Org


@pytest.fixture
def org(db: None, make_org: Callable[..., object]) -> object:
    return make_org("northlamp")


@pytest.fixture
def other_org(db: None, make_org: Callable[..., object]) -> object:
    return make_org("southlamp")
