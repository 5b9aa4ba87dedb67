"""A server whose store is away: what screens and technicians are told, by a real process, and that nothing is lost.

The rules stand in `tests/db/test_store_trouble.py`; here the server runs under gevent, with its background and its log.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from checkin_server.services import access
from checkin_server.services.members import enrol
from checkin_server.settings import load_settings
from checkin_server.venues import demo, real, roster
from tests.support import postgres, slow_disk, warm
from tests.support.ports import free_port
from tests.support.server import Client, DemoServer, Programs
from tests.support.together import together

_PATIENCE_S = 90
_SAID = "checkin_server.db.health"


class Hall:
    """`riwaq serve` on a PostgreSQL server of its own, with a kiosk and a dashboard."""

    def __init__(self, folder: Path, database: postgres.Server) -> None:
        self.database = database
        self.folder = folder
        self.config = self.settings("data")
        settings = load_settings(self.config, {})
        real.create(settings)
        venue = real.open_venue(settings)
        people = roster.make_roster(settings.plan, 40)
        enrol.enrol(venue, people.members, people.cards)
        ordinary = {code for case, code in people.cases if case != "new_card"}
        self.codes = iter([card.code for card in people.cards if card.state == "active" and card.code not in ordinary])
        self._tokens = {
            role: access.add_device(venue, role, at).token for role, at in (("kiosk", "K1"), ("organizer", "office"))
        }
        demo.open_now(venue, settings.plan.days[0])
        venue.db.close()
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.output = folder / "output"
        self.process = self.serve(self.config, self.port)
        until(lambda: self.ready()["ok"])
        self.kiosk, self.dashboard = (Client(self.base, self._tokens[role]) for role in ("kiosk", "organizer"))

    def settings(self, data: str) -> Path:
        """Write a settings file with a data folder of its own."""
        config = self.folder / f"{data}.toml"
        config.write_text(
            f'venue = "{demo.CONFIG}"\n[server]\nhost = "127.0.0.1"\nport = 8080\n'
            f'[database]\nurl = "{self.database.url}"\n[data]\ndir = "{data}"\n'
        )
        return config

    def serve(self, config: Path, port: int) -> warm.Program | subprocess.Popen[bytes]:
        """Start a server."""
        with self.output.open("ab") as output:
            return warm.popen(
                [*warm.RIWAQ, "serve", "--config", str(config), "--port", str(port)],
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def ready(self) -> dict[str, Any]:
        """Return what `/readyz` says of the database; whatever hangs, it answers."""
        try:
            checks: dict[str, Any] = requests.get(f"{self.base}/readyz", timeout=10).json()["checks"]
        except requests.ConnectionError:
            return {"ok": False}
        return dict(checks["database"])

    def scan(self, code: str, scan_id: str) -> requests.Response:
        """Scan a card, as a kiosk does that does not repeat itself."""
        return self.kiosk.raw("POST", "/scans", {"scan_id": scan_id, "code": code})

    def troubles(self) -> list[str]:
        """Return what the dashboard says of the store."""
        shown = self.dashboard.get("/dashboard/snapshot")["data"]["trouble"]
        return [one["error"] for one in shown if one["code"] == "store_failing"]


def until(seen: Callable[[], Any]) -> Any:
    """Wait until something is seen, and return it."""
    give_up = time.monotonic() + _PATIENCE_S
    while not (found := seen()):
        assert time.monotonic() < give_up, seen
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, programs: Programs) -> Iterator[Hall]:
    """One server for this module's tests; each lets its store recover."""
    with postgres.server() as database:
        made = Hall(tmp_path_factory.mktemp("hall"), database)
        try:
            yield made
        finally:
            made.process.send_signal(signal.SIGTERM)
            made.process.wait(30)
            print(made.output.read_text())
        assert "Traceback" not in made.output.read_text(), "what the store has is no fault of ours"


