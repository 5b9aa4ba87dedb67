"""A venue at work, and how its router's picture is looked at."""

from __future__ import annotations

from dataclasses import replace

from checkin_server.db.tx import Tx
from checkin_server.domain.routing import Floor
from checkin_server.services.hall import HallWatch
from checkin_server.services.venue import Venue
from tests.support.venue import Site, accepted


def tick(site: Site) -> None:
    """Do what the server does once a second."""
    site.venue.router.tick(site.clock.now())


def again(site: Site) -> Venue:
    """Return the venue as a second process, or the same one after a restart, sees it."""
    return replace(site.venue, hall=HallWatch(site.plan, site.db))


def states(site: Site, visit: str) -> dict[str, str]:
    """Return the state of each of a visit's stops."""
    return {step["service"]: step["state"] for step in site.look(visit)["steps"]}


def floor_of(venue: Venue) -> Floor:
    """Return what a venue's router knows, brought up to date."""

    def sync(tx: Tx) -> Floor | None:
        with venue.router.mirror.lock:
            return venue.router.mirror.sync(tx, venue.now())

    floor = venue.db.write(sync)
    assert floor is not None
    return floor


def busy_day(site: Site) -> list[str]:
    """Play some of everything; return the visits."""
    for name in ("bank-1", "bank-2", "health-1", "desk-1"):
        site.press(name, "open")
    ids = []
    for n in range(9):
        ids.append(site.visitor(*(("bank", "health"), ("bank", "advice"), ("health",))[n % 3])["id"])
        site.wait(1)
    for _ in range(3):
        for name in ("bank-1", "health-1", "desk-1"):
            if accepted(site.at(name, "call-next"))["outcome"] == "called":
                site.press(name, "start")
        site.wait(4)
        for name in ("bank-1", "health-1", "desk-1"):
            site.at(name, "finish")
    site.press("bank-1", "call-next", "no-show")
    site.visit_does("hold", ids[-1], minutes=20)
    site.visit_does("leave", ids[-2])
    return ids
