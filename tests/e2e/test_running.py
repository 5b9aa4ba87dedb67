"""Running a venue: restarts, power cuts, clocks, and everything that can be wrong at the start."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import psycopg
import pytest
import requests

from tests.support.faults import Faults
from tests.support.server import Client, DemoServer, Programs


def _riwaq(*arguments: str, home: Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "checkin_server.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=cwd,
        env={**os.environ, "XDG_CONFIG_HOME": str(home), "PYTHONPATH": str(Path.cwd())},
    )


def test_a_power_cut_under_load_loses_no_answered_number(tmp_path: Path, programs: Programs, faults: Faults) -> None:
    """SIGKILL while kiosks choose, again and again: every answered number stands, none is used twice or missing."""
    answered: dict[str, int] = {}
    rounds = faults.times(2, 20)
    with programs.demo(tmp_path, "--members", str(300 * rounds)) as server:
        codes = [card["code"] for card in server.cards()]
        todo = iter(codes)
        token = server.token("kiosk", "K1")
        for _ in range(rounds):
            stop = threading.Event()

            def keep_arriving(base: str = server.base, stop: threading.Event = stop) -> None:
                kiosk = Client(base, token)
                while not stop.is_set():
                    code = next(todo, None)
                    if code is None:
                        return
                    try:
                        visit = kiosk.scan(code)["visit"]["id"]
                        answered[visit] = kiosk.choose(visit, "reception")["number"]
                    except (requests.RequestException, AssertionError):
                        return

            threads = [threading.Thread(target=keep_arriving) for _ in range(6)]
            for thread in threads:
                thread.start()
            time.sleep(1.0)
            server.stop(signal.SIGKILL)
            stop.set()
            for thread in threads:
                thread.join(timeout=30)
            server.start()
        kiosk = Client(server.base, token)
        assert len(answered) > 20
        for visit, number in answered.items():
            assert kiosk.get(f"/visits/{visit}")["number"] == number
        assert len(set(answered.values())) == len(answered)
        checked = server.riwaq("db", "check")
        assert checked.returncode == 0, checked.stderr
        deadline = time.monotonic() + 60
        while True:
            printers = server.client("organizer", "office").get("/dashboard/snapshot")["data"]["printers"]
            if all(printer["queued"] == 0 for printer in printers) or time.monotonic() > deadline:
                break
            time.sleep(0.3)
        printed = sum(printer["printed"] for printer in printers)
        assert printed >= len(answered), "a ticket whose number was answered is printed after the restart"
        assert sum(printer["failed"] + printer["uncertain"] for printer in printers) == 0
        assert len(list((server.folder / "printers").rglob("*.bin"))) == printed


def test_the_day_goes_on_after_a_clean_stop(demo: DemoServer) -> None:
    """Ctrl-C stops with code 0; the same visitor is known and the next number follows."""
    kiosk = demo.client("kiosk", "K1")
    codes = [card["code"] for card in demo.cards()]
    first = kiosk.choose(kiosk.scan(codes[0])["visit"]["id"], "health")
    assert demo.stop(signal.SIGINT) == 0
    assert "Traceback" not in "".join(demo.output)
    demo.start()
    kiosk = demo.client("kiosk", "K1")
    assert kiosk.scan(codes[0])["visit"]["number"] == first["number"]
    assert kiosk.choose(kiosk.scan(codes[1])["visit"]["id"], "health")["number"] == first["number"] + 1


def test_a_virtual_clock_moves_only_when_told(tmp_path: Path, programs: Programs) -> None:
    """It starts at the planned opening, refuses to go back, and closing time refuses newcomers."""
    with programs.demo(tmp_path, "--members", "50", "--virtual-clock") as server:
        kiosk = server.client("kiosk", "K1")
        codes = [card["code"] for card in server.cards()]
        assert kiosk.get("/venue")["now"] == "2019-12-27T08:00:00Z"
        inside = kiosk.scan(codes[0])["visit"]["id"]
        kiosk.choose(inside, "health")
        time.sleep(0.05)
        assert kiosk.get("/venue")["now"] == "2019-12-27T08:00:00Z"
        assert kiosk.post("/clock", {"now": "2019-12-27T18:00:00+01:00"}) == {"now": "2019-12-27T17:00:00Z"}
        assert kiosk.scan(codes[1])["reason"] == "outside_hours"
        assert kiosk.scan(codes[0])["outcome"] == "returning", "who is inside may still look"
        back = kiosk.raw("POST", "/clock", {"now": "2019-12-27T09:00:00Z"})
        assert (back.status_code, back.json()["code"]) == (409, "wrong_state")
        assert kiosk.raw("POST", "/clock", {"now": "later"}).status_code == 400
        server.stop()
        server.start()
        assert server.client("kiosk", "K1").get("/venue")["now"] == "2019-12-27T17:00:00Z", "it goes on where it was"


def test_a_taken_port_says_what_to_do(tmp_path: Path) -> None:
    """Exit 1, no traceback, no folder half made."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = _riwaq("demo", "--port", port, "--dir", str(tmp_path / "venue"), home=tmp_path)
    assert result.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in result.stderr
    assert "--port" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "venue").exists()


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    """A file stands where the folder should be (root may write anywhere, so rights cannot show it)."""
    (tmp_path / "venue").write_text("a file")
    result = _riwaq("demo", "--port", "0", "--dir", str(tmp_path / "venue" / "below"), home=tmp_path)
    assert result.returncode == 1
    assert "--dir" in result.stderr
    assert "Traceback" not in result.stderr


