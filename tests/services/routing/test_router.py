"""The router inside the product: on both databases, in one transaction with what made it necessary."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from checkin_server.db import steps, visits
from checkin_server.db.tx import Tx
from checkin_server.domain.forecasts import Calibration
from checkin_server.domain.plan import Category
from checkin_server.domain.routing import Floor
from checkin_server.services.day import open_day
from checkin_server.services.day.last_tickets import Wish, decide
from checkin_server.services.hall import HallWatch
from checkin_server.services.reports import fairness
from checkin_server.services.routing import foretelling
from checkin_server.services.venue import Actor, Venue
from tests.services.conftest import MakeSite
from tests.support.shown import board, counter, dashboard, kiosk
from tests.support.venue import MINUTE, Site, accepted, new_id, refused, small_plan


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


# -- sending and calling -------------------------------------------------------------------------------------------


def test_who_comes_while_a_counter_is_idle_is_sent_there_at_once(site: Site) -> None:
    """The answer to the choice says where to go, the board shows the number, and the counter calls them."""
    site.press("bank-1", "open")
    visit = site.visitor("bank")
    assert (visit["next"]["kind"], visit["next"]["zone"], visit["next"]["counter"]) == ("go", "B", None)
    assert visit["next"]["expected_wait"] is not None
    assert visit["steps"][0]["state"] == "headed"
    assert board.snapshot(site.venue, "hall")["headed"] == [{"zone": "B", "numbers": [1]}]
    assert [(e["number"], e["state"]) for e in counter.snapshot(site.venue, "bank-1")["queue"]] == [(1, "headed")]
    called = site.press("bank-1", "call-next")
    assert called["visit"]["number"] == 1
    assert site.events()[-1] == "visitor_called"


def test_a_ready_area_holds_few_and_is_filled_again_by_each_call(site: Site) -> None:
    """Most wait where they like; one stands ready beside the one who is called."""
    site.press("bank-1", "open")
    ids = [site.visitor("bank")["id"] for _ in range(6)]
    sent = [states(site, visit)["bank"] for visit in ids].count("headed")
    assert 1 <= sent <= 2
    site.press("bank-1", "call-next", "start", "finish", "call-next")
    assert 1 <= [states(site, visit)["bank"] for visit in ids].count("headed") <= 2


def test_a_service_that_loses_its_last_counter_releases_who_was_sent(site: Site) -> None:
    """They are sent elsewhere in the same transaction, or wait where they are."""
    site.press("bank-1", "open")
    only, both = site.visitor("bank")["id"], site.visitor("bank", "health")["id"]
    assert states(site, both)["bank"] == "headed"
    site.press("health-1", "open")
    site.press("bank-1", "pause")
    assert states(site, only) == {"bank": "waiting"}
    assert states(site, both) == {"bank": "waiting", "health": "headed"}
    released = site.rows("SELECT data FROM event WHERE kind = 'visitor_released' ORDER BY seq")
    assert [json.loads(row["data"])["reason"] for row in released] == ["no_counter", "no_counter"]
    assert site.problems() == []


@pytest.mark.parametrize("action", ["hold", "leave"])
def test_who_is_on_the_way_may_hold_or_leave(site: Site, action: str) -> None:
    """The place in the ready area goes to the next."""
    site.press("bank-1", "open")
    ids = [site.visitor("bank")["id"] for _ in range(4)]
    accepted(site.visit_does(action, ids[0]))
    assert states(site, ids[0])["bank"] == ("waiting" if action == "hold" else "cancelled")
    assert site.press("bank-1", "call-next")["visit"]["number"] == 2
    assert site.problems() == []


def test_a_dropped_stop_is_dropped_although_its_visitor_is_on_the_way(site: Site) -> None:
    """They are free for the stops they still want."""
    site.press("bank-1", "open")
    visit = site.visitor("bank", "health")["id"]
    site.press("health-1", "open")
    accepted(site.choose(visit, "health"))
    assert states(site, visit) == {"bank": "cancelled", "health": "headed"}
    assert site.problems() == []


def test_the_end_of_a_hold_sends_without_anybody_pressing_a_button(site: Site) -> None:
    """The tick does it; before its time it does not."""
    visit = site.visitor("bank")["id"]
    accepted(site.visit_does("hold", visit, minutes=10))
    site.press("bank-1", "open")
    site.wait(9)
    tick(site)
    assert states(site, visit)["bank"] == "waiting"
    site.wait(1)
    tick(site)
    assert states(site, visit)["bank"] == "headed"


def test_a_tick_that_changes_nothing_writes_nothing(site: Site) -> None:
    """Once a second all day."""
    site.press("bank-1", "open")
    for _ in range(3):
        site.visitor("bank")
    tick(site)
    before = site.everything()
    tick(site)
    assert site.everything() == before


def test_a_stop_that_comes_after_another_waits_for_it(new_site: MakeSite) -> None:
    """Advice only after enrolment, for who wants both."""
    full = small_plan()
    services = {**full.services, "advice": replace(full.services["advice"], after=("health",))}
    with new_site(plan=small_plan(services=services)) as site:
        site.press("desk-1", "open")
        both = site.visitor("advice", "health")["id"]
        alone = site.visitor("advice")["id"]
        assert (states(site, both)["advice"], states(site, alone)["advice"]) == ("waiting", "headed")
        accepted(site.visit_does("leave", alone))
        assert states(site, both) == {"advice": "waiting", "health": "waiting"}
        site.press("health-1", "open", "call-next", "start", "finish")
        assert states(site, both)["advice"] == "headed"


def test_priority_comes_first_and_says_why(new_site: MakeSite) -> None:
    """A head start of thirty minutes, in the answer and in the log."""
    retired = Category("retired", {"en": "Retired"}, head_start_minutes=30)
    with new_site(plan=small_plan(categories={**small_plan().categories, "retired": retired})) as site:
        people = {person.category: person for person in site.crowd}
        for _ in range(2):
            site.visitor("bank", person=next(p for p in site.crowd if p.category == "active" and not _seen(site, p.id)))
        site.wait(5)
        site.visitor("bank", person=people["retired"])
        site.press("bank-1", "open")
        site.wait(3)
        called = site.press("bank-1", "call-next")
        assert (called["visit"]["number"], called["why"]["code"], called["why"]["head_start"]) == (3, "priority", 30)
        (event,) = site.rows("SELECT data FROM event WHERE kind = 'visitor_sent' AND number = 3")
        assert json.loads(event["data"])["head_start"] == 30


def _seen(site: Site, member: str) -> bool:
    return bool(site.rows("SELECT visit FROM visit_member WHERE member = :m", m=member))


# -- the mirror ----------------------------------------------------------------------------------------------------


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


def picture(floor: Floor) -> dict[str, Any]:
    """Return a floor as plain values: who is where, in which order, and what was learned."""
    return {
        "visits": {
            visit.id: (
                visit.mode,
                visit.zone,
                visit.not_before,
                {s: (x.state, x.since) for s, x in visit.steps.items()},
            )
            for visit in floor.visits.values()
        },
        "open": {counter.id: (counter.open, counter.step and counter.step.id) for counter in floor.counters.values()},
        "free": {name: [entry[2] for entry in queue.free] for name, queue in floor.queues.items()},
        "headed": {name: sorted(queue.headed) for name, queue in floor.queues.items()},
        "mean": floor.learner.mean,
        "speed": floor.learner.speed,
        "variance": floor.learner.variance,
        "heeds": ({visit: floor.learner.heeds(visit) for visit in floor.visits}, floor.learner.ignored_share),
        "pace": [floor.learner.pace(category) for category in sorted(floor.plan.categories)],
    }


def come_late(site: Site) -> dict[str, Any]:
    """Let somebody in who is sent to the bank, is not there ten minutes later, and comes minutes after the call."""
    site.press("bank-2", "open")
    visit = site.visitor("bank", "health")
    for _ in range(20):
        if site.look(visit["id"])["state"] == "headed":
            break
        site.wait(1)
        tick(site)
    site.wait(10)
    while site.press("bank-2", "call-next")["visit"]["number"] != visit["number"]:
        site.press("bank-2", "start", "finish")
    site.wait(3)
    site.press("bank-2", "start")
    return visit


def test_who_was_not_where_they_were_sent_is_sent_as_others_are_called(site: Site) -> None:
    """On the boards of that booth, with the place and the language, until the counter calls; the log says so."""
    site.press("bank-2", "open")
    visit = come_late(site)
    site.press("health-1", "open")
    assert board.snapshot(site.venue, "hall")["called_ahead"] == []
    site.wait(5)
    site.press("bank-2", "finish")
    (ahead,) = board.snapshot(site.venue, "east")["called_ahead"]
    assert (ahead["number"], ahead["booth"], ahead["zone"]) == (visit["number"], "health", "C")
    assert (ahead["counter"], ahead["state"], ahead["locale"]) == (None, "headed", visit["locale"])
    sent = [json.loads(row["data"])["aloud"] for row in site.rows("SELECT data FROM event WHERE kind = 'visitor_sent'")]
    assert sent == [False, True]
    site.press("health-1", "call-next")
    seen = board.snapshot(site.venue, "hall")
    assert seen["called_ahead"] == [] and seen["calls"][0]["number"] == visit["number"]


def test_after_a_restart_the_router_knows_and_has_learned_the_same(site: Site) -> None:
    """Everything it knows stands in the database."""
    busy_day(site)
    come_late(site)
    before, after = picture(floor_of(site.venue)), picture(floor_of(again(site)))
    for part in ("visits", "open", "headed", "mean", "speed", "variance", "heeds", "pace"):
        assert after[part] == before[part], part


def walk_slowly(site: Site, visitors: int = 3) -> None:
    """Let so many be sent to the bank, be called at once, and take four minutes to get there."""
    site.press("bank-1", "open")
    for _ in range(visitors):
        site.visitor("bank")
        site.press("bank-1", "call-next")
        site.wait(4)
        site.press("bank-1", "start")
        site.wait(3)
        site.press("bank-1", "finish")


def test_how_quickly_people_walk_is_learned_and_known_after_a_restart(site: Site) -> None:
    """Who takes longer than the map says is expected later from then on, and the event says so."""
    walk_slowly(site)
    before, after = (floor_of(venue).learner for venue in (site.venue, again(site)))
    assert after.pace("active") == before.pace("active") > 1.1
    assert site.visitor("bank")["number"] == 4
    sent = site.rows("SELECT data FROM event WHERE kind = 'visitor_sent' ORDER BY seq")
    first, *_, last = (json.loads(row["data"])["walk_s"] for row in sent)
    assert last == int(first * before.pace("active")) > first
    for venue in (site.venue, again(site)):
        (step,) = floor_of(venue).queues["bank"].headed.values()
        assert step.due - site.clock.now() == round(first * 1000 * before.pace("active"))


def test_who_was_finished_without_a_start_teaches_nothing_of_walking(site: Site) -> None:
    """The service counts from the call: that is no walk, and nobody has seen whether they stood ready."""
    walk_slowly(site)
    known = floor_of(site.venue).learner
    before = (known.pace("active"), known.observed, known.ignored_share)
    for minutes in (15, 0):  # sent long before the call; called on the way
        visit = site.visitor("bank")
        site.wait(minutes)
        assert site.press("bank-1", "call-next")["visit"]["number"] == visit["number"]
        site.wait(1)
        site.press("bank-1", "recall")
        site.wait(1)
        accepted(site.at("bank-1", "finish", quick=True))
    for venue in (site.venue, again(site)):
        learner = floor_of(venue).learner
        assert (learner.pace("active"), learner.observed, learner.ignored_share) == before


def test_everything_is_read_once_and_then_only_what_changed(site: Site) -> None:
    """The same floor goes on through the day; a day that is opened anew begins another."""
    floor = floor_of(site.venue)
    site.visitor("bank")
    site.press("bank-1", "open", "call-next")
    assert floor_of(site.venue) is floor
    open_day.close_day(site.venue, anyway=True)
    site.open_day()
    assert floor_of(site.venue) is not floor


def test_what_was_undone_is_not_believed(site: Site) -> None:
    """A transaction that fails after the router has seen its changes leaves no trace in its picture."""
    site.press("bank-1", "open")
    visit = site.visitor("health")["id"]
    (step,) = site.rows("SELECT id FROM step WHERE visit = :v", v=visit)

    def fail(tx: Tx) -> None:
        row = visits.lock(tx, visit)
        assert row is not None
        steps.set_state(tx, step["id"], "waiting", "cancelled", site.clock.now())
        tx.emit("visit_left", site.clock.now(), service_day=row["service_day"], visit=visit)
        site.venue.router.refill(tx, site.clock.now())
        assert visit not in (site.venue.router.mirror.floor or Floor(site.plan)).visits
        raise LookupError("power cut")

    with pytest.raises(LookupError):
        site.db.write(fail)
    assert visit in floor_of(site.venue).visits
    assert site.press("health-1", "open", "call-next")["visit"]["number"] == 1


def test_what_another_process_does_is_known_at_the_next_tick(site: Site) -> None:
    """Two servers on one PostgreSQL; on an embedded database a command beside the server."""
    other = again(site)
    floor_of(other)
    site.press("bank-1", "open")
    ids = [site.visitor("bank", "health")["id"] for _ in range(3)]
    site.press("bank-1", "call-next", "start")
    other.router.tick(site.clock.now())
    assert picture(floor_of(other))["visits"] == picture(floor_of(site.venue))["visits"]
    assert set(floor_of(other).visits) == set(ids)


def test_a_stale_picture_costs_a_question_and_never_a_second_call(site: Site) -> None:
    """A second process that knows nothing of the first one's calls asks again, and calls somebody else."""
    for _ in range(3):
        site.visitor("bank")
    site.press("bank-1", "open")
    site.press("bank-2", "open")
    mine = Site(again(site), site.clock, crowd=())
    floor_of(mine.venue)
    first = site.press("bank-1", "call-next")["visit"]["number"]
    second = mine.press("bank-2", "call-next")["visit"]["number"]
    assert {first, second} == {1, 2}
    assert site.problems() == []


