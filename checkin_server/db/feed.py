"""The one follower of the event log: what was committed, by whichever process, each event once.

**Two ways to follow.** `Feed.follow` *tells*: each event once, as soon as this process can know of it, its own the
moment they are committed. It is for those who read again what was touched: the router's mirror, the hall at a glance,
screens, printers. `part_of_day` *replays*: a day's events behind a `Place`, in the one order of the log, the same for
every reader and every process, nothing ever before a place that was passed. It is for those who play events forward:
the forecasts' track record, the fairness report.

**What the order is.** An embedded database has one writer at a time, whatever the process, so ``seq`` is the order of
commits and both ways have it. On PostgreSQL transactions commit in another order than they take numbers: whoever reads
"behind seq 812" loses what commits later with 811. There the order is (``xid``, ``seq``), the transaction's number
first, and only of transactions below ``pg_snapshot_xmin``: all of those have ended, so nothing can appear among them
any more. One transaction that stays open holds up those who replay, and nobody who is told
(docs/adr/0014-one-feed-of-the-log.md).
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    all_,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    tuple_,
    update,
)

from checkin_server.db.clock import MOMENT
from checkin_server.db.schema import at_most, event, ledger
from checkin_server.db.tx import EVENT_FIELDS, Event, Row, Tx

log = logging.getLogger(__name__)
Hear = Callable[[Sequence[Event]], None]
Read = Callable[[Callable[[Tx], Any]], Any]


class Place(NamedTuple):
    """How far somebody has replayed: the last event that was played."""

    xid: int
    seq: int


BEGINNING = Place(-1, 0)
_NEVER = 2**62

SETTLED: ColumnElement[int] = literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", BigInteger())
"""Every transaction below it has ended."""
_UNKNOWN: ColumnElement[int] = literal_column("pg_snapshot_xmax(pg_current_snapshot())::text::bigint", BigInteger())
"""This transaction and those above it have not begun when the statement does."""
_OWN: ColumnElement[int] = literal_column("coalesce(pg_current_xact_id_if_assigned()::text::bigint, -1)", BigInteger())

# Statements of which each kind of database has its own stand in a dictionary, by dialect.
_ALL = (event.c.seq, event.c.xid, event.c.at, event.c.kind, *(event.c[name] for name in EVENT_FIELDS), event.c.data)
_OF_DAY = select(
    event.c.seq, event.c.xid, MOMENT.label("at"), event.c.kind, event.c.visit, event.c.step, event.c.service,
    event.c.number, event.c.data,
).where(event.c.service_day == bindparam("the_day"))  # fmt: skip
_BEHIND_PLACE = tuple_(event.c.xid, event.c.seq) > tuple_(
    bindparam("xid", type_=BigInteger), bindparam("seq", type_=BigInteger)
)
_PART_OF_DAY = {
    "sqlite": _OF_DAY.where(event.c.seq > bindparam("seq")).order_by(event.c.seq).limit(at_most("most")),
    "postgresql": _OF_DAY.where(_BEHIND_PLACE, event.c.xid < SETTLED)
    .order_by(event.c.xid, event.c.seq)
    .limit(at_most("most")),
}
_LAST_SEQ = select(func.coalesce(func.max(event.c.seq), 0).label("seq"))
_BEHIND = select(*_ALL).where(event.c.seq > bindparam("after"), event.c.seq < bindparam("before")).order_by(event.c.seq)
_moment = select(SETTLED.label("settled"), _UNKNOWN.label("unknown"), _OWN.label("own")).subquery("moment")
_UNTOLD = {
    "postgresql": select(_moment.c.settled, *_ALL)
    .select_from(
        _moment.outerjoin(
            event,
            and_(
                event.c.xid >= bindparam("settled", type_=BigInteger),
                event.c.xid != _moment.c.own,
                event.c.seq != all_(bindparam("told", type_=ARRAY(BigInteger))),
            ),
        )
    )
    .order_by(event.c.xid, event.c.seq),
}
"""What committed since the last look, and the bound of this one; one row without an event when there is nothing."""
_UNSETTLED = {
    "postgresql": select(_moment.c.settled, _moment.c.unknown, event.c.seq, event.c.xid).select_from(
        _moment.outerjoin(event, event.c.xid >= _moment.c.settled)
    ),
}
_PUT_BEFORE = (
    update(event)
    .where(event.c.xid > 0)
    .values(xid=case((select(ledger.c.position).where(ledger.c.event == event.c.seq).exists(), 0), else_=1))
)
"""What has no position in the ledger yet stays behind what has one; no transaction of a server has the number 1."""


def part_of_day(tx: Tx, day: str, after: Place, most: int) -> list[Row]:
    """Return up to `most` events of a day behind a place, in the order of the log; ``data`` is JSON text."""
    values = {"seq": after.seq} if tx.dialect == "sqlite" else after._asdict()
    return tx.all(_PART_OF_DAY[tx.dialect], the_day=day, most=most, **values)


def place_of(row: Row) -> Place:
    """Return the place of an event that was read."""
    return Place(row["xid"], row["seq"])


class Waker(Protocol):
    """Notices that another process has committed, and lets other processes notice."""

    def start(self, look: Callable[[], None], look_within: Callable[[Tx], None]) -> None:
        """Call one of these whenever there may be something new."""

    def announce(self) -> None:
        """Let other processes know, soon, that this one has committed."""

    def stop(self) -> None:
        """Notice no more; what was not announced yet is announced."""


@dataclass(frozen=True, slots=True)
class _Follower:
    hear: Hear
    missed: Callable[[], None] | None
    before_commit: bool = False
    """Whether it is told of this process's events before their commit, and when they are undone."""


