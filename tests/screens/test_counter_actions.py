"""Everything a counter can do beside the way from *Next* to *Finish*, in a real Chromium, in Arabic and French."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.screens.booths import visitor
from tests.screens.test_tablet import becomes, press, sign_in, standing, tablet
from tests.support import axe
from tests.support.server import DemoServer, Programs


@contextmanager
def working(browser: Browser, server: DemoServer, counter: str, language: str) -> Iterator[Page]:
    """The tablet of an open counter with Nadia signed in, in a language."""
    with tablet(browser, server, counter) as page:
        press(page, f"signin-lang-{language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        sign_in(page)
        yield page


def seen(server: DemoServer, visit: dict[str, Any]) -> dict[str, str]:
    """The states of a visit's stops by service."""
    steps = server.client("kiosk", "K1").get(f"/visits/{visit['id']}")["steps"]
    return {step["service"]: step["state"] for step in steps}


def settled(page: Page) -> None:
    """Wait until the large button takes a press again."""
    expect(page.get_by_test_id("primary")).to_be_enabled()


def serve(page: Page) -> None:
    """Call the next visitor and start."""
    press(page, "primary")
    becomes(page, "called")
    press(page, "primary")
    becomes(page, "serving")
    settled(page)


def show(page: Page, code: str) -> None:
    """What a wedge scanner does: the keys of a code at once, whatever the machine is busy with, then Enter."""
    keys = [f"Key{letter}" if letter.isalpha() else f"Digit{letter}" for letter in code]
    page.evaluate(
        """(keys) => { for (const code of keys) (document.activeElement ?? document.body).dispatchEvent(
            new KeyboardEvent("keydown", { code, bubbles: true, cancelable: true })); }""",
        [*keys, "Enter"],
    )


def notice(page: Page) -> str:
    """What the tablet says."""
    told = page.get_by_test_id("notice")
    expect(told).to_be_visible()
    return told.inner_text()


@pytest.mark.parametrize(("language", "counter"), [("ar", "bank-1"), ("fr", "bank-2")])
def test_a_wrong_finish_is_undone_and_what_happened_elsewhere_is_not(
    shared_demo: DemoServer, browser: Browser, language: str, counter: str
) -> None:
    """The visitor is back in service as before; once another counter has called them, words say where they are."""
    visit = visitor(shared_demo, "bank", "insurance")
    with working(browser, shared_demo, counter, language) as page:
        serve(page)
        press(page, "primary")
        becomes(page, "open")
        expect(page.get_by_test_id("undo-bar")).to_contain_text(str(visit["number"]))
        press(page, "undo")
        becomes(page, "serving")
        assert seen(shared_demo, visit)["bank"] == "serving"
        expect(page.get_by_test_id("undo-bar")).to_have_count(0)
        settled(page)
        press(page, "primary")
        becomes(page, "open")
        other = shared_demo.counter(f"insurance-{1 if language == 'ar' else 2}")
        where = other.base and f"/counters/insurance-{1 if language == 'ar' else 2}"
        assert other.command(f"{where}/call-next")["visit"]["number"] == visit["number"]
        press(page, "undo")
        assert str(visit["number"]) in notice(page)
        becomes(page, "open")
        assert seen(shared_demo, visit) == {"bank": "served", "insurance": "called"}
        for action in ("start", "finish", "close"):
            other.command(f"{where}/{action}")


