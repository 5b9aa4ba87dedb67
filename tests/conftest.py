"""Fixtures every test may use. A missing tool is a failure that names the remedy, never a skip."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, expect

from tests.support import chromium, ports, postgres
from tests.support.server import DemoServer, demo_server

# A slow machine is not a failure. Continuous integration tries the same examples each time, so that a red run can be
# repeated; a developer's machine keeps looking for new ones.
hypothesis.settings.register_profile("riwaq", deadline=None, derandomize="CI" in os.environ, print_blob=True)
hypothesis.settings.load_profile("riwaq")
# Nor is a page that paints late because other tests have the cores: what is expected has to come, not to be quick.
expect.set_options(timeout=20_000)


@pytest.fixture
def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses."""
    return ports.free_port()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a real PostgreSQL server, started for this test run (its database `postgres`)."""
    with postgres.running() as url:
        yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The address of a database of its own, empty, on `postgres_url`'s server; dropped after the test."""
    with postgres.new_database(postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium. Take `browser.new_context(...)` for each screen, and close it."""
    with chromium.launched() as started:
        yield started


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[DemoServer]:
    """A demo server of the test's own, with 300 members."""
    with demo_server(tmp_path, "--members", "300") as server:
        yield server


@pytest.fixture(scope="module")
def shared_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """A demo server that a module's tests share; each uses members of its own."""
    with demo_server(tmp_path_factory.mktemp("demo"), "--members", "300") as server:
        yield server