class Feed:
    """Tells followers of every committed event, once. Made by a `Database`, which tells it what it commits itself.

    Followers are called one after the other and by one thread at a time; they note what they heard and return. One that
    raises is logged, and told that it missed something, so that it can read everything again.
    """

    def __init__(self, read: Read, waker: Waker) -> None:
        self._read = read
        self._waker = waker
        self._followers: tuple[_Follower, ...] = ()
        # Taken by whoever has a connection already: nobody waits for a connection with it.
        self._lock = threading.RLock()
        self._begun = False

    def follow(self, hear: Hear, missed: Callable[[], None] | None = None) -> None:
        """Call `hear` with all that is committed from now on, `missed` when it has failed to hear something."""
        self._add(_Follower(hear, missed))

    def mirror(self, touched: Hear, missed: Callable[[], None] | None = None) -> None:
        """Follow as one who mirrors rows in memory.

        This process's events are told as soon as the next transaction may see their rows, which is before their commit
        where jobs commit in groups, and again when they were undone. What a transaction has taken in itself
        (`Tx.mirrored`) is not told again where nobody else can have looked meanwhile.
        """
        self._add(_Follower(touched, missed, before_commit=True))

    def start(self) -> None:
        """Notice from now on what other processes commit."""
        self._waker.start(self.look, self._look_with)

    def stop(self) -> None:
        """Notice no more; announce what was not announced yet."""
        self._waker.stop()

    def look(self) -> None:
        """Tell what other processes have committed since the last look."""
        self._read(self._look_with)

    def look_within(self, tx: Tx) -> None:
        """The same within a write transaction, so that it decides on all that it sees.

        Nothing to do on an embedded database: one writer at a time, and what is seen there is its own group's.
        """

    # -- what the database itself says ---------------------------------------------------------------------------------

    def touched(self, events: Sequence[Event]) -> None:
        """Tell who mirrors rows that these events' rows may be different now: written in a group, or undone."""
        if events:
            with self._lock:
                self._tell(events, [one for one in self._followers if one.before_commit])

    def committed(self, tx: Tx, events: Sequence[Event]) -> None:
        """Tell what a transaction of this process has committed; `tx` is on a connection that may read."""
        if events:
            self._waker.announce()
            try:
                with self._lock:
                    if self._begun:
                        self._tell_own(tx, events)
            except Exception:
                # What was committed must not look as if it had failed.
                log.exception("the log could not be read behind a commit; it is found at the next look")

    # -- inside --------------------------------------------------------------------------------------------------------

    def _add(self, follower: _Follower) -> None:
        self._read(lambda tx: self._join(tx, follower))

    def _join(self, tx: Tx, follower: _Follower) -> None:
        with self._lock:
            if not self._begun:
                self._begin(tx)
                self._begun = True
            # What is news to the others is the past to who comes now.
            self._look_with(tx)
            self._followers = (*self._followers, follower)

    def _look_with(self, tx: Tx) -> None:
        with self._lock:
            if self._begun and (news := self._news(tx)):
                self._tell(news, self._followers)

    def _tell(self, events: Sequence[Event], followers: Sequence[_Follower]) -> None:
        for one in followers:
            try:
                one.hear(events)
            except Exception:
                log.exception("a follower of the log failed; the commit stands, and it reads everything again")
                _let_read_again(one)

    def _begin(self, tx: Tx) -> None:
        """Note where the log ends now."""
        raise NotImplementedError

    def _news(self, tx: Tx) -> list[Event]:
        """Return what has not been told, and note that it is."""
        raise NotImplementedError

    def _tell_own(self, tx: Tx, events: Sequence[Event]) -> None:
        raise NotImplementedError


