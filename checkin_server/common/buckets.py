"""A share of something that refills with time: so many at once, so many a second afterwards."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """What one is allowed: `burst` at once, refilled by `per_s` a second. Times are monotonic seconds."""

    burst: float
    per_s: float
    left: float
    at: float

    @classmethod
    def full(cls, burst: float, per_s: float, now: float) -> Bucket:
        """Return one that nothing was taken from."""
        return cls(burst, per_s, burst, now)

    def level(self, now: float) -> float:
        """Return how much may be taken now."""
        return min(self.burst, self.left + max(0.0, now - self.at) * self.per_s)

    def take(self, now: float, cost: float = 1.0) -> bool:
        """Take `cost`, or nothing and return False when there is less."""
        self.left, self.at = self.level(now), max(self.at, now)
        if self.left < cost:
            return False
        self.left -= cost
        return True

    def owe(self, now: float, cost: float = 1.0, most_s: float = math.inf) -> float | None:
        """Take `cost` in any case, and say after how many seconds it is there; None, and nothing taken, past `most_s`.

        Whoever waits for so long stands in a line: the next one is told to wait for longer.
        """
        left = self.level(now) - cost
        wait = max(0.0, -left) / self.per_s
        if wait > most_s:
            return None
        self.left, self.at = left, max(self.at, now)
        return wait

    def widen(self, now: float, burst: float, per_s: float) -> None:
        """Allow more, or less again, from now on; what was taken stays taken."""
        left = self.level(now)
        self.left, self.at = min(left + max(0.0, burst - self.burst), burst), max(self.at, now)
        self.burst, self.per_s = burst, per_s

    def give_back(self, cost: float = 1.0) -> None:
        """Return what was taken for somebody who has shown since that they belong here."""
        self.left = min(self.burst, self.left + cost)

    def wait_s(self, cost: float = 1.0) -> float:
        """Return for how many seconds after the last `take` there was less than `cost`."""
        return max(0.0, cost - self.left) / self.per_s
