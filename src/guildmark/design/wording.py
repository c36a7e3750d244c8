"""A few structural checks of words: is the claim something one can watch, and does it promise too much?

Small on purpose. The verb check reads English only; for other languages only length and sentence count
are checked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

Span = tuple[int, int]


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNOBSERVABLE = word_set(
    """
    understand understands know knows appreciate appreciates learn learns grasp grasps comprehend
    comprehends realise realises realize realizes believe believes think thinks see sees feel feels
    enjoy enjoys aware familiar knowledge understanding awareness familiarity value values remember
    remembers
    """
)
VERBS = word_set(
    """
    adapt adjust administer align analyse analyze annotate answer apply appraise arrange assemble assess
    audit automate backup bake balance bend bind book brief budget build calculate calibrate capture
    carve cast chair change chart check classify clean clear close coach code collect combine commission
    communicate compare compile complete compose compress conduct configure connect construct consult
    convert cook coordinate correct cost count create cut debug decide decommission defend define
    deliver demonstrate deploy describe design detect develop diagnose diagram direct dismantle dispatch
    document draft draw dress edit encode enter escalate establish estimate evaluate examine execute
    explain export extract fabricate facilitate file film filter find fit fix forecast format formulate
    fry gather generate give grade grind guide handle harden host identify illustrate implement import
    improve inspect install instruct integrate interpret interview investigate isolate join judge
    justify knit label launch lay lead lift list load locate log machine maintain make manage map mark
    measure mend merge migrate mill mix model moderate modify monitor mount move negotiate normalise
    normalize observe operate optimise optimize order organise organize outline pack paint perform
    photograph pilot pitch place plan plant plot plumb polish predict prepare present price prioritise
    prioritize produce program programme propose prove prune publish qa query quote rate read rebuild
    recommend reconcile record recover redesign reduce refactor release remove render repair replace
    report research resolve respond restart restore review revise rewrite rig route run schedule score
    screen script search secure segment select sell serve service set sew shoot simulate sketch solder
    solve sort specify stage steer sterilise stitch structure summarise summarize supervise support
    survey take teach tell test track train transcribe transfer translate trim troubleshoot tune turn
    update upgrade use validate value verify visualise visualize weigh weld wire wrap write
    """
)
DETERMINERS = word_set(
    """
    a an the its their his her your our each every all any one two three four five six seven eight nine
    ten both several this that these those
    """
)
TOPIC_WORDS = word_set(
    """
    basics fundamentals essentials foundations introduction intro overview principles concepts theory
    101 masterclass bootcamp course module lesson topics
    """
)
LEADS = re.compile(
    r"^(?:the (?:holder|learner)|this person|holders?|learners?|they|he|she|i|you)?\b\s*"
    r"(?:(?:can|could|(?:is |are |am )?able to|has shown that they can)\s+)?(?:independently\s+)?",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"^(?:given|from|with|using|working|on|in|under|for|when|after|starting)\b[^,]*,\s*", re.IGNORECASE
)
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
SENTENCE_END = re.compile(r"[.!?;](?=\s+\S)|\n+(?=\S)")
ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|vs|approx|no|dr|st|v)\.$", re.IGNORECASE)


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a claim, how to mend it, and where in the text."""

    rule: str
    message: str
    mend: str
    span: Span | None = None


def base_forms(word: str) -> Iterator[str]:
    """The word and what it is without the endings of the third person: builds, analyses, tidies."""
    yield word
    if word.endswith("ies"):
        yield word[:-3] + "y"
    if word.endswith("es"):
        yield word[:-2]
    if word.endswith("s"):
        yield word[:-1]


def sentences(text: str) -> int:
    """How many sentences a text holds; an abbreviation such as e.g. ends none."""
    ends = [
        m
        for m in SENTENCE_END.finditer(text.strip())
        if not ABBREVIATION.search(text.strip()[: m.start() + 1])
    ]
    return len(ends) + 1 if text.strip() else 0


def _main_clause(text: str) -> int:
    """Where the main clause starts, behind a condition (Given a brief, ...) and a subject (They can ...)."""
    start = 0
    condition = CONDITION.match(text)
    if condition:
        start = condition.end()
    lead = LEADS.match(text[start:])
    return start + (lead.end() if lead else 0)


def _observable(words: list[str]) -> bool:
    """A known verb in front, or any word that is followed by its object (Braze a joint)."""
    if any(form in VERBS for form in base_forms(words[0])):
        return True
    return len(words) > 2 and words[1] in DETERMINERS and words[0] not in DETERMINERS


