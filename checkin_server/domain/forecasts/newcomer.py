"""Where somebody who comes now would be called, and when: by the router's own keys, in what was played forward anyway.

The look-ahead has said when everybody inside is called. A newcomer with a smaller key than one of those takes that
one's moment; with the greatest key, the moment when the counters have nobody left. So a proposal costs no look-ahead.
Times are milliseconds since 1970 UTC, durations milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One service with an open counter, as it was played forward."""

    calls: tuple[tuple[float, float], ...]
    """Of those who wait and may be put back: expected call and key, in the order of the calls."""
    free_at: float
    """When the first of its counters has nobody left."""
    takes: float
    """How long one person's service takes."""
    backlog: float
    """Waiting work for each open counter."""

    def call(self, key: float, since: float) -> float:
        """Return when somebody with this key who is free from `since` is called."""
        for at, other in self.calls:
            if at >= since and other > key:
                return at
        return max(since, self.free_at)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who comes: from when, how much sooner by priority, how many people's service it is (a factor)."""

    now: float
    head_start: float = 0.0
    factor: float = 1.0


def expected_calls(
    lines: Mapping[str, Line],
    after: Mapping[str, Collection[str]],
    who: Newcomer,
    *,
    cap: float,
    share: float,
    walk: Callable[[str, str], float],
) -> dict[str, float]:
    """Return by service when the newcomer will be called there, in the order of the calls.

    `lines` are the wanted services that somebody gives, `after` those that come first, if they are wanted too. `walk`
    gives the way from one service to another ("" is the entrance). `cap` and `share` are the router's (`Routing`).
    """
    left = dict(lines)
    found: dict[str, float] = {}
    free_from, here = who.now, ""
    while left:
        work = sum(line.takes for line in left.values()) * who.factor
        backlogs = sum(line.backlog for line in left.values())
        ready = [service for service in left if not any(first in left for first in after.get(service, ()))]
        options = []
        for place, service in enumerate(ready or left):
            line = left[service]
            debit = share * (work + (backlogs - line.backlog))
            at = line.call(who.now + min(cap, debit) - who.head_start, free_from)
            # Equally soon: the nearest, then the longest backlog, as the router takes them.
            options.append((at, walk(here, service), -line.backlog, place, service))
        at, way, _, _, service = min(options)
        found[service] = at
        free_from, here = at + way + left.pop(service).takes * who.factor, service
    return found