@pytest.mark.parametrize(("language", "counter"), [("ar", "social-1"), ("fr", "social-2")])
def test_a_visitor_is_sent_on_gets_a_service_and_a_note_that_only_this_stand_reads(
    shared_demo: DemoServer, browser: Browser, language: str, counter: str
) -> None:
    """The number stays; the note's words come from the server on demand and stand in no snapshot."""
    visit = visitor(shared_demo, "social")
    with working(browser, shared_demo, counter, language) as page:
        serve(page)
        press(page, "add-service")
        expect(page.get_by_test_id("add-go")).to_be_disabled()
        page.locator(".office", has=page.get_by_test_id("add-education")).click()
        press(page, "add-go")
        expect(page.locator(".stop")).to_have_count(2)
        settled(page)
        press(page, "notes")
        page.get_by_test_id("note-text").fill("كلمة private")
        press(page, "note-save")
        expect(page.get_by_test_id("notes")).to_contain_text("1")
        assert "private" not in json.dumps(standing(shared_demo, counter), ensure_ascii=False)
        settled(page)
        press(page, "notes")
        expect(page.locator("#sheet .notes")).to_contain_text("كلمة private")
        press(page, "sheet-close")
        press(page, "transfer")
        expect(page.get_by_test_id("transfer-send")).to_be_disabled()
        page.locator(".office", has=page.get_by_test_id("to-service:real-estate")).or_(
            page.locator(".office", has=page.get_by_test_id("to-real-estate"))
        ).first.click()
        press(page, "transfer-send")
        becomes(page, "open")
        states = seen(shared_demo, visit)
        assert states["social"] == "transferred"
        assert {states["education"], states["real-estate"]} <= {"waiting", "headed"}


@pytest.mark.parametrize(("language", "counter"), [("ar", "telecoms-1"), ("fr", "telecoms-2")])
def test_a_ticket_shown_at_the_counter_starts_the_service_or_says_why_not(
    shared_demo: DemoServer, browser: Browser, language: str, counter: str
) -> None:
    """Called: started. Not their turn: with a reason. Not of this stand: offered. Not ours: in words."""
    first, second = visitor(shared_demo, "telecoms"), visitor(shared_demo, "telecoms")
    stranger = visitor(shared_demo, "education")
    with working(browser, shared_demo, counter, language) as page:
        press(page, "primary")
        becomes(page, "called")
        settled(page)
        called = {first["number"]: first, second["number"]: second}[int(page.get_by_test_id("number").inner_text())]
        later = second if called is first else first
        show(page, called["id"])
        becomes(page, "serving")
        settled(page)
        press(page, "park")
        becomes(page, "open")
        between = visitor(shared_demo, "telecoms")
        last = visitor(shared_demo, "telecoms")
        settled(page)
        press(page, "type-number")
        page.get_by_test_id("number-input").fill(str(last["number"]))
        press(page, "number-go")
        expect(page.get_by_test_id("arrival-go")).to_be_disabled()
        page.locator(".office", has=page.get_by_test_id("reason-frail")).click()
        press(page, "arrival-go")
        becomes(page, "serving")
        expect(page.get_by_test_id("number")).to_have_text(str(last["number"]))
        expect(page.get_by_test_id("why")).to_contain_text("(")
        settled(page)
        press(page, "primary")
        becomes(page, "open")
        settled(page)
        show(page, stranger["id"])
        expect(page.get_by_test_id("offer-telecoms")).to_be_checked()
        press(page, "sheet-close")
        show(page, "NOTACODEOFOURS12")
        assert notice(page)
        becomes(page, "open")
        press(page, f"aside-{called['number']}")
        press(page, "aside-resume")
        expect(page.get_by_test_id(f"aside-{called['number']}")).to_have_count(0)
        assert seen(shared_demo, called)["telecoms"] in ("waiting", "headed")
        for one in (called, later, between):
            shared_demo.client("kiosk", "K1").command(f"/visits/{one['id']}/leave")


@pytest.mark.parametrize(("language", "counter"), [("ar", "enrolment-1"), ("fr", "enrolment-2")])
def test_a_ticket_is_printed_again_from_the_menu_and_the_tablet_says_where(
    shared_demo: DemoServer, browser: Browser, language: str, counter: str
) -> None:
    """Same number, marked as a duplicate, at a kiosk that is named."""
    visit = visitor(shared_demo, "enrolment")
    with working(browser, shared_demo, counter, language) as page:
        press(page, "primary")
        becomes(page, "called")
        settled(page)
        press(page, "menu")
        press(page, "reprint")
        expect(page.get_by_test_id("notice")).to_contain_text("K")
        expect(page.get_by_test_id("notice")).not_to_contain_text("…", timeout=20_000)
        ticket = shared_demo.client("kiosk", "K1").get(f"/visits/{visit['id']}")["ticket"]
        assert (ticket["duplicate"], ticket["state"]) == (True, "printed")
        press(page, "quick")
        becomes(page, "open")
        assert seen(shared_demo, visit)["enrolment"] == "served"


