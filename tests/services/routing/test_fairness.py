"""Whether a day was fair, and what is left at its end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checkin_server.db import steps, visits
from checkin_server.db.tx import Tx
from checkin_server.services.day import open_and_close
from checkin_server.services.reports import fairness
from checkin_server.services.routing import foretelling
from tests.services.conftest import MakeSite
from tests.services.routing.hall_at_work import busy_day, states, tick
from tests.support.venue import Site, accepted, refused, small_plan


def report(site: Site) -> dict[str, Any]:
    """Return the report of the day."""
    return accepted(fairness.of_day(site.venue, "2019-12-27"))


def test_a_day_is_fair_and_the_report_says_who_was_overtaken(site: Site) -> None:
    """Who is nearly done goes before who came earlier for more; within the bound."""
    site.press("bank-1", "open")
    site.visitor("bank", "health", "advice")
    site.wait(3)
    site.visitor("bank")
    site.press("bank-1", "pause")
    site.press("bank-1", "open")
    busy_day(site)
    told = report(site)
    assert told["held"] and told["cases"] == [] and told["choices"] > 5
    assert sum(row["visits"] for row in told["categories"]) == site.one("SELECT count(*) FROM visit")


def test_a_choice_beyond_the_bound_is_found(new_site: MakeSite) -> None:
    """The report reads the log and not the router: a claim made behind its back is told."""
    with new_site(plan=replace(small_plan(), routing=replace(small_plan().routing, cap_minutes=30.0))) as site:
        site.visitor("bank")
        site.wait(45)
        late = site.visitor("bank")["id"]
        (step,) = site.rows("SELECT * FROM step WHERE visit = :v", v=late)

        def cheat(tx: Tx) -> None:
            assert visits.claim(tx, late, step["id"], site.clock.now())
            assert steps.call(tx, step["id"], "bank-1", "{}", site.clock.now())
            tx.emit(
                "visitor_called",
                site.clock.now(),
                {"why": {}, "head_start": 0},
                service_day="2019-12-27",
                visit=late,
                step=step["id"],
                service="bank",
                counter="bank-1",
                number=2,
            )

        site.db.write(cheat)
        told = report(site)
        assert (told["held"], told["beyond"]) == (False, 1)
        (case,) = told["cases"]
        assert (case["number"], case["by"], case["service"], case["minutes"]) == (1, 2, "bank", 45.0)


def test_a_day_that_was_never_opened_has_no_report(site: Site) -> None:
    """It is refused by its code."""
    assert refused(fairness.of_day(site.venue, "2019-12-28")).code == "unknown_day"


def test_closing_the_day_lets_everybody_go_who_was_on_the_way(site: Site) -> None:
    """Nobody walks to a stand that calls nobody any more."""
    site.press("health-1", "open")
    site.visitor("health")
    site.press("health-1", "call-next")
    site.press("bank-1", "open")
    visit = site.visitor("bank")["id"]
    assert states(site, visit)["bank"] == "headed"
    open_and_close.close_day(site.venue, anyway=True)
    assert states(site, visit)["bank"] == "waiting"
    assert site.problems() == []


def test_the_hall_goes_on_while_it_is_looked_ahead(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking takes pauses: calls, arrivals and counters that open in one are done, and what has gone is not told."""
    site.press("bank-1", "open")
    for n in range(24):
        site.visitor("bank", *(("health",) if n % 2 else ()))
    tick(site)
    router, now = site.venue.router, site.clock.now()
    todo = [
        lambda: site.press("bank-1", "call-next", "start", "finish"),
        lambda: site.press("health-1", "open"),
        lambda: site.visitor("bank"),
        lambda: site.press("bank-1", "call-next"),
    ]
    done = 0

    def meanwhile(_: float) -> None:
        nonlocal done
        if done < len(todo):
            done += 1
            todo[done - 1]()

    monkeypatch.setattr(foretelling, "_SLICE_S", 0.0)
    monkeypatch.setattr("checkin_server.services.routing.foretelling.time.sleep", meanwhile)
    router.foretelling.renew(now)
    monkeypatch.undo()
    assert done == len(todo)
    found = router.foretelling.prospect
    floor = router.mirror.floor
    assert floor is not None and found.at == now
    waiting = {step.id for step in floor.steps.values() if step.state in ("waiting", "headed")}
    assert found.steps and found.steps.keys() <= waiting
    assert found.finishes.keys() <= floor.visits.keys()
    # What came in the pauses is there at the next look.
    router.foretelling.renew(site.clock.now())
    assert router.foretelling.prospect.steps.keys() == waiting
    assert site.problems() == []
