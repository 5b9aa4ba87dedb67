"""The floor in memory: what the router decides on, kept equal to the database by re-reading what was touched.

Nothing here follows particular kinds of events. Whatever happens to a visit or a counter leaves an event that names it,
and then its rows are read again. Two sources say what was touched: the transaction at hand, and the feed for everybody
else, in this process (also what was undone) or another. A mirror that is behind can cost a second question, never a
second call: who is called is claimed in the database by compare-and-swap.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from checkin_server.db import counters, days, mirror, steps, visits
from checkin_server.db.database import Database
from checkin_server.db.tx import Event, Row, Tx
from checkin_server.domain.moments import CORRECTED, longest
from checkin_server.domain.plan import Plan
from checkin_server.domain.routing.facts import StepFacts, VisitFacts
from checkin_server.domain.routing.floor import MINUTE, Floor
from checkin_server.domain.routing.learning import Learner
from checkin_server.domain.steps import AWAITING, OPEN

log = logging.getLogger(__name__)
_NOTHING_MOVES = ("ticket_", "feedback_", "visit_seen_again")
"""Events after which a visit stands where it stood. Reading it again would give it a new key, at a moment that hangs on
how quick a printer is."""
_PLACED_AT = {"headed": "headed_at", "called": "called_at", "serving": "started_at"}


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A step that waits for one counter alone."""

    step: str
    visit: str
    number: int
    service: str
    counter: str
    since: int


