"""A real venue whose printer P1 is driven by an agent: `riwaq serve` and `riwaq print-agent`, each a process."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import select

from checkin_server.db.schema import print_job
from checkin_server.services import access
from checkin_server.services.day import open_and_close
from checkin_server.services.members import enrol
from checkin_server.settings import load_settings
from checkin_server.venues import real, roster
from tests.support import warm
from tests.support.ports import free_port
from tests.support.server import Client, Programs

ROOT = Path(__file__).resolve().parents[2]
_HOURS_MS = 9 * 3_600_000
_PRINTERS = """
[[printer]]
id = "P1"
kind = "agent"
width_mm = 80
"""


class Site:
    """The venue's files, its server, and what its agent says."""

    def __init__(self, folder: Path, riwaq: tuple[str, ...], *, neighbours: bool = False, members: int = 300) -> None:
        self._riwaq = riwaq
        self.folder = folder
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.config = folder / "riwaq.toml"
        self.processes: list[warm.Program | subprocess.Popen[str]] = []
        self.server: warm.Program | subprocess.Popen[str] | None = None
        self.output: list[str] = []
        shutil.copytree(ROOT / "config" / "demo", folder / "demo")
        hall = folder / "demo" / "rabat.toml"
        if not neighbours:
            hall.write_text(re.sub(r"^neighbours = .*$", "", hall.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
        self.config.write_text(
            f'venue = "demo/rabat.toml"\n[server]\nport = {self.port}\n[data]\ndir = "{folder / "data"}"\n'
            f'[database]\npath = "riwaq.db"\nkey_file = "{folder / "keys" / "database.key"}"\n{_PRINTERS}',
            "utf-8",
        )
        self.settings = load_settings(self.config, {})
        real.create(self.settings)
        self.venue = real.open_venue(self.settings)
        people = roster.make_roster(self.settings.plan, members)
        enrol.enrol(self.venue, people.members, people.cards)
        strange = {code for _, code in people.cases}
        eligible = {person.id for person in people.members if person.category == "active"}
        self._codes = iter(
            [c.code for c in people.cards if c.state == "active" and c.member in eligible and c.code not in strange]
        )
        now = self.venue.now()
        open_and_close.open_day(self.venue, self.settings.plan.days[0], now, now + _HOURS_MS)
        self.token_file = folder / "agent.token"
        self.token_file.write_text(access.add_device(self.venue, "print_agent", "P1").token + "\n", "utf-8")
        self.kiosk_token = access.add_device(self.venue, "kiosk", "K1").token
        self._organizer = access.add_device(self.venue, "organizer", "office").token

    # -- processes ---------------------------------------------------------------------------------------------------

    def start_server(self) -> None:
        """Start it, or start it again on the same port."""
        self.server = self._run("serve", "--config", str(self.config))
        wait_for(lambda: requests.get(f"{self.base}/healthz", timeout=2).ok, "the server answers")

    def kill_server(self) -> None:
        """Pull its plug."""
        assert self.server is not None
        self.server.kill()
        self.server.wait(30)

    def start_agent(self, printer_port: int, server: str | None = None) -> warm.Program | subprocess.Popen[str]:
        """Start an agent that prints on a network printer of this machine."""
        return self.start_agent_on("network", "--host", "127.0.0.1", "--port", str(printer_port), server=server)

    def start_agent_on(self, *way: str, server: str | None = None) -> warm.Program | subprocess.Popen[str]:
        """Start an agent with any way to its printer."""
        return self._run(
            *("print-agent", "--server", server or self.base, "--token-file", str(self.token_file)),
            *("--printer", "P1", "--state-dir", str(self.folder / "agent"), "--transport", *way),
        )

    def _run(self, *arguments: str) -> warm.Program | subprocess.Popen[str]:
        process = warm.popen(
            [*self._riwaq, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "RIWAQ_LOG": "WARNING"},
        )
        threading.Thread(target=self._read, args=(process, arguments[0]), daemon=True).start()
        self.processes.append(process)
        return process

    def _read(self, process: warm.Program | subprocess.Popen[str], name: str) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.output.append(f"{name}: {line}")

    def close(self) -> None:
        """End everything that was started here."""
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            if process.poll() is None:
                process.kill()
        self.venue.db.close()
        print("".join(self.output[-60:]))

    # -- the day -----------------------------------------------------------------------------------------------------

    def kiosk(self) -> Client:
        """The kiosk whose tickets the agent prints."""
        return Client(self.base, self.kiosk_token)

    def organizer(self) -> Client:
        """Somebody who watches."""
        return Client(self.base, self._organizer)

    def printer(self) -> dict[str, Any]:
        """The agent's printer on the dashboard."""
        shown: list[dict[str, Any]] = self.organizer().get("/dashboard/snapshot")["data"]["printers"]
        return next(printer for printer in shown if printer["id"] == "P1")

    def agent(self) -> Client:
        """The API as the agent sees it."""
        return Client(self.base, self.token_file.read_text("utf-8").strip())

    def arrive(self, count: int = 1) -> list[str]:
        """Let visitors come; return the ids of their tickets' jobs."""
        kiosk = self.kiosk()
        jobs = []
        for _ in range(count):
            visit = kiosk.scan(next(self._codes))["visit"]["id"]
            jobs.append(kiosk.choose(visit, "reception")["ticket"]["print_job"])
        return jobs

    def jobs(self) -> dict[str, dict[str, Any]]:
        """Every print job by its id, as the database has it."""
        return {row["id"]: row for row in self.venue.db.read(lambda tx: tx.all(select(print_job)))}

    def states(self) -> dict[str, str]:
        """Every job's state."""
        return {job: row["state"] for job, row in self.jobs().items()}

    def settled(self, seconds: float = 60.0) -> dict[str, str]:
        """Wait until no job waits or is under way any more; return the states."""
        wait_for(lambda: not {"queued", "sending"} & set(self.states().values()), "every job is settled", seconds)
        return self.states()


@contextmanager
def a_site(folder: Path, programs: Programs, *, neighbours: bool = False, members: int = 300) -> Iterator[Site]:
    """Run a venue's server and end all its processes afterwards."""
    site = Site(folder, programs.riwaq, neighbours=neighbours, members=members)
    try:
        site.start_server()
        yield site
    finally:
        site.close()


def wait_for(true: Any, what: str, seconds: float = 90.0) -> None:
    """Wait until something holds. Raises AssertionError when it does not in time."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        with suppress(requests.RequestException):
            if true():
                return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds:g} s: {what}")


class Cable:
    """The network between agent and server: passes everything on until it is cut."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self._ends: set[socket.socket] = set()
        self._whole = True
        self._open = True
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break what is under way, at any byte, and let nothing new through."""
        self._whole = False
        for end in tuple(self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Let new connections through again."""
        self._whole = True

    def close(self) -> None:
        """Take it away."""
        self._open = False
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while self._open:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._whole:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self._target), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            self._ends |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(2048):
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            self._ends.discard(end)


def spec_of(row: dict[str, Any]) -> dict[str, Any]:
    """The ticket of a job."""
    spec: dict[str, Any] = json.loads(row["spec"])
    return spec
