"""The results as a short report: docs/performance.md, its picture, and bench/results.json."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent / "docs"


class Row(NamedTuple):
    """One ratio: its name in words, what it is compared with, and what is aimed at (None: no aim)."""

    what: str
    peer: str
    aim: float | None
    at_most: bool = False


#: PyLD by a loader that lets it find by the address what it made of a context: see bench/pyld_peer.py.
TUNED = "PyLD tuned, and cryptography"

ROWS: dict[str, Row] = {
    "sign_batch_vs_pyld": Row("Signing a batch", "PyLD and cryptography", 150),
    "sign_batch_vs_pyld_tuned": Row("Signing a batch", TUNED, None),
    "sign_batch_vs_digitalbazaar": Row("Signing a batch", "@digitalbazaar/vc on Node", 150),
    "sign_batch_vs_raw_ed25519": Row("Signing a batch", "bare Ed25519 by cryptography", 0.5),
    "sign_demo_vs_pyld": Row("Signing the demo's larger credential", "PyLD and cryptography", None),
    "sign_demo_vs_pyld_tuned": Row("Signing the demo's larger credential", TUNED, None),
    "sign_general_vs_pyld": Row("Signing a document of a shape never seen", "PyLD and cryptography", 35),
    "sign_general_vs_pyld_tuned": Row("Signing a document of a shape never seen", TUNED, None),
    "verify_own_vs_pyld": Row("Checking our own credentials", "PyLD and cryptography", 75),
    "verify_own_vs_pyld_tuned": Row("Checking our own credentials", TUNED, None),
    "verify_foreign_vs_pyld": Row("Checking credentials of others", "PyLD and cryptography", 40),
    "verify_foreign_vs_pyld_tuned": Row("Checking credentials of others", TUNED, None),
    "store_stage_vs_naive": Row("Signing and storing", "PyLD and bulk_create", 80),
    "pipeline_vs_naive": Row("Approved awards, to stored credentials", "PyLD and bulk_create", 25),
    "list_vs_naive": Row("A list, from its lines to stored credentials", "PyLD and bulk_create", None),
    "memory_100k_over_1k": Row("Memory for 100,000 rows", "memory for 1,000 rows", 1.1, at_most=True),
    "page_cached_vs_django": Row("The public page, asked for again", "the same page by Django", 20),
    "status_shard_vs_whole": Row("Publishing a changed status list", "one list of 10 million", 50),
}


def rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: rounded(child) for key, child in value.items()}
    return [rounded(child) for child in value] if isinstance(value, list | tuple) else value


def number(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def reached(name: str, value: float) -> str:
    """Whether an aim is met; a tenth is left to the noise of a run."""
    row = ROWS[name]
    if row.aim is None:
        return ""
    met = value <= row.aim if row.at_most else value >= row.aim
    near = value <= row.aim * 1.1 if row.at_most else value >= row.aim * 0.9
    return "reached" if met else "within the noise" if near else "not reached"


def table(found: dict[str, Any]) -> str:
    lines = [f"{'':44} {'times as fast':>13}   compared with"]
    for name, value in found["ratios"].items():
        row = ROWS[name]
        lines.append(f"{row.what:44} {number(value):>13}   {row.peer}")
    return "\n".join(lines)


def write(found: dict[str, Any]) -> None:
    (HERE / "results.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (DOCS / "pictures" / "bench.svg").write_text(picture(found), "utf-8")
    (DOCS / "performance.md").write_text(page(found), "utf-8")


def page(found: dict[str, Any]) -> str:
    machine, runs = found["machine"], found["runs"]
    rows = [
        "| what | how many times as fast | smallest and largest round | as | aim |",
        "|---|---|---|---|---|",
    ]
    for name, value in found["ratios"].items():
        row, run = ROWS[name], runs.get(name, {})
        spread = f"{number(run['smallest'])} to {number(run['largest'])}" if "smallest" in run else ""
        aim = "" if row.aim is None else f"{'at most ' if row.at_most else ''}{row.aim:g}: {reached(name, value)}"
        rows.append(f"| {row.what} | **{number(value)}** | {spread} | {row.peer} | {aim} |")
    versions = ", ".join(f"{name} {one}" for name, one in machine["versions"].items())
    store, pipeline, listed, shown = (
        runs[name] for name in ("store_stage_vs_naive", "pipeline_vs_naive", "list_vs_naive", "page_cached_vs_django")
    )
    return f"""# Performance

How fast Guildmark is beside the tools that the field uses, measured by `./run bench` in one run: all contenders take
turns on one core, times are processor time, and each figure is the median of the rounds' own ratios. Ratios hold from one
machine to the next much better than times do, so no times are given.
[How to run it and what the figures mean](develop/bench.md).