@contextmanager
def away(hall: Hall, begin: Callable[[], None], end: Callable[[], None]) -> Iterator[None]:
    """Have the store be away, and see it come back and be said once."""
    before = hall.output.read_text().count("the store takes nothing")
    begin()
    try:
        yield
    finally:
        end()
    until(lambda: hall.ready()["ok"])
    said = hall.output.read_text().count("the store takes nothing") - before
    assert 1 <= said <= 2, "when it begins, and at most once more when its name changes"


@pytest.mark.parametrize("how", ["restarts", "hangs"])
def test_while_the_database_server_is_away_everybody_is_told_and_the_same_scan_is_done_afterwards(
    hall: Hall, how: str
) -> None:
    """A kiosk gets 503 and when to ask again, readyz and the dashboard say what it is; then the same id is admitted."""
    code, scan_id = next(hall.codes), str(uuid.uuid4())
    hall.dashboard.get("/dashboard/snapshot")
    hall.kiosk.get("/services")  # both are known to the doorkeeper
    database = hall.database
    begin, end = (database.stop, database.start) if how == "restarts" else (database.hang, database.go_on)
    errors = {"unreachable"} if how == "restarts" else {"unknown", "unreachable"}
    with away(hall, begin, end):
        for _ in range(3):
            refused = hall.scan(code, scan_id)
            assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
            assert int(refused.headers["Retry-After"]) > 0
        assert until(lambda: hall.ready().get("error")) in errors
        assert hall.ready()["for_s"] >= 0
        assert set(until(hall.troubles)) <= errors
        asked = requests.get(
            f"{hall.base}/kiosk/K1", headers={"Accept": "text/html"}, cookies={"riwaq_d_x": "?"}, timeout=10
        )
        assert asked.status_code == 503 and 'lang="zgh"' in asked.text and 'http-equiv="refresh"' in asked.text
    assert hall.scan(code, scan_id).json()["outcome"] == "admitted"
    assert hall.scan(code, scan_id).json()["outcome"] == "admitted", "the first answer again"
    assert until(lambda: hall.troubles() == [])


def test_a_second_server_on_the_same_database_is_refused_in_words(hall: Hall, tmp_path: Path) -> None:
    """Whatever data folder and port it has; the first one goes on, also after its database restarted."""

    def second() -> None:
        other = warm.run([*warm.RIWAQ, "serve", "--config", str(hall.settings("other")), "--port", "0"], timeout=200)
        assert (other.returncode, other.stdout) == (1, "")
        assert "a server is running on this venue's database already (riwaq" in other.stderr
        assert f"process {hall.process.pid}" in other.stderr and "stop it first" in other.stderr

    def taken_again() -> int:
        return hall.output.read_text().count("holds its venue's database again")

    second()
    before = taken_again()  # by an earlier test's restart
    hall.database.stop()
    hall.database.start()
    until(lambda: taken_again() > before)
    until(lambda: hall.ready()["ok"])
    second()
    assert hall.ready()["ok"]


