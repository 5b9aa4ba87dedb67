"""The walks of docs/one-scan.md and docs/one-call.md, walked: each station named there is really called, in that order.

A real kiosk, tablet and board in a real Chromium, which counts the calls of their functions; a real server that notes
those of its own.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from checkin_server.domain.spoken import needed
from checkin_server.settings import load_venue
from checkin_server.venues.demo import CONFIG
from tests.docs.pages import ROOT, rows, text_of
from tests.e2e.test_story import PATIENCE_MS, _state
from tests.screens.booths import screen
from tests.screens.kiosk_pages import scan
from tests.support.chromium import another
from tests.support.server import DemoServer, demo_server
from tests.voice.recordings import record

WALKS = ("docs/one-scan.md", "docs/one-call.md")


@dataclass(frozen=True, slots=True)
class Station:
    """A row of a walk's table: a function, in a file."""

    path: str
    name: str


def stations(page: str) -> list[Station]:
    """Return the stations of a walk, in its order."""
    return [Station(row[1].strip("`"), row[2].strip("`")) for row in rows(text_of(page))]


ALL = {station for page in WALKS for station in stations(page)}


class Ears:
    """What was called since `begin`: by the server, and on the pages that are listened to."""

    def __init__(self, trace: Path) -> None:
        self._trace = trace
        self._since = 0
        self._sessions: list[CDPSession] = []
        self._heard: set[Station] = set()
        """On the pages so far: Chromium gives a count once."""

    def listen(self, *pages: Page) -> None:
        """Count the calls on these pages from now on."""
        self._since, self._heard = time.monotonic_ns(), set()
        self._sessions = [page.context.new_cdp_session(page) for page in pages]
        for session in self._sessions:
            session.send("Profiler.enable")
            session.send("Profiler.startPreciseCoverage", {"callCount": True, "detailed": True})

    def on_pages(self) -> set[Station]:
        """Return the stations among the functions that the pages called."""
        for session in self._sessions:
            for script in session.send("Profiler.takePreciseCoverage")["result"]:
                called = {f["functionName"] for f in script["functions"] if f["ranges"][0]["count"]}
                self._heard |= {
                    station
                    for station in ALL
                    if script["url"].endswith(_address(station.path)) and station.name.rpartition(".")[2] in called
                }
        return self._heard

    def in_server(self) -> dict[Station, list[int]]:
        """Return the stations that the server called, each with the moments of all calls (ns)."""
        found: dict[Station, list[int]] = {}
        for line in self._trace.read_text().splitlines():
            at, path, name = line.split("\t")
            if int(at) >= self._since:
                found.setdefault(Station(path, name), []).append(int(at))
        return found


def _address(path: str) -> str:
    """Return the end of the address that a script is served at; a Python file's is no script's."""
    owner, _, name = path.partition("/static/")
    return f"/static/{owner.rpartition('/')[2]}/{name}"


@dataclass
class Hall:
    """One kiosk, one tablet and one board that speaks, before a server that is listened to."""

    server: DemoServer
    ears: Ears
    kiosk: Page
    tablet: Page
    board: Page


@pytest.fixture(scope="module")
def hall(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A demo venue whose counters are still closed."""
    folder = tmp_path_factory.mktemp("walks")
    trace = folder / "calls"
    trace.touch()
    wanted = [[station.path, station.name] for station in ALL if station.path.endswith(".py")]
    with pytest.MonkeyPatch.context() as environment:
        environment.setitem(os.environ, "RIWAQ_TRACE", json.dumps(wanted))
        environment.setitem(os.environ, "RIWAQ_TRACE_FILE", str(trace))
        with (
            demo_server(folder, "--members", "200", module="tests.support.traced") as server,
            another(browser, "--autoplay-policy=no-user-gesture-required") as loud,
        ):
            record(server.folder / "voice", "fr", needed(load_venue(CONFIG), "fr", 999))
            with (
                screen(browser, server, "kiosk", "K1", 1080, 1920) as kiosk,
                screen(browser, server, "counter", "bank-1", 1280, 800) as tablet,
                screen(loud, server, "board", "hall", 1920, 1080) as board,
            ):
                yield Hall(server, Ears(trace), kiosk, tablet, board)


def in_order(page: str, ears: Ears, aside: int) -> None:
    """Every station of the page was called; those in the server in its order, but the last `aside` when they will."""
    walk = stations(page)
    scripts = [station for station in walk if station.path.endswith(".js")]
    assert [station for station in scripts if station not in ears.on_pages()] == []
    called = ears.in_server()
    server = [station for station in walk if station.path.endswith(".py")]
    assert [station for station in server if station not in called] == []
    strict, free = server[: len(server) - aside], server[len(server) - aside :]
    moment = 0
    for station in strict:
        # What happens by itself too, such as a board's snapshot, may have happened before.
        moment = min((at for at in called[station] if at > moment), default=-1)
        assert moment > 0, f"{station} in another order than {page} says"
    assert all(max(called[station]) > moment for station in free)


def until(done: Callable[[], bool]) -> None:
    """Wait for what comes after the commit."""
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while not done() and time.monotonic() < give_up:
        time.sleep(0.1)


def test_one_scan_is_walked_as_its_page_says(hall: Hall) -> None:
    """A card at the kiosk, services chosen, a ticket on paper, the screens told."""
    kiosk, ears = hall.kiosk, hall.ears
    _state(kiosk, "attract")
    ears.listen(kiosk)
    card = next(c for c in hall.server.cards() if c["category"] == "active" and c["locale"] == "fr")
    scan(kiosk, card["code"])
    while kiosk.locator("body").get_attribute("data-state") != "services":
        _state(kiosk, "greeting|company|services")
        if kiosk.locator("body").get_attribute("data-state") != "services":
            kiosk.get_by_test_id("continue").click()
    kiosk.locator('[data-service="bank"]').click()
    kiosk.get_by_test_id("confirm").click()
    _state(kiosk, "route|result")
    if kiosk.locator("body").get_attribute("data-state") == "route":
        kiosk.get_by_test_id("take-number").click()
    _state(kiosk, "result")
    expect(kiosk.get_by_test_id("ticket")).to_have_attribute("data-ticket", "printed", timeout=PATIENCE_MS)
    in_order(WALKS[0], ears, aside=2)


def test_one_call_is_walked_as_its_page_says(hall: Hall) -> None:
    """A finger on *Next*, the claim, the board, the voice in the hall."""
    tablet, board, ears = hall.tablet, hall.board, hall.ears
    _state(tablet, "signin")
    tablet.get_by_test_id("staff").fill("Nadia")
    for digit in "2580":
        tablet.get_by_test_id(f"pin-key-{digit}").click()
    tablet.get_by_test_id("signin").click()
    _state(tablet, "closed")
    tablet.get_by_test_id("primary").click()
    _state(tablet, "open")
    ears.listen(tablet, board)
    tablet.get_by_test_id("primary").click()
    _state(tablet, "called")
    expect(board.get_by_test_id("newest-number")).to_have_text("1", timeout=PATIENCE_MS)
    last = stations(WALKS[1])[-1]
    until(lambda: last in ears.on_pages())
    in_order(WALKS[1], ears, aside=0)


@pytest.mark.parametrize("page", WALKS)
def test_each_station_has_a_heading_of_its_own_in_the_table_s_order(page: str) -> None:
    """And its file is there."""
    walk = stations(page)
    headings = re.findall(r"^## \d+\. .*`([^`]+)`$", text_of(page), re.MULTILINE)
    assert headings == [station.path for station in walk]
    for station in walk:
        assert (ROOT / station.path).is_file()
