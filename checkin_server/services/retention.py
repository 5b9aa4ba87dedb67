"""When what is personal has to go: planned when a day ends, and anew at each start, by the settings then in force."""

from __future__ import annotations

from checkin_server.db import purges
from checkin_server.db.tx import Tx
from checkin_server.domain import retention as rules
from checkin_server.domain.plan import Plan
from checkin_server.services.times import midnight, midnight_after, rfc3339


# size: a day and its end; when it is planned, and whether what was done counts as done
def plan_day(tx: Tx, plan: Plan, day: str, ended_at: int, now: int, *, again: bool) -> None:
    """Plan what has to go of a day that has ended, and say so in the log when it is its end (`again`)."""
    before = rules.day_after(day)
    over = max(midnight(before, plan.timezone), midnight_after(ended_at, plan.timezone))
    dues = rules.dues(plan.retention, over, tour_over(plan))
    for kind, due in dues.items():
        purges.plan(tx, kind, before, due, now, again=again)
    if again:
        tx.emit(
            "purge_planned",
            now,
            {
                "texts": rfc3339(dues["texts"]),
                "prints": rfc3339(dues["prints"]),
                "links": rfc3339(dues["links"]),
                "members": rfc3339(dues["members"]),
            },
            service_day=day,
        )


def plan_all(tx: Tx, plan: Plan, now: int) -> None:
    """Plan anew what is still to go of every day that has ended: settings or the tour may be others now."""
    for row in purges.held(tx):
        if row["ended_at"] is not None:
            plan_day(tx, plan, row["id"], row["ended_at"], now, again=False)


def tour_over(plan: Plan) -> int:
    """Return the midnight after the tour's last day."""
    cities = [city.last_day for city in plan.event.cities]
    last = rules.last_day(cities, [day.id for day in plan.days])
    return midnight(rules.day_after(last), plan.timezone)
