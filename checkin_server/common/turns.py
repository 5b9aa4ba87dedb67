"""One after the other: what has the same name waits for its turn, everything else goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Turn:
    """A lock, and how many hold it or wait for it."""

    __slots__ = ("lock", "wanted")

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.wanted = 0


class Turns:
    """Turns by name, within this process. A name that nobody waits for costs nothing."""

    def __init__(self) -> None:
        self._turns: dict[str, _Turn] = {}
        self._door = threading.Lock()

    @contextmanager
    def of(self, *names: str) -> Iterator[None]:
        """Wait until nobody else has any of these names, and have them."""
        # In one order, whoever asks: two who want the same names never wait for each other.
        ordered = sorted(set(names))
        with self._door:
            turns = [self._turns.setdefault(name, _Turn()) for name in ordered]
            for turn in turns:
                turn.wanted += 1
        taken: list[_Turn] = []
        try:
            for turn in turns:
                turn.lock.acquire()
                taken.append(turn)
            yield
        finally:
            for turn in reversed(taken):
                turn.lock.release()
            with self._door:
                for name, turn in zip(ordered, turns, strict=True):
                    turn.wanted -= 1
                    if not turn.wanted:
                        del self._turns[name]
