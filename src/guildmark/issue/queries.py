"""Reads of awards and credentials. Public reads find by the public id; all others need the organisation."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, overload
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from guildmark.design import queries as design
from guildmark.design import tool_queries
from guildmark.design.tools import ToolChange
from guildmark.design.types import AchievementView, VersionView
from guildmark.issue import policies, statuses
from guildmark.issue.batch_queries import batch as batch
from guildmark.issue.batch_queries import refused_lines as refused_lines
from guildmark.issue.document import core_bytes, credential_url, v2_profile
from guildmark.issue.lists import iter_rows, read_rows
from guildmark.issue.models import Award, Credential, CredentialEvent, StatusList
from guildmark.issue.stamps import list_stamp as list_stamp
from guildmark.issue.stamps import page_stamp as page_stamp
from guildmark.issue.types import AwardView, CredentialPage, CredentialView, Currency, EventView, StatusNow
from guildmark.kernel.clock import now
from guildmark.kernel.crypto import keyed_hash
from guildmark.kernel.ids import human_code, read_human_code
from guildmark.kernel.problems import NotFound
from guildmark.kernel.web import absolute
from guildmark.kernel.words import said
from guildmark.keys import queries as keys
from guildmark.people import queries as people
from guildmark.protocol.openbadges.supersession import record_url

_UUID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_STATUS_LIST = re.compile(f"/status/{_UUID}")
_SUPERSESSION = re.compile(f"/c/{_UUID}/supersession")

#: A list of completions as rows, at once or line by line; ValueError names the line that cannot be read.
read_completion_list = read_rows
iter_completion_list = iter_rows

STATES = ("valid", "not_yet_valid", "expired", "suspended", "revoked", "superseded")


def credential_view(row: Credential) -> CredentialView:
    return CredentialView(
        id=row.id,
        public_id=row.public_id,
        org_id=row.org_id,
        award_id=row.award_id,
        learner_id=row.learner_id,
        achievement_id=row.achievement_id,
        version_id=row.version_id,
        signal=row.signal,
        title=row.title,
        holder_name=row.holder_name,
        holder_email=row.holder_email,
        human_code=human_code(row.public_id),
        body=bytes(row.body),
        body_sha256=row.body_sha256,
        state=row.state,
        reason=row.reason,
        issued_at=row.issued_at,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        supersedes=row.supersedes,
        superseded_by=row.superseded_by,
        visibility=row.visibility,  # type: ignore[arg-type]
        shown_evidence=frozenset(row.shown_evidence),
        shown_name=row.shown_name,
        status_epoch=row.status_epoch,
        claimed_at=row.claimed_at,
        changed_at=row.changed_at,
    )


def award_view(row: Award) -> AwardView:
    issued = row.state == "issued"
    return AwardView(
        id=row.id,
        org_id=row.org_id,
        learner_id=row.learner_id,
        version_id=row.version_id,
        decision_id=row.decision_id,
        signal=row.signal,
        state=row.state,
        created_at=row.created_at,
        credential_id=row.public_id if issued else None,
        error=row.error,
        title=row.title,
        holder_name=row.holder_name,
        supersedes=row.supersedes,
    )


# for outsiders: by the unguessable id


def _public_row(public_id: UUID) -> Credential:
    row = (
        Credential.objects.across_orgs("a public address names no organisation")
        .filter(public_id=public_id)
        .first()
    )
    if row is None:
        raise NotFound(policies.MISSING)
    return row


def credential(public_id: UUID) -> CredentialView:
    """A credential by its public id, whatever its holder shows; callers decide what becomes of it."""
    return credential_view(_public_row(public_id))


def share_token(row: Credential) -> str:
    """The token of the present share link; derived, so that the holder can read the link again."""
    return keyed_hash(f"{row.public_id}:{row.share_version}", purpose="share")[:43]


def share_path(org_id: UUID, public_id: UUID) -> str:
    """The present tokened path of a credential, for its holder; empty when no link was made."""
    row = _row(org_id, public_id)
    return f"/c/{public_id}?t={share_token(row)}" if row.share_version else ""


def public_credential(public_id: UUID, token: str = "") -> CredentialView:
    """What a stranger may open: a public credential, or a private one by its link.

    NotFound in the same words for a private and an unknown one (DECISIONS 4).
    """
    row = _public_row(public_id)
    if row.visibility != "public":
        allowed = row.share_version > 0 and token.isascii() and hmac.compare_digest(share_token(row), token)
        if not allowed:
            raise NotFound(policies.MISSING)
    return credential_view(row)


def find_by_code(code: str) -> CredentialView | None:
    """The public credential with a typed human code; None for a wrong check character or an unknown one."""
    number = read_human_code(code)
    if number is None:
        return None
    rows = Credential.objects.across_orgs("a typed code names no organisation")
    row = rows.filter(code_number=number, visibility="public").first()
    return credential_view(row) if row else None


def supersession_record(public_id: UUID) -> bytes:
    """The signed record that a corrected credential took the place of this one."""
    row = _public_row(public_id)
    if row.supersession is None:
        raise NotFound(said("This credential was not superseded."))
    return bytes(row.supersession)


def standard_core(slug: str, number: str) -> bytes:
    """The bytes that a credential's ``relatedResource`` digest covers: the JCS form of what binds."""
    return core_bytes(design.published_version(slug, number))


