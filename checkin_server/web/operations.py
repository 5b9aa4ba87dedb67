"""For those who keep the server running: alive, ready, metrics; and the clock of a rehearsal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from checkin_server.common import zones
from checkin_server.common.clock import VirtualClock
from checkin_server.common.limits import LEAST_FREE_BYTES
from checkin_server.common.roles import ROLES
from checkin_server.db.health import StoreUnavailable
from checkin_server.db.tx import Row
from checkin_server.domain import day as rules
from checkin_server.domain.refusal import Refusal
from checkin_server.services.day.ending import times_of
from checkin_server.services.hall import Hall
from checkin_server.services.store_probe import StoreProbe, StoreState
from checkin_server.services.times import at_venue, milliseconds, rfc3339
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import PUBLIC, Api, Result, to_json
from checkin_server.web.auth import Doorkeeper, Rule
from checkin_server.web.problems import problem

_PASSED_ON = ("X-Forwarded-For", "Forwarded", "Via")
"""Headers by which proxies say that it is not they who ask."""


def pages(
    venue: Venue, doorkeeper: Doorkeeper, probe: StoreProbe, printer_states: Callable[[], dict[str, Any]]
) -> Blueprint:
    """Serve `/healthz`, `/readyz` and `/metrics`."""
    blueprint = Blueprint("operations", __name__)
    for name in ("healthz", "readyz", "metrics"):
        doorkeeper.allow(f"operations.{name}", Rule(PUBLIC))

    @blueprint.get("/healthz")
    def healthz() -> Response:
        """Say that the process answers."""
        return to_json({"status": "ok"})

    @blueprint.get("/readyz")
    def readyz() -> Response:
        """Say whether the day can be run: database, disk, printers. From what is known: it waits for nothing."""
        store, free = probe.store(), probe.disk().free_bytes
        checks: dict[str, Any] = {
            "database": {"ok": store.error is None, "service_day": store.service_day},
            "disk": {"ok": free is not None and free > LEAST_FREE_BYTES, "free_bytes": free},
        }
        if store.log_bytes is not None:
            checks["database"]["log_bytes"] = store.log_bytes
        if store.error is not None:
            checks["database"] |= {"error": store.error, "for_s": store.for_s}
        checks["day"] = _day_check(venue, store.day)
        checks["clock"] = _clock_check(venue)
        states = printer_states()
        checks["printers"] = {"ok": any(s["state"] != "trouble" for s in states.values()) or not states, **states}
        ready = all(check["ok"] for check in checks.values())
        return to_json({"ready": ready, "checks": checks}, 200 if ready else 503)

    @blueprint.get("/metrics")
    def metrics() -> Response:
        """Give Prometheus the hall's figures; only to this machine itself or an organiser."""
        # A proxy that settings don't list speaks from this machine too, for anybody.
        passed_on = any(name in request.headers for name in _PASSED_ON)
        if passed_on or request.remote_addr not in ("127.0.0.1", "::1"):
            row = doorkeeper.device(request.headers.get("Authorization", "")[7:])
            if row is None or row["role"] != "organizer":
                return problem("forbidden")
        return Response(_metrics(_hall(venue), probe.store(), printer_states()), mimetype="text/plain; version=0.0.4")

    return blueprint


def _clock_check(venue: Venue) -> dict[str, Any]:
    """Say what this process goes by, for the doctor to compare: its time, and what it adds to UTC at the venue."""
    now = venue.now()
    added = zones.offset_seconds(now, zones.zone(venue.plan.timezone))
    return {"ok": True, "now": rfc3339(now), "utc_offset_s": added, "tzdata": zones.VERSION}


def _day_check(venue: Venue, day: Row | None) -> dict[str, Any]:
    """Say in words when a day was left open, as it was a few seconds ago: nobody can come in then."""
    if day is None or not rules.left_open(times_of(day), venue.now(), venue.plan.day_end_minutes):
        return {"ok": True, "state": "none" if day is None else "open"}
    until = at_venue(day["closes_at"], venue.plan.timezone)
    words = f"{day['id']} was to close at {until} and is still open: riwaq day close, or opening the next day, ends it"
    return {"ok": False, "state": "left_open", "message": words}


def _hall(venue: Venue) -> Hall | None:
    """Return the hall, None while the store can't be read: that it can't is a figure too."""
    try:
        return venue.hall.fresh()
    except StoreUnavailable:
        return None


def _metrics(hall: Hall | None, store: StoreState, printers: dict[str, Any]) -> str:
    lines = ["# TYPE riwaq_store_ok gauge", f"riwaq_store_ok {int(store.error is None)}"]
    if store.log_bytes is not None:
        lines += ["# TYPE riwaq_store_log_bytes gauge", f"riwaq_store_log_bytes {store.log_bytes}"]
    if hall is not None:
        lines += ["# TYPE riwaq_admitted counter", f"riwaq_admitted {hall.shown['admitted'] if hall.shown else 0}"]
        for name in ("waiting", "serving", "served", "no_show", "counters_open"):
            lines.append(f"# TYPE riwaq_{name} gauge")
            lines += [f'riwaq_{name}{{service="{q.service}"}} {getattr(q, name)}' for q in hall.queues.values()]
    lines.append("# TYPE riwaq_printer_ok gauge")
    lines += [f'riwaq_printer_ok{{printer="{p}"}} {int(s["state"] != "trouble")}' for p, s in printers.items()]
    lines.append("# TYPE riwaq_printer_paper_low gauge")
    lines += [f'riwaq_printer_paper_low{{printer="{p}"}} {int(s.get("paper") == "low")}' for p, s in printers.items()]
    return "\n".join(lines) + "\n"


def register_clock(api: Api, clock: VirtualClock, changed: Callable[[], None]) -> None:
    """Serve `POST /clock`, in demonstrations with a virtual clock only."""

    @api.operation(
        "POST",
        "/clock",
        roles=ROLES,
        body=models.ClockBody,
        answer=models.ClockAnswer,
        errors=("wrong_state",),
        alone=True,
    )
    def post_clock(body: models.ClockBody) -> Result:
        """Set the virtual clock."""
        now = milliseconds(body.now)
        if now < clock.now():
            return Refusal(
                "wrong_state", {"state": "later", "detail": f"time does not go back; it is {rfc3339(clock.now())}"}
            )
        clock.set(now)
        changed()
        return {"now": rfc3339(now)}
