"""Snapshots: everything a screen shows, whole, with epoch, version and ETag."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request

from checkin_server.services.snapshots.counter import Seen
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import Api, Result, to_json
from checkin_server.web.auth import caller
from checkin_server.web.presence import told
from checkin_server.web.problems import problem


def register(api: Api, venue: Venue, snapshot: Callable[[str], dict[str, Any]]) -> None:
    """Serve the snapshots of boards, counters, kiosks and the dashboard; `snapshot` gives a topic's newest."""

    @api.operation(
        "GET",
        "/boards/<board_id>/snapshot",
        roles=("board", "organizer"),
        answer=models.BoardSnapshot,
        errors=("unknown_board", "forbidden"),
    )
    def get_board(board_id: str) -> Result:
        """Show a board: numbers only, no personal data."""
        if board_id not in venue.plan.boards:
            return problem("unknown_board")
        if caller().role == "board" and caller().station != board_id:
            return problem("forbidden", station=caller().station)
        return _whole(snapshot(f"board:{board_id}"))

    @api.operation(
        "GET",
        "/counters/<counter_id>/snapshot",
        roles=("counter", "organizer"),
        answer=models.CounterSnapshot,
        errors=("unknown_counter", "forbidden"),
    )
    def get_counter(counter_id: str) -> Result:
        """Show a counter: its visitor, its queue; of visitors nothing where nobody is signed in."""
        if counter_id not in venue.plan.counters:
            return problem("unknown_counter")
        if caller().role == "counter" and caller().station != counter_id:
            return problem("forbidden", station=caller().station)
        who = caller()
        seen: Seen = "all" if who.role == "organizer" or who.person else "number" if who.locked else "nothing"
        return _whole(told(snapshot(f"counter:{counter_id}"), seen), seen)

    @api.operation(
        "GET",
        "/kiosks/<kiosk_id>/snapshot",
        roles=("kiosk", "welcome", "organizer"),
        answer=models.KioskSnapshot,
        errors=("unknown_kiosk",),
    )
    def get_kiosk(kiosk_id: str) -> Result:
        """Show what a kiosk shows: services with live waits."""
        if kiosk_id not in venue.plan.kiosks:
            return problem("unknown_kiosk")
        return _whole(snapshot("kiosk"))

    @api.operation("GET", "/welcome/snapshot", roles=("welcome", "organizer"), answer=models.WelcomeSnapshot)
    def get_welcome() -> Result:
        """Show the welcome desk: printers in trouble, numbers without paper. No names."""
        return _whole(snapshot("welcome"))

    @api.operation("GET", "/dashboard/snapshot", roles=("organizer",), answer=models.DashboardSnapshot)
    def get_dashboard() -> Result:
        """Show the dashboard."""
        return _whole(snapshot("dashboard"))


def _whole(shot: dict[str, Any], seen: Seen = "all") -> Response:
    """Answer with a snapshot, or with 304 when the screen has this version already."""
    etag = f"{shot['epoch']}-{shot['version']}" + ("" if seen == "all" else f"-{seen}")
    response = Response(status=304) if request.if_none_match.contains(etag) else to_json(shot)
    response.set_etag(etag)
    response.headers["Cache-Control"] = "no-cache"
    return response
