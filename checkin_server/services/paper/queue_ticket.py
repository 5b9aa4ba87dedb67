"""A ticket is queued for printing in the transaction that makes it necessary.

Its words are fixed here (`ticket.py`), so that a reprint tomorrow says what the first print said.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from checkin_server.db import print_jobs
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import steps as rules
from checkin_server.domain.waits import Wait
from checkin_server.services.once import Command
from checkin_server.services.paper.ladder import printers_for
from checkin_server.services.paper.ticket import Says, compose
from checkin_server.services.venue import Venue


@dataclass(frozen=True, slots=True)
class Ticket:
    """A visit's ticket, as the visit stands now."""

    visit: Row
    shown: Mapping[str, Any]
    """The visit as the screen shows it: paper and screen say the same stops, in one order, with the same waits."""
    family: Collection[int] = ()
    """The numbers of a family that split up."""
    duplicate: bool = False
    """Printed once more; the paper says so."""
    place: int = 0
    """Of several tickets that are asked for at once, in which order they come out."""


def queue(tx: Tx, venue: Venue, command: Command, ticket: Ticket) -> Row | None:
    """Queue a ticket on the printer nearest to the station that asks; return the job, None without any printer."""
    visit, now, actor = ticket.visit, command.now, command.actor
    printers = printers_for(venue.plan, actor)
    if not printers:
        return None
    job = venue.new_id("p")
    # A visit's newest job is the one screens speak of, also when two were asked for in the same millisecond.
    earlier = print_jobs.newest_of(tx, visit["id"]) if ticket.duplicate else None
    queued_at = max(now, earlier["created_at"] + 1) if earlier else now + ticket.place
    kind = "duplicate" if ticket.duplicate else "ticket"
    spec = contents(venue, ticket, now)
    print_jobs.add(
        tx,
        job,
        day=visit["service_day"],
        visit=visit["id"],
        printer=printers[0],
        ladder=json.dumps(printers[1:]),
        kind=kind,
        spec=json.dumps(spec, ensure_ascii=False, separators=(",", ":")),
        now=queued_at,
    )
    tx.emit(
        "ticket_queued",
        now,
        {"job": job, "printer": printers[0], "kind": kind},
        service_day=visit["service_day"],
        visit=visit["id"],
        number=visit["number"],
        device=actor.device,
        staff=actor.staff,
    )
    return {"id": job, "state": "queued", "printer": printers[0], "kind": kind, "error": None}


def contents(venue: Venue, ticket: Ticket, now: int) -> dict[str, Any]:
    """Return a visit's ticket as `printers.ticket` reads it."""
    visit = ticket.visit
    says = Says(
        locale=visit["locale"],
        number=visit["number"],
        category=visit["category"],
        stops=[
            (step["service"], None if step["expected_wait"] is None else Wait(**step["expected_wait"]))
            for step in ticket.shown["steps"]
            if step["state"] in rules.TO_COME
        ],
        code=visit["id"],
        go=ticket.shown["next"]["kind"] == "go",
        duplicate=ticket.duplicate,
        family=[number for number in ticket.family if number != visit["number"]],
    )
    return compose(venue.plan, venue.words, says, now)
