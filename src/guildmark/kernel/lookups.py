"""``field__anyof=values``: as ``__in``, but one parameter on PostgreSQL however many values there are.

A list of a thousand values costs more in the making of its statement than in the database.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import models

if TYPE_CHECKING:
    Lookup = models.Lookup[Any]
else:
    Lookup = models.Lookup


class AnyOf(Lookup):
    """``= ANY(array)`` on PostgreSQL, ``IN (...)`` elsewhere. Values are of the field's Python type, None left out."""

    lookup_name = "anyof"
    # Values are handed to the driver as they are: preparing them one by one is what this saves.
    prepare_rhs = False

    def _values(self) -> list[Any]:
        given: Collection[Any] = self.rhs
        values = [value for value in dict.fromkeys(given) if value is not None]
        if not values:
            raise EmptyResultSet
        return values

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        values = [field.get_db_prep_value(value, connection, prepared=True) for value in self._values()]
        marks = ", ".join(["%s"] * len(values))
        return f"{left} IN ({marks})", [*params, *values]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", [*params, self._values()]


models.Field.register_lookup(AnyOf)
