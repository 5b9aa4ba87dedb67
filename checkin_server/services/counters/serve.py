"""At the counter, with a visitor called or served: recall, start, finish, no-show, park."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from checkin_server.db import referrals, steps, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import steps as rules
from checkin_server.domain.recalls import may_recall
from checkin_server.domain.refusal import Refusal
from checkin_server.services.counters import at_counter
from checkin_server.services.counters.undo import Memo
from checkin_server.services.once import Answer, Command
from checkin_server.services.venue import Actor, Venue

_Change = Callable[[Tx, Command, Row, Row], "Refusal | None"]


class Action(Protocol):
    """What `recall`, `start`, `no_show` and `park` have in common."""

    def __call__(
        self, venue: Venue, actor: Actor, counter_id: str, command_id: str, step: str | None = None
    ) -> Answer | Refusal:
        """Do it with the visitor at the counter; `step` is the one that is meant."""
        ...


@dataclass(frozen=True, slots=True)
class Ending:
    """How a service ended."""

    outcome: str = "served"
    office: str | None = None
    """For ``referred``: the regional office (or the mutual) the case goes to."""
    subject: str | None = None
    note: str | None = None
    quick: bool = False
    """Also when nobody pressed *Start*: a question that was answered at once. The service then counts from the call."""


def recall(venue: Venue, actor: Actor, counter_id: str, command_id: str, step: str | None = None) -> Answer | Refusal:
    """Call the visitor once more, as often and as soon as the venue's rules allow.

    Refused with ``recall_limit`` (and the limit), or ``recall_too_soon`` (and in how many seconds it is not).
    """

    def change(tx: Tx, command: Command, step: Row, visit: Row) -> Refusal | None:
        refusal = may_recall(
            step["recalls"], max(0, command.now - step["called_at"]), venue.plan.recall_limit, venue.plan.recall_pause_s
        )
        if refusal is not None:
            return refusal
        steps.recall(tx, step["id"], command.now)
        at_counter.tell(tx, command, "visitor_recalled", step, visit["number"], {"recalls": step["recalls"] + 1})
        return None

    return _on_current(venue, Command("recall", counter_id, command_id, {}, actor, venue.now()), change, step)


def start(venue: Venue, actor: Actor, counter_id: str, command_id: str, step: str | None = None) -> Answer | Refusal:
    """The visitor has come: the service begins."""

    def change(tx: Tx, command: Command, step: Row, visit: Row) -> Refusal | None:
        steps.start(tx, step["id"], max(command.now, step["called_at"] or 0))
        at_counter.tell(tx, command, "service_started", step, visit["number"], {})
        return None

    return _on_current(venue, Command("start", counter_id, command_id, {}, actor, venue.now()), change, step)


def finish(
    venue: Venue, actor: Actor, counter_id: str, command_id: str, ending: Ending, step: str | None = None
) -> Answer | Refusal:
    """The service has ended; the visit is free for its next stop."""

    def change(tx: Tx, command: Command, step: Row, visit: Row) -> Refusal | None:
        now = command.now
        if ending.outcome == "referred" and ending.office not in {o.id for o in venue.plan.event.offices}:
            return Refusal("unknown_office", {"office": ending.office})
        if step["state"] == "called":
            step["started_at"] = step["called_at"]
            steps.start(tx, step["id"], step["started_at"])
            at_counter.tell(tx, command, "service_started", step, visit["number"], {"quick": True})
        steps.finish(tx, step["id"], ending.outcome, ending.note, max(now, step["started_at"] or now))
        visits.release(tx, visit["id"], step["id"], now)
        if ending.outcome == "referred":
            assert ending.office is not None
            referrals.add(tx, venue.new_id("r"), step["id"], ending.office, ending.subject or "", now)
        at_counter.tell(
            tx,
            command,
            "service_finished",
            step,
            visit["number"],
            {
                "outcome": ending.outcome,
                "office": ending.office,
                "seconds": max(0, now - (step["started_at"] or now)) // 1000,
                "last": not any(row["state"] in rules.OPEN for row in steps.of_visit(tx, visit["id"])),
            },
        )
        return None

    body = {"outcome": ending.outcome, "office": ending.office, "subject": ending.subject, "note": ending.note}
    if ending.quick:
        body["quick"] = "yes"
    action = "quick-finish" if ending.quick else "finish"
    command = Command("finish", counter_id, command_id, body, actor, venue.now())
    return _on_current(venue, command, change, step, rule=action)


def no_show(venue: Venue, actor: Actor, counter_id: str, command_id: str, step: str | None = None) -> Answer | Refusal:
    """Nobody came: the counter is free; the visit keeps its place, rests, and is given up after some misses."""

    def change(tx: Tx, command: Command, step: Row, visit: Row) -> Refusal | None:
        now = command.now
        state = rules.after_miss(step["misses"] + 1, venue.plan.missed_limit)
        steps.miss(tx, step["id"], state, now if state == "no_show" else None)
        visits.release(tx, visit["id"], step["id"], now + round(venue.plan.missed_rest_minutes * 60_000))
        at_counter.tell(
            tx, command, "visitor_missed", step, visit["number"], {"misses": step["misses"] + 1, "state": state}
        )
        return None

    return _on_current(venue, Command("no-show", counter_id, command_id, {}, actor, venue.now()), change, step)


def park(venue: Venue, actor: Actor, counter_id: str, command_id: str, step: str | None = None) -> Answer | Refusal:
    """Put the step aside (a paper is missing); a kiosk or a counter of the booth brings it back."""

    def change(tx: Tx, command: Command, step: Row, visit: Row) -> Refusal | None:
        steps.set_state(tx, step["id"], step["state"], "parked")
        visits.release(tx, visit["id"], step["id"], command.now)
        at_counter.tell(tx, command, "step_parked", step, visit["number"], {})
        return None

    return _on_current(venue, Command("park", counter_id, command_id, {}, actor, venue.now()), change, step)


def _on_current(
    venue: Venue, command: Command, change: _Change, meant: str | None, rule: str | None = None
) -> Answer | Refusal:
    """Do a command with the visitor at its counter. `meant`: the step that the tablet shows, if it says so.

    `rule`: the action's name in `domain/steps.py`, when it is not the command's kind.
    """
    if meant is not None:
        command = replace(command, body={**command.body, "step": meant})

    def do(tx: Tx, counter: Row) -> Answer | Refusal:
        found = at_counter.current(tx, counter, meant)
        if isinstance(found, Refusal):
            return found
        step, visit = found
        if rules.after(rule or command.kind, step["state"]) is None:
            return Refusal("wrong_state", {"state": step["state"]})
        memo = Memo(tx, counter, command)
        memo.look(visit["id"])
        refusal = change(tx, command, step, visit)
        if refusal is not None:
            return refusal
        memo.keep(step["id"])
        return {"outcome": "done", **at_counter.answer(tx, venue, step["id"])}

    return at_counter.act(venue, command, do)