# the state of a credential


def end_of(view: CredentialView, at: datetime) -> str:
    if at < view.valid_from:
        return "not_yet_valid"
    return "expired" if view.valid_until and at > view.valid_until else "valid"


def verdict(view: CredentialView, at: datetime | None = None) -> str:
    """The verdict word of :func:`status_now` alone, without a look at the standard; for lists."""
    if view.state == "revoked":
        return "superseded" if view.superseded_by else "revoked"
    return "suspended" if view.state == "suspended" else end_of(view, at or now())


def status_now(view: CredentialView, at: datetime | None = None) -> StatusNow:
    """The verdict on a stored credential, in the order of DECISIONS 8. ``at`` shifts validity only."""
    moment = at or now()
    word = verdict(view, moment)
    if word != "valid":
        return replace(
            _not_valid(view, word, moment), changes=_coming(moment, view.valid_from, view.valid_until)
        )
    version = design.version(view.org_id, view.version_id)
    tools, days = tool_queries.of_version(version, moment)
    achievement = design.achievement(view.org_id, view.achievement_id)
    return StatusNow(
        word,
        moment,
        warnings=_standing(version, achievement, tools, moment),
        tool_changes=tools,
        changes=_coming(moment, view.valid_until, version.review_due, version.superseded_at, *days),
    )


def _coming(at: datetime, *moments: datetime | None) -> tuple[datetime, ...]:
    return tuple(moment for moment in moments if moment is not None and moment >= at)


def _not_valid(view: CredentialView, word: str, moment: datetime) -> StatusNow:
    if word in ("revoked", "superseded", "suspended"):
        return StatusNow(word, moment, view.reason, view.changed_at, view.superseded_by)
    return StatusNow(word, moment)


def _standing(
    version: VersionView, achievement: AchievementView, tools: tuple[ToolChange, ...], moment: datetime
) -> tuple[str, ...]:
    warnings = []
    if design.review_overdue(version, moment):
        warnings.append("review_overdue")
    if tools:
        warnings.append("tool_changed")
    if achievement.published_id is not None and achievement.published_id != version.id:
        warnings.append("newer_standard")
    return tuple(warnings)


def shown_now(org_id: UUID, public_ids: Iterable[UUID]) -> dict[UUID, tuple[CredentialView, StatusNow]]:
    """Credentials of an organisation with their verdicts, in as many queries for fifty as for one."""
    moment = now()
    rows = Credential.objects.for_org(org_id).filter(public_id__in=list(public_ids))
    views = [credential_view(row) for row in rows]
    versions = design.versions_by_id(org_id, {view.version_id for view in views})
    standings = {row.id: row for row in design.achievements(org_id, archived=True)}
    changed = tool_queries.unanswered(org_id, versions.values(), moment)
    found = {}
    for view in views:
        word = verdict(view, moment)
        if word == "valid":
            tools = changed.get(view.version_id, ())
            warnings = _standing(versions[view.version_id], standings[view.achievement_id], tools, moment)
            status = StatusNow(word, moment, warnings=warnings, tool_changes=tools)
        else:
            status = _not_valid(view, word, moment)
        found[view.public_id] = (view, status)
    return found


