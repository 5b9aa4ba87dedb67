"""What the router must reach, kind by kind and seed by seed: `python -m tests.bench.reaching`.

Each day is played by the router and by what it is compared with; `docs/routing.md` says what is wanted. A day of its
own kind: `--kinds calm rush`; halls drawn from a seed: `--kinds hall` (busy) and `--kinds hall-calm`.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace

from checkin_server.domain.fairness.rehearsal import report
from checkin_server.rehearsal.days import MINUTE, SCENARIOS, Scenario, SimDay, draw
from checkin_server.rehearsal.figures import measure
from checkin_server.rehearsal.in_process import RiwaqHouse
from checkin_server.rehearsal.policies import POLICIES
from checkin_server.rehearsal.world import Played, play
from tests.bench.halls import hall
from tests.bench.study import venue

BUILT_FOR = {"short": 200, "far": 800, "reception": 800}
"""By kind of day, for how many visits the venue is built; 3,000 where nothing is said."""
SCENARIO: dict[str, Scenario] = {
    **{kind: SCENARIOS[kind] for kind in ("short", "far", "reception", "busy", "rush", "calm")},
    "ignoring": replace(SCENARIOS["busy"], ignoring=0.3),
    "hall": SCENARIOS["busy"],
    "hall-calm": SCENARIOS["calm"],
}
AGAINST = {"ignoring": "one-at-a-time"}
"""By kind, what it is compared with; least expected wait where nothing is said."""


@dataclass(frozen=True)
class Figures:
    """One day under one way of calling, in minutes."""

    time: float
    p95: float
    longest: float
    standing: float

    @classmethod
    def of(cls, played: Played) -> Figures:
        """Measure a day."""
        found = measure([played.day])
        assert found.in_venue is not None and found.wait is not None
        standing = sum(played.standing_ms.values()) / len(played.day.visits) / MINUTE
        return cls(found.in_venue.mean, found.in_venue.p95, found.wait.max, standing)


def day_of(kind: str, seed: int, built_for: int | None) -> SimDay:
    """Draw a day; the halls are another one for each seed."""
    plan = hall(seed) if kind.startswith("hall") else venue(built_for or BUILT_FOR.get(kind, 3000))
    return draw(plan, SCENARIO[kind], seed)


def line(kind: str, seed: int, built_for: int | None) -> tuple[Figures, Figures]:
    """Play a day twice and print its line; returns the router's figures and the other's."""
    day = day_of(kind, seed, built_for)
    house = RiwaqHouse(day.plan, look_ahead_ms=None)
    own = Figures.of(play(day, house, "riwaq"))
    policy = AGAINST.get(kind, "least-wait")
    other = Figures.of(play(day, POLICIES[policy](day.plan), policy))
    beyond = len(report(house.moments or [], day.plan.routing.cap_minutes * MINUTE).beyond)
    cost = 1e6 * house.measured.decision_s / max(1, house.measured.decisions)
    print(
        f"{kind:10}{seed:3}{len(day.visitors):6} visits  mean {own.time:6.1f}  p95 {own.p95:6.1f}  longest wait "
        f"{own.longest:5.0f}  standing {own.standing:5.2f} | to {policy}: mean {own.time / other.time:.3f}, "
        f"longest {own.longest / other.longest:.2f} | beyond the bound {beyond}, {cost:.0f} us a decision",
        flush=True,
    )
    return own, other


def summary(kind: str, own: list[Figures], other: list[Figures]) -> str:
    """Return a kind's line: means over the seeds, and the ratios of sums and of the longest of all."""
    time, p95, standing = (
        sum(values) / len(own) for values in zip(*((f.time, f.p95, f.standing) for f in own), strict=True)
    )
    ratio = sum(one.time for one in own) / sum(one.time for one in other)
    longest = max(one.longest for one in own) / max(one.longest for one in other)
    means = sum(one.longest for one in own) / sum(one.longest for one in other)
    return (
        f"{kind:10}all: mean {time:.1f}, p95 {p95:.1f}, standing {standing:.1f}; to the other: mean {ratio:.3f}, "
        f"longest wait {longest:.2f} (each day's longest {means:.2f})"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reaching", description=__doc__)
    parser.add_argument("--kinds", nargs="+", choices=SCENARIO, default=list(SCENARIO), metavar="KIND")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--built-for", type=int, help="visits that the study's venue is built for")
    chosen = parser.parse_args(arguments)
    for kind in chosen.kinds:
        played = [line(kind, seed, chosen.built_for) for seed in chosen.seeds]
        print(summary(kind, [own for own, _ in played], [other for _, other in played]), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
