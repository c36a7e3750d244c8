"""What must be right before a credential is signed: a signature cannot be mended afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from guildmark.protocol import contexts
from guildmark.protocol.canonical import jsonld
from guildmark.protocol.errors import LintError, ProtocolError
from guildmark.protocol.openbadges import schemas
from guildmark.protocol.openbadges import vocabulary as names
from guildmark.protocol.openbadges.v3 import ACHIEVEMENT_TYPES, Signal
from guildmark.protocol.times import parse_instant

MAX_NAME: Final = 200
MAX_TEXT: Final = 20_000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE: Final = re.compile(r"[\t\n\r]")
# Embeddings, overrides and isolates. The plain marks (U+200E, U+200F) are left alone: names use them.
_BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE: Final = re.compile("[\ufeff\u2028\u2029\u00ad\u2060\ufff9-\ufffb]")
#: Fields that name something in one line; also an IdentityObject's plain name.
_NAMES: Final = {"name", "targetName", "caption", "identityHash", "tag"}
_ARRAYS: Final = {
    "@context",
    "alignment",
    "credentialSchema",
    "credentialStatus",
    "endorsement",
    "evidence",
    "identifier",
    "relatedResource",
    "result",
    "resultDescription",
    "rubricCriterionLevel",
    "tag",
}


class Severity(StrEnum):
    """``error`` must be mended before signing; ``warning`` is worth a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: which rule, where (JSON path), what, and how to mend it."""

    rule: str
    path: str
    severity: Severity
    message: str
    mend: str


def _error(rule: str, path: str, message: str, mend: str) -> Finding:
    return Finding(rule, path, Severity.ERROR, message, mend)


def _walk(value: Any, path: str = "", key: str = "") -> Iterator[tuple[str, str, Any]]:
    yield path, key, value
    if isinstance(value, Mapping):
        for name, child in value.items():
            yield from _walk(child, f"{path}.{name}" if path else str(name), str(name))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _walk(child, f"{path}[{index}]", key)


def check_text(text: str, path: str, *, is_name: bool) -> list[Finding]:
    """Return what is wrong with one text. Names are single lines of at most 200 characters."""
    findings = []
    if _CONTROL.search(text) or (is_name and _LINE.search(text)):
        findings.append(
            _error("control-character", path, "The text holds a control character.", "Type it again by hand.")
        )
    if _INVISIBLE.search(text):
        findings.append(
            _error("invisible-character", path, "The text holds an invisible character.", "Remove it.")
        )
    if _BIDI.search(text):
        findings.append(
            Finding(
                "direction-override",
                path,
                Severity.ERROR if is_name else Severity.WARNING,
                "The text holds a character that changes the direction of writing.",
                "Remove it: right-to-left scripts need none.",
            )
        )
    limit = MAX_NAME if is_name else MAX_TEXT
    if len(text) > limit:
        findings.append(
            _error(
                "too-long", path, f"The text has {len(text)} characters, more than {limit}.", "Shorten it."
            )
        )
    if is_name and not text.strip():
        findings.append(
            _error("blank", path, "The text is blank.", "Write something, or leave the field out.")
        )
    return findings


def _texts(document: Mapping[str, Any]) -> Iterator[Finding]:
    for path, key, value in _walk(document):
        if isinstance(value, str):
            yield from check_text(value, path, is_name=key in _NAMES)
        elif value is None or value in ([], {}):
            yield _error("empty", path, "The value is null or empty.", "Leave the field out.")


def _shape(document: Mapping[str, Any]) -> Iterator[Finding]:
    for violation in schemas.violations(document):
        yield _error("model", violation.path, violation.message, "See the tables of Open Badges 3.0.")
    for path, key, value in _walk(document):
        if isinstance(value, Mapping):
            for name in value.keys() & _ARRAYS:
                single = name == "resultDescription" and key == "result"
                if not isinstance(value[name], list) and not single:
                    where = f"{path}.{name}" if path else name
                    yield _error("array", where, f"{name} must be an array.", "Put the value into an array.")


def _contexts(document: Mapping[str, Any]) -> Iterator[Finding]:
    wanted = [contexts.CREDENTIALS_V2, contexts.OPEN_BADGES, contexts.OPEN_BADGES_EXTENSIONS]
    given = document.get("@context")
    types = document.get("type")
    if isinstance(types, list) and "EndorsementCredential" in types:
        wanted = wanted[:2]
    if given != wanted:
        yield _error(
            "context",
            "@context",
            "The contexts are not the right ones in the right order.",
            ", ".join(wanted),
        )


def _ids(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Two nodes with one id are one node in RDF: part of either could be moved or dropped unseen."""
    seen: dict[str, str] = {}
    for path, _, value in _walk(document):
        identifier = value.get("id") if isinstance(value, Mapping) else None
        if isinstance(identifier, str):
            if identifier in seen:
                yield _error(
                    "duplicate-id",
                    f"{path}.id",
                    f"The id {identifier[:120]} is used at {seen[identifier] or 'the top'} too.",
                    "Give each part an id of its own.",
                )
            seen.setdefault(identifier, path)


