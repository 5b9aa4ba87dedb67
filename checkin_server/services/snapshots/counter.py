"""What a counter's tablet shows: its visitor, its queue, how busy the others are, what can be undone."""

from __future__ import annotations

import json
from typing import Literal

from typing_extensions import TypedDict

from checkin_server.db import hall as aggregates
from checkin_server.db import last_actions, staff, steps, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.steps import UNDO_MS
from checkin_server.services import shapes
from checkin_server.services.counters import at_counter
from checkin_server.services.counters.shapes import CounterState, CounterWord, RelativesAtCounter, Stop
from checkin_server.services.hall import Hall
from checkin_server.services.shapes import Locale, StepState, Time, Wait, Why
from checkin_server.services.snapshots.doors import Doors, doors
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

_QUEUE_SHOWN = 12
_ASIDE_SHOWN = 24


class StaffAtCounter(TypedDict):
    """Who has opened a counter."""

    id: str
    name: str


class CurrentVisitor(TypedDict):
    """The visitor at a counter: no name."""

    step: str
    service: str
    state: StepState
    number: int
    visit: str
    locale: Locale
    category: str
    party_size: int
    needs: list[str]
    family: list[RelativesAtCounter]
    why: Why | None
    called_at: Time
    started_at: Time | None
    patience_s: int
    """How long to wait for somebody who was called before they count as missing."""
    recalls: int
    recalls_left: int
    long_after_s: int
    """How long a service lasts here before it counts as long."""
    notes: int
    """How many notes this booth has made."""
    route: list[Stop]
    stop: int
    """Which stop of the route this is, from 0."""


class QueueEntry(TypedDict):
    """Somebody who waits for a service of this counter."""

    number: int
    service: str
    state: StepState
    since: Time
    locale: Locale
    party_size: int
    free: bool
    """Whether this counter could call them now."""
    again_at: Time | None
    """Rests after a call that was missed, and is called again from then on."""
    for_counter: str | None


class SetAside(TypedDict):
    """A step that was set aside or missed, and may wait again."""

    step: str
    service: str
    state: StepState
    number: int


class CounterDay(TypedDict):
    """A counter's day so far."""

    served: int
    mean_service_s: int | None


class BusyBooth(TypedDict):
    """How busy another booth is."""

    booth: str
    waiting: int
    counters_open: int
    expected_wait: Wait | None


class Colleague(TypedDict):
    """Another counter of the same booth."""

    counter: str
    state: CounterWord


class Undoable(TypedDict):
    """The last action, while it can be taken back."""

    action: str
    action_id: str
    number: int | None
    until: Time


Seen = Literal["all", "number", "nothing"]
"""What a tablet shows of its visitors: all, while somebody is signed in; the number being served, while it is locked;
nothing, while nobody is signed in."""


class CounterData(TypedDict):
    """What a counter's tablet shows."""

    now: Time
    seen: Seen
    """`number`: the tablet is locked, and `number` alone is said of the visitor; `nothing`: nobody is signed in."""
    number: int | None
    """The number at the counter; null where nobody is signed in."""
    lock_after_s: float
    """A tablet that nobody has touched for so long locks."""
    doors: Doors
    counter: CounterState
    staff: StaffAtCounter | None
    current: CurrentVisitor | None
    queue: list[QueueEntry]
    waiting: int
    aside: list[SetAside]
    today: CounterDay
    others: list[BusyBooth]
    colleagues: list[Colleague]
    undo: Undoable | None
    out_of_turn: Literal["never", "reason", "free"]
    """Whether somebody may be served out of turn; `reason`: when the clerk says why."""


def snapshot(venue: Venue, counter_id: str) -> CounterData:
    """Return one counter's topic."""
    hall = venue.hall.fresh()
    return venue.db.read(lambda tx: _read(tx, venue, hall, counter_id, venue.now()))


def hidden(data: CounterData, seen: Seen) -> CounterData:
    """Return what a tablet is told that is locked or where nobody is signed in: nothing of any visitor but a number."""
    if seen == "all":
        return data
    number = data["number"] if seen == "number" else None
    return {**data, "seen": seen, "number": number, "current": None, "queue": [], "aside": [], "undo": None}


