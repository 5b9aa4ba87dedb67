"""Draws each screen at its size for the README, from a real demo server: `make screenshots`.

A server with a virtual clock is started in a temporary folder, a morning is played on it (`scripts.morning`), then
Chromium opens the screens and the virtual printers' tickets are taken as they were printed. Pictures are made small
enough to keep: few colours, and no wider than a page shows them.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import socketio
from PIL import Image
from playwright.sync_api import Browser, Page

from checkin_server.domain.plan import LANGUAGES
from checkin_server.settings import load_venue
from scripts.morning import Morning
from tests.support.chromium import launched
from tests.support.server import Client, DemoServer, demo_server

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "img"
_WIDEST = 720
_WIDEST_LANDSCAPE = 1200
_COLOURS = 128
_SIZES = {
    "kiosk": (1080, 1920),
    "board": (1920, 1080),
    "tablet": (1280, 800),
    "dashboard": (1920, 1080),
    "phone": (390, 844),
}


def keep(name: str, png: bytes, *, widest: int | None = None, colours: int = _COLOURS) -> None:
    """Write a picture to docs/img, narrow and in few colours."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    widest = widest or (_WIDEST if picture.width < picture.height else _WIDEST_LANDSCAPE)
    if picture.width > widest:
        height = round(picture.height * widest / picture.width)
        picture = picture.resize((widest, height), Image.Resampling.LANCZOS)
    # Maximum coverage keeps small signs in their own colours; without dithering flat areas stay flat, hence small.
    small = picture.quantize(colours, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    target = FOLDER / f"{name}.png"
    small.save(target, optimize=True)
    print(f"  {target.relative_to(ROOT)}  {target.stat().st_size // 1024} kB")


@contextmanager
def opened(browser: Browser, morning: Morning, role: str, station: str, size: str, language: str) -> Iterator[Page]:
    """Open a screen in a browser of its own and at its size, paired by a one-time link; cut it off afterwards."""
    width, height = _SIZES[size]
    # Nothing moves in a picture: animations are asked not to run.
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", locale=language, has_touch=size == "phone"
    )
    try:
        page = context.new_page()
        page.goto(morning.server.link(role, station))
        page.goto(f"{page.url}?lang={language}")
        device = page.get_attribute("meta[name=riwaq-device]", "content")
        yield page
        # A screen that is gone but still paired would be shown as trouble.
        morning.organizer.raw("DELETE", f"/devices/{device}")
    finally:
        context.close()


def settled(page: Page) -> bytes:
    """Return the picture of a page once the fonts are there and a push has had the time to come."""
    page.evaluate("document.fonts.ready.then(() => true)")
    time.sleep(1.2)
    return page.screenshot()


def show_card(page: Page, code: str) -> None:
    """Hold a card up to the kiosk: a wedge scanner is a quick keyboard."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def kiosk(browser: Browser, morning: Morning, language: str, want: list[str]) -> None:
    """Take a kiosk's story: the invitation, a family, the choice, the number, a refusal."""
    with opened(browser, morning, "kiosk", "K1", "kiosk", language) as page:
        page.wait_for_selector("body[data-state=attract]")
        keep(f"kiosk-attract-{language}", settled(page))
        card = morning.newcomer(language, 4)
        show_card(page, card)
        page.wait_for_selector("body[data-state=company]")
        page.click("[data-testid=my-family]")
        page.wait_for_selector("body[data-state=family]")
        keep(f"kiosk-family-{language}", settled(page))
        page.click("[data-testid=continue]")
        page.wait_for_selector("body[data-state=services]")
        for service in want:
            page.click(f"[data-service={service}]")
        keep(f"kiosk-services-{language}", settled(page))
        page.click("[data-testid=confirm]")
        page.wait_for_selector("body[data-state=route]")
        keep(f"kiosk-route-{language}", settled(page))
        page.click("[data-testid=take-number]")
        page.wait_for_selector("body[data-state=result]")
        page.wait_for_selector("[data-testid=ticket][data-ticket=printed]")
        keep(f"kiosk-result-{language}", settled(page))
        page.click("[data-testid=done]")
        page.wait_for_selector("body[data-state=attract]")
        show_card(page, card)
        page.wait_for_selector("body[data-state=returning]")
        keep(f"kiosk-returning-{language}", settled(page))
        page.click("[data-testid=opinion]")
        page.wait_for_selector("body[data-state=themes]")
        page.click("[data-kind=proposal]")
        page.click("[data-ready='0']")
        keep(f"kiosk-opinion-{language}", settled(page))
        page.click("[data-testid=access]")
        keep(f"kiosk-access-{language}", settled(page))
        page.click("[data-testid=close-access]")
        page.click("[data-testid=back]")
        page.click("[data-testid=back]")
        page.click("[data-testid=done]")
        page.wait_for_selector("body[data-state=attract]")
        page.click(f"[data-language={language}]")
        show_card(page, morning.server.cases()["revoked_card"])
        page.wait_for_selector("body[data-state=refused]")
        keep(f"kiosk-refused-{language}", settled(page))