def _references(document: Mapping[str, Any]) -> Iterator[Finding]:
    described: dict[str, set[str]] = {}
    for _, key, value in _walk(document):
        if isinstance(value, Mapping) and key == "resultDescription":
            levels = value.get("rubricCriterionLevel", [])
            described[str(value.get("id"))] = {
                str(level.get("id")) for level in levels if isinstance(level, Mapping)
            }
            if value.get("requiredLevel") not in (None, *described[str(value.get("id"))]):
                yield _error(
                    "dangling",
                    "resultDescription.requiredLevel",
                    "The required level is none of the levels.",
                    "Fix it.",
                )
    for path, key, value in _walk(document):
        if not isinstance(value, Mapping) or key != "result":
            continue
        target, level = value.get("resultDescription"), value.get("achievedLevel")
        if target is not None and target not in described:
            yield _error(
                "dangling",
                f"{path}.resultDescription",
                "The result is about nothing that is described.",
                "Fix it.",
            )
        elif level is not None and level not in described.get(str(target), set()):
            yield _error(
                "dangling", f"{path}.achievedLevel", "The level reached is none of the levels.", "Fix it."
            )


def _meaning(document: Mapping[str, Any]) -> Iterator[Finding]:
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, Mapping) else None
    if isinstance(subject, Mapping) and isinstance(achievement, Mapping):
        yield from _class(subject, achievement)
    try:
        start, end = (
            parse_instant(document[name], field=name) if name in document else None
            for name in ("validFrom", "validUntil")
        )
    except ProtocolError as error:
        yield _error("date", error.field or "", error.reason, "Write 2026-01-31T12:00:00Z.")
    else:
        if start is not None and end is not None and end <= start:
            yield _error("date", "validUntil", "The credential ends before it begins.", "Choose a later end.")


def _class(subject: Mapping[str, Any], achievement: Mapping[str, Any]) -> Iterator[Finding]:
    path = "credentialSubject.achievement"
    kind = achievement.get("achievementType")
    if kind not in ACHIEVEMENT_TYPES.values():
        yield _error(
            "class",
            f"{path}.achievementType",
            "The class is none of ours.",
            ", ".join(ACHIEVEMENT_TYPES.values()),
        )
    results = [item for item in subject.get("result", []) if isinstance(item, Mapping)]
    judged = any("achievedLevel" in item for item in results)
    if kind == ACHIEVEMENT_TYPES[Signal.COMPLETION]:
        described = [item for item in achievement.get("resultDescription", []) if isinstance(item, Mapping)]
        if judged or any(item.get("resultType") == names.CRITERION_TYPE for item in described):
            yield _error(
                "class", path, "A completion record claims results.", "Issue a demonstrated skill instead."
            )
    elif not judged:
        yield _error(
            "class", "credentialSubject.result", "A skill is claimed without a result.", "Add the results."
        )
    criteria = achievement.get("criteria")
    if isinstance(criteria, Mapping) and not criteria.get("narrative"):
        yield _error(
            "criteria", f"{path}.criteria.narrative", "Nothing says what had to be done.", "Write it."
        )


def _safe_mode(document: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        jsonld.canonicalize(document)
    except ProtocolError as error:
        yield _error(
            "safe-mode", error.field or "", error.reason, error.mend or "Use terms of the contexts only."
        )


def lint(document: Mapping[str, Any]) -> list[Finding]:
    """Return everything that must be mended before an unsigned credential is signed (empty: good)."""
    rules = (_contexts, _shape, _texts, _ids, _references, _meaning, _safe_mode)
    return [finding for rule in rules for finding in rule(document)]


def ensure_clean(document: Mapping[str, Any]) -> None:
    """Raise LintError with the first error, if there is one."""
    for finding in lint(document):
        if finding.severity is Severity.ERROR:
            raise LintError(finding.message, field=finding.path, mend=finding.mend)
