"""The organiser's dashboard in a real Chromium against a real demo server, fed through the public API."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.screens.office import there
from tests.screens.pictures import draw
from tests.support.axe import violations
from tests.support.server import Client, DemoServer, Programs

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"wall": (1920, 1080), "laptop": (1280, 800), "phone": (390, 844)}
LANGUAGES = {"ar": "العربية", "fr": "Français", "zgh": "ⵜⴰⵎⴰⵣⵉⵖⵜ", "en": "English"}
DAY = "2019-12-27"


@pytest.fixture
def venue(tmp_path: Path, programs: Programs) -> Iterator[DemoServer]:
    """A demo server of the test's own whose clock stands at the opening of the day, 9:00 in Rabat."""
    with programs.demo(tmp_path, "--members", "60", "--virtual-clock") as server:
        yield server


@contextmanager
def _dashboard(
    browser: Browser, venue: DemoServer, size: str = "laptop", *, bypass_csp: bool = False
) -> Iterator[Page]:
    """The dashboard, paired by a one-time link, showing its first figures; nothing may go wrong in its console."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=bypass_csp)
    with closing(context):
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        page.goto(venue.link("organizer", "dashboard"))
        expect(page.get_by_test_id("arrivals")).to_be_visible()
        yield page
        # The browser itself tells of a server that was killed on purpose, and of the answer that asks who is there.
        told = ("ERR_CONNECTION_REFUSED", "status of 401")
        assert [error for error in errors if not any(one in error for one in told)] == []


def _members(venue: DemoServer) -> Iterator[str]:
    return (row["code"] for row in venue.cards() if row["category"] == "active")


def _arrive(kiosk: Client, code: str, *services: str) -> None:
    kiosk.choose(kiosk.scan(code)["visit"]["id"], *services)


def test_before_the_first_arrival_every_part_says_so_in_words(browser: Browser, venue: DemoServer) -> None:
    """An empty dashboard is a state of its own, not zeros and a blank chart."""
    with _dashboard(browser, venue) as page:
        page.get_by_role("button", name="English").click()
        expect(page.get_by_test_id("arrivals")).to_have_text("0")
        expect(page.get_by_test_id("chart")).to_contain_text("No arrivals yet")
        expect(page.get_by_test_id("service-level")).to_have_text("–")
        expect(page.locator("#figures")).to_contain_text("Nobody has been called yet.")
        expect(page.get_by_test_id("trouble")).to_contain_text("All is well")


def test_a_visit_is_counted_live_from_arrival_to_served(browser: Browser, venue: DemoServer) -> None:
    """Each step shows on the open page by itself, in the figures, the service's row and the counter's tile."""
    with _dashboard(browser, venue) as page:
        figure = page.get_by_test_id
        bank = page.locator('[data-service="bank"]').get_by_test_id
        tile = page.locator('[data-counter="bank-1"]')
        _arrive(venue.client("kiosk", "K1"), next(_members(venue)), "bank")
        for name in ("arrivals", "inside", "waiting"):
            expect(figure(name)).to_have_text("1")
        expect(bank("service-waiting")).to_have_text("1")
        expect(tile).to_have_class("counter counter--closed")

        counter = venue.counter("bank-1")
        expect(bank("service-counters")).to_have_text("1/4")
        expect(tile).to_have_class("counter counter--free")
        counter.command("/counters/bank-1/call-next")
        expect(figure("on-the-way")).to_have_text("1")
        expect(tile).to_have_class("counter counter--called")
        counter.command("/counters/bank-1/start")
        expect(figure("being-served")).to_have_text("1")
        expect(tile).to_contain_text("1")
        expect(tile).to_have_class("counter counter--serving")
        expect(figure("service-level")).to_have_text("100")

        counter.command("/counters/bank-1/finish", outcome="served")
        expect(figure("served")).to_have_text("1")
        expect(figure("finished")).to_have_text("1")
        expect(figure("inside")).to_have_text("0")
        expect(bank("service-served")).to_have_text("1")


def test_the_chart_has_a_table_with_the_arrivals_of_each_quarter_hour(browser: Browser, venue: DemoServer) -> None:
    """Who cannot see the bars reads the same numbers, quarters without arrivals too."""
    kiosk, codes = venue.client("kiosk", "K1"), _members(venue)
    for minute, people in ((5, 2), (35, 1)):
        kiosk.post("/clock", {"now": f"{DAY}T08:{minute:02}:00Z"})
        for _ in range(people):
            _arrive(kiosk, next(codes), "bank")
    with _dashboard(browser, venue) as page:
        rows = page.get_by_test_id("chart").locator("tbody tr")
        expect(rows).to_have_count(3)
        assert rows.all_text_contents() == ["09:002", "09:150", "09:301"]
        box = page.get_by_test_id("chart").locator("canvas").bounding_box()
        assert box is not None
        assert box["width"] > 200
        assert box["height"] > 100


def test_people_waiting_for_a_stand_without_a_counter_are_trouble_until_one_opens(
    browser: Browser, venue: DemoServer
) -> None:
    """What to do stands above the fold, with who waits for it, and goes when it is done."""
    with _dashboard(browser, venue) as page:
        page.get_by_role("button", name="English").click()
        kiosk, codes = venue.client("kiosk", "K1"), _members(venue)
        for _ in range(3):
            _arrive(kiosk, next(codes), "bank")
        item = page.get_by_test_id("trouble").locator('[data-code="no_counter_open"]')
        expect(item).to_contain_text(re.compile("No counter is open for .*Bank.*: 3 people wait"))
        expect(item).to_contain_text("Ask the stand to open a counter.")
        assert item.bounding_box()["y"] < SIZES["laptop"][1]  # type: ignore[index]
        venue.counter("bank-1")
        expect(item).to_have_count(0)


def test_a_server_that_is_gone_is_said_within_fifteen_seconds_and_its_return_noticed(
    browser: Browser, demo: DemoServer
) -> None:
    """Old figures are never taken for new ones; they stay readable, and the page recovers without a reload."""
    with _dashboard(browser, demo) as page:
        _arrive(demo.client("kiosk", "K1"), next(_members(demo)), "bank")
        expect(page.get_by_test_id("arrivals")).to_have_text("1")
        expect(page.get_by_test_id("not-live")).to_be_hidden()
        port = demo.port
        demo.stop(signal.SIGKILL)
        expect(page.get_by_test_id("not-live")).to_be_visible(timeout=40_000)
        expect(page.get_by_test_id("arrivals")).to_have_text("1")
        demo.start(port)
        expect(page.get_by_test_id("not-live")).to_be_hidden(timeout=40_000)
        _arrive(demo.client("kiosk", "K2"), list(_members(demo))[1], "bank")
        expect(page.get_by_test_id("arrivals")).to_have_text("2")


def test_the_language_changes_at_once_and_is_kept(browser: Browser, venue: DemoServer) -> None:
    """Arabic first, right to left; the organiser's choice outlives a reload also to personal data."""
    with _dashboard(browser, venue) as page:
        root = page.locator("html")
        expect(root).to_have_attribute("dir", "rtl")
        page.get_by_role("button", name=LANGUAGES["en"]).click()
        expect(root).to_have_attribute("dir", "ltr")
        expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard")
        expect(page.locator('[data-service="bank"]')).to_contain_text("Bank")
        page.reload()
        expect(page.get_by_test_id("arrivals")).to_be_visible()
        expect(root).to_have_attribute("lang", "en")
        page.get_by_test_id("personal-data").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Personal data")


