"""What the tests of board and tablet share: visitors, and screens opened by their one-time link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from tests.support.server import DemoServer

_TAKEN: dict[str, int] = {}


def visitor(server: DemoServer, *services: str) -> dict[str, Any]:
    """Let a member whose family has not come yet arrive and choose `services`; return the visit.

    All are of one category that every service is for, and need nothing: the plan gives others a head start, and who is
    called first would hang on which cards earlier tests have used.
    """
    kiosk, desk = server.client("kiosk", "K1"), server.client("welcome", "desk")
    cards = [card for card in server.cards() if card["category"] == "active"]
    key = str(server.folder)
    while True:
        at = _TAKEN.get(key, 0)
        _TAKEN[key] = at + 1
        # Needs are said at the desk only; the choice is made where the card was shown last.
        scan = desk.scan(cards[at]["code"])
        if scan["outcome"] == "admitted" and not scan["member"]["needs"]:
            visit: dict[str, Any] = kiosk.choose(kiosk.scan(cards[at]["code"])["visit"]["id"], *services)
            return visit


@contextmanager
def screen(
    browser: Browser, server: DemoServer, role: str, station: str, width: int, height: int, **more: Any
) -> Iterator[Page]:
    """Open a screen in a browser of its own. An error in its scripts fails the test."""
    context = browser.new_context(viewport={"width": width, "height": height}, **more)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server.link(role, station))
    try:
        yield page
    finally:
        context.close()
    assert not errors, errors
