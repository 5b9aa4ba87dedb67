"""A real demo server in a process of its own, for tests that speak HTTP or drive a browser."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.support import warm
from tests.support.checked import MISFIT

READY_WITHIN_S = 150
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class DemoServer:
    """`riwaq demo` on a free port, with its folder and its own keys."""

    folder: Path
    home: Path
    process: warm.Program | subprocess.Popen[str] | None = None
    base: str = ""
    secret: str = ""
    arguments: tuple[str, ...] = ()
    module: str = "tests.support.checked"
    """What is run as `riwaq`: the same, with every answer held against its type."""
    checkout: Path = ROOT
    """Whose `riwaq` that is: a set-up checkout's."""
    output: list[str] = field(default_factory=list)
    _tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    _sessions: dict[tuple[str, str], str] = field(default_factory=dict)
    _reader: threading.Thread | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the server and of commands: keys in the test's own folder."""
        return {**os.environ, "XDG_CONFIG_HOME": str(self.home), "PYTHONUNBUFFERED": "1"}

    @property
    def _python(self) -> str:
        return sys.executable if self.checkout == ROOT else str(self.checkout / ".venv/bin/python")

    def start(self, port: int = 0) -> None:
        """Start, or start again on the same folder, and wait until it answers."""
        command = [self._python, "-m", self.module, "demo", "--dir", str(self.folder), "--port", str(port)]
        self.output = []
        self.process = warm.popen(
            [*command, *self.arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.environment,
            cwd=self.checkout,
        )
        self._reader = threading.Thread(target=self._read, args=(self.process,), daemon=True)
        self._reader.start()
        give_up = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < give_up:
            text = "".join(self.output)
            found = re.search(r"(http://127\.0\.0\.1:\d+)/demo/(\S+)", text)
            if found:
                self.base, self.secret = found[1], found[2]
                try:
                    if requests.get(f"{self.base}/readyz", timeout=30).ok:
                        return
                except requests.ConnectionError:
                    pass
            if self.process.poll() is not None:
                self._reader.join(timeout=30)  # what it said before it ended
                break
            time.sleep(0.05)
        raise RuntimeError(f"the demo server did not start:\n{''.join(self.output)}")

    def _read(self, process: warm.Program | subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.output.append(line)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.base.rsplit(":", 1)[1])

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop the process (by its id) and return its exit code; fails when an answer did not fit its type."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=30)
        if self._reader is not None:
            self._reader.join(timeout=30)
        misfits = [line for line in self.output if line.startswith(MISFIT)]
        assert not misfits, "".join(misfits)
        return code

    def riwaq(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a `riwaq` command on this server's folder, while it runs."""
        return warm.run(
            [self._python, "-m", "checkin_server.cli", *arguments, "--dir", str(self.folder)],
            input=stdin,
            env=self.environment,
            cwd=self.checkout,
            timeout=300,
        )

    def token(self, role: str, station: str) -> str:
        """Return a device's token: from a one-time link where the start page has one, else by `riwaq devices add`."""
        key = (role, station)
        if key not in self._tokens:
            link = self._start_page_link(role, station)
            if link is not None:
                paired = requests.get(link, allow_redirects=False, timeout=30)
                self._tokens[key] = next(v for name, v in paired.cookies.items() if name.startswith("riwaq_d_"))
            else:
                made = self.riwaq("devices", "add", "--role", role, "--station", station, "--json")
                assert made.returncode == 0, made.stderr
                self._tokens[key] = json.loads(made.stdout)["token"]
        return self._tokens[key]

    def link(self, role: str, station: str) -> str:
        """Return the address that opens a screen in a fresh browser, once."""
        found = self._start_page_link(role, station)
        if found is not None:
            return found
        made = self.riwaq("devices", "link", "--role", role, "--station", station)
        assert made.returncode == 0, made.stderr
        return self.base + made.stdout.strip()

    def _start_page_link(self, role: str, station: str) -> str | None:
        """Press the start page's button; much quicker than a command. None where it has no such button."""
        address = f"{self.base}/demo/{self.secret}/open/{role}/{station}"
        answer = requests.post(address, allow_redirects=False, timeout=30)
        return self.base + answer.headers["Location"] if answer.status_code == 303 else None

    def client(self, role: str, station: str) -> Client:
        """Return an API client that speaks as a device; on an organiser's, Yasmine is signed in."""
        client = Client(self.base, self.token(role, station))
        if role == "organizer":
            key = (role, station)
            if key not in self._sessions:
                self._sessions[key] = client.post("/session", {"staff": "Yasmine", "pin": "5826"})["session_token"]
            client.session.headers["X-Session"] = self._sessions[key]
        return client

    def counter(self, station: str, *, opened: bool = True) -> Client:
        """Return a client of a counter where Nadia is signed in, and open the counter."""
        client = self.client("counter", station)
        answer = client.post("/session", {"staff": "Nadia", "pin": "2580"})
        client.session.headers["X-Session"] = answer["session_token"]
        if opened:
            client.command(f"/counters/{station}/open")
        return client

    def cards(self) -> list[dict[str, str]]:
        """Return the rows of demo-cards.csv."""
        with (self.folder / "demo-cards.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def cases(self) -> dict[str, str]:
        """Return the special codes by case."""
        with (self.folder / "demo-cases.csv").open(encoding="utf-8", newline="") as file:
            return {row["case"]: row["code"] for row in csv.DictReader(file)}


class Client:
    """The API as a device sees it."""

    def __init__(self, base: str, token: str) -> None:
        self.base = base
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def raw(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """Send a request and return the response as it is."""
        return self.session.request(method, f"{self.base}/api/v1{path}", json=body, timeout=30, **more)

    def get(self, path: str) -> Any:
        """GET, expecting success."""
        return self._read(self.raw("GET", path))

    def post(self, path: str, body: Any) -> Any:
        """POST, expecting success."""
        return self._read(self.raw("POST", path, body))

    def command(self, path: str, **body: Any) -> Any:
        """POST a command with a new id, expecting success."""
        return self.post(path, {"command_id": str(uuid.uuid4()), **body})

    def scan(self, code: str, scan_id: str | None = None) -> Any:
        """Scan a code."""
        return self.post("/scans", {"scan_id": scan_id or str(uuid.uuid4()), "code": code})

    def choose(self, visit: str, *services: str, **more: Any) -> Any:
        """Choose services for a visit."""
        body = {"command_id": str(uuid.uuid4()), "services": list(services), **more}
        return self._read(self.raw("PUT", f"/visits/{visit}/services", body))

    @staticmethod
    def _read(answer: requests.Response) -> Any:
        assert answer.ok, f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text}"
        return answer.json()


@contextmanager
def demo_server(folder: Path, *arguments: str, module: str = "tests.support.checked") -> Iterator[DemoServer]:
    """Run a demo server below `folder` and stop it afterwards, whatever happens; `module` is run as `riwaq`."""
    server = DemoServer(folder / "venue", folder / "config", arguments=arguments, module=module)
    server.start()
    try:
        yield server
    finally:
        if server.process is not None and server.process.poll() is None:
            server.stop()
        # pytest shows this beside a failed test.
        print("".join(server.output))


class Programs:
    """What starts Riwaq's own programs for a test, each in a process of its own."""

    python = sys.executable
    riwaq = (sys.executable, "-m", "checkin_server.cli")
    """The command `riwaq`, as a process is started with."""

    @staticmethod
    def demo(
        folder: Path, *arguments: str, module: str = "tests.support.checked"
    ) -> AbstractContextManager[DemoServer]:
        """Run a demo server below `folder`, as `demo_server` does."""
        return demo_server(folder, *arguments, module=module)
