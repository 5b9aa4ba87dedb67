"""What a tablet shows: its visitor, its queue, its day."""

from __future__ import annotations

import json

from checkin_server.db import counters
from tests.services.conftest import MakeSite
from tests.support.shown import counter
from tests.support.venue import Site, accepted, small_plan


def test_a_tablet_shows_its_visitor_its_queue_and_its_day(site: Site) -> None:
    """What the clerk needs and no name."""
    people = [site.newcomer() for _ in range(3)]
    for person in people:
        site.visitor("bank", "health", person=person)
        site.wait(1)
    site.press("bank-1", "open", "call-next", "start")
    site.wait(4)
    site.press("bank-1", "finish", "call-next")
    shown = counter.snapshot(site.venue, "bank-1")
    assert shown["counter"]["state"] == "open"
    assert shown["current"]["number"] == 2 and shown["current"]["state"] == "called"
    assert shown["current"]["route"] == [
        {"service": "bank", "state": "called"},
        {"service": "health", "state": "waiting"},
    ]
    assert [(entry["number"], entry["free"]) for entry in shown["queue"]] == [(3, True)]
    assert (shown["waiting"], shown["today"]) == (1, {"served": 1, "mean_service_s": 240})
    assert {other["booth"]: other["waiting"] for other in shown["others"]} == {"desk": 0, "health": 3, "school": 0}
    assert [other["counter"] for other in shown["colleagues"]] == ["bank-2"], "those of the same booth"
    written = json.dumps(shown, ensure_ascii=False)
    assert not any(word in written for p in people for word in (p.id, p.name_ar, p.name_la, p.code))


def test_a_tablet_s_queue_says_who_is_not_free_now(site: Site) -> None:
    """At another counter, resting or holding their place: still in the queue, greyed."""
    site.visitor("bank", "health")
    held = site.visitor("bank")["id"]
    site.visitor("bank")
    site.press("health-1", "open", "call-next")
    accepted(site.visit_does("hold", held))
    queue = counter.snapshot(site.venue, "bank-1")["queue"]
    assert [(entry["number"], entry["free"]) for entry in queue] == [(1, False), (2, False), (3, True)]


def test_a_tablet_shows_who_works_there(site: Site) -> None:
    """The name on the list, for the handover."""
    staff = site.hire("Nadia")
    site.db.write(lambda tx: counters.set_state(tx, "bank-1", "open", None, staff, site.clock.now()))
    assert counter.snapshot(site.venue, "bank-1")["staff"] == {"id": staff, "name": "Nadia"}


def test_the_tablet_says_how_long_to_give_whoever_was_called(new_site: MakeSite) -> None:
    """The venue's grace and one and a half walks by its map, from where the visitor was last."""
    plan = small_plan(walks={("A", "B"): 4.0, ("B", "C"): 2.0}, walk_default_minutes=1.0)
    zones = {name: plan.zone_of(name) for name in ("bank", "health")}
    with new_site(plan=plan) as site:
        site.visitor("bank", "health")
        waits = []
        for name in ("bank-1", "health-1"):
            site.press(name, "open", "call-next")
            waits.append(counter.snapshot(site.venue, name)["current"]["patience_s"])
            site.press(name, "start", "finish")
    entrance = next(kiosk.zone for kiosk in plan.kiosks.values())
    grace = plan.routing.grace_minutes
    assert waits == [
        round(60 * (grace + 1.5 * plan.walk_minutes(entrance, zones["bank"]))),
        round(60 * (grace + 1.5 * plan.walk_minutes(zones["bank"], zones["health"]))),
    ]
    assert waits[0] != waits[1]


def test_who_missed_a_call_rests_and_the_tablet_says_until_when(site: Site) -> None:
    """Not "at another stand": nobody is there. When the rest is over they are free."""
    site.visitor("bank")
    site.press("bank-1", "open", "call-next", "no-show")
    (resting,) = counter.snapshot(site.venue, "bank-1")["queue"]
    assert (resting["free"], resting["again_at"]) == (False, "2019-12-27T08:02:00Z")
    site.wait(2)
    (free,) = counter.snapshot(site.venue, "bank-1")["queue"]
    assert (free["free"], free["again_at"]) == (True, None)
