"""From what was typed to a draft: incomplete is welcome, impossible is refused with the field's name."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from guildmark.design import limits, offer
from guildmark.design.types import Standard, default_scale
from guildmark.kernel.problems import FieldProblem, Invalid, TooLarge
from guildmark.kernel.words import Count, said

PART_ID = re.compile(r"^[a-z][a-z0-9_-]{0,31}$")
PREFIXES = {
    "competencies": "c",
    "evidence": "e",
    "scale": "l",
    "criteria": "k",
    "alignments": "a",
    "samples": "s",
    "lessons": "u",
    "offer": "o",
}


def walk_texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a standard with its path, such as ``criteria.k1.name``."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from walk_texts(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from walk_texts(inner, f"{path}.{part_name(inner, index)}")


def part_name(part: Any, index: int) -> str:
    return str(part["id"]) if isinstance(part, Mapping) and part.get("id") else str(index)


def plain_path(path: str) -> str:
    """``criteria.k1.descriptors.2`` becomes ``criteria.descriptors``: the name under which limits are
    kept.
    """
    parts = path.split(".")
    if parts[0] in PREFIXES or parts[0] in {"context", "not_shown"}:
        parts = [parts[0], *parts[2:4]] if parts[2:3] == ["quiz"] else [parts[0], *parts[2:3]]
    return ".".join(parts)


def tidy(value: Any, path: str = "") -> Any:
    """Texts in NFC, trimmed; line breaks kept where the field keeps them and made spaces elsewhere."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").strip()
        return text if plain_path(path) in limits.LINES else re.sub(r"[\n\t ]+", " ", text)
    if isinstance(value, Mapping):
        return {key: tidy(inner, f"{path}.{key}" if path else str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [tidy(inner, f"{path}.{part_name(inner, index)}") for index, inner in enumerate(value)]
    return value


def merged(stored: Mapping[str, Any], given: Mapping[str, Any], *, first: bool = False) -> Standard:
    """The stored draft with the given members put in, checked; Invalid names what cannot be stored.

    In a ``first`` draft, which follows no version, a scale that nobody touched goes with the language.
    """
    unknown = sorted(set(given) - set(Standard.model_fields))
    if unknown:
        raise Invalid(
            said("A standard has no member {name}.", name=repr(unknown[0])),
            field=unknown[0],
            mend=said("Leave it out."),
        )
    _storable(given)
    try:
        standard = Standard.model_validate({**tidy({**stored, **given}), "schema_version": 2})
        standard = _scale_in_its_language(stored, standard) if first else standard
    except ValidationError as error:
        raise Invalid(said("Some of this cannot be kept in a draft."), errors=_problems(error)) from None
    problems = list(_impossible(standard))
    if problems:
        raise Invalid(said("Some of this cannot be kept in a draft."), errors=problems)
    return offer.stamped(standard)


def _scale_in_its_language(stored: Mapping[str, Any], standard: Standard) -> Standard:
    """A scale that was never touched follows the language of its standard."""
    before = str(stored.get("language") or standard.language)
    if before == standard.language or standard.scale != default_scale(before):
        return standard
    return standard.model_copy(update={"scale": default_scale(standard.language)})


def _storable(given: Mapping[str, Any]) -> None:
    try:
        size = len(json.dumps(given, allow_nan=False, ensure_ascii=False).encode())
    except (ValueError, TypeError, RecursionError):
        raise Invalid(
            said("The text holds a broken character or a number that is none."),
            mend=said("Type that place again without pasting."),
        ) from None
    if size > limits.HARD_BYTES:
        raise TooLarge(
            said(
                "This standard has {size} kB of text; the limit is {limit} kB.",
                size=str(size // 1024),
                limit=str(limits.HARD_BYTES // 1024),
            ),
            mend=said("Move long examples into files and link them as samples."),
        )
    for path, text in walk_texts(given):
        if "\x00" in text:
            raise Invalid(
                said("The text holds a null character."),
                field=path,
                mend=said("Type it again without pasting."),
            )


def _problems(error: ValidationError) -> list[FieldProblem]:
    return [
        FieldProblem(
            ".".join(str(part) for part in problem["loc"]),
            f"{problem['msg']}.",
            said("Give another value."),
        )
        for problem in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def _impossible(standard: Standard) -> Iterator[FieldProblem]:
    content = standard.model_dump(mode="json")
    for name in limits.PARTS:
        parts = content[name]
        if len(parts) > limits.HARD_PARTS:
            yield FieldProblem(
                name,
                said(
                    "There are {count} rows; the limit is {limit}.",
                    count=str(len(parts)),
                    limit=str(limits.HARD_PARTS),
                ),
                said("Remove some."),
            )
        ids = [part["id"] for part in parts if isinstance(part, dict) and "id" in part]
        for identity in ids:
            if not PART_ID.match(identity):
                mend = said(
                    "Use up to 32 small letters, digits, hyphens and underscores, beginning with a letter."
                )
                message = said("{id} cannot be an id.", id=repr(identity[:40]))
                yield FieldProblem(f"{name}.{identity[:40]}", message, mend)
        for identity in sorted({i for i in ids if ids.count(i) > 1}):
            yield FieldProblem(
                f"{name}.{identity}",
                said("Two rows have the id {id}.", id=repr(identity)),
                said("Give each its own."),
            )
    for path, number in _numbers(content):
        lowest, highest, unit = limits.NUMBERS[plain_path(path)]
        if not math.isfinite(number) or not lowest <= number <= highest:
            yield FieldProblem(
                path,
                said("{number} is outside of what is possible.", number=f"{number:g}"),
                said("Give {lowest} to {highest} {unit}.", lowest=lowest, highest=Count(highest), unit=unit),
            )


def _numbers(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _numbers(inner, f"{path}.{part_name(inner, index)}")
    elif (
        isinstance(value, int | float) and not isinstance(value, bool) and plain_path(path) in limits.NUMBERS
    ):
        yield path, value


def fresh_id(kind: str, used: set[str]) -> str:
    """The next free id of a kind of part: its letter and the lowest number above all that are used."""
    prefix = PREFIXES[kind]
    numbers = [int(i[len(prefix) :]) for i in used if i.startswith(prefix) and i[len(prefix) :].isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1}"
