"""After a copy was brought back no number is given twice, and who lost their visit is told where to go."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from checkin_server.common.marker import NAME, Mark, Marker
from checkin_server.db import copies
from checkin_server.db.database import SqlcipherDatabase
from checkin_server.db.engine import sqlcipher_engine
from checkin_server.services.day import restores
from checkin_server.services.hall import HallWatch
from checkin_server.services.numbers import BLOCK, Numbers
from tests.services.conftest import MakeSite
from tests.support.venue import Site, make_site, new_sqlcipher, refused

DAY = "2019-12-27"


def begun(site: Site, *places: Path) -> restores.Restored | None:
    """Start the site's server, with its marker in these places."""
    site.venue = replace(site.venue, numbers=Numbers(Marker(*places)))
    return restores.begin(site.venue)


def marked(place: Path) -> dict[str, int]:
    """Return the numbers that a marker says are reserved."""
    (mark,) = Marker(place).read()
    return dict(mark.numbers)


class Machine:
    """An embedded venue whose file can be copied and brought back, and started again."""

    def __init__(self, folder: Path) -> None:
        self.file, self.place = folder / "riwaq.db", folder / NAME
        self.copies = folder / "copies"
        self.copies.mkdir()
        engine, self.key = new_sqlcipher(self.file)
        self.site = make_site(SqlcipherDatabase(engine), crowd=200)
        self.found = begun(self.site, self.place)

    def numbers(self, count: int) -> list[int]:
        """Let visitors in; return their numbers."""
        return [self.site.visitor("bank")["number"] for _ in range(count)]

    def copy(self) -> Path:
        """Make a backup."""
        target = self.copies / f"{len(list(self.copies.iterdir()))}.db"
        copies.backup(self.site.db.engine, target)
        return target

    def start(self, copy: Path | None = None) -> restores.Restored | None:
        """Stop, put a copy in the file's place if there is one, and start."""
        self.site.db.close()
        if copy is not None:
            for end in ("-wal", "-shm"):
                self.file.with_name(self.file.name + end).unlink(missing_ok=True)
            shutil.copyfile(copy, self.file)
        newcomers, clock, plan = self.site._newcomers, self.site.clock, self.site.plan
        database = SqlcipherDatabase(sqlcipher_engine(self.file, self.key))
        venue = replace(self.site.venue, db=database, hall=HallWatch(plan, database))
        self.site = Site(venue, clock, ())
        self.site._newcomers = newcomers
        self.found = begun(self.site, self.place)
        return self.found


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A venue on its first day, with nobody in."""
    made = Machine(tmp_path)
    yield made
    made.site.db.close()


def test_numbers_are_reserved_in_blocks_before_they_are_used(machine: Machine) -> None:
    """The marker is written once for fifty numbers; it is never behind what was given."""
    assert marked(machine.place) == {} and machine.found is None
    assert machine.numbers(1) == [1] and marked(machine.place) == {DAY: BLOCK}
    written = machine.place.stat().st_mtime_ns
    assert machine.numbers(BLOCK - 1)[-1] == BLOCK and machine.place.stat().st_mtime_ns == written
    assert machine.numbers(1) == [BLOCK + 1] and marked(machine.place) == {DAY: 2 * BLOCK}


def test_the_next_block_is_reserved_before_the_last_number_of_this_one(machine: Machine) -> None:
    """By the housekeeping, off the way of whoever stands at a kiosk; the log's progress is noted with it."""
    machine.numbers(BLOCK - 10)
    machine.site.venue.numbers.keep_ahead(machine.site.db)
    assert marked(machine.place) == {DAY: BLOCK - 10 + BLOCK}
    (mark,) = Marker(machine.place).read()
    assert mark.seq == machine.site.one("SELECT max(seq) FROM event")


def test_an_ordinary_start_skips_nothing(machine: Machine) -> None:
    """However the server ended, and however often it is started."""
    machine.numbers(3)
    for _ in range(3):
        assert machine.start() is None
    assert machine.numbers(1) == [4]
    assert machine.site.problems() == [] and machine.site.one("SELECT count(*) FROM life") == 1


def test_after_a_restore_numbers_go_on_above_the_marker_and_the_check_accepts_that_gap(machine: Machine) -> None:
    """Two people never hold one number: what may have been given since the copy is left out, by an event."""
    machine.numbers(20)
    copy = machine.copy()
    machine.numbers(5)
    machine.site.venue.numbers.keep_ahead(machine.site.db)
    found = machine.start(copy)
    assert found is not None and not found.marker_lost
    assert found.skipped == (restores.Skipped(DAY, 21, marked(machine.place)[DAY]),)
    assert "21-" in str(found)
    first = machine.numbers(1)[0]
    assert first > 25 and first == found.skipped[0].last + 1
    data = machine.site.one("SELECT data FROM event WHERE kind = 'numbers_skipped'")
    assert json.loads(data) == {"from": 21, "to": first - 1}
    assert machine.site.problems() == []
    assert machine.start() is None and machine.numbers(1) == [first + 1], "it is skipped once"