class Mirror:
    """One venue's floor. Hold `lock` while looking at `floor`; `sync` brings it up to what a transaction sees."""

    def __init__(self, plan: Plan, db: Database) -> None:
        self.lock = threading.RLock()
        self.floor: Floor | None = None
        """None while no day is open, or before the first `sync`."""
        self.day: Row | None = None
        self.handed: dict[str, list[HandedOver]] = {}
        """By visit, the steps that a colleague handed over to one counter: not for the router to send or call."""
        self._plan = plan
        self._longest = longest(plan)
        self._entrance = next((kiosk.zone for kiosk in plan.kiosks.values()), "")
        self._notes = threading.Lock()
        self._visits: set[str] = set()
        self._counters: set[str] = set()
        self._reload = True
        self._learned: dict[str, tuple[object, ...]] = {}
        """By step whose service has taught how long it takes, what it said."""
        self._watched: dict[str, tuple[object, ...]] = {}
        """By step whose beginning has taught how people walk and whether they go where they are sent, the same."""
        self._unlearn = False
        """Whether something that was learned is not so any more: undone, or begun anew."""
        self._states: dict[str, str] = {}
        self._feed = db.feed
        self._feed.mirror(self.touch, self.forget)

    def touch(self, told: Sequence[Event]) -> None:
        """Note whose rows an event changed."""
        with self._notes:
            for event in told:
                self._note(event.kind, event.fields.get("visit"), event.fields.get("counter"))

    def touch_visits(self, ids: Iterable[str]) -> None:
        """Note visits that turned out to be different from what the floor says."""
        with self._notes:
            self._visits.update(ids)

    def forget(self) -> None:
        """Read everything again at the next `sync`."""
        with self._notes:
            self._reload = True

    def sync(self, tx: Tx, now: int) -> Floor | None:
        """Bring the floor up to what this transaction sees, its own changes included; call it with the lock held."""
        own, tx.mirrored = tx.events[tx.mirrored :], len(tx.events)
        self.touch(own)
        self._feed.look_within(tx)
        with self._notes:
            reload, self._reload = self._reload, False
            touched, self._visits = self._visits, set()
            moved, self._counters = self._counters, set()
        tx.when_undone(lambda: self._read_in_vain(tx.events, touched, moved, reload))
        if reload:
            try:
                self._load(tx, now)
            except BaseException:
                self.forget()
                raise
        elif self.floor is not None:
            try:
                for counter in moved:
                    touched |= self._read_counter(tx, self.floor, counter, now)
                self._read_visits(tx, self.floor, touched, now)
                if self._unlearn:
                    self.floor.learner = self._learn_day(tx)
            except BaseException:
                with self._notes:
                    self._visits |= touched
                    self._counters |= moved
                raise
        return self.floor

    def _read_in_vain(self, said: Sequence[Event], visits: set[str], counters: set[str], all_of_it: bool) -> None:
        """A transaction took back what it had written, and the floor has read it: that is read again."""
        self.touch(said)
        with self._notes:
            self._visits |= visits
            self._counters |= counters
            self._reload = self._reload or all_of_it

    def differing(self, tx: Tx, now: int) -> int:
        """Compare the whole floor with the database, note what differs to be read again, and return how much that is.

        Nothing differs unless something went wrong: an event that named no visit, a fault of ours.
        """
        with self.lock:
            floor = self.sync(tx, now)
            if floor is None or self.day is None:
                return 0
            known = {
                visit.id: (
                    visit.placed.id if visit.placed else None,
                    frozenset(step.id for step in visit.steps.values()),
                )
                for visit in floor.visits.values()
            }
            wanted: dict[str, set[str]] = {}
            for row in mirror.steps_of_open_visits(tx, self.day["id"]):
                if row["state"] in OPEN:
                    wanted.setdefault(row["visit"], set()).add(row["id"])
            there = {
                row["id"]: (row["active_step"], frozenset(wanted[row["id"]]))
                for row in mirror.open_visits(tx, self.day["id"])
                if row["state"] == "open" and row["id"] in wanted
            }
        differing = [visit for visit in known.keys() | there.keys() if known.get(visit) != there.get(visit)]
        self.touch_visits(differing)
        return len(differing)

    # -- reading -----------------------------------------------------------------------------------------------------

    def _note(self, kind: str, visit: str | None, counter: str | None) -> None:
        if kind.startswith("day_") or kind == CORRECTED:
            self._reload = True
        if visit is not None and not kind.startswith(_NOTHING_MOVES):
            self._visits.add(visit)
        if counter is not None and kind.startswith(("counter_", "action_")):
            self._counters.add(counter)

    def _load(self, tx: Tx, now: int) -> None:
        self.day = days.open_day(tx)
        self.floor, self.handed = None, {}
        if self.day is None:
            return
        floor = Floor(self._plan, self._learn_day(tx))
        for came in _arrivals(mirror.arrived(tx, self.day["id"]), self._entrance):
            floor.remember(came)
        for counter, row in counters.every(tx).items():
            self._states[counter] = row["state"]
            if counter in self._plan.counters:
                floor.set_counter(counter, row["state"] == "open", now)
        rows: dict[str, list[Row]] = {}
        for row in mirror.steps_of_open_visits(tx, self.day["id"]):
            rows.setdefault(row["visit"], []).append(row)
        for visit in mirror.open_visits(tx, self.day["id"]):
            self._put(floor, visit, rows.get(visit["id"], []), now)
        # Each was put beside those who had been read before it; the keys are those of all together.
        floor.reckon()
        self.floor = floor

    def _learn_day(self, tx: Tx) -> Learner:
        """Learn from all that the day's log says."""
        assert self.day is not None
        learner = Learner(self._plan)
        self._learned, self._watched, self._unlearn = {}, {}, False
        for row in mirror.served(tx, self.day["id"]):
            self._learn(learner, row, _party(row))
        before: dict[str, list[Row]] = {}
        for row in mirror.started(tx, self.day["id"]):
            self._watch(learner, row, row["category"], self._zone_before(before.get(row["visit"], ()), row))
            before.setdefault(row["visit"], []).append(row)
        return learner

    def _read_counter(self, tx: Tx, floor: Floor, counter: str, now: int) -> set[str]:
        """Read a counter; return the visits that the floor released because a service lost its last counter."""
        row = counters.find(tx, counter)
        if row is None or counter not in self._plan.counters:
            return set()
        self._states[counter] = row["state"]
        # The rows still say that they are on their way: they are read again, and whoever refills releases them.
        meant = {visit for visit, steps in self.handed.items() if any(one.counter == counter for one in steps)}
        return meant | {step.visit.id for step in floor.set_counter(counter, row["state"] == "open", now)}

    def _read_visits(self, tx: Tx, floor: Floor, touched: Iterable[str], now: int) -> None:
        """Read visits, and learn from them in the order of time, however many were touched since."""
        read: list[tuple[Row, list[Row]]] = []
        for visit_id in sorted(touched):
            visit = visits.find(tx, visit_id)
            if visit is None or self.day is None or visit["service_day"] != self.day["id"]:
                floor.drop(visit_id, now)
            else:
                read.append((visit, steps.of_visit(tx, visit_id) if visit["number"] is not None else []))
        every = [(visit, rows, row) for visit, rows in read for row in rows]
        for visit, _, row in sorted(every, key=lambda one: (one[2]["ended_at"] or 0, one[2]["id"])):
            self._learn(floor.learner, row, _party(visit))
        for visit, rows, row in sorted(every, key=lambda one: (one[2]["started_at"] or 0, one[2]["id"])):
            self._watch(floor.learner, row, visit["category"], self._zone_before(rows, row))
        for visit, rows in read:
            self._put(floor, visit, rows, now)

    def _put(self, floor: Floor, visit: Row, rows: Sequence[Row], now: int) -> None:
        self.handed.pop(visit["id"], None)
        for came in _arrivals([{**visit, **row} for row in rows], self._entrance):
            floor.remember(came)
        if visit["state"] != "open":
            floor.drop(visit["id"], now)
            return
        handed = [
            HandedOver(row["id"], visit["id"], visit["number"], row["service"], row["for_counter"], row["since"])
            for row in rows
            if row["state"] == "waiting" and self._meant_for_one(floor, row)
        ]
        if handed:
            self.handed[visit["id"]] = handed
        facts = tuple(self._step(floor, row) for row in rows if row["state"] in OPEN)
        known = VisitFacts(
            id=visit["id"],
            number=visit["number"] or 0,
            category=visit["category"],
            steps=facts,
            needs=tuple(json.loads(visit["needs"])),
            party=_party(visit),
            zone=self._zone(rows),
            not_before=self._longest.clamped("visit.not_before", visit["not_before"], now),
            stops=sum(1 for row in rows if row["state"] not in ("cancelled", "transferred")),
            link=visit["link"] or "",
            extra_head_start=self._by_hand(visit),
            by_hand=visit["priority"] or "",
        )
        if _says_the_same(floor, known):
            return
        before = floor.visits.get(known.id)
        # How long the way should take was said when they were sent; what was learned since doesn't change it.
        due = {step.id: (step.sent, step.due) for step in before.steps.values()} if before is not None else {}
        floor.put(known, now)
        for row in (row for row in rows if row["state"] in ("headed", "called") and row["headed_at"]):
            # They have been walking since they were sent, not since they were called.
            step, sent = floor.steps[row["id"]], self._longest.clamped("step.headed_at", row["headed_at"], now)
            step.sent = sent
            if due.get(step.id, (None, 0))[0] == sent:
                step.due = due[step.id][1]
            else:
                step.due = sent + round(floor.walk(step.visit, floor.queues[step.service].zone))

    def _by_hand(self, visit: Row) -> float:
        """Return the minutes that priority by hand adds to what category and needs give: the greater one counts."""
        start = self._plan.head_start_minutes(visit["category"], json.loads(visit["needs"]))
        return max(0.0, (visit["priority_minutes"] or 0) - start)

    def _step(self, floor: Floor, row: Row) -> StepFacts:
        state = row["state"]
        if state == "waiting" and self._meant_for_one(floor, row):
            state = "parked"
        at = row[_PLACED_AT[state]] if state in _PLACED_AT else None
        return StepFacts(row["id"], row["service"], state, row["since"], row["counter"], at or row["since"])

    def _meant_for_one(self, floor: Floor, row: Row) -> bool:
        """Whether a step waits for one counter that is not closed; when that one closes, it is everybody's again."""
        known = floor.counters.get(row["for_counter"]) if row["for_counter"] else None
        return known is not None and self._states.get(known.id) != "closed"

    def _zone(self, rows: Sequence[Row]) -> str:
        """Return where the visitor was last seen: at the stand that served them last, or where one comes in.

        Of somebody who is being served, where they were before.
        """
        seen = [row for row in rows if row["state"] != "serving" and row["started_at"] is not None]
        last = max(seen, key=lambda row: row["ended_at"] or row["started_at"], default=None)
        return (self._plan.zone_of(last["service"]) if last else "") or self._entrance

    def _zone_before(self, rows: Sequence[Row], row: Row) -> str:
        """Return where the visitor was before a service began."""
        began = row["started_at"] or 0
        before = [one for one in rows if one["started_at"] is not None and one["started_at"] < began]
        last = max(before, key=lambda one: (one["started_at"], one["id"]), default=None)
        return self._plan.zone_of(last["service"]) if last else self._entrance

    def _learn(self, learner: Learner, row: Row, party: int) -> None:
        """Learn how long a service took, once; note when it is not what was learned of it before."""
        taken = row["state"] == "served" and row["started_at"] is not None and row["ended_at"] is not None
        says = (row["counter"], row["started_at"], row["ended_at"], party) if taken else ()
        known = self._learned.get(row["id"], ())
        if says and not known:
            self._learned[row["id"]] = says
            took = row["ended_at"] - row["started_at"]
            learner.served(row["service"], row["counter"] or "", took, learner.party_factor(party))
        elif says != known:
            self._unlearn = True

    def _watch(self, learner: Learner, row: Row, category: str, origin: str) -> None:
        """Learn from who has come to a counter how they walk, and whether they go where they are sent, once."""
        # Finished without *Start* or begun by a scan, it counts from the call; one that waits again begins anew.
        seen = row["called_at"] and row["started_at"] not in (None, row["called_at"]) and row["state"] not in AWAITING
        # Where they came from changes too: a service set aside before has its beginning later once it goes on.
        says = (row["headed_at"], row["called_at"], row["started_at"], row["recalls"], origin) if seen else ()
        known = self._watched.get(row["id"], ())
        if says and not known:
            self._watched[row["id"]] = says
            walk = self._plan.walk_minutes(origin, self._plan.zone_of(row["service"])) * MINUTE
            if row["recalls"]:
                # The row keeps its first call of all and the last time it was repeated, not when this call began.
                learner.recalled(row["visit"], row["headed_at"], row["called_at"], walk)
            else:
                learner.came(row["visit"], category, row["headed_at"], row["called_at"], row["started_at"], walk)
        elif says != known:
            self._unlearn = True


