"""What time it is. Rules get the time as an argument; this is where it comes from.

A server goes by the time that has passed since the machine's clock was last believed (`SteadyClock`), and not by that
clock itself: it is set by hand, by the network, and by a battery that has run out, with people inside
(docs/adr/0017-one-clock.md).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

FOLLOWED_MS = 120_000
"""A machine's clock that differs by so much at most is followed, little by little; by more, somebody is asked."""
_SLEW = 10
"""Following takes ten times as long as the difference: no duration is wrong by more than a tenth."""
_BOOT_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

Source = Callable[[], int]
"""Tells milliseconds."""


class Clock(Protocol):
    """Tells the time in milliseconds since 1970 UTC."""

    def now(self) -> int:
        """Return the present moment."""
        ...


def machine_ms() -> int:
    """Return what the machine's clock shows, milliseconds since 1970 UTC. It may be set at any moment."""
    return time.time_ns() // 1_000_000


def boot_ms() -> int:
    """Return the milliseconds since the machine was started, asleep or awake. Nobody can set it."""
    return time.clock_gettime_ns(_BOOT_CLOCK) // 1_000_000


def boot_id() -> str:
    """Return what tells one start of the machine from another; empty where that is not known."""
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return ""


class Anchor(NamedTuple):
    """A reading that was believed: the time from then on is what has passed since."""

    at: int
    """Milliseconds since 1970 UTC."""
    boot: int
    """What `boot_ms` was then."""
    to_go: int = 0
    """How much is still to be gained (or lost) by going faster (slower)."""

    def reached(self, boot: int) -> int:
        """Return what time it is when `boot_ms` is `boot`. It never goes back."""
        passed = max(0, boot - self.boot)
        gained = min(passed // _SLEW, abs(self.to_go))
        return self.at + passed + (gained if self.to_go > 0 else -gained)


class SteadyClock:
    """The server's time: what has passed since the machine's clock was last believed.

    `look` compares, about once a second. Where the two sources come from is an argument, so that rules are tested with
    clocks that step. One process reads it in many threads: a new anchor takes the old one's place whole.
    """

    def __init__(self, machine: Source = machine_ms, boot: Source = boot_ms, started: str | None = None) -> None:
        self.machine = machine
        self.boot = boot
        self.started = boot_id() if started is None else started
        """Which start of the machine this is; empty where that is not known."""
        self.anchor = Anchor(machine(), boot())

    def now(self) -> int:
        """Return the server's time."""
        return self.anchor.reached(self.boot())

    def look(self) -> int:
        """Compare with the machine's clock, follow it where it is near, and return how far it is ahead (ms)."""
        boot = self.boot()
        now = self.anchor.reached(boot)
        ahead = self.machine() - now
        self.anchor = Anchor(now, boot, ahead if abs(ahead) <= FOLLOWED_MS else 0)
        return ahead

    def set(self, at: int) -> None:
        """Go on from a time that is believed."""
        self.anchor = Anchor(at, self.boot())

    def shift(self, by: int) -> None:
        """Go on from so many milliseconds later (or, negative, earlier): somebody said which clock is right."""
        boot = self.boot()
        self.anchor = Anchor(self.anchor.reached(boot) + by, boot)


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
