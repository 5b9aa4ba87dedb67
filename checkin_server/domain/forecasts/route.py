"""The order of a visit's stops: one for the kiosk's screens, the ticket, the desk and the tablet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checkin_server.domain import steps
from checkin_server.domain.forecasts.proposal import Candidate, propose
from checkin_server.domain.guidance import Stop


def in_order(stops: Sequence[Stop], after: Mapping[str, tuple[str, ...]]) -> list[Stop]:
    """Return a visit's stops as a route: what is over as it ended, where to be now, then as the calls are expected.

    What waits comes in the order that was proposed: the soonest first, a stop behind those it needs (`after`, by
    service), one whose wait nobody knows last; and behind all of them what was set aside, which nobody calls by itself.
    """
    over = [stop for stop in stops if stop.state not in steps.OPEN]
    over.sort(key=lambda stop: stop.ended_at if stop.ended_at is not None else 0)
    placed = [stop for stop in stops if stop.state in steps.PLACED]
    aside = [stop for stop in stops if stop.state == "parked"]
    waiting = {stop.service: stop for stop in stops if stop.state == "waiting"}
    # A stop that was had already, or is being had, is waited for no more.
    legs = propose([Candidate(one.service, one.wait, after.get(one.service, ()), one.at) for one in waiting.values()])
    return [*over, *placed, *(waiting[leg.service] for leg in legs), *aside]
