"""The editor behind the pages: its steps, what was typed in one of them, and what stands beside the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from guildmark.design import impostor, offer, parts, policies, promise, queries
from guildmark.design.drafts import PREFIXES
from guildmark.design.forms import (
    BarForm,
    ClaimForm,
    CompletionBarForm,
    CompletionForm,
    ImageForm,
    RuleForm,
    StepForm,
)
from guildmark.design.impostor_plot import share
from guildmark.design.row_forms import RowSet
from guildmark.design.types import Finding, Standard, VersionView
from guildmark.kernel.problems import FieldProblem, GuildmarkError, Invalid, NotFound
from guildmark.kernel.speaking import all_spoken, spoken
from guildmark.kernel.web import told
from guildmark.kernel.words import numbered, said, said_in

SHOWN_FINDINGS = 12


@dataclass(frozen=True)
class Step:
    """One step: its name in the address, its label, what the gate says when it is fine, its form and rows."""

    name: str
    label: str
    fine: str
    form: type[StepForm]
    rows: tuple[str, ...] = ()


COMPETENCY_STEPS = (
    Step(
        "claim",
        said_in("part of a standard", "Claim"),
        said("The claim can be watched"),
        ClaimForm,
        ("context", "competencies", "lessons"),
    ),
    Step("evidence", said("Evidence"), said("Work is asked for"), StepForm, ("evidence",)),
    Step("rubric", said("Rubric"), said("The rubric can decide"), RuleForm, ("scale", "criteria")),
    Step(
        "bar",
        said("The bar"),
        said("The conditions hold together"),
        BarForm,
        ("alignments", "samples", "not_shown"),
    ),
    Step("offer", said("Offer"), said("Every sentence can be kept"), StepForm, ("offer",)),
    Step("image", said("Image"), said("The plain mark is drawn"), ImageForm),
)
COMPLETION_STEPS = (
    Step("claim", said("What it records"), said("It says what was completed"), CompletionForm),
    Step("bar", said("The bar"), said("The periods hold together"), CompletionBarForm, ("not_shown",)),
    Step("image", said("Image"), said("The plain ticket is drawn"), ImageForm),
)


def steps_of(standard: Standard) -> tuple[Step, ...]:
    return COMPLETION_STEPS if standard.signal == "completion" else COMPETENCY_STEPS


def find_step(standard: Standard, name: str) -> Step:
    """The step of that name; a step that the class does not have is not found."""
    for step in steps_of(standard):
        if step.name == name:
            return step
    raise NotFound(said("The editor has no such step for this class of credential."))


class StepEditor:
    """One step of one draft: shown from what is stored, or bound to what was posted."""

    def __init__(self, version: VersionView, step: Step, data: Mapping[str, Any] | None = None) -> None:
        self.version, self.step = version, step
        self.standard = version.standard
        options: dict[str, Any] = {}
        if step.form is RuleForm:
            options["scale"] = [level.label for level in self.standard.scale]
        initial = step.form.initial_of(self.standard)
        self.form = step.form(data, initial=initial, **options)
        self.rows = {kind: RowSet(kind, self.standard, data) for kind in step.rows}

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *[rows.is_valid() for rows in self.rows.values()]])

    def content(self, used: Mapping[str, set[str]]) -> dict[str, Any]:
        """The typed members of this step."""
        made = promise.with_periods(self.form.members(self.standard), self.standard)
        return made | {kind: rows.parts(used.get(kind, set())) for kind, rows in self.rows.items()}

    def problems(self) -> list[dict[str, str]]:
        """Every error of the step, with the label and the anchor of its field."""
        found = [{"label": "", "anchor": "", "text": str(text)} for text in self.form.non_field_errors()]
        everything = [self.form, *[row for rows in self.rows.values() for row in rows.rows]]
        for form in everything:
            for field in form:
                place = {"label": str(field.label), "anchor": field.id_for_label}
                found += [{**place, "text": str(error)} for error in field.errors]
        return found

    def take(self, error: GuildmarkError) -> None:
        """Put a refused save onto the fields that it names."""
        for problem in error.all_errors() or [FieldProblem("", error.detail, error.mend)]:
            form, name = self._place(problem.field.split("."))
            form.add_error(name if name in form.fields else None, told(problem))

    def _place(self, path: list[str]) -> tuple[Any, str]:
        rows = self.rows.get(path[0])
        if rows and len(path) > 1:
            for place, row in enumerate(rows.rows):
                if path[1] in {row.identity, str(place)}:
                    name = path[2] if len(path) > 2 else next(iter(row.fields))
                    return (row, name) if name in row.fields else (self.form, "")
        return self.form, path[-1]


def ids_ever_used(org_id: UUID, version: VersionView) -> dict[str, set[str]]:
    """Ids of the version that a draft follows: a new row never takes the name of an old one."""
    if version.based_on is None:
        return {}
    standard = queries.version(org_id, version.based_on).standard
    return {kind: {part.id for part in getattr(standard, kind)} for kind in PREFIXES}


def apply_verb(
    content: dict[str, Any], stored: Standard, post: Mapping[str, Any], used: Mapping[str, set[str]]
) -> dict[str, Any]:
    """The typed members after the button for a row that was pressed: ``do=remove:criteria.k1``,
    ``move=criteria.k1:up``.
    """
    if post.get("move"):
        name, _, verb = str(post["move"]).partition(":")
    elif post.get("do"):
        verb, _, name = str(post["do"]).partition(":")
    else:
        return content
    kind, _, identity = name.partition(".")
    whole = {**stored.model_dump(mode="json"), **content}
    if name == "offer" and verb == "draft":
        return {**content, "offer": offer.drafted(Standard.model_validate(whole))}
    if verb in {"remove", "add", "duplicate", "up", "down"} or verb.isdigit():
        changed = parts.change(whole, kind, verb, identity, used=used.get(kind, set()))
        return {name: value for name, value in changed.items() if name in content or value != whole[name]}
    raise Invalid(said("This button does nothing here."), mend=said("Load the page again."))


def anchor(path: str) -> str:
    """Where in a step a path is written: the id of a row, of a list, or of a field."""
    parts_of = path.split(".")
    if len(parts_of) > 1 and parts_of[0] != "conditions":
        return f"row-{parts_of[0]}-{parts_of[1]}"
    if parts_of[0] in {*PREFIXES, "context", "not_shown"}:
        return parts_of[0]
    return "id_explainer_url" if parts_of[0] == "explainer" else f"id_{parts_of[-1]}"


@dataclass(frozen=True)
class Panel:
    """What stands beside the form: the gate, the advice, what a stranger will read, the row of steps."""

    gate: list[dict[str, Any]]
    advice: list[dict[str, Any]]
    blocking: int
    steps: list[dict[str, str]]
    impostor: dict[str, Any] | None = None


def step_url(org_slug: str, slug: str, name: str) -> str:
    if name == "publish":
        return reverse("standard_publish", args=[org_slug, slug])
    return reverse("standard_edit", args=[org_slug, slug, name])


def panel(org_slug: str, version: VersionView, current: str) -> Panel:
    asked = queries.rules(version.org_id)
    found = [all_spoken(one) for one in policies.findings(version.standard, asked)]
    blocking = [finding for finding in found if finding.severity == "blocking"]
    steps = steps_of(version.standard)
    known = {step.name for step in steps}

    def url(finding: Finding) -> str:
        name = finding.step if finding.step in known else "claim"
        return f"{step_url(org_slug, version.slug, name)}#{anchor(finding.path)}"

    gate: list[dict[str, Any]] = [
        {"ok": False, "text": f.message, "url": url(f), "mend": f.mend} for f in blocking[:SHOWN_FINDINGS]
    ]
    if len(blocking) > SHOWN_FINDINGS:
        more = numbered(
            "{n} more; the publish page lists all of them",
            "{n} more; the publish page lists all of them",
            n=len(blocking) - SHOWN_FINDINGS,
        )
        gate.append({"ok": False, "text": spoken(more), "url": step_url(org_slug, version.slug, "publish")})
    troubled = {f.step if f.step in known else "claim" for f in blocking}
    gate += [{"ok": True, "text": spoken(step.fine)} for step in steps if step.name not in troubled]
    advice = [
        {"ok": None, "text": f.message, "url": url(f), "mend": f.mend}
        for f in found
        if f.severity == "advice"
    ]
    row = [
        {
            "label": spoken(step.label),
            "url": step_url(org_slug, version.slug, step.name),
            "state": "current" if step.name == current else "problem" if step.name in troubled else "done",
        }
        for step in steps
    ]
    publish_state = "current" if current == "publish" else ""
    row.append(
        {
            "label": spoken(said("Publish")),
            "url": step_url(org_slug, version.slug, "publish"),
            "state": publish_state,
        }
    )
    meter = None
    if version.standard.signal != "completion":
        meter = meter_panel(impostor.checked(version.standard, asked))
    return Panel(gate, advice, len(blocking), row, meter)


def meter_panel(found: impostor.Report) -> dict[str, Any]:
    """The impostor meter beside the form: the number that decides, who it is, and what helps most."""
    once, retakes = found.rules.impostor_once, found.rules.impostor_with_retakes
    late = found.retakes > retakes and found.once <= once  # only the further attempts pass a limit
    chance, limit, worst = (
        (found.retakes, retakes, found.worst_retakes) if late else (found.once, once, found.worst)
    )
    return {
        "chance": _percent(chance),
        "about": _about(found, impostor.unbroken(spoken(impostor.per_cent(f"{100 * limit:g}"))), late=late),
        "worst": spoken(worst.name),
        "does": spoken(worst.does),
        "over": found.over,
        "rows": [
            {
                "name": spoken(row.name),
                "chance": _percent(row.once.chance),
                "width": round(100 * share(row.once.chance), 1),
                "over": row.once.chance > once or row.retakes.chance > retakes,
            }
            for row in found.rows
            if row.counted
        ],
        "best": impostor.unbroken(spoken(impostor.effect(found.suggestions[0], found)))
        if found.suggestions
        else "",
    }


def _about(found: impostor.Report, limit: str, *, late: bool) -> str:
    """What the number of the meter is, which limit it has, and what comes of further attempts."""
    places = {"limit": limit, "n": found.tries}
    if late:
        return _("within %(n)s attempts, limit %(limit)s") % places
    if found.tries == 1:
        return _("at the first attempt, limit %(limit)s") % places
    words = _("at the first attempt, limit %(limit)s; within %(n)s attempts %(other)s")
    return words % {**places, "other": _percent(found.retakes)}


def _percent(chance: float) -> str:
    return impostor.unbroken(spoken(impostor.percent(chance)))
