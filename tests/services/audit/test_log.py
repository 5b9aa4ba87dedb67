"""The audit as it is read: who looked at whom, by day, by member, by person; newest first, a page at a time."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from checkin_server.domain.audit import OF_THE_MACHINE, SHOWN, SORTS
from checkin_server.domain.refusal import Refusal
from checkin_server.services import access
from checkin_server.services.audit import chain
from checkin_server.services.audit import log as audit
from checkin_server.services.audit.log import Asked
from checkin_server.services.members.search import find_members
from checkin_server.services.privacy import purge
from checkin_server.services.venue import Actor
from checkin_server.services.welcome.find_people import find_visit
from tests.docs.test_events import described_events
from tests.services.privacy.test_purge import NO_FILES
from tests.support.venue import FAMILY, Site, accepted, refused

MOTHER, FATHER, _ = FAMILY
_ENDED = text("UPDATE service_day SET state = 'closed', closed_at = 1, ended_at = 1")
READER = Actor("d_office", "privacy", "office", "u_reader")


def read(site: Site, *, most: int = 200, before: int | None = None, **asked: Any) -> list[dict[str, Any]]:
    """Return the entries of a page."""
    return list(accepted(audit.page(site.venue, READER, Asked(**asked), before, most))["entries"])


def desk(site: Site) -> Actor:
    """Return the welcome desk, with Salma signed in; both are known."""
    device = access.add_device(site.venue, "welcome", "desk")
    return Actor(device.device_id, "welcome", "desk", access.add_staff(site.venue, "Salma", "welcome", "2580"))


def test_a_search_says_who_looked_where_and_why_at_whom_and_for_what(site: Site) -> None:
    """All that the person who accounts for it asks, in one entry."""
    salma = desk(site)
    site.visitor("bank", person=MOTHER)
    find_members(site.venue, salma, "Amina Zeroud", "her card is lost")
    (entry,) = [e for e in read(site) if e["kind"] == "members_searched"]
    assert entry["staff"] == {"id": salma.staff, "name": "Salma"}
    assert entry["device"] == {"id": salma.device, "role": "welcome", "station": "desk"}
    assert (entry["reason"], entry["query"], entry["sort"]) == ("her card is lost", "Amina Zeroud", "looked")
    assert MOTHER.id in entry["members"] and entry["day"] == "2019-12-27" and entry["at"] == "2019-12-27T08:00:00Z"


def test_a_members_audit_has_what_is_about_them_or_a_visit_of_theirs_and_nothing_else(site: Site) -> None:
    """Who came with somebody is looked at with them; that it was read is in it the next time."""
    salma = desk(site)
    visit = site.visitor("bank", person=MOTHER)
    site.visitor("health", person=FATHER)
    accepted(find_visit(site.venue, salma, visit["number"]))
    kinds = [e["kind"] for e in read(site, member=MOTHER.id)]
    assert kinds[0] == "audit_read" and kinds[1:] == [
        "visit_looked_up",
        "ticket_queued",
        "services_chosen",
        "member_admitted",
    ]
    (looked, *_) = read(site, member=MOTHER.id)
    assert looked["kind"] == "audit_read" and looked["staff"] == {"id": "u_reader", "name": None}
    assert all(e["members"] == [MOTHER.id] for e in read(site, member=MOTHER.id))
    assert "visit_looked_up" not in [e["kind"] for e in read(site, member=FATHER.id)]


def test_a_persons_audit_has_what_they_did_also_when_they_are_gone(site: Site) -> None:
    """By name or by id."""
    salma = desk(site)
    visit = site.visitor("bank")
    accepted(find_visit(site.venue, salma, visit["number"]))
    access.disable(site.venue, "Salma")
    assert salma.staff is not None
    for who in ("Salma", salma.staff):
        assert [e["kind"] for e in read(site, staff=who)] == ["staff_disabled", "visit_looked_up", "staff_added"]


def test_a_day_has_what_was_done_on_it_also_beside_the_service_day(site: Site) -> None:
    """What was done on a date without a service day is found by that date."""
    site.visitor("bank")
    site.db.write(lambda tx: tx.emit("staff_enabled", site.clock.now() - 30 * 3_600_000, staff="u_1"))
    assert "member_admitted" in [e["kind"] for e in read(site, day="2019-12-27")]
    assert [e["kind"] for e in read(site, day="2019-12-26")] == ["staff_enabled"]
    assert {e["kind"] for e in read(site, day="2019-12-28")} == set()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"day": "2019-11-01"}, "unknown_day"),
        ({"day": "2019-13-45"}, "unknown_day"),
        ({"member": "M000000"}, "unknown_member"),
        ({"staff": "Nobody"}, "unknown_staff"),
    ],
)
def test_what_nobody_knows_is_refused_by_name_and_never_an_empty_page(site: Site, asked: Any, code: str) -> None:
    """An empty answer would say that nobody looked."""
    refusal = refused(audit.page(site.venue, READER, Asked(**asked)))
    assert refusal.code == code
    assert "audit_read" not in site.events()


@pytest.mark.parametrize("most", [1, 3, 7])
def test_pages_have_each_entry_once_and_the_last_one_says_so(
    site: Site, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a page's length and a stretch's, and while more is written."""
    monkeypatch.setattr(audit, "_STRETCH", 5)
    for _ in range(5):
        site.visitor("bank")
    whole = [e["seq"] for e in read(site)]
    assert whole == sorted(whole, reverse=True) and len(whole) > 14
    found: list[int] = []
    before: int | None = None
    while True:
        page = accepted(audit.page(site.venue, READER, Asked(), before, most))
        found += [e["seq"] for e in page["entries"]]
        assert len(page["entries"]) == most or page["next"] is None
        before = page["next"]
        if before is None:
            break
        site.visitor("health")
    assert found == whole
    wanted = audit.read(site.venue, Asked())
    assert not isinstance(wanted, Refusal)
    oldest_first = [row["seq"] for row in audit.rows(site.venue, wanted, before=whole[0] + 1)]
    assert oldest_first == whole[::-1]


