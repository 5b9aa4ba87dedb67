"""How a live rehearsal's time passes: the server's virtual clock is set, or the day is played against the real one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from checkin_server.services.times import rfc3339


class Pace(Protocol):
    """Brings the server to a moment of the simulated day."""

    quicker: float
    """Simulated minutes that pass in one of the server's: 1 unless a real clock is outrun."""

    def reach(self, now: int) -> None:
        """Wait for, or bring about, a moment; milliseconds since 1970 UTC, never going back."""
        ...


class VirtualPace:
    """Sets the server's clock: as fast as it answers, or so many simulated minutes a minute."""

    quicker = 1.0

    def __init__(
        self,
        set_clock: Callable[[str], None],
        start: int,
        speed: float | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._set_clock = set_clock
        self._now = self._start = start
        self._speed = speed
        self._sleep, self._monotonic = sleep, monotonic
        self._began = monotonic()

    def reach(self, now: int) -> None:
        """Set the clock, after a wait where a speed was asked for."""
        if now <= self._now:
            return
        if self._speed is not None:
            due = self._began + (now - self._start) / 1000 / self._speed
            if (wait := due - self._monotonic()) > 0:
                self._sleep(wait)
        self._now = now
        text = rfc3339(now)
        assert text is not None
        self._set_clock(text)


class RealPace:
    """Plays the simulated day from now on against the server's real clock."""

    def __init__(
        self,
        start: int,
        speed: float = 1.0,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._start, self._speed = start, speed
        self.quicker = speed
        self._sleep, self._monotonic = sleep, monotonic
        self._began = monotonic()

    def reach(self, now: int) -> None:
        """Wait until it is that moment; a rehearsal that is behind goes on at once."""
        due = self._began + (now - self._start) / 1000 / self._speed
        if (wait := due - self._monotonic()) > 0:
            self._sleep(wait)
