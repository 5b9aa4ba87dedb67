"""A throwaway PostgreSQL server for a test run."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.support.ports import free_port

_START_S = 60.0

_INITDB = ("--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")

# A test's data is thrown away, so nothing needs to survive a power cut: these make it several times faster.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
}


class PostgresUnavailable(Exception):
    """PostgreSQL is missing or did not start; the message says why and names the remedy."""


def find_programs() -> Path:
    """Return the folder of the newest PostgreSQL server on this machine (Debian's layout, or the one on the PATH).

    Raises:
        PostgresUnavailable: there is none. A test then fails: a skipped one would be taken for a passed one.
    """
    installed = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "postgres").is_file()]
    if installed:
        return max(installed, key=lambda path: float(path.parent.name))
    if on_path := shutil.which("postgres"):
        return Path(on_path).resolve().parent
    raise PostgresUnavailable(
        "No PostgreSQL server on this machine. Run scripts/system_packages.sh, or apt-get install postgresql"
    )


def _identity() -> dict[str, Any]:
    """Return how to start a process that PostgreSQL accepts: it refuses to run as root, so root becomes `postgres`."""
    if os.geteuid() != 0:
        return {}
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        raise PostgresUnavailable("As root, the tests run PostgreSQL as the user `postgres`: there is none") from None
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@dataclass
class Server:
    """A PostgreSQL server of the test's own, which it may stop, start again, and have hang."""

    programs: Path
    home: Path
    identity: dict[str, Any]
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of its database `postgres`, as `postgresql://…`, which psycopg and SQLAlchemy both read."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start, or start again on the same data, and wait until it answers."""
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        log = self.home / "log"
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.home / "data"), "-p", str(self.port), *settings],
                cwd=self.home,
                stdout=output,
                stderr=subprocess.STDOUT,
                **self.identity,
            )
        _wait(self.url, self.process, log)

    def stop(self) -> None:
        """Ask for PostgreSQL's "fast" shutdown, which cuts off whoever is connected; kill it if that takes too long."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def hang(self) -> None:
        """Let all of it stand still: it is there, and takes connections, and answers nothing."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """End a `hang`."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        for stat in Path("/proc").glob("[0-9]*/stat"):
            # A process that has just ended is no loss.
            with contextlib.suppress(OSError):
                if int(stat.read_text().rpartition(")")[2].split()[1]) == self.process.pid:
                    os.kill(int(stat.parent.name), number)
        self.process.send_signal(number)


@contextmanager
def server() -> Iterator[Server]:
    """Start a server with an empty data folder on a free port of 127.0.0.1; stop and delete it at the end.

    Raises:
        PostgresUnavailable: it is missing, or did not start within a minute; the message carries its log.
    """
    programs, identity = find_programs(), _identity()
    home = Path(tempfile.mkdtemp(prefix="riwaq-postgres-"))
    data = home / "data"
    try:
        (home / "log").touch()
        if identity:
            os.chown(home, identity["user"], identity["group"])
        made = subprocess.run(
            [str(programs / "initdb"), f"--pgdata={data}", *_INITDB],
            cwd=home,
            capture_output=True,
            text=True,
            **identity,
        )
        if made.returncode != 0:
            raise PostgresUnavailable(f"PostgreSQL's initdb failed:\n{made.stdout}{made.stderr}")
        started = Server(programs, home, identity, free_port())
        try:
            started.start()
            yield started
        finally:
            started.go_on()
            started.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def running() -> Iterator[str]:
    """Start a server that stays up, and give its address; see `server`."""
    with server() as started:
        yield started.url


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers; raise if it ends or takes too long."""
    deadline = time.monotonic() + _START_S
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise PostgresUnavailable(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}") from None
            time.sleep(0.05)


@contextmanager
def new_database(server_url: str) -> Iterator[str]:
    """Make an empty database on a running server and give its address; drop it at the end, whoever is connected."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        yield f"{server_url.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
