"""Who may do what, on a server set up from the example files as they are shipped; a demo is no proof of that."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.ports import free_port
from tests.support.server import ROOT, Client, Programs

DAY = "2019-12-27"


class Served:
    """`riwaq serve` on copies of `config/example.toml` and the hall that it names."""

    def __init__(self, folder: Path, programs: Programs) -> None:
        self.folder, self._riwaq = folder, programs.riwaq
        shutil.copytree(ROOT / "config" / "demo", folder / "etc" / "demo")
        text = (ROOT / "config" / "example.toml").read_text(encoding="utf-8")
        text = text.replace("/var/lib/riwaq", str(folder / "data")).replace("/etc/riwaq", str(folder / "etc"))
        self.config = folder / "etc" / "riwaq.toml"
        self.config.write_text(text, encoding="utf-8")
        self.base = f"http://127.0.0.1:{(port := free_port())}"
        self.run("init")
        self.run("staff", "add", "Nadia", "--pin", "-", stdin="2580")
        self.run("staff", "add", "Amina", "--role", "organizer", "--pin", "-", stdin="5826")
        self._process = subprocess.Popen(
            [*self._riwaq, "serve", "--config", str(self.config), "--host", "127.0.0.1", "--port", str(port)],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        give_up = time.monotonic() + 120
        while time.monotonic() < give_up:
            try:
                if requests.get(f"{self.base}/healthz", timeout=30).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start")

    @property
    def _environment(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not name.startswith("RIWAQ_")}

    def run(self, *words: str, stdin: str = "") -> str:
        """Run a command on this venue; return what it printed."""
        done = subprocess.run(
            [*self._riwaq, *words, "--config", str(self.config)],
            input=stdin,
            capture_output=True,
            text=True,
            env=self._environment,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def client(self, role: str, station: str) -> Client:
        """Return a client that speaks as a new device; nobody is signed in there."""
        made = self.run("devices", "add", "--role", role, "--station", station, "--json")
        return Client(self.base, json.loads(made)["token"])

    def stop(self) -> None:
        """Stop the server."""
        self._process.terminate()
        self._process.wait(60)


@pytest.fixture
def served(tmp_path: Path, programs: Programs) -> Iterator[Served]:
    """A venue as its technician sets it up, with two of staff."""
    venue = Served(tmp_path, programs)
    yield venue
    venue.stop()


def code_of(answer: requests.Response) -> tuple[int, str]:
    """Return a problem's status and code."""
    return answer.status_code, answer.json()["code"]


def test_a_device_reads_and_a_person_acts(served: Served) -> None:
    """The dashboard hangs on the wall; the day is opened, a screen let in and cut off by somebody with a name."""
    office = served.client("organizer", "dashboard")
    assert office.get("/dashboard/snapshot")["data"]["day"] is None
    command = {"command_id": str(uuid.uuid4()), "day": DAY}
    assert code_of(office.raw("POST", "/day/open", command)) == (401, "no_session")
    assert code_of(office.raw("POST", "/session", {"staff": "Nadia", "pin": "2580"})) == (403, "wrong_role")
    office.session.headers["X-Session"] = office.post("/session", {"staff": "Amina", "pin": "5826"})["session_token"]
    assert office.post("/day/open", command)["state"] == "open"

    asked = requests.post(f"{served.base}/api/v1/pairings", timeout=30).json()
    wish = {"code": asked["code"], "station": "hall"}
    assert code_of(office.raw("POST", "/pairings/approve", {**wish, "role": "privacy"})) == (403, "more_rights")
    office.post("/pairings/approve", {**wish, "role": "board"})
    claim = f"{served.base}/api/v1/pairings/{asked['pairing_id']}/claim"
    board = requests.post(claim, json={"secret": asked["secret"]}, timeout=30).json()
    assert office.raw("DELETE", f"/devices/{board['device_id']}").ok
    assert code_of(Client(served.base, board["token"]).raw("GET", "/venue")) == (401, "unauthenticated")

    tablet = served.client("counter", "bank-1")
    nobody = Client(served.base, str(tablet.session.headers["Authorization"]).split()[1])
    tablet.session.headers["X-Session"] = tablet.post("/session", {"staff": "Nadia", "pin": "2580"})["session_token"]
    tablet.command("/counters/bank-1/open")
    assert nobody.get("/counters/bank-1/snapshot")["data"]["seen"] == "nothing"
    served.run("staff", "disable", "Nadia")
    refused = tablet.raw("POST", "/counters/bank-1/close", {"command_id": str(uuid.uuid4())})
    assert code_of(refused) == (401, "no_session")
    assert office.raw("DELETE", "/session").ok
    assert code_of(office.raw("POST", "/day/close", {"command_id": str(uuid.uuid4()), "now": True}))[1] == "no_session"
