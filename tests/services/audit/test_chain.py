"""The chain over the log: one position an event, nothing lost, and what is tampered with is told by its position."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import text

from checkin_server.db import feed, ledger
from checkin_server.db.database import PostgresDatabase
from checkin_server.domain.ledger import BEGINNING, canonical, link
from checkin_server.services import access
from checkin_server.services.audit import chain
from checkin_server.services.day import open_and_close
from checkin_server.services.members import cards
from checkin_server.services.members.search import find_members
from checkin_server.services.privacy import erase, purge
from tests.db.test_feed import HeldOpen, note
from tests.services.privacy.test_purge import DESK, NO_FILES
from tests.support.beside import beside
from tests.support.venue import FAMILY, Site

MOTHER = FAMILY[0]


def a_short_day(site: Site) -> None:
    """Somebody is served, somebody is looked for, a counter pauses for a reason that is typed."""
    site.visitor("bank", person=MOTHER)
    site.press("bank-1", "open", "call-next", "start")
    find_members(site.venue, DESK, "Amina Zeroud", "no card with her")
    site.visitor("bank")
    chain.catch_up(site.venue)


def flaws(site: Site) -> list[tuple[int, str]]:
    """Return what is wrong with the log: positions, and what it is."""
    return [(flaw.position, flaw.what) for flaw in chain.verify(site.venue).flaws]


def tamper(site: Site, *statements: str, **values: Any) -> None:
    """Change rows as whoever has the key can, past every rule of Riwaq's."""

    def do(tx: Any) -> None:
        # Rows that others refer to go as well.
        tx.run(
            text(
                "PRAGMA defer_foreign_keys = ON"
                if tx.dialect == "sqlite"
                else "SET LOCAL session_replication_role = replica"
            )
        )
        for statement in statements:
            tx.run(text(statement), **{name: value for name, value in values.items() if f":{name}" in statement})

    site.db.write(do)


def places(site: Site) -> list[dict[str, Any]]:
    """Return the ledger, in order."""
    return site.rows("SELECT position, event, hash FROM ledger ORDER BY position")


def event_at(site: Site, position: int) -> int:
    """Return the number of the event at a position."""
    return int(site.one("SELECT event FROM ledger WHERE position = :it", it=position))


# -- positions ---------------------------------------------------------------------------------------------------------


def test_every_event_gets_one_position_from_one_on_and_the_hash_over_all_before(site: Site) -> None:
    """By the rule that stands in the design, reckoned here once more by hand."""
    a_short_day(site)
    rows = places(site)
    assert [row["position"] for row in rows] == list(range(1, len(site.events()) + 1))
    assert [row["event"] for row in rows] == [r["seq"] for r in site.rows("SELECT seq FROM event ORDER BY seq")]
    before = bytes(32)
    for row in rows:
        (event,) = site.rows("SELECT * FROM event WHERE seq = :it", it=row["event"])
        said = {name: value for name, value in event.items() if name != "xid" and value is not None}
        written = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        before = hashlib.sha256(before + written).digest()
        assert row["hash"] == before.hex()
    assert chain.verify(site.venue).sound


def test_a_command_gives_no_position_and_asks_the_database_nothing_for_one(site: Site) -> None:
    """The chain follows: until somebody catches up with it, what was committed waits."""
    a_short_day(site)
    head = chain.head(site.venue)
    site.visitor("bank")
    assert chain.head(site.venue) == head
    waiting = site.db.read(lambda tx: ledger.waiting(tx, head))
    assert waiting >= 3 and chain.catch_up(site.venue) == waiting
    assert chain.head(site.venue).position == head.position + waiting == len(site.events())


def test_whoever_is_killed_between_a_commit_and_its_position_goes_on_at_the_next_start(site: Site) -> None:
    """Also in the middle of a stretch: what has a position keeps it."""
    a_short_day(site)
    for _ in range(3):
        site.visitor("bank")
    rows = site.db.read(lambda tx: ledger.following(tx, ledger.head(tx), 4))
    behind = chain.head(site.venue)
    first = (behind.position + 1, int(rows[0]["seq"]), link(behind.hash, rows[0]))
    assert site.db.write(lambda tx: ledger.extend(tx, behind, [first]))
    kept = places(site)
    chain.catch_up(site.venue)
    assert places(site)[: len(kept)] == kept and len(places(site)) == len(site.events())
    assert chain.verify(site.venue).sound


def test_two_that_catch_up_at_once_give_each_position_once(site: Site) -> None:
    """Whoever was overtaken gives nothing, and looks again."""
    a_short_day(site)
    site.visitor("bank")
    behind = chain.head(site.venue)
    (row, *_) = site.db.read(lambda tx: ledger.following(tx, behind, 1))
    place = [(behind.position + 1, int(row["seq"]), link(behind.hash, row))]
    assert site.db.write(lambda tx: ledger.extend(tx, behind, place))
    assert not site.db.write(lambda tx: ledger.extend(tx, behind, place))
    chain.catch_up(site.venue)
    assert chain.verify(site.venue).sound


