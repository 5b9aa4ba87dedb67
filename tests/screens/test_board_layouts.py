"""Boards of a hall, a zone and a booth; their languages, pictures and films; accessibility in every state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.screens import pictures as pictures_of
from tests.screens.booths import screen, visitor
from tests.screens.test_board import OUTSIDE, SMALLEST_TEXT
from tests.support.axe import violations
from tests.support.cut import line_to
from tests.support.server import DemoServer

SIZES = [(1920, 1080), (3840, 2160), (1080, 1920)]
ANNOUNCED = """() => {
  window.large = [];
  const look = () => {
    const number = document.querySelector("[data-testid=newest-number]")?.textContent ?? null;
    if (number && large.at(-1) !== number) large.push(number);
  };
  look();
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


def call(server: DemoServer, counter: str) -> int:
    """Let a visitor come for a counter's service and be called there; return the number."""
    service = counter.rsplit("-", 1)[0]
    visit = visitor(server, service)
    server.counter(counter).command(f"/counters/{counter}/call-next")
    number: int = visit["number"]
    return number


@pytest.fixture(scope="module", autouse=True)
def pictures(shared_demo: DemoServer) -> Path:
    """The venue's folder: a picture, a broken one, a film that is none, and a note."""
    folder = shared_demo.folder / "media"
    folder.mkdir()
    Image.new("RGB", (640, 360), "#0B5D46").save(folder / "10-welcome.png")
    (folder / "20-broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut short")
    (folder / "30-none.mp4").write_bytes(b"not a film at all")
    (folder / "40-empty.webm").write_bytes(b"\x1a\x45\xdf\xa3 begins like a film")
    (folder / "notes.txt").write_text("for us")
    return folder


@pytest.fixture(scope="module", autouse=True)
def calls(shared_demo: DemoServer, pictures: Path) -> dict[str, int]:
    """Some calls in two zones, and people who wait at the bank."""
    called = {counter: call(shared_demo, counter) for counter in ("bank-1", "bank-2", "health-1", "social-1")}
    for _ in range(9):
        visitor(shared_demo, "bank")
    return called


@pytest.mark.parametrize("board", ["hall", "zone-e", "bank"])
def test_every_layout_is_whole_legible_and_accessible_on_every_screen(
    shared_demo: DemoServer, browser: Browser, board: str
) -> None:
    """1080p, 4K and portrait, in each language's turn: no text below 44 px, nothing outside, nothing axe objects to."""
    with screen(browser, shared_demo, "board", board, *SIZES[0]) as page:
        page.get_by_test_id("newest-number").wait_for()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("document.fonts.ready.then(() => true)")
            # The page learns of its new size a moment later than it is set.
            page.wait_for_function("([w, h]) => innerWidth === w && innerHeight === h", arg=[width, height])
            page.evaluate("new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)))")
            size, text = page.evaluate(SMALLEST_TEXT)
            assert size >= 44 * min(width, height) / 1080 - 0.01, text
            assert page.evaluate(OUTSIDE) == []
        page.set_viewport_size({"width": 1920, "height": 1080})
        for lang in ("fr", "ar"):
            expect(page.locator(f"#waits .waits-title.on[lang={lang}]").first).to_be_visible(timeout=30_000)
            assert violations(page) == []


CUT = """() => {
  const call = document.querySelector(".call").getBoundingClientRect();
  const boxes = [...document.querySelectorAll(".call-number, .call-to > *, .where.on > *")];
  const rect = (node) => node.getBoundingClientRect();
  const out = boxes.filter((node) => {
    const { left, right, top, bottom } = rect(node);
    return left < call.left - 1 || right > call.right + 1 || top < call.top - 1 || bottom > call.bottom + 1
      || (node.matches(".where > *") && node.scrollWidth > node.clientWidth + 1);
  });
  const meet = (a, b) => rect(a).left < rect(b).right - 1 && rect(b).left < rect(a).right - 1
      && rect(a).top < rect(b).bottom - 1 && rect(b).top < rect(a).bottom - 1;
  // A digit's box is taller than the digit: what stands below it may reach into that.
  const apart = boxes.filter((node) => !node.matches(".where > *"));
  const met = apart.flatMap((a, i) => apart.slice(i + 1).filter((b) => meet(a, b)));
  return [...out, ...met].map((node) => node.getAttribute("class"));
}"""


@pytest.mark.parametrize("part", ["board.long", "board.zone_long", "board.zone", "board.call"])
def test_nothing_of_a_call_is_cut_however_long_its_number_and_its_name(
    shared_demo: DemoServer, browser: Browser, part: str
) -> None:
    """88888, names of two lines, an arrow: number, sign and name are whole and apart, in each size and language."""
    for width, height in SIZES:
        with pictures_of.easel(browser, "board") as page:
            page.set_viewport_size({"width": width, "height": height})
            for language in ("fr", "ar", "zgh"):
                pictures_of.draw(page, shared_demo.base, part, language)
                assert page.evaluate(CUT) == [], (width, height, language)
                assert page.evaluate(OUTSIDE) == [], (width, height, language)


def test_a_board_in_the_turn_of_arabic_reads_from_the_right(shared_demo: DemoServer, browser: Browser) -> None:
    """The number stands on the right then, and the arrow still points to where the zone is; no settings, no arrow."""
    places = """() => [".call-number", ".call-to .zone-sign"].map((what) =>
        document.querySelector(what).getBoundingClientRect().left)"""
    with pictures_of.easel(browser, "board") as page:
        for part, language, arrow in (
            ("board.call", "fr", None), ("board.call", "ar", None), ("board.zone", "ar", "arrow-right"),
        ):  # fmt: skip
            pictures_of.draw(page, shared_demo.base, part, language)
            number, sign = page.evaluate(places)
            assert (number > sign) == (language == "ar"), part
            assert page.locator("#board").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
            arrows = page.eval_on_selector_all(".call-to [data-icon]", "all => all.map((one) => one.dataset.icon)")
            assert arrows == ([arrow] if arrow else [])


def test_a_board_without_calls_and_one_that_is_not_live_are_accessible(demo: DemoServer, browser: Browser) -> None:
    """The states with words of their own."""
    with screen(browser, demo, "board", "hall", 1920, 1080) as page:
        page.get_by_test_id("no-call").wait_for()
        assert violations(page) == []
        demo.stop()
        expect(page.get_by_test_id("not-live")).to_be_visible(timeout=20_000)
        assert violations(page) == []


def test_a_booth_s_board_shows_its_own_calls_and_who_is_probably_next(
    shared_demo: DemoServer, browser: Browser, calls: dict[str, int]
) -> None:
    """Whose board it is, calls to its counters only, and numbers of those who wait, not of those on their way."""
    with screen(browser, shared_demo, "board", "bank", 1920, 1080) as page:
        expect(page.locator("#board")).to_have_attribute("data-layout", "booth")
        expect(page.locator("#event .on")).to_have_text("Stand banque")
        expect(page.get_by_test_id("call")).to_have_count(2)
        numbers = set(page.get_by_test_id("call").evaluate_all("nodes => nodes.map((node) => +node.dataset.number)"))
        assert numbers == {calls["bank-1"], calls["bank-2"]}
        data = shared_demo.client("board", "bank").get("/boards/bank/snapshot")["data"]
        (coming,) = data["next"]
        expect(page.get_by_test_id("next").locator(".number")).to_have_text([str(n) for n in coming["numbers"]])
        assert len(coming["numbers"]) == 4
        assert not {n for sent in data["headed"] for n in sent["numbers"]} & set(coming["numbers"])
        assert page.get_by_test_id("next").locator("[lang=ar]").count() == 1


def test_languages_take_turns_where_the_settings_say_so(shared_demo: DemoServer, browser: Browser) -> None:
    """One column that has Arabic, French and Amazigh by turns; a visitor's own language is among them."""
    with screen(browser, shared_demo, "board", "zone-e", 1920, 1080) as page:
        where = page.locator("#newest .where")
        own = shared_demo.client("board", "zone-e").get("/boards/zone-e/snapshot")["data"]["calls"][0]["locale"]
        where.first.wait_for()
        assert set(where.evaluate_all("nodes => nodes.map((node) => node.lang)")) == {"ar", "fr", "zgh", own}
        assert page.locator("#newest .call-where").evaluate("node => node.children.length") == 1
        first = page.locator("#newest .where.on")
        expect(first).to_have_count(1)
        before = first.get_attribute("lang")
        assert before == own, "the visitor's own language has the first turn"
        expect(page.locator(f"#newest .where.on[lang={before}]")).to_have_count(0, timeout=40_000)


def test_an_arrow_points_to_where_the_zone_is(shared_demo: DemoServer, browser: Browser) -> None:
    """As the board's settings say: zone B is straight ahead of it."""
    with screen(browser, shared_demo, "board", "zones-abc", 1920, 1080) as page:
        expect(page.locator("#newest .call-to")).to_have_attribute("data-arrow", "up")
        expect(page.locator("#newest .call-to [data-icon=arrow-up] svg")).to_be_visible()


def test_pictures_are_shown_beside_the_calls_and_broken_files_are_skipped(
    shared_demo: DemoServer, browser: Browser, pictures: Path
) -> None:
    """From our own origin; what only begins like a film is skipped in the browser; the call stays where it is."""
    listed = shared_demo.client("board", "bank").get("/media")["items"]
    assert [Path(item["url"]).name for item in listed] == ["10-welcome.png", "40-empty.webm"]
    skipped: list[str] = []
    with screen(browser, shared_demo, "board", "bank", 1920, 1080) as page:
        page.on("console", lambda message: skipped.append(message.text))
        picture = page.locator("#offer img.slide-file")
        picture.wait_for(timeout=40_000)
        assert picture.evaluate("node => node.naturalWidth") == 640
        assert page.evaluate(OUTSIDE) == []
        assert violations(page) == []
        place = page.locator("#offer").bounding_box()
        call_at = page.locator("#newest").bounding_box()
        assert place and call_at
        assert place["x"] >= call_at["x"] + call_at["width"], "nothing covers a call"
        expect(page.locator("#offer .offer-words, #offer .offer-slogan").first).to_be_visible(timeout=40_000)
        for _ in range(300):
            if any("40-empty.webm" in text for text in skipped):
                break
            page.wait_for_timeout(100)
    assert any("cannot be shown" in text and "40-empty.webm" in text for text in skipped)


def test_doctor_names_the_files_that_boards_skip(shared_demo: DemoServer) -> None:
    """Each with what is wrong, and none of it stops a day."""
    found = json.loads(shared_demo.riwaq("doctor", "--json", "--port", str(shared_demo.port)).stdout)["checks"]
    media = [check for check in found if check["check"] == "media"]
    notes = [check["what"] for check in media if check["verdict"] == "NOTE"]
    assert any("20-broken.jpg is broken" in what for what in notes)
    assert any("30-none.mp4 is no MP4 film" in what for what in notes)
    assert len(notes) == 2
    assert any("1 pictures and 1 films" in check["what"] for check in media)
    assert {check["verdict"] for check in found if check["check"] == "voice"} <= {"OK", "NOTE"}


def test_a_file_outside_the_folder_is_never_served(shared_demo: DemoServer) -> None:
    """Whatever the address says."""
    board = shared_demo.client("board", "bank")
    for path in ("0/notes.txt", "0/20-broken.jpg", "0/..%2fvenue.json", "0/%2e%2e/venue.json"):
        assert board.session.get(f"{shared_demo.base}/media/{path}", timeout=10).status_code == 404, path


def test_all_calls_of_a_rush_are_in_the_snapshot_and_nothing_personal_is(demo: DemoServer) -> None:
    """Every counter of the hall calls at once: each call is there; of its visitor only number and language."""
    counters = [counter["id"] for counter in demo.client("board", "hall").get("/venue")["counters"]]
    numbers = {call(demo, counter) for counter in counters}
    snapshot = demo.client("board", "hall").get("/boards/hall/snapshot")["data"]
    assert len(counters) > 20
    assert {one["number"] for one in snapshot["calls"]} == numbers
    keys = {key for one in snapshot["calls"] for key in one}
    assert keys == {
        *("call", "number", "booth", "zone", "counter", "counter_label"),
        *("service", "locale", "state", "at", "recall"),
    }
    assert set(snapshot) == {"now", "calls", "called_ahead", "doors", "headed", "next", "waits", "served"}
    said = json.dumps(snapshot)
    for card in demo.cards():
        assert card["member"] not in said
        assert card["code"] not in said


def test_a_board_that_was_cut_off_shows_every_call_it_missed_in_order(
    shared_demo: DemoServer, browser: Browser
) -> None:
    """The cable is pulled while three are called; back on the line, each stands large once, oldest first."""
    with line_to(shared_demo.port) as line:
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        page: Page = context.new_page()
        link = shared_demo.link("board", "hall").replace(f":{shared_demo.port}/", f":{line.port}/")
        page.goto(link)
        page.get_by_test_id("newest-number").wait_for()
        page.evaluate(ANNOUNCED)
        line.cut()
        missed: list[Any] = [str(call(shared_demo, c)) for c in ("telecoms-1", "insurance-1", "education-1")]
        line.mend()
        expect(page.get_by_test_id("newest-number")).to_have_text(missed[-1], timeout=30_000)
        assert page.evaluate("large")[1:] == missed
        expect(page.get_by_test_id("not-live")).to_be_hidden()
        context.close()
