"""``guildmark advise FILE``: what are you awarding? A verdict from a file of answers, without any installation."""

from __future__ import annotations

import argparse
import hashlib
import sys
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from guildmark.design.advisor import answers as asked
from guildmark.design.advisor import engine, exports
from guildmark.design.advisor.engine import Advice
from guildmark.kernel import clock
from guildmark.kernel.problems import GuildmarkError, Invalid, TooLarge

MAX_BYTES = 256 * 1024
EPILOG = """\
The answers are YAML or JSON; docs/guide/advisor.md shows a file and what each answer counts.
exit codes: 0 there is a verdict; 2 the answers cannot be used, with the names of the fields."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("file", metavar="FILE", help="the answers (YAML or JSON), or - for standard input")
    parser.add_argument("--json", action="store_true", help="print the whole advice as JSON")
    parser.add_argument("--plan", choices=sorted(exports.TYPES), help="print the plan in this form instead")
    parser.add_argument("--today", metavar="DATE", type=_day, help="first day of a plan that names none")


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not 2000 <= day.year <= 2100:
        raise ValueError("a day from 2000 to 2100")
    return day


def run(args: argparse.Namespace) -> int:
    try:
        answers = asked.read(_loaded(args.file))
        asked.ensure_complete(answers)
    except GuildmarkError as error:
        _refuse(error)
        return 2
    advice = engine.advise(answers, today=args.today or clock.now().date())
    if args.plan and advice.plan:
        title = answers.title or "Plan"
        uid = hashlib.sha256(answers.model_dump_json().encode()).hexdigest()[:24]
        text = exports.export(args.plan, advice.plan, title=title, uid=uid, stamped=clock.now())
        sys.stdout.write(text)
    elif args.json:
        print(advice.model_dump_json(indent=2))
    else:
        print("\n".join(_told(advice)))
    return 0


def _loaded(name: str) -> Any:
    unreadable = "The answers cannot be read"
    try:
        content = sys.stdin.buffer.read(MAX_BYTES + 1) if name == "-" else _bytes(Path(name))
    except OSError as error:
        raise Invalid(f"{unreadable}: {error.strerror}.", field="FILE") from None
    if len(content) > MAX_BYTES:
        raise TooLarge(f"The answers have more than {MAX_BYTES // 1024} kB.", field="FILE")
    try:
        return yaml.safe_load(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Invalid(f"{unreadable}: they are not UTF-8.", field="FILE") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise Invalid(f"{unreadable}: this is neither YAML nor JSON{where}.", field="FILE") from None


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _refuse(error: GuildmarkError) -> None:
    print(f"guildmark advise: {error.detail}", file=sys.stderr)
    for problem in error.errors:
        print(
            f"  {problem.field}: {' '.join(part for part in (problem.detail, problem.mend) if part)}",
            file=sys.stderr,
        )


def _told(advice: Advice) -> list[str]:
    lines = [advice.headline, advice.for_decision, ""]
    lines += [f"{row.points:+3d}  {row.question} {row.answer}" for row in advice.contributions]
    lines += [f"{advice.score:+3d}  score; {advice.threshold:+d} and more lean to a certification", ""]
    lines += [f"missing: {need.text} ({need.formula})" for need in advice.needs if need.missing]
    lines += [f"label: {label.message} {label.mend}" for label in advice.labels]
    if advice.quadrant.flag:
        lines.append(f"size: {advice.quadrant.text}")
    if advice.risk:
        lines.append(f"main risk: {advice.risk.name}, {advice.risk.value}. {advice.risk.text}")
    if advice.plan:
        lines += ["", advice.plan.text]
        lines += [
            f"{task.starts} to {task.ends}  {task.hours:5g} h  {task.owner}: {task.title}"
            for task in advice.plan.tasks
        ]
    return lines
