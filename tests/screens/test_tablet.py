"""The counter's tablet in a real Chromium, on a real server."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.screens.booths import screen, visitor
from tests.support.server import DemoServer

PIN = "2580"


@contextmanager
def tablet(browser: Browser, server: DemoServer, counter: str) -> Iterator[Page]:
    """The tablet of a counter, nobody signed in."""
    with screen(browser, server, "counter", counter, 1280, 800) as page:
        becomes(page, "signin")
        yield page


def becomes(page: Page, state: str, timeout: float = 8000) -> None:
    """Wait until the tablet is in `state`."""
    expect(page.locator("body")).to_have_attribute("data-state", state, timeout=timeout)


def enter_pin(page: Page, pin: str = PIN) -> None:
    """Type a PIN on the keys and send it."""
    for digit in pin:
        page.get_by_test_id(f"pin-key-{digit}").click()
    page.get_by_test_id("signin").click()


def sign_in(page: Page, *, opened: bool = True) -> None:
    """Sign Nadia in and open the counter."""
    page.get_by_test_id("staff").fill("Nadia")
    enter_pin(page)
    becomes(page, "closed")
    if opened:
        press(page, "primary")
        becomes(page, "open")


def press(page: Page, button: str) -> None:
    """Press a button once it may be pressed."""
    page.get_by_test_id(button).click()


def standing(server: DemoServer, counter: str) -> dict[str, object]:
    """How the counter stands on the server."""
    data: dict[str, object] = server.client("counter", counter).get(f"/counters/{counter}/snapshot")["data"]
    return data


def commands(page: Page) -> list[Request]:
    """Collect the commands that the tablet sends to its counter from now on."""
    sent: list[Request] = []
    page.on(
        "request",
        lambda request: sent.append(request) if request.method == "POST" and "/counters/" in request.url else None,
    )
    return sent


def test_a_wrong_pin_says_how_many_attempts_are_left(shared_demo: DemoServer, browser: Browser) -> None:
    """A wrong PIN is said in words with the attempts left, and the PIN is forgotten."""
    with tablet(browser, shared_demo, "reception-1") as page:
        page.get_by_test_id("staff").fill("Somebody Else")
        enter_pin(page, "0000")
        expect(page.get_by_test_id("signin-trouble")).to_contain_text("4")
        expect(page.locator(".pin i.on")).to_have_count(0)
        sign_in(page, opened=False)


def test_too_many_wrong_pins_lock_and_say_for_how_long(shared_demo: DemoServer, browser: Browser) -> None:
    """After five wrong PINs the keys are off and the time left runs down on the screen."""
    with tablet(browser, shared_demo, "reception-2") as page:
        page.get_by_test_id("staff").fill("Nobody At All")
        for _ in range(4):
            enter_pin(page, "1111")
            expect(page.locator(".pin i.on")).to_have_count(0)
            expect(page.get_by_test_id("pin-key-1")).to_be_enabled()
        enter_pin(page, "1111")
        expect(page.get_by_test_id("pin-key-1")).to_be_disabled()
        told = page.get_by_test_id("signin-trouble")
        expect(told).to_contain_text(re.compile(r"0:[1-5]\d"))
        before = told.inner_text()
        expect(told).not_to_have_text(before)


def test_one_large_button_leads_through_the_service(shared_demo: DemoServer, browser: Browser) -> None:
    """Open, next, start, finish: always the same button, and the screen says who is here and why."""
    visit = visitor(shared_demo, "bank", "health")
    with tablet(browser, shared_demo, "bank-1") as page:
        sign_in(page)
        press(page, "primary")
        becomes(page, "called")
        expect(page.get_by_test_id("number")).to_have_text(str(visit["number"]))
        assert page.get_by_test_id("number").evaluate("node => parseFloat(getComputedStyle(node).fontSize)") >= 95
        expect(page.get_by_test_id("why")).not_to_be_empty()
        expect(page.get_by_test_id("patience")).to_contain_text(re.compile("[45]"))
        expect(page.locator(".stop")).to_have_count(2)
        press(page, "primary")
        becomes(page, "serving")
        expect(page.get_by_test_id("patience")).to_have_count(0)
        expect(page.get_by_test_id("timer")).to_have_text(re.compile(r"^0:(0[2-9]|[1-5]\d)$"))
        press(page, "primary")
        becomes(page, "open")
        steps = {step["service"]: step["state"] for step in kiosk_visit(shared_demo, visit["id"])["steps"]}
        assert steps == {"bank": "served", "health": "waiting"}


def kiosk_visit(server: DemoServer, visit: str) -> dict[str, list[dict[str, str]]]:
    """A visit as the kiosk sees it."""
    found: dict[str, list[dict[str, str]]] = server.client("kiosk", "K1").get(f"/visits/{visit}")
    return found


def test_next_with_nobody_waiting_says_so(shared_demo: DemoServer, browser: Browser) -> None:
    """Nobody to call is an answer, not an error: the counter stays open and the screen says it."""
    with tablet(browser, shared_demo, "education-1") as page:
        sign_in(page)
        press(page, "primary")
        expect(page.get_by_test_id("nobody")).to_be_visible()
        becomes(page, "open")
        expect(page.get_by_test_id("primary")).to_be_enabled()


def test_next_says_when_the_next_visitor_is_expected(shared_demo: DemoServer, browser: Browser) -> None:
    """Who waits for this counter and is at another one now is expected at a time that is said."""
    visit = visitor(shared_demo, "real-estate", "telecoms")
    other = shared_demo.counter("telecoms-1")
    assert other.command("/counters/telecoms-1/call-next")["visit"]["number"] == visit["number"]
    with tablet(browser, shared_demo, "real-estate-1") as page:
        sign_in(page)
        press(page, "primary")
        expect(page.get_by_test_id("nobody")).to_contain_text(":")
        expect(page.locator(".waiter-away")).to_have_count(1)


def test_a_double_tap_on_next_calls_one_visitor_and_starts_nothing(shared_demo: DemoServer, browser: Browser) -> None:
    """The second tap of a finger means nothing: one command, one visitor, not started."""
    visitor(shared_demo, "insurance")
    visitor(shared_demo, "insurance")
    with tablet(browser, shared_demo, "insurance-1") as page:
        sign_in(page)
        page.wait_for_timeout(700)
        sent = commands(page)
        box = page.get_by_test_id("primary").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        begun = time.monotonic()
        while time.monotonic() - begun < 0.35:  # however slow the machine: what comes later is meant
            page.mouse.click(x, y)
            page.wait_for_timeout(70)
        becomes(page, "called")
        page.wait_for_timeout(1000)
        becomes(page, "called")
        assert [request.url.rsplit("/", 1)[1] for request in sent] == ["call-next"]


def test_an_action_without_network_is_kept_and_done_once(shared_demo: DemoServer, browser: Browser) -> None:
    """The tablet says that the server doesn't answer, and sends the same command until it does."""
    visitor(shared_demo, "health")
    visitor(shared_demo, "health")
    with tablet(browser, shared_demo, "health-1") as page:
        sign_in(page)
        sent = commands(page)
        before = standing(shared_demo, "health-1")["waiting"]
        assert isinstance(before, int)
        page.context.set_offline(True)
        press(page, "primary")
        expect(page.get_by_test_id("waiting-for-server")).to_be_visible()
        expect(page.get_by_test_id("primary")).to_be_disabled()
        page.wait_for_timeout(1500)
        page.context.set_offline(False)
        becomes(page, "called", 15_000)
        expect(page.get_by_test_id("waiting-for-server")).to_have_count(0)
        assert len(sent) > 1
        assert len({json.loads(request.post_data or "")["command_id"] for request in sent}) == 1
        assert standing(shared_demo, "health-1")["waiting"] == before - 1


