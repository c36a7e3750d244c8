"""How far a credential was checked: computed from what the operation does, never set by hand (PRODUCT M22, TC17).

Five questions with ordered answers: who the person is known to be, how the work was watched, whether it was checked
that the work is theirs, how far the judges stand from the learner, and whether a second person rated it. The level
is the highest whose demands are all met; a stronger answer never lowers it. The level chooses the words of the page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from guildmark.design.types import AuthorshipCheck, EvidenceForm, Standard
from guildmark.kernel.words import numbered, said

Identity = Literal["address", "checked"]
Supervision = Literal["none", "online", "in_person"]
Authorship = Literal["declared", "checked"]
Independence = Literal["nobody", "unclear", "taught", "own_decision", "separate"]

#: The answers of each question from the weakest to the strongest.
IDENTITY: Final[tuple[Identity, ...]] = ("address", "checked")
SUPERVISION: Final[tuple[Supervision, ...]] = ("none", "online", "in_person")
AUTHORSHIP: Final[tuple[Authorship, ...]] = ("declared", "checked")
INDEPENDENCE: Final[tuple[Independence, ...]] = ("nobody", "unclear", "taught", "own_decision", "separate")
#: A signed statement is a declaration, not a check.
CHECKS: Final[frozenset[AuthorshipCheck]] = frozenset(
    {"walkthrough", "defence", "version_history", "supervised"}
)
#: The form of evidence by which a check is seen to have been done.
SEEN_IN: Final[dict[AuthorshipCheck, EvidenceForm]] = {"walkthrough": "walkthrough"}


@dataclass(frozen=True)
class Operation:
    """What was done, or what a standard says will be done.

    ``independence``: nobody judged; something is said of the judges that is not understood; a judge taught the learner; the only judges also decided; judging and deciding
    were separate and no judge taught the learner. ``second_rating``: at least two people rated the same work.
    """

    identity: Identity = "address"
    supervision: Supervision = "none"
    authorship: Authorship = "declared"
    independence: Independence = "nobody"
    second_rating: bool = False

    def __post_init__(self) -> None:
        if self.second_rating and self.independence == "nobody":
            raise ValueError("A second rating needs judges.")


@dataclass(frozen=True)
class Level:
    """A level in plain words. ``name`` heads the page's line, ``meaning`` says what it comes to."""

    rank: int
    name: str
    meaning: str


LEVELS: Final = (
    Level(0, said("Not judged"), said("Nobody judged any work.")),
    Level(1, said("Judged"), said("Somebody judged the work against a published standard.")),
    Level(
        2,
        said("Judged independently"),
        said("Two people judged the work, none of whom taught the learner, and somebody else decided."),
    ),
    Level(
        3,
        said("Judged independently, authorship checked"),
        said(
            "Two people who did not teach the learner judged the work, and it was checked that the work is theirs."
        ),
    ),
    Level(
        4,
        said("Examined under supervision"),
        said(
            "The person was identified and watched at work, and two people who did not teach them judged it."
        ),
    ),
)
#: The words of a certification need this level (TC17).
CERTIFICATION_RANK: Final = 4


def level(done: Operation) -> Level:
    """The highest level whose demands ``done`` meets."""
    rank = 0
    if done.independence != "nobody":
        rank = 1
    if done.independence == "separate" and done.second_rating:
        rank = 2
        if done.authorship == "checked":
            rank = 3
            if done.identity == "checked" and done.supervision != "none":
                rank = 4
    return LEVELS[rank]


def may_certify(done: Operation) -> bool:
    """Whether the words of a certification are open to this operation."""
    return level(done).rank >= CERTIFICATION_RANK


def authorship(
    checks: Iterable[AuthorshipCheck], *, supervision: Supervision, forms: Collection[EvidenceForm] = ()
) -> tuple[AuthorshipCheck, ...]:
    """The promised checks of authorship that were seen to be done.

    Supervised work was watched; a walkthrough was handed in. Other checks leave no record here, so they do not count.
    """
    done = {check for check, form in SEEN_IN.items() if form in forms}
    if supervision != "none":
        done.add("supervised")
    return tuple(check for check in checks if check in done)


def promised(standard: Standard) -> Operation:
    """The most that a standard can come to as it is written: what its conditions promise, if nothing goes wrong."""
    given = standard.conditions
    if standard.signal == "completion":
        return Operation(supervision=given.supervision)
    forms = {piece.form for piece in standard.evidence if piece.required}
    done = authorship(given.authorship_checks, supervision=given.supervision, forms=forms)
    return Operation(
        supervision=given.supervision,
        authorship="checked" if done else "declared",
        independence="separate" if given.judges > 1 else "own_decision",
        second_rating=given.judges > 1,
    )


def opens_grand_words(standard: Standard) -> bool:
    """Whether a standard may use the words of a certification: its class, and how far its work will be checked."""
    return standard.signal == "certified" and may_certify(promised(standard))


def missing(done: Operation) -> list[str]:
    """What keeps an operation from the next level, in the creator's words; empty at the highest."""
    rank = level(done).rank
    if rank == len(LEVELS) - 1:
        return []
    demands = (
        (1, done.independence != "nobody", said("somebody judges the work")),
        (2, done.second_rating, said("a second person rates the same work")),
        (2, done.independence == "separate", said("no judge teaches the learner, and somebody else decides")),
        (3, done.authorship == "checked", said("it is checked that the work is theirs")),
        (4, done.identity == "checked", said("the person is identified")),
        (4, done.supervision != "none", said("the work is supervised")),
    )
    return [words for wanted, met, words in demands if wanted == rank + 1 and not met]


_NUMBERS: Final = {2: said("two people"), 3: said("three people"), 4: said("four people")}


def sentence(done: Operation, judges: int) -> str:
    """The end of the page's first sentence: how many judged, how far from the learner, and whether the work is theirs."""
    if done.independence == "nobody" or judges < 1:
        return said("and nobody judged it.")
    judged = _judged(done.independence, judges)
    if done.authorship == "checked":
        return judged
    return said("{judged} That the work is theirs is declared, not checked.", judged=judged)


def _judged(independence: Independence, judges: int) -> str:
    people = _NUMBERS.get(judges) or numbered("{n} person", "{n} people", n=judges)
    if independence == "taught":
        return numbered(
            "judged by one person who had also taught them, against a published standard.",
            "judged by {people}, of whom at least one had taught them, against a published standard.",
            n=judges,
            people=people,
        )
    if independence == "own_decision":
        return numbered(
            "judged by one person who also decided, against a published standard.",
            "judged by {people}, of whom one decided, against a published standard.",
            n=judges,
            people=people,
        )
    if independence == "separate":
        return numbered(
            "judged by one person who had not taught them, against a published standard.",
            "judged by {people}, none of whom had taught them, against a published standard.",
            n=judges,
            people=people,
        )
    return numbered(
        "judged by one person, against a published standard.",
        "judged by {people}, against a published standard.",
        n=judges,
        people=people,
    )
