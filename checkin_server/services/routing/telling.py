"""What is foretold for the first time, for the log: only that is judged later, so only that counts as told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from checkin_server.domain.forecasts.track_record import FINISH, Forecast, TrackRecord
from checkin_server.domain.routing import Floor
from checkin_server.domain.routing.pieces import Visit
from checkin_server.domain.waits import Wait


@dataclass(frozen=True, slots=True)
class Told:
    """What a look ahead says of those inside, and who was on the way when it began."""

    calls: dict[str, float]
    ends: dict[str, float]
    headed: Collection[str]
    waits: Mapping[str, Wait]
    finishes: Mapping[str, Wait]


def first_told(floor: Floor, told: Told, record: TrackRecord, now: int) -> list[Forecast]:
    """Return what is foretold for the first time: about each visit's next call, and about its end."""
    return _calls(floor, told, record, now) + _finishes(floor, told, record, now)


def _calls(floor: Floor, told: Told, record: TrackRecord, now: int) -> list[Forecast]:
    """Return the first forecasts of calls.

    Not of whom was sent, or released, since the look began: that would be another forecast.
    """
    found = []
    for visit in floor.visits.values():
        placed = visit.placed
        if placed is not None and placed.state == "headed":
            kind, step = "go", placed
            if placed.id not in told.waits or placed.id not in told.headed:
                continue
        elif placed is None and visit.not_before <= now and not record.knows(visit.number, "next"):
            mine = [step for step in visit.steps.values() if step.id in told.waits]
            if not mine or any(step.id in told.headed for step in mine):
                continue
            kind, step = "next", min(mine, key=lambda one: told.calls[one.id])
        else:
            continue
        if not record.knows(visit.number, kind):
            seconds = round((told.calls[step.id] - now) / 1000, 1)
            found.append(Forecast(visit.number, kind, step.service, seconds, told.waits[step.id]))
    return found


def _finishes(floor: Floor, told: Told, record: TrackRecord, now: int) -> list[Forecast]:
    found = []
    for visit, wait in told.finishes.items():
        number = floor.visits[visit].number
        if not record.knows(number, FINISH):
            seconds = round((told.ends[visit] - now) / 1000, 1)
            found.append(Forecast(number, FINISH, "", seconds, wait))
    return found


def still_stands(visit: Visit | None, told: Forecast) -> bool:
    """Whether a visit still stands where it stood when this was foretold."""
    if visit is None:
        return False
    placed = visit.placed
    if told.kind == FINISH:
        return True
    if told.kind == "next":
        return placed is None
    return placed is not None and (placed.state, placed.service) == ("headed", told.service)
