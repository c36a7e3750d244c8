"""Pages that split, merge and divide, each with the result beside the form, and the one button that undoes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from guildmark.design import actions, policies, queries, splitting, splitting_actions
from guildmark.design.editor import find_step, ids_ever_used
from guildmark.design.forms import words
from guildmark.design.types import Standard, VersionView
from guildmark.kernel.problems import Conflict, GuildmarkError, NotFound
from guildmark.kernel.speaking import all_spoken, spoken
from guildmark.kernel.web import form_problem, see_other, studio_page
from guildmark.kernel.words import marked, said

KEPT = "design_undo"
#: By kind of row: the heading of the page that splits it, what is said afterwards, and the heading of a merge.
WORDS = {
    "competencies": (
        marked("Split a competency"),
        marked("The competency is split in two."),
        marked("Merge two competencies"),
    ),
    "criteria": (
        marked("Split a criterion"),
        marked("The criterion is split in two."),
        marked("Merge two criteria"),
    ),
}
STEPS = {"competencies": "claim", "criteria": "rubric"}


def _draft(request: HttpRequest, slug: str) -> VersionView:
    return queries.draft(request.org.id, slug)  # type: ignore[attr-defined]


def _row(version: VersionView, kind: str, row: str) -> dict[str, Any]:
    part = (
        next((p for p in getattr(version.standard, kind, ()) if p.id == row), None) if kind in WORDS else None
    )
    if part is None:
        raise NotFound(said("There is no such row in this draft."))
    found: dict[str, Any] = part.model_dump(mode="json")
    return found


class _Halves(forms.Form):
    """Two sets of fields: the words of the first and of the second row."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, names: list[tuple[str, str, int]], sides: tuple[str, ...], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sides, self.names = sides, [name for name, _, _ in names]
        for side in sides:
            for name, label, rows in names:
                self.fields[f"{side}_{name}"] = words(label, rows=rows, asked=True)

    def side(self, side: str) -> dict[str, Any]:
        given = {name: self.cleaned_data.get(f"{side}_{name}", "") for name in self.names}
        texts = [given.pop(name) for name in self.names if name.startswith("d")]
        return {**given, "descriptors": texts} if texts else given

    def columns(self) -> list[list[forms.BoundField]]:
        return [[self[f"{side}_{name}"] for name in self.names] for side in self.sides]


def _names(standard: Standard, kind: str) -> list[tuple[str, str, int]]:
    if kind == "competencies":
        return [("statement", _("Competency"), 2)]
    levels = [(f"d{n}", f"{n + 1} {level.label}", 2) for n, level in enumerate(standard.scale)]
    return [("name", _("Criterion"), 0), ("statement", _("What is looked at"), 2), *levels]


def _texts(row: dict[str, Any], names: list[tuple[str, str, int]]) -> dict[str, str]:
    """The words of a row under the names of the form's fields."""
    levels = row.get("descriptors", [])
    place = {f"d{n}": text for n, text in enumerate(levels)}
    return {name: place.get(name, row.get(name, "")) for name, _, _ in names}


def _frame(request: HttpRequest, version: VersionView, heading: str, **members: Any) -> dict[str, Any]:
    org = request.org  # type: ignore[attr-defined]
    crumbs = [
        {"label": _("Standards"), "url": reverse("standards", args=[org.slug])},
        {
            "label": version.standard.title,
            "url": reverse("standard_edit", args=[org.slug, version.slug, "claim"]),
        },
        {"label": heading},
    ]
    return {"version": version, "standard": version.standard, "heading": heading, "crumbs": crumbs, **members}


@studio_page("designer")
def standard_split(request: HttpRequest, slug: str, kind: str, row: str) -> HttpResponse:
    """Two competencies or criteria out of one; the author divides the words, the links are copied."""
    version = _draft(request, slug)
    part, names = _row(version, kind, row), _names(version.standard, kind)
    initial: dict[str, Any] = {"revision": version.revision}
    for name, text in _texts(part, names).items():
        initial[f"first_{name}"], initial[f"second_{name}"] = splitting.halves(
            text, version.standard.language
        )
    form = _Halves(request.POST or None, initial=initial, names=names, sides=("first", "second"))
    heading, done, _merge = WORDS[kind]
    content, result = version.standard.model_dump(mode="json"), None
    if request.method == "POST" and form.is_valid():
        used = ids_ever_used(version.org_id, version).get(kind, set())
        made = splitting.split(content, kind, row, form.side("first"), form.side("second"), used=used)
        answer, result = _save_or_show(request, version, made, form, kind, _(done))
        if answer:
            return answer
    context = _frame(
        request,
        version,
        _(heading),
        form=form,
        titles=(_("The first"), _("The second")),
        lead=_(
            "Everything that was tied to it stays tied to both; untie in the editor what belongs to one only."
        ),
        button=_("Split it"),
        back=_back(request, version, kind, row),
        result=result,
    )
    return render(request, "design/split.html", context, status=422 if form.errors else 200)


