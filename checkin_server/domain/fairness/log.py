"""Was it fair? What happened, read again: who was chosen before whom, and whether the promised bound held.

The router promises that nobody who asked for a service more than `cap` minutes (and their own head start) after you is
chosen for it before you (docs/routing.md). `Lines` does not ask the router: whenever somebody is chosen it looks at who
else was free and waited for the same service. `Fairness` plays a venue's event log into it, and
`checkin_server.domain.fairness.rehearsal` what a rehearsal saw.

Who cannot be chosen cannot be overtaken: visitors at a counter or on their way to one, holding their place, resting
after a missed call, or with an earlier stop to make first.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checkin_server.domain.steps import PLACED

MINUTE = 60_000
SLACK_MINUTES = 2.0
"""Walking times and rounding may shift a choice by so much."""
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Beyond:
    """A choice beyond the bound."""

    seq: int
    """Which choice: its place in the log."""
    service: str
    visit: str
    """Who was overtaken."""
    by: str
    """Who was chosen."""
    minutes: float
    bound_minutes: float


@dataclass(slots=True)
class Overtaken:
    """The worst that happened to one category."""

    visits: int = 0
    overtaken: int = 0
    """Visits that somebody who had asked later was chosen before."""
    longest_wait_ms: int = 0
    """The longest that one of them had waited by then."""
    furthest_ms: int = 0
    """The most that an overtaker had asked after them."""


@dataclass(slots=True)
class _InLine:
    category: str
    since: dict[str, int] = field(default_factory=dict)
    """Services that wait, and since when (milliseconds since 1970 UTC)."""
    parked: set[str] = field(default_factory=set)
    """Services that are set aside: what comes after them waits all the same."""
    busy: bool = False
    free_from: int = 0
    overtaken: bool = False


class Lines:
    """Who waits for what since when, and who was overtaken. Tell it in the order of time."""

    def __init__(self, cap_minutes: float, after: Mapping[str, tuple[str, ...]] | None = None) -> None:
        """`after`: which services come before one; who has one of them open does not wait for it yet."""
        self.cap = cap_minutes
        self.choices = 0
        self.beyond: list[Beyond] = []
        self._after = after or {}
        self._visits: dict[str, _InLine] = {}
        self._lines: dict[str, list[tuple[int, str]]] = {}
        self._categories: dict[str, Overtaken] = {}

    def come(self, visit: str, category: str) -> None:
        """Somebody is here who may ask for services."""
        if visit not in self._visits:
            self._visits[visit] = _InLine(category)
            self._categories.setdefault(category, Overtaken()).visits += 1

    def join(self, visit: str, service: str, since: int) -> None:
        """Wait for a service since a moment; who waits for it already keeps the place."""
        known = self._visits[visit]
        known.parked.discard(service)
        if service not in known.since:
            known.since[service] = since
            insort(self._lines.setdefault(service, []), (since, visit))

    def quit(self, visit: str, service: str) -> int | None:
        """Wait for it no more; returns since when they had."""
        self._visits[visit].parked.discard(service)
        since = self._visits[visit].since.pop(service, None)
        if since is not None:
            self._lines[service].remove((since, visit))
        return since

    def wait_from(self, visit: str, since: int) -> None:
        """Have waited for everything since an earlier moment."""
        for service, known in list(self._visits[visit].since.items()):
            if known > since:
                self.quit(visit, service)
                self.join(visit, service, since)

    def park(self, visit: str, service: str) -> None:
        """Set it aside: nobody is called for it, and it is not over."""
        self.quit(visit, service)
        self._visits[visit].parked.add(service)

    def quit_all(self, visit: str) -> None:
        """Wait for nothing more."""
        for service in list(self._visits[visit].since):
            self.quit(visit, service)

    def busy(self, visit: str) -> None:
        """Somebody is at a counter, on the way to one, or away: nobody overtakes them."""
        self._visits[visit].busy = True

    def free(self, visit: str) -> None:
        """Somebody can be chosen again."""
        self._visits[visit].busy = False

    def rest(self, visit: str, until: int) -> None:
        """Somebody can't be chosen before a moment."""
        self._visits[visit].free_from = until

    def rests_until(self, visit: str) -> int:
        """Return the moment before which somebody can't be chosen."""
        return self._visits[visit].free_from

    def choose(self, seq: int, visit: str, service: str, at: int, head_start_minutes: float) -> None:
        """Somebody is chosen for a service: sent to it, or called without."""
        self.choices += 1
        mine = self._visits[visit].since.get(service)
        if mine is None:
            return
        bound = self.cap + head_start_minutes
        for since, other_id in self._lines[service]:
            if since >= mine:
                break
            other = self._visits[other_id]
            if (
                other.busy
                or other.free_from > at
                or any(first in other.since or first in other.parked for first in self._after.get(service, ()))
            ):
                continue
            worst = self._categories[other.category]
            worst.overtaken += not other.overtaken
            other.overtaken = True
            worst.longest_wait_ms = max(worst.longest_wait_ms, at - since)
            worst.furthest_ms = max(worst.furthest_ms, mine - since)
            minutes = (mine - since) / MINUTE
            if minutes > bound + SLACK_MINUTES:
                self.beyond.append(Beyond(seq, service, other_id, visit, minutes, bound))

    def by_category(self) -> dict[str, Overtaken]:
        """Return what happened to each category that was here."""
        return dict(sorted(self._categories.items()))


