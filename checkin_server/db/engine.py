"""Opening a database: SQLCipher by default, PostgreSQL where that is outgrown.

SQLCipher runs in WAL mode with ``synchronous=FULL``: in 2,100 replayed power cuts it lost nothing
(docs/adr/0001-one-process-one-writer.md). The key is a raw 256-bit key, so that opening costs a millisecond.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool, QueuePool

from checkin_server.common.faults import WrongUse
from checkin_server.common.offload import Apart, Overdue
from checkin_server.db.health import StoreUnavailable

__all__ = ["DISK", "DatabaseUnusable", "Engine", "postgres_engine", "sqlcipher_engine"]
DISK = Apart()
"""Where all is done that an embedded database does with its disk and that may hang there: opening it, beginning to read
or write (which writes into its shared memory, a file), committing, writing the log back."""
LOG_KEPT_BYTES = 32 * 1024 * 1024
"""Of an embedded database's write-ahead log: twice what it comes to when nobody reads for long."""
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "temp_store = MEMORY",
    # Pages in the log (16 MB) before a commit moves them into the database. At 1,000, one commit in a hundred takes
    # 7 ms on a busy disk, with 4,000 it takes 2 ms, and all of them together a tenth less CPU time.
    "wal_autocheckpoint = 4000",
    # Bytes that the log's file keeps when it begins anew. Whoever reads for long keeps it from beginning anew, and it
    # grows; without this it would stay as large for good.
    f"journal_size_limit = {LOG_KEPT_BYTES}",
)
_RAW_KEY = re.compile(r"^[0-9a-f]{64}$")


class DatabaseUnusable(WrongUse):
    """The database cannot be opened or is not of this release; the message says what to do."""


def _connect_sqlcipher(path: Path, key: str) -> Any:
    if not _RAW_KEY.match(key):
        raise DatabaseUnusable("the database key must be 64 hexadecimal digits (256 bits); see docs/settings.md")
    try:
        connection = sqlcipher.connect(
            str(path),
            isolation_level=None,
            check_same_thread=False,
            timeout=5.0,
            # More than there are statements. The driver's 100 can be taken up by those of the migrations for good, and
            # every later one is then compiled at each execution.
            cached_statements=1024,
        )
    except sqlcipher.Error as error:
        raise DatabaseUnusable(f"cannot open {path}: {error}. Is the folder there and writable?") from error
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA key = \"x'{key}'\"")
        cursor.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    except sqlcipher.Error as error:
        connection.close()
        raise DatabaseUnusable(
            f"cannot read {path}: {error}. Either the key is not this database's key, or the file is damaged; "
            "with the right key, `riwaq db restore FILE` brings back a backup"
        ) from error
    return connection


def _opened(path: Path, key: str) -> Any:
    try:
        return DISK.try_to(_connect_sqlcipher, path, key, patience_s=_OPEN_PATIENCE_S, late=_close_late)
    except Overdue as error:
        raise StoreUnavailable("no_answer") from error


def _close_late(connection: Any) -> None:
    if connection is not None:
        connection.close()


def sqlcipher_engine(path: Path, key: str) -> Engine:
    """Return an engine on an encrypted file; `key` is 64 hexadecimal digits."""
    return create_engine(
        "sqlite://",
        module=sqlcipher,
        # In a thread of its own: opening asks the disk, and one that hangs must not hang the whole server with it.
        creator=lambda: _opened(path, key),
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=12,
        pool_timeout=_POOL_PATIENCE_S,
        pool_reset_on_return=None,
        paramstyle="named",
    )


def postgres_engine(url: str, *, pooled: bool = True) -> Engine:
    """Return an engine for a ``postgresql+psycopg://`` (or plain ``postgresql://``) URL."""
    full = re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql+psycopg://", url)
    if pooled:
        return create_engine(
            full,
            pool_size=8,
            max_overflow=24,
            pool_timeout=_POOL_PATIENCE_S,
            pool_pre_ping=False,
            paramstyle="pyformat",
            connect_args=_LINE,
        )
    return create_engine(full, poolclass=NullPool, paramstyle="pyformat", connect_args=_LINE)


_LINE = {
    "connect_timeout": 3,
    # Seconds: a server whose machine or cable is gone is noticed, also by who only listens.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 6000,
}
_OPEN_PATIENCE_S = 6.0
"""Opening a file takes milliseconds, or five seconds behind a lock; where it does not come back, the disk does not."""
_POOL_PATIENCE_S = 2.0
"""When all connections are taken, somebody is stuck: another one would be, too."""
_LIMITS = {"lock_timeout": "3s", "idle_in_transaction_session_timeout": "15s"}
"""What a database server lets a statement wait. A command takes milliseconds; a screen asks again after ten seconds."""
_LIMITS_SERVING = {**_LIMITS, "statement_timeout": "5s"}
"""And work, where somebody waits for it; an import or a report at the command line may take its time."""


def limit_waiting(engine: Engine, *, serving: bool = False) -> None:
    """Let no transaction of this process wait long. Not for migrations, which may work as long as they need."""

    def limit(connection: Any, record: Any) -> None:
        connection.autocommit = True
        for name, value in (_LIMITS_SERVING if serving else _LIMITS).items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        connection.autocommit = False

    event.listen(engine, "connect", limit)
    engine.dispose()
