"""Translations of a standard: saving them, reading them, and a version in another language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery

from guildmark.design import drafts, languages, limits, policies, queries, versions, wording
from guildmark.design.languages import TranslationView
from guildmark.design.models import Achievement, TranslationRevision
from guildmark.design.types import VersionView
from guildmark.kernel import audit
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.problems import FieldProblem, Invalid, NotFound
from guildmark.kernel.words import Count, numbered, said

#: A translation may be this much longer than the longest source text.
LONGER = 2


def _newest(org_id: UUID, achievement_id: UUID) -> dict[str, TranslationRevision]:
    found: dict[str, TranslationRevision] = {}
    rows = TranslationRevision.objects.for_org(org_id).filter(achievement_id=achievement_id)
    for row in rows.order_by("language", "number"):
        found[row.language] = row
    return found


def translations(version: VersionView) -> list[TranslationView]:
    """What is there of a version in each language that was begun, by language."""
    return [
        TranslationView(language, row.number, row.hash, languages.rows(version.standard, row.content))
        for language, row in _newest(version.org_id, version.achievement_id).items()
        if language != version.standard.language
    ]


def behind(org_id: UUID, versions: Iterable[VersionView]) -> dict[UUID, dict[str, int]]:
    """By the id of a standard, the languages that were begun and how many texts of its version they lack or have of an
    older one. One query, whatever the number of versions; standards without such a language are left out.
    """
    views = {view.achievement_id: view for view in versions}
    rows = TranslationRevision.objects.for_org(org_id).filter(achievement_id__in=views)
    newest = TranslationRevision.objects.for_org(org_id).filter(
        achievement_id=OuterRef("achievement_id"), language=OuterRef("language")
    )
    found: dict[UUID, dict[str, int]] = {}
    for row in rows.filter(number=Subquery(newest.order_by("-number").values("number")[:1])):
        standard = views[row.achievement_id].standard
        states = [one.state for one in languages.rows(standard, row.content)]
        left = len(states) - states.count("current")
        if left and row.language != standard.language:
            found.setdefault(row.achievement_id, {})[row.language] = left
    return found


def translation(version: VersionView, language: str) -> TranslationView:
    """A version in one language, begun or not."""
    if (
        language == version.standard.language
        or not policies.LANGUAGE_TAG.match(language)
        or len(language) > 20
    ):
        raise NotFound(said("There is no translation into this language."))
    known = next((one for one in translations(version) if one.language == language), None)
    return known or TranslationView(language, 0, "", languages.rows(version.standard, {}))


def in_language(version: VersionView, language: str) -> tuple[VersionView, TranslationView | None]:
    """A version as a reader of a language sees it; itself where nothing is translated.

    Only the words change: core, hash and number stay those of the version.
    """
    if language in {"", version.standard.language}:
        return version, None
    found = next((one for one in translations(version) if one.language == language and one.current), None)
    if found is None:
        return version, None
    return replace(version, standard=languages.translated(version.standard, found)), found


@transaction.atomic
def save_translation(
    *,
    by: Actor,
    org_id: UUID,
    version_id: UUID,
    language: str,
    texts: Mapping[str, str],
    revision: int | None = None,
) -> TranslationView:
    """Keep translations of texts of a version, by path; an empty one is taken back.

    Each is bound to the text as it stands in the version. ``revision`` is the one that the writer started from.
    Raises Invalid with one problem per text that cannot be kept; nothing is kept then.
    """
    by.require(org_id, "designer")
    version = queries.version(org_id, version_id)
    if not policies.LANGUAGE_TAG.match(language) or len(language) > 20:
        raise Invalid(
            said("This is not a language tag."), field="language", mend=said("Use en, de, es or the like.")
        )
    if language == version.standard.language:
        raise Invalid(
            said("The standard is written in this language."),
            field="language",
            mend=said("Choose another one."),
        )
    # Two savers wait for each other here, so that a number is given once.
    Achievement.objects.for_org(org_id).select_for_update().get(id=version.achievement_id)
    newest = _newest(org_id, version.achievement_id).get(language)
    number = newest.number if newest else 0
    if revision is not None and revision != number:
        raise Invalid(
            said("Somebody saved this translation after you opened it."),
            field="revision",
            mend=said(
                "What you typed is still here. Compare it with the stored one in a second window and save again."
            ),
        )
    given = _checked(version, texts)
    before = newest.content if newest else {}
    content = languages.with_texts(before, given)
    if content == before:
        return translation(version, language)
    row = TranslationRevision.objects.create(
        org_id=org_id,
        achievement_id=version.achievement_id,
        language=language,
        number=number + 1,
        content=content,
        hash=versions.hash_of(content),
        created_at=now(),
        created_by=by.id if by.kind == "user" else None,
    )
    audit.record(
        org_id=org_id,
        by=by,
        action="design.translation_saved",
        subject_type="achievement",
        subject_id=version.achievement_id,
        data={"language": language, "revision": row.number, "hash": row.hash},
    )
    return translation(version, language)


def _checked(version: VersionView, texts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    sources = dict(languages.texts(version.standard))
    problems, made = [], {}
    for path, text in texts.items():
        source = sources.get(path)
        if source is None:
            problems.append(
                FieldProblem(path, said("The standard has no such text."), said("Load the page again."))
            )
            continue
        tidied: str = drafts.tidy(text, path)
        name = drafts.plain_path(path)
        limit = LONGER * max(limits.TEXTS.get(name, limits.DEFAULT_TEXT), len(source))
        hidden = wording.forbidden_characters(tidied, lines=name in limits.LINES)
        if len(tidied) > limit:
            too_long = numbered(
                "The text has more than {n} character.",
                "The text has more than {n} characters.",
                n=Count(limit),
            )
            problems.append(FieldProblem(path, too_long, said("Shorten it.")))
        elif hidden:
            problems.append(
                FieldProblem(
                    path,
                    said("The text holds a hidden character."),
                    said("Type that place again without pasting."),
                )
            )
        made[path] = (languages.digest(source), tidied)
    if problems:
        raise Invalid(said("Some of this translation cannot be kept."), errors=problems)
    return made


def translation_document(version: VersionView, language: str) -> dict[str, Any]:
    """The public JSON of a translation: texts by path with their state, and the hash of its newest revision."""
    view = translation(version, language)
    if not view.number:
        raise NotFound(said("There is no translation into this language."))
    return {
        "slug": version.slug,
        "version": version.number,
        "coreHash": version.core_hash,
        "sourceLanguage": version.standard.language,
        "language": language,
        "revision": view.number,
        "hash": view.hash,
        "texts": {
            row.path: {"state": row.state, "source": row.source, "text": row.text or None}
            for row in view.rows
        },
    }
