"""The loops of a server process: what time alone makes necessary."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from checkin_server.db.group_commit import WriterStopped
from checkin_server.services import access
from checkin_server.services.day import ending
from checkin_server.services.day.clock import ClockWatch
from checkin_server.services.paper import stale
from checkin_server.services.paper.printing import Printing
from checkin_server.services.privacy import purge
from checkin_server.services.venue import Venue
from checkin_server.web.auth import Doorkeeper
from checkin_server.web.sockets import Connections

log = logging.getLogger(__name__)
_HOUSEKEEPING_S = 1.0
_NOTE_SEEN_EVERY = 10
"""Rounds of housekeeping between two notes of which devices have spoken."""
_RESERVE_EVERY = 3
"""Rounds of housekeeping between two looks whether numbers are reserved far enough ahead."""
_BACK_UP_EVERY = 30
"""Rounds of housekeeping between two looks whether a backup is due."""
_LEARN_EVERY = 10
"""Rounds of housekeeping between two looks which tokens are good; a new one is asked about until then."""
_FORGET_EVERY = 60
"""Rounds of housekeeping between two looks whether something personal is due to be forgotten."""
_TICK_S = 1.0


class Rounds:
    """Two loops, each in a thread of its own; a round that fails is logged and the next one comes all the same."""

    # size: the parts of a server that time alone makes do something
    def __init__(
        self,
        venue: Venue,
        doorkeeper: Doorkeeper,
        connections: Connections,
        printing: Printing,
        cut_off: Callable[[str], None],
        data_dir: Path,
        back_up: Callable[[], object] = lambda: None,
    ) -> None:
        self._venue = venue
        self._data_dir = data_dir
        self._doorkeeper = doorkeeper
        self._connections = connections
        self._cut_off = cut_off
        self._duties: tuple[tuple[int, Callable[[], object]], ...] = (
            (1, ClockWatch(venue).look),
            (1, printing.look_after),
            (1, partial(stale.sweep, venue)),
            (1, partial(ending.look_after, venue)),
            (1, self._cut_off_revoked),
            (1, connections.see_who_is_there),
            (_RESERVE_EVERY, partial(venue.numbers.keep_ahead, venue.db)),
            (_NOTE_SEEN_EVERY, self._note_seen),
            (_LEARN_EVERY, doorkeeper.learn),
            (_FORGET_EVERY, self._forget),
            (_BACK_UP_EVERY, back_up),
        )
        """What is done in every round, or every third or tenth."""
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start the loops."""
        threading.Thread(target=self._keep_house, name="housekeeper", daemon=True).start()
        threading.Thread(target=self._tick, name="router", daemon=True).start()

    def stop(self) -> None:
        """Let each loop end with the round it is in."""
        self._stopping.set()

    def _keep_house(self) -> None:
        """Once a second: the clock, printers, old tickets, a closing day, revoked devices; at times note who spoke.

        Each duty for itself: whatever is wrong with one, a revoked device is cut off and a day comes to its end.
        """
        rounds = 0
        self._do(self._doorkeeper.learn)
        while not self._stopping.wait(_HOUSEKEEPING_S):
            rounds += 1
            for every, duty in self._duties:
                if rounds % every == 0:
                    self._do(duty)

    def _do(self, duty: Callable[[], object]) -> None:
        try:
            duty()
        except Exception:
            log.exception("housekeeping failed; it is tried again")

    def _cut_off_revoked(self) -> None:
        for device in access.revoked_among(self._venue, self._connections.devices()):
            self._cut_off(device)

    def _note_seen(self) -> None:
        now = self._venue.now()
        seen, self._doorkeeper.seen = self._doorkeeper.seen, {}
        offsets, self._doorkeeper.offsets = self._doorkeeper.offsets, {}
        access.note_seen(self._venue, {**seen, **dict.fromkeys(self._connections.devices(), now)}, offsets)

    def _forget(self) -> None:
        purge.due(self._venue, purge.Files.of(self._data_dir))

    def _tick(self) -> None:
        """Once a second: let the router do what time alone makes necessary."""
        while not self._stopping.wait(_TICK_S):
            try:
                self._venue.router.tick(self._venue.now())
            except WriterStopped:
                return
            except Exception:
                log.exception("the router's tick failed; it is tried again")
