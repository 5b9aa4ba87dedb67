"""Nobody ever sees what belongs to another: cards shown in the middle of anything, walking away, back, reload."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from tests.screens.kiosk_pages import PORTRAIT, in_state, key_strokes, opened
from tests.screens.kiosk_server import KioskServer, People

# From the end of a scan on it writes down all that the page ever holds: words, numbers, what is only spoken, the title.
WATCH = """() => {
  window.seen = new Set();
  window.numbers = new Set();
  const look = () => {
    window.seen.add([document.body.textContent, document.title,
      ...[...document.querySelectorAll("[aria-label], img")].map((one) => one.ariaLabel ?? one.alt)].join(" "));
    window.numbers.add(document.querySelector("[data-testid=number]")?.textContent ?? "");
  };
  const ended = ({ code }) => {
    if (code !== "Enter") return;
    removeEventListener("keyup", ended, true);
    look();
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  };
  addEventListener("keyup", ended, true);
}"""


@pytest.fixture(scope="module")
def members() -> int:
    """Cards for all these people."""
    return 1300


@pytest.fixture(scope="module")
def context(browser: Browser, server: KioskServer, paired: Any) -> Iterator[BrowserContext]:
    """A browser paired as kiosk K1."""
    made = browser.new_context(storage_state=paired, viewport={"width": PORTRAIT[0], "height": PORTRAIT[1]})
    yield made
    made.close()


@pytest.fixture
def kiosk(context: BrowserContext, server: KioskServer) -> Iterator[Page]:
    """The kiosk's page, nobody there."""
    yield from opened(context, server)


class Holding:
    """Lets the page's requests through, but holds answers back while it is told to."""

    def __init__(self, page: Page) -> None:
        self.hold = False
        self.held: list[tuple[Route, Any]] = []
        self.names: set[str] = set()
        """Every name that came with an answer so far."""
        page.route("**/api/v1/scans", self._pass)
        page.route("**/api/v1/visits/**", self._pass)

    def _pass(self, route: Route) -> None:
        answer = route.fetch()
        member = answer.json().get("member") or {}
        for person in (member, *(member.get("party") or ())):
            self.names |= set((person.get("display_name") or {}).values())
        if self.hold:
            self.held.append((route, answer))
        else:
            route.fulfill(response=answer)

    def let_go(self) -> None:
        """Hand over what was held back; the page may have given up waiting for it."""
        self.hold = False
        for route, answer in self.held:
            route.fulfill(response=answer)
        self.held = []


def to_services(page: Page) -> None:
    """Wait for the tiles, past the greeting or the family."""
    in_state(page, "greeting", "company", "services")
    if page.get_attribute("body", "data-state") != "services":
        page.click("[data-testid=continue]")
    in_state(page, "services")


STATES = (
    "scan under way",
    "greeting",
    "family",
    "services",
    "choice under way",
    "result",
    "returning",
    "reprint under way",
    "change under way",
    "refused",
)


def bring_to(page: Page, state: str, holding: Holding, people: People, server: KioskServer) -> None:
    """Let the first visitor come as far as a state."""
    if state == "refused":
        key_strokes(page, server.cases["revoked_card"])
        in_state(page, "refused")
        return
    card = people.family() if state == "family" else people.alone()
    if state == "scan under way":
        holding.hold = True
    key_strokes(page, card)
    if state == "scan under way":
        in_state(page, "waiting")
        return
    if state == "greeting":
        in_state(page, state)
        return
    if state == "family":
        in_state(page, "company")
        page.click("[data-testid=my-family]")
        in_state(page, state)
        return
    to_services(page)
    page.click("[data-service=bank]")
    if state == "services":
        return
    holding.hold = state == "choice under way"
    page.click("[data-testid=confirm]")
    if state == "choice under way":
        expect(page.locator("[data-testid=confirm]")).to_be_disabled()
        return
    in_state(page, "result")
    if state == "result":
        return
    page.click("[data-testid=done]")
    in_state(page, "attract")
    key_strokes(page, card)
    in_state(page, "returning")
    if state == "reprint under way":
        holding.hold = True
        page.click("[data-testid=reprint]")
        expect(page.locator("[data-testid=reprint]")).to_be_disabled()
    elif state == "change under way":
        page.click("[data-testid=change]")
        in_state(page, "services")
        page.click("[data-service=health]")
        holding.hold = True
        page.click("[data-testid=confirm]")
        expect(page.locator("[data-testid=confirm]")).to_be_disabled()


