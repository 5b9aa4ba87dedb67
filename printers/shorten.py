"""What is left away from a ticket that is too long, from the least important end: a ticket is always printed.

First the offers, one by one, then the slogan, then the last stops of the route; in their place stands how many there
are more, and that a kiosk shows them. Then words of endless length are cut off, the second language goes, and what is
only good to know. Nothing of this depends on paper: whoever lays the ticket out says whether it fits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from printers.ticket import TicketSpec, cut_off

LEAST_STOPS = 3
"""So many stops stay while anything else can go: what somebody came for is why they hold the ticket."""
_LONG_NAME, _SHORT_NAME = 120, 48
"""Characters of each text, once nothing else helps."""


@dataclass(frozen=True, slots=True)
class Shortened:
    """A ticket, and what does not stand on it."""

    spec: TicketSpec
    stops_left: int = 0
    """How many stops of the route have no room."""
    offers_left: int = 0
    """The same of offers; those that the server did not even send are among them."""


Fits = Callable[[Shortened], bool]


def shorten(spec: TicketSpec, fits: Fits) -> Shortened:
    """Give as much of a ticket as fits. What still does not fit with next to nothing on it is given all the same."""
    whole = Shortened(spec, offers_left=spec.offers_left)
    if fits(whole):
        return whole
    fewer = _most(1, len(spec.offers) - 1, lambda count: _with_offers(whole, count), fits)
    if fewer is not None:
        return fewer
    bare = replace(spec, offers=(), offers_left=0)
    if fits(Shortened(bare)):
        return Shortened(bare)
    bare = replace(bare, slogan="")
    for less in (_as_it_is, _with_shorter_words, _in_one_language, _with_least):
        bare = less(bare)
        found = _with_stops_that_fit(bare, fits)
        if found is not None:
            return found
    return _with_stops(bare, min(1, len(bare.route)))


def _with_stops_that_fit(spec: TicketSpec, fits: Fits) -> Shortened | None:
    if fits(Shortened(spec)):
        return Shortened(spec)
    return _most(LEAST_STOPS, len(spec.route) - 1, lambda count: _with_stops(spec, count), fits)


def _most(least: int, most: int, make: Callable[[int], Shortened], fits: Fits) -> Shortened | None:
    """Give the largest that fits of what `make` makes of `least` to `most`; None when not even the least does."""
    found = None
    while least <= most:
        count = (least + most + 1) // 2 if found is not None else least
        tried = make(count)
        if fits(tried):
            found, least = tried, count + 1
        elif found is None:
            return None
        else:
            most = count - 1
    return found


def _with_offers(whole: Shortened, count: int) -> Shortened:
    left = whole.offers_left + len(whole.spec.offers) - count
    return replace(whole, spec=replace(whole.spec, offers=whole.spec.offers[:count]), offers_left=left)


def _with_stops(spec: TicketSpec, count: int) -> Shortened:
    return Shortened(replace(spec, route=spec.route[:count]), stops_left=len(spec.route) - count)


def _as_it_is(spec: TicketSpec) -> TicketSpec:
    return spec


def _with_shorter_words(spec: TicketSpec) -> TicketSpec:
    return _cut(spec, _LONG_NAME)


def _in_one_language(spec: TicketSpec) -> TicketSpec:
    first = spec.first and replace(spec.first, second="")
    return replace(spec, second=None, first=first, route=tuple(replace(stop, second="") for stop in spec.route))


def _with_least(spec: TicketSpec) -> TicketSpec:
    route = tuple(replace(stop, detail="") for stop in spec.route)
    return _cut(replace(spec, foot="", route=route), _SHORT_NAME)


def _cut(spec: TicketSpec, most: int) -> TicketSpec:
    """Cut off every text of a ticket that is longer than `most` characters; its code stays as it is."""
    cut: TicketSpec = _cut_all(spec, most)
    return cut


def _cut_all(value: Any, most: int) -> Any:
    if isinstance(value, str):
        return cut_off(value, most)
    if isinstance(value, tuple):
        return tuple(_cut_all(item, most) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        texts = [field.name for field in fields(value) if field.name != "qr"]
        return replace(value, **{name: _cut_all(getattr(value, name), most) for name in texts})
    return value
