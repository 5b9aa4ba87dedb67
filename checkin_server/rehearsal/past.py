"""A past day as the pattern of a rehearsal: when people came, what they wanted, how long it took.

It is read from a venue's event log, from the CSV that `riwaq day log` writes of it, or from a table that somebody
typed: ``time,visitors`` with one line an hour or a quarter.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from checkin_server.common.faults import WrongUse
from checkin_server.services.reports.day_log import COLUMNS

MINUTE = 60_000
_JITTER = 0.01
"""A new arrival comes up to this share of the day before or after a past one: about five minutes of nine hours."""
_HOUR = 1 / 24


@dataclass(frozen=True, slots=True)
class PastDay:
    """What a day tells a rehearsal."""

    name: str
    arrivals: tuple[float, ...]
    """When each visit came, as a share of the opening hours: 0 at opening, 1 at closing."""
    wanted: Mapping[str, float] = field(default_factory=dict)
    """By service, the share of visits that wanted it; empty when the log does not say."""
    minutes: Mapping[str, float] = field(default_factory=dict)
    """By service, how long it took on average; of services that were given at least five times."""

    def draw(self, visitors: int, chance: random.Random) -> list[float]:
        """Return `visitors` arrivals spread as this day's were, in order, as shares of the opening hours."""
        if visitors == len(self.arrivals):
            return sorted(self.arrivals)
        return sorted(
            min(1.0, max(0.0, chance.choice(self.arrivals) + chance.uniform(-_JITTER, _JITTER)))
            for _ in range(visitors)
        )


def from_events(name: str, events: Iterable[Mapping[str, Any]]) -> PastDay:
    """Read rows of an event log: ``at`` (milliseconds), ``kind``, ``service``, ``data`` (a mapping).

    Raises `WrongUse` when nobody was admitted that day.
    """
    arrived: list[int] = []
    hours: tuple[int, int] | None = None
    wanted: dict[str, int] = {}
    took: dict[str, list[float]] = {}
    for event in events:
        kind, data = event["kind"], event["data"]
        if kind == "member_admitted":
            arrived.append(event["at"])
        elif kind in ("day_opened", "day_hours_set"):
            hours = (int(data["opens_at"]), int(data["closes_at"]))
        elif kind == "services_chosen":
            for service in data.get("added", ()):
                wanted[service] = wanted.get(service, 0) + 1
            for service in data.get("dropped", ()):
                wanted[service] = wanted.get(service, 0) - 1
        elif kind == "service_finished" and data.get("outcome") in ("served", "referred"):
            took.setdefault(event["service"], []).append(float(data["seconds"]) / 60)
    if not arrived:
        raise WrongUse(f"nobody was admitted in {name}: there is no curve of arrivals to rehearse with")
    opens, closes = hours or (min(arrived), max(arrived) + 1)
    return PastDay(
        name,
        tuple(sorted(min(1.0, max(0.0, (at - opens) / (closes - opens))) for at in arrived)),
        {service: min(1.0, n / len(arrived)) for service, n in sorted(wanted.items()) if n > 0},
        {service: sum(each) / len(each) for service, each in sorted(took.items()) if len(each) >= 5},
    )


def from_file(path: Path, hours: tuple[float, float]) -> PastDay:
    """Read a CSV file: what `riwaq day log` wrote, or ``time,visitors``.

    `hours` are the opening and closing time of the day to be rehearsed, local, as shares of 24 hours: typed times are
    times of that day; a log's own day may have opened at another hour.

    Raises `WrongUse` that names the file, the line and the remedy.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise WrongUse(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise WrongUse(f"{path} is not UTF-8 text: save it as CSV, UTF-8") from error
    rows = csv.DictReader(io.StringIO(text), dialect=_dialect(text))
    columns = [(name or "").strip().lower() for name in rows.fieldnames or ()]
    rows.fieldnames = columns
    if {"at", "kind", "data"} <= set(columns):
        return from_events(path.name, _logged(path, rows))
    if {"time", "visitors"} <= set(columns):
        return _typed(path, rows, hours)
    raise WrongUse(
        f"{path}:1: the first line must name the columns: {','.join(COLUMNS)} as `riwaq day log` writes them, or "
        "time,visitors"
    )


def _dialect(text: str) -> type[csv.Dialect]:
    """Spreadsheets of French and Moroccan offices write semicolons."""

    class _Dialect(csv.excel):
        delimiter = ";" if ";" in text.partition("\n")[0] else ","

    return _Dialect


def _logged(path: Path, rows: csv.DictReader[str]) -> Iterator[dict[str, Any]]:
    for row in rows:
        try:
            at = datetime.fromisoformat(row["at"])
            if at.tzinfo is None:
                raise ValueError("a time without an offset")
            yield {**row, "at": round(at.timestamp() * 1000), "data": json.loads(row["data"] or "{}")}
        except (ValueError, TypeError) as error:
            raise WrongUse(
                f"{path}:{rows.line_num}: {error}. Write the file again with `riwaq day log`, and change nothing in it"
            ) from error


def _share_of_day(at: str) -> float:
    """Read a time of day as a share of 24 hours. Raises `ValueError` in words."""
    try:
        time = datetime.strptime(at, "%H:%M")
    except ValueError:
        raise ValueError(f'"{at}" is not a time such as 09:15') from None
    return time.hour / 24 + time.minute / 1440


def _typed(path: Path, rows: csv.DictReader[str], hours: tuple[float, float]) -> PastDay:
    """Read ``time,visitors``: so many came between this time and the next line's.

    The last line lasts as long as the one before.

    Who comes before the doors open is there when they do.
    """
    begins: list[float] = []
    counts: list[int] = []
    for row in rows:
        at, many = (row["time"] or "").strip(), (row["visitors"] or "").strip()
        try:
            begin = _share_of_day(at)
            if not many.isdecimal():
                raise ValueError(f'"{many}" is not a number of visitors')
            count = int(many)
            if begins and begin <= begins[-1]:
                raise ValueError(f"{at} does not come after the line before")
        except ValueError as error:
            raise WrongUse(
                f"{path}:{rows.line_num}: {error}. Write one line for each hour or quarter, for example 09:15,120"
            ) from error
        begins.append(begin)
        counts.append(count)
    if sum(counts) == 0:
        raise WrongUse(f"{path}: nobody comes: there is no line with visitors")
    last = begins[-1] - begins[-2] if len(begins) > 1 else _HOUR
    opens, closes = hours
    arrivals = (
        (begin + (end - begin) * (n + 0.5) / count - opens) / (closes - opens)
        for begin, end, count in zip(begins, [*begins[1:], begins[-1] + last], counts, strict=True)
        for n in range(count)
    )
    return PastDay(path.name, tuple(min(1.0, max(0.0, share)) for share in arrivals))
