"""The whole day on the real pages: a stranger opens the screens, scans a card, gets a ticket, is called and served."""

from __future__ import annotations

import re
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.server import DemoServer

PATIENCE_MS = 20_000


def _open(context: BrowserContext, start: Page, role: str, station: str) -> Page:
    """Press a screen's button on the start page and return the page that opens."""
    with context.expect_page() as opened:
        start.locator(f'form[action$="/open/{role}/{station}"] button').click()
    page = opened.value
    page.set_default_timeout(PATIENCE_MS)
    return page


def _scan(kiosk: Page, code: str) -> None:
    """Type a code as a wedge scanner does: physical keys, quickly, Enter at the end.

    On a machine that stalls, keys may come further apart than a scanner's; then the card is simply shown again.
    """
    kiosk.bring_to_front()
    for _ in range(3):
        for letter in code:
            kiosk.keyboard.press(f"Key{letter}")
        kiosk.keyboard.press("Enter")
        expect(kiosk.locator("body")).to_have_attribute("data-state", re.compile("^(?!attract|waiting)"))
        if kiosk.locator("body").get_attribute("data-reason") != "malformed_code":
            return
        kiosk.get_by_test_id("done").click()


def _state(page: Page, state: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-state", re.compile(state), timeout=PATIENCE_MS)


# size: one story, told in the order in which it happens
def test_a_stranger_walks_the_whole_story_on_the_real_pages(browser: Browser, demo: DemoServer) -> None:
    """Start page, kiosk, ticket, board, tablet, dashboard: one number all the way."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="no-preference")
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on(
        "console",
        lambda message: (
            problems.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    start = context.new_page()
    start.goto(f"{demo.base}/demo/{demo.secret}")
    kiosk = _open(context, start, "kiosk", "K1")
    board = _open(context, start, "board", "hall")
    tablet = _open(context, start, "counter", "bank-1")
    dashboard = _open(context, start, "organizer", "dashboard")
    expect(board.get_by_test_id("no-call")).to_be_visible()
    expect(dashboard.get_by_test_id("arrivals")).to_contain_text("0")

    # A member arrives.
    card = next(c for c in demo.cards() if c["category"] == "active" and c["locale"] == "fr")
    _state(kiosk, "attract")
    _scan(kiosk, card["code"])
    _state(kiosk, "greeting|company|services")
    if kiosk.locator("body").get_attribute("data-state") == "greeting":
        kiosk.get_by_test_id("continue").click()
        _state(kiosk, "company|services")
    if kiosk.locator("body").get_attribute("data-state") == "company":
        kiosk.get_by_test_id("continue").click()
    _state(kiosk, "services")
    expect(kiosk.locator("html")).to_have_attribute("lang", "fr")
    kiosk.locator('[data-service="bank"]').click()
    kiosk.locator('[data-service="health"]').click()
    kiosk.get_by_test_id("confirm").click()
    # No counter is open yet: there is no route to propose.
    _state(kiosk, "result")
    expect(kiosk.get_by_test_id("number")).to_have_text("1")
    expect(kiosk.get_by_test_id("ticket")).to_have_attribute("data-ticket", "printed", timeout=PATIENCE_MS)

    # The ticket is on paper, and its code is the visit's.
    pictures = list((demo.folder / "printers" / "P1").glob("*.png"))
    assert len(pictures) == 1
    assert len(list((demo.folder / "printers" / "P1").glob("*.bin"))) == 1
    code = _qr(pictures[0])
    assert re.fullmatch("V[BCDFGHJKLNPRSTVX]{32}", code)

    # The bank calls.
    tablet.bring_to_front()
    _state(tablet, "signin")
    tablet.get_by_test_id("staff").fill("Nadia")
    for digit in "2580":
        tablet.get_by_test_id(f"pin-key-{digit}").click()
    tablet.get_by_test_id("signin").click()
    for state, action in (("closed", "open"), ("open", "call-next")):
        _state(tablet, state)
        expect(tablet.get_by_test_id("primary")).to_have_attribute("data-action", action)
        tablet.get_by_test_id("primary").click()
    _state(tablet, "called")
    expect(tablet.get_by_test_id("number")).to_have_text("1")
    board.bring_to_front()
    expect(board.get_by_test_id("newest-number")).to_have_text("1", timeout=PATIENCE_MS)

    # The visitor shows the ticket at the kiosk again and is told where to go.
    kiosk.get_by_test_id("done").click()
    _state(kiosk, "attract")
    _scan(kiosk, code)
    _state(kiosk, "returning")
    expect(kiosk.get_by_test_id("next")).to_have_attribute("data-next", "go")

    tablet.bring_to_front()
    for state, action in (("called", "start"), ("serving", "finish")):
        _state(tablet, state)
        expect(tablet.get_by_test_id("primary")).to_have_attribute("data-action", action)
        expect(tablet.get_by_test_id("primary")).to_be_enabled()
        tablet.wait_for_timeout(600)  # a second tap right after the first is taken for the same one
        tablet.get_by_test_id("primary").click()
    _state(tablet, "open")

    dashboard.bring_to_front()
    expect(dashboard.get_by_test_id("arrivals")).to_contain_text("1", timeout=PATIENCE_MS)
    expect(dashboard.get_by_test_id("served")).to_contain_text("1", timeout=PATIENCE_MS)
    assert problems == []
    context.close()


def _qr(picture: Path) -> str:
    """Read the code on a ticket as any reader would."""
    found = zxingcpp.read_barcodes(Image.open(picture).convert("L"))
    assert len(found) == 1
    return str(found[0].text)
