"""What time it is. Rules get the time as an argument; this is where it comes from."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time in milliseconds since 1970 UTC."""

    def now(self) -> int:
        """Return the present moment."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Return the machine's time."""
        return time.time_ns() // 1_000_000


class VirtualClock:
    """A clock that stands still until it is set, for rehearsals and tests; never used by `riwaq serve`."""

    def __init__(self, start: int) -> None:
        self._now = start

    def now(self) -> int:
        """Return the time it was last set to."""
        return self._now

    def set(self, now: int) -> None:
        """Set the time."""
        self._now = now
