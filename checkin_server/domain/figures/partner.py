"""A partner's sheet: its own booths only, with small counts rounded, and one yardstick of the hall.

No figure of another partner, no total of the hall and no remainder from which one could be computed stands here. Counts
below 5 are rounded to 0 or 5, by a function of the cell: the same cell is always the same, and sheets of several days
are the sums of the days' cells, so that repeats and overlapping periods reveal nothing. Totals are those of the rounded
cells, so that rows and columns still add up. A median of fewer than five is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from statistics import median

from checkin_server.domain.figures import counters, house, services
from checkin_server.domain.figures.dictionary import DATASETS
from checkin_server.domain.figures.period import Period, Row, Rows, share

SMALL = 5
"""Counts below it are rounded, medians of fewer are left out."""
PARTNERS, VISITS = 4, 20
"""From so many partners and visits on the hall's median is shown as a yardstick."""

_SUMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "services": {
        "served": ("referred", "incomplete", "_settled"),
        "unserved": ("abandoned", "missed_for_good"),
        "asked": ("served", "transferred", "given_back", "missed_for_good", "abandoned", "still_open"),
    },
    "waits": {"of_target": ("in_target", "_late")},
    "service_times": {},
    "calls": {},
    "opinions": {"scores": tuple(f"score_{n}" for n in range(1, 6))},
    "offers": {},
}
"""Of each dataset of a partner's, which columns are sums, and of what: parts first."""
_MADE: Mapping[str, Callable[[Period], Rows]] = {
    "services": services.services,
    "waits": services.waits,
    "service_times": services.service_times,
    "calls": services.calls,
    "opinions": house.opinions,
    "offers": house.offers,
}
_COUNT_OF = {"wait": "waits", "first_call": "first_calls", "walking": "walks", "service": "service_times"}
"""Which count says of how many a median is."""


def sheet(period: Period, booths: Collection[str], secret: str) -> dict[str, Rows]:
    """Return a partner's datasets by name, of its `booths`.

    `secret`: what nobody who gets a sheet knows; with it the rounding of a cell can't be reckoned back.
    """
    found = {name: _rounded(name, period, booths, secret) for name in _SUMS}
    own = {
        row["id"]
        for one in period.days
        for _, plan in one.plan.segments
        for row in plan.get("counters", ())
        if row["booth"] in booths
    }
    # How many were served is said by service, where it is rounded.
    found["counters"] = [{**row, "served": None} for row in counters.counters(period) if row["counter"] in own]
    found["yardstick"] = yardstick(period)
    return found


def round_small(count: int, cell: str, secret: str) -> int:
    """Return a count; one below 5 as 0 or as 5, the likelier the nearer, always alike for the same cell."""
    if not 0 < count < SMALL:
        return count
    drawn = hashlib.sha256(f"{secret}|{cell}".encode()).digest()
    return SMALL if int.from_bytes(drawn[:8], "big") < count / SMALL * 2**64 else 0


def _rounded(name: str, period: Period, booths: Collection[str], secret: str) -> Rows:
    dataset = DATASETS[name]
    keys = dataset.keys
    counts = [column.id for column in dataset.columns if column.sort == "count"]
    sums: dict[tuple[str, ...], Row] = {}
    for one in period.days:
        for row in _MADE[name](Period([one], period.local)):
            if one.plan.booth_of("services", row["service"]) in booths:
                cell = tuple(str(row[key]) for key in keys)
                known = sums.setdefault(cell, {})
                for column, value in _cells(name, row, counts, (one.day.id, *cell), secret).items():
                    known[column] = known.get(column, 0) + value
    rows = []
    for row in _MADE[name](period):
        cells = sums.get(tuple(str(row[key]) for key in keys))
        if cells is not None:
            _make_small(name, row, cells)
            rows.append(row)
    return rows


def _cells(name: str, row: Row, counts: list[str], cell: tuple[str, ...], secret: str) -> Row:
    """Return a day's counts of a row, rounded; sums are made of their parts."""
    exact = {**row, **_rest(name, row)}
    found = {
        # The same column means the same in every dataset, so a cell is alike wherever it stands.
        column: round_small(exact[column], "|".join((*cell, column)), secret)
        for column in (*counts, *(key for key in exact if key.startswith("_")))
        if column not in _SUMS[name]
    }
    for column, parts in _SUMS[name].items():
        found[column] = sum(found[part] for part in parts)
    return found


def _rest(name: str, row: Row) -> Row:
    """Return what makes a sum whole and is no column of its own."""
    if name == "services":
        return {"_settled": row["served"] - row["referred"] - row["incomplete"]}
    return {"_late": row["of_target"] - row["in_target"]} if name == "waits" else {}


def _make_small(name: str, row: Row, cells: Row) -> None:
    """Put a row's rounded counts into it, and leave out what is measured of too few."""
    for prefix, count in _COUNT_OF.items():
        if count in row and row[count] < SMALL:
            row.update({f"{prefix}_{what}": None for what in ("median", "p90")})
    if name == "opinions" and row["scores"] < SMALL:
        row["score_median"] = None
    row.update({column: value for column, value in cells.items() if not column.startswith("_")})
    row.update({key: None for key in row if key.endswith("_longest")})  # that is one visit's own
    if name == "waits":
        row["service_level"] = share(row["in_target"], row["of_target"])


def yardstick(period: Period) -> Rows:
    """Return the median wait of all visits of the hall, in whole minutes; nothing where few partners or visits are."""
    waits: list[float] = []
    partners: set[str] = set()
    for one in period.days:
        for visit in one.day.numbered:
            own = [(step.wait, step.service) for step in visit.steps if step.wait is not None]
            if own:
                waits.append(sum(wait for wait, _ in own) / len(own))
                partners |= {_partner(one.plan.find("booths", one.plan.booth_of("services", s))) for _, s in own}
    if len(partners) < PARTNERS or len(waits) < VISITS:
        return []
    return [{"hall_wait_median": round(median(waits) / 60_000)}]


def _partner(booth: Mapping[str, object] | None) -> str:
    return "" if booth is None else str(booth.get("partner", booth["id"]))
