"""Why this visitor and not another: a code and its figures, for staff, visitors and the event log.

`docs/reasons.md` says what each code means; the screens say it in words (`checkin_server/shared/static/words.js`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from checkin_server.domain.routing.floor import MINUTE, Floor
from checkin_server.domain.routing.pieces import Step

CODES = ("longest_wait", "priority", "last_stop", "only_stop", "nearly_done", "near", "free_counter", "stood_longest")
"""Every code of the router: `explain` gives all but the last two.

They say why somebody new is sent where they are, and that a counter calls who has stood ready longest."""


@dataclass(frozen=True, slots=True)
class Why:
    """The reason for a call, as a code and its figures, for staff and the event log."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return ``{"code": …, **params}``, the form of the API and the event log."""
        return {"code": self.code, **self.params}


def waited(step: Step, now: int) -> int:
    """Whole minutes since the service was asked for; never negative, whatever a corrected clock says."""
    return int(max(0, now - step.since) // MINUTE)


def explain(floor: Floor, chosen: Step, others: Sequence[Step], now: int) -> Why:
    """Say what put `chosen` before `others`, the ones that were considered with it.

    Every reason carries ``minutes``, the time waited so far. ``priority`` adds ``head_start`` (minutes) and ``reason``
    (what was given by hand, a need, or the category); ``nearly_done`` adds ``left`` (minutes of service the visit still
    needs); ``near`` adds ``walk`` (minutes).
    """
    visit = chosen.visit
    params: dict[str, object] = {"minutes": waited(chosen, now)}
    if all(chosen.since <= other.since for other in others):
        if others or len(visit.steps) > 1:
            return Why("longest_wait", params)
        return Why("only_stop" if visit.stops <= 1 else "last_stop", params)
    earlier = [other for other in others if other.since < chosen.since]
    if visit.head_start > 0 and any(
        chosen.key + visit.head_start > other.key + other.visit.head_start for other in earlier
    ):
        starts = floor.plan.routing.needs_head_start
        need = max(visit.needs, key=lambda one: starts.get(one, 0.0), default="")
        by_need = starts.get(need, 0.0) * MINUTE >= visit.head_start
        reason = visit.by_hand or (need if by_need and need else visit.category)
        return Why("priority", {**params, "head_start": round(visit.head_start / MINUTE), "reason": reason})
    if len(visit.steps) == 1:
        return Why("only_stop" if visit.stops <= 1 else "last_stop", params)
    if any(other.key < chosen.key for other in others):
        walk = floor.walk(visit, floor.queues[chosen.service].zone)
        return Why("near", {**params, "walk": round(walk / MINUTE, 1)})
    left = sum(floor.learner.expected(step.service, factor=visit.factor) for step in visit.steps.values())
    return Why("nearly_done", {**params, "left": max(1, round(left / MINUTE))})
