"""One server a venue, on either kind of database, whatever its other settings are."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from checkin_server.db import alone
from checkin_server.db.alone import OneServer, VenueHeld
from checkin_server.db.database import PostgresDatabase
from checkin_server.db.engine import postgres_engine
from checkin_server.db.health import StoreUnavailable
from checkin_server.venues import folders


def server(url: str) -> OneServer:
    """Return a server's hold on a venue."""
    return OneServer(postgres_engine(url, pooled=False))


def test_an_embedded_database_is_held_by_one_server_by_whatever_way_it_is_named(tmp_path: Path) -> None:
    """Two settings files with a data folder each may name one database; a link to it is the same one."""
    (tmp_path / "data").mkdir()
    database = tmp_path / "data" / "riwaq.db"
    database.write_bytes(b"")
    (tmp_path / "other.db").symlink_to(database)
    held = folders.hold_database(database)
    for way in (database, tmp_path / "other.db", tmp_path / "data" / ".." / "data" / "riwaq.db"):
        with pytest.raises(folders.FolderHeld, match=r"a server is running on .*riwaq\.db already; stop it first"):
            folders.hold_database(way)
    held.close()
    folders.hold_database(tmp_path / "other.db").close()
    with pytest.raises(folders.FolderUnusable, match="cannot write beside"):
        folders.hold_database(tmp_path / "nowhere" / "riwaq.db")


def test_a_postgresql_database_is_held_by_one_server_and_other_venues_beside_it_are_not(postgres_database: str) -> None:
    """Schemas of one database are venues of their own."""
    first = server(postgres_database)
    with pytest.raises(VenueHeld, match=r"already \(riwaq [0-9a-f]{8} process \d+ on .+ UTC\); stop it first"):
        server(postgres_database)
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA marrakech")
    server(f"{postgres_database}?options=-csearch_path%3Dmarrakech").close()
    first.close()
    server(postgres_database).close()


def test_a_lock_that_was_lost_is_taken_again_or_the_server_hears_who_has_it(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes first after the database server cut everybody off."""
    monkeypatch.setattr(alone, "_LOOK_S", 0.05)
    first, heard = server(postgres_database), threading.Event()
    said: list[str] = []

    def lost(message: str) -> None:
        said.append(message)
        heard.set()

    def cut() -> None:
        with psycopg.connect(postgres_database, autocommit=True) as connection:
            for pid in holders():
                connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))

    def holders() -> list[int]:
        with psycopg.connect(postgres_database, autocommit=True) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database "
                "WHERE locktype = 'advisory' AND granted AND datname = current_database()"
            )
            return [row[0] for row in found]

    before = holders()
    cut()
    first.watch(lost)
    while holders() in ([], before):
        time.sleep(0.02)
    assert not said
    monkeypatch.setattr(alone, "_LOOK_S", 3600)
    heard.wait(0.2)  # the next look is far away
    cut()
    second = server(postgres_database)
    monkeypatch.setattr(alone, "_LOOK_S", 0.05)
    third_look = threading.Thread(target=first._watch)
    third_look.start()
    third_look.join(30)
    assert heard.is_set() and "process" in said[0]
    second.close()
    first.close()


def test_a_connection_of_ours_whose_end_was_not_noticed_makes_way(postgres_database: str) -> None:
    """A cable that was out: the database server still holds the lock for who is gone."""
    first = server(postgres_database)
    gone = first._connection
    first._connection = None
    first._take()
    assert first._connection is not gone
    with pytest.raises(psycopg.OperationalError):
        gone.execute("SELECT 1")
    with pytest.raises(VenueHeld):
        server(postgres_database)
    first.close()


def cut_everybody_off(url: str) -> None:
    """As a database server does that restarts."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_after_the_database_restarted_nothing_is_asked_of_it_before_the_lock_is_held_again(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes first, a scan as well as the router, takes it; of two servers one alone goes on."""
    monkeypatch.setattr(alone, "_LOOK_S", 3600)
    first, database = server(postgres_database), PostgresDatabase(postgres_engine(postgres_database))
    database.led_by(first.confirm)
    said: list[str] = []
    first.watch(said.append)
    now = text("SELECT 1 AS one")
    assert database.read(lambda tx: tx.all(now)) == [{"one": 1}]
    cut_everybody_off(postgres_database)
    assert database.read(lambda tx: tx.all(now)) == [{"one": 1}]
    with pytest.raises(VenueHeld):
        server(postgres_database)
    cut_everybody_off(postgres_database)
    second = server(postgres_database)
    for ask in (database.read, database.write, database.read):
        with pytest.raises(StoreUnavailable):
            ask(lambda tx: tx.all(now))
    assert len(said) == 1 and "process" in said[0]
    database.close()
    second.close()
    first.close()
