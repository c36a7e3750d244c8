"""The written standards of the demo academy. All wording is original."""

from __future__ import annotations

from typing import Any

SEQUENCE_TITLE = "Welcome sequence, built and checked"

_COMPETENCIES: list[dict[str, Any]] = [
    {"id": "k1", "statement": "Builds a five-message welcome sequence from a brief"},
    {"id": "k2", "statement": "Tests every branch and repairs what fails before launch", "verb_class": "fix"},
    {"id": "k3", "statement": "Explains the trade-offs behind the sequence"},
]

_EVIDENCE: list[dict[str, Any]] = [
    {
        "id": "e1",
        "title": "The working sequence, exported",
        "brief": "Build the sequence that your brief describes and export it: triggers, waits, conditions and the five "
        "messages. You are given one of eight briefs, each for another shop. Hand in the export of your tool, or the JSON or CSV that it writes.",
        "kind": "file",
        "action": "produce",
        "required": True,
        "accept": ["text", "archive", "document"],
        "max_mb": 20,
        "max_items": 3,
        "form": "configuration",
        "variants": 8,
    },
    {
        "id": "e2",
        "title": "The test log",
        "brief": "Run a test contact through every branch. For each run write down what should happen, what did happen "
        "and what you changed. Four faults are planted in the sample data of your brief.",
        "kind": "file",
        "action": "fix",
        "required": True,
        "accept": ["spreadsheet", "text"],
        "max_mb": 5,
        "max_items": 2,
        "form": "repaired",
        "variants": 8,
    },
    {
        "id": "e3",
        "title": "Walkthrough: two trade-offs",
        "brief": "Explain two decisions that could have gone the other way, and what evidence would change your mind. "
        "At least 120 words, or read it aloud and hand in the transcript.",
        "kind": "text",
        "action": "decide",
        "required": True,
        "min_words": 60,
        "form": "walkthrough",
        "own_material": True,
    },
]

_CRITERIA: list[dict[str, Any]] = [
    {
        "id": "trigger",
        "name": "Trigger logic",
        "statement": "Entry and exit conditions match the brief.",
        "must_pass": True,
        "competencies": ["k1"],
        "evidence": ["e1"],
        "descriptors": [
            "A condition of the brief is missing.",
            "All conditions are there, but people who are already customers enter again.",
            "Entry and exit match the brief for every kind of contact.",
            "Also notes why each condition stands, so that a colleague could change it.",
        ],
    },
    {
        "id": "branches",
        "name": "Branch coverage test",
        "statement": "Every branch was run with a test contact.",
        "must_pass": True,
        "competencies": ["k2"],
        "evidence": ["e2"],
        "descriptors": [
            "Branches were looked at, not run.",
            "The main branch was run with a test contact.",
            "Each branch was run; the log gives expected and actual result.",
            "Also runs the failing paths: bounce, time zone, duplicate contact.",
        ],
    },
    {
        "id": "faults",
        "name": "Fault diagnosis",
        "statement": "Planted faults are found, and the cause is named.",
        "must_pass": True,
        "competencies": ["k2"],
        "evidence": ["e2"],
        "descriptors": [
            "Finds none or one of the four planted faults.",
            "Finds two or three, or repairs symptoms without naming the cause.",
            "Finds and repairs all four and names the cause of each.",
            "Also says how each could have been caught before the test.",
        ],
    },
    {
        "id": "purpose",
        "name": "Message purpose",
        "statement": "Each message has one job that the brief asks for.",
        "must_pass": False,
        "competencies": ["k1"],
        "evidence": ["e1"],
        "descriptors": [
            "Messages repeat each other or sell from the first line.",
            "Most messages have a purpose, one or two do not.",
            "Each message has one job, and the order follows the reader's questions.",
            "Also shows what was left out of each message and why.",
        ],
    },
    {
        "id": "decisions",
        "name": "Explanation of decisions",
        "statement": "Two trade-offs are explained from the work itself.",
        "must_pass": True,
        "competencies": ["k3"],
        "evidence": ["e3"],
        "descriptors": [
            "Describes what was done, not why.",
            "Gives reasons that would fit any sequence.",
            "Explains two trade-offs from this brief and what would change the choice.",
            "Also weighs the cost of being wrong in each case.",
        ],
    },
]

