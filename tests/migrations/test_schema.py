"""Migrations make what `schema.py` says, on both databases, and its constraints hold what the rules promise."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from checkin_server.db import migrate
from checkin_server.db.engine import DatabaseUnusable, postgres_engine, sqlcipher_engine
from checkin_server.db.schema import metadata
from tests.support.venue import DATABASES, Site, postgres_site, sqlcipher_site


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any schema."""
    made = (
        postgres_engine(request.getfixturevalue("postgres_database"), pooled=False)
        if request.param == "postgres"
        else sqlcipher_engine(tmp_path / "riwaq.db", secrets.token_hex(32))
    )
    yield made
    made.dispose()


@pytest.fixture(params=DATABASES)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A venue where a visitor is called, one waits and one is still choosing."""
    made = (
        postgres_site(request.getfixturevalue("postgres_url"))
        if request.param == "postgres"
        else sqlcipher_site(tmp_path)
    )
    with made as site:
        site.visitor("bank", "health", person=site.crowd[0])
        site.visitor("bank", "health", person=site.crowd[1])
        site.scan(site.crowd[2].code)
        site.press("bank-1", "open", "call-next")
        yield site


def differences(engine: Engine) -> list[object]:
    """Return what the database and the schema's description do not agree on."""
    with engine.connect() as connection:

        def is_for_it(described: Any, *about: object) -> bool:
            return described.info.get("only") in (None, connection.dialect.name)

        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_for_it})
        return list(compare_metadata(context, metadata))


def rows(engine: Engine, query: str) -> list[tuple[object, ...]]:
    """Return rows."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_the_migrations_make_exactly_what_the_schema_describes(empty: Engine) -> None:
    """From nothing to the newest, with nothing left to migrate."""
    assert migrate.current(empty) is None
    migrate.upgrade(empty)
    assert migrate.current(empty) == migrate.newest()
    assert differences(empty) == []


def test_the_history_is_one_line_and_its_files_are_named_by_it() -> None:
    """Which revision is the newest is read from the names of the files, without Alembic: it must say the same."""
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    history = ScriptDirectory.from_config(config)
    assert history.get_heads() == [migrate.newest()]
    assert [script.revision for script in history.walk_revisions()] == sorted(migrate.known(), reverse=True)


def test_a_command_that_changes_no_schema_does_not_load_alembic() -> None:
    """It would be a quarter of every command's start."""
    loaded = "import sys, checkin_server.venues.real; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], cwd=migrate.FOLDER.parents[2], check=False).returncode == 0


def test_the_comparison_would_notice_a_missing_column(empty: Engine) -> None:
    """The test above can fail."""
    migrate.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("ALTER TABLE card DROP COLUMN revoked_at"))
    assert differences(empty) != []


def test_upgrading_what_is_newest_changes_nothing(empty: Engine) -> None:
    """`riwaq db upgrade` may be run at every start."""
    migrate.upgrade(empty)
    migrate.upgrade(empty)
    assert differences(empty) == []


def test_going_back_to_the_beginning_leaves_no_table_and_forth_again_all_of_them(empty: Engine) -> None:
    """Every step can be taken in both directions."""
    migrate.upgrade(empty)
    migrate.downgrade(empty, "base")
    assert set(inspect(empty).get_table_names()) <= {"alembic_version"}
    assert migrate.current(empty) is None
    migrate.upgrade(empty)
    assert differences(empty) == []


def test_each_single_step_can_be_taken_back_and_forth_with_a_day_in_the_tables(site: Site) -> None:
    """Down to the first release and up again: visits, numbers, stops and events are all still there."""
    engine = site.db.engine
    kept = "SELECT id, number, state, active_step FROM visit ORDER BY id"
    steps = "SELECT id, visit, service, state, since, counter FROM step ORDER BY id"
    events = "SELECT seq, kind, number FROM event ORDER BY seq"
    before = [rows(engine, query) for query in (kept, steps, events)]
    migrate.downgrade(engine, "0001")
    assert [rows(engine, query) for query in (kept, steps, events)] == before
    migrate.upgrade(engine)
    assert [rows(engine, query) for query in (kept, steps, events)] == before
    assert differences(engine) == []


