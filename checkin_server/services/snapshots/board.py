"""What public boards show: numbers only, no personal data ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from typing_extensions import TypedDict

from checkin_server.db import hall as aggregates
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.plan import Board
from checkin_server.services import shapes
from checkin_server.services.hall import Hall
from checkin_server.services.shapes import Locale, StepState, Time, Wait
from checkin_server.services.snapshots.doors import Doors, doors
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

_SHOWN_FOR_MS = 10 * 60_000
_LISTED = 12
_FRESH_MS = 60_000
"""Calls of the last minute are all listed, however many: boards show each of them in large, one after another."""
_MOST = 60
_READ = 200
_MOST_EXPECTED = 4
_LOOKED_AT = 40
"""How many who wait for a service are looked at for who is probably next."""


class BoardCall(TypedDict):
    """A number that was called, or sent and told as loudly; a number and a place, nothing that leads to a person."""

    call: str
    """The same for as long as it is this call; a recall counts up `recall`."""
    number: int
    booth: str
    zone: str
    counter: str | None
    """None while it is not known yet which counter of the booth it will be."""
    counter_label: str | None
    service: str
    locale: Locale
    state: StepState
    at: Time
    recall: int


class HeadedNumbers(TypedDict):
    """Numbers that are on their way to a zone."""

    zone: str
    numbers: list[int]


class NextNumbers(TypedDict):
    """Numbers that are probably called next."""

    booth: str
    service: str
    numbers: list[int]


class BoardWait(TypedDict):
    """How long it takes at a service that the board shows."""

    zone: str
    booth: str
    service: str
    waiting: int
    counters_open: int
    expected_wait: Wait | None


class BoardData(TypedDict):
    """What a public board shows: numbers only, no personal data ever."""

    now: Time
    doors: Doors
    calls: list[BoardCall]
    """Newest first."""
    called_ahead: list[BoardCall]
    """Like calls, of visitors who were not where they had been sent before; without a counter."""
    headed: list[HeadedNumbers]
    next: list[NextNumbers]
    waits: list[BoardWait]
    served: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """What all boards have in common, read once."""

    hall: Hall
    calls: list[Row]
    headed: list[Row]
    aloud: frozenset[str]
    """Visits whose being sent is announced like a call."""
    expected: dict[str, list[int]]
    """By service, the numbers that are probably called next."""


class Boards:
    """Makes the boards' topics. Forty boards of one hall read it once, not forty times."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._seen: _Seen | None = None

    def snapshot(self, board_id: str) -> BoardData:
        """Return one board's topic: calls to its booths (newest first), who is headed where, who is next, waits."""
        return _show(self._venue, self._venue.plan.boards[board_id], self._look())

    def _look(self) -> _Seen:
        """Read what happened; what was read holds as long as the hall has not changed."""
        hall = self._venue.hall.fresh()
        seen = self._seen
        if seen is None or seen.hall is not hall:
            seen = self._venue.db.read(lambda tx: _read(tx, self._venue, hall))
            self._seen = seen
        return seen


def snapshot(venue: Venue, board_id: str) -> BoardData:
    """Return one board's topic, read anew."""
    return Boards(venue).snapshot(board_id)


def _read(tx: Tx, venue: Venue, hall: Hall) -> _Seen:
    if hall.running is None:
        return _Seen(hall, [], [], frozenset(), {})
    day, now, plan = hall.running["id"], venue.now(), venue.plan
    # Whoever may be called next stands on boards of one zone or booth only: a whole hall's would be a wall of numbers.
    near = {booth.id for board in plan.boards.values() if board.layout != "hall" for booth in plan.booths_of(board)}
    order = venue.router.prospect(now).order
    expected = {
        service.id: _soonest(
            [
                row
                for row in aggregates.queue(tx, day, service.id, _LOOKED_AT)
                if row["active_step"] is None and row["not_before"] <= now
            ],
            order,
        )
        for service in plan.services.values()
        if hall.day is not None
        and service.booth in near
        and service.id in hall.queues
        and hall.queues[service.id].counters_open
    }
    calls, headed = aggregates.calls(tx, day, now - _SHOWN_FOR_MS, _READ), aggregates.headed(tx, day)
    return _Seen(hall, calls, headed, venue.router.sent_aloud(), expected)