def test_a_server_that_lost_its_venue_to_another_stops_and_says_so(hall: Hall, tmp_path: Path) -> None:
    """Two would undo each other's calls."""
    first = hall.process
    os.kill(first.pid, signal.SIGSTOP)  # its machine sleeps
    with psycopg.connect(hall.database.url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    hall.port = free_port()
    hall.base = f"http://127.0.0.1:{hall.port}"
    hall.process = hall.serve(hall.settings("other"), hall.port)
    try:
        until(lambda: hall.ready()["ok"])
    finally:
        os.kill(first.pid, signal.SIGCONT)
    assert first.wait(60) == 1
    assert "stopped: a server is running on this venue's database already" in hall.output.read_text()
    assert hall.ready()["ok"]
    for client in (hall.kiosk, hall.dashboard):
        client.base = hall.base


def test_a_disk_that_takes_nothing_is_named_and_the_same_command_is_done_once_it_does(demo: DemoServer) -> None:
    """The embedded database, in a real process that may write no further: choices and scans wait, none is half done."""
    kiosk = demo.client("kiosk", "K1")
    organizer = demo.client("organizer", "office")
    codes = [card["code"] for card in demo.cards()]
    inside = kiosk.scan(codes[0])["visit"]["id"]
    pid = demo.process.pid if demo.process else 0
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
    scan = {"scan_id": str(uuid.uuid4()), "code": codes[1]}
    choice = {"command_id": str(uuid.uuid4()), "services": ["health"]}
    try:
        assert kiosk.raw("POST", "/scans", scan).status_code == 503
        assert kiosk.raw("PUT", f"/visits/{inside}/services", choice).status_code == 503
        assert kiosk.get(f"/visits/{inside}")["number"] is None, "what can be read is read"
        until(
            lambda: (
                requests.get(f"{demo.base}/readyz", timeout=10).json()["checks"]["database"].get("error")
                == "disk_error"
            )
        )
        told = until(
            lambda: [
                one for one in organizer.get("/dashboard/snapshot")["data"]["trouble"] if one["code"] == "store_failing"
            ]
        )
        assert told[0]["error"] == "disk_error"
        doctor = demo.riwaq("doctor", "--port", str(demo.port))
        assert doctor.returncode == 1
        assert "STOP database   the running server's is in trouble" in doctor.stdout and "(disk_error)" in doctor.stdout
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))
    assert kiosk.raw("POST", "/scans", scan).json()["outcome"] == "admitted"
    chosen = kiosk.raw("PUT", f"/visits/{inside}/services", choice).json()
    assert (chosen["number"], kiosk.raw("PUT", f"/visits/{inside}/services", choice).json()["number"]) == (1, 1)
    until(lambda: requests.get(f"{demo.base}/readyz", timeout=10).ok)
    assert demo.riwaq("db", "check").returncode == 0
    output = "".join(demo.output)
    assert output.count("the store takes nothing") == 1 and "Traceback" not in output


def test_however_many_scans_hang_on_a_frozen_disk_everybody_is_told_and_the_same_scans_are_done_afterwards(
    tmp_path: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty scans, screens and a clerk at once, as screens that wait send them again: none stops the server."""
    hangs = tmp_path / "hangs"
    monkeypatch.setenv(slow_disk.HANGS, str(hangs))
    with programs.demo(tmp_path, "--members", "120", module="tests.support.slow_disk") as server:
        kiosk = server.client("kiosk", "K1")
        screens = [
            (kiosk, "/services"),
            (server.client("organizer", "office"), "/dashboard/snapshot"),
            (server.client("board", "hall"), "/boards/hall/snapshot"),
        ]
        tablet = server.client("counter", "bank-1")
        scans = [{"scan_id": str(uuid.uuid4()), "code": card["code"]} for card in server.cards()[:40]]
        for client, path in screens:
            client.get(path)

        def ready() -> int:
            return requests.get(f"{server.base}/readyz", timeout=10).status_code

        def refused(client: Client, method: str, path: str, body: Any = None) -> int:
            headers = dict(client.session.headers)
            return requests.request(
                method, f"{client.base}/api/v1{path}", json=body, headers=headers, timeout=30
            ).status_code

        everybody = [
            *(partial(refused, kiosk, "POST", "/scans", scan) for scan in scans),
            *(partial(refused, client, "GET", path) for client, path in screens * 8),
            partial(refused, tablet, "POST", "/session", {"staff": "Nadia", "pin": "2580"}),
        ]
        kiosk.post("/scans", {"scan_id": str(uuid.uuid4()), "code": server.cards()[50]["code"]})
        hangs.touch()
        try:
            for _ in range(2):
                told = together(everybody)
                assert set(told[: len(scans)]) == {503}
                assert set(told) <= {200, 503}, "what needs no disk may be answered"
                assert ready() == 503
        finally:
            hangs.unlink()
        until(lambda: ready() == 200)
        assert {kiosk.post("/scans", scan)["outcome"] for scan in scans} <= {"admitted", "refused"}
        assert kiosk.post("/scans", scans[0]) == kiosk.post("/scans", scans[0])
        assert server.riwaq("db", "check").returncode == 0
        assert "Traceback" not in "".join(server.output), "what the store has is no fault of ours"
