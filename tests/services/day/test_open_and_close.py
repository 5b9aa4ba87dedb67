from __future__ import annotations

from dataclasses import replace

import pytest

from checkin_server.db.database import PostgresDatabase, SqlcipherDatabase
from checkin_server.services.day import open_and_close
from checkin_server.services.hall import HallWatch
from checkin_server.services.members import enrol
from tests.services.conftest import MakeSite
from tests.support.venue import CLOSES, OPENS, Card, Person, Site, refused

NEW = Person("M800001", "F80001", "زينب مخترعة", "Zineb Inventée")


def test_opening_a_day_makes_its_counters_and_is_logged(new_site: MakeSite) -> None:
    """All closed, for their staff to open."""
    with new_site(opened=False) as site:
        assert open_and_close.current_day(site.venue) is None
        site.open_day()
        day = open_and_close.current_day(site.venue)
        assert day is not None
        assert (day["id"], day["opens_at"], day["closes_at"]) == ("2019-12-27", OPENS, CLOSES)
        states = site.rows("SELECT id, state FROM counter")
        assert {row["id"] for row in states} == set(site.plan.counters)
        assert {row["state"] for row in states} == {"closed"}
        assert site.events()[-1] == "day_opened"


def test_a_second_day_is_not_opened_while_the_first_is_open(site: Site) -> None:
    """Numbers of two days at once would meet on the boards."""
    with pytest.raises(ValueError, match="2019-12-27 is still open; close it first"):
        site.open_day(1)
    assert site.events().count("day_opened") == 1


def test_opening_the_open_day_again_only_changes_its_hours(site: Site) -> None:
    """After a restart the day goes on: numbers, visits and counters stay."""
    site.press("bank-1", "open")
    site.visitor("bank")
    open_and_close.open_day(site.venue, site.plan.days[0], OPENS, CLOSES + 3_600_000)
    day = open_and_close.current_day(site.venue)
    assert day is not None and (day["closes_at"], day["last_number"]) == (CLOSES + 3_600_000, 1)
    assert site.one("SELECT state FROM counter WHERE id = 'bank-1'") == "open"
    assert site.visitor("bank")["number"] == 2


def test_after_closing_nobody_is_admitted_or_called_and_who_is_served_is_finished(site: Site) -> None:
    """The day ends, not the visitor's business."""
    site.visitor("bank")
    site.visitor("bank")
    site.press("bank-1", "open", "call-next", "start")
    with pytest.raises(open_and_close.StillBusy):
        open_and_close.close_day(site.venue)
    assert site.events()[-1] != "day_closed" and open_and_close.current_day(site.venue) is not None
    assert open_and_close.close_day(site.venue, anyway=True) == open_and_close.Closed(
        "2019-12-27", inside=2, at_counters=1
    )
    assert site.events()[-1] == "day_closed"
    assert site.scan(site.newcomer().code)["reason"] == "outside_hours"
    assert site.press("bank-1", "finish")["step"]["state"] == "served"
    assert refused(site.at("bank-1", "call-next")).params == {"state": "day_closed"}
    assert open_and_close.close_day(site.venue) is None, "there is nothing more to close"
    site.open_day(1)
    assert site.problems() == []


def test_a_day_that_was_opened_or_closed_elsewhere_is_noticed(site: Site) -> None:
    """A command beside the server writes in another process; what the hall showed is seen anew."""
    heard: list[str] = []
    site.db.feed.follow(lambda events: heard.extend(event.kind for event in events))
    assert site.venue.hall.now().day is not None
    kind = PostgresDatabase if isinstance(site.db, PostgresDatabase) else SqlcipherDatabase
    database = kind(site.db.engine)
    open_and_close.close_day(replace(site.venue, db=database, hall=HallWatch(site.plan, database)))
    database.close()
    assert heard == []
    site.db.feed.look()
    assert heard == ["day_closed", "purge_planned", "day_ended"]
    assert site.venue.hall.now().day is None
    site.open_day(1)
    assert heard == ["day_closed", "purge_planned", "day_ended", "day_opened"]
    assert site.venue.hall.now().day is not None
    assert [(row["id"], row["state"]) for row in open_and_close.known_days(site.venue)] == [
        ("2019-12-27", "closed"),
        ("2019-12-28", "open"),
    ]


def test_where_a_virtual_clock_goes_on_is_the_newest_event(site: Site) -> None:
    """A rehearsal that was interrupted does not begin at dawn again."""
    site.wait(90)
    site.visitor("bank")
    assert open_and_close.last_moment(site.venue) == OPENS + 90 * 60_000


def test_a_venue_whose_day_was_never_opened_has_no_last_moment(new_site: MakeSite) -> None:
    """Enrolling members and pairing devices is no part of a day."""
    with new_site(opened=False) as site:
        assert open_and_close.last_moment(site.venue) == 0


def test_a_virtual_clock_goes_on_where_it_was_set(site: Site) -> None:
    """Also when nothing has happened since."""
    site.wait(45)
    open_and_close.note_clock(site.venue)
    assert open_and_close.last_moment(site.venue) == OPENS + 45 * 60_000


def test_members_and_their_cards_are_enrolled_all_or_none(site: Site) -> None:
    """A list with one bad row changes nothing."""
    known = enrol.known_members(site.venue)
    twin = Person(site.crowd[0].id, "F80002", "تكرار", "Double")
    with pytest.raises(Exception, match=r"(?i)unique"):
        enrol.enrol(site.venue, [NEW, twin], [Card(NEW.code, NEW.id)])
    assert enrol.known_members(site.venue) == known
    assert site.scan(NEW.code)["reason"] == "unknown_card"
    assert enrol.enrol(site.venue, [NEW], [Card(NEW.code, NEW.id)]) == 1
    assert site.scan(NEW.code)["outcome"] == "admitted"


def test_a_card_of_nobody_is_refused_by_the_database(site: Site) -> None:
    """Foreign keys hold on both."""
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        enrol.enrol(site.venue, [], [Card("C" + "X" * 32, "M-nobody")])


def test_a_card_that_is_taken_in_as_revoked_says_since_when(site: Site) -> None:
    """And one that is valid has no end."""
    revoked = Card("C" + "X" * 32, NEW.id, state="revoked")
    enrol.enrol(site.venue, [NEW], [Card(NEW.code, NEW.id), revoked])
    rows = site.rows("SELECT code, issued_at, revoked_at FROM card WHERE member = :m", m=NEW.id)
    assert {row["code"]: row["revoked_at"] for row in rows} == {NEW.code: None, revoked.code: site.clock.now()}
    assert {row["issued_at"] for row in rows} == {site.clock.now()}
