"""One follower of the log: everybody hears of each event once, whoever committed it, and replays have one order."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from checkin_server.db import feed
from checkin_server.db.database import PostgresDatabase
from checkin_server.db.engine import postgres_engine
from checkin_server.db.tx import Event, Row, Tx
from checkin_server.domain.fairness.log import Fairness
from checkin_server.domain.forecasts.track_record import TrackRecord
from checkin_server.services import access
from checkin_server.services.reports import fairness
from checkin_server.web.live import Live
from tests.support.beside import beside
from tests.support.venue import Site, postgres_site

_PATIENCE_S = 30.0


def log_of(site: Site) -> list[int]:
    """Return the whole log's numbers, in the order of numbers."""
    return [row["seq"] for row in site.rows("SELECT seq FROM event ORDER BY seq")]


def note(site: Site, kind: str = "clock_set") -> None:
    """Commit one event that names nobody."""
    site.db.write(lambda tx: tx.emit(kind, site.clock.now(), service_day="2019-12-27"))


class Ear:
    """Notes what it is told."""

    def __init__(self, site: Site) -> None:
        self.events: list[Event] = []
        self.heard = threading.Event()
        site.db.feed.follow(self.hear)

    def hear(self, events: Any) -> None:
        """Hear of a commit."""
        self.events.extend(events)
        self.heard.set()

    @property
    def seqs(self) -> list[int]:
        """The numbers of what was told, in the order it was."""
        return [event.seq for event in self.events]


def replayed(site: Site, *, most: int = 7) -> list[int]:
    """Return the numbers of the day's events as whoever replays them reads them, a few at a time."""
    found: list[int] = []
    place = feed.BEGINNING

    def read(tx: Tx) -> list[Row]:
        return feed.part_of_day(tx, "2019-12-27", place, most)

    while rows := site.db.read(read):
        found += [row["seq"] for row in rows]
        place = feed.place_of(rows[-1])
    return found


class HeldOpen:
    """Another process whose next transaction has written all it will write and does not commit yet."""

    def __init__(self, other: Site) -> None:
        self._db = other.db
        self.engine, self.feed, self.read = other.db.engine, other.db.feed, other.db.read
        self.health, self.probe, self.give_up_stuck = other.db.health, other.db.probe, other.db.give_up_stuck
        self.tidy, self.plan_is = other.db.tidy, other.db.plan_is
        self._written, self._go = threading.Event(), threading.Event()
        self._site = Site(replace(other.venue, db=self), other.clock, ())
        self._failed: list[BaseException] = []
        self._thread: threading.Thread | None = None

    def write(self, job: Callable[[Tx], Any]) -> Any:
        """Run the job, and wait with the commit."""

        def held(tx: Tx) -> Any:
            result = job(tx)
            if tx.events:
                self._written.set()
                assert self._go.wait(_PATIENCE_S)
            return result

        return self._db.write(held)

    def close(self) -> None:
        """A database can be closed; whoever made it does."""

    def begin(self, command: Callable[[Site], Any]) -> None:
        """Run a command up to its commit."""

        def run() -> None:
            try:
                command(self._site)
            except BaseException as error:
                self._failed.append(error)
                self._written.set()

        self._thread = threading.Thread(target=run)
        self._thread.start()
        assert self._written.wait(_PATIENCE_S) and not self._failed, self._failed

    def commit(self) -> None:
        """Let it commit."""
        self._go.set()
        assert self._thread is not None
        self._thread.join(_PATIENCE_S)
        assert not self._failed, self._failed


# -- each event once ----------------------------------------------------------------------------------------------


def test_a_commit_of_this_process_is_told_at_once(site: Site) -> None:
    """Before the command has its answer, with the numbers that stand in the log."""
    ear = Ear(site)
    before = log_of(site)
    site.visitor("bank")
    assert [event.kind for event in ear.events] == ["member_admitted", "services_chosen", "ticket_queued"]
    assert ear.seqs == log_of(site)[len(before) :]


def test_what_two_processes_commit_in_turns_is_told_once_each_and_in_order(site: Site) -> None:
    """Also when this process commits before it has looked for what the other one did."""
    ear = Ear(site)
    before = log_of(site)
    with beside(site) as other:
        theirs = Ear(other)
        for _ in range(5):
            site.visitor("bank")
            access.add_device(other.venue, "board", "hall")
            access.add_device(other.venue, "board", "hall")
            note(site)
        site.db.feed.look()
        other.db.feed.look()
        site.db.feed.look()
    new = log_of(site)[len(before) :]
    assert sorted(ear.seqs) == new
    assert sorted(theirs.seqs) == new
    if not isinstance(site.db, PostgresDatabase):
        assert ear.seqs == theirs.seqs == new, "with one writer there is one order for everybody"


