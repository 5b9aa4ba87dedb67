"""What fingers must not do: enlarge a kiosk or a tablet for whoever comes next."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.support.server import DemoServer


@pytest.mark.parametrize(
    ("part", "size", "stays"),
    [
        ("kiosk.services", (1080, 1920), True),
        ("tablet.serving", (1280, 800), True),
        ("dashboard.well", (390, 844), False),
    ],
)
def test_two_fingers_enlarge_no_kiosk_and_no_tablet(
    browser: Browser, shared_demo: DemoServer, part: str, size: tuple[int, int], stays: bool
) -> None:
    """On a phone's dashboard they do: whoever sees poorly needs it, and it is their own screen."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True)
    page = context.new_page()
    page.goto(f"{shared_demo.base}/demo/parts?part={part}&language=fr")
    page.wait_for_selector("html[data-shown]", state="attached")
    devtools = context.new_cdp_session(page)
    for kind, apart in (("touchStart", 20), *(("touchMove", 20 + 10 * n) for n in range(1, 12)), ("touchEnd", 0)):
        fingers = [{"x": width // 2 + side * apart, "y": height // 2} for side in (-1, 1)] if apart else []
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
        page.evaluate("() => new Promise(requestAnimationFrame)")
    assert (page.evaluate("visualViewport.scale") == 1) is stays
    assert page.get_attribute("html", "translate") == "no"
    context.close()
