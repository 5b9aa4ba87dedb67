from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkin_server.services import access
from checkin_server.services.day import open_and_close
from checkin_server.services.hall import Queue
from checkin_server.services.paper.print_queue import PrintQueue
from tests.services.conftest import MakeSite
from tests.services.routing.hall_at_work import again
from tests.support.shown import board, counter, dashboard, kiosk
from tests.support.venue import FAMILY, MINUTE, Site, accepted, small_plan


def look_at_dashboard(site: Site, *online: str, **printers: dict[str, Any]) -> dict[str, Any]:
    """Return what organisers see."""
    seen: dict[str, Any] = dashboard.snapshot(site.venue, lambda: printers, frozenset(online))
    return seen


def row(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """Return the row with an id."""
    return next(r for r in rows if name in (r.get("id"), r.get("service")))


# -- boards -------------------------------------------------------------------------------------------------------


def test_a_board_shows_a_call_with_number_place_and_language(site: Site) -> None:
    """All that the screen and the voice need."""
    visit = site.scan(site.crowd[0].code)["visit"]["id"]
    accepted(site.choose(visit, "bank", locale="zgh"))
    site.wait(3)
    site.press("bank-1", "open", "call-next")
    (call,) = board.snapshot(site.venue, "hall")["calls"]
    assert (call["number"], call["counter"], call["counter_label"], call["zone"]) == (1, "bank-1", "1", "B")
    assert (call["booth"], call["service"], call["locale"]) == ("bank", "bank", "zgh")
    assert (call["at"], call["recall"], call["state"]) == ("2019-12-27T08:03:00Z", 0, "called")


def test_a_board_shows_only_calls_and_waits_of_its_zones(site: Site) -> None:
    """The east board is for zone C."""
    for service, desk in (("bank", "bank-1"), ("health", "health-1")):
        site.visitor(service)
        site.press(desk, "open", "call-next")
    east = board.snapshot(site.venue, "east")
    assert [call["service"] for call in east["calls"]] == ["health"]
    assert {wait["service"] for wait in east["waits"]} == {"health", "school"}
    assert len(board.snapshot(site.venue, "hall")["calls"]) == 2


def test_who_rests_or_holds_their_place_is_not_shown_as_next(site: Site) -> None:
    """Nobody calls them, so that nobody shall look for them."""
    visits = [site.visitor("health")["id"] for _ in range(6)]
    site.press("health-1", "open", "call-next")
    before = board.snapshot(site.venue, "east")["next"][0]["numbers"]
    accepted(site.visit_does("hold", visits[before[-1] - 1]))
    (after,) = board.snapshot(site.venue, "east")["next"]
    assert after["numbers"] == before[:-1] != []


def test_newer_calls_come_first_and_a_recall_counts_as_new(site: Site) -> None:
    """The screen announces what moved to the top."""
    for service in ("bank", "health"):
        site.visitor(service)
    site.press("bank-1", "open", "call-next")
    site.wait(1)
    site.press("health-1", "open", "call-next")
    assert [c["number"] for c in board.snapshot(site.venue, "hall")["calls"]] == [2, 1]
    site.wait(1)
    site.press("bank-1", "recall")
    calls = board.snapshot(site.venue, "hall")["calls"]
    assert [(c["number"], c["recall"]) for c in calls] == [(1, 1), (2, 0)]


def test_a_call_nobody_has_come_to_stays_on_the_board_and_an_answered_one_fades(site: Site) -> None:
    """After ten minutes only who is still called is shown; who missed or was parked is not."""
    for _ in range(2):
        site.visitor("bank")
    site.visitor("health")
    site.press("bank-1", "open", "call-next", "start")
    site.press("bank-2", "open", "call-next")
    site.press("health-1", "open", "call-next", "no-show")
    assert sorted(c["number"] for c in board.snapshot(site.venue, "hall")["calls"]) == [1, 2]
    site.wait(11)
    assert [c["number"] for c in board.snapshot(site.venue, "hall")["calls"]] == [2]


def test_a_board_tells_waits_honestly(site: Site) -> None:
    """A range where a counter is open, nothing where none is; how many wait either way."""
    for _ in range(3):
        site.visitor("bank", "health")
    site.press("bank-1", "open")
    waits = board.snapshot(site.venue, "hall")["waits"]
    bank, health = row(waits, "bank"), row(waits, "health")
    assert (bank["waiting"], bank["counters_open"]) == (3, 1)
    assert 0 < bank["expected_wait"]["p50"] < bank["expected_wait"]["p90"]
    assert (health["waiting"], health["counters_open"], health["expected_wait"]) == (3, 0, None)


def test_before_a_day_is_opened_the_screens_are_empty_and_not_broken(new_site: MakeSite) -> None:
    """They are switched on before the doors open."""
    with new_site(opened=False) as site:
        assert board.snapshot(site.venue, "hall")["calls"] == []
        assert counter.snapshot(site.venue, "bank-1")["counter"]["state"] == "closed"
        assert look_at_dashboard(site)["day"] is None
        assert not any(tile["open"] for tile in kiosk.snapshot(site.venue)["services"])


def strings_in(value: Any) -> set[str]:
    """Return every text in a JSON value, keys included."""
    if isinstance(value, dict):
        return set(value).union(*(strings_in(v) for v in value.values()))
    if isinstance(value, list):
        return set().union(*(strings_in(v) for v in value)) if value else set()
    return {value} if isinstance(value, str) else set()


_MOVES = st.lists(
    st.sampled_from(["visitor", "family", "call", "start", "finish", "miss", "park", "resume", "minute", "hold"]),
    max_size=14,
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_MOVES)
def test_whatever_happens_boards_hold_numbers_and_nothing_that_leads_to_a_person(
    new_site: MakeSite, moves: list[str]
) -> None:
    """No member id, name, unit, category, card code or visit reference anywhere in a board's JSON."""
    with new_site() as site:
        site.press("bank-1", "open")
        visits = []
        for move in moves:
            if move in ("visitor", "family"):
                person = FAMILY[0] if move == "family" else site.newcomer()
                visits.append(site.visitor("bank", "health", person=person)["id"])
            elif move == "minute":
                site.wait(1)
            elif move in ("resume", "hold") and visits:
                site.visit_does(move, visits[-1])
            else:
                button = {"call": "call-next", "miss": "no-show"}.get(move, move)
                if button in ("call-next", "start", "finish", "no-show", "park"):
                    site.at("bank-1", button)
        secrets: set[str] = set(visits)
        for person in (*site.crowd, *FAMILY):
            secrets |= {person.id, person.family, person.name_ar, person.name_la, person.code, person.unit}
        steps = {r["id"] for r in site.rows("SELECT id FROM step")}
        for name in site.plan.boards:
            shown = board.snapshot(site.venue, name)
            written = json.dumps(shown, ensure_ascii=False)
            assert not {secret for secret in secrets if secret in written}
            texts = strings_in(shown)
            assert texts.isdisjoint({"member", "visit", "name", "party", "category", "needs", "display_name", "unit"})
            assert texts.isdisjoint(steps)


# -- counters -----------------------------------------------------------------------------------------------------


def test_a_kiosk_shows_every_service_with_its_live_wait(site: Site) -> None:
    """Also the closed one, marked as closed."""
    for _ in range(2):
        site.visitor("bank")
    site.press("bank-1", "open")
    shown = kiosk.snapshot(site.venue)
    tiles = {tile["id"]: tile for tile in shown["services"]}
    assert list(tiles) == list(site.plan.services)
    assert (tiles["bank"]["open"], tiles["bank"]["waiting"], tiles["bank"]["counters_open"]) == (True, 2, 1)
    assert tiles["bank"]["expected_wait"]["p50"] > 0
    assert tiles["bank"]["offers"][0]["text"]["en"] == "Loan at a better rate"
    assert tiles["bank"]["last_ticket_at"] == "2019-12-27T16:50:00Z", "ten minutes are kept in hand"
    assert (tiles["bank"]["accepting"], tiles["bank"]["closing"]) == (True, False)
    assert 20 < tiles["bank"]["places_left"] < 54, "fewer than fit without any delay"
    assert tiles["health"]["expected_wait"] is None
    assert (tiles["telecom"]["open"], tiles["telecom"]["last_ticket_at"]) == (False, None)
    assert tiles["school"]["categories"] == ["active", "child"]
    assert shown["inside"] == 2


# -- the dashboard ------------------------------------------------------------------------------------------------


def test_the_dashboard_counts_arrivals_inside_served_and_finished(site: Site) -> None:
    """Each visit is somewhere, and only there."""
    site.scan(site.newcomer().code)
    for _ in range(3):
        site.visitor("bank")
    site.visitor("bank", "health")
    leaver = site.visitor("health")["id"]
    accepted(site.visit_does("leave", leaver))
    site.press("bank-1", "open", "call-next", "start")
    site.press("bank-2", "open", "call-next", "start", "finish")
    shown = look_at_dashboard(site)
    assert (shown["arrivals"], shown["inside"], shown["being_served"]) == (6, 3, 1)
    assert (shown["waiting"], shown["headed"]) == (0, 2), "the other two are on the way to the bank"
    assert (shown["served"], shown["finished"]) == (1, 2)
    bank = row(shown["services"], "bank")
    assert (bank["waiting"], bank["headed"]) == (0, 2)
    assert (bank["serving"], bank["served"], bank["counters_open"]) == (1, 1, 2)
    assert row(shown["services"], "health")["waiting"] == 1


def test_the_service_level_is_the_share_called_within_the_target(new_site: MakeSite) -> None:
    """Two of three within twenty minutes; waits from issue to call."""
    with new_site(plan=small_plan(call_target_minutes=20)) as site:
        for _ in range(3):
            site.visitor("bank")
        site.press("bank-1", "open")
        for minutes in (10, 10, 10):
            site.wait(minutes)
            site.press("bank-1", "call-next", "start", "finish")
        shown = look_at_dashboard(site)
        assert shown["service_level"] == {"share": 2 / 3, "target_minutes": 20}
        assert shown["wait"] == {"mean_s": 20 * 60, "max_s": 30 * 60}


def test_before_anybody_was_called_there_is_no_service_level(site: Site) -> None:
    """Unknown is not zero."""
    shown = look_at_dashboard(site)
    assert shown["service_level"]["share"] is None
    assert shown["wait"] == {"mean_s": None, "max_s": None}


def test_arrivals_are_counted_by_the_quarter_of_an_hour_without_gaps(site: Site) -> None:
    """Empty quarters are zeros, and the last one is now."""
    site.visitor("bank")
    site.wait(14)
    site.visitor("bank")
    site.wait(31)
    site.visitor("bank")
    assert look_at_dashboard(site)["arrivals_15"] == [
        {"at": "2019-12-27T08:00:00Z", "count": 2},
        {"at": "2019-12-27T08:15:00Z", "count": 0},
        {"at": "2019-12-27T08:30:00Z", "count": 0},
        {"at": "2019-12-27T08:45:00Z", "count": 1},
    ]


def test_trouble_is_named_printer_first(site: Site) -> None:
    """A failing printer, waiting visitors with nobody to serve them, a screen silent for a minute."""
    device = access.add_device(site.venue, "board", "hall").device_id
    access.note_seen(site.venue, {device: site.clock.now()})
    for _ in range(3):
        site.visitor("bank")
    site.wait(1)
    shown = look_at_dashboard(site, P1={"state": "trouble", "last_error": "paper_out"})
    assert [t["code"] for t in shown["trouble"]] == ["printer_failing", "no_counter_open", "device_silent"]
    assert shown["trouble"][1]["service"] == "bank"
    low = {"state": "ok", "last_error": None, "paper": "low"}
    told = look_at_dashboard(site, P1={"state": "trouble", "last_error": "paper_out"}, P2=low)
    assert [t["code"] for t in told["trouble"]][-1] == "paper_low", "what still works comes last"
    assert told["trouble"][-1] == {"code": "paper_low", "printer": "P2", "kiosk": "K2"}
    assert [p["paper"] for p in told["printers"]] == ["out", "low"]
    site.press("bank-1", "open")
    assert look_at_dashboard(site, device, P1={"state": "ok", "last_error": None})["trouble"] == []


def test_tickets_are_counted_by_printer(site: Site) -> None:
    """What waits, what came out, what went wrong."""
    for _ in range(2):
        site.visitor("bank")
    queue = PrintQueue(site.venue)
    job = queue.look("P1")
    assert job is not None and queue.sending(job["id"], "P1")
    queue.printed(job["id"])
    p1, p2 = look_at_dashboard(site)["printers"]
    assert (p1["queued"], p1["printed"], p1["failed"], p1["uncertain"]) == (1, 1, 0, 0)
    assert (p1["state"], p2["queued"], p2["at"]) == ("unknown", 0, None)


# -- the hall -----------------------------------------------------------------------------------------------------


def test_the_hall_counts_who_waits_and_the_router_learns_how_long_it_takes(site: Site) -> None:
    """After services of one minute the bank's expected ten are no longer believed."""
    site.press("bank-1", "open")
    for _ in range(6):
        site.visitor("bank")
    wait = site.venue.router.prospect(site.clock.now()).services["bank"]
    for _ in range(4):
        site.press("bank-1", "call-next", "start")
        site.wait(1)
        site.press("bank-1", "finish")
    after: Queue = site.venue.hall.fresh().queues["bank"]
    assert (after.waiting, after.headed, after.served) == (2, 2, 4)
    floor = site.venue.router.mirror.floor
    assert floor is not None
    assert floor.learner.mean_of("bank") / MINUTE == pytest.approx((10 * 4 + 4 * 1) / 8, rel=0.25)
    assert site.venue.router.prospect(site.clock.now()).services["bank"].p50 < wait.p50 / 3


def test_a_fresh_look_shows_what_was_committed_and_a_quick_one_any_counter_that_opened(site: Site) -> None:
    """Screens are right, tickets at most half a second old."""
    hall = site.venue.hall
    assert hall.now().queues["bank"].waiting == 0
    site.visitor("bank")
    assert hall.fresh().queues["bank"].waiting == 1
    site.press("bank-1", "open")
    assert hall.now().queues["bank"].counters_open == 1


def test_a_closed_counter_is_not_counted_as_open_nor_a_paused_one(site: Site) -> None:
    """Only who may call shortens the wait."""
    site.press("bank-1", "open")
    site.press("bank-2", "open", "pause")
    assert site.venue.hall.fresh().queues["bank"].counters_open == 1
    site.press("bank-1", "close")
    assert site.venue.hall.fresh().queues["bank"].counters_open == 0
    assert "bank" not in site.venue.router.prospect(site.clock.now()).services


def test_a_counter_of_several_services_counts_for_each(site: Site) -> None:
    """The desk gives enrolment and advice."""
    site.press("desk-1", "open")
    queues = site.venue.hall.fresh().queues
    assert (queues["enrolment"].counters_open, queues["advice"].counters_open) == (1, 1)


def test_a_closed_day_keeps_its_figures_on_every_screen(site: Site) -> None:
    """While it is closing, after its end and after a restart; they go when the next day opens."""
    site.press("bank-1", "open")
    for _ in range(3):
        site.visitor("bank")
    site.press("bank-1", "call-next", "start", "finish", "call-next", "start")
    open_and_close.close_day(site.venue, anyway=True)
    shown = dashboard.snapshot(site.venue, dict, frozenset())
    day = shown["day"]
    assert day is not None and (day["state"], day["at_counters"]) == ("closing", 1)
    assert (shown["arrivals"], shown["served"], shown["being_served"], shown["inside"]) == (3, 1, 1, 2)
    at_bank = next(one for one in shown["counters"] if one["id"] == "bank-1")
    assert (at_bank["state"], at_bank["number"]) == ("serving", 2)
    assert {call["number"] for call in board.snapshot(site.venue, "hall")["calls"]} == {1, 2}
    tablet = counter.snapshot(site.venue, "bank-1")
    assert tablet["current"] is not None and tablet["queue"] == [] and tablet["doors"]["state"] == "over"
    site.press("bank-1", "finish")
    for venue in (site.venue, again(site)):
        shown = dashboard.snapshot(venue, dict, frozenset())
        day = shown["day"]
        assert day is not None and (day["state"], day["incomplete"]) == ("closed", 1)
        assert (shown["arrivals"], shown["served"], shown["inside"], shown["finished"]) == (3, 2, 0, 2)
        assert counter.snapshot(venue, "bank-1")["today"]["served"] == 2
        hall = board.snapshot(venue, "hall")
        assert (hall["served"], hall["calls"], hall["doors"]["ended"]) == (2, [], True)
        assert hall["doors"]["opens_at"] == "2019-12-28T08:00:00Z"
        assert kiosk.snapshot(venue)["doors"]["state"] == "over"
    site.clock.set(site.plan.days[1].opens_at)
    site.open_day(1)
    assert dashboard.snapshot(site.venue, dict, frozenset())["arrivals"] == 0


def test_a_day_that_was_left_open_is_trouble_half_an_hour_after_its_hours(site: Site) -> None:
    """Kiosks let nobody in and say when it opens again, not the hours that are over."""
    site.clock.set(site.plan.days[0].closes_at + 29 * MINUTE)
    assert not [one for one in dashboard.snapshot(site.venue, dict, frozenset())["trouble"] if "day" in one["code"]]
    site.wait(1)
    (trouble,) = [one for one in dashboard.snapshot(site.venue, dict, frozenset())["trouble"] if "day" in one["code"]]
    assert trouble["code"] == "day_left_open" and not trouble["another_date"]
    doors = kiosk.snapshot(site.venue)["doors"]
    assert (doors["state"], doors["opens_at"]) == ("over", "2019-12-28T08:00:00Z")
    site.wait(10 * 60)
    (trouble,) = [one for one in dashboard.snapshot(site.venue, dict, frozenset())["trouble"] if "day" in one["code"]]
    assert trouble["another_date"], "forgotten, or the machine was started with a clock that is a day ahead"
