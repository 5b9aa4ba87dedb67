"""Print jobs: ``queued, sending, printed, sent, uncertain, failed, cancelled``."""

from __future__ import annotations

from sqlalchemy import bindparam, exists, func, insert, select, update

from checkin_server.db.schema import JUST_ONE, at_most, is_one_of, service_day, visit
from checkin_server.db.schema import print_job as job
from checkin_server.db.tx import Row, Tx

_INSERT = insert(job)
_FIND = select(job).where(job.c.id == bindparam("the_job"))
_OF_VISIT = (
    select(job.c.id, job.c.state, job.c.printer, job.c.kind, job.c.error, job.c.spec, job.c.created_at)
    .where(job.c.visit == bindparam("the_visit"))
    .order_by(job.c.created_at.desc(), job.c.id.desc())
    .limit(JUST_ONE)
)
_NEXT = (
    select(job)
    .where(job.c.printer == bindparam("the_printer"), job.c.state == "queued", job.c.not_before <= bindparam("now"))
    .order_by(job.c.created_at, job.c.id)
    .limit(JUST_ONE)
)
_NEXT_TEST = (
    select(job)
    .where(
        job.c.printer == bindparam("the_printer"),
        job.c.state == "queued",
        is_one_of(job.c.kind, "test"),
        job.c.not_before <= bindparam("now"),
    )
    .order_by(job.c.created_at, job.c.id)
    .limit(JUST_ONE)
)
_WAITING = (
    select(job)
    .where(job.c.printer == bindparam("the_printer"), job.c.state == "queued")
    .order_by(job.c.created_at, job.c.id)
)
# What makes a waiting job stale beside its age: it is asked of one printer's queue, which is nearly always empty.
_QUEUED = (
    select(
        job.c.id,
        job.c.state,
        job.c.printer,
        job.c.service_day,
        job.c.visit,
        job.c.created_at,
        service_day.c.ended_at,
        visit.c.state.label("visit_state"),
    )
    .select_from(
        job.outerjoin(service_day, service_day.c.id == job.c.service_day).outerjoin(visit, visit.c.id == job.c.visit)
    )
    .where(job.c.state == "queued")
)
_QUEUED_AT = _QUEUED.where(job.c.printer == bindparam("the_printer")).order_by(job.c.created_at, job.c.id)
_QUEUED_JOB = _QUEUED.where(job.c.id == bindparam("the_job"))
_QUEUED_OF_DAY = _QUEUED.where(job.c.service_day == bindparam("the_day")).order_by(job.c.created_at, job.c.id)
_BEING_SENT = (
    select(job).where(job.c.printer == bindparam("the_printer"), job.c.state == "sending").order_by(job.c.created_at)
)
_GIVE = (
    update(job)
    .where(job.c.id == bindparam("the_job"), job.c.printer == bindparam("old_printer"), job.c.state == "queued")
    .values(
        printer=bindparam("new_printer"),
        ladder=bindparam("new_ladder"),
        error=bindparam("new_error"),
        attempts=0,
        not_before=0,
        updated_at=bindparam("now"),
    )
)
_BEGIN = (
    update(job)
    .where(job.c.id == bindparam("the_job"), job.c.printer == bindparam("the_printer"), job.c.state == "queued")
    .values(state="sending", attempts=job.c.attempts + 1, error=None, updated_at=bindparam("now"))
)
_MOVE = (
    update(job)
    .where(job.c.id == bindparam("the_job"), job.c.state == bindparam("old_state"))
    .values(
        state=bindparam("new_state"),
        error=bindparam("new_error"),
        attempts=job.c.attempts + bindparam("tries"),
        not_before=bindparam("new_not_before"),
        updated_at=bindparam("now"),
    )
)
_RECOVER = (
    update(job)
    .where(job.c.printer == bindparam("the_printer"), job.c.state == "sending")
    .values(state=bindparam("new_state"), error=bindparam("new_error"), updated_at=bindparam("now"))
)
_UNSETTLED = (
    select(job.c.id, job.c.state, job.c.printer, job.c.service_day, job.c.visit)
    .where(is_one_of(job.c.state, "queued", "sending"))
    .order_by(job.c.created_at, job.c.id)
)
_later = job.alias("later")
_WITHOUT_PAPER = (
    select(job.c.id, job.c.visit, visit.c.number, job.c.state, job.c.error, job.c.printer, job.c.updated_at)
    .join_from(job, visit, job.c.visit == visit.c.id)
    .where(
        job.c.service_day == bindparam("the_day"),
        is_one_of(job.c.state, "failed", "uncertain"),
        is_one_of(visit.c.state, "left", negated=True),
        ~exists().where(_later.c.visit == job.c.visit, _later.c.created_at > job.c.created_at),
    )
    .order_by(job.c.updated_at.desc(), job.c.id)
    .limit(at_most("most"))
)
_TESTS = (
    select(job.c.id, job.c.printer, job.c.state, job.c.error, job.c.created_at, job.c.updated_at)
    .where(is_one_of(job.c.kind, "test"), job.c.created_at > bindparam("since"))
    .order_by(job.c.created_at, job.c.id)
)
_DUPLICATES = (
    select(job.c.created_at)
    .where(
        job.c.visit == bindparam("the_visit"),
        job.c.created_at > bindparam("since"),
        is_one_of(job.c.kind, "duplicate"),
        is_one_of(job.c.state, "failed", "cancelled", negated=True),
    )
    .order_by(job.c.created_at)
)
_COUNTS = (
    select(job.c.printer, job.c.state, func.count().label("jobs"), func.max(job.c.updated_at).label("at"))
    .where(job.c.service_day == bindparam("the_day"))
    .group_by(job.c.printer, job.c.state)
)


