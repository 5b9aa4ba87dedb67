"""A whole day through the whole system: simulated visitors and staff use a demo over HTTP, and it is the same day.

This is the acceptance test of everything at once: cards, tickets on paper, the router, boards, tablets, the event log.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal import small
from tests.support.server import DemoServer, demo_server

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(500)]
VISITORS = 40
CURVE = "time,visitors\n09:00,25\n10:00,15\n11:00,0\n"
"""Early enough that every ticket can be kept: which visitor is the first to be turned away hangs on the processor."""


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[DemoServer]:
    """A demo of a small venue: four services, two counters each, on a virtual clock, from nine to `request.param`."""
    venue = small.write(tmp_path / "plan", counters=2, closes=request.param)
    with demo_server(tmp_path, "--virtual-clock", "--venue", str(venue), "--members", "500") as running:
        yield running


def _rehearse(server: DemoServer, *words: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "checkin_server.cli",
        "rehearse",
        "--live",
        server.base,
        "--dir",
        str(server.folder),
    ]
    return subprocess.run(
        [*command, "--virtual-clock", "--json", *words],
        capture_output=True,
        text=True,
        env=server.environment,
        timeout=400,
    )


@pytest.mark.parametrize("server", ["13:00"], indirect=True)
def test_a_day_played_over_http_is_the_day_played_in_this_process(server: DemoServer, tmp_path: Path) -> None:
    """The figures of docs/rehearsal.md's tolerance; nobody is lost; the log, the paper and the database agree."""
    curve = tmp_path / "curve.csv"
    curve.write_text(CURVE, encoding="utf-8")
    done = _rehearse(server, "--scenario", str(curve))
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    live, here = report["policies"]
    assert (live["policy"], here["policy"]) == ("live", "riwaq")

    # Nobody is lost: everybody came, and got what they asked for unless they missed it or it was too late for it.
    assert live["visits"] == here["visits"] == VISITORS
    assert live["services_asked"] == here["services_asked"]
    assert live["services_served"] + live["unserved"] == live["services_asked"]
    assert live["services_served"] >= 0.95 * live["services_asked"]

    # The same day, within the tolerance of docs/rehearsal.md.
    assert abs(live["wait"]["mean"] - here["wait"]["mean"]) <= max(1.5, 0.15 * here["wait"]["mean"])
    assert abs(live["in_venue"]["mean"] - here["in_venue"]["mean"]) <= 0.1 * here["in_venue"]["mean"]
    assert report["live"]["same_calls"] >= 0.95

    # The event log tells what the visitors tell, the paper has every number, the database keeps its promises.
    assert report["live"]["differs_from_log"] == []
    assert (report["live"]["tickets_printed"], report["live"]["tickets_missing"]) == (VISITORS, 0)
    assert len(list((server.folder / "printers" / "P1").glob("*.bin"))) == VISITORS
    assert server.riwaq("db", "check").returncode == 0

    # Its devices are gone, and the day has been: it can't be played a second time.
    devices = json.loads(server.riwaq("devices", "list", "--json").stdout)
    assert {row["station"] for row in devices if row["revoked_at"] is None} == set()
    again = _rehearse(server, "--visitors", "5")
    assert again.returncode == 2 and "has begun" in again.stderr

    # A day that has been is the pattern of the next.
    pattern = server.riwaq("rehearse", "--scenario", report["day"], "--no-advice", "--policy", "riwaq", "--json")
    assert json.loads(pattern.stdout)["visitors"] == VISITORS


@pytest.mark.parametrize("server", ["10:00"], indirect=True)
def test_a_server_that_is_killed_in_the_middle_loses_nobody(server: DemoServer) -> None:
    """Whoever got no answer asks again with the same id: everything happens once, in the log and on paper too."""
    done: list[subprocess.CompletedProcess[str]] = []
    playing = threading.Thread(target=lambda: done.append(_rehearse(server, "--visitors", "10", "--scenario", "calm")))
    playing.start()
    paper = server.folder / "printers" / "P1"
    give_up = time.monotonic() + 120
    while len(list(paper.glob("*.bin"))) < 3 and playing.is_alive() and time.monotonic() < give_up:
        time.sleep(0.05)
    port = server.port
    server.stop(signal.SIGKILL)
    server.start(port)
    playing.join(400)
    assert done and done[0].returncode == 0, done[0].stderr if done else "the rehearsal hangs"
    report = json.loads(done[0].stdout)
    assert report["live"]["retries"] > 0, "the server was away for a moment"
    assert report["live"]["differs_from_log"] == []
    assert report["policies"][0]["visits"] == 10
    assert report["live"]["tickets_missing"] == 0
    assert server.riwaq("db", "check").returncode == 0


@pytest.mark.parametrize("server", ["10:00"], indirect=True)
def test_another_folders_server_and_another_clock_are_refused(server: DemoServer, tmp_path: Path) -> None:
    """Its token opens nothing there; and a demo on the real clock has no clock to be set."""
    from checkin_server import demo

    other = tmp_path / "other"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(server.home))
        demo.set_up(other, 20).close()
    command = [sys.executable, "-m", "checkin_server.cli", "rehearse", "--live", server.base]
    for folder, more, said in (
        (other, ["--virtual-clock"], "does not run the demo in this folder"),
        (server.folder, [], "add --virtual-clock"),
    ):
        refused = subprocess.run(
            [*command, "--dir", str(folder), *more], capture_output=True, text=True, env=server.environment, timeout=60
        )
        assert refused.returncode == 2, refused.stderr
        assert said in refused.stderr