def test_a_picture_that_is_wrong_heals(site: Site) -> None:
    """Whatever went wrong, the comparison finds it and the rows are read again."""
    visit = site.visitor("bank", "health")["id"]
    floor_of(site.venue)
    floor = floor_of(site.venue)
    floor.drop(visit, site.clock.now())
    assert site.db.write(lambda tx: site.venue.router.mirror.differing(tx, site.clock.now())) == 1
    assert visit in floor_of(site.venue).visits
    assert site.db.write(lambda tx: site.venue.router.mirror.differing(tx, site.clock.now())) == 0


# -- what is foretold ----------------------------------------------------------------------------------------------


def test_a_tile_does_not_count_who_will_be_elsewhere(site: Site) -> None:
    """Twelve want bank and health; who comes for health alone is before most of them."""
    site.press("bank-1", "open")
    site.press("health-1", "open")
    for _ in range(12):
        site.visitor("bank", "health")
    tiles = {tile["id"]: tile for tile in kiosk.snapshot(site.venue)["services"]}
    assert tiles["health"]["waiting"] == 12
    assert tiles["health"]["expected_wait"]["p50"] < 6 * 60 * 12 * 0.8
    assert tiles["advice"]["expected_wait"] is None, "closed: no time, never a number"


def test_the_last_ticket_is_refused_by_name_and_the_tile_says_so_before(site: Site) -> None:
    """Towards closing a counter can promise few more, then none; other services go on."""
    site.press("bank-1", "open")
    site.press("health-1", "open")
    site.clock.set(site.clock.now() + 8 * 60 * MINUTE)
    tile = next(t for t in kiosk.snapshot(site.venue)["services"] if t["id"] == "bank")
    assert (tile["accepting"], tile["closing"]) == (True, True)
    assert 0 < tile["places_left"] < 5
    for _ in range(8):
        site.scan(site.newcomer().code)
    waiting = [row["id"] for row in site.rows("SELECT id FROM visit WHERE state = 'choosing' ORDER BY created_at, id")]
    answers = [site.choose(visit, "bank", "health") for visit in waiting]
    turned_away = [a for a in answers if not isinstance(a, dict)]
    assert turned_away and len(turned_away) < 8
    assert {"service": "bank", "reason": "no_more_tickets"} in refused(turned_away[0]).params["refused"]
    tile = next(t for t in kiosk.snapshot(site.venue)["services"] if t["id"] == "bank")
    assert (tile["accepting"], tile["places_left"]) == (False, 0)


