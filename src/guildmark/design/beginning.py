"""How a standard begins: a new achievement with its first draft, a copy of another one, and its address."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from uuid import UUID

from django.db import transaction

from guildmark.design import drafts, limits, queries
from guildmark.design.advisor import outline
from guildmark.design.models import Achievement, AchievementVersion
from guildmark.design.stored import record, require_designer, saved_by
from guildmark.design.types import AchievementView, Signal, Standard, VersionView, default_scale
from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import Conflict, Invalid, NotFound
from guildmark.kernel.words import Count, said

OUTLINE_LIMIT = 20_000
# Would hide behind an address of the editor or of the API.
RESERVED = {"new", "import", "advise", "class-requests"}
SIGNALS = ("completion", "demonstrated", "certified")


def slug_of(title: str) -> str:
    """An address part from a title; titles without Latin letters give ``standard``."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: limits.SLUG].rstrip("-") or "standard"


def _free_slug(title: str) -> str:
    wanted = slug_of(title)
    taken = (
        set(
            Achievement.objects.across_orgs("addresses are shared by the installation")
            .filter(slug__startswith=wanted)
            .values_list("slug", flat=True)
        )
        | RESERVED
    )
    numbered = (f"{wanted}-{n}" for n in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


def _create(by: Actor, org_id: UUID, standard: Standard, outline: str = "") -> AchievementVersion:
    achievement = Achievement.objects.create(
        org_id=org_id,
        slug=_free_slug(standard.title),
        title=standard.title,
        signal=standard.signal,
        outline=outline,
        created_at=now(),
        created_by=saved_by(by),
    )
    row = AchievementVersion.objects.create(
        org_id=org_id,
        achievement=achievement,
        content=standard.model_dump(mode="json"),
        created_at=now(),
        created_by=saved_by(by),
        saved_at=now(),
        saved_by=saved_by(by),
    )
    record(by, row, "design.achievement_created", signal=standard.signal)
    return row


@transaction.atomic
def create_achievement(
    *,
    by: Actor,
    org_id: UUID,
    title: str,
    signal: Signal = "demonstrated",
    from_existing: str = "",
    language: str = "en",
) -> VersionView:
    """A new achievement with its first draft, in a language that its author can change later.

    ``from_existing`` is the outline of a course, one line per lesson: lines that read as something a person does
    become proposed competencies, each with the lessons that serve it, and the whole outline stays beside the editor.
    Not for completion records.
    """
    require_designer(by, org_id)
    if signal not in SIGNALS:
        raise Invalid(
            said("This class is not known."),
            field="signal",
            mend=said("Choose from {names}.", names=", ".join(SIGNALS)),
        )
    if len(from_existing) > OUTLINE_LIMIT:
        raise Invalid(
            said(
                "The outline has {count} characters; the limit is {limit}.",
                count=Count(len(from_existing)),
                limit=Count(OUTLINE_LIMIT),
            ),
            field="from_existing",
            mend=said("Paste the titles of the lessons only."),
        )
    scale = [level.model_dump() for level in default_scale(language)]
    standard = drafts.merged(
        {"signal": signal, "language": language.split("-")[0].lower(), "scale": scale}, {"title": title}
    )
    if not standard.title:
        raise Invalid(
            said("The title is empty."),
            field="title",
            mend=said("Give it a short name; you can change it later."),
        )
    if len(standard.title) > 120:
        raise Invalid(
            said(
                "The title has {count} characters; the limit is {limit}.",
                count=str(len(standard.title)),
                limit="120",
            ),
            field="title",
            mend=said("Shorten it."),
        )
    course = drafts.tidy(from_existing, "audience")
    if signal != "completion" and course:
        standard = drafts.merged(standard.model_dump(mode="json"), _proposed(course))
    return queries.version_view(_create(by, org_id, standard, course))


def _proposed(course: str) -> dict[str, Any]:
    try:
        return outline.read(course.encode()).members()
    except Invalid as error:
        raise Invalid(error.detail, field="from_existing", mend=error.mend) from None


@transaction.atomic
def change_slug(*, by: Actor, org_id: UUID, achievement_id: UUID, slug: str) -> AchievementView:
    """Choose the public address part; frozen with the first publication, for it is inside signed
    credentials.
    """
    require_designer(by, org_id)
    row = Achievement.objects.for_org(org_id).select_for_update().filter(id=achievement_id).first()
    if row is None:
        raise NotFound(queries.UNKNOWN)
    wanted = slug.strip().lower()
    shaped = re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", wanted) and len(wanted) <= limits.SLUG
    if not shaped or wanted in RESERVED:
        mend = said("Use up to 60 small letters, digits and single hyphens, such as welcome-sequence.")
        raise Invalid(
            said("{text} cannot be part of an address.", text=repr(wanted[:80])), field="slug", mend=mend
        )
    if wanted == row.slug:
        return queries.achievement(org_id, achievement_id)
    if row.versions.exclude(state="draft").exists():
        raise Conflict(
            said("The address is frozen: a version is published under it."),
            field="slug",
            mend=said("Duplicate the standard for another address."),
        )
    if (
        Achievement.objects.across_orgs("addresses are shared by the installation")
        .filter(slug=wanted)
        .exists()
    ):
        raise Conflict(
            said("The address {address} is taken.", address=wanted),
            field="slug",
            mend=said("Choose another one."),
        )
    row.slug = wanted
    row.save(update_fields=["slug"])
    audit.record(
        org_id=org_id,
        by=by,
        action="design.address_changed",
        subject_type="achievement",
        subject_id=row.id,
        data={"slug": wanted},
    )
    return queries.achievement(org_id, achievement_id)


@transaction.atomic
def duplicate(*, by: Actor, org_id: UUID, achievement_id: UUID) -> VersionView:
    """A new achievement whose draft begins with the draft, else the newest version, of another one."""
    require_designer(by, org_id)
    rows = queries.versions_of(org_id, achievement_id)
    if not rows:
        raise NotFound(queries.UNKNOWN)
    standard = rows[0].standard
    copy = standard.model_copy(update={"title": f"Copy of {standard.title}"[:120]})
    return queries.version_view(_create(by, org_id, copy))