def test_more_than_one_stretch_is_caught_up_with(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """And looked at in several reads."""
    monkeypatch.setattr(chain, "_AT_ONCE", 5)
    monkeypatch.setattr(chain, "_LOOKED_AT", 4)
    a_short_day(site)
    assert len(places(site)) == len(site.events()) > 10
    assert chain.verify(site.venue).sound
    enough = iter([False, True])
    for _ in range(4):
        site.visitor("bank")
    assert chain.catch_up(site.venue, lambda: next(enough)) == 5, "a server that ends does not end later for it"


# -- several at once ---------------------------------------------------------------------------------------------------


def test_a_transaction_held_open_while_hundreds_commit_behind_it_loses_no_event(site: Site) -> None:
    """On PostgreSQL what comes behind waits for it; nobody takes a position that belongs to another."""
    if not isinstance(site.db, PostgresDatabase):
        return  # one writer: nothing can be held open
    a_short_day(site)
    end = chain.head(site.venue).position
    with beside(site) as other:
        held = HeldOpen(other)
        held.begin(lambda their: access.add_device(their.venue, "board", "hall"))
        for _ in range(300):
            note(site)
        assert chain.catch_up(site.venue) == 0 and chain.verify(site.venue).sound
        held.commit()
    assert chain.catch_up(site.venue) == 301
    assert [row["position"] for row in places(site)] == list(range(1, end + 302))
    (late,) = site.rows("SELECT seq FROM event WHERE kind = 'device_added' ORDER BY seq DESC LIMIT 1")
    assert event_at(site, end + 1) == late["seq"], "it began first"
    assert chain.verify(site.venue).sound and chain.catch_up(site.venue) == 0


def test_one_that_was_taken_back_leaves_a_gap_in_the_numbers_and_none_in_the_positions(site: Site) -> None:
    """PostgreSQL gives no number twice."""
    a_short_day(site)

    def fail(tx: Any) -> None:
        tx.emit("clock_set", site.clock.now())
        raise ValueError("taken back")

    with pytest.raises(ValueError, match="taken back"):
        site.db.write(fail)
    site.visitor("bank")
    chain.catch_up(site.venue)
    assert [row["position"] for row in places(site)] == list(range(1, len(site.events()) + 1))
    assert chain.verify(site.venue).sound


def test_a_database_that_came_from_another_server_goes_on_where_its_chain_ended(site: Site) -> None:
    """Transactions' numbers mean nothing there: what has no position yet stands behind all that has one."""
    if not isinstance(site.db, PostgresDatabase):
        return
    a_short_day(site)
    site.visitor("bank")
    unplaced = len(site.events()) - len(places(site))
    tamper(site, "UPDATE event SET xid = xid + 1000000000000")
    again = feed.PostgresFeed(site.db.read, _Silent(), site.db.write)
    again.follow(lambda events: None)
    assert {row["xid"] for row in site.rows("SELECT DISTINCT xid FROM event")} == {0, 1}
    note(site)
    assert chain.catch_up(site.venue) == unplaced + 1
    assert chain.verify(site.venue).sound


class _Silent:
    """Wakes nobody."""

    def start(self, look: Any, look_within: Any) -> None:
        """Nothing."""

    def announce(self) -> None:
        """Nothing."""

    def stop(self) -> None:
        """Nothing."""


# -- tampering ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", 1), ("kind", "clock_set"), ("service_day", "2019-12-28"), ("visit", "V0"), ("staff", "u_else"),
        ("device", None), ("number", 999), ("counter", "bank-9"), ("service", "x"), ("step", "S0"), ("plan", "else"),
        ("data", "{}"),
    ],
)  # fmt: skip
def test_whatever_is_changed_in_an_event_is_told_by_its_position(site: Site, column: str, value: object) -> None:
    """Each column that says something; what was written before and after it stands."""
    a_short_day(site)
    seq = site.one("SELECT max(seq) FROM event WHERE kind = 'visitor_called'")
    (position,) = [row["position"] for row in places(site) if row["event"] == seq]
    tamper(site, f"UPDATE event SET {column} = :value WHERE seq = :seq", value=value, seq=seq)
    assert flaws(site) == [(position, "changed")]
    assert site.problems() == [str(chain.Flaw(position, "changed", seq))]


def test_an_event_that_was_removed_is_told_by_its_position(site: Site) -> None:
    """With its position, or without."""
    a_short_day(site)
    seq = event_at(site, 5)
    tamper(
        site, "DELETE FROM event_personal WHERE event = :seq", "DELETE FROM event WHERE seq = :seq",
        *(["DELETE FROM ledger WHERE event = :seq"] if site.db.engine.dialect.name == "sqlite" else []), seq=seq,
    )  # fmt: skip
    if site.db.engine.dialect.name == "sqlite":
        assert flaws(site) == [(5, "missing"), (6, "changed")]
    else:
        assert flaws(site) == [(5, "gone")]


