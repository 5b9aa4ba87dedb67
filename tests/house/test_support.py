"""The tools that other tests rest on: they are real, and they say what to do when they are missing."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser

from tests.support import chromium, ports, postgres

ROOT = Path(__file__).resolve().parents[2]


def test_a_free_port_can_be_listened_on_and_is_not_given_twice() -> None:
    """Two servers of one test run never get the same port."""
    given = [ports.free_port() for _ in range(20)]
    assert len(set(given)) == 20
    with socket.create_server(("127.0.0.1", given[0])):
        pass


def test_postgres_is_a_real_server(postgres_url: str) -> None:
    """The database tests meet PostgreSQL itself, version 14 or newer."""
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("SELECT current_setting('server_version_num')::int, version()").fetchone()
    assert row is not None
    assert row[0] >= 140000
    assert row[1].startswith("PostgreSQL")


def test_each_test_gets_a_database_of_its_own(postgres_url: str) -> None:
    """What one test writes, no other sees; a forgotten connection does not keep the database alive."""
    with postgres.new_database(postgres_url) as first:
        forgotten = psycopg.connect(first, autocommit=True)
        forgotten.execute("CREATE TABLE leftover ()")
        with postgres.new_database(postgres_url) as second, psycopg.connect(second) as connection:
            assert connection.execute("SELECT to_regclass('leftover')").fetchone() == (None,)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(first)
    forgotten.close()


def test_postgres_leaves_nothing_behind() -> None:
    """After the run the server is gone, and its folder too."""
    with postgres.running() as url, psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_setting('data_directory'), pg_backend_pid()").fetchone()
        assert row is not None
        data = Path(row[0])
        assert data.exists()
    assert not data.parent.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_chromium_shows_a_page_of_this_machine_and_no_other(browser: Browser) -> None:
    """It renders; a name of the internet does not resolve, so that no test depends on it."""
    page = browser.new_page()
    try:
        page.set_content("<p lang=ar dir=rtl>مرحبا</p>")
        assert page.inner_text("p") == "مرحبا"
        with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
            page.goto("http://example.org/")
    finally:
        page.close()


def test_without_its_programs_a_test_fails_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the script to run; it does not skip."""
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr("pathlib.Path.glob", lambda _self, _pattern: iter(()))
    with pytest.raises(chromium.ChromiumMissing, match=r"scripts/system_packages\.sh"):
        chromium.find_chromium()
    with pytest.raises(postgres.PostgresUnavailable, match=r"scripts/system_packages\.sh"):
        postgres.find_programs()


def run_script(name: str, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one of the scripts with only the programs in the folder `path`."""
    return subprocess.run(
        ["/bin/bash", str(ROOT / "scripts" / name)],
        env={"PATH": str(path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def program(folder: Path, name: str, body: str) -> None:
    """Put a small program into a folder."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def test_an_old_python_is_refused_with_the_remedy(tmp_path: Path) -> None:
    """An empty shim named python3.11 and a python3 that is too old are both passed over."""
    program(tmp_path / "bin", "python3.11", "exit 127")
    program(tmp_path / "bin", "python3", "exit 1")
    found = run_script("find_python.sh", tmp_path / "bin")
    assert found.returncode == 1
    assert "needs Python 3.11 or newer" in found.stderr
    assert "apt-get install python3.11" in found.stderr


def test_a_python3_that_is_new_enough_will_do(tmp_path: Path) -> None:
    """Without python3.11, any newer python3 is taken."""
    program(tmp_path / "bin", "python3", f'exec "{sys.executable}" "$@"')
    found = run_script("find_python.sh", tmp_path / "bin")
    assert (found.returncode, found.stdout.strip()) == (0, "python3")


def test_whoever_is_not_root_is_told_what_to_install(tmp_path: Path) -> None:
    """The exact command, and nothing is tried."""
    folder = tmp_path / "bin"
    program(folder, "id", "echo 1000")
    program(folder, "apt-get", "echo tried >&2; exit 9")
    found = run_script("system_packages.sh", folder)
    assert found.returncode == 1
    assert "apt-get install -y --no-install-recommends chromium" in found.stderr
    assert "tried" not in found.stderr


def test_root_installs_what_is_missing(tmp_path: Path) -> None:
    """Says what it does, then updates and installs."""
    folder = tmp_path / "bin"
    program(folder, "id", "echo 0")
    program(folder, "apt-get", f'echo "$@" >> "{tmp_path}/calls"')
    found = run_script("system_packages.sh", folder)
    assert found.returncode == 0, found.stderr
    assert "installing with apt-get" in found.stdout
    calls = (tmp_path / "calls").read_text().splitlines()
    assert calls[0].endswith("update")
    assert "chromium" in calls[1].split()


def test_help_lists_each_command() -> None:
    """`make` alone says what can be done."""
    shown = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    wanted = ("setup", "run", "quick", "test", "faults", "shuffle", "coverage", "bench", "lock", "format")
    assert [name for name in wanted if f"make {name} " not in shown] == []
