"""Times at the edge: milliseconds inside, RFC 3339 UTC outside."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import overload


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
