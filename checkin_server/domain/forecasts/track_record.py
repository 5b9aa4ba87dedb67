"""What visitors were foretold and what came of it, played from a day's event log.

The log holds every forecast as it was told (`forecasts_told`) and everything that proves it right or wrong. So nothing
here is anybody's memory: whoever plays the same log, after a restart or in a second process, makes the same ranges of
the next forecast. Only what the log says counts, the passing of time too: a forecast is overdue when something is
written behind its longest time. Times are milliseconds since 1970 UTC, durations seconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

from checkin_server.domain.forecasts.calibration import Calibration
from checkin_server.domain.waits import Wait

KINDS = ("go", "next")
"""Until the call of somebody who has been sent; until the next call of somebody who is free."""
FINISH = "finish"
"""Until the end of a visit. It makes its own ranges, and no part of the figures about calls."""
_AT_ONCE_S = 15
"""Who is sent to a counter that stands idle is foretold no wait: counted, they would hide how the others' are kept."""
_LATELY_MS = 30 * 60_000
_INSTRUCTIONS_MS = 60 * 60_000
_OVER = ("visit_held", "visit_left", "visit_ended", "visitor_released", "visitor_missed", "step_parked")
"""After these nobody can say any more whether the forecast would have been kept."""
_OTHERWISE = (
    *("visit_held", "visit_resumed", "visit_left", "visitor_missed", "step_parked", "services_chosen", "service_added"),
    *("step_transferred", "step_resumed", "action_undone", "visit_ended"),
)
"""After these a visit ends otherwise than was foretold, through no fault of the forecast: it is foretold anew."""
_CLOSED = ("day_closed", "day_ended")
"""After these nobody is called any more: what is still foretold says nothing about how it was foretold."""
HEARD = ("forecasts_told", "visitor_called", "services_chosen", "service_finished", *_OVER)
"""The kinds of events that teach something here; of the others only the time is taken."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """One visitor's wait, as it was told."""

    number: int
    kind: str
    service: str
    seconds: float
    """As the look-ahead played it, before it became a range."""
    told: Wait

    def as_dict(self) -> dict[str, Any]:
        """Return the form of the event log."""
        return {
            "number": self.number,
            "kind": self.kind,
            "service": self.service,
            "seconds": self.seconds,
            "p50": self.told.p50,
            "p90": self.told.p90,
        }


@dataclass(slots=True)
class _Pending:
    at: int
    forecast: Forecast
    late: bool = False


class TrackRecord:
    """One day's forecasts. Feed it the day's events in the order of the log."""

    def __init__(self) -> None:
        self.calibration = Calibration()
        self.judged = 0
        """Forecasts of which it is known whether their longest time was kept."""
        self.held = 0
        """Those that were."""
        self.resolved = 0
        """Those whose call has come."""
        self.error_s = 0.0
        """Sum of the P50's absolute errors of those."""
        self._pending: dict[tuple[int, str], _Pending] = {}
        self._deadlines: list[tuple[int, int, str]] = []
        """When the longest time of each has passed: moment, number, kind."""
        self._asked: deque[tuple[int, str]] = deque()
        self._calls: deque[tuple[int, bool]] = deque()
        """Of the last hour: when, and whether it is a call (or one that nobody came to)."""

    def see(self, at: int, kind: str, number: int | None, data: Mapping[str, Any]) -> None:
        """Take in the next event of the log; `data` may be empty for kinds that are not `HEARD`."""
        self._pass(at)
        if kind in _CLOSED:
            self._pending.clear()
        elif kind == "forecasts_told":
            for told in data["told"]:
                self._remember(at, told)
        elif kind == "services_chosen":
            self._asked.extend((at, service) for service in data["added"])
        if number is None:
            return
        if kind in _OTHERWISE:
            self._pending.pop((number, FINISH), None)
        if kind == "service_finished" and data.get("last"):
            finish = self._pending.pop((number, FINISH), None)
            if finish is not None:
                self._resolve(finish, at)
        elif kind == "visitor_called":
            self._calls.append((at, True))
            for one in KINDS:
                pending = self._pending.pop((number, one), None)
                # Who came by themselves was not called: nobody knows when they would have been.
                if pending is not None and at > pending.at and not data.get("scanned"):
                    self._resolve(pending, at)
        elif kind in _OVER:
            for one in KINDS:
                self._pending.pop((number, one), None)
            if kind == "visitor_missed":
                self._calls.append((at, False))

    def knows(self, number: int, kind: str) -> bool:
        """Whether a visitor has been told such a forecast that is still open: only the first one counts."""
        return (number, kind) in self._pending

    def _remember(self, at: int, told: Mapping[str, Any]) -> None:
        key = (int(told["number"]), str(told["kind"]))
        if key in self._pending:
            return  # another process was quicker
        wait = Wait(int(told["p50"]), int(told["p90"]))
        self._pending[key] = _Pending(at, Forecast(*key, told["service"], float(told["seconds"]), wait))
        heappush(self._deadlines, (at + wait.p90 * 1000, *key))

    def _pass(self, at: int) -> None:
        """Count those as late whose longest time had passed before `at`."""
        while self._deadlines and self._deadlines[0][0] < at:
            deadline, number, kind = heappop(self._deadlines)
            pending = self._pending.get((number, kind))
            if pending is not None and not pending.late and pending.at + pending.forecast.told.p90 * 1000 == deadline:
                # Not only when the call comes at last: while queues grow that would teach too late.
                pending.late = True
                self.judged += _counts(pending.forecast)
                self.calibration.overdue(kind)

    def _resolve(self, pending: _Pending, at: int) -> None:
        if at < pending.at:
            return  # a clock that went back teaches nothing
        came_s = (at - pending.at) / 1000
        told = pending.forecast
        self.calibration.resolve(told.kind, told.seconds, told.told, came_s, pending.late)
        if not _counts(told):
            return
        self.resolved += 1
        self.error_s += abs(came_s - told.told.p50)
        if not pending.late:
            self.judged += 1
            self.held += came_s <= told.told.p90

    # -- what can be asked ---------------------------------------------------------------------------------------------

    def demand(self, now: int) -> dict[str, float]:
        """Return by service how many an hour have been asking for it lately."""
        while self._asked and self._asked[0][0] < now - _LATELY_MS:
            self._asked.popleft()
        found: dict[str, float] = {}
        for _, service in self._asked:
            found[service] = found.get(service, 0.0) + 60 * 60_000 / _LATELY_MS
        return found

    def missed(self, now: int) -> tuple[int, int]:
        """Return how many calls of the last hour nobody came to, and how many calls there were."""
        while self._calls and self._calls[0][0] < now - _INSTRUCTIONS_MS:
            self._calls.popleft()
        calls = sum(called for _, called in self._calls)
        return len(self._calls) - calls, calls

    @property
    def coverage(self) -> float | None:
        """Share of judged forecasts whose longest time was kept; None before any was judged."""
        return self.held / self.judged if self.judged else None

    @property
    def mean_error_s(self) -> float | None:
        """Mean absolute error of the P50 in seconds; None before any call has come."""
        return self.error_s / self.resolved if self.resolved else None


def _counts(told: Forecast) -> bool:
    """Whether a forecast is part of the figures about calls."""
    return told.kind != FINISH and told.seconds >= _AT_ONCE_S
