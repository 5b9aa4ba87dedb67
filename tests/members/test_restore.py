"""A backup comes back whole, or nothing is changed; what it replaces is kept."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from checkin_server.db import copies
from checkin_server.db.copies import Restored, RestoreFailed, backup
from checkin_server.db.database import SqlcipherDatabase
from checkin_server.db.engine import sqlcipher_engine
from checkin_server.services.paper.print_queue import PrintQueue, settle_restored
from tests.support.venue import Site, accepted, make_site, new_sqlcipher


def restore(source: Path, target: Path, key: str) -> Restored:
    """Bring a backup back as the command does."""
    return copies.restore(source, target, key, settle_restored)


class Place:
    """A data folder with a database of one table row, and a backup of how it was before."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "data" / "riwaq.db"
        self.database.parent.mkdir()
        self.backup = folder / "copy.db"
        engine, self.key = new_sqlcipher(self.database)
        self._add(engine, "before")
        backup(engine, self.backup)
        self._add(engine, "after")
        engine.dispose()

    @staticmethod
    def _add(engine: object, name: str) -> None:
        with engine.connect() as connection:  # type: ignore[attr-defined]
            connection.execute(text("INSERT INTO event (at, kind, data) VALUES (1, :kind, '{}')"), {"kind": name})
            connection.commit()

    def events(self, path: Path | None = None) -> list[str]:
        """The kinds of the events in a database."""
        engine = sqlcipher_engine(path or self.database, self.key)
        try:
            with engine.connect() as connection:
                return [str(row[0]) for row in connection.execute(text("SELECT kind FROM event ORDER BY seq"))]
        finally:
            engine.dispose()

    def files(self) -> list[str]:
        """The names in the data folder."""
        return sorted(path.name for path in self.database.parent.iterdir())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A data folder that nobody uses."""
    yield Place(tmp_path)


def test_what_was_backed_up_is_there_again_and_what_it_replaced_is_kept(place: Place) -> None:
    """Under a name with the date, with the same key, and no half-made file beside it."""
    kept = restore(place.backup, place.database, place.key).kept
    assert kept is not None and place.events() == ["before"]
    assert kept.parent == place.database.parent and kept.name.startswith("riwaq-replaced-2")
    assert place.events(kept) == ["before", "after"]
    assert place.files() == sorted([kept.name, "riwaq.db"])


def test_restoring_twice_keeps_both(place: Place) -> None:
    """Within the same second, too."""
    first = restore(place.backup, place.database, place.key).kept
    second = restore(place.backup, place.database, place.key).kept
    assert first is not None and second is not None and first != second
    assert place.events(first) == ["before", "after"] and place.events(second) == ["before"]


def test_into_an_empty_folder_nothing_is_kept(place: Place) -> None:
    """The disk was lost."""
    place.database.unlink()
    assert restore(place.backup, place.database, place.key).kept is None
    assert place.events() == ["before"] and place.files() == ["riwaq.db"]


def damage(path: Path, at: float) -> None:
    """Change bytes of a file, a part of its length in."""
    content = bytearray(path.read_bytes())
    place = int(len(content) * at)
    content[place : place + 16] = bytes(16)
    path.write_bytes(content)


@pytest.mark.parametrize("at", [0.0, 0.5, 0.95])
def test_a_damaged_backup_changes_nothing(place: Place, at: float) -> None:
    """Wherever the damage is."""
    damage(place.backup, at)
    before = place.files()
    with pytest.raises(RestoreFailed, match="Nothing was changed"):
        restore(place.backup, place.database, place.key)
    assert place.events() == ["before", "after"] and place.files() == before


def test_a_backup_cut_short_changes_nothing(place: Place) -> None:
    """The stick was pulled out too early."""
    place.backup.write_bytes(place.backup.read_bytes()[:-4096])
    with pytest.raises(RestoreFailed, match="Nothing was changed"):
        restore(place.backup, place.database, place.key)
    assert place.events() == ["before", "after"]


def test_a_backup_of_another_key_changes_nothing(place: Place, tmp_path: Path) -> None:
    """It would be a database that the server cannot open."""
    other = tmp_path / "other.db"
    engine = sqlcipher_engine(other, secrets.token_hex(32))
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE t (x)"))
        connection.commit()
    engine.dispose()
    with pytest.raises(RestoreFailed, match="another key"):
        restore(other, place.database, place.key)
    assert place.events() == ["before", "after"]


def test_a_file_that_is_no_database_of_riwaq_changes_nothing(place: Place, tmp_path: Path) -> None:
    """The right key alone is not enough."""
    other = tmp_path / "other.db"
    engine = sqlcipher_engine(other, place.key)
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE t (x)"))
        connection.commit()
    engine.dispose()
    with pytest.raises(RestoreFailed, match="not a database of Riwaq"):
        restore(other, place.database, place.key)
    with pytest.raises(RestoreFailed, match="there is no file"):
        restore(tmp_path / "none.db", place.database, place.key)
    with pytest.raises(RestoreFailed, match="itself"):
        restore(place.database, place.database, place.key)
    assert place.events() == ["before", "after"]


def test_a_damaged_database_is_replaced_and_kept_as_it_was(place: Place) -> None:
    """With the log beside it, which must not be applied to the backup."""
    damage(place.database, 0.0)
    log = place.database.with_name("riwaq.db-wal")
    log.write_bytes(b"what a power cut left")
    was = place.database.read_bytes()
    kept = restore(place.backup, place.database, place.key).kept
    assert kept is not None and place.events() == ["before"]
    assert kept.read_bytes() == was
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"what a power cut left"
    assert "riwaq.db-wal" not in place.files()


def test_while_another_command_works_on_it_nothing_is_replaced(place: Place) -> None:
    """What that command still writes would be lost."""
    engine = sqlcipher_engine(place.database, place.key)
    with engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM event"))
        with pytest.raises(RestoreFailed, match="another command"):
            restore(place.backup, place.database, place.key)
    engine.dispose()
    assert place.events() == ["before", "after"]


def test_a_ticket_that_waited_in_the_backup_is_not_printed_again_by_itself(tmp_path: Path) -> None:
    """Printed since, most likely: nobody knows. It says so, and whoever lacks the paper gets a duplicate."""
    engine, key = new_sqlcipher(tmp_path / "riwaq.db")
    site = make_site(SqlcipherDatabase(engine))
    queue = PrintQueue(site.venue)
    sent, waiting = site.visitor("bank"), site.visitor("health")
    jobs = [visit["ticket"]["print_job"] for visit in (sent, waiting)]
    assert queue.sending(jobs[0], "P1")
    backup(engine, tmp_path / "copy.db")
    queue.printed(jobs[0])
    assert queue.sending(jobs[1], "P1")
    queue.printed(jobs[1])
    site.db.close()

    assert restore(tmp_path / "copy.db", tmp_path / "riwaq.db", key).tickets == 2
    database = SqlcipherDatabase(sqlcipher_engine(tmp_path / "riwaq.db", key))
    try:
        again = Site(replace(site.venue, db=database), site.clock, crowd=site.crowd)
        assert PrintQueue(again.venue).look("P1") is None
        for visit in (sent, waiting):
            ticket = again.look(visit["id"])["ticket"]
            assert (ticket["state"], ticket["error"]) == ("uncertain", "restored")
        assert again.events()[-2:] == ["ticket_uncertain", "ticket_uncertain"]
        reprinted = accepted(again.visit_does("reprint", waiting["id"]))
        assert (reprinted["number"], reprinted["ticket"]["duplicate"]) == (waiting["number"], True)
        assert again.problems() == []
    finally:
        database.close()
