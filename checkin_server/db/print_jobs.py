"""Print jobs: ``queued, sending, printed, uncertain, failed, cancelled``."""

from __future__ import annotations

from sqlalchemy import bindparam, func, insert, select, update

from checkin_server.db.schema import JUST_ONE
from checkin_server.db.schema import print_job as job
from checkin_server.db.tx import Row, Tx

_INSERT = insert(job)
_FIND = select(job).where(job.c.id == bindparam("the_job"))
_OF_VISIT = (
    select(job.c.id, job.c.state, job.c.printer, job.c.kind, job.c.spec, job.c.created_at)
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
_COUNTS = (
    select(job.c.printer, job.c.state, func.count().label("jobs"), func.max(job.c.updated_at).label("at"))
    .where(job.c.service_day == bindparam("the_day"))
    .group_by(job.c.printer, job.c.state)
)


def add(tx: Tx, job_id: str, *, day: str, visit: str, printer: str, kind: str, spec: str, now: int) -> None:
    """Queue a job, in the transaction that makes it necessary."""
    tx.run(
        _INSERT,
        id=job_id,
        service_day=day,
        visit=visit,
        printer=printer,
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


def next_queued(tx: Tx, printer: str, now: int) -> Row | None:
    """Return the oldest job that may be printed now."""
    return tx.one(_NEXT, the_printer=printer, now=now)


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


def counts(tx: Tx, day: str) -> list[Row]:
    """Return ``printer, state, jobs, at`` for the day."""
    return tx.all(_COUNTS, the_day=day)