def _read(tx: Tx, venue: Venue, hall: Hall, counter_id: str, now: int) -> CounterData:
    row = hall.counters.get(counter_id)
    plan_counter = venue.plan.counters[counter_id]
    # A closed day's figures stay, and nobody waits any more.
    day = hall.shown["id"] if hall.shown else None
    open_now = hall.day is not None
    served, total_ms = 0, 0
    queue: list[QueueEntry] = []
    aside: list[SetAside] = []
    if day is not None:
        done = aggregates.counter_day(tx, day, counter_id)
        served, total_ms = int(done["served"]), int(done["total_ms"] or 0)
        for service in plan_counter.services if open_now else ():
            queue += [_waiting(entry, counter_id, now) for entry in aggregates.queue(tx, day, service, _QUEUE_SHOWN)]
            aside += [_aside(entry) for entry in steps.aside(tx, day, service, _ASIDE_SHOWN)]
    queue.sort(key=lambda entry: (entry["state"] != "headed", entry["since"], entry["number"]))
    names = {person["id"]: person["name"] for person in staff.every(tx)}
    staff_id = row["staff"] if row else None
    current = _current(tx, venue, counter_id)
    return {
        "now": rfc3339(now),
        "seen": "all",
        "number": current["number"] if current else None,
        "lock_after_s": venue.plan.access.tablet_lock_minutes * 60,
        "doors": doors(venue, hall, now),
        "counter": at_counter.show_counter(
            venue, counter_id, row["state"] if row else "closed", row["reason"] if row else None
        ),
        "staff": {"id": staff_id, "name": names.get(staff_id, "")} if staff_id else None,
        "current": current,
        "queue": queue[:_QUEUE_SHOWN],
        "waiting": sum(hall.queues[service].waiting for service in plan_counter.services) if open_now else 0,
        "aside": aside,
        "today": {"served": served, "mean_service_s": total_ms // served // 1000 if served else None},
        "others": _others(venue, hall, plan_counter.booth),
        "colleagues": [
            {"counter": other.id, "state": hall.counters[other.id]["state"] if other.id in hall.counters else "closed"}
            for other in venue.plan.counters.values()
            if other.booth == plan_counter.booth and other.id != counter_id
        ],
        "undo": _undo(tx, counter_id, now),
        "out_of_turn": venue.plan.out_of_turn,
    }


def _waiting(row: Row, counter_id: str, now: int) -> QueueEntry:
    mine = row["for_counter"] in (None, counter_id)
    rests = row["active_step"] is None and row["not_before"] > now
    return {
        "number": row["number"],
        "service": row["service"],
        "state": row["state"],
        "since": rfc3339(row["since"]),
        "locale": row["locale"],
        "party_size": row["party_size"],
        "free": row["state"] == "headed" or (row["active_step"] is None and not rests and mine),
        "again_at": rfc3339(row["not_before"]) if rests else None,
        "for_counter": row["for_counter"],
    }


def _aside(row: Row) -> SetAside:
    return {"step": row["id"], "service": row["service"], "state": row["state"], "number": row["number"]}


def _undo(tx: Tx, counter_id: str, now: int) -> Undoable | None:
    last = last_actions.show(tx, counter_id)
    if last is None or now - last["at"] > UNDO_MS:
        return None
    return {
        "action": last["action"],
        "action_id": last["command"],
        "number": last["number"],
        "until": rfc3339(last["at"] + UNDO_MS),
    }


def _current(tx: Tx, venue: Venue, counter_id: str) -> CurrentVisitor | None:
    step = steps.at_counter(tx, counter_id)
    if step is None:
        return None
    visit = visits.find(tx, step["visit"])
    assert visit is not None
    route = at_counter.route(tx, venue, visit["id"])
    return {
        "step": step["id"],
        "service": step["service"],
        "state": step["state"],
        "number": visit["number"],
        "visit": visit["id"],
        "locale": visit["locale"],
        "category": visit["category"],
        "party_size": visit["party_size"],
        "needs": json.loads(visit["needs"]),
        "family": at_counter.family(tx, visit),
        "why": json.loads(step["why"] or "null"),
        "called_at": rfc3339(step["called_at"]),
        "started_at": rfc3339(step["started_at"]),
        "patience_s": venue.router.patience_s(visit["id"], step["service"]),
        "recalls": step["recalls"],
        "recalls_left": max(0, venue.plan.recall_limit - step["recalls"]),
        "long_after_s": venue.router.long_after_s(
            step["service"], counter_id, visit["party_size"] if visit["keep_together"] else 1
        ),
        "notes": at_counter.notes_count(tx, venue, counter_id, visit["id"]),
        "route": [{"service": row["service"], "state": row["state"]} for row in route],
        "stop": [row["id"] for row in route].index(step["id"]),
    }


def _others(venue: Venue, hall: Hall, booth_id: str) -> list[BusyBooth]:
    others: list[BusyBooth] = []
    prospect = venue.router.foretelling.prospect
    for booth in venue.plan.booths.values():
        queues = [hall.queues[s.id] for s in venue.plan.services.values() if s.booth == booth.id]
        if booth.id != booth_id and queues:
            expected = [wait for queue in queues if (wait := prospect.services.get(queue.service)) is not None]
            longest = max(expected, key=lambda wait: wait.p90, default=None)
            others.append(
                {
                    "booth": booth.id,
                    "waiting": sum(q.waiting for q in queues),
                    "counters_open": max(q.counters_open for q in queues),
                    "expected_wait": shapes.wait(longest),
                }
            )
    return others
