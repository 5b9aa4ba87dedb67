"""An organiser's word about a service's last tickets: it goes before what the look-ahead promises, until taken back.

The look-ahead may be wrong: a partner stays an hour longer, or has to leave. Times are milliseconds since 1970 UTC.
"""

from __future__ import annotations

from dataclasses import dataclass

MORE, STOP, AUTOMATIC = "more", "stop", "automatic"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided for one service."""

    service: str
    rule: str
    """``more`` (so many more places, or until a time) or ``stop`` (none)."""
    at: int
    """When it was decided."""
    places: int | None = None
    """For ``more``: how many tickets from then on; None where a time is set."""
    until: int | None = None
    """For ``more``: until when; None where places are set."""
    given: int = 0
    """Tickets of the service since, less those given back."""
    reason: str = ""

    @property
    def places_left(self) -> int | None:
        """How many tickets there still are; None where only the time counts."""
        if self.rule == STOP:
            return 0
        return None if self.places is None else max(0, self.places - self.given)

    def full(self, now: int) -> bool:
        """Whether nobody gets a ticket any more."""
        return self.places_left == 0 or (self.until is not None and now >= self.until)
