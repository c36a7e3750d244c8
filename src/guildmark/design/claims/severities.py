"""How much each rule may say, by language: the one table that a measurement changes.

A rule whose precision on the held-back claims is under 0.6 is a hint. Structural rules block publication of a claim;
in a title they advise, for a title is a name.
"""

from __future__ import annotations

from guildmark.design.claims.findings import Rule, Severity, TextKind

#: Without these a claim says nothing that can be judged.
STRUCTURAL: frozenset[Rule] = frozenset({"empty", "sentences", "slot", "topic", "unobservable", "no_object"})
#: Precision under 0.6 on the held half (docs/develop/claim-linter.md), or not yet shown to be over it. Structural rules too.
HINTS: dict[str, frozenset[Rule]] = {
    "en": frozenset({"no_condition", "no_standard"}),
    "de": frozenset({"no_condition", "no_standard"}),
    "es": frozenset({"no_condition", "no_standard"}),
}


def severity(rule: Rule, language: str, kind: TextKind) -> Severity:
    if rule in HINTS.get(language, frozenset()):
        return "hint"
    if rule in STRUCTURAL:
        return "advice" if kind == "title" and rule != "slot" else "blocking"
    return "advice"