def _arrivals(rows: Sequence[Row], entrance: str) -> list[VisitFacts]:
    """Return the visits of the day as they came, the first first."""
    found: dict[str, VisitFacts] = {}
    for row in rows:
        step = StepFacts(row["id"], row["service"], "waiting", row["since"])
        known = found.get(row["visit"])
        found[row["visit"]] = (
            replace(known, steps=(*known.steps, step))
            if known is not None
            else VisitFacts(
                id=row["visit"],
                number=row["number"],
                category=row["category"],
                steps=(step,),
                needs=tuple(json.loads(row["needs"])),
                party=_party(row),
                zone=entrance,
            )
        )
    return list(found.values())


def _party(visit: Row) -> int:
    """Return how many people come to a counter together."""
    return int(visit["party_size"]) if visit["keep_together"] else 1


def _says_the_same(floor: Floor, facts: VisitFacts) -> bool:
    """Whether the floor knows a visit as these facts have it.

    Then it is left alone: put there again, it would get new keys, and whom the router calls would hang on how often
    the same rows were read.
    """
    visit = floor.visits.get(facts.id)
    if visit is None or len(visit.steps) != len(facts.steps):
        return False
    mine = (
        visit.number,
        visit.category,
        visit.needs,
        visit.party,
        visit.zone,
        visit.not_before,
        visit.link,
        visit.by_hand,
        visit.head_start,
        visit.stops,
    )
    theirs = (
        facts.number,
        facts.category,
        facts.needs,
        facts.party,
        facts.zone,
        facts.not_before,
        facts.link,
        facts.by_hand,
        floor.head_start_of(facts),
        facts.stops or len(facts.steps),
    )
    return mine == theirs and all(
        (step := floor.steps.get(fact.id)) is not None
        and (step.state, step.since, step.counter) == (fact.state, fact.since, fact.counter)
        and (fact.state not in _PLACED_AT or step.at == fact.at)
        for fact in facts.steps
    )