def _by_hand(machine: Machine, change: str) -> None:
    with machine.site.db.engine.connect() as connection:
        connection.execute(text(change))
        connection.commit()


def test_a_gap_that_no_restore_explains_is_still_found(machine: Machine) -> None:
    """Nor may a number stand within what was left out."""
    machine.numbers(2)
    copy = machine.copy()
    machine.numbers(2)
    machine.site.venue.numbers.keep_ahead(machine.site.db)
    machine.start(copy)
    machine.numbers(2)
    assert machine.site.problems() == []
    last = machine.site.numbers()[-1]
    counter = machine.site.one("SELECT last_number FROM service_day")
    for change, undone in (
        (f"UPDATE visit SET number = 3 WHERE number = {last}", f"UPDATE visit SET number = {last} WHERE number = 3"),
        ("UPDATE service_day SET last_number = 999", f"UPDATE service_day SET last_number = {counter}"),
    ):
        _by_hand(machine, change)
        assert machine.site.problems() != [], change
        _by_hand(machine, undone)
        assert machine.site.problems() == []


def test_a_restore_by_hand_within_one_block_is_noticed_too(machine: Machine) -> None:
    """The marker knows how far the log had come: also where no further block was begun since the copy."""
    machine.numbers(20)
    copy = machine.copy()
    machine.numbers(1)
    machine.site.venue.numbers.keep_ahead(machine.site.db)
    assert marked(machine.place) == {DAY: BLOCK}
    assert machine.start(copy) is not None
    assert machine.numbers(1) == [BLOCK + 1]


def test_a_marker_that_is_blocks_ahead_tells_of_a_restore_too(machine: Machine) -> None:
    """Whatever it knows of the log: no server reserves so far ahead."""
    machine.numbers(1)
    (mark,) = Marker(machine.place).read()
    Marker(machine.place).write(replace(mark, seq=0, numbers={DAY: 170}))
    assert machine.start() is not None and machine.numbers(1) == [171]


def test_a_restore_by_the_command_is_noticed_whatever_the_log_says(machine: Machine) -> None:
    """`riwaq db restore` says it in the marker."""
    machine.numbers(20)
    copy = machine.copy()
    Marker(machine.place).note_restored()
    assert machine.start(copy) is not None and machine.numbers(1) == [BLOCK + 1]
    assert machine.start() is None


def test_a_day_that_the_copy_does_not_know_begins_above_the_marker(machine: Machine) -> None:
    """The copy was made in the morning, before the day was opened."""
    machine.site.open_day()
    machine.numbers(2)
    machine.site.clock.set(machine.site.plan.days[1].opens_at)
    copy = machine.copy()
    machine.site.db.write(lambda tx: None)
    from checkin_server.services.day import open_and_close

    open_and_close.close_day(machine.site.venue, now=True)
    machine.site.open_day(1)
    machine.numbers(7)
    machine.site.venue.numbers.keep_ahead(machine.site.db)
    assert machine.start(copy) is not None
    open_and_close.close_day(machine.site.venue, now=True)
    machine.site.open_day(1)
    assert machine.numbers(1)[0] > 7
    assert machine.site.problems() == []


def test_where_the_marker_is_lost_numbers_go_on_above_what_the_time_since_can_have_given(machine: Machine) -> None:
    """Twenty a minute, while the doors were open; a copy on another machine has no marker."""
    machine.numbers(20)
    copy = machine.copy()
    machine.site.wait(10)
    machine.place.unlink()
    found = machine.start(copy)
    assert found is not None and found.marker_lost
    assert machine.numbers(1) == [20 + 10 * restores.A_MINUTE + 1]
    assert machine.site.problems() == []


def test_what_a_screen_has_shown_is_not_given_again_where_nothing_else_tells_of_a_restore(machine: Machine) -> None:
    """A whole machine that was set back has its old marker with its old database; the hall's screens were not."""
    machine.numbers(20)
    machine.site.wait(30)
    copy, old = machine.copy(), machine.place.read_bytes()
    machine.numbers(15)
    machine.place.write_bytes(old)
    assert machine.start(copy) is None, "nothing tells"
    assert restores.reported(machine.site.venue, DAY, 35) == restores.Skipped(DAY, 21, 35)
    assert restores.reported(machine.site.venue, DAY, 35) is None, "the next screen says nothing new"
    assert restores.reported(machine.site.venue, DAY, 9) is None
    assert machine.numbers(2) == [36, 37]
    assert machine.site.problems() == [] and marked(machine.place)[DAY] >= 37
    assert machine.site.scan(machine.site.venue.new_visit_code())["reason"] == "lost_in_restore"


