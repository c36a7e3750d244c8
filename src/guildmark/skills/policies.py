"""Who may do what with frameworks, and what an import refuses."""

from __future__ import annotations

from guildmark.kernel.problems import Invalid
from guildmark.kernel.words import said
from guildmark.skills.formats import READERS
from guildmark.skills.formats.common import Options, UnreadableFramework, language_tag
from guildmark.skills.formats.plain import FIELDS

WRITERS = ("designer",)
#: An import that would withdraw more than this share of a framework, and more than so many skills, must be meant.
SHARE_GONE, MANY_GONE = 0.5, 100
LIMITS = {
    "uri": 500,
    "title": 300,
    "version": 60,
    "publisher": 300,
    "licence": 300,
    "licence_url": 500,
    "attribution": 300,
}


def ensure_usable(options: Options) -> Options:
    """The options with their texts trimmed. Raises Invalid for an unknown format, language or column."""
    if options.format and options.format not in READERS:
        raise Invalid(
            said("There is no such format."),
            field="format",
            mend=said("Known: {names}.", names=", ".join(READERS)),
        )
    if options.language and not language_tag(options.language):
        raise Invalid(
            said("{tag} is no language tag.", tag=repr(options.language[:40])),
            field="language",
            mend=said("Use one such as en, de or es-MX."),
        )
    for name, limit in LIMITS.items():
        if len(getattr(options, name)) > limit:
            raise Invalid(said("This text is longer than {n} characters.", n=str(limit)), field=name)
    for column in options.columns:
        if column not in FIELDS:
            raise Invalid(
                said("There is no column {column} here.", column=repr(column[:40])),
                field="columns",
                mend=said("Known: {names}.", names=", ".join(FIELDS)),
            )
    if options.licence_url and not options.licence_url.startswith(("https://", "http://")):
        raise Invalid(said("The address of the licence is no web address."), field="licence_url")
    return options


def ensure_not_a_part(title: str, gone: int, current: int, *, meant: bool) -> None:
    """Refuse a file that leaves out most of a framework unless that is what is wanted."""
    if meant or gone <= MANY_GONE or gone <= SHARE_GONE * current:
        return
    raise UnreadableFramework(
        f"The file leaves out {gone:,} of the {current:,} skills of “{title}”: it may be only a part of it.",
        field="file",
        mend="If these skills are really gone, import it again and allow that they are withdrawn.",
    )
