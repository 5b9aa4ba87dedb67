"""Each migration on a database that holds rows: load, upgrade, check, downgrade, check; on both databases."""

from __future__ import annotations

import importlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy.engine import Engine

from checkin_server.db import migrate
from checkin_server.db.engine import postgres_engine, sqlcipher_engine
from tests.migrations.tables import Tables
from tests.support.venue import DATABASES

VERSIONS = sorted(path.stem for path in (migrate.FOLDER / "versions").glob("[0-9]*.py"))


def case_of(version: str) -> ModuleType:
    """Return the module that tries a migration out."""
    return importlib.import_module(f"tests.migrations.revisions.r{version}")


@pytest.fixture(params=DATABASES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any schema."""
    made = (
        postgres_engine(request.getfixturevalue("postgres_database"), pooled=False)
        if request.param == "postgres"
        else sqlcipher_engine(tmp_path / "riwaq.db", secrets.token_hex(32))
    )
    yield made
    made.dispose()


def test_every_migration_has_its_case_and_none_is_left_over() -> None:
    """A new migration comes with the rows that it is tried on."""
    folder = Path(__file__).with_name("revisions")
    assert sorted(path.stem.removeprefix("r") for path in folder.glob("r[0-9]*.py")) == VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_rows_survive_the_migration_and_the_way_back(engine: Engine, version: str) -> None:
    """And the migration can be taken once more: nothing of the first time is in its way."""
    case, tables = case_of(version), Tables(engine)
    revision = version.partition("_")[0]
    before = "base" if revision == VERSIONS[0].partition("_")[0] else f"{int(revision) - 1:04d}"
    if before != "base":
        migrate.upgrade(engine, before)
    case.load(tables)
    migrate.upgrade(engine, revision)
    case.upgraded(tables)
    migrate.downgrade(engine, before)
    case.downgraded(tables)
    if before != "base":
        migrate.upgrade(engine, revision)
        assert migrate.current(engine) == revision
