"""Cards held up to the camera: read, and said in words where it can not be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.screens.kiosk_pages import PORTRAIT, in_state, key_strokes, opened
from tests.screens.kiosk_server import KioskServer, People
from tests.screens.readers import admitted, sent_codes
from tests.support import clip
from tests.support.axe import violations
from tests.support.chromium import find_chromium


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the camera sees: an empty hall, until a test writes another film."""
    path = tmp_path_factory.mktemp("film") / "film.mjpeg"
    clip.write_film(path)
    return path


@pytest.fixture(scope="module")
def with_camera(browser: Browser, film: Path) -> Iterator[Browser]:
    """A Chromium that takes `film` for its camera."""
    switches = ["--disable-gpu", "--no-first-run", *clip.CAMERA_SWITCHES, clip.camera_file(film)]
    started = browser.browser_type.launch(
        executable_path=find_chromium(), headless=True, chromium_sandbox=False, args=switches
    )
    yield started
    started.close()


@pytest.fixture
def camera_kiosk(with_camera: Browser, server: KioskServer, paired: Any) -> Iterator[Page]:
    """The kiosk on a machine with a camera that the page may use."""
    made = with_camera.new_context(storage_state=paired, viewport={"width": PORTRAIT[0], "height": PORTRAIT[1]})
    made.grant_permissions(["camera"])
    yield from opened(made, server)
    made.close()


def camera_runs(page: Page) -> bool:
    """Tell whether a picture is coming in."""
    found: bool = page.evaluate("() => Boolean(document.querySelector('video')?.srcObject?.active)")
    return found


WORDS = {
    "ar": {"looking": "داخل الإطار", "denied": "لا يُسمح لهذه الشاشة", "ended": "لا توجد كاميرا"},
    "fr": {"looking": "dans le cadre", "denied": "n’a pas le droit", "ended": "Aucune caméra"},
}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_card_held_up_to_the_camera_is_read(camera_kiosk: Page, people: People, film: Path, language: str) -> None:
    """The product's own card, tilted and not quite sharp; the reader of codes is loaded only now, from our server."""
    page = camera_kiosk
    codes = sent_codes(page)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.click(f"[data-language={language}]")
    assert [url for url in loaded if "zxing" in url] == []
    clip.write_film(film)
    page.click("[data-testid=open-camera]")
    expect(page.locator("[data-testid=camera-words]")).to_contain_text(WORDS[language]["looking"])
    assert camera_runs(page)
    assert violations(page) == []
    # A mirror for who looks into it; the card's own side of the picture is what is read.
    assert page.locator("video").evaluate("video => getComputedStyle(video).transform") == "matrix(-1, 0, 0, 1, 0, 0)"
    page.click("[data-testid=close-camera]")
    assert codes == []

    card = people.alone(language)
    clip.write_film(film, clip.card(card))
    page.click("[data-testid=open-camera]")
    admitted(page)
    assert codes == [card]
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert not camera_runs(page)
    readers = {url for url in loaded if "zxing" in url}
    assert {url.rpartition("/")[2] for url in readers} == {"index.js", "share.js", "zxing_reader.wasm"}
    assert [url for url in loaded if not url.startswith((server_of(page), "blob:"))] == []


def server_of(page: Page) -> str:
    """Return the origin of a page."""
    origin: str = page.evaluate("location.origin")
    return origin


def test_the_camera_goes_off_with_back_with_escape_and_with_another_reader(
    camera_kiosk: Page, people: People, film: Path
) -> None:
    """It is on only while its dialog is open."""
    page = camera_kiosk
    clip.write_film(film)
    tracks = "() => window.tracks.map((track) => track.readyState)"
    page.evaluate(
        """() => { window.tracks = []; const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (want) => { const stream = await ask(want);
        window.tracks.push(...stream.getTracks()); return stream; }; }"""
    )
    for leave in ("back", "escape", "keypad", "scan"):
        page.click("[data-testid=open-camera]")
        expect(page.locator("dialog#camera")).to_have_attribute("data-camera", "looking")
        if leave == "back":
            page.click("[data-testid=close-camera]")
        elif leave == "escape":
            page.keyboard.press("Escape")
        elif leave == "keypad":
            page.click("[data-testid=camera-keypad]")
            expect(page.locator("dialog#keypad[open]")).to_be_visible()
            page.click("[data-testid=close-keypad]")
        else:
            key_strokes(page, people.alone())
            in_state(page, "greeting", "services")
        expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.evaluate(tracks) == ["ended"] * 4


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_camera_that_may_not_be_used_is_said_in_words(
    with_camera: Browser, server: KioskServer, paired: Any, language: str
) -> None:
    """And the keys on the screen are one tap away."""
    made = with_camera.new_context(storage_state=paired)
    made.grant_permissions(["clipboard-read"])  # this one and no other
    for page in opened(made, server):
        page.click(f"[data-language={language}]")
        page.click("[data-testid=open-camera]")
        expect(page.locator("dialog#camera")).to_have_attribute("data-camera", "denied")
        expect(page.locator("[data-testid=camera-words]")).to_contain_text(WORDS[language]["denied"])
        assert violations(page) == []
        page.click("[data-testid=camera-keypad]")
        expect(page.locator("[data-testid=code-input]")).to_be_focused()
    made.close()


def test_a_camera_whose_cable_is_pulled_is_said_in_words(camera_kiosk: Page, film: Path) -> None:
    """The picture ends; what else can be done stands there."""
    clip.write_film(film)
    camera_kiosk.click("[data-language=fr]")
    camera_kiosk.click("[data-testid=open-camera]")
    expect(camera_kiosk.locator("dialog#camera")).to_have_attribute("data-camera", "looking")
    camera_kiosk.evaluate(
        "() => document.querySelector('video').srcObject.getTracks()[0].dispatchEvent(new Event('ended'))"
    )
    expect(camera_kiosk.locator("[data-testid=camera-words]")).to_contain_text(WORDS["fr"]["ended"])
    expect(camera_kiosk.locator(".camera-frame")).to_be_hidden()


def test_a_forgotten_camera_goes_off_after_a_warning(
    with_camera: Browser, server: KioskServer, paired: Any, film: Path
) -> None:
    """Who opened it and left: warned at 30 s, off at 45 s."""
    clip.write_film(film)
    made = with_camera.new_context(storage_state=paired)
    made.grant_permissions(["camera"])
    for page in opened(made, server):
        page.clock.install()
        page.reload()
        in_state(page, "attract")
        page.click("[data-testid=open-camera]")
        page.clock.run_for(1_000)
        expect(page.locator("dialog#camera")).to_have_attribute("data-camera", "looking")
        page.clock.fast_forward(30_000)
        expect(page.locator("dialog#idle[open]")).to_be_visible()
        page.clock.fast_forward(16_000)
        expect(page.locator("dialog[open]")).to_have_count(0)
        assert not camera_runs(page)
    made.close()
