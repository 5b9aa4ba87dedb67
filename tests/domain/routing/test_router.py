from __future__ import annotations

from dataclasses import replace

from checkin_server.domain.plan import Routing
from checkin_server.domain.routing import MINUTE, StepFacts, VisitFacts
from checkin_server.domain.routing.pieces import AWAY, FREE
from tests.domain.routing.hall import NOW, Hall, plan


def test_a_newcomer_goes_to_the_nearest_idle_counter_and_nowhere_else() -> None:
    """One place at a time, however many services were ticked."""
    hall = Hall(plan(walks={("door", "Za"): 3, ("door", "Zb"): 1, ("door", "Zc"): 2}))
    hall.come("v", "abc")
    assert hall.sent() == [("v", "b")]
    assert hall.sent(1) == []


def test_of_counters_equally_near_the_one_with_the_longest_backlog_takes_a_newcomer() -> None:
    """The busiest service is the one that must not stand idle."""
    hall = Hall()
    hall.come("held", "c", not_before=NOW + 60 * MINUTE)
    hall.come("v", "abc")
    assert hall.sent() == [("v", "c")]


def test_what_the_plan_has_no_more_is_expected_of_no_newcomer() -> None:
    """Those who are still to come want what those who came wanted, but for services that have gone since."""
    hall = Hall()
    asked = tuple(StepFacts(f"v{service}", service, "waiting", NOW) for service in ("a", "gone"))
    hall.floor.remember(VisitFacts("v", 1, "active", asked))
    hall.floor.remember(VisitFacts("w", 2, "active", asked[1:]))
    assert {visit: arrival.services for visit, arrival in hall.floor.arrived.items()} == {"v": ("a",)}


def test_whoever_has_little_left_to_do_goes_first() -> None:
    """The last stop of a short visit comes before the first of a long one that came a little sooner."""
    hall = Hall(plan({"a": 1, "b": 1, "c": 1}), open_=("a-1",))
    hall.occupy("a-1")
    hall.come("long", "abc", ago=6)
    hall.come("short", "a", ago=5)
    assert hall.sent() == [("short", "a")]


def test_work_still_to_do_puts_nobody_back_by_more_than_the_cap() -> None:
    """Whoever asked longer ago than the cap comes first, whatever they still want."""
    hall = Hall(plan(routing=Routing(cap_minutes=10), minutes={"b": 200, "c": 200}), open_=("a-1",))
    hall.occupy("a-1")
    hall.come("long", "abc", ago=20)
    hall.come("short", "a", ago=3)
    assert hall.sent()[0] == ("long", "a")


def test_a_head_start_is_minutes_and_no_class_of_its_own() -> None:
    """Fifteen minutes for a widow: she passes whoever came ten minutes before her, not whoever came twenty before."""
    for ago, first in ((10, "widow"), (20, "other")):
        hall = Hall(open_=("a-1",))
        hall.occupy("a-1")
        hall.come("other", "a", ago=ago)
        hall.come("widow", "a", category="widowed")
        assert hall.sent()[0] == (first, "a")


def test_the_greatest_head_start_counts_and_none_is_beyond_the_limit() -> None:
    """A need and a category don't add up, and a slip in the settings makes no absolute class."""
    venue = plan(routing=Routing(needs_head_start={"wheelchair": 20, "blind": 999}))
    assert venue.head_start_minutes("widowed", ["wheelchair"]) == 20
    assert venue.head_start_minutes("widowed") == 15
    assert venue.head_start_minutes("active", ["blind"]) == 120
    assert venue.head_start_minutes("unknown", ["unknown"]) == 0


def test_a_service_added_later_counts_from_then() -> None:
    """Registering one service early and adding the rest at noon buys nothing."""
    hall = Hall(open_=("a-1",))
    hall.occupy("a-1")
    added = VisitFacts("gamer", 1, "active", (StepFacts("g", "a", "waiting", NOW),), zone="door", stops=2)
    hall.floor.put(added, NOW)
    hall.come("honest", "a", ago=2)
    assert hall.sent()[0] == ("honest", "a")


def test_a_service_waits_for_the_one_that_must_come_before_it() -> None:
    """First enrolment (b), then the bank (a), however near; when the first is over the second is free at once."""
    hall = Hall(plan(after={"a": ("b",)}, walks={("door", "Za"): 0.1}))
    hall.come("v", "ab")
    assert hall.router.call("a-1", NOW) is None
    assert hall.sent() == [("v", "b")]
    hall.floor.call("vb", "b-1", NOW)
    hall.floor.start("vb", NOW)
    hall.floor.end("vb", NOW)
    assert hall.sent() == [("v", "a")]


def test_a_ready_area_holds_one_more_than_the_counters_that_will_need_somebody() -> None:
    """Three counters that just began need nobody soon: one stands ready. Near their end they make room for more."""
    hall = Hall(plan({"a": 3}, {"a": 20}))
    for counter in ("a-1", "a-2", "a-3"):
        hall.occupy(counter)
    for n in range(5):
        hall.come(f"v{n}", "a", ago=5 - n)
    assert len(hall.sent()) == 1
    assert len(hall.sent(25)) == 1


