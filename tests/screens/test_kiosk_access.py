"""Every state of the kiosk for everybody: axe-core, room for the words, targets, contrast, reach; keys and voice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.screens import kiosk_room as room
from tests.screens.kiosk_tour import LANGUAGES, STATES, Hall, in_state, press, show, tour
from tests.support.axe import violations

PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)
ALL = ("large", "contrast", "low")


@pytest.fixture(scope="module")
def members() -> int:
    """Enough for every card to be new."""
    return 1500


def test_no_state_has_a_violation_in_any_language_nor_in_strong_contrast(page: Page, hall: Hall) -> None:
    """axe-core in each state: four languages, then strong contrast with large text, where everything reaches 7:1."""
    found: list[str] = []
    seen: list[str] = []
    for state in tour(page, hall, "ar"):
        seen.append(state)
        for language in LANGUAGES:
            room.settled(page, language, PORTRAIT)
            found += [f"{state} {language}: {one}" for one in violations(page)]
        room.modes(page, "large", "contrast")
        room.settled(page, "ar", LANDSCAPE)
        found += [f"{state} contrast: {one}" for one in [*violations(page), *room.contrast(page)]]
        room.modes(page)
        room.settled(page, "ar", PORTRAIT)
    assert found == []
    assert tuple(seen) == STATES


def test_nothing_is_cut_and_every_target_is_large_in_any_language_mode_and_orientation(page: Page, hall: Hall) -> None:
    """Words stand whole on what they stand on; low controls are in the lower third; upright and across."""
    found: list[str] = []
    for state in tour(page, hall, "fr"):
        # In a mode the longest language stands for the four; each mode alone and all together, in one orientation each.
        for size, mode in ((PORTRAIT, ("large",)), (LANDSCAPE, ("low",))):
            for names, languages in (((), LANGUAGES), (mode, ("fr",)), (ALL, ("fr",))):
                room.modes(page, *names)
                for language in languages:
                    room.settled(page, language, size)
                    where = f"{state} {language} {size[0]} {' '.join(names)}"
                    found += [f"{where}: {one}" for one in room.cut(page)]
                    found += [f"{where}: {one}" for one in room.targets(page, low="low" in names)]
        room.modes(page)
        room.settled(page, "fr", PORTRAIT)
    assert found == []


def test_a_mode_stays_through_the_visit_and_ends_with_it(page: Page, hall: Hall) -> None:
    """Chosen before the card, kept on every screen, gone with the visitor; the button never moves."""
    root = page.locator("html")
    corner = page.locator("[data-testid=access]")
    edges = "node => { const box = node.getBoundingClientRect(); return [box.right, Math.round(box.bottom)]; }"
    place = corner.evaluate(edges)
    press(page, "access")
    for mode in ("large", "contrast"):
        page.click(f"[data-mode={mode}]")
    press(page, "close-access")
    show(page, hall.card())
    in_state(page, "services")
    expect(root).to_have_attribute("data-text", "large")
    expect(root).to_have_attribute("data-contrast", "high")
    assert corner.evaluate(edges) == place
    press(page, "back")
    in_state(page, "attract")
    assert root.get_attribute("data-text") is None and root.get_attribute("data-contrast") is None


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_visit_with_keys_alone(page: Page, hall: Hall, language: str) -> None:
    """Arrows lead to the next control on the side they point to, Enter presses it, and what has the focus is seen."""
    page.click(f"[data-language={language}]")
    show(page, hall.card(language))
    in_state(page, "services")

    def focused() -> str:
        value: str = page.evaluate("JSON.stringify(document.activeElement.dataset)")
        return value

    for _ in range(30):
        page.keyboard.press("ArrowDown")
        if '"service"' in focused():
            break
    assert '"service"' in focused()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("[data-service][aria-pressed=true]")).to_have_count(1)
    page.locator("[data-service][aria-pressed=true]").evaluate("node => node.blur()")
    for _ in range(60):
        page.keyboard.press("Tab")
        if '"confirm"' in focused():
            break
    page.keyboard.press("Enter")
    in_state(page, "result")
    page.keyboard.press("Tab")
    for _ in range(6):
        if '"done"' in focused():
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    in_state(page, "attract")


def test_escape_goes_one_screen_back(page: Page, hall: Hall) -> None:
    """As the back button does."""
    show(page, hall.card("fr"))
    in_state(page, "services")
    page.keyboard.press("Escape")
    in_state(page, "attract")
