"""The kiosk in a real Chromium against a real demo server: what a member of the public meets.

States and test ids are those at the head of `kiosk/static/kiosk.js`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.screens.kiosk_pages import LANDSCAPE, LAYOUTS, PORTRAIT, in_state, key_strokes, scan
from tests.screens.kiosk_server import KioskServer, People


@pytest.fixture
def kiosk(browser: Browser, server: KioskServer, paired: Any) -> Iterator[Page]:
    """The kiosk's page, nobody there. Any script error fails the test."""
    yield from opened(browser, server, paired, PORTRAIT)


def opened(browser: Browser, server: KioskServer, paired: Any, size: tuple[int, int]) -> Iterator[Page]:
    """Open the kiosk at a size and watch for script errors."""
    context = browser.new_context(storage_state=paired, viewport={"width": size[0], "height": size[1]}, has_touch=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server.address}/kiosk/K1")
    in_state(page, "attract")
    expect(page.locator(".hall-inside")).to_be_visible()
    yield page
    context.close()
    assert errors == []


def choose(page: Page, *services: str) -> None:
    """Tick services and confirm."""
    in_state(page, "services")
    for service in services:
        page.click(f"[data-service={service}]")
    page.click("[data-testid=confirm]")
    page.wait_for_selector("body[data-state=route], body[data-state=result]")
    if page.get_attribute("body", "data-state") == "route":
        page.click("[data-testid=take-number]")
    in_state(page, "result")


def number(page: Page) -> str:
    """Return the number on the screen."""
    return page.inner_text("[data-testid=number]")


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
@pytest.mark.parametrize("end", ["Enter", "Tab"])
def test_a_scanned_card_is_read_by_its_keys_under_any_layout(
    kiosk: Page, people: People, layout: str, end: str
) -> None:
    """The same keys give the same code, whatever letters the layout makes of them, ended by Enter or Tab."""
    sent: list[Any] = []
    kiosk.on("request", lambda request: sent.append(request.post_data_json) if request.url.endswith("/scans") else None)
    card = people.alone()
    scan(kiosk, card, layout, end)
    in_state(kiosk, "services")
    assert [body["code"] for body in sent] == [card]


def test_slow_typing_is_not_taken_for_a_scan(kiosk: Page, people: People) -> None:
    """Fingers leave more than 100 ms between keys; nothing is sent."""
    sent: list[str] = []
    kiosk.on("request", lambda request: sent.append(request.url) if request.url.endswith("/scans") else None)
    kiosk.keyboard.type(people.alone()[:9] + "\n", delay=130)
    kiosk.wait_for_timeout(500)
    assert sent == []
    in_state(kiosk, "attract")


def test_a_scan_into_a_field_leaves_the_field_as_it_was(kiosk: Page, people: People) -> None:
    """What somebody was typing stays; the scan is taken for itself and its Enter sends nothing else."""
    kiosk.click("[data-testid=open-keypad]")
    kiosk.click("[data-letter=B]")
    field = kiosk.locator("[data-testid=code-input]")
    field.focus()
    seen = kiosk.evaluate_handle(
        """() => { const seen = []; const field = document.querySelector("[data-testid=code-input]");
        field.addEventListener("input", () => seen.push(field.value)); return seen; }"""
    )
    key_strokes(kiosk, people.alone())
    in_state(kiosk, "services")
    assert kiosk.evaluate("seen => seen.at(-1)", seen) == "C B"
    expect(kiosk.locator("dialog[open]")).to_have_count(0)


def test_a_code_can_be_typed_with_the_keys_on_the_screen(kiosk: Page, people: People) -> None:
    """Without a reader the code goes in letter by letter; the kind is filled in."""
    card = people.alone()
    kiosk.click("[data-testid=open-keypad]")
    for letter in card[1:]:
        kiosk.click(f"[data-letter={letter}]")
    assert kiosk.input_value("[data-testid=code-input]").replace(" ", "") == card
    kiosk.click("[data-testid=send-code]")
    in_state(kiosk, "services")


