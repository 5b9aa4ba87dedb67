"""What the kiosk's test files share: a paired browser, a watched page, real key strokes, what the page sends."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.screens.kiosk_server import KioskServer

PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)

# What the keys of our sixteen letters write under other layouts than the scanner's.
LAYOUTS = {
    "us": {},
    "fr": {},  # the letters of our codes stand where they do in the US; Shift is off, so they come out small
    "ara": dict(
        zip(
            "BCDFGHJKLNPRSTVX",
            ["لا", "ؤ", "ي", "ب", "ل", "ا", "ت", "ن", "م", "ى", "ح", "ق", "س", "ف", "ر", "ء"],
            strict=True,
        )
    ),
}


def pair(browser: Browser, server: KioskServer) -> Any:
    """Return the cookies of a browser that is paired as kiosk K1; the server's link works once."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.address + server.link)
    page.wait_for_url("**/kiosk/K1")
    state = context.storage_state()
    context.close()
    return state


def in_state(page: Page, *names: str) -> None:
    """Wait until the kiosk is in one of these states."""
    expect(page.locator("body")).to_have_attribute("data-state", re.compile(rf"^({'|'.join(names)})$"), timeout=40_000)


def opened(context: BrowserContext, server: KioskServer) -> Iterator[Page]:
    """Open the kiosk and watch for script errors."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server.address}/kiosk/K1")
    in_state(page, "attract")
    # What is live is there: the waits, or before the first counter opens the words that it will.
    expect(page.locator(".hall-waits li, .hall-news").first).to_be_visible()
    yield page
    page.close()
    assert errors == []


def key_strokes(page: Page, text: str, layout: dict[str, str] | None = None) -> None:
    """Press real keys through the browser's input pipeline, with what a layout makes of each, and Enter at the end.

    Each says when it was pressed, as the kernel's do: a machine that stalls between two does not make a scan slow.
    """
    session = page.context.new_cdp_session(page)
    at = time.time()
    for letter in (*text, "\r"):
        if letter == "\r":
            one = {"code": "Enter", "key": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
        else:
            key = (layout or {}).get(letter, letter.lower())
            code = f"Digit{letter}" if letter.isdigit() else f"Key{letter}"
            one = {"code": code, "key": key, "windowsVirtualKeyCode": ord(letter), "text": key}
        at += 0.005
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", "timestamp": at, **one})
        session.send("Input.dispatchKeyEvent", {**one, "type": "keyUp", "timestamp": at, "text": ""})
    session.detach()


def scan(page: Page, code: str, layout: str = "us", end: str = "Enter") -> str:
    """Do what a wedge scanner does: one key after the other, at once, through the machine's layout.

    Returns the words on the screen right after the last key, before any answer can have come.
    """
    keys = [[f"Key{letter}", LAYOUTS[layout].get(letter, letter.lower())] for letter in code]
    left: str = page.evaluate(
        """([keys, end]) => {
          let at = performance.now();  // each says when it was pressed: a machine that stalls makes no scan slow
          for (const [code, key] of [...keys, [end, end]]) {
            const event = new KeyboardEvent("keydown", { code, key, bubbles: true, cancelable: true });
            Object.defineProperty(event, "timeStamp", { value: (at += 5) });
            (document.activeElement ?? document.body).dispatchEvent(event);
          }
          return document.querySelector("main").textContent;
        }""",
        [keys, end],
    )
    return left


def bodies(page: Page, method: str, ending: str) -> list[Any]:
    """Collect what the page sends from now on to addresses that end so."""
    sent: list[Any] = []

    def keep(request: Request) -> None:
        if request.method == method and request.url.endswith(ending):
            sent.append(request.post_data_json)

    page.on("request", keep)
    return sent
