"""The router: who goes where next. Pure: state in, decisions out; the time is an argument and nothing is by chance.

The policy is *pull with bounded credit*; `docs/routing.md` says what it is, why, and what it reaches.

    floor = Floor(plan)                                  # what the router knows; `floor.learner` learns
    floor.set_counter("bank-1", True, now)
    floor.put(VisitFacts("v1", 17, "active", (StepFacts("s1", "bank", "waiting", now),)), now)

    router = Router(floor)
    for send in router.sends(now):                       # after every change: refills the ready areas, and moves
        ...                                              # whom it sends (`floor.head`); tell them
    for send in router.tick(now): ...                    # every few seconds: holds end, services near their end
    call = router.call("bank-1", now)                    # *Next* or automatic: looks only
    if call is not None:
        floor.call(call.step, "bank-1", now)             # once it is stored
    floor.start("s1", now); floor.end("s1", now)
    floor.learner.served("bank", "bank-1", took_ms, factor)

Whatever happens to a visit, `floor.put` with its stored state makes the floor right again: it replaces all that was
known of it. `floor.head/call/start/release/end/hold/end_hold` do the same for one change, quicker. A step that is over
(served, given up, cancelled) is left out of `VisitFacts`; a visit without open steps is taken out.

Times are milliseconds since 1970 UTC.
"""

from checkin_server.domain.routing.facts import StepFacts, VisitFacts
from checkin_server.domain.routing.floor import MINUTE, Floor
from checkin_server.domain.routing.learning import Learner
from checkin_server.domain.routing.router import Call, Router, Send, counters_to_call

__all__ = [
    "MINUTE",
    "Call",
    "Floor",
    "Learner",
    "Router",
    "Send",
    "StepFacts",
    "VisitFacts",
    "counters_to_call",
]
