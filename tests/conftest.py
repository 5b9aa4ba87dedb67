"""Fixtures every test may use. A missing tool is a failure that names the remedy, never a skip."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, expect

from tests.support import chromium, ports, postgres
from tests.support.faults import SEED, Faults
from tests.support.server import DemoServer, Programs

# What was compiled once is kept, also where the machine says otherwise: else each of five processes would write every
# assertion anew (8 s of the processor each), and each server compile all of Riwaq (half a second).
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# What makes bills of materials brings lxml, which a venue's machine has not: workbooks are read as there.
os.environ["OPENPYXL_LXML"] = "False"

# A slow machine is not a failure. Continuous integration tries the same examples each time, so that a red run can be
# repeated; a developer's machine keeps looking for new ones.
hypothesis.settings.register_profile("riwaq", deadline=None, derandomize="CI" in os.environ, print_blob=True)
hypothesis.settings.load_profile("riwaq")
# Nor is a page that paints late because other tests have the cores: what is expected has to come, not to be quick.
expect.set_options(timeout=20_000)

# What a test needs says what it is; nobody marks by hand.
MARKS = {
    "browser": "e2e",
    "postgres_url": "postgres",
    "postgres_server": "postgres",
    "programs": "programs",
    "faults": "faults",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what `make faults` says."""
    group = parser.getgroup("riwaq", "Riwaq's long tests")
    group.addoption("--faults", action="store_true", help="play the tests of faults whole, not a slice of each")
    group.addoption("--faults-count", type=int, metavar="N", help="with --faults: how often each plays")
    group.addoption("--faults-seed", type=int, metavar="SEED", default=SEED, help="what they draw by")


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say the seed of a long run, so that it can be played again."""
    return f"faults: SEED={config.getoption('--faults-seed')}" if config.getoption("--faults") else None


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Take twice as many processes as there are cores: many a test waits for a page, a clock or a printer."""
    cores = len(os.sched_getaffinity(0))
    return 2 * cores


# First, so that `-m` sees the marks.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the fixtures it uses, its database among them."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        for fixture, mark in MARKS.items():
            if fixture in fixtures:
                item.add_marker(mark)
        if "postgres" in getattr(getattr(item, "callspec", None), "params", {}).values():
            item.add_marker("postgres")


def pytest_collection_finish() -> None:
    """Keep PINs by a light hash in this process, where a test that was collected knows them."""
    if "checkin_server.services.access.pins" in sys.modules:
        from tests.support import light_hashes

        light_hashes.install()


@pytest.fixture(scope="session")
def faults(pytestconfig: pytest.Config) -> Faults:
    """How long a test that blows a storm goes on. Tests that use it are what `make faults` plays whole."""
    option = pytestconfig.getoption
    return Faults(option("--faults-seed"), option("--faults-count"), option("--faults"))


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


@pytest.fixture(scope="session")
def programs() -> Programs:
    """What starts Riwaq's own programs as processes; dear, so `make quick` leaves out who uses it."""
    return Programs()


@pytest.fixture
def demo(tmp_path: Path, programs: Programs) -> Iterator[DemoServer]:
    """A demo server of the test's own, with 300 members."""
    with programs.demo(tmp_path, "--members", "300") as server:
        yield server


@pytest.fixture(scope="module")
def shared_demo(tmp_path_factory: pytest.TempPathFactory, programs: Programs) -> Iterator[DemoServer]:
    """A demo server that a module's tests share; each uses members of its own."""
    with programs.demo(tmp_path_factory.mktemp("demo"), "--members", "300") as server:
        yield server
