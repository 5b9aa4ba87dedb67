"""Priority that the welcome desk gives by hand: for which reasons, and how much."""

from __future__ import annotations

from typing import Literal, get_args

from checkin_server.domain.plan import Need, Plan

Reason = Literal[Need, "pregnant", "small_child", "elderly", "unwell", "other"]
REASONS: tuple[str, ...] = get_args(Reason)
"""Those that are needs too (`plan.NEEDS`) are told to whoever serves the visitor, as those kept with the member are."""


def minutes(plan: Plan, reason: str) -> int:
    """Return the head start for a reason, in minutes: a need's own, else the desk's; never beyond the limit for all.

    The desk says why, the organiser's settings how much: always a number of minutes, never a class of its own.
    """
    own = plan.routing.needs_head_start.get(reason)
    given = plan.desk_priority_minutes if own is None else round(own)
    return max(0, min(given, int(plan.routing.head_start_limit_minutes)))
