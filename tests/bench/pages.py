"""Real boards in a real Chromium, each of which notes when it had drawn and when it had painted which call.

A job comes as one line of JSON on standard input: links that open a board. It says `ready` when all are live; when its
input is closed it writes, for each board, when each call (by its step) stood in the page and when it was painted
(seconds of the machine's monotonic clock, which all processes share).
"""

from __future__ import annotations

import json
import sys
import time

from tests.support.chromium import launched

_WATCH = """() => {
  window.painted = {};
  const look = () => {
    const calls = [...document.querySelectorAll("[data-call]")].map((node) => node.dataset.call.split(".")[0]);
    const fresh = calls.filter((call) => !(call in painted));
    for (const call of fresh) painted[call] = null;
    const drawn = Date.now() / 1000;
    // What is asked for in a frame's callback runs after that frame was painted.
    if (fresh.length) requestAnimationFrame(() => setTimeout(() => {
      for (const call of fresh) painted[call] = [drawn, Date.now() / 1000];
    }));
  };
  look();
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true });
}"""


def main() -> None:
    """Do the job on standard input."""
    job = json.loads(sys.stdin.readline())
    with launched(windows=True) as browser:
        boards = []
        for link in job["links"]:
            page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
            page.goto(link)
            page.locator("#waits .wait").first.wait_for()
            page.evaluate(_WATCH)
            boards.append(page)
        print("ready", flush=True)
        while sys.stdin.readline():
            pass
        # Pages know the wall clock only.
        offset = time.time() - time.monotonic()
        noted = [page.evaluate("painted") for page in boards]
        painted = [{call: [at - offset for at in both] for call, both in one.items() if both} for one in noted]
        json.dump({"painted": painted}, sys.stdout)


if __name__ == "__main__":
    main()