def test_a_counter_calls_who_stands_ready_before_who_is_still_walking() -> None:
    """The key decides among those who should have arrived."""
    hall = Hall(plan({"a": 1}, walks={("far", "Za"): 9, ("near", "Za"): 1}))
    hall.come("far", "a", ago=30, zone="far")
    assert hall.sent() == [("far", "a")]
    hall.come("near", "a", zone="near")
    hall.floor.head("neara", NOW)
    later = NOW + 2 * MINUTE
    call = hall.router.call("a-1", later)
    assert call is not None and (call.visit, call.walk) == ("near", 0)
    again = hall.router.call("a-1", later, skip={"near"})
    assert again is not None and (again.visit, again.walk) == ("far", 7 * MINUTE)


def test_who_has_stood_ready_long_is_not_overtaken_there_by_all_who_came_since() -> None:
    """They can be called nowhere else: a minute of standing counts three of waiting."""
    hall = Hall(plan({"a": 1, "b": 1, "c": 1}, {"b": 30, "c": 30}))
    hall.come("long", "abc", ago=1)
    hall.floor.head("longa", NOW)
    key = hall.floor.steps["longa"].key
    hall.come("short", "a", ago=-2)
    hall.floor.head("shorta", NOW + 2 * MINUTE)
    assert hall.floor.steps["shorta"].key < key - 50 * MINUTE
    soon = hall.router.call("a-1", NOW + 5 * MINUTE)
    assert soon is not None and (soon.visit, soon.why.code) == ("short", "only_stop")
    hall.come("newer", "a", ago=-26)
    hall.floor.end("shorta", NOW + 27 * MINUTE)
    hall.floor.head("newera", NOW + 27 * MINUTE)
    assert hall.floor.steps["newera"].key < key - 25 * MINUTE
    call = hall.router.call("a-1", NOW + 30 * MINUTE)
    assert call is not None and (call.visit, call.why.code, call.walk) == ("long", "stood_longest", 0)


def test_of_those_on_the_way_a_minute_of_an_idle_counter_counts_three_of_waiting() -> None:
    """Who asked a minute earlier and is eight minutes further away is not waited for."""
    hall = Hall(plan({"a": 2, "c": 1}, walks={("door", "Za"): 1, ("Zc", "Za"): 9}), open_=("a-1", "a-2"))
    hall.occupy("a-1")
    hall.come("far", "a", ago=3, zone="Zc")
    hall.come("near", "a", ago=2)
    assert hall.sent() == [("far", "a"), ("near", "a")]
    called = hall.router.call("a-2", NOW)
    assert called is not None and called.visit == "near"


def test_a_counter_with_nobody_ready_calls_a_free_visit() -> None:
    """Nobody has to be sent before being called."""
    hall = Hall()
    hall.come("v", "a", ago=7)
    call = hall.router.call("a-1", NOW)
    assert call is not None and call.visit == "v"
    assert call.why.as_dict() == {"code": "only_stop", "minutes": 7}


def test_a_counter_that_is_closed_or_busy_calls_nobody() -> None:
    """Nor one the plan doesn't know."""
    hall = Hall(open_=("a-1",))
    hall.come("v", "ab")
    hall.occupy("a-1")
    assert [hall.router.call(counter, NOW) for counter in ("a-1", "b-1", "x")] == [None, None, None]


def test_when_a_service_loses_its_last_counter_those_sent_there_are_free_again() -> None:
    """Nobody stands before a counter that has gone; they go elsewhere at once."""
    hall = Hall()
    hall.come("held", "a", not_before=NOW + 60 * MINUTE)
    hall.come("v", "ab")
    assert hall.sent() == [("v", "a")]
    released = hall.floor.set_counter("a-1", False, NOW)
    assert [step.id for step in released] == ["va"]
    assert hall.floor.visits["v"].mode == FREE
    assert hall.sent() == [("v", "b")]


def test_a_missed_call_frees_the_counter_and_the_visit_rests_and_keeps_its_key() -> None:
    """People pray, queue for the toilet, do not hear."""
    hall = Hall(plan({"a": 1}))
    hall.come("v", "a", ago=10)
    hall.sent()
    hall.floor.call("va", "a-1", NOW)
    hall.floor.release("va", NOW, NOW + 2 * MINUTE)
    assert hall.floor.visits["v"].mode == AWAY
    assert hall.router.call("a-1", NOW + MINUTE) is None
    hall.come("later", "a", ago=5)
    hall.floor.advance(NOW + 2 * MINUTE)
    call = hall.router.call("a-1", NOW + 2 * MINUTE)
    assert call is not None and call.visit == "v"