def test_two_servers_do_not_share_a_folder(demo: DemoServer) -> None:
    """The second one says so and leaves the first alone."""
    second = _riwaq("demo", "--port", "0", "--dir", str(demo.folder), home=demo.home)
    assert second.returncode == 1
    assert "already" in second.stderr
    assert requests.get(f"{demo.base}/healthz", timeout=30).ok


def test_a_lost_key_is_named_and_nothing_is_overwritten(demo: DemoServer) -> None:
    """Without its key the database stays closed, and stays."""
    demo.stop()
    before = (demo.folder / "riwaq.db").read_bytes()
    (key,) = (demo.home / "riwaq" / "keys").glob("*.key")
    hidden = key.rename(key.with_suffix(".hidden"))
    result = _riwaq("demo", "--port", "0", "--dir", str(demo.folder), home=demo.home)
    assert result.returncode == 1
    assert str(key) in result.stderr
    assert (demo.folder / "riwaq.db").read_bytes() == before
    hidden.rename(key)
    demo.start()


def test_the_key_is_not_beside_the_database_and_only_for_its_owner(demo: DemoServer) -> None:
    """No file of the folder holds the key."""
    (path,) = (demo.home / "riwaq" / "keys").glob("*.key")
    assert path.stat().st_mode & 0o077 == 0
    key = path.read_text().strip().encode()
    for file in demo.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert key not in content
            assert bytes.fromhex(key.decode()) not in content


def _settings(folder: Path, database: str) -> Path:
    (folder / "config").mkdir()
    example = (Path("config") / "demo" / "rabat.toml").resolve()
    settings = folder / "config" / "venue.toml"
    settings.write_text(
        f'venue = "{example}"\n[server]\nhost = "127.0.0.1"\nport = 8080\n'
        f'[database]\n{database}\n[data]\ndir = "../data"\n'
    )
    return settings


@pytest.mark.parametrize("kind", ["sqlcipher", "postgres"])
def test_a_real_venue_is_created_and_served(
    kind: str, tmp_path: Path, free_port: int, request: pytest.FixtureRequest
) -> None:
    """`init`, `serve --day`, a device by command, staff by command: the same story on either database."""
    if kind == "postgres":
        url = request.getfixturevalue("postgres_database")
        settings = _settings(tmp_path, f'url = "{url}"')
    else:
        settings = _settings(tmp_path, 'path = "riwaq.db"\nkey_file = "../secret/riwaq.key"')
    too_early = _riwaq("serve", "--config", str(settings), "--port", str(free_port), home=tmp_path)
    assert too_early.returncode == 2
    assert "riwaq init" in too_early.stderr
    made = _riwaq("init", "--config", str(settings), home=tmp_path)
    assert made.returncode == 0, made.stderr
    added = _riwaq("staff", "add", "Salma", "--pin", "8642", "--config", str(settings), home=tmp_path)
    assert added.returncode == 0, added.stderr
    serve = ["serve", "--config", str(settings), "--port", str(free_port), "--day", "2019-12-27"]
    process = subprocess.Popen(
        [sys.executable, "-m", "checkin_server.cli", *serve],
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        base = f"http://127.0.0.1:{free_port}"
        give_up = time.monotonic() + 30
        while time.monotonic() < give_up:
            try:
                if requests.get(f"{base}/readyz", timeout=30).ok:
                    break
            except requests.ConnectionError:
                time.sleep(0.1)
        device = _riwaq(
            "devices",
            "add",
            "--role",
            "counter",
            "--station",
            "bank-1",
            "--json",
            "--config",
            str(settings),
            home=tmp_path,
        )
        assert device.returncode == 0, device.stderr
        tablet = Client(base, device.stdout.split('"token": "')[1].split('"')[0])
        signed = tablet.post("/session", {"staff": "Salma", "pin": "8642"})
        tablet.session.headers["X-Session"] = signed["session_token"]
        assert tablet.command("/counters/bank-1/open")["counter"]["state"] == "open"
        assert tablet.command("/counters/bank-1/call-next")["outcome"] == "nobody"
        clock = tablet.raw("POST", "/clock", {"now": "2019-12-27T10:00:00Z"})
        assert clock.status_code == 404, "a real venue has a real clock"
    finally:
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output


def test_a_misspelt_setting_names_the_line_and_the_remedy(tmp_path: Path) -> None:
    """Exit 2 with file, line, key and suggestion."""
    settings = _settings(tmp_path, 'path = "riwaq.db"\nkey_file = "../secret/riwaq.key"')
    settings.write_text(settings.read_text().replace("host =", "hots ="))
    result = _riwaq("serve", "--config", str(settings), home=tmp_path)
    assert result.returncode == 2
    assert "venue.toml:3" in result.stderr
    assert "hots" in result.stderr
    assert "host" in result.stderr


def test_an_old_schema_is_refused_with_the_command(tmp_path: Path, postgres_database: str, free_port: int) -> None:
    """`serve` touches nothing; `db upgrade` is what it names."""
    settings = _settings(tmp_path, f'url = "{postgres_database}"')
    assert _riwaq("init", "--config", str(settings), home=tmp_path).returncode == 0
    with psycopg.connect(postgres_database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    result = _riwaq("serve", "--config", str(settings), "--port", str(free_port), home=tmp_path)
    assert result.returncode == 2
    assert "newer release" in result.stderr or "riwaq db upgrade" in result.stderr


def test_a_link_that_does_not_fit_the_plan_is_wrong_use(demo: DemoServer) -> None:
    """An unknown role or station exits 2 and lists what there is."""
    wrong = demo.riwaq("devices", "add", "--role", "kiosk", "--station", "K99")
    assert wrong.returncode == 2
    assert "K1" in wrong.stderr
    assert demo.riwaq("devices", "revoke", f"d_{uuid.uuid4().hex}").returncode == 1
