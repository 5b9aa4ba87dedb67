from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from checkin_server.db.copies import BackupFailed, backup
from checkin_server.db.database import PostgresDatabase, SqlcipherDatabase
from checkin_server.db.engine import DatabaseUnusable, postgres_engine, sqlcipher_engine
from checkin_server.db.group_commit import WriterStopped
from checkin_server.db.tx import Tx
from tests.support.together import together
from tests.support.venue import Site, accepted, make_site, new_sqlcipher, postgres_empty, sqlcipher_template


@pytest.fixture
def file_site(tmp_path: Path) -> Iterator[Site]:
    """A venue on an encrypted file, `riwaq.db` in the test's folder."""
    engine, _ = new_sqlcipher(tmp_path / "riwaq.db")
    database = SqlcipherDatabase(engine)
    yield make_site(database)
    database.close()


def pragma(connection: Any, name: str) -> Any:
    """Return a setting of a connection."""
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_every_connection_writes_ahead_and_waits_for_the_disk(file_site: Site) -> None:
    """WAL with FULL lost nothing in two thousand power cuts; NORMAL did."""
    engine = file_site.db.engine
    pooled = [engine.raw_connection() for _ in range(6)]
    writer: Any = file_site.db
    for connection in [*(one.driver_connection for one in pooled), writer._writer._connection]:
        assert pragma(connection, "journal_mode") == "wal"
        assert pragma(connection, "synchronous") == 2, "FULL"
        assert pragma(connection, "foreign_keys") == 1
        assert pragma(connection, "temp_store") == 2, "nothing is spilled to the disk in the clear"
    for one in pooled:
        one.close()


def test_the_file_and_its_log_hold_no_readable_word(file_site: Site, tmp_path: Path) -> None:
    """Whoever takes the laptop gets neither names nor the schema."""
    person = file_site.crowd[0]
    file_site.visitor("bank", person=person)
    contents = (tmp_path / "riwaq.db").read_bytes() + (tmp_path / "riwaq.db-wal").read_bytes()
    assert len(contents) > 100_000, "both are there, and the log holds what was just written"
    for word in (
        person.name_la,
        person.name_ar,
        person.code,
        person.id,
        "CREATE TABLE",
        "service_day",
        "SQLite format",
    ):
        assert word.encode() not in contents, word


def test_an_ordinary_sqlite_cannot_read_the_file(file_site: Site, tmp_path: Path) -> None:
    """It takes it for no database at all."""
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        sqlite3.connect(tmp_path / "riwaq.db").execute("SELECT * FROM sqlite_master")


def test_a_wrong_key_is_refused_and_the_message_says_what_to_do(file_site: Site, tmp_path: Path) -> None:
    """And the file is as it was."""
    before = (tmp_path / "riwaq.db").read_bytes()
    with pytest.raises(DatabaseUnusable, match=r"riwaq\.db.*key is not this database's key.*riwaq db restore"):
        sqlcipher_engine(tmp_path / "riwaq.db", secrets.token_hex(32)).raw_connection()
    assert (tmp_path / "riwaq.db").read_bytes() == before


@pytest.mark.parametrize("key", ["", "secret", "A" * 64, "0" * 63, "0" * 64 + "' --"])
def test_only_a_whole_256_bit_key_is_taken(tmp_path: Path, key: str) -> None:
    """A passphrase would cost a quarter of a second at each connection."""
    with pytest.raises(DatabaseUnusable, match="64 hexadecimal digits"):
        sqlcipher_engine(tmp_path / "riwaq.db", key).raw_connection()
    assert not (tmp_path / "riwaq.db").exists()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With what to look for."""
    with pytest.raises(DatabaseUnusable, match=r"nowhere/riwaq\.db.*Is the folder there and writable"):
        sqlcipher_engine(tmp_path / "nowhere" / "riwaq.db", "0" * 64).raw_connection()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    """Somebody's letter is not overwritten."""
    path = tmp_path / "letter.db"
    path.write_text("Dear organisers, " * 1000)
    with pytest.raises(DatabaseUnusable, match="the file is damaged"):
        sqlcipher_engine(path, "0" * 64).raw_connection()
    assert path.read_text().startswith("Dear organisers")


# -- backups ------------------------------------------------------------------------------------------------------


