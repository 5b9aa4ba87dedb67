"""The screens look as they are kept in `pictures/`: `make pictures` draws them again, and the change is looked at."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser
from pydantic import BaseModel

from checkin_server.web.models import SNAPSHOTS, VenueAnswer
from tests.screens import pictures
from tests.support.chromium import another
from tests.support.server import DemoServer, demo_server

_ALL_BELOW = 2_000_000  # bytes


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """A demo, for its page of parts."""
    with demo_server(tmp_path_factory.mktemp("pictures"), "--members", "30") as running:
        yield running


@pytest.mark.parametrize("screen", pictures.SIZES)
def test_the_screens_look_as_they_are_kept(browser: Browser, server: DemoServer, screen: str, tmp_path: Path) -> None:
    """Every kept part in Arabic and French; what differs is named, with a picture of it."""
    differ = []
    with pictures.easel(browser, screen) as page:
        parts = [part for part in pictures.PICTURES if part.startswith(f"{screen}.")]
        for part, language in itertools.product(parts, pictures.LANGUAGES):
            kept = Image.open(pictures.path_of(part, language))
            for attempt in range(4):
                if attempt % 2 == 0:  # anew the second time: on a busy machine a movement can be caught and stay so
                    pictures.draw(page, server.base, part, language)
                seen = pictures.seen_on(page)
                difference = pictures.compare(kept, seen)
                if not difference.cells:
                    break
                page.wait_for_timeout(300)  # a movement that began late
            if difference.cells:
                shown = tmp_path / f"{part}.{language}.png"
                pictures.explain(kept, seen, difference).save(shown)
                differ.append(f"{part} ({language}): {len(difference.cells)} cells, see {shown}")
    assert not differ, "\n".join([*differ, "If this is meant, `make pictures` keeps them anew."])


def test_every_part_is_drawn(browser: Browser, server: DemoServer) -> None:
    """Each part of the list is there, in French, and no script of its screen fails; pictures are of parts of it."""
    page = browser.new_page()
    page.goto(f"{server.base}/demo/parts?language=fr")
    page.wait_for_selector("html[data-shown]", state="attached")
    listed: list[str] = page.eval_on_selector_all(
        "a[data-part]", "all => [...new Set(all.map((one) => one.dataset.part))]"
    )
    page.context.close()
    assert {part.partition("+")[0] for part in pictures.PICTURES} <= set(listed)
    for screen in pictures.SIZES:
        with pictures.easel(browser, screen) as page:
            for part in listed:
                if part.startswith(f"{screen}.") and part not in pictures.PICTURES:
                    pictures.draw(page, server.base, part, "fr")


def test_a_part_asks_this_server_for_nothing_but_files(browser: Browser, server: DemoServer) -> None:
    """Neither the API nor the socket: what its screens ask is answered in the browser, whatever is pressed."""
    asked = []
    with pictures.easel(browser, "tablet") as page:
        page.on("request", lambda request: asked.append(request.url.removeprefix(server.base).split("?")[0]))
        page.on("websocket", lambda socket: asked.append(socket.url))
        pictures.draw(page, server.base, "tablet.nobody", "fr")
        page.click("[data-testid=primary]")
        page.click("[data-testid=menu]")
    assert asked
    assert [path for path in asked if not path.startswith(("/demo/parts", "/static/", "/i18n/"))] == []


_ANSWERS: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("kiosk.services", "/venue", VenueAnswer),
    ("kiosk.services", "/kiosks/K1/snapshot", SNAPSHOTS["kiosk"]),
    ("board.call", "/boards/hall/snapshot", SNAPSHOTS["board"]),
    ("tablet.idle", "/counters/bank-1/snapshot", SNAPSHOTS["counter"]),
    *((part, "/welcome/snapshot", SNAPSHOTS["welcome"]) for part in ("desk.trouble", "desk.closing", "desk.closed")),
    *((part, "/dashboard/snapshot", SNAPSHOTS["dashboard"]) for part in pictures.PICTURES if part[:10] == "dashboard."),
)


@pytest.mark.parametrize(("part", "path", "answer"), _ANSWERS)
def test_the_fixed_answers_have_the_type_of_the_real_ones(
    browser: Browser, server: DemoServer, part: str, path: str, answer: type[BaseModel]
) -> None:
    """A field that the server learns or loses is learnt or lost here too: the parts show what venues see."""
    with pictures.easel(browser, part.partition(".")[0]) as page:
        pictures.draw(page, server.base, part, "fr")
        fixed = page.evaluate("async (path) => (await fetch(`/api/v1${path}`)).text()", path)
    answer.model_validate_json(fixed, strict=True)


_UNDER_A_FINGER = """() => [...document.querySelectorAll("#top button, #now button, #strip button, #foot button")]
    .filter((button) => {
        const { left, right, top, bottom } = button.getBoundingClientRect();
        const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight || !button.contains(seen);
    })
    .map((button) => button.dataset.testid)"""
_WANTED = {
    "tablet.called_crowded": {
        "menu",
        "transfer",
        "add-service",
        "notes",
        "no-show",
        "park",
        "recall",
        "primary",
        "undo",
    },
    "tablet.serving_crowded": {"menu", "transfer", "add-service", "notes", "park", "incomplete", "refer", "primary"},
}


@pytest.mark.parametrize("size", [(1280, 800), (800, 1280)])
@pytest.mark.parametrize("part", _WANTED)
def test_every_action_of_a_tablet_is_within_reach_however_much_is_said(
    browser: Browser, server: DemoServer, part: str, size: tuple[int, int]
) -> None:
    """Twelve stops, the longest names, four needs, fourteen set aside: no button is hidden or scrolled away."""
    with pictures.easel(browser, "tablet") as page:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for language in ("ar", "fr", "zgh", "en"):
            pictures.draw(page, server.base, part, language)
            there = page.eval_on_selector_all("button", "all => all.map((one) => one.dataset.testid)")
            assert set(there) >= _WANTED[part]
            assert page.evaluate(_UNDER_A_FINGER) == [], language
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), language


@pytest.mark.parametrize("part", ["desk.long", "dashboard.long"])
def test_a_kiosk_named_by_one_long_word_runs_over_no_side_of_a_phone(
    browser: Browser, server: DemoServer, part: str
) -> None:
    """Forty letters without a place to break, in every line that names the machine."""
    with pictures.easel(browser, part.partition(".")[0]) as page:
        page.set_viewport_size({"width": 390, "height": 844})
        for language in ("ar", "fr"):
            pictures.draw(page, server.base, part, language)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), language


# A sheet made by a script: the screens' policy allows no style written into the page.
_RULE = """(rule) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rule);
    document.adoptedStyleSheets.push(sheet);
}"""


def test_a_moved_button_is_noticed(browser: Browser, server: DemoServer) -> None:
    """Eight pixels of one button on the screen, six of the kiosk's two: another picture."""
    for part, button, by in (
        ("elements.buttons", ".btn-primary", "8px 0"),
        ("kiosk.services", "[data-testid=back]", "0 -6px"),
        ("kiosk.services", "[data-testid=confirm]", "6px 0"),
        ("tablet.called", "[data-testid=recall]", "-8px 0"),
    ):
        with pictures.easel(browser, part.partition(".")[0]) as page:
            pictures.draw(page, server.base, part, "fr")
            before = pictures.reduced(pictures.seen_on(page))
            # By a rule and not on the node: the screen may draw that anew at any moment.
            page.evaluate(_RULE, f"{button} {{ translate: {by} !important; transition: none !important; }}")
            after = pictures.seen_on(page)
        difference = pictures.compare(before, after)
        assert difference.cells, (part, button, difference.worst)