def test_a_lost_answer_does_not_do_the_action_twice(shared_demo: DemoServer, browser: Browser) -> None:
    """The server did it and the answer was lost on the way: sent again, it is the same call."""
    first = visitor(shared_demo, "social")
    visitor(shared_demo, "social")
    with tablet(browser, shared_demo, "social-1") as page:
        sign_in(page)
        lost: list[str] = []

        def lose_the_first(route: Route) -> None:
            if not lost:
                lost.append(route.fetch().text())
                route.abort()
            else:
                route.continue_()

        page.route("**/call-next", lose_the_first)
        press(page, "primary")
        becomes(page, "called")
        expect(page.get_by_test_id("primary")).to_be_enabled()
        expect(page.get_by_test_id("number")).to_have_text(str(first["number"]))
        assert json.loads(lost[0])["outcome"] == "called"
        assert standing(shared_demo, "social-1")["waiting"] == 1


def test_an_ended_session_asks_for_the_pin_and_goes_on_with_the_action(
    shared_demo: DemoServer, browser: Browser
) -> None:
    """401 in the middle of work: PIN, and what was pressed is done, with the command it was."""
    visit = visitor(shared_demo, "bank")
    with tablet(browser, shared_demo, "bank-2") as page:
        sign_in(page)
        device = page.locator("meta[name=riwaq-device]").get_attribute("content")
        sent = commands(page)
        ended = page.evaluate(
            """device => fetch("/api/v1/session", { method: "DELETE", headers: { "X-Riwaq-Device": device } })
            .then((answer) => answer.ok)""",
            device,
        )
        assert ended
        press(page, "primary")
        becomes(page, "signin")
        expect(page.get_by_test_id("staff")).to_have_value("Nadia")
        enter_pin(page)
        becomes(page, "called")
        expect(page.get_by_test_id("number")).to_have_text(str(visit["number"]))
        assert len({json.loads(request.post_data or "")["command_id"] for request in sent}) == 1


