"""What the simulated people meet: the house, as a visitor or a member of staff can use it.

The world (`checkin_server.rehearsal.world`) plays visitors and staff and knows nothing of who decides. A house is the
real router in this process (`checkin_server.rehearsal.in_process`), a running server over HTTP, or one of the policies
it is compared with (`checkin_server.rehearsal.policies`). Times are milliseconds since 1970 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from checkin_server.domain.plan import Plan
from checkin_server.rehearsal.days import MINUTE, Visitor


@dataclass(frozen=True, slots=True)
class Called:
    """A counter has called a visitor."""

    visitor: str
    service: str


@dataclass(frozen=True, slots=True)
class Told:
    """A visitor was told something: to walk to a service, or, with None, that the place they were sent to has gone."""

    visitor: str
    service: str | None
    aloud: bool = False
    """Told as a call is: in large and by voice."""


def patience(plan: Plan, origin: str, zone: str) -> int:
    """Milliseconds that staff wait for whom they have called, in every house: tablets say the same."""
    return round(plan.patience_minutes(origin, zone) * MINUTE)


class House(Protocol):
    """The house. The world calls these in the order of time; `at` always comes first at a new moment."""

    def at(self, now: int) -> None:
        """It is `now`: set a virtual clock, or wait for the real one."""
        ...

    def check_in(self, visitor: Visitor) -> Sequence[str] | None:
        """A visitor shows a card and asks for `visitor.wants`.

        Returns the services that are not given any more today: their last tickets have gone.
        """
        ...

    def arrived(self, visitor: str, service: str) -> None:
        """A visitor who was told to go to a service has arrived there. A house that can't see it ignores this."""
        ...

    def hold(self, visitor: str, until: int) -> None:
        """A visitor goes to pray or to fetch a paper and keeps the place until then."""
        ...

    def leave(self, visitor: str) -> None:
        """A visitor goes home with services still open."""
        ...

    def open(self, counter: str) -> None:
        """Staff open a counter, or come back from a break."""
        ...

    def pause(self, counter: str) -> None:
        """Staff pause a counter: a break, a breakdown, the end of their day."""
        ...

    def call_next(self, counter: str) -> Called | None:
        """Staff press *Next*."""
        ...

    def start(self, counter: str) -> None:
        """The visitor has come to the counter."""
        ...

    def finish(self, counter: str) -> None:
        """The service is done."""
        ...

    def no_show(self, counter: str) -> bool:
        """Nobody came. Returns whether the service was given up for good."""
        ...

    def grace(self, counter: str) -> int:
        """Milliseconds that staff wait for the visitor whom they have called."""
        ...

    def news(self) -> Sequence[Told]:
        """What visitors were told since this was asked last."""
        ...

    def wanted(self, idle: Iterable[str]) -> Iterable[str]:
        """Of the counters whose staff have nobody, those at which *Next* may now bring somebody.

        A tablet shows it; asking too often does no harm.
        """
        ...
