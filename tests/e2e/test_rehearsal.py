"""A whole day through the whole system: simulated visitors and staff use a demo over HTTP, and it is the same day.

This is the acceptance test of everything at once: cards, tickets on paper, the router, boards, tablets, the event log.
"""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal import small
from tests.support import warm
from tests.support.server import DemoServer, Programs

pytestmark = pytest.mark.timeout(900)
VISITORS = 25
CURVE = "time,visitors\n09:00,16\n10:00,9\n11:00,0\n"
"""Early enough that every ticket can be kept."""


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest, programs: Programs) -> Iterator[DemoServer]:
    """A demo of a small venue: four services, two counters each, from nine to `closes`; more words for `riwaq demo`."""
    closes, *words = request.param.split()
    venue = small.write(tmp_path / "plan", counters=2, closes=closes)
    with programs.demo(tmp_path, "--venue", str(venue), "--members", "500", *words) as running:
        yield running


def _rehearse(server: DemoServer, *words: str) -> subprocess.CompletedProcess[str]:
    command = [*warm.RIWAQ, "rehearse", "--live", server.base, "--dir", str(server.folder), "--json", *words]
    return warm.run(command, env=server.environment, timeout=800)


def _figures(done: subprocess.CompletedProcess[str]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The live day's figures, those of the same day in this process, and what only a live rehearsal knows."""
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    live, here = report["policies"]
    assert (live["policy"], here["policy"]) == ("live", "riwaq")
    return live, here, report["live"]


def _all_of_one_piece(server: DemoServer, seen: dict[str, Any], visits: int) -> None:
    """The event log tells what the visitors tell, calls are on boards, numbers on paper, the database is whole."""
    assert seen["differs_from_log"] == []
    assert seen["calls"] > visits and seen["calls_not_shown"] == 0
    assert (seen["tickets_printed"], seen["tickets_missing"]) == (visits, 0)
    assert len(list((server.folder / "printers" / "P1").glob("*.bin"))) == visits
    assert server.riwaq("db", "check").returncode == 0


@pytest.mark.parametrize("server", ["13:00 --virtual-clock"], indirect=True)
def test_a_day_played_over_http_is_the_day_played_in_this_process(server: DemoServer, tmp_path: Path) -> None:
    """The figures of docs/rehearsal.md's tolerance; nobody is lost; the log, the paper and the database agree."""
    curve = tmp_path / "curve.csv"
    curve.write_text(CURVE, encoding="utf-8")
    done = _rehearse(server, "--virtual-clock", "--scenario", str(curve))
    live, here, seen = _figures(done)

    # Nobody is lost: everybody came, and got what they asked for unless they missed it or it was too late for it.
    assert live["visits"] == here["visits"] == VISITORS
    assert live["services_asked"] == here["services_asked"]
    assert live["services_served"] + live["unserved"] == live["services_asked"]
    assert live["services_served"] >= 0.95 * live["services_asked"]

    # The same day, within the tolerance of docs/rehearsal.md.
    assert abs(live["wait"]["mean"] - here["wait"]["mean"]) <= max(1.5, 0.15 * here["wait"]["mean"])
    assert abs(live["in_venue"]["mean"] - here["in_venue"]["mean"]) <= 0.1 * here["in_venue"]["mean"]
    assert seen["same_calls"] >= 0.95
    _all_of_one_piece(server, seen, VISITORS)

    # Its devices are gone, and the day has been: it can't be played a second time.
    devices = json.loads(server.riwaq("devices", "list", "--json").stdout)
    assert {row["station"] for row in devices if row["revoked_at"] is None} == set()
    again = _rehearse(server, "--virtual-clock", "--visitors", "5")
    assert again.returncode == 2 and "has begun" in again.stderr

    # A day that has been is the pattern of the next.
    pattern = server.riwaq(
        "rehearse", "--scenario", json.loads(done.stdout)["day"], "--no-advice", "--policy", "riwaq", "--json"
    )
    assert json.loads(pattern.stdout)["visitors"] == VISITORS


@pytest.mark.parametrize("server", ["11:00 --virtual-clock --scenario mixed"], indirect=True)
def test_families_precedence_holds_and_last_tickets_are_the_same_day_too(server: DemoServer) -> None:
    """More come than can be served: the same visitors are turned away from the same services."""
    done = _rehearse(server, "--virtual-clock", "--scenario", "mixed", "--visitors", "40")
    assert done.stderr == "", "everything of the scenario is played"
    live, here, seen = _figures(done)
    assert seen["refused"]["services_refused"] > 0, "nobody was turned away: this day shows nothing"
    assert seen["same_calls"] >= 0.95
    assert abs(live["unserved"] - here["unserved"]) <= 2
    assert abs(live["wait"]["mean"] - here["wait"]["mean"]) <= max(1.5, 0.15 * here["wait"]["mean"])
    assert [row["asked"] for row in live["services"]] == [row["asked"] for row in here["services"]]
    assert seen["differs_from_log"] == [] and seen["calls_not_shown"] == 0 and seen["tickets_missing"] == 0


@pytest.mark.parametrize("server", ["10:00"], indirect=True)
def test_a_day_on_the_real_clock_moves_boards_and_paper(server: DemoServer) -> None:
    """A morning in half a minute: a hold, a call that nobody hears; and the demo can be rehearsed on once more.

    A machine that is too slow for the speed only takes longer: visitors and staff wait for its answers.
    """
    done = _rehearse(server, "--speed", "240", "--scenario", "mixed", "--visitors", "24", "--seed", "13")
    assert "start `riwaq demo --scenario mixed`" in done.stderr, "its plan has no precedence, and that is said"
    live, here, seen = _figures(done)
    assert (seen["clock"], seen["speed"], seen["same_calls"]) == ("real", 240, None)
    assert live["services_asked"] == here["services_asked"]
    assert live["services_served"] + live["unserved"] == live["services_asked"]
    assert live["services_served"] >= 0.9 * live["services_asked"]
    assert live["missed_calls_per_100"] > 0, "the call that nobody hears"
    _all_of_one_piece(server, seen, 24)

    # Other families come the second time; numbers go on.
    _, _, seen = _figures(_rehearse(server, "--speed", "600", "--visitors", "3"))
    assert seen["differs_from_log"] == [] and (seen["tickets_printed"], seen["calls_not_shown"]) == (3, 0)


@pytest.mark.parametrize("server", ["10:00 --virtual-clock"], indirect=True)
def test_a_server_that_is_killed_in_the_middle_loses_nobody(server: DemoServer) -> None:
    """Whoever got no answer asks again with the same id: everything happens once, in the log and on paper too."""
    done: list[subprocess.CompletedProcess[str]] = []
    playing = threading.Thread(
        target=lambda: done.append(_rehearse(server, "--virtual-clock", "--visitors", "10", "--scenario", "calm"))
    )
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


@pytest.mark.parametrize("server", ["10:00 --virtual-clock"], indirect=True)
def test_another_folders_server_and_another_clock_are_refused(server: DemoServer, tmp_path: Path) -> None:
    """Its token opens nothing there; and a demo on the real clock has no clock to be set."""
    from checkin_server.venues import demo

    other = tmp_path / "other"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(server.home))
        demo.set_up(other, 20).close()
    command = [*warm.RIWAQ, "rehearse", "--live", server.base]
    for folder, more, said in (
        (other, ["--virtual-clock"], "does not run the demo in this folder"),
        (server.folder, [], "add --virtual-clock"),
    ):
        refused = warm.run([*command, "--dir", str(folder), *more], env=server.environment, timeout=60)
        assert refused.returncode == 2, refused.stderr
        assert said in refused.stderr