def test_a_screen_is_not_believed_beyond_what_the_doors_can_have_given(machine: Machine) -> None:
    """Nor of another day; and what this server gave itself is never news."""
    machine.numbers(3)
    for said in ((DAY, 100_000), ("2019-12-28", 40), ("nonsense", 7), (DAY, 3), (DAY, 1)):
        assert restores.reported(machine.site.venue, *said) is None
    assert machine.numbers(1) == [4]
    assert machine.site.rows("SELECT seq FROM event WHERE kind = 'numbers_skipped'") == []


def test_a_marker_of_another_database_says_nothing(machine: Machine, tmp_path: Path) -> None:
    """A new venue beside an old key begins at 1."""
    Marker(machine.place).write(Mark("l_other", "l_other", 10_000, {DAY: 500}))
    assert machine.numbers(1) == [1]
    assert machine.start() is None and machine.numbers(1) == [2]


def test_one_of_two_places_is_enough(tmp_path: Path) -> None:
    """Bringing back the whole data folder brings back its marker; the one beside the key is newer."""
    machine = Machine(tmp_path)
    beside = tmp_path / "key.numbers.json"
    begun(machine.site, machine.place, beside)
    machine.numbers(20)
    copy, old = machine.copy(), machine.place.read_bytes()
    machine.numbers(40)
    machine.site.venue.numbers.keep_ahead(machine.site.db)
    machine.place.write_bytes(old)
    machine.site.db.close()
    shutil.copyfile(copy, machine.file)
    for end in ("-wal", "-shm"):
        machine.file.with_name(machine.file.name + end).unlink(missing_ok=True)
    database = SqlcipherDatabase(sqlcipher_engine(machine.file, machine.key))
    machine.site.venue = replace(machine.site.venue, db=database, hall=HallWatch(machine.site.plan, database))
    found = begun(machine.site, machine.place, beside)
    assert found is not None and machine.numbers(1)[0] > 60
    machine.site.db.close()


def test_a_place_that_cannot_be_written_stops_nobody(machine: Machine) -> None:
    """Numbers go on, and what is wrong is said."""
    machine.place.unlink()
    machine.place.mkdir()
    assert machine.numbers(2) == [1, 2]
    assert machine.site.venue.numbers.trouble is not None


def test_a_ticket_that_is_not_known_on_a_day_with_a_restore_is_sent_to_the_desk(machine: Machine) -> None:
    """At a kiosk and at a counter, by a reason of its own; on other days it is unknown as ever."""
    machine.numbers(1)
    copy = machine.copy()
    lost = machine.site.visitor("bank")["id"]
    strange = machine.site.venue.new_visit_code()
    assert machine.site.scan(strange)["reason"] == "unknown_card"
    machine.site.venue.numbers.keep_ahead(machine.site.db)
    machine.start(copy)
    assert machine.site.scan(lost)["reason"] == "lost_in_restore"
    machine.site.press("bank-1", "open")
    answer = refused(machine.site.at("bank-1", "scan", code=lost))
    assert (answer.code, answer.params["reason"]) == ("scan_refused", "lost_in_restore")


def test_both_databases_count_as_before_without_a_marker(new_site: MakeSite) -> None:
    """Rehearsals and tests have none; a restored day on either database is skipped the same way."""
    with new_site() as site:
        assert site.visitor("bank")["number"] == 1
        site.db.write(lambda tx: restores.skip(tx, DAY, 2, 60, site.clock.now()))
        assert site.visitor("bank")["number"] == 61 and site.problems() == []


def test_on_either_database_numbers_go_on_above_a_marker_that_has_seen_more(new_site: MakeSite, tmp_path: Path) -> None:
    """As after `pg_restore`, or a standby that took over with fewer commits."""
    with new_site() as site:
        place = tmp_path / "marker" / NAME
        place.parent.mkdir()
        assert begun(site, place) is None
        assert site.visitor("bank")["number"] == 1
        (mark,) = Marker(place).read()
        Marker(place).write(replace(mark, seq=mark.seq + 1_000))
        assert begun(site, place) is not None
        assert site.visitor("bank")["number"] == BLOCK + 1 and site.problems() == []
        assert begun(site, place) is None
        assert [row["cause"] for row in site.rows("SELECT cause FROM life ORDER BY turn")] == ["made", "restored"]
