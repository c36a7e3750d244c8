"""A publication that was refused because it would be dated back leaves a record, although nothing was published (IS6)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast
from uuid import UUID

from django.db import transaction

from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.standards_log import DatedBack

P = ParamSpec("P")
R = TypeVar("R")


def dated_back_is_recorded(publish: Callable[P, R]) -> Callable[P, R]:
    """Around the transaction of a publication: the record must stand when that is taken back."""

    @wraps(publish)
    def recording(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return publish(*args, **kwargs)
        except DatedBack as refused:
            org_id = cast(UUID, kwargs["org_id"])
            with transaction.atomic():
                audit.record(
                    org_id=org_id,
                    by=cast(Actor, kwargs["by"]),
                    action="design.publication_refused",
                    subject_type="version",
                    subject_id=kwargs["version_id"],
                    data={"reason": str(refused.detail)},
                )
            raise

    return recording