@pytest.mark.parametrize("state", STATES)
def test_a_card_shown_in_the_middle_of_anothers_visit_shows_nothing_of_it(
    kiosk: Page, people: People, server: KioskServer, state: str
) -> None:
    """From its last key stroke on no name and no number of the first is on the page, whatever answers come late."""
    holding = Holding(kiosk)
    bring_to(kiosk, state, holding, people, server)
    first, holding.names = holding.names, set()
    number = kiosk.locator("[data-testid=number]")
    first_number = number.inner_text() if number.count() else None
    while state.endswith("under way") and not holding.held:
        kiosk.wait_for_timeout(20)
    holding.hold = False

    second = people.alone()
    kiosk.evaluate(WATCH)
    key_strokes(kiosk, second)
    in_state(kiosk, "greeting")
    holding.let_go()
    to_services(kiosk)
    expect(kiosk.locator("[data-service][aria-pressed=true]")).to_have_count(0)
    kiosk.click("[data-service=insurance]")
    kiosk.click("[data-testid=confirm]")
    in_state(kiosk, "result")
    expect(kiosk.locator("[data-step]")).to_have_count(1)
    assert number.inner_text() in kiosk.evaluate("() => [...window.numbers]")
    assert first_number not in kiosk.evaluate("() => [...window.numbers]")

    seen = kiosk.evaluate("() => [...window.seen]")
    assert holding.names and not holding.names & first
    assert any(name in text for name in holding.names for text in seen), "the watcher sees what is on the screen"
    assert [name for name in first for text in seen if name in text] == []


def kept(page: Page) -> dict[str, Any]:
    """Return all that a page can leave in a browser."""
    found: dict[str, Any] = page.evaluate(
        """async () => ({ local: {...localStorage}, session: {...sessionStorage}, state: history.state,
        databases: await indexedDB.databases(), caches: await caches.keys(), address: location.href,
        title: document.title, name: window.name, cookies: document.cookie,
        workers: (await navigator.serviceWorker.getRegistrations()).length,
        referrer: document.referrer, fields: document.querySelectorAll("input").length })"""
    )
    return found


