"""A machine whose clock is set while its server runs, in the test's own process: no second passes in fact."""

from __future__ import annotations

from dataclasses import dataclass

from checkin_server.common.clock import SteadyClock
from checkin_server.db import feed
from checkin_server.domain.refusal import Refusal
from checkin_server.services.day import clock as use
from checkin_server.services.hall import HallWatch
from checkin_server.services.once import Answer
from checkin_server.services.venue import Actor, Venue
from tests.support.venue import OPENS, Site, new_id

ORGANIZER = Actor("d_organizer", "organizer", "office")


@dataclass
class Machine:
    """The machine that the venue's server runs on: time passes, its clock can be set, it can be started anew."""

    site: Site
    passed: int = 0
    set_by: int = OPENS
    name: str = "first start"
    watch: use.ClockWatch | None = None

    def shows(self) -> int:
        """What its clock shows."""
        return self.set_by + self.passed

    def serve(self) -> None:
        """Start the server."""
        steady = SteadyClock(self.shows, lambda: self.passed, started=self.name)
        before = self.site.venue
        hall = HallWatch(before.plan, before.db)
        venue = Venue(before.plan, before.db, steady, hall, before.words, before.chance)
        self.site.venue = venue
        use.begin(venue)
        self.watch = use.ClockWatch(venue)

    def boot(self, off_ms: int = 0) -> None:
        """Start the machine anew after it was off for a while, and the server on it."""
        self.set_by += self.passed + off_ms
        self.passed, self.name = 0, self.name + " again"
        self.serve()

    def wait(self, ms: int) -> None:
        """Let time pass, in which the server looks at the clock as it does each second."""
        self.passed += ms
        assert self.watch is not None
        self.watch.look()

    def true(self, at: int) -> None:
        """See that the server goes by this time."""
        assert self.site.venue.now() == at

    def asks(self) -> use.Question | None:
        """What is to be decided."""
        return self.site.db.read(lambda tx: use.question(tx, self.site.venue.now()))

    def decide(self, right: use.Right) -> Answer | Refusal:
        """An organiser says which clock is right."""
        return use.decide(self.site.venue, ORGANIZER, new_id(), right, hours_follow=False)


def log_moments(site: Site) -> list[int]:
    """When the day's events happened, in the order of the log."""
    rows = site.db.read(lambda tx: feed.part_of_day(tx, "2019-12-27", feed.BEGINNING, 500))
    return [row["at"] for row in rows]
