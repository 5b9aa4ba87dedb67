"""A store that can't take a command just now: the command is not lost, not half done, and done once when sent again."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from checkin_server.db import database as database_module
from checkin_server.db import group_commit, lent, probes
from checkin_server.db.database import PostgresDatabase, SqlcipherDatabase
from checkin_server.db.engine import DISK, LOG_KEPT_BYTES, postgres_engine
from checkin_server.db.health import Health, StoreUnavailable
from checkin_server.db.tx import Tx
from tests.support import postgres
from tests.support.databases import postgres_copy, sqlcipher_template
from tests.support.together import together
from tests.support.venue import Site, accepted, make_site, new_id, sqlcipher_site

_HOLD = """
import sys, sqlcipher3.dbapi2 as driver
connection = driver.connect(sys.argv[1], isolation_level=None)
connection.execute(f"PRAGMA key = \\"x'{sys.argv[2]}'\\"")
connection.execute("BEGIN " + sys.argv[3])
connection.execute("SELECT count(*) FROM event").fetchone()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def file_site(tmp_path: Path) -> Iterator[Site]:
    """A venue on an encrypted file."""
    with sqlcipher_site(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server that a test may stop."""
    with postgres.server() as started:
        yield started


@pytest.fixture
def server_site(postgres_server: postgres.Server) -> Iterator[Site]:
    """A venue on that server, as a process that serves it sees it."""
    database = PostgresDatabase(postgres_engine(postgres_copy(postgres_server.url)), serving=True)
    yield make_site(database)
    database.close()


def refused(command: Callable[[], Any]) -> str:
    """Return what the store has, that a command met."""
    with pytest.raises(StoreUnavailable) as met:
        command()
    return met.value.why


def writer_of(site: Site) -> Any:
    """Return the connection of the one writer."""
    database: Any = site.db
    return database._writer._connection


@contextmanager
def held(folder: Path, how: str = "IMMEDIATE") -> Iterator[None]:
    """Have another process hold the database, as a large import or somebody's own program does."""
    _, key = sqlcipher_template()
    other = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(folder / "riwaq.db"), key, how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdin is not None and other.stdout is not None
    assert other.stdout.readline() == "held\n"
    try:
        yield
    finally:
        other.stdin.close()
        other.wait(30)
        other.stdout.close()


def reading(folder: Path) -> AbstractContextManager[None]:
    """Have another process read, and not end: a report, a program left open."""
    return held(folder, "DEFERRED")


def fill(site: Site) -> tuple[str, str]:
    """Let people in until the store takes no more; return the code and the id of the scan that it did not take."""
    while True:
        code, scan_id = site.newcomer().code, new_id()
        try:
            site.choose(site.scan(code, scan_id)["visit"]["id"], "bank", "health")
        except StoreUnavailable:
            return code, scan_id


def test_on_a_full_disk_nothing_is_half_done_and_the_same_id_is_done_once_there_is_room(file_site: Site) -> None:
    """Whatever was answered stands, in numbers without a gap; what was not taken is as if it had never been sent."""
    writer = writer_of(file_site)
    pages = writer.execute("PRAGMA page_count").fetchone()[0]
    writer.execute(f"PRAGMA max_page_count = {pages + 1}")
    fill(file_site)
    code, scan_id = file_site.newcomer().code, new_id()
    before = file_site.everything()

    def come() -> None:
        file_site.scan(code, scan_id)
        for _ in range(30):
            file_site.visitor("bank")

    assert refused(come) == "disk_full", "a small row may find room where a larger one did not, not thirty"
    writer.execute("PRAGMA max_page_count = 1000000")
    first = file_site.scan(code, scan_id)
    assert first == file_site.scan(code, scan_id)
    accepted(file_site.choose(first["visit"]["id"], "bank"))
    assert file_site.problems() == []
    numbers = file_site.numbers()
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(file_site.everything()["visit"]) > len(before["visit"])


def test_a_database_that_can_only_be_read_says_so_and_is_opened_anew(file_site: Site) -> None:
    """A connection that was opened while nothing could be written would stay so for good."""
    writer_of(file_site).execute("PRAGMA query_only = ON")
    code, scan_id = file_site.newcomer().code, new_id()
    assert refused(lambda: file_site.scan(code, scan_id)) == "read_only"
    assert file_site.scan(code, scan_id)["outcome"] == "admitted"


def test_a_disk_that_gives_back_something_else_is_named_and_no_fault_of_a_command(
    file_site: Site, tmp_path: Path
) -> None:
    """Pages that are not what was written: nobody gets a number from them, and the log has no traceback a command."""
    writer_of(file_site).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file = tmp_path / "riwaq.db"
    whole = file.read_bytes()
    file_site.db.engine.dispose()
    with file.open("r+b") as spoiled:
        spoiled.seek(3 * 4096)
        spoiled.write(bytes(len(whole) - 3 * 4096))
    assert (
        refused(lambda: file_site.db.read(lambda tx: tx.all(text("SELECT count(*) AS n FROM visit")))) == "disk_error"
    )
    file.write_bytes(whole)


def test_who_waits_behind_another_programs_lock_is_told_and_goes_on_afterwards(
    file_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight at once; reading goes on meanwhile."""
    monkeypatch.setattr(group_commit, "_LOCK_PATIENCE_S", 0.3)
    scans = [(file_site.newcomer().code, new_id()) for _ in range(8)]

    with held(tmp_path):
        told = together([partial(refused, partial(file_site.scan, *one)) for one in scans])
        assert told == ["locked"] * 8
        assert file_site.numbers() == []
    assert {file_site.scan(*one)["outcome"] for one in scans} == {"admitted"}
    assert len(file_site.rows("SELECT id FROM visit")) == 8


def test_who_reads_waits_for_a_lock_a_while_and_is_told_when_it_stays(
    file_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program that has shut everybody out for a moment costs a screen that moment."""
    tried: list[str] = []
    with ExitStack() as other:

        def look(tx: Tx) -> str:
            tried.append("once")
            if len(tried) == 3:
                other.close()
            probes.note(tx, 1)  # what a lock of another's keeps from going on
            return "seen"

        other.enter_context(held(tmp_path))
        assert file_site.db.read(look) == "seen"
    monkeypatch.setattr(SqlcipherDatabase, "_READ_PATIENCE_S", 0.2)
    with held(tmp_path):
        tried[:] = ["once"] * 3
        assert refused(lambda: file_site.db.read(look)) == "locked"
    assert len(tried) > 6


def test_a_group_that_does_not_come_back_from_the_disk_holds_nobody_up(
    file_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither who is in it nor who comes after; when it comes back, its command was done, once, and others go on."""
    monkeypatch.setattr(group_commit, "_STUCK_S", 0.05)
    on_disk, comes_back = threading.Event(), threading.Event()
    code, scan_id = file_site.newcomer().code, new_id()

    def slow(work: Any, *arguments: Any) -> Any:
        on_disk.set()
        assert comes_back.wait(30)
        return run(work, *arguments)

    run = DISK.run
    monkeypatch.setattr(DISK, "run", slow)
    told: list[str] = []
    waiting = threading.Thread(target=lambda: told.append(refused(lambda: file_site.scan(code, scan_id))))
    waiting.start()
    assert on_disk.wait(30)
    behind = threading.Thread(target=lambda: told.append(refused(file_site.visitor)))
    behind.start()
    while behind.is_alive() or waiting.is_alive():
        time.sleep(0.01)
        file_site.db.give_up_stuck()
    assert told == ["no_answer", "no_answer"]
    assert refused(file_site.visitor) == "no_answer", "at once"
    comes_back.set()
    monkeypatch.setattr(DISK, "run", run)
    while True:  # the writer is on its way back
        try:
            answer = file_site.scan(code, scan_id)
            break
        except StoreUnavailable:
            time.sleep(0.01)
    assert answer["outcome"] == "admitted"
    assert len(file_site.rows("SELECT id FROM visit")) == 1, "and who waited behind it was not let in without knowing"


def test_a_server_that_restarts_costs_whoever_comes_later_nothing(
    server_site: Site, postgres_server: postgres.Server
) -> None:
    """The connections that were kept are broken, and nobody hears of it."""
    together([lambda: server_site.visitor("bank") for _ in range(6)])
    postgres_server.stop()
    postgres_server.start()
    together([lambda: server_site.visitor("health") for _ in range(6)])
    assert server_site.numbers() == list(range(1, 13))


def test_while_the_server_is_away_commands_and_reading_say_so_and_are_done_once_it_is_back(
    server_site: Site, postgres_server: postgres.Server, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says it when it begins, and not with each of them."""
    code, scan_id = server_site.newcomer().code, new_id()
    with caplog.at_level(logging.WARNING):
        postgres_server.stop()
        try:
            for _ in range(5):
                assert refused(lambda: server_site.scan(code, scan_id)) == "unreachable"
                assert refused(server_site.numbers) == "unreachable"
        finally:
            postgres_server.start()
    assert len([record for record in caplog.records if record.name.startswith("checkin_server")]) == 1
    assert not any(record.exc_info for record in caplog.records), "and no trace of a fault"
    assert server_site.scan(code, scan_id) == server_site.scan(code, scan_id)
    assert len(server_site.rows("SELECT id FROM visit")) == 1


def test_a_server_that_is_there_and_never_answers_holds_nobody_up(
    server_site: Site, postgres_server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits is cut off; who comes while a probe finds out does not even try; the same ids are done afterwards."""
    monkeypatch.setattr(lent, "_LONGEST_S", 0.3)
    scans = [(server_site.newcomer().code, new_id()) for _ in range(4)]
    together([lambda: server_site.scan(server_site.newcomer().code) for _ in scans])  # connections are open
    stop = threading.Event()

    def patience() -> None:
        while not stop.wait(0.05):
            server_site.db.give_up_stuck()

    watching = threading.Thread(target=patience)
    watching.start()
    postgres_server.hang()
    try:
        told = together([partial(refused, partial(server_site.scan, *one)) for one in scans])
        assert set(told) <= {"no_answer", "unreachable"} and "no_answer" in told
        server_site.db.health.probed = True
        assert refused(server_site.numbers) in ("no_answer", "unreachable")
    finally:
        postgres_server.go_on()
        stop.set()
        watching.join()
    server_site.db.probe(lambda tx: None)
    server_site.db.health.worked()
    assert {server_site.scan(*one)["outcome"] for one in scans} == {"admitted"}
    assert len(server_site.rows("SELECT id FROM visit")) == 8


def test_a_lock_that_somebody_keeps_on_the_server_is_waited_for_a_while_only(
    server_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table that a technician's program has locked: neither commands nor reading hang on it."""
    code, scan_id = server_site.newcomer().code, new_id()

    def impatient(tx: Tx) -> None:
        assert tx.one(text("SHOW lock_timeout")) == {"lock_timeout": "3s"}, "each connection has the limit"
        assert tx.one(text("SHOW statement_timeout")) == {"statement_timeout": "5s"}

    server_site.db.read(impatient)
    url = server_site.db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE visit IN ACCESS EXCLUSIVE MODE")
        told = together(
            [lambda: refused(lambda: server_site.scan(code, scan_id)), lambda: refused(server_site.numbers)]
        )
        assert told == ["locked", "locked"]
        other.rollback()
    assert server_site.scan(code, scan_id)["outcome"] == "admitted"


def test_a_trouble_is_said_when_it_begins_when_it_changes_and_when_it_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A command that met it a moment ago says more than a probe's small row that found room."""
    now = [0.0]
    health = Health(lambda: now[0])

    def meets(why: Any, *, probe: bool = False) -> None:
        # Passed on, it stays what it is.
        health.blame(StoreUnavailable(why), probe=probe)

    with caplog.at_level(logging.WARNING):
        for why in ("disk_full", "disk_full", "locked", "locked"):
            meets(why)
        now[0] = 5.0
        health.worked()
        trouble = health.trouble()
        assert trouble is not None and (trouble.why, trouble.for_s) == ("locked", 5.0)
        now[0] = 11.0
        health.worked()
        health.worked()
    assert health.trouble() is None
    assert [("disk_full" in line, "locked" in line) for line in caplog.messages] == [
        (True, False),
        (False, True),
        (False, False),
    ]


def test_where_nothing_comes_back_the_first_answer_ends_it() -> None:
    """A server that answers the probe answers everybody."""
    health = Health(lambda: 0.0)
    health.probed = True
    health.blame(StoreUnavailable("no_answer"))
    with pytest.raises(StoreUnavailable):
        health.admit()
    health.worked()
    health.admit()


def test_a_log_that_a_slow_reader_let_grow_is_small_again_when_it_has_ended(
    file_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether or not anything is written afterwards; while it reads, nobody waits for it."""
    monkeypatch.setattr(database_module, "LOG_KEPT_BYTES", 200_000)
    log = tmp_path / "riwaq.db-wal"
    writer = writer_of(file_site)
    assert writer.execute("PRAGMA journal_size_limit").fetchone() == (LOG_KEPT_BYTES,)
    for pragma in ("journal_size_limit = 200000", "wal_autocheckpoint = 20"):
        writer.execute(f"PRAGMA {pragma}")

    def grow(times: int = 12) -> None:
        for _ in range(times):
            file_site.visitor("bank", "health")

    for ended_by in ("commits", "nothing"):
        with reading(tmp_path):
            before = log.stat().st_size
            grow()
            assert log.stat().st_size > before + 400_000
            assert file_site.db.tidy() == log.stat().st_size > 400_000
        if ended_by == "commits":
            grow(2)
            assert log.stat().st_size <= 200_000
        else:
            assert file_site.db.tidy() == 0
    assert file_site.problems() == []
