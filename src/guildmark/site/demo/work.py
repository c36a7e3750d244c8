"""The handed-in work of the demo: exports, test logs and walkthroughs that differ from person to person."""

from __future__ import annotations

import csv
import io
import json
import random

SHOPS = (
    ("a bicycle workshop", "winter service"),
    ("a bakery with two branches", "order ahead"),
    ("a choir school", "trial lesson"),
    ("a garden nursery", "planting calendar"),
    ("a repair café", "first visit"),
    ("a small press", "reader's copy"),
    ("a climbing hall", "safety course"),
    ("a language studio", "placement talk"),
)
FAULTS = (
    ("exit condition reads an old tag name", "renamed the tag in the exit and in two waits"),
    ("wait counts hours of the server, not of the reader", "set the wait to the reader's time zone"),
    ("second form enters the same contact twice", "entry refuses contacts that are inside already"),
    ("unsubscribe link of message 4 points to a test list", "pointed the link to the live list and ran it"),
)
TRADE_OFFS = (
    "I let people leave the sequence on their first purchase. A second offer would reach some who buy again within a "
    "week, but the owner answers every complaint alone, so fewer messages won. If more than a handful bought twice "
    "in the first month, I would let them stay.",
    "The second message waits two days, not one. The brief wants an answer to the first question people ask on the "
    "phone, and they ask it after the weekend. A log of calls by weekday would make me change the wait.",
    "I kept the discount out of the first message. It would raise early orders, and it would teach readers to wait "
    "for it. If the shop had stock to clear, I would decide the other way.",
    "Both language groups share one sequence with conditions inside. Two sequences would be easier to read, but each "
    "change would have to be made twice, and the owner has nobody to do so. With a third language I would split it.",
)


def sequence_export(name: str, seed: int) -> tuple[str, bytes]:
    """A plausible export of a sequence as JSON: file name and bytes."""
    choice = random.Random(seed)  # noqa: S311
    shop, hook = SHOPS[seed % len(SHOPS)]
    messages = [
        "welcome and what to expect",
        f"{hook}: how it works",
        "the question most people ask",
        "a story of one customer",
        "what next",
    ]
    steps = [
        {
            "step": number,
            "message": title,
            "wait_days": choice.choice((1, 2, 2, 3)),
            "conditions": ["consent is given", *(["is no customer yet"] if number > 2 else [])],
            "exit": ["buys", "unsubscribes", "bounces twice"],
        }
        for number, title in enumerate(messages, 1)
    ]
    document = {
        "tool": "Postwright 4.2",
        "sequence": f"Welcome to {shop}",
        "entry": {"form": "newsletter", "refuse_if": ["inside already", "customer"]},
        "steps": steps,
        "exported": f"run {choice.randint(3, 40)}",
    }
    return f"sequence-{seed:02d}.json", json.dumps(document, indent=2).encode()


def log_of_tests(seed: int, *, faults: int = 4, ran: bool = True) -> tuple[str, bytes]:
    """A test log as CSV: one row per branch, then the faults found."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["run", "branch", "expected", "actual", "changed"])
    branches = (
        "new contact",
        "customer",
        "buys on day 2",
        "duplicate contact",
        "bounces",
        "unsubscribes at message 4",
    )
    for number, branch in enumerate(branches, 1):
        actual = "as expected" if ran else "looks right in the editor"
        writer.writerow([number + seed % 3, branch, "enters or leaves as the brief says", actual, ""])
    for number, (fault, repair) in enumerate(FAULTS[:faults], len(branches) + 1):
        writer.writerow([number, "planted fault", "none", fault, repair])
    return f"test-log-{seed:02d}.csv", out.getvalue().encode()


def walkthrough(seed: int) -> str:
    """Two trade-offs in the learner's words."""
    shop, hook = SHOPS[seed % len(SHOPS)]
    first, second = TRADE_OFFS[seed % 4], TRADE_OFFS[(seed + 1 + seed // 4) % 4]
    if first == second:
        second = TRADE_OFFS[(seed + 2) % 4]
    return f"The brief was {shop} with {hook} as the reason to write. {first}\n\n{second}"


def content_brief(seed: int) -> str:
    shop, hook = SHOPS[seed % len(SHOPS)]
    return (
        f"Product: {hook} of {shop}. Audience: people who walked past twice. One message: it costs less time than they fear. "
        "Sources: the price list of this spring, the log of questions at the counter. Limits: no promise of dates, no comparison "
        "with named shops. Checks: does the text name the price, the length and the person to ask, each once? Does every figure "
        "have its source in the margin? Can it be read aloud in a minute? If a check fails, the text goes back with the check's number."
    )


RATIONALES = {
    "trigger": (
        "Entry refuses customers and people inside already; exit reacts to purchase, leave and bounce, as the brief asks.",
        "All four kinds of contact enter and leave where the brief wants it; checked against the export step by step.",
    ),
    "branches": (
        "Six branches, six runs, each with expected and actual result.",
        "The log shows a test contact for each branch; the repeat after the repair is there too.",
    ),
    "consent": (
        "Consent is a condition of every step, and the leave link of message 4 was run after the repair.",
        "Leaving was tested on every path; consent is read before each message.",
    ),
    "faults": (
        "All four planted faults are found; the cause of each is named, not only the symptom.",
        "Found the old tag, the time zone, the double entry and the wrong list, with what was changed.",
    ),
    "purpose": (
        "Each message has one job; the order follows what readers ask.",
        "One question per message, and no selling before the third.",
    ),
    "decisions": (
        "Both trade-offs come from this brief, and each names what would change the choice.",
        "Argues from the owner's situation and says which observation would turn the decision.",
    ),
    "checks": (
        "A stranger could answer every check with yes or no.",
        "Checks are countable and say what happens next.",
    ),
    "sources": (
        "Each claim has a source, and the limits are written down.",
        "Sources are dated; two limits are named.",
    ),
}
WEAK_RATIONALES = {
    "trigger": "Customers can enter again: the refusal is missing on the second form.",
    "branches": "Branches were looked at in the editor; no test contact was run.",
    "consent": "Consent is read at entry only; nobody tried to leave at message 4.",
    "faults": "Two of the four planted faults are found, and the causes are guessed.",
    "purpose": "Messages two and three do the same job.",
    "decisions": "The reasons would fit any sequence.",
    "checks": "The checks need the author's own judgement.",
    "sources": "Sources are named, limits are not.",
}
