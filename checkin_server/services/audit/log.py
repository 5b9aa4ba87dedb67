"""Who looked at whom, and who did what: the event log as a command, a page and a member's export read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from typing_extensions import TypedDict

from checkin_server.common.offload import give_way
from checkin_server.db import audit, days, events, ledger
from checkin_server.db.audit import Filter
from checkin_server.db.tx import Personal, Row, Tx
from checkin_server.domain.audit import Sort, sort_of
from checkin_server.domain.refusal import Refusal
from checkin_server.services.shapes import Time
from checkin_server.services.times import midnight, rfc3339
from checkin_server.services.venue import Actor, Venue

MOST = 200
"""Entries of one page."""
USUAL = 50
_STRETCH = 2000
"""Numbers of the log that are looked through in one read: a few milliseconds."""


class AuditDevice(TypedDict):
    """Where it was done."""

    id: str
    role: str | None
    """Null for one that is not known any more."""
    station: str | None


class AuditPerson(TypedDict):
    """Who of the staff it was; of an account that was changed, whose it is."""

    id: str
    name: str | None


class AuditEntry(TypedDict):
    """One event of the log that is about a person, or that a person is behind."""

    seq: int
    """Its number in the log."""
    position: int | None
    """Its place in the chain; null for the last seconds."""
    at: Time
    kind: str
    """What happened: docs/events.md has every kind."""
    sort: Sort
    day: str | None
    """The service day; null for what was done on none."""
    number: int | None
    """The visit's."""
    service: str | None
    counter: str | None
    device: AuditDevice | None
    """Null: by Riwaq itself, or a command on the machine."""
    staff: AuditPerson | None
    """Null: nobody was signed in, such as at a kiosk."""
    members: list[str]
    """Whom it is about, by id, as far as that is still kept."""
    reason: str | None
    """As it was typed, as long as that is kept; else a reason's code."""
    query: str | None
    """What was looked for."""
    data: dict[str, Any]
    """Codes and figures."""


class AuditHead(TypedDict):
    """Where the chain over the log ends."""

    position: int
    hash: str
    """SHA-256, hexadecimal: who has noted it can tell later whether anything up to there was changed."""
    at: Time | None
    waiting: int
    """Events that have no position yet."""


