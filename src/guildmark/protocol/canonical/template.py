"""Documents of one shape: canonical form and JSON by filling places in text that was worked out once.

Most credentials of one achievement differ in a few texts only. A template is made from one of them and the list
of the places that differ. The whole algorithm of JSON-LD says what the document states with two sets of marks in
these places; what both say alike is turned into one function of the values. Filling is sound because

* a place always holds a text, and what a text means there does not depend on it: a literal takes any text, an
  IRI only one of a safe alphabet and of the scheme that the marks had;
* values that would make two nodes one are seen, and so are blank nodes that look alike: then there is no answer;
* lines whose order the values decide are sorted each time, and equal lines become one (RDFC-1.0, sections 4.4, 5).

Whatever a template gives no answer to goes the ordinary way.
"""

from __future__ import annotations

import copy
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import orjson

from guildmark.protocol.canonical import jsonld, rdfc
from guildmark.protocol.canonical.rdfc import Quad
from guildmark.protocol.errors import ProtocolError

Path = tuple[str | int, ...]
Values = Sequence[str]
#: Pieces of a line: constant text, the number of a place, or the name of a blank node.
_Piece = str | int | tuple[str]
_Line = list[_Piece]

_RDF_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_SCHEME: Final = re.compile(r"(?:urn:uuid:|https?://|[A-Za-z][A-Za-z0-9+.-]*:)(?=[^\s])")
# Fewer than RFC 3986 allows, so that every reader takes them as they stand.
_CHARS: Final = r"[A-Za-z0-9._~:/@!$&'()*+,;=-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~:/@!$&'()*+,;=-]*)*"
_TAIL: Final = rf"(?:\?{_CHARS})?(?:#{_CHARS})?"
_HTTP: Final = rf"[A-Za-z0-9.-]+(?::[0-9]{{1,5}})?(?:/{_CHARS})?{_TAIL}"
_OTHER: Final = rf"[A-Za-z0-9]{_CHARS}{_TAIL}"
_MARK: Final = re.compile("\0([0-9]+)\0")
#: What a literal of N-Quads or a text of JSON must not hold as it stands.
_SPECIAL: Final = rdfc.TO_ESCAPE
_MOST_PLACES: Final = 400


class NoTemplate(Exception):
    """The document and its places cannot be made into a template."""


def places(first: Any, second: Any) -> list[Path] | None:
    """Where two JSON values differ in texts; None if they differ in anything else."""
    found: list[Path] = []

    def walk(one: Any, other: Any, path: Path) -> bool:
        if type(one) is not type(other):
            return False
        if isinstance(one, dict):
            return list(one) == list(other) and all(walk(one[key], other[key], (*path, key)) for key in one)
        if isinstance(one, list):
            return len(one) == len(other) and all(
                walk(a, b, (*path, index)) for index, (a, b) in enumerate(zip(one, other, strict=True))
            )
        if one != other:
            if not isinstance(one, str):
                return False
            found.append(path)
        return True

    return found if walk(first, second, ()) else None


