"""A whole rehearsal: the day under each way of calling, over several seeds, what was tried, and the report of it all.

Days are played side by side in processes of their own, one a processor.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context

from checkin_server.common.faults import WrongUse
from checkin_server.common.zones import local
from checkin_server.domain.plan import DayPlan, Plan
from checkin_server.rehearsal import days, figures, world
from checkin_server.rehearsal.bound import lower_bound_minutes
from checkin_server.rehearsal.days import Scenario, Shift, SimDay
from checkin_server.rehearsal.in_process import RiwaqHouse
from checkin_server.rehearsal.past import PastDay
from checkin_server.rehearsal.policies import POLICIES
from checkin_server.rehearsal.record import Day
from checkin_server.rehearsal.report import Change, PolicyFigures, Report, Slot
from checkin_server.rehearsal.what_if import SLOTS, Wish, apply, arrivals, in_words, one_more
from checkin_server.rehearsal.what_if import read as read_wishes
from checkin_server.services.times import rfc3339
from checkin_server.settings.errors import suggest

RIWAQ = "riwaq"
COMPARED = ("independent", "one-at-a-time", "shortest-queue")
"""What the router is compared with unless something else is asked for."""
ALL = (RIWAQ, *POLICIES)
_TRIED_BOOTHS = 3
"""The advice tries one more counter at so many booths: those before which most time is lost."""
_BY_SLOT = "invite by time slot"
_WORTH = 0.03
"""Advice that saves less than this share of the mean wait is not given."""
_SLOT_MINUTES = 30
_LAST_SLOT_MINUTES = 60
"""Nobody is invited for the last hour (of a short day, its last sixth): who comes then is served after closing."""


@dataclass(frozen=True)
class Setting:
    """What is to be rehearsed."""

    plan: Plan
    """With the counters that `wishes` ask for."""
    own_plan: Plan
    """As the venue's file has it."""
    day: DayPlan
    scenario: Scenario
    seeds: tuple[int, ...]
    visitors: int
    policies: tuple[str, ...] = (RIWAQ, *COMPARED)
    wishes: tuple[Wish, ...] = ()
    past: PastDay | None = None
    advice: bool = True
    slots: bool = False
    """Whether visitors are invited by time slot, whatever the scenario's curve."""

    @property
    def tried(self) -> list[str]:
        """What was asked for that the venue's file and the scenario don't have, as arguments."""
        return [*map(str, self.wishes), *([SLOTS] if self.slots else [])]

    def draw(self, seed: int, plan: Plan | None = None, *, spread: bool = False) -> SimDay:
        """Draw the visitors and clerks of one day; `spread` brings the same number of visitors evenly over the day.

        Another plan than the venue's own meets the same visitors: they want what they want, whatever is opened.
        """
        plan = plan or self.plan
        measured = self.past.minutes if self.past else {}
        services = self.own_plan.services.values()
        known = {s.id: replace(s, prior_minutes=measured.get(s.id, s.prior_minutes)) for s in services}
        wanted = {s: w for s, w in (self.past.wanted if self.past else {}).items() if s in known}
        drawn = days.draw(
            replace(self.own_plan, services=known),
            self.scenario,
            seed,
            visitors=self.visitors,
            day=self.day,
            arrivals=self._arrivals(spread=spread or self.slots),
            wanted=wanted or None,
        )
        # What was measured that day is how it is; the router goes by the venue's file, as it will on the day.
        own = {s.id: replace(plan.services[s.id], after=s.after) for s in drawn.plan.services.values()}
        return replace(drawn, plan=replace(plan, services=own), shifts=self._shifts(drawn, plan))

    def _arrivals(self, *, spread: bool) -> Callable[[int, random.Random], list[float]]:
        def arrivals(many: int, chance: random.Random) -> list[float]:
            # Drawn in any case: whoever is invited is the same visitor, with the same wishes and the same luck.
            usual = self.past.draw(many, chance) if self.past else days.curve(self.scenario, many, chance)
            return even(self.day, many) if spread else usual

        return arrivals

    def _shifts(self, drawn: SimDay, plan: Plan) -> tuple[Shift, ...]:
        """Return the clerks of `plan`: the same at the counters of the venue's own, ordinary ones at those added."""
        known = {shift.counter: shift for shift in drawn.shifts}
        ever = max((span[1] for shift in drawn.shifts for span in shift.spans), default=drawn.closes_at)
        return tuple(known.get(c) or Shift(c, ((drawn.opens_at, ever),)) for c in plan.counters)


