"""What organisers watch: is all well, what is in trouble, who came, who waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from checkin_server.common.limits import LARGE_LOG_BYTES
from checkin_server.db import devices, staff
from checkin_server.db import hall as aggregates
from checkin_server.db.health import StoreUnavailable
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import day as rules
from checkin_server.services import shapes
from checkin_server.services.day import last_tickets
from checkin_server.services.day.ending import times_of
from checkin_server.services.hall import Hall
from checkin_server.services.reports.fairness import FairnessWatch
from checkin_server.services.snapshots import dashboard_shapes as shown_as
from checkin_server.services.snapshots import printers
from checkin_server.services.snapshots.doors import doors
from checkin_server.services.snapshots.printers import PrinterStates
from checkin_server.services.snapshots.trouble import Shown, troubles
from checkin_server.services.store_probe import StoreState
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

_SLOT_MS = 15 * 60_000
_FEW_FORECASTS = 20
"""So few forecasts that have come true say nothing about the next."""
MISSED_SHARE = 0.3
"""When more of the last hour's calls than this are missed, the boards or the voice can't be seen or heard."""
NOT_FOLLOWING_SHARE = 0.25
"""When more visitors than this don't stand where they were sent, leading them gains little (docs/routing.md)."""
_FEW_SEEN = 20
"""So few of whom it could be told say nothing about the others."""
_SILENT_AFTER_MS = 30_000
"""A reload or a lost moment is no trouble; when devices spoke is written down every ten seconds."""


class Dashboard:
    """The dashboard's topic. While the store can't be read it shows what it showed last, and what the store has."""

    def __init__(
        self,
        venue: Venue,
        printer_states: PrinterStates,
        online: Callable[[], frozenset[str]],
        store: Callable[[], StoreState],
    ) -> None:
        """`online` gives the devices that hold a socket now, `store` how the store is."""
        self._venue = venue
        self._printer_states = printer_states
        self._online = online
        self._store = store
        self._fair = FairnessWatch(venue)
        self._last: shown_as.DashboardData | None = None

    def snapshot(self) -> shown_as.DashboardData:
        """Return the topic. Raises `StoreUnavailable` when the store can't be read and nothing was shown yet."""
        try:
            shown = self._last = snapshot(self._venue, self._printer_states, self._online(), self._fair)
        except StoreUnavailable:
            if self._last is None:
                raise
            shown = {**self._last, "old_since": self._last["now"]}
        store = self._store()
        if store.error is None:
            if (store.log_bytes or 0) <= LARGE_LOG_BYTES:
                return shown
            large: shown_as.StoreLogLarge = {"code": "store_log_large", "megabytes": (store.log_bytes or 0) >> 20}
            return {**shown, "trouble": [*shown["trouble"], large]}
        failing: shown_as.StoreFailing = {
            "code": "store_failing",
            "error": store.error,
            "seconds": store.for_s or 0,
        }
        return {**shown, "trouble": [failing, *shown["trouble"]]}


def snapshot(
    venue: Venue, printer_states: PrinterStates, online: frozenset[str], fair: FairnessWatch | None = None
) -> shown_as.DashboardData:
    """Return the dashboard's topic. `online` are the devices that hold a socket now."""
    hall = venue.hall.fresh()
    now = venue.now()
    venue.router.prospect(now)
    led = _leading(venue, hall, fair, now)
    shown = venue.db.read(lambda tx: _read(tx, venue, hall, printer_states(), online, now))
    share = venue.router.foretelling.missed(now) if hall.day is not None else None
    if share is not None and share > MISSED_SHARE:
        shown["trouble"].append({"code": "calls_missed", "share": round(share, 2)})
    ignored, seen = venue.router.not_following()
    if seen >= _FEW_SEEN and ignored >= NOT_FOLLOWING_SHARE:
        shown["trouble"].append({"code": "not_following", "share": round(ignored, 2), "seen": seen})
    return {**shown, **led, "old_since": None}


