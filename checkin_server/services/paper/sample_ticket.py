"""A ticket of an invented visitor, from the plan alone: for trying a template before the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from checkin_server.domain.members import codes
from checkin_server.domain.plan import Plan, Service
from checkin_server.domain.waits import estimate
from checkin_server.services.paper import ticket
from checkin_server.services.venue import Words

_STOPS = 3
_CODE = codes.make(codes.VISIT, bytes(range(16)))
_MORNING_MS = 42 * 60_000
"""How long after the opening the visitor came."""


def sample(
    plan: Plan, words_of: Callable[[str], Words], locale: str, number: int, *, bilingual: bool = False
) -> dict[str, Any]:
    """Put together a ticket of somebody who came for three services, as the plan expects their waits to be.

    A venue's second language is on it as it will be; `bilingual` adds one where it isn't: French, or Arabic to French.
    """
    if bilingual and plan.second_language in (None, locale):
        plan = replace(plan, second_language="ar" if locale == "fr" else "fr")
    category = next(iter(plan.categories))
    stops = [
        (service.id, estimate(3 + 4 * place, 1, len(plan.counters_of(service.id)), service.prior_minutes * 60))
        for place, service in enumerate(_some(plan, category))
    ]
    stops.sort(key=lambda stop: stop[1].p50 if stop[1] else 10**9)
    says = ticket.Says(locale=locale, number=number, category=category, stops=stops, code=_CODE)
    return ticket.compose(plan, words_of, says, plan.days[0].opens_at + _MORNING_MS)


def fullest(plan: Plan, words_of: Callable[[str], Words], locale: str) -> dict[str, Any]:
    """Put together the longest ticket that this plan can give: of somebody who came for everything that is open."""

    def of(category: str) -> list[str]:
        return [s.id for s in plan.services.values() if not s.closed and (not s.categories or category in s.categories)]

    category = max(plan.categories, key=lambda name: len(of(name)))
    stops = [(service, estimate(40, 1, 1, 35 * 60)) for service in of(category)]
    says = ticket.Says(locale=locale, number=ticket.LONGEST_NUMBER, category=category, stops=stops, code=_CODE)
    return ticket.compose(plan, words_of, says, plan.days[0].opens_at + _MORNING_MS)


def _some(plan: Plan, category: str) -> list[Service]:
    """Pick services of as many zones as there are, those with offers first."""
    open_to = [s for s in plan.services.values() if not s.closed and (not s.categories or category in s.categories)]
    open_to.sort(key=lambda service: not plan.offers_for(service.id, category))
    by_zone = {plan.zone_of(service.id): service for service in reversed(open_to)}
    picked = list(reversed(by_zone.values()))
    return [*picked, *(service for service in open_to if service not in picked)][:_STOPS]
