"""After something was removed: no page, free or not, and no write-ahead log may still hold it.

A database does not overwrite what it removes: the bytes stay in free pages, in the gaps of others and in its log.
"""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import String, Table
from sqlalchemy.engine import Dialect, Engine

from checkin_server.common.faults import Fault
from checkin_server.common.offload import offload
from checkin_server.db.schema import metadata

_PATIENCE_S = 30.0
"""How long others may read in the old pages before this is given up; it is then to be done again."""


class StillRead(Fault):
    """Somebody reads in the old pages and does not end; the message says what to do."""


def compact(engine: Engine) -> None:
    """Write every page anew and empty the write-ahead log, also while a server runs.

    Whoever wants to write waits for it: a second or two for a tour's database.

    Raises `StillRead` when the log can't be emptied because somebody reads for long. On PostgreSQL the log is turned
    to a new segment where this user may; the server keeps the old ones for as long as its own settings say.
    """
    if engine.dialect.name == "sqlite":
        _compact_file(engine)
    else:
        _compact_server(engine)


def _compact_file(engine: Engine) -> None:
    pooled = engine.raw_connection()
    try:
        connection: Any = pooled.driver_connection
        _patiently(connection, "VACUUM")
        give_up = time.monotonic() + _PATIENCE_S
        while True:
            busy = offload(connection.execute, "PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy:
                return
            if time.monotonic() > give_up:
                raise StillRead("something reads in the database and does not end; end it, then run this again")
            time.sleep(0.05)
    finally:
        pooled.close()


def _patiently(connection: Any, statement: str) -> None:
    """Run it as soon as nobody else writes."""
    give_up = time.monotonic() + _PATIENCE_S
    while True:
        try:
            offload(connection.execute, statement)
            return
        except Exception as error:
            if "locked" not in str(error):
                raise
            if time.monotonic() > give_up:
                raise StillRead("something writes to the database and does not end; end it, then run this again") from (
                    error
                )
        time.sleep(0.02)


def _compact_server(engine: Engine) -> None:
    pooled = engine.raw_connection()
    try:
        connection: Any = pooled.driver_connection
        connection.rollback()
        connection.autocommit = True
        try:
            connection.execute("SET statement_timeout = 0")
            connection.execute(f"SET lock_timeout = '{int(_PATIENCE_S)}s'")
            for table in metadata.sorted_tables:
                connection.execute(_without_statistics(table, engine.dialect))
                connection.execute(f'VACUUM (FULL, ANALYZE) "{table.name}"')
            for statement in ("VACUUM FULL pg_catalog.pg_statistic", "SELECT pg_switch_wal()", "CHECKPOINT"):
                try:
                    connection.execute(statement)
                except Exception as error:
                    if getattr(error, "sqlstate", None) != "42501":  # not this user's right
                        raise
        finally:
            pooled.invalidate()
    finally:
        pooled.close()


def _without_statistics(table: Table, dialect: Dialect) -> str:
    """Have PostgreSQL forget which values the columns often have; of a table that has become empty it would keep them.

    A column that gets the type it has is not written anew, and what was known of its values goes.
    """
    texts = [column for column in table.columns if isinstance(column.type, String)]
    same = ", ".join(f'ALTER "{column.name}" TYPE {column.type.compile(dialect)}' for column in texts)
    return f'ALTER TABLE "{table.name}" {same}' if same else "SELECT 1"
