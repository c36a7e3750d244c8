"""What the publish page asks and tells: the number, who is concerned, the dates, and a first update note."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from guildmark.design import comparing, diffs, impact, lowering, queries
from guildmark.design.types import Change, Forces, VersionView
from guildmark.kernel.clock import now
from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.speaking import spoken


class PublishForm(forms.Form):
    """``raise_it`` calls the version major where less is forced; the dates are days in UTC."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    update_note = forms.CharField(
        label=_("What changed"),
        required=False,
        max_length=1000,
        help_text=_(
            "One or two sentences for holders, learners and employers. Shown beside the version for ever. "
            "The first words are written from the changes; make them yours."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    raise_it = forms.BooleanField(label=_("Count it as a new major version nevertheless"), required=False)
    effective_on = forms.DateField(
        label=_("In force from"),
        required=False,
        help_text=_("Empty: at once. Until that day, whoever joins is judged by the version before."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    transition_on = forms.DateField(
        label=_("Last day for work under the older version"),
        required=False,
        help_text=_("Empty: as many days after that as the rules of the organisation say."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def at_least(self) -> Forces:
        return "major" if self.cleaned_data["raise_it"] else "none"

    def dates(self) -> dict[str, datetime | None]:
        """The moments for :func:`guildmark.design.actions.publish`: a first day from its start, a last day to its end."""
        first: date | None = self.cleaned_data["effective_on"]
        last: date | None = self.cleaned_data["transition_on"]
        return {
            "effective_at": datetime.combine(first, time(), UTC) if first and first != now().date() else None,
            "transition_until": datetime.combine(last, time(23, 59, 59), UTC) if last else None,
        }


#: The form's names for the fields that the action names.
FIELDS = {"effective_at": "effective_on", "transition_until": "transition_on"}


def renamed(error: GuildmarkError) -> GuildmarkError:
    """The error with the form's name of a date, so that it stands at its field."""
    if error.field in FIELDS:
        error.field = FIELDS[error.field]
    return error


def form_for(version: VersionView, base: VersionView | None, change: Change) -> PublishForm:
    """The empty form, with an update note that begins from the changes."""
    note = ""
    if base is not None:
        found = diffs.rows(change, base.standard, version.standard)
        with translation.override(_language_of(version)):
            note = diffs.drafted_note(found, say=spoken)
    return PublishForm(initial={"revision": version.revision, "update_note": note})


def _language_of(version: VersionView) -> str:
    """The note stands beside the standard for ever: in its language where we speak it, else in that of the page."""
    spoken_here = dict(settings.LANGUAGES)
    own = version.standard.language.partition("-")[0]
    return own if own in spoken_here else translation.get_language()


def context(
    request: HttpRequest, base: VersionView | None, version: VersionView, change: Change
) -> dict[str, Any]:
    """What the page says about a successor: changes, lowering, people, bridge. Nothing for a first version."""
    if base is None:
        return {"rows": [], "low_request": None}
    request_view = lowering.of_draft(version.org_id, version.id)
    agreed = request_view is not None and request_view.state == "agreed"
    forces: Forces = "minor" if agreed else change.forces
    asker = request.actor.id  # type: ignore[attr-defined]
    refused = lowering.refusal(version, change, asker) if change.forces == "major" else None
    published = [v for v in queries.versions_of(version.org_id, version.achievement_id) if v.is_published]
    days = queries.rules(version.org_id).transition_days
    return {
        **comparing.context(base, version),
        "forces": forces,
        "low_request": request_view,
        "low_refused": refused,
        "impact": _impact(version, published),
        "earlier": [v.number for v in reversed(published)],
        "transition_days": days,
        "transition_end": now() + timedelta(days=days),
    }


def _impact(draft: VersionView, published: list[VersionView]) -> impact.Impact | None:
    """Holders of every version, and learners of those versions that still count for them."""
    moment = now()
    # Once the window of a major version has ended, whatever came before that version counts no longer.
    ended = [_major(v) for v in published if v.transition_until is not None and v.transition_until <= moment]
    counting = [view.id for view in published if _major(view) >= max(ended, default=0)]
    everybody = impact.of_versions(draft.org_id, [view.id for view in published])
    on_the_way = impact.of_versions(draft.org_id, counting)
    if everybody is None or on_the_way is None:
        return everybody
    return impact.Impact(everybody.holders, on_the_way.learners, on_the_way.waiting)


def _major(view: VersionView) -> int:
    return int(view.number.partition(".")[0])