def test_a_visit_leaves_nothing_in_the_browser(kiosk: Page, people: People, server: KioskServer) -> None:
    """After a family's whole visit and a typed code the browser holds its pairing, as before, and nothing else."""
    before = kept(kiosk)
    history = kiosk.evaluate("history.length")
    holding = Holding(kiosk)
    key_strokes(kiosk, people.family())
    to_services(kiosk)
    kiosk.click("[data-service=bank]")
    kiosk.click("[data-testid=confirm]")
    in_state(kiosk, "result")
    kiosk.click("[data-testid=done]")
    in_state(kiosk, "attract")
    card = people.alone("fr")
    kiosk.click("[data-testid=open-keypad]")
    kiosk.fill("[data-testid=code-input]", card)
    kiosk.click("[data-testid=send-code]")
    in_state(kiosk, "greeting", "services")
    kiosk.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    in_state(kiosk, "attract")
    assert kept(kiosk) == before
    assert before == {
        "local": {},
        "session": {},
        "databases": [],
        "caches": [],
        "name": "",
        "cookies": "",
        "address": f"{server.address}/kiosk/K1",
        "title": "Riwaq",
        "state": None,
        "workers": 0,
        "referrer": before["referrer"],
        "fields": 0,
    }
    assert before["referrer"] in ("", f"{server.address}/")
    assert kiosk.evaluate("history.length") == history
    left = kiosk.content()
    assert holding.names and not [name for name in (*holding.names, card) if name in left]
    expect(kiosk.locator("[data-testid=number]")).to_have_count(0)
    cookies = kiosk.context.cookies()
    assert [cookie["name"].startswith("riwaq_d_") for cookie in cookies] == [True]
    assert cookies[0]["httpOnly"]


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_back_forward_and_reload_show_the_kiosk_and_nobody(
    kiosk: Page, people: People, server: KioskServer, language: str
) -> None:
    """Back and forward lead nowhere; a page that was left and comes back, kept by the browser or not, knows nobody."""
    holding = Holding(kiosk)
    key_strokes(kiosk, people.alone(language))
    to_services(kiosk)
    for step in ("back", "back", "forward", "back"):
        kiosk.evaluate(f"history.{step}()")
        kiosk.wait_for_timeout(150)
        assert kiosk.url == f"{server.address}/kiosk/K1"
        in_state(kiosk, "services")
    kiosk.reload()
    in_state(kiosk, "attract")
    key_strokes(kiosk, people.alone(language))
    to_services(kiosk)
    kiosk.goto(f"{server.address}/readyz")
    kiosk.go_back()
    in_state(kiosk, "attract")
    left = kiosk.content()
    assert holding.names and not [name for name in holding.names if name in left]


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_two_taps_on_anything_do_it_once(kiosk: Page, people: People, language: str) -> None:
    """A number, a second paper: one command each, however the finger trembles; a card read twice is one scan."""
    sent: list[tuple[str, str]] = []

    def keep(request: Request) -> None:
        if request.method != "GET":
            sent.append((request.method, request.url.rpartition("/")[2]))

    kiosk.on("request", keep)
    twice = "node => { node.click(); node.click(); }"
    card = people.alone(language)
    key_strokes(kiosk, card)
    key_strokes(kiosk, card)
    to_services(kiosk)
    kiosk.click("[data-service=bank]")
    kiosk.locator("[data-testid=confirm]").evaluate(twice)
    in_state(kiosk, "result")
    mine = kiosk.inner_text("[data-testid=number]")
    kiosk.locator("[data-testid=done]").evaluate(twice)
    in_state(kiosk, "attract")
    key_strokes(kiosk, card)
    in_state(kiosk, "returning")
    kiosk.locator("[data-testid=reprint]").evaluate(twice)
    in_state(kiosk, "result")
    assert kiosk.inner_text("[data-testid=number]") == mine
    assert sent == [("POST", "scans"), ("PUT", "services"), ("POST", "scans"), ("POST", "reprint")]


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_keypad_left_open_is_cleared_after_a_warning(
    context: BrowserContext, server: KioskServer, language: str
) -> None:
    """What was typed is personal too: warned at 30 s, gone at 45 s, with the language that was chosen."""
    words = {"ar": "هل تحتاجون إلى مزيد من الوقت؟", "fr": "Avez-vous besoin de plus de temps"}[language]
    for page in opened(context, server):
        page.clock.install()
        page.reload()
        in_state(page, "attract")
        page.click(f"[data-language={language}]")
        page.click("[data-testid=open-keypad]")
        page.fill("[data-testid=code-input]", "CBCDFGH")
        page.clock.fast_forward(29_000)
        expect(page.locator("dialog#idle[open]")).to_have_count(0)
        page.clock.fast_forward(2_000)
        expect(page.locator("dialog#idle[open]")).to_contain_text(words)
        page.click("[data-testid=more-time]")
        expect(page.locator("dialog#idle[open]")).to_have_count(0)
        assert page.input_value("[data-testid=code-input]") == "C BCDF GH"
        page.clock.fast_forward(31_000)
        expect(page.locator("dialog#idle[open]")).to_be_visible()
        page.clock.fast_forward(16_000)
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(page.locator("html")).to_have_attribute("lang", "ar")
        expect(page.locator("input")).to_have_count(0)
