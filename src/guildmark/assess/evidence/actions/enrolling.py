"""Joining: links, open enrolment, lists, and agreeing to the bar."""

from __future__ import annotations

import csv
import io
from uuid import UUID

from django.db import IntegrityError, transaction

from guildmark.assess.evidence import bars, events, policies, views
from guildmark.assess.evidence.actions import handing_in
from guildmark.assess.evidence.models import Enrolment, EnrolmentLink, Submission
from guildmark.assess.evidence.states import ENROLMENT, LINK, OPEN_SUBMISSIONS
from guildmark.assess.evidence.types import EnrolmentView, ImportReport, ImportRow, LinkView
from guildmark.design.types import VersionView
from guildmark.kernel import audit, outbox
from guildmark.kernel.actor import Actor
from guildmark.kernel.clock import now
from guildmark.kernel.crypto import new_token
from guildmark.kernel.problems import Conflict, Forbidden, Gone, GuildmarkError, Invalid, NotFound
from guildmark.kernel.words import Count, said
from guildmark.people import actions as people_actions
from guildmark.people import queries as people

MAX_CSV_BYTES = 1_000_000
MAX_CSV_ROWS = 2_000


@transaction.atomic
def open_link(
    *, by: Actor, org_id: UUID, achievement_id: UUID, label: str = "", open_enrolment: bool = False
) -> LinkView:
    """A link by which learners join. Open enrolment has one link per achievement, which the bar page shows."""
    by.require(org_id, "registrar", "designer")
    bars.published(org_id, achievement_id)
    if open_enrolment:
        rows = EnrolmentLink.objects.for_org(org_id).filter(achievement_id=achievement_id, state="open")
        existing = rows.filter(open_enrolment=True).first()
        if existing is not None:
            return views.link_view(existing)
    row = EnrolmentLink.objects.create(
        org_id=org_id,
        achievement_id=achievement_id,
        token=new_token()[:24],
        label=policies.clean_text(label, field="label", limit=120).replace("\n", " "),
        open_enrolment=open_enrolment,
        created_by=by.id,
        created_at=now(),
    )
    audit.record(
        org_id=org_id,
        by=by,
        action="evidence.link_opened",
        subject_type="enrolment_link",
        subject_id=row.id,
        data={"achievement": str(achievement_id), "open": open_enrolment},
    )
    return views.link_view(row)


@transaction.atomic
def close_link(*, by: Actor, org_id: UUID, link_id: UUID) -> LinkView:
    """Nobody joins by this link any more; who has joined stays."""
    by.require(org_id, "registrar", "designer")
    row = EnrolmentLink.objects.for_org(org_id).select_for_update().filter(id=link_id).first()
    if row is None:
        raise NotFound(said("There is no such enrolment link."))
    LINK.check(row.state, "closed")
    row.state, row.closed_at = "closed", now()
    row.save(update_fields=["state", "closed_at"])
    audit.record(
        org_id=org_id, by=by, action="evidence.link_closed", subject_type="enrolment_link", subject_id=row.id
    )
    return views.link_view(row)


def _enrol(
    by: Actor,
    org_id: UUID,
    learner_id: UUID,
    achievement_id: UUID,
    source: str,
    link: EnrolmentLink | None = None,
) -> tuple[Enrolment, bool]:
    """The enrolment of a learner, made once; True when it was made now."""
    rows = Enrolment.objects.for_org(org_id).filter(
        learner_id=learner_id, achievement_id=achievement_id, bridge_from=None
    )
    existing = rows.first()
    if existing is not None:
        return existing, False
    try:
        with transaction.atomic():
            row = Enrolment.objects.create(
                org_id=org_id,
                learner_id=learner_id,
                achievement_id=achievement_id,
                source=source,
                link=link,
                created_at=now(),
            )
    except IntegrityError:
        return rows.get(), False
    audit.record(
        org_id=org_id,
        by=by,
        action="evidence.enrolled",
        subject_type="enrolment",
        subject_id=row.id,
        data={"learner": str(learner_id), "achievement": str(achievement_id), "source": source},
    )
    payload = {"enrolment_id": row.id, "learner_id": learner_id, "achievement_id": achievement_id}
    outbox.emit(org_id, events.ENROLLED, {key: str(value) for key, value in payload.items()})
    return row, True


@transaction.atomic
def enrol(
    *, by: Actor, org_id: UUID, achievement_id: UUID, email: str, name: str, source: str = "api"
) -> EnrolmentView:
    """Enrol one learner by address; enrolling twice gives the same enrolment."""
    by.require(org_id, "registrar")
    bars.published(org_id, achievement_id)
    learner = people_actions.ensure_learner(by=by, org_id=org_id, email=email, name=name)
    return views.enrolment_view(_enrol(by, org_id, learner.id, achievement_id, source)[0])