CONSENT: dict[str, Any] = {
    "id": "consent",
    "name": "Consent and unsubscribe",
    "statement": "Nobody is written to without consent, and leaving works on every path.",
    "must_pass": True,
    "competencies": ["k1"],
    "evidence": ["e1", "e2"],
    "descriptors": [
        "Consent is assumed, or leaving fails on a path.",
        "Consent is checked on entry only.",
        "Consent is checked before each message, and leaving was tested on every path.",
        "Also keeps a record of when and how each consent was given.",
    ],
}

_SAMPLES: list[dict[str, Any]] = [
    {
        "id": "s1",
        "kind": "clear_pass",
        "title": "A log that leaves nothing open",
        "text": "Run 7, customer who buys on day 2. Expected: leaves the sequence, receives no offer. Actual: left after "
        "message 2, no further message in 6 days. Fault found on the way: the exit looked at the old tag name.",
        "note": "Expected and actual stand side by side, and the cause is named. Level 3 for both criteria.",
        "levels": {"branches": 3, "faults": 3},
    },
    {
        "id": "s2",
        "kind": "just_pass",
        "title": "A log that is thin, and enough",
        "text": "Run 4, duplicate contact. Expected: second entry refused. Actual: refused. Runs 1 to 6 noted in the same way.",
        "note": "Every branch was run, in one line each. Nothing on failing paths, so level 3 and not 4.",
        "levels": {"branches": 3},
    },
    {
        "id": "s3",
        "kind": "just_fail",
        "title": "A log that stops one step short",
        "text": "All branches checked, everything works as expected. Screenshots of the editor attached.",
        "note": "Looking at a branch is not running it: no test contact, no actual result. Level 1, must be handed in again.",
        "levels": {"branches": 1},
    },
]

_OFFER: list[dict[str, Any]] = [
    {"id": "o1", "text": "You work from a brief, in your own tool.", "source": "summary"},
    {"id": "o2", "text": "Without a test of every branch nobody passes.", "source": "criteria.branches"},
    {"id": "o3", "text": "You have an answer within 10 days.", "source": "conditions.turnaround_days"},
    {"id": "o4", "text": "You may try 2 more times.", "source": "conditions.resubmissions"},
    {"id": "o5", "text": "{passed} of {assessed} people passed this version.", "source": "fact:passed"},
    {"id": "o6", "text": "It says nothing about growth or sales.", "source": "not_shown"},
]


def sequence(edition: int) -> dict[str, Any]:
    """Programme A. Edition 0 is version 1.0, edition 1 only clarifies it, edition 2 adds the consent criterion."""
    criteria = [*_CRITERIA[:2], *([CONSENT] if edition >= 2 else []), *_CRITERIA[2:]]
    summary = (
        "For people who set up e-mail for small businesses. The brief, the sample data and the rubric are public; the "
        "work is done alone, in your own tool."
    )
    if edition >= 1:
        summary += " Any e-mail tool with triggers and conditions will do; its name and version are noted."
    return {
        "title": SEQUENCE_TITLE,
        "claim": "Given a brief and a contact list, builds a five-message welcome sequence in an e-mail tool, "
        "tests every branch, and corrects faults before launch.",
        "summary": summary,
        "audience": "A small-business owner who decides which freelancer may touch the mailing list.",
        "decision": {
            "who": "The owner of a small business",
            "what": "which freelancer may touch the mailing list",
            "convinced_by": "A sequence that ran, and the log of its tests.",
        },
        "volatility": "high",
        "language": "en",
        "context": [{"kind": "tool", "name": "Postwright", "version": "4.2"}],
        "competencies": _COMPETENCIES,
        "evidence": _EVIDENCE,
        "conditions": {
            "supervision": "none",
            "allowed_aids": "Any documentation, and writing aids for the wording of messages; the logic and the tests are your own.",
            "authorship": "The learner declares the work as their own and explains two of its decisions in a walkthrough, "
            "which is held against the work. Identity is declared, not checked.",
            "authorship_checks": ["statement", "walkthrough"],
            "resubmissions": 2,
            "turnaround_days": 10,
        },
        "pass_level": 3,
        "criteria": criteria,
        "others_required": 1,
        "study_hours": 6,
        "assessment_hours": 5,
        "validity_months": 18,
        "review_months": 6,
        "alignments": [
            {
                "id": "a1",
                "framework": "DigComp 3.0",
                "name": "Developing digital content",
                "url": "https://joint-research-centre.ec.europa.eu/projects-and-activities/education-and-training/digital-transformation-education/digital-competence-framework-citizens-digcomp_en",
                "relation": "narrower",
                "rationale": "The sequence is one kind of digital content, made for one purpose.",
                "competencies": ["k1"],
            }
        ],
        "samples": _SAMPLES,
        "offer": _OFFER,
        "not_shown": [
            "Deliverability, list growth or the effect of the messages on sales.",
            "Work under supervision: done alone, in the learner's own time.",
        ],
    }


