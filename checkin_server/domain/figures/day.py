"""One day, played from its event log: what every figure of the day is made from.

An action that was undone is taken back when its `action_undone` comes, so that it leaves no trace, whoever looks in
between. Held, parked and given-up time is kept with each step. The log is played in its own order; where a clock went
back, a duration is nothing and never negative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from checkin_server.domain.figures.around import Around
from checkin_server.domain.figures.facts import Counter, Event, Placed, Step, Visit
from checkin_server.domain.figures.intervals import Stretch
from checkin_server.domain.figures.undoing import Memo
from checkin_server.domain.steps import AT_COUNTER

MINUTE = 60_000


class Day:
    """Feed it the day's events in the order of the log, and those of no day that lie between them."""

    def __init__(self, day: str, rest_minutes: float = 2.0) -> None:
        """`rest_minutes`: how long a visit rests after a missed call, by the plan."""
        self.id = day
        self.visits: dict[str, Visit] = {}
        self.counters: dict[str, Counter] = {}
        self.around = Around()
        """What happens around the visits: refused scans, tickets, opinions, and what organisers decide."""
        self.hours: Stretch | None = None
        """The opening hours, as they were set last."""
        self.spans: list[Stretch] = []
        """When the day was open, until it ended; more than one where it was opened again."""
        self.open_since: int | None = None
        self.last_at = 0
        self.plans: list[tuple[int, str | None]] = []
        """Since when which plan held, by its hash."""
        self._rest_ms = round(rest_minutes * MINUTE)
        self._steps: dict[str, Step] = {}
        self._memos: dict[str, Memo] = {}

    # -- what is asked -------------------------------------------------------------------------------------------------

    @property
    def until(self) -> int:
        """The end of the day, or the last thing that happened where it has none."""
        return self.last_at if self.open_since is not None or not self.spans else self.spans[-1][1]

    @property
    def ended(self) -> bool:
        """Whether the day has ended; else its end is open."""
        return bool(self.spans) and self.open_since is None

    @property
    def open_spans(self) -> list[Stretch]:
        """When the day was open, until now where it still is."""
        return self.spans if self.open_since is None else [*self.spans, (self.open_since, self.last_at)]

    @property
    def numbered(self) -> list[Visit]:
        """Visits that got a number, in the order in which they came: the day's arrivals."""
        return [visit for visit in self.visits.values() if visit.number is not None]

    @property
    def asked(self) -> Iterable[Step]:
        """The steps of those."""
        return (step for visit in self.numbered for step in visit.steps)

    # -- playing -------------------------------------------------------------------------------------------------------

    def see(self, event: Event) -> None:
        """Play the next event of the log."""
        self.last_at = max(self.last_at, event.at)
        if event.plan is not None and (not self.plans or self.plans[-1][1] != event.plan):
            self.plans.append((event.at, event.plan))
        if event.kind == "action_undone":
            self._undo(event)
            return
        self.around.see(event)
        visit = None if event.visit is None else self.visits.get(event.visit)
        step = self._meant(visit, event) if visit is not None else None
        if event.counter is not None and event.kind in Memo.DEEDS:
            self._remember(event, visit, step)
        play = _PLAYED.get(event.kind)
        if play is not None:
            play(self, event, visit, step)

    def _meant(self, visit: Visit, event: Event) -> Step | None:
        if event.service is None:
            return None
        if event.kind == "service_added":
            return visit.newest.get(event.service)
        found = self._steps.get(event.step or "") or visit.newest.get(event.service)
        if found is not None and event.step is not None:
            self._steps[event.step] = found
        return found

    def _remember(self, event: Event, visit: Visit | None, step: Step | None) -> None:
        assert event.counter is not None
        counter = self._counter(event)
        last = self._memos.get(event.counter)
        if last is None or not last.goes_on_with(event):
            last = self._memos[event.counter] = Memo(event)
        last.look(event, counter, visit, step)

    def _undo(self, event: Event) -> None:
        memo = self._memos.pop(event.counter or "", None)
        if memo is not None:
            memo.put_back()

    def _counter(self, event: Event) -> Counter:
        assert event.counter is not None
        return self.counters.setdefault(event.counter, Counter(event.counter))

    # -- the day -------------------------------------------------------------------------------------------------------

    def _opened(self, event: Event, _visit: Visit | None, _step: Step | None) -> None:
        self.hours = (int(event.data["opens_at"]), int(event.data["closes_at"]))
        if self.open_since is None:  # opened once more, a day's hours are set anew
            self.open_since = event.at

    def _day_ended(self, event: Event, _visit: Visit | None, _step: Step | None) -> None:
        if self.open_since is not None:
            self.spans.append((self.open_since, max(self.open_since, event.at)))
            self.open_since = None

    # -- at the door ---------------------------------------------------------------------------------------------------

    def _admitted(self, event: Event, visit: Visit | None, _step: Step | None) -> None:
        if event.visit is None or visit is not None:
            return
        data = event.data
        came_by = self.visits.get(str(data.get("from", "")))
        came_at = came_by.came_at if came_by is not None else event.at
        made = Visit(event.visit, came_at, str(data["category"]), str(data["unit"]), str(data["locale"]), came_by)
        self.visits[event.visit] = made

    def _chosen(self, event: Event, visit: Visit | None, _step: Step | None) -> None:
        if visit is None:
            return
        data = event.data
        if visit.number is None:
            visit.number = event.number
        visit.people = int(data.get("party_size", visit.people))
        visit.party = data.get("party")
        for service in data.get("dropped", ()):
            self._close(visit.newest.get(service), event.at, "given_back")
        for service in data.get("back", ()):
            self._wait_again(visit.newest.get(service), event.at)
        for service in data.get("added", ()):
            self._ask(visit, service, event.at, "chosen")

    def _ask(self, visit: Visit, service: str, at: int, how: Any) -> Step:
        """Wait for a service: with the step that is there and has not ended, else with a new one."""
        step = visit.newest.get(service)
        if step is not None and (step.end == "open" or step.state == "missed"):
            self._wait_again(step, at)
            return step
        step = Step(visit, service, at, how)
        visit.steps.append(step)
        visit.newest[service] = step
        return step

    @staticmethod
    def _wait_again(step: Step | None, at: int) -> None:
        if step is not None and step.aside_since is not None:
            step.aside.append((step.aside_since, at))
            step.aside_since, step.state, step.ended_at = None, "waiting", None

    @staticmethod
    def _close(step: Step | None, at: int, state: str) -> None:
        if step is not None and (step.end == "open" or state == "given_back"):
            step.state, step.ended_at = state, at

    # -- a visit -------------------------------------------------------------------------------------------------------

    def _held(self, event: Event, visit: Visit | None, _step: Step | None) -> None:
        if visit is not None:
            self._end_hold(visit, event.at)
            visit.hold = (event.at, event.at + int(event.data["minutes"]) * MINUTE)

    @staticmethod
    def _end_hold(visit: Visit, at: int) -> None:
        if visit.hold is not None:
            visit.held.append((visit.hold[0], min(visit.hold[1], at)))
            visit.hold = None

    def _resumed(self, event: Event, visit: Visit | None, _step: Step | None) -> None:
        if visit is None:
            return
        if not event.data.get("hold_goes_on"):
            self._end_hold(visit, event.at)
            visit.rests = [(since, min(until, event.at)) for since, until in visit.rests]
        for step_id in event.data.get("steps", ()):
            self._wait_again(self._steps.get(step_id), event.at)

    def _over(self, event: Event, visit: Visit | None, _step: Step | None) -> None:
        """The visit left, or ended with its day: what it still wanted is set aside, in case it comes back."""
        if visit is None:
            return
        state = "left" if event.kind == "visit_left" else "day_end"
        for wanted in event.data.get("steps", ()):
            step = self._steps.get(wanted["step"]) or visit.newest.get(wanted["service"])
            if step is None or step.state == "missed":
                continue
            if step.state == "serving" and step.started_at is not None:
                step.aside.append((step.started_at, event.at))
            if step.aside_since is None:
                step.aside_since = event.at
            self._close(step, event.at, state)
            if wanted.get("counter") and wanted["state"] in AT_COUNTER:
                self._free(visit, wanted["counter"], event.at)
        self._leave_place(visit, event.at)
        self._end_hold(visit, event.at)
        if state == "left":
            visit.left_at = event.at
        else:
            visit.ended_with_day = True

    def _inside_again(self, event: Event, visit: Visit | None, _step: Step | None) -> None:
        if visit is None:
            return
        visit.left_at, visit.ended_with_day = None, False
        for was in event.data["steps"]:
            step = self._steps.get(was["step"]) or visit.newest.get(was["service"])
            if step is None or step.aside_since is None or was["state"] == "no_show":
                continue
            if was["state"] == "parked":
                step.state, step.ended_at = "parked", None
            else:
                self._wait_again(step, event.at)

    # -- at a counter --------------------------------------------------------------------------------------------------

    def _counter_is(self, event: Event, _visit: Visit | None, _step: Step | None) -> None:
        counter = self._counter(event)
        state = event.kind.removeprefix("counter_")
        counter.standing = {"opened": "idle", "paused": "paused"}.get(state, "closed")  # type: ignore[assignment]
        counter.becomes(event.at, counter.standing)

    def _sent(self, event: Event, visit: Visit | None, step: Step | None) -> None:
        if visit is not None and step is not None:
            self._leave_place(visit, event.at)
            visit.place = (event.at, step.service, True)

    @staticmethod
    def _leave_place(visit: Visit, at: int) -> None:
        if visit.place is not None:
            since, service, sent = visit.place
            visit.placed.append(Placed(since, at, service, sent))
            visit.place = None

    def _released(self, event: Event, visit: Visit | None, step: Step | None) -> None:
        if visit is None:
            return
        self._leave_place(visit, event.at)
        if event.counter is not None and step is not None and step.end == "open":
            self._lets_go(step, event.at)
            self._free(visit, event.counter, event.at)

    def _free(self, visit: Visit, counter: str, at: int) -> None:
        self._leave_place(visit, at)
        known = self.counters.get(counter)
        if known is not None:
            known.becomes(at, known.standing)

    @staticmethod
    def _lets_go(step: Step, at: int) -> None:
        """The counter lets a visitor go who was not finished: what was served of it was no waiting."""
        if step.state == "serving" and step.started_at is not None:
            step.aside.append((step.started_at, at))
        step.state = "waiting"

    def _called(self, event: Event, visit: Visit | None, step: Step | None) -> None:
        if visit is None or step is None:
            return
        self._wait_again(step, event.at)
        if event.data.get("scanned"):
            self._end_hold(visit, event.at)
            visit.rests = [(since, min(until, event.at)) for since, until in visit.rests]
        if step.kept_since is not None:
            step.kept.append((step.kept_since[0], event.at, step.kept_since[1]))
            step.kept_since = None
        step.state, step.called_at, step.counter = "called", event.at, event.counter
        step.first_called_at = event.at if step.first_called_at is None else step.first_called_at
        step.calls += 1
        self._leave_place(visit, event.at)
        visit.place = (event.at, step.service, False)
        counter = self._counter(event)
        if counter.standing != "idle":  # it calls, so it is open, whatever the log has lost
            counter.standing = "idle"
        counter.becomes(event.at, "walking")

    def _recalled(self, event: Event, _visit: Visit | None, step: Step | None) -> None:
        if step is not None:
            step.called_at = event.at
            step.recalls += 1

    def _missed(self, event: Event, visit: Visit | None, step: Step | None) -> None:
        if visit is None or step is None:
            return
        step.misses += 1
        self._lets_go(step, event.at)
        if event.data.get("state") == "no_show":
            step.state, step.aside_since, step.ended_at = "missed", event.at, event.at
        visit.rests.append((event.at, event.at + self._rest_ms))
        self._free(visit, event.counter or "", event.at)

    def _started(self, event: Event, _visit: Visit | None, step: Step | None) -> None:
        if step is None or step.called_at is None:
            return
        step.quick = bool(event.data.get("quick"))
        step.answered_at = step.called_at
        step.started_at = step.called_at if step.quick else max(event.at, step.called_at)
        step.state = "serving"
        counter = self._counter(event)
        if step.quick and counter.line and counter.line[-1][1] == "walking":
            counter.line[-1] = (counter.line[-1][0], "serving")
        else:
            counter.becomes(event.at, "serving")

    def _finished(self, event: Event, visit: Visit | None, step: Step | None) -> None:
        if visit is None or step is None:
            return
        step.state, step.ended_at = "served", max(event.at, step.started_at or event.at)
        step.outcome, step.office = event.data.get("outcome"), event.data.get("office")
        visit.finished_at = step.ended_at
        self._free(visit, event.counter or "", event.at)

    def _parked(self, event: Event, visit: Visit | None, step: Step | None) -> None:
        if visit is not None and step is not None:
            self._lets_go(step, event.at)
            step.state, step.aside_since = "parked", event.at
            self._free(visit, event.counter or "", event.at)

    def _step_resumed(self, event: Event, _visit: Visit | None, step: Step | None) -> None:
        self._wait_again(step, event.at)

    def _transferred(self, event: Event, visit: Visit | None, step: Step | None) -> None:
        if visit is None or step is None:
            return
        to = str(event.data["to_service"])
        self._lets_go(step, event.at)
        after = step
        if to != step.service:
            step.state, step.ended_at = "transferred", event.at
            after = self._steps[str(event.data["to_step"])] = self._ask(visit, to, event.at, "transferred")
        if event.data.get("to_counter"):
            after.kept_since = (event.at, str(event.data["to_counter"]))
        self._free(visit, event.counter or "", event.at)

    def _service_added(self, event: Event, visit: Visit | None, _step: Step | None) -> None:
        if visit is not None and event.service is not None:
            step = self._ask(visit, event.service, event.at, "added")
            if event.step is not None:
                self._steps[event.step] = step


Play = Callable[[Day, Event, "Visit | None", "Step | None"], None]
_PLAYED: Mapping[str, Play] = {
    "day_opened": Day._opened,
    "day_hours_set": Day._opened,
    "day_ended": Day._day_ended,
    "member_admitted": Day._admitted,
    "family_parted": Day._admitted,
    "services_chosen": Day._chosen,
    "visit_held": Day._held,
    "visit_resumed": Day._resumed,
    "visit_left": Day._over,
    "visit_ended": Day._over,
    "visit_reopened": Day._inside_again,
    "visit_brought_back": Day._inside_again,
    "counter_opened": Day._counter_is,
    "counter_paused": Day._counter_is,
    "counter_closed": Day._counter_is,
    "visitor_sent": Day._sent,
    "visitor_released": Day._released,
    "visitor_called": Day._called,
    "visitor_recalled": Day._recalled,
    "visitor_missed": Day._missed,
    "service_started": Day._started,
    "service_finished": Day._finished,
    "step_parked": Day._parked,
    "step_resumed": Day._step_resumed,
    "step_transferred": Day._transferred,
    "service_added": Day._service_added,
}