def test_forecasts_are_compared_with_what_came(site: Site) -> None:
    """Each call resolves what was told before it."""
    site.press("health-1", "open")
    for _ in range(25):
        site.visitor("health")
    tick(site)
    for _ in range(24):
        site.press("health-1", "call-next", "start")
        site.wait(6)
        site.press("health-1", "finish")
        tick(site)
    share, resolved, error = site.venue.router.foretelling.kept()
    assert resolved >= 20 and share is not None and share > 0.6 and error is not None
    shown = dashboard.snapshot(site.venue, dict, frozenset())["forecasts"]
    assert (shown["share"], shown["resolved"]) == (share, resolved)


def judged_day(site: Site) -> None:
    """Play a day whose forecasts come early, late and never, on several services."""
    for name in ("bank-1", "health-1", "desk-1"):
        site.press(name, "open")
    for n in range(38):
        site.visitor(*(("bank", "health"), ("health",), ("bank", "advice"), ("advice", "enrolment"))[n % 4])
        site.wait(0.5)
        tick(site)
    for n in range(26):
        for name in ("bank-1", "health-1", "desk-1"):
            if n % (2 if name == "bank-1" else 1):
                continue
            if accepted(site.at(name, "call-next"))["outcome"] == "called":
                site.press(name, *(("no-show",) if n % 9 == 8 else ("start",)))
        site.wait((3, 11, 5)[n % 3])
        for name in ("bank-1", "health-1", "desk-1"):
            site.at(name, "finish")
        tick(site)


