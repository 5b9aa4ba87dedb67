from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Select, TextClause, UpdateBase, bindparam, select, text

import checkin_server.db as package
from checkin_server.db.schema import counter
from checkin_server.db.tx import Statements, Tx
from tests.support.venue import Site


def statements(dialect: str) -> Iterator[tuple[str, Any]]:
    """Return every statement that a module of `checkin_server.db` has written down for a dialect, by its name."""
    for module in pkgutil.iter_modules(package.__path__):
        if module.ispkg or module.name == "schema":  # that has tables, and parts of statements
            continue
        for name, value in vars(importlib.import_module(f"{package.__name__}.{module.name}")).items():
            # Of which each kind of database has its own, they stand in a dictionary.
            if isinstance(value, dict) and value.keys() <= {"sqlite", "postgresql"}:
                value = value.get(dialect)
            if isinstance(value, Select | UpdateBase | TextClause) and "PRAGMA" not in str(value):
                yield f"{module.name}.{name}", value


def test_every_statement_fits_the_schema_of_this_database(site: Site) -> None:
    """Each is compiled for the dialect and planned by the server, which knows tables, columns and types."""
    found = dict(statements(site.db.engine.dialect.name))
    assert len(found) > 60, "they are found where they are written"
    compiled = Statements(site.db.engine.dialect)

    def plan_all(tx: Tx) -> list[str]:
        wrong = []
        for name, statement in found.items():
            known = compiled.compile(statement)
            tx._cursor.execute("SAVEPOINT one")
            try:
                tx._cursor.execute(f"EXPLAIN {known.text}", {**known.fixed, **dict.fromkeys(known.required)})
                tx._cursor.fetchall()
            except Exception as error:
                wrong.append(f"{name}: {error}")
            tx._cursor.execute("ROLLBACK TO one")
        return wrong

    assert site.db.read(plan_all) == []


def test_a_statement_is_compiled_once(site: Site) -> None:
    """Building text per call would cost more than the database does."""
    compiled = Statements(site.db.engine.dialect)
    statement = select(counter)
    assert compiled.compile(statement) is compiled.compile(statement)


def test_a_forgotten_value_is_an_error_that_names_it(site: Site) -> None:
    """Neither driver may take it for NULL."""
    statement = select(counter).where(counter.c.id == bindparam("the_counter"))
    with pytest.raises(TypeError, match="the_counter"):
        site.db.read(lambda tx: tx.all(statement))


def test_values_are_never_part_of_the_text(site: Site) -> None:
    """Whatever somebody types is a value."""
    evil = "'; DELETE FROM counter; --"
    assert site.rows("SELECT id FROM counter WHERE id = :it", it=evil) == []
    assert site.one("SELECT count(*) FROM counter") == len(site.plan.counters)


def test_a_reader_cannot_write_on_postgresql_and_keeps_nothing_on_sqlcipher(site: Site) -> None:
    """Commands go through `write`; what a read job writes by mistake is never committed."""

    def write(tx: Tx) -> int:
        return tx.run(text("UPDATE counter SET state = 'open'"))

    if site.db.engine.dialect.name == "postgresql":
        with pytest.raises(Exception, match="read-only transaction"):
            site.db.read(write)
    else:
        site.db.read(write)
    assert {row["state"] for row in site.rows("SELECT state FROM counter")} == {"closed"}


def test_a_reader_sees_one_moment_however_long_it_looks(site: Site) -> None:
    """A screen never shows half of a change."""
    site.visitor("bank")

    def read(tx: Tx) -> tuple[int, int]:
        counted = text("SELECT count(*) AS n FROM visit")
        before = tx.all(counted)[0]["n"]
        site.visitor("bank")
        return before, tx.all(counted)[0]["n"]

    assert site.db.read(read) == (1, 1)
    assert site.one("SELECT count(*) FROM visit") == 2


def test_events_are_told_after_the_commit_and_in_order(site: Site) -> None:
    """Whoever hears of a change can read it."""
    seen: list[tuple[str, int]] = []

    def hear(events: Any) -> None:
        for event in events:
            seen.append((event.kind, site.one("SELECT count(*) FROM event WHERE kind = :kind", kind=event.kind)))

    site.db.feed.follow(hear)
    site.visitor("bank")
    assert [kind for kind, _ in seen] == ["member_admitted", "services_chosen", "ticket_queued"]
    assert all(kept == 1 for _, kept in seen)


def test_a_listener_that_fails_spoils_neither_the_commit_nor_the_others(site: Site) -> None:
    """A screen's trouble is not the visitor's."""
    heard: list[str] = []

    def fail(events: Any) -> None:
        raise LookupError("no screen")

    site.db.feed.follow(fail)
    site.db.feed.follow(lambda events: heard.extend(event.kind for event in events))
    assert site.visitor("bank")["number"] == 1
    assert "services_chosen" in heard
