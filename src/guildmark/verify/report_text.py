"""A report as plain text for a terminal. Nothing of a foreign document reaches it unescaped."""

from __future__ import annotations

import textwrap

from guildmark.verify import records
from guildmark.verify.facts import bar_before_badge, facts_of, four_answers
from guildmark.verify.safe_text import printable
from guildmark.verify.types import OPEN_BADGES_STRICT, Report, Verdict
from guildmark.verify.words import CHECK_LABELS, OUTCOME_WORDS, label_for, words_for, words_of

WIDTH = 92
COLUMN = 15


def wrapped(text: str, indent: int = 0) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=" " * indent, break_long_words=False)


def render(report: Report) -> str:
    """The verdict first, then who, when, what and whether it is still current, then every check."""
    words = words_for(report)
    usual = report.policy == OPEN_BADGES_STRICT or report.verdict is not Verdict.VALID
    lines = [f"{words.sign} {words.title}", wrapped(words.sentence if usual else by_policy(report)), ""]
    facts = facts_of(report.credential)
    if facts is not None:
        bar = bar_before_badge(facts)
        said_lines = [*four_answers(report, facts), *([("Bar", bar)] if bar else [])]
        lines += [wrapped(f"{label:<{COLUMN}}{printable(said)}", COLUMN) for label, said in said_lines]
        lines.append("")
    if report.contained:
        lines += ["Inside:", *map(held_line, records.lines(report)), ""]
    if report.superseded_by:
        lines += [f"{'Corrected by':<{COLUMN}}{printable(report.superseded_by)}", ""]
    lines.append(f"Checked for {report.at:%Y-%m-%d %H:%M} UTC:")
    for item in report.checks:
        said, sign = OUTCOME_WORDS[item.outcome.value]
        label = label_for(report, item.name)
        lines.append(wrapped(f"  {sign} {label}: {said}. {printable(item.detail)}".rstrip(), 4))
    return "\n".join([*lines, "", wrapped(words.next_step)] if usual else lines)


def held_line(line: records.Line) -> str:
    """One credential of a learner record."""
    return wrapped(
        f"  {words_of(line.verdict).sign} {printable(line.title, 200)}: {line.said}. {printable(line.why)}".rstrip(),
        7,
    )


def by_policy(report: Report) -> str:
    """What "valid" does not say under a policy that leaves checks out."""
    parts = [f'"Valid" is meant by the policy {report.policy.name}.']
    for what, names in (("Not looked at", report.policy.not_run), ("Decides nothing", report.policy.warns)):
        labels = [f'"{CHECK_LABELS[item.name]}"' for item in report.checks if item.name in names]
        if labels:
            parts.append(f"{what}: {', '.join(labels)}.")
    return " ".join(parts)