@transaction.atomic
def enrol_by_link(*, user_id: UUID, token: str, name: str) -> EnrolmentView:
    """A signed-in person joins by a shared link, under an address that they have proven."""
    links = EnrolmentLink.objects.across_orgs("an enrolment link names its organisation")
    link = links.filter(token=token).first()
    if link is None:
        raise NotFound(said("This enrolment link is not known."), mend=said("Copy the whole link once more."))
    if link.state != "open":
        raise Gone(said("This enrolment link is closed."), mend=said("Ask the organisation for a new one."))
    addresses = people.verified_addresses(user_id)
    if not addresses:
        raise Forbidden(
            said("Your e-mail address is not confirmed."),
            mend=said("Open the link in the message we sent you first."),
        )
    bars.published(link.org_id, link.achievement_id)
    by = Actor("user", user_id, link.org_id)
    people_actions.adopt_learners(user_id)
    known = [learner for learner in people.learners_of_user(user_id) if learner.org_id == link.org_id]
    learner = known[0] if known else None
    if learner is None:
        learner = people_actions.ensure_learner(by=by, org_id=link.org_id, email=addresses[0], name=name)
    if learner.user_id != user_id:
        raise Conflict(
            said("Another account has joined with this address."), mend=said("Sign in with that account.")
        )
    source = "open" if link.open_enrolment else "link"
    return views.enrolment_view(_enrol(by, link.org_id, learner.id, link.achievement_id, source, link)[0])