def test_after_a_restart_the_same_is_foretold_to_the_number(site: Site) -> None:
    """How wide the ranges are, who is expected when, the demand, what was kept: all of it stands in the log."""
    judged_day(site)
    before, after = site.venue.router, again(site).router
    now = site.clock.now()
    assert after.prospect(now) == before.prospect(now)
    assert after.foretelling.kept() == before.foretelling.kept()
    assert after.foretelling.missed(now) == before.foretelling.missed(now)
    share, judged, _ = after.foretelling.kept()
    assert judged > 40 and share is not None and 0.3 < share < 1.0
    # It does not just begin anew: a venue that has seen nothing gives other ranges.
    assert before.prospect(now).services != fresh_ranges(site, now)


def fresh_ranges(site: Site, now: int) -> dict[str, Any]:
    """Return what would be foretold if nothing had been learned of forecasts."""
    router = again(site).router
    router.prospect(now)
    router.foretelling.record.calibration = Calibration()
    router.foretelling.renew(now)
    return dict(router.prospect(now).services)


def test_what_was_foretold_stands_in_the_log_once(site: Site) -> None:
    """Each visit's first forecast until it comes true; who is called meanwhile is in none."""
    site.press("bank-1", "open")
    for _ in range(4):
        site.visitor("bank")
    tick(site)
    tick(site)
    (row,) = site.rows("SELECT data FROM event WHERE kind = 'forecasts_told'")
    every = json.loads(row["data"])["told"]
    assert sorted(one["number"] for one in every if one["kind"] == "finish") == [1, 2, 3, 4]
    told = [one for one in every if one["kind"] != "finish"]
    assert sorted(one["number"] for one in told) == [1, 2, 3, 4]
    assert {one["kind"] for one in told} == {"go", "next"}
    site.visitor("bank")
    site.venue.router.prospect(site.clock.now())
    site.press("bank-1", "call-next")
    tick(site)
    later = json.loads(site.rows("SELECT data FROM event WHERE kind = 'forecasts_told' ORDER BY seq")[-1]["data"])
    assert 1 not in [one["number"] for one in later["told"]]


