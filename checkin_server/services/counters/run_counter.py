"""Opening, pausing and closing a counter."""

from __future__ import annotations

from checkin_server.db import counters, steps
from checkin_server.db.tx import Personal, Row, Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.services.counters import at_counter
from checkin_server.services.counters.shapes import CounterWord
from checkin_server.services.counters.undo import Memo
from checkin_server.services.once import Answer, Command
from checkin_server.services.venue import Actor, Venue

_BECOMES: dict[str, CounterWord] = {"open": "open", "pause": "paused", "close": "closed"}


def run_counter(
    venue: Venue, actor: Actor, counter_id: str, action: str, command_id: str, reason: str | None
) -> Answer | Refusal:
    """Open, pause or close a counter (`action`). Pausing and closing wait until its visitor is done."""
    command = Command(action, counter_id, command_id, {"reason": reason}, actor, venue.now())
    now = command.now

    def do(tx: Tx, counter: Row) -> Answer | Refusal:
        state = _BECOMES[action]
        busy = steps.at_counter(tx, counter_id)
        if busy is not None and state != "open":
            return Refusal("wrong_state", {"state": busy["state"]})
        if counter["state"] != state or counter["staff"] != actor.staff or counter["reason"] != reason:
            memo = Memo(tx, counter, command)
            memo.look(None)
            counters.set_state(tx, counter_id, state, reason, actor.staff if state != "closed" else None, now)
            tx.emit(
                f"counter_{state}" if state != "open" else "counter_opened",
                now,
                personal=Personal(typed={"reason": reason}),
                service_day=at_counter.open_day_id(tx),
                counter=counter_id,
                device=actor.device,
                staff=actor.staff,
            )
            memo.keep()
        return {"counter": at_counter.show_counter(venue, counter_id, state, reason)}

    return at_counter.act(venue, command, do)