def test_an_organiser_decides_about_last_tickets_and_kiosks_follow(browser: Browser, venue: DemoServer) -> None:
    """Nothing is sent without a choice and a reason; it stands in the row and on the tile, and is taken back."""
    kiosk = venue.client("kiosk", "K1")

    def tile() -> dict[str, Any]:
        return next(s for s in kiosk.get("/services")["services"] if s["id"] == "bank")

    venue.counter("bank-1")
    with _dashboard(browser, venue, bypass_csp=True) as page:
        page.get_by_role("button", name="English").click()
        row, dialog = page.locator('[data-service="bank"]'), page.get_by_test_id("rule")

        def decide(rule: str, reason: str) -> None:
            row.get_by_test_id("last-tickets").click()
            dialog.locator(f"input[value={rule}]").check()
            dialog.locator("[name=reason]").fill(reason)
            dialog.get_by_test_id("rule-save").click()
            expect(dialog).to_be_hidden()

        row.get_by_test_id("last-tickets").click()
        expect(dialog.locator("input[value=automatic]")).to_be_checked()
        dialog.locator("[name=places]").fill("١٢")
        expect(dialog.locator("[name=places]")).to_have_value("12")
        dialog.get_by_test_id("rule-save").click()
        expect(dialog.get_by_test_id("rule-error")).to_have_text("Say why in a few words.")
        assert violations(page) == []
        dialog.locator("[name=reason]").fill("the partner leaves at noon")
        dialog.get_by_test_id("rule-save").click()
        there(page)
        expect(dialog).to_be_hidden()
        expect(row.get_by_test_id("service-closing")).to_have_text("12 more tickets today")
        assert (tile()["closing"], tile()["places_left"]) == (True, 12)

        # What holds now is what the dialog shows.
        row.get_by_test_id("last-tickets").click()
        expect(dialog.locator("input[value=places]")).to_be_checked()
        expect(dialog.locator("[name=places]")).to_have_value("12")
        expect(dialog.locator("label", has=page.locator("input[value=places]"))).to_contain_text("(now)")
        page.keyboard.press("Escape")
        decide("stop", "the partner has to leave now")
        expect(row.get_by_test_id("service-closing")).to_have_text("No more places today")
        assert not tile()["accepting"]
        decide("automatic", "the partner is back")
        expect(row.get_by_test_id("service-closing")).to_have_count(0)
        assert tile()["accepting"] and not tile()["closing"]