def test_a_visit_says_when_it_will_be_through_and_nothing_when_nobody_can_say(site: Site) -> None:
    """A range of moments behind those before it; absent without a counter, while it is held, or with a stop aside."""
    first = site.visitor("bank")["id"]
    late = site.visitor("bank")["id"]
    assert site.look(late)["expected_finish"] is None, "no counter is open"
    site.press("bank-1", "open")
    site.wait(0.1)
    soon, later = site.look(first)["expected_finish"], site.look(late)["expected_finish"]
    assert site.look(late)["created_at"] < soon["p50"] < later["p50"] < later["p90"]
    accepted(site.visit_does("hold", late))
    assert site.look(late)["expected_finish"] is None
    accepted(site.visit_does("resume", late))
    site.press("bank-1", "call-next", "park")
    site.wait(0.1)
    assert site.look(first)["expected_finish"] is None
    assert site.look(late)["expected_finish"] is not None
    site.press("bank-1", "call-next", "start", "finish")
    assert site.look(late)["expected_finish"] is None, "it is over"


def test_how_visits_end_makes_their_ranges_and_no_part_of_the_figures_about_calls(site: Site) -> None:
    """The last service of a visit says so in the log, and only that one settles what was told."""
    site.press("bank-1", "open")
    site.press("health-1", "open")
    site.visitor("bank", "health")
    for _ in range(2):  # told, and read again from the log
        site.wait(0.1)
        tick(site)
    record = site.venue.router.foretelling.record
    assert record.knows(1, "finish")
    site.wait(1)
    for desk in ("bank-1", "health-1"):
        site.press(desk, "call-next", "start", "finish")
    ends = [json.loads(row["data"])["last"] for row in site.rows(_ENDS)]
    assert ends == [False, True]
    site.wait(0.1)
    tick(site)
    assert not record.knows(1, "finish") and record.judged == record.resolved <= 2


