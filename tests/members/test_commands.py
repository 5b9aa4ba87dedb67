"""The commands as they are typed, beside a server that runs, on a demo and on a real venue."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.members.lists import AMINE, CODE, HIND, ROWS, csv_bytes, write_csv, write_xlsx
from tests.support import warm
from tests.support.server import DemoServer, Programs

FILES = Path(__file__).parent / "files"
DAYS = ("2019-12-27", "2019-12-28")


class Command:
    """`riwaq` on a real venue's settings file."""

    def __init__(self, folder: Path, database: str, riwaq: tuple[str, ...]) -> None:
        self._riwaq = riwaq
        self.folder = folder
        self.config = folder / "venue.toml"
        rabat = (Path("config") / "demo" / "rabat.toml").resolve()
        self.config.write_text(
            f'venue = "{rabat}"\n[server]\nhost = "127.0.0.1"\nport = 8080\n'
            f'[database]\n{database}\n[data]\ndir = "data"\n'
        )
        self.environment = {**os.environ, "XDG_CONFIG_HOME": str(folder), "PYTHONUNBUFFERED": "1"}

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [*self._riwaq, *words, "--config", str(self.config)]
        return warm.run(command, timeout=300, env=self.environment)

    @contextmanager
    def serving(self, port: int) -> Iterator[str]:
        """Run the venue's server; give its address."""
        command = [*self._riwaq, "serve", "--config", str(self.config)]
        process = warm.popen(
            [*command, "--port", str(port)], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        base, give_up = f"http://127.0.0.1:{port}", time.monotonic() + 60
        try:
            while time.monotonic() < give_up and process.poll() is None:
                try:
                    requests.get(f"{base}/healthz", timeout=30)
                    break
                except requests.ConnectionError:
                    time.sleep(0.1)
            yield base
        finally:
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=30)
        assert process.returncode == 0, output


@pytest.fixture(params=["sqlcipher", "postgres"])
def riwaq(request: pytest.FixtureRequest, tmp_path: Path, programs: Programs) -> Command:
    """A real venue that was just created, on each database."""
    if request.param == "postgres":
        database = f'url = "{request.getfixturevalue("postgres_database")}"'
    else:
        database = f'path = "riwaq.db"\nkey_file = "{tmp_path / "secret" / "riwaq.key"}"'
    command = Command(tmp_path, database, programs.riwaq)
    assert command("init").returncode == 0
    return command


def test_a_list_is_taken_in_from_real_files(riwaq: Command, tmp_path: Path) -> None:
    """Dry run, real run, again, a correction from a workbook, a bad row."""
    windows = tmp_path / "members.csv"
    windows.write_bytes(csv_bytes(ROWS, mark=";", encoding="cp1256"))
    dry = riwaq("members", "import", str(windows), "--dry-run")
    assert dry.returncode == 0 and 'CSV, Windows-1256, ";"' in dry.stdout
    assert "dry run" in dry.stdout and "new 2" in dry.stdout
    first = riwaq("members", "import", str(windows))
    assert first.returncode == 0 and "Taken in." in first.stdout and "new 2" in first.stdout
    again = riwaq("members", "import", str(windows))
    assert again.returncode == 0 and "Nothing was changed" in again.stdout
    sheet = write_xlsx(tmp_path / "members.xlsx", [(*HIND[:3], "retired", *HIND[4:])])
    changed = riwaq("members", "import", str(sheet))
    assert changed.returncode == 0 and "changed 1" in changed.stdout, changed.stderr
    in_arabic = riwaq("members", "import", str(windows), "--dry-run", "--lang", "ar")
    assert in_arabic.returncode == 0 and "لم يتغير شيء" in in_arabic.stdout
    bad = write_csv(tmp_path / "bad.csv", [("L3", *AMINE[1:4], "nowhere", *AMINE[5:8], ""), ("L4", *HIND[1:])])
    refused = riwaq("members", "import", str(bad))
    assert refused.returncode == 1 and "Nothing was changed" in refused.stdout
    assert "row 2, unit (E2): there is no such unit" in refused.stderr
    locked = riwaq("members", "import", str(FILES / "protected.xlsx"), "--lang", "fr")
    assert locked.returncode == 1 and "protégé par un mot de passe" in locked.stderr
    assert "Traceback" not in locked.stderr
    taken = riwaq("members", "import", str(bad), "--skip-bad")
    assert taken.returncode == 0 and "new 1" in taken.stdout and "bad rows 1" in taken.stdout
    for output in (first, refused, taken):
        assert "Amine" not in output.stdout + output.stderr and CODE not in output.stdout + output.stderr


