"""Was it fair? The event log, read again: who was chosen before whom, and whether the promised bound held.

The router promises that nobody who asked for a service more than `cap` minutes (and their own head start) after you is
chosen for it before you (docs/routing.md). This file does not ask the router: it plays the day's events forward and
looks at each moment in which somebody was chosen, at who else was free and waited for the same service.

Who cannot be chosen cannot be overtaken: visitors at a counter or on their way to one, holding their place, resting
after a missed call, or with an earlier stop to make first.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MINUTE = 60_000
SLACK_MINUTES = 2.0
"""Walking times and rounding may shift a choice by so much."""
_SHOWN = 20


@dataclass(slots=True)
class _Visit:
    category: str
    number: int | None = None
    wants: dict[str, int] = field(default_factory=dict)
    """Services that wait, and since when (milliseconds since 1970 UTC)."""
    aside: dict[str, int] = field(default_factory=dict)
    """Parked and missed services, which come back at their old place."""
    steps: dict[str, str] = field(default_factory=dict)
    """The service of each step that was called or sent."""
    at: str | None = None
    """The service the visitor is sent to, called for or served at."""
    sent: bool = False
    free_from: int = 0
    overtaken_ms: int = 0
    overtakes: int = 0


@dataclass(frozen=True, slots=True)
class Beyond:
    """A choice beyond the bound."""

    seq: int
    service: str
    number: int | None
    """Of who was overtaken."""
    by: int | None
    """The number that was chosen."""
    minutes: float
    bound_minutes: float


class Fairness:
    """Plays events forward, oldest first; `report` says how it stands."""

    def __init__(self, cap_minutes: float, after: Mapping[str, tuple[str, ...]], rest_minutes: float) -> None:
        """`after` says which services come before one, `rest_minutes` how long a visit rests after a missed call."""
        self._cap = cap_minutes
        self._after = after
        self._rest_ms = round(rest_minutes * MINUTE)
        self._visits: dict[str, _Visit] = {}
        self._queues: dict[str, list[tuple[int, str]]] = {}
        self._beyond: list[Beyond] = []
        self.choices = 0
        self.seen = 0
        """Place in the log of the newest event that was played."""

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
        self.seen = seq
        if visit_id is None:
            return
        if kind in ("member_admitted", "family_parted"):
            self._visits[visit_id] = _Visit(str(data["category"]))
        visit = self._visits.get(visit_id)
        if visit is None:
            return
        visit.number = number if number is not None else visit.number
        if step is not None and service is not None:
            visit.steps[step] = service
        if kind == "services_chosen":
            self._chosen(visit_id, visit, at, data)
        elif kind in ("visitor_sent", "visitor_called") and service is not None:
            # Who came to a counter by themselves was not chosen; why they are served stands in the log.
            if not (visit.sent and visit.at == service) and not data.get("scanned"):
                self._judge(seq, visit_id, visit, service, at, float(data.get("head_start", 0)))
            self._take(visit_id, visit, service)
            visit.sent = kind == "visitor_sent"
        elif kind == "visitor_released" and service is not None:
            self._back(visit_id, visit, service)
        elif kind in ("visitor_missed", "step_parked") and service is not None:
            if kind == "visitor_missed":
                visit.free_from = at + self._rest_ms
            if data.get("state") == "waiting":
                self._back(visit_id, visit, service)
            else:
                visit.at = None
        elif kind == "service_finished":
            visit.at = None
            visit.aside.pop(service or "", None)
        elif kind == "step_resumed" and service is not None:
            self._wait(visit_id, visit, service, visit.aside.pop(service, at))
        elif kind == "service_added" and service is not None:
            self._wait(visit_id, visit, service, at)
        elif kind == "step_transferred":
            since = visit.aside.pop(service or "", at)
            visit.at = None
            self._wait(visit_id, visit, data["to_service"], since if data["to_service"] == service else at)
        elif kind == "action_undone" and service is not None:
            self._undone(visit_id, visit, service, data["state"])
        elif kind == "visit_held":
            visit.free_from = max(visit.free_from, at + int(data["minutes"]) * MINUTE)
        elif kind == "visit_resumed":
            visit.free_from = 0
            for back in data.get("steps", ()):
                service = visit.steps.get(back)
                if service is not None and service in visit.aside:
                    self._wait(visit_id, visit, service, visit.aside.pop(service))
        elif kind == "visit_left":
            for wanted in list(visit.wants):
                self._drop(visit_id, visit, wanted)

    def report(self) -> dict[str, Any]:
        """Return how long anybody was overtaken, by category, and whether the bound held; durations in seconds."""
        categories: dict[str, dict[str, Any]] = {}
        for visit in self._visits.values():
            row = categories.setdefault(
                visit.category, {"category": visit.category, "visits": 0, "overtaken": 0, "longest_s": 0}
            )
            row["visits"] += 1
            row["overtaken"] += visit.overtakes > 0
            row["longest_s"] = max(row["longest_s"], visit.overtaken_ms // 1000)
        return {
            "choices": self.choices,
            "bound_minutes": self._cap,
            "held": not self._beyond,
            "beyond": len(self._beyond),
            "cases": [
                {
                    "seq": case.seq,
                    "service": case.service,
                    "number": case.number,
                    "by": case.by,
                    "minutes": round(case.minutes, 1),
                    "bound_minutes": case.bound_minutes,
                }
                for case in self._beyond[-_SHOWN:]
            ],
            "categories": sorted(categories.values(), key=lambda row: row["category"]),
        }

    # -- what the events do ------------------------------------------------------------------------------------------

    def _chosen(self, visit_id: str, visit: _Visit, at: int, data: Mapping[str, Any]) -> None:
        for service in data["added"]:
            self._wait(visit_id, visit, service, at)
        for service in data["back"]:
            self._wait(visit_id, visit, service, visit.aside.pop(service, at))
        for service in data["dropped"]:
            self._drop(visit_id, visit, service)
            visit.aside.pop(service, None)

    def _wait(self, visit_id: str, visit: _Visit, service: str, since: int) -> None:
        if service not in visit.wants:
            visit.wants[service] = since
            insort(self._queues.setdefault(service, []), (since, visit_id))

    def _drop(self, visit_id: str, visit: _Visit, service: str) -> int | None:
        since = visit.wants.pop(service, None)
        if since is not None:
            self._queues[service].remove((since, visit_id))
        return since

    def _take(self, visit_id: str, visit: _Visit, service: str) -> None:
        since = self._drop(visit_id, visit, service)
        if since is not None:
            visit.aside[service] = since
        visit.at = service

    def _back(self, visit_id: str, visit: _Visit, service: str) -> None:
        visit.at, visit.sent = None, False
        since = visit.aside.pop(service, None)
        if since is not None:
            self._wait(visit_id, visit, service, since)

    def _undone(self, visit_id: str, visit: _Visit, service: str, state: str | None) -> None:
        if state in ("called", "serving", "headed"):
            self._take(visit_id, visit, service)
            visit.sent = state == "headed"
        elif state == "waiting":
            self._back(visit_id, visit, service)

    def _judge(self, seq: int, visit_id: str, visit: _Visit, service: str, at: int, head_start: float) -> None:
        self.choices += 1
        mine = visit.wants.get(service)
        if mine is None:
            return
        bound = self._cap + head_start
        for since, other_id in self._queues.get(service, ()):
            if since >= mine:
                break
            other = self._visits[other_id]
            if other.at is not None or other.free_from > at or other_id == visit_id:
                continue
            if any(before in other.wants for before in self._after.get(service, ())):
                continue
            other.overtakes += 1
            other.overtaken_ms = max(other.overtaken_ms, mine - since)
            minutes = (mine - since) / MINUTE
            if minutes > bound + SLACK_MINUTES:
                self._beyond.append(Beyond(seq, service, other.number, visit.number, minutes, bound))
