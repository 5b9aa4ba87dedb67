"""What can be foretold: when each visitor is called, what a newcomer waits, the last tickets, what would help.

Everybody inside is played forward once a tick (`look_ahead`), never for a page view. Each time that was told goes into
the event log, and what the log says came of it makes the next ranges as wide as they must be (`TrackRecord`): a restart
foretells the same, and so does a second process.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from checkin_server.db import days, feed
from checkin_server.db.database import Database
from checkin_server.db.tx import Event, Tx
from checkin_server.domain.forecasts import Advice, Outlook, advise, begin_look, promises
from checkin_server.domain.forecasts.last_tickets import Ruling
from checkin_server.domain.forecasts.look_ahead import GUEST, guest_step
from checkin_server.domain.forecasts.newcomer import Line, Newcomer, expected_calls
from checkin_server.domain.forecasts.track_record import FINISH, HEARD, Forecast, TrackRecord
from checkin_server.domain.moments import CORRECTED
from checkin_server.domain.plan import Plan
from checkin_server.domain.routing import MINUTE, Floor
from checkin_server.domain.routing.pieces import Arrival
from checkin_server.domain.waits import Wait
from checkin_server.services.routing import rulings
from checkin_server.services.routing.itinerary import Forecast as VisitForecast
from checkin_server.services.routing.itinerary import Itineraries
from checkin_server.services.routing.mirror import Mirror
from checkin_server.services.routing.prospect import Prospect
from checkin_server.services.routing.telling import Told, first_told, still_stands

_RENEWED_AFTER_MS = 1_000
_SHARE = 0.05
"""The part of the time that playing forward may take: in a very full hall it is done less often."""
_SLICE_S = 0.003
"""Playing forward lets others work after so long: that, and no whole look, is what a request may wait for."""
_BREATH_S = 0.0005
"""How long it lets them."""
_LONGEST_S = 0.25
"""In a hall so full that a look ahead takes longer, a proposal is made from the last one."""
_ADVICE_EVERY_MS = 60_000
_LOOKS_OF_ADVICE = 4
_FEW_INSTRUCTIONS = 20
_AT_ONCE = 1_000
"""Events that are read and played at a time, so that nobody waits long behind a whole day's."""