@dataclass(slots=True)
class _Visit:
    number: int | None = None
    aside: dict[str, int] = field(default_factory=dict)
    """Parked and missed services, which come back at their old place, and since when they had been waited for."""
    steps: dict[str, str] = field(default_factory=dict)
    """The service of each step that was called or sent."""
    at: str | None = None
    """The service the visitor is sent to, called for or served at."""
    sent: bool = False


class Fairness:
    """Plays the events of a log forward, oldest first; `report` says how it stands."""

    def __init__(self, cap_minutes: float, after: Mapping[str, tuple[str, ...]], rest_minutes: float) -> None:
        """`after` says which services come before one, `rest_minutes` how long a visit rests after a missed call."""
        self._lines = Lines(cap_minutes, after)
        self._rest_ms = round(rest_minutes * MINUTE)
        self._visits: dict[str, _Visit] = {}

    # size: the columns of one event of the log; a value of them would be made for each event and dropped
    def see(
        self,
        seq: int,
        at: int,
        kind: str,
        visit_id: str | None,
        step: str | None,
        service: str | None,
        number: int | None,
        data: Mapping[str, Any],
    ) -> None:
        """Play one event of the log."""
        if visit_id is None:
            return
        if kind in ("member_admitted", "family_parted"):
            self._visits[visit_id] = _Visit()
            self._lines.come(visit_id, str(data["category"]))
        visit = self._visits.get(visit_id)
        if visit is None:
            return
        visit.number = number if number is not None else visit.number
        if step is not None and service is not None:
            visit.steps[step] = service
        if service is not None:
            self._at_a_stand(seq, at, kind, visit_id, service, data)
        if kind == "services_chosen":
            self._chosen(visit_id, visit, at, data)
        elif kind == "visit_remembered":
            self._lines.wait_from(visit_id, int(data["since"]))
        elif kind == "visit_held":
            self._lines.rest(visit_id, max(self._lines.rests_until(visit_id), at + int(data["minutes"]) * MINUTE))
        elif kind == "visit_resumed":
            self._lines.rest(visit_id, 0)
            for back in data.get("steps", ()):
                wanted = visit.steps.get(back)
                if wanted is not None and wanted in visit.aside:
                    self._lines.join(visit_id, wanted, visit.aside.pop(wanted))
        elif kind == "visit_left":
            self._ended_with_day(visit_id, visit, {"steps": data.get("steps", ())})
            self._lines.quit_all(visit_id)
        elif kind == "visit_ended":
            self._ended_with_day(visit_id, visit, data)
        elif kind in ("visit_brought_back", "visit_reopened"):
            for back in data["steps"]:
                if back["service"] in visit.aside and back["state"] not in ("parked", "no_show"):
                    self._lines.join(visit_id, back["service"], visit.aside.pop(back["service"]))

    def report(self) -> dict[str, Any]:
        """Return how long anybody was overtaken, by category, and whether the bound held; durations in seconds."""
        beyond = self._lines.beyond
        return {
            "choices": self._lines.choices,
            "bound_minutes": self._lines.cap,
            "held": not beyond,
            "beyond": len(beyond),
            "cases": [
                {
                    "seq": case.seq,
                    "service": case.service,
                    "number": self._visits[case.visit].number,
                    "by": self._visits[case.by].number,
                    "minutes": round(case.minutes, 1),
                    "bound_minutes": case.bound_minutes,
                }
                for case in beyond[-_SHOWN:]
            ],
            "categories": [
                {
                    "category": category,
                    "visits": worst.visits,
                    "overtaken": worst.overtaken,
                    "longest_s": worst.furthest_ms // 1000,
                }
                for category, worst in self._lines.by_category().items()
            ],
        }

    # -- what the events do ------------------------------------------------------------------------------------------

    def _at_a_stand(self, seq: int, at: int, kind: str, visit_id: str, service: str, data: Mapping[str, Any]) -> None:
        visit, lines = self._visits[visit_id], self._lines
        if kind in ("visitor_sent", "visitor_called"):
            # Who came to a counter by themselves was not chosen; why they are served stands in the log.
            if not (visit.sent and visit.at == service) and not data.get("scanned"):
                lines.choose(seq, visit_id, service, at, float(data.get("head_start", 0)))
            self._take(visit_id, visit, service)
            visit.sent = kind == "visitor_sent"
        elif kind == "visitor_released":
            self._back(visit_id, visit, service)
        elif kind in ("visitor_missed", "step_parked"):
            if kind == "visitor_missed":
                lines.rest(visit_id, at + self._rest_ms)
            if data.get("state") == "waiting":
                self._back(visit_id, visit, service)
            else:
                self._leave(visit_id, visit)
                if kind == "step_parked":
                    lines.park(visit_id, service)
        elif kind == "service_finished":
            self._leave(visit_id, visit)
            visit.aside.pop(service, None)
        elif kind == "step_resumed":
            lines.join(visit_id, service, visit.aside.pop(service, at))
        elif kind == "service_added":
            lines.join(visit_id, service, at)
        elif kind == "step_transferred":
            since = visit.aside.pop(service, at)
            self._leave(visit_id, visit)
            lines.join(visit_id, data["to_service"], since if data["to_service"] == service else at)
        elif kind == "action_undone":
            self._undone(visit_id, visit, service, data["state"])

    def _chosen(self, visit_id: str, visit: _Visit, at: int, data: Mapping[str, Any]) -> None:
        for service in data["added"]:
            self._lines.join(visit_id, service, int(data.get("since", at)))
        for service in data["back"]:
            self._lines.join(visit_id, service, visit.aside.pop(service, at))
        for service in data["dropped"]:
            self._lines.quit(visit_id, service)
            visit.aside.pop(service, None)

    def _ended_with_day(self, visit_id: str, visit: _Visit, data: Mapping[str, Any]) -> None:
        """The day has ended: nobody waits any more. Opened again, it may bring them back to their old places."""
        for step in data["steps"]:
            since = self._lines.quit(visit_id, step["service"])
            if since is not None:
                visit.aside[step["service"]] = since
        self._leave(visit_id, visit)
        visit.sent = False

    def _take(self, visit_id: str, visit: _Visit, service: str) -> None:
        since = self._lines.quit(visit_id, service)
        if since is not None:
            visit.aside[service] = since
        visit.at = service
        self._lines.busy(visit_id)

    def _leave(self, visit_id: str, visit: _Visit) -> None:
        visit.at = None
        self._lines.free(visit_id)

    def _back(self, visit_id: str, visit: _Visit, service: str) -> None:
        self._leave(visit_id, visit)
        visit.sent = False
        since = visit.aside.pop(service, None)
        if since is not None:
            self._lines.join(visit_id, service, since)

    def _undone(self, visit_id: str, visit: _Visit, service: str, state: str | None) -> None:
        if state in PLACED:
            self._take(visit_id, visit, service)
            visit.sent = state == "headed"
        elif state == "waiting":
            self._back(visit_id, visit, service)