def _leading(venue: Venue, hall: Hall, fair: FairnessWatch | None, now: int) -> shown_as.Leading:
    """Return how well visitors are led: advice, whether forecasts are kept, fairness."""
    foretelling = venue.router.foretelling
    share, resolved, error_s = foretelling.kept()
    enough = resolved >= _FEW_FORECASTS
    return {
        "advice": [
            {
                "code": "divert_counter" if advice.taken_from else "open_counter",
                "service": advice.service,
                "counter": advice.counter,
                "from": advice.taken_from,
                "wait_s": advice.before_ms // 1000,
                "becomes_s": advice.after_ms // 1000,
                "unserved": promise.late if (promise := foretelling.prospect.promises.get(advice.service)) else 0,
            }
            for advice in (foretelling.advice(now) if hall.day is not None else ())
            # Where nobody serves at all, that is trouble and said there. Advice of a minute ago may be about a service
            # that is gone with the day before.
            if (queue := hall.queues.get(advice.service)) is not None and queue.counters_open
        ],
        "forecasts": {
            "share": share if enough else None,
            "resolved": resolved,
            "error_s": round(error_s) if enough and error_s is not None else None,
        },
        "fairness": fair.now(str(hall.shown["id"])) if fair is not None and hall.shown is not None else None,
    }