def _soonest(rows: list[Row], order: Mapping[str, int]) -> list[int]:
    """Return the numbers that the router expects to call first; those it has not thought of yet come last."""
    rows = sorted(rows, key=lambda row: order.get(row["id"], _LOOKED_AT))
    return [row["number"] for row in rows[:_MOST_EXPECTED]]


def _show(venue: Venue, board: Board, seen: _Seen) -> BoardData:
    plan, hall = venue.plan, seen.hall
    prospect = venue.router.prospect(venue.now())
    booths = {booth.id for booth in plan.booths_of(board)}
    services = [service for service in plan.services.values() if service.booth in booths]
    own = {service.id for service in services}
    calls = [row for row in seen.calls if _booth_of(venue, row) in booths]
    headed: dict[str, list[int]] = {}
    for row in seen.headed:
        if row["service"] in own:
            headed.setdefault(plan.zone_of(row["service"]), []).append(row["number"])
    return {
        "now": rfc3339(venue.now()),
        "doors": doors(venue, hall, venue.now()),
        "calls": [_call(venue, row) for row in _listed(calls, venue.now())],
        "called_ahead": [
            _called_ahead(venue, row) for row in seen.headed if row["service"] in own and row["visit"] in seen.aloud
        ][:_MOST],
        "headed": [{"zone": zone, "numbers": headed[zone]} for zone in sorted(headed)],
        "next": []
        if board.layout == "hall"
        else [
            {"booth": service.booth, "service": service.id, "numbers": seen.expected[service.id]}
            for service in services
            if seen.expected.get(service.id)
        ],
        "waits": [
            {
                "zone": plan.zone_of(service.id),
                "booth": service.booth,
                "service": service.id,
                "waiting": queue.waiting if hall.day is not None else 0,
                "counters_open": queue.counters_open,
                "expected_wait": None if service.closed else shapes.wait(prospect.services.get(service.id)),
            }
            for service in services
            if (queue := hall.queues[service.id])
        ],
        "served": sum(queue.served for queue in hall.queues.values()),
    }


def _listed(calls: list[Row], now: int) -> list[Row]:
    """Return the newest calls, and all that are fresh."""
    fresh = sum(1 for row in calls if now - row["called_at"] < _FRESH_MS)
    return calls[: min(max(_LISTED, fresh), _MOST)]


def _booth_of(venue: Venue, row: Row) -> str:
    """Return the booth of a call, also of one to a counter that is gone."""
    return venue.plan.counter(row["counter"]).booth


def _call(venue: Venue, row: Row) -> BoardCall:
    counter = venue.plan.counter(row["counter"])
    return {
        "call": f"{row['id']}.{row['called_at']}",
        "number": row["number"],
        "booth": counter.booth,
        "zone": venue.plan.booth(counter.booth).zone,
        "counter": counter.id,
        "counter_label": counter.label,
        "service": row["service"],
        "locale": row["locale"],
        "state": row["state"],
        "at": rfc3339(row["called_at"]),
        "recall": row["recalls"],
    }


def _called_ahead(venue: Venue, row: Row) -> BoardCall:
    """Somebody who is sent to a booth and told as loudly as by a call; which counter it will be is not known yet."""
    plan = venue.plan
    return {
        "call": f"{row['id']}.{row['headed_at']}.ahead",
        "number": row["number"],
        "booth": plan.service(row["service"]).booth,
        "zone": plan.zone_of(row["service"]),
        "counter": None,
        "counter_label": None,
        "service": row["service"],
        "locale": row["locale"],
        "state": "headed",
        "at": rfc3339(row["headed_at"]),
        "recall": 0,
    }
