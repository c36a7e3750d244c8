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
from operator import itemgetter
from typing import Any, Final

import orjson

from guildmark.protocol.canonical import jsonld, rdfc, rendering
from guildmark.protocol.canonical.rdfc import Quad
from guildmark.protocol.errors import ProtocolError

Path = tuple[str | int, ...]
Values = Sequence[str]

_RDF_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_SCHEME: Final = re.compile(r"(?:urn:uuid:|https?://|[A-Za-z][A-Za-z0-9+.-]*:)(?=[^\s])")
# Fewer than RFC 3986 allows, so that every reader takes them as they stand.
_CHARS: Final = r"[A-Za-z0-9._~:/@!$&'()*+,;=-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~:/@!$&'()*+,;=-]*)*"
_TAIL: Final = rf"(?:\?{_CHARS})?(?:#{_CHARS})?"
_HTTP: Final = rf"[A-Za-z0-9.-]+(?::[0-9]{{1,5}})?(?:/{_CHARS})?{_TAIL}"
_OTHER: Final = rf"[A-Za-z0-9]{_CHARS}{_TAIL}"
_BACKSLASH: Final = ord("\\")
_DELETE: Final = 0x7F
#: A character that no address holds and few texts do.
_BETWEEN: Final = "^"
_BETWEEN_UTF8: Final = _BETWEEN.encode()
#: The rest of a text of JSON, up to its closing quote.
_TEXT: Final = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
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
    _render: rendering.Render
    _check_iris: Callable[[Sequence[bytes]], bool]
    #: The JSON with empty gaps; which value stands in which gap; the pieces, their
    #: lengths and the value after each, -1 for none.
    _pieces: list[bytes]
    _slots: tuple[tuple[int, int], ...]
    _wire: tuple[tuple[bytes, int, int], ...]
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
        try:
            render = rendering.compiled(made[0].quads, [_holder(plain, path)[path[-1]] for path in chosen])
        except rendering.LookAlike:
            raise NoTemplate("Two nodes of the document look alike.") from None
        template = cls(
            plain,
            chosen,
            render,
            _iri_check(made[0].iris, marks[0]),
            *_json_pieces(plain, chosen, marks[0]),
            _extractor(chosen),
        )
        for one in marks:
            document_ = filled(plain, chosen, one)
            if template.nquads(one) != rdfc.canonicalize(jsonld.to_quads(document_)):
                raise NoTemplate("The template does not give back the document that it was made of.")
            if template.json(one) != orjson.dumps(document_):
                raise NoTemplate("The template does not give back the JSON that it was made of.")
            if template.match(template.json(one)) != (template.ready(one)[0], len(template.json(one)) - 1):  # type: ignore[index]
                raise NoTemplate("The template does not read what it was made of.")
        return template

    def nquads(self, values: Values) -> str | None:
        """The canonical N-Quads (RDFC-1.0, SHA-256) of the document with these values, or None: no answer."""
        ready = self.ready(values)
        text = self.canonical(ready[0]) if ready else None
        return None if text is None else text.decode()

    def ready(self, values: Values) -> tuple[list[bytes], list[bytes]] | None:
        """The values as canonical N-Quads and as JSON write them between quotes, in UTF-8; None: no answer."""
        try:
            # JSON escapes what N-Quads escape, all but U+007F: a text without either needs no look at each value.
            joined = orjson.dumps(_BETWEEN.join(values))
            if b"\\" not in joined and _DELETE not in joined:
                plain = joined[1:-1].split(_BETWEEN_UTF8)
                # A value that holds the mark itself is seen by the count.
                if len(plain) == len(values):
                    return plain, plain
            texts = [value.encode() for value in values]
            written = texts.copy()
            for at, value in enumerate(values):
                if not value.isprintable() or '"' in value or "\\" in value:
                    texts[at] = rdfc.escaped(value).encode()
                    written[at] = orjson.dumps(value)[1:-1]
            return texts, written
        except (TypeError, ValueError, AttributeError):
            return None

    def canonical(self, escaped: Sequence[bytes]) -> bytes | None:
        """The canonical N-Quads in UTF-8 of values that are escaped as N-Quads want it; None: no answer."""
        if len(escaped) != len(self.paths) or not self._check_iris(escaped):
            return None
        return self._render(escaped, False)

    def digest(self, escaped: Sequence[bytes]) -> bytes | None:
        """The SHA-256 of :meth:`canonical`; most of what every document begins with is not hashed again."""
        if len(escaped) != len(self.paths) or not self._check_iris(escaped):
            return None
        return self._render(escaped, True)

    def json_parts(self, escaped: Sequence[bytes]) -> list[bytes]:
        """The compact JSON, piece by piece, of values that are escaped as JSON wants it."""
        parts = self._pieces.copy()
        for at, index in self._slots:
            parts[at] = escaped[index]
        return parts

    def json(self, values: Values) -> bytes:
        """The document with these values as compact JSON in UTF-8."""
        ready = self.ready(values)
        if ready is None:
            raise ValueError("A value is no text that UTF-8 can carry.")
        return b"".join(self.json_parts(ready[1]))

    def match(self, data: bytes) -> tuple[list[bytes], int] | None:
        """Read the values out of JSON in UTF-8 that begins like the documents of this template.

        ``data`` may go on after the last member of the document, before its closing brace. Returns the values, escaped
        as N-Quads want it, and where the reading ended; None if the JSON says anything else. What is read is exactly
        what a parser would read: everything but the texts in the places is compared byte by byte.
        """
        found: list[bytes] = [b""] * len(self.paths)
        at, begins, find = 0, data.startswith, data.find
        for piece, length, index in self._wire:
            if not begins(piece, at):
                return None
            at += length
            if index < 0:
                break
            end = find(b'"', at)
            # A quote that belongs to the text has a backslash before it.
            if end < 0 or data[end - 1] == _BACKSLASH:
                end = _TEXT.match(data, at).end()  # type: ignore[union-attr]
            found[index] = data[at:end]
            at = end
        joined = b'","'.join(found)
        try:
            texts = orjson.loads(b'["' + joined + b'"]')
            if len(texts) != len(found):
                return None
            if _BACKSLASH in joined or _DELETE in joined:
                found = [
                    rdfc.escaped(text).encode() if _BACKSLASH in raw or _DELETE in raw else raw
                    for raw, text in zip(found, texts, strict=True)
                ]
        except ValueError:
            return None
        return found, at

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


