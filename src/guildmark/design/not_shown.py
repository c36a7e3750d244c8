"""What a credential does not show, worked out from what was and was not asked for (PRODUCT M16).

Pure: a :class:`Scope` goes in, sentences come out; a page says ours in its own language. A standard gives one before anything is earned; a credential
gives one from its signed content. There is always at least one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf.locale import LANG_INFO

from guildmark.design.types import Standard
from guildmark.kernel.words import day, numbered, said

#: What each way of looking at work shows, and the sentence for a standard that does not ask for it.
LIVE = frozenset({"performance", "observation"})
REPAIR = frozenset({"repaired"})
REASONS = frozenset({"scenario", "walkthrough", "analysis"})
MEASURED = frozenset({"before_after"})
NO_AIDS = frozenset({"", "none", "no", "keine", "ninguna", "nothing"})


@dataclass(frozen=True)
class Scope:
    """What is known of the bounds of a credential; an empty member means that nothing is known of it.

    ``forms`` are the forms of evidence asked for (None: not known); ``siblings`` neighbouring skills of the
    mapped frameworks that are not asked for; ``own`` the author's lines.
    """

    completion: bool = False
    own: tuple[str, ...] = ()
    supervision: str = ""
    tools: tuple[str, ...] = ()
    aids: str | None = None
    validity_months: int | None = None
    worked_on: date | None = None
    judges: int | None = None
    language: str = ""
    forms: frozenset[str] | None = None
    siblings: tuple[str, ...] = ()


def scope_of(standard: Standard, siblings: Sequence[str] = ()) -> Scope:
    """The bounds of a standard. ``siblings`` are skills beside the mapped ones that it does not cover."""
    given = standard.conditions
    forms = {part.form for part in standard.evidence} | {
        form
        for part in standard.evidence
        for form in {"fix": REPAIR, "perform": LIVE, "decide": REASONS}.get(part.action, frozenset())
    }
    return Scope(
        completion=standard.signal == "completion",
        own=standard.not_shown,
        supervision=given.supervision,
        tools=tuple(
            " ".join(filter(None, [part.name, part.version])) for part in standard.context if part.name
        ),
        aids=given.allowed_aids,
        validity_months=standard.validity_months,
        judges=given.judges,
        language=standard.language,
        forms=frozenset(forms),
        siblings=tuple(siblings),
    )


def lines(scope: Scope) -> tuple[str, ...]:
    """The sentences, the author's own first; each is said once."""
    found: list[str] = list(scope.own)
    if scope.completion:
        found.append(said("Whether the person can do what was taught: nobody judged any work."))
    else:
        found += [*_conditions(scope), *_reach(scope), *_asked(scope), _age(scope)]
    seen: set[str] = set()
    unique = []
    for line in found:
        if line.strip() and line.casefold() not in seen:
            seen.add(line.casefold())
            unique.append(line)
    return tuple(unique)


def _conditions(scope: Scope) -> Iterable[str]:
    if scope.supervision == "none":
        yield said("That the person worked without help: nobody watched while the work was done.")
    elif scope.supervision == "online":
        yield said("What happened beside the camera: the work was supervised online only.")
    if scope.aids is not None:
        words = scope.aids.strip().rstrip(".")
        if not words:
            yield said("What the person can do without aids: nothing says which aids were allowed.")
        elif words.casefold() not in NO_AIDS:
            yield said(
                "What the person can do without aids. Allowed were: {aids}.",
                aids=f"{words[:1].lower()}{words[1:]}",
            )
    if scope.judges == 1:
        yield said("Whether a second judge would agree: one judge rates the work.")


def _reach(scope: Scope) -> Iterable[str]:
    if scope.tools:
        pair = len(scope.tools) == 2
        named = (
            said("{one} and {other}", one=scope.tools[0], other=scope.tools[1])
            if pair
            else ", ".join(scope.tools)
        )
        yield said(
            "How the person does with anything else than {tools}: the work was done with that alone.",
            tools=named,
        )
    if scope.language:
        yield said(
            "Whether the person can do it in another language than {language}.",
            language=language_name(scope.language),
        )
    for sibling in scope.siblings:
        yield said(
            "{skill}: a skill beside this one in the same framework, which is not asked for.",
            skill=sibling.strip().rstrip("."),
        )


def _asked(scope: Scope) -> Iterable[str]:
    if scope.forms is None:
        return
    if not scope.forms & LIVE:
        yield said("Doing it live: only what was handed in is looked at.")
    if not scope.forms & REPAIR:
        yield said(
            "Repairing the work of others: the person was not asked to find faults that somebody else made."
        )
    if not scope.forms & REASONS:
        yield said("Why the person chose to do it so: no reasons were asked for.")
    if not scope.forms & MEASURED:
        yield said("What the work changed for anybody: nothing is measured before and after.")


def _age(scope: Scope) -> str:
    if scope.worked_on is not None:
        return said(
            "What the person can do today: the work was handed in on {day}, and nobody has looked again since.",
            day=day(scope.worked_on),
        )
    if scope.validity_months:
        return numbered(
            "Whether the person still can after {n} month: it shows work of one time.",
            "Whether the person still can after {n} months: it shows work of one time.",
            n=scope.validity_months,
        )
    return said(
        "Whether the person still can years later: it shows work of one time, and it does not expire."
    )


def language_name(tag: str) -> str:
    """``English`` for ``en`` and ``en-GB``; a tag that is not known stays as it is. Django translates these names."""
    known = LANG_INFO.get(tag.lower()) or LANG_INFO.get(tag.split("-")[0].lower())
    return said(str(known["name"])) if known and "name" in known else tag
