"""The written standards of the demo academy. All wording is original."""

from __future__ import annotations

from typing import Any

from guildmark.site.demo import surroundings

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
        "title": "A sequence that leaves nothing open",
        "text": "The export. Enters: sign-up form, consent given, not yet a customer. Leaves: buys, unsubscribes, or bounces "
        "twice. A note stands beside each condition. Message 1 delivers the guide, 2 answers the question that most people "
        "write back with, 3 shows a customer's before and after, 4 names who it is not for, 5 makes the offer.\n\n"
        "The test log, run 7 of 9. A customer who buys on day 2. Expected: leaves, receives no offer. Actual: left after "
        "message 2, no further message in 6 days. Runs 8 and 9 are a bounce and a contact in another time zone. Four "
        "faults: the exit looked at the old tag name; the wait of message 3 counted weekends; the duplicate check compared "
        "upper and lower case; the unsubscribe link of message 5 pointed to the test list.\n\n"
        "The walkthrough. I send message 4 before the offer, although it loses readers, because the brief asks for fewer "
        "refunds. If refunds stayed as they are for two months, I would move it behind the offer.",
        "note": "Expected and actual stand side by side and failing paths were run as well. Each fault has its cause. The "
        "trade-off could only be about this brief.",
        "levels": {"trigger": 4, "branches": 4, "faults": 3, "purpose": 3, "decisions": 3},
    },
    {
        "id": "s2",
        "kind": "just_pass",
        "title": "A sequence that is thin, and enough",
        "text": "The export. Enters: sign-up form, not yet a customer. Leaves: buys or unsubscribes. Messages: welcome and "
        "guide; a tip; a second tip; a customer's story; the offer.\n\n"
        "The test log, six runs in one line each. Run 4, duplicate contact. Expected: second entry refused. Actual: refused. "
        "Runs 1 to 6 are noted in the same way, one for each branch. Faults: old tag name in the exit, weekend counted as "
        "waiting time, address compared by upper and lower case, wrong list behind the last unsubscribe link. All four "
        "repaired.\n\n"
        "The walkthrough. Two tips and not four: the brief says that readers are busy, and the third tip was opened least in "
        "the sample data. I would add one if more than half opened the second. The story comes before the offer, because the "
        "brief has an unknown sender; for a known one I would lead with the offer.",
        "note": "Every branch was run, in one line each, so level 3 and not 4: nothing on failing paths. Two messages do the "
        "same job, which costs a level on purpose; the reasons are from this brief, and one of the two counts.",
        "levels": {"trigger": 3, "branches": 3, "faults": 3, "purpose": 3, "decisions": 3},
    },
    {
        "id": "s3",
        "kind": "just_fail",
        "title": "A sequence that stops one step short",
        "text": "The export. Enters: sign-up form, consent given, not yet a customer. Leaves: buys or unsubscribes. Message 1 "
        "delivers the guide, 2 answers a question, 3 shows a result, 4 tells a story, 5 makes the offer.\n\n"
        "The test log. Run 1, new contact, main branch. Expected: five messages in nine days. Actual: five messages in nine "
        "days. The other branches were looked through in the editor, and everything is connected as it should be. Faults: "
        "old tag name in the exit, and a wrong list behind the last unsubscribe link. The third message came late; the wait "
        "was shortened by a day, and it now arrives on time.\n\n"
        "The walkthrough. I put the story fourth, because the brief has a doubtful reader who wants to see the work first. "
        "If most replies asked about price, I would name the price in message 2.",
        "note": "Good messages and honest reasons, and still not enough: looking at a branch is not running it. Shortening the "
        "wait hides the third fault and does not name its cause. Both are musts, so the work goes back with these two lines.",
        "levels": {"trigger": 3, "branches": 2, "faults": 2, "purpose": 3, "decisions": 3},
    },
]
_CONSENT_LEVELS = {"s1": 3, "s2": 3, "s3": 3}
_CONSENT_LINE = " Consent is checked before each message, and leaving was tried on every path."


def _samples(edition: int) -> list[dict[str, Any]]:
    """The samples with the official levels of an edition: version 2.0 also judges consent."""
    if edition < 2:
        return _SAMPLES
    return [
        {
            **sample,
            "text": sample["text"].replace("\n\nThe test log", f"{_CONSENT_LINE}\n\nThe test log", 1),
            "levels": {**sample["levels"], "consent": _CONSENT_LEVELS[sample["id"]]},
        }
        for sample in _SAMPLES
    ]


_EXPLAINER: dict[str, Any] = {
    "url": "https://video.northlamp.example/what-a-checked-sequence-looks-like",
    "title": "What a checked sequence looks like",
    "minutes": 2,
    "captions": """WEBVTT - What a checked sequence looks like

00:00.000 --> 00:06.500
This is the export of a welcome sequence: five messages, and the conditions between them.

00:06.500 --> 00:15.000
The credential does not ask whether the messages are pretty. It asks whether the logic holds.

00:15.000 --> 00:27.000
Here a contact buys on the second day. Watch the exit: the person leaves, and the offer is never sent.

00:27.000 --> 00:41.000
And here is what we send back most often: a log that says everything works. Which contact was it? What happened?

00:41.000 --> 00:57.000
Four faults are planted in the sample data. Finding them is not enough; name the cause, so that it does not come back.

00:57.000 --> 01:12.000
In the end you explain two decisions. Not what you did, but what would have changed your mind.

01:12.000 --> 01:24.000
If you can do these three things, hand in. If not yet, judge the samples below first: that takes ten minutes.
""",
}

