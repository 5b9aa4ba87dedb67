"""What points outside the plan: rows of today that name a service, a counter, a station that is gone.

They stay as they are, and screens show them by their last name; a person decides. What is over (a served step, a
printed ticket) is the past and no trouble.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from checkin_server.db import days, devices, hall, members, print_jobs
from checkin_server.db.tx import Tx
from checkin_server.domain.plan import Plan
from checkin_server.domain.steps import OPEN


@dataclass(frozen=True, slots=True)
class Outside:
    """Something that the database names and the plan has not."""

    kind: str
    """``service``, ``counter``, ``printer``, ``kiosk``, ``board``, ``welcome``, ``day``, ``category`` or ``unit``."""
    id: str
    what: str
    """Who points there, in words."""
    todo: str

    def __str__(self) -> str:
        """Say it on one line."""
        return f"{self.kind} {self.id} is not in the plan: {self.what}. {self.todo}"


def rows(tx: Tx, plan: Plan) -> list[Outside]:
    """Return what points outside the plan now, the most urgent first."""
    day = days.open_day(tx)
    return [
        *(_of_day(tx, plan, str(day["id"])) if day is not None else ()),
        *_printing(tx, plan),
        *_paired(tx, plan),
        *_people(tx, plan),
    ]


def _of_day(tx: Tx, plan: Plan, day: str) -> Iterator[Outside]:
    if day not in {planned.id for planned in plan.days}:
        todo = "It goes on until it is closed; close it, or put the day back into the venue's file."
        yield Outside("day", day, "it is open", todo)
    wanted: Counter[str] = Counter()
    for row in hall.step_counts(tx, day):
        if row["state"] in OPEN and row["service"] not in plan.services:
            wanted[row["service"]] += int(row["steps"])
    for service, count in sorted(wanted.items()):
        todo = "Let them drop it at a kiosk or the welcome desk, or put it back into the venue's file and restart."
        yield Outside("service", service, f"{_many(count, 'visit')} inside still want it", todo)
    at = Counter(row["counter"] for row in hall.at_any_counter(tx))
    for counter, count in sorted(at.items()):
        if counter not in plan.counters:
            todo = "A restart of the server frees them."
            yield Outside("counter", counter, f"{_many(count, 'visit')} called or served there", todo)


def _printing(tx: Tx, plan: Plan) -> Iterator[Outside]:
    count = Counter(row["printer"] for row in print_jobs.unsettled(tx))
    for printer, jobs in sorted(count.items()):
        if printer not in plan.printers:
            todo = "A restart of the server gives them to a neighbour."
            yield Outside("printer", printer, f"{_many(jobs, 'ticket')} wait there", todo)


def _paired(tx: Tx, plan: Plan) -> Iterator[Outside]:
    for row in devices.every(tx):
        if row["revoked_at"] is None and is_gone(plan, row["role"], row["station"]):
            todo = f"Pair it at a station of the plan, or cut it off: riwaq devices revoke {row['id']}"
            kind = "printer" if row["role"] == "print_agent" else str(row["role"])
            yield Outside(kind, row["station"], f"device {row['id']} is paired there", todo)


def _people(tx: Tx, plan: Plan) -> Iterator[Outside]:
    todo = "They are refused as not_eligible; import the list anew, or put it back into the venue's file."
    for category, count in members.by_category(tx).items():
        if category not in plan.categories:
            yield Outside("category", category, f"{_many(count, 'member')} are of it", todo)
    for unit, count in members.by_unit(tx).items():
        if unit not in plan.units:
            yield Outside("unit", unit, f"{_many(count, 'member')} are of it", todo)


def is_gone(plan: Plan, role: str, station: str) -> bool:
    """Whether a device is paired at a station that the plan has no more.

    An organiser may be anywhere, and a welcome desk need not be described: one is gone when an earlier plan had it.
    """
    stations: dict[str, Collection[str]] = {
        "kiosk": plan.kiosks,
        "board": plan.boards,
        "counter": plan.counters,
        "print_agent": plan.printers,
    }
    if role == "welcome":
        return station in plan.past.desks
    return role in stations and station not in stations[role]


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
