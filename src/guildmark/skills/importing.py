"""The work of an import: read, compare, write beside, and put in place at once.

Reading and comparing touch nothing. What is new is written in pieces that nobody sees yet (skills as ``imported``,
ties and index under the next generation); one short transaction then puts all of it in place. A worker that dies
before leaves only such pieces, which the next try removes first.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from guildmark.kernel import audit, bulk, files, outbox
from guildmark.kernel.actor import SYSTEM
from guildmark.kernel.clock import now
from guildmark.kernel.ids import uuid7
from guildmark.kernel.problems import GuildmarkError
from guildmark.kernel.tasks import Lease, LeaseLost, Retry
from guildmark.skills import events, formats, index
from guildmark.skills.comparing import Plan, compare, content_hash
from guildmark.skills.formats.common import Options, Package, Report, SkillRow
from guildmark.skills.formats.source import Source, of_stream
from guildmark.skills.models import READ_AS, Framework, FrameworkImport, Skill, Term, Tie
from guildmark.skills.search import NOT_OFFERED
from guildmark.skills.states import FRAMEWORK, IMPORT

log = logging.getLogger("guildmark.skills")
TASK = "skills.import"
#: After so many faults of ours an import is given up; waiting for another one may take more tries.
MAX_ATTEMPTS, MAX_TRIES = 3, 20
#: How long an import waits for another one of its organisation before it lets go of its worker, in seconds.
PATIENCE, PAUSE = 45.0, 0.5
GROUP = 1_000
#: A running import that has said nothing for so long has died; its own task takes it up again.
SILENCE = timedelta(minutes=5)
DEAD = timedelta(days=1)
COUNTS = ("added", "changed", "unchanged", "withdrawn", "restored")
#: ``watch(stage, done, total)`` for whoever runs an import in person.
Watch = Callable[[str, int, int], None]

SKILL_COLUMNS = (
    "id", "org_id", "framework_id", "number", "uri", "code", "name", "description", "alternatives", "keywords", "kind",
    "level", "language", "requirement", "texts", "extra", "state", "position", "digest", "changed_at", "withdrawn_at",
)  # fmt: skip
TIE_COLUMNS = (
    "id", "org_id", "framework_id", "generation", "source", "kind", "target", "target_uri", "position",
)  # fmt: skip
TERM_COLUMNS = (
    "id", "org_id", "framework_id", "generation", "key", "frequency", "postings",
)  # fmt: skip


class Job:
    """One run of an import: its row, its lease, and how far it is."""

    def __init__(self, row: FrameworkImport, lease: Lease | None, watch: Watch | None) -> None:
        self.row, self.lease, self.watch = row, lease, watch
        self.org_id: UUID = row.org_id
        self.report = Report()
        self.stage = ""
        self._told = 0.0

    def begin(self, stage: str) -> None:
        self.stage, self._told = stage, 0.0
        self.tell(0, 0)

    def tell(self, done: int, total: int) -> None:
        """Write down how far the stage is, at most twice a second, and keep the lease; never inside a transaction."""
        if self.watch:
            self.watch(self.stage, done, total)
        if time.monotonic() - self._told < 0.5:
            return
        self._told = time.monotonic()
        if self.lease:
            self.lease.renew()
        FrameworkImport.objects.for_org(self.org_id).filter(id=self.row.id).update(
            stage=self.stage, done=done, total=total, touched_at=now()
        )

    def hold(self) -> None:
        if self.lease:
            self.lease.hold()


def run(org_id: UUID, import_id: UUID, *, lease: Lease | None = None, watch: Watch | None = None) -> None:
    """Do one import. What is wrong with the file ends it as failed; a fault of ours is tried again."""
    row = FrameworkImport.objects.for_org(org_id).get(id=import_id)
    if row.state in {"done", "failed"}:
        return
    job = Job(row, lease, watch)
    try:
        _take_turn(job)
        reading = _read(job)
        counts, frameworks = Counter[str](), []
        for package in reading.packages:
            framework_id, counted = _apply(job, package)
            frameworks.append(str(framework_id))
            counts.update(counted)
        _finish(job, reading.format, counts, frameworks)
    except LeaseLost:
        raise
    except GuildmarkError as error:
        _fail(job, str(error))
    except Retry as error:
        # Nobody tries again for a person who waits for it.
        if lease is None:
            _fail(job, f"{error} Try again in some minutes.")
        else:
            raise
    except Exception:
        if lease is None or lease.attempt >= MAX_ATTEMPTS:
            _fail(job, "The import failed on our side; the log of the server says why. Try again.")
        raise


def _take_turn(job: Job) -> None:
    """One import at a time in an organisation: two would write the same framework. Wait a while for the other one."""
    end = time.monotonic() + PATIENCE
    while not _is_our_turn(job):
        if time.monotonic() >= end:
            raise Retry("Another import of this organisation is running.")
        if job.lease:
            job.lease.renew()
        time.sleep(PAUSE)


@transaction.atomic
def _is_our_turn(job: Job) -> bool:
    # All rows that could take the turn are locked in one order, so that only one of them does.
    waiting = FrameworkImport.objects.for_org(job.org_id).filter(state__in=("queued", "running"))
    rows = list(waiting.select_for_update().order_by("id").only("id", "state", "touched_at"))
    alive = now() - SILENCE
    if any(row.state == "running" and row.touched_at > alive and row.id != job.row.id for row in rows):
        return False
    IMPORT.check(job.row.state, "running")
    FrameworkImport.objects.for_org(job.org_id).filter(id=job.row.id).update(
        state="running", touched_at=now()
    )
    return True


def _read(job: Job) -> formats.Reading:
    job.begin("reading")
    with files.open_file(job.row.file_key) as stream:
        source: Source = of_stream(stream, job.row.filename)
    said = {name: value for name, value in job.row.options.items() if name != "withdraw_many"}
    return formats.read(source, Options(**said), job.report, job.tell)


def _finish(job: Job, format_name: str, counts: Counter[str], frameworks: list[str]) -> None:
    with transaction.atomic():
        job.hold()
        row = FrameworkImport.objects.for_org(job.org_id).select_for_update().get(id=job.row.id)
        row.state, row.stage, row.format = "done", "", format_name
        row.counts = {name: counts[name] for name in COUNTS}
        row.frameworks = frameworks
        _note(row, job.report)
    files.delete(job.row.file_key)


def _fail(job: Job, words: str) -> None:
    with transaction.atomic():
        job.hold()
        row = FrameworkImport.objects.for_org(job.org_id).select_for_update().get(id=job.row.id)
        row.state, row.error = "failed", words[:2000]
        _note(row, job.report)
        audit.record(
            org_id=job.org_id,
            by=SYSTEM,
            action="skills.import_failed",
            subject_type="framework_import",
            subject_id=row.id,
            data={"sha256": row.sha256},
        )
    files.delete(job.row.file_key)


def _note(row: FrameworkImport, report: Report) -> None:
    row.findings = [asdict(finding) for finding in report.findings]
    row.found = dict(report.counts)
    row.done_at = row.touched_at = now()
    row.save()


# -- one framework -----------------------------------------------------------------------------------


def _apply(job: Job, package: Package) -> tuple[UUID, Counter[str]]:
    framework = _framework(job, package)
    content = content_hash(package)
    if framework.generation and framework.content_sha256 == content:
        return framework.id, Counter(unchanged=len(package.rows))
    plan = compare(framework, package, content, withdraw_many=bool(job.row.options.get("withdraw_many")))
    _say(job, plan)
    try:
        _write_beside(job, plan)
        _put_in_place(job, plan)
    except LeaseLost:
        # What is written beside belongs to whoever has the lease now.
        raise
    except BaseException:
        _discard(job, framework)
        raise
    return framework.id, plan.counts


def _framework(job: Job, package: Package) -> Framework:
    """The stored framework of that id and language, or a new one that nobody sees yet."""
    with transaction.atomic():
        job.hold()
        rows = Framework.objects.for_org(job.org_id)
        found = rows.filter(uri=package.uri, language=package.language).first()
        framework = found or Framework.objects.create(
            org_id=job.org_id,
            uri=package.uri,
            language=package.language,
            format=package.format,
            title=package.title[:300],
        )
        _remove_pieces(framework)
    return framework


def _remove_pieces(framework: Framework) -> None:
    """What an import that died has left."""
    org_id, generation = framework.org_id, framework.generation
    Skill.objects.for_org(org_id).filter(framework=framework, state="imported").delete()
    Tie.objects.for_org(org_id).filter(framework=framework, generation__gt=generation).delete()
    Term.objects.for_org(org_id).filter(framework=framework, generation__gt=generation).delete()


def _discard(job: Job, framework: Framework) -> None:
    with transaction.atomic():
        job.hold()
        stored = Framework.objects.for_org(job.org_id).select_for_update().filter(id=framework.id).first()
        if stored is None or stored.generation > framework.generation:
            return
        _remove_pieces(stored)
        if not stored.generation:
            stored.delete()


def give_up_dead() -> None:
    """Imports that nobody works on any more: those of a command that was killed, which no task takes up again."""
    rows = FrameworkImport.objects.across_orgs("the sweep over all imports").filter(
        state__in=("queued", "running"), touched_at__lt=now() - DEAD
    )
    for row in rows:
        _fail(
            Job(row, None, None), "The import was interrupted. Nothing of it was stored; send the file again."
        )
        started = Framework.objects.for_org(row.org_id).filter(generation=0, imported_at__lt=now() - DEAD)
        for framework in started:
            _discard(Job(row, None, None), framework)


def _say(job: Job, plan: Plan) -> None:
    """What a person should know of the framework as a whole."""
    package, title = plan.package, plan.package.title[:120]
    if not package.language and package.rows:
        words = f"its words are read as {plan.read_as!r}" if plan.read_as else "its words are not stemmed"
        job.report.note(title, "language", f"The framework states no language; {words}.")
    if plan.framework.state == "withdrawn":
        words = "The framework is withdrawn and stays so; restore it to have its skills offered."
        job.report.warn(title, "state", words)


def _groups(rows: Iterable[Any], size: int = GROUP) -> Iterator[list[Any]]:
    rest = iter(rows)
    while group := list(islice(rest, size)):
        yield group


def _write_beside(job: Job, plan: Plan) -> None:
    """Write what is new where nobody sees it yet, in pieces that each prove the lease."""
    job.begin("storing")
    moment = now()
    done = 0
    for group in _groups(plan.new):
        rows = [
            _skill(uuid7(), plan, plan.numbers[row.uri], position, row, "imported", moment)
            for position, row in group
        ]
        _store(job, Skill, SKILL_COLUMNS, rows)
        done += len(group)
        job.tell(done, len(plan.new))
    for ties in _groups([*_ties(plan), *_kept_ties(plan)], 4 * GROUP):
        _store(job, Tie, TIE_COLUMNS, ties)
    job.begin("indexing")
    living = [(plan.numbers[row.uri], row) for row in plan.package.rows if not row.retired]
    base = (plan.framework.org_id, plan.framework.id, plan.generation)
    entries = index.build(living, total=len(living), tick=job.tell, unstated=plan.read_as)
    for group in _groups(entries, 4 * GROUP):
        _store(
            job,
            Term,
            TERM_COLUMNS,
            [(uuid7(), *base, e.key, e.frequency, e.postings) for e in group],
        )
    job.tell(len(living), len(living))


def _store(job: Job, model: Any, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    with transaction.atomic():
        job.hold()
        bulk.insert(model, columns, rows)


def _skill(
    skill_id: UUID, plan: Plan, number: int, position: int, row: SkillRow, state: str, moment: datetime
) -> tuple[Any, ...]:
    """The values of a skill in the order of ``SKILL_COLUMNS``."""
    return (
        skill_id, plan.framework.org_id, plan.framework.id, number, row.uri, row.code, row.name, row.description,
        list(row.alternatives), list(row.keywords), row.kind, row.level, row.language, row.requirement,
        {tag: dict(text) for tag, text in row.texts.items()}, dict(row.extra), state, position, row.digest(), moment,
        moment if row.retired else None,
    )  # fmt: skip


def _ties(plan: Plan) -> Iterator[tuple[Any, ...]]:
    base = (plan.framework.org_id, plan.framework.id, plan.generation)
    for edge in plan.package.edges:
        target = plan.numbers.get(edge.target)
        outside = "" if target is not None else edge.target
        yield (uuid7(), *base, plan.numbers[edge.source], edge.kind, target, outside[:500], edge.position)


def _kept_ties(plan: Plan) -> Iterator[tuple[Any, ...]]:
    """Ties of skills that the file no longer has: a withdrawn skill keeps its place."""
    if not plan.kept_numbers:
        return
    framework = plan.framework
    base = (framework.org_id, framework.id, plan.generation)
    old = Tie.objects.for_org(framework.org_id).filter(framework=framework, generation=framework.generation)
    for values in old.values_list("source", "kind", "target", "target_uri", "position"):
        if values[0] in plan.kept_numbers:
            yield (uuid7(), *base, *values)


@transaction.atomic
def _put_in_place(job: Job, plan: Plan) -> None:
    """The one moment in which the framework changes for everybody."""
    job.hold()
    org_id, moment = job.org_id, now()
    framework = Framework.objects.for_org(org_id).select_for_update().get(id=plan.framework.id)
    if framework.generation != plan.framework.generation:
        raise Retry("Another import has changed this framework.")
    skills = Skill.objects.for_org(org_id).filter(framework=framework)
    if skills.filter(state="imported").count() != len(plan.new):
        raise Retry("What was written beside is no longer whole.")
    skills.filter(state="imported", withdrawn_at=None).update(state="current")
    skills.filter(state="imported").update(state="withdrawn")
    for group in _groups(plan.again, 500):
        skills.filter(id__anyof=[old.id for old, _, _ in group]).delete()
        rows = [
            _skill(old.id, plan, old.number, position, row, "withdrawn" if row.retired else "current", moment)
            for old, position, row in group
        ]
        bulk.insert(Skill, SKILL_COLUMNS, rows)
    for group in _groups(plan.gone, 500):
        skills.filter(id__anyof=[one.id for one in group]).update(state="withdrawn", withdrawn_at=moment)
    _move(plan.moved)
    _rewrite(framework, plan, job.row, moment)
    for model in (Tie, Term):
        model.objects.for_org(org_id).filter(
            framework=framework, generation__lt=framework.generation
        ).delete()
    _tell_others(job, framework, plan)


def _move(moved: list[tuple[int, UUID]]) -> None:
    """New places in the order of the file, for skills that are else unchanged."""
    if not moved:
        return
    table = connection.ops.quote_name(Skill._meta.db_table)
    plain = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET position = %s WHERE id = %s",  # noqa: S608 (a name of our own model)
            [(position, skill_id if plain else skill_id.hex) for position, skill_id in moved],
        )


def _rewrite(framework: Framework, plan: Plan, row: FrameworkImport, moment: datetime) -> None:
    package = plan.package
    for name in (
        "format",
        "publisher",
        "version",
        "description",
        "licence",
        "licence_url",
        "attribution",
        "url",
    ):
        setattr(framework, name, getattr(package, name))
    framework.title, framework.extra = package.title[:300], dict(package.extra)
    if not package.language and plan.read_as:
        framework.extra[READ_AS] = plan.read_as
    skills = Skill.objects.for_org(framework.org_id).filter(framework=framework)
    framework.others = skills.filter(state="current", kind__in=NOT_OFFERED).count()
    framework.skills = skills.filter(state="current").count() - framework.others
    framework.withdrawn_skills = skills.filter(state="withdrawn").count()
    framework.generation = plan.generation
    framework.content_sha256 = plan.content
    framework.source_name, framework.source_sha256 = row.filename, row.sha256
    framework.imported_at, framework.imported_by = moment, row.made_by
    if framework.state == "imported" and framework.skills + framework.others:
        FRAMEWORK.check(framework.state, "current")
        framework.state = "current"
    framework.save()


def _tell_others(job: Job, framework: Framework, plan: Plan) -> None:
    counts = {name: plan.counts[name] for name in COUNTS}
    audit.record(
        org_id=job.org_id,
        by=SYSTEM,
        action="skills.framework_imported",
        subject_type="framework",
        subject_id=framework.id,
        data={"import": str(job.row.id), "sha256": job.row.sha256, **counts},
    )
    outbox.emit(
        job.org_id,
        events.IMPORTED,
        {"framework_id": str(framework.id), "import_id": str(job.row.id), **counts},
    )
