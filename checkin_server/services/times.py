"""Times at the edge: milliseconds inside, RFC 3339 UTC outside, the venue's own hours for people."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import overload

from checkin_server.common.zones import local, zone


@overload
def rfc3339(at: int) -> str: ...
@overload
def rfc3339(at: None) -> None: ...
@overload
def rfc3339(at: int | None) -> str | None: ...
def rfc3339(at: int | None) -> str | None:
    """Write milliseconds since 1970 UTC as ``2019-12-27T08:00:00Z`` (with milliseconds where there are any)."""
    if at is None:
        return None
    moment = datetime.fromtimestamp(at / 1000, UTC)
    text = moment.isoformat(timespec="milliseconds" if at % 1000 else "seconds")
    return text.replace("+00:00", "Z")


def milliseconds(text: str) -> int:
    """Read an RFC 3339 time with an offset. Raises ValueError without one."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time needs an offset, for example 2019-12-27T09:00:00+01:00")
    return round(moment.timestamp() * 1000)


def at_venue(at: int, timezone: str) -> str:
    """Write a moment as the venue's clocks show it, for people: ``2019-12-27 09:00``."""
    return f"{local(at, timezone):%Y-%m-%d %H:%M}"


def second_at_venue(at: int, timezone: str) -> str:
    """Write the same to the second: ``2019-12-27 09:00:12``."""
    return f"{local(at, timezone):%Y-%m-%d %H:%M:%S}"


def hours_at_venue(opens: int, closes: int, timezone: str) -> str:
    """Write from when until when, with the date once where both are of one day: ``2019-12-27 09:00 to 17:00``."""
    first, last = local(opens, timezone), local(closes, timezone)
    shown = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%Y-%m-%d %H:%M}"
    return f"{first:%Y-%m-%d %H:%M} to {shown}"


def offset_in_words(seconds: int) -> str:
    """Write what is added to UTC: ``+01:00``."""
    sign, minutes = ("-" if seconds < 0 else "+"), abs(seconds) // 60
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"


def local_day(at: int, timezone: str) -> str:
    """Return the date at the venue at a moment, as an ISO date."""
    return local(at, timezone).date().isoformat()


def midnight(day: str, timezone: str) -> int:
    """Return when a day (ISO date) begins at the venue."""
    return round(datetime.combine(date.fromisoformat(day), time(), zone(timezone)).timestamp() * 1000)


def midnight_after(at: int, timezone: str) -> int:
    """Return the first midnight at the venue after a moment."""
    return midnight((local(at, timezone).date() + timedelta(days=1)).isoformat(), timezone)
