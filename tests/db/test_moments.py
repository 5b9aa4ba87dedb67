"""Every moment in a row moves when a clock is corrected, or has a reason not to."""

from __future__ import annotations

from sqlalchemy import BigInteger

from checkin_server.db import moments, schema
from checkin_server.domain.moments import longest
from tests.support.small_plan import small_plan

STAY = {
    "service_day.opens_at": "the plan gives it",
    "service_day.closes_at": "the plan gives it",
    "event.at": "the log is never changed: it is read with an offset",
    "event.seq": "no moment",
    "event.xid": "no moment",
    "event_personal.event": "no moment",
    "ledger.event": "no moment",
    "ledger.position": "no moment",
}


def test_each_large_number_in_a_row_is_a_moment_that_moves_or_is_named_here() -> None:
    """Whoever adds a moment adds it to the table of those that move; what is of the clock's own tables is none."""
    large = {
        f"{table.name}.{column.name}"
        for table in schema.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, BigInteger) and not table.name.startswith("clock_")
    }
    moving = {f"{column.table.name}.{column.name}" for column in moments.STAMPED}
    assert moving & STAY.keys() == set()
    assert moving | STAY.keys() == large


def test_what_may_lie_ahead_is_clamped() -> None:
    """The table of longest spans names columns that there are, each of which moves as well."""
    moving = {f"{column.table.name}.{column.name}" for column in moments.STAMPED}
    assert longest(small_plan()).spans.keys() <= moving
