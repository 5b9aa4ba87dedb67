"""Twenty counters and a hall full of people do as they like, by the thousand, on the real services and a real database.

After each action three things must agree: what the events of that action say (folded into states, nothing else is
looked at), what the rows that it touched say, and what was promised: nobody in two places, no counter with two
visitors, an undone action without a trace. Now and then the whole database is compared with what the events have told
so far: a change that no event explains is found then. At the end everybody who still waits is served: nobody was lost.

The suite runs a slice. All of it: ``make faults ONLY=twenty N=100000``.
"""

from __future__ import annotations

import random
from collections import Counter as Tally
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from checkin_server.db.tx import Event, Row
from checkin_server.domain import steps as rules
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer
from tests.services.counters.everybody import WANTED, check, serve_all
from tests.support.venue import Site

CHILDREN_ONLY = "school"
PLACE = ("state", "active_step", "not_before", "hold_until")
ON_VISITOR = ("recall", "start", "finish", "no-show", "park", "transfer", "add-service", "note")
AT_ANY_TIME = ("open", "pause", "close", "call-next", "scan", "resume", "undo")
FITTING = {
    "called": ("start", "start", "start", "recall", "no-show", "park", "quick", "transfer", "scan-called"),
    "serving": (
        "finish",
        "finish",
        "finish",
        "finish",
        "park",
        "transfer",
        "add-service",
        "note",
        "refer",
        "incomplete",
    ),
    None: ("call-next", "call-next", "call-next", "call-next", "scan", "resume", "pause", "close"),
}
_WAITING_AT_MOST = 60
_DAY_MINUTES = 400


@dataclass
class _Last:
    """The last action of a counter, as the events told it."""

    visit: str | None
    before: Row
    """The visit's rows before: ``visit``, ``steps`` by id, ``referrals`` and ``notes``."""
    touched: set[str]
    counter: Row
    folded: dict[str, tuple[str, str | None] | None] = field(default_factory=dict)
    """States before, by step, as the fold needs them to take the action back."""
    disturbed: bool = False
    """Something else has happened to the visit since."""


