"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite.

Rows are given as plain values, not as model instances, whose making costs more than storing them. Defaults of
the model are not applied: name every column that has no default in the database.
"""

from __future__ import annotations

import json
from binascii import hexlify
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice, repeat
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, models

#: Which column of a row, and what makes a database value of its Python one.
_ColumnConverter = tuple[int, Callable[[Any], Any]]


def _plain(value: Any) -> Any:
    return value


def _json(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value)


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    """What makes a database value of a Python one, None aside."""
    if isinstance(field, models.JSONField):
        return _json
    if connection.vendor == "postgresql":
        return _plain
    if isinstance(field, models.UUIDField) or isinstance(
        getattr(field, "target_field", None), models.UUIDField
    ):
        return lambda value: value.hex
    if isinstance(field, models.DateTimeField):
        return _sqlite_instant
    if isinstance(field, models.DateField):
        return lambda value: value.isoformat()
    return _plain


def _sqlite_instant(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    ignore_conflicts: bool = False,
) -> int:
    """Insert rows whose values stand in the order of ``columns`` (attribute names such as ``batch_id``).

    Must run inside a transaction; all rows are stored or none, and their number is returned. Raises
    django.db.IntegrityError as the ORM does, unless ``ignore_conflicts`` leaves out what is there already.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("bulk.insert must run inside a transaction")
    fields = {field.attname: field for field in model._meta.concrete_fields}
    converters = [
        (at, convert)
        for at, convert in enumerate(_converter(fields[name]) for name in columns)
        if convert is not _plain
    ]
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(str(fields[name].column)) for name in columns)
    if connection.vendor == "postgresql" and not ignore_conflicts:
        return _copy(f"COPY {table} ({names}) FROM STDIN", rows, converters)
    marks = ", ".join(["%s"] * len(columns))
    given = [_converted(row, converters) for row in rows]
    end = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    with connection.cursor() as cursor:
        # Only names of our own models are put into the statement.
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks}){end}", given)  # noqa: S608
    return len(given)


def _converted(row: Sequence[Any], converters: Sequence[_ColumnConverter]) -> Sequence[Any]:
    if not converters:
        return row
    made = list(row)
    for at, convert in converters:
        if made[at] is not None:
            made[at] = convert(made[at])
    return made


def _copy(statement: str, rows: Iterable[Sequence[Any]], converters: Sequence[_ColumnConverter]) -> int:
    count = 0
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for group in _groups(rows):
            try:
                block = _block(group, converters)
            except KeyError:
                # A value of some other type: the driver knows more of them, and takes longer.
                for row in group:
                    copy.write_row(_converted(row, converters))
            else:
                copy.write(block)
            count += len(group)
    return count


def _groups(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    rest = iter(rows)
    while group := list(islice(rest, _ROWS)):
        yield group


def _block(group: Sequence[Sequence[Any]], converters: Sequence[_ColumnConverter]) -> bytes:
    """Rows in the text format of COPY, made column by column: most columns hold one value, or one type of value."""
    columns: list[Sequence[Any]] = list(zip(*group, strict=True))
    for at, convert in converters:
        columns[at] = [None if value is None else convert(value) for value in columns[at]]
    return b"\n".join(map(b"\t".join, zip(*map(_texts, columns), strict=True))) + b"\n"


def _texts(column: Sequence[Any]) -> Iterable[bytes]:
    """The values of a column as COPY wants them. KeyError for a type that is not known here."""
    first = column[0]
    if len(set(map(id, column))) == 1:
        return repeat(_TEXT[type(first)](first), len(column))
    if len(set(map(type, column))) > 1:
        return [_TEXT[type(value)](value) for value in column]
    if type(first) is str and (joined := "".join(column)).isprintable() and "\\" not in joined:
        return map(str.encode, column)
    if type(first) is UUID:
        return [b"%032x" % value.int for value in column]
    text = _TEXT[type(first)]
    return [text(value) for value in column]


def _escaped(value: str) -> bytes:
    """A text in the text format of COPY."""
    if value.isprintable() and "\\" not in value:
        return value.encode()
    return value.translate(_ESCAPES).encode()


#: Rows that are handed to the server at once.
_ROWS = 250
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
#: The text format of COPY (PostgreSQL, section "COPY", File Formats) by the exact type of a value.
_TEXT: dict[type, Callable[[Any], bytes]] = {
    str: _escaped,
    UUID: lambda value: value.hex.encode(),
    int: lambda value: b"%d" % value,
    bool: lambda value: b"t" if value else b"f",
    bytes: lambda value: b"\\\\x" + hexlify(value),
    datetime: lambda value: value.isoformat().encode(),
    date: lambda value: value.isoformat().encode(),
    type(None): lambda value: b"\\N",
}
