"""From a venue's file and its tour's file to the plan the domain works with."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

from checkin_server.common.zones import zone
from checkin_server.domain.access_times import Access
from checkin_server.domain.boards import Media, Voice
from checkin_server.domain.card_keys import CardKey
from checkin_server.domain.plan import (
    Board,
    Booth,
    Category,
    Counter,
    DayPlan,
    Desk,
    Kiosk,
    Offer,
    Plan,
    Printer,
    Routing,
    Service,
    Unit,
    Zone,
)
from checkin_server.domain.retention import Retention
from checkin_server.domain.tour import City, Event, Office
from checkin_server.settings.checks import check_tour, check_venue
from checkin_server.settings.errors import Problem, SettingsError
from checkin_server.settings.models import (
    BoardEntry,
    CardKeyEntry,
    CounterEntry,
    DayEntry,
    PrinterEntry,
    ServiceEntry,
    TourFile,
    VenueFile,
)
from checkin_server.settings.source import Source


def load_venue(path: Path | str) -> Plan:
    """Read a venue's file and the tour's file it names.

    Raises `SettingsError` that lists every problem found in either file.
    """
    problems: list[Problem] = []
    source = Source.read(Path(path))
    venue: VenueFile | None = None
    tour: TourFile | None = None
    try:
        venue = source.check(VenueFile)
    except SettingsError as error:
        problems += error.problems
    named = source.data.get("tour")
    if isinstance(named, str) and named.strip():
        try:
            tour = _load_tour(source, named)
        except SettingsError as error:
            problems += error.problems
    if venue and tour:
        problems += check_venue(source, venue, tour)
    if problems or venue is None or tour is None:
        raise SettingsError(problems)
    return _build(venue, tour, source.folder)


def printer_of(entry: PrinterEntry) -> Printer:
    """Return the domain's value for a ``[[printer]]``."""
    return Printer(
        id=entry.id,
        kind=entry.kind,
        width_mm=entry.width_mm,
        host=entry.host,
        port=entry.port,
        vendor=entry.vendor or 0,
        product=entry.product or 0,
        serial=entry.serial,
        device=entry.device,
        baud=entry.baud,
        flow=entry.flow,
        queue=entry.queue,
        path=entry.path,
        acknowledge=entry.acknowledge,
    )


def _load_tour(venue: Source, named: str) -> TourFile:
    path = venue.folder / named
    if not path.is_file():
        what = f'there is no file "{named}" beside this one'
        raise SettingsError([venue.problem(("tour",), what, "Name the tour's file relative to this file's folder.")])
    source = Source.read(path)
    tour = source.check(TourFile)
    if problems := list(check_tour(source, tour)):
        raise SettingsError(problems)
    return tour


def _build(venue: VenueFile, tour: TourFile, beside: Path) -> Plan:
    return Plan(
        event=_event(tour),
        venue=venue.id,
        venue_name=venue.name.mapping(),
        city=venue.city,
        timezone=venue.timezone,
        days=tuple(_day(day, venue.timezone) for day in sorted(venue.day, key=lambda day: day.date)),
        zones={z.id: Zone(z.id, z.name.mapping(), z.shape, z.colour, z.ink) for z in venue.zone},
        categories={
            c.id: Category(c.id, c.name.mapping(), c.eligible, float(c.head_start_minutes)) for c in tour.category
        },
        units={u.id: Unit(u.id, u.name.mapping(), u.eligible) for u in venue.unit},
        booths={b.id: Booth(b.id, b.name.mapping(), b.partner.mapping(), b.zone) for b in venue.booth},
        services={s.id: _service(s) for s in venue.service},
        offers=tuple(Offer(o.id, o.service, o.text.mapping(), frozenset(o.categories)) for o in venue.offer),
        counters={c.id: Counter(c.id, c.booth, c.label, _services_of(c, venue)) for c in venue.counter},
        boards={b.id: _board(b) for b in venue.board},
        kiosks={k.id: Kiosk(k.id, k.zone, k.printer, k.neighbours) for k in venue.kiosk},
        desks={d.id: Desk(d.id, d.zone, d.printer, d.neighbours) for d in venue.desk},
        printers={p.id: printer_of(p) for p in venue.printer},
        call_target_minutes=venue.rules.call_target_minutes,
        missed_rest_minutes=float(venue.rules.missed_rest_minutes),
        missed_limit=venue.rules.missed_limit,
        recall_limit=venue.rules.recall_limit,
        desk_priority_minutes=venue.rules.desk_priority_minutes,
        recall_pause_s=float(venue.rules.recall_pause_seconds),
        out_of_turn=venue.rules.out_of_turn,
        print_patience_s=float(venue.printing.patience_seconds),
        print_stale_minutes=venue.printing.stale_minutes,
        day_end_minutes=venue.rules.day_end_minutes,
        retention=Retention(**venue.retention.model_dump()),
        access=_access(venue),
        reprints_an_hour=venue.rules.reprints_an_hour,
        opinions_an_hour=venue.rules.opinions_an_hour,
        opinions_minutes=venue.rules.opinions_minutes,
        welcome_zone=venue.welcome_zone,
        second_language=venue.tickets.second_language,
        media=Media(
            folder=_folder(beside, venue.media.folder),
            image_seconds=float(venue.media.image_seconds),
            max_image_mb=venue.media.max_image_mb,
            max_video_mb=venue.media.max_video_mb,
        ),
        voice=Voice(
            folder=_folder(beside, venue.voice.folder),
            parts=venue.voice.parts,
            synthetic=venue.voice.synthetic,
            volume=float(venue.voice.volume),
        ),
        routing=_routing(venue, tour),
        walks={(walk.between[0], walk.between[1]): float(walk.minutes) for walk in venue.walk},
        walk_default_minutes=float(venue.routing.walk_minutes),
        walk_inside_minutes=float(venue.routing.walk_inside_minutes),
        last_ticket_margin_minutes=float(venue.routing.last_ticket_margin_minutes),
        card_keys=tuple(_card_key(key) for key in venue.card_key),
    )


