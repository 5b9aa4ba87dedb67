from __future__ import annotations

from dataclasses import replace

import pytest

from checkin_server.db import visits
from checkin_server.db.tx import LostRace, Tx
from checkin_server.domain.routing import Send
from checkin_server.domain.routing.why import Why
from checkin_server.services.hall import HallWatch
from checkin_server.services.routing import sending
from tests.support.venue import Site, accepted

DAY = "2019-12-27"


def second_process(site: Site) -> Site:
    """Return the venue as a second process sees it that has just looked."""
    other = replace(site.venue, hall=HallWatch(site.plan, site.db))

    def look(tx: Tx) -> None:
        with other.router.mirror.lock:
            other.router.mirror.sync(tx, other.now())

    other.db.write(look)
    return Site(other, site.clock, crowd=())


def send(site: Site, visit: str, step: str) -> bool:
    """Send a visit to the bank's zone, as the router does."""
    sent = Send(step, visit, 1, "bank", "B", Why("longest_wait", {"minutes": 0}), 60_000)
    return site.db.write(lambda tx: sending.send(tx, DAY, sent, 0.0, site.clock.now()))


def test_who_is_sent_is_on_the_way_and_the_log_says_so(site: Site) -> None:
    """The visit is claimed, the step is headed, one event."""
    visit = site.visitor("bank")
    step = visit["steps"][0]["id"]
    assert send(site, visit["id"], step)
    assert site.step(step)["state"] == "headed"
    assert site.events()[-1] == "visitor_sent"
    assert site.problems() == []


def test_nobody_is_sent_who_is_not_free(site: Site) -> None:
    """Somebody else was quicker, or the visitor holds their place: nothing is changed and nothing told."""
    visit = site.visitor("bank", "health")
    bank, health = (step["id"] for step in visit["steps"])
    assert site.db.write(lambda tx: visits.claim(tx, visit["id"], health, site.clock.now()))
    before = site.everything()
    assert not send(site, visit["id"], bank)
    assert site.everything() == before
    held = site.visitor("bank")
    accepted(site.visit_does("hold", held["id"], minutes=15))
    before = site.everything()
    assert not send(site, held["id"], held["steps"][0]["id"])
    assert site.everything() == before


def test_a_visit_is_not_claimed_for_a_step_that_is_over(site: Site) -> None:
    """The step was dropped meanwhile: the whole transaction is given up, the claim too."""
    visit = site.visitor("bank", "health")
    bank = visit["steps"][0]["id"]
    accepted(site.choose(visit["id"], "health"))
    before = site.everything()
    with pytest.raises(LostRace):
        send(site, visit["id"], bank)
    assert site.everything() == before


def test_who_was_sent_and_then_let_go_of_is_not_called_by_who_has_not_heard_of_it(site: Site) -> None:
    """A second process still believes that they are on the way: the claim in the database has the last word."""
    site.press("bank-1", "open")
    visit = site.visitor("bank")["id"]
    assert site.look(visit)["steps"][0]["state"] == "headed"
    mine = second_process(site)
    accepted(site.visit_does("hold", visit, minutes=15))
    assert mine.press("bank-1", "call-next")["outcome"] == "nobody"
    assert site.look(visit)["state"] == "held"
    assert site.problems() == []


def test_only_who_is_on_the_way_is_let_go_of(site: Site) -> None:
    """Who is called or served is at a counter: taking back that they were sent takes nothing back."""
    site.press("bank-1", "open")
    visit = site.visitor("bank")["id"]

    def release(tx: Tx) -> bool:
        row = visits.lock(tx, visit)
        assert row is not None
        return sending.release(tx, row, "held", site.clock.now())

    site.press("bank-1", "call-next")
    before = site.everything()
    assert not site.db.write(release)
    assert site.everything() == before
    site.press("bank-1", "no-show")
    assert not site.db.write(release), "who waits was sent nowhere"
