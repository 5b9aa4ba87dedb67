"""A walk through every state of the kiosk on one page, for what must hold in each of them: access, room, pictures.

Real visitors on a real demo server: one who has just arrived with the family, one who has been served, put aside and
missed a call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from playwright.sync_api import Browser, Page, expect

from tests.support.server import Client, DemoServer

LANGUAGES = ("ar", "fr", "zgh", "en")
STATES = (
    "attract",
    "keypad",
    "access",
    "greeting",
    "idle",
    "company",
    "family",
    "services",
    "offers",
    "route",
    "result",
    "returning",
    "hold",
    "held",
    "leave",
    "missed",
    "rate",
    "themes",
    "write",
    "write-tifinagh",
    "thanks",
    "left",
    "ticket",
    "card",
    "apart",
    "numbers",
    "relatives",
    "refused",
    "waiting",
)
"""Its stops, in this order. Four are `returning` in other conditions: `missed` with stops to bring back, `held` while
the place is kept, `ticket` where a ticket was shown and no card, `relatives` of a family that has split up."""


def in_state(page: Page, name: str) -> None:
    """Wait until the kiosk is in a state."""
    expect(page.locator("body")).to_have_attribute("data-state", name, timeout=40_000)


def show(page: Page, code: str) -> None:
    """Show a card: a wedge scanner is a keyboard whose keys come at once."""
    page.evaluate(
        """(keys) => { for (const code of keys) (document.activeElement ?? document.body).dispatchEvent(
             new KeyboardEvent("keydown", { code, key: code, bubbles: true, cancelable: true })); }""",
        [*(f"Key{letter}" for letter in code), "Enter"],
    )


def press(page: Page, testid: str) -> None:
    """Press a button by its test id."""
    page.click(f"[data-testid={testid}]")


def tick(page: Page, code: str, relatives: int) -> list[str]:
    """Show a family's card and tick so many relatives; return the ids of the members who are here."""
    show(page, code)
    in_state(page, "company")
    press(page, "my-family")
    in_state(page, "family")
    others = page.locator("[data-member][aria-pressed=false]:not([disabled])")
    ids: list[str] = others.evaluate_all("all => all.map((one) => one.dataset.member)")
    for member in ids[:relatives]:
        page.click(f"[data-member={member}]")
    pressed = page.locator("[data-member][aria-pressed=true]")
    expect(pressed).to_have_count(relatives + 1)
    members: list[str] = pressed.evaluate_all("all => all.map((one) => one.dataset.member)")
    return members