![Bars of the ratios below, on a logarithmic scale](pictures/bench.svg)

{chr(10).join(rows)}

Memory is a quotient, not a speed: 1 would be flat. A figure below 1 beside bare Ed25519 says which part of the time of a
whole signed credential the signature alone would take. Storing counts the process that issues; with the processor time of
the database beside it, signing and storing is {number(store["ratio_with_database"])} times, the awards are {number(pipeline["ratio_with_database"])} times and the list {number(listed["ratio_with_database"])} times as fast; beside
a tuned PyLD they are {number(store["ratio_tuned"])}, {number(pipeline["ratio_tuned"])} and {number(listed["ratio_tuned"])} times as fast, without the database. The page is told by the slower of its two answers, 200
({number(shown["ratio_200"])}) and 304 ({number(shown["ratio_304"])}).

PyLD is measured in two ways. *PyLD* is how it is commonly used: its document loader keeps the contexts in memory, so that
nothing is fetched or parsed twice. *PyLD tuned* also marks each context with a tag that PyLD's own loaders do not set; then
PyLD finds what it made of a context by its address, without serialising it each time, which is faster. The aims are held
against the first.
Editions of this page before both were shown compared with the tuned one, and called it PyLD.

The document is the same for all: `bench/data/ob3-credential-107-quads.json`, an Open Badges 3.0 credential of 107
statements under eddsa-rdfc-2022. Whatever is measured is also checked, outside the time: what one contender signed,
another verifies.

Measured on {machine["date"]}: {machine["processor"]}, {machine["system"]}, {machine["cores"]}, Python
{machine["python"]}; {versions}. The figures are written by the run itself (`bench/results.json`).
"""


# -- the picture --------------------------------------------------------------------------------------

WIDTH, LINE, LEFT, RIGHT = 920, 34, 430, 70
LOW, HIGH = 0.1, 1000.0


def place(value: float) -> float:
    """Where a ratio stands on the logarithmic scale, in px."""
    part = (math.log10(min(max(value, LOW), HIGH)) - math.log10(LOW)) / (math.log10(HIGH) - math.log10(LOW))
    return LEFT + part * (WIDTH - LEFT - RIGHT)


def picture(found: dict[str, Any]) -> str:
    """Bars as SVG, drawn here; the table beside it says the same in figures."""
    ratios = found["ratios"]
    height = LINE * len(ratios) + 70
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-label="Ratios of Guildmark to other tools, as in the table">',
        "<style>text{font:14px system-ui,sans-serif;fill:#1b1f24}.q{fill:#57606a;font-size:12px}"
        ".g{stroke:#d0d7de}.b{fill:#2f6f5e}.a{stroke:#b35900;stroke-width:2}"
        "@media (prefers-color-scheme:dark){text{fill:#e6e6e6}.q{fill:#9aa4ae}.g{stroke:#3a424c}.b{fill:#59b396}"
        ".a{stroke:#ffab57}}</style>",
    ]
    for tick in (0.1, 1, 10, 100, 1000):
        x = place(tick)
        parts.append(f'<line class="g" x1="{x:.1f}" y1="24" x2="{x:.1f}" y2="{height - 34}"/>')
        parts.append(f'<text class="q" x="{x:.1f}" y="16" text-anchor="middle">{tick:g}</text>')
    for index, (name, value) in enumerate(ratios.items()):
        row, y = ROWS[name], 30 + LINE * index
        begin, end = sorted((place(1), place(value)))
        parts.append(f'<text x="{LEFT - 12}" y="{y + 14}" text-anchor="end">{escape(row.what)}</text>')
        parts.append(f'<text class="q" x="{LEFT - 12}" y="{y + 28}" text-anchor="end">{escape(row.peer)}</text>')
        parts.append(f'<rect class="b" x="{begin:.1f}" y="{y + 5}" width="{max(end - begin, 1):.1f}" height="16"/>')
        if row.aim is not None:
            x = place(row.aim)
            parts.append(f'<line class="a" x1="{x:.1f}" y1="{y + 1}" x2="{x:.1f}" y2="{y + 25}"/>')
            # The figure stands to the right of both.
            end = max(end, x)
        parts.append(f'<text x="{max(end, place(1)) + 8:.1f}" y="{y + 18}">{number(value)}</text>')
    parts.append(
        f'<text class="q" x="{LEFT - 12}" y="{height - 10}" text-anchor="end">how many times as fast; the line is the aim</text>'
    )
    return "\n".join([*parts, "</svg>"]) + "\n"
