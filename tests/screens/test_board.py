"""The public board in a real Chromium, fed by a real server."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.screens.booths import screen, visitor
from tests.support.server import DemoServer

BOARD = "hall"
WATCH = """() => {
  window.seen = [];
  const look = () => {
    const number = document.querySelector("[data-testid=newest-number]")?.textContent ?? null;
    if (window.seen.at(-1)?.number !== number) window.seen.push({ number, at: performance.now() });
  };
  look();
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""
SMALLEST_TEXT = """() => {
  const walker = document.createTreeWalker(document.getElementById("board"), NodeFilter.SHOW_TEXT);
  const sizes = [];
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (walker.currentNode.textContent.trim() && !node.closest("svg") && node.checkVisibility())
      sizes.push([parseFloat(getComputedStyle(node).fontSize), walker.currentNode.textContent]);
  }
  return sizes.sort((a, b) => a[0] - b[0])[0];
}"""
OUTSIDE = """() => [...document.querySelectorAll(["head", "newest", "last", "band", "offer", "waits"]
.map((id) => `#${id} *`))].filter((node) => {
  const box = node.getBoundingClientRect();
  return box.width && (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1);
}).map((node) => `${node.tagName}.${node.className}: ${node.textContent}`)"""


def newest(page: Page) -> Any:
    """The number in large."""
    return page.get_by_test_id("newest-number")


def call(server: DemoServer, counter: str, service: str) -> dict[str, Any]:
    """Let a visitor come for `service` and be called to `counter`; return the visit."""
    visit = visitor(server, service)
    answer = server.counter(counter).command(f"/counters/{counter}/call-next")
    assert answer["visit"]["number"] == visit["number"], answer
    return visit


def test_a_board_without_calls_says_what_to_do(demo: DemoServer, browser: Browser) -> None:
    """Before the first call there are words, in French and Arabic, and no empty frame."""
    with screen(browser, demo, "board", BOARD, 1920, 1080) as page:
        empty = page.get_by_test_id("no-call")
        expect(empty.locator("[lang=fr][dir=ltr]")).to_be_visible()
        expect(empty.locator("[lang=ar][dir=rtl]")).to_be_visible()
        call(demo, "bank-1", "bank")
        expect(empty).to_have_count(0)


def test_a_called_number_stands_large_with_its_booth_in_both_languages(
    shared_demo: DemoServer, browser: Browser
) -> None:
    """Number of 260 px or more, booth and counter in Arabic and in French or the call's own language."""
    with screen(browser, shared_demo, "board", BOARD, 1920, 1080) as page:
        page.locator("#waits .wait").first.wait_for()
        visit = call(shared_demo, "bank-1", "bank")
        expect(newest(page)).to_have_text(str(visit["number"]))
        assert newest(page).evaluate("node => parseFloat(getComputedStyle(node).fontSize)") >= 260
        booth = {booth["id"]: booth for booth in shared_demo.client("board", BOARD).get("/venue")["booths"]}["bank"]
        own = visit["locale"] if visit["locale"] in ("zgh", "en") else "fr"
        where = page.locator("#newest .where")
        expect(page.locator(f"#newest .on[lang={own}] .where-booth")).to_have_text(booth["name"][own])
        expect(where.locator("xpath=self::*[@lang='ar'][@dir='rtl']").locator(".where-booth")).to_have_text(
            booth["name"]["ar"]
        )
        expect(where.locator("xpath=self::*[@lang='fr'][@dir='ltr']").locator(".where-booth")).to_have_text(
            booth["name"]["fr"]
        )


def test_calls_that_come_together_are_each_seen_for_two_seconds(shared_demo: DemoServer, browser: Browser) -> None:
    """Three counters that call within a moment: each number stands large, in order, none is lost."""
    counters = [("insurance-1", "insurance"), ("insurance-2", "insurance"), ("insurance-3", "insurance")]
    for _, service in counters:
        visitor(shared_demo, service)
    clients = [shared_demo.counter(counter) for counter, _ in counters]
    with screen(browser, shared_demo, "board", BOARD, 1920, 1080) as page:
        page.locator("#waits .wait").first.wait_for()
        page.evaluate(WATCH)
        # Who is called first is the router's to say.
        numbers = [
            str(client.command(f"/counters/{counter}/call-next")["visit"]["number"])
            for client, (counter, _) in zip(clients, counters, strict=True)
        ]
        expect(page.locator(f"[data-testid=call][data-number='{numbers[2]}']")).to_be_visible()
        expect(newest(page)).to_have_text(numbers[2], timeout=40_000)
        seen = [entry for entry in page.evaluate("seen") if entry["number"] in numbers]
    assert [entry["number"] for entry in seen] == numbers
    stood = [after["at"] - before["at"] for before, after in itertools.pairwise(seen)]
    assert all(milliseconds >= 2400 for milliseconds in stood), stood


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160), (1080, 1920)])
def test_the_board_is_legible_and_whole_on_every_screen(
    shared_demo: DemoServer, browser: Browser, width: int, height: int
) -> None:
    """No text below 44 px (in proportion on larger screens), and nothing leaves the screen."""
    call(
        shared_demo,
        "health-1" if width == 1920 else "health-2" if height == 2160 else "education-1",
        "education" if width == 1080 else "health",
    )
    with screen(browser, shared_demo, "board", BOARD, width, height) as page:
        newest(page).wait_for()
        page.evaluate("document.fonts.ready.then(() => true)")
        size, text = page.evaluate(SMALLEST_TEXT)
        assert size >= 44 * min(width, height) / 1080 - 0.01, text
        assert page.evaluate(OUTSIDE) == []


