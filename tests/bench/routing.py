"""The router against what it is compared with, on the same simulated days: `python -m tests.bench.routing`.

Prints minutes and, what counts, ratios of one run; `docs/routing.md` says what they should be.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from checkin_server.domain.fairness.rehearsal import report
from checkin_server.rehearsal import bound
from checkin_server.rehearsal.days import MINUTE, SCENARIOS, Scenario, SimDay, draw
from checkin_server.rehearsal.figures import measure
from checkin_server.rehearsal.in_process import RiwaqHouse
from checkin_server.rehearsal.policies import POLICIES
from checkin_server.rehearsal.world import Played, play
from tests.bench.study import venue

Row = dict[str, float]
DAYS: dict[str, Scenario] = {
    **SCENARIOS,
    "plan doesn't fit": replace(SCENARIOS["busy"], name="busy", mismatch=0.12),
    "30 % don't comply": replace(SCENARIOS["busy"], name="busy", ignoring=0.3),
    "60 % don't comply": replace(SCENARIOS["busy"], name="busy", ignoring=0.6),
    "map wrong by half": replace(SCENARIOS["busy"], name="busy", map_factor=1.5),
}

BUILT_FOR = {"short": 0.25}
"""By kind of day, for what part of the visitors the venue is built: short services let four times as many through."""


def figures(played: Sequence[Played]) -> Row:
    """Return one policy's figures over the seeds, in minutes."""
    found = measure([one.day for one in played])
    assert found.wait is not None and found.in_venue is not None
    visits = sum(len(one.day.visits) for one in played)
    return {
        "wait": found.wait.mean,
        "wait_max": found.wait.max,
        "time": found.in_venue.mean,
        "time_p95": found.in_venue.p95,
        "standing": sum(sum(one.standing_ms.values()) for one in played) / visits / MINUTE,
        "missed_per_100": 100 * sum(one.missed for one in played) / visits,
        "unheard_per_100": 100 * sum(one.unheard for one in played) / visits,
        "double_calls": float(sum(one.double_calls for one in played)),
        "unserved": found.unserved,
        "seconds": found.seconds,
    }


def riwaq(days: Sequence[SimDay]) -> Row:
    """Play the real router; returns its figures, costs, errors of its predictions and whether the bound held."""
    houses = [RiwaqHouse(day.plan) for day in days]
    row = figures([play(day, house, "riwaq") for day, house in zip(days, houses, strict=True)])
    costs = [house.measured for house in houses]
    row["us_per_decision"] = 1e6 * sum(c.decision_s for c in costs) / max(1, sum(c.decisions for c in costs))
    row["ms_per_forecast"] = 1e3 * sum(c.forecast_s for c in costs) / max(1, sum(c.forecasts for c in costs))
    for kind in ("go", "next", "finish"):
        errors = [error for cost in costs for error in cost.errors.get(kind, ())]
        row[f"eta_{kind}_error"] = sum(errors) / max(1, len(errors)) / 60
        row[f"eta_{kind}_p90"] = sum(cost.held.get(kind, 0) for cost in costs) / max(1, len(errors))
    fair = [report(house.moments or [], house.plan.routing.cap_minutes * MINUTE) for house in houses]
    row["beyond_bound"] = float(sum(len(one.beyond) for one in fair))
    row["furthest_overtaken"] = max(
        (worst.furthest_ms / MINUTE for one in fair for worst in one.by_category.values()), default=0.0
    )
    return row


def measure_day(name: str, visitors: int, seeds: Sequence[int]) -> dict[str, Row]:
    """Play one kind of day under every policy; returns the rows by policy, ``ratio`` and ``bound`` among them."""
    plan = venue(round(visitors * BUILT_FOR.get(name, 1.0)))
    days = [draw(plan, DAYS[name], seed) for seed in seeds]
    rows = {p: figures([play(day, make(day.plan), p) for day in days]) for p, make in POLICIES.items()}
    rows["riwaq"] = riwaq(days)
    rows["bound"] = {"time": sum(bound.lower_bound_minutes(day) for day in days) / len(days)}
    one, least, own = rows["one-at-a-time"], rows["least-wait"], rows["riwaq"]
    rows["ratio"] = {
        "time / one at a time": own["time"] / one["time"],
        "p95 of time / one at a time": own["time_p95"] / one["time_p95"],
        "wait / one at a time": own["wait"] / one["wait"],
        "max wait / one at a time": own["wait_max"] / one["wait_max"],
        "time / least expected wait": own["time"] / least["time"],
        "time / lower bound": own["time"] / rows["bound"]["time"],
    }
    return rows


def table(name: str, rows: dict[str, Row]) -> str:
    """Draw one day's table."""
    lines = [
        f"\n{name}",
        f"{'':16}{'wait':>7}{'max':>7}{'time':>7}{'p95':>7}{'stand':>7}{'missed':>8}{'double':>8}{'s':>6}",
    ]
    for policy, row in rows.items():
        if "wait" in row:
            lines.append(
                f"{policy:16}{row['wait']:7.1f}{row['wait_max']:7.0f}{row['time']:7.1f}{row['time_p95']:7.0f}"
                f"{row['standing']:7.1f}{row['missed_per_100']:8.1f}{row['double_calls']:8.0f}{row['seconds']:6.1f}"
            )
    own = rows["riwaq"]
    lines.append(f"{'lower bound':16}{'':14}{rows['bound']['time']:7.1f}")
    lines.append("ratios: " + ", ".join(f"{what} {value:.3f}" for what, value in rows["ratio"].items()))
    lines.append(
        f"missed beyond inattention {own['missed_per_100'] - own['unheard_per_100']:.2f}/100, beyond the bound "
        f"{own['beyond_bound']:.0f} (furthest {own['furthest_overtaken']:.0f} min), {own['us_per_decision']:.0f} us a "
        f"decision, {own['ms_per_forecast']:.1f} ms a forecast"
    )
    lines.append(
        "predictions, mean error and share within P90: "
        + ", ".join(f"{k} {own[f'eta_{k}_error']:.1f} min {own[f'eta_{k}_p90']:.3f}" for k in ("go", "next", "finish"))
    )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    days = ", ".join(DAYS).replace("%", "%%")
    parser = argparse.ArgumentParser(prog="python -m tests.bench.routing", description=__doc__)
    parser.add_argument("--days", nargs="+", choices=DAYS, default=list(DAYS), metavar="DAY", help=days)
    parser.add_argument("--visitors", type=int, default=3000, help="visits the venue is built for (%(default)s)")
    parser.add_argument("--seeds", type=int, default=3, help="days of each kind (%(default)s)")
    parser.add_argument("--json", type=Path, help="write all figures here")
    chosen = parser.parse_args(arguments)
    found: dict[str, dict[str, Row]] = {}
    for name in chosen.days:
        found[name] = measure_day(name, chosen.visitors, range(1, chosen.seeds + 1))
        print(table(name, found[name]), flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