def test_days_are_opened_and_closed_by_command(riwaq: Command) -> None:
    """A second day waits for the first to be closed; the remedy is a line that can be typed."""
    assert [line.split()[:2] for line in riwaq("day", "list").stdout.splitlines()][:2] == [
        [day, "planned"] for day in DAYS
    ]
    assert riwaq("day", "close").returncode == 1
    assert riwaq("day", "open", DAYS[0]).returncode == 0
    second = riwaq("day", "open", DAYS[1])
    assert second.returncode == 1
    assert f"riwaq day close --config {riwaq.config}" in second.stderr
    assert riwaq("day", "open", "2020-01-01").returncode == 2
    assert f"{DAYS[0]} is closed" in riwaq("day", "close").stdout
    assert riwaq("day", "open", DAYS[1]).returncode == 0
    states = [line.split()[1] for line in riwaq("day", "list").stdout.splitlines()]
    assert states == ["closed", "open", "planned"]


def test_a_backup_is_restored_when_no_server_runs(riwaq: Command, tmp_path: Path, free_port: int) -> None:
    """While one does, or another would start on the folder, it is refused; on PostgreSQL its own tool is named."""
    copy = tmp_path / "copy.db"
    if "url =" in riwaq.config.read_text():
        refused = riwaq("db", "restore", str(copy))
        assert refused.returncode == 2 and "pg_restore" in refused.stderr
        return
    assert riwaq("db", "backup", str(copy)).returncode == 0
    assert riwaq("day", "open", DAYS[0]).returncode == 0
    with riwaq.serving(free_port):
        refused = riwaq("db", "restore", str(copy))
        assert refused.returncode == 1 and "a server is running" in refused.stderr
        second = riwaq("serve", "--port", "0")
        assert second.returncode == 1 and "a server is running" in second.stderr
    restored = riwaq("db", "restore", str(copy))
    assert restored.returncode == 0, restored.stderr
    assert "riwaq-replaced-" in restored.stdout
    assert riwaq("db", "check").returncode == 0
    assert riwaq("day", "list").stdout.splitlines()[0].split()[1] == "planned"


def test_a_running_server_follows_within_a_second(demo: DemoServer, tmp_path: Path) -> None:
    """Members who were just taken in get in; a closed day lets nobody in; the next one opens."""
    kiosk, organizer = demo.client("kiosk", "K1"), demo.client("organizer", "dashboard")
    assert kiosk.scan(CODE)["reason"] == "unknown_card"
    taken = demo.riwaq("members", "import", str(write_csv(tmp_path / "members.csv")))
    assert taken.returncode == 0, taken.stderr
    visit = kiosk.scan(CODE)["visit"]["id"]
    kiosk.choose(visit, "bank")
    tablet = demo.counter("bank-1")
    assert tablet.command("/counters/bank-1/call-next")["outcome"] == "called"
    busy = demo.riwaq("day", "close")
    assert busy.returncode == 1 and "1 visitors are called or being served" in busy.stderr and "--yes" in busy.stderr
    closed = demo.riwaq("day", "close", "--yes")
    assert closed.returncode == 0 and "wanted something: 1" in closed.stdout
    time.sleep(1.0)
    assert kiosk.scan(demo.cards()[5]["code"])["reason"] == "outside_hours"
    assert organizer.get("/dashboard/snapshot")["data"]["day"] in (None, {}) or (
        organizer.get("/dashboard/snapshot")["data"]["day"]["state"] != "open"
    )
    assert demo.riwaq("day", "open", DAYS[1]).returncode == 0
    time.sleep(1.0)
    assert organizer.get("/dashboard/snapshot")["data"]["day"]["id"] == DAYS[1]
    assert kiosk.scan(demo.cards()[5]["code"])["outcome"] == "admitted"
    assert demo.riwaq("db", "restore", str(demo.folder / "riwaq.db")).returncode == 1
    assert demo.stop() == 0
    demo.start()
    assert demo.client("kiosk", "K1").scan(demo.cards()[5]["code"])["outcome"] == "returning", "the second day goes on"