def test_a_backup_made_while_numbers_are_given_is_whole_sound_and_encrypted(file_site: Site, tmp_path: Path) -> None:
    """It holds everything that was answered before it began, opens with the same key, and shows no name."""
    target = tmp_path / "backup.db"
    known = [file_site.visitor("bank")["number"] for _ in range(5)]

    def rush() -> None:
        for _ in range(20):
            file_site.visitor("bank", "health")

    together([rush, lambda: backup(file_site.db.engine, target)])
    contents = target.read_bytes()
    assert not any(person.name_la.encode() in contents for person in file_site.crowd)
    _, key = sqlcipher_template()
    database = SqlcipherDatabase(sqlcipher_engine(target, key))
    try:
        copy = Site(file_site.venue, file_site.clock, file_site.crowd)
        object.__setattr__(copy, "venue", replace(file_site.venue, db=database))
        numbers = copy.numbers()
        assert set(known) <= set(numbers)
        assert numbers == list(range(1, len(numbers) + 1))
        assert copy.problems() == []
    finally:
        database.close()
    assert not list(tmp_path.glob("*.part"))


def test_a_backup_overwrites_nothing(file_site: Site, tmp_path: Path) -> None:
    """Yesterday's stays."""
    target = tmp_path / "backup.db"
    target.write_text("yesterday")
    with pytest.raises(BackupFailed, match=r"backup\.db exists; name a new file"):
        backup(file_site.db.engine, target)
    assert target.read_text() == "yesterday"


def test_a_backup_that_cannot_be_written_says_why_and_leaves_no_piece(file_site: Site, tmp_path: Path) -> None:
    """The stick was pulled out."""
    with pytest.raises(BackupFailed, match="cannot write"):
        backup(file_site.db.engine, tmp_path / "nowhere" / "backup.db")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["riwaq.db", "riwaq.db-shm", "riwaq.db-wal"]


def test_on_postgresql_a_backup_names_the_right_tool(postgres_url: str, tmp_path: Path) -> None:
    """That server has its own."""
    with postgres_empty(postgres_url) as url:
        database = PostgresDatabase(postgres_engine(url))
        with pytest.raises(BackupFailed, match="pg_dump"):
            backup(database.engine, tmp_path / "backup.db")
        database.close()


# -- the writer ---------------------------------------------------------------------------------------------------


def test_what_was_queued_before_closing_is_committed_and_nothing_is_taken_after(tmp_path: Path) -> None:
    """Nobody waits for an answer that never comes."""
    engine, key = new_sqlcipher(tmp_path / "riwaq.db")
    database = SqlcipherDatabase(engine)
    site = make_site(database)
    visits = [site.scan(site.newcomer().code)["visit"]["id"] for _ in range(8)]
    answered: list[int] = []

    def choose(visit: str) -> None:
        with suppress(WriterStopped):
            answered.append(accepted(site.choose(visit, "bank"))["number"])

    jobs: list[Callable[[], None]] = [partial(choose, visit) for visit in visits]
    together([*jobs, database.close])
    with pytest.raises(WriterStopped):
        database.write(lambda tx: None)
    reopened = SqlcipherDatabase(sqlcipher_engine(tmp_path / "riwaq.db", key))
    object.__setattr__(site.venue, "db", reopened)
    assert sorted(answered) == site.numbers()
    reopened.close()


def test_a_job_that_breaks_the_transaction_fails_and_the_writer_goes_on(file_site: Site) -> None:
    """One bug must not stop the day."""

    def break_it(tx: Tx) -> None:
        tx._cursor.execute("ROLLBACK")

    with pytest.raises(Exception, match=r"(?i)savepoint|transaction"):
        file_site.db.write(break_it)
    assert file_site.visitor("bank")["number"] == 1
    assert file_site.problems() == []


def test_a_command_beside_the_server_may_write_while_it_runs(file_site: Site, tmp_path: Path) -> None:
    """`riwaq devices add` on a running demo: each waits for the other."""
    _, key = sqlcipher_template()
    other = SqlcipherDatabase(sqlcipher_engine(tmp_path / "riwaq.db", key))
    beside = Site(replace(file_site.venue, db=other), file_site.clock, ())

    def rush() -> None:
        for _ in range(15):
            file_site.visitor("bank")

    def command() -> None:
        for n in range(15):
            beside.db.write(lambda tx, n=n: tx.emit("test_noted", n))  # type: ignore[misc]

    together([rush, command])
    assert file_site.numbers() == list(range(1, 16))
    assert file_site.events().count("test_noted") == 15
    other.close()
