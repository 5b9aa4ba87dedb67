"""Calling the next visitor to a counter.

The policy says who; the claim on the visit (compare-and-swap) makes sure that nobody is in two places and that two
counters never get the same visit. Whoever loses a race asks the policy again without that visitor.
"""

from __future__ import annotations

import json

from checkin_server.db import steps, visits
from checkin_server.db.tx import LostRace, Row, Tx
from checkin_server.domain.calling import Candidate
from checkin_server.domain.refusal import Refusal
from checkin_server.services import at_counter
from checkin_server.services.hall import Hall
from checkin_server.services.once import Answer
from checkin_server.services.times import rfc3339
from checkin_server.services.undo import Memo
from checkin_server.services.venue import Actor, Venue

_CONSIDERED = 24
"""Free visits, longest waiting first, that the policy looks at for each service of the counter."""


def call_next(venue: Venue, actor: Actor, counter_id: str, command_id: str) -> Answer | Refusal:
    """Call the next visitor: ``{outcome: "called", step, visit, why}`` or ``{outcome: "nobody", next_expected}``.

    Refused with ``wrong_state`` while the counter is not open or still has a visitor.
    """
    hall = venue.hall.now()

    def do(tx: Tx, counter: Row, now: int) -> Answer | Refusal:
        if counter["state"] != "open":
            return Refusal("wrong_state", {"state": counter["state"]})
        busy = steps.at_counter(tx, counter_id)
        if busy is not None:
            return Refusal("wrong_state", {"state": busy["state"]})
        day = at_counter.open_day_id(tx)
        if day is None:
            return Refusal("wrong_state", {"state": "day_closed"})
        memo = Memo(tx, counter, command_id, "call-next")
        return _call(tx, venue, actor, hall, counter_id, day, now, memo)

    return at_counter.act(venue, actor, counter_id, "call-next", command_id, {}, do)


def _call(tx: Tx, venue: Venue, actor: Actor, hall: Hall, counter_id: str, day: str, now: int, memo: Memo) -> Answer:
    free = {row["id"]: row for row in _free(tx, venue, counter_id, day, now)}
    while free:
        decision = venue.policy.next_for(counter_id, [_candidate(row) for row in free.values()], now)
        if decision is None:
            break
        chosen = decision.candidate
        memo.look(chosen.visit)
        if visits.claim(tx, chosen.visit, chosen.step, now):
            why = json.dumps(decision.why.as_dict(), ensure_ascii=False)
            if not steps.call(tx, chosen.step, counter_id, why, now):
                raise LostRace(f"step {chosen.step} was dropped before its visit could be claimed")
            called = steps.find(tx, chosen.step)
            assert called is not None
            at_counter.tell(tx, actor, "visitor_called", now, called, chosen.number, {"why": decision.why.as_dict()})
            memo.keep(now, chosen.step)
            return {"outcome": "called", **at_counter.answer(tx, venue, chosen.step)}
        free = {step: row for step, row in free.items() if row["visit"] != chosen.visit}
    return {"outcome": "nobody", "next_expected": rfc3339(_next_expected(tx, venue, hall, counter_id, day, now))}


def _free(tx: Tx, venue: Venue, counter_id: str, day: str, now: int) -> list[Row]:
    return [
        row
        for service in venue.plan.counters[counter_id].services
        for row in steps.candidates(tx, day, service, counter_id, now, _CONSIDERED)
    ]


def _candidate(row: Row) -> Candidate:
    return Candidate(
        row["id"], row["visit"], row["number"], row["service"], row["since"], row["category"], row["remaining"]
    )


def _next_expected(tx: Tx, venue: Venue, hall: Hall, counter_id: str, day: str, now: int) -> int | None:
    """Return when somebody who waits for this counter's services is expected to be free; None if nobody waits.

    Visitors who rest after a missed call or hold their place are free at a known time; who is being served elsewhere
    is expected when that service has lasted its mean time.
    """
    times: list[int] = []
    for service in venue.plan.counters[counter_id].services:
        for row in steps.busy_candidates(tx, day, service, _CONSIDERED):
            if row["active_step"] is None:
                times.append(max(now, row["not_before"]))
            else:
                mean = hall.queues[row["busy_service"]].mean_seconds
                times.append(max(now + 30_000, (row["started_at"] or now) + round(mean * 1000)))
    return min(times, default=None)
