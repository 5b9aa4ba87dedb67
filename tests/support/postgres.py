"""A throwaway PostgreSQL server for a test run."""

from __future__ import annotations

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


@contextmanager
def running() -> Iterator[str]:
    """Start a server with an empty data folder on a free port of 127.0.0.1; stop and delete it at the end.

    Gives the address of its database `postgres`, as `postgresql://…`, which psycopg and SQLAlchemy both read.

    Raises:
        PostgresUnavailable: it is missing, or did not start within a minute; the message carries its log.
    """
    programs, identity = find_programs(), _identity()
    home = Path(tempfile.mkdtemp(prefix="riwaq-postgres-"))
    log = home / "log"
    data = home / "data"
    try:
        log.touch()
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

        port = free_port()
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [str(programs / "postgres"), "-D", str(data), "-p", str(port), *settings],
                cwd=home,
                stdout=output,
                stderr=subprocess.STDOUT,
                **identity,
            )
        try:
            url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
            _wait(url, server, log)
            yield url
        finally:
            _stop(server)
    finally:
        shutil.rmtree(home, ignore_errors=True)


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


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Ask for PostgreSQL's "fast" shutdown, which cuts off whoever is connected; kill it if that takes too long."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


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
