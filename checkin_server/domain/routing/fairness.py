"""Was anybody overtaken further than promised? Read from what happened, not from what the router believed.

A visitor is overtaken when somebody who asked for the same service later is chosen for it while they are free. The
bound: nobody who asked more than cap + head start after them, and two minutes for the walk.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field

from checkin_server.domain.routing.floor import MINUTE

SLACK_MS = 2 * MINUTE

ASKED, FREE, BUSY, CHOSEN, ENDED = "asked", "free", "busy", "chosen", "ended"
"""What a `Moment` tells of a visit: a service was asked for; the visit can be called (arrival, end of a service, of a
hold, of a rest); it can't; it was sent to or called for a service (a call of somebody who was sent is no new choice);
a step ended in any way."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the log. `service` for asked, chosen and ended; the others are about the whole visit."""

    at: int
    what: str
    visit: str
    service: str = ""
    category: str = ""
    head_start_ms: int = 0
    open: bool = True
    """For asked: whether it may be called at once; False while a service that must come before it is open."""


@dataclass(slots=True)
class Overtaking:
    """The worst that happened to one category."""

    times: int = 0
    """How often somebody of it was the first in line and another was chosen."""
    longest_wait_ms: int = 0
    """The longest that one of those had waited by then."""
    furthest_ms: int = 0
    """The most that an overtaker had asked after them."""


@dataclass(slots=True)
class Fairness:
    """The report of a day."""

    by_category: dict[str, Overtaking] = field(default_factory=dict)
    beyond: list[Moment] = field(default_factory=list)
    """Choices that broke the bound; empty when it held."""
    choices: int = 0

    @property
    def held(self) -> bool:
        """Whether nobody was overtaken beyond the bound."""
        return not self.beyond


def report(moments: Iterable[Moment], cap_ms: float) -> Fairness:
    """Go through a day's moments, in order, and say how far anybody was overtaken."""
    found = Fairness()
    since: dict[tuple[str, str], int] = {}
    category: dict[str, str] = {}
    start: dict[str, int] = {}
    open_: dict[str, set[str]] = {}
    free: set[str] = set()
    lines: dict[str, list[tuple[int, str]]] = {}

    def list_(visit: str) -> None:
        for service in open_.get(visit, ()):
            insort(lines.setdefault(service, []), (since[visit, service], visit))

    def unlist(visit: str) -> None:
        for service in open_.get(visit, ()):
            line = lines.get(service, [])
            at = bisect_left(line, (since[visit, service], visit))
            if at < len(line) and line[at][1] == visit:
                del line[at]

    for moment in moments:
        visit = moment.visit
        if visit in free:
            unlist(visit)
        if moment.what == ASKED:
            since[visit, moment.service] = moment.at
            category[visit] = moment.category
            start[visit] = moment.head_start_ms
            if moment.open:
                open_.setdefault(visit, set()).add(moment.service)
        elif moment.what == FREE:
            free.add(visit)
        elif moment.what == BUSY:
            free.discard(visit)
        elif moment.what == ENDED:
            open_.get(visit, set()).discard(moment.service)
        elif moment.what == CHOSEN:
            free.discard(visit)
            found.choices += 1
            line = lines.get(moment.service)
            asked = since.get((visit, moment.service))
            if line and asked is not None and line[0][0] < asked:
                first_since, first = line[0]
                worst = found.by_category.setdefault(category[first], Overtaking())
                worst.times += 1
                worst.longest_wait_ms = max(worst.longest_wait_ms, moment.at - first_since)
                worst.furthest_ms = max(worst.furthest_ms, asked - first_since)
                if asked - first_since > cap_ms + start[visit] + SLACK_MS:
                    found.beyond.append(moment)
        if visit in free:
            list_(visit)
    return found