def test_a_held_visit_is_in_no_ready_area_and_comes_back_with_its_key() -> None:
    """The place stays; nobody is called away from prayer."""
    hall = Hall(plan({"a": 1}))
    hall.come("v", "a", ago=10)
    assert hall.sent() == [("v", "a")]
    hall.floor.hold("v", NOW + 15 * MINUTE, NOW)
    assert hall.router.call("a-1", NOW) is None and not hall.floor.queues["a"].headed
    assert hall.sent(14) == []
    assert hall.sent(15) == [("v", "a")]
    hall.floor.hold("v", NOW + 60 * MINUTE, NOW)
    hall.floor.end_hold("v", NOW)
    assert hall.sent(16) == [("v", "a")]


def test_putting_a_visit_again_makes_the_floor_what_a_fresh_one_would_be() -> None:
    """Whatever happened to a visit, its stored state sets the floor right; and nothing is counted twice."""
    hall = Hall()
    hall.come("v", "abc", ago=3)
    hall.sent()
    step = StepFacts("va", "a", "serving", NOW, "a-1", NOW)
    facts = VisitFacts("v", 1, "active", (step, StepFacts("vb", "b", "waiting", NOW)), zone="Za", stops=3)
    for _ in range(3):
        hall.floor.put(facts, NOW)
    assert [(q.service, q.waiting, q.work, len(q.headed), len(q.free)) for q in hall.floor.queues.values()] == [
        ("a", 0, 0.0, 0, 0),
        ("b", 1, 1.0, 0, 0),
        ("c", 0, 0.0, 0, 0),
    ]
    assert hall.floor.counters["a-1"].step is hall.floor.steps["va"]
    hall.floor.put(replace(facts, steps=()), NOW)
    assert not hall.floor.visits and not hall.floor.steps and hall.floor.counters["a-1"].step is None


def test_a_split_family_is_put_back_together_because_it_leaves_together() -> None:
    """One whose sister still needs an hour gains nothing by going early."""
    hall = Hall(plan(minutes={"b": 40, "c": 40}), open_=("a-1",))
    hall.occupy("a-1")
    hall.come("sister", "bc", ago=10, link="family")
    hall.come("brother", "a", ago=10, link="family")
    hall.come("alone", "a", ago=5)
    assert hall.sent()[0] == ("alone", "a")


def test_who_was_not_where_they_had_been_sent_is_sent_aloud_from_then_on() -> None:
    """As in a call; whoever was there, or has not shown it, is told by the boards alone."""
    hall = Hall()
    for visit, late in (("u", 5_000), ("v", 150_000)):
        hall.floor.learner.came(visit, "active", NOW - 20 * MINUTE, NOW, NOW + late, 2 * MINUTE)
    for visit, service in (("u", "a"), ("v", "b"), ("w", "c")):
        hall.come(visit, service)
    sends = {send.visit: send.aloud for send in hall.router.tick(NOW)}
    assert sends == {"u": False, "v": True, "w": False}


def test_the_floor_keeps_when_somebody_was_sent_until_it_is_taken_back() -> None:
    """A call does not make it forgotten; a release does."""
    hall = Hall()
    hall.come("v", "a")
    hall.floor.head("va", NOW)
    hall.floor.call("va", "a-1", NOW + MINUTE)
    assert hall.floor.steps["va"].sent == NOW
    hall.floor.release("va", NOW + MINUTE)
    assert hall.floor.steps["va"].sent is None


def test_keys_are_those_of_the_moment_and_not_of_when_somebody_became_free() -> None:
    """Who waits for the bank because there was a crowd elsewhere is not put back for it once the crowd has gone."""
    hall = Hall(plan({"a": 1, "b": 1}), open_=("a-1",))
    hall.occupy("a-1")
    hall.come("v", "ab", ago=10)
    alone = hall.floor.visits["v"].steps["a"].key
    for n in range(10):
        hall.come(f"crowd{n}", "b", not_before=NOW + 90 * MINUTE)
    hall.floor.reckon()
    assert hall.floor.visits["v"].steps["a"].key > alone + 20 * MINUTE
    assert hall.floor.queues["a"].free[0][:3] == (hall.floor.visits["v"].steps["a"].key, 1, "va")
    for n in range(10):
        hall.floor.drop(f"crowd{n}", NOW)
    hall.floor.advance(NOW + MINUTE)
    assert hall.floor.visits["v"].steps["a"].key == alone


def test_the_order_in_which_visits_are_read_makes_no_difference_to_their_keys() -> None:
    """A restart reads them one after the other: the first beside nobody, the last beside all."""
    facts = [
        VisitFacts(
            f"v{n}", n, "active", (StepFacts(f"{n}a", "a", "waiting", NOW), StepFacts(f"{n}b", "b", "waiting", NOW))
        )
        for n in range(1, 9)
    ]
    found = []
    for order in (facts, facts[::-1]):
        hall = Hall(open_=())
        for one in order:
            hall.floor.put(one, NOW)
        hall.floor.reckon()
        found.append({step.id: step.key for step in hall.floor.steps.values()})
    assert found[0] == found[1]
