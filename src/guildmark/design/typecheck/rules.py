"""The table of types: which evidence shows which kind of doing. Data, printed in docs/develop/type-rules.md."""

from __future__ import annotations

import re
from typing import Final

from guildmark.design.types import EvidenceForm, VerbClass

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
CLASS_WORDS: Final[dict[VerbClass, str]] = {
    "": "does something",
    "make": "makes something",
    "configure": "configures something",
    "fix": "repairs something",
    "improve": "improves something",
    "perform": "performs something",
    "decide": "decides something",
    "analyse": "analyses something",
    "explain": "explains something",
    "recall": "recalls facts",
}
FORM_WORDS: Final[dict[EvidenceForm, str]] = {
    "artefact": "a finished piece of work",
    "repaired": "a repaired piece of work",
    "before_after": "the state before and after",
    "configuration": "a working configuration",
    "scenario": "a decision in a scenario, with reasons",
    "performance": "a recorded performance",
    "observation": "a watched performance with a checklist",
    "walkthrough": "a recorded walkthrough",
    "analysis": "an analysis",
    "quiz": "closed questions",
    "attendance": "attendance",
}
FORM_ORDER: Final[tuple[EvidenceForm, ...]] = tuple(FORM_WORDS)
#: What a mend asks for, in one clause per kind of doing.
WANTED: Final[dict[VerbClass, str]] = {
    verb: " or ".join(FORM_WORDS[form] for form in FORM_ORDER if form in forms)
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
