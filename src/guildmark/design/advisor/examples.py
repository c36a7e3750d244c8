"""One programme for each of the two mistakes: a heavy assessment of a simple skill, a light one of a complex skill (DF13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from guildmark.design.advisor.answers import Answers, read
from guildmark.kernel.words import said

#: By the flag that they are given; the words are shown where one may be chosen.
NAMES = {
    "overbuilt": said("A simple skill with a heavy assessment"),
    "undervalidated": said("A complex skill with a light assessment"),
}
WORDS: dict[str, dict[str, str]] = {
    "overbuilt": {
        "title": said("Exporting a mailing list"),
        "who": said("A marketing lead"),
        "what": said("Who may export lists alone"),
        "convinced_by": said("One list that was exported without a fault"),
        "artefact": said("The exported list"),
    },
    "undervalidated": {
        "title": said("Leading data projects"),
        "who": said("A head of department"),
        "what": said("Whom to put in charge of a data project"),
        "convinced_by": said("A project that was led to its end"),
        "artefact": "",
    },
}
NUMBERS: dict[str, dict[str, Any]] = {
    # Complexity 0: one competency, one domain, one task. Proof 10: work and exam 5, named 1, judges 2, hours 2.
    "overbuilt": {
        "questions": {"outcome": "task", "evidence": "both", "change": "years", "place": "alone"},
        "certification": {"competencies": 1, "domains": 1},
        "micro": {"specific": True, "stackable": True, "work_samples": True},
        "offer": {"study_hours": 3, "assessment_hours": 4, "judges": 2},
    },
    # Complexity 9: fourteen competencies 4, four domains 2, a role 3. Proof 3: an exam of a quarter of an hour.
    "undervalidated": {
        "questions": {"outcome": "role", "evidence": "exam", "change": "year", "place": "flagship"},
        "certification": {"competencies": 14, "domains": 4},
        "micro": {"specific": False, "stackable": False, "work_samples": False},
        "offer": {"study_hours": 60, "assessment_hours": 0.25},
    },
}


def example(name: str, speak: Callable[[str], str] = str) -> Answers | None:
    """The answers of an example, in English or as ``speak`` says them; None where there is none of this name."""
    if name not in NAMES:
        return None
    words = {key: speak(text) for key, text in WORDS[name].items()}
    numbers = NUMBERS[name]
    return read(
        {
            **numbers,
            "title": words["title"],
            "decision": {key: words[key] for key in ("who", "what", "convinced_by")},
            "micro": {**numbers["micro"], "artefact": words["artefact"]},
            "capacity": {"learners": 40},
        }
    )
