"""A live rehearsal from the cast to the report, beside the same day played in this process.

What the live day gave is compared with two things: the same visitors met by the same router in this process, and the
server's own event log, which must tell the same story as the visitors do.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from checkin_server.common.faults import WrongUse
from checkin_server.domain.plan import DayPlan, Plan
from checkin_server.rehearsal import days, figures, guests, world
from checkin_server.rehearsal.bound import lower_bound_minutes
from checkin_server.rehearsal.days import SimDay, Visitor
from checkin_server.rehearsal.guests import Guest, Wanted
from checkin_server.rehearsal.in_process import RiwaqHouse
from checkin_server.rehearsal.live import Stage, on_stage
from checkin_server.rehearsal.live_house import LiveHouse
from checkin_server.rehearsal.pace import Pace, RealPace, VirtualPace
from checkin_server.rehearsal.record import Day
from checkin_server.rehearsal.report import LiveFigures, Report
from checkin_server.rehearsal.run import RIWAQ, Progress, Rehearsal, Setting
from checkin_server.rehearsal.wire import Line
from checkin_server.services.reports import day_log
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

LIVE = "live"
_PRINTED_WITHIN_S = 120.0
"""Printers may take this long after the last visitor before a ticket counts as missing."""


@dataclass
class _Told(LiveHouse):
    """The live house, telling how many visitors have come."""

    tell: Callable[[int], None] = lambda _: None

    def check_in(self, visitor: Visitor) -> Sequence[str]:
        """Tell, after each."""
        refused = super().check_in(visitor)
        self.tell(len(self.stage.numbers))
        return refused


def recast(drawn: SimDay, people: Sequence[Guest]) -> tuple[SimDay, dict[str, Guest]]:
    """Let the demo's members play the visitors; return the day as it is with them, and who plays whom.

    A member who is of another category than the visitor was drawn with wants what that category may have.
    """
    wanted = [Wanted(v.category, v.needs, v.party) for v in drawn.visitors]
    cast: dict[str, Guest] = {}
    visitors: list[Visitor] = []
    for visitor, (guest, like) in zip(drawn.visitors, guests.cast(people, wanted), strict=True):
        cast[visitor.id] = guest
        wants = tuple(s for s in visitor.wants if _may(drawn.plan, s, like.category))
        if not wants:
            wants = (next(s for s in drawn.plan.services if _may(drawn.plan, s, like.category)),)
        usual = next(iter(visitor.true_service_ms.values()))
        luck = next(iter(visitor.true_luck.values()))
        visitors.append(
            replace(
                visitor,
                category=like.category,
                needs=like.needs,
                party=like.party,
                wants=wants,
                true_service_ms={s: visitor.true_service_ms.get(s, usual) for s in wants},
                true_luck={s: visitor.true_luck.get(s, luck) for s in wants},
            )
        )
    return replace(drawn, visitors=tuple(visitors)), cast


def _may(plan: Plan, service: str, category: str) -> bool:
    known = plan.services[service]
    given = not known.closed and bool(plan.counters_of(service))
    return given and (not known.categories or category in known.categories)


# size: what is played, where and by whom; then how, each with its name at the call
def rehearse(
    setting: Setting,
    venue: Venue,
    line: Line,
    staff: list[tuple[str, str]],
    *,
    speed: float | None,
    virtual_clock: bool,
    tell: Progress = lambda *_: None,
) -> Rehearsal:
    """Play a day on a running demo and report. Raises `Fault` with the remedy when it can't be played there."""
    # The demo's services come in the order its own plan says; one that a scenario adds it must have been started with.
    setting = replace(setting, scenario=replace(setting.scenario, precedence=False))
    with on_stage(venue, line, staff=staff, virtual_clock=virtual_clock) as stage:
        planned = _day_of(setting, stage)
        people = guests.members_of(venue, stage.day)
        drawn, cast = recast(replace(setting, day=planned).draw(setting.seeds[0]), people)
        pace = _pace(stage, drawn, speed)
        house = _Told(stage, pace, drawn.plan, cast)
        house.tell = lambda done: tell(done, len(drawn.visitors))
        began = time.monotonic()
        before = stage.printed()[0]
        live = world.play(drawn, house, LIVE).day
        seconds = time.monotonic() - began
        printed = _wait_for_printers(stage, before, len(stage.numbers))
        log = day_log.read(venue, stage.day)
        # As the visitors' time goes; a demo on the real clock is open for nine hours of it.
        closes_at = drawn.opens_at + round((stage.closes_at - max(stage.now, stage.opens_at)) * pace.quicker)
    here = world.play(drawn, as_the_server(drawn, closes_at), RIWAQ).day
    played = LiveFigures(
        url=line.base,
        clock="virtual" if virtual_clock else "real",
        speed=speed if virtual_clock else (speed or 1.0),
        seconds=seconds,
        requests=line.requests,
        retries=line.retries,
        refused=dict(line.refused),
        tickets_printed=printed,
        tickets_missing=max(0, len(stage.numbers) - printed),
        calls=house.calls,
        calls_not_shown=house.calls_not_shown,
        same_calls=same_calls(live, here) if virtual_clock else None,
        differs_from_log=differences(live, log, house.numbers, times=virtual_clock),
    )
    report = _report(setting, drawn, planned, live, here, played)
    return Rehearsal(report, {LIVE: [live], RIWAQ: [here]})


