"""Whose hands are on which tablet, and what its socket is told by that: all, a number, or nothing of its visitor.

A socket is a device's, who is signed in changes while it stands. So each counter's topic has three rooms; looked at
once a second, and at once by whoever signs in or out. A session that ended from elsewhere (somebody was disabled, the
day is over) also costs the tablet its socket: it comes back and is told nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from checkin_server.db import staff
from checkin_server.services.snapshots.counter import Seen, hidden
from checkin_server.services.venue import Venue

Move = Callable[[str, Seen], None]
"""Lets a device's sockets be told something else from now on."""
TOPIC = "counter:"


SEEN: tuple[Seen, ...] = ("all", "number", "nothing")


def told(snapshot: dict[str, Any], seen: Seen) -> dict[str, Any]:
    """Return a topic's snapshot as a device is told it."""
    return snapshot if seen == "all" else {**snapshot, "data": hidden(snapshot["data"], seen)}


def room(topic: str, seen: Seen) -> str:
    """Return the room of a topic in which it is told so much."""
    return topic if seen == "all" else f"{topic}/{seen}"


class Presence:
    """What each counter's tablet may be told."""

    def __init__(
        self, venue: Venue, is_idle: Callable[[str, str], bool], move: Move, cut_off: Callable[[str], None]
    ) -> None:
        """`is_idle` says whether a session of a role was not used for too long (by the hash of its token)."""
        self._venue = venue
        self._is_idle = is_idle
        self._move = move
        self._cut_off = cut_off
        self._seen: dict[str, Seen] = {}
        self._lock = threading.Lock()

    def seen(self, device: str) -> Seen:
        """Return what a tablet may be told now."""
        return self._now().get(device, "nothing")

    def begin(self, device: str) -> Seen:
        """Return the same for a tablet that connects, and follow it from now on."""
        seen = self.seen(device)
        with self._lock:
            self._seen[device] = seen
        return seen

    def look(self, devices: frozenset[str], by_hand: str | None = None) -> None:
        """Find whose session began, locked or ended; `by_hand` is where somebody has just signed in or out."""
        with self._lock:
            if not devices & self._seen.keys():
                return
        now = self._now()
        with self._lock:
            known = {device: self._seen[device] for device in devices if device in self._seen}
            self._seen = {device: now.get(device, "nothing") for device in known}
        for device, before in known.items():
            after = now.get(device, "nothing")
            if after == before:
                continue
            self._move(device, after)
            if after == "nothing" and device != by_hand:
                self._cut_off(device)

    def _now(self) -> dict[str, Seen]:
        """Return the devices where somebody is signed in, and whether they are locked."""
        running = self._venue.db.read(lambda tx: staff.running(tx, self._venue.now()))
        return {
            str(row["device"]): "number" if self._is_idle("counter", str(row["token_hash"])) else "all"
            for row in running
        }