def _csv_rows(text: str) -> list[tuple[int, str, str]]:
    """Line number, address and name of each row; Invalid when the file is no list with these two columns."""
    if len(text.encode()) > MAX_CSV_BYTES:
        raise Invalid(
            said("The list is larger than {n} kB.", n=Count(MAX_CSV_BYTES // 1000)),
            field="csv",
            mend=said("Split it into smaller ones."),
        )
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid(
            said("The list cannot be read: {error}.", error=str(error)),
            field="csv",
            mend=said("Save it as CSV in UTF-8."),
        ) from None
    head = [cell.strip().lower() for cell in lines[0]] if lines else []
    if "email" not in head or "name" not in head:
        raise Invalid(
            said("The first line does not name the columns email and name."),
            field="csv",
            mend=said("Begin the list with the line: email,name"),
        )
    at, called = head.index("email"), head.index("name")
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in cells):
            padded = cells + [""] * len(head)
            rows.append((number, padded[at].strip(), padded[called].strip()))
    if not rows:
        raise Invalid(
            said("The list names nobody."),
            field="csv",
            mend=said("Add one line per learner below the first."),
        )
    if len(rows) > MAX_CSV_ROWS:
        raise Invalid(
            said(
                "The list has {n} learners; the limit is {most}.",
                n=Count(len(rows)),
                most=Count(MAX_CSV_ROWS),
            ),
            field="csv",
            mend=said("Split it."),
        )
    return rows


def import_learners(
    *,
    by: Actor,
    org_id: UUID,
    achievement_id: UUID,
    csv_text: str,
    dry_run: bool = True,
    skip_bad: bool = False,
) -> ImportReport:
    """Enrol the learners of a CSV list with the columns email and name.

    A dry run does everything and takes it back, so its findings are those of the real run. A real run with bad
    rows is refused as a whole, unless ``skip_bad`` says that these may be left out.
    """
    by.require(org_id, "registrar")
    bars.published(org_id, achievement_id)
    given = _csv_rows(csv_text)
    with transaction.atomic():
        rows = _import_rows(by, org_id, achievement_id, given)
        report = ImportReport(tuple(rows), dry_run)
        if dry_run:
            transaction.set_rollback(True)
        elif report.problems and not skip_bad:
            first = report.problems[0]
            raise Invalid(
                said(
                    "{n} of {all} lines cannot be used; line {line}: {problem}",
                    n=len(report.problems),
                    all=len(rows),
                    line=str(first.line),
                    problem=first.problem,
                ),
                field="csv",
                mend=said("Mend these lines, or leave them out on purpose. Nobody was enrolled."),
            )
        elif report.to_enrol:
            audit.record(
                org_id=org_id,
                by=by,
                action="evidence.list_imported",
                subject_type="achievement",
                subject_id=achievement_id,
                data={"enrolled": report.to_enrol, "left_out": len(report.problems)},
            )
    return report


def _import_rows(
    by: Actor, org_id: UUID, achievement_id: UUID, given: list[tuple[int, str, str]]
) -> list[ImportRow]:
    rows: list[ImportRow] = []
    seen: dict[str, int] = {}
    for line, email, name in given:
        address = email.lower()
        if address in seen:
            problem = said("The same address stands on line {line}.", line=str(seen[address]))
            rows.append(ImportRow(line, email[:254], name[:200], "problem", problem))
            continue
        seen[address] = line
        known = people.learner_by_email(org_id, address) is not None
        try:
            with transaction.atomic():
                learner = people_actions.ensure_learner(by=by, org_id=org_id, email=email, name=name)
                made = _enrol(by, org_id, learner.id, achievement_id, "csv")[1]
        except GuildmarkError as error:
            rows.append(ImportRow(line, email[:254], name[:200], "problem", error.in_words()))
            continue
        state = ("known" if known else "new") if made else "enrolled"
        rows.append(ImportRow(line, learner.email, learner.name, state))
    return rows


@transaction.atomic
def acknowledge_bar(
    *, by: Actor, org_id: UUID, enrolment_id: UUID, version_id: UUID, core_hash: str
) -> EnrolmentView:
    """The learner has read the bar: the published version whose hash was shown. Kept with its moment (TV4).

    Conflict when another version is the bar now, when the hash is another one, or when work is under way. Only an open
    draft whose version no longer counts goes on under the new one.
    """
    row = Enrolment.objects.for_org(org_id).select_for_update().filter(id=enrolment_id).first()
    if row is None:
        raise NotFound(policies.MISSING)
    policies.ensure_learner_side(by, org_id, row.learner_id)
    ENROLMENT.check(row.state, "acknowledged")
    version = bars.version(org_id, version_id)
    if version.achievement_id != row.achievement_id:
        raise NotFound(said("This version belongs to another standard."))
    policies.ensure_public_bar(version)
    present = bars.published(org_id, row.achievement_id)
    if present.id != version.id:
        numbers = {"number": version.number, "present": present.number}
        raise Conflict(
            said("Version {number} is not the bar yet; version {present} is.", **numbers)
            if version.state == "scheduled"
            else said("Version {number} is not the bar any more; version {present} is.", **numbers),
            mend=said("Read the present version and agree to that one."),
        )
    if core_hash != version.core_hash:
        raise Conflict(
            said("The fingerprint is not that of the published version."),
            field="core_hash",
            mend=said("Open the bar again and agree to what it shows now."),
        )
    policies.ensure_logged_bar(version, core_hash, now())
    left_out = _carry_draft(row, version)
    row.state, row.version_id, row.core_hash, row.acknowledged_at = (
        "acknowledged",
        version.id,
        core_hash,
        now(),
    )
    row.save(update_fields=["state", "version_id", "core_hash", "acknowledged_at"])
    audit.record(
        org_id=org_id,
        by=by,
        action="evidence.bar_acknowledged",
        subject_type="enrolment",
        subject_id=row.id,
        data={"version": str(version.id), "core_hash": core_hash, "left_out": left_out},
    )
    return views.enrolment_view(row)


def _carry_draft(row: Enrolment, version: VersionView) -> int:
    """Move the open draft of an enrolment under a new version if its own no longer counts; how many pieces that left out."""
    open_work = (
        Submission.objects.for_org(row.org_id).filter(enrolment=row, state__in=OPEN_SUBMISSIONS).first()
    )
    if open_work is None:
        return 0
    ended = bars.window(bars.version(row.org_id, open_work.version_id)).ended(now())
    if open_work.state != "draft" or not ended:
        raise Conflict(
            said("Work is under way against the version agreed to before."),
            mend=said("Change the version after its decision."),
        )
    return handing_in.move_draft(open_work, version)


@transaction.atomic
def withdraw(*, by: Actor, org_id: UUID, enrolment_id: UUID) -> EnrolmentView:
    """End an enrolment without a decision; by the learner or the organisation."""
    row = Enrolment.objects.for_org(org_id).select_for_update().filter(id=enrolment_id).first()
    if row is None:
        raise NotFound(policies.MISSING)
    if by.kind == "learner":
        policies.ensure_learner_side(by, org_id, row.learner_id)
    else:
        by.require(org_id, "registrar")
    ENROLMENT.check(row.state, "withdrawn")
    waiting = Submission.objects.for_org(org_id).filter(enrolment=row, state__in=OPEN_SUBMISSIONS)
    if waiting.exclude(state="draft").exists():
        raise Conflict(said("Work is waiting for its decision."), mend=said("Withdraw after the decision."))
    row.state = "withdrawn"
    row.save(update_fields=["state"])
    audit.record(
        org_id=org_id, by=by, action="evidence.withdrawn", subject_type="enrolment", subject_id=row.id
    )
    return views.enrolment_view(row)
