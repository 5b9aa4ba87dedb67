"""Every dataset of a period: name by name, or all together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from checkin_server.domain.figures import counters, house, services, visits
from checkin_server.domain.figures.dictionary import DATASETS
from checkin_server.domain.figures.period import Period, Rows

_MADE_BY: Mapping[str, Callable[[Period], Rows]] = {
    "glance": visits.glance,
    "arrivals": visits.arrivals,
    "people_by_category": visits.by_category,
    "people_by_unit": visits.by_unit,
    "people_by_language": visits.by_language,
    "services": services.services,
    "waits": services.waits,
    "service_times": services.service_times,
    "abandoned": services.abandoned,
    "counters": counters.counters,
    "capacity": counters.capacity,
    "calls": services.calls,
    "quoted": services.quoted,
    "forecasts": house.forecasts,
    "fairness": house.fairness,
    "families": visits.families,
    "priorities": house.priorities,
    "kiosks": house.kiosks,
    "tickets": house.tickets,
    "refused": house.refused,
    "opinions": house.opinions,
    "words": house.words,
    "referrals": house.referrals,
    "last_tickets": house.last_tickets,
    "offers": house.offers,
}


def rows_of(name: str, period: Period) -> Rows:
    """Return a dataset's rows, each with all its columns in the dictionary's order.

    Raises KeyError when there is no such dataset.
    """
    columns = [column.id for column in DATASETS[name].columns]
    return [{column: row.get(column) for column in columns} for row in _MADE_BY[name](period)]