@studio_page("designer")
def standard_merge(request: HttpRequest, slug: str, kind: str, row: str) -> HttpResponse:
    """One competency or criterion out of two."""
    version = _draft(request, slug)
    part, names = _row(version, kind, row), _names(version.standard, kind)
    others = [p for p in getattr(version.standard, kind) if p.id != row]
    chosen = request.POST.get("other") or request.GET.get("other") or (others[0].id if others else "")
    second = next((p.model_dump(mode="json") for p in others if p.id == chosen), None)
    if second is None:
        raise NotFound(said("There is no second row to merge it with."))
    initial: dict[str, Any] = {"revision": version.revision, "other": chosen}
    theirs = _texts(second, names)
    for name, text in _texts(part, names).items():
        initial[f"one_{name}"] = " / ".join(dict.fromkeys(filter(None, (text, theirs[name]))))
    form = _Halves(request.POST or None, initial=initial, names=names, sides=("one",))
    options = [(p.id, getattr(p, "name", "") or p.statement) for p in others]
    form.fields["other"] = forms.ChoiceField(
        label=_("Merge it with"), choices=options, widget=forms.HiddenInput
    )
    content, result = version.standard.model_dump(mode="json"), None
    if request.method == "POST" and form.is_valid():
        made = splitting.merge(content, kind, row, form.cleaned_data["other"], form.side("one"))
        answer, result = _save_or_show(request, version, made, form, kind, _("The two are one now."))
        if answer:
            return answer
    context = _frame(
        request,
        version,
        _(WORDS[kind][2]),
        form=form,
        titles=(_("The merged row"),),
        others=[{"id": i, "label": label, "on": i == chosen} for i, label in options],
        lead=_("It keeps the links of both."),
        button=_("Merge them"),
        back=_back(request, version, kind, row),
        result=result,
    )
    return render(request, "design/split.html", context, status=422 if form.errors else 200)


@studio_page("designer")
def standard_divide(request: HttpRequest, slug: str) -> HttpResponse:
    """Several sharp standards out of a broad one: each competency goes to one of them."""
    version = _draft(request, slug)
    form = _DivideForm(request.POST or None, version=version, initial={"revision": version.revision})
    result = None
    if request.method == "POST" and form.is_valid():
        try:
            groups = form.groups()
            contents = splitting.divide(version.standard.model_dump(mode="json"), groups)
            if "do" in request.POST:
                return _divide(request, version, groups, form.cleaned_data["revision"])
            result = [_preview(version, content) for content in contents]
        except GuildmarkError as error:
            form_problem(form, error)
    context = _frame(request, version, _("Divide a broad standard"), form=form, result=result)
    context["candidates"] = splitting.candidates(version.standard.model_dump(mode="json"))
    return render(request, "design/divide.html", context, status=422 if form.errors else 200)


class _DivideForm(forms.Form):
    """A place for each competency, and title and claim for each place that is taken."""

    MOST = 6
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: VersionView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version, parts = version, version.standard.competencies
        self.count = min(max(len(parts), 2), self.MOST)
        places = [
            (str(n), _("This standard") if n == 1 else _("New standard %(number)s") % {"number": n})
            for n in range(1, self.count + 1)
        ]
        for number, part in enumerate(parts, 1):
            self.fields[f"place_{part.id}"] = forms.ChoiceField(
                label=part.statement or part.id, choices=places
            )
            self.initial[f"place_{part.id}"] = str(min(number, self.count))
        for n in range(1, self.count + 1):
            mine = parts[n - 1] if n <= len(parts) else None
            self.fields[f"title_{n}"] = words(_("Title"), asked=True)
            self.fields[f"claim_{n}"] = words(pgettext("part of a standard", "Claim"), rows=2, asked=True)
            self.initial[f"title_{n}"] = mine.statement.rstrip(".")[:120] if mine else ""
            self.initial[f"claim_{n}"] = mine.statement if mine else ""

    def place_fields(self) -> list[forms.BoundField]:
        return [self[f"place_{part.id}"] for part in self.version.standard.competencies]

    def standards(self) -> list[dict[str, Any]]:
        numbers = range(1, self.count + 1)
        return [{"number": n, "title": self[f"title_{n}"], "claim": self[f"claim_{n}"]} for n in numbers]

    def groups(self) -> list[splitting.Group]:
        """The places that were taken, the present standard first."""
        given, made = self.cleaned_data, []
        for n in range(1, self.count + 1):
            parts = self.version.standard.competencies
            mine = tuple(part.id for part in parts if given[f"place_{part.id}"] == str(n))
            if mine or n == 1:
                made.append(splitting.Group(mine, given[f"title_{n}"], given[f"claim_{n}"]))
        return made


