"""The socket: pushes within a moment, whole snapshots with rising versions, rooms by role, cut-off devices."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
import socketio

from tests.support.server import DemoServer

PATIENCE_S = 30.0


class Screen:
    """A screen that remembers what was pushed to it."""

    def __init__(self, server: DemoServer, token: str) -> None:
        self.pushed: list[dict[str, Any]] = []
        self.client = socketio.Client(reconnection=False)
        self.client.on("snapshot", self.pushed.append)
        self.client.connect(server.base, transports=["websocket"], auth={"token": token}, wait_timeout=30)

    def until(self, wanted: Any) -> dict[str, Any]:
        """Wait until a pushed snapshot satisfies `wanted`, and return it."""
        give_up = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up:
            for shot in list(self.pushed):
                if wanted(shot["data"]):
                    return shot
            time.sleep(0.02)
        raise AssertionError(f"never pushed; last of {len(self.pushed)}: {self.pushed[-1:]}")

    def until_gone(self) -> None:
        """Wait until the server has hung up."""
        give_up = time.monotonic() + PATIENCE_S
        while self.client.connected and time.monotonic() < give_up:
            time.sleep(0.02)
        assert not self.client.connected


@contextmanager
def screen(server: DemoServer, role: str, station: str) -> Iterator[Screen]:
    """Connect a screen and disconnect it afterwards."""
    connected = Screen(server, server.token(role, station))
    try:
        yield connected
    finally:
        connected.client.disconnect()


def _adults(server: DemoServer) -> list[str]:
    return [card["code"] for card in server.cards() if card["category"] == "active"]


def test_a_call_reaches_board_tablet_and_dashboard(shared_demo: DemoServer) -> None:
    """Each gets its own topic, whole, and versions only rise."""
    kiosk = shared_demo.client("kiosk", "K1")
    bank = shared_demo.counter("bank-1")
    with (
        screen(shared_demo, "board", "hall") as board,
        screen(shared_demo, "counter", "bank-1") as tablet,
        screen(shared_demo, "organizer", "office") as dashboard,
    ):
        visit = kiosk.choose(kiosk.scan(_adults(shared_demo)[0])["visit"]["id"], "bank")
        tablet.until(lambda data: [entry["number"] for entry in data["queue"]] == [visit["number"]])
        bank.command("/counters/bank-1/call-next")
        shown = board.until(lambda data: data["calls"] and data["calls"][0]["number"] == visit["number"])
        tablet.until(lambda data: data["current"] and data["current"]["number"] == visit["number"])
        dashboard.until(lambda data: data["arrivals"] == 1)
        assert shown["topic"] == "board:hall"
        for one in (board, tablet, dashboard):
            versions = [shot["version"] for shot in one.pushed]
            assert versions == sorted(versions)
            assert len({shot["epoch"] for shot in one.pushed}) == 1
            assert len({shot["topic"] for shot in one.pushed}) == 1, "a screen is in its own rooms only"


def test_a_tablet_where_nobody_is_signed_in_is_told_nothing_of_any_visitor(shared_demo: DemoServer) -> None:
    """By its socket and by HTTP; signing in and out changes that at once, disabling within two seconds."""
    kiosk = shared_demo.client("kiosk", "K1")
    shared_demo.riwaq("staff", "add", "Rachid", "--pin", "-", stdin="4321")
    with screen(shared_demo, "counter", "telecoms-1") as tablet:
        tablet.until(lambda data: data["seen"] == "nothing")
        clerk = shared_demo.client("counter", "telecoms-1")
        begun = clerk.post("/session", {"staff": "Rachid", "pin": "4321"})
        clerk.session.headers["X-Session"] = begun["session_token"]
        clerk.command("/counters/telecoms-1/open")
        visit = kiosk.choose(kiosk.scan(_adults(shared_demo)[45])["visit"]["id"], "telecoms")
        clerk.command("/counters/telecoms-1/call-next")
        tablet.until(lambda data: data["current"] and data["current"]["number"] == visit["number"])
        nobody = shared_demo.client("counter", "telecoms-1")
        told = nobody.get("/counters/telecoms-1/snapshot")["data"]
        hidden: dict[str, Any] = {
            "seen": "nothing",
            "number": None,
            "current": None,
            "queue": [],
            "aside": [],
            "undo": None,
        }
        assert {key: told[key] for key in hidden} == hidden
        assert nobody.raw("GET", f"/visits/{visit['id']}").json()["code"] == "no_session"
        seen = clerk.get(f"/visits/{visit['id']}")
        assert (seen["party"], seen["number"]) == ([], visit["number"])

        before = len(tablet.pushed)
        assert shared_demo.riwaq("staff", "disable", "Rachid").returncode == 0
        tablet.until_gone()
        assert clerk.raw("GET", "/session").json()["code"] == "no_session"
        assert not any(shot["data"]["current"] for shot in tablet.pushed[before + 1 :])


def test_a_board_is_told_numbers_and_nothing_personal(shared_demo: DemoServer) -> None:
    """No member id, no name, no visit reference in anything pushed to a board."""
    kiosk = shared_demo.client("kiosk", "K1")
    card = next(c for c in shared_demo.cards()[20:] if c["category"] == "active")
    desk = shared_demo.counter("health-1")
    with screen(shared_demo, "board", "hall") as board:
        scanned = kiosk.scan(card["code"])
        visit = kiosk.choose(scanned["visit"]["id"], "health")
        desk.command("/counters/health-1/call-next")
        board.until(lambda data: any(call["number"] == visit["number"] for call in data["calls"]))
        said = json.dumps(board.pushed, ensure_ascii=False)
    names = scanned["member"]["display_name"]
    for secret in (card["member"], card["code"], visit["id"], names["ar"], names["la"], card["family"]):
        assert secret not in said


def test_a_rush_is_coalesced(shared_demo: DemoServer) -> None:
    """Forty changes in a moment are a few snapshots, and the last one is the truth."""
    kiosk = shared_demo.client("kiosk", "K1")
    codes = _adults(shared_demo)[20:40]
    with screen(shared_demo, "organizer", "office") as dashboard:
        before = len(dashboard.pushed)
        started = time.monotonic()
        for code in codes:
            last = kiosk.choose(kiosk.scan(code)["visit"]["id"], "education")
        arrivals = shared_demo.client("organizer", "office").get("/dashboard/snapshot")["data"]["arrivals"]
        dashboard.until(lambda data: data["arrivals"] == arrivals)
        pushes = len(dashboard.pushed) - before
        ticks = (time.monotonic() - started) / 0.1 + 2
        assert last["number"]
        assert pushes <= ticks


@pytest.mark.parametrize("token", ["", "not-a-token"])
def test_a_stranger_gets_no_socket(shared_demo: DemoServer, token: str) -> None:
    """Neither without a token nor with a wrong one."""
    client = socketio.Client(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(shared_demo.base, transports=["websocket"], auth={"token": token}, wait_timeout=30)


def test_a_cookie_counts_only_from_our_own_pages(shared_demo: DemoServer) -> None:
    """Another site's page may not open a socket with a visitor's cookies; neither may a missing Origin."""
    browser = requests.Session()
    browser.get(shared_demo.link("board", "hall"), timeout=10)
    cookie = "; ".join(f"{c.name}={c.value}" for c in browser.cookies)

    def connects(headers: dict[str, str]) -> bool:
        client = socketio.Client(reconnection=False, websocket_extra_options={"suppress_origin": True})
        try:
            client.connect(
                shared_demo.base, transports=["websocket"], headers={"Cookie": cookie, **headers}, wait_timeout=30
            )
        except socketio.exceptions.ConnectionError:
            return False
        client.disconnect()
        return True

    assert connects({"Origin": shared_demo.base})
    assert not connects({"Origin": "http://elsewhere.example"})
    assert not connects({})


def test_a_revoked_device_loses_its_socket_within_two_seconds(shared_demo: DemoServer) -> None:
    """Also when a command in another process cut it off."""
    made = json.loads(shared_demo.riwaq("devices", "add", "--role", "board", "--station", "hall", "--json").stdout)
    connected = Screen(shared_demo, made["token"])
    done = shared_demo.riwaq("devices", "revoke", made["device_id"])
    assert done.returncode == 0, done.stderr
    give_up = time.monotonic() + 2.0
    while connected.client.connected and time.monotonic() < give_up:
        time.sleep(0.02)
    assert not connected.client.connected


def test_a_restart_is_a_new_epoch(demo: DemoServer) -> None:
    """Screens know from the epoch that versions begin anew."""
    first = demo.client("board", "hall").get("/boards/hall/snapshot")["epoch"]
    demo.stop()
    demo.start()
    assert demo.client("board", "hall").get("/boards/hall/snapshot")["epoch"] != first