def test_a_typed_code_may_be_small_and_spaced(kiosk: Page, people: People) -> None:
    """People type what they read, as they are used to."""
    card = people.alone().lower()
    kiosk.click("[data-testid=open-keypad]")
    kiosk.fill("[data-testid=code-input]", f" {card[:5]} {card[5:20]}-{card[20:]} ")
    kiosk.click("[data-testid=send-code]")
    in_state(kiosk, "services")


def test_a_member_gets_one_number_and_a_ticket(kiosk: Page, people: People, server: KioskServer) -> None:
    """From the card to the paper: greeting, services, number, route, printed ticket."""
    scan(kiosk, people.alone())
    in_state(kiosk, "greeting")
    kiosk.click("[data-testid=continue]")
    choose(kiosk, "bank", "health")
    assert int(number(kiosk)) > 0
    assert kiosk.locator(".result-number").evaluate("node => parseFloat(getComputedStyle(node).fontSize)") >= 300
    assert kiosk.locator("[data-step]").evaluate_all("steps => steps.map((one) => one.dataset.step).sort()") == [
        "bank",
        "health",
    ]
    expect(kiosk.locator("[data-testid=ticket]")).to_have_attribute("data-ticket", "printed", timeout=20_000)
    assert list((server.folder / "printers").glob("*/*.png")), "the virtual printer wrote what it printed"
    kiosk.click("[data-testid=done]")
    in_state(kiosk, "attract")


def test_a_double_tap_takes_one_number(kiosk: Page, people: People) -> None:
    """Two taps in the same instant send one command."""
    sent: list[str] = []
    kiosk.on("request", lambda request: sent.append(request.method) if request.method == "PUT" else None)
    scan(kiosk, people.alone())
    in_state(kiosk, "services")
    kiosk.click("[data-service=bank]")
    kiosk.evaluate("""() => { const go = document.querySelector("[data-testid=confirm]"); go.click(); go.click(); }""")
    in_state(kiosk, "result")
    assert sent == ["PUT"]


def test_a_family_comes_with_one_card_and_gets_one_number(kiosk: Page, people: People) -> None:
    """Who is here is ticked; the visit holds those and nobody else."""
    bodies: list[Any] = []
    kiosk.on("request", lambda request: bodies.append(request.post_data_json) if request.method == "PUT" else None)
    scan(kiosk, people.family())
    in_state(kiosk, "company")
    expect(kiosk.locator("[data-member]")).to_have_count(0)
    kiosk.click("[data-testid=my-family]")
    in_state(kiosk, "family")
    free = kiosk.locator("[data-member][aria-pressed=false]:enabled")
    free.first.click()
    here = kiosk.locator("[data-member][aria-pressed=true]")
    expect(here).to_have_count(2)
    ticked = here.evaluate_all("people => people.map((one) => one.dataset.member).sort()")
    kiosk.click("[data-testid=continue]")
    choose(kiosk, "insurance")
    assert sorted(bodies[0]["party"]) == ticked


def test_who_comes_back_finds_the_same_number_and_can_change_services(kiosk: Page, people: People) -> None:
    """The card shown again tells where one stands; a service is added, another dropped, the number stays."""
    card = people.alone()
    scan(kiosk, card)
    choose(kiosk, "bank", "telecoms")
    mine = number(kiosk)
    kiosk.click("[data-testid=done]")
    scan(kiosk, card)
    in_state(kiosk, "returning")
    assert number(kiosk) == mine
    kiosk.click("[data-testid=change]")
    expect(kiosk.locator("[data-service=bank]")).to_have_attribute("aria-pressed", "true")
    kiosk.click("[data-service=telecoms]")
    choose(kiosk, "health")
    assert number(kiosk) == mine
    steps = kiosk.locator("[data-step]").evaluate_all("steps => steps.map((one) => one.dataset.step).sort()")
    assert steps == ["bank", "health"]