def test_after_finish_the_next_is_called_by_itself_if_this_tablet_is_set_to(
    shared_demo: DemoServer, browser: Browser
) -> None:
    """With some seconds to stop it; by the same command as the button."""
    for _ in range(3):
        visitor(shared_demo, "enrolment")
    with working(browser, shared_demo, "enrolment-3", "fr") as page:
        press(page, "menu")
        press(page, "auto")
        serve(page)
        press(page, "primary")
        expect(page.get_by_test_id("auto-call")).to_be_visible()
        press(page, "auto-stop")
        expect(page.get_by_test_id("auto-call")).to_have_count(0)
        becomes(page, "open")
        settled(page)
        serve(page)
        with page.expect_request("**/call-next", timeout=40_000):
            press(page, "primary")
        becomes(page, "called", 15_000)
        settled(page)
        press(page, "no-show")
        becomes(page, "open")
        page.get_by_test_id("menu").click()
        expect(page.get_by_test_id("auto")).to_have_attribute("aria-pressed", "true")
        press(page, "pause-prayer")
        becomes(page, "paused")
        expect(page.locator(".idle h2")).to_contain_text("prière")


def test_an_action_survives_a_reload_and_what_was_typed_is_written_nowhere(
    shared_demo: DemoServer, browser: Browser
) -> None:
    """The same command is sent once after the reload; one with somebody's words is not, and the tablet says so."""
    visitor(shared_demo, "health")
    with working(browser, shared_demo, "health-1", "ar") as page:
        press(page, "primary")
        becomes(page, "called")
        settled(page)
        ids: list[str] = []

        def away(route: Route) -> None:
            ids.append(json.loads(route.request.post_data or "{}")["command_id"])
            route.abort()

        page.route("**/health-1/start", away)
        press(page, "primary")
        expect(page.get_by_test_id("waiting-for-server")).to_be_visible()
        page.unroute("**/health-1/start")
        with page.expect_request("**/health-1/start") as again:
            page.reload()
        assert json.loads(again.value.post_data or "{}")["command_id"] in ids
        becomes(page, "serving")
        settled(page)
        page.route("**/health-1/note", away)
        press(page, "notes")
        page.get_by_test_id("note-text").fill("secret words")
        press(page, "note-save")
        expect(page.get_by_test_id("waiting-for-server")).to_be_visible()
        kept = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
        assert "note" in kept
        assert "secret" not in kept
        page.unroute("**/health-1/note")
        page.reload()
        assert notice(page)
        becomes(page, "serving")
        settled(page)
        # As its person sees it: a tablet where nobody signed in is told of no visitor.
        here = page.context.request.get(f"{shared_demo.base}/api/v1/counters/health-1/snapshot").json()["data"]
        assert here["current"]["notes"] == 0
        press(page, "primary")
        becomes(page, "open")


def test_two_tablets_of_one_counter_see_the_same_and_a_late_press_hits_nobody_else(
    shared_demo: DemoServer, browser: Browser
) -> None:
    """What one does the other shows; a press that waited for the network is not done to the next visitor."""
    for _ in range(2):
        visitor(shared_demo, "real-estate")
    with (
        working(browser, shared_demo, "real-estate-1", "fr") as one,
        tablet(browser, shared_demo, "real-estate-1") as two,
    ):
        two.get_by_test_id("staff").fill("Karim")
        for digit in "1379":
            press(two, f"pin-key-{digit}")
        press(two, "signin")
        becomes(two, "open")
        press(one, "primary")
        becomes(two, "called")
        first = two.get_by_test_id("number").inner_text()
        settled(two)
        two.context.set_offline(True)
        press(two, "primary")
        expect(two.get_by_test_id("waiting-for-server")).to_be_visible()
        settled(one)
        press(one, "no-show")
        becomes(one, "open")
        settled(one)
        press(one, "primary")
        becomes(one, "called")
        expect(one.get_by_test_id("number")).not_to_have_text(first)
        two.context.set_offline(False)
        assert notice(two)
        becomes(two, "called")
        expect(two.get_by_test_id("number")).to_have_text(one.get_by_test_id("number").inner_text())
        settled(one)
        press(one, "no-show")
        becomes(two, "open")


