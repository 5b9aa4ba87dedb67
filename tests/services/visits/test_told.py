"""One visit, one promise: proposal, result, ticket, a later look, desk and tablet say the same stops and waits."""

from __future__ import annotations

import json
from gettext import NullTranslations
from typing import Any

from checkin_server.domain.waits import Wait
from checkin_server.services.paper.ticket import wait_words
from checkin_server.services.routing.itinerary import STANDS_MS
from checkin_server.services.snapshots import counter
from checkin_server.services.visits.propose_route import propose
from tests.services.conftest import MakeSite
from tests.services.routing.hall_at_work import tick
from tests.support.venue import FAMILY, Site, accepted

WANTED = ("bank", "health", "advice")


def crowd(site: Site) -> None:
    """Open some counters, with people before them."""
    for name in ("bank-1", "health-1", "desk-1"):
        site.press(name, "open")
    for n in range(8):
        site.visitor(*(("bank", "health"), ("bank",), ("health", "advice"))[n % 3])
        site.wait(1)
    for name in ("bank-1", "health-1"):
        site.press(name, "call-next", "start")
    tick(site)


def told(stops: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """Return services and waits, in order."""
    return [(stop["service"], stop["expected_wait"]) for stop in stops]


def on_paper(site: Site, visit: str) -> tuple[list[str], list[str]]:
    """Return the titles and the waits of the newest ticket's stops."""
    text = site.one("SELECT spec FROM print_job WHERE visit = :v ORDER BY created_at DESC LIMIT 1", v=visit)
    route = json.loads(text)["route"]
    return [stop["title"] for stop in route], [stop["detail"] for stop in route]


def titles(site: Site, visit: dict[str, Any]) -> list[str]:
    """Return the names of a visit's stops, in its language."""
    return [site.plan.services[step["service"]].name[visit["locale"]] for step in visit["steps"]]


def test_a_visit_is_told_one_forecast_in_one_order_until_something_happens_to_it(site: Site) -> None:
    """Whoever reads three different times within a minute believes none of them."""
    crowd(site)
    card = site.scan(site.newcomer().code)["visit"]["id"]
    proposed = accepted(propose(site.venue, card, WANTED))["route"]
    # The hall goes on while the visitor reads: others come, and the look ahead is renewed.
    site.visitor("bank", "health")
    site.wait(1)
    tick(site)
    chosen = accepted(site.choose(card, *WANTED))
    waiting = [step for step in chosen["steps"] if step["state"] in ("waiting", "headed")]
    assert [step["service"] for step in waiting] == [leg["service"] for leg in proposed]
    assert told(waiting) == told(proposed)
    names, waits = on_paper(site, card)
    assert names == titles(site, chosen)
    words = site.venue.words(chosen["locale"])
    assert waits == [wait_words(words, Wait(**step["expected_wait"])) for step in waiting]
    for _ in range(2):
        site.visitor("health")
        site.wait(1)
        tick(site)
        later = site.look(card)
        assert told(later["steps"]) == told(chosen["steps"])
        assert later["expected_finish"] == chosen["expected_finish"]
        assert site.scan(chosen["id"])["visit"]["steps"] == later["steps"]
    accepted(site.visit_does("reprint", card))
    assert on_paper(site, card) == (names, waits)


def test_the_tablet_has_the_stops_in_the_order_of_the_ticket(site: Site) -> None:
    """The clerk and the visitor speak of one route."""
    for name in ("bank-1", "health-1", "desk-1"):
        site.press(name, "open")
    for _ in range(4):
        site.visitor("bank")
    tick(site)
    chosen = site.visitor("bank", "health", "advice")
    first = next(step for step in chosen["steps"] if step["state"] != "served")
    name = {"health": "health-1", "advice": "desk-1", "bank": "bank-1"}[first["service"]]
    site.press(name, "call-next")
    current = counter.snapshot(site.venue, name)["current"]
    assert current is not None and current["visit"] == chosen["id"]
    seen = site.look(chosen["id"])
    assert [stop["service"] for stop in current["route"]] == [step["service"] for step in seen["steps"]]
    assert current["route"][current["stop"]]["service"] == first["service"]


def test_what_was_told_ends_with_the_first_call_and_after_some_minutes(site: Site) -> None:
    """Then the look ahead speaks: it knows what has happened since."""
    crowd(site)
    itineraries = site.venue.router.foretelling.itineraries
    visit = site.visitor(*WANTED)
    now = site.venue.router.prospect(site.clock.now()).at
    assert itineraries.of(visit["id"], now) is not None
    assert itineraries.of(visit["id"], now + STANDS_MS + 1) is None
    site.visit_does("hold", visit["id"], minutes=10)
    assert itineraries.of(visit["id"], now) is None


def test_another_choice_or_another_party_is_told_anew(site: Site) -> None:
    """What was proposed for two is nothing to go by for four."""
    crowd(site)
    person = site.newcomer()
    card = site.scan(person.code)["visit"]["id"]
    proposed = accepted(propose(site.venue, card, ("bank", "health")))["route"]
    alone = accepted(site.choose(card, "bank"))
    [step] = alone["steps"]
    assert step["expected_wait"] != next(leg for leg in proposed if leg["service"] == "bank")["expected_wait"]


def test_a_family_is_told_the_waits_of_as_many_as_came(site: Site) -> None:
    """The kiosk knows who is here when it asks; the choice says the same."""
    crowd(site)
    card = site.scan(FAMILY[0].code)["visit"]["id"]
    party = tuple(person.id for person in FAMILY)
    proposed = accepted(propose(site.venue, card, ("bank", "health"), party))["route"]
    chosen = accepted(site.choose(card, "bank", "health", party=party))
    waiting = [step for step in chosen["steps"] if step["state"] in ("waiting", "headed")]
    assert sorted(told(waiting), key=str) == sorted(told(proposed), key=str)


def test_a_stop_that_needs_another_is_told_behind_it_everywhere(new_site: MakeSite) -> None:
    """However short its queue; the paper too."""
    with new_site() as site:
        crowd(site)
        chosen = site.visitor("advice", "health")
        names, _ = on_paper(site, chosen["id"])
        assert names == titles(site, chosen)


def test_a_counter_that_opens_or_closes_goes_before_what_was_told(site: Site) -> None:
    """Nobody is told "not open yet" of what has opened, nor a time when nobody gives it any more."""
    visit = site.visitor("bank", "health")["id"]
    assert all(step["expected_wait"] is None for step in site.look(visit)["steps"])
    site.press("desk-1", "open")
    site.press("bank-1", "open")
    tick(site)
    waits = {step["service"]: step["expected_wait"] for step in site.look(visit)["steps"]}
    assert waits["bank"] is not None and waits["health"] is None
    other = site.visitor("bank", "health")["id"]
    site.press("bank-1", "close")
    tick(site)
    assert all(step["expected_wait"] is None for step in site.look(other)["steps"])


def test_the_paper_says_what_is_hours_off_by_the_part_of_the_day() -> None:
    """As the screens do; nobody goes by "more than 4 h"."""
    words = NullTranslations()
    far = Wait(4 * 3600, 6 * 3600)
    minutes = (7 * 60, 9 * 60, 14 * 60, 21 * 60, None)
    said = ["later this morning", "this afternoon", "this evening", "more than 4 h", "more than 4 h"]
    assert [wait_words(words, far, minute) for minute in minutes] == said
