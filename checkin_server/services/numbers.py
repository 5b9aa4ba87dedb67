"""Numbers are given from blocks that were reserved outside the database before: none is given twice after a restore.

The counter row in the database gives them one by one, without a gap (`checkin_server/db/days.py`). Before the first of
a block is used, its end stands in the marker (`checkin_server/common/marker.py`); as a rule well before, by
`keep_ahead`, so that no visitor waits for a disk. What happens after a restore is in
`checkin_server/services/day/restores.py`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from checkin_server.common.marker import Mark, Marker
from checkin_server.common.offload import offload
from checkin_server.db import days, events, lives
from checkin_server.db.database import Database
from checkin_server.db.tx import Tx

log = logging.getLogger(__name__)
BLOCK = 50
"""So many numbers are reserved at once."""
AHEAD = 25
"""With fewer left of a block the next one is reserved beforehand."""


class Numbers:
    """The numbers of a venue. Without a marker (rehearsals, tests) they are the database's alone."""

    def __init__(self, marker: Marker | None = None) -> None:
        self._marker = marker
        self._mark: Mark | None = None
        """What the marker says, as far as this process has written it; None before the server has begun."""
        self._lock = threading.Lock()
        self._known: dict[str, int] = {}
        """By day, the highest number that this server has given, or has heard of from a screen."""
        self.trouble: str | None = None
        """Why the marker could not be written, the last time."""

    def take(self, tx: Tx, day: str) -> int:
        """Take the next number of a day, in the transaction that gives it to a visit."""
        number = days.next_number(tx, day)
        self._known[day] = number
        if self._mark is not None and number > self._mark.numbers.get(day, 0):
            self._reserve({day: number + BLOCK - 1})
        return number

    @property
    def kept(self) -> bool:
        """Whether there is a marker at all."""
        return self._marker is not None

    def places(self) -> dict[Path, str]:
        """Return the marker's places, and why this process can't write there; an empty text where it can."""
        return {} if self._marker is None else self._marker.places()

    def marks(self, database: str) -> list[Mark]:
        """Return what the marker's places say of this database, by the id of its first life."""
        return [mark for mark in self._read() if mark.database == database]

    def restored_from(self) -> str | None:
        """Return the first life of the database that a copy was restored for, where the marker says so."""
        return next((mark.database for mark in self._read() if mark.restored), None)

    def highest(self, tx: Tx, day: str) -> int:
        """Return the highest number of a day that may have been given, as far as the marker knows, or 0."""
        known = lives.every(tx)
        marks = self.marks(known[0]["id"]) if known else []
        return max((mark.numbers.get(day, 0) for mark in marks), default=0)

    @property
    def database(self) -> str | None:
        """The first life of the database, once its server has begun: screens keep numbers of another one apart."""
        return None if self._mark is None else self._mark.database

    def is_news(self, day: str, number: int) -> bool:
        """Say whether a number that a screen has shown is above all that this server has given or heard of.

        As long as nothing was restored, none is: a number is on a screen after it was given.
        """
        if number <= self._known.get(day, 0):
            return False
        self._known[day] = number
        return True

    def begin(self, mark: Mark) -> None:
        """Give numbers from now on; `mark` says what is reserved already."""
        if self._marker is None:
            return
        with self._lock:
            self._mark = mark
            self._write()

    def keep_ahead(self, db: Database) -> None:
        """Reserve the next block when little is left of this one, and note how far the log has come."""
        if self._marker is None or self._mark is None:
            return
        seq, day = db.read(lambda tx: (events.last_seq(tx), days.open_day(tx)))
        numbers = {}
        if day is not None and self._mark.numbers.get(day["id"], 0) - day["last_number"] < AHEAD:
            numbers[str(day["id"])] = int(day["last_number"]) + BLOCK
        if numbers or seq > self._mark.seq:
            self._reserve(numbers, seq)

    def _reserve(self, numbers: Mapping[str, int], seq: int = 0) -> None:
        with self._lock:
            assert self._mark is not None, "numbers are reserved by a server that has begun"
            merged = {day: max(upto, self._mark.numbers.get(day, 0)) for day, upto in numbers.items()}
            self._mark = replace(self._mark, numbers={**self._mark.numbers, **merged}, seq=max(seq, self._mark.seq))
            self._write()

    def _write(self) -> None:
        """Write the marker. Where no place takes it, numbers go on: a queue at the door is worse than a lost marker."""
        assert self._marker is not None and self._mark is not None
        failed = offload(self._marker.write, self._mark)
        trouble = "; ".join(f"{path}: {error.strerror or error}" for path, error in failed.items())
        # One place is enough; beside the key the server may have no right to write.
        nowhere = len(failed) == len(self._marker.paths)
        if nowhere and trouble != self.trouble:
            log.warning("numbers can't be reserved outside the database: %s", trouble)
        self.trouble = trouble if nowhere else None

    def _read(self) -> list[Mark]:
        return self._marker.read() if self._marker is not None else []
