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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count, permutations

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
#: Characters of a literal that are escaped (RDFC-1.0, section 5).
TO_ESCAPE = re.compile(r'[\x00-\x1f\x7f"\\]')
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


def escape(match: re.Match[str]) -> str:
    """What stands for one character that a literal must not hold as it is."""
    return _ESCAPES[match.group()]


def escaped(value: str) -> str:
    """The text of a literal as canonical N-Quads write it, without the quotes."""
    return TO_ESCAPE.sub(escape, value)


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


#: The labels of most documents.
_LABELS = [f"_:c14n{number}" for number in range(64)]


def labels_of(hashes: Mapping[str, str]) -> dict[str, str] | None:
    """Canonical labels of nodes that their first-degree hashes tell apart (4.4.3, step 4); None otherwise."""
    node_of = {value: node for node, value in hashes.items()}
    if len(node_of) != len(hashes):
        return None
    if len(node_of) > len(_LABELS):
        return {node_of[value]: f"_:c14n{number}" for number, value in enumerate(sorted(node_of))}
    return dict(zip([node_of[value] for value in sorted(node_of)], _LABELS, strict=False))


_HASHES = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}


class Statements:
    """What a tree of nodes states in the default graph, ready for labels.

    ``ends`` gives for each subject the ends of its lines (``" <predicate> object .\\n"``), where the object is no
    blank node. ``links`` are the other statements: subject, predicate with a space on either side, blank node; since
    the nodes are a tree, at most one names each blank node as its object. ``doubtful`` are the subjects of which
    something may be stated twice. ``kept`` are parts whose hashes are known already; no other statement names
    their blank nodes.

    All lines of a subject stand together in the canonical form, so subjects are sorted, and the lines of each.
    """

    __slots__ = ("doubtful", "ends", "kept", "links")

    def __init__(self) -> None:
        self.ends: dict[str, list[str]] = {}
        self.doubtful: set[str] = set()
        self.links: list[tuple[str, str, str]] = []
        self.kept: list[KeptStatements] = []

    def __len__(self) -> int:
        return sum(map(len, self.ends.values())) + len(self.links) + sum(part.size for part in self.kept)

    def hashes(self, hash_name: str, onward: _Onward) -> dict[str, str]:
        """Hash First Degree Quads (4.6) of every blank node outside the kept parts; sorts the ends, each once."""
        digest = _HASHES[hash_name]
        named = {node: (subject, predicate) for subject, predicate, node in self.links}
        made: dict[str, str] = {}
        for subject, ends in self.ends.items():
            if len(ends) > 1:
                if subject in self.doubtful and len(distinct := set(ends)) != len(ends):
                    self.ends[subject] = ends = list(distinct)
                ends.sort()
            if subject[0] != "_":
                continue
            if subject in onward:
                ends = sorted([*ends, *[f"{predicate}_:z .\n" for predicate, _ in onward[subject]]])
            text = "_:a" + "_:a".join(ends) if ends else ""
            if subject in named:
                # "<" sorts before "_:a", and that before "_:z".
                above, predicate = named[subject]
                text = (
                    f"{text}_:z{predicate}_:a .\n" if above[0] == "_" else f"{above}{predicate}_:a .\n{text}"
                )
            made[subject] = digest(text.encode()).hexdigest()
        return made

    def keep(self, hash_name: str) -> KeptStatements:
        """The same as a part for other documents, under names that no other part has."""
        fresh = self.hashes(hash_name, _onward(self.links))
        names = {node: f"_:k{next(_serial)}" for node in fresh}
        hashes = {names[node]: value for node, value in fresh.items()}
        ends_of = {names.get(subject, subject): ends for subject, ends in self.ends.items()}
        links = [(names.get(s, s), predicate, names[node]) for s, predicate, node in self.links]
        for part in self.kept:
            hashes.update(part.hashes)
            links += part.links
            for subject, ends in part.ends.items():
                ends_of[subject] = sorted({*ends_of.get(subject, ()), *ends})
        return KeptStatements(ends_of, links, hashes)

    def canonical(self, hash_name: str = "sha256", limits: RdfcLimits | None = None) -> bytes:
        """The canonical N-Quads in UTF-8, as :func:`canonicalize` gives them; UnicodeEncodeError for half a pair."""
        limits = limits or RdfcLimits()
        onward = _onward(self.links)
        hashes = self.hashes(hash_name, onward)
        for part in self.kept:
            hashes.update(part.hashes)
        labels = labels_of(hashes) if len(hashes) <= limits.blank_nodes else None
        if labels is None:
            labels = _Run(self.blank_quads(), hash_name, limits).label()
        made: dict[str, bytes] = {}
        for part in self.kept:
            self.join(made, part.blocks(labels), labels)
        self.join(made, _blocks(self.ends, onward, labels), labels)
        return b"".join([made[name] for name in sorted(made)])

    def join(self, made: dict[str, bytes], blocks: dict[str, bytes], labels: Mapping[str, str]) -> None:
        """Put the lines of one part to those of others."""
        both = [(subject, made[subject]) for subject in made.keys() & blocks.keys()] if made else []
        made.update(blocks)
        for subject, lines in both:
            # Often one part only names the type of what another describes.
            if b"\n" + blocks[subject] in b"\n" + lines:
                made[subject] = lines
            else:
                made[subject] = self.together(subject, labels)

    def together(self, subject: str, labels: Mapping[str, str]) -> bytes:
        """The lines of a subject with an id of which several parts speak."""
        ends: set[str] = set()
        parts: list[Statements | KeptStatements] = [self, *self.kept]
        for part in parts:
            ends.update(part.ends.get(subject, ()))
            ends.update(
                [f"{predicate}{labels[node]} .\n" for s, predicate, node in part.links if s == subject]
            )
        return (subject + subject.join(sorted(ends))).encode()

    def blank_quads(self) -> set[Quad]:
        """Every statement that names a blank node, as the whole algorithm reads them."""
        made: set[Quad] = set()
        parts: list[Statements | KeptStatements] = [self, *self.kept]
        for part in parts:
            made.update((subject, predicate[1:-1], node, "") for subject, predicate, node in part.links)
            for subject, ends in part.ends.items():
                if subject[0] == "_":
                    for end in ends:
                        predicate, obj = end[1:-3].split(" ", 1)
                        made.add((subject, predicate, obj, ""))
        return made