def _divide(
    request: HttpRequest, version: VersionView, groups: list[splitting.Group], revision: int
) -> HttpResponse:
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    kept, made = splitting_actions.divide_standard(
        by=actor, org_id=org.id, version_id=version.id, groups=groups, revision=revision
    )
    _keep(request, version, kept, made)
    names = ", ".join(spoken(said("“{text}”", text=one.standard.title)) for one in made)
    words_done = _("Divided. New drafts: %(names)s. Hours are to be estimated anew.")
    messages.success(request, words_done % {"names": names})
    return see_other("standard_structure", org.slug, kept.slug)


def _save_or_show(
    request: HttpRequest, version: VersionView, made: dict[str, Any], form: _Halves, kind: str, done: str
) -> tuple[HttpResponse | None, list[dict[str, Any]] | None]:
    """The saved draft's page, or a preview when that is what the pressed button asks for."""
    if "do" not in request.POST:
        return None, [_preview(version, made)]
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    before = version.standard.model_dump(mode="json")
    content = {name: value for name, value in made.items() if value != before[name]}
    try:
        saved = actions.save_draft(
            by=actor,
            org_id=org.id,
            version_id=version.id,
            content=content,
            revision=form.cleaned_data["revision"],
        )
    except GuildmarkError as error:
        form_problem(form, error)
        return None, None
    _keep(request, version, saved, [])
    messages.success(request, done)
    return see_other("standard_edit", org.slug, version.slug, STEPS[kind]), None


def _preview(version: VersionView, content: dict[str, Any]) -> dict[str, Any]:
    """What would be there, and what the gate would have against it that it has not now."""
    after = Standard.model_validate({**content, "schema_version": 2})
    asked = queries.rules(version.org_id)
    before = {(f.rule, f.path) for f in policies.blocking(version.standard, asked)}
    new = [all_spoken(f) for f in policies.blocking(after, asked) if (f.rule, f.path) not in before]
    return {"standard": after, "new": new}


def _back(request: HttpRequest, version: VersionView, kind: str, row: str) -> str:
    org = request.org  # type: ignore[attr-defined]
    return f"{reverse('standard_edit', args=[org.slug, version.slug, STEPS[kind]])}#row-{kind}-{row}"


# --- undo


def _keep(request: HttpRequest, before: VersionView, after: VersionView, made: list[VersionView]) -> None:
    """Keep the former content in the session until the draft is saved again."""
    request.session[KEPT] = {
        "version": str(before.id),
        "revision": after.revision,
        "content": before.standard.model_dump(mode="json"),
        "made": {str(one.id): one.revision for one in made},
    }


def may_undo(request: HttpRequest, version: VersionView) -> bool:
    """Whether the last thing that happened to this draft is a division of this session."""
    kept = request.session.get(KEPT)
    return bool(kept and kept["version"] == str(version.id) and kept["revision"] == version.revision)


@require_POST
@studio_page("designer")
def standard_undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the draft back to what it was before it was split, merged or divided."""
    org, actor = request.org, request.actor  # type: ignore[attr-defined]
    version = _draft(request, slug)
    if not may_undo(request, version):
        raise Conflict(
            said("There is nothing to undo: the draft was saved since."),
            mend=said("Change it in the editor."),
        )
    kept = request.session.pop(KEPT)
    made = {UUID(identity): number for identity, number in kept["made"].items()}
    splitting_actions.undo(
        by=actor,
        org_id=org.id,
        version_id=version.id,
        content=kept["content"],
        revision=kept["revision"],
        made=made,
    )
    messages.success(request, _("Undone. The draft is as it was."))
    step = find_step(version.standard, "claim").name
    return see_other("standard_edit", org.slug, slug, step)
