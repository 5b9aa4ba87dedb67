"""A rehearsal of a venue's own plan: the same seed the same day, and what is tried is tried on the same visitors."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from checkin_server.common.faults import WrongUse
from checkin_server.domain.plan import DayPlan, Plan
from checkin_server.rehearsal import bound, figures, run, world
from checkin_server.rehearsal.days import SCENARIOS
from checkin_server.rehearsal.in_process import RiwaqHouse
from checkin_server.rehearsal.past import PastDay
from checkin_server.rehearsal.policies import POLICIES


def _prepare(plan: Plan, scenario: str = "busy", visitors: int | None = 60, **more: object) -> run.Setting:
    wanted: dict[str, object] = {"day": None, "past": lambda name, day: None, "seeds": [1], **more}
    return run.prepare(plan, scenario=scenario, visitors=visitors, **wanted)  # type: ignore[arg-type]


def test_the_same_seed_is_the_same_day_and_another_is_another(plan: Plan) -> None:
    """Whatever is played beside it, and in whatever process."""
    setting = _prepare(plan, seeds=[1, 2], advice=False)
    one, two = run.rehearse(setting, jobs=1), run.rehearse(setting, jobs=2)
    for policy in setting.policies:
        assert [day.visits for day in one.played[policy]] == [day.visits for day in two.played[policy]]
    first, second = one.played["riwaq"]
    assert first.visits != second.visits


def test_every_policy_meets_the_same_visitors(plan: Plan) -> None:
    """They come at the same moments and want the same."""
    played = run.rehearse(_prepare(plan, policies=tuple(POLICIES), advice=False), jobs=1).played
    assert set(played) == {"riwaq", *POLICIES}

    def came(policy: str) -> list[tuple[str, int, set[str]]]:
        return sorted((v.visit, v.arrived, {s.service for s in v.stops}) for v in played[policy][0].visits)

    assert all(came(policy) == came("riwaq") for policy in POLICIES)


def test_another_number_of_counters_meets_the_same_visitors_and_clerks(plan: Plan) -> None:
    """Only the counters differ: those added have an ordinary clerk."""
    setting = _prepare(plan, what_if=["bank=6", "health=1"])
    own, changed = setting.draw(1, plan), setting.draw(1)
    assert changed.visitors == own.visitors
    assert {s.counter for s in changed.shifts} == set(changed.plan.counters)
    clerks = {s.counter: s for s in own.shifts}
    assert all(clerks[s.counter] == s for s in changed.shifts if s.counter in clerks)
    assert len(changed.plan.counters) == len(plan.counters) + 2 - 1


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_policy_beats_the_lower_bound(plan: Plan, scenario: str) -> None:
    """And nobody waits less than nothing."""
    setting = _prepare(plan, scenario, 120)
    drawn = setting.draw(3)
    least = bound.lower_bound_minutes(drawn)
    assert least > 0
    for policy in run.ALL:
        day = run.play(run.Task(setting, policy, 3))
        measured = figures.measure([day])
        assert measured.in_venue is not None and measured.wait is not None
        assert measured.in_venue.mean >= least, policy
        assert min(figures.minutes_waited(visit, day) for visit in day.visits) >= 0


def test_the_bound_of_one_queue_is_known_exactly(plan: Plan) -> None:
    """Three visits at once to one counter: nobody can do better than shortest first, however short the walk."""
    drawn = _prepare(plan, "busy", 3).draw(1)
    entrance = {v.id: v for v in drawn.visitors}
    visitors = tuple(
        replace(v, arrives=drawn.opens_at, wants=("education",), true_service_ms={"education": minutes * 60_000})
        for v, minutes in zip(entrance.values(), (60, 20, 40), strict=True)
    )
    shifts = tuple(replace(s, true_slowness=1.0) for s in drawn.shifts)
    assert bound.lower_bound_minutes(replace(drawn, visitors=visitors, shifts=shifts)) == pytest.approx(
        (20 + 60 + 120) / 3
    )


def test_a_third_counter_where_there_is_a_crowd_is_advised_first(plan: Plan) -> None:
    """Half of the telecoms' counters are gone: giving one back helps most, and says by how much."""
    small = run.prepare(
        plan, day=None, scenario="busy", past=lambda n, d: None, visitors=400, seeds=[1], what_if=["telecoms=1"]
    )
    report = run.rehearse(small, jobs=1).report
    tried = [change for change in report.changes if change.kind == "counter"]
    assert tried[0].setting == "telecoms=2"
    assert tried[0].what == "open a second telecoms counter"
    assert tried[0].wait_after < tried[0].wait_before
    wished = next(change for change in report.changes if change.kind == "what_if")
    assert wished.wait_after > wished.wait_before, "one counter less: it says what that costs"


def test_a_rush_is_better_invited_by_time_slot(plan: Plan) -> None:
    """The same number of visitors, so many for each half hour, and what that saves."""
    report = run.rehearse(_prepare(plan, "rush", 450), jobs=1).report
    spread = next(change for change in report.changes if change.kind == "time_slots")
    assert spread.wait_after < spread.wait_before
    assert sum(slot.visitors for slot in report.slots) == 450
    assert [slot.begins for slot in report.slots][:2] == ["09:00", "09:30"]
    assert max(s.visitors for s in report.slots) - min(s.visitors for s in report.slots) <= 1