WORKSHOP: dict[str, Any] = {
    "title": "Workshop: e-mail automation in a day",
    "summary": "Took part in a one-day workshop on triggers, branches and tests of e-mail sequences. Six hours, in a group "
    "of at most twelve, with exercises that nobody graded.",
    "audience": "Whoever wants to see what automation is about before setting one up.",
    "language": "en",
    "study_hours": 6,
    "review_months": 12,
}

BRIEFING: dict[str, Any] = {
    "title": "Content brief by a defined method",
    "claim": "Given a product and an audience, writes a content brief with sources, limits and acceptance checks that a writer "
    "can work from without asking back.",
    "summary": "For people who order texts from others, with or without the help of a language model.",
    "audience": "An editor who decides whether briefs may go out unread.",
    "decision": {
        "who": "An editor",
        "what": "whose briefs go out unread",
        "convinced_by": "A brief that a stranger could work from.",
    },
    "volatility": "low",
    "language": "en",
    "competencies": [{"id": "k1", "statement": "Writes a content brief that can be worked from"}],
    "evidence": [
        {
            "id": "e1",
            "title": "The brief",
            "brief": "Write a brief for a product that you sell or know: audience, one message, sources, limits, acceptance "
            "checks.",
            "kind": "text",
            "action": "produce",
            "required": True,
            "min_words": 40,
            "own_material": True,
        }
    ],
    "conditions": {
        "supervision": "none",
        "allowed_aids": "Any.",
        "authorship": "Each learner answers one question about a decision in their own brief. Identity is declared, not checked.",
        "authorship_checks": ["defence"],
        "resubmissions": 1,
        "turnaround_days": 7,
    },
    "pass_level": 3,
    "criteria": [
        {
            "id": "checks",
            "name": "Acceptance checks",
            "statement": "Somebody else could say from the brief whether a text fits it.",
            "must_pass": True,
            "competencies": ["k1"],
            "evidence": ["e1"],
            "descriptors": [
                "There are no checks.",
                "There are checks that need the author's judgement.",
                "Each check can be answered yes or no by a stranger.",
                "Also says what happens when a check fails.",
            ],
        },
        {
            "id": "sources",
            "name": "Sources and limits",
            "statement": "Claims are tied to sources, and what must not be said is written down.",
            "must_pass": False,
            "competencies": ["k1"],
            "evidence": ["e1"],
            "descriptors": [
                "No sources.",
                "Sources are named, limits are not.",
                "Each claim has a source, and the limits are written down.",
                "Also rates how far each source can be trusted.",
            ],
        },
    ],
    "others_required": 1,
    "study_hours": 3,
    "assessment_hours": 2,
    "validity_months": 36,
    "review_months": 6,
    "not_shown": ["Writing the text itself."],
}

WEAK_DRAFT: dict[str, Any] = {
    "title": "Master Marketing Professional",
    "claim": "Understands marketing.",
    "summary": "A two-hour course on everything in marketing.",
    "study_hours": 2,
    "evidence": [
        {
            "id": "e1",
            "title": "Final quiz",
            "brief": "Ten statements, each true or false.",
            "form": "quiz",
            "quiz": {"items": 10, "options": 2, "cut": 6},
        }
    ],
    "conditions": {"resubmissions": 2},
    "others_required": 1,
    "cost": {"amount": "900", "currency": "EUR"},
    "criteria": [
        {
            "id": "c1",
            "name": "Good knowledge",
            "evidence": ["e1"],
            "descriptors": ["Not good", "Rather good", "Good", "Very good"],
        }
    ],
}
