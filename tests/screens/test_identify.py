"""Every way a card's code reaches the kiosk, in Chromium: scanners that type, serial ones, the camera, fingers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.screens.kiosk_pages import in_state, key_strokes, opened
from tests.screens.kiosk_server import KioskServer, People
from tests.screens.readers import ARABIC, admitted, answered, sent_codes

FRENCH = dict(zip("1234567890", "&é\"'(-è_çà", strict=True))


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
