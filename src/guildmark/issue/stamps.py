"""Stamps of public answers: small values that differ whenever the answer could.

A stamp is read from the database for every request that a cache wants to answer, so that a change shows at once in
every process. Each takes one query.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from guildmark.issue.models import Credential, StatusList
from guildmark.kernel.models import AuditHead

Stamp = tuple[Any, ...]


def _row(statement: str, public_id: UUID) -> Stamp | None:
    given = Credential._meta.get_field("public_id").get_db_prep_value(public_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, [given])
        # All of it is fetched, so that nothing stays open on SQLite.
        rows = cursor.fetchall()
    return tuple(rows[0]) if rows else None


# Only names of our own models are put into the statements.
_PAGE = f"""
    SELECT c.visibility, c.status_epoch, c.state, c.share_version, c.body_sha256, h.seq
    FROM {Credential._meta.db_table} c LEFT JOIN {AuditHead._meta.db_table} h ON h.org_id = c.org_id
    WHERE c.public_id = %s
"""  # noqa: S608
_LIST = f"""
    SELECT l.epoch, l.signed_epoch, l.etag FROM {StatusList._meta.db_table} l WHERE l.public_id = %s
"""  # noqa: S608


def page_stamp(public_id: UUID) -> Stamp | None:
    """The stamp of everything served under ``/c/{id}``; None for a credential that is not public, or not there.

    Whatever else a page shows (the organisation, the standard, the keys) is changed by actions, each of which adds to
    the audit chain of the organisation: the length of the chain is part of the stamp.
    """
    found = _row(_PAGE, public_id)
    return found if found is not None and found[0] == "public" else None


def list_stamp(public_id: UUID) -> Stamp | None:
    """The stamp of a status list; None while its signed form does not tell the present bits."""
    found = _row(_LIST, public_id)
    return found if found is not None and found[0] == found[1] else None