# size: one argument a column of the table, each with its name at the call
def add(
    tx: Tx,
    job_id: str,
    *,
    day: str | None,
    visit: str | None,
    printer: str,
    ladder: str,
    kind: str,
    spec: str,
    now: int,
) -> None:
    """Queue a job, in the transaction that makes it necessary. A test print is of no day and no visit."""
    tx.run(
        _INSERT,
        id=job_id,
        service_day=day,
        visit=visit,
        printer=printer,
        ladder=ladder,
        kind=kind,
        state="queued",
        spec=spec,
        attempts=0,
        not_before=0,
        error=None,
        created_at=now,
        updated_at=now,
    )


def find(tx: Tx, job_id: str) -> Row | None:
    """Return a job."""
    return tx.one(_FIND, the_job=job_id)


def newest_of(tx: Tx, visit: str) -> Row | None:
    """Return the visit's newest job, if it has one."""
    return tx.one(_OF_VISIT, the_visit=visit)


def duplicates(tx: Tx, visit: str, since: int) -> list[int]:
    """Return when a visit's ticket was printed again since a time, oldest first; what failed is left out."""
    return [int(row["created_at"]) for row in tx.all(_DUPLICATES, the_visit=visit, since=since)]


def next_queued(tx: Tx, printer: str, now: int, *, only_tests: bool = False) -> Row | None:
    """Return the oldest job that may be printed now; of a printer that is believed no more, the oldest test print."""
    return tx.one(_NEXT_TEST if only_tests else _NEXT, the_printer=printer, now=now)


def waiting(tx: Tx, printer: str) -> list[Row]:
    """Return every queued job of a printer, oldest first."""
    return tx.all(_WAITING, the_printer=printer)


def queued_at(tx: Tx, printer: str) -> list[Row]:
    """Return a printer's queued jobs with their day's ``ended_at`` and their ``visit_state``, oldest first."""
    return tx.all(_QUEUED_AT, the_printer=printer)


def queued_job(tx: Tx, job_id: str) -> Row | None:
    """Return the same of one job; None when it is not queued any more."""
    return tx.one(_QUEUED_JOB, the_job=job_id)


def queued_of_day(tx: Tx, day: str) -> list[Row]:
    """Return the same of a day's queued jobs at whatever printer."""
    return tx.all(_QUEUED_OF_DAY, the_day=day)


def sending(tx: Tx, printer: str) -> list[Row]:
    """Return the jobs of a printer that are under way, or were when somebody pulled the plug."""
    return tx.all(_BEING_SENT, the_printer=printer)


def begin(tx: Tx, job_id: str, printer: str, now: int) -> bool:
    """Move a job from ``queued`` to ``sending``; False when it is not this printer's any more."""
    return tx.run(_BEGIN, the_job=job_id, the_printer=printer, now=now) == 1


# size: the place of a job before and after, and why; one call, which names them
def give(tx: Tx, job_id: str, old: str, new: str, ladder: str, error: str, now: int) -> bool:
    """Give a queued job to another printer; False when it was not queued at `old` any more."""
    return (
        tx.run(_GIVE, the_job=job_id, old_printer=old, new_printer=new, new_ladder=ladder, new_error=error, now=now)
        == 1
    )


# size: old and new state, and what may change with it, named at the call
def move(
    tx: Tx, job_id: str, old: str, new: str, now: int, *, error: str | None = None, tries: int = 0, not_before: int = 0
) -> bool:
    """Move a job from one state to another; False when it was not in `old` any more."""
    return (
        tx.run(
            _MOVE,
            the_job=job_id,
            old_state=old,
            new_state=new,
            new_error=error,
            tries=tries,
            new_not_before=not_before,
            now=now,
        )
        == 1
    )


def recover(tx: Tx, printer: str, state: str, error: str | None, now: int) -> int:
    """Move the jobs that a crash left in ``sending``; return how many."""
    return tx.run(_RECOVER, the_printer=printer, new_state=state, new_error=error, now=now)


def without_paper(tx: Tx, day: str, most: int) -> list[Row]:
    """Return the newest tickets that did not surely come out: ``id, visit, number, state, error, printer, updated_at``.

    Only each visit's newest counts: one that was printed again is settled.
    """
    return tx.all(_WITHOUT_PAPER, the_day=day, most=most)


def unsettled(tx: Tx) -> list[Row]:
    """Return every job that waits or is under way, at any printer, oldest first."""
    return tx.all(_UNSETTLED)


def counts(tx: Tx, day: str) -> list[Row]:
    """Return ``printer, state, jobs, at`` for the day."""
    return tx.all(_COUNTS, the_day=day)


def tests_since(tx: Tx, since: int) -> list[Row]:
    """Return the test prints that were asked for since a time, oldest first."""
    return tx.all(_TESTS, since=since)
