"""Time zones, from the pinned package `tzdata` and from nowhere else.

Python's own `ZoneInfo(name)` prefers the machine's files, and each browser brings its own: three clocks in one hall,
since Morocco changed its hours in 2026 (docs/adr/0017-one-clock.md). What time it is at the venue is reckoned here;
paper asks here, and screens are told the offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from importlib import import_module, resources
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DATA = "tzdata"
VERSION: str = import_module(_DATA).IANA_VERSION
"""Which edition of the zone data this is, for example ``2026c``."""
_NAME = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")
_SYSTEM = Path("/usr/share/zoneinfo")
_WEEK_MS = 7 * 86_400_000
_BEFORE_MS, _AFTER_MS = 60 * _WEEK_MS, 120 * _WEEK_MS
_ROUND_MS = 4 * _WEEK_MS


class Offset(NamedTuple):
    """What is added to UTC from a moment on."""

    since: int
    """Milliseconds since 1970 UTC."""
    seconds: int


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """Return the zone called `name`, for example ``Africa/Casablanca``.

    Raises `ZoneInfoNotFoundError` (a KeyError) where the pinned data have none of that name, whatever the machine has.
    """
    if _NAME.fullmatch(name) is None:
        raise ZoneInfoNotFoundError(f"no time zone {name!r}")
    file = resources.files(_DATA) / "zoneinfo"
    for part in name.split("/"):
        file = file / part
    if not file.is_file() or name not in names():
        raise ZoneInfoNotFoundError(f"no time zone {name!r} in tzdata {VERSION}")
    with file.open("rb") as stream:
        return ZoneInfo.from_file(stream, key=name)


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Return the names of all zones that the pinned data know."""
    return frozenset((resources.files(_DATA) / "zones").read_text("utf-8").split())


def system_zone(name: str, folder: Path = _SYSTEM) -> ZoneInfo | None:
    """Return the machine's own idea of a zone, to compare with; None where it has none. Nothing is reckoned by it."""
    file = folder / name
    if _NAME.fullmatch(name) is None or not file.is_file():
        return None
    try:
        with file.open("rb") as stream:
            return ZoneInfo.from_file(stream, key=name)
    except (OSError, ValueError):
        return None


def local(at: int, name: str) -> datetime:
    """Return a moment (milliseconds since 1970 UTC) as the clocks of a zone show it."""
    return datetime.fromtimestamp(at / 1000, zone(name))


def offset_seconds(at: int, of: ZoneInfo) -> int:
    """Return what a zone adds to UTC at a moment, in seconds."""
    shift = datetime.fromtimestamp(at / 1000, of).utcoffset()
    assert shift is not None, "a zone's moment has an offset"
    return round(shift.total_seconds())


def offsets(name: str, around: int) -> tuple[Offset, ...]:
    """Return a zone's offsets from a year before a moment until two years after it, the oldest first.

    The first one holds for all that was before, the last one for all that comes. Screens reckon with them.
    """
    return _offsets(name, around // _ROUND_MS * _ROUND_MS)


@lru_cache(maxsize=16)
def _offsets(name: str, around: int) -> tuple[Offset, ...]:
    of = zone(name)
    begin, end = around - _BEFORE_MS, around + _AFTER_MS
    found = [Offset(begin, offset_seconds(begin, of))]
    for after in range(begin + _WEEK_MS, end + 1, _WEEK_MS):
        seconds = offset_seconds(after, of)
        if seconds != found[-1].seconds:
            found.append(Offset(_change(of, after - _WEEK_MS, after), seconds))
    return tuple(found)


def _change(of: ZoneInfo, before: int, after: int) -> int:
    """Return the moment, in whole seconds, from which the offset is the one that it is at `after`."""
    wanted = offset_seconds(after, of)
    low, high = before // 1000, after // 1000
    while high - low > 1:
        middle = (low + high) // 2
        if offset_seconds(middle * 1000, of) == wanted:
            high = middle
        else:
            low = middle
    return high * 1000


def differences(name: str, other: ZoneInfo, moments: Iterable[int]) -> list[int]:
    """Return which of these moments another zone data set reckons otherwise than the pinned one."""
    of = zone(name)
    return [at for at in moments if offset_seconds(at, of) != offset_seconds(at, other)]
