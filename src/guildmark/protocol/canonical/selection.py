"""Parts of a document by JSON pointers, as statements (ECDSA Cryptosuites 1.0, sections 3.4.5 to 3.4.16).

A part has to be recognised in the statements of the whole, so nodes without an id are given one before the document
becomes statements (``urn:bnid:``) and lose it again after. This is done to the compact document itself, so that
pointers mean the document as its holder sees it; that it changes nothing is checked against the canonical form.
"""

from __future__ import annotations

import copy
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from guildmark.protocol.canonical import jsonld, rdfc
from guildmark.protocol.canonical.rdfc import Quad, RdfcLimits
from guildmark.protocol.errors import Malformed, TooLarge
from guildmark.protocol.strict_json import JsonLimits

#: Pointers of one list, characters of one pointer, and steps in it.
MAX_POINTERS: Final = 512
_MAX_LENGTH: Final = 1_000
_MAX_STEPS: Final = 48

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_FIRST, _REST, _NIL = (f"{_RDF}{name}" for name in ("first", "rest", "nil"))
_INDEX = re.compile(r"(?:0|[1-9][0-9]{0,8})\Z")
_BAD_ESCAPE = re.compile(r"~(?![01])")
#: What a part always shows of the nodes on its way (3.4.11), and what says how their terms are read.
_ALWAYS: Final = ("@context", "id", "@id", "type", "@type")

#: Pointers as a tree: what is chosen below each step. An empty tree chooses everything.
_Tree = dict[str, "_Tree"]


def parse_pointer(pointer: str) -> list[str]:
    """Return the steps of a JSON pointer (RFC 6901); Malformed if it is none."""
    if not isinstance(pointer, str):
        raise Malformed("A JSON pointer must be a text.", mend="Give pointers such as /credentialSubject/id.")
    if len(pointer) > _MAX_LENGTH or pointer.count("/") > _MAX_STEPS:
        raise TooLarge("The JSON pointer is too long.", field=pointer[:80])
    if pointer == "":
        return []
    if pointer[0] != "/" or _BAD_ESCAPE.search(pointer):
        raise Malformed(
            f"{pointer[:120]!r} is not a JSON pointer.",
            field=pointer[:120],
            mend="Begin with /, and write ~1 for / and ~0 for ~ within a name.",
        )
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]


def check_pointers(pointers: Any) -> list[str]:
    """Return a list of pointers as it came; Malformed or TooLarge if it is none."""
    if isinstance(pointers, str) or not isinstance(pointers, Sequence):
        raise Malformed("JSON pointers come as a list of texts.")
    if len(pointers) > MAX_POINTERS:
        raise TooLarge(f"More than {MAX_POINTERS} JSON pointers were given.")
    for pointer in pointers:
        parse_pointer(pointer)
    return list(pointers)


def select(document: Mapping[str, Any], pointers: Sequence[str]) -> dict[str, Any]:
    """Return the part of a document that the pointers name (3.4.13), in the document's own order.

    With each chosen value come the ids, types and contexts of the objects on the way to it; arrays close up.
    Malformed for a pointer that leads nowhere.
    """
    tree: _Tree | None = None
    for pointer in check_pointers(pointers):
        steps = parse_pointer(pointer)
        _follow(document, steps, pointer)
        tree = _grow(tree, steps)
    part: dict[str, Any] = _copy(document, {"@context": {}} if tree is None else tree)
    return part


def _follow(document: Any, steps: Sequence[str], pointer: str) -> None:
    value = document
    for step in steps:
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and _INDEX.match(step) and int(step) < len(value):
            value = value[int(step)]
        else:
            raise Malformed(
                f"The JSON pointer {pointer[:120]!r} leads to nothing in the document.",
                field=pointer[:120],
                mend="Point at something that is there, or leave the pointer out.",
            )


def _grow(tree: _Tree | None, steps: Sequence[str]) -> _Tree:
    if tree == {} or not steps:
        return {}
    tree = {} if tree is None else tree
    tree[steps[0]] = _grow(tree.get(steps[0]), steps[1:])
    return tree


def _copy(value: Any, tree: _Tree) -> Any:
    if not tree:
        return copy.deepcopy(value)
    if isinstance(value, list):
        return [_copy(value[index], tree[str(index)]) for index in sorted(map(int, tree))]
    return {
        key: copy.deepcopy(child) if key in _ALWAYS else _copy(child, tree[key])
        for key, child in value.items()
        if key in tree or key in _ALWAYS
    }


