"""Counters and staff time: open, walking, serving, idle, idle while somebody waited, paused; and planned capacity."""

from __future__ import annotations

from collections import Counter as Count

from checkin_server.domain.figures.facts import Counter, CounterState, Step, Visit
from checkin_server.domain.figures.intervals import Stretch, length, merged, within, without
from checkin_server.domain.figures.period import Period, Played, Row, Rows

_STATES: tuple[tuple[str, CounterState], ...] = (
    ("walking_s", "walking"),
    ("serving_s", "serving"),
    ("idle_s", "idle"),
    ("paused_s", "paused"),
)


def counters(period: Period) -> Rows:
    """Each counter's time while the day was open. Open is the sum of its parts, to the second."""
    found: dict[str, Row] = {}
    for one in period.days:
        for counter, row in _of_day(one).items():
            known = found.setdefault(counter, dict.fromkeys(row, 0))
            for name, value in row.items():
                known[name] += value
    nothing = dict.fromkeys(("open_s", *(name for name, _ in _STATES), "idle_while_waiting_s", "served"), 0)
    return [{"counter": counter, **found.get(counter, nothing)} for counter in period.in_order("counters", found)]


def _of_day(one: Played) -> dict[str, Row]:
    served = Count(step.counter for visit in one.day.visits.values() for step in visit.steps if step.end == "served")
    wanted = _Wanted(one)
    rows: dict[str, Row] = {}
    for counter in one.day.counters.values():
        times = counter.times(one.day.open_spans)
        row: Row = {name: round(length(times.get(state, ())) / 1000) for name, state in _STATES}
        in_vain = length(within(times.get("idle", ()), wanted.by_counter(counter)))
        rows[counter.id] = {
            "open_s": sum(row.values()),
            **row,
            "idle_while_waiting_s": min(row["idle_s"], round(in_vain / 1000)),
            "served": served[counter.id],
        }
    return rows


class _Wanted:
    """When somebody was free for a counter: by service, and by counter where one alone was named."""

    def __init__(self, one: Played) -> None:
        self._one = one
        self._by_service: dict[str, list[Stretch]] = {}
        self._for_one: dict[str, list[Stretch]] = {}
        after = {row["id"]: tuple(row.get("after", ())) for row in one.plan.last.get("services", ())}
        for visit in one.day.visits.values():
            if visit.number is not None:
                for step in visit.steps:
                    self._add(visit, step, after.get(step.service, ()))
        self._by_service = {service: merged(times) for service, times in self._by_service.items()}

    def _add(self, visit: Visit, step: Step, after: tuple[str, ...]) -> None:
        until = self._one.day.until
        end = step.ended_at if step.ended_at is not None else until
        elsewhere = [(p.since, p.until) for p in visit.placed if not (p.sent and p.service == step.service)]
        if visit.place is not None and not (visit.place[2] and visit.place[1] == step.service):
            elsewhere.append((visit.place[0], until))
        first = [
            (s.asked_at, s.ended_at if s.ended_at is not None else until) for s in visit.steps if s.service in after
        ]
        free = without([(step.asked_at, end)], [*elsewhere, *first, *visit.rests, *step.not_waiting(until)])
        kept = [*step.kept, *([(step.kept_since[0], end, step.kept_since[1])] if step.kept_since else ())]
        for since, to, counter in kept:
            self._for_one.setdefault(counter, []).extend(within(free, [(since, to)]))
        rest = without(free, [(since, to) for since, to, _ in kept])
        self._by_service.setdefault(step.service, []).extend(rest)

    def by_counter(self, counter: Counter) -> list[Stretch]:
        """Return when at least one visit was free that this counter might call, by the plan that held then."""
        found = list(self._for_one.get(counter.id, ()))
        segments = self._one.plan.segments
        ends = [since for since, _ in segments[1:]] + [self._one.day.until]
        for place, ((since, plan), until) in enumerate(zip(segments, ends, strict=True)):
            gives = next((row["services"] for row in plan.get("counters", ()) if row["id"] == counter.id), ())
            bounds = [(0 if place == 0 else since, until)]
            for service in gives:
                found += within(self._by_service.get(service, ()), bounds)
        return merged(found)


def capacity(period: Period) -> Rows:
    """Counter time of the plan, of what was open, of what served, by booth."""
    found: dict[str, Row] = {}
    for one in period.days:
        opens, closes = one.day.hours or (0, 0)
        for counter in one.plan.last.get("counters", ()):
            row = found.setdefault(str(counter["booth"]), {"counters": 0, "planned_s": 0, "open_s": 0, "serving_s": 0})
            row["planned_s"] += (closes - opens) // 1000
            row["counters"] += one is period.days[-1]
        for counter_id, times in _of_day(one).items():
            booth = one.plan.booth_of("counters", counter_id)
            row = found.setdefault(booth, {"counters": 0, "planned_s": 0, "open_s": 0, "serving_s": 0})
            row["open_s"] += times["open_s"]
            row["serving_s"] += times["serving_s"]
    nothing = {"counters": 0, "planned_s": 0, "open_s": 0, "serving_s": 0}
    return [{"booth": booth, **found.get(booth, nothing)} for booth in period.in_order("booths", found)]
