"""Standards in and out as files: import into a draft, export, and forks that name where they come from (M23)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from pydantic import ValidationError

from guildmark.design import actions, files, limits, policies, queries, versions
from guildmark.design.files import StandardFile
from guildmark.design.types import Origin, Standard, VersionView
from guildmark.kernel.actor import Actor
from guildmark.kernel.problems import Conflict, Invalid
from guildmark.kernel.words import said


def export(version: VersionView) -> str:
    """The file of a version."""
    return files.dump(version.standard, version.slug)


@transaction.atomic
def import_file(
    *, by: Actor, org_id: UUID, file: StandardFile, slug: str = "", replace: bool = False
) -> VersionView:
    """Put a file into a draft: that of its address if the organisation has it, else that of a new achievement.

    ``slug`` goes before the one in the file. A draft that says something else is overwritten only with ``replace``;
    published versions never change. Raises Conflict for an address that is taken by somebody else.
    """
    by.require(org_id, "designer")
    wanted = slug or file.slug
    content = file.standard.model_dump(mode="json", exclude={"schema_version"})
    known = next((row for row in queries.achievements(org_id, archived=True) if row.slug == wanted), None)
    if known is None:
        if not file.standard.title:
            raise Invalid(
                said("The standard has no title."), field="title", mend=said("Give it one in the file.")
            )
        made = actions.create_achievement(
            by=by, org_id=org_id, title=file.standard.title, signal=file.standard.signal
        )
        if wanted and wanted != made.slug:
            actions.change_slug(by=by, org_id=org_id, achievement_id=made.achievement_id, slug=wanted)
        return actions.save_draft(
            by=by, org_id=org_id, version_id=made.id, content=content, revision=made.revision
        )
    open_before = known.draft_id is not None
    draft = actions.start_new_version(by=by, org_id=org_id, achievement_id=known.id)
    if open_before and not replace and versions.compare(draft.standard, file.standard).changes:
        raise Conflict(
            said("A draft is open that says something else."),
            field="replace",
            mend=said("Say that it may be replaced, or discard it first."),
        )
    return actions.save_draft(
        by=by, org_id=org_id, version_id=draft.id, content=content, revision=draft.revision
    )


@transaction.atomic
def fork(
    *, by: Actor, org_id: UUID, document: Mapping[str, Any], issuer: str, url: str = "", slug: str = ""
) -> VersionView:
    """A new achievement that begins with a standard which somebody published, and says so.

    ``document`` is the public JSON of a version. Refused when its content does not give the hash that it names.
    """
    by.require(org_id, "designer")
    if not issuer.strip():
        raise Invalid(
            said("Nobody is named as publisher."), field="issuer", mend=said("Name who published it.")
        )
    if url and not policies.is_web_address(url):
        raise Invalid(
            said("This is not a web address."), field="url", mend=said("Use one that begins with https://.")
        )
    standard = _of_document(document)
    origin = Origin(
        issuer=issuer.strip()[: limits.DEFAULT_TEXT],
        title=standard.title,
        version=str(document.get("version", ""))[:20],
        hash=document["coreHash"],
        url=url.strip(),
    )
    made = actions.create_achievement(by=by, org_id=org_id, title=standard.title, signal=standard.signal)
    if slug:
        actions.change_slug(by=by, org_id=org_id, achievement_id=made.achievement_id, slug=slug)
    content = standard.model_copy(update={"origin": origin}).model_dump(
        mode="json", exclude={"schema_version"}
    )
    return actions.save_draft(
        by=by, org_id=org_id, version_id=made.id, content=content, revision=made.revision
    )


def _of_document(document: Mapping[str, Any]) -> Standard:
    core, around = document.get("core"), document.get("presentation", {})
    if (
        not isinstance(core, dict)
        or not isinstance(around, dict)
        or not isinstance(document.get("coreHash"), str)
    ):
        raise Invalid(
            said("This is no published standard."),
            field="file",
            mend=said(
                "Take the JSON that the public page of a standard offers, or a file that begins with guildmark: 2."
            ),
        )
    if versions.hash_of(core) != document["coreHash"]:
        raise Invalid(
            said("The content does not give the fingerprint that the file names: it was changed."),
            field="file",
            mend=said("Take the file again from the publisher's page."),
        )
    try:
        return Standard.model_validate({**core, **around})
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Invalid(
            said("The published standard has a member that is not known: {place}.", place=place), field=place
        ) from None
