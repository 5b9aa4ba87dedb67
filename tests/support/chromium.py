"""The machine's own Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from playwright.sync_api import Browser, BrowserType, sync_playwright

from tests.support.script_coverage import watched

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# The same Chromium without its windows: a page costs a quarter of the processor time (measured with six contexts, each
# with one page of the demo: 2.9 s against 10.5 s), and pages can't tell the difference.
_WITHOUT_WINDOWS = "chromium-headless-shell"

# Chromium talks to nobody but the pages under test: no updates, no sync, and no name but this machine's resolves.
_SWITCHES = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


class ChromiumMissing(Exception):
    """No Chromium on this machine; the message names the remedy."""


def find_chromium() -> str:
    """Return the path of the machine's Chromium.

    Raises:
        ChromiumMissing: there is none. A test then fails: a skipped one would be taken for a passed one.
    """
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    raise ChromiumMissing("No Chromium on this machine. Run scripts/system_packages.sh, or apt-get install chromium")


def find_headless() -> str:
    """Return the path of Chromium's headless shell where there is one (Debian packages it), else of Chromium itself."""
    return shutil.which(_WITHOUT_WINDOWS) or find_chromium()


@contextmanager
def launched(*switches: str, windows: bool = False) -> Iterator[Browser]:
    """Start a headless Chromium with our switches and `switches`, and close it at the end.

    With `windows` it is the one that kiosks and boards run, for who measures it; without, its pages are `calm`. Its
    sandbox is off: root may not use it, nor may most containers, and it only ever loads our own pages.
    """
    with sync_playwright() as playwright:
        browser = _launch(playwright.chromium, switches, find_chromium() if windows else find_headless())
        if not windows:
            calm(browser)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def another(browser: Browser, *switches: str) -> Iterator[Browser]:
    """Launch a second Chromium with switches of its own beside `browser`, whose Playwright drives both."""
    other = calm(_launch(browser.browser_type, switches, find_headless()))
    try:
        yield other
    finally:
        other.close()


def calm(browser: Browser) -> Browser:
    """Let pages move as little as for somebody who asked for that; `reduced_motion="no-preference"` is for the others.

    Without a graphics card each frame of a movement that never ends (the kiosk's invitation) is drawn by the processor,
    sixty a second for as long as a page is open: a third of what the screens' tests cost.
    """
    browser.new_context = partial(browser.new_context, reduced_motion="reduce")  # type: ignore[method-assign]
    browser.new_page = partial(browser.new_page, reduced_motion="reduce")  # type: ignore[method-assign]
    return browser


def _launch(kind: BrowserType, switches: tuple[str, ...], path: str) -> Browser:
    started = kind.launch(executable_path=path, headless=True, chromium_sandbox=False, args=[*_SWITCHES, *switches])
    return watched(started)
