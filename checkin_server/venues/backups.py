"""Backups of a real venue: made while it runs, for people who are elsewhere; kept by rotation; tried out."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from checkin_server import __version__
from checkin_server.common import keys
from checkin_server.common.faults import Fault
from checkin_server.common.offload import offload
from checkin_server.db import sealed, soundness
from checkin_server.db.copies import RestoreFailed, backup, rekey, verify
from checkin_server.db.database import SqlcipherDatabase
from checkin_server.db.engine import Engine, sqlcipher_engine
from checkin_server.settings import Settings

log = logging.getLogger(__name__)
END = ".riwaq"


class NoBackup(Fault):
    """There is no backup, or none could be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What trying a backup out has shown."""

    file: Path
    head: sealed.Head
    whole: bool
    """Whether it was restored and checked; else only its completeness and its digest were."""
    problems: Sequence[str] = ()


def make(settings: Settings, engine: Engine, key: str | None = None) -> Path:
    """Write a backup into the folder of the settings, and let the oldest go; return its path.

    The database's key goes into it: `key`, or what stands in its file.

    Raises `NoBackup` when it can't be made; nothing is removed then.
    """
    plan, folder = settings.backup, settings.backup.folder
    if folder is None or not plan.recipients:
        raise NoBackup("the settings name no [backup] dir and recipients: see docs/settings.md")
    if settings.key_file is None:
        raise NoBackup("this venue runs on PostgreSQL: use pg_dump, which knows that server")
    if not folder.is_dir():
        raise NoBackup(f"there is no folder {folder}: is the stick in?")
    now = datetime.now(UTC)
    target = folder / f"{settings.plan.venue}-{now:%Y%m%d-%H%M%S}{END}"
    scratch = Path(tempfile.mkdtemp(prefix=".backup-", dir=settings.data_dir))
    try:
        copy = scratch / "copy.db"
        offload(backup, engine, copy)
        content = offload(
            sealed.seal, copy.read_bytes(), key or keys.read(settings.key_file), plan.recipients, settings.plan.venue,
            f"{now:%Y-%m-%dT%H:%M:%SZ}", __version__,
        )  # fmt: skip
        offload(sealed.write, target, content)
        sealed.look(target)
    except Exception as error:
        raise NoBackup(f"no backup could be written to {folder}: {error}") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    for old in every(settings)[: -plan.keep]:
        old.unlink(missing_ok=True)
    return target


def every(settings: Settings) -> list[Path]:
    """Return this venue's backups in the folder of the settings, the oldest first."""
    folder = settings.backup.folder
    return sorted(folder.glob(f"{settings.plan.venue}-????????-??????{END}")) if folder and folder.is_dir() else []


def age_s(settings: Settings) -> float | None:
    """Return how many seconds ago the newest backup was written; None when there is none."""
    found = every(settings)
    return time.time() - found[-1].stat().st_mtime if found else None


def due(settings: Settings) -> bool:
    """Say whether a running server should make one now."""
    plan = settings.backup
    if plan.folder is None or not plan.every_minutes or not plan.folder.is_dir():
        return False
    age = age_s(settings)
    return age is None or age >= plan.every_minutes * 60 or age < 0


class Keeper:
    """Makes backups while a server runs, as often as the settings say; a fault is said once."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings = settings
        self._engine = engine
        # Read now: the stick with it may be in a pocket later.
        self._key = keys.read(settings.key_file) if settings.backup.folder and settings.key_file else None
        self._said = ""

    def look(self) -> None:
        """Make one if it is due."""
        if not due(self._settings):
            return
        try:
            make(self._settings, self._engine, self._key)
            self._said = ""
        except NoBackup as error:
            if str(error) != self._said:
                self._said = str(error)
                log.warning("%s", error)


def drill(settings: Settings, file: Path | None, identity: bytes | None, secret: str | None) -> Tried:
    """Try a backup out, the newest one if none is named.

    Without an identity its completeness and digest are looked at and nothing else can be. With one it is restored into
    a scratch folder, checked as `riwaq db check` does, and wiped.

    Raises `SealBroken` or `NoBackup`.
    """
    file = file or next(reversed(every(settings)), None)
    if file is None:
        raise NoBackup(f"there is no backup in {settings.backup.folder}")
    if identity is None:
        return Tried(file, sealed.look(file)[0], whole=False)
    inside = sealed.unseal(file, sealed.identities(identity, secret))
    scratch = Path(tempfile.mkdtemp(prefix=".drill-", dir=settings.data_dir))
    try:
        copy = scratch / "drill.db"
        sealed.write(copy, inside.database)
        try:
            verify(file, copy, inside.key)
        except RestoreFailed as error:
            return Tried(file, inside.head, whole=True, problems=[str(error)])
        database = SqlcipherDatabase(sqlcipher_engine(copy, inside.key))
        try:
            return Tried(file, inside.head, whole=True, problems=database.read(soundness.problems))
        finally:
            database.close()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def opened(settings: Settings, file: Path, identity: bytes, secret: str | None, key: str, scratch: Path) -> Path:
    """Write what a sealed backup holds into a scratch folder, under this venue's key; return the file."""
    inside = sealed.unseal(file, sealed.identities(identity, secret))
    copy = scratch / "opened.db"
    sealed.write(copy, inside.database)
    if inside.key != key:
        rekey(copy, inside.key, key)
    return copy
