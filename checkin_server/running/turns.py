"""Turns of those who have proved nothing: one at a time, and between two of them whatever else is to be done."""

from __future__ import annotations

import gevent
from gevent.lock import BoundedSemaphore

_A_TURN_S = 0.0005
"""Long enough for the loop to look whether anybody else has said something; not sleeping at all wouldn't do that."""


class Turns:
    """However many ask at one moment, others wait for one of them at most."""

    def __init__(self) -> None:
        self._gate = BoundedSemaphore(1)

    def next(self) -> None:
        """Wait for one's turn."""
        with self._gate:
            gevent.sleep(_A_TURN_S)
