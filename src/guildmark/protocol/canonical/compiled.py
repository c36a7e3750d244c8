"""JSON-LD to quads by contexts that were worked out before: the fast way for documents of known contexts.

PyLD does the context algorithm, once for each (contexts, path of terms, types) that occurs; what it made is kept
as tables from term to predicate, coercion and scoped context. A document is then one walk over its values.
Whatever the tables do not cover, and whatever is wrong, raises :class:`NotCovered`: the caller then takes the
slow way, which either gives the quads or says what is wrong. So this module never decides that a document is
bad, and never gives quads unless every key and value was understood.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson
from pyld import jsonld as pyld
from pyld.context_resolver import ContextResolver

from guildmark.protocol.canonical import rdfc
from guildmark.protocol.canonical.rdfc import Quad
from guildmark.protocol.errors import ProtocolError
from guildmark.protocol.strict_json import MAX_INTEGER

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDF_TYPE: Final = f"<{_RDF}type>"
_FIRST: Final = f"<{_RDF}first>"
_REST: Final = f"<{_RDF}rest>"
_NIL: Final = f"<{_RDF}nil>"
_ID: Final = "@id"
_TYPE: Final = "@type"
#: Entries of one table; a table that hostile documents fill is emptied.
_TABLE: Final = 512
_lock = threading.RLock()


class NotCovered(Exception):
    """The document is none that the tables cover."""


class _Term:
    """What a key means: a keyword, or a predicate and how its values are read."""

    __slots__ = ("child", "coercion", "key", "keyword", "listed", "predicate", "suffix")

    def __init__(self, key: str, keyword: str = "") -> None:
        self.key, self.keyword = key, keyword
        self.predicate = self.coercion = self.suffix = ""
        self.child: _Active | None = None
        self.listed = False


class _Active:
    """An active context of JSON-LD with the tables that were needed so far."""

    __slots__ = ("ctx", "entries", "keywords", "prefixes", "scope", "terms", "typed", "vocabulary")

    def __init__(self, ctx: Mapping[str, Any], scope: _Scope) -> None:
        self.ctx, self.scope = ctx, scope
        self.terms: dict[str, _Term] = {}
        self.keywords: dict[str, str] = {}
        self.entries: dict[tuple[str, bool], _Active] = {}
        self.typed: dict[tuple[str, ...], _Active] = {}
        self.vocabulary: dict[str, str] = {}
        self.prefixes: dict[str, str] = {
            name: mapping["@id"]
            for name, mapping in ctx["mappings"].items()
            if mapping and mapping.get("_prefix")
        }

    # -- tables ------------------------------------------------------------------------------------

    def term(self, key: str) -> _Term:
        found = self.terms.get(key)
        if found is None:
            with _lock:
                found = _keep(self.terms, key, self.compile(key))
        return found

    def compile(self, key: str) -> _Term:
        expanded = self.scope.expand(self.ctx, key)
        if expanded in (_ID, _TYPE):
            return _Term(key, expanded)
        mapping = self.ctx["mappings"].get(key)
        if not mapping or mapping.get("reverse") or mapping.get("@nest"):
            raise NotCovered(key)
        term = _Term(key)
        term.predicate = _absolute(expanded)
        container = self.scope.value(self.ctx, key, "@container") or []
        kinds = {container} if isinstance(container, str) else set(container)
        if kinds - {"@set", "@list"}:
            raise NotCovered(key)
        term.listed = "@list" in kinds
        child = self.scope.property_scoped(self, key, propagate=True)
        term.child = child
        if str(self.scope.expand(child.ctx, key)).startswith("@"):
            raise NotCovered(key)
        kind = self.scope.value(child.ctx, key, "@type")
        if self.scope.value(child.ctx, key, "@direction") is not None or kind in ("@json", "@none"):
            raise NotCovered(key)
        if kind in ("@id", "@vocab"):
            term.coercion = kind
        elif kind is not None:
            term.coercion = kind
            # The suffix of a literal, made by the code that serialises literals.
            term.suffix = rdfc.literal("", kind)[2:]
        else:
            language = self.scope.value(child.ctx, key, "@language")
            if language is not None:
                term.suffix = rdfc.literal("", language=language)[2:]
        return term

    def keyword(self, key: str) -> str:
        """The keyword that a key stands for, or an empty text."""
        found = self.keywords.get(key)
        if found is None:
            with _lock:
                expanded = self.scope.expand(self.ctx, key)
                is_keyword = isinstance(expanded, str) and expanded.startswith("@")
                found = _keep(self.keywords, key, expanded if is_keyword else "")
        return found

    def entry(self, key: str, element: Mapping[str, Any]) -> _Active:
        """The context with which a node under a term begins (JSON-LD 1.1 API, section 5.1.2, steps 7 and 8)."""
        revert = "previousContext" in self.ctx
        if revert and len(element) <= 2:
            keywords = [self.keyword(name) for name in element]
            if "@value" in keywords:
                raise NotCovered(key)
            revert = keywords != [_ID]
        found = self.entries.get((key, revert))
        if found is None:
            with _lock:
                found = _keep(self.entries, (key, revert), self.scope.entered(self, key, revert))
        return found

    def with_types(self, types: tuple[str, ...]) -> _Active:
        """The context for the content of a node of these types (sorted; step 11)."""
        found = self.typed.get(types)
        if found is None:
            with _lock:
                found = _keep(self.typed, types, self.scope.type_scoped(self, types))
        return found

    # -- values ------------------------------------------------------------------------------------

    def iri(self, value: str) -> str:
        """An id or a value that is coerced to one, as N-Quads text."""
        colon = value.find(":")
        if colon < 1 or value[0] in "@_":
            raise NotCovered(value)
        if not value.startswith("//", colon + 1):
            namespace = self.prefixes.get(value[:colon])
            if namespace is not None:
                value = namespace + value[colon + 1 :]
        return _absolute(value)

    def vocabulary_iri(self, value: Any) -> str:
        """A type, or a value that is coerced to the vocabulary, as N-Quads text."""
        if not isinstance(value, str):
            raise NotCovered("type")
        found = self.vocabulary.get(value)
        if found is None:
            with _lock:
                found = _keep(self.vocabulary, value, _absolute(self.scope.expand(self.ctx, value)))
        return found


class _Scope:
    """The steps of the context algorithm, done by PyLD."""

    def __init__(self, loader: Any) -> None:
        self.processor = pyld.JsonLdProcessor()
        self.value = pyld.JsonLdProcessor.get_context_value
        self.options = {
            "base": None,
            "documentLoader": loader,
            "contextResolver": ContextResolver(pyld.LRUCache(maxsize=256), loader),
            "processingMode": "json-ld-1.1",
        }

    def expand(self, ctx: Mapping[str, Any], value: str) -> Any:
        return self.processor._expand_iri(ctx, value, vocab=True)

    def process(self, ctx: Mapping[str, Any], local: Any, **options: Any) -> Mapping[str, Any]:
        try:
            made: Mapping[str, Any] = self.processor._process_context(ctx, local, self.options, **options)
        except (pyld.JsonLdError, ProtocolError, ValueError, TypeError, KeyError) as error:
            raise NotCovered("context") from error
        return made

    def root(self, urls: tuple[str, ...]) -> _Active:
        first = self.processor._get_initial_context(self.options)
        return _Active(self.process(first, list(urls)), self)

    def property_scoped(self, active: _Active, key: str, **options: Any) -> _Active:
        local = self.value(active.ctx, key, "@context")
        if local is None:
            return active
        return _Active(self.process(active.ctx, local, override_protected=True, **options), self)

    def entered(self, active: _Active, key: str, revert: bool) -> _Active:
        local = self.value(active.ctx, key, "@context")
        ctx = active.ctx["previousContext"] if revert else active.ctx
        if local is not None:
            ctx = self.process(ctx, local, override_protected=True)
        return active if ctx is active.ctx else _Active(ctx, self)

    def type_scoped(self, active: _Active, types: tuple[str, ...]) -> _Active:
        ctx = active.ctx
        for name in types:
            local = self.value(active.ctx, name, "@context")
            if local is not None and local is not False:
                ctx = self.process(ctx, local, propagate=False)
        return active if ctx is active.ctx else _Active(ctx, self)


def _keep(table: dict[Any, Any], key: Any, value: Any) -> Any:
    if len(table) >= _TABLE:
        table.clear()
    table[key] = value
    return value


def _absolute(value: Any) -> str:
    if not isinstance(value, str) or value.startswith(("@", "_:")) or not rdfc.is_absolute_iri(value):
        raise NotCovered(value)
    return f"<{value}>"


class _Closed(NamedTuple):
    """What a node with an id states, with everything under it; its blank nodes have names of their own."""

    element: Mapping[str, Any]
    subject: str
    lines: list[str]
    quads: list[Quad]
    hashes: dict[str, str]


#: A node is worth keeping from this many bytes of JSON on, and up to that many.
_KEPT_FROM: Final = 200
_KEPT_TO: Final = 40_000
_KEPT: Final = 128
_serial = itertools.count()


class _Walk:
    """One document on its way to statements."""

    def __init__(self, number: Any, depth: int, kept: dict[tuple[_Active, bytes], _Closed] | None) -> None:
        self.made = rdfc.Statements()
        self.count = 0
        self.number = number
        self.depth = depth
        self.kept = kept
        #: Names of blank nodes that came from what was kept.
        self.used: set[str] = set()

    def fresh(self) -> str:
        self.count += 1
        return f"_:n{self.count}"

    def add(self, subject: str, predicate: str, obj: str) -> None:
        if subject[0] == "_" or obj[0] == "_":
            self.made.open.append((subject, predicate, obj, ""))
        else:
            self.made.lines.append(f"{subject} {predicate} {obj} .\n")

    def node(self, active: _Active, element: Mapping[str, Any], *, root: bool = False) -> str:
        if not element or ("@context" in element and not root):
            raise NotCovered("@context")
        types: list[Any] | None = None
        keywords = active.keywords
        for key, value in element.items():
            keyword = keywords.get(key)
            if (active.keyword(key) if keyword is None else keyword) == _TYPE:
                if types is not None or value == []:
                    raise NotCovered(key)
                types = value if isinstance(value, list) else [value]
        content = active
        if types:
            if not all(isinstance(one, str) for one in types):
                raise NotCovered(_TYPE)
            content = active.with_types(tuple(sorted(types)))
        subject = ""
        said: list[tuple[_Term, Any]] = []
        terms = content.terms
        for key, value in element.items():
            if key == "@context":
                continue
            term = terms.get(key) or content.term(key)
            if term.keyword == _ID:
                if subject or not isinstance(value, str):
                    raise NotCovered(key)
                subject = content.iri(value)
            else:
                said.append((term, value))
        if root and not said:
            raise NotCovered("root")
        if not subject:
            subject = self.fresh()
        self.depth -= 1
        if self.depth < 0:
            raise NotCovered("depth")
        for term, value in said:
            if value == []:
                raise NotCovered(term.key)
            if term.keyword:
                for one in value if isinstance(value, list) else [value]:
                    self.add(subject, _RDF_TYPE, active.vocabulary_iri(one))
            elif term.listed:
                self.add(
                    subject, term.predicate, self.list(term, value if isinstance(value, list) else [value])
                )
            elif isinstance(value, list):
                for one in value:
                    self.add(subject, term.predicate, self.object(term, one))
            else:
                self.add(subject, term.predicate, self.object(term, value))
        self.depth += 1
        return subject

    def list(self, term: _Term, values: list[Any]) -> str:
        head = _NIL
        for value in reversed(values):
            cell = self.fresh()
            self.add(cell, _FIRST, self.object(term, value))
            self.add(cell, _REST, head)
            head = cell
        return head

    def object(self, term: _Term, value: Any) -> str:
        child = term.child
        assert child is not None
        if isinstance(value, str):
            if term.coercion == "@id":
                return child.iri(value)
            if term.coercion == "@vocab":
                return child.vocabulary_iri(value)
            return f'"{rdfc.escaped(value)}"{term.suffix}'
        if isinstance(value, Mapping):
            active = child.entry(term.key, value)
            # What has an id can stand alone: its blank nodes are named nowhere else.
            if self.kept is not None and "id" in value and active.keyword("id") == _ID:
                return self.closed(active, value, self.kept)
            return self.node(active, value)
        if isinstance(value, (bool, int, float)):
            if type(value) is int and abs(value) > MAX_INTEGER:
                raise NotCovered(term.key)
            typed = term.coercion if term.coercion and not term.coercion.startswith("@") else None
            item = {"@value": value, "@type": typed} if typed else {"@value": value}
            text: str = self.number(item)
            return text
        raise NotCovered(term.key)

    def closed(
        self, active: _Active, element: Mapping[str, Any], kept: dict[tuple[_Active, bytes], _Closed]
    ) -> str:
        """A node with an id: taken from what other documents said, or walked and kept for them."""
        try:
            text = orjson.dumps(element)
        except (TypeError, ValueError):
            return self.node(active, element)
        if not _KEPT_FROM <= len(text) <= _KEPT_TO:
            return self.node(active, element)
        known = kept.get((active, text))
        # The comparison tells apart what looks alike as JSON only. Two uses in one document, of the node or of
        # one inside it, are different blank nodes and may not share names.
        if known is not None and known.element == element and self.used.isdisjoint(known.hashes):
            self.used.update(known.hashes)
            made = self.made
            made.lines += known.lines
            made.closed += known.quads
            made.hashes.update(known.hashes)
            return known.subject
        return self.keep(active, element, text, kept)

    def keep(
        self,
        active: _Active,
        element: Mapping[str, Any],
        text: bytes,
        kept: dict[tuple[_Active, bytes], _Closed],
    ) -> str:
        outer, self.made = self.made, rdfc.Statements()
        try:
            subject = self.node(active, element)
            inner = self.made
        finally:
            self.made = outer
        if subject[0] == "_":
            outer.lines += inner.lines
            outer.open += inner.open
            outer.closed += inner.closed
            outer.hashes.update(inner.hashes)
            return subject
        names = {
            node: f"_:k{next(_serial)}"
            for quad in inner.open
            for node in (quad[0], quad[2])
            if node[0] == "_"
        }
        quads = [(names.get(s, s), p, names.get(o, o), g) for s, p, o, g in dict.fromkeys(inner.open)]
        hashes = rdfc.first_degree(quads, rdfc.hex_digest("sha256"))
        entry = _Closed(
            element, subject, inner.lines, [*inner.closed, *quads], {**inner.hashes, **hashes}
        )
        if len(kept) >= _KEPT:
            kept.clear()
        kept[active, text] = entry
        self.used.update(hashes)
        outer.lines += entry.lines
        outer.closed += entry.quads
        outer.hashes.update(entry.hashes)
        return subject


class Compiler:
    """Contexts from one loader, and the tables that were made of them. Safe to use from several threads."""

    def __init__(self, loader: Any, number: Any, size: int = 64) -> None:
        self._scope, self._number = _Scope(loader), number
        self._root = lru_cache(maxsize=size)(self._scope.root)
        self._kept: dict[tuple[_Active, bytes], _Closed] = {}

    def statements(
        self, document: Mapping[str, Any], *, depth: int = 16, keep: bool = False
    ) -> rdfc.Statements:
        """What a document states; NotCovered when this is not the way to have it.

        ``depth`` bounds the nesting of nodes. With ``keep`` nodes that have an id are kept, with hashes by
        SHA-256, for the next documents that say the same of them.
        """
        local = document.get("@context")
        urls = tuple(local) if isinstance(local, list) else (local,)
        if not all(isinstance(url, str) for url in urls):
            raise NotCovered("@context")
        walk = _Walk(self._number, depth, self._kept if keep else None)
        try:
            with _lock:
                root = self._root(urls)
            walk.node(root, document, root=True)
        except (ProtocolError, RecursionError) as error:
            raise NotCovered("document") from error
        return walk.made