def test_a_migration_that_fails_leaves_the_schema_as_it_was(empty: Engine) -> None:
    """Whole or not at all: the table that the same migration made before it failed is gone."""
    migrate.upgrade(empty, "0001")
    with empty.begin() as connection:
        # In the way of an index that the next migrations make.
        connection.execute(text("CREATE TABLE in_the_way (id INTEGER)"))
        name = next(
            index.name
            for table in metadata.tables.values()
            if inspect(empty).has_table(table.name)
            for index in table.indexes
            if "only" not in index.info
            if index.name and index.name not in {i["name"] for i in inspect(empty).get_indexes(table.name)}
        )
        connection.execute(text(f"CREATE INDEX {name} ON in_the_way (id)"))
    before = {
        table: [c["name"] for c in inspect(empty).get_columns(table)] for table in inspect(empty).get_table_names()
    }
    with pytest.raises(Exception, match="already exists"):
        migrate.upgrade(empty)
    after = {
        table: [c["name"] for c in inspect(empty).get_columns(table)] for table in inspect(empty).get_table_names()
    }
    assert after == before
    assert migrate.current(empty) == "0001"


# -- what `serve` says of a schema that does not fit ---------------------------------------------------------------


def test_an_empty_database_is_refused_and_the_command_named(empty: Engine) -> None:
    """The remedy is in the message."""
    with pytest.raises(DatabaseUnusable, match="empty; create it with `riwaq init"):
        migrate.require_newest(empty)


def test_an_old_schema_is_refused_and_the_command_named(empty: Engine) -> None:
    """With which it is and which is needed."""
    migrate.upgrade(empty, "0001")
    with pytest.raises(DatabaseUnusable, match=rf"schema 0001, needed {migrate.newest()}.*riwaq db upgrade"):
        migrate.require_newest(empty)


def test_a_newer_release_s_database_is_refused_and_left_alone(empty: Engine) -> None:
    """Somebody put back an old program."""
    migrate.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnusable, match="newer release"):
        migrate.require_newest(empty)


def test_the_newest_schema_is_taken_without_a_word(empty: Engine) -> None:
    """The ordinary start."""
    migrate.upgrade(empty)
    migrate.require_newest(empty)


# -- constraints ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE visit SET number = 1 WHERE number = 2", id="a number twice on a day"),
        pytest.param(
            "UPDATE step SET state = 'headed' WHERE service = 'health' AND visit = "
            "(SELECT visit FROM step WHERE state = 'called')",
            id="a visit in two places",
        ),
        pytest.param(
            "UPDATE step SET state = 'serving', counter = 'bank-1' WHERE service = 'bank' "
            "AND state IN ('waiting', 'headed')",
            id="two visitors at a counter",
        ),
        pytest.param(
            "INSERT INTO service_day (id, state, opens_at, closes_at, admitted, last_number, opened_at) "
            "VALUES ('2019-12-28', 'open', 0, 1, 0, 0, 0)",
            id="two open days",
        ),
        pytest.param(
            "INSERT INTO visit_member (service_day, member, visit) "
            "SELECT '2019-12-27', member, (SELECT id FROM visit WHERE number = 2) FROM visit WHERE number = 1",
            id="a member in two visits of a day",
        ),
        pytest.param("INSERT INTO step SELECT * FROM step", id="a step twice"),
        pytest.param("UPDATE step SET visit = 'V-nobody'", id="a step of no visit"),
        pytest.param("UPDATE visit SET member = 'M-nobody'", id="a visit of nobody"),
        pytest.param("UPDATE visit SET service_day = '1999-01-01'", id="a visit of no day"),
        pytest.param("DELETE FROM member", id="forgetting a member who is inside"),
        pytest.param("INSERT INTO command SELECT * FROM command", id="an answer kept twice"),
    ],
)
def test_the_database_itself_refuses_what_the_rules_forbid(site: Site, statement: str) -> None:
    """Whatever a bug above it tries."""
    before = site.everything()
    with pytest.raises(IntegrityError), site.db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(text(statement))
    assert site.everything() == before


def test_visits_without_a_number_do_not_clash(site: Site) -> None:
    """Any number of people may be choosing."""
    site.scan(site.crowd[3].code)
    assert site.one("SELECT count(*) FROM visit WHERE number IS NULL") == 2


def test_closed_days_do_not_clash(site: Site) -> None:
    """Only one day is open; many may be closed."""
    with site.db.engine.begin() as connection:
        for day in ("2019-12-25", "2019-12-26"):
            connection.execute(
                text("INSERT INTO service_day VALUES (:day, 'closed', 0, 1, NULL, 0, 0, 0, NULL, NULL, NULL)"),
                {"day": day},
            )
    assert site.one("SELECT count(*) FROM service_day") == 3