_ENDS = "SELECT data FROM event WHERE kind = 'service_finished' ORDER BY seq"


def test_organisers_are_told_which_counter_would_help(site: Site) -> None:
    """The second one of the bank, with what it brings."""
    site.press("bank-1", "open")
    for _ in range(20):
        site.visitor("bank")
    (advice,) = dashboard.snapshot(site.venue, dict, frozenset())["advice"]
    assert (advice["code"], advice["service"], advice["counter"]) == ("open_counter", "bank", "bank-2")
    assert advice["becomes_s"] < advice["wait_s"] * 0.7


def troubles(site: Site) -> dict[str, dict[str, Any]]:
    """Return what the dashboard says is wrong, by code."""
    return {t["code"]: t for t in dashboard.snapshot(site.venue, dict, frozenset())["trouble"]}


def test_calls_that_nobody_comes_to_are_told_of(site: Site) -> None:
    """When more than three calls in ten are missed in an hour."""
    site.press("bank-1", "open")
    for _ in range(24):
        site.visitor("bank")
    for n in range(21):
        site.press("bank-1", "call-next", *(("no-show",) if n % 2 else ("start", "finish")))
    assert troubles(site)["calls_missed"]["share"] > 0.3
    site.wait(61)
    assert "calls_missed" not in troubles(site)


def test_visitors_who_do_not_stand_where_they_were_sent_are_told_of(site: Site) -> None:
    """One in two comes only when called, three minutes late; twenty have to be seen before anything is said."""
    site.press("health-1", "open")
    for n in range(24):
        site.visitor("health")
        site.wait(5)
        site.press("health-1", "call-next")
        site.wait((0.1, 3)[n % 2])
        site.press("health-1", "start", "finish")
        if n < 19:
            assert "not_following" not in troubles(site), n
    told = troubles(site)["not_following"]
    assert told["share"] == pytest.approx((0.6 + 12) / 44, abs=0.01) and told["seen"] == 24


def test_who_is_on_the_way_is_not_counted_as_waiting(site: Site) -> None:
    """On the dashboard, of a service and of the whole hall."""
    for _ in range(5):
        site.visitor("bank", "health")
    site.press("bank-1", "open")
    shown = dashboard.snapshot(site.venue, dict, frozenset())
    bank = next(service for service in shown["services"] if service["id"] == "bank")
    assert bank["headed"] == shown["headed"] == 2
    assert (bank["waiting"], shown["waiting"], shown["inside"]) == (3, 3, 5)


# -- last tickets by an organiser's word ---------------------------------------------------------------------------

ORGANIZER = Actor("d_organizer", "organizer", "dashboard")


def rule(site: Site, rule: str, service: str = "bank", **wish: Any) -> dict[str, Any]:
    """Decide about a service's last tickets."""
    return accepted(decide(site.venue, ORGANIZER, service, new_id(), Wish(rule, "the partner leaves early", **wish)))


def tile(site: Site, service: str = "bank") -> dict[str, Any]:
    """Return a kiosk's tile."""
    return next(t for t in kiosk.snapshot(site.venue)["services"] if t["id"] == service)


def ask(site: Site, *services: str) -> bool:
    """Whether a new visitor gets these services."""
    answer = site.choose(site.scan(site.newcomer().code)["visit"]["id"], *services)
    if not isinstance(answer, dict):
        assert refused(answer).params["refused"][0]["reason"] == "no_more_tickets"
    return isinstance(answer, dict)