def _read(
    tx: Tx, venue: Venue, hall: Hall, states: dict[str, dict[str, Any]], online: frozenset[str], now: int
) -> shown_as.Hall:
    day = hall.shown
    empty: Row = {"arrivals": 0, "numbered": 0, "left": 0}
    target_ms = venue.plan.call_target_minutes * 60_000
    counts = aggregates.visit_counts(tx, day["id"]) if day else empty
    inside = aggregates.visits_with_open_steps(tx, day["id"]) if day else 0
    incomplete = aggregates.incomplete_visits(tx, day["id"]) if day and day["ended_at"] else 0
    at_counters = {row["counter"]: row for row in aggregates.at_counters(tx, day["id"])} if day else {}
    waits = {row["service"]: row for row in aggregates.waiting_times(tx, day["id"], target_ms)} if day else {}
    headed = sum(queue.headed for queue in hall.queues.values())
    called = sum(int(row["called"]) for row in waits.values())
    # Those that are gone come last: a day keeps its figures, and somebody may still wait.
    services = [_service(venue, hall, waits.get(s), s) for s in hall.queues]
    shown_printers = printers.printers(tx, venue, day, states)
    paired = _devices(tx, now, online)
    return {
        "now": rfc3339(now),
        "doors": doors(venue, hall, now),
        "day": None if day is None else _day(venue, day, len(at_counters), incomplete),
        "days": _planned(venue, hall),
        "arrivals": counts["arrivals"],
        "inside": inside,
        "waiting": max(0, inside - len(at_counters) - headed),
        "headed": headed,
        "being_served": sum(1 for row in at_counters.values() if row["state"] == "serving"),
        "served": sum(queue.served for queue in hall.queues.values()),
        "finished": max(0, counts["numbered"] - inside - incomplete),
        "service_level": {
            "share": sum(int(row["in_time"]) for row in waits.values()) / called if called else None,
            "target_minutes": venue.plan.call_target_minutes,
        },
        "wait": {
            "mean_s": sum(int(row["total_ms"]) for row in waits.values()) // called // 1000 if called else None,
            "max_s": max((int(row["max_ms"]) // 1000 for row in waits.values()), default=None),
        },
        "services": services,
        "arrivals_15": _arrivals(tx, day, now),
        "counters": _counters(tx, venue, hall, at_counters),
        "printers": shown_printers,
        "devices": paired,
        "trouble": troubles(tx, venue, hall, Shown(services, shown_printers, paired), now),
    }


_PHASES: dict[rules.Phase, Literal["open", "closing", "closed"]] = {
    "open": "open",
    "closing": "closing",
    "ended": "closed",
}


def _day(venue: Venue, day: Row, at_counters: int, incomplete: int) -> shown_as.DayShown:
    times = times_of(day)
    return {
        "id": day["id"],
        "state": _PHASES[rules.phase(times)],
        "opens_at": rfc3339(day["opens_at"]),
        "closes_at": rfc3339(day["closes_at"]),
        "at_counters": at_counters,
        "ends_by": rfc3339(rules.ends_by(times, venue.plan.day_end_minutes)),
        "ended_at": rfc3339(day["ended_at"]),
        "incomplete": incomplete,
    }


def _planned(venue: Venue, hall: Hall) -> list[shown_as.DayPlanned]:
    """Return the plan's days in their order; only the one that is shown can be open or closing."""
    shown: list[shown_as.DayPlanned] = []
    for planned in venue.plan.days:
        row = hall.shown if hall.shown is not None and hall.shown["id"] == planned.id else None
        state = _PHASES[rules.phase(times_of(row))] if row else "closed" if planned.id in hall.known else "planned"
        shown.append(
            {
                "id": planned.id,
                "state": state,
                "opens_at": rfc3339(row["opens_at"] if row else planned.opens_at),
                "closes_at": rfc3339(row["closes_at"] if row else planned.closes_at),
            }
        )
    return shown


def _service(venue: Venue, hall: Hall, waits: Row | None, service: str) -> shown_as.ServiceShown:
    queue = hall.queues[service]
    prospect = venue.router.foretelling.prospect
    wait = prospect.services.get(service)
    return {
        "id": service,
        "waiting": queue.waiting - queue.headed,
        "headed": queue.headed,
        "serving": queue.serving,
        "served": queue.served,
        "no_show": queue.no_show,
        "counters_open": queue.counters_open,
        "counters": len(venue.plan.counters_of(service)),
        "expected_wait": shapes.wait(wait),
        "accepting": not prospect.full(service),
        "closing": hall.day is not None and prospect.closing(service),
        "places_left": prospect.places(service),
        "ruling": last_tickets.show(prospect.rulings.get(service)),
        "mean_wait_s": int(waits["total_ms"]) // int(waits["called"]) // 1000 if waits else None,
        "max_wait_s": int(waits["max_ms"]) // 1000 if waits else None,
    }


def _arrivals(tx: Tx, day: Row | None, now: int) -> list[shown_as.Arrivals]:
    """Return arrivals per quarter of an hour from opening until now, empty quarters too."""
    if day is None or now < day["opens_at"]:
        return []
    slots = aggregates.arrivals(tx, day["id"], day["opens_at"], _SLOT_MS)
    last = (min(now, day["closes_at"]) - day["opens_at"]) // _SLOT_MS
    return [{"at": rfc3339(day["opens_at"] + slot * _SLOT_MS), "count": slots.get(slot, 0)} for slot in range(last + 1)]


def _counters(tx: Tx, venue: Venue, hall: Hall, at_counters: dict[str, Row]) -> list[shown_as.CounterShown]:
    names = {person["id"]: person["name"] for person in staff.every(tx)}
    shown: list[shown_as.CounterShown] = []
    for counter in venue.plan.counters.values():
        row, busy = hall.counters.get(counter.id), at_counters.get(counter.id)
        shown.append(
            {
                "id": counter.id,
                "booth": counter.booth,
                "label": counter.label,
                "zone": venue.plan.booth(counter.booth).zone,
                "state": busy["state"] if busy else (row["state"] if row else "closed"),
                "number": busy["number"] if busy else None,
                "since": rfc3339(
                    (busy["started_at"] or busy["called_at"]) if busy else (row["since"] if row else None)
                ),
                "staff": names.get(row["staff"]) if row and row["staff"] else None,
            }
        )
    return shown


def _devices(tx: Tx, now: int, online: frozenset[str]) -> list[shown_as.DeviceShown]:
    """Return one row a station: its device that spoke last. A station's older pairings say nothing any more."""
    newest: dict[tuple[str, str], Row] = {}

    def speaks(row: Row) -> tuple[bool, int]:
        return row["id"] in online, row["last_seen"] or 0

    for row in devices.every(tx):
        key = (row["role"], row["station"])
        if row["revoked_at"] is None and (key not in newest or speaks(row) >= speaks(newest[key])):
            newest[key] = row
    return [
        {
            "id": row["id"],
            "role": row["role"],
            "station": row["station"],
            "last_seen": rfc3339(row["last_seen"]),
            "online": row["id"] in online,
            "silent": row["id"] not in online and now - row["last_seen"] > _SILENT_AFTER_MS,
        }
        for row in newest.values()
        if row["last_seen"] is not None
    ]
