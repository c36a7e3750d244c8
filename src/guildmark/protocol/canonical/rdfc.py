"""RDF Dataset Canonicalization (RDFC-1.0), with a bound on the work.

https://www.w3.org/TR/rdf-canon/ . Terms are N-Quads text already ("<iri>", a serialised literal,
"_:label"), so that hashing never builds them again; :func:`literal` and :func:`iri` make them.
Hostile datasets cost factorial time by design of the algorithm; here they are refused as soon as
the bound is passed, before time is lost.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import permutations

from guildmark.protocol.errors import Malformed, TooLarge

#: subject, predicate, object, graph ("" for the default graph), each as N-Quads text.
Quad = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class RdfcLimits:
    """Bounds on one canonicalization. ``steps`` counts permutations tried and n-degree calls."""

    quads: int = 20_000
    blank_nodes: int = 4_000
    steps: int = 4_096


_ESCAPES = {chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F)} | {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
_TO_ESCAPE = re.compile(r'[\x00-\x1f\x7f"\\]')
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*\Z")
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def is_absolute_iri(text: str) -> bool:
    """Say whether a text is an absolute IRI that N-Quads can carry as it stands."""
    return bool(_ABSOLUTE_IRI.match(text)) and not _NOT_IN_IRI.search(text)


def iri(value: str) -> str:
    """Return an IRI as N-Quads text; Malformed if it is relative or holds forbidden characters."""
    if not is_absolute_iri(value):
        raise Malformed(f"{value[:120]!r} is not an absolute IRI.", mend="Write the whole address.")
    return f"<{value}>"


def escaped(value: str) -> str:
    """The text of a literal as canonical N-Quads write it, without the quotes."""
    return _TO_ESCAPE.sub(lambda match: _ESCAPES[match.group()], value)


def literal(value: str, datatype: str = XSD_STRING, language: str | None = None) -> str:
    """Return a literal as canonical N-Quads text (RDFC-1.0, section 5: escapes)."""
    text = f'"{escaped(value)}"'
    if language is not None:
        if not _LANGUAGE.match(language):
            raise Malformed(f"{language[:40]!r} is not a language tag.")
        return f"{text}@{language}"
    return text if datatype == XSD_STRING else f"{text}^^{iri(datatype)}"


def _is_blank(term: str) -> bool:
    return term.startswith("_:")


def line(quad: Quad) -> str:
    """A statement as N-Quads write it, with its line feed."""
    subject, predicate, obj, graph = quad
    return f"{subject} {predicate} {obj} {graph} .\n" if graph else f"{subject} {predicate} {obj} .\n"


class _Issuer:
    """Issues labels in order and remembers the order (RDFC-1.0, 4.5)."""

    __slots__ = ("issued", "prefix")

    def __init__(self, prefix: str, issued: dict[str, str] | None = None) -> None:
        self.prefix = prefix
        self.issued: dict[str, str] = {} if issued is None else issued

    def issue(self, label: str) -> str:
        known = self.issued.get(label)
        if known is None:
            known = self.issued[label] = f"{self.prefix}{len(self.issued)}"
        return known

    def copy(self) -> _Issuer:
        return _Issuer(self.prefix, dict(self.issued))


class _Run:
    """The state of one canonicalization (RDFC-1.0, 4.3)."""

    def __init__(self, quads: set[Quad], hash_name: str, limits: RdfcLimits) -> None:
        self.hash_name = hash_name
        self.steps_left = limits.steps
        self.canonical = _Issuer("_:c14n")
        self.first_degree: dict[str, str] = {}
        self.quads_of: dict[str, list[Quad]] = defaultdict(list)
        for quad in quads:
            for term in {quad[0], quad[2], quad[3]}:
                if _is_blank(term):
                    self.quads_of[term].append(quad)
        if len(self.quads_of) > limits.blank_nodes:
            raise TooLarge(f"The document has more than {limits.blank_nodes} nodes without an id.")

    def digest(self, text: str) -> str:
        return hashlib.new(self.hash_name, text.encode()).hexdigest()

    def step(self, cost: int = 1) -> None:
        self.steps_left -= cost
        if self.steps_left < 0:
            raise TooLarge(
                "The document is built so that putting it into canonical form would take too long.",
                mend="Give the nodes that look alike an id, or something that tells them apart.",
            )

    def label(self) -> dict[str, str]:
        """Return the canonical label of every blank node (4.4.3, steps 3 to 5)."""
        by_hash: dict[str, list[str]] = defaultdict(list)
        for node in self.quads_of:
            by_hash[self.hash_first_degree(node)].append(node)
        for _, nodes in sorted(by_hash.items()):
            if len(nodes) == 1:
                self.canonical.issue(nodes[0])
        for _, nodes in sorted(by_hash.items()):
            if len(nodes) > 1:
                self.label_alike(nodes)
        return self.canonical.issued

    def label_alike(self, nodes: list[str]) -> None:
        results: list[tuple[str, _Issuer]] = []
        for node in nodes:
            if node not in self.canonical.issued:
                issuer = _Issuer("_:b")
                issuer.issue(node)
                results.append(self.hash_n_degree(node, issuer))
        for _, issuer in sorted(results, key=lambda result: result[0]):
            for node in issuer.issued:
                self.canonical.issue(node)

    def hash_first_degree(self, node: str) -> str:
        """Hash First Degree Quads (4.6)."""
        known = self.first_degree.get(node)
        if known is None:
            lines = sorted(
                line((_mask(s, node), p, _mask(o, node), _mask(g, node)))
                for s, p, o, g in self.quads_of[node]
            )
            known = self.first_degree[node] = self.digest("".join(lines))
        return known

    def hash_related(self, related: str, predicate: str, issuer: _Issuer, position: str) -> str:
        """Hash Related Blank Node (4.7)."""
        label = self.canonical.issued.get(related) or issuer.issued.get(related)
        return self.digest(
            position + ("" if position == "g" else predicate) + (label or self.hash_first_degree(related))
        )

    def related_by_hash(self, node: str, issuer: _Issuer) -> dict[str, list[str]]:
        related: dict[str, list[str]] = defaultdict(list)
        for subject, predicate, obj, graph in self.quads_of[node]:
            for position, term in (("s", subject), ("o", obj), ("g", graph)):
                if _is_blank(term) and term != node:
                    related[self.hash_related(term, predicate, issuer, position)].append(term)
        return related

    def hash_n_degree(self, node: str, issuer: _Issuer) -> tuple[str, _Issuer]:
        """Hash N-Degree Quads (4.8)."""
        self.step()
        data: list[str] = []
        for related_hash, nodes in sorted(self.related_by_hash(node, issuer).items()):
            if math.factorial(len(nodes)) > self.steps_left:
                self.step(self.steps_left + 1)
            path, issuer = self.best_path(nodes, issuer)
            data += [related_hash, path]
        return self.digest("".join(data)), issuer

    def best_path(self, nodes: list[str], issuer: _Issuer) -> tuple[str, _Issuer]:
        chosen = ""
        chosen_issuer = issuer
        for order in permutations(nodes):
            self.step()
            candidate = self.path_of(order, issuer.copy(), chosen)
            if candidate is not None and (not chosen or candidate[0] < chosen):
                chosen, chosen_issuer = candidate
        return chosen, chosen_issuer

    def path_of(self, order: tuple[str, ...], issuer: _Issuer, chosen: str) -> tuple[str, _Issuer] | None:
        """Follow one order of related nodes; None as soon as it cannot beat the chosen path."""
        path = ""
        unlabelled: list[str] = []
        for node in order:
            label = self.canonical.issued.get(node)
            if label is None:
                if node not in issuer.issued:
                    unlabelled.append(node)
                label = issuer.issue(node)
            path += label
            if chosen and len(path) >= len(chosen) and path > chosen:
                return None
        for node in unlabelled:
            result, result_issuer = self.hash_n_degree(node, issuer)
            path += f"{issuer.issue(node)}<{result}>"
            issuer = result_issuer
            if chosen and len(path) >= len(chosen) and path > chosen:
                return None
        return path, issuer


def _mask(term: str, node: str) -> str:
    if not _is_blank(term):
        return term
    return "_:a" if term == node else "_:z"


def first_degree(quads: Iterable[Quad], digest: Callable[[str], str]) -> dict[str, str]:
    """Hash First Degree Quads (4.6) of every blank node in some statements of the default graph.

    ``quads`` must hold every statement that names the nodes, each once.
    """
    naming: dict[str, list[str]] = {}
    for subject, predicate, obj, _ in quads:
        if subject[0] == "_":
            other = obj if obj[0] != "_" else "_:a" if obj == subject else "_:z"
            naming.setdefault(subject, []).append(f"_:a {predicate} {other} .\n")
            if other != "_:z":
                continue
            naming.setdefault(obj, []).append(f"_:z {predicate} _:a .\n")
        else:
            naming.setdefault(obj, []).append(f"{subject} {predicate} _:a .\n")
    return {node: digest("".join(sorted(lines))) for node, lines in naming.items()}


def hex_digest(hash_name: str) -> Callable[[str], str]:
    """``sha256`` or ``sha384`` of a text, as hexadecimal digits."""
    chosen = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}[hash_name]
    return lambda text: chosen(text.encode()).hexdigest()


def labels_of(hashes: Mapping[str, str]) -> dict[str, str] | None:
    """Canonical labels of nodes that their first-degree hashes tell apart (4.4.3, step 4); None otherwise."""
    node_of = {value: node for node, value in hashes.items()}
    if len(node_of) != len(hashes):
        return None
    return {node_of[value]: f"_:c14n{number}" for number, value in enumerate(sorted(node_of))}


@dataclass(slots=True)
class Statements:
    """What a document states, in its default graph, ready for labels.

    ``lines``: statements without blank nodes, as N-Quads. ``open``: those with blank nodes. ``closed``: the same for
    blank nodes whose first-degree hashes are known already (``hashes``); no open statement names one of them.
    """

    lines: list[str] = field(default_factory=list)
    open: list[Quad] = field(default_factory=list)
    closed: list[Quad] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines) + len(self.open) + len(self.closed)

    def canonical(self, hash_name: str = "sha256", limits: RdfcLimits | None = None) -> str:
        """The canonical N-Quads, as :func:`canonicalize` gives them."""
        limits = limits or RdfcLimits()
        blank = set(self.open)
        hashes = {**self.hashes, **first_degree(blank, hex_digest(hash_name))}
        blank.update(self.closed)
        labels = labels_of(hashes) if len(hashes) <= limits.blank_nodes else None
        if labels is None:
            labels = _Run(blank, hash_name, limits).label()
        lines = set(self.lines)
        for subject, predicate, obj, _ in blank:
            lines.add(f"{labels.get(subject, subject)} {predicate} {labels.get(obj, obj)} .\n")
        return "".join(sorted(lines))


def canonicalize(
    quads: Iterable[Quad], *, hash_name: str = "sha256", limits: RdfcLimits | None = None
) -> str:
    """Return the canonical N-Quads of a dataset (lines sorted by code point, each with a line feed).

    ``hash_name`` is ``sha256`` or ``sha384``. Raises TooLarge when a bound is passed.
    """
    limits = limits or RdfcLimits()
    dataset = set(quads)
    if len(dataset) > limits.quads:
        raise TooLarge(f"The document makes more than {limits.quads} statements.")
    labels = _Run(dataset, hash_name, limits).label()
    return "".join(
        sorted(line((labels.get(s, s), p, labels.get(o, o), labels.get(g, g))) for s, p, o, g in dataset)
    )
