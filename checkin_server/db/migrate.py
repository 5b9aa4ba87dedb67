"""Schema changes. `serve` refuses a database that is not of this release and names the command.

Alembic is loaded by what changes a schema only: every command asks which revision a database is at, and a quarter of
its start would be spent on loading what it never uses. The history is one line (a test holds it against Alembic's own).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection, Engine

from checkin_server.db.engine import DatabaseUnusable

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """Return the revision this release needs."""
    return max(known())


def known() -> set[str]:
    """Return the revisions that this release knows."""
    return {path.stem.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py")}


def current(engine: Engine) -> str | None:
    """Return the revision a database is at; None when it has no schema."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def behind(engine: Engine) -> bool:
    """Say whether `upgrade` would change anything: no schema yet, or an older release's."""
    found = current(engine)
    return found is None or (found != newest() and found in known())


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring a database to a revision, whole or not at all."""
    from alembic import command

    with engine.connect() as connection:
        _begin(connection)
        command.upgrade(_config(connection), revision)
        connection.commit()


def downgrade(engine: Engine, revision: str) -> None:
    """Take a database back to an earlier revision, whole or not at all."""
    from alembic import command

    with engine.connect() as connection:
        _begin(connection)
        command.downgrade(_config(connection), revision)
        connection.commit()


def _begin(connection: Connection) -> None:
    """Open the transaction: SQLite's driver leaves that to us, and its DDL is transactional too."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def require_newest(engine: Engine) -> None:
    """Raise `DatabaseUnusable`, naming the remedy, unless the schema is of this release."""
    found, needed = current(engine), newest()
    if found is None:
        raise DatabaseUnusable("the database is empty; create it with `riwaq init --config F`")
    if found != needed:
        if found not in known():
            raise DatabaseUnusable(f"the database is of a newer release (schema {found}); install that release")
        raise DatabaseUnusable(
            f"the database is of an older release (schema {found}, needed {needed}); "
            "back it up and run `riwaq db upgrade --config F`"
        )
