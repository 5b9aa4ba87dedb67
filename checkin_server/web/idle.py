"""When each session was last used by hand: an idle tablet locks, and on a dashboard a PIN counts for some minutes.

Kept in memory and by a clock that only goes forward: writing it down would cost each command a write, and what somebody
does with their hands goes by real time. After a restart every session counts as used at that moment.
"""

from __future__ import annotations

import threading
import time

_MOST = 10_000
"""Sessions that are remembered; a venue has some hundreds a day."""


class Idle:
    """When sessions were last used, by the hash of their token."""

    def __init__(self) -> None:
        self._used: dict[str, float] = {}
        self._lock = threading.Lock()
        self.clock = time.monotonic
        """Seconds that only go forward."""

    def over(self, session: str, minutes: float) -> bool:
        """Whether a session was not used for so long; one that is seen for the first time is used now."""
        now = self.clock()
        with self._lock:
            if len(self._used) > _MOST:
                self._used.clear()
            return now - self._used.setdefault(session, now) >= minutes * 60

    def used(self, session: str) -> None:
        """Note that somebody has used a session just now."""
        with self._lock:
            self._used[session] = self.clock()
