"""A real venue, from its settings file: creating, opening, upgrading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from checkin_server.common import keys
from checkin_server.common.clock import SteadyClock
from checkin_server.common.marker import Marker
from checkin_server.db import copies, migrate, sealed
from checkin_server.db.alone import OneServer
from checkin_server.db.database import Database, PostgresDatabase, SqlcipherDatabase
from checkin_server.db.engine import DatabaseUnusable, Engine, postgres_engine, sqlcipher_engine
from checkin_server.db.health import reason
from checkin_server.services.day import open_and_close as opening
from checkin_server.services.hall import HallWatch
from checkin_server.services.numbers import Numbers
from checkin_server.services.paper import print_queue
from checkin_server.services.plans import in_force
from checkin_server.services.venue import Venue
from checkin_server.settings import Settings
from checkin_server.translations import Catalogues
from checkin_server.venues import backups, folders


def _engine(settings: Settings, *, create: bool = False) -> Engine:
    if settings.database_url is not None:
        return postgres_engine(settings.database_url)
    assert settings.database_path is not None and settings.key_file is not None, "settings are checked when read"
    if not create and not settings.database_path.exists():
        raise DatabaseUnusable(
            f"there is no database at {settings.database_path}; create it with `riwaq init --config {settings.source}`"
        )
    return sqlcipher_engine(settings.database_path, keys.read(settings.key_file))


def create(settings: Settings) -> list[str]:
    """Create the key, the data folder and the database; return what was done, line by line. Overwrites nothing."""
    done = []
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnusable(f"cannot make the data folder {settings.data_dir}: {error.strerror}") from error
    if settings.key_file is not None and not settings.key_file.exists():
        if settings.database_path is not None and settings.database_path.exists():
            raise DatabaseUnusable(f"{settings.database_path} exists, but its key {settings.key_file} does not")
        keys.make(settings.key_file)
        done.append(f"Made the key {settings.key_file}. Keep a copy in a safe: without it nobody reads the database.")
    engine = _engine(settings, create=True)
    if migrate.current(engine) is None:
        migrate.upgrade(engine)
        done.append("Created the database.")
    else:
        done.append("The database is there already; nothing was changed.")
    engine.dispose()
    return done


def open_venue(settings: Settings, *, serving: bool = False) -> Venue:
    """Open a venue's database, for one command or for `serving` it. Refuses an old schema and names the command."""
    engine = _engine(settings)
    with _in_words():
        migrate.require_newest(engine)
    database: Database = (
        PostgresDatabase(engine, serving=serving) if settings.database_url else SqlcipherDatabase(engine)
    )
    plan = in_force.with_past(database, settings.plan)
    numbers = Numbers(_marker(settings))
    return Venue(plan, database, SteadyClock(), HallWatch(plan, database), Catalogues().words, numbers=numbers)


def _marker(settings: Settings) -> Marker:
    """Return the marker of numbers: in the data folder, and beside the key, which a copy of that folder has not."""
    return folders.marker(settings.data_dir, settings.key_file)


@dataclass(frozen=True)
class Held:
    """A venue that this process alone may serve, until it is closed or the process ends, however it ends."""

    files: Sequence[IO[str]]
    server: OneServer | None = None
    """The lock on a PostgreSQL server, which can be lost."""

    def watch(self, lost: Callable[[str], None]) -> None:
        """Call `lost`, with what to say, when another server has taken this venue."""
        if self.server is not None:
            self.server.watch(lost)

    def lead(self, venue: Venue) -> None:
        """Have the venue's database asked for nothing while this process does not hold it."""
        if self.server is not None and isinstance(venue.db, PostgresDatabase):
            venue.db.led_by(self.server.confirm)

    def close(self) -> None:
        """Let others serve it."""
        if self.server is not None:
            self.server.close()
        for file in self.files:
            file.close()

    def __enter__(self) -> Held:
        """Hold it for a while."""
        return self

    def __exit__(self, *error: object) -> None:
        """Let it go."""
        self.close()


def hold(settings: Settings) -> Held:
    """Hold a venue's data folder and its database, as its server does.

    Raises `FolderHeld` or `VenueHeld` while another process does: two on one database would be two routers.
    """
    folder = folders.hold(
        settings.data_dir,
        busy="stop it first, or give this venue a data folder of its own",
        unwritable="Set [data] dir to a folder that this user may write to",
    )
    try:
        if settings.database_path is not None:
            return Held((folder, folders.hold_database(settings.database_path)))
        assert settings.database_url is not None, "settings are checked when read"
        with _in_words():
            return Held((folder,), OneServer(postgres_engine(settings.database_url, pooled=False)))
    except BaseException:
        folder.close()
        raise


@contextmanager
def _in_words() -> Iterator[None]:
    """Say what is wrong with a database that can't be opened, and what to do."""
    try:
        yield
    except DatabaseUnusable:
        raise
    except Exception as error:
        if reason(error) is None:
            raise
        raise DatabaseUnusable(
            f"the venue's database cannot be read ({reason(error)}): {str(error).splitlines()[0]}. See that it is "
            "there and running, and what else works on it; then try again"
        ) from error


def restore(
    settings: Settings, file: Path, identity: bytes | None = None, secret: str | None = None
) -> copies.Restored:
    """Bring a backup back; return what was done. A sealed one needs an `identity`, and the passphrase that it is under.

    Raises `FolderHeld` while the venue's server runs, `RestoreFailed` or `SealBroken` when the backup is not whole.
    """
    if settings.database_path is None or settings.key_file is None:
        raise DatabaseUnusable("this venue runs on PostgreSQL: use pg_restore, which knows that server")
    key = keys.read(settings.key_file)
    with hold(settings):
        if identity is None:
            if sealed.is_sealed(file):
                raise sealed.SealBroken(f"{file} is sealed: give --identity FILE to open it. Nothing was changed")
            done = copies.restore(file, settings.database_path, key, print_queue.settle_restored)
        else:
            with TemporaryDirectory(prefix=".restore-", dir=settings.data_dir) as scratch:
                whole = backups.opened(settings, file, identity, secret, key, Path(scratch))
                done = copies.restore(whole, settings.database_path, key, print_queue.settle_restored)
        _marker(settings).note_restored()
        return done


def open_day(venue: Venue, day: str) -> str:
    """Open a planned day for its planned hours, as a start does; return what there is to say of it, or "".

    A day that was closed stays closed: a server that starts again after a crash has nobody's word for opening it.
    """
    known = {row["id"]: row for row in opening.known_days(venue)}
    if day in known and known[day]["state"] == "closed":
        return f"{day} was closed and stays closed; to go on with it: riwaq day open {day} --config F"
    planned = next((d for d in venue.plan.days if d.id == day), None)
    if planned is None:
        raise DatabaseUnusable(f"there is no day {day} in this venue: {', '.join(d.id for d in venue.plan.days)}")
    try:
        opened = opening.open_day(venue, planned, planned.opens_at, planned.closes_at)
    except ValueError as error:
        raise DatabaseUnusable(str(error)) from error
    return "\n".join(f"{ended.day} had not ended; it has now" for ended in opened.ended)


def upgrade(settings: Settings) -> str:
    """Bring a database to this release; return what was done."""
    engine = _engine(settings)
    before, needed = migrate.current(engine), migrate.newest()
    if before == needed:
        return f"The schema is {needed} already."
    migrate.upgrade(engine)
    return f"The schema was {before or 'empty'} and is {needed} now."