@dataclass
class Hall:
    """A demo server with a virtual clock and a few open counters, and cards nobody has used."""

    server: DemoServer
    used: set[str] = field(default_factory=set)
    kiosk: Client = field(init=False)
    desk: Client = field(init=False)
    counters: dict[str, Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Speak as a kiosk; open two counters."""
        self.kiosk, self.desk = self.server.client("kiosk", "K2"), self.server.client("welcome", "desk")
        self.used = set(self.server.cases().values())
        self.rows = self.server.cards()
        sizes: dict[str, int] = {}
        for row in self.rows:
            sizes[row["family"]] = sizes.get(row["family"], 0) + 1
        self._sizes = sizes
        for counter in ("bank-1", "health-1", "telecoms-1"):
            self.counters[counter] = self.server.counter(counter)

    def card(self, locale: str = "ar", *, family: bool | None = False) -> str:
        """Return the card of an active member who has not come yet: alone, of a family (True), or either (None)."""
        for row in self.rows:
            size = self._sizes[row["family"]]
            fits = family is None or (size > 2 if family else size == 1)
            if row["code"] in self.used or (row["locale"], row["category"]) != (locale, "active") or not fits:
                continue
            self.used.add(row["code"])
            # Needs are said at the desk only.
            answer = self.desk.scan(row["code"]) if not family else None
            if answer is None or (answer["outcome"] == "admitted" and not answer["member"]["needs"]):
                return row["code"]
        raise AssertionError(f"no card left for {locale}")

    def experienced(self, locale: str = "ar") -> str:
        """Return the card of a visitor whom the bank has served, health has put aside and telecoms called in vain."""
        card = self.card(locale, family=None)
        visit = self.kiosk.scan(card)["visit"]["id"]
        self.kiosk.choose(visit, "bank", "health", "telecoms", "insurance")
        acts = {"bank-1": ("start", "finish"), "health-1": ("park",), "telecoms-1": ("no-show",)}
        want = {"bank": "served", "health": "parked", "telecoms": "no_show", "insurance": "waiting"}
        for _ in range(12):
            if self.states(visit) == want:
                return card
            for counter, actions in acts.items():
                if self.states(visit)[counter.partition("-")[0]] in ("waiting", "headed"):
                    self._next(counter, visit, actions)
            # A missed call gives the visit a rest.
            self.later(4)
        raise AssertionError(f"{self.states(visit)} is not {want}")

    def call(self, visit: str, counter: str) -> None:
        """Let a counter call this visit; who stands before it is served."""
        for _ in range(12):
            if self._next(counter, visit, ()):
                return
            self.later(2)
        raise AssertionError(f"{counter} never called {visit}")

    def states(self, visit: str) -> dict[str, str]:
        """Return the states of a visit's steps by service."""
        return {step["service"]: step["state"] for step in self.kiosk.get(f"/visits/{visit}")["steps"]}

    def _next(self, counter: str, visit: str, actions: tuple[str, ...]) -> bool:
        client = self.counters[counter]
        called = client.command(f"/counters/{counter}/call-next")
        if called["outcome"] != "called":
            return False
        mine = called["visit"]["id"] == visit
        for action in actions if mine else ("start", "finish"):
            client.command(f"/counters/{counter}/{action}")
        return bool(mine)

    def later(self, minutes: int) -> None:
        """Let some minutes pass on the server's virtual clock."""
        now = datetime.fromisoformat(self.kiosk.get("/services")["now"])
        self.kiosk.post("/clock", {"now": (now + timedelta(minutes=minutes)).isoformat()})


def opened(browser: Browser, server: DemoServer, size: tuple[int, int] = (1080, 1920)) -> Page:
    """Open a kiosk in a browser of its own; close `page.context` afterwards."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, has_touch=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(server.link("kiosk", "K1"))
    page.wait_for_url("**/kiosk/K1")
    in_state(page, "attract")
    expect(page.locator(".hall-waits li, .hall-news").first).to_be_visible(timeout=40_000)
    return page


# size: one tour, screen after screen
def tour(page: Page, hall: Hall, language: str = "ar") -> Iterator[str]:
    """Go through `STATES`, stopping at each; the page is in it while the caller looks.

    The caller may switch language, mode and size at any stop: none of it loses the state.
    """
    page.click(f"[data-language={language}]")
    yield "attract"
    press(page, "open-keypad")
    yield "keypad"
    press(page, "close-keypad")
    press(page, "access")
    yield "access"
    press(page, "close-access")

    single = hall.card(language)
    # It goes on by itself after a moment, which is not started here.
    page.evaluate(
        """async () => {
          const { STATES } = await import("/static/kiosk/states.js");
          const later = window.setTimeout;
          window.setTimeout = (run, ms) => (ms === STATES.greeting.passes ? 0 : later(run, ms));
        }"""
    )
    show(page, single)
    in_state(page, "greeting")
    yield "greeting"
    # Half a minute later, and then time stands still for the warning.
    page.evaluate("() => { const at = performance.now() + 31_000; performance.now = () => at; }")
    expect(page.locator("dialog#idle[open]")).to_be_visible()
    yield "idle"
    page.evaluate("() => { delete performance.now; }")
    page.click("[data-testid=finish]")

    family = hall.card(language, family=True)
    show(page, family)
    in_state(page, "company")
    yield "company"
    press(page, "my-family")
    in_state(page, "family")
    yield "family"
    press(page, "continue")
    in_state(page, "services")
    for service in ("bank", "health", "insurance"):
        page.click(f"[data-service={service}]")
    yield "services"
    page.click("[data-offers=bank]")
    yield "offers"
    press(page, "close-offers")
    press(page, "confirm")
    in_state(page, "route")
    yield "route"
    press(page, "take-number")
    in_state(page, "result")
    expect(page.locator("[data-testid=ticket]")).to_have_attribute("data-ticket", "printed", timeout=20_000)
    yield "result"
    press(page, "done")
    show(page, family)
    in_state(page, "returning")
    yield "returning"
    ticket = hall.desk.scan(family)["visit"]["id"]
    press(page, "hold")
    in_state(page, "hold")
    yield "hold"
    page.click("[data-minutes='20']")
    in_state(page, "returning")
    yield "held"
    press(page, "resume")
    expect(page.locator("[data-testid=hold]")).to_be_visible()
    press(page, "leave")
    in_state(page, "leave")
    yield "leave"
    press(page, "back")
    in_state(page, "returning")

    show(page, hall.experienced(language))
    in_state(page, "returning")
    yield "missed"
    press(page, "opinion")
    in_state(page, "rate")
    page.click("[data-rate=bank][data-score='4']")
    yield "rate"
    press(page, "continue")
    in_state(page, "themes")
    yield "themes"
    page.click("[data-kind=proposal]")
    in_state(page, "write")
    page.click("[data-ready='1']")
    yield "write"
    page.click("[data-layout-key=tifinagh]" if language != "zgh" else "[data-layout-key=latin]")
    yield "write-tifinagh"
    press(page, "send")
    in_state(page, "thanks")
    yield "thanks"
    press(page, "back")
    in_state(page, "returning")
    press(page, "leave")
    press(page, "leave-now")
    in_state(page, "left")
    yield "left"
    press(page, "done")

    show(page, ticket)
    in_state(page, "returning")
    yield "ticket"
    press(page, "change")
    in_state(page, "card")
    yield "card"
    press(page, "back")
    press(page, "done")

    parted = hall.card(language, family=True)
    tick(page, parted, 2)
    press(page, "apart")
    in_state(page, "apart")
    yield "apart"
    press(page, "continue")
    in_state(page, "services")
    for service in ("bank", "health"):
        page.click(f"[data-service={service}]")
        press(page, "confirm")
    in_state(page, "numbers")
    expect(page.locator("[data-ticket=printed]")).to_have_count(2, timeout=20_000)
    yield "numbers"
    press(page, "done")
    show(page, parted)
    in_state(page, "returning")
    press(page, "my-family")
    yield "relatives"
    press(page, "done")

    show(page, hall.server.cases()["revoked_card"])
    in_state(page, "refused")
    yield "refused"
    press(page, "done")
    page.route(re.compile("/api/v1/scans$"), lambda route: None)
    show(page, family)
    in_state(page, "waiting")
    yield "waiting"
    page.unroute_all(behavior="ignoreErrors")
