"""What the tests of the kiosk's readers share."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, Request, expect

from tests.screens.kiosk_pages import LAYOUTS

# What a key writes under a layout, for the letters of our codes: Chromium is told both, as by a real keyboard.
ARABIC = LAYOUTS["ara"]


def sent_codes(page: Page) -> list[str]:
    """Collect the codes that the page sends from now on."""
    codes: list[str] = []

    def keep(request: Request) -> None:
        if request.url.endswith("/scans"):
            body: Any = request.post_data_json
            codes.append(body["code"])

    page.on("request", keep)
    return codes


def admitted(page: Page) -> None:
    """Wait until somebody was recognised."""
    expect(page.locator("body")).to_have_attribute("data-state", "services", timeout=40_000)


def answered(page: Page, scans: int) -> None:
    """Wait until this page has had answers to so many scans."""
    page.wait_for_function(
        "n => performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/scans')).length === n",
        arg=scans,
    )
