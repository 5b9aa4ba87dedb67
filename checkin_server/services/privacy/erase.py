"""A member's right to be forgotten: the person is gone, what was counted stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from checkin_server.common.faults import Fault
from checkin_server.db import days, members, persons, purges
from checkin_server.db.compaction import compact
from checkin_server.db.tx import Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.services import lookups
from checkin_server.services.once import Answer, Command, once
from checkin_server.services.privacy.purge import PAGES, Files, remove_files
from checkin_server.services.times import local_day
from checkin_server.services.venue import Actor, Venue

Why = Literal["asked", "family_asked", "not_a_member", "mistake"]
"""Why somebody is erased, on the page: asked for by themselves or their family, no member any more, entered by mistake.

A choice and no text: a name that is typed here would outlast the erasure."""
WHYS: tuple[str, ...] = get_args(Why)


class NotErased(Fault):
    """Nothing was erased; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure has taken away."""

    visits: int
    """Visits that are nobody's now, or have one person less."""
    rows: int
    """Texts, tickets' contents and kept answers."""
    files: int


@dataclass(frozen=True, slots=True)
class _Gone:
    visits: int
    rows: int
    jobs: frozenset[str]
    """Print jobs whose files are to go."""


def erase(venue: Venue, files: Files, member: str) -> Erased:
    """Erase a member at the command line: name, needs, cards, which visits were theirs, what was written on those.

    The visits stay in every count. Raises `NotErased` when there is no such member, or while a visit of theirs runs.
    """
    now = venue.now()

    def do(tx: Tx) -> _Gone:
        gone = _take_away(tx, venue, member, now)
        if isinstance(gone, Refusal):
            raise NotErased(_in_words(member, gone))
        _note(tx, gone, now)
        return gone

    gone = venue.db.write(do)
    removed = _remove_files(files, gone)
    compact(venue.db.engine)
    venue.db.write(lambda tx: purges.end(tx, PAGES, local_day(now, venue.plan.timezone), venue.now()))
    return Erased(gone.visits, gone.rows, removed)


# size: whom, why, by whom, under which id
def erase_found(venue: Venue, files: Files, actor: Actor, member: str, command_id: str, why: Why) -> Answer | Refusal:
    """Erase a member whom this person has found by a search; the event says who did it, not who was erased.

    Refused with ``search_first``, ``unknown_member``, or ``visit_runs`` (and its ``number`` and ``day``). The
    database's pages are written anew in the server's next round in which no day is open: nobody at a kiosk waits.
    """
    command = Command("erase", member, command_id, {"why": why}, actor, venue.now())
    taken: list[_Gone] = []

    def do(tx: Tx) -> Answer | Refusal:
        taken.clear()
        refusal = lookups.leave(tx, venue, actor, member)
        if refusal is not None:
            return refusal
        gone = _take_away(tx, venue, member, command.now)
        if isinstance(gone, Refusal):
            return gone
        _note(tx, gone, command.now, actor, why)
        taken.append(gone)
        return {"outcome": "done", "visits": gone.visits, "rows": gone.rows}

    answer = once(venue, command, do)
    for gone in taken:
        _remove_files(files, gone)
    return answer


def _take_away(tx: Tx, venue: Venue, member: str, now: int) -> _Gone | Refusal:
    if members.lock(tx, member) is None:
        return Refusal("unknown_member")
    known = persons.known(tx, member)
    assert known is not None
    ended = {row["id"]: row["ended_at"] is not None for row in days.every(tx)}
    for visit in known["visits"]:
        if visit["state"] != "left" and not ended[visit["service_day"]]:
            return Refusal("visit_runs", {"number": visit["number"], "day": visit["service_day"]})
    jobs = frozenset(str(row["id"]) for row in known["prints"])
    rows = persons.forget(tx, member, venue.new_id("F"))
    # If writing the pages anew is cut off, the next round or start does it.
    purges.plan(tx, PAGES, local_day(now, venue.plan.timezone), now, now, again=True)
    return _Gone(len(known["visits"]), rows, jobs)


def _note(tx: Tx, gone: _Gone, now: int, actor: Actor | None = None, why: Why | None = None) -> None:
    tx.emit(
        "member_erased",
        now,
        {"visits": gone.visits, "rows": gone.rows, "why": why},
        service_day=days.running_id(tx),
        device=actor.device if actor else None,
        staff=actor.staff if actor else None,
    )


def _in_words(member: str, refusal: Refusal) -> str:
    if refusal.code == "unknown_member":
        return f"there is no member {member}"
    number, day = refusal.params["number"], refusal.params["day"]
    name = "without a number yet" if number is None else f"number {number}"
    return (
        f"{member} is inside now ({name}, {day}): erase them once the visit has ended. "
        "At a kiosk they can leave; otherwise it ends with the day. Nothing was changed"
    )


def _remove_files(files: Files, gone: _Gone) -> int:
    if files.printers is None:
        return 0
    return remove_files(
        path for path in files.printers.glob("*/*") if path.is_file() and path.name.split(".")[0] in gone.jobs
    )
