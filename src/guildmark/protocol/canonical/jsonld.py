"""JSON-LD to quads, in safe mode: whatever would be dropped in silence is an error instead.

Expansion is PyLD's; the checks and the way from expanded form to quads are ours. Contexts come
from :mod:`guildmark.protocol.contexts` only, never from the network.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from pyld import jsonld as pyld
from pyld.context_resolver import ContextResolver

from guildmark.protocol import contexts
from guildmark.protocol.canonical import compiled, rdfc
from guildmark.protocol.canonical.rdfc import Quad, RdfcLimits
from guildmark.protocol.errors import Malformed, TooLarge, UndefinedTerm, UnknownContext
from guildmark.protocol.strict_json import JsonLimits, check_values

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDF_TYPE = f"<{_RDF}type>"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_I18N = "https://www.w3.org/ns/i18n#"

# A presentation of a few credentials with terms of their own, whose JCS proofs repeat them, stays below this.
_MAX_INLINE_CONTEXTS = 24

# What PyLD made of the shipped contexts, kept between documents.
_CACHE_SIZE = 256
_shared_cache = pyld.LRUCache(maxsize=_CACHE_SIZE)


def _loader(extra: Mapping[str, Mapping[str, Any]] | None) -> Any:
    def load(url: str, options: Mapping[str, Any]) -> dict[str, Any]:
        document = extra[url] if extra and url in extra else contexts.load(url)
        # The tag lets PyLD keep what it made of a context between documents.
        return {
            "contextUrl": None,
            "documentUrl": url,
            "document": document,
            "contentType": "application/ld+json",
            "tag": "static",
        }

    return load


def _drop(key: str) -> None:
    raise UndefinedTerm(
        f"The term {str(key)[:120]!r} is not defined by the contexts of the document.",
        field=str(key)[:120],
        mend="Remove it, or add the context that defines it.",
    )


def _unwrap(error: BaseException) -> None:
    """Raise our own error if one hides among the causes of a PyLD error."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, (Malformed, UnknownContext)):
            raise seen from None
        seen = seen.__cause__ or seen.__context__


def _refuse_loss(value: Any, path: str = "") -> None:
    """Refuse null and empty arrays: they vanish in expansion, so no proof would cover them."""
    if value is None or value == []:
        kind = "null" if value is None else "an empty array"
        raise UndefinedTerm(
            f"{path or 'The document'} is {kind}, which no proof can cover.", field=path or None
        )
    if isinstance(value, Mapping):
        for key, child in value.items():
            if key != "@context":
                _refuse_loss(child, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            _refuse_loss(child, f"{path}[{index}]")


def _bound_contexts(value: Any) -> None:
    """Refuse many inline contexts: each costs a round of context processing."""
    inline = 0
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, Mapping):
            if "@context" in item:
                local = item["@context"]
                inline += sum(
                    isinstance(part, Mapping) for part in (local if isinstance(local, list) else [local])
                )
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    if inline > _MAX_INLINE_CONTEXTS:
        raise TooLarge(f"The document defines more than {_MAX_INLINE_CONTEXTS} contexts of its own.")


def expand(
    document: Mapping[str, Any],
    *,
    extra_contexts: Mapping[str, Mapping[str, Any]] | None = None,
    limits: JsonLimits | None = None,
) -> list[Any]:
    """Expand a document in safe mode.

    Raises UndefinedTerm for what would be lost, UnknownContext for a context that is not
    shipped (or given in ``extra_contexts``), Malformed for everything else that is wrong.
    """
    check_values(document, limits)
    _refuse_loss(document)
    _bound_contexts(document)
    loader = _loader(extra_contexts)
    # A cache shared between different sets of contexts would mix them up.
    cache = _shared_cache if not extra_contexts else pyld.LRUCache(maxsize=_CACHE_SIZE)
    options = {
        # No base at all: with an empty one, PyLD makes relative addresses absolute against
        # example.org, and an undefined type would pass for a defined one.
        "base": None,
        "documentLoader": loader,
        "contextResolver": ContextResolver(cache, loader),
        "processingMode": "json-ld-1.1",
    }
    try:
        expanded = pyld.JsonLdProcessor(on_property_dropped=_drop).expand(dict(document), options)
    except pyld.JsonLdError as error:
        _unwrap(error)
        raise Malformed(f"The document is not JSON-LD: {_message(error)}") from error
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        _unwrap(error)
        raise Malformed("The document is not JSON-LD.") from error
    return list(expanded)


