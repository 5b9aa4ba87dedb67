from __future__ import annotations

from dataclasses import replace

from checkin_server.domain.plan import Plan
from checkin_server.services.day import open_and_close
from checkin_server.services.reports import fairness
from checkin_server.services.reports.fairness import FairnessWatch
from tests.services.conftest import MakeSite
from tests.support.venue import Site, accepted, small_plan

FIRST, SECOND = "2019-12-27", "2019-12-28"


def busy(site: Site, visitors: int = 3) -> None:
    """Some visitors are called to the bank, one after another."""
    for _ in range(visitors):
        site.visitor("bank")
    site.press("bank-1", "open", "call-next", "start", "finish", "call-next", "start", "finish")


def test_the_open_days_report_is_the_one_that_is_made_of_the_whole_day(site: Site) -> None:
    """It is kept up to date a little at a time, and says the same."""
    watch = FairnessWatch(site.venue)
    busy(site)
    assert watch.now(FIRST)["choices"] > 0
    busy(site)
    assert {"day": FIRST, **watch.now(FIRST)} == accepted(fairness.of_day(site.venue, FIRST))


def test_a_new_days_report_begins_with_nobody(site: Site) -> None:
    """Yesterday's choices and cases are yesterday's."""
    watch = FairnessWatch(site.venue)
    busy(site)
    assert watch.now(FIRST)["choices"] > 0
    open_and_close.close_day(site.venue, anyway=True)
    site.clock.set(site.plan.days[1].opens_at)
    site.open_day(1)
    site.venue.router.tick(site.clock.now())
    told = watch.now(SECOND)
    assert (told["choices"], told["categories"]) == (0, [])
    busy(site)
    assert {"day": SECOND, **watch.now(SECOND)} == accepted(fairness.of_day(site.venue, SECOND))


def bank_after_health() -> Plan:
    """A plan in which health comes before the bank."""
    plan = small_plan(routing=replace(small_plan().routing, cap_minutes=30.0))
    services = plan.services
    return replace(plan, services={**services, "bank": replace(services["bank"], after=("health",))})


def test_who_has_an_earlier_stop_to_make_first_is_overtaken_by_nobody(new_site: MakeSite) -> None:
    """The bank serves who came an hour later: the other one was not to go there yet."""
    with new_site(plan=bank_after_health()) as site:
        site.visitor("health", "bank")
        site.wait(60)
        late = site.visitor("bank")["number"]
        assert site.press("bank-1", "open", "call-next")["visit"]["number"] == late
        told = accepted(fairness.of_day(site.venue, FIRST))
        assert told["choices"] == 1
        assert (told["held"], [row["overtaken"] for row in told["categories"]]) == (True, [0, 0])
