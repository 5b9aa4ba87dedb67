"""Databases of the newest schema, copied from one that the migrations made once a run."""

from __future__ import annotations

import secrets
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import ClauseElement, event
from sqlalchemy.engine import Dialect, Engine

from checkin_server.db import migrate
from checkin_server.db.engine import postgres_engine, sqlcipher_engine
from checkin_server.db.schema import metadata
from checkin_server.db.tx import Compiled, Statements

_compiled: defaultdict[str, dict[ClauseElement, Compiled]] = defaultdict(dict)
_made_of = Statements.__init__


def _begun(self: Statements, dialect: Dialect) -> None:
    _made_of(self, dialect)
    self._compiled = _compiled[dialect.name]


# A statement is compiled once a run and dialect: a database has its own, and a suite has a thousand databases.
Statements.__init__ = _begun  # type: ignore[method-assign]


@cache
def sqlcipher_template() -> tuple[bytes, str]:
    """Return an encrypted database with the newest schema and its random key; made once a run."""
    key = secrets.token_hex(32)
    with tempfile.TemporaryDirectory(prefix="riwaq-template-") as folder:
        path = Path(folder) / "riwaq.db"
        engine = sqlcipher_engine(path, key)
        migrate.upgrade(engine)
        engine.dispose()
        assert not path.with_name("riwaq.db-wal").exists(), "closing the last connection writes the log back"
        return path.read_bytes(), key


@cache
def postgres_template(server: str) -> str:
    """Return the name of a database with the newest schema; made once a server."""
    name = f"template_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    engine = postgres_engine(f"{server.rpartition('/')[0]}/{name}", pooled=False)
    migrate.upgrade(engine)
    engine.dispose()
    return name


@cache
def _idle(server: str) -> list[str]:
    """Return the emptied databases of a server that no test uses now."""
    return []


def postgres_copy(server: str) -> str:
    """Make a database with the newest schema on a running server and return its address."""
    name, template = f"test_{uuid.uuid4().hex}", postgres_template(server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    return f"{server.rpartition('/')[0]}/{name}"


@contextmanager
def postgres_empty(server: str) -> Iterator[str]:
    """Give the address of a database with the newest schema and no rows, one that an earlier test used if there is.

    Emptying one takes milliseconds, making one a quarter of a second.
    """
    idle = _idle(server)
    url = idle.pop() if idle else postgres_copy(server)
    yield url
    with psycopg.connect(url) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    # A failed test of the migrations may have left another schema: nobody else gets that one.
    if version == (migrate.newest(),):
        idle.append(url)


def new_sqlcipher(path: Path) -> tuple[Engine, str]:
    """Write a database with the newest schema to `path`; return an engine on it and its key."""
    contents, key = sqlcipher_template()
    path.write_bytes(contents)
    return sqlcipher_engine(path, key), key


def hurried(engine: Engine) -> Engine:
    """Let an encrypted file's connections not wait for the disk: a test's data survives no power cut, and need not.

    As the tests' PostgreSQL has it (`_SETTINGS` in postgres.py). What a venue's connections do is held by
    `tests/db/test_file.py`, which takes its engine as it is.
    """

    @event.listens_for(engine, "connect")
    def hurry(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    return engine
