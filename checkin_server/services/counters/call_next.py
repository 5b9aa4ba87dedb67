"""Calling the next visitor to a counter.

The router says who; the claim on the visit (compare-and-swap) makes sure that nobody is in two places and that two
counters never get the same visit. Whoever loses a race asks again without that visitor (`services/routing/router.py`).
"""

from __future__ import annotations

from checkin_server.db import steps
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.services.counters import at_counter
from checkin_server.services.counters.undo import Memo
from checkin_server.services.once import Answer, Command
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Actor, Venue


def call_next(venue: Venue, actor: Actor, counter_id: str, command_id: str) -> Answer | Refusal:
    """Call the next visitor: ``{outcome: "called", step, visit, why}`` or ``{outcome: "nobody", next_expected}``.

    Refused with ``wrong_state`` while the counter is not open or still has a visitor.
    """
    command = Command("call-next", counter_id, command_id, {}, actor, venue.now())

    def do(tx: Tx, counter: Row) -> Answer | Refusal:
        if counter["state"] != "open":
            over = at_counter.open_day_id(tx) is None
            return Refusal("wrong_state", {"state": "day_closed" if over else counter["state"]})
        busy = steps.at_counter(tx, counter_id)
        if busy is not None:
            return Refusal("wrong_state", {"state": busy["state"]})
        if at_counter.open_day_id(tx) is None:
            return Refusal("wrong_state", {"state": "day_closed"})
        return _call(tx, venue, command, Memo(tx, counter, command))

    return at_counter.act(venue, command, do)


def _call(tx: Tx, venue: Venue, command: Command, memo: Memo) -> Answer:
    """Call whoever is next to an open counter that has nobody: every call goes here."""
    called = venue.router.call(tx, command.target, command.now, memo.look)
    if called is None:
        return {"outcome": "nobody", "next_expected": rfc3339(venue.router.next_free(command.target, command.now))}
    step = steps.find(tx, called.call.step)
    assert step is not None
    at_counter.tell(
        tx,
        command,
        "visitor_called",
        step,
        called.call.number,
        {"why": called.call.why.as_dict(), "head_start": called.head_start},
    )
    memo.keep(called.call.step)
    return {"outcome": "called", **at_counter.answer(tx, venue, called.call.step)}
