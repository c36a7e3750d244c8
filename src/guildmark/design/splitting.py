"""Taking a standard apart and putting it together: rows split in two or merged, a broad standard divided (MC1, MC10).

Pure: drafts come as JSON content and go as new content. Links are copied, so nothing that was tied is lost.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guildmark.design.drafts import fresh_id
from guildmark.design.parts import LINKED, Content
from guildmark.design.typecheck.verbs import verbs_in
from guildmark.kernel.problems import Invalid
from guildmark.kernel.words import said

SPLITTABLE = ("competencies", "criteria")
#: What joins two capabilities, in three languages.
JOINT = re.compile(r"\s*(?:[;,]|\b(?:and|then|or|und|sowie|oder|dann|y|e|o)\b|\s)+\s*$", re.IGNORECASE)


def halves(text: str, language: str = "en") -> tuple[str, str]:
    """A proposal of two texts: divided before its second main verb, or at a semicolon; else the whole text twice.

    Verbs that share an object keep it both: "Finds and corrects faults" gives "Finds faults" and "Corrects faults".
    """
    verbs = verbs_in(text, language)
    if len(verbs) > 1:
        (_, after), (before, end) = verbs[0].span, verbs[1].span
        first, second = JOINT.sub("", text[:before]), text[before:]
        if not text[after:before].strip() or JOINT.fullmatch(text[after:before]):
            first = text[:after] + text[end:]
        return _closed(first, text), _capital(second)
    first, semicolon, second = text.partition(";")
    if semicolon and second.strip():
        return _closed(first.strip(), text), _capital(second.strip())
    return text, text


def _closed(first: str, text: str) -> str:
    return first.rstrip(".") + ("." if text.endswith(".") else "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def row_of(content: Content, kind: str, identity: str) -> dict[str, Any]:
    found = next((row for row in content.get(kind, ()) if row["id"] == identity), None)
    if kind not in SPLITTABLE or found is None:
        raise Invalid(said("That row is no longer there."), mend=said("Load the page again."))
    return dict(found)


def split(
    content: Content,
    kind: str,
    identity: str,
    first: Mapping[str, Any],
    second: Mapping[str, Any],
    *,
    used: set[str] | None = None,
) -> Content:
    """A row becomes two. ``first`` and ``second`` are the members that differ; all others, and every link, are copied.

    The first keeps the id. The kind of doing is read anew, for the statements are others.
    """
    row, made = row_of(content, kind, identity), copy.deepcopy(content)
    taken = (used or set()) | {part["id"] for part in made[kind]}
    fresh = fresh_id(kind, taken)
    reset = {"verb_class": ""} if kind == "competencies" else {}
    index = next(place for place, part in enumerate(made[kind]) if part["id"] == identity)
    made[kind][index : index + 1] = [
        {**row, **reset, **first},
        {**copy.deepcopy(row), **reset, **second, "id": fresh},
    ]
    for holder in LINKED.get(kind, ()):
        for part in made.get(holder, ()):
            links = part.get(kind, [])
            if identity in links:
                links.insert(links.index(identity) + 1, fresh)
    if kind == "criteria":
        for sample in made.get("samples", ()):
            if identity in sample.get("levels", {}):
                sample["levels"][fresh] = sample["levels"][identity]
        others = [part for part in content["criteria"] if not part["must_pass"]]
        if not row["must_pass"] and content["others_required"] == len(others):
            made["others_required"] += 1  # all of the others were required, and still are
    return made


def merge(content: Content, kind: str, identity: str, other: str, texts: Mapping[str, Any]) -> Content:
    """Two rows become one, which keeps the first id and has the links of both. ``texts`` are its own words.

    A merged criterion must be passed when one of the two had to be, and its official level in a sample is the lower.
    """
    kept, gone = row_of(content, kind, identity), row_of(content, kind, other)
    if identity == other:
        raise Invalid(said("A row cannot be merged with itself."), mend=said("Choose another one."))
    made = copy.deepcopy(content)
    row = {**kept, **texts}
    for name in ("competencies", "evidence"):
        if name in kept:
            row[name] = list(dict.fromkeys([*kept[name], *gone[name]]))
    if kind == "criteria":
        row["must_pass"] = kept["must_pass"] or gone["must_pass"]
    made[kind] = [row if part["id"] == identity else part for part in made[kind] if part["id"] != other]
    for holder in LINKED.get(kind, ()):
        for part in made.get(holder, ()):
            links = [identity if link == other else link for link in part.get(kind, [])]
            part[kind] = list(dict.fromkeys(links))
    if kind == "criteria":
        for sample in made.get("samples", ()):
            levels = sample.get("levels", {})
            given = [levels[name] for name in (identity, other) if name in levels]
            levels.pop(other, None)
            if given:
                levels[identity] = min(given)
    _clamp(made)
    return made


def _clamp(content: Content) -> None:
    others = sum(not part["must_pass"] for part in content["criteria"])
    content["others_required"] = min(content["others_required"], others)


# --- a broad standard


@dataclass(frozen=True)
class Group:
    """One of the standards that a broad one is divided into: its competencies, title and claim."""

    competencies: tuple[str, ...]
    title: str
    claim: str


def candidates(content: Content) -> list[Group]:
    """One sharp standard for each competency, titled and claimed by its statement."""
    return [
        Group((row["id"],), row["statement"].rstrip(".")[:120], row["statement"])
        for row in content["competencies"]
        if row["statement"]
    ]


def divide(content: Content, groups: Sequence[Group]) -> list[Content]:
    """One content for each group: its competencies with the criteria and evidence tied to them.

    A criterion of two groups goes into both, tied to what is there. Conditions, scale, periods and setting are copied;
    hours are left out, for the parts take less. Invalid when a competency is in no group or in two, or a group is
    empty.
    """
    known = [row["id"] for row in content["competencies"]]
    given = [name for group in groups for name in group.competencies]
    if sorted(given) != sorted(known) or not all(group.competencies for group in groups) or len(groups) < 2:
        raise Invalid(
            said(
                "Every competency belongs into exactly one of at least two standards, and none may be empty."
            ),
            field="groups",
            mend=said("Choose a place for each."),
        )
    return [_part(content, group) for group in groups]


def _part(content: Content, group: Group) -> Content:
    made, mine = copy.deepcopy(content), set(group.competencies)
    made["title"], made["claim"] = group.title, group.claim
    made["competencies"] = [row for row in made["competencies"] if row["id"] in mine]
    for name in ("criteria", "lessons", "alignments"):
        tied = [row for row in made[name] if mine & set(row["competencies"]) or not row["competencies"]]
        made[name] = [{**row, "competencies": [c for c in row["competencies"] if c in mine]} for row in tied]
    looked_at = {name for row in made["criteria"] for name in row["evidence"]}
    every = {name for row in content["criteria"] for name in row["evidence"]}
    made["evidence"] = [row for row in made["evidence"] if row["id"] in looked_at or row["id"] not in every]
    criteria = {row["id"] for row in made["criteria"]}
    for sample in made["samples"]:
        sample["levels"] = {k: level for k, level in sample.get("levels", {}).items() if k in criteria}
    made["offer"] = []  # each sentence was written for the whole
    made["study_hours"] = made["assessment_hours"] = None
    _clamp(made)
    return made