def tablet(browser: Browser, morning: Morning, counter: str, language: str) -> None:
    """Take a counter's tablet: signing in, and with a visitor."""
    with opened(browser, morning, "counter", counter, "tablet", language) as page:
        page.wait_for_selector("body[data-state=signin]")
        keep(f"tablet-signin-{language}", settled(page))
        page.fill("[data-testid=staff]", "Nadia")
        for digit in "2580":
            page.click(f"[data-testid=pin-key-{digit}]")
        page.click("[data-testid=signin]")
        page.wait_for_selector("body[data-state=open], body[data-state=called], body[data-state=serving]")
        if page.get_attribute("body", "data-state") == "open":
            page.click("[data-testid=primary]")
            page.wait_for_selector("body[data-state=called]")
        keep(f"tablet-{language}", settled(page))


def tickets(server: DemoServer, morning: Morning) -> None:
    """Take a ticket in each language, as the virtual printer wrote it."""
    kiosk_client = Client(server.base, morning.tokens["kiosk", "K1"])
    for language in LANGUAGES:
        visit = morning.come(morning.newcomer(language), ["social", "bank", "education"])
        give_up = time.monotonic() + 30
        while (ticket := kiosk_client.get(f"/visits/{visit}")["ticket"])["state"] != "printed":
            if time.monotonic() > give_up:
                raise RuntimeError(f"the ticket in {language} was not printed: {ticket}")
            time.sleep(0.1)
        printed = server.folder / "printers" / ticket["printer"] / f"{ticket['print_job']}.png"
        keep(f"ticket-{language}", printed.read_bytes(), widest=400, colours=4)


def connect(server: DemoServer, morning: Morning, stack: ExitStack) -> None:
    """Keep a socket open for each station, as its screen would: a hall whose screens are silent is in trouble."""
    plan = morning.plan
    stations = [("organizer", "office")] + [("kiosk", k) for k in plan.kiosks] + [("board", b) for b in plan.boards]
    stations += [("counter", c) for c in plan.counters if c not in morning.closed]
    for role, station in stations:
        if (role, station) not in morning.tokens:
            morning.pair(role, station)
        client = socketio.Client(reconnection=False)
        client.connect(server.base, auth={"token": morning.tokens[role, station]}, transports=["websocket"])
        stack.callback(client.disconnect)


def take_all() -> None:
    """Take every picture."""
    # Tests' servers and this one write files; in the venue's own time zone nothing depends on where it runs.
    os.environ["TZ"] = "Africa/Casablanca"
    time.tzset()
    FOLDER.mkdir(parents=True, exist_ok=True)
    plan = load_venue(ROOT / "config" / "demo" / "rabat.toml")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="riwaq-screenshots-")))
        server = stack.enter_context(demo_server(folder, "--virtual-clock", "--members", "1200"))
        morning = Morning(server, plan, closed=frozenset({"real-estate-2", "reception-2"}))
        connect(server, morning, stack)
        print("Playing a morning")
        began = time.monotonic()
        morning.play(105)
        print(f"  {len(morning.visits)} visits in {time.monotonic() - began:.0f} s")
        print("Taking pictures")
        tickets(server, morning)
        browser = stack.enter_context(launched(windows=True))
        for language, counter in (("ar", "bank-1"), ("fr", "social-1")):
            kiosk(browser, morning, language, ["social", "bank", "education"])
            tablet(browser, morning, counter, language)
            with opened(browser, morning, "organizer", "dashboard", "dashboard", language) as page:
                page.wait_for_selector("#dashboard[data-state=live]")
                keep(f"dashboard-{language}", settled(page))
        with opened(browser, morning, "board", "hall", "board", "fr") as page:
            page.wait_for_selector("[data-testid=newest-number]")
            keep("board-hall", settled(page))
        with opened(browser, morning, "organizer", "dashboard", "phone", "fr") as page:
            page.wait_for_selector("#dashboard[data-state=live]")
            keep("dashboard-phone-fr", settled(page))


if __name__ == "__main__":
    take_all()
    total = sum(path.stat().st_size for path in FOLDER.glob("*.png"))
    print(f"{total // 1024} kB in all")
    if total > 2_500_000:
        sys.exit("more than 2.5 MB: choose fewer colours or a smaller width")