def test_an_event_that_was_put_in_between_is_told(site: Site) -> None:
    """Under a number that was free; where one writes it is one that was removed."""
    a_short_day(site)
    seq = event_at(site, 6)
    tamper(
        site,
        "DELETE FROM event_personal WHERE event = :seq",
        "DELETE FROM ledger WHERE event = :seq",
        "UPDATE event SET kind = 'clock_set' WHERE seq = :seq",
        seq=seq,
    )
    assert (7, "inserted") in flaws(site) and (6, "missing") in flaws(site)


def test_two_events_that_changed_places_are_told(site: Site) -> None:
    """By the position of each."""
    a_short_day(site)
    first, second = event_at(site, 4), event_at(site, 7)
    tamper(
        site,
        "DELETE FROM ledger WHERE position = 7 OR position = 4",
        "INSERT INTO ledger SELECT 4, :second, '" + places(site)[3]["hash"] + "'",
        "INSERT INTO ledger SELECT 7, :first, '" + places(site)[6]["hash"] + "'",
        first=first,
        second=second,
    )
    assert flaws(site) == [(4, "changed"), (7, "changed")]


def test_a_hash_that_was_changed_is_told(site: Site) -> None:
    """The position itself and the one behind it do not fit any more; what is no hash at all is told as well."""
    a_short_day(site)
    for other in ("0" * 64, "no hash"):
        tamper(site, "UPDATE ledger SET hash = :other WHERE position = 3", other=other)
        assert flaws(site) == [(3, "changed"), (4, "changed")]


def test_words_that_were_changed_beside_an_event_are_told(site: Site) -> None:
    """A reason, or who was looked at; a part that the event knows nothing of, too."""
    a_short_day(site)
    seq = site.one("SELECT max(seq) FROM event WHERE kind = 'members_searched'")
    (position,) = [row["position"] for row in places(site) if row["event"] == seq]
    tamper(site, "UPDATE event_personal SET content = 'else' WHERE event = :seq AND part = 'reason'", seq=seq)
    assert flaws(site) == [(position, "beside")]
    tamper(site, "UPDATE event_personal SET content = 'M0' WHERE event = :seq AND part = 'member.1'", seq=seq)
    tamper(site, "INSERT INTO event_personal VALUES (:seq, 'member.99', 'member', 'M1', 'salt')", seq=seq)
    assert flaws(site) == [(position, "beside")] * 3


def test_flaws_beyond_the_first_twenty_are_counted(site: Site) -> None:
    """Whoever changed everything fills no screen."""
    a_short_day(site)
    for _ in range(4):
        site.visitor("bank")
    chain.catch_up(site.venue)
    tamper(site, "UPDATE event SET at = at + 1")
    found = chain.verify(site.venue)
    assert len(found.flaws) == chain.MOST_FLAWS and found.more == len(site.events()) - chain.MOST_FLAWS
    assert site.problems()[-1] == f"and at {found.more} positions more"


# -- what is forgotten -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("forget", ["purge", "erase"])
def test_the_chain_holds_after_everything_personal_was_forgotten(site: Site, forget: str) -> None:
    """Rows and salts go, digests stay; the head is the same and what comes afterwards goes on from it."""
    a_short_day(site)
    cards.issue(site.venue, MOTHER.id)
    site.wait(60)
    open_and_close.close_day(site.venue, anyway=True, now=True)
    chain.catch_up(site.venue)
    before, beside_events = places(site), site.one("SELECT count(*) FROM event_personal")
    assert beside_events >= 3
    if forget == "purge":
        purge.by_hand(site.venue, NO_FILES, "2020-01-05")
        assert site.one("SELECT count(*) FROM event_personal") == 0
    else:
        erase.erase(site.venue, NO_FILES, MOTHER.id)
        assert site.one("SELECT count(*) FROM event_personal") < beside_events
    chain.catch_up(site.venue)
    assert places(site)[: len(before)] == before and len(places(site)) > len(before)
    assert chain.verify(site.venue).sound and site.problems() == []


def test_nothing_personal_is_among_the_hashed_bytes(site: Site) -> None:
    """No name, no member's id, nothing typed, in no event: planted and looked for."""
    planted = ("Zoulikha", "because-of-her-knee", MOTHER.id, "prayer-of-noon")
    a_short_day(site)
    find_members(site.venue, DESK, planted[0], planted[1])
    find_members(site.venue, DESK, MOTHER.id, planted[1])
    cards.issue(site.venue, MOTHER.id)
    site.at("bank-2", "open")
    site.at("bank-2", "pause", reason=planted[3])
    rows = site.rows("SELECT * FROM event")
    assert site.rows("SELECT 1 AS one FROM event_personal WHERE content = :it", it=planted[3]) == [{"one": 1}]
    for row in rows:
        hashed = canonical(row).decode()
        assert not [word for word in planted if word in hashed], hashed


def test_the_first_position_stands_on_nothing() -> None:
    """A venue's chain begins with 32 bytes of zero."""
    assert bytes.fromhex(BEGINNING) == bytes(32)
