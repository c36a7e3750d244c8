"""Our own JSON Schema of the Open Badges 3.0 model, in its JSON-LD flavour (single values allowed).

Written from the tables of the standard, not copied from the published file; a report says "checked
against our model" (DECISIONS 6).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft201909Validator
from jsonschema.exceptions import ValidationError, best_match


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a document departs from the model."""

    path: str
    message: str


@cache
def schema() -> dict[str, Any]:
    """Return the schema (draft 2019-09)."""
    document: dict[str, Any] = json.loads((files(__package__) / "credential.json").read_text("utf-8"))
    return document


_POINTER = "#/$defs/"


def _inline(node: Any, definitions: Mapping[str, Any], within: tuple[str, ...]) -> Any:
    """Put definitions in the place of references, but for those that refer to themselves.

    Following a reference costs the validator more than everything else together.
    """
    if isinstance(node, list):
        return [_inline(item, definitions, within) for item in node]
    if not isinstance(node, dict):
        return node
    target = node.get("$ref")
    if isinstance(target, str) and len(node) == 1:
        name = target.removeprefix(_POINTER)
        return node if name in within else _inline(definitions[name], definitions, (*within, name))
    return {key: _inline(value, definitions, within) for key, value in node.items()}


@cache
def _validator(name: str) -> Draft201909Validator:
    definitions = schema()["$defs"]
    Draft201909Validator.check_schema(schema())
    flat = _inline(definitions[name], definitions, (name, "Endorsement"))
    return Draft201909Validator({**flat, "$defs": definitions})


def model_of(document: Mapping[str, Any]) -> str:
    """Return which part of the model applies: that of an achievement, a learner record, an endorsement or any."""
    types = document.get("type")
    types = types if isinstance(types, list) else [types]
    if "AchievementCredential" in types or "OpenBadgeCredential" in types:
        return "AchievementCredential"
    if "ClrCredential" in types:
        return "ClrCredential"
    return "EndorsementCredential" if "EndorsementCredential" in types else "Credential"


def violations(document: Mapping[str, Any], *, model: str | None = None) -> list[Violation]:
    """Return where a credential departs from the model, in the order of the document."""
    errors = sorted(
        _validator(model or model_of(document)).iter_errors(document), key=lambda error: error.json_path
    )
    return [_violation(error) for error in errors]


def _violation(error: ValidationError) -> Violation:
    deepest = best_match([error]) or error
    message = deepest.message
    if len(message) > 300:
        message = message[:300] + "..."
    return Violation(deepest.json_path.removeprefix("$.").removeprefix("$"), message)
