"""Standards as plain YAML files: written always the same way, read without surprises (PRODUCT M23).

A file holds the members of a :class:`Standard` that differ from their defaults, in the order of the model, behind the
version of the format and the address part. Reading is YAML 1.2's core schema: ``no`` is a text, there are no dates, no
anchors, no tags and no key twice, so that two readers never see two standards.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, get_args

import yaml

from guildmark.design import drafts, limits, policies
from guildmark.design.types import Finding, Part, Rules, Standard
from guildmark.kernel.problems import FieldProblem, Invalid
from guildmark.kernel.words import said

FORMAT: Final = 2
#: Of one file: nested deeper, or with more values, it is no standard.
_DEPTH: Final = 8
_VALUES: Final = 20_000
_SLUG: Final = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_WIDTH: Final = 100


@dataclass(frozen=True)
class StandardFile:
    """What a file says: the address part (empty if it names none), the standard, and the line of each path from 1."""

    slug: str
    standard: Standard
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    def line(self, path: str) -> int | None:
        """The line where a path such as ``criteria.k1.name`` is written, or the nearest part that is there."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path.rpartition(".")[0]
        return None


# --- writing


class _Dumper(yaml.CSafeDumper):
    """Texts with line breaks stand as they read."""


def _text(dumper: yaml.CSafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def _without_defaults(value: Any, default: Any) -> Any:
    """The members that differ from the defaults; rows keep their ids."""
    if isinstance(value, dict) and isinstance(default, dict):
        return {
            key: _without_defaults(inner, default.get(key))
            for key, inner in value.items()
            if key == "id" or inner != default.get(key)
        }
    return value


def _members(standard: Standard) -> dict[str, Any]:
    content = standard.model_dump(mode="json", exclude={"schema_version"})
    plain = Standard().model_dump(mode="json", exclude={"schema_version"})
    made: dict[str, Any] = {}
    for name, value in content.items():
        if value == plain[name] and name not in {"signal", "language"}:
            continue
        blank = _blank(name)
        if isinstance(value, list) and blank:
            made[name] = [_without_defaults(row, blank) for row in value]
        else:
            made[name] = _without_defaults(value, blank) if blank else value
    return made


def _blank(name: str) -> dict[str, Any]:
    """What a part, or a row, of a member holds when nothing is said; empty for members that are no parts."""
    annotation = Standard.model_fields[name].annotation
    part = next((one for one in (annotation, *get_args(annotation)) if _is_part(one)), None)
    if part is None:
        return {}
    needed = {key: "" for key, info in part.model_fields.items() if info.is_required()}
    blank: dict[str, Any] = part.model_validate(needed).model_dump(mode="json")
    return {key: value for key, value in blank.items() if key not in needed}


def _is_part(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Part)


def dump(standard: Standard, slug: str) -> str:
    """The file of a standard; the same standard always gives the same bytes."""
    content = {"guildmark": FORMAT, "slug": slug, **_members(standard)}
    return yaml.dump(
        content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=False
    )


# --- reading


class _Loader(yaml.CSafeLoader):
    """The core schema of YAML 1.2: only null, true, false and numbers are no texts."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", list("tf")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    # The writer knows them too, beside those of YAML 1.1: it quotes whatever one of the two would not read as text.
    for _one in (_Loader, _Dumper):
        _one.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), _first)


def _refuse(line: int, message: str, mend: str) -> Invalid:
    return Invalid(_at_line(line, message), field=f"line {line}", mend=mend)


def _at_line(line: int, message: str) -> str:
    return said("Line {line}: {message}", line=str(line), message=message)


def _scan(text: str) -> None:
    """Refuse what makes YAML dangerous or ambiguous before anything is built of it."""
    depth = count = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refuse(line, said("anchors and references are not read."), said("Write the value out."))
        if getattr(event, "tag", None) not in (None, "!"):
            raise _refuse(
                line,
                said("tags are not read."),
                said("Remove the word that begins with an exclamation mark."),
            )
        count += isinstance(event, yaml.ScalarEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEPTH or count > _VALUES:
            raise _refuse(
                line, said("this is nested deeper or longer than any standard."), said("Give a standard.")
            )


def _built(node: yaml.Node, path: str, lines: dict[str, int]) -> Any:
    """The value of a node; notes the line of every path, rows by their ids."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None or key in made:
                twice = said("the key {key} stands twice.", key=repr(key[:60])) if key is not None else ""
                raise _refuse(line, twice or said("a key is no word."), said("Keep one of them."))
            inner = f"{path}.{key}" if path else key
            made[key] = _built(value_node, inner, lines)
            lines[inner] = line
        return made
    if isinstance(node, yaml.SequenceNode):
        return [_built(one, f"{path}.{_row_name(one, at)}", lines) for at, one in enumerate(node.value)]
    return _scalar(node)


def _row_name(node: yaml.Node, index: int) -> str:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "id" and isinstance(value, yaml.ScalarNode):
                return str(value.value)
    return str(index)


def _scalar(node: yaml.Node) -> Any:
    kind, text = node.tag.rpartition(":")[2], node.value
    if kind == "null":
        return None
    if kind == "bool":
        return text == "true"
    if kind == "int":
        return int(text) if len(text) < 18 else float(text)
    if kind == "float":
        if not math.isfinite(float(text)):
            raise ValueError(text)
        return float(text)
    return text


def load(data: bytes | str) -> StandardFile:
    """Read a file; Invalid names the line or the field and how to mend it. The standard may be incomplete."""
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
    except UnicodeDecodeError:
        raise Invalid(
            said("The file is not UTF-8 text."), field="file", mend=said("Save it as UTF-8.")
        ) from None
    if len(text) > limits.HARD_BYTES:
        raise Invalid(
            said(
                "The file has {size} kB; the limit is {limit} kB.",
                size=str(len(text) // 1024),
                limit=str(limits.HARD_BYTES // 1024),
            ),
            field="file",
            mend=said("Link long examples instead of pasting them."),
        )
    lines: dict[str, int] = {}
    try:
        _scan(text)
        node = yaml.compose(text, Loader=_Loader)
        content = _built(node, "", lines) if node is not None else None
    except yaml.YAMLError as error:
        raise _syntax(error) from None
    except (ValueError, OverflowError, RecursionError):
        raise Invalid(
            said("The file holds a number that is none."), field="file", mend=said("Write it plainly.")
        ) from None
    if not isinstance(content, dict):
        raise Invalid(
            said("This is not a standard."), field="file", mend=said("A file begins with guildmark: 2.")
        )
    return _checked(content, lines)


def findings(file: StandardFile, rules: Rules | None = None) -> list[tuple[int | None, Finding]]:
    """What the publish gate says of a file, each finding with its line."""
    return [(file.line(found.path), found) for found in policies.findings(file.standard, rules)]


def _syntax(error: yaml.YAMLError) -> Invalid:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    reason = getattr(error, "problem", None) or said("it cannot be read")
    return _refuse(
        line,
        said("this is not YAML: {reason}.", reason=reason),
        said("Check indentation, colons and quotes there."),
    )


def _checked(content: dict[str, Any], lines: dict[str, int]) -> StandardFile:
    found = content.pop("guildmark", None)
    if found != FORMAT:
        raise Invalid(
            said("The file does not say guildmark: 2.")
            if found is None
            else said("Format {name} is not known.", name=repr(found)),
            field="guildmark",
            mend=said("Begin the file with the line guildmark: 2."),
        )
    slug = content.pop("slug", None) or ""
    if not isinstance(slug, str) or (slug and not (_SLUG.match(slug) and len(slug) <= limits.SLUG)):
        raise Invalid(
            said("{text} cannot be part of an address.", text=repr(str(slug)[:60])),
            field="slug",
            mend=said("Use small letters."),
        )
    content.pop("schema_version", None)
    try:
        standard = drafts.merged({}, content)
    except Invalid as error:
        raise _with_lines(error, lines) from None
    return StandardFile(slug, standard, lines)


def _with_lines(error: Invalid, lines: dict[str, int]) -> Invalid:
    """The same refusal with the line of each field."""
    known = StandardFile("", Standard(), lines)

    def placed(problem: FieldProblem) -> FieldProblem:
        line = known.line(problem.field)
        detail = _at_line(line, problem.detail) if line else problem.detail
        return FieldProblem(problem.field, detail, problem.mend)

    problems = [placed(one) for one in error.all_errors()]
    return Invalid(problems[0].detail if problems else error.detail, errors=problems)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a file."""
    made = Standard.model_json_schema()
    members = {name: value for name, value in made["properties"].items() if name != "schema_version"}
    head = {
        "guildmark": {"const": FORMAT, "description": "The version of the format."},
        "slug": {"type": "string", "pattern": _SLUG.pattern, "maxLength": limits.SLUG},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Guildmark standard as a file",
        "description": "Members that are left out have their defaults. What a draft may leave open, a file may too.",
        "type": "object",
        "additionalProperties": False,
        "required": ["guildmark"],
        "properties": {**head, **members},
        "$defs": made["$defs"],
    }
