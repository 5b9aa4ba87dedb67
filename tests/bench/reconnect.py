"""A real board in a real Chromium on a line that is cut and mended: how soon after it is back does it show the truth?

A job comes as one line of JSON on standard input: the server's port and a link that opens a board. It says `ready`.
Then, for each line, `cut` pulls the cable (and it says `cut`), and a call's step mends it: it answers with the seconds
from the first connection after that, and from the mending, until the call is on the screen.
"""

from __future__ import annotations

import json
import sys
import time

from tests.support.chromium import launched
from tests.support.cut import line_to

_SHOWN = "step => [...document.querySelectorAll('[data-call]')].some((node) => node.dataset.call.startsWith(step))"


def main() -> None:
    """Do the job on standard input."""
    job = json.loads(sys.stdin.readline())
    with line_to(job["port"]) as line, launched(windows=True) as browser:
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.goto(job["link"].replace(f":{job['port']}/", f":{line.port}/"))
        page.locator("#waits .wait").first.wait_for()
        print("ready", flush=True)
        for told in sys.stdin:
            word = json.loads(told)
            if word == "cut":
                line.cut()
                print("cut", flush=True)
                continue
            mended = time.monotonic()
            line.mend()
            page.wait_for_function(_SHOWN, arg=word, timeout=30_000)
            shown = time.monotonic()
            assert line.first_after_mending is not None
            print(json.dumps([shown - line.first_after_mending, shown - mended]), flush=True)


if __name__ == "__main__":
    main()
