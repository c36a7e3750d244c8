"""JSON-LD to quads by contexts that were worked out before: the fast way for documents of known contexts.

PyLD does the context algorithm, once for each (contexts, path of terms, types) that occurs; what it made is kept
as tables from term to predicate, coercion and scoped context. A document is then one walk over its values.
Whatever the tables do not cover, and whatever is wrong, raises :class:`NotCovered`: the caller then takes the
slow way, which either gives the quads or says what is wrong. So this module never decides that a document is
bad, and never gives quads unless every key and value was understood.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson
from pyld import jsonld as pyld
from pyld.context_resolver import ContextResolver

from guildmark.protocol.canonical import rdfc
from guildmark.protocol.errors import ProtocolError
from guildmark.protocol.strict_json import MAX_INTEGER

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDF_TYPE: Final = f"<{_RDF}type>"
_FIRST: Final = f" <{_RDF}first> "
_REST: Final = f" <{_RDF}rest> "
_NIL: Final = f"<{_RDF}nil>"
_ID: Final = "@id"
_TYPE: Final = "@type"
#: Entries of one table; a table that hostile documents fill is emptied.
_TABLE: Final = 512
_TYPES_OF_A_SHAPE: Final = 32
#: Up to so many members an object may be a value, or nothing but an id: what it is is looked at.
_REVERTING: Final = 2
_TO_ESCAPE: Final = rdfc.TO_ESCAPE
#: Addresses that N-Quads carry as they stand, and that are absolute: the first, whatever prefixes a context defines.
_IRI_CHARACTERS: Final = r'[^\x00-\x20<>"{}|^`\\]*'
_WEB: Final = re.compile(rf"https?://{_IRI_CHARACTERS}").fullmatch
_WEB_URN_OR_DID: Final = re.compile(rf"(?:https?://|urn:|did:){_IRI_CHARACTERS}").fullmatch
_lock = threading.RLock()


class NotCovered(Exception):
    """The document is none that the tables cover."""


class _Term:
    """What a key means: a keyword, or a predicate and how its values are read.

    ``predicate`` stands between two spaces. ``coercion`` is the type that values get; ``coerced`` says that texts become IRIs by it. ``suffix`` is what
    follows the closing quote of a text. ``begin`` and ``end`` enclose a text in the end of its line, where it is
    a literal; ``begin`` is empty otherwise. ``entered`` is the context of nodes of more than two members under it,
    once one came by.
    """

    __slots__ = (
        "begin", "child", "coerced", "coercion", "end", "entered", "key", "keyword", "listed", "numbers", "predicate",
        "suffix",
    )  # fmt: skip
    child: _Active
    entered: _Active | None

    def __init__(self, key: str, keyword: str = "") -> None:
        self.key, self.keyword = key, keyword
        self.predicate = self.coercion = self.suffix = self.begin = self.end = ""
        self.listed = self.coerced = False
        self.entered = None
        self.numbers: dict[tuple[type, float], str] = {}


class _Reading(NamedTuple):
    """How a node with certain keys and types is read, when the context of its content is ``content``.

    ``id_key`` is the key of its id. ``said`` are the keys that state something, each with the ``begin`` and ``end`` of its
    term, and the term; ``type_ends`` are the ends of the lines that say its types. ``distinct`` says that no two
    of the keys state the same kind of thing.
    """

    content: _Active
    id_key: str
    said: tuple[tuple[str, str, str, _Term], ...]
    type_ends: list[str]
    distinct: bool


class _Shape(NamedTuple):
    """What the keys of a node say before its types are known: which key gives these, whether it has a context.

    ``readings`` is how the node is read, by its types; these are None where no key gives any.
    """

    type_key: str
    scoped: bool
    readings: dict[Any, _Reading]


class _Active:
    """An active context of JSON-LD with the tables that were needed so far."""

    __slots__ = (
        "ctx", "entries", "keywords", "plain", "prefixes", "reverts", "scope", "shapes", "terms", "typed", "vocabulary",
    )  # fmt: skip

    def __init__(self, ctx: Mapping[str, Any], scope: _Scope) -> None:
        self.ctx, self.scope = ctx, scope
        self.terms: dict[str, _Term] = {}
        self.keywords: dict[str, str] = {}
        self.entries: dict[tuple[str, bool], _Active] = {}
        self.typed: dict[Any, _Active] = {}
        self.shapes: dict[tuple[str, ...], _Shape] = {}
        self.reverts = "previousContext" in ctx
        self.vocabulary: dict[str, str] = {}
        self.prefixes: dict[str, str] = {
            name: mapping["@id"]
            for name, mapping in ctx["mappings"].items()
            if mapping and mapping.get("_prefix")
        }
        self.plain = _WEB if self.prefixes.keys() & {"urn", "did"} else _WEB_URN_OR_DID

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
        term.predicate = f" {_absolute(expanded)} "
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
            term.coercion, term.coerced = kind, True
        elif kind is not None:
            term.coercion = kind
            # The suffix of a literal, made by the code that serialises literals.
            term.suffix = rdfc.literal("", kind)[2:]
        else:
            language = self.scope.value(child.ctx, key, "@language")
            if language is not None:
                term.suffix = rdfc.literal("", language=language)[2:]
        if not term.coerced and not term.listed:
            term.begin, term.end = f'{term.predicate}"', f'"{term.suffix} .\n'
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
        revert = self.reverts
        if revert and len(element) <= _REVERTING:
            keywords = [self.keyword(name) for name in element]
            if "@value" in keywords:
                raise NotCovered(key)
            revert = keywords != [_ID]
        found = self.entries.get((key, revert))
        if found is None:
            with _lock:
                found = _keep(self.entries, (key, revert), self.scope.entered(self, key, revert))
        return found

    def shape(self, keys: tuple[str, ...]) -> _Shape:
        """What the keys of a node say by themselves."""
        if not keys:
            raise NotCovered("an empty object")
        with _lock:
            found = [key for key in keys if self.keyword(key) == _TYPE]
            if len(found) > 1:
                raise NotCovered(found[1])
            shape = _Shape(found[0] if found else "", "@context" in keys, {})
            made: _Shape = _keep(self.shapes, keys, shape)
        return made

    def reading(self, shape: _Shape, keys: tuple[str, ...], types: Any) -> _Reading:
        """How a node of these keys and types is read; the types are None for a shape without a key for them."""
        content = (self.typed.get(types) or self.with_types(types)) if shape.type_key else self
        terms = [content.term(key) for key in keys if key != "@context"]
        ids = [term.key for term in terms if term.keyword == _ID]
        typing = [term.key for term in terms if term.keyword == _TYPE]
        # A type-scoped context may make a type of another key, which was not looked at.
        if len(ids) > 1 or typing != ([shape.type_key] if shape.type_key else []):
            raise NotCovered(_TYPE)
        # In the order of their lines, which then need little sorting.
        terms.sort(key=lambda term: term.predicate)
        said = tuple((term.key, term.begin, term.end, term) for term in terms if not term.keyword)
        predicates = {term.predicate for *_, term in said}
        if shape.type_key:
            predicates.add(f" {_RDF_TYPE} ")
        found = _Reading(
            content,
            ids[0] if ids else "",
            said,
            self.type_ends(types) if shape.type_key else [],
            len(predicates) == len(said) + bool(shape.type_key),
        )
        with _lock:
            if len(shape.readings) >= _TYPES_OF_A_SHAPE:
                shape.readings.clear()
            shape.readings[types] = found
        return found

    def with_types(self, said: Any) -> _Active:
        """The context for the content of a node of these types (step 11): a text, or a tuple of texts."""
        types = said if isinstance(said, tuple) else (said,)
        if not types or not all(isinstance(one, str) for one in types):
            raise NotCovered(_TYPE)
        with _lock:
            made: _Active = _keep(self.typed, said, self.scope.type_scoped(self, tuple(sorted(types))))
        return made

    # -- values ------------------------------------------------------------------------------------

    def type_ends(self, said: Any) -> list[str]:
        """The ends of the lines that say these types: a text, or a tuple of texts."""
        types = said if isinstance(said, tuple) else (said,)
        # Two names may stand for one type.
        return list(dict.fromkeys([f" {_RDF_TYPE} {self.vocabulary_iri(one)} .\n" for one in types]))

    def iri(self, value: str) -> str:
        """An id or a value that is coerced to one, as N-Quads text."""
        if self.plain(value):
            return f"<{value}>"
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
        if not all(isinstance(url, str) for url in urls):
            raise NotCovered("@context")
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


class _Kept(NamedTuple):
    """What a node with an id states, with everything under it."""

    active: _Active
    text: bytes
    element: Mapping[str, Any]
    subject: str
    made: rdfc.KeptStatements


#: A node is worth keeping from this many bytes of JSON on, with more than so many keys, and up to that many bytes.
_KEPT_FROM: Final = 300
_SMALL: Final = 5
_KEPT_TO: Final = 40_000
_KEPT: Final = 128
_SEEN: Final = 4_096
#: Nodes of the largest document that goes the fast way.
_WORK: Final = 20_000


class _Memory(dict[int, _Kept]):
    """What is kept, by a hash of context and JSON; ``seen`` are the hashes of what came by at least once."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[int] = set()


