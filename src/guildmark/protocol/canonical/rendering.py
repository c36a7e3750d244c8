"""The generated function that fills a template: from values to canonical N-Quads, or to their hash alone.

What a document states is cut into pieces: constant text, places for values, and labels of nodes without an id. The
pieces become the source of one Python function, in which every text of the document is a constant.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from math import comb
from typing import Any, Final, NamedTuple

from guildmark.protocol.canonical.rdfc import Quad

#: Pieces of a line: constant text, the number of a place, or the name of a blank node.
_Piece = str | int | tuple[str]
_Line = list[_Piece]
Render = Callable[[Sequence[bytes], bool], bytes | None]

#: A place in a term: its number between two NULs, which no term holds otherwise.
MARK: Final = re.compile("\0([0-9]+)\0")


class LookAlike(Exception):
    """Two nodes without an id state the same, whatever the values are."""


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
            parts = MARK.split(term)
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
        self.names: dict[str, Any] = {}

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
            return self.constant(piece.encode())
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


class _Frame(NamedTuple):
    """What is fixed as soon as it is known between which constant hashes those of the values fall.

    ``begin`` is the beginning of the canonical form and ``state`` the hash over it; ``middle`` and ``blanks`` are the
    blocks of other subjects, of nodes without an id in the order of their labels, with gaps for what the values
    decide. ``ranks`` are the places of the hashes that the values made among all; ``labels`` the other nodes' labels.
    """

    begin: bytes
    state: Any
    middle: list[bytes]
    blanks: list[bytes]
    ranks: tuple[int, ...]
    labels: tuple[bytes, ...]


#: Frames that one template keeps; where more can occur, keeping them would cost more than it saves.
_MOST_FRAMES: Final = 300


class _Plan:
    """The parts of a template's canonical form, by what decides them."""

    def __init__(self, quads: frozenset[Quad], example: Sequence[str]) -> None:
        nodes = sorted({term for quad in quads for term in (quad[0], quad[2]) if term.startswith("_:")})
        self.hashed = {
            node: [_pieces(_masked(s, node), p, _masked(o, node)) for s, p, o, _ in quads if node in (s, o)]
            for node in nodes
        }
        self.open = [node for node in nodes if any(not _constant(line) for line in self.hashed[node])]
        constant = {
            node: sha256("".join(sorted(_beginning(line) for line in self.hashed[node])).encode()).digest()
            for node in nodes
            if node not in self.open
        }
        if len(set(constant.values())) != len(constant):
            raise LookAlike
        #: Nodes whose hash no value decides, in the order of their hashes.
        self.fixed = sorted(constant, key=lambda node: constant[node])
        self.hashes = [constant[node] for node in self.fixed]
        self.blocks = {
            subject: [_pieces(p, o) for s, p, o, _ in quads if s == subject]
            for subject in sorted({quad[0] for quad in quads})
        }
        self.subjects = [subject for subject in self.blocks if not subject.startswith("_:")]
        self.begin = self._begin(example)

    def settled(self, subject: str) -> bool:
        """Whether the block of a subject holds nothing but constants and labels of fixed nodes."""
        own = _pieces(subject, end="")
        return all(
            isinstance(piece, str) or (isinstance(piece, tuple) and piece[0] in self.fixed)
            for line in [own, *self.blocks[subject]]
            for piece in line
        )

    def _begin(self, example: Sequence[str]) -> list[str]:
        """Settled subjects that come before every open one in an example; whether they do is looked at each time."""
        numbers = [MARK.search(subject) for subject in self.subjects]
        open_ = [f"<{example[int(found.group(1))]}>" for found in numbers if found]
        first: list[str] = []
        for subject in self.subjects:
            if "\0" in subject:
                continue
            if not self.settled(subject) or any(one <= subject for one in open_):
                break
            first.append(subject)
        return first


def _constant(line: _Line) -> bool:
    return all(isinstance(piece, str) for piece in line)


def compiled(quads: frozenset[Quad], example: Sequence[str]) -> Render:
    """The function from escaped values in UTF-8 to canonical N-Quads, or to their SHA-256 alone.

    ``quads`` hold marks in their places; ``example`` are plausible values for them. The function returns None for
    values that make two nodes one, or look alike. LookAlike if two nodes always do.
    """
    plan, writer = _Plan(quads, example), _Writer()
    source = [*_frame_source(plan, writer), *_render_source(plan, writer, len(example))]
    total = len(plan.fixed) + len(plan.open)
    order = sorted(range(total), key=lambda number: f"_:c14n{number}")
    names = {
        **writer.names,
        "j": b"".join,
        "sha256": sha256,
        "bisect": bisect_left,
        "Frame": _Frame,
        "frames": {},
        "most": _MOST_FRAMES if comb(total, len(plan.open)) <= _MOST_FRAMES else 0,
        "fixed_hashes": plan.hashes,
        "fixed_set": frozenset(plan.hashes),
        "names": [f"_:c14n{number}".encode() for number in range(total)],
        "place": [order.index(number) for number in range(total)],
    }
    # The source is put together from numbers and names made here; every text of the document is a constant.
    exec(compile("\n".join(source), "<template>", "exec"), names)  # noqa: S102
    render: Render = names["render"]
    return render