def test_what_a_command_beside_the_server_did_is_heard_whole(site: Site) -> None:
    """A device that is cut off by a command: the event says which."""
    ear = Ear(site)
    with beside(site) as other:
        device = access.add_device(other.venue, "board", "hall").device_id
        access.revoke_device(other.venue, device)
    site.db.feed.look()
    told = {event.kind: event for event in ear.events}
    assert told["device_revoked"].fields == {"device": device, "service_day": "2019-12-27"}
    assert told["device_added"].data == {"role": "board", "station": "hall"}


def test_what_was_undone_is_told_to_nobody_who_hears_of_commits(site: Site) -> None:
    """Its numbers may be given to others."""
    ear = Ear(site)

    def fail(tx: Tx) -> None:
        tx.emit("clock_set", site.clock.now())
        raise LookupError("power cut")

    with pytest.raises(LookupError):
        site.db.write(fail)
    note(site)
    site.db.feed.look()
    assert len(ear.events) == 1 and ear.seqs == log_of(site)[-1:]


def test_who_follows_later_hears_what_comes_later(site: Site) -> None:
    """The past is in the log, for whoever reads it."""
    note(site)
    with beside(site) as other:
        note(other)
        site.db.feed.look()
        ear = Ear(site)
        note(other)
        site.db.feed.look()
    assert ear.seqs == log_of(site)[-1:]


def test_a_running_feed_finds_what_another_process_committed_by_itself(site: Site) -> None:
    """By asking on an embedded database, by a notice on PostgreSQL; nothing of this process is told twice."""
    ear = Ear(site)
    site.db.feed.start()
    with beside(site) as other:
        other.db.feed.start()
        note(other)
        assert ear.heard.wait(_PATIENCE_S)
        note(site)
        ear.heard.clear()
        note(other)
        assert ear.heard.wait(_PATIENCE_S)
    site.db.feed.stop()
    assert ear.seqs == log_of(site)[-3:]


def test_a_command_that_does_not_listen_sends_its_notice_when_it_ends(postgres_url: str) -> None:
    """So that a server need not wait for its own slow look."""
    with postgres_site(postgres_url) as site:
        url = site.db.engine.url.render_as_string(hide_password=False)
        listening = postgres_engine(url).raw_connection()
        connection: Any = listening.driver_connection
        connection.autocommit = True
        connection.execute("LISTEN riwaq_event")
        with beside(site) as other:
            note(other)
        assert list(connection.notifies(timeout=_PATIENCE_S, stop_after=1))
        listening.close()


# -- followers that fail ------------------------------------------------------------------------------------------