def test_a_changed_word_and_a_changed_colour_are_noticed(browser: Browser, server: DemoServer) -> None:
    """A button that says something else, a banner of another tone."""
    for part, node, change in (
        ("elements.buttons", ".btn-primary span:last-child", "node.textContent = 'Terminer ici'"),
        ("elements.banners", ".banner-good", "node.className = 'banner'"),
    ):
        with pictures.easel(browser, "elements") as page:
            pictures.draw(page, server.base, part, "fr")
            before = pictures.reduced(pictures.seen_on(page))
            page.eval_on_selector(node, f"(node) => {{ {change}; }}")
            after = pictures.seen_on(page)
        assert pictures.compare(before, after).cells, part


@pytest.mark.parametrize("switch", ["--disable-lcd-text", "--force-color-profile=srgb"])
def test_letters_that_another_machine_draws_otherwise_are_the_same(
    browser: Browser, server: DemoServer, switch: str
) -> None:
    """The same part with other smoothing of edges, other colours of the screen: within the tolerance."""
    for part in ("elements.buttons", "tablet.called"):
        with another(browser, switch) as other, pictures.easel(other, part.partition(".")[0]) as page:
            pictures.draw(page, server.base, part, "fr")
            seen = pictures.seen_on(page)
        difference = pictures.compare(Image.open(pictures.path_of(part, "fr")), seen)
        assert not difference.cells, (part, difference.worst)


def test_another_size_is_another_picture() -> None:
    """A screen that became taller is never the same, however it is drawn."""
    white = Image.new("RGB", (80, 80), "white")
    assert pictures.compare(white, white.copy()).cells == ()
    assert pictures.compare(white, Image.new("RGB", (80, 88), "white")).cells


def test_the_pictures_are_few_and_small() -> None:
    """One for each kept part and language and none besides, all together small enough for a repository."""
    kept = {path.name: path.stat().st_size for path in pictures.KEPT.iterdir()}
    wanted = {pictures.path_of(part, language).name for part in pictures.PICTURES for language in pictures.LANGUAGES}
    assert kept.keys() == wanted
    assert sum(kept.values()) < _ALL_BELOW