@dataclass(frozen=True)
class Template:
    """A shape of documents; make one by :meth:`of`.

    ``paths`` are the places, in the order in which every method takes their values.
    """

    document: Mapping[str, Any]
    paths: tuple[Path, ...]
    _render: Callable[[Values], str | None]
    _check_iris: Callable[[Values], bool]
    _json: tuple[str | int, ...]
    _extract: Callable[[Mapping[str, Any]], tuple[str, ...]]

    @classmethod
    def of(cls, document: Mapping[str, Any], paths: Iterable[Path]) -> Template:
        """The template of an unsigned document and the places in it whose texts differ from one to the next.

        NoTemplate if a place holds no text or one that says what other parts of the document mean.
        """
        chosen = tuple(paths)
        if not 0 < len(chosen) <= _MOST_PLACES or len(set(chosen)) != len(chosen):
            raise NoTemplate("A template has between one place and a few hundred, each once.")
        plain = orjson.loads(orjson.dumps(document))
        if plain != document:
            raise NoTemplate("The document holds values that JSON does not carry.")
        marks = [[_mark(plain, path) for path in chosen] for _ in range(2)]
        made = [_Statements.of(filled(plain, chosen, one), one) for one in marks]
        if made[0].quads != made[1].quads:
            raise NoTemplate("What the document states depends on the texts in its places.")
        render = _compile(made[0], len(chosen))
        template = cls(
            plain,
            chosen,
            render,
            _iri_check(made[0].iris, marks[0]),
            _json_pieces(plain, chosen, marks[0]),
            _extractor(chosen),
        )
        for one in marks:
            document_ = filled(plain, chosen, one)
            if template.nquads(one) != rdfc.canonicalize(jsonld.to_quads(document_)):
                raise NoTemplate("The template does not give back the document that it was made of.")
            if template.json(one) != orjson.dumps(document_):
                raise NoTemplate("The template does not give back the JSON that it was made of.")
        return template

    def nquads(self, values: Values) -> str | None:
        """The canonical N-Quads (RDFC-1.0, SHA-256) of the document with these values, or None: no answer."""
        try:
            if len(values) != len(self.paths) or not self._check_iris(values):
                return None
            if _SPECIAL.search("".join(values)):
                values = [rdfc.escaped(value) for value in values]
            return self._render(values)
        except (TypeError, UnicodeEncodeError):
            return None

    def json_text(self, values: Values) -> str:
        """The document with these values as compact JSON text."""
        if _SPECIAL.search("".join(values)):
            values = [orjson.dumps(value).decode()[1:-1] for value in values]
        return "".join([values[piece] if type(piece) is int else piece for piece in self._json])  # type: ignore[misc]

    def json(self, values: Values) -> bytes:
        """The same in UTF-8."""
        return self.json_text(values).encode()

    def fill(self, values: Values) -> dict[str, Any]:
        """The document itself with these values."""
        return filled(self.document, self.paths, values)

    def values_of(self, document: Mapping[str, Any]) -> tuple[str, ...] | None:
        """The values with which the template gives exactly this document, key for key; None if there are none."""
        try:
            values = self._extract(document)
            if self.json(values) != orjson.dumps(document):
                return None
        except (KeyError, IndexError, TypeError, ValueError):
            return None
        return values


def filled(document: Mapping[str, Any], paths: Sequence[Path], values: Values) -> dict[str, Any]:
    """A copy of a document with other texts in some places."""
    made: dict[str, Any] = copy.deepcopy(dict(document))
    for path, value in zip(paths, values, strict=True):
        _holder(made, path)[path[-1]] = value
    return made


def _holder(document: Any, path: Path) -> Any:
    for step in path[:-1]:
        document = document[step]
    return document


def _mark(document: Mapping[str, Any], path: Path) -> str:
    """A text that occurs nowhere else, of the kind that stands in the place."""
    try:
        value = _holder(document, path)[path[-1]]
    except (KeyError, IndexError, TypeError) as error:
        raise NoTemplate(f"There is nothing at {path}.") from error
    if not isinstance(value, str) or "@context" in path:
        raise NoTemplate(f"There is no text at {path}.")
    scheme = _SCHEME.match(value)
    return (scheme.group() if scheme else "") + str(uuid.uuid4())