class Foretelling:
    """Keeps the newest prospect, and learns from how what it told came."""

    def __init__(self, plan: Plan, mirror: Mirror, db: Database) -> None:
        self.plan = plan
        self.itineraries = Itineraries(db.feed)
        self.prospect = Prospect(itineraries=self.itineraries)
        self.record = TrackRecord()
        self.share = _SHARE
        """Infinity: whatever is asked is foretold from this very moment, as a rehearsal's virtual clock wants it."""
        self._mirror = mirror
        self._db = db
        self._lock = threading.Lock()
        self._looking = threading.Lock()
        self._looked = 0.0
        self._took = 0.0
        self._stale = True
        self._days = 0
        """Counts up whenever a day is opened or closed: what was foretold before says nothing of the one after."""
        self._looked_at = 0
        self._day: str | None = None
        self._place = feed.BEGINNING
        self._rulings: Mapping[str, Ruling] = {}
        self._news: list[Forecast] = []
        self._advice: list[Advice] = []
        self._advised = 0
        self._advised_at = 0.0
        self._outlook: Outlook | None = None
        db.feed.follow(self._hear, self._note_change)

    # -- looking ahead -----------------------------------------------------------------------------------------------

    def fresh_enough(self, now: int) -> None:
        """Look ahead again when something has happened since, as often as the share of time for it allows."""
        rests_ms = 0 if math.isinf(self.share) else _RENEWED_AFTER_MS
        changed = self._stale or abs(now - self.prospect.at) > rests_ms
        late = changed and time.monotonic() - self._looked > self._took / self.share
        if late or self._outlook is None or abs(now - self.prospect.at) > MINUTE:
            self.renew(now)

    def renew(self, now: int) -> None:
        """Look ahead."""
        if not self._looking.acquire(timeout=1.0 if math.isinf(self.share) else 0.0):
            return  # somebody is looking at this moment; what is there is a second old
        try:
            began, days = time.monotonic(), self._days
            self._stale = False
            with self._mirror.lock:
                floor = self._mirror.floor
            if floor is None or self._looked_at != days:
                self._looked_at = days
                self._db.write(lambda tx: self._mirror.sync(tx, now) and None)
            self._follow()
            with self._mirror.lock:
                floor = self._mirror.floor
                if floor is None or self._mirror.day is None:
                    self.prospect, self._outlook = Prospect(now, itineraries=self.itineraries), None
                    return
                floor.advance(now)
                # Who comes meanwhile delays those inside, and has no claim on the last tickets.
                alone, crowded = begin_look(floor, now), begin_look(floor, now, arrivals=True)
                headed = {step.id for step in floor.steps.values() if step.state == "headed"}
                closes_at = int(self._mirror.day["closes_at"])
            pause = self._pause()
            outlook, expected = alone(pause), crowded(pause)
            waits, finishes = self._ranges(expected, headed, now, pause)
            with self._mirror.lock:
                if self._mirror.floor is floor and self._days == days:
                    told = Told(expected.calls, expected.finishes, headed, waits, finishes)
                    self.prospect = self._foretell(floor, outlook, told, closes_at, now)
                    self._outlook = outlook
                else:  # all was read anew in a pause
                    self._stale = True
            self._looked = time.monotonic()
            self._took = self._looked - began
        finally:
            self._looking.release()

    def _pause(self) -> Callable[[], None] | None:
        """Return what lets others work when a slice of time is over; None where the moment stands still meanwhile."""
        if math.isinf(self.share):
            return None
        until = time.perf_counter() + _SLICE_S

        def breathe() -> None:
            nonlocal until
            if time.perf_counter() >= until:
                # Not 0: gevent would let callbacks run, and hear of no request.
                time.sleep(_BREATH_S)
                until = time.perf_counter() + _SLICE_S

        return breathe

    def _look(self, floor: Floor, now: int, **change: Any) -> Outlook:
        """Look ahead with a change, and with pauses."""
        with self._mirror.lock:
            play = begin_look(floor, now, **change)
        return play(self._pause())

    def _follow(self) -> None:
        """Play what the day's log says since it was played last; all of it after a start."""
        with self._mirror.lock:
            open_day = None if self._mirror.day is None else str(self._mirror.day["id"])
        # What came of a closed day's forecasts is shown until the next one opens, after a restart too.
        day = open_day or self._day or self._db.read(_last_closed)
        if day != self._day:
            self._day, self._place, self.record = day, feed.BEGINNING, TrackRecord()
        self._rulings = {} if open_day is None else self._db.read(lambda tx: rulings.read(tx, open_day))
        if day is None:
            return
        while True:
            rows = self._db.read(lambda tx: feed.part_of_day(tx, day, self._place, _AT_ONCE))
            with self._lock:
                for row in rows:
                    data = json.loads(row["data"]) if row["kind"] in HEARD else {}
                    self.record.see(row["at"], row["kind"], row["number"], data)
            if not rows:
                return
            self._place = feed.place_of(rows[-1])
            time.sleep(_BREATH_S)

    @property
    def has_news(self) -> bool:
        """Whether something was foretold that is not in the log yet."""
        return bool(self._news)

    def write_down(self, tx: Tx, now: int) -> None:
        """Write into the log what was foretold anew, less what has been overtaken since."""
        news, self._news = self._news, []
        if not news:
            return
        with self._mirror.lock:
            floor = self._mirror.sync(tx, now)
            if floor is None or self._mirror.day is None:
                return
            day = str(self._mirror.day["id"])
            by_number = {visit.number: visit for visit in floor.visits.values()}
        told = [one.as_dict() for one in news if still_stands(by_number.get(one.number), one)]
        if told:
            tx.emit("forecasts_told", self.prospect.at, {"told": told}, service_day=day)

    def _ranges(
        self, expected: Outlook, headed: Collection[str], now: int, pause: Callable[[], None] | None
    ) -> tuple[dict[str, Wait], dict[str, Wait]]:
        """Return the range of each step's call and of each visit's end."""
        ranges = self.record.calibration
        waits: dict[str, Wait] = {}
        finishes: dict[str, Wait] = {}
        for step, at in expected.calls.items():
            waits[step] = ranges.range("go" if step in headed else "next", (at - now) / 1000)
            if pause is not None:
                pause()
        for visit, at in expected.finishes.items():
            finishes[visit] = ranges.range(FINISH, (at - now) / 1000)
            if pause is not None:
                pause()
        return waits, finishes

    def _foretell(self, floor: Floor, inside: Outlook, told: Told, closes_at: int, now: int) -> Prospect:
        """Say what is expected, of two looks ahead: at those inside alone, and with those who are expected to come."""
        queues: dict[str, list[tuple[float, str]]] = {}
        waits: dict[str, Wait] = {}
        for step, wait in told.waits.items():
            known = floor.steps.get(step)
            if known is not None:  # who has been called or has left since the look began is not told any more
                waits[step] = wait
                queues.setdefault(known.service, []).append((told.calls[step], step))
        order: dict[str, int] = {}
        for queue in queues.values():
            queue.sort()
            order.update((step, place) for place, (_, step) in enumerate(queue))
        lines = {
            service: _line(floor, inside, queues.get(service, []), service, now)
            for service, state in floor.queues.items()
            if state.open
        }
        finishes = {
            visit: wait
            for visit, wait in told.finishes.items()
            # What is set aside comes back when somebody says so, and nobody knows when that is.
            if (guest := floor.visits.get(visit)) is not None
            and not any(step.state == "parked" for step in guest.steps.values())
        }
        with self._lock:
            services = {
                service: self.record.calibration.range("next", (at - now) / 1000)
                for service, line in lines.items()
                for at in self._newcomer_calls({service: line}, Newcomer(float(now))).values()
            }
            self._news = first_told(floor, replace(told, waits=waits, finishes=finishes), self.record, now)
            lately = self.record.demand(now)
        last = closes_at - round(self.plan.last_ticket_margin_minutes * MINUTE)
        found = promises(floor, inside, last, lately)
        promised = {one.service: one for one in found}
        return Prospect(
            now,
            waits,
            order,
            services,
            promised,
            closes_at,
            self._rulings,
            lines=lines,
            finishes=finishes,
            itineraries=self.itineraries,
        )

    def of_newcomer(self, who: Arrival, *, play: bool = False) -> VisitForecast:
        """Foretell the calls of somebody who comes now and wants all of these services, and their end.

        With `play` they are played forward with everybody else, as the next look ahead will do once they have chosen:
        a proposal is worth its milliseconds. Without, and in a hall so full that a look takes long, their calls are
        found in the last look.
        """
        prospect = self.prospect
        calls: dict[str, float] | None = None
        end: float | None = None
        if play and self._took <= _LONGEST_S:
            with self._mirror.lock:
                floor = self._mirror.floor
            if floor is not None:
                outlook = self._look(floor, prospect.at, arrivals=True, guest=who)
                steps = {one: guest_step(one) for one in who.services}
                calls = {one: outlook.calls[step] for one, step in steps.items() if step in outlook.calls}
                end = outlook.finishes.get(GUEST)
        if calls is None:
            lines = {one: prospect.lines[one] for one in dict.fromkeys(who.services) if one in prospect.lines}
            calls = self._newcomer_calls(lines, Newcomer(float(prospect.at), who.head_start, who.factor))
            end = max((at + lines[one].takes * who.factor for one, at in calls.items()), default=None)
        with self._lock:
            ranges = self.record.calibration
            waits = {one: ranges.range("next", (at - prospect.at) / 1000) for one, at in calls.items()}
            finish = None
            if end is not None and calls.keys() == set(who.services):
                finish = ranges.range(FINISH, (end - prospect.at) / 1000)
        return VisitForecast(calls, waits, finish)

    def arrival(self, services: Sequence[str], category: str, head_start_minutes: float, people: int) -> Arrival:
        """Return somebody who comes now, as the look ahead knows them."""
        with self._mirror.lock:
            learner = (self._mirror.floor or Floor(self.plan)).learner
            factor = learner.party_factor(people)
        entrance = next((kiosk.zone for kiosk in self.plan.kiosks.values()), "")
        return Arrival(self.prospect.at, tuple(services), category, factor, head_start_minutes * MINUTE, entrance)

    def _newcomer_calls(self, lines: Mapping[str, Line], who: Newcomer) -> dict[str, float]:
        plan = self.plan
        entrance = next((kiosk.zone for kiosk in plan.kiosks.values()), "")

        def walk(here: str, there: str) -> float:
            return plan.walk_minutes(plan.zone_of(here) if here else entrance, plan.zone_of(there)) * MINUTE

        return expected_calls(
            lines,
            {one: plan.service(one).after for one in lines},
            who,
            cap=plan.routing.cap_minutes * MINUTE,
            share=plan.routing.work_weight,
            walk=walk,
        )

    def _hear(self, told: Sequence[Event]) -> None:
        corrected = any(event.kind == CORRECTED for event in told)
        if corrected or any(event.kind.startswith("day_") for event in told):
            # Yesterday's last tickets are not today's, and nobody shall hear of them until the next look.
            self._days += 1
            self.prospect, self._outlook = Prospect(), None
        if any(event.kind != "forecasts_told" for event in told):
            self._note_change()
        if corrected:
            # The log's moments are others now: it is played from the beginning, and what was just foretold is not told.
            self._day, self._news = None, []

    def _note_change(self) -> None:
        self._stale = True

    # -- for the dashboard -------------------------------------------------------------------------------------------

    def kept(self) -> tuple[float | None, int, float | None]:
        """Return the share of forecasts that kept their P90, of how many, and their mean error in seconds."""
        with self._lock:
            return self.record.coverage, self.record.judged, self.record.mean_error_s

    def missed(self, now: int) -> float | None:
        """Return the share of the last hour's calls that nobody came to; None when there were few."""
        with self._lock:
            misses, calls = self.record.missed(now)
        return misses / calls if calls >= _FEW_INSTRUCTIONS else None

    def think_of_advice(self, now: int) -> None:
        """Have advice ready, so that no dashboard waits for it; a rehearsal's virtual days would cost many looks."""
        if not math.isinf(self.share):
            self.advice(now)

    def advice(self, now: int) -> Sequence[Advice]:
        """Return what would shorten the waits most; looked for once a minute."""
        with self._mirror.lock:
            floor, outlook = self._mirror.floor, self._outlook
            if floor is None or outlook is None:
                return ()
            rested = time.monotonic() - self._advised_at > self._took * _LOOKS_OF_ADVICE / self.share
            due = abs(now - self._advised) >= _ADVICE_EVERY_MS and rested
            if due:
                self._advised, self._advised_at = now, time.monotonic()
        if due:
            # Each service that is looked at costs one or two more looks ahead.
            self._advice = advise(floor, now, outlook, look=self._look)
        return tuple(self._advice)


def _last_closed(tx: Tx) -> str | None:
    day = days.last_closed(tx)
    return None if day is None else str(day["id"])


def _line(floor: Floor, outlook: Outlook, queue: Sequence[tuple[float, str]], service: str, now: int) -> Line:
    waiting = [(at, floor.steps[step]) for at, step in queue]
    return Line(
        tuple((at, outlook.keys.get(step.id, float(step.since))) for at, step in waiting if step.state == "waiting"),
        max(float(now), min(outlook.counters_free.get(service, ()), default=float(now))),
        floor.learner.mean_of(service),
        floor.backlog(service),
    )
