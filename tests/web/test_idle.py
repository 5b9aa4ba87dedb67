"""A tablet that nobody touches locks; on a dashboard a PIN counts for some minutes; both read on without."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from werkzeug.serving import make_server

from checkin_server.rehearsal.wire import Device, Line, Refused
from tests.web.conftest import STATIONS, InProcess


class Hands:
    """A device on which somebody signs in, and time that passes by hand."""

    def __init__(self, server: InProcess, role: str, person: str) -> None:
        self.server, self.role = server, role
        self.headers = {
            "Authorization": f"Bearer {server.device(role).token}",
            "X-Session": server.session(role, person),
        }
        self._now = 1000.0
        self._idle = server.application.doorkeeper.idle
        self._before = self._idle.clock
        self._idle.clock = lambda: self._now
        self.ask("POST", "/session/here")

    def wait(self, minutes: float) -> None:
        """Touch nothing."""
        self._now += minutes * 60

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """Ask as this device; return the answer's document."""
        answer = self.server.client().open(
            f"/api/v1{path}", method=method, json=None if method == "GET" else body, headers=self.headers
        )
        return answer.get_json(force=True)

    def close(self) -> None:
        """Let time go on as it does."""
        self._idle.clock = self._before


@pytest.fixture
def tablet(in_process: InProcess) -> Iterator[Hands]:
    """The counter's tablet, with a clerk."""
    hands = Hands(in_process, "counter", "counter")
    yield hands
    hands.close()


@pytest.fixture
def dashboard(in_process: InProcess) -> Iterator[Hands]:
    """A dashboard, with an organiser."""
    hands = Hands(in_process, "organizer", "organizer")
    yield hands
    hands.close()


def test_an_idle_tablet_locks_shows_the_number_alone_and_the_same_pin_goes_on(
    in_process: InProcess, tablet: Hands
) -> None:
    """Nothing is done and nothing told of the visitor until then; the counter and its visitor are as they were."""
    counter = STATIONS["counter"]
    minutes = in_process.application.venue.plan.access.tablet_lock_minutes
    snapshot = f"/counters/{counter}/snapshot"
    whole = tablet.ask("GET", snapshot)["data"]
    assert (whole["seen"], whole["lock_after_s"]) == ("all", minutes * 60)
    tablet.wait(minutes)
    refused = tablet.ask("POST", f"/counters/{counter}/open", command_id=str(uuid.uuid4()))
    assert (refused["code"], refused["staff"]["name"]) == ("session_locked", "a counter")
    assert tablet.ask("GET", "/session")["code"] == "session_locked"
    assert tablet.ask("GET", "/visits/V0")["code"] == "session_locked"
    assert tablet.ask("GET", f"/counters/{counter}/notes")["code"] == "session_locked"
    told = tablet.ask("GET", snapshot)["data"]
    assert (told["seen"], told["current"], told["queue"], told["aside"]) == ("number", None, [], [])
    again = tablet.ask("POST", "/session", staff=refused["staff"]["id"], pin="2580")
    tablet.headers["X-Session"] = again["session_token"]
    assert tablet.ask("GET", snapshot)["data"]["seen"] == "all"
    assert tablet.ask("GET", "/session")["staff"] == refused["staff"]


def test_a_live_rehearsal_goes_on_after_a_service_that_was_longer_than_a_tablet_waits(
    in_process: InProcess, tablet: Hands
) -> None:
    """Its clerk gives the same PIN again, over HTTP, and what was refused is done."""
    serving = make_server("127.0.0.1", 0, in_process.application.flask, threaded=True)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    line = Line(f"http://127.0.0.1:{serving.server_port}")
    try:
        device = Device(line, in_process.device("counter").token, STATIONS["counter"])
        device.sign_in("a counter", "2580")
        for action, state in (("open", "open"), ("close", "closed")):
            answer = device.command("POST", f"/counters/{STATIONS['counter']}/{action}")
            assert not isinstance(answer, Refused) and answer["counter"]["state"] == state
            tablet.wait(in_process.application.venue.plan.access.tablet_lock_minutes)
        assert line.refused == {}
    finally:
        line.close()
        serving.shutdown()
        serving.server_close()


def test_hands_on_the_tablet_keep_it_open_and_looking_does_not(in_process: InProcess, tablet: Hands) -> None:
    """A screen asks for itself every few seconds; that is nobody's hand."""
    minutes = in_process.application.venue.plan.access.tablet_lock_minutes
    for _ in range(3):
        tablet.wait(minutes - 0.1)
        assert tablet.ask("POST", "/session/here") == {"outcome": "done"}
    for _ in range(10):
        tablet.wait(minutes / 10)
        tablet.ask("GET", "/venue")
    assert tablet.ask("POST", "/session/here")["code"] == "session_locked", "and what is locked a touch does not open"


def test_on_a_dashboard_a_pin_counts_for_some_minutes_after_it_was_used(
    in_process: InProcess, dashboard: Hands
) -> None:
    """Reading goes on; the next thing that is done asks who is there."""
    minutes = in_process.application.venue.plan.access.office_minutes
    ruling = {"rule": "automatic", "reason": "as before"}

    def decide() -> Any:
        return dashboard.ask("POST", "/services/bank/last-tickets", command_id=str(uuid.uuid4()), **ruling)

    dashboard.wait(minutes - 1)
    assert decide()["rule"] == "automatic"
    dashboard.wait(minutes - 1)
    assert decide()["rule"] == "automatic", "each use counts anew"
    dashboard.wait(minutes)
    assert decide()["code"] == "no_session"
    assert dashboard.ask("GET", "/dashboard/snapshot")["data"]["day"]
    told = [e["staff"] for e in _events(in_process, "last_tickets_set")]
    assert len(told) == 2 and len(set(told)) == 1 and told[0]


def _events(server: InProcess, kind: str) -> list[dict[str, Any]]:
    query = text("SELECT staff FROM event WHERE kind = :kind")
    return server.application.venue.db.read(lambda tx: tx.all(query, kind=kind))


def test_a_session_ends_on_its_own_device_only(in_process: InProcess, tablet: Hands, dashboard: Hands) -> None:
    """Somebody else's token, sent from here, ends nothing."""
    device, session = in_process.device("welcome").token, tablet.headers["X-Session"]
    headers = {"Authorization": f"Bearer {device}", "X-Session": session}
    assert in_process.client().delete("/api/v1/session", headers=headers).get_json() == {"outcome": "done"}
    assert tablet.ask("GET", "/session")["staff"]["name"] == "a counter"
    assert tablet.ask("DELETE", "/session") == {"outcome": "done"}
    assert tablet.ask("GET", "/session")["code"] == "no_session"