@pytest.mark.parametrize("reason", ["unknown_card", "revoked_card", "not_eligible", "wrong_event", "malformed_code"])
def test_a_refused_card_is_told_what_to_do(kiosk: Page, server: KioskServer, reason: str) -> None:
    """Words and the welcome desk, and no code of ours; one tap and the screen is free again."""
    scan(kiosk, "ZZZZZZZZZZZZ" if reason == "malformed_code" else server.cases[reason])
    in_state(kiosk, "refused")
    expect(kiosk.locator("body")).to_have_attribute("data-reason", reason)
    expect(kiosk.locator(".refused-where")).to_be_visible()
    assert reason not in kiosk.inner_text("body")
    kiosk.click("[data-testid=done]")
    in_state(kiosk, "attract")


def test_another_card_takes_the_first_visitor_off_the_screen(kiosk: Page, people: People) -> None:
    """Nobody sees what belongs to another; what the first had ticked does not reach the second."""
    scan(kiosk, people.alone())
    in_state(kiosk, "services")
    first = kiosk.inner_text(".eyebrow")
    kiosk.click("[data-service=bank]")
    assert first not in scan(kiosk, people.alone())
    in_state(kiosk, "services")
    expect(kiosk.locator("[data-service][aria-pressed=true]")).to_have_count(0)


def test_the_same_card_again_does_not_lose_what_was_ticked(kiosk: Page, people: People) -> None:
    """A scanner that reads twice is not a second visitor."""
    card = people.alone()
    scan(kiosk, card)
    in_state(kiosk, "services")
    kiosk.click("[data-service=bank]")
    scan(kiosk, card)
    kiosk.wait_for_timeout(400)
    in_state(kiosk, "services")
    expect(kiosk.locator("[data-service=bank]")).to_have_attribute("aria-pressed", "true")


def test_an_idle_screen_warns_and_then_forgets_the_visitor(
    browser: Browser, server: KioskServer, paired: Any, people: People
) -> None:
    """Warned at 30 s, asked for more time; cleared 20 s after the next warning, language and all; nothing is kept."""
    context = browser.new_context(storage_state=paired)
    page = context.new_page()
    page.clock.install()
    page.goto(f"{server.address}/kiosk/K1")
    in_state(page, "attract")
    scan(page, people.alone("fr"))
    page.clock.run_for(3_000)
    in_state(page, "services")
    name = page.inner_text(".eyebrow")

    page.clock.run_for(25_000)
    expect(page.locator("dialog#idle[open]")).to_have_count(0)
    page.clock.run_for(6_000)
    expect(page.locator("dialog#idle[open]")).to_be_visible()
    page.click("[data-testid=more-time]")
    expect(page.locator("dialog#idle[open]")).to_have_count(0)
    in_state(page, "services")

    page.clock.run_for(31_000)
    page.click("[data-testid=finish]")
    in_state(page, "attract")

    scan(page, people.alone("fr"))
    page.clock.run_for(3_000)
    in_state(page, "services")
    page.clock.run_for(51_000)
    in_state(page, "attract")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    assert name not in page.content()
    kept = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}, history.state, location.href])")
    assert kept == f'[{{}},{{}},null,"{server.address}/kiosk/K1"]'
    context.close()


def test_reload_and_the_back_button_leave_nothing_of_the_visitor(kiosk: Page, people: People) -> None:
    """Both end on the attract screen or where one was, never on another page or an error."""
    scan(kiosk, people.alone())
    in_state(kiosk, "services")
    kiosk.go_back()
    assert kiosk.url.endswith("/kiosk/K1")
    in_state(kiosk, "services")
    kiosk.reload()
    in_state(kiosk, "attract")
    expect(kiosk.locator(".eyebrow")).to_have_count(0)


