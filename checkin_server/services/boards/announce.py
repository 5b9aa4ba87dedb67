"""Who says which call aloud: each call is said once in each part of the hall, and one voice speaks there at a time.

A board that wants to say a call asks first. What was said is remembered while the server runs: a board that was cut off
or loaded anew does not say again what was said, and another one in earshot takes over what was not.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

SPEAKING_S = 15.0
"""Who does not say that it has finished is taken to have after this long: its page may be gone."""
_ASK_AGAIN_S = 1.0
_REMEMBERED = 2_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a board that asked is told."""

    outcome: str
    """``speak``, ``wait`` (another voice speaks in earshot) or ``said`` (this call was said already)."""
    wait_s: float = 0.0
    """When to ask again."""


@dataclass(slots=True)
class _Area:
    said: OrderedDict[str, str]
    """Calls, each with the question it was granted to."""
    speaker: str = ""
    until: float = 0.0


class Announcements:
    """Gives the word, one at a time in each area."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._areas: dict[str, _Area] = {}
        self._lock = threading.Lock()

    def ask(self, area: str, device: str, call: str, question: str) -> Answer:
        """Ask for the word to say `call`. The same `question` again, after a lost answer, is answered as before."""
        with self._lock:
            here = self._areas.setdefault(area, _Area(OrderedDict()))
            now = self._now()
            if call in here.said:
                return Answer("speak" if here.said[call] == question else "said")
            if here.speaker not in ("", device) and now < here.until:
                return Answer("wait", min(here.until - now, _ASK_AGAIN_S))
            here.said[call] = question
            while len(here.said) > _REMEMBERED:
                here.said.popitem(last=False)
            here.speaker, here.until = device, now + SPEAKING_S
            return Answer("speak")

    def finish(self, area: str, device: str) -> None:
        """Note that `device` has finished speaking."""
        with self._lock:
            here = self._areas.get(area)
            if here is not None and here.speaker == device:
                here.speaker, here.until = "", 0.0
