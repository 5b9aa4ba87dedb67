"""Kiosks for the browser tests: a venue that can lose its power, or one whose clock the tests move."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.screens import kiosk_pages
from tests.screens.kiosk_pages import PORTRAIT, pair
from tests.screens.kiosk_server import MEMBERS, KioskServer, People
from tests.screens.kiosk_tour import Hall, opened
from tests.support.ports import free_port
from tests.support.server import Programs


@pytest.fixture(scope="module")
def members() -> int:
    """How many people a module's venue knows; a module that uses many cards says more."""
    return MEMBERS


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, members: int, programs: Programs) -> Iterator[KioskServer]:
    """A demo venue that listens, and can be killed and started again."""
    running = KioskServer(tmp_path_factory.mktemp("kiosk") / "venue", free_port(), members, python=programs.python)
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def people(server: KioskServer) -> People:
    """Cards nobody has used yet."""
    return People(server)


@pytest.fixture(scope="module")
def paired(browser: Browser, server: KioskServer) -> Any:
    """The cookies of a browser that is paired as kiosk K1."""
    return pair(browser, server)


@pytest.fixture(scope="module")
def context(browser: Browser, paired: Any) -> Iterator[BrowserContext]:
    """A browser without a camera, shared by the tests that only type."""
    made = browser.new_context(storage_state=paired, viewport={"width": PORTRAIT[0], "height": PORTRAIT[1]})
    yield made
    made.close()


@pytest.fixture
def kiosk(context: BrowserContext, server: KioskServer) -> Iterator[Page]:
    """The kiosk's page, nobody there. Any script error fails the test."""
    yield from kiosk_pages.opened(context, server)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, members: int, programs: Programs) -> Iterator[Hall]:
    """A demo venue with people in it."""
    with programs.demo(tmp_path_factory.mktemp("hall"), "--virtual-clock", "--members", str(members)) as running:
        yield Hall(running)


@pytest.fixture
def page(browser: Browser, hall: Hall) -> Iterator[Page]:
    """A kiosk of `hall`; a script error fails the test."""
    shown = opened(browser, hall.server)
    errors: list[str] = []
    shown.on("pageerror", lambda error: errors.append(str(error)))
    yield shown
    shown.context.close()
    assert errors == []
