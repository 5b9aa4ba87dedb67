"""At the counter: bringing back a step that was set aside, or given up after missed calls."""

from __future__ import annotations

from checkin_server.db import steps, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import steps as rules
from checkin_server.domain.refusal import Refusal
from checkin_server.services.counters import at_counter
from checkin_server.services.counters.undo import Memo
from checkin_server.services.once import Answer, Command
from checkin_server.services.venue import Actor, Venue


def bring_back(venue: Venue, actor: Actor, counter_id: str, command_id: str, step_id: str) -> Answer | Refusal:
    """Let a step of this counter's services wait again, at its old place in the queue."""
    command = Command("resume", counter_id, command_id, {"step": step_id}, actor, venue.now())

    def do(tx: Tx, counter: Row) -> Answer | Refusal:
        step = steps.find(tx, step_id)
        if step is None or step["service"] not in venue.plan.counters[counter_id].services:
            return Refusal("unknown_step")
        visit = visits.lock(tx, step["visit"])
        assert visit is not None
        if visit["service_day"] != at_counter.open_day_id(tx):
            return Refusal("wrong_state", {"state": "day_closed"})
        if visit["state"] != "open":
            return Refusal("wrong_state", {"state": visit["state"]})
        if rules.after("resume", step["state"]) is None:
            return Refusal("wrong_state", {"state": step["state"]})
        memo = Memo(tx, counter, command)
        memo.look(visit["id"])
        steps.set_state(tx, step_id, step["state"], "waiting")
        at_counter.tell(tx, command, "step_resumed", {**step, "counter": counter_id}, visit["number"], {})
        memo.keep(step_id)
        return {"outcome": "done", **at_counter.answer(tx, venue, step_id)}

    return at_counter.act(venue, command, do)
