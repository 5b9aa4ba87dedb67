"""The front door, and a browser that is let in by its code: from a stranger's first page to a kiosk that works."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.screens.office import there
from tests.support.axe import violations
from tests.support.server import DemoServer


@pytest.fixture
def organiser(browser: Browser, shared_demo: DemoServer) -> Page:
    """An organiser's browser."""
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(shared_demo.link("organizer", "dashboard"))
    return page


def scanned(page: Page) -> str:
    """Return what a phone reads of the code that a page shows."""
    picture = page.locator("[data-testid=pairing-qr]").screenshot()
    found = zxingcpp.read_barcode(Image.open(BytesIO(picture)))
    assert found is not None
    return str(found.text)


def test_a_screen_that_nobody_knows_is_let_in_by_the_code_it_shows(
    browser: Browser, shared_demo: DemoServer, organiser: Page
) -> None:
    """From the front door to the kiosk: four languages, a code in large and as a picture, and an organiser's phone."""
    context = browser.new_context(viewport={"width": 1080, "height": 1920})
    screen = context.new_page()
    screen.goto(f"{shared_demo.base}/?lang=fr")
    assert violations(screen) == []
    screen.click("[data-testid=screen-kiosk-K2]")
    digits = screen.locator("[data-testid=pairing-code]")
    expect(digits).to_be_visible()
    code = digits.inner_text().replace(" ", "")
    assert screen.locator("section[lang]").evaluate_all("all => all.map((one) => one.lang)") == [
        "ar",
        "fr",
        "zgh",
        "en",
    ]
    assert "demo" not in screen.inner_text("main").lower(), "a real venue has no demo"
    assert violations(screen) == []
    address = scanned(screen)
    asked = parse_qs(urlsplit(address).query)
    assert (asked["code"], asked["screen"]) == ([code], ["/kiosk/K2"])
    screen.reload()
    expect(digits).to_have_text(f"{code[:3]} {code[3:]}")

    organiser.goto(address)
    assert violations(organiser) == []
    organiser.click("[data-testid=approve]")
    there(organiser)
    expect(organiser.locator("[data-testid=outcome]")).to_be_visible()
    screen.wait_for_url("**/kiosk/K2")
    expect(screen.locator("body[data-state=attract]")).to_be_visible()
    # The same code once more opens nothing.
    organiser.goto(address)
    organiser.click("[data-testid=approve]")
    expect(organiser.locator("[data-testid=outcome].banner-trouble")).to_be_visible()


def test_a_link_with_a_mistake_is_told_from_one_that_was_used(browser: Browser, shared_demo: DemoServer) -> None:
    """Who mistypes one is not told that somebody else has opened it."""
    link = shared_demo.link("board", "hall")
    page = browser.new_context().new_page()
    page.goto(f"{link[:-1]}{'A' if link[-1] != 'A' else 'B'}")
    expect(page.locator("section[lang=en] h1")).to_have_text("There is no such link")
    page.goto(link)
    page.wait_for_url("**/board/hall")
    other = browser.new_context().new_page()
    other.goto(link)
    expect(other.locator("section[lang=en] h1")).to_have_text("This link was used already, or has run out")
    expect(other.locator("[data-testid=pairing-code]")).to_be_visible()
