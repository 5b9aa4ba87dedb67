"""Encrypted copies of a running database, and bringing them back.

A copied file without its write-ahead log would lose data; these do not.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from checkin_server.common.durable import on_the_disk
from checkin_server.common.faults import Fault
from checkin_server.db import migrate
from checkin_server.db.database import SqlcipherDatabase
from checkin_server.db.engine import DatabaseUnusable, sqlcipher_engine
from checkin_server.db.tx import Tx


class BackupFailed(Exception):
    """No backup was written; the message says why."""


class RestoreFailed(Fault):
    """Nothing was restored; the message says why and what to do."""


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
        on_the_disk(part)
        part.replace(target)
    except Exception as error:
        part.unlink(missing_ok=True)
        raise BackupFailed(f"cannot write {target}: {error}") from error
    finally:
        pooled.close()


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore has done."""

    kept: Path | None
    """Where the database that was replaced lies now; None when there was none."""
    tickets: int
    """Tickets that waited in the backup and are not printed by themselves: they may have been printed since."""


def restore(source: Path, target: Path, key: str, settle: Callable[[Tx], int]) -> Restored:
    """Put a backup in the place of the database `target`, whole or not at all; no server may be running on it.

    The copy is checked first (key, pages, structure, schema), and `settle` deals with the tickets that wait in it. The
    database that it replaces stays beside it, under a name with the date.

    Raises:
        RestoreFailed: nothing was changed; the message says why.
    """
    if not source.is_file():
        raise RestoreFailed(f"there is no file {source}")
    if target.exists() and source.samefile(target):
        raise RestoreFailed(f"{source} is the venue's database itself; name a backup")
    part = target.with_name(f".{target.name}.restoring")
    try:
        try:
            shutil.copyfile(source, part)
            verify(source, part, key)
            tickets = _settled(part, key, settle)
            on_the_disk(part)
            kept = _keep(target, key)
            part.replace(target)
            on_the_disk(target.parent)
        except OSError as error:
            raise RestoreFailed(f"cannot restore {source}: {error.strerror or error}") from error
    finally:
        for path in _files(part):
            path.unlink(missing_ok=True)
    return Restored(kept, tickets)


def _settled(part: Path, key: str, settle: Callable[[Tx], int]) -> int:
    """See that the server that is started on this copy prints nothing by itself that was printed before."""
    database = SqlcipherDatabase(sqlcipher_engine(part, key))
    try:
        return database.write(settle)
    finally:
        database.close()


def verify(source: Path, part: Path, key: str) -> None:
    """Raise `RestoreFailed` unless this copy of `source` is a whole database of this key that this release knows."""
    engine = sqlcipher_engine(part, key)
    try:
        with engine.connect() as connection:
            # The first checks each page's signature and says nothing when all are right; the second says "ok".
            bad = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check")]
            bad += [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
        if bad:
            raise RestoreFailed(f"{source} is damaged ({bad[0]}); take another backup. Nothing was changed")
        if migrate.current(engine) is None:
            raise RestoreFailed(f"{source} is not a database of Riwaq. Nothing was changed")
    except DatabaseUnusable as error:
        raise RestoreFailed(
            f"{source} can't be read: it is damaged, or no backup, or of a venue with another key. Nothing was changed"
        ) from error
    except Exception as error:
        if isinstance(error, RestoreFailed):
            raise
        raise RestoreFailed(f"{source} is damaged ({error}); take another backup. Nothing was changed") from error
    finally:
        engine.dispose()


def rekey(file: Path, old: str, new: str) -> None:
    """Write a database anew under another key; nobody else may have it open."""
    engine = sqlcipher_engine(file, old)
    pooled = engine.raw_connection()
    try:
        connection: Any = pooled.driver_connection
        # A log would still hold pages under the old key.
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        connection.execute(f"PRAGMA rekey = \"x'{new}'\"")
    finally:
        pooled.invalidate()
        pooled.close()
        engine.dispose()


def _keep(target: Path, key: str) -> Path | None:
    """Keep the present database under a name beside its own, as it is, and return that; None when there is none."""
    kept = _free_name(target) if target.exists() else None
    if kept is not None:
        # A log that is there was left by a crash. What follows may change both files, so that they are copied then.
        duplicate = shutil.copyfile if _files(target)[1].exists() else _second_name
        for old, new in zip(_files(target), _files(kept), strict=True):
            if old.exists():
                duplicate(old, new)
                on_the_disk(new)
        on_the_disk(target.parent)
        try:
            _nobody_works_on(target, key)
        except RestoreFailed:
            for path in _files(kept):
                path.unlink(missing_ok=True)
            raise
    # A log that is still there belongs to a database too damaged to write it back: it would be applied to the backup.
    for path in _files(target)[1:]:
        path.unlink(missing_ok=True)
    return kept


def _free_name(target: Path) -> Path:
    stem = f"{target.stem}-replaced-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
    number, kept = 1, target.with_name(stem + target.suffix)
    while any(path.exists() for path in _files(kept)):
        number += 1
        kept = target.with_name(f"{stem}-{number}{target.suffix}")
    return kept


def _nobody_works_on(target: Path, key: str) -> None:
    """Raise `RestoreFailed` while another command has the database open: whoever closes it last removes its log."""
    engine = sqlcipher_engine(target, key)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except Exception:
        return  # damaged: that is why a backup is brought back
    finally:
        engine.dispose()
    if any(path.exists() for path in _files(target)[1:]):
        raise RestoreFailed(f"another command is working on {target}; let it end first. Nothing was changed")


def _files(database: Path) -> list[Path]:
    """The files a database may consist of."""
    return [database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))]


def _second_name(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:  # a file system without hard links, such as a stick's
        shutil.copyfile(old, new)
