"""How much each rule may say, by language: the one table that a measurement changes.

A rule whose precision on the held-back claims is under 0.6 is a hint. Structural rules block publication of a claim;
in a title they advise, for a title is a name.
"""

from __future__ import annotations

from guildmark.design.claims.findings import Rule, Severity, TextKind

#: Without these a claim says nothing that can be judged.
STRUCTURAL: frozenset[Rule] = frozenset({"empty", "sentences", "slot", "topic", "unobservable", "no_object"})
#: Precision under 0.6 in the measurement named in docs/develop/claim-linter.md.
HINTS: dict[str, frozenset[Rule]] = {
    "en": frozenset({"no_condition", "no_standard"}),
    "de": frozenset({"no_condition", "no_standard"}),
    "es": frozenset({"no_condition", "no_standard"}),
}
#: Rules that ask about a whole claim; a line about one competency and a title need not answer them.
CLAIM_ONLY: frozenset[Rule] = frozenset({"no_condition", "no_standard"})
#: Structural rules that say nothing about the name of a credential.
NOT_OF_TITLES: frozenset[Rule] = frozenset({"no_object", "empty", "sentences"})


def severity(rule: Rule, language: str, kind: TextKind) -> Severity:
    if rule in STRUCTURAL:
        return "advice" if kind == "title" and rule != "slot" else "blocking"
    return "hint" if rule in HINTS.get(language, frozenset()) else "advice"
