"""The chain over the event log: the one place where positions and hashes are given, and where they are looked at again.

Positions are given after the commit, by the one server of the venue, to events that nothing can precede any more
(docs/adr/0024-the-chain-follows-the-log.md). Commands know nothing of it and wait for none of it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from checkin_server.common.offload import give_way
from checkin_server.db import ledger
from checkin_server.db.group_commit import WriterStopped
from checkin_server.db.health import reason
from checkin_server.db.ledger import NOTHING, Head
from checkin_server.db.tx import Event, Row, Tx, digest
from checkin_server.domain.ledger import BEGINNING, link, parts
from checkin_server.services.venue import Venue

log = logging.getLogger(__name__)
_GATHER_S = 0.5
"""Events of this long share a statement and a commit."""
_ANYWAY_S = 5.0
"""Where several write at once, what was heard may have to wait for a transaction that began before; so it is looked for
again."""
_AT_ONCE = 200
"""Positions in one statement: a few milliseconds of everybody's writer."""
_BREATH_S = 0.005
"""Between two of them, when the log of a whole tour is caught up with: others go first."""
_LAST_S = 3.0
"""For so long a server that ends goes on with what has no position yet; the next start does the rest."""
_LOOKED_AT = 500
"""Positions that are checked in one read."""
MOST_FLAWS = 20
"""Flaws that are told one by one."""

What = Literal["missing", "gone", "changed", "beside", "inserted"]
WORDS: dict[What, str] = {
    "missing": "position {position} of the log is missing",
    "gone": "position {position} of the log: event {event} was removed",
    "changed": "position {position} of the log: event {event} is not what was written, or not in its place",
    "beside": "position {position} of the log: {part} beside event {event} is not what was written",
    "inserted": "before position {position} of the log: event {event} was put in afterwards",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One place at which the log is not as it was written."""

    position: int
    what: What
    event: int | None = None
    """The event's number."""
    part: str = ""
    """What lies beside it: ``reason``, ``member.2``."""

    def __str__(self) -> str:
        """Say it in a line."""
        return WORDS[self.what].format(position=self.position, event=self.event, part=self.part)


@dataclass(slots=True)
class Verdict:
    """What a look at the whole chain has found."""

    head: Head = NOTHING
    """Where it ended when it was looked at."""
    flaws: list[Flaw] = field(default_factory=list)
    """The first of them, by position, at most `MOST_FLAWS`."""
    more: int = 0
    """How many there were besides."""

    @property
    def sound(self) -> bool:
        """Whether the log is as it was written."""
        return not self.flaws

    def add(self, flaw: Flaw) -> None:
        """Note a flaw."""
        if len(self.flaws) < MOST_FLAWS:
            self.flaws.append(flaw)
        else:
            self.more += 1


class Chain:
    """Gives positions to what was committed. One server a venue has one, so nobody else gives any."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        venue.db.feed.follow(self._hear, self._wake.set)

    def start(self) -> None:
        """Begin; first with what has no position yet."""
        self._wake.set()
        self._thread = threading.Thread(target=self._work, name="ledger", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Give positions to what was committed until now, and end."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=_LAST_S + 1)

    # -- inside --------------------------------------------------------------------------------------------------------

    def _hear(self, events: Sequence[Event]) -> None:
        self._wake.set()

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(_ANYWAY_S)
            self._stopping.wait(_GATHER_S)
            self._wake.clear()
            self._try(lambda: self._stopping.is_set())
        end = time.monotonic() + _LAST_S
        self._try(lambda: time.monotonic() > end)

    def _try(self, enough: Callable[[], bool]) -> None:
        try:
            catch_up(self._venue, enough)
        except WriterStopped:
            self._stopping.set()
        except Exception as error:
            if reason(error) is None and not self._stopping.is_set():
                log.exception("events got no position in the ledger; it is tried again")


def catch_up(venue: Venue, enough: Callable[[], bool] = lambda: False) -> int:
    """Give positions to what has none and can be preceded by nothing; return how many.

    Ends early when `enough` says so. What was written is kept whatever happens: whoever comes next goes on behind it.
    """
    given = 0
    while not enough():
        behind, rows = venue.db.read(_next)
        if not rows:
            break
        places, before = [], behind.hash
        for position, row in enumerate(rows, behind.position + 1):
            before = link(before, row)
            places.append((position, int(row["seq"]), before))
        if venue.db.write(lambda tx, behind=behind, places=places: ledger.extend(tx, behind, places)):  # type: ignore[misc]
            given += len(places)
        if len(rows) < _AT_ONCE:
            break
        time.sleep(_BREATH_S)
    return given


def _next(tx: Tx) -> tuple[Head, list[Row]]:
    behind = ledger.head(tx)
    return behind, ledger.following(tx, behind, _AT_ONCE)


# -- looking at it again -----------------------------------------------------------------------------------------------


def head(venue: Venue) -> Head:
    """Return where the chain ends."""
    return venue.db.read(ledger.head)


def goes_through(venue: Venue, position: int, noted: str) -> bool:
    """Whether a head that was noted earlier is still the chain's: nothing up to there was cut off or made anew."""
    return venue.db.read(lambda tx: ledger.hash_at(tx, position)) == noted


def verify(venue: Venue) -> Verdict:
    """Look at every position of the log, a few at a time, so that nobody waits for it.

    Each position is held against the hash that is kept of the one before it, so that each flaw is told by its own
    position, whatever is wrong before. Events that have no position yet are not looked at.
    """
    found = Verdict(head(venue))
    expected, before = 1, BEGINNING
    while expected <= found.head.position:
        first, behind = expected, min(expected + _LOOKED_AT, found.head.position + 1)
        rows, beside = venue.db.read(
            lambda tx, first=first, behind=behind: (ledger.part(tx, first, behind), _by_position(tx, first, behind))  # type: ignore[misc]
        )
        for row in rows:
            for position in range(expected, row["position"]):
                found.add(Flaw(position, "missing"))
            for flaw in _flaws(row, before, beside.get(row["position"], [])):
                found.add(flaw)
            expected, before = row["position"] + 1, row["hash"]
        for position in range(expected, behind):
            found.add(Flaw(position, "missing"))
        expected = behind
        give_way()
    for flaw in venue.db.read(lambda tx: _strays(tx, found.head)):
        found.add(flaw)
    return found


def _by_position(tx: Tx, first: int, behind: int) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in ledger.beside(tx, first, behind):
        found.setdefault(row["position"], []).append(row)
    return found


def _flaws(row: Row, before: str, beside: Sequence[Row]) -> Iterator[Flaw]:
    position, event = row["position"], row["event"]
    if row["seq"] is None:
        yield Flaw(position, "gone", event)
        return
    if not _fits(row, before):
        yield Flaw(position, "changed", event)
        return
    digests = _digests(row)
    for part in beside:
        if digests.get(part["part"]) != digest(part["salt"], part["part"], part["content"]):
            yield Flaw(position, "beside", event, part["part"])


def _fits(row: Row, before: str) -> bool:
    try:
        return link(before, row) == str(row["hash"])
    except ValueError:  # what stands there is no hash
        return False


def _digests(row: Row) -> dict[str, str]:
    try:
        return parts(row)
    except ValueError:
        return {}


def _strays(tx: Tx, behind: Head) -> list[Flaw]:
    return [
        Flaw(ledger.position_behind(tx, seq) or behind.position, "inserted", seq)
        for seq in ledger.strays(tx, behind, MOST_FLAWS + 1)
    ]