class AuditPage(TypedDict):
    """Some entries, newest first."""

    entries: list[AuditEntry]
    next: int | None
    """Give it as `before` for older ones; null when there are none."""
    head: AuditHead


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; None: everything."""

    day: str | None = None
    """ISO date: a service day, or a date on which something was done beside one."""
    member: str | None = None
    staff: str | None = None
    """By name or id."""


def page(venue: Venue, actor: Actor, asked: Asked, before: int | None = None, most: int = USUAL) -> AuditPage | Refusal:
    """Return a page of the audit, newest first: what stands `before` a number of the log.

    Refused: ``unknown_day``, ``unknown_member``, ``unknown_staff``. Who reads what is kept of one
    member has looked at them, and that is an event (of its first page).
    """
    wanted = read(venue, asked)
    if isinstance(wanted, Refusal):
        return wanted
    if before is None:
        note(venue, asked, actor)
    found: list[Row] = []
    for row in rows(venue, wanted, before=before, newest_first=True, at_once=most + 1):
        found.append(row)
        if len(found) > most:
            break
    return {
        "entries": [entry(row) for row in found[:most]],
        "next": found[most - 1]["seq"] if len(found) > most else None,
        "head": head(venue),
    }


def read(venue: Venue, asked: Asked) -> Filter | Refusal:
    """Return what is asked for as the database is asked, or the refusal of what is not known."""

    def do(tx: Tx) -> Filter | Refusal:
        begins = ends = 0
        if asked.day is not None:
            span = _span(venue, tx, asked.day)
            if span is None:
                return Refusal("unknown_day", {"day": asked.day})
            begins, ends = span
        visits = audit.visits_of(tx, asked.member) if asked.member is not None else ""
        if visits is None:
            return Refusal("unknown_member", {"detail": f"There is no member {asked.member}.", "member": asked.member})
        person = audit.somebody(tx, asked.staff) if asked.staff is not None else None
        if asked.staff is not None and person is None:
            return Refusal("unknown_staff")
        return Filter(asked.day, begins, ends, asked.member, visits, person["id"] if person else None)

    return venue.db.read(do)


def _span(venue: Venue, tx: Tx, day: str) -> tuple[int, int] | None:
    """Return from when until when a date lasts at the venue; None for one that this venue knows nothing of."""
    try:
        begins = midnight(day, venue.plan.timezone)
        ends = midnight((date.fromisoformat(day) + timedelta(days=1)).isoformat(), venue.plan.timezone)
    except (ValueError, OverflowError):
        return None
    known = days.find(tx, day) is not None or any(planned.id == day for planned in venue.plan.days)
    if not known and not events.between(tx, begins, ends):
        return None
    return begins, ends


def rows(
    venue: Venue,
    wanted: Filter,
    *,
    before: int | None = None,
    newest_first: bool = False,
    at_once: int = _STRETCH,
) -> Iterator[Row]:
    """Give the events that are asked for, oldest first or newest first, below a number of the log.

    The log is looked through a stretch at a time, and others go first in between.
    """
    last = venue.db.read(events.last_seq)
    end = last + 1 if before is None else min(before, last + 1)
    first, behind = (max(1, end - _STRETCH), end) if newest_first else (1, min(end, 1 + _STRETCH))
    while first < behind:
        found = venue.db.read(
            lambda tx, first=first, behind=behind: audit.stretch(  # type: ignore[misc]
                tx, wanted, first, behind, at_once, newest_first=newest_first
            )
        )
        yield from found
        if len(found) == at_once:  # there may be more in this stretch
            first, behind = (first, found[-1]["seq"]) if newest_first else (found[-1]["seq"] + 1, behind)
        elif newest_first:
            first, behind = max(1, first - _STRETCH), first
        else:
            first, behind = behind, min(end, behind + _STRETCH)
        give_way()


def note(venue: Venue, asked: Asked, actor: Actor | None = None) -> None:
    """Keep that somebody read what is kept of one member; nothing where no member was asked for."""
    if asked.member is None:
        return
    about = Personal([asked.member])
    now = venue.now()

    def do(tx: Tx) -> None:
        day = days.running_day(tx)
        tx.emit(
            "audit_read",
            now,
            {"day": asked.day},
            personal=about,
            service_day=day["id"] if day else None,
            device=actor.device if actor else None,
            staff=actor.staff if actor else None,
        )

    venue.db.write(do)


def head(venue: Venue) -> AuditHead:
    """Return where the chain ends, and how many events have no position yet."""

    def do(tx: Tx) -> AuditHead:
        end = ledger.head(tx)
        return {
            "position": end.position,
            "hash": end.hash,
            "at": rfc3339(end.at),
            "waiting": ledger.waiting(tx, end),
        }

    return venue.db.read(do)


def entry(row: Row) -> AuditEntry:
    """Return a row of `rows` as it is told."""
    data = json.loads(row["data"])
    data.pop("personal", None)
    coded = data.get("reason")
    return {
        "seq": row["seq"],
        "position": row["position"],
        "at": rfc3339(row["at"]),
        "kind": row["kind"],
        "sort": sort_of(row["kind"]),
        "day": row["service_day"],
        "number": row["number"],
        "service": row["service"],
        "counter": row["counter"],
        "device": None
        if row["device"] is None
        else {"id": row["device"], "role": row["role"], "station": row["station"]},
        "staff": None if row["staff"] is None else {"id": row["staff"], "name": row["staff_name"]},
        "members": row["members"],
        "reason": row["typed"].get("reason") or (str(coded) if coded is not None else None),
        "query": row["typed"].get("query"),
        "data": data,
    }