def test_a_follower_that_raises_stops_nobody_and_is_told_that_it_missed_something(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """Also when what it missed was another process's; it is in the log, and the follower can read again."""
    missed: list[int] = []

    def fail(events: Any) -> None:
        raise LookupError("no screen")

    site.db.feed.follow(fail, lambda: missed.append(1))
    ear = Ear(site)
    with caplog.at_level(logging.ERROR), beside(site) as other:
        note(site)
        note(other)
        site.db.feed.look()
    assert ear.seqs == log_of(site)[-2:]
    assert len(missed) == 2
    assert sum("a follower of the log failed" in record.message for record in caplog.records) == 2


def test_the_routers_picture_is_read_again_when_it_could_not_hear(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that it cannot take in costs reading everything once, and no visitor."""
    mirror = site.venue.router.mirror
    site.db.write(lambda tx: mirror.sync(tx, site.clock.now()))

    def deaf(*anything: Any) -> None:
        raise LookupError("what is this?")

    monkeypatch.setattr(mirror, "_note", deaf)
    with beside(site) as other:
        visit = other.visitor("bank")["id"]
        site.db.feed.look()
    monkeypatch.undo()
    floor = site.db.write(lambda tx: mirror.sync(tx, site.clock.now()))
    assert floor is not None and visit in floor.visits


# -- a transaction that commits late ------------------------------------------------------------------------------


def test_what_commits_late_is_neither_missed_nor_told_twice(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred others commit behind it first: mirror, screens, forecasts and fairness have each event once.

    Whoever reads "behind number N" never sees it, and reading the last fifty again is not enough.
    """
    with postgres_site(postgres_url) as site, beside(site) as other, beside(site) as third:
        site.press("bank-1", "open")
        late = other.scan(other.newcomer().code)["visit"]["id"]
        site.venue.router.tick(site.clock.now())
        has = Followers(site, monkeypatch)
        has.look()
        before = log_of(site)
        ears = [Ear(one) for one in (site, third)]

        held = HeldOpen(other)
        held.begin(lambda one: one.choose(late, "bank"))
        for turn in range(100):
            note(site)
            note(third)
            if turn % 10 == 0:
                site.db.feed.look()
        has.look()
        third.db.feed.look()
        behind = log_of(site)[len(before) :]
        assert len(behind) == 200
        assert [sorted(ear.seqs) for ear in ears] == [behind, behind], "who is told does not wait for the open one"
        assert replayed(site) == has.fairness_played, "who replays does"
        assert not set(behind) & set(has.fairness_played)

        held.commit()
        has.look()
        third.db.feed.look()
        new = log_of(site)
        del new[: len(before)]
        assert len(new) > 200
        assert [sorted(ear.seqs) for ear in ears] == [new, new]
        orders = [replayed(one) for one in (site, other, third)]
        assert orders[0] == orders[1] == orders[2]
        assert has.fairness_played == orders[0]
        assert len(has.forecasts_played) == len(orders[0]) and has.forecasts_played.count("services_chosen") == 1
        assert has.mirror_noted.count(("services_chosen", late)) == 1
        assert has.live_heard.count("services_chosen") == 1
        floor = site.venue.router.mirror.floor
        assert floor is not None and late in floor.visits


def test_a_transaction_that_began_first_and_numbered_its_event_last_comes_first_for_everybody(
    postgres_url: str,
) -> None:
    """Numbers are taken in another order than transactions begin: going by them would skip the other one."""
    with postgres_site(postgres_url) as site, beside(site) as other, beside(site) as third:
        begun, numbered = HeldOpen(other), HeldOpen(third)

        def first_then_last(tx: Tx) -> None:
            tx.run(text("SELECT pg_current_xact_id()"))
            numbered.begin(lambda one: note(one))
            tx.emit("clock_set", site.clock.now(), service_day="2019-12-27")

        begun.begin(lambda one: one.db.write(first_then_last))
        begun.commit()
        last = log_of(site)[-1]
        seen = replayed(site)
        assert seen[-1] == last
        place = feed.place_of(site.rows("SELECT xid, seq FROM event WHERE seq = :seq", seq=last)[0])
        numbered.commit()
        rest = site.db.read(lambda tx: feed.part_of_day(tx, "2019-12-27", place, 100))
        assert [row["seq"] for row in rest] == [last - 1]
        assert replayed(site) == replayed(third) == [*seen, last - 1]


def test_a_log_that_was_brought_from_another_server_comes_before_what_happens_here(postgres_url: str) -> None:
    """Its transactions' numbers may be far above those of this server: waited for, they would never be settled."""
    with postgres_site(postgres_url) as site:
        site.visitor("bank")
        before = replayed(site)
        with site.db.engine.begin() as connection:
            connection.execute(text("UPDATE event SET xid = xid + 1000000000 WHERE seq > :some"), {"some": before[1]})
        with beside(site) as restored:
            ear = Ear(restored)
            note(restored)
            restored.db.feed.look()
            assert ear.seqs == log_of(site)[-1:]
            assert replayed(restored) == [*before, *ear.seqs]


class Followers:
    """What follows the log in a server, and what of it each has taken in."""

    def __init__(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fairness_played: list[int] = []
        self.forecasts_played: list[str] = []
        self.mirror_noted: list[tuple[str, str | None]] = []
        self.live_heard: list[str] = []
        self._site = site
        self._watch = fairness.FairnessWatch(site.venue)
        mirror, foretelling, live = site.venue.router.mirror, site.venue.router.foretelling, Live(site.plan, _push)
        notes, plays, sees = mirror._note, Fairness.see, TrackRecord.see
        # Everything is played anew from here, so that all of it is counted.
        foretelling._day = None

        def note(kind: str, visit: str | None, counter: str | None) -> None:
            self.mirror_noted.append((kind, visit))
            notes(kind, visit, counter)

        def play(played: Fairness, seq: int, *what: Any) -> None:
            self.fairness_played.append(seq)
            plays(played, seq, *what)

        def see(record: TrackRecord, at: int, kind: str, *what: Any) -> None:
            if record is foretelling.record:
                self.forecasts_played.append(kind)
            sees(record, at, kind, *what)

        def hear(events: Any) -> None:
            self.live_heard.extend(event.kind for event in events)
            live.hear(events)

        monkeypatch.setattr(mirror, "_note", note)
        monkeypatch.setattr(Fairness, "see", play)
        monkeypatch.setattr(TrackRecord, "see", see)
        site.db.feed.follow(hear, live.changed)

    def look(self) -> None:
        """Do what a server does once a second."""
        self._site.db.feed.look()
        self._watch.now("2019-12-27")
        self._site.venue.router.foretelling.renew(self._site.clock.now())
        self._site.db.write(lambda tx: self._site.venue.router.mirror.sync(tx, self._site.clock.now()))


def _push(name: str, shot: Any) -> None:
    """Nobody watches."""