def test_a_past_day_gives_curve_wants_and_times_and_the_router_has_to_learn_them(plan: Plan) -> None:
    """The venue's file still says what it said."""
    past = PastDay("friday", (0.1, 0.5, 0.9), {"bank": 0.9, "health": 0.1}, {"bank": 30.0})
    setting = _prepare(plan, "friday", None, past=lambda name, day: past, seeds=[1, 2, 3, 4, 5])
    assert setting.visitors == 3
    drawn = setting.draw(1)
    length = drawn.closes_at - drawn.opens_at
    assert [round((v.arrives - drawn.opens_at) / length, 1) for v in drawn.visitors] == [0.1, 0.5, 0.9]
    assert {s for seed in setting.seeds for v in setting.draw(seed).visitors for s in v.wants} <= {"bank", "health"}
    assert drawn.plan.services["bank"].prior_minutes == plan.services["bank"].prior_minutes
    many = replace(setting, visitors=400).draw(1)
    bank = [v.true_service_ms["bank"] / 60_000 for v in many.visitors if "bank" in v.wants]
    assert sum(bank) / len(bank) == pytest.approx(30, rel=0.35)


def test_time_slots_bring_everybody_before_the_last_hour(plan: Plan) -> None:
    """Evenly."""
    day = plan.days[0]
    shares = run.even(day, 9)
    assert max(shares) < 8 / 9 and shares == sorted(shares)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"scenario": "buzy"}, 'no scenario, file or past day "buzy".*Did you mean "busy"'),
        ({"day": "2020-01-01"}, "no day 2020-01-01 in this venue: 2019-12-27"),
        ({"policies": ["fifo"]}, 'no policy "fifo"'),
        ({"what_if": ["bnak=3"]}, 'Did you mean "bank"'),
    ],
)
def test_what_does_not_exist_is_named_with_what_does(plan: Plan, asked: dict[str, object], said: str) -> None:
    """Exit code 2."""
    with pytest.raises(WrongUse, match=said):
        _prepare(plan, **asked)  # type: ignore[arg-type]


def test_a_venue_without_counters_or_days_is_told_what_to_add(plan: Plan) -> None:
    """Instead of a day on which nobody is served."""
    with pytest.raises(WrongUse, match=r"\[\[counter\]\]"):
        _prepare(replace(plan, counters={}))
    with pytest.raises(WrongUse, match=r"\[\[day\]\]"):
        _prepare(replace(plan, days=()))


def test_a_short_day_and_a_single_visitor_are_played(plan: Plan) -> None:
    """Nothing is divided by nothing."""
    short = DayPlan("2019-12-27", plan.days[0].opens_at, plan.days[0].opens_at + 3_600_000)
    report = run.rehearse(_prepare(replace(plan, days=(short,)), visitors=1), jobs=1).report
    assert report.policies[0].visits == 1 and report.policies[0].unserved == 0


def test_a_clerk_who_is_called_away_finishes_first(plan: Plan) -> None:
    """As a tablet has it: nobody pauses with a visitor at the counter."""
    drawn = _prepare(plan, visitors=150).draw(2)
    day = world.play(drawn, RiwaqHouse(drawn.plan, look_ahead_ms=None, log=False), "riwaq").day
    rests = {shift.counter: shift.spans[0][1] for shift in drawn.shifts}
    for visit in day.visits:
        for stop in visit.stops:
            if stop.counter and stop.calls and stop.ended:
                rest = rests[stop.counter]
                assert not rest < stop.calls[-1] < rest + 15 * 60_000, "called while the counter was paused"


def test_invitations_by_time_slot_are_played_and_told_under_every_policy(plan: Plan) -> None:
    """The same visitors evenly over the day, beside the day as it is; counters may be wished for in the same breath."""
    setting = _prepare(plan, visitors=120, what_if=["arrivals=slots, bank=5"], advice=False)
    assert setting.tried == ["bank=5", "arrivals=slots"]
    report = run.rehearse(setting, jobs=1).report
    gaps = [b.arrives - a.arrives for a, b in itertools.pairwise(setting.draw(1).visitors)]
    assert max(gaps) - min(gaps) < 1_000
    usual = _prepare(plan, visitors=120).draw(1).visitors
    assert [replace(v, arrives=0) for v in setting.draw(1).visitors] == [replace(v, arrives=0) for v in usual]
    assert report.what_if == setting.tried and sum(slot.visitors for slot in report.slots) == 120
    (change,) = report.changes
    assert change.what == "open a fifth bank counter, invite by time slot"
    as_it_is = figures.measure([run.play(run.Task(_prepare(plan, visitors=120), "riwaq", 1))])
    assert as_it_is.wait is not None and change.wait_before == as_it_is.wait.mean
    own = report.policies[0].wait
    assert own is not None and change.wait_after == own.mean < change.wait_before


def test_a_share_of_visitors_may_be_played_who_do_not_go_where_they_are_sent(plan: Plan) -> None:
    """Beside the scenario's own; the report says so."""
    setting = _prepare(plan, visitors=200, ignoring=0.3, advice=False, policies=["riwaq"])
    ignoring = sum(visitor.ignores for visitor in setting.draw(1).visitors)
    assert 40 <= ignoring <= 80 and not any(v.ignores for v in _prepare(plan, visitors=200).draw(1).visitors)
    assert run.rehearse(setting, jobs=1).report.ignoring == 0.3
