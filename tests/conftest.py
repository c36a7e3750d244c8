"""Fixtures for the whole suite; the scratch data directory and database come from tests/environment.py."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings

# How fast the machine is says nothing about whether a property holds.
settings.register_profile("guildmark", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("guildmark")
USES_DATABASE = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what can differ there is run again: whatever touches a database or starts the product."""
    if os.environ.get("GUILDMARK_TEST_DB") != "postgres":
        return
    same = [item for item in items if not _may_differ(item)]
    if same:
        config.hook.pytest_deselected(items=same)
        items[:] = [item for item in items if _may_differ(item)]


def _may_differ(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(USES_DATABASE & fixtures)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite as a file, as the product has it: a database in memory locks by other rules."""
    from django.conf import settings as configured

    database = configured.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"] = {
            **database.get("TEST", {}),
            "NAME": tmp_path_factory.mktemp("db") / "test.sqlite3",
        }


@pytest.fixture(autouse=True)
def _quick_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _no_language_is_left_active() -> Iterator[None]:
    """A page that a test opened in German leaves German active in its thread."""
    from django.conf import settings as configured
    from django.utils import translation

    yield
    translation.activate(configured.LANGUAGE_CODE)


_dropped: list[str] = []


@pytest.fixture(autouse=True)
def _append_only_tables_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests with real transactions empty the tables afterwards, which the triggers rightly refuse on SQLite.

    Their definitions are kept and put back before the next test. (PostgreSQL empties by TRUNCATE, which they allow.)
    """
    marker = request.node.get_closest_marker("django_db")
    real = (marker is not None and marker.kwargs.get("transaction")) or bool(
        {"transactional_db", "live_server"} & set(request.fixturenames)
    )
    if marker is not None or real or "db" in request.fixturenames:
        _put_triggers_back(request)
    yield
    if real:
        _set_triggers_aside(request)


def _set_triggers_aside(request: pytest.FixtureRequest) -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        return
    with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, sql in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
            _dropped.append(sql)


def _put_triggers_back(request: pytest.FixtureRequest) -> None:
    from django.db import connection

    if not _dropped:
        return
    with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
        while _dropped:
            cursor.execute(_dropped.pop())


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
