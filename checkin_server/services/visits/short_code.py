"""Short codes typed by hand, where a card can't be read: they can be guessed, so guesses are few on each device."""

from __future__ import annotations

from collections.abc import Callable

from checkin_server.db import days, staff
from checkin_server.db.tx import Tx
from checkin_server.domain.moments import LONGEST_LOCK_S
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer
from checkin_server.services.venue import Actor, Venue

FREE_ATTEMPTS = 5
"""Short codes that are nobody's before a device takes no more, for a minute at first, doubling up to an hour."""


def guarded(venue: Venue, actor: Actor, scan: Callable[[], Answer | Refusal]) -> Answer | Refusal:
    """Do a scan of a short code unless too many were wrong on this device; then it is refused as ``codes_locked``.

    One after the other on a device: many guesses at once are as many guesses. A card that is scanned, and a whole code,
    do not come here.
    """
    key = f"code:{actor.device}"
    with venue.turns.of(key):
        now = venue.now()
        held = venue.db.read(lambda tx: staff.throttled_now(tx, key))
        if held and venue.longest.clamped("throttle.locked_until", held["locked_until"], now) > now:
            return {
                "outcome": "refused",
                "reason": "codes_locked",
                "visit": None,
                "member": None,
                "first_seen": None,
            }
        answer = scan()
        wrong = not isinstance(answer, Refusal) and answer["reason"] == "unknown_card"
        if wrong:
            venue.db.write(lambda tx: _count(tx, actor, key, now))
        elif held:
            venue.db.write(lambda tx: staff.clear_throttle(tx, key))
        return answer


def _count(tx: Tx, actor: Actor, key: str, now: int) -> None:
    row = staff.throttled(tx, key)
    failures = (row["failures"] if row else 0) + 1
    over = failures - FREE_ATTEMPTS
    seconds = min(LONGEST_LOCK_S, 60 * 2**over) if over >= 0 else 0
    (staff.set_throttle if row else staff.add_throttle)(tx, key, failures, now + seconds * 1000)
    if seconds:
        tx.emit(
            "short_codes_locked",
            now,
            {"seconds": seconds},
            service_day=days.running_id(tx),
            device=actor.device,
            staff=actor.staff,
        )
