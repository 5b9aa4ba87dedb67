"""Encrypted copies of a running database. A copied file without its write-ahead log would lose data; this does not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine


class BackupFailed(Exception):
    """No backup was written; the message says why."""


def backup(engine: Engine, target: Path) -> None:
    """Write a consistent encrypted copy (same key) to `target`, whole or not at all; never overwrites."""
    if engine.dialect.name != "sqlite":
        raise BackupFailed("this venue runs on PostgreSQL: use pg_dump, which knows that server")
    if target.exists():
        raise BackupFailed(f"{target} exists; name a new file")
    part = target.with_name(target.name + ".part")
    pooled = engine.raw_connection()
    try:
        connection: Any = pooled.driver_connection
        part.unlink(missing_ok=True)
        # VACUUM INTO keeps the database's own key and reads one consistent snapshot.
        connection.execute("VACUUM INTO ?", (str(part),))
        descriptor = os.open(part, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        part.replace(target)
    except Exception as error:
        part.unlink(missing_ok=True)
        raise BackupFailed(f"cannot write {target}: {error}") from error
    finally:
        pooled.close()