# size: what a person asked for, option by option, each with its name at the call
def prepare(
    plan: Plan,
    *,
    day: str | None,
    scenario: str,
    past: Callable[[str, DayPlan], PastDay | None],
    visitors: int | None,
    seeds: Iterable[int],
    policies: Sequence[str] = (),
    what_if: Sequence[str] = (),
    advice: bool = True,
    ignoring: float | None = None,
) -> Setting:
    """Check what was asked for and say what is to be played. Raises `WrongUse` with the remedy.

    `past` is asked for the past day of a scenario that is none of the known ones; `ignoring` is the share of visitors
    who don't go where they are sent, instead of the scenario's.
    """
    planned = _day(plan, day)
    slots, about_counters = arrivals(what_if)
    wishes = tuple(read_wishes(plan, about_counters))
    pattern: PastDay | None = None
    kind = days.SCENARIOS.get(scenario)
    if kind is None:
        pattern = past(scenario, planned)
        if pattern is None:
            raise WrongUse(
                f'there is no scenario, file or past day "{scenario}". {suggest(scenario, days.SCENARIOS)} '
                "A past day's file is written by `riwaq day log`"
            )
        kind = Scenario(pattern.name)
    if kind.another_hall:
        plan = days.changed(plan, kind)
    if ignoring is not None:
        kind = replace(kind, ignoring=ignoring)
    if unknown := [policy for policy in policies if policy not in ALL]:
        raise WrongUse(f'there is no policy "{unknown[0]}". {suggest(unknown[0], ALL)}')
    if not any(not s.closed and plan.counters_of(s.id) for s in plan.services.values()):
        raise WrongUse("no service of this venue has a counter: add a [[counter]] to the venue's file")
    hours = (planned.closes_at - planned.opens_at) / 3_600_000
    many = visitors or (len(pattern.arrivals) if pattern else days.visitors_for(plan, kind.load, hours))
    chosen = tuple(dict.fromkeys((RIWAQ, *(policies or COMPARED))))
    own = apply(plan, wishes)
    return Setting(own, plan, planned, kind, tuple(seeds), many, chosen, wishes, pattern, advice, slots)


def _day(plan: Plan, wanted: str | None) -> DayPlan:
    if not plan.days:
        raise WrongUse("this venue has no planned day: add a [[day]] to the venue's file")
    found = next((day for day in plan.days if wanted in (None, day.id)), None)
    if found is None:
        raise WrongUse(f"there is no day {wanted} in this venue: {', '.join(day.id for day in plan.days)}")
    return found


@dataclass(frozen=True)
class Task:
    """One day to be played by one process."""

    setting: Setting
    policy: str
    seed: int
    plan: Plan | None = None
    """Another plan than the setting's."""
    spread: bool = False


def play(task: Task) -> Day:
    """Play one day."""
    drawn = task.setting.draw(task.seed, task.plan, spread=task.spread)
    house = (
        RiwaqHouse(drawn.plan, look_ahead_ms=None, log=False)
        if task.policy == RIWAQ
        else POLICIES[task.policy](drawn.plan)
    )
    return world.play(drawn, house, task.policy).day


Progress = Callable[[int, int], None]
"""Told how many of how many days have been played."""


@dataclass
class Rehearsal:
    """A rehearsal that was played."""

    report: Report
    played: Mapping[str, Sequence[Day]]
    """The days by policy, the real router's first."""


@dataclass
class _Player:
    """Plays tasks, several at a time, and tells how far it has come."""

    run: Callable[[list[Task]], Iterator[Day]]
    tell: Progress
    planned: int = 0
    done: int = field(default=0)

    def play(self, tasks: list[Task]) -> list[Day]:
        found = []
        for day in self.run(tasks):
            self.done += 1
            self.tell(self.done, self.planned)
            found.append(day)
        return found


def rehearse(setting: Setting, tell: Progress = lambda *_: None, jobs: int | None = None) -> Rehearsal:
    """Play it all and report. `jobs`: how many days at a time, by default one a processor."""
    with _pool(jobs) as run:
        player = _Player(run, tell)
        seeds, policies = setting.seeds, setting.policies
        tried = len(seeds) * (_TRIED_BOOTHS + (not setting.slots)) if setting.advice else 0
        player.planned = len(seeds) * (len(policies) + bool(setting.tried)) + tried
        tell(0, player.planned)
        flat = player.play([Task(setting, policy, seed) for policy in policies for seed in seeds])
        played = {policy: flat[n * len(seeds) : (n + 1) * len(seeds)] for n, policy in enumerate(policies)}
        own = figures.measure(played[RIWAQ])
        changes = _wished(setting, player, own)
        slots: list[Slot] = invitations(setting) if setting.slots else []
        if setting.advice:
            changes += _counters_tried(setting, player, own)
        if setting.advice and not setting.slots:
            spread = _spread_tried(setting, player, own)
            if spread is not None:
                changes.append(spread)
                slots = invitations(setting)
    return Rehearsal(_report(setting, [figures.measure(days) for days in played.values()], changes, slots), played)


@contextmanager
def _pool(jobs: int | None) -> Iterator[Callable[[list[Task]], Iterator[Day]]]:
    many = jobs or os.cpu_count() or 1
    if many == 1:
        yield lambda tasks: map(play, tasks)
        return
    # Fresh processes: forking one that has threads (a progress bar, a test run) may hang.
    with ProcessPoolExecutor(many, mp_context=get_context("spawn")) as pool:
        yield lambda tasks: pool.map(play, tasks)