def _iri_check(iris: Sequence[int], marks: Sequence[str]) -> Callable[[Sequence[bytes]], bool]:
    """Whether the values of IRI places are IRIs of the alphabet and schemes that the template is sound for."""
    if not iris:
        return lambda values: True
    schemes = [_SCHEME.match(marks[index]) for index in iris]
    pattern = re.compile(
        " ".join(
            re.escape(found.group()) + (_HTTP if found.group().endswith("//") else _OTHER)
            for found in schemes
            if found
        ).encode()
    )
    chosen = itemgetter(*iris)
    if len(iris) == 1:
        return lambda values: pattern.fullmatch(chosen(values)) is not None
    return lambda values: pattern.fullmatch(b" ".join(chosen(values))) is not None


def _json_pieces(
    document: Mapping[str, Any], paths: Sequence[Path], marks: Sequence[str]
) -> tuple[list[bytes], tuple[tuple[int, int], ...], tuple[tuple[bytes, int, int], ...]]:
    text = orjson.dumps(filled(document, paths, marks)).decode()
    finder = re.compile(
        "(" + "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True)) + ")"
    )
    number = {mark: index for index, mark in enumerate(marks)}
    parts = finder.split(text)
    slots = tuple((at, number[parts[at]]) for at in range(1, len(parts), 2))
    pieces = [b"" if at % 2 else part.encode() for at, part in enumerate(parts)]
    wire = [(pieces[at - 1], len(pieces[at - 1]), index) for at, index in slots]
    # The closing brace is left to the caller, who may find another member before it.
    return pieces, slots, (*wire, (pieces[-1][:-1], len(pieces[-1]) - 1, -1))


def _extractor(paths: Sequence[Path]) -> Callable[[Mapping[str, Any]], tuple[str, ...]]:
    """A function that takes the values of the places out of a document."""
    parts = ["d" + "".join(f"[{step!r}]" for step in path) for path in paths]
    names: dict[str, Any] = {}
    # Steps are written as Python writes texts and numbers, so that none can be read as anything else.
    exec(compile(f"def extract(d): return ({', '.join(parts)},)", "<template>", "exec"), names)  # noqa: S102
    extract: Callable[[Mapping[str, Any]], tuple[str, ...]] = names["extract"]
    return extract
