"""Stretches of time: half-open, from a moment until another, in milliseconds since 1970 UTC."""

from __future__ import annotations

from collections.abc import Iterable

Stretch = tuple[int, int]
"""From this moment until that one, the second not included."""


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return the same time in order, each moment once; what ends before it begins is no time."""
    found: list[Stretch] = []
    for since, until in sorted(stretches):
        if until <= since:
            continue
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def within(stretches: Iterable[Stretch], bounds: Iterable[Stretch]) -> list[Stretch]:
    """Return the part of the stretches that lies within the bounds."""
    first, second = merged(stretches), merged(bounds)
    found: list[Stretch] = []
    here = there = 0
    while here < len(first) and there < len(second):
        since, until = max(first[here][0], second[there][0]), min(first[here][1], second[there][1])
        if since < until:
            found.append((since, until))
        if first[here][1] < second[there][1]:
            here += 1
        else:
            there += 1
    return found


def without(stretches: Iterable[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """Return what is left of the stretches when others are taken from them."""
    away = merged(taken)
    found: list[Stretch] = []
    place = 0
    for since, until in merged(stretches):
        while place < len(away) and away[place][1] <= since:
            place += 1
        at = place
        while at < len(away) and away[at][0] < until:
            if away[at][0] > since:
                found.append((since, away[at][0]))
            since = max(since, away[at][1])
            at += 1
        if since < until:
            found.append((since, until))
    return found


def length(stretches: Iterable[Stretch]) -> int:
    """Return how long they are together, each moment counted once; milliseconds."""
    return sum(until - since for since, until in merged(stretches))