# for the organisation


def _row(org_id: UUID, public_id: UUID) -> Credential:
    row = Credential.objects.for_org(org_id).filter(public_id=public_id).first()
    if row is None:
        raise NotFound(policies.MISSING)
    return row


def org_credential(org_id: UUID, public_id: UUID) -> CredentialView:
    """A credential of the organisation; NotFound for everybody else's."""
    return credential_view(_row(org_id, public_id))


def events_of(org_id: UUID, public_id: UUID) -> list[EventView]:
    """The history of a credential, newest first."""
    rows = CredentialEvent.objects.for_org(org_id).filter(public_id=public_id)
    return [EventView(row.kind, row.reason, row.at, row.by_label) for row in rows.order_by("-at", "-id")]


def _in_state(rows: QuerySet[Credential], state: str) -> QuerySet[Credential]:
    moment = now()
    if state in ("revoked", "superseded"):
        return rows.filter(state="revoked", superseded_by__isnull=state == "revoked")
    if state == "suspended":
        return rows.filter(state="suspended")
    rows = rows.filter(state="issued")
    if state == "not_yet_valid":
        return rows.filter(valid_from__gt=moment)
    if state == "expired":
        return rows.filter(valid_until__lt=moment)
    return rows.filter(Q(valid_until=None) | Q(valid_until__gte=moment), valid_from__lte=moment)


def _search(
    org_id: UUID, query: str, state: str, achievement_id: UUID | None, learner_id: UUID | None
) -> QuerySet[Credential]:
    rows = Credential.objects.for_org(org_id)
    words = query.strip()
    if words:
        wanted = (
            Q(holder_name__icontains=words) | Q(holder_email__icontains=words) | Q(title__icontains=words)
        )
        number = read_human_code(words)
        rows = rows.filter(wanted if number is None else wanted | Q(code_number=number))
    if achievement_id is not None:
        rows = rows.filter(achievement_id=achievement_id)
    if learner_id is not None:
        rows = rows.filter(learner_id=learner_id)
    if state in STATES:
        rows = _in_state(rows, state)
    return rows.order_by("-issued_at", "-id")


class CredentialRows(Sequence[CredentialView]):
    """A lazy list of credentials for a paginator: counts once, reads the slice that is asked for."""

    def __init__(self, rows: QuerySet[Credential]) -> None:
        self._rows = rows
        self._total: int | None = None

    def __len__(self) -> int:
        if self._total is None:
            self._total = self._rows.count()
        return self._total

    @overload
    def __getitem__(self, place: int) -> CredentialView: ...
    @overload
    def __getitem__(self, place: slice) -> list[CredentialView]: ...
    def __getitem__(self, place: int | slice) -> CredentialView | list[CredentialView]:
        if isinstance(place, slice):
            return [credential_view(row) for row in self._rows[place]]
        return credential_view(self._rows[place])


def credential_rows(
    org_id: UUID,
    *,
    query: str = "",
    state: str = "",
    achievement_id: UUID | None = None,
    learner_id: UUID | None = None,
) -> CredentialRows:
    """Credentials of an organisation, newest first. ``query`` looks in name, address, title and code."""
    return CredentialRows(_search(org_id, query, state, achievement_id, learner_id))


def credentials(
    org_id: UUID,
    *,
    query: str = "",
    state: str = "",
    achievement_id: UUID | None = None,
    learner_id: UUID | None = None,
    offset: int = 0,
    limit: int = 50,
) -> CredentialPage:
    """One page of :func:`credential_rows`, and how many there are. At most 200 at once."""
    found = credential_rows(
        org_id, query=query, state=state, achievement_id=achievement_id, learner_id=learner_id
    )
    start = max(offset, 0)
    return CredentialPage(tuple(found[start : start + min(max(limit, 1), 200)]), len(found))


def credentials_of_user(user_id: UUID) -> list[CredentialView]:
    """Every credential of a person's learner records, over all organisations, newest first."""
    mine = [learner.id for learner in people.learners_of_user(user_id)]
    rows = Credential.objects.across_orgs("a person's own credentials").filter(learner_id__in=mine)
    return [credential_view(row) for row in rows.order_by("-issued_at", "-id")]