@pytest.fixture(scope="module")
def busy_venue(tmp_path_factory: pytest.TempPathFactory, programs: Programs) -> Iterator[DemoServer]:
    """A venue in trouble, for tests that only look: people wait for two stands, one counter has called somebody."""
    with programs.demo(tmp_path_factory.mktemp("busy"), "--members", "60", "--virtual-clock") as server:
        kiosk, codes = server.client("kiosk", "K1"), _members(server)
        for _ in range(4):
            _arrive(kiosk, next(codes), "bank", "insurance")
        server.counter("bank-1").command("/counters/bank-1/call-next")
        yield server


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off_or_unreadable_at_any_size_and_language(
    browser: Browser, busy_venue: DemoServer, size: str
) -> None:
    """No sideways scrolling, each part in its place, and no violation that axe can find."""
    with _dashboard(browser, busy_venue, size, bypass_csp=True) as page:
        expect(page.get_by_test_id("trouble").locator('[data-code="no_counter_open"]')).to_be_visible()
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run().then((found) => found.violations.map((v) => [v.id, v.nodes[0].html]))")
        assert found == []
        for name in LANGUAGES.values():
            page.get_by_role("button", name=name).click()
            expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            parts = ["trouble", "figures", "zones"] if size == "phone" else ["figures", "trouble", "chart"]
            tops = page.evaluate(
                "(ids) => ids.map((id) => document.getElementById(id).getBoundingClientRect().top)", parts
            )
            assert tops == sorted(tops)


def test_on_a_phone_trouble_and_hall_come_first_and_all_else_is_one_tap_away(
    browser: Browser, busy_venue: DemoServer
) -> None:
    """Nobody scrolls through seven screens to find a printer."""
    width, height = SIZES["phone"]
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
    with closing(context):
        page = context.new_page()
        draw(page, busy_venue.base, "dashboard.trouble", "en")
        assert page.evaluate("document.documentElement.scrollHeight") < 4 * height
        # Those that are not the first wait behind a button that says how many they are.
        shown = page.locator("#trouble .trouble__item:visible")
        expect(shown).to_have_count(3)
        expect(shown.first).to_be_in_viewport()
        every = page.locator("#trouble .trouble__item").count()
        assert every > 3
        expect(page.get_by_test_id("trouble-more")).to_have_text(f"{every - 3} more to do")
        page.get_by_test_id("trouble-more").click()
        expect(shown).to_have_count(every)
        expect(page.locator("#zones")).to_be_visible()
        for part in ("services", "route", "chart", "machines"):
            expect(page.locator(f"#{part}")).to_be_hidden()
            page.get_by_test_id(f"jump-{part}").click()
            expect(page.get_by_test_id(f"fold-{part}")).to_be_in_viewport()
            expect(page.locator(f"#{part}")).to_be_visible()
        page.get_by_test_id("jump-trouble").click()
        expect(page.locator("#trouble h2")).to_be_in_viewport()
        assert violations(page) == []
        page.get_by_test_id("fold-machines").click()
        expect(page.locator("#machines")).to_be_hidden()
