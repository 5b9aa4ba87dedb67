"""Every way a card's code reaches the kiosk, in Chromium: scanners that type, serial ones, the camera, fingers."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.screens.kiosk_pages import LAYOUTS, PORTRAIT, in_state, key_strokes, opened
from tests.screens.kiosk_server import KioskServer, People
from tests.support import clip
from tests.support.axe import violations
from tests.support.chromium import find_chromium

# What a key writes under a layout, for the letters of our codes: Chromium is told both, as it is by a real keyboard.
ARABIC = LAYOUTS["ara"]
FRENCH = dict(zip("1234567890", "&é\"'(-è_çà", strict=True))


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


@pytest.fixture(scope="module")
def context(browser: Browser, paired: Any) -> Iterator[BrowserContext]:
    """A browser without a camera, shared by the tests that only type."""
    made = browser.new_context(storage_state=paired, viewport={"width": PORTRAIT[0], "height": PORTRAIT[1]})
    yield made
    made.close()


@pytest.fixture
def kiosk(context: BrowserContext, server: KioskServer) -> Iterator[Page]:
    """The kiosk's page, nobody there. Any script error fails the test."""
    yield from opened(context, server)


def sent_codes(page: Page) -> list[str]:
    """Collect the codes that the page sends from now on."""
    codes: list[str] = []

    def keep(request: Request) -> None:
        if request.url.endswith("/scans"):
            body: Any = request.post_data_json
            codes.append(body["code"])

    page.on("request", keep)
    return codes


def admitted(page: Page) -> None:
    """Wait until somebody was recognised."""
    expect(page.locator("body")).to_have_attribute("data-state", "services", timeout=40_000)


def answered(page: Page, scans: int) -> None:
    """Wait until this page has had answers to so many scans."""
    page.wait_for_function(
        "n => performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/scans')).length === n",
        arg=scans,
    )


# ---- scanners that type


@pytest.mark.parametrize("layout", [{}, FRENCH, ARABIC], ids=["us", "fr", "ara"])
def test_real_key_strokes_of_a_scanner_give_the_code_under_each_layout(
    kiosk: Page, people: People, layout: dict[str, str]
) -> None:
    """A letter that the layout turns into Arabic, or a digit that it turns into é, is still the key it was."""
    codes = sent_codes(kiosk)
    card = people.alone()
    key_strokes(kiosk, card, layout)
    admitted(kiosk)
    kiosk.click("[data-testid=back]")
    in_state(kiosk, "attract")
    key_strokes(kiosk, "0123456789", layout)
    in_state(kiosk, "refused")
    assert codes == [card, "0123456789"]


# ---- a scanner on a serial line

# Chromium lists real hardware only, never a pseudo-terminal. This port speaks the same interface as Chromium's and is
# made of the browser's own streams; it is pulled out and put back as the real one is.
SERIAL = """() => {
  class Port extends EventTarget {
    readable = null; opened = [];
    async open(options) {
      if (this.held) throw new DOMException("Failed to open serial port.", "NetworkError");
      if (this.readable) throw new DOMException("The port is already open.", "InvalidStateError");
      this.opened.push(options);
      this.renew();
    }
    renew() { this.readable = new ReadableStream({ start: (line) => { this.line = line; } }); }
    async close() { this.readable = null; }
    send(text) { this.line.enqueue(new TextEncoder().encode(text)); }
    noise() { const { line } = this; this.renew(); line.error(new DOMException("framing error", "FramingError")); }
  }
  const serial = new EventTarget();
  const port = new Port();
  const tell = (kind) => {
    const event = new Event(kind);
    Object.defineProperty(event, "target", { value: port });
    serial.dispatchEvent(event);
  };
  port.unplug = () => {
    const { line } = port;
    port.readable = null;
    line.error(new DOMException("The device has been lost.", "NetworkError"));
    tell("disconnect");
  };
  port.plug = () => tell("connect");
  serial.getPorts = async () => [port];
  window.port = port;
  Object.defineProperty(navigator, "serial", { value: serial });
}"""


@pytest.fixture
def serial_kiosk(browser: Browser, server: KioskServer, paired: Any) -> Iterator[Page]:
    """The kiosk with a serial port that it may open."""
    made = browser.new_context(storage_state=paired)
    made.add_init_script(f"({SERIAL})()")
    yield from opened(made, server)
    made.close()


def test_a_serial_scanner_is_read_and_picked_up_again_after_it_was_pulled_out(
    serial_kiosk: Page, people: People
) -> None:
    """In pieces, with noise in between, without an end character, and after the cable was out."""
    page = serial_kiosk
    codes = sent_codes(page)
    page.wait_for_function("() => window.port.readable?.locked")
    assert page.evaluate("() => window.port.opened") == [{"baudRate": 9600}]

    first = people.alone()
    page.evaluate(
        "async code => { for (const part of code.match(/.{1,7}/g)) port.send(part); port.send('\\r\\n'); }", first
    )
    admitted(page)
    assert codes == [first]

    page.evaluate("() => port.noise()")
    page.wait_for_function("() => window.port.readable?.locked")
    second = people.alone()
    page.evaluate("code => port.send('\\x02' + code + '\\x03')", second)  # STX and ETX, no line end: silence ends it
    answered(page, 2)
    admitted(page)
    assert codes == [first, second]

    page.evaluate("() => port.unplug()")
    page.wait_for_function("() => !window.port.readable")
    page.evaluate("() => port.plug()")
    page.wait_for_function("() => window.port.readable?.locked")
    third = people.alone()
    page.evaluate("code => port.send(code + '\\n')", third)
    answered(page, 3)
    admitted(page)
    assert codes == [first, second, third]