def test_a_service_that_lasts_unusually_long_is_asked_about_once(
    tmp_path: Path, browser: Browser, programs: Programs
) -> None:
    """Gently: an answer puts it away, and the large button stays *Finish*."""
    with programs.demo(tmp_path, "--members", "40", "--virtual-clock") as server:
        visitor(server, "bank")
        with working(browser, server, "bank-1", "fr") as page:
            serve(page)
            expect(page.get_by_test_id("long-service")).to_have_count(0)
            boss = server.client("organizer", "desk")
            now = standing(server, "bank-1")["now"]
            assert isinstance(now, str)
            hour = int(now[11:13]) + 2
            boss.post("/clock", {"now": f"{now[:11]}{hour:02}{now[13:]}"})
            expect(page.get_by_test_id("long-service")).to_be_visible(timeout=40_000)
            press(page, "still-serving")
            expect(page.get_by_test_id("long-service")).to_have_count(0)
            expect(page.get_by_test_id("primary")).to_have_attribute("data-action", "finish")


@pytest.mark.parametrize(
    ("language", "counter"), [("ar", "insurance-3"), ("fr", "education-1"), ("zgh", "health-2"), ("en", "bank-3")]
)
# size: one counter through all of its states
def test_every_state_of_the_tablet_is_accessible(
    shared_demo: DemoServer, browser: Browser, language: str, counter: str
) -> None:
    """axe-core finds nothing in any state or sheet, in any language, and nothing leaves the screen."""
    service = counter.rpartition("-")[0]
    found: list[str] = []

    def look(page: Page, state: str) -> None:
        found.extend(f"{state}: {problem}" for problem in axe.violations(page))
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append(f"{state}: wider than the screen")

    for _ in range(2):
        visitor(shared_demo, service)
    late = visitor(shared_demo, service)
    with tablet(browser, shared_demo, counter) as page:
        press(page, f"signin-lang-{language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        look(page, "signin")
        sign_in(page, opened=False)
        look(page, "closed")
        press(page, "primary")
        becomes(page, "open")
        settled(page)
        look(page, "open")
        press(page, "type-number")
        look(page, "typed")
        page.get_by_test_id("number-input").fill(str(late["number"]))
        press(page, "number-go")
        expect(page.get_by_test_id("arrival-go")).to_be_visible()
        look(page, "arrival")
        press(page, "sheet-close")
        press(page, "primary")
        becomes(page, "called")
        settled(page)
        look(page, "called")
        for sheet in ("transfer", "add-service", "notes", "menu"):
            press(page, sheet)
            expect(page.locator("#sheet[open]")).to_be_visible()
            look(page, sheet)
            press(page, "sheet-close")
        press(page, "primary")
        becomes(page, "serving")
        settled(page)
        look(page, "serving")
        for sheet in ("refer", "incomplete"):
            press(page, sheet)
            look(page, sheet)
            press(page, "sheet-close")
        page.context.set_offline(True)
        press(page, "park")
        expect(page.get_by_test_id("waiting-for-server")).to_be_visible()
        look(page, "no network")
        page.context.set_offline(False)
        becomes(page, "open", 15_000)
        settled(page)
        press(page, "menu")
        press(page, "pause-meal")
        becomes(page, "paused")
        settled(page)
        look(page, "paused")
    assert found == []
