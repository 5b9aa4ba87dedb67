"""The loops of a server process: what time alone makes necessary."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from checkin_server.db.group_commit import WriterStopped
from checkin_server.services import access
from checkin_server.services.day import ending
from checkin_server.services.day.clock import ClockWatch
from checkin_server.services.paper import stale
from checkin_server.services.paper.printing import Printing
from checkin_server.services.venue import Venue
from checkin_server.web.auth import Doorkeeper
from checkin_server.web.sockets import Connections

log = logging.getLogger(__name__)
_HOUSEKEEPING_S = 1.0
_NOTE_SEEN_EVERY = 10
"""Rounds of housekeeping between two notes of which devices have spoken."""
_RESERVE_EVERY = 3
"""Rounds of housekeeping between two looks whether numbers are reserved far enough ahead."""
_TICK_S = 1.0


class Rounds:
    """Two loops, each in a thread of its own; a round that fails is logged and the next one comes all the same."""

    def __init__(
        self,
        venue: Venue,
        doorkeeper: Doorkeeper,
        connections: Connections,
        printing: Printing,
        cut_off: Callable[[str], None],
    ) -> None:
        self._venue = venue
        self._doorkeeper = doorkeeper
        self._connections = connections
        self._printing = printing
        self._cut_off = cut_off
        self._clock = ClockWatch(venue)
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start the loops."""
        threading.Thread(target=self._keep_house, name="housekeeper", daemon=True).start()
        threading.Thread(target=self._tick, name="router", daemon=True).start()

    def stop(self) -> None:
        """Let each loop end with the round it is in."""
        self._stopping.set()

    def _keep_house(self) -> None:
        """Once a second: the clock, printers, old tickets, a closing day, revoked devices; at times note who spoke."""
        rounds = 0
        while not self._stopping.wait(_HOUSEKEEPING_S):
            rounds += 1
            try:
                self._clock.look()
                self._printing.look_after()
                stale.sweep(self._venue)
                ending.look_after(self._venue)
                connected = self._connections.devices()
                for device in access.revoked_among(self._venue, connected):
                    self._cut_off(device)
                if rounds % _RESERVE_EVERY == 0:
                    self._venue.numbers.keep_ahead(self._venue.db)
                if rounds % _NOTE_SEEN_EVERY == 0:
                    now = self._venue.now()
                    seen, self._doorkeeper.seen = self._doorkeeper.seen, {}
                    offsets, self._doorkeeper.offsets = self._doorkeeper.offsets, {}
                    access.note_seen(self._venue, {**seen, **dict.fromkeys(connected, now)}, offsets)
            except Exception:
                log.exception("housekeeping failed; it is tried again")

    def _tick(self) -> None:
        """Once a second: let the router do what time alone makes necessary."""
        while not self._stopping.wait(_TICK_S):
            try:
                self._venue.router.tick(self._venue.now())
            except WriterStopped:
                return
            except Exception:
                log.exception("the router's tick failed; it is tried again")
