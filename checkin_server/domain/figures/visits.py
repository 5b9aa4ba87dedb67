"""Visits and people: the day at a glance, who came when, families."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Callable

from checkin_server.domain.figures.facts import Party, Visit
from checkin_server.domain.figures.period import QUARTER, Period, Row, Rows, spread
from checkin_server.domain.figures.services import ends, level, wait

NOT_RECORDED = "not_recorded"
"""People of whom the log says no category, unit and language: it is older than these counts."""


def glance(period: Period) -> Rows:
    """The day at a glance: a row a day, and one of all where there are several."""
    rows = [{"day": one.day.id, **_glance(Period([one], period.local))} for one in period.days]
    return rows if len(rows) == 1 else [*rows, {"day": "all", **_glance(period)}]


def _glance(period: Period) -> Row:
    visits, steps = list(period.visits), list(period.steps)
    inside = [
        over - visit.came_at
        for one in period.days
        for visit in one.day.numbered
        if (over := visit.over_at(one.day.until)) is not None
    ]
    return {
        "open_end": sum(not one.day.ended for one in period.days),
        "admitted": sum(visit.came_by is None for one in period.days for visit in one.day.visits.values()),
        "arrivals": len(visits),
        "people": sum(visit.people for visit in visits),
        **ends(steps),
        "abandoned_visits": sum(bool(visit.wants) for visit in visits),
        **wait(steps),
        **level(steps),
        **spread("venue", "venue_times", (max(0, ms) for ms in inside)),
        "calls": sum(step.calls for _, step in steps),
        "missed_calls": sum(step.misses for _, step in steps),
        "refused": sum(one.day.around.refused.total() for one in period.days),
        "scores": sum(len(one.day.around.scores) for one in period.days),
        "texts": sum(one.day.around.texts for one in period.days),
    }


def arrivals(period: Period) -> Rows:
    """Arrivals and people by quarter of an hour, from the doors' opening on; quarters without anybody too."""
    found: dict[int, list[Visit]] = {}
    for one in period.days:
        if one.day.hours is not None:
            opens, closes = one.day.hours
            last = min(closes, max(opens, one.day.until))
            for quarter in range(opens - opens % QUARTER, last, QUARTER):
                found.setdefault(quarter, [])
        for visit in one.day.numbered:
            found.setdefault(visit.came_at - visit.came_at % QUARTER, []).append(visit)
    return [
        {
            "quarter": period.local(quarter).isoformat(timespec="minutes"),
            "arrivals": len(visits),
            "people": sum(visit.people for visit in visits),
        }
        for quarter, visits in sorted(found.items())
    ]


def by_category(period: Period) -> Rows:
    """People by category."""
    return _people(period, "category", "categories", lambda visit: visit.category)


def by_unit(period: Period) -> Rows:
    """People by administrative unit."""
    return _people(period, "unit", "units", lambda visit: visit.unit)


def by_language(period: Period) -> Rows:
    """People by language."""
    return _people(period, "language", "", lambda visit: visit.locale)


def _people(period: Period, what: str, in_plan: str, of: Callable[[Visit], str]) -> Rows:
    visits: Count[str] = Count()
    people: Count[str] = Count()
    for visit in period.visits:
        visits[of(visit)] += 1
        party: Party = visit.party or {}
        counted = party.get(what, {})
        people.update(counted)
        if missing := visit.people - sum(counted.values()):
            people[NOT_RECORDED] += missing
    found = (*visits, *(name for name in people if name != NOT_RECORDED))
    rows = [{what: name, "arrivals": visits[name], "people": people[name]} for name in period.in_order(in_plan, found)]
    if people[NOT_RECORDED]:
        rows.append({what: NOT_RECORDED, "arrivals": 0, "people": people[NOT_RECORDED]})
    return rows


def families(period: Period) -> Rows:
    """Families: how many came, how many split up."""
    rows = []
    for one in period.days:
        numbered = one.day.numbered
        parts = [visit for visit in numbered if visit.came_by is not None]
        rows.append(
            {
                "day": one.day.id,
                "families": sum(visit.people > 1 for visit in numbered),
                "people_in_families": sum(visit.people for visit in numbered if visit.people > 1),
                "split": len({id(visit.came_by) for visit in parts}),
                "parts": len(parts),
            }
        )
    return rows
