"""A day is closed, ended and followed by the next on the dashboard, and every screen says it: on a real server."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.screens.booths import screen, visitor
from tests.screens.office import there
from tests.support.server import DemoServer, Programs


@pytest.fixture
def venue(tmp_path: Path, programs: Programs) -> Iterator[DemoServer]:
    """A demo server of the test's own whose clock stands at the opening of the day."""
    with programs.demo(tmp_path, "--members", "60", "--virtual-clock") as server:
        yield server


def test_an_organiser_closes_the_day_sees_who_is_still_served_ends_it_and_opens_the_next(
    browser: Browser, venue: DemoServer
) -> None:
    """Before the first counter the boards say when; closing keeps who is at a counter; the end says when it opens."""
    with (
        screen(browser, venue, "organizer", "dashboard", 1440, 900) as dashboard,
        screen(browser, venue, "kiosk", "K1", 1080, 1920) as kiosk,
        screen(browser, venue, "board", "hall", 1920, 1080) as board,
    ):
        expect(kiosk.get_by_test_id("stands-open")).to_be_visible()
        for _ in range(3):
            visitor(venue, "bank")
        bank = venue.counter("bank-1")
        bank.command("/counters/bank-1/call-next")
        bank.command("/counters/bank-1/start")

        dashboard.get_by_test_id("day-close").click()
        dashboard.get_by_test_id("day-close-now").click()
        there(dashboard)
        expect(dashboard.get_by_test_id("ask-day")).to_be_hidden()
        expect(dashboard.get_by_test_id("still-served")).to_be_visible()
        expect(dashboard.get_by_test_id("arrivals")).to_have_text("3")
        expect(board.get_by_test_id("newest-number")).to_have_text("1")
        expect(kiosk.get_by_test_id("closed")).to_be_visible()
        refused = bank.raw("POST", "/counters/bank-1/call-next", {"command_id": str(uuid.uuid4())})
        assert refused.status_code == 409

        dashboard.get_by_test_id("day-end").click()
        dashboard.get_by_test_id("day-end-now").click()
        # The day of the demo is the first of three: the next one opens on Saturday the 28th at nine.
        kiosk_says, board_says = kiosk.get_by_test_id("closed"), board.get_by_test_id("no-call")
        for said in (dashboard.get_by_test_id("daybar"), kiosk_says, board_says):
            expect(said).to_contain_text("28")
            expect(said).to_contain_text("09:00")
        expect(dashboard.get_by_test_id("arrivals")).to_have_text("3")
        assert bank.raw("GET", "/session").status_code == 401

        venue.client("organizer", "office").post("/clock", {"now": "2019-12-28T08:00:00Z"})
        dashboard.get_by_test_id("day-open").click()
        dashboard.get_by_test_id("day-open-now").click()
        there(dashboard)  # a night has passed
        expect(dashboard.get_by_test_id("arrivals")).to_have_text("0")
        expect(dashboard.get_by_test_id("day-close")).to_be_visible()
        expect(kiosk.get_by_test_id("stands-open")).to_be_visible()
        assert visitor(venue, "bank")["number"] == 1
