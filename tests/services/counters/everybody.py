"""Twenty counters at once, and whether everybody was served: nobody in two places, nobody lost."""

from __future__ import annotations

import random
from collections import Counter as Tally
from collections.abc import Sequence
from functools import partial
from typing import Any

from checkin_server.domain import steps as rules
from checkin_server.domain.plan import Counter, Plan
from checkin_server.domain.refusal import Refusal
from tests.support.together import together
from tests.support.venue import Site, small_plan

STATIONS = {"bank": 6, "health": 5, "school": 4, "desk": 5}
GIVES = {"bank": ("bank",), "health": ("health",), "school": ("school",), "desk": ("enrolment", "advice")}
WANTED = ("bank", "health", "enrolment", "advice", "school")


def plan_of_twenty() -> Plan:
    """Return the small venue with twenty counters."""
    counters = {
        f"{booth}-{n}": Counter(f"{booth}-{n}", booth, f"{booth} {n}", GIVES[booth])
        for booth, many in STATIONS.items()
        for n in range(1, many + 1)
    }
    return small_plan(counters=counters, recall_limit=3)


def check(site: Site) -> None:
    """Look at the whole database as an inspector would."""
    assert site.problems() == []
    steps = site.rows("SELECT * FROM step")
    placed = [s["visit"] for s in steps if s["state"] in rules.PLACED]
    assert len(set(placed)) == len(placed), "a visit is in two places"
    at_counter = [s["counter"] for s in steps if s["state"] in rules.AT_COUNTER]
    assert len(set(at_counter)) == len(at_counter), "a counter has two visitors"
    claims = {r["id"]: r["active_step"] for r in site.rows("SELECT id, active_step FROM visit")}
    assert {s["visit"]: s["id"] for s in steps if s["state"] in rules.PLACED} == {v: s for v, s in claims.items() if s}


def serve_all(site: Site, counters: Sequence[str]) -> int:
    """Let every counter work until nobody wants anything any more; return how many services that took."""
    served, idle = 0, 0
    while idle < 3:
        busy = False
        for counter in counters:
            site.at(counter, "open")
            for action in ("start", "finish", "call-next", "start", "finish"):
                answer = site.at(counter, action)
                done = not isinstance(answer, Refusal) and answer["outcome"] != "nobody"
                busy |= done
                served += done and action == "finish"
        site.wait(3)
        idle = 0 if busy else idle + 1
    left = site.rows(
        "SELECT step.state, count(*) AS n FROM step JOIN visit ON visit.id = step.visit "
        "WHERE step.state IN ('waiting', 'headed', 'called', 'serving') GROUP BY step.state"
    )
    assert left == [], f"somebody was lost: {left}"
    check(site)
    return served


def at_once(site: Site, seed: int, each: int) -> Tally[str]:
    """Let twenty counters act in twenty threads, `each` actions a counter, and compare answers with the log."""
    counters = list(site.plan.counters)
    for counter in counters:
        site.press(counter, "open")
    visits = [site.visitor(*random.Random(n).sample(WANTED[:4], 2))["id"] for n in range(len(counters) * 3)]
    before: Tally[str] = Tally(site.events())

    def work(counter: str) -> Tally[str]:
        chance, done = random.Random(f"{seed} {counter}"), Tally[str]()
        for _ in range(each):
            action = chance.choice(
                ("call-next", "start", "finish", "undo", "park", "scan", "no-show", "transfer", "open")
            )
            more: dict[str, Any] = {}
            if action == "scan":
                more = {"code": chance.choice(visits), "reason": "frail"}
            elif action == "transfer":
                more = {"service": chance.choice(WANTED[:4])}
            answer = site.at(counter, action, **more)
            if not isinstance(answer, Refusal) and answer.get("outcome") != "nobody":
                done[action] += 1
        return done

    done: Tally[str] = sum(together([partial(work, counter) for counter in counters]), Tally())
    written = Tally(site.events()) - before
    for action, kind in {
        "undo": "action_undone",
        "finish": "service_finished",
        "park": "step_parked",
        "no-show": "visitor_missed",
        "transfer": "step_transferred",
    }.items():
        assert written[kind] == done[action], f"{done[action]} times {action}, {written[kind]} times {kind}"
    assert written["visitor_called"] >= done["call-next"]
    check(site)
    for visit in visits:
        site.visit_does("resume", visit)
    serve_all(site, counters)
    return done
