"""A member's right to be forgotten: the person is gone, what was counted stays."""

from __future__ import annotations

from dataclasses import dataclass

from checkin_server.common.faults import Fault
from checkin_server.db import days, members, persons, purges
from checkin_server.db.compaction import compact
from checkin_server.db.tx import Tx
from checkin_server.services.privacy.purge import Files, remove_files
from checkin_server.services.times import local_day
from checkin_server.services.venue import Actor, Venue


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


def erase(venue: Venue, files: Files, member: str, actor: Actor | None = None) -> Erased:
    """Erase a member: name, needs, cards, which visits were theirs, what was said and written on those.

    The visits stay in every count. Raises `NotErased` when there is no such member, or while a visit of theirs runs.
    """
    now = venue.now()
    today = local_day(now, venue.plan.timezone)

    def do(tx: Tx) -> tuple[int, int, set[str]]:
        if members.lock(tx, member) is None:
            raise NotErased(f"there is no member {member}")
        known = persons.known(tx, member)
        assert known is not None
        ended = {row["id"]: row["ended_at"] is not None for row in days.every(tx)}
        for visit in known["visits"]:
            if visit["state"] != "left" and not ended[visit["service_day"]]:
                name = "without a number yet" if visit["number"] is None else f"number {visit['number']}"
                raise NotErased(
                    f"{member} is inside now ({name}, {visit['service_day']}): erase them once the visit has ended. "
                    "At a kiosk they can leave; otherwise it ends with the day. Nothing was changed"
                )
        jobs = {str(row["id"]) for row in known["prints"]}
        rows = persons.forget(tx, member, venue.new_id("F"))
        # Pages are written anew below. If that is cut off, the next round or start does it.
        purges.plan(tx, "pages", today, now, now, again=True)
        tx.emit(
            "member_erased",
            now,
            {"visits": len(known["visits"]), "rows": rows},
            device=actor.device if actor else None,
            staff=actor.staff if actor else None,
        )
        return len(known["visits"]), rows, jobs

    visits, rows, jobs = venue.db.write(do)
    removed = 0
    if files.printers is not None:
        removed = remove_files(
            path for path in files.printers.glob("*/*") if path.is_file() and path.name.split(".")[0] in jobs
        )
    compact(venue.db.engine)
    venue.db.write(lambda tx: purges.end(tx, "pages", today, venue.now()))
    return Erased(visits, rows, removed)