def _report(setting: Setting, drawn: SimDay, planned: DayPlan, live: Day, here: Day, played: LiveFigures) -> Report:
    return Report(
        venue=setting.plan.venue_name["en"],
        day=planned.id,
        opens_at=rfc3339(planned.opens_at) or "",
        closes_at=rfc3339(planned.closes_at) or "",
        scenario=setting.scenario.name,
        visitors=len(drawn.visitors),
        seeds=[setting.seeds[0]],
        target_minutes=setting.plan.call_target_minutes,
        ignoring=setting.scenario.ignoring,
        what_if=setting.tried,
        policies=[figures.measure([live]), figures.measure([here])],
        lower_bound_minutes=lower_bound_minutes(drawn),
        changes=[],
        slots=[],
        live=played,
    )


def as_the_server(drawn: SimDay, closes_at: int) -> RiwaqHouse:
    """Return the router in this process as the server runs it.

    It looks at every moment, and stops giving tickets that it can't keep until the server closes.
    """
    return RiwaqHouse(drawn.plan, look_ahead_ms=None, log=False, tick_ms=0, last_tickets_until=closes_at)


def left_out(setting: Setting) -> str | None:
    """Say what of the scenario the demo can't play, and how it could; None when it plays it all."""
    if days.changed(setting.plan, setting.scenario) == setting.plan:
        return None
    return (
        f"in {setting.scenario.name} some services come after others, and the demo's plan says nothing of that: it is "
        f"left out. To play it too, start `riwaq demo --scenario {setting.scenario.name}` on a new --dir"
    )


def _day_of(setting: Setting, stage: Stage) -> DayPlan:
    """Return the planned day to play, and make sure that the demo can play it."""
    base, virtual = stage.line.base, stage.virtual_clock
    if setting.scenario.another_hall:
        raise WrongUse(f"{setting.scenario.name} is another hall than the demo's: it is played without --live only")
    if not virtual:
        return setting.day
    if (stage.opens_at, stage.closes_at) != (setting.day.opens_at, setting.day.closes_at):
        raise WrongUse(f"the demo at {base} has another day open than {setting.day.id}: name it with --day")
    if stage.now > stage.opens_at:
        raise WrongUse(
            f"the day of the demo at {base} has begun ({rfc3339(stage.now)}), and time does not go back: start "
            "`riwaq demo --virtual-clock` on a new --dir"
        )
    return setting.day


def _pace(stage: Stage, drawn: SimDay, speed: float | None) -> Pace:
    if stage.virtual_clock:
        return VirtualPace(stage.organizer.set_clock, stage.now, speed)
    quick = speed or 1.0
    left, needed = stage.closes_at - stage.now, (drawn.closes_at - drawn.opens_at) / quick
    if needed > left:
        raise WrongUse(
            f"at this speed the day takes {needed / 3_600_000:.1f} hours; the demo closes in {left / 3_600_000:.1f}: "
            f"add --speed {needed * quick / max(left, 1):.0f} or more, or start a new demo"
        )
    return RealPace(drawn.opens_at, quick)


def _wait_for_printers(stage: Stage, before: int, wanted: int) -> int:
    """Return how many tickets were printed for this rehearsal, once nothing is on the way any more."""
    give_up = time.monotonic() + _PRINTED_WITHIN_S
    while True:
        printed, on_the_way = stage.printed()
        if printed - before >= wanted or not on_the_way or time.monotonic() > give_up:
            return printed - before
        time.sleep(0.2)


def same_calls(one: Day, other: Day) -> float:
    """Return the share of calls that both days have: the same visitor, to the same service, at the same moment."""
    calls = [
        Counter((visit.visit, stop.service, at) for visit in day.visits for stop in visit.stops for at in stop.calls)
        for day in (one, other)
    ]
    most = max(calls[0].total(), calls[1].total())
    return (calls[0] & calls[1]).total() / most if most else 1.0


def differences(live: Day, log: Iterable[Mapping[str, Any]], numbers: Mapping[str, int], *, times: bool) -> list[str]:
    """Return what the server's event log and the visitors tell differently: calls, missed calls, services.

    With `times`, moments are compared too; a real clock goes on between an answer and the event before it.
    """
    ours = set(numbers.values())
    kinds = {"visitor_called", "visitor_missed", "service_started", "service_finished"}
    logged = Counter(
        (row["kind"], row["number"], row["service"], row["at"] if times and row["kind"] != "visitor_missed" else None)
        for row in log
        if row["kind"] in kinds and row["number"] in ours
    )
    told: Counter[tuple[str, int, str, int | None]] = Counter()
    for visit in live.visits:
        number = numbers.get(visit.visit, 0)  # who was given nothing has none, and nothing to tell
        for stop in visit.stops:
            for at in stop.calls:
                told["visitor_called", number, stop.service, at if times else None] += 1
            told["visitor_missed", number, stop.service, None] += stop.misses
            if stop.started is not None:
                told["service_started", number, stop.service, stop.started if times else None] += 1
            if stop.ended is not None:
                told["service_finished", number, stop.service, stop.ended if times else None] += 1
    missing = [f"not in the log: {kind} {number} {service}" for kind, number, service, _ in (told - logged).elements()]
    more = [f"only in the log: {kind} {number} {service}" for kind, number, service, _ in (logged - told).elements()]
    return sorted(missing + more)
