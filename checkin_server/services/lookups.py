"""Looking people up has a measure, and gives leave for a while: to see and do what needs the person found first.

Both are read from the event log, so that a restart, a second process and signing out and in again change nothing of
what was used up. They end with the day: at midnight at the venue, or when the service day ends.
"""

from __future__ import annotations

import json
from functools import partial

from checkin_server.db import days, lookups
from checkin_server.db.tx import Tx
from checkin_server.domain import lookups as rules
from checkin_server.domain.refusal import Refusal
from checkin_server.services.times import local_day, midnight, midnight_after
from checkin_server.services.venue import Actor, Venue

ALARM_MS = 3_600_000
"""For so long the dashboard says who looked too many people up; the audit says it for good."""
_TOLD_AGAIN_MS = 600_000
"""Whoever goes on trying is told of once in so long, and not with each refusal."""


def turn(actor: Actor) -> str:
    """Return the name under which one person's look-ups on one device wait for each other (`Venue.turns`).

    Many sent at once are counted like as many one after the other.
    """
    return f"look-up:{actor.device}:{actor.staff}"


def day_began(tx: Tx, venue: Venue, now: int) -> int:
    """Return since when look-ups count together: midnight at the venue, or the last end of a service day."""
    ends: list[int] = [
        row["ended_at"] for row in days.every(tx) if row["ended_at"] is not None and row["ended_at"] <= now
    ]
    return max([midnight(local_day(now, venue.plan.timezone), venue.plan.timezone), *ends])


def limited(venue: Venue, actor: Actor) -> Refusal | None:
    """Refuse (``search_limit``) when this person has looked up as many as anybody needs, and raise an alarm."""
    now = venue.now()
    refusal = venue.db.read(partial(_over, venue=venue, actor=actor, now=now))
    if refusal is not None:
        venue.db.write(partial(_raise_alarm, actor=actor, refusal=refusal, now=now))
    return refusal


def _over(tx: Tx, venue: Venue, actor: Actor, now: int) -> Refusal | None:
    rows = lookups.looks(tx, actor.device, actor.staff, day_began(tx, venue, now))
    looks = [_look(row["kind"], row["at"], row["data"]) for row in rows]
    return rules.over(looks, now, midnight_after(now, venue.plan.timezone))


def _look(kind: str, at: int, data: str) -> rules.Look:
    by_name = kind == "members_searched"
    return rules.Look(at, by_name, json.loads(data).get("shown", 1) if by_name else 1)


def _raise_alarm(tx: Tx, actor: Actor, refusal: Refusal, now: int) -> None:
    if not lookups.was_told(tx, actor.device, actor.staff, now - _TOLD_AGAIN_MS):
        tx.emit(
            "searches_limited",
            now,
            {"what": refusal.params["what"], "limit": refusal.params["limit"]},
            service_day=days.running_id(tx),
            device=actor.device,
            staff=actor.staff,
        )


def leave(tx: Tx, venue: Venue, actor: Actor, member: str) -> Refusal | None:
    """Refuse (``search_first``) what needs a member to be found first, by this person, in this session, today."""
    now = venue.now()
    since = lookups.signed_in_at(tx, actor.device, actor.staff)
    if since is not None:
        since = max(since, day_began(tx, venue, now))
        if lookups.was_shown(tx, actor.device, actor.staff, member, since):
            return None
    return Refusal("search_first")
