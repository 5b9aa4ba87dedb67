"""What one value alone can't tell: that what is named exists, that nothing stands twice, that a day can open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from checkin_server.common import zones
from checkin_server.settings.errors import Problem, suggest
from checkin_server.settings.lines import Path
from checkin_server.settings.models import PrinterEntry, TourFile, VenueFile
from checkin_server.settings.source import Source

MIN_SIGN_CONTRAST = 3.0
"""Least contrast of a zone's letter on its sign: WCAG 2.2, 1.4.11 and large text of 1.4.3."""

_DEFINED_AS = {
    "zone": "zone",
    "booth": "booth",
    "service": "service",
    "services": "service",
    "printer": "printer",
    "neighbours": "printer",
    "zones": "zone",
    "booths": "booth",
    "between": "zone",
    "after": "service",
    "categories": "category",
}
"""Which kind of table a reference names."""


def check_tour(source: Source, tour: TourFile) -> Iterator[Problem]:
    """Find what does not fit together in the tour's file."""
    for kind, entries in (
        ("city", tour.city),
        ("office", tour.office),
        ("category", tour.category),
        ("need", tour.need),
    ):
        yield from _twice(source, kind, [entry.id for entry in entries], "id")
    for index, city in enumerate(tour.city):
        if city.last_day < city.first_day:
            what = f"{city.last_day} is before the first day, {city.first_day}"
            yield source.problem(("city", index, "last_day"), what, "Correct one of the two dates.")


def check_venue(source: Source, venue: VenueFile, tour: TourFile) -> Iterator[Problem]:
    """Find what does not fit together in a venue's file, and between it and its tour."""
    yield from _check_duplicates(source, venue)
    yield from _check_references(source, venue, tour)
    yield from _check_days(source, venue, tour)
    yield from _check_walks(source, venue)
    yield from _check_order(source, venue)
    yield from _check_staffing(source, venue)
    yield from check_printers(source, venue.printer)
    for index, zone in enumerate(venue.zone):
        contrast = _contrast(zone.colour, zone.ink)
        if contrast < MIN_SIGN_CONTRAST:
            what = f'the letter "{zone.id}" can\'t be read on {zone.colour} (contrast {contrast:.1f}, not 3)'
            yield source.problem(("zone", index, "ink"), what, 'Write "#FFFFFF" or "#14211B".')


_WAYS: dict[str, dict[str, str]] = {
    "network": {"host": 'Add host = "192.168.1.51", the printer\'s address.', "port": "", "acknowledge": ""},
    "usb": {
        "vendor": "Add vendor = 0x04b8, the first number that `lsusb` shows for it.",
        "product": "Add product = 0x0e15, the second number that `lsusb` shows for it.",
        "serial": "",
        "acknowledge": "",
    },
    "serial": {
        "device": 'Add device = "/dev/ttyUSB0", the line it hangs on.',
        "baud": "",
        "flow": "",
        "acknowledge": "",
    },
    "lp": {"queue": 'Add queue = "kiosk-1", one of those that `lpstat -e` lists.', "acknowledge": ""},
    "file": {"path": 'Add path = "/dev/usb/lp0", what jobs are written to.', "acknowledge": ""},
    "virtual": {},
    "agent": {},
}
"""The keys of each kind of printer; those with a remedy must be there."""
_CALLED = {"host": "address", "path": "file"}


def check_printers(source: Source, printers: Sequence[PrinterEntry]) -> Iterator[Problem]:
    """Find printers that can't be reached as they are described, and keys that would not be used."""
    own = {"id", "kind", "width_mm"}
    for index, printer in enumerate(printers):
        keys = _WAYS[printer.kind]
        for key, remedy in keys.items():
            if remedy and not str(getattr(printer, key) or "").strip():
                what = f"a {printer.kind} printer needs its {_CALLED.get(key, key)}"
                yield source.problem(("printer", index, key), what, remedy)
        for key in sorted(printer.model_fields_set - own - keys.keys()):
            if printer.kind == "agent":
                what = f"an agent's printer has no {_CALLED.get(key, key)} here"
                remedy = "Remove it: `riwaq print-agent` is told on its own computer where the printer is."
            else:
                what = f"a {printer.kind} printer has no {_CALLED.get(key, key)}"
                kinds = [kind for kind, has in _WAYS.items() if key in has]
                remedy = "Remove it, or write " + " or ".join(f'kind = "{kind}"' for kind in kinds) + "."
            yield source.problem(("printer", index, key), what, remedy)


