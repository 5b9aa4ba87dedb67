"""The machine's clock is set while the hall works: seen on a real dashboard, decided there, over a restart."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.screens.office import there
from tests.support.axe import violations
from tests.support.faked_clock import ServerOnAFakedClock
from tests.support.server import Programs


@pytest.fixture
def venue(tmp_path: Path, programs: Programs) -> Iterator[ServerOnAFakedClock]:
    """A demo on a machine whose clock can be set."""
    server = ServerOnAFakedClock(tmp_path / "demo", tmp_path, arguments=("--members", "30"))
    server.set_clock("+0")
    server.start()
    try:
        yield server
    finally:
        server.stop()


def told(venue: ServerOnAFakedClock) -> datetime:
    """The time that the server goes by."""
    return datetime.fromisoformat(venue.client("organizer", "office").get("/venue")["now"])


def about(moment: datetime, off: timedelta) -> bool:
    """Whether a moment is that far from the real time, but for what a slow machine takes."""
    return abs(moment - datetime.now(UTC) - off) < timedelta(minutes=2)


def reckons(venue: ServerOnAFakedClock) -> None:
    """See that the dashboard's browser has said what it adds to UTC; that is written down every ten seconds."""
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        devices = json.loads(venue.riwaq("devices", "list", "--json").stdout)
        if any(row["utc_offset_s"] in (0, 3600) for row in devices if row["role"] == "organizer"):
            return
        time.sleep(1)
    raise AssertionError("no screen has said what its browser reckons")


def choice(page: Page, right: str) -> None:
    """Say which clock is right."""
    page.get_by_test_id(f"clock-{right}").click()
    if page.get_by_test_id("signed-in").count() == 0:
        there(page)
    expect(page.get_by_test_id("clock-machine")).to_have_count(0)


def test_a_clock_that_is_set_is_asked_about_and_decided_on_the_dashboard(
    browser: Browser, venue: ServerOnAFakedClock
) -> None:
    """Forty minutes back with people inside; then a start an hour behind the log. Doctor and command say the same."""
    cards = [row["code"] for row in venue.cards()]
    kiosk = venue.client("kiosk", "K1")
    kiosk.scan(cards[0])
    context = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    with closing(context):
        page = context.new_page()
        page.goto(venue.link("organizer", "dashboard"))
        page.get_by_role("button", name="English").click()
        expect(page.get_by_test_id("arrivals")).to_have_text("1")
        venue.set_clock("-40m")
        expect(page.locator('[data-code="clock_differs"]')).to_contain_text("The server's clock was set to")
        assert about(told(venue), timedelta(0)), "it is not followed"
        assert violations(page) == []
        said = venue.riwaq("clock", "show")
        assert "Which is right?" in said.stdout, said
        assert "STOP clock" in venue.riwaq("doctor", "--port", str(venue.port)).stdout
        choice(page, "machine")
        assert about(told(venue), timedelta(minutes=-40))
        assert venue.riwaq("clock", "accept").returncode == 1, "nothing is to be decided any more"
        kiosk.scan(cards[1])
        port = venue.port
        venue.stop()
        venue.set_clock("-100m")
        venue.start(port)
        expect(page.locator('[data-code="clock_differs"]')).to_contain_text("before the start it was", timeout=30_000)
        assert venue.client("kiosk", "K1").scan(cards[2])["outcome"] == "admitted", "cards are read meanwhile"
        assert about(told(venue), timedelta(minutes=-100))
        choice(page, "riwaq")
        assert about(told(venue), timedelta(minutes=-40))
        reckons(venue)
        assert "wrong by 1 h" in venue.riwaq("doctor", "--port", str(port)).stdout
    assert venue.riwaq("db", "check").returncode == 0
