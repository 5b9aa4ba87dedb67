"""What a visitor's choice of services changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from checkin_server.domain import steps
from checkin_server.domain.plan import Plan
from checkin_server.domain.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Chosen:
    """A step the visit has already: its service and state."""

    id: str
    service: str
    state: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Services to add, and steps (by id) to cancel or to bring back."""

    add: tuple[str, ...]
    cancel: tuple[str, ...]
    back: tuple[str, ...] = ()
    """Steps given up after missed calls that are wanted all the same: their visitor stands here."""


def decide(
    plan: Plan, category: str, have: Sequence[Chosen], wanted: Sequence[str], full: Collection[str] = ()
) -> Changes | Refusal:
    """Compare what the visit has with what is wanted now.

    All or nothing: one service that cannot be given refuses the whole choice by name (``services_refused``), so that a
    screen never shows a half-taken choice. What was served stays served, ticked or not, and is not asked for again;
    what was cancelled may be wanted again, as a new step. `full` are services whose last ticket has gone.
    """
    if not wanted:
        return Refusal("no_services")
    held = {step.service: step for step in have if step.state in steps.OPEN or step.state == "no_show"}
    served = {step.service for step in have if step.state == "served"}
    refused = [
        {"service": service, "reason": reason}
        for service in dict.fromkeys(wanted)
        if (reason := _why_not(plan, category, service, already=service in held or service in served, full=full))
    ]
    if refused:
        return Refusal("services_refused", {"refused": refused})
    dropped = [step for service, step in held.items() if service not in wanted]
    for step in dropped:
        if steps.after("cancel", step.state) is None:
            return Refusal("wrong_state", {"state": step.state, "service": step.service})
    add = tuple(s for s in dict.fromkeys(wanted) if s not in held and s not in served)
    back = tuple(step.id for service, step in held.items() if service in wanted and step.state == "no_show")
    return Changes(add, tuple(step.id for step in dropped), back)


def why_not(plan: Plan, category: str, service: str) -> str | None:
    """Return why a service can't be given to this category; None when it can."""
    return _why_not(plan, category, service, already=False, full=())


def _why_not(plan: Plan, category: str, service: str, *, already: bool, full: Collection[str]) -> str | None:
    if already:
        return None
    known = plan.services.get(service)
    if known is None:
        return "unknown_service"
    if known.closed:
        return "service_closed"
    if known.categories and category not in known.categories:
        return "not_eligible"
    if service in full:
        return "no_more_tickets"
    return None