_OFFER: list[dict[str, Any]] = [
    {"id": "o1", "text": "You work from a brief, in your own tool.", "source": "evidence.e1"},
    {"id": "o2", "text": "Without a test of every branch nobody passes.", "source": "criteria.branches"},
    {"id": "o3", "text": "You have an answer within 10 days.", "source": "conditions.turnaround_days"},
    {"id": "o4", "text": "You may try 2 more times.", "source": "conditions.resubmissions"},
    {"id": "o5", "text": "{passed} of {assessed} people passed this version.", "source": "fact:passed"},
    {"id": "o6", "text": "It says nothing about growth or sales.", "source": "not_shown"},
]


def _ties(edition: int) -> list[dict[str, Any]]:
    """The later editions are tied to the academy's own list of skills, too."""
    if edition < 2:
        return []
    address = f"{surroundings.ADDRESS}/messages"
    rows = (
        (
            "a2",
            "Build an automated sequence from a brief",
            "sequence",
            "k1",
            "The same work, with five messages.",
        ),
        (
            "a3",
            "Test every branch of an automated sequence",
            "branches",
            "k2",
            "The same work, with planted faults.",
        ),
    )
    return [
        {
            "id": identity,
            "framework": "Skills for small automations",
            "name": name,
            "url": f"{address}/{ending}",
            "relation": "exact",
            "rationale": why,
            "competencies": [competency],
        }
        for identity, name, ending, competency, why in rows
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
            "retake_rule": "After the third attempt you may enrol again once three months have passed, with a new brief.",
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
            },
            *_ties(edition),
        ],
        "explainer": _EXPLAINER,
        "cost": {"amount": "140", "currency": "EUR", "includes": "all three attempts and the credential"},
        "offer": _OFFER,
        "samples": _samples(edition),
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
        "retake_rule": "After the second attempt you may enrol again at any time, with another product.",
        "turnaround_days": 7,
    },
    "cost": {"amount": "60", "currency": "EUR", "includes": "both attempts"},
    "explainer": {
        "url": "https://video.northlamp.example/a-brief-that-answers-back",
        "title": "A brief that a stranger can work from",
        "minutes": 1.5,
        "transcript": "Here are two briefs for the same jar of honey. The first says: make it warm and premium. The second "
        "says: one message, for people who have never bought from us; the region is named on the label and may be named in "
        "the text; no word about health.\nNow the test. I give a finished text to somebody who has read neither. With the "
        "second brief they can tell me, line by line, whether the text fits. With the first they ask me what I meant.\nThat "
        "is all this credential asks for: checks that can be answered yes or no, and a source behind each claim.",
    },
    "samples": [
        {
            "id": "s1",
            "kind": "clear_pass",
            "title": "Honey, with checks for everybody",
            "text": "Audience: people who buy honey in the supermarket. Message: this jar comes from one valley. Sources: the "
            "label, the register of the co-operative (public), the harvest sheet (ours, not public). Must not be said: "
            "anything about health. Checks: is the valley named in the first two sentences? Is every number in the text "
            "also in the harvest sheet? Is there no word from the list of health claims? If a check fails, the text goes "
            "back with the number of the check.",
            "note": "A stranger can answer each check, and it is said what happens when one fails. The sources are ranked by "
            "who can look at them.",
            "levels": {"checks": 4, "sources": 3},
        },
        {
            "id": "s2",
            "kind": "just_pass",
            "title": "A lamp, in few words",
            "text": "Audience: people who read in bed. Message: it does not wake the other one. Sources: the data sheet for "
            "brightness and noise; the price list. Not to be said: that it helps people sleep. Checks: does the text give "
            "the brightness? Does it stay under 120 words? Does it leave out sleep?",
            "note": "Short, and enough: three checks with yes or no, two sources, one limit. Nothing on what happens when a "
            "check fails, so level 3 and not 4.",
            "levels": {"checks": 3, "sources": 3},
        },
        {
            "id": "s3",
            "kind": "just_fail",
            "title": "A bag, well described",
            "text": "Audience: commuters with a bicycle. Message: it stays dry. Sources: the test report on rain, the care label. "
            "Not to be said: waterproof, since only water-repellent was tested. Checks: does the text sound honest? Would a "
            "commuter feel understood? Is the rain test mentioned?",
            "note": "Sources and limits are right. Two of three checks need the author's ear: nobody else can say whether a text "
            "sounds honest. That criterion is a must.",
            "levels": {"checks": 2, "sources": 3},
        },
    ],
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
