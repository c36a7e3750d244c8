"""The dossier of one published version, put together."""

from __future__ import annotations

from guildmark.kernel.web import absolute
from guildmark.people.types import OrgView
from guildmark.site.dossier import judging, sections
from guildmark.site.dossier.records import Records, gather
from guildmark.site.dossier.types import Dossier

#: Every section, in the order in which somebody who doubts would ask.
ORDER = (
    sections.rationale,
    sections.people,
    sections.mapping,
    judging.assessment,
    judging.strength,
    sections.statistics,
    sections.changes,
    sections.what_it_does_not_show,
)


def compose(org: OrgView, slug: str, number: str) -> tuple[Dossier, Records]:
    """The dossier of a version and the records behind it; NotFound where the version is not published."""
    records = gather(org, slug, number)
    version = records.version
    made = Dossier(
        slug=version.slug,
        number=version.number,
        title=version.standard.title,
        claim=version.standard.claim or version.standard.summary,
        organisation=records.org.name,
        language=version.standard.language,
        state=version.state,
        core_hash=version.core_hash,
        intact=records.intact,
        published_at=version.published_at,
        made_at=records.at,
        url=absolute(f"/s/{version.slug}/v/{version.number}"),
        sections=tuple(make(records) for make in ORDER),
    )
    return made, records