def test_the_members_language_is_chosen_and_can_be_changed_at_any_moment(kiosk: Page, people: People) -> None:
    """The card brings its language; a tap changes it without losing what was ticked."""
    scan(kiosk, people.alone("fr"))
    in_state(kiosk, "services")
    html = kiosk.locator("html")
    expect(html).to_have_attribute("lang", "fr")
    expect(html).to_have_attribute("dir", "ltr")
    kiosk.click("[data-service=bank]")
    kiosk.click("[data-language=ar]")
    expect(html).to_have_attribute("lang", "ar")
    expect(html).to_have_attribute("dir", "rtl")
    expect(kiosk.locator("[data-service=bank]")).to_have_attribute("aria-pressed", "true")
    expect(kiosk.locator("[data-service=bank] .tile-name")).to_have_text("البنك")


def test_a_scan_survives_a_server_that_is_away(kiosk: Page, people: People, server: KioskServer) -> None:
    """The server is killed; the scan waits, says so, and goes on with the same id when the server is back."""
    sent: list[Any] = []
    kiosk.on("request", lambda request: sent.append(request.post_data_json) if request.url.endswith("/scans") else None)
    server.kill()
    try:
        scan(kiosk, people.alone())
        in_state(kiosk, "waiting")
        expect(kiosk.locator("[data-testid=cancel]")).to_be_visible()
    finally:
        server.start()
    choose(kiosk, "bank")
    assert len(sent) > 1
    assert len({body["scan_id"] for body in sent}) == 1


def test_waiting_times_are_said_to_be_old_while_the_server_is_away(kiosk: Page, server: KioskServer) -> None:
    """After ten seconds without confirmation the screen says so, and stops when the server is back."""
    notice = kiosk.locator("[data-testid=not-live]")
    server.kill()
    try:
        expect(notice).to_be_visible(timeout=20_000)
    finally:
        server.start()
    expect(notice).to_have_count(0, timeout=20_000)


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_every_state_fits_its_screen_with_large_targets(
    browser: Browser, server: KioskServer, paired: Any, people: People, language: str, size: tuple[int, int]
) -> None:
    """Nothing runs out at a side, no control is cut, targets are 64 px or more and those of the foot 96 px."""
    for page in opened(browser, server, paired, size):
        page.click(f"[data-language={language}]")

        def fits(page: Page = page) -> None:
            state = page.locator("body").get_attribute("data-state")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state
            boxes = page.locator("button:visible").evaluate_all(
                """all => all.map((one) => ({ least: one.closest(".controls") ? 96 : 64, words: one.textContent,
                ...one.getBoundingClientRect().toJSON() }))"""
            )
            for box in boxes:
                assert box["height"] >= box["least"] - 1, (state, box)
                assert box["left"] >= 0 and box["right"] <= size[0] and box["bottom"] <= size[1], (state, box)
            cut = page.locator(".tile, .btn, .language, .headline, .ticket").evaluate_all(
                """all => all.filter((one) => one.scrollWidth > one.clientWidth + 1
                || one.scrollHeight > one.clientHeight + 1).map((one) => one.textContent)"""
            )
            assert cut == [], state

        fits()
        scan(page, people.family())
        in_state(page, "company")
        fits()
        page.click("[data-testid=my-family]")
        in_state(page, "family")
        fits()
        page.click("[data-testid=continue]")
        in_state(page, "services")
        fits()
        choose(page, "bank", "insurance", "health")
        fits()
        scan(page, "ZZZZZZZZZZZZ")
        in_state(page, "refused")
        fits()


def test_screens_of_the_kiosk_are_files_of_our_own_origin(kiosk: Page, server: KioskServer) -> None:
    """Fonts, icons and scripts come from the server itself: the hall has no internet."""
    loaded = kiosk.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name)")
    assert loaded
    assert [name for name in loaded if not name.startswith(server.address)] == []