def _frame_source(plan: _Plan, writer: _Writer) -> list[str]:
    """Source of the function that makes a frame: ``gaps`` counts the fixed hashes before each open one."""
    total = len(plan.fixed) + len(plan.open)
    source = [
        "def frame(gaps):",
        " ranks = tuple([gap + at for at, gap in enumerate(gaps)])",
        f" rest = [number for number in range({total}) if number not in ranks]",
        " labels = tuple([names[number] for number in rest])",
        f" blanks = [b''] * {total}",
    ]
    for at, node in enumerate(plan.fixed):
        source.append(f" {_label(node)} = labels[{at}]")
    for at, node in enumerate(plan.fixed):
        if node in plan.blocks and plan.settled(node):
            block = writer.ordered(plan.blocks[node], _pieces(node, end=""))
            source.append(f" blanks[place[rest[{at}]]] = {block}")
    begin = [writer.ordered(plan.blocks[subject], _pieces(subject, end="")) for subject in plan.begin]
    middle = [
        writer.ordered(plan.blocks[subject], _pieces(subject, end=""))
        for subject in plan.subjects
        if subject not in plan.begin and plan.settled(subject)
    ]
    source += [
        f" begin = j(({''.join(f'{one}, ' for one in begin)}))",
        f" made = Frame(begin, sha256(begin), [{', '.join(middle)}], blanks, ranks, labels)",
        " if len(frames) < most: frames[gaps] = made",
        " return made",
    ]
    return source


def _render_source(plan: _Plan, writer: _Writer, count: int) -> list[str]:
    source = ["def render(values, hashed):", f" {', '.join(f'v{index}' for index in range(count))}, = values"]
    source += _merging(writer, plan.subjects)
    for node in plan.open:
        source.append(f" {_hash(node)} = sha256({writer.ordered(plan.hashed[node])}).digest()")
    if plan.open:
        found = ", ".join(_hash(node) for node in plan.open)
        source += [
            f" own = {{{found}}}",
            f" if len(own) != {len(plan.open)} or not own.isdisjoint(fixed_set): return None",
            " own = sorted(own)",
            " gaps = tuple([bisect(fixed_hashes, one) for one in own])",
        ]
    else:
        source.append(" gaps = ()")
    source += [
        " begin, state, middle, blanks, ranks, labels = frames.get(gaps) or frame(gaps)",
        " blanks = blanks.copy()",
    ]
    if plan.open:
        source.append(" rank = dict(zip(own, ranks))")
    for node in plan.open:
        source += [f" {_rank(node)} = rank[{_hash(node)}]", f" {_label(node)} = names[{_rank(node)}]"]
    for at, node in enumerate(plan.fixed):
        if _needed(plan, node):
            source.append(f" {_label(node)} = labels[{at}]")
    for node in (*plan.open, *plan.fixed):
        if node in plan.blocks and (node in plan.open or not plan.settled(node)):
            where = _rank(node) if node in plan.open else f"names.index({_label(node)})"
            source.append(
                f" blanks[{_place(plan, where)}] = {writer.ordered(plan.blocks[node], _pieces(node, end=''))}"
            )
    late = [subject for subject in plan.subjects if subject not in plan.begin and not plan.settled(subject)]
    blocks = [writer.ordered(plan.blocks[subject], _pieces(subject, end="")) for subject in late]
    source += [
        f" middle = middle + [{', '.join(blocks)}]",
        " middle.sort()",
        *_ending(plan, writer),
    ]
    return source


def _ending(plan: _Plan, writer: _Writer) -> list[str]:
    """Source that puts the parts together; an open subject may come before what else begins the form."""
    opened = [subject for subject in plan.subjects if "\0" in subject]
    source = []
    if opened and plan.begin:
        last = writer.constant(plan.begin[-1].encode())
        begin = [writer.ordered(plan.blocks[subject], _pieces(subject, end="")) for subject in plan.begin]
        source += [
            f" if middle[0] < {last}:",
            *(f"  {_label(node)} = labels[{at}]" for at, node in enumerate(plan.fixed)),
            f"  middle += [{', '.join(begin)}]",
            "  middle.sort()",
            "  text = j(middle + blanks)",
            "  return sha256(text).digest() if hashed else text",
        ]
    return [
        *source,
        " if not hashed: return begin + j(middle + blanks)",
        " state = state.copy()",
        " state.update(j(middle + blanks))",
        " return state.digest()",
    ]


def _place(plan: _Plan, rank: str) -> str:
    """Where the block of a rank stands: labels are sorted as texts, which matters from the eleventh on."""
    return rank if len(plan.fixed) + len(plan.open) <= 10 else f"place[{rank}]"


def _needed(plan: _Plan, node: str) -> bool:
    """Whether a block that the values decide names this fixed node."""
    return any(
        (node,) in line
        for subject, lines in plan.blocks.items()
        if subject in plan.open or not plan.settled(subject)
        for line in [_pieces(subject, end=""), *lines]
    )


def _label(node: str) -> str:
    return node.replace("_:n", "l")


def _hash(node: str) -> str:
    return node.replace("_:n", "h")


def _rank(node: str) -> str:
    return node.replace("_:n", "r")


def _merging(writer: _Writer, subjects: Sequence[str]) -> list[str]:
    """Source that gives up where two subjects would become one node."""
    open_ = [f"v{MARK.search(subject).group(1)}" for subject in subjects if "\0" in subject]  # type: ignore[union-attr]
    fixed = writer.constant(frozenset(subject[1:-1].encode() for subject in subjects if "\0" not in subject))
    if not open_:
        return []
    return [
        f" own = {{{', '.join(open_)}}}",
        f" if len(own) != {len(open_)} or not own.isdisjoint({fixed}): return None",
    ]
