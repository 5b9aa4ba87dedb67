"""A ticket's words, in the visitor's language; the layout is the template's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from checkin_server.common.zones import local
from checkin_server.domain.plan import Plan
from checkin_server.domain.tour import Text
from checkin_server.domain.waits import Wait, spoken
from checkin_server.services.venue import Words

_MOST_OFFERS = 4
LONGEST_NUMBER = 88_888
"""As wide as a day's number gets."""


@dataclass(frozen=True, slots=True)
class Says:
    """What one ticket says, whoever it is for."""

    locale: str
    number: int
    category: str
    stops: Sequence[tuple[str, Wait | None]]
    """The services still to come and their waits, in the order of the route."""
    code: str
    """The visit's reference."""
    go: bool = False
    """Whether the visitor is to go to the first of them now; else they wait to be called."""
    duplicate: bool = False
    family: Sequence[int] = ()
    """The other numbers of a family that split up."""


def compose(plan: Plan, words_of: Callable[[str], Words], says: Says, now: int) -> dict[str, Any]:
    """Put a ticket together from what it says.

    `words_of` gives a language's messages, `now` is in milliseconds since 1970 UTC. In a venue with a second language
    the ticket carries its words too, unless it is the visitor's own.
    """
    locale = says.locale
    words = words_of(locale)
    second = plan.second_language if plan.second_language != locale else None
    offers = [
        {"title": _say(plan.service(service).name, locale), "text": _say(offer.text, locale)}
        for service, _ in says.stops
        for offer in plan.offers_for(service, says.category)
    ]
    at = local(now, plan.timezone)
    minute = at.hour * 60 + at.minute
    first = next((stop for stop in says.stops if says.go or stop[1] is not None), None)
    return {
        "locale": locale,
        "number": says.number,
        "duplicate": words.gettext("DUPLICATE") if says.duplicate else None,
        "event": _say(plan.event.name, locale),
        "city": _say(plan.city_name, locale),
        "slogan": _say(plan.event.slogan, locale),
        **_headings(words, says),
        "go": says.go,
        "first": None if first is None else _stop(plan, words, (locale, second), first, minute, go=says.go),
        "route": [
            _stop(plan, words, (locale, second), stop, minute, go=says.go and place == 0)
            for place, stop in enumerate(says.stops)
        ],
        "second": None if second is None else _second(words_of(second), second, says),
        "qr": says.code,
        "offers": offers[:_MOST_OFFERS],
        "offers_left": max(0, len(offers) - _MOST_OFFERS),
        "printed_at": local_time(plan, now),
        "foot": _foot(words, says.family),
    }


def _foot(words: Words, family: Sequence[int]) -> str:
    keep = words.gettext("Keep this ticket. Show it at any kiosk to see where you stand.")
    if not family:
        return keep
    numbers = ", ".join(str(number) for number in family)
    others = words.gettext("Your family: {numbers}.").format(numbers=numbers)
    return f"{others} {keep}"


def _second(words: Words, locale: str, says: Says) -> dict[str, str]:
    return {"locale": locale, **_headings(words, says), "foot": _foot(words, says.family)}


def _headings(words: Words, says: Says) -> dict[str, str]:
    """Return what a ticket says in each of its languages."""
    # To go and to wait must not look alike: the verb stands over the place.
    verb = words.gettext("Go now to") if says.go else words.gettext("Wait: we will call you, probably first to")
    return {
        "heading": words.gettext("Your number"),
        "first_heading": verb,
        "instruction": words.gettext("We will call you. Watch the screens."),
        "route_heading": words.gettext("What you came for"),
        # TRANSLATORS: at the end of a list on a printed ticket that has no room for all of it; {n} is a number.
        "more": words.gettext("+ {n} more: show this ticket at a kiosk"),
    }


def _stop(
    plan: Plan,
    words: Words,
    languages: tuple[str, str | None],
    stop: tuple[str, Wait | None],
    minute: int,
    *,
    go: bool,
) -> dict[str, Any]:
    (locale, second), (service, wait) = languages, stop
    zone_id = plan.zone_of(service)
    zone = plan.zones.get(zone_id) or plan.past.zones.get(zone_id)
    return {
        "zone": {"id": zone.id, "shape": zone.shape} if zone else {"id": "", "shape": "circle"},
        "title": _say(plan.service(service).name, locale),
        # Who has been called waits no more.
        "detail": "" if go and wait is None else wait_words(words, wait, minute),
        "second": "" if second is None else _say(plan.service(service).name, second),
    }


def wait_words(words: Words, wait: Wait | None, minute: int | None = None) -> str:
    """Say a wait in the words of the screens (`waits.js`): never a single figure, and none when it is not known.

    `minute`: what time it is at the venue, in minutes since midnight; what is far off is said by the part of the day.
    """
    if wait is None:
        return words.gettext("not open yet")
    says = spoken(wait, minute)
    if says.part == "morning":
        return words.gettext("later this morning")
    if says.part == "afternoon":
        return words.gettext("this afternoon")
    if says.part == "evening":
        return words.gettext("this evening")
    if says.unit == "half hours":
        low, high = _half_hours(words, says.low), _half_hours(words, says.high)
        if says.over:
            return words.gettext("more than {time}").format(time=low)
        if says.low == 0:
            return words.gettext("at most {time}").format(time=high)
        return words.gettext("{low} to {high}").format(low=low, high=high)
    if says.high <= 2:
        return words.gettext("almost no wait")
    if says.low == 0:
        return words.ngettext("at most {n} min", "at most {n} min", says.high).format(n=says.high)
    return words.ngettext("about {low}-{n} min", "about {low}-{n} min", says.high).format(low=says.low, n=says.high)


def _half_hours(words: Words, halves: int) -> str:
    hours, half = divmod(halves, 2)
    if hours == 0:
        return words.gettext("half an hour")
    if half:
        return words.ngettext("{n}½ h", "{n}½ h", hours).format(n=hours)
    return words.ngettext("{n} h", "{n} h", hours).format(n=hours)


def local_time(plan: Plan, at: int) -> str:
    """Write a moment in the venue's own time, as Morocco writes dates: ``27/12/2019 09:14``."""
    return local(at, plan.timezone).strftime("%d/%m/%Y %H:%M")


def _say(text: Text, locale: str) -> str:
    return text.get(locale) or text["ar"]