def test_a_serial_port_that_another_program_holds_is_tried_again(serial_kiosk: Page, people: People) -> None:
    """A modem manager that probes the port for a second does not cost the scanner."""
    page = serial_kiosk
    codes = sent_codes(page)
    page.wait_for_function("() => window.port.readable?.locked")
    page.evaluate("() => { port.held = true; port.unplug(); port.plug(); }")
    page.wait_for_timeout(300)
    assert page.evaluate("() => port.readable") is None
    page.evaluate("() => { port.held = false; }")
    page.wait_for_function("() => window.port.readable?.locked", timeout=40_000)
    card = people.alone()
    page.evaluate("code => port.send(code + '\\r')", card)
    admitted(page)
    assert codes == [card]


# ---- the camera


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


def test_without_a_camera_nothing_offers_one(kiosk: Page) -> None:
    """A kiosk without one has a reader or its keys."""
    expect(kiosk.locator("[data-testid=open-keypad]")).to_be_visible()
    expect(kiosk.locator("[data-testid=open-camera]")).to_have_count(0)


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


# ---- the keys on the screen


def typed(page: Page) -> str:
    """Return what stands in the field, without its spaces."""
    return page.input_value("[data-testid=code-input]").replace(" ", "")


def test_a_code_can_be_typed_on_an_arabic_keyboard(kiosk: Page, people: People) -> None:
    """One key after the other, slowly; what is under the finger counts, not what the layout writes."""
    card = people.alone()
    kiosk.click("[data-testid=open-keypad]")
    session = kiosk.context.new_cdp_session(kiosk)
    for letter in card:
        one = {"code": f"Key{letter}", "key": ARABIC[letter], "windowsVirtualKeyCode": ord(letter)}
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": ARABIC[letter], **one})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **one})
    assert typed(kiosk) == card
    # Enter right after so quick a burst belongs to a scanner; a finger comes later.
    kiosk.wait_for_timeout(150)
    kiosk.keyboard.press("Enter")
    admitted(kiosk)


@pytest.mark.parametrize("keys", ["arrows", "numbers"])
def test_a_keypad_of_arrows_reaches_every_letter(kiosk: Page, keys: str) -> None:
    """From the field down to the letters, along a row, pressed with Enter; the digits 2 4 6 8 do the same."""
    names = {
        "arrows": {"down": "ArrowDown", "right": "ArrowRight", "press": "Enter"},
        "numbers": {"down": "Numpad2", "right": "Numpad6", "press": "NumpadEnter"},
    }[keys]
    kiosk.click("[data-testid=open-keypad]")
    kiosk.keyboard.press(names["down"])
    letters = []
    for _ in range(4):
        kiosk.wait_for_timeout(120)
        letters.append(kiosk.evaluate("document.activeElement.dataset.letter ?? ''"))
        kiosk.keyboard.press(names["press"])
        kiosk.keyboard.press(names["right"])
    assert all(letters) and len(set(letters)) >= 3, letters
    assert typed(kiosk) == "C" + "".join(letters)
    reached = set()
    for _ in range(6):
        kiosk.keyboard.press(names["down"])
        reached.add(kiosk.evaluate("document.activeElement.dataset.testid ?? ''"))
    assert reached & {"send-code", "erase", "close-keypad"}


@pytest.mark.parametrize(
    ("language", "missing", "strange"), [("ar", "تنقص", "لا توجد في رموزنا"), ("fr", "manque", "n’existent pas")]
)
def test_a_code_that_can_not_be_right_is_not_sent(
    kiosk: Page, people: People, language: str, missing: str, strange: str
) -> None:
    """The field says what is wrong and keeps what was typed."""
    codes = sent_codes(kiosk)
    card = people.alone()
    kiosk.click(f"[data-language={language}]")
    kiosk.click("[data-testid=open-keypad]")
    said = kiosk.locator("[data-testid=code-state]")
    kiosk.fill("[data-testid=code-input]", card[:28])
    kiosk.click("[data-testid=send-code]")
    expect(said).to_contain_text(missing)
    expect(said).to_contain_text("5")
    assert violations(kiosk) == []
    expect(kiosk.locator("[data-testid=code-input]")).to_have_attribute("aria-invalid", "true")
    kiosk.fill("[data-testid=code-input]", card[:28] + "0E")
    expect(said).to_contain_text(strange)
    expect(said).to_contain_text("0 E")
    assert typed(kiosk) == card[:28] + "0E"
    assert codes == []
    kiosk.fill("[data-testid=code-input]", card)
    kiosk.click("[data-testid=send-code]")
    admitted(kiosk)
    assert codes == [card]


def test_the_page_s_scripts_are_small(kiosk: Page, server: KioskServer) -> None:
    """Under 200 kB compressed in all; the reader of codes for the camera is not among them."""
    kiosk.wait_for_function(
        "() => performance.getEntriesByType('resource').some((one) => one.name.includes('socket.io'))"
    )
    names: list[str] = kiosk.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name)")
    scripts = {name for name in names if name.endswith(".js")}
    assert len(scripts) > 20
    assert not any("zxing" in name for name in names)
    sizes = [len(gzip.compress(requests.get(name, timeout=30).content)) for name in scripts]
    assert sum(sizes) < 200_000


def test_only_the_kiosk_s_page_may_compile_the_reader_of_codes(kiosk: Page, server: KioskServer) -> None:
    """And even it runs no text as a script."""
    policy = kiosk.request.get(f"{server.address}/kiosk/K1").headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "'unsafe-eval'" not in policy
    elsewhere = kiosk.request.get(f"{server.address}/not-paired").headers["content-security-policy"]
    assert "wasm" not in elsewhere
