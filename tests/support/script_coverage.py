"""Which lines of the screens' scripts ran, as Chromium itself counts it: written down for `make coverage`."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Page

FOLDER = "RIWAQ_SCRIPT_COVERAGE"
"""The environment variable that names the folder to write to; without it nothing is counted."""


def watched(browser: Browser) -> Browser:
    """Count in every page of the browser's contexts, when this run is to be counted."""
    if folder := os.environ.get(FOLDER):
        _before(browser, "new_context", lambda made: _watch(made, Path(folder)))
    return browser


def _before(thing: Any, method: str, then: Callable[[Any], None]) -> None:
    """Have `then` look at what a method of `thing` gives, before anybody else does."""
    make = getattr(thing, method)

    def made(*arguments: Any, **how: Any) -> Any:
        result = make(*arguments, **how)
        then(result)
        return result

    setattr(thing, method, made)


def _watch(context: BrowserContext, folder: Path) -> None:
    sessions: list[CDPSession] = []

    def count(page: Page) -> None:
        session = context.new_cdp_session(page)
        session.send("Profiler.enable")
        session.send("Profiler.startPreciseCoverage", {"callCount": False, "detailed": True})
        sessions.append(session)
        # What a page has run is forgotten with the page, and with the next one in its place.
        for method in ("goto", "reload", "close"):
            _first(page, method, lambda: _write(session, folder))

    _before(context, "new_page", count)
    _first(context, "close", lambda: _write_all(sessions, folder))


def _first(thing: Any, method: str, do: Callable[[], object]) -> None:
    """Have something done each time before a method of `thing`."""
    go_on = getattr(thing, method)

    def both(*arguments: Any, **how: Any) -> Any:
        do()
        return go_on(*arguments, **how)

    setattr(thing, method, both)


def _write_all(sessions: list[CDPSession], folder: Path) -> None:
    for session in sessions:
        _write(session, folder)


def _write(session: CDPSession, folder: Path) -> None:
    try:
        taken = session.send("Profiler.takePreciseCoverage")["result"]
    except Error:
        return  # the page has gone already
    ours = [script for script in taken if "/static/" in script["url"] and "/vendor/" not in script["url"]]
    if ours:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{uuid.uuid4().hex}.json").write_text(json.dumps({"result": ours}), "utf-8")
