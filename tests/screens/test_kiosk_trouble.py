"""The server goes away in the middle: nothing is lost, nothing happens twice, and people are told where to go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.screens.kiosk_pages import PORTRAIT, bodies, in_state, scan
from tests.screens.kiosk_server import KioskServer, People
from tests.support.axe import violations


@pytest.fixture
def kiosk(browser: Browser, server: KioskServer, paired: Any) -> Iterator[Page]:
    """The kiosk's page with a clock of its own, nobody there."""
    context = browser.new_context(storage_state=paired, viewport={"width": PORTRAIT[0], "height": PORTRAIT[1]})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.clock.install()
    page.goto(f"{server.address}/kiosk/K1")
    in_state(page, "attract")
    yield page
    context.close()
    assert errors == []


@contextmanager
def away(server: KioskServer) -> Iterator[None]:
    """Kill the server as a power cut would, and start it again on the same folder."""
    server.kill()
    try:
        yield
    finally:
        server.start()


def until(page: Page, *states: str) -> None:
    """Let the page's time run until it is in one of these states."""
    for _ in range(60):
        if page.get_attribute("body", "data-state") in states:
            return
        page.clock.run_for(500)
        page.wait_for_timeout(50)
    raise AssertionError(f"the kiosk is not in {states} but shows: {page.inner_text('main')}")


def to_services(page: Page) -> None:
    """Let the greeting pass."""
    until(page, "greeting", "services")
    until(page, "services")


HANDOVER = {
    "ar": ("المرجو التوجه إلى مكتب الاستقبال", "المنطقة ⁨A⁩", "اختياركم محفوظ"),
    "fr": ("Adressez-vous au bureau d’accueil", "zone A", "Votre choix est gardé"),
}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_server_that_stays_away_sends_people_to_the_welcome_desk_and_the_scan_goes_on(
    kiosk: Page, people: People, server: KioskServer, language: str
) -> None:
    """One moment; after half a minute where to go, under the zone's sign; the answer still comes, for the same scan."""
    sent = bodies(kiosk, "POST", "/scans")
    kiosk.click(f"[data-language={language}]")
    with away(server):
        scan(kiosk, people.alone(language))
        until(kiosk, "waiting")
        expect(kiosk.locator("[data-testid=handover]")).to_have_count(0)
        for _ in range(62):  # in steps, so that each attempt is refused before the next one is due
            kiosk.clock.run_for(500)
            kiosk.wait_for_timeout(10)
        handover = kiosk.locator("[data-testid=handover]")
        expect(handover).to_contain_text(HANDOVER[language][0])
        expect(kiosk.locator("[data-testid=where]")).to_contain_text(HANDOVER[language][1])
        expect(kiosk.locator("[data-testid=where] .zone-sign")).to_have_attribute("aria-label", "A")
        assert violations(kiosk) == []
        before = len(sent)
        kiosk.clock.run_for(6_000)
        kiosk.wait_for_timeout(100)
        assert len(sent) > before, "it goes on trying"
    to_services(kiosk)
    assert len({body["scan_id"] for body in sent}) == 1


def test_who_went_to_the_welcome_desk_is_not_greeted_to_the_next_one(
    kiosk: Page, people: People, server: KioskServer
) -> None:
    """The pointed way there, then the usual warning, then nobody; what the server says later is shown to no one."""
    with away(server):
        scan(kiosk, people.alone())
        until(kiosk, "waiting")
        kiosk.clock.run_for(31_000)
        expect(kiosk.locator("[data-testid=handover]")).to_be_visible()
        kiosk.clock.run_for(31_000)
        expect(kiosk.locator("dialog#idle[open]")).to_be_visible()
        kiosk.clock.run_for(16_000)
        until(kiosk, "attract")
    for _ in range(30):
        kiosk.clock.run_for(500)
        kiosk.wait_for_timeout(20)
    in_state(kiosk, "attract")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_choice_is_kept_while_the_server_is_away_and_gives_one_number(
    kiosk: Page, people: People, server: KioskServer, language: str
) -> None:
    """Killed between the tick and the answer: the same command arrives once, the number and the ticket follow."""
    card = people.alone(language)
    sent = bodies(kiosk, "PUT", "/services")
    scan(kiosk, card)
    to_services(kiosk)
    kiosk.click("[data-service=bank]")
    with away(server):
        kiosk.click("[data-testid=confirm]")
        until(kiosk, "waiting")
        kiosk.clock.run_for(31_000)
        expect(kiosk.locator("[data-testid=handover]")).to_contain_text(HANDOVER[language][2])
    until(kiosk, "result")
    number = kiosk.inner_text("[data-testid=number]")
    assert int(number) > 0
    expect(kiosk.locator("[data-step=bank]")).to_have_count(1)
    assert len(sent) > 1
    assert len({body["command_id"] for body in sent}) == 1
    kiosk.click("[data-testid=done]")
    scan(kiosk, card)
    until(kiosk, "returning")
    assert kiosk.inner_text("[data-testid=number]") == number


def test_an_answer_that_got_lost_on_its_way_is_asked_for_again(kiosk: Page, people: People) -> None:
    """The server has done it, the line broke: the same id gets the same answer, for the scan and for the choice."""
    lost: list[str] = []

    def lose_once(route: Route) -> None:
        kind = route.request.method
        if kind in lost:
            route.continue_()
        else:
            lost.append(kind)
            route.fetch()
            route.abort()

    kiosk.route("**/api/v1/scans", lose_once)
    kiosk.route("**/api/v1/visits/*/services", lose_once)
    scans, choices = bodies(kiosk, "POST", "/scans"), bodies(kiosk, "PUT", "/services")
    scan(kiosk, people.alone())
    to_services(kiosk)
    kiosk.click("[data-service=bank]")
    kiosk.click("[data-testid=confirm]")
    until(kiosk, "result")
    assert lost == ["POST", "PUT"]
    assert len(scans) == len(choices) == 2
    assert scans[0] == scans[1]
    assert choices[0] == choices[1]
    expect(kiosk.locator("[data-step]")).to_have_count(1)


REFUSED = {
    "ar": {
        "unknown_card": "لا نعرف هذه البطاقة",
        "revoked_card": "بطاقة",
        "not_eligible": "وحدتكم",
        "wrong_event": "تظاهرة أخرى",
    },
    "fr": {
        "unknown_card": "ne connaissons pas",
        "revoked_card": "annulée",
        "not_eligible": "unité",
        "wrong_event": "autre événement",
    },
}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_each_refusal_has_its_words_and_the_sign_of_the_welcome_desk(
    kiosk: Page, server: KioskServer, language: str
) -> None:
    """What happened, what to do, under which sign."""
    kiosk.click(f"[data-language={language}]")
    for reason, words in REFUSED[language].items():
        scan(kiosk, server.cases[reason])
        kiosk.wait_for_function("reason => document.body.dataset.reason === reason", arg=reason)
        expect(kiosk.locator(".refused")).to_contain_text(words)
        expect(kiosk.locator("[data-testid=where] .zone-sign")).to_have_attribute("aria-label", "A")
