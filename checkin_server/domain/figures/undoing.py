"""What the last action at each counter changed, so that undoing it leaves no trace in any figure.

The log keeps an undone action and says `action_undone` afterwards. Only the last action at a counter can be undone, so
one memo a counter is enough: of what the action touched, how it was before.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, ClassVar

from checkin_server.domain.figures.facts import Counter, CounterState, Event, Step, Visit

_STEP_FIELDS = tuple(one.name for one in fields(Step) if one.name not in ("visit", "service", "aside", "kept"))
_VISIT_FIELDS = ("place", "hold", "finished_at")
_VISIT_LISTS = ("placed", "held", "rests")


class Memo:
    """One action at one counter. `look` before each of its events is played; `put_back` when it is undone."""

    DEEDS: ClassVar[frozenset[str]] = frozenset(
        {
            *("visitor_called", "visitor_recalled", "visitor_missed", "service_started", "service_finished"),
            *("step_parked", "step_resumed", "step_transferred", "service_added", "note_written"),
            *("counter_opened", "counter_paused", "counter_closed"),
        }
    )
    """The kinds of events that an action at a counter writes."""

    def __init__(self, first: Event) -> None:
        self._last = first
        self._visit: tuple[Visit, dict[str, Any]] | None = None
        self._steps: dict[str, tuple[Step | None, dict[str, Any]]] = {}
        self._counter: tuple[Counter, str, int, tuple[int, CounterState] | None] | None = None

    def goes_on_with(self, event: Event) -> bool:
        """Whether an event is of the same action as the last one: written in one transaction, so at one moment."""
        last = self._last
        if (event.at, event.visit) != (last.at, last.visit):
            return False
        if event.kind == "service_finished":
            return last.kind == "service_started" and bool(last.data.get("quick"))
        if event.kind == "service_started":
            return last.kind == "visitor_called" and bool(last.data.get("scanned"))
        if event.kind == "visitor_called":
            return last.kind == "service_added" and bool(event.data.get("scanned"))
        return event.kind == last.kind == "service_added"

    def look(self, event: Event, counter: Counter, visit: Visit | None, step: Step | None) -> None:
        """Keep what the event will change, unless it is kept already."""
        self._last = event
        if self._counter is None:
            line = counter.line
            self._counter = (counter, counter.standing, len(line), line[-1] if line else None)
        if visit is None:
            return
        if self._visit is None:
            kept: dict[str, Any] = {name: getattr(visit, name) for name in _VISIT_FIELDS}
            self._visit = (visit, kept | {name: list(getattr(visit, name)) for name in _VISIT_LISTS})
        for service in (event.service, event.data.get("to_service")):
            if service is not None and service not in self._steps:
                was = step if step is not None and step.service == service else visit.newest.get(service)
                self._steps[service] = (was, {} if was is None else _of(was))

    def put_back(self) -> None:
        """Make everything that the action touched be as it was before."""
        if self._counter is not None:
            counter, standing, length, last = self._counter
            counter.standing = standing  # type: ignore[assignment]
            del counter.line[length:]
            if last is not None:
                counter.line[-1] = last
        if self._visit is None:
            return
        visit, kept = self._visit
        for name, value in kept.items():
            setattr(visit, name, value)
        for service, (step, values) in self._steps.items():
            now = visit.newest.get(service)
            if now is not None and now is not step:
                visit.steps.remove(now)
                del visit.newest[service]
            if step is not None:
                visit.newest[service] = step
                for name, value in values.items():
                    setattr(step, name, value)


def _of(step: Step) -> dict[str, Any]:
    return {"aside": list(step.aside), "kept": list(step.kept)} | {name: getattr(step, name) for name in _STEP_FIELDS}
