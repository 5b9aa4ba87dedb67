"""One real kiosk in a real Chromium: how soon it is ready after a cold start, how soon a scan's greeting is painted.

A job comes as one line of JSON on standard input: a one-time link, the codes to scan, how many cold starts. It says
`ready` when the page is paired; a line sets it going; then it writes milliseconds as JSON.

A scan's letters are written at once; its Enter is a real key press, sent through the browser's input pipeline. The
clock runs from the moment the browser got that key (`Event.timeStamp`) until after the frame that shows the greeting.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize

from tests.support.chromium import launched

_SIZE: ViewportSize = {"width": 1080, "height": 1920}
_BETWEEN_MS = 700
"""Until the next card; the greeting is still there then, and the screen is cleared for it first."""
_TRIES = 3

# Runs before any script of the page. The task after a frame's callbacks comes when that frame has been painted.
_WATCH = """() => {
  window.painted = { ready: null, scans: [] };
  let pressed = null;
  const after = (note) => requestAnimationFrame(() => setTimeout(() => note(performance.now())));
  addEventListener("keydown", (event) => { if (event.code === "Enter") pressed = event.timeStamp; }, { capture: true });
  const look = () => {
    const { state } = document.body?.dataset ?? {};
    if (state === "attract" && painted.ready === null && document.querySelector(".hall-waits li, .hall-news")) {
      painted.ready = 0;
      after((now) => { painted.ready = now; });
    }
    if ((state === "greeting" || state === "company") && pressed !== null) {
      const from = pressed;
      pressed = null;
      after((now) => painted.scans.push(now - from));
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
}"""

_LETTERS = """code => {
  const key = (letter) => ({ code: `Key${letter}`, key: letter.toLowerCase(), bubbles: true, cancelable: true });
  for (const letter of code) dispatchEvent(new KeyboardEvent("keydown", key(letter)));
}"""


def cold_start(browser: Browser, state: Any, address: str) -> float:
    """Open the page with an empty cache; return the milliseconds until the invitation with its waits is painted."""
    context = browser.new_context(storage_state=state, viewport=_SIZE)
    context.add_init_script(f"({_WATCH})()")
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("() => painted.ready > 0")
    ready: float = page.evaluate("painted.ready")
    context.close()
    return ready


def scan(page: Page, keys: Any, code: str) -> None:
    """Show a card; again where the machine stalled between two keys, so that it was no scan."""
    before = page.evaluate("painted.scans.length")
    enter = {"code": "Enter", "key": "Enter", "windowsVirtualKeyCode": 13}
    for _ in range(_TRIES):
        page.evaluate(_LETTERS, code)
        keys.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": "\\r", **enter})
        keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
        page.wait_for_timeout(_BETWEEN_MS)
        if page.evaluate("painted.scans.length") > before:
            return


def main() -> None:
    """Do the job on standard input."""
    job = json.loads(sys.stdin.readline())
    with launched(windows=True) as browser:
        context = browser.new_context(viewport=_SIZE)
        context.add_init_script(f"({_WATCH})()")
        page = context.new_page()
        page.goto(job["link"])
        page.wait_for_function("() => painted.ready > 0")
        state, address = context.storage_state(), page.url
        keys = context.new_cdp_session(page)
        scan(page, keys, job["codes"][0])  # the first one compiles the scripts' paths
        print("ready", flush=True)
        sys.stdin.readline()
        page.evaluate("() => { painted.scans = [] }")
        for code in job["codes"][1:]:
            scan(page, keys, code)
        scans = page.evaluate("painted.scans")
        starts = [cold_start(browser, state, address) for _ in range(job["starts"])]
        json.dump({"scan_ms": scans, "start_ms": starts}, sys.stdout)


if __name__ == "__main__":
    main()
