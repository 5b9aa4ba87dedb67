"""Is the store well? One row is really written every few seconds; whoever asks gets what came of the last one.

Nobody who asks waits for the store: what hangs is said to be unknown, and for how long.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from checkin_server.common.offload import offload
from checkin_server.db import days, probes
from checkin_server.db.health import StoreUnavailable, Why
from checkin_server.db.tx import Event, Row, Tx
from checkin_server.services.venue import Venue

log = logging.getLogger(__name__)
EVERY_S = 5.0
"""How often the store is asked."""
AGAIN_S = 1.0
"""How often while it is in trouble: screens wait for it to come back."""
_PATIENCE_S = 2.0
"""What takes longer is no answer yet."""
StoreError = Why | Literal["unknown", "failing"]
"""What the store has; ``unknown``: the last question has no answer yet, ``failing``: a fault of another kind."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one question."""

    at: float
    """Monotonic seconds."""
    error: StoreError | None = None
    day: Row | None = None
    """The row of the day that was open."""
    log_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class StoreState:
    """How the store is, as far as is known."""

    error: StoreError | None
    for_s: int | None
    """Seconds since the trouble was met; of ``unknown``, since the last answer."""
    service_day: str | None
    """The day that was open at the last answer."""
    day: Row | None = None
    """Its row."""
    log_bytes: int | None = None
    """How large an embedded database's write-ahead log is; it grows while something reads and does not end."""


@dataclass(frozen=True, slots=True)
class DiskState:
    """How much room the data folder has."""

    free_bytes: int | None
    """None: it can't be asked, or does not answer."""


class StoreProbe:
    """Asks, in threads of its own; `store` and `disk` tell what is known and never wait."""

    def __init__(self, venue: Venue, data_dir: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._venue = venue
        self._data_dir = data_dir
        self._clock = clock
        self._begun = clock()
        self._asked: float | None = None
        """When the question that has no answer yet was asked."""
        self._last: Answered | None = None
        self._free: tuple[float, int | None] | None = None
        self._running = False
        self._wake = threading.Event()
        self._stopping = threading.Event()
        venue.db.feed.follow(self._hear)

    def start(self) -> None:
        """Begin to ask."""
        self._running = True
        self._venue.db.health.probed = True
        for work, name in ((self._ask_store, "probe"), (self._ask_disk, "probe-disk"), (self._free_stuck, "patience")):
            threading.Thread(target=work, name=name, daemon=True).start()

    def stop(self) -> None:
        """Ask no more."""
        self._running = False
        self._venue.db.health.probed = False
        self._stopping.set()
        self._wake.set()

    def store(self) -> StoreState:
        """Return how the store is. Where nothing asks by itself, in tests, it is asked now."""
        if not self._running:
            self.ask()
        last, asked, now = self._last, self._asked, self._clock()
        row = last.day if last else None
        day = None if row is None else str(row["id"])
        log_bytes = last.log_bytes if last else None
        answered = last.at if last else self._begun
        trouble = self._venue.db.health.trouble()
        if (asked is not None and now - asked > _PATIENCE_S) or last is None:
            return StoreState("unknown", round(now - answered), day, row, log_bytes)
        if trouble is not None:
            error: StoreError = "unknown" if trouble.why == "no_answer" else trouble.why
            return StoreState(error, round(trouble.for_s), day, row, log_bytes)
        return StoreState(last.error, None if last.error is None else 0, day, row, log_bytes)

    def known_day(self) -> str | None:
        """Return the day that was open at the last answer; never asks."""
        row = self._last.day if self._last else None
        return None if row is None else str(row["id"])

    def disk(self) -> DiskState:
        """Return how much room there is, as it was a few seconds ago."""
        if not self._running:
            self._measure()
        measured = self._free
        stale = measured is None or self._clock() - measured[0] > EVERY_S + _PATIENCE_S
        return DiskState(None if measured is None or stale else measured[1])

    def ask(self) -> None:
        """Write the row, and note what came of it."""
        self._asked = self._clock()
        before = (self._last.day, self._last.log_bytes) if self._last else (None, None)
        try:
            day = self._venue.db.probe(self._write)
            self._venue.db.health.worked()
            self._last = Answered(self._clock(), None, day, self._venue.db.tidy())
        except StoreUnavailable as unavailable:
            if unavailable.why != "no_answer":
                self._last = Answered(self._clock(), unavailable.why, *before)
        except Exception:
            self._last = Answered(self._clock(), "failing", *before)
            raise
        finally:
            self._asked = None

    # -- inside --------------------------------------------------------------------------------------------------------

    def _write(self, tx: Tx) -> Row | None:
        probes.note(tx, self._venue.now())
        return days.open_day(tx)

    def _hear(self, events: Sequence[Event]) -> None:
        if any(event.kind.startswith("day_") for event in events):
            self._wake.set()

    def _ask_store(self) -> None:
        said = False
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self.ask()
                said = False
            except Exception:
                if not said and not self._stopping.is_set():
                    log.exception("the store could not be asked; said once")
                said = True
            well = self._last is not None and self._last.error is None and self._venue.db.health.trouble() is None
            self._wake.wait(EVERY_S if well else AGAIN_S)

    def _ask_disk(self) -> None:
        while not self._stopping.is_set():
            self._measure()
            self._stopping.wait(EVERY_S)

    def _measure(self) -> None:
        try:
            # A folder on the network that hangs holds up this thread and nobody else.
            free: int | None = offload(shutil.disk_usage, self._data_dir).free
        except OSError:
            free = None
        self._free = (self._clock(), free)

    def _free_stuck(self) -> None:
        while not self._stopping.wait(1.0):
            try:
                self._venue.db.give_up_stuck()
            except Exception:
                log.exception("who waits for the store could not be told; it is tried again")