def test_an_organiser_takes_so_many_more_and_not_one_too_many(site: Site) -> None:
    """The tile counts down; a ticket given back is a place again; a restart knows it."""
    site.press("bank-1", "open")
    first = site.visitor("bank")["id"]
    rule(site, "more", places=2)
    assert (tile(site)["closing"], tile(site)["accepting"], tile(site)["places_left"]) == (True, True, 2)
    assert ask(site, "bank") and ask(site, "bank") and not ask(site, "bank")
    assert (tile(site)["accepting"], tile(site)["places_left"]) == (False, 0)
    assert not ask(Site(again(site), site.clock, crowd=site.crowd[30:]), "bank")
    accepted(site.visit_does("leave", first))
    assert ask(site, "bank") and not ask(site, "bank")


def test_an_organiser_stops_and_takes_it_back(site: Site) -> None:
    """With why in the log; other services go on, and what was given out stays."""
    site.press("bank-1", "open")
    kept = site.visitor("bank", "health")["id"]
    rule(site, "stop")
    assert not ask(site, "bank") and ask(site, "health")
    accepted(site.choose(kept, "bank"))
    assert (tile(site)["accepting"], tile(site, "health")["accepting"]) == (False, True)
    (service,) = (s for s in dashboard.snapshot(site.venue, dict, frozenset())["services"] if s["id"] == "bank")
    assert service["ruling"]["rule"] == "stop" and service["ruling"]["reason"] == "the partner leaves early"
    rule(site, "automatic")
    assert ask(site, "bank") and tile(site)["accepting"] and not tile(site)["closing"]
    rows = site.rows("SELECT service, device, data FROM event WHERE kind = 'last_tickets_set' ORDER BY seq")
    assert [(r["service"], r["device"], json.loads(r["data"])["rule"]) for r in rows] == [
        ("bank", "d_organizer", "stop"),
        ("bank", "d_organizer", "automatic"),
    ]


def test_an_organiser_takes_visitors_until_a_time_whatever_the_look_ahead_promises(site: Site) -> None:
    """Half an hour before closing one counter has no places left; the partner stays longer."""
    site.press("bank-1", "open")
    site.clock.set(site.clock.now() + 8 * 60 * MINUTE + 40 * MINUTE)
    for _ in range(3):
        ask(site, "bank")
    assert not tile(site)["accepting"]
    until = site.clock.now() + 10 * MINUTE
    rule(site, "more", until=until)
    assert (tile(site)["accepting"], tile(site)["closing"], tile(site)["places_left"]) == (True, True, None)
    assert ask(site, "bank")
    site.wait(10)
    assert not ask(site, "bank") and not tile(site)["accepting"]


def test_a_word_about_last_tickets_is_refused_for_what_is_not_there(site: Site) -> None:
    """An unknown service, a time that has passed or lies behind closing, no open day; the same id is one command."""
    wish = Wish("stop", "rain")
    now = site.clock.now()
    assert refused(decide(site.venue, ORGANIZER, "barber", new_id(), wish)).code == "unknown_service"
    for until in (now, now + 10 * 60 * MINUTE):
        late = Wish("more", "rain", until=until)
        assert refused(decide(site.venue, ORGANIZER, "bank", new_id(), late)).code == "bad_request"
    same = new_id()
    for _ in range(2):
        accepted(decide(site.venue, ORGANIZER, "bank", same, wish))
    assert site.events().count("last_tickets_set") == 1
    assert refused(decide(site.venue, ORGANIZER, "bank", same, Wish("stop", "snow"))).code == "id_reused"
    open_day.close_day(site.venue)
    assert refused(decide(site.venue, ORGANIZER, "bank", new_id(), wish)).code == "wrong_state"


def test_a_family_that_stays_together_is_expected_to_take_longer(site: Site) -> None:
    """One and six tenths for the second person; alone if they go apart."""
    from tests.support.venue import FAMILY

    visit = site.scan(FAMILY[0].code)["visit"]["id"]
    accepted(site.choose(visit, "bank", party=[FAMILY[0].id, FAMILY[1].id]))
    assert floor_of(site.venue).visits[visit].factor == pytest.approx(1.6)
    accepted(site.choose(visit, "bank", party=[FAMILY[0].id, FAMILY[1].id], keep_together=False))
    assert floor_of(site.venue).visits[visit].factor == 1.0


# -- fairness ------------------------------------------------------------------------------------------------------


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
    site.press("bank-1", "open")
    visit = site.visitor("bank")["id"]
    open_day.close_day(site.venue)
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