def _message(error: BaseException) -> str:
    deepest = error
    while isinstance(deepest.__cause__, pyld.JsonLdError):
        deepest = deepest.__cause__
    return str(deepest).splitlines()[0][:200]


class _Walker:
    """Turns expanded JSON-LD into quads (JSON-LD 1.1 API, section 8), refusing every loss."""

    def __init__(self, max_quads: int) -> None:
        self.quads: set[Quad] = set()
        self.max_quads = max_quads
        self.count = 0
        self.named: dict[str, str] = {}

    def fresh(self) -> str:
        self.count += 1
        return f"_:n{self.count}"

    def add(self, subject: str, predicate: str, obj: str, graph: str) -> None:
        self.quads.add((subject, predicate, obj, graph))
        if len(self.quads) > self.max_quads:
            raise TooLarge(f"The document makes more than {self.max_quads} statements.")

    def resource(self, value: Any) -> str:
        if not isinstance(value, str):
            raise UndefinedTerm("An id is not a text.")
        if value.startswith("_:"):
            if value not in self.named:
                self.named[value] = self.fresh()
            return self.named[value]
        if not rdfc.is_absolute_iri(value):
            raise UndefinedTerm(
                f"{value[:120]!r} is neither an absolute address nor a term of the contexts.",
                field=value[:120],
                mend="Write the whole address, or add the context that defines the term.",
            )
        return f"<{value}>"

    def node(self, node: Mapping[str, Any], graph: str) -> str:
        """Emit a node object; return its name."""
        subject = self.resource(node["@id"]) if "@id" in node else self.fresh()
        for key, values in node.items():
            if key == "@type":
                for value in values:
                    self.add(subject, _RDF_TYPE, self.resource(value), graph)
            elif key == "@graph":
                for child in values:
                    self.top(child, subject)
            elif key == "@included":
                for child in values:
                    self.node(child, graph)
            elif key == "@reverse":
                self.reverse(subject, values, graph)
            elif key.startswith("@"):
                if key != "@id":
                    raise UndefinedTerm(f"{key} says something that no proof can cover.", field=key)
            else:
                self.property(subject, key, values, graph)
        return subject

    def top(self, item: Any, graph: str) -> None:
        if not isinstance(item, Mapping) or "@value" in item or "@list" in item:
            raise UndefinedTerm("A value stands where a node is expected; it would be dropped.")
        self.node(item, graph)

    def reverse(self, subject: str, entries: Mapping[str, Any], graph: str) -> None:
        for key, values in entries.items():
            predicate = self.predicate(key)
            for value in values:
                self.add(self.node(value, graph), predicate, subject, graph)

    def predicate(self, key: str) -> str:
        if key.startswith("_:") or not rdfc.is_absolute_iri(key):
            raise UndefinedTerm(f"The term {key[:120]!r} is not defined.", field=key[:120])
        return f"<{key}>"

    def property(self, subject: str, key: str, values: Any, graph: str) -> None:
        predicate = self.predicate(key)
        for value in values:
            self.add(subject, predicate, self.object(value, graph), graph)

    def object(self, item: Any, graph: str) -> str:
        if not isinstance(item, Mapping):
            raise UndefinedTerm("A value has no meaning where it stands.")
        if "@value" in item:
            return _literal(item)
        if "@list" in item:
            return self.list(item["@list"], graph)
        return self.node(item, graph)

    def list(self, items: Any, graph: str) -> str:
        head = f"<{_RDF}nil>"
        for item in reversed(items):
            cell = self.fresh()
            self.add(cell, f"<{_RDF}first>", self.object(item, graph), graph)
            self.add(cell, f"<{_RDF}rest>", head, graph)
            head = cell
        return head


def _number(value: int | float, datatype: str | None) -> tuple[str, str]:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        value = int(value)
    if isinstance(value, int) and datatype != _XSD + "double":
        return str(value), datatype or _XSD + "integer"
    if not math.isfinite(value):
        raise Malformed("A number is not finite.")
    mantissa, exponent = f"{float(value):.15e}".split("e")
    whole, fraction = mantissa.split(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}E{int(exponent)}", datatype or _XSD + "double"