#: What blank nodes the statements of a subject name, each with its predicate.
_Onward = dict[str, list[tuple[str, str]]]


def _onward(links: Iterable[tuple[str, str, str]]) -> _Onward:
    made: _Onward = {}
    for subject, predicate, node in links:
        if subject in made:
            made[subject].append((predicate, node))
        else:
            made[subject] = [(predicate, node)]
    return made


def _blocks(ends_of: Mapping[str, list[str]], onward: _Onward, labels: Mapping[str, str]) -> dict[str, bytes]:
    """The lines of every subject, by its name in the canonical form; the ends are sorted and distinct."""
    made: dict[str, bytes] = {}
    for subject, ends in ends_of.items():
        if subject in onward:
            ends = sorted([*ends, *[f"{predicate}{labels[node]} .\n" for predicate, node in onward[subject]]])
        elif not ends:
            continue
        name = labels[subject] if subject[0] == "_" else subject
        made[name] = (name + name.join(ends)).encode()
    return made


#: Sets of labels for which a kept part remembers its lines.
_REMEMBERED = 64


class KeptStatements:
    """A part of a document that stands under an id, with what canonicalization needs to know of it."""

    __slots__ = ("_nodes", "_onward", "_open", "_ready", "_remembered", "ends", "hashes", "links", "size")

    def __init__(
        self, ends: dict[str, list[str]], links: list[tuple[str, str, str]], hashes: dict[str, str]
    ) -> None:
        self.ends, self.links, self.hashes = ends, links, hashes
        self.size = len(links) + sum(map(len, ends.values()))
        self._nodes = tuple(hashes)
        self._onward = _onward(links)
        #: Subjects whose lines name no blank node: their blocks are ready.
        self._ready = {
            subject: (subject + subject.join(lines)).encode()
            for subject, lines in ends.items()
            if lines and subject[0] != "_" and subject not in self._onward
        }
        self._open = {subject: lines for subject, lines in ends.items() if subject not in self._ready}
        self._remembered: dict[tuple[str, ...], dict[str, bytes]] = {}

    def blocks(self, labels: Mapping[str, str]) -> dict[str, bytes]:
        """The lines of every subject of the part, by its name in the canonical form."""
        key = tuple([labels[node] for node in self._nodes])
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            found = self._remembered[key] = {**self._ready, **_blocks(self._open, self._onward, labels)}
        return found


_serial = count()


def canonical_labels(
    quads: Iterable[Quad], *, hash_name: str = "sha256", limits: RdfcLimits | None = None
) -> dict[str, str]:
    """Return the canonical label (``_:c14n0``) of every blank node of a dataset, by its label there.

    ``hash_name`` is ``sha256`` or ``sha384``. Raises TooLarge when a bound is passed.
    """
    limits = limits or RdfcLimits()
    dataset = set(quads)
    if len(dataset) > limits.quads:
        raise TooLarge(f"The document makes more than {limits.quads} statements.")
    return _Run(dataset, hash_name, limits).label()


def lines(quads: Iterable[Quad], labels: Mapping[str, str]) -> list[str]:
    """Return the statements as N-Quads, sorted by code point, with other labels of their blank nodes."""
    get = labels.get
    return sorted(line((get(s, s), p, get(o, o), get(g, g))) for s, p, o, g in set(quads))


def canonicalize(
    quads: Iterable[Quad], *, hash_name: str = "sha256", limits: RdfcLimits | None = None
) -> str:
    """Return the canonical N-Quads of a dataset (lines sorted by code point, each with a line feed).

    ``hash_name`` is ``sha256`` or ``sha384``. Raises TooLarge when a bound is passed.
    """
    dataset = set(quads)
    return "".join(lines(dataset, canonical_labels(dataset, hash_name=hash_name, limits=limits)))