def _access(venue: VenueFile) -> Access:
    given = venue.access
    return Access(float(given.tablet_lock_minutes), float(given.office_minutes), given.device_days)


def _card_key(entry: CardKeyEntry) -> CardKey:
    return CardKey(entry.public, None if entry.last_day is None else entry.last_day.isoformat())


def _day(entry: DayEntry, timezone: str) -> DayPlan:
    return DayPlan(
        id=entry.date.isoformat(),
        opens_at=utc_ms(entry.date, entry.opens, timezone),
        closes_at=utc_ms(entry.date, entry.closes, timezone),
        capacity=entry.capacity,
    )


def _service(entry: ServiceEntry) -> Service:
    return Service(
        id=entry.id,
        name=entry.name.mapping(),
        booth=entry.booth,
        pictogram=entry.pictogram,
        prior_minutes=float(entry.prior_minutes),
        categories=frozenset(entry.categories),
        closed=entry.closed,
        after=entry.after,
    )


def _routing(venue: VenueFile, tour: TourFile) -> Routing:
    return Routing(
        cap_minutes=float(venue.routing.cap_minutes),
        lead_minutes=float(venue.routing.lead_minutes),
        grace_minutes=float(venue.routing.grace_minutes),
        needs_head_start={need.id: float(need.head_start_minutes) for need in tour.need},
        family_share=float(venue.routing.family_share),
    )


def _folder(beside: Path, named: str) -> str:
    """Return a folder that is named relative to a file's own, as a path that holds from anywhere."""
    return str((beside / named).absolute()) if named.strip() else ""


def _board(entry: BoardEntry) -> Board:
    return Board(
        id=entry.id,
        name=entry.name.mapping(),
        zones=entry.zones,
        booths=entry.booths,
        arrows=dict(entry.arrows),
        languages=entry.languages,
        languages_shown=entry.languages_shown,
        call_seconds=float(entry.call_seconds),
        turn_seconds=float(entry.turn_seconds),
        media=entry.media,
        voice=entry.voice,
        area=entry.area,
    )


def _event(tour: TourFile) -> Event:
    return Event(
        id=tour.id,
        name=tour.name.mapping(),
        slogan=tour.slogan.mapping(),
        host=tour.host.mapping(),
        cities=tuple(City(c.id, c.name.mapping(), c.first_day.isoformat(), c.last_day.isoformat()) for c in tour.city),
        offices=tuple(Office(o.id, o.name.mapping()) for o in tour.office),
    )


def _services_of(counter: CounterEntry, venue: VenueFile) -> tuple[str, ...]:
    """Return the services a counter gives: those it names, or all of its booth's."""
    return counter.services or tuple(s.id for s in venue.service if s.booth == counter.booth)


def utc_ms(day: date, clock: time, timezone: str) -> int:
    """Return a local date and time in `timezone`, by the pinned zone data, as milliseconds since 1970 UTC."""
    return round(datetime.combine(day, clock, zone(timezone)).timestamp() * 1000)
