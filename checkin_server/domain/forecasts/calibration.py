"""Honest ranges: what was foretold is compared with what came, and the next range is made as wide as that asks for.

A rolling window of ratios for each kind of prediction and each horizon gives the factors of P50 and P90. On top of that
the P90 of each kind is stretched by every miss and shrunk by every hit, so that nine in ten hold over the day even
while the day changes (adaptive conformal inference). A miss counts when the P90 has passed, not only when the visitor
is called at last: while queues grow, late predictions resolve late, and waiting for them would learn too late.
Durations are seconds.
"""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections import deque

from checkin_server.domain.waits import Wait

KINDS = ("go", "next", "finish")
"""To the call of somebody who has been sent, to the next call, to the end of the visit."""
_EDGES = (15, 4 * 60, 12 * 60, 30 * 60, 60 * 60)
"""Horizons in seconds: a prediction of three minutes errs otherwise than one of an hour. Who is sent to a counter that
stands idle is called at once, and says nothing about those who wait three minutes: in one window with them they made
its P90 equal to its P50 on a calm morning."""
_WINDOW = 160
_SOFT = 90.0
"""Seconds added to both sides of a ratio, so that short predictions don't rule the window."""
_PRIOR = {
    "go": (0.4, 0.6, 0.72, 0.83, 0.95, 1.04, 1.15, 1.32, 1.6, 2.1),
    "next": (0.3, 0.5, 0.65, 0.78, 0.88, 0.97, 1.07, 1.2, 1.42, 1.9),
    "finish": (0.3, 0.5, 0.65, 0.78, 0.88, 0.97, 1.05, 1.15, 1.3, 1.6),
}
"""Ratios of what came to what was foretold that every window of a kind begins with, as measured on rehearsed days:
with narrower ones the first three hundred forecasts of a morning kept their P90 in 83 to 89 of a hundred cases, with
these in 87 to 91 (docs/routing.md)."""
_TRUST = 0.8
"""Share of the median's error that the P50 is corrected by: the last hour is not always like the next."""
_STEP = 0.02
"""What one miss stretches the P90 by is nine tenths of this, as a logarithm; what one hit shrinks it by, one tenth."""


class _Window:
    """The last ratios of one kind and horizon, in order of time and of size."""

    def __init__(self, kind: str) -> None:
        self.by_time: deque[float] = deque()
        self.by_size: list[float] = []
        self._quantiles: tuple[float, float] | None = None
        for ratio in _PRIOR[kind] * 2:
            self.add(ratio)

    def add(self, ratio: float) -> None:
        self._quantiles = None
        self.by_time.append(ratio)
        insort(self.by_size, ratio)
        if len(self.by_time) > _WINDOW:
            old = self.by_time.popleft()
            del self.by_size[bisect_right(self.by_size, old) - 1]

    @property
    def quantiles(self) -> tuple[float, float]:
        """The median and the ninth tenth, reckoned once for the thousands of ranges of one look ahead."""
        if self._quantiles is None:
            self._quantiles = self.quantile(0.5), self.quantile(0.9)
        return self._quantiles

    def quantile(self, level: float) -> float:
        at = level * (len(self.by_size) - 1)
        below = int(at)
        if below + 1 >= len(self.by_size):
            return self.by_size[-1]
        return self.by_size[below] + (at - below) * (self.by_size[below + 1] - self.by_size[below])


class Calibration:
    """Turns a played-forward time into a range, and learns from how it came."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, int], _Window] = {}
        self._stretch: dict[str, float] = {}

    def _window(self, kind: str, foretold_s: float) -> _Window:
        at = (kind, bisect_right(_EDGES, foretold_s))
        window = self._windows.get(at)
        if window is None:
            window = self._windows[at] = _Window(kind)
        return window

    def range(self, kind: str, foretold_s: float) -> Wait:
        """Return the range for a prediction of `foretold_s` seconds."""
        foretold_s = max(0.0, foretold_s)
        median, most = self._window(kind, foretold_s).quantiles
        base = foretold_s + _SOFT
        middle = 1.0 + _TRUST * (median - 1.0)
        p50 = max(0.0, base * middle - _SOFT)
        p90 = max(60.0, base * most * math.exp(self._stretch.get(kind, 0.0)) - _SOFT)
        return Wait(round(p50), round(max(p50, p90)))

    def overdue(self, kind: str) -> None:
        """Learn that a prediction's P90 has passed and it has not come; then `resolve` it as counted."""
        self._count(kind, held=False)

    def resolve(self, kind: str, foretold_s: float, given: Wait, came_s: float, counted: bool = False) -> None:
        """Learn that what was foretold as `foretold_s`, and told as `given`, came after `came_s` seconds.

        `counted`: it was `overdue` already.
        """
        foretold_s = max(0.0, foretold_s)
        held = came_s <= given.p90
        self._window(kind, foretold_s).add(min(8.0, (max(0.0, came_s) + _SOFT) / (foretold_s + _SOFT)))
        if not counted:
            self._count(kind, held)

    def _count(self, kind: str, held: bool) -> None:
        stretch = self._stretch.get(kind, 0.0) + _STEP * ((0.0 if held else 1.0) - 0.1)
        self._stretch[kind] = min(1.5, max(-0.5, stretch))