def test_a_reload_in_the_middle_of_a_service_comes_back_to_it(shared_demo: DemoServer, browser: Browser) -> None:
    """The state is the server's: a reloaded tablet shows the visitor, without asking for the PIN again."""
    visit = visitor(shared_demo, "bank")
    with tablet(browser, shared_demo, "bank-3") as page:
        sign_in(page)
        press(page, "primary")
        becomes(page, "called")
        press(page, "primary")
        becomes(page, "serving")
        page.reload()
        becomes(page, "serving")
        expect(page.get_by_test_id("number")).to_have_text(str(visit["number"]))


def test_a_recall_is_counted_and_a_no_show_frees_the_counter(shared_demo: DemoServer, browser: Browser) -> None:
    """Recall keeps the visitor called; no-show, far from the large button, makes room for the next."""
    visitor(shared_demo, "enrolment")
    with tablet(browser, shared_demo, "enrolment-1") as page:
        sign_in(page)
        press(page, "primary")
        becomes(page, "called")
        press(page, "recall")
        expect(page.get_by_test_id("recalls")).to_contain_text("مرة واحدة")
        becomes(page, "called")
        beside = page.get_by_test_id("primary").bounding_box()
        far = page.get_by_test_id("no-show").bounding_box()
        assert beside is not None
        assert far is not None
        assert abs(far["x"] - beside["x"]) > 640
        press(page, "no-show")
        becomes(page, "open")


def test_a_referral_goes_to_the_office_that_was_chosen(shared_demo: DemoServer, browser: Browser) -> None:
    """Refer: choose an office, say about what, finish; nothing is sent before an office is chosen."""
    visit = visitor(shared_demo, "enrolment")
    with tablet(browser, shared_demo, "enrolment-2") as page:
        sign_in(page)
        press(page, "primary")
        becomes(page, "called")
        press(page, "primary")
        becomes(page, "serving")
        press(page, "refer")
        offices = page.locator(".office")
        expect(offices).to_have_count(len(shared_demo.client("counter", "enrolment-2").get("/venue")["offices"]))
        expect(page.get_by_test_id("refer-finish")).to_be_disabled()
        expect(page.get_by_test_id("refer-finish")).to_be_in_viewport(ratio=1)
        offices.nth(2).click()
        office = page.locator(".office input:checked").get_attribute("value")
        page.get_by_test_id("referral-subject").fill("سكن")
        with page.expect_request("**/finish") as request:
            press(page, "refer-finish")
        body = json.loads(request.value.post_data or "")
        assert (body["outcome"], body["referral"]) == ("referred", {"office": office, "subject": "سكن"})
        becomes(page, "open")
        assert kiosk_visit(shared_demo, visit["id"])["steps"][0]["state"] == "served"


