"""What each server process went by, and how moments of the event log are corrected when a clock was wrong.

The log is never changed: whoever reads the moments of events reads `MOMENT`, which adds what was found wrong later.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, cast, func, insert, select, update

from checkin_server.db.schema import JUST_ONE, at_most, clock_correction, clock_run, event, is_one_of
from checkin_server.db.tx import Row, Tx

MOMENT: ColumnElement[int] = event.c.at + func.coalesce(
    # PostgreSQL adds whole numbers up to a decimal, and a moment would be one as well.
    select(cast(func.sum(clock_correction.c.offset_ms), BigInteger))
    .where(clock_correction.c.first_seq <= event.c.seq, clock_correction.c.last_seq >= event.c.seq)
    .correlate(event)
    .scalar_subquery(),
    0,
)
"""When an event happened (ms), by the clock that is believed now."""
_LATELY = 2000
"""So many of the newest events are looked at for the last moment: reading the whole log would take seconds."""

NOTED = ("boot_ms", "anchor_at", "behind_ms", "behind_seq", "stepped_ms", "kept_ms")
"""What is noted of a run while it lasts."""
_GIVEN = ("first_seq", "began_at", "joins", "boot", *NOTED)
_ADD_RUN = insert(clock_run).values({name: bindparam(name) for name in _GIVEN})
_ADD_CORRECTION = insert(clock_correction).values(
    {name: bindparam(name) for name in ("first_seq", "last_seq", "offset_ms")}
)
_RUNS = select(clock_run).order_by(clock_run.c.id.desc()).limit(at_most("most"))
_NEWEST = select(clock_run).order_by(clock_run.c.id.desc()).limit(JUST_ONE)
_LOCK_NEWEST = _NEWEST.with_for_update()
_SET_RUN = (
    update(clock_run)
    .where(clock_run.c.id == bindparam("the_run"))
    .values({name: bindparam(f"new_{name}") for name in NOTED})
)
_SHIFT_RUNS = (
    update(clock_run)
    .where(clock_run.c.first_seq >= bindparam("first"))
    .values(began_at=clock_run.c.began_at + bindparam("by"))
)
_LAST_SEQ = select(func.coalesce(func.max(event.c.seq), 0).label("seq"))
_BY_COMMANDS = (
    "device_added", "device_revoked", "staff_added", "staff_pin_set", "staff_disabled", "staff_enabled",
    "staff_unlocked", "audit_read", "cards_laid_out", "member_corrected",
)  # fmt: skip
"""What commands beside the server may have written: beside a rehearsal's virtual clock they know real time only."""
_lately = (
    select(MOMENT.label("at"))
    .where(event.c.service_day.is_not(None), event.c.seq < bindparam("before"))
    .where(is_one_of(event.c.kind, *_BY_COMMANDS, negated=True))
    .order_by(event.c.seq.desc())
    .limit(at_most("most"))
    .subquery("lately")
)
_LAST_BEFORE = select(func.coalesce(func.max(_lately.c.at), 0).label("at"))
_OPENED = (
    select(event.c.seq)
    .where(is_one_of(event.c.kind, "day_opened"), event.c.service_day == bindparam("the_day"))
    .order_by(event.c.seq)
    .limit(JUST_ONE)
)
_FIRST_FROM = select(MOMENT.label("at")).where(event.c.seq >= bindparam("seq")).order_by(event.c.seq).limit(JUST_ONE)
_BEYOND = (
    select(event.c.seq).where(bindparam("moment") < MOMENT, event.c.service_day.is_not(None)).order_by(event.c.seq)
)
_NEVER = 2**62


def beyond(tx: Tx, moment: int) -> list[int]:
    """Return the numbers of the events of service days behind a moment."""
    return [int(row["seq"]) for row in tx.all(_BEYOND, moment=moment)]


def moment_from(tx: Tx, seq: int) -> int:
    """Return the moment of the first event from a number on; 0 when there is none."""
    row = tx.one(_FIRST_FROM, seq=seq)
    return int(row["at"]) if row else 0


def last_at(tx: Tx, before: int = _NEVER) -> int:
    """Return the last moment among the newest events of service days below a number, or 0."""
    row = tx.one(_LAST_BEFORE, before=before, most=_LATELY)
    return int(row["at"]) if row else 0


def last_seq(tx: Tx) -> int:
    """Return the number of the newest event, or 0."""
    row = tx.one(_LAST_SEQ)
    return int(row["seq"]) if row else 0


def opened_by(tx: Tx, day: str) -> int:
    """Return the number of the event that opened a day first, or 0."""
    row = tx.one(_OPENED, the_day=day)
    return int(row["seq"]) if row else 0


def begin(tx: Tx, **values: Any) -> None:
    """Add a run: all columns but its number."""
    tx.run(_ADD_RUN, **values)


def newest(tx: Tx) -> Row | None:
    """Return the newest run."""
    return tx.one(_NEWEST)


def lock_newest(tx: Tx) -> Row | None:
    """Return the newest run, held until the commit."""
    return tx.one(_LOCK_NEWEST)


def runs(tx: Tx, most: int = 50) -> list[Row]:
    """Return the newest runs, the newest first."""
    return tx.all(_RUNS, most=most)


def note(tx: Tx, run: int, **values: int) -> None:
    """Note a run's reading and questions: all of `NOTED`."""
    tx.run(_SET_RUN, the_run=run, **{f"new_{name}": value for name, value in values.items()})


def shift_runs(tx: Tx, first_seq: int, by: int) -> None:
    """Move the beginnings of the runs whose events have this number or a later one."""
    tx.run(_SHIFT_RUNS, first=first_seq, by=by)


def correct(tx: Tx, first_seq: int, last_seq: int, offset_ms: int) -> None:
    """Have the moments of these events, both included, read with an offset from now on."""
    tx.run(_ADD_CORRECTION, first_seq=first_seq, last_seq=last_seq, offset_ms=offset_ms)
