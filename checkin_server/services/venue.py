"""What every use case works with: the venue as it runs, and who is acting."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from checkin_server.common.clock import Clock
from checkin_server.common.turns import Turns
from checkin_server.db.database import Database
from checkin_server.domain.members import codes
from checkin_server.domain.moments import Longest, longest
from checkin_server.domain.plan import Plan
from checkin_server.services.hall import HallWatch
from checkin_server.services.numbers import Numbers
from checkin_server.services.routing.router import HallRouter


class Words(Protocol):
    """Messages of one language."""

    def gettext(self, message: str) -> str:
        """Return a message in this language."""
        ...

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the form of a message for `n`."""
        ...


def _chance(size: int) -> bytes:
    return os.urandom(size)


@dataclass(frozen=True)
class Venue:
    """One venue while it runs. Everything a use case needs is here and is passed in, nothing is global."""

    plan: Plan
    db: Database
    clock: Clock
    hall: HallWatch
    """The hall at a glance, at most half a second old."""
    words: Callable[[str], Words]
    """Messages of a language: ``words("ar").gettext("…")``."""
    chance: Callable[[int], bytes] = _chance
    numbers: Numbers = field(default_factory=Numbers, compare=False)
    """Where visits' numbers come from."""
    turns: Turns = field(default_factory=Turns, compare=False)
    """What must be done one after the other, whoever asks for it: attempts at one person's PIN."""
    router: HallRouter = field(init=False, compare=False)
    """Whom a counter calls, who is sent where, what can be foretold."""
    longest: Longest = field(init=False, compare=False)
    """How far ahead a stored moment may lie, when it is read."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "router", HallRouter(self.plan, self.db))
        object.__setattr__(self, "longest", longest(self.plan))

    def now(self) -> int:
        """Return the present moment in milliseconds since 1970 UTC."""
        return self.clock.now()

    def new_visit_code(self) -> str:
        """Make a visit's opaque reference."""
        return codes.make(codes.VISIT, self.chance(16))

    def new_id(self, prefix: str) -> str:
        """Make an opaque id of 96 random bits."""
        return f"{prefix}_{self.chance(12).hex()}"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a paired device, and at a counter the member of staff signed in on it."""

    device: str
    role: str
    station: str
    staff: str | None = None