@dataclass(frozen=True)
class _Statements:
    """What a marked document states, with the numbers of places instead of the marks."""

    quads: frozenset[Quad]
    iris: tuple[int, ...]

    @classmethod
    def of(cls, document: Mapping[str, Any], marks: Sequence[str]) -> _Statements:
        try:
            found = jsonld.to_quads(document)
        except ProtocolError as error:
            raise NoTemplate(f"The document cannot be read: {error.reason}") from error
        finder = re.compile("|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True)))
        number = {mark: index for index, mark in enumerate(marks)}
        iris: set[int] = set()
        seen: set[int] = set()

        def term(text: str) -> str:
            def put(match: re.Match[str]) -> str:
                index = number[match.group()]
                seen.add(index)
                begin, end = text[: match.start()], text[match.end() :]
                if begin == "<" and end == ">":
                    iris.add(index)
                elif begin != '"' or end[:1] != '"':
                    raise NoTemplate("A place is only a part of what the document states there.")
                return f"\0{index}\0"

            return finder.sub(put, text)

        quads = frozenset((term(s), term(p), term(o), term(g)) for s, p, o, g in found)
        if seen != set(range(len(marks))):
            raise NoTemplate("A place says nothing.")
        for _, predicate, obj, graph in quads:
            if graph or "\0" in predicate or (predicate == _RDF_TYPE and "\0" in obj):
                raise NoTemplate("A place says what other parts of the document mean.")
        return cls(quads, tuple(sorted(iris)))


# -- the function that fills ------------------------------------------------------------------------------


def _pieces(*terms: str, end: str = ".\n") -> _Line:
    """Terms and the end of a line of N-Quads as pieces, neighbouring constants as one."""
    line: _Line = []

    def constant(text: str) -> None:
        if line and isinstance(line[-1], str):
            line[-1] += text
        elif text:
            line.append(text)

    for term in terms:
        if term.startswith("_:n"):
            line.append((term,))
        else:
            parts = _MARK.split(term)
            for index, part in enumerate(parts):
                if index % 2:
                    line.append(int(part))
                else:
                    constant(part)
        constant(" ")
    constant(end)
    return line


def _beginning(line: _Line) -> str:
    return line[0] if isinstance(line[0], str) else ""


def _groups(lines: Iterable[_Line]) -> list[list[_Line]]:
    """Lines in their order; those that only the values can bring in order stand in one group."""
    rest = sorted(lines, key=_beginning)
    groups: list[list[_Line]] = []
    for line in rest:
        # Whatever begins like an open line follows it without a gap.
        if groups and len(groups[-1][0]) > 1 and _beginning(line).startswith(_beginning(groups[-1][0])):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


class _Writer:
    """Python source that joins pieces, and the constants that it names."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {
            "sha256": sha256,
            "sorted": sorted,
            "dict": dict,
            "zip": zip,
            "len": len,
        }

    def constant(self, value: Any) -> str:
        name = f"c{len(self.names)}"
        self.names[name] = value
        return name

    def joined(self, line: _Line) -> str:
        merged: _Line = []
        for piece in line:
            if merged and isinstance(piece, str) and isinstance(merged[-1], str):
                merged[-1] += piece
            else:
                merged.append(piece)
        parts = [self.piece(piece) for piece in merged]
        return parts[0] if len(parts) == 1 else f"j(({', '.join(parts)}))"

    def piece(self, piece: _Piece) -> str:
        if isinstance(piece, str):
            return self.constant(piece)
        return f"v{piece}" if isinstance(piece, int) else piece[0].replace("_:n", "l")

    def ordered(self, lines: Iterable[_Line], lead: _Line | None = None) -> str:
        """An expression for lines in their order. ``lead`` begins every one of them."""
        parts: list[str] = []
        inline: _Line = []
        lead = lead or []
        for group in _groups(lines):
            if len(group) == 1:
                inline += lead + group[0]
                continue
            if inline:
                parts.append(self.joined(inline))
                inline = []
            parts.append("*sorted({" + ", ".join(self.joined(lead + line) for line in group) + "})")
        if inline:
            parts.append(self.joined(inline))
        if len(parts) == 1 and not parts[0].startswith("*"):
            return parts[0]
        return f"j(({', '.join(parts)},))"


def _masked(term: str, node: str) -> str:
    return term if not term.startswith("_:") else "_:a" if term == node else "_:z"


def _compile(made: _Statements, count: int) -> Callable[[Values], str | None]:
    """The function from escaped values to canonical N-Quads."""
    writer = _Writer()
    nodes = sorted({term for quad in made.quads for term in (quad[0], quad[2]) if term.startswith("_:")})
    source = [f"def render(values):\n {', '.join(f'v{index}' for index in range(count))}, = values"]
    subjects = sorted({quad[0] for quad in made.quads if not quad[0].startswith("_:")})
    source += _merging(writer, subjects)
    hashes: list[str] = []
    for node in nodes:
        lines = [
            _pieces(_masked(s, node), p, _masked(o, node)) for s, p, o, _ in made.quads if node in (s, o)
        ]
        name = node.replace("_:n", "h")
        if any(not isinstance(piece, str) for line in lines for piece in line):
            source.append(f" {name} = sha256({writer.ordered(lines)}.encode()).digest()")
        else:
            text = "".join(sorted("".join(map(str, line)) for line in lines))
            writer.names[name] = sha256(text.encode()).digest()
        hashes.append(name)
    if nodes:
        labels = writer.constant([f"_:c14n{index}" for index in range(len(nodes))])
        source.append(f" label = dict(zip(sorted(({', '.join(hashes)},)), {labels}))")
        source.append(f" if len(label) != {len(nodes)}: return None")
        source += [f" {node.replace('_:n', 'l')} = label[{node.replace('_:n', 'h')}]" for node in nodes]
    blocks = []
    for subject in [*subjects, *nodes]:
        lines = [_pieces(p, o) for s, p, o, _ in made.quads if s == subject]
        if lines:
            blocks.append(writer.ordered(lines, _pieces(subject, end="")))
    source.append(f" blocks = [{', '.join(blocks)}]\n blocks.sort()\n return j(blocks)")
    names = {**writer.names, "j": "".join}
    # The source is put together from numbers and names made here; every text of the document is a constant.
    exec(compile("\n".join(source), "<template>", "exec"), names)  # noqa: S102
    render: Callable[[Values], str | None] = names["render"]
    return render


def _merging(writer: _Writer, subjects: Sequence[str]) -> list[str]:
    """Source that gives up where two subjects would become one node."""
    open_ = [f"v{_MARK.search(subject).group(1)}" for subject in subjects if "\0" in subject]  # type: ignore[union-attr]
    fixed = writer.constant(frozenset(subject[1:-1] for subject in subjects if "\0" not in subject))
    if not open_:
        return []
    return [
        f" own = {{{', '.join(open_)}}}",
        f" if len(own) != {len(open_)} or not own.isdisjoint({fixed}): return None",
    ]


def _iri_check(iris: Sequence[int], marks: Sequence[str]) -> Callable[[Values], bool]:
    """Whether the values of IRI places are IRIs of the alphabet and schemes that the template is sound for."""
    if not iris:
        return lambda values: True
    schemes = [_SCHEME.match(marks[index]) for index in iris]
    pattern = re.compile(
        " ".join(
            re.escape(found.group()) + (_HTTP if found.group().endswith("//") else _OTHER)
            for found in schemes
            if found
        )
    )
    chosen = tuple(iris)

    def check(values: Values) -> bool:
        return pattern.fullmatch(" ".join([values[index] for index in chosen])) is not None

    return check


def _json_pieces(
    document: Mapping[str, Any], paths: Sequence[Path], marks: Sequence[str]
) -> tuple[str | int, ...]:
    text = orjson.dumps(filled(document, paths, marks)).decode()
    finder = re.compile(
        "(" + "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True)) + ")"
    )
    number = {mark: index for index, mark in enumerate(marks)}
    return tuple(number[part] if index % 2 else part for index, part in enumerate(finder.split(text)))


def _extractor(paths: Sequence[Path]) -> Callable[[Mapping[str, Any]], tuple[str, ...]]:
    """A function that takes the values of the places out of a document."""
    parts = ["d" + "".join(f"[{step!r}]" for step in path) for path in paths]
    names: dict[str, Any] = {}
    # Steps are written as Python writes texts and numbers, so that none can be read as anything else.
    exec(compile(f"def extract(d): return ({', '.join(parts)},)", "<template>", "exec"), names)  # noqa: S102
    extract: Callable[[Mapping[str, Any]], tuple[str, ...]] = names["extract"]
    return extract