def duplicates(source: Source, kind: str, ids: Iterable[str]) -> Iterator[Problem]:
    """Find ids that stand twice in the tables `kind`."""
    return _twice(source, kind, list(ids), "id")


def unknown(source: Source, path: Path, word: str, kind: str, known: Iterable[str]) -> Iterator[Problem]:
    """Find out whether `word` names something of `kind`."""
    choices = list(known)
    if word not in choices:
        yield source.problem(path, f'there is no {kind} "{word}"', suggest(word, choices))


def _twice(source: Source, kind: str, values: Sequence[str], key: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, value in enumerate(values):
        if value in first:
            line = source.lines.get((kind, first[value], key))
            what = f'the {kind} "{value}" is already defined in line {line}'
            yield source.problem((kind, index, key), what, f"Give each {kind} its own {key}.")
        first.setdefault(value, index)


def _check_duplicates(source: Source, venue: VenueFile) -> Iterator[Problem]:
    for kind in ("zone", "unit", "booth", "service", "offer", "counter", "board", "kiosk", "desk", "printer"):
        yield from _twice(source, kind, [entry.id for entry in getattr(venue, kind)], "id")
    yield from _twice(source, "card_key", [key.public for key in venue.card_key], "public")
    yield from _twice(source, "day", [day.date.isoformat() for day in venue.day], "date")
    labels: dict[tuple[str, str], str] = {}
    for index, counter in enumerate(venue.counter):
        other = labels.setdefault((counter.booth, counter.label), counter.id)
        if other != counter.id:
            what = f'the counter "{other}" of the same booth has the label "{counter.label}" too'
            yield source.problem(("counter", index, "label"), what, "Give each counter of a booth its own label.")


def _check_references(source: Source, venue: VenueFile, tour: TourFile) -> Iterator[Problem]:
    defined: dict[str, list[str]] = {
        "zone": [zone.id for zone in venue.zone],
        "booth": [booth.id for booth in venue.booth],
        "service": [service.id for service in venue.service],
        "printer": [printer.id for printer in venue.printer],
        "category": [category.id for category in tour.category],
    }
    for table, keys in (
        ("booth", ("zone",)),
        ("service", ("booth", "categories", "after")),
        ("walk", ("between",)),
        ("offer", ("service", "categories")),
        ("counter", ("booth", "services")),
        ("board", ("zones", "booths")),
        ("kiosk", ("zone", "printer", "neighbours")),
        ("desk", ("zone", "printer", "neighbours")),
    ):
        for index, entry in enumerate(getattr(venue, table)):
            for key in keys:
                kind = _DEFINED_AS[key]
                for path, word in _named(getattr(entry, key), (table, index, key)):
                    yield from unknown(source, path, word, kind, defined[kind])
    yield from _check_boards(source, venue, defined)
    yield from unknown(source, ("city",), venue.city, "city", [city.id for city in tour.city])
    if venue.welcome_zone is not None:
        yield from unknown(source, ("welcome_zone",), venue.welcome_zone, "zone", defined["zone"])
    for table in ("kiosk", "desk"):
        for index, place in enumerate(getattr(venue, table)):
            if place.printer in place.neighbours:
                path = (table, index, "neighbours", place.neighbours.index(place.printer))
                what = f'"{place.printer}" is the {table}\'s own printer'
                yield source.problem(path, what, "Name only the other printers, nearest first.")


def _check_boards(source: Source, venue: VenueFile, defined: dict[str, list[str]]) -> Iterator[Problem]:
    zone_of = {booth.id: booth.zone for booth in venue.booth}
    for index, board in enumerate(venue.board):
        for position, booth in enumerate(board.booths):
            # A booth or a zone that is not there is reported as such.
            zone = zone_of.get(booth)
            if zone in defined["zone"] and zone not in board.zones:
                what = f'the booth "{booth}" is in zone "{zone}", which this board does not show'
                yield source.problem(("board", index, "booths", position), what, "Add the zone, or remove the booth.")
        for zone in board.arrows:
            yield from unknown(source, ("board", index, "arrows"), zone, "zone", defined["zone"])
        if len(set(board.languages)) < len(board.languages):
            yield source.problem(("board", index, "languages"), "a language stands twice", "Name each language once.")


def _named(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Give each id that a reference names, a list or a single one, with its place."""
    if isinstance(value, tuple):
        for position, word in enumerate(value):
            yield (*path, position), word
    else:
        yield path, value


def _check_days(source: Source, venue: VenueFile, tour: TourFile) -> Iterator[Problem]:
    city = next((city for city in tour.city if city.id == venue.city), None)
    for index, day in enumerate(venue.day):
        if city and not city.first_day <= day.date <= city.last_day:
            what = f"{day.date} is not a day of the tour in {city.name.en} ({city.first_day} to {city.last_day})"
            yield source.problem(("day", index, "date"), what, "Correct it here or in the tour's file.")
        if day.closes <= day.opens:
            what = f"closing at {day.closes:%H:%M} is not after opening at {day.opens:%H:%M}"
            yield source.problem(("day", index, "closes"), what, "Write a later time of the same day.")
        for key, clock in (("opens", day.opens), ("closes", day.closes)):
            if not _exists(day.date, clock, venue.timezone):
                what = f"clocks in {venue.timezone} are put forward over {clock:%H:%M} on {day.date}"
                yield source.problem(("day", index, key), what, "Write a time that exists on that day.")


def _check_walks(source: Source, venue: VenueFile) -> Iterator[Problem]:
    """A way leads from one zone to another, and stands once."""
    seen: dict[frozenset[str], int] = {}
    for index, walk in enumerate(venue.walk):
        ends = frozenset(walk.between)
        if len(ends) == 1:
            what = f'a way leads from one zone to another, and this one from "{walk.between[0]}" to itself'
            yield source.problem(("walk", index, "between"), what, "Name two zones; within a zone nobody walks.")
        elif (first := seen.setdefault(ends, index)) != index:
            line = source.lines.get(("walk", first, "between"))
            what = f"the way between {walk.between[0]} and {walk.between[1]} already stands in line {line}"
            yield source.problem(("walk", index, "between"), what, "Remove one: it is the same way in both directions.")


def _check_order(source: Source, venue: VenueFile) -> Iterator[Problem]:
    """No service may come after itself, by whatever detour: nobody could ever begin."""
    before = {service.id: service.after for service in venue.service}
    for index, entry in enumerate(venue.service):
        reached: set[str] = set()
        ahead = list(entry.after)
        while ahead:
            service = ahead.pop()
            if service not in reached:
                reached.add(service)
                ahead += before.get(service, ())
        if entry.id in reached:
            what = f'the service "{entry.id}" would come after itself'
            yield source.problem(("service", index, "after"), what, "Remove it from one of the lists `after`.")


def _exists(day: date, clock: time, timezone: str) -> bool:
    """Whether the local time occurs: one that a clock change skips does not survive the way to UTC and back."""
    local = datetime.combine(day, clock, zones.zone(timezone))
    back = local.astimezone(UTC).astimezone(zones.zone(timezone))
    return back.replace(tzinfo=None) == local.replace(tzinfo=None)


def _check_staffing(source: Source, venue: VenueFile) -> Iterator[Problem]:
    """Every service that is given needs a counter of its own booth that gives it."""
    booths = {booth.id for booth in venue.booth}
    # A booth that is not there is reported as such; that nobody serves at it is no news then.
    booth_of = {service.id: service.booth for service in venue.service if service.booth in booths}
    given: set[str] = set()
    for index, counter in enumerate(venue.counter):
        for position, service in enumerate(counter.services):
            if booth_of.get(service, counter.booth) != counter.booth:
                what = f'the service "{service}" is given at the booth "{booth_of[service]}", not "{counter.booth}"'
                remedy = "Remove it here, or move the service to this booth."
                yield source.problem(("counter", index, "services", position), what, remedy)
        given |= set(counter.services or (s for s, booth in booth_of.items() if booth == counter.booth))
    for index, entry in enumerate(venue.service):
        if entry.id in booth_of and entry.id not in given and not entry.closed:
            remedy = f'Add a [[counter]] of the booth "{entry.booth}", or write closed = true.'
            yield source.problem(("service", index, "id"), "no counter gives this service", remedy)


def _contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#RRGGBB`` colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
