"""The table of types: which evidence shows which kind of doing. Data, printed in docs/develop/type-rules.md."""

from __future__ import annotations

import re
from typing import Final

from guildmark.design.types import EvidenceForm, VerbClass
from guildmark.kernel.words import said

#: Which forms of evidence let somebody else see a doing. Closed questions and attendance show none.
ADMISSIBLE: Final[dict[VerbClass, frozenset[EvidenceForm]]] = {
    "make": frozenset({"artefact", "configuration", "before_after", "performance", "observation"}),
    "configure": frozenset({"configuration", "artefact"}),
    "fix": frozenset({"repaired", "before_after", "observation"}),
    "improve": frozenset({"before_after"}),
    "perform": frozenset({"performance", "observation"}),
    "decide": frozenset({"scenario"}),
    "analyse": frozenset({"analysis", "artefact", "before_after", "repaired", "scenario"}),
    "explain": frozenset({"walkthrough", "performance", "observation"}),
    "recall": frozenset(),
}
NEVER: Final[frozenset[EvidenceForm]] = frozenset({"quiz", "attendance"})
#: For a verb that is not known, everything but what never suffices.
ANY_WORK: Final[frozenset[EvidenceForm]] = frozenset(
    {
        "artefact", "repaired", "before_after", "configuration", "scenario", "performance", "observation",
        "walkthrough", "analysis",
    }
)  # fmt: skip
#: Which forms fit what the learner is asked to do with a piece.
ACTION_FORMS: Final[dict[str, frozenset[EvidenceForm]]] = {
    "produce": frozenset(
        {"artefact", "before_after", "configuration", "analysis", "walkthrough", "repaired"}
    ),
    "fix": frozenset({"repaired", "before_after", "observation"}),
    "perform": frozenset({"performance", "observation", "walkthrough"}),
    "decide": frozenset({"scenario", "walkthrough", "analysis"}),
}
ACTION_WORDS: Final[dict[str, str]] = {
    "produce": said("produce"),
    "fix": said("fix"),
    "perform": said("perform"),
    "decide": said("decide"),
}
CLASS_WORDS: Final[dict[VerbClass, str]] = {
    "": said("does something"),
    "make": said("makes something"),
    "configure": said("configures something"),
    "fix": said("repairs something"),
    "improve": said("improves something"),
    "perform": said("performs something"),
    "decide": said("decides something"),
    "analyse": said("analyses something"),
    "explain": said("explains something"),
    "recall": said("recalls facts"),
}
FORM_WORDS: Final[dict[EvidenceForm, str]] = {
    "artefact": said("a finished piece of work"),
    "repaired": said("a repaired piece of work"),
    "before_after": said("the state before and after"),
    "configuration": said("a working configuration"),
    "scenario": said("a decision in a scenario, with reasons"),
    "performance": said("a recorded performance"),
    "observation": said("a watched performance with a checklist"),
    "walkthrough": said("a recorded walkthrough"),
    "analysis": said("an analysis"),
    "quiz": said("closed questions"),
    "attendance": said("attendance"),
}
FORM_ORDER: Final[tuple[EvidenceForm, ...]] = tuple(FORM_WORDS)


def _one_of(words: list[str]) -> str:
    """``a or b or c``."""
    text = words[0] if words else ""
    for word in words[1:]:
        text = said("{most} or {word}", most=text, word=word)
    return text


#: What a mend asks for, in one clause per kind of doing.
WANTED: Final[dict[VerbClass, str]] = {
    verb: _one_of([FORM_WORDS[form] for form in FORM_ORDER if form in forms])
    for verb, forms in ADMISSIBLE.items()
}
#: Texts that count presence, whatever form their evidence is said to have.
ATTENDANCE_WORDS: Final = re.compile(
    r"100\s?%\s*(?:of\s+\w+\s+\w+\s+)?(?:watched|viewed|attended|completed|gesehen|angesehen|besucht|visto|asistid)"
    r"|\b(?:watched|viewed|attended|opened|sat through)\s+(?:all|every|100\s?%)"
    r"|\b(?:all|every|100\s?%\s+of(?:\s+the)?)\s+(?:videos?|lessons?|sessions?|modules?)\s+(?:\w+\s+){0,2}"
    r"(?:watched|viewed|attended|opened|completed)"
    r"|\balle\s+(?:Videos|Lektionen|Sitzungen|Module)\s+(?:\w+\s+){0,2}(?:gesehen|angesehen|besucht|abgeschlossen)"
    r"|\b(?:vio|ha visto|asistió a|completó)\s+tod[oa]s\b",
    re.IGNORECASE,
)