def test_incomplete_keeps_what_is_missing(shared_demo: DemoServer, browser: Browser) -> None:
    """Incomplete: say what is missing, finish."""
    visitor(shared_demo, "enrolment")
    with tablet(browser, shared_demo, "enrolment-3") as page:
        sign_in(page)
        press(page, "primary")
        becomes(page, "called")
        press(page, "primary")
        becomes(page, "serving")
        press(page, "incomplete")
        page.get_by_test_id("incomplete-note").fill("attestation")
        with page.expect_request("**/finish") as request:
            press(page, "incomplete-finish")
        body = json.loads(request.value.post_data or "")
        assert (body["outcome"], body["note"]) == ("incomplete", "attestation")
        becomes(page, "open")


def test_break_and_closing_stand_in_the_menu_and_wait_for_the_visitor(
    shared_demo: DemoServer, browser: Browser
) -> None:
    """Break and closing are out of the way, off while somebody is called, and can be ended."""
    visitor(shared_demo, "telecoms")
    with tablet(browser, shared_demo, "telecoms-2") as page:
        sign_in(page)
        press(page, "menu")
        press(page, "pause")
        becomes(page, "paused")
        press(page, "primary")
        becomes(page, "open")
        press(page, "primary")
        becomes(page, "called")
        press(page, "menu")
        expect(page.get_by_test_id("close")).to_be_disabled()
        press(page, "sheet-close")
        press(page, "no-show")
        becomes(page, "open")
        press(page, "menu")
        press(page, "close")
        becomes(page, "closed")


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr"), ("zgh", "ltr"), ("en", "ltr")])
def test_the_tablet_changes_its_language_at_once_and_keeps_it(
    shared_demo: DemoServer, browser: Browser, language: str, direction: str
) -> None:
    """Names, direction and `lang` follow the choice, also after a reload; nothing leaves the screen."""
    with tablet(browser, shared_demo, "reception-2" if language == "ar" else "real-estate-2") as page:
        press(page, f"signin-lang-{language}")
        root = page.locator("html")
        expect(root).to_have_attribute("lang", language)
        expect(root).to_have_attribute("dir", direction)
        page.reload()
        expect(root).to_have_attribute("lang", language)
        becomes(page, "signin")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        key = page.get_by_test_id("pin-key-1").bounding_box()
        last = page.get_by_test_id("pin-key-3").bounding_box()
        assert key is not None
        assert last is not None
        assert key["x"] < last["x"], "a keypad reads 1 2 3 in every language"


def test_who_belongs_to_a_family_that_split_up_is_said_in_numbers(shared_demo: DemoServer, browser: Browser) -> None:
    """The clerk sees the other part's number and where it is; a name stands nowhere."""
    kiosk = shared_demo.client("kiosk", "K1")
    families = Counter(card["family"] for card in shared_demo.cards())
    for card in shared_demo.cards():
        if card["category"] != "active" or families[card["family"]] < 2:
            continue
        scanned = kiosk.scan(card["code"])
        others = [one for one in (scanned["member"] or {"party": []})["party"] if not one["self"]]
        if scanned["outcome"] == "admitted" and not any(one["elsewhere"] for one in others):
            break
    group = {"party": [others[0]["id"]], "services": ["health"]}
    visit, party = scanned["visit"]["id"], [card["member"]]
    wrong = kiosk.raw(
        "PUT",
        f"/visits/{visit}/services",
        {
            "command_id": str(uuid.uuid4()),
            "services": ["reception"],
            "party": party,
            "keep_together": True,
            "apart": [group],
        },
    )
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_request")
    mine = kiosk.choose(visit, "reception", party=party, keep_together=False, apart=[group])
    with tablet(browser, shared_demo, "reception-1") as page:
        sign_in(page)
        press(page, "primary")
        becomes(page, "called")
        expect(page.get_by_test_id("number")).to_have_text(str(mine["number"]))
        family = page.get_by_test_id("family")
        expect(family).to_have_count(1)
        expect(family).to_contain_text(str(mine["family"][0]["number"]))
        names = [name for one in others for name in one["display_name"].values()]
        assert not [name for name in names if name in page.content()]
        press(page, "primary")
        becomes(page, "serving")
        press(page, "primary")
        becomes(page, "open")
