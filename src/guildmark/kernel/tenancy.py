"""Tenancy: rows carry ``org_id`` and the default manager refuses to read without one."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from guildmark.kernel.ids import uuid7

M = TypeVar("M", bound=models.Model)


class UnscopedRead(RuntimeError):
    """A query was about to read the rows of every organisation."""


class OrgManager(models.Manager[M]):
    """Reads only through :meth:`for_org`, or :meth:`across_orgs` with a reason that a reviewer can judge."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[M]:
        # A related manager (achievement.versions) starts from a row that was itself read in scope.
        if getattr(self, "instance", None) is None:
            raise UnscopedRead(f"{self.model.__name__}: read with for_org(org_id), or across_orgs('why')")
        return super().get_queryset()

    def for_org(self, org_id: UUID) -> models.QuerySet[M]:
        return super().get_queryset().filter(org_id=org_id)

    def across_orgs(self, reason: str) -> models.QuerySet[M]:
        """Every organisation's rows: for public addresses, sweepers and migrations; ``reason`` says which."""
        if not reason:
            raise UnscopedRead(f"{self.model.__name__}: across_orgs needs a reason")
        return super().get_queryset()

    def create(self, **values: Any) -> M:
        if not values.get("org_id"):
            raise UnscopedRead(f"{self.model.__name__}: create needs org_id")
        made = super().get_queryset().model(**values)
        made.save(force_insert=True, using=self.db)
        return made

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[M]:
        return super().get_queryset().bulk_create(objs, *args, **kwargs)


class OrgModel(models.Model):
    """Base of every row that belongs to an organisation: a UUIDv7 key and a bare ``org_id``."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField(db_index=True, editable=False)

    objects: OrgManager[Any] = OrgManager()

    class Meta:
        abstract = True
