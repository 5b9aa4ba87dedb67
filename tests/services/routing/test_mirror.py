"""The floor in memory: kept equal to the database, whoever changes it, and learned from what was done."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checkin_server.db import steps, visits
from checkin_server.db.tx import Tx
from checkin_server.domain.routing import Floor
from checkin_server.services.day import open_and_close
from tests.services.routing.hall_at_work import again, busy_day, floor_of, tick
from tests.support.beside import beside
from tests.support.shown import board
from tests.support.venue import Site, accepted


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
    told = site.rows("SELECT data FROM event WHERE kind = 'visitor_sent' ORDER BY seq")
    sent = [json.loads(row["data"])["aloud"] for row in told]
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


def test_after_a_restart_the_keys_are_those_of_all_together(site: Site) -> None:
    """Each is read beside those before it; that must not put the last ones back for a crowd the first don't see."""
    site.press("bank-1", "open", "pause")
    for _ in range(8):
        site.visitor("bank", "health", "advice")
    floor = floor_of(again(site))
    read = {step.id: step.key for step in floor.steps.values()}
    floor.reckon()
    assert read == {step.id: step.key for step in floor.steps.values()}


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


@pytest.mark.parametrize("between", ["park", "no-show"])
def test_a_call_of_before_and_a_recall_make_no_walk(site: Site, between: str) -> None:
    """Called at eight, called again an hour later, recalled, and there half a minute after: nobody walked an hour."""
    walk_slowly(site)
    pace = floor_of(site.venue).learner.pace("active")
    visit = site.visitor("bank")["id"]
    step = site.press("bank-1", "call-next")["step"]["id"]
    if between == "park":
        site.press("bank-1", "start", "park")
        # As long as the service is set aside, that was a walk like others.
        pace = floor_of(site.venue).learner.pace("active")
    else:
        site.press("bank-1", "no-show")
    site.wait(60)
    if between == "park":
        accepted(site.at("bank-1", "resume", step=step))
    assert site.press("bank-1", "call-next")["step"]["id"] == step
    assert site.step(step)["headed_at"] is None or site.step(step)["headed_at"] > site.step(step)["first_called_at"]
    site.wait(0.3)
    site.press("bank-1", "recall")
    site.wait(0.5)
    site.press("bank-1", "start")
    for venue in (site.venue, again(site)):
        learner = floor_of(venue).learner
        assert learner.pace("active") == pace and learner.heeds(visit) is not False


def test_a_way_from_a_service_that_goes_on_later_is_the_same_after_a_restart(site: Site) -> None:
    """Set aside at one stand, served at another, and back: the way to the other began where it began by the log."""
    site.press("bank-1", "open")
    visit = site.visitor("bank", "enrolment")["id"]
    # Started in the moment of the call, as by a scan: that teaches nothing itself.
    step = site.press("bank-1", "call-next", "start")["step"]["id"]
    site.wait(1)
    site.press("bank-1", "park")
    site.press("desk-1", "open", "call-next")
    site.wait(1)
    site.press("desk-1", "start")
    category = floor_of(site.venue).visits[visit].category
    way = floor_of(site.venue).learner.pace(category)
    assert way != 1
    site.wait(1)
    site.press("desk-1", "finish")
    accepted(site.at("bank-1", "resume", step=step))
    site.wait(0.3)
    site.press("bank-1", "call-next")
    site.wait(0.3)
    site.press("bank-1", "start")
    before, after = (floor_of(venue).learner.pace(category) for venue in (site.venue, again(site)))
    assert before == pytest.approx(after, rel=1e-9) and before != way


def test_who_needed_a_recall_was_not_where_they_had_been_sent(site: Site) -> None:
    """Sent ten minutes before, two away: standing there they would have heard the first call."""
    site.press("bank-1", "open")
    site.visitor("bank")
    site.press("bank-1", "call-next", "start")
    visit = site.visitor("bank")["id"]
    tick(site)
    site.wait(10)
    site.press("bank-1", "finish", "call-next")
    site.wait(0.2)
    site.press("bank-1", "recall")
    site.wait(0.1)
    site.press("bank-1", "start")
    for venue in (site.venue, again(site)):
        assert floor_of(venue).learner.heeds(visit) is False


def test_what_was_learned_of_an_undone_finish_is_forgotten(site: Site) -> None:
    """A slip of the finger after ten seconds, undone, and the service went on for ten minutes."""
    site.press("bank-1", "open")
    site.visitor("bank")
    site.press("bank-1", "call-next", "start")
    site.wait(0.2)
    site.press("bank-1", "finish")
    floor_of(site.venue)
    site.press("bank-1", "undo")
    site.wait(10)
    site.press("bank-1", "finish")
    mine, theirs = (floor_of(venue).learner for venue in (site.venue, again(site)))
    assert mine.mean == theirs.mean and mine.speed == theirs.speed
    assert mine.mean["bank"] > site.plan.services["bank"].prior_minutes * 60_000


def test_everything_is_read_once_and_then_only_what_changed(site: Site) -> None:
    """The same floor goes on through the day; a day that is opened anew begins another."""
    floor = floor_of(site.venue)
    site.visitor("bank")
    site.press("bank-1", "open", "call-next")
    assert floor_of(site.venue) is floor
    open_and_close.close_day(site.venue, anyway=True)
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
    with beside(site) as second:
        other = second.venue
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
    with beside(site) as mine:
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
