"""At the counter: sending the visitor on to another service or counter, and adding a service to the visit.

The number stays. Who is sent on keeps the time of asking: the visitor has waited once already, for somebody who could
not help.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checkin_server.db import counters, steps, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import choice
from checkin_server.domain import steps as rules
from checkin_server.domain.choice import Chosen
from checkin_server.domain.plan import Plan
from checkin_server.domain.refusal import Refusal
from checkin_server.services.counters import at_counter
from checkin_server.services.counters.undo import Memo
from checkin_server.services.once import Answer, Command
from checkin_server.services.venue import Actor, Venue


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a visitor is sent on to: a service, a counter, or a service at a given counter."""

    service: str | None = None
    counter: str | None = None


def transfer(
    venue: Venue, actor: Actor, counter_id: str, command_id: str, to: Onward, step: str | None = None
) -> Answer | Refusal:
    """Send the visitor at this counter to another service, to another counter, or to a service at a given counter.

    Another service: this step ends as ``transferred`` and the visit waits for the other one, since it asked for this
    one. Another counter of the same service: the step waits again, for that counter alone while it is not closed.
    Refused with ``services_refused`` (the service can't be given, or not there) or ``wrong_state`` of a closed counter.
    """
    body: dict[str, Any] = {"service": to.service, "counter": to.counter}
    if step is not None:
        body["step"] = step
    command = Command("transfer", counter_id, command_id, body, actor, venue.now())
    now = command.now

    def do(tx: Tx, counter: Row) -> Answer | Refusal:
        found = at_counter.current(tx, counter, step)
        if isinstance(found, Refusal):
            return found
        here, visit = found
        if at_counter.open_day_id(tx) is None:  # nobody would call them there any more
            return Refusal("wrong_state", {"state": "day_closed"})
        target = _target(venue.plan, counter, here["service"], visit["category"], to)
        if isinstance(target, Refusal):
            return target
        if to.counter is not None:
            there = counters.find(tx, to.counter)
            if there is None or there["state"] == "closed":
                return Refusal("wrong_state", {"state": "closed", "counter": to.counter})
        memo = Memo(tx, counter, command)
        memo.look(visit["id"])
        after = here["id"]
        if target == here["service"]:
            steps.pass_on(tx, here["id"], "waiting", counter=None, for_counter=to.counter, ended_at=None)
        else:
            steps.pass_on(tx, here["id"], "transferred", counter=counter_id, for_counter=None, ended_at=now)
            after = _wait_for(tx, venue, visit, target, here["since"], to.counter)
        visits.release(tx, visit["id"], here["id"], now)
        at_counter.tell(
            tx,
            command,
            "step_transferred",
            here,
            visit["number"],
            {"to_service": target, "to_counter": to.counter, "to_step": after},
        )
        memo.keep(here["id"])
        return {"outcome": "done", **at_counter.answer(tx, venue, after)}

    return at_counter.act(venue, command, do)


def add_services(
    venue: Venue, actor: Actor, counter_id: str, command_id: str, services: tuple[str, ...], step: str | None = None
) -> Answer | Refusal:
    """Let the visitor at this counter wait for further services too, from now on.

    All or nothing: refused with ``services_refused``, each by name; one the visit has already is ``already_chosen``.
    """
    body: dict[str, Any] = {"services": list(services)}
    if step is not None:
        body["step"] = step
    command = Command("add-service", counter_id, command_id, body, actor, venue.now())

    def do(tx: Tx, counter: Row) -> Answer | Refusal:
        found = at_counter.current(tx, counter, step)
        if isinstance(found, Refusal):
            return found
        here, visit = found
        if at_counter.open_day_id(tx) is None:
            return Refusal("wrong_state", {"state": "day_closed"})
        memo = Memo(tx, counter, command)
        memo.look(visit["id"])
        added = add(tx, venue, command, visit, services)
        if isinstance(added, Refusal):
            return added
        memo.keep(here["id"])
        return {"outcome": "done", **at_counter.answer(tx, venue, here["id"])}

    return at_counter.act(venue, command, do)


def add(tx: Tx, venue: Venue, command: Command, visit: Row, services: tuple[str, ...]) -> list[str] | Refusal:
    """Add steps to a visit, or bring back those that were given up; return the steps. What the visit has stays."""
    rows = steps.of_visit(tx, visit["id"])
    have = [Chosen(row["id"], row["service"], row["state"]) for row in rows]
    open_or_done = {s.service for s in have if s.state in rules.OPEN or s.state == "served"}
    refused = [{"service": s, "reason": "already_chosen"} for s in dict.fromkeys(services) if s in open_or_done]
    kept = [s.service for s in have if s.state in rules.OPEN]
    changes = choice.decide(venue.plan, visit["category"], have, [*kept, *services])
    if isinstance(changes, Refusal):
        refused += changes.params.get("refused", [])
    if refused:
        return Refusal("services_refused", {"refused": refused})
    added = []
    for service in dict.fromkeys(services):
        added.append(_wait_for(tx, venue, visit, service, command.now, None))
        tx.emit(
            "service_added",
            command.now,
            {},
            service_day=visit["service_day"],
            visit=visit["id"],
            step=added[-1],
            service=service,
            counter=command.target,
            number=visit["number"],
            device=command.actor.device,
            staff=command.actor.staff,
        )
    return added


def _target(plan: Plan, counter: Row, here: str, category: str, to: Onward) -> str | Refusal:
    """Return the service that the visitor at `counter`, who is there for `here`, is sent to."""
    if to.counter is not None and (to.counter not in plan.counters or to.counter == counter["id"]):
        return Refusal("unknown_counter", {"counter": to.counter})
    offered = plan.counters[to.counter].services if to.counter else tuple(plan.services)
    target = to.service or (here if here in offered else offered[0] if len(offered) == 1 else None)
    if target is None or (to.service is None and to.counter is None):
        return Refusal("no_services")
    if reason := _why_not(plan, here, category, target, to.counter, offered):
        return Refusal("services_refused", {"refused": [{"service": target, "reason": reason}]})
    return target


def _why_not(
    plan: Plan, here: str, category: str, target: str, to_counter: str | None, offered: tuple[str, ...]
) -> str | None:
    if target == here and to_counter is None:
        return "already_here"
    if target in plan.services and target not in offered:
        return "not_at_counter"
    return None if target == here else choice.why_not(plan, category, target)


def _wait_for(tx: Tx, venue: Venue, visit: Row, service: str, since: int, for_counter: str | None) -> str:
    """Let a visit wait for a service since a time: its open or given-up step of it, else a new one. Return the step."""
    rows = steps.of_visit(tx, visit["id"])
    for row in rows:
        if row["service"] == service and row["state"] in ("waiting", "parked", "no_show"):
            steps.requeue(tx, row["id"], row["state"], min(since, row["since"]), for_counter)
            return str(row["id"])
    step_id = venue.new_id("s")
    steps.add(
        tx,
        id=step_id,
        visit=visit["id"],
        service_day=visit["service_day"],
        service=service,
        state="waiting",
        since=since,
        position=1 + max(row["position"] for row in rows),
        for_counter=for_counter,
    )
    return step_id