def holders(org_id: UUID, version_ids: Iterable[UUID]) -> int:
    """How many people hold a credential of these versions that is neither revoked nor expired."""
    rows = (
        Credential.objects.for_org(org_id).filter(version_id__in=list(version_ids)).exclude(state="revoked")
    )
    current = rows.filter(Q(valid_until=None) | Q(valid_until__gt=now()))
    return current.values("learner_id").distinct().count()


def currency(org_id: UUID) -> dict[UUID, Currency]:
    """By the id of a standard, how many of its credentials are valid now and how many of these end soon.

    Counted by the index ``credential_currency`` alone; no credential is read.
    """
    moment = now()
    rows = _in_state(Credential.objects.for_org(org_id), "valid")
    counted = rows.values("achievement_id").annotate(
        valid=Count("*"),
        in_30=Count("valid_until", filter=Q(valid_until__lte=moment + timedelta(days=30))),
        in_90=Count("valid_until", filter=Q(valid_until__lte=moment + timedelta(days=90))),
    )
    return {
        row["achievement_id"]: Currency(row["valid"], row["in_30"], row["in_90"])
        for row in counted.order_by()
    }


def award(org_id: UUID, award_id: UUID) -> AwardView:
    row = Award.objects.for_org(org_id).filter(id=award_id).first()
    if row is None:
        raise NotFound(said("There is no such award."))
    return award_view(row)


def decision_of(org_id: UUID, public_id: UUID) -> UUID | None:
    """The decision that a credential tells of; None for a completion record."""
    return _row(org_id, public_id).award.decision_id


def award_of_decision(org_id: UUID, decision_id: UUID) -> AwardView | None:
    row = Award.objects.for_org(org_id).filter(decision_id=decision_id, supersedes=None).first()
    return award_view(row) if row else None


def awards_waiting(org_id: UUID) -> list[AwardView]:
    """Awards without a credential, newest first: waiting, failed (with the reason) and declined ones."""
    rows = Award.objects.for_org(org_id).exclude(state="issued")
    return [award_view(row) for row in rows.order_by("-created_at", "-id")]


# for those who check without us


def issuer_profile(org_id: UUID) -> dict[str, Any]:
    """What ``/o/SLUG`` serves as JSON."""
    return keys.issuer_profile(org_id)


def issuer_documents(org_id: UUID) -> dict[str, dict[str, Any]]:
    """What tells who the issuer is, under its addresses: DID document, profiles, keys."""
    profile = v2_profile(people.organisation(org_id))
    return {**keys.controller_documents(org_id), profile["id"]: profile}


def trust_document(org_id: UUID, url: str) -> dict[str, Any] | None:
    """One status list or supersession record, found without reading the others; None for another address."""
    path = url.removeprefix(absolute(""))
    if found := _STATUS_LIST.fullmatch(path):
        public_id = UUID(found[1])
        if not StatusList.objects.for_org(org_id).filter(public_id=public_id).exists():
            return None
        return _parsed(bytes(statuses.current(public_id).body))
    if found := _SUPERSESSION.fullmatch(path):
        row = Credential.objects.for_org(org_id).filter(public_id=UUID(found[1])).only("supersession").first()
        return _parsed(bytes(row.supersession)) if row and row.supersession else None
    return None


def _parsed(body: bytes) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(body)
    return document


def trust_documents(org_id: UUID | None = None) -> dict[str, dict[str, Any]]:
    """What a trust file carries, under its addresses, for one organisation or all (DECISIONS 11).

    DID documents, issuer profiles, status lists (signed now) and supersession records.
    """
    chosen = [org_id] if org_id else [org.id for org in people.organisations()]
    documents: dict[str, dict[str, Any]] = {}
    for one in chosen:
        documents.update(issuer_documents(one))
        for row in StatusList.objects.for_org(one).defer("bits", "body").order_by("shard", "purpose"):
            documents[statuses.list_url(row)] = json.loads(bytes(statuses.current(row.public_id).body))
        records = Credential.objects.for_org(one).exclude(supersession=None)
        for public_id, record in records.values_list("public_id", "supersession"):
            documents[record_url(credential_url(public_id))] = json.loads(bytes(record))
    return documents