def test_what_was_forgotten_is_not_in_the_audit_and_what_was_done_is(site: Site) -> None:
    """After a purge an entry has no member, no reason and no query any more."""
    salma = desk(site)
    find_members(site.venue, salma, "Amina Zeroud", "her card is lost")
    site.db.write(lambda tx: tx.run(_ENDED))
    purge.by_hand(site.venue, NO_FILES, "2020-01-05")
    (entry,) = [e for e in read(site) if e["kind"] == "members_searched"]
    assert (entry["members"], entry["reason"], entry["query"]) == ([], None, None)
    assert entry["staff"] == {"id": salma.staff, "name": "Salma"}
    assert refused(audit.page(site.venue, READER, Asked(member=FATHER.id))).code == "unknown_member"


def test_the_head_is_told_with_what_has_no_position_yet(site: Site) -> None:
    """The last seconds wait; the others' positions stand in their entries."""
    site.visitor("bank")
    chain.catch_up(site.venue)
    end = chain.head(site.venue)
    site.visitor("bank")
    page = accepted(audit.page(site.venue, READER, Asked()))
    assert (page["head"]["position"], page["head"]["hash"]) == (end.position, end.hash)
    assert page["head"]["waiting"] == len(site.events()) - end.position >= 3
    assert page["entries"][0]["position"] is None and page["entries"][-1]["position"] == 1


def test_every_kind_of_event_is_shown_or_left_to_the_machine() -> None:
    """A new kind is decided on; what an audit shows is of a sort that pages know."""
    assert set(SHOWN) | set(OF_THE_MACHINE) == set(described_events())
    assert not set(SHOWN) & set(OF_THE_MACHINE) and set(SHOWN.values()) == set(SORTS)