def test_reduced_motion_stops_slide_and_flash(shared_demo: DemoServer, browser: Browser) -> None:
    """Who asks for less motion sees a frame around a new call, nothing moves."""
    with screen(browser, shared_demo, "board", BOARD, 1920, 1080, reduced_motion="reduce") as page:
        page.locator("#waits .wait").first.wait_for()
        call(shared_demo, "telecoms-1", "telecoms")
        fresh = page.locator("#newest .fresh")
        expect(fresh).to_be_visible()
        assert fresh.evaluate("node => getComputedStyle(node).animationName") == "none"


def test_a_new_call_flashes_three_times(shared_demo: DemoServer, browser: Browser) -> None:
    """A new call slides in and flashes three times, less than three times a second; then it rests."""
    with screen(browser, shared_demo, "board", BOARD, 1920, 1080, reduced_motion="no-preference") as page:
        page.locator("#waits .wait").first.wait_for()
        call(shared_demo, "telecoms-2", "telecoms")
        fresh = page.locator("#newest .fresh")
        expect(fresh).to_be_visible()
        style = fresh.evaluate(
            """node => ["animationName", "animationIterationCount", "animationDuration"]
            .map((name) => getComputedStyle(node)[name])"""
        )
        assert style == ["arrive, flash", "1, 3", "0.25s, 0.8s"]


def test_a_board_that_lost_the_server_says_so_and_heals_by_itself(demo: DemoServer, browser: Browser) -> None:
    """Ten seconds without the server: "not live". When the server is back, so is the board, with what is true now."""
    first = call(demo, "bank-1", "bank")
    with screen(browser, demo, "board", BOARD, 1920, 1080) as page:
        expect(newest(page)).to_have_text(str(first["number"]))
        expect(page.get_by_test_id("not-live")).to_be_hidden()
        port = demo.port
        demo.stop()
        expect(page.get_by_test_id("not-live")).to_be_visible(timeout=40_000)
        expect(page.locator("#not-live [lang=ar]")).to_be_visible()
        demo.start(port)
        second = call(demo, "bank-2", "bank")
        expect(page.get_by_test_id("not-live")).to_be_hidden(timeout=40_000)
        expect(newest(page)).to_have_text(str(second["number"]), timeout=40_000)