def _report(setting: Setting, policies: list[PolicyFigures], changes: list[Change], slots: list[Slot]) -> Report:
    bound = [lower_bound_minutes(setting.draw(seed)) for seed in setting.seeds]
    return Report(
        venue=setting.plan.venue_name["en"],
        day=setting.day.id,
        opens_at=rfc3339(setting.day.opens_at) or "",
        closes_at=rfc3339(setting.day.closes_at) or "",
        scenario=setting.scenario.name,
        visitors=setting.visitors,
        seeds=list(setting.seeds),
        target_minutes=setting.plan.call_target_minutes,
        ignoring=setting.scenario.ignoring,
        what_if=setting.tried,
        policies=policies,
        lower_bound_minutes=sum(bound) / len(bound),
        changes=changes,
        slots=slots,
    )


def _change(kind: str, what: str, setting: str | None, before: PolicyFigures, after: PolicyFigures) -> Change:
    return Change(
        kind=kind,  # type: ignore[arg-type]
        what=what,
        setting=setting,
        wait_before=before.wait.mean if before.wait else 0.0,
        wait_after=after.wait.mean if after.wait else 0.0,
        p95_before=before.wait.p95 if before.wait else 0.0,
        p95_after=after.wait.p95 if after.wait else 0.0,
        unserved_before=before.unserved,
        unserved_after=after.unserved,
        late_before=before.after_closing,
        late_after=after.after_closing,
    )


def _wished(setting: Setting, player: _Player, own: PolicyFigures) -> list[Change]:
    """What the wishes change against the plan as it is: played on the same visitors."""
    if not setting.tried:
        return []
    before = replace(setting, slots=False)
    as_it_is = figures.measure(player.play([Task(before, RIWAQ, seed, setting.own_plan) for seed in setting.seeds]))
    words = [in_words(setting.own_plan, wish) for wish in setting.wishes] + ([_BY_SLOT] if setting.slots else [])
    return [_change("what_if", ", ".join(words), ",".join(setting.tried), as_it_is, own)]


def _counters_tried(setting: Setting, player: _Player, own: PolicyFigures) -> list[Change]:
    """One more counter at each of the booths before which most time is lost, the best first."""
    lost: dict[str, float] = {}
    for service in own.services:
        booth = setting.plan.services[service.service].booth
        lost[booth] = lost.get(booth, 0.0) + (service.wait.mean * service.asked if service.wait else 0.0)
    booths = [
        b for b in sorted(lost, key=lambda b: -lost[b]) if any(c.booth == b for c in setting.plan.counters.values())
    ]
    wishes = [one_more(setting.plan, booth) for booth in booths[:_TRIED_BOOTHS]]
    tasks = [Task(setting, RIWAQ, seed, apply(setting.plan, [wish])) for wish in wishes for seed in setting.seeds]
    flat = player.play(tasks)
    each = len(setting.seeds)
    changes = [
        _change(
            "counter", in_words(setting.plan, wish), str(wish), own, figures.measure(flat[n * each : (n + 1) * each])
        )
        for n, wish in enumerate(wishes)
    ]
    worth = [change for change in changes if change.wait_before - change.wait_after > _WORTH * change.wait_before]
    return sorted(worth, key=lambda change: change.wait_after)


def _spread_tried(setting: Setting, player: _Player, own: PolicyFigures) -> Change | None:
    """The same number of visitors, invited by time slot."""
    after = figures.measure(player.play([Task(setting, RIWAQ, seed, spread=True) for seed in setting.seeds]))
    change = _change("time_slots", _BY_SLOT, SLOTS, own, after)
    return change if change.wait_before - change.wait_after > _WORTH * change.wait_before else None


def _invited_until(day: DayPlan) -> int:
    return day.closes_at - min(_LAST_SLOT_MINUTES * 60_000, (day.closes_at - day.opens_at) // 6)


def even(day: DayPlan, many: int) -> list[float]:
    """Return arrivals spread evenly from opening until the last time slot, as shares of the opening hours."""
    share = (_invited_until(day) - day.opens_at) / (day.closes_at - day.opens_at)
    return [share * (n + 0.5) / many for n in range(many)]


def invitations(setting: Setting) -> list[Slot]:
    """Return how many visitors to invite for each half hour, the same number each, none for the last hour."""
    day = setting.day
    length = _SLOT_MINUTES * 60_000
    begins = list(range(day.opens_at, _invited_until(day), length))
    slots = []
    for n, begin in enumerate(begins):
        many = setting.visitors * (n + 1) // len(begins) - setting.visitors * n // len(begins)
        slots.append(Slot(begins=f"{local(begin, setting.plan.timezone):%H:%M}", visitors=many))
    return slots
