"""Codes typed on a keyboard or on the keys of the screen, and how little the page loads."""

from __future__ import annotations

import gzip

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.screens.kiosk_server import KioskServer, People
from tests.screens.readers import ARABIC, admitted, sent_codes
from tests.support.axe import violations


def test_without_a_camera_nothing_offers_one(kiosk: Page) -> None:
    """A kiosk without one has a reader or its keys."""
    expect(kiosk.locator("[data-testid=open-keypad]")).to_be_visible()
    expect(kiosk.locator("[data-testid=open-camera]")).to_have_count(0)


def typed(page: Page) -> str:
    """Return what stands in the field, without its spaces."""
    return page.input_value("[data-testid=code-input]").replace(" ", "")


def test_a_code_can_be_typed_on_an_arabic_keyboard(kiosk: Page, people: People) -> None:
    """One key after the other, slowly; what is under the finger counts, not what the layout writes."""
    card = people.alone()
    kiosk.click("[data-testid=open-keypad]")
    session = kiosk.context.new_cdp_session(kiosk)
    for letter in card:
        one = {"code": f"Key{letter}", "key": ARABIC[letter], "windowsVirtualKeyCode": ord(letter)}
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": ARABIC[letter], **one})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **one})
    assert typed(kiosk) == card
    # Enter right after so quick a burst belongs to a scanner; a finger comes later.
    kiosk.wait_for_timeout(150)
    kiosk.keyboard.press("Enter")
    admitted(kiosk)


@pytest.mark.parametrize("keys", ["arrows", "numbers"])
def test_a_keypad_of_arrows_reaches_every_letter(kiosk: Page, keys: str) -> None:
    """From the field down to the letters, along a row, pressed with Enter; the digits 2 4 6 8 do the same."""
    names = {
        "arrows": {"down": "ArrowDown", "right": "ArrowRight", "press": "Enter"},
        "numbers": {"down": "Numpad2", "right": "Numpad6", "press": "NumpadEnter"},
    }[keys]
    kiosk.click("[data-testid=open-keypad]")
    kiosk.keyboard.press(names["down"])
    letters = []
    for _ in range(4):
        kiosk.wait_for_timeout(120)
        letters.append(kiosk.evaluate("document.activeElement.dataset.letter ?? ''"))
        kiosk.keyboard.press(names["press"])
        kiosk.keyboard.press(names["right"])
    assert all(letters) and len(set(letters)) >= 3, letters
    assert typed(kiosk) == "C" + "".join(letters)
    reached = set()
    for _ in range(6):
        kiosk.keyboard.press(names["down"])
        reached.add(kiosk.evaluate("document.activeElement.dataset.testid ?? ''"))
    assert reached & {"send-code", "erase", "close-keypad"}


@pytest.mark.parametrize(
    ("language", "missing", "strange"), [("ar", "تنقص", "لا توجد في رموزنا"), ("fr", "manque", "n’existent pas")]
)
def test_a_code_that_can_not_be_right_is_not_sent(
    kiosk: Page, people: People, language: str, missing: str, strange: str
) -> None:
    """The field says what is wrong and keeps what was typed."""
    codes = sent_codes(kiosk)
    card = people.alone()
    kiosk.click(f"[data-language={language}]")
    kiosk.click("[data-testid=open-keypad]")
    said = kiosk.locator("[data-testid=code-state]")
    kiosk.fill("[data-testid=code-input]", card[:28])
    kiosk.click("[data-testid=send-code]")
    expect(said).to_contain_text(missing)
    expect(said).to_contain_text("5")
    assert violations(kiosk) == []
    expect(kiosk.locator("[data-testid=code-input]")).to_have_attribute("aria-invalid", "true")
    kiosk.fill("[data-testid=code-input]", card[:28] + "0E")
    expect(said).to_contain_text(strange)
    expect(said).to_contain_text("0 E")
    assert typed(kiosk) == card[:28] + "0E"
    assert codes == []
    kiosk.fill("[data-testid=code-input]", card)
    kiosk.click("[data-testid=send-code]")
    admitted(kiosk)
    assert codes == [card]


def test_the_page_s_scripts_are_small(kiosk: Page, server: KioskServer) -> None:
    """Under 200 kB compressed in all; the reader of codes for the camera is not among them."""
    kiosk.wait_for_function(
        "() => performance.getEntriesByType('resource').some((one) => one.name.includes('socket.io'))"
    )
    names: list[str] = kiosk.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name)")
    scripts = {name for name in names if name.endswith(".js")}
    assert len(scripts) > 20
    assert not any("zxing" in name for name in names)
    sizes = [len(gzip.compress(requests.get(name, timeout=30).content)) for name in scripts]
    assert sum(sizes) < 200_000


def test_only_the_kiosk_s_page_may_compile_the_reader_of_codes(kiosk: Page, server: KioskServer) -> None:
    """And even it runs no text as a script."""
    policy = kiosk.request.get(f"{server.address}/kiosk/K1").headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "'unsafe-eval'" not in policy
    elsewhere = kiosk.request.get(f"{server.address}/not-paired").headers["content-security-policy"]
    assert "wasm" not in elsewhere
