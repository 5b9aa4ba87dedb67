"""Migration 0002 on databases that hold a day: nothing is lost on the way up, and nothing else on the way back."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from checkin_server.db import migrate
from checkin_server.db.engine import postgres_engine, sqlcipher_engine
from checkin_server.db.schema import metadata
from tests.support.venue import DATABASES

_BEFORE = (
    "INSERT INTO service_day VALUES ('2019-12-27', 'open', 0, 9, NULL, 1, 1, 0)",
    "INSERT INTO member VALUES ('M1', 'F1', 'مثال', 'Exemple', 'active', 'rabat', 'ar', '[]')",
    "INSERT INTO visit (id, service_day, number, state, member, category, unit, locale, needs, party_size,"
    " keep_together, not_before, created_at) VALUES"
    " ('V1', '2019-12-27', 1, 'open', 'M1', 'active', 'rabat', 'ar', '[]', 1, 1, 0, 5)",
    "INSERT INTO print_job VALUES"
    " ('p1', '2019-12-27', 'V1', 'P1', 'ticket', 'uncertain', '{}', 2, 7, 'no_answer', 5, 6),"
    " ('p2', '2019-12-27', 'V1', 'P1', 'duplicate', 'queued', '{}', 0, 0, NULL, 8, 8)",
)


@pytest.fixture(params=DATABASES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the first release with a visit and two print jobs."""
    made = (
        postgres_engine(request.getfixturevalue("postgres_database"), pooled=False)
        if request.param == "postgres"
        else sqlcipher_engine(tmp_path / "riwaq.db", secrets.token_hex(32))
    )
    migrate.upgrade(made, "0001")
    with made.begin() as connection:
        for statement in _BEFORE:
            connection.execute(text(statement))
    yield made
    made.dispose()


def jobs(engine: Engine) -> list[dict[str, Any]]:
    """Return the print jobs, oldest first."""
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text("SELECT * FROM print_job ORDER BY id")).mappings()]


def test_every_print_job_keeps_what_it_says_and_has_no_further_printer(engine: Engine) -> None:
    """Also the one that nobody knows the end of."""
    before = jobs(engine)
    migrate.upgrade(engine, "0002")
    assert jobs(engine) == [{**row, "ladder": "[]"} for row in before]


def test_after_it_a_test_print_needs_neither_visit_nor_day(engine: Engine) -> None:
    """But must say where it may go: the default was for the old rows only."""
    migrate.upgrade(engine, "0002")
    add = (
        "INSERT INTO print_job (id, printer, kind, state, spec, attempts, not_before, created_at, updated_at{0})"
        " VALUES ('p3', 'P1', 'test', 'queued', '{{}}', 0, 0, 9, 9{1})"
    )
    with engine.begin() as connection:
        connection.execute(text(add.format(", ladder", ", '[]'")))
    assert (jobs(engine)[-1]["visit"], jobs(engine)[-1]["service_day"]) == (None, None)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text(add.format("", "").replace("p3", "p4")))


def test_a_job_still_belongs_to_a_visit_that_exists(engine: Engine) -> None:
    """Rebuilding the table kept its foreign key and its indexes."""
    migrate.upgrade(engine, "0002")
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("UPDATE print_job SET visit = 'V2' WHERE id = 'p1'"))


def test_going_back_removes_the_test_prints_and_nothing_else(engine: Engine) -> None:
    """The older release has no place for them."""
    before = jobs(engine)
    migrate.upgrade(engine, "0002")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO print_job SELECT 'p3', NULL, NULL, 'P1', 'test', 'queued', '{}', 0, 0,"
                                " NULL, 9, 9, '[]'"))  # fmt: skip
    migrate.downgrade(engine, "0001")
    assert jobs(engine) == before
    migrate.upgrade(engine, "0002")
    assert len(jobs(engine)) == 2


@pytest.mark.parametrize("way", [["head"], ["0002", "head"]], ids=["at once", "step by step"])
def test_the_schema_of_the_code_is_what_the_migrations_make(engine: Engine, way: list[str]) -> None:
    """Tables, columns, keys and indexes, on both databases."""
    for revision in way:
        migrate.upgrade(engine, revision)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": False})
        differences = compare_metadata(context, metadata)
    assert differences == []