class _Walk:
    """One document on its way to statements."""

    __slots__ = ("count", "doubtful", "ends", "kept", "left", "links", "made", "number", "used")

    def __init__(self, number: Any, kept: _Memory | None, left: int) -> None:
        self.made = made = rdfc.Statements()
        self.ends, self.links, self.doubtful = made.ends, made.links, made.doubtful
        self.count = 0
        self.number = number
        self.kept = kept
        #: Nodes that may still be walked, counted over this walk and those that keep a part of it.
        self.left = left
        #: Names of blank nodes that came from what was kept.
        self.used: set[str] = set()

    def node(self, active: _Active, element: Mapping[str, Any], depth: int, *, root: bool = False) -> str:
        """Take in what a node states, ``depth`` levels deep at most; its name."""
        keys = tuple(element)
        type_key, scoped, readings = shape = active.shapes.get(keys) or active.shape(keys)
        if scoped and not root:
            raise NotCovered("@context")
        types = None
        if type_key:
            types = element[type_key]
            if type(types) is list:
                types = tuple(types)
        content, id_key, said, type_ends, distinct = readings.get(types) or active.reading(shape, keys, types)
        self.left -= 1
        if depth <= 0 or self.left < 0:
            raise NotCovered("depth")
        if id_key:
            subject = element[id_key]
            if type(subject) is not str:
                raise NotCovered(_ID)
            subject = content.iri(subject)
            ends = self.ends.get(subject)
            if ends is not None:
                self.doubtful.add(subject)
                ends += type_ends
            else:
                ends = self.ends[subject] = type_ends.copy()
        else:
            self.count += 1
            subject = f"_:n{self.count}"
            ends = self.ends[subject] = type_ends.copy()
        if not distinct:
            self.doubtful.add(subject)
        for key, begin, end, term in said:
            value = element[key]
            kind = type(value)
            if kind is str and begin:
                if not (value.isprintable() and '"' not in value and "\\" not in value):
                    value = _TO_ESCAPE.sub(rdfc.escape, value)
                ends.append(f"{begin}{value}{end}")
                continue
            if kind is not list:
                value = [value]
            elif len(value) != 1:
                if not value:
                    raise NotCovered(key)
                self.doubtful.add(subject)
            predicate = term.predicate
            listed = term.listed
            for one in (value,) if listed else value:
                if type(one) is dict:
                    name = self.under(term, one, depth)
                else:
                    name = self.list(term, one, depth) if listed else self.object(term, one, depth)
                if name[0] == "_":
                    self.links.append((subject, predicate, name))
                else:
                    ends.append(f"{predicate}{name} .\n")
        return subject

    def list(self, term: _Term, values: list[Any], depth: int) -> str:
        head = _NIL
        for value in reversed(values):
            self.count += 1
            cell = f"_:n{self.count}"
            ends = self.ends[cell] = []
            for predicate, said in ((_FIRST, self.object(term, value, depth)), (_REST, head)):
                if said[0] == "_":
                    self.links.append((cell, predicate, said))
                else:
                    ends.append(f"{predicate}{said} .\n")
            head = cell
        return head

    def object(self, term: _Term, value: Any, depth: int) -> str:
        kind = type(value)
        if kind is str:
            if not term.coerced:
                return f'"{_TO_ESCAPE.sub(rdfc.escape, value)}"{term.suffix}'
            child = term.child
            return child.iri(value) if term.coercion == "@id" else child.vocabulary_iri(value)
        if kind is dict:
            return self.under(term, value, depth)
        if kind is bool or kind is int or kind is float:
            # True is 1 and 1.0 to a table, and so is 0.0 to -0.0, which may be written otherwise.
            found = term.numbers.get((kind, value)) if value else None
            return found or self.numeral(term, value)
        raise NotCovered(term.key)

    def numeral(self, term: _Term, value: float) -> str:
        """A number or a truth value as N-Quads text."""
        if type(value) is int and abs(value) > MAX_INTEGER:
            raise NotCovered(term.key)
        typed = None if term.coerced or not term.coercion else term.coercion
        text = self.number({"@value": value, "@type": typed} if typed else {"@value": value})
        with _lock:
            made: str = _keep(term.numbers, (type(value), value), text)
        return made

    def under(self, term: _Term, value: dict[str, Any], depth: int) -> str:
        """A node as the value of a term."""
        members = len(value)
        active = term.entered if members > _REVERTING else None
        if active is None:
            active = term.child.entry(term.key, value)
            if members > _REVERTING:
                term.entered = active
        # What has an id can stand alone: its blank nodes are named nowhere else.
        if members > _SMALL and self.kept is not None and "id" in value and active.keyword("id") == _ID:
            return self.closed(active, value, depth - 1, self.kept)
        return self.node(active, value, depth - 1)

    def closed(self, active: _Active, element: Mapping[str, Any], depth: int, kept: _Memory) -> str:
        """A node with an id: taken from what other documents said, or walked and kept for them."""
        try:
            text = orjson.dumps(element)
        except (TypeError, ValueError):
            return self.node(active, element, depth)
        if not _KEPT_FROM <= len(text) <= _KEPT_TO:
            return self.node(active, element, depth)
        key = hash((active, text))
        known = kept.get(key)
        # The comparisons tell apart what looks alike as JSON only, or to a hash.
        if known is None or known.active is not active or known.text != text or known.element != element:
            if key not in kept.seen:
                # To keep a node costs more than to walk it: the first time it is only remembered.
                if len(kept.seen) >= _SEEN:
                    kept.seen.clear()
                kept.seen.add(key)
                return self.node(active, element, depth)
            known = self.keep(active, element, depth, text)
            if known is None:
                return self.node(active, element, depth)
            if len(kept) >= _KEPT:
                kept.clear()
            kept[key] = known
        # Two uses in one document, of the node or of one inside it, are different blank nodes: no common names.
        if not self.used.isdisjoint(known.made.hashes):
            return self.node(active, element, depth)
        self.used.update(known.made.hashes)
        self.made.kept.append(known.made)
        return known.subject

    def keep(self, active: _Active, element: Mapping[str, Any], depth: int, text: bytes) -> _Kept | None:
        """Walk a node apart from the rest; None if it has no id after all."""
        walk = _Walk(self.number, self.kept, self.left)
        try:
            subject = walk.node(active, element, depth)
        finally:
            self.left = walk.left
        if subject[0] == "_":
            return None
        return _Kept(active, text, element, subject, walk.made.keep("sha256"))


class Compiler:
    """Contexts from one loader, and the tables that were made of them. Safe to use from several threads."""

    def __init__(self, loader: Any, number: Any, size: int = 64) -> None:
        self._scope, self._number = _Scope(loader), number
        self._root = lru_cache(maxsize=size)(self._scope.root)
        self._kept = _Memory()

    def statements(
        self, document: Mapping[str, Any], *, depth: int = 16, keep: bool = False
    ) -> rdfc.Statements:
        """What a document states; NotCovered when this is not the way to have it.

        ``depth`` bounds the nesting of nodes. With ``keep`` nodes that have an id are kept, with hashes by
        SHA-256, for the next documents that say the same of them.
        """
        local = document.get("@context")
        walk = _Walk(self._number, self._kept if keep else None, _WORK)
        try:
            with _lock:
                root = self._root(tuple(local) if isinstance(local, list) else (local,))
            walk.node(root, document, depth, root=True)
        except (ProtocolError, RecursionError, TypeError) as error:
            # A TypeError comes of a type or a context that is no text and cannot be looked up.
            raise NotCovered("document") from error
        if not walk.links and not any(walk.ends.values()):
            raise NotCovered("a document that states nothing")
        return walk.made
