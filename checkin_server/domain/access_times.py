"""For how long who is allowed: an idle tablet, an organiser's PIN, a device's token. All of it is a venue's setting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from checkin_server.domain.tour import Event

DAY_MS = 86_400_000
_SPARE_DAYS = 2
"""The hall is set up before the first day of an event, and figures are read after its last."""


@dataclass(frozen=True, slots=True)
class Access:
    """What the venue's table `[access]` says."""

    tablet_lock_minutes: float = 10.0
    """A tablet that nobody has touched for so long shows nothing of its visitor until the PIN is entered."""
    office_minutes: float = 15.0
    """On a dashboard a PIN counts for so long after what it was last used for."""
    device_days: int | None = None
    """A device's token that was not used for so many days is good no more; None: as long as the event lasts."""


def token_ms(access: Access, event: Event) -> int:
    """Return for how long a device's token is good from when it was last used, in milliseconds."""
    days = access.device_days
    if days is None:
        first = min((date.fromisoformat(city.first_day) for city in event.cities), default=None)
        last = max((date.fromisoformat(city.last_day) for city in event.cities), default=None)
        days = (last - first).days + 1 + _SPARE_DAYS if first and last else 30
    return days * DAY_MS


def is_good(access: Access, event: Event, used_at: int, now: int) -> bool:
    """Whether a device's token is good that was used last at a moment (milliseconds since 1970 UTC).

    A moment to come, which a wrong clock has left, counts as now.
    """
    return now - min(used_at, now) < token_ms(access, event)