def _literal(item: Mapping[str, Any]) -> str:
    value = item["@value"]
    datatype = item.get("@type")
    if set(item) - {"@value", "@type", "@language", "@direction"}:
        raise UndefinedTerm("A text has an index, which no proof can cover.")
    if datatype == "@json":
        raise UndefinedTerm("JSON literals are not supported.")
    if isinstance(value, bool):
        return rdfc.literal("true" if value else "false", datatype or _XSD + "boolean")
    if isinstance(value, (int, float)):
        return rdfc.literal(*_number(value, datatype))
    if not isinstance(value, str):
        raise UndefinedTerm("A value is neither text, number nor truth value.")
    if datatype is not None and not rdfc.is_absolute_iri(datatype):
        raise UndefinedTerm(f"The datatype {str(datatype)[:80]!r} is not an absolute IRI.")
    language = item.get("@language")
    if "@direction" in item:
        # The form in which a proof covers the direction (JSON-LD 1.1 API, section 8.2.2, i18n-datatype).
        rdfc.literal(value, language=language)
        datatype, language = f"{_I18N}{str(language or '').lower()}_{item['@direction']}", None
    return rdfc.literal(value, datatype or rdfc.XSD_STRING, language)


_JSON_LIMITS = JsonLimits()
_RDFC_LIMITS = RdfcLimits()
_compiler = compiled.Compiler(_loader(None), _literal)


def to_quads(
    document: Mapping[str, Any],
    *,
    extra_contexts: Mapping[str, Mapping[str, Any]] | None = None,
    limits: JsonLimits | None = None,
    max_quads: int = RdfcLimits().quads,
) -> set[Quad]:
    """Return the quads of a document, or raise if a part of it would be lost on the way.

    The whole algorithm of JSON-LD; says what is wrong with a document that has no quads.
    """
    return quads_of_expanded(expand(document, extra_contexts=extra_contexts, limits=limits), max_quads)


def quads_of_expanded(expanded: Iterable[Any], max_quads: int = RdfcLimits().quads) -> set[Quad]:
    """Return the quads of a document that :func:`expand` gave, or raise if a part of it would be lost."""
    walker = _Walker(max_quads)
    for item in expanded:
        walker.top(item, "")
    if not walker.quads:
        raise UndefinedTerm("The document states nothing.")
    return walker.quads


def canonicalize(
    document: Mapping[str, Any],
    *,
    extra_contexts: Mapping[str, Mapping[str, Any]] | None = None,
    json_limits: JsonLimits | None = None,
    rdfc_limits: RdfcLimits | None = None,
    hash_name: str = "sha256",
) -> str:
    """Return the canonical N-Quads of a JSON-LD document (safe mode, shipped contexts).

    Documents of shipped contexts go the fast way of :mod:`guildmark.protocol.canonical.compiled`; whatever it
    does not cover goes by :func:`to_quads`.
    """
    return canonical_bytes(
        document,
        extra_contexts=extra_contexts,
        json_limits=json_limits,
        rdfc_limits=rdfc_limits,
        hash_name=hash_name,
    ).decode()


def canonical_bytes(
    document: Mapping[str, Any],
    *,
    extra_contexts: Mapping[str, Mapping[str, Any]] | None = None,
    json_limits: JsonLimits | None = None,
    rdfc_limits: RdfcLimits | None = None,
    hash_name: str = "sha256",
) -> bytes:
    """The same as :func:`canonicalize`, in UTF-8."""
    json_limits, rdfc_limits = json_limits or _JSON_LIMITS, rdfc_limits or _RDFC_LIMITS
    found = None
    if extra_contexts is None:
        found = _fast(document, json_limits, rdfc_limits, hash_name)
    if found is None:
        quads = to_quads(
            document, extra_contexts=extra_contexts, limits=json_limits, max_quads=rdfc_limits.quads
        )
        found = rdfc.canonicalize(quads, hash_name=hash_name, limits=rdfc_limits).encode()
    return found


#: No document holds more JSON values than this for every statement that it makes.
_VALUES_A_STATEMENT = 6


def fast_canonicalize(
    document: Mapping[str, Any],
    json_limits: JsonLimits | None = None,
    rdfc_limits: RdfcLimits | None = None,
    hash_name: str = "sha256",
) -> str | None:
    """The same by the tables that were made of the shipped contexts; None when they do not cover the document."""
    found = _fast(document, json_limits or _JSON_LIMITS, rdfc_limits or _RDFC_LIMITS, hash_name)
    return None if found is None else found.decode()


def _fast(
    document: Mapping[str, Any], json_limits: JsonLimits, rdfc_limits: RdfcLimits, hash_name: str
) -> bytes | None:
    try:
        made = _compiler.statements(document, depth=json_limits.depth // 2 - 1, keep=hash_name == "sha256")
        if len(made) > min(rdfc_limits.quads, json_limits.values // _VALUES_A_STATEMENT):
            return None
        return made.canonical(hash_name, rdfc_limits)
    except (compiled.NotCovered, UnicodeEncodeError):
        return None
