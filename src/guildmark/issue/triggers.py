"""Database triggers: what was signed never changes, and history is only added to."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

FROZEN = {
    "issue_credential": ("body", "body_sha256", "award_id", "public_id", "valid_from", "valid_until"),
    "issue_credentialevent": ("public_id", "kind", "reason", "at", "by_kind", "by_id"),
    "issue_tombstone": ("public_id", "body_sha256", "erased_at"),
}


def install(connection: BaseDatabaseWrapper) -> None:
    for table, columns in FROZEN.items():
        message = f"{', '.join(columns)} of {table} never change"
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {table}_frozen() RETURNS trigger AS $$ "
                    f"BEGIN IF {changed} THEN RAISE EXCEPTION '{message}'; END IF; RETURN NEW; END; "
                    "$$ LANGUAGE plpgsql"
                )
                cursor.execute(
                    f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} "
                    f"FOR EACH ROW EXECUTE FUNCTION {table}_frozen()"
                )
            else:
                changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)
                cursor.execute(
                    f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} WHEN {changed} "
                    f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )


def remove(connection: BaseDatabaseWrapper) -> None:
    for table in FROZEN:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen ON {table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {table}_frozen()")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen")
