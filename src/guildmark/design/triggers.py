"""The lock on published versions, in the database itself, on both engines (UP3: a new version, never
an edit).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "design_achievementversion"
# What the first installation of the lock covered; migrations name the list of their time.
FIRST = (
    "id",
    "org_id",
    "achievement_id",
    "major",
    "minor",
    "content",
    "core_hash",
    "based_on",
    "update_note",
    "created_at",
    "created_by",
    "published_at",
    "published_by",
)
FROZEN = (*FIRST, "effective_at", "transition_until", "lowering")
REFUSED = "a published version never changes: start a new version"
# Moves that a published version may still make; the state stays or goes forward.
FORWARD = (
    "(OLD.state = NEW.state OR (OLD.state = 'published' AND NEW.state IN ('superseded', 'retired')) "
    "OR (OLD.state = 'superseded' AND NEW.state = 'retired'))"
)


def install(schema: BaseDatabaseWrapper, frozen: Sequence[str] = FROZEN) -> None:
    """Refuse any change of what was published, its deletion, and a step back of its state.

    A later migration that alters the table on SQLite rebuilds it and loses the triggers: it must install
    them again.
    """
    with schema.cursor() as cursor:
        if schema.vendor == "postgresql":
            differs = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in frozen)
            cursor.execute(
                "CREATE OR REPLACE FUNCTION guildmark_version_frozen() RETURNS trigger AS $$ BEGIN "
                "IF OLD.published_at IS NULL THEN "
                "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END IF; "
                f"IF TG_OP = 'DELETE' THEN RAISE EXCEPTION '{REFUSED}'; END IF; "
                f"IF {differs} OR NOT {FORWARD} THEN RAISE EXCEPTION '{REFUSED}'; END IF; "
                "RETURN NEW; END; $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE OR DELETE ON {TABLE} "
                "FOR EACH ROW EXECUTE FUNCTION guildmark_version_frozen()"
            )
            return
        differs = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in frozen)
        cursor.execute(
            f"CREATE TRIGGER {TABLE}_frozen_update BEFORE UPDATE ON {TABLE} "
            f"WHEN OLD.published_at IS NOT NULL AND ({differs} OR NOT {FORWARD}) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
        cursor.execute(
            f"CREATE TRIGGER {TABLE}_frozen_delete BEFORE DELETE ON {TABLE} "
            f"WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )


def drop(schema: BaseDatabaseWrapper) -> None:
    """Undo :func:`install` (reversal of the migration, and tests that show that the hash detects an edit)."""
    with schema.cursor() as cursor:
        if schema.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_frozen ON {TABLE}")
            return
        for verb in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_frozen_{verb}")


TRANSLATIONS = "design_translationrevision"
KEPT = "translations of a published standard are append-only"


def install_translations(schema: BaseDatabaseWrapper) -> None:
    """Refuse any change of a saved translation, and its deletion once a version of its standard was published."""
    owned = "achievement_id = OLD.achievement_id AND published_at IS NOT NULL"
    published = f"EXISTS (SELECT 1 FROM {TABLE} WHERE {owned})"  # noqa: S608 - names of our own
    with schema.cursor() as cursor:
        if schema.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION guildmark_translation_kept() RETURNS trigger AS $$ BEGIN "
                f"IF TG_OP = 'DELETE' AND NOT {published} THEN RETURN OLD; END IF; "
                f"RAISE EXCEPTION '{KEPT}'; END; $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                f"CREATE TRIGGER {TRANSLATIONS}_kept BEFORE UPDATE OR DELETE ON {TRANSLATIONS} "
                "FOR EACH ROW EXECUTE FUNCTION guildmark_translation_kept()"
            )
            return
        for verb, condition in (("update", ""), ("delete", f"WHEN {published} ")):
            cursor.execute(
                f"CREATE TRIGGER {TRANSLATIONS}_kept_{verb} BEFORE {verb.upper()} ON {TRANSLATIONS} "
                f"{condition}BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
            )


def drop_translations(schema: BaseDatabaseWrapper) -> None:
    """Undo :func:`install_translations`."""
    with schema.cursor() as cursor:
        if schema.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {TRANSLATIONS}_kept ON {TRANSLATIONS}")
            return
        for verb in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {TRANSLATIONS}_kept_{verb}")


RELEASES = "design_toolrelease"
RECORDED = "a recorded release never changes: withdraw it and record it anew"
RELEASE_FROZEN = (
    "id", "org_id", "name", "key", "version", "released_on", "note", "url", "created_at", "created_by",
)  # fmt: skip


def install_releases(schema: BaseDatabaseWrapper) -> None:
    """Refuse the deletion of a recorded release, and any change of it but its withdrawal, once."""
    with schema.cursor() as cursor:
        if schema.vendor == "postgresql":
            differs = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in RELEASE_FROZEN)
            cursor.execute(
                "CREATE OR REPLACE FUNCTION guildmark_release_kept() RETURNS trigger AS $$ BEGIN "
                f"IF TG_OP = 'DELETE' THEN RAISE EXCEPTION '{RECORDED}'; END IF; "
                f"IF OLD.withdrawn_at IS NOT NULL OR {differs} THEN RAISE EXCEPTION '{RECORDED}'; END IF; "
                "RETURN NEW; END; $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                f"CREATE TRIGGER {RELEASES}_kept BEFORE UPDATE OR DELETE ON {RELEASES} "
                "FOR EACH ROW EXECUTE FUNCTION guildmark_release_kept()"
            )
            return
        differs = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in RELEASE_FROZEN)
        cursor.execute(
            f"CREATE TRIGGER {RELEASES}_kept_update BEFORE UPDATE ON {RELEASES} "
            f"WHEN OLD.withdrawn_at IS NOT NULL OR {differs} "
            f"BEGIN SELECT RAISE(ABORT, '{RECORDED}'); END"
        )
        cursor.execute(
            f"CREATE TRIGGER {RELEASES}_kept_delete BEFORE DELETE ON {RELEASES} "
            f"BEGIN SELECT RAISE(ABORT, '{RECORDED}'); END"
        )


def drop_releases(schema: BaseDatabaseWrapper) -> None:
    """Undo :func:`install_releases`."""
    with schema.cursor() as cursor:
        if schema.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {RELEASES}_kept ON {RELEASES}")
            return
        for verb in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {RELEASES}_kept_{verb}")