class EmbeddedFeed(Feed):
    """The log of a database with one writer at a time: told in the order of ``seq``."""

    def __init__(self, read: Read, waker: Waker) -> None:
        super().__init__(read, waker)
        self._place = 0

    @contextmanager
    def committing(self) -> Iterator[None]:
        """Keep everybody from looking between a commit and the moment it is told: nothing is told twice."""
        with self._lock:
            yield

    def _begin(self, tx: Tx) -> None:
        row = tx.one(_LAST_SEQ)
        self._place = int(row["seq"]) if row else 0

    def _news(self, tx: Tx, before: int = _NEVER) -> list[Event]:
        news = [_event(row) for row in tx.all(_BEHIND, after=self._place, before=before)]
        if news:
            self._place = news[-1].seq
        return news

    def _tell_own(self, tx: Tx, events: Sequence[Event]) -> None:
        # Numbers have no gaps, so one before ours means that another process has written.
        if events[0].seq != self._place + 1 and (news := self._news(tx, before=events[0].seq)):
            self._tell(news, self._followers)
        self._place = events[-1].seq
        self._tell(events, [one for one in self._followers if not one.before_commit])


class PostgresFeed(Feed):
    """The log of a server that many transactions write at once: told as each is seen to have committed."""

    def __init__(self, read: Read, waker: Waker, write: Read) -> None:
        super().__init__(read, waker)
        self._write = write
        self._settled = 0
        """All transactions below it have ended and were told."""
        self._told: dict[int, int] = {}
        """The events that were told of those that have not: ``seq`` to ``xid``."""

    def look_within(self, tx: Tx) -> None:
        """Tell what this transaction sees of what others have committed."""
        self._look_with(tx)

    def _begin(self, tx: Tx) -> None:
        rows = tx.all(_UNSETTLED["postgresql"])
        self._settled = rows[0]["settled"]
        self._told = {row["seq"]: row["xid"] for row in rows if row["seq"] is not None}
        if any(xid >= rows[0]["unknown"] for xid in self._told.values()):
            # Of transactions that are still to come here: this database was brought from another server, whose numbers
            # mean nothing on this one. All that is there precedes what comes.
            log.warning("the event log comes from another database server; its order is that of its numbers now")
            self._write(lambda other: other.run(_PUT_BEFORE))
            self._told = {}

    def _news(self, tx: Tx) -> list[Event]:
        rows = tx.all(_UNTOLD["postgresql"], settled=self._settled, told=list(self._told))
        news = [_event(row) for row in rows if row["seq"] is not None]
        self._told.update((one.seq, one.xid) for one in news)
        if rows[0]["settled"] > self._settled:
            self._settled = rows[0]["settled"]
            self._told = {seq: xid for seq, xid in self._told.items() if xid >= self._settled}
        return news

    def _tell_own(self, tx: Tx, events: Sequence[Event]) -> None:
        # Somebody may have looked since the commit, and told them: whoever comes first does, and nobody after.
        fresh = [one for one in events if one.xid >= self._settled and one.seq not in self._told]
        if fresh:
            self._told.update((one.seq, one.xid) for one in fresh)
            self._tell(fresh, self._followers)


def _let_read_again(follower: _Follower) -> None:
    if follower.missed is not None:
        try:
            follower.missed()
        except Exception:
            log.exception("a follower of the log could not be told that it missed something")


def _event(row: Row) -> Event:
    fields = {name: row[name] for name in EVENT_FIELDS if row[name] is not None}
    return Event(row["kind"], row["at"], fields, json.loads(row["data"]), row["seq"], row["xid"])