class Storm:
    """One day of random actions, and the model of it."""

    def __init__(self, site: Site, seed: int) -> None:
        self.site = site
        self.chance = random.Random(seed)
        self.counters = list(site.plan.counters)
        self.people = iter(site.crowd)
        self.visits: list[str] = []
        self.rows: dict[str, Row] = {}
        """By visit: its rows as they were when an event last spoke of it."""
        self.states: dict[str, tuple[str, str | None]] = {}
        """By step: state and counter as the events tell them."""
        self.desks: dict[str, Row] = {}
        self.last: dict[str, _Last] = {}
        self.told: list[Event] = []
        self.done: Tally[str] = Tally()
        self.refused: Tally[str] = Tally()
        self.exact = 0
        self.pace = 1.0
        site.db.feed.follow(self.told.extend)
        for counter in self.counters:
            site.press(counter, "open")
        site.wait(0.2)  # that the doors were opened is not to be undone: the model begins here
        self._settle()

    # -- what happens -------------------------------------------------------------------------------------------------

    def run(self, actions: int, *, compare_every: int = 1000) -> None:
        """Let `actions` things happen (an undo right after one is counted with it), within the day's hours."""
        self.pace = min(1.0, _DAY_MINUTES / actions / 0.1)
        for at in range(1, actions + 1):
            self._one()
            if at % compare_every == 0:
                self.compare()

    def _one(self) -> None:
        self.site.wait(self.pace * self.chance.choice((0, 0, 0.01, 0.02, 0.05, 0.05, 0.1, 0.2, 0.5)))
        pick = self.chance.random()
        if pick < 0.14 and len(self._open()) < _WAITING_AT_MOST * 2 and (person := next(self.people, None)):
            scanned = self.site.scan(person.code)
            self.visits.append(scanned["visit"]["id"])
            self._settle()
            self._kiosk("choose", self.visits[-1], self._wish())
        elif pick < 0.22 and self.visits:
            visit = self.chance.choice(self.visits[-200:])
            self._kiosk(
                self.chance.choice(("hold", "resume", "resume", "leave", "choose", "choose")), visit, self._wish()
            )
        else:
            self._counter(self.chance.choice(self.counters))

    def _wish(self) -> list[str]:
        return self.chance.sample(WANTED[:4], self.chance.randint(1, 3))

    def _open(self) -> list[str]:
        return [v for v in self.visits[-_WAITING_AT_MOST * 4 :] if self._wants(v)]

    def _wants(self, visit: str) -> bool:
        rows = self.rows.get(visit)
        return rows is not None and any(s["state"] in rules.OPEN for s in rows["steps"].values())

    def _kiosk(self, action: str, visit: str, wish: Sequence[str]) -> None:
        answer = (
            self.site.choose(visit, *wish) if action == "choose" else self.site.visit_does(action, visit, minutes=2)
        )
        self._account(f"kiosk {action}", answer, None)

    def _counter(self, counter: str) -> None:
        here = self._at(counter)
        state = self.desks[counter]["state"]
        pick = self.chance.random()
        if pick < 0.12:
            self._press(counter, "undo", {})
        elif pick < 0.2:
            self._press(counter, self.chance.choice((*ON_VISITOR, *AT_ANY_TIME)), {})
        elif state != "open":
            self._press(counter, "open", {})
        else:
            self._press(counter, self.chance.choice(FITTING[here["state"] if here else None]), {})

    def _at(self, counter: str) -> Row | None:
        found = self.site.rows("SELECT * FROM step WHERE counter = :c AND state IN ('called', 'serving')", c=counter)
        assert len(found) <= 1, f"{counter} has two visitors"
        return found[0] if found else None

    def _press(self, counter: str, action: str, more: dict[str, Any]) -> None:
        chance, plan = self.chance, self.site.plan
        here = self._at(counter)
        if action == "quick":
            action, more = "finish", {"quick": True}
        elif action == "refer":
            action, more = "finish", {"outcome": "referred", "office": "mutual", "subject": "housing"}
        elif action == "incomplete":
            action, more = "finish", {"outcome": "incomplete", "note": "a paper"}
        elif action == "transfer":
            to = chance.choice(self.counters)
            more = chance.choice(
                ({"service": chance.choice(WANTED)}, {"to": to}, {"to": to, "service": chance.choice(WANTED)})
            )
        elif action == "add-service":
            more = {"services": chance.sample(WANTED, 2)}
        elif action == "note":
            more = {"text": "speaks softly"}
        elif action == "scan-called":
            action, more = "scan", {"code": here["visit"] if here else "?"}
        elif action == "scan":
            visit = chance.choice(self.visits[-80:]) if self.visits else "?"
            reason = chance.choice((None, "frail", "short_question"))
            add = chance.random() < 0.5
            service = chance.choice(plan.counters[counter].services)
            more = {"code": visit, "reason": reason, "add": add, "service": service if add else None}
        elif action == "resume":
            aside = [i for i, (state, _) in self.states.items() if state in ("parked", "no_show")]
            more = {"step": chance.choice(aside) if aside else "s_none"}
        answer = self.site.at(counter, action, **more)
        self._account(action, answer, counter)
        if action != "undo" and not isinstance(answer, Refusal) and chance.random() < 0.15:
            self.site.wait(self.pace * chance.choice((0, 0.05, 0.1, 0.15)))
            self._press(counter, "undo", {})

    # -- what must agree ----------------------------------------------------------------------------------------------

    def _account(self, action: str, answer: Answer | Refusal, counter: str | None) -> None:
        events = list(self.told)
        if isinstance(answer, Refusal):
            kinds = {event.kind for event in events}
            shown = {"visit_seen_again"} if action.startswith("kiosk ") else set()  # the card, which it asks for first
            assert kinds <= {"scan_refused"} | shown, f"{action} was refused ({answer.code}) and left {kinds}"
            self.refused[f"{action}: {answer.params.get('reason') or answer.code}"] += 1
            self.told.clear()
            return
        self.done[action] += 1
        if action not in ("open", "pause", "close", "call-next", "kiosk choose"):
            assert events, f"{action} was done and no event says so"
        kept = self.last.get(counter) if counter else None
        before = {visit: deepcopy(self.rows.get(visit)) for visit in {e.fields.get("visit") for e in events} if visit}
        desk = self.desks.get(counter or "")
        self._settle()
        undone = action == "undo"
        for visit in before:
            for station, last in self.last.items():
                if last.visit == visit and not (undone and station == counter):
                    last.disturbed = True
        if counter is None or not events:
            return
        if undone:
            assert kept is not None, "only what was done can be undone"
            self._undone_exactly(counter, kept, events)
            del self.last[counter]
        elif (own := [e for e in events if e.fields.get("counter") == counter]) and own[0].kind != "notes_read":
            visit = own[0].fields.get("visit")
            was = before.get(visit) if visit else None
            empty: Row = {"visit": {}, "steps": {}, "referrals": [], "notes": []}
            was = was or empty
            after = self.rows[visit]["steps"] if visit else {}
            assert desk is not None
            # Whom the router sent somewhere in the same breath is no part of the action.
            sent = {e.fields.get("step") for e in events if e.kind in ("visitor_sent", "visitor_released")}
            self.last[counter] = _Last(
                visit,
                was,
                {i for i in {*was["steps"], *after} if was["steps"].get(i) != after.get(i)} - sent,
                desk,
                {i: state for i, state in self._folded.items() if i in after},
                disturbed=bool(sent & after.keys()),
            )

    def _settle(self) -> None:
        """Fold the new events, read the rows they speak of, and compare both."""
        events, visits = list(self.told), set()
        self.told.clear()
        self._folded: dict[str, tuple[str, str | None] | None] = {}
        for event in events:
            if visit := event.fields.get("visit"):
                visits.add(str(visit))
        fresh = {visit: self._read(visit) for visit in visits}
        for event in events:
            self._fold(event, fresh)
        for visit, rows in fresh.items():
            self.rows[visit] = rows
            for step in rows["steps"].values():
                told = self.states.setdefault(step["id"], ("waiting", None))
                assert told == (step["state"], step["counter"]), f"events say {told}, the row {step}: {events}"
            placed = [s["id"] for s in rows["steps"].values() if s["state"] in rules.PLACED]
            assert placed == ([rows["visit"]["active_step"]] if rows["visit"]["active_step"] else []), rows
        for event in events:
            if event.fields.get("counter") and (event.kind.startswith("counter_") or event.kind == "action_undone"):
                self.desks[event.fields["counter"]] = self._desk(event.fields["counter"])

    def _fold(self, event: Event, fresh: dict[str, Row]) -> None:
        """Say what an event alone tells of the states of steps."""
        step, counter, data = event.fields.get("step"), event.fields.get("counter"), event.data
        match event.kind:
            case "visitor_called":
                self._become(step, "called", counter)
            case "service_started":
                self._become(step, "serving", counter)
            case "service_finished":
                self._become(step, "served", counter)
            case "visitor_missed":
                self._become(step, data["state"], None)
            case "step_parked":
                self._become(step, "parked", None)
            case "step_resumed" | "visitor_released" | "service_added":
                self._become(step, "waiting", None)
            case "visitor_sent":
                self._become(step, "headed", None)
            case "step_transferred":
                self._become(step, "transferred", counter)
                self._become(data["to_step"], "waiting", None)
            case "visit_resumed":
                for back in data["steps"]:
                    self._become(back, "waiting", None)
            case "visit_left":
                for row in fresh[str(event.fields["visit"])]["steps"].values():
                    if self.states.get(row["id"], ("waiting", None))[0] in ("waiting", "parked", "no_show"):
                        self._become(row["id"], "cancelled", None)
            case "services_chosen":
                self._chosen(event, fresh)
            case "action_undone":
                last = self.last.get(str(counter))
                for touched, was in last.folded.items() if last else ():
                    if was is None:
                        self.states.pop(touched, None)
                    else:
                        self.states[touched] = was

    def _chosen(self, event: Event, fresh: dict[str, Row]) -> None:
        for row in fresh[str(event.fields["visit"])]["steps"].values():
            state = self.states.get(row["id"], ("waiting", None))[0]
            if row["service"] in event.data["dropped"] and state in ("waiting", "parked", "no_show"):
                self._become(row["id"], "cancelled", None)
            elif row["service"] in event.data["back"] and state == "no_show":
                self._become(row["id"], "waiting", None)

    def _become(self, step: str | None, state: str, counter: str | None) -> None:
        assert step is not None
        self._folded.setdefault(step, self.states.get(step))
        self.states[step] = (state, counter)

    def _undone_exactly(self, counter: str, last: _Last, events: list[Event]) -> None:
        """Rows are what they were; only what the router has decided since, in the same breath, may differ."""
        assert self.desks[counter] == last.counter
        if last.visit is None:
            return
        now, sent = (
            self.rows[last.visit],
            {"visitor_sent", "visitor_released"} & {e.kind for e in events if e.fields.get("visit") == last.visit},
        )
        if not last.disturbed and not sent:
            assert now == last.before, (now, last.before)
            self.exact += 1
            return
        moved = ("state", "headed_at", "why") if sent else ()
        for step in last.touched:
            was, there = last.before["steps"].get(step), now["steps"].get(step)
            assert (was is None) == (there is None)
            if was is not None and there is not None:
                assert {k: v for k, v in was.items() if k not in moved} == {
                    k: v for k, v in there.items() if k not in moved
                }

    def _read(self, visit: str) -> Row:
        (row,) = self.site.rows("SELECT * FROM visit WHERE id = :v", v=visit)
        return {
            "visit": row,
            "steps": {r["id"]: r for r in self.site.rows("SELECT * FROM step WHERE visit = :v", v=visit)},
            "referrals": self.site.rows(
                "SELECT * FROM referral WHERE step IN (SELECT id FROM step WHERE visit = :v) ORDER BY id", v=visit
            ),
            "notes": self.site.rows("SELECT * FROM note WHERE visit = :v ORDER BY id", v=visit),
        }

    def _desk(self, counter: str) -> Row:
        (row,) = self.site.rows("SELECT * FROM counter WHERE id = :c", c=counter)
        return row

    def compare(self) -> None:
        """Compare the whole database with what the events have told: a change without an event shows itself here."""
        steps = {r["id"]: r for r in self.site.rows("SELECT * FROM step")}
        known = {i: r for rows in self.rows.values() for i, r in rows["steps"].items()}
        assert steps == known, "every step is as an event left it"
        visits = {r["id"]: r for r in self.site.rows("SELECT * FROM visit")}
        assert {v: rows["visit"] for v, rows in self.rows.items()} == visits
        assert {r["id"]: r for r in self.site.rows("SELECT * FROM counter")} == self.desks
        check(self.site)

    def drain(self) -> int:
        """Serve everybody who still wants something; return how many services that took."""
        for visit in self.visits:
            self.site.visit_does("resume", visit)
        served = serve_all(self.site, self.counters)
        self.told.clear()
        return served