class NamedDocument:
    """A document whose nodes without an id have names, so that its parts can be found in the whole.

    ``quads`` are its statements. The labels of blank nodes in them are the same in every part of this object and
    mean nothing else: canonical labels are given by :func:`guildmark.protocol.canonical.rdfc.canonical_labels`.
    Raises Malformed for a document whose nodes cannot be named, and whatever
    :func:`guildmark.protocol.canonical.jsonld.to_quads` raises.
    """

    def __init__(
        self,
        document: Mapping[str, Any],
        *,
        extra_contexts: Mapping[str, Mapping[str, Any]] | None = None,
        json_limits: JsonLimits | None = None,
        rdfc_limits: RdfcLimits | None = None,
    ) -> None:
        self._extra = extra_contexts
        self._json = json_limits
        self._rdfc = rdfc_limits or RdfcLimits()
        # Nobody can have written a name of his own that begins like these.
        self._prefix = f"urn:bnid:{secrets.token_hex(16)}:"
        self._count = 0
        canonical = jsonld.canonicalize(
            document, extra_contexts=extra_contexts, json_limits=json_limits, rdfc_limits=rdfc_limits
        )
        self._document = self._skolemized(document)
        self.quads = self._quads_of(self._document)
        if rdfc.canonicalize(self.quads, limits=self._rdfc) != canonical:
            raise Malformed(
                "The document uses terms in a way that does not let its parts be chosen.",
                mend="Write it in compact form, without language maps or aliases of id.",
            )

    def part(self, pointers: Sequence[str]) -> set[Quad]:
        """Return the statements that the pointers choose (3.4.15); none for no pointers.

        Malformed for a pointer that leads nowhere, or that names a part which says something else than the whole.
        """
        if not check_pointers(pointers):
            return set()
        quads = self._quads_of(select(self._document, pointers))
        if not quads <= self.quads:
            raise Malformed(
                "The chosen part states something that the whole does not.",
                mend="Choose an ordered list as a whole, and an object with all that says how it is read.",
            )
        return quads

    def _skolemized(self, value: Any) -> Any:
        """The same with an id in every object that lacks one (3.4.8, done to the compact form)."""
        if isinstance(value, list):
            return [self._skolemized(item) for item in value]
        if not isinstance(value, Mapping):
            return value
        made = {key: child if key == "@context" else self._skolemized(child) for key, child in value.items()}
        if not {"id", "@id", "@value", "@list", "@set", "@graph"} & set(made):
            self._count += 1
            made["@id"] = f"{self._prefix}b{self._count}"
        return made

    def _quads_of(self, document: Mapping[str, Any]) -> set[Quad]:
        expanded = jsonld.expand(document, extra_contexts=self._extra, limits=self._json)
        named = [self._named(item, "", "") for item in expanded]
        quads = jsonld.quads_of_expanded(named, self._rdfc.quads)
        if any(term.startswith("_:") for quad in quads for term in quad):
            raise Malformed("A type without an address cannot be disclosed by itself.", field="type")
        return {(self._blank(s), p, self._blank(o), self._blank(g)) for s, p, o, g in quads}

    def _blank(self, term: str) -> str:
        """3.4.6: the term as a blank node, if it is one of our names."""
        return f"_:{term[len(self._prefix) + 1 : -1]}" if term.startswith(f"<{self._prefix}") else term

    def _digest(self, *texts: str) -> str:
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()

    def _named(self, item: Any, owner: str, predicate: str) -> Any:
        """Name what has no name of its own in the compact form: ordered lists, graphs, and labels of the author."""
        if not isinstance(item, Mapping) or "@value" in item:
            return item
        if "@list" in item:
            return self._cells(item["@list"], owner, predicate)
        made = dict(item)
        if str(made.get("@id", "")).startswith("_:"):
            made["@id"] = f"{self._prefix}n{self._digest(made['@id'])}"
        for key in {"@graph", "@included"} & set(made):
            made[key] = [self._named(child, "", key) for child in made[key]]
        if "@id" not in made:
            made["@id"] = self._graph_name(made.get("@graph"))
        subject = str(made["@id"])
        if "@reverse" in made:
            made["@reverse"] = {
                key: [self._named(child, subject, key) for child in values]
                for key, values in made["@reverse"].items()
            }
        for key, values in made.items():
            if not key.startswith("@"):
                self._refuse_two_lists(key, values)
                made[key] = [self._named(child, subject, key) for child in values]
        return made

    def _graph_name(self, graph: Any) -> str:
        first = graph[0].get("@id") if graph and isinstance(graph[0], Mapping) else None
        if not isinstance(first, str):
            raise Malformed("A part of the document has no id and cannot be named.")
        return f"{self._prefix}g{self._digest(first)}"

    @staticmethod
    def _refuse_two_lists(key: str, values: Iterable[Any]) -> None:
        if sum(isinstance(value, Mapping) and "@list" in value for value in values) > 1:
            raise Malformed("Two ordered lists under one term cannot be told apart.", field=key[:120])

    def _cells(self, items: Sequence[Any], owner: str, predicate: str) -> dict[str, Any]:
        """An ordered list as the nodes that it consists of, named by their place."""
        names = [
            f"{self._prefix}l{self._digest(owner, predicate, str(place))}" for place in range(len(items))
        ]
        # Side by side, not one within the other: a list may be longer than the stack is deep.
        cells = [
            {"@id": name, _FIRST: [self._named(item, name, _FIRST)], _REST: [{"@id": rest}]}
            for name, rest, item in zip(names, [*names[1:], _NIL], items, strict=True)
        ]
        return {**cells[0], "@included": cells[1:]} if cells else {"@id": _NIL}