def claim_flaws(claim: str, language: str = "en") -> list[Flaw]:
    """Why a claim is no can-do sentence; empty when nothing speaks against it (MC3, MC4)."""
    text = unicodedata.normalize("NFC", claim).strip()
    if not text:
        mend = (
            "Write one sentence that begins with what they do: Builds and checks a "
            "welcome sequence in an e-mail tool."
        )
        return [Flaw("claim.empty", "There is no claim yet.", mend)]
    if sentences(text) > 1:
        return [
            Flaw(
                "claim.sentences",
                "The claim is more than one sentence.",
                "Keep the one that a stranger would test; move the rest to the summary.",
            )
        ]
    found = list(WORD.finditer(text))
    if not found or (len(found) < 3 and language.split("-")[0] not in {"zh", "ja", "th", "ko"}):
        return [
            Flaw(
                "claim.topic",
                "The claim names a topic, not something a person does.",
                "Say what they do to what: Builds a welcome sequence in Kit.",
                (0, len(text)),
            )
        ]
    if language.split("-")[0] != "en":
        return []
    return _english_flaws(text)


def _english_flaws(text: str) -> list[Flaw]:
    start = _main_clause(text)
    found = [m for m in WORD.finditer(text) if m.start() >= start] or list(WORD.finditer(text))
    words = [m.group().lower() for m in found]
    head = next(
        (
            i
            for i, word in enumerate(words)
            if word not in {"is", "are", "be", "has", "have", "a", "an", "the", "good"}
        ),
        0,
    )
    if words[head] in UNOBSERVABLE and not (
        words[head].startswith("value") and head + 1 < len(words) and words[head + 1] in DETERMINERS
    ):
        span = found[head].span()
        message = f"“{text[span[0] : span[1]]}” cannot be watched."
        return [
            Flaw(
                "claim.unobservable",
                message,
                "What would they build, fix or decide? Begin with that verb.",
                span,
            )
        ]
    topic = next((m for m, word in zip(found, words, strict=True) if word in TOPIC_WORDS), None)
    if not _observable(words) or (topic is not None and not DETERMINERS & set(words)):
        where = (topic or found[0]).span()
        mend = "Begin with a verb and its object: Build and QA a welcome sequence in Kit or Mailchimp."
        return [Flaw("claim.topic", "The claim names a topic, not something a person does.", mend, where)]
    return []


def reads_as_can_do(text: str) -> bool:
    """True for a line that says what a person does (used on course outlines)."""
    return not claim_flaws(text)


# Words of a career identity. A thing may be called master (master data), and one may say what it is not.
GRAND = re.compile(
    r"\bcertif(?:ied|ications?)\b"
    r"|\bexpert(?:s|ise)?\b"
    r"|\bmaster(?:s|y|ed|class)?\b(?!\s+(?:data|files?|records?|schedules?|slides?|pages?|copy|copies|templates?|branch|"
    r"plans?|lists?|keys?|clocks?|cylinders?|batch|recipes?|production))"
    r"|\b(?:certified|qualified|accredited|chartered|licensed|senior|master)\s+professional\b",
    re.IGNORECASE,
)
RANK = re.compile(r"\bprofessional$", re.IGNORECASE)
DENIAL = re.compile(
    r"\b(?:not|no|never|nor|without|instead of|neither)\s+(?:an?\s+|any\s+|the\s+)?(?:\w+\s+)?$",
    re.IGNORECASE,
)


def grand_words(text: str, *, title: bool = False) -> list[Span]:
    """Where a text promises a career identity (MC5): certified, expert, master, and a title that ends
    in professional.
    """
    spans = [m.span() for pattern in ((GRAND, RANK) if title else (GRAND,)) for m in pattern.finditer(text)]
    return [span for span in spans if not DENIAL.search(text[: span[0]])]


HIDDEN = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff\u200b\u2060"
)


def forbidden_characters(text: str, *, lines: bool) -> list[tuple[int, str]]:
    """Characters that print as nothing or turn the reading direction; line breaks are welcome where
    ``lines``.
    """
    found = []
    for position, character in enumerate(text):
        if lines and character in "\n\t":
            continue
        if character in HIDDEN or unicodedata.category(character) in {"Cc", "Cs", "Co", "Zl", "Zp"}:
            found.append((position, character))
    return found
