"""A real venue's settings file with the environment laid over it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from checkin_server.common.keys import PASSPHRASE_FILE
from checkin_server.domain.plan import Plan, Printer
from checkin_server.settings.backup import Backup
from checkin_server.settings.checks import check_printers, duplicates, unknown
from checkin_server.settings.errors import Problem, SettingsError, suggest
from checkin_server.settings.models import SettingsFile
from checkin_server.settings.source import Source
from checkin_server.settings.venue import load_venue, printer_of

ENVIRONMENT = {
    "RIWAQ_HOST": ("server", "host"),
    "RIWAQ_PORT": ("server", "port"),
    "RIWAQ_KEY_FILE": ("database", "key_file"),
    "RIWAQ_DATABASE_URL": ("database", "url"),
}
"""Environment variables, and the key each one overrides. An empty variable counts as not set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a venue's server is told from outside. Paths are absolute or relative to the settings file."""

    source: Path
    """The settings file itself."""
    host: str
    port: int
    allowed_origins: tuple[str, ...]
    """Web origins other than the server's own whose pages may call it."""
    proxies: tuple[str, ...]
    """Addresses and networks of the proxies before the server; what they say of who asks is believed."""
    data_dir: Path
    """Folder for the database, virtual printers' output and reports."""
    database_path: Path | None
    """SQLCipher database; None when `database_url` is set."""
    database_url: str | None = field(repr=False)
    """PostgreSQL address; None when `database_path` is set. May hold a password, so it is left out of `repr`."""
    key_file: Path | None
    """File with the database's key; set whenever `database_path` is."""
    plan: Plan
    backup: Backup = field(default_factory=Backup)
    """Backups that a running server makes by itself."""

    @property
    def printers(self) -> Mapping[str, Printer]:
        """The venue's printers, as this settings file reaches them."""
        return self.plan.printers


def load_settings(path: Path | str, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read a settings file, the venue and tour it names, and the ``RIWAQ_…`` variables of `environ`.

    Raises `SettingsError` that lists every problem found in any of them.
    """
    source = Source.read(Path(path))
    problems = list(_misspelt_variables(environ))
    _overlay(source, environ)
    file: SettingsFile | None = None
    plan: Plan | None = None
    try:
        file = source.check(SettingsFile)
    except SettingsError as error:
        problems += error.problems
    named = source.data.get("venue")
    if isinstance(named, str) and named.strip():
        try:
            plan = _load_named_venue(source, named)
        except SettingsError as error:
            problems += error.problems
    if file:
        problems += _check(source, file, plan)
    if problems or file is None or plan is None:
        raise SettingsError(problems)
    data_dir = source.folder / file.data.dir
    printers = {**plan.printers, **{entry.id: printer_of(entry) for entry in file.printer}}
    return Settings(
        source=Path(path),
        host=file.server.host,
        port=file.server.port,
        allowed_origins=file.server.allowed_origins,
        proxies=file.server.proxies,
        data_dir=data_dir,
        database_path=data_dir / file.database.path if file.database.path else None,
        database_url=file.database.url,
        key_file=source.folder / file.database.key_file if file.database.key_file else None,
        plan=replace(plan, printers=printers),
        backup=Backup(
            folder=source.folder / file.backup.dir if file.backup.dir else None,
            recipients=file.backup.recipients,
            every_minutes=file.backup.every_minutes,
            keep=file.backup.keep,
        ),
    )


def _overlay(source: Source, environ: Mapping[str, str]) -> None:
    for variable, path in ENVIRONMENT.items():
        value = environ.get(variable, "").strip()
        if not value:
            continue
        is_number = variable == "RIWAQ_PORT" and value.isascii() and value.isdigit()
        source.override(path, int(value) if is_number else value, variable)
        if variable == "RIWAQ_DATABASE_URL" and isinstance(source.data["database"], dict):
            # The environment wins over the file, whichever database the file names.
            source.data["database"].pop("path", None)


def _misspelt_variables(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Find variables that are nearly one of ours; others that begin with RIWAQ_ are none of our business."""
    for variable in environ:
        if variable.startswith("RIWAQ_") and variable not in ENVIRONMENT and variable != PASSPHRASE_FILE:
            remedy = suggest(variable, ENVIRONMENT, cutoff=0.85)
            if remedy.startswith("Did you mean"):
                yield Problem("environment", None, variable, "this variable is not known", remedy)


def _load_named_venue(source: Source, named: str) -> Plan:
    path = source.folder / named
    if not path.is_file():
        what = f'there is no file "{named}" beside this one'
        raise SettingsError([source.problem(("venue",), what, "Name the venue's file relative to this file's folder.")])
    return load_venue(path)


def _check_backup(source: Source, file: SettingsFile) -> Iterator[Problem]:
    backup = file.backup
    if backup.dir and not backup.recipients:
        what = "backups are for nobody"
        yield source.problem(("backup", "dir"), what, "Add recipients; `riwaq db identity` makes one.")
    for index, one in enumerate(backup.recipients):
        if not re.fullmatch(r"age1[a-z0-9]{58}", one):
            what = f"{one!r} is no recipient"
            yield source.problem(("backup", "recipients", index), what, "Write what `riwaq db identity` prints: age1…")
    if backup.dir and file.database.url:
        what = "backups of a PostgreSQL server are made with pg_dump"
        yield source.problem(("backup", "dir"), what, "Remove dir, or use the encrypted file.")
    if backup.dir and (source.folder / backup.dir).resolve() == (source.folder / file.data.dir).resolve():
        what = "backups would lie in the data folder, beside what they are for"
        yield source.problem(("backup", "dir"), what, "Name a stick, or a folder on another disk.")


def _check(source: Source, file: SettingsFile, plan: Plan | None) -> Iterator[Problem]:
    database = file.database
    if database.path and database.url:
        what = "a database is either a file (path) or a PostgreSQL server (url), not both"
        yield source.problem(("database", "url"), what, "Remove one of the two.")
    if not database.path and not database.url:
        what = "no database is named"
        yield source.problem(("database",), what, 'Add path = "riwaq.db" (a file) or url = "postgresql://…".')
    if database.path and not database.key_file:
        what = "the encrypted database needs its key"
        remedy = "Add key_file, or set RIWAQ_KEY_FILE; keep that file outside the data folder."
        yield source.problem(("database", "key_file"), what, remedy)
    if database.path and database.key_file:
        data_dir = (source.folder / file.data.dir).resolve()
        if (source.folder / database.key_file).resolve().is_relative_to(data_dir):
            what = "the key lies in the data folder, beside what it protects"
            yield source.problem(("database", "key_file"), what, "Keep it in another folder or on another medium.")
    yield from _check_backup(source, file)
    yield from duplicates(source, "printer", [entry.id for entry in file.printer])
    yield from check_printers(source, file.printer)
    if plan:
        for index, entry in enumerate(file.printer):
            yield from unknown(source, ("printer", index, "id"), entry.id, "printer of the venue", plan.printers)
