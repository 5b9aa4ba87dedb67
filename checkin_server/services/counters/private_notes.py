"""Private notes about a visit: for the staff of the booth that wrote them, on no public screen, in no snapshot.

That a note was written or read stands in the event log, with who did; what it says does not.
"""

from __future__ import annotations

from checkin_server.db import counters, notes, staff
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.services.counters import at_counter
from checkin_server.services.counters.undo import Memo
from checkin_server.services.once import Answer, Command
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Actor, Venue


def write(
    venue: Venue, actor: Actor, counter_id: str, command_id: str, text: str, step: str | None = None
) -> Answer | Refusal:
    """Keep a note about the visitor at this counter."""
    body = {"text": text} if step is None else {"text": text, "step": step}
    command = Command("note", counter_id, command_id, body, actor, venue.now())

    def do(tx: Tx, counter: Row) -> Answer | Refusal:
        found = at_counter.current(tx, counter, step)
        if isinstance(found, Refusal):
            return found
        here, visit = found
        memo = Memo(tx, counter, command)
        memo.look(visit["id"])
        notes.add(
            tx,
            id=venue.new_id("n"),
            visit=visit["id"],
            step=here["id"],
            booth=venue.plan.counters[counter_id].booth,
            counter=counter_id,
            staff=actor.staff,
            text=text,
            at=command.now,
        )
        at_counter.tell(tx, command, "note_written", here, visit["number"], {})
        memo.keep(here["id"])
        return {"outcome": "done", **at_counter.answer(tx, venue, here["id"])}

    return at_counter.act(venue, command, do)


def read(venue: Venue, actor: Actor, counter_id: str) -> Answer | Refusal:
    """Return what this booth has noted about the visitor at the counter, oldest first; who read it is recorded."""
    if counter_id not in venue.plan.counters:
        return Refusal("unknown_counter")
    booth = venue.plan.counters[counter_id].booth
    now = venue.now()

    def do(tx: Tx) -> Answer | Refusal:
        counter = counters.find(tx, counter_id)
        found = at_counter.current(tx, counter or {"id": counter_id, "state": "closed"})
        if isinstance(found, Refusal):
            return found
        here, visit = found
        kept = notes.of_booth(tx, visit["id"], booth)
        if kept:
            tx.emit(
                "notes_read",
                now,
                {"notes": len(kept)},
                service_day=here["service_day"],
                visit=visit["id"],
                step=here["id"],
                service=here["service"],
                counter=counter_id,
                number=visit["number"],
                device=actor.device,
                staff=actor.staff,
            )
        names = {person["id"]: person["name"] for person in staff.every(tx)}
        return {
            "number": visit["number"],
            "notes": [
                {"text": n["text"], "at": rfc3339(n["at"]), "counter": n["counter"], "staff": names.get(n["staff"], "")}
                for n in kept
            ],
        }

    return venue.db.write(do)
