"""The three classes of a credential: payload, words and shape, in one table for every face (DECISIONS 7).

Whatever shows a class (the editor, the public pages, the verifier, badge and certificate) takes its words from here,
and ``tests/design/test_classes.py`` compares all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from guildmark.design.types import Signal
from guildmark.kernel.words import said
from guildmark.protocol.openbadges.v3 import ACHIEVEMENT_TYPES
from guildmark.protocol.openbadges.v3 import Signal as WireSignal


@dataclass(frozen=True)
class ClassOf:
    """One class. ``sentence`` follows the holder's name; ``mark`` is the name of its shape in pictures and pages.

    ``shape`` describes it in words. ``eyebrow`` is the line over the claim on the public page; ``question`` and ``about`` are the choice that a
    creator has. ``judged`` says whether somebody judges work.
    """

    signal: Signal
    label: str
    eyebrow: str
    sentence: str
    mark: str
    shape: str
    question: str
    about: str
    judged: bool = True

    @property
    def achievement_type(self) -> str:
        """What the signed document says (Open Badges 3.0, ``achievementType``)."""
        return ACHIEVEMENT_TYPES[WireSignal(self.signal)]


CLASSES: Final[dict[Signal, ClassOf]] = {
    "completion": ClassOf(
        "completion",
        label=said("Completion record"),
        eyebrow=said("Completion record"),
        sentence="took part",
        mark="ticket",
        shape="a plain ticket with a torn edge",
        question=said("A completion record"),
        about=said(
            "“Took part.” Says that somebody attended or worked through something. Nobody judges work, so it can "
            "make no claim about skill. Issued from a list."
        ),
        judged=False,
    ),
    "demonstrated": ClassOf(
        "demonstrated",
        label=said("Demonstrated skill"),
        eyebrow=said("Demonstrated skill · micro-credential"),
        sentence="showed this with their own work",
        mark="hallmark",
        shape="a double hexagon",
        question=said("A demonstrated skill"),
        about=said(
            "“Showed this with their own work.” One thing a person can do, shown in work that a person judged "
            "against a rubric published beforehand."
        ),
    ),
    "certified": ClassOf(
        "certified",
        label=said("Certification"),
        eyebrow=said("Certification"),
        sentence="was examined against a governed standard",
        mark="cartouche",
        shape="a double-ringed cartouche",
        question=said("A certification"),
        about=said(
            "“Examined against a governed standard.” Broad competence, an exam with a justified cut score, "
            "separated judges. You can draft it; publishing waits until those checks exist."
        ),
    ),
}
#: What the class certified promises, each of which must exist before one is published (DECISIONS 7, 15).
CERTIFIED_CHECKS: Final = (
    said("an exam drawn from a published blueprint"),
    said("a cut score that a panel justified"),
    said("two judges of each piece of work, neither of whom taught the learner"),
    said("a decision by somebody who did not judge"),
    said("identity checked and work supervised"),
    said("a second rating, with the agreement of judges measured"),
)
