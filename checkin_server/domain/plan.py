"""The plan of a service day: what the venue offers, where, and for whom.

Built once from the configuration (`checkin_server.settings`) and never changed while the server runs.
Every text is a mapping from language code (``ar``, ``fr``, ``zgh``, ``en``) to the words in that language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

from checkin_server.domain.access_times import Access
from checkin_server.domain.boards import Media, Voice
from checkin_server.domain.card_keys import CardKey
from checkin_server.domain.retention import Retention
from checkin_server.domain.tour import Event, Office, Text

Language = Literal["ar", "fr", "zgh", "en"]
LANGUAGES: tuple[str, ...] = get_args(Language)
"""The languages every text exists in; the first is the default."""
Need = Literal["wheelchair", "low_vision", "hard_of_hearing", "needs_reading_aloud"]
NEEDS: tuple[str, ...] = get_args(Need)
"""What a member may need help with at the venue; whoever serves them is told."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the hall. Its sign is letter, shape and colour together."""

    id: str
    name: Text
    shape: str
    """``circle``, ``triangle``, ``square``, ``diamond``, ``star`` or ``hexagon``."""
    colour: str
    """Background of the sign, ``#RRGGBB``."""
    ink: str
    """Colour of the letter on it, ``#RRGGBB``."""


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of member: active, retired, widowed, child, dependant."""

    id: str
    name: Text
    eligible: bool = True
    head_start_minutes: float = 0.0
    """Minutes that a visit of this category counts as having come earlier, see `Routing`."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit members belong to."""

    id: str
    name: Text
    eligible: bool = True
    """Whether this edition of the tour serves the unit."""


@dataclass(frozen=True, slots=True)
class Booth:
    """A partner's stand, in one zone, with one or more counters."""

    id: str
    name: Text
    partner: Text
    """Who stands there."""
    zone: str


@dataclass(frozen=True, slots=True)
class Service:
    """What a member can come for; it is given at one booth."""

    id: str
    name: Text
    booth: str
    pictogram: str
    """Name of an icon of the front end's icon set."""
    prior_minutes: float
    """Expected service time before anything was measured, in minutes."""
    categories: frozenset[str] = frozenset()
    """Categories it is for; empty means everybody."""
    closed: bool = False
    """Announced but not given at this venue today."""
    after: tuple[str, ...] = ()
    """Services that a visit that wants them too must have been given before this one."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a partner's agreement gives members."""

    id: str
    service: str
    text: Text
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Counter:
    """One serving position of a booth."""

    id: str
    booth: str
    label: str
    """What stands above it, for example ``2``."""
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A public queue screen."""

    id: str
    name: Text
    zones: tuple[str, ...]
    booths: tuple[str, ...] = ()
    """Only calls to these booths; empty means all booths of its zones."""
    arrows: Mapping[str, str] = field(default_factory=dict)
    """Where a zone is, seen from the board: ``left``, ``right``, ``up`` or ``down``, by zone."""
    languages: tuple[str, ...] = ("fr", "ar")
    languages_shown: str = "beside"
    """``beside`` (two columns) or ``turns`` (one after the other, each in full width)."""
    call_seconds: float = 2.5
    """How long a new call stands large at least, while others wait for their turn."""
    turn_seconds: float = 7.0
    """How long a language, an offer or a page of numbers has its turn."""
    media: bool = True
    """Whether it shows the venue's pictures and films between the offers."""
    voice: bool = False
    """Whether it has a loudspeaker and calls aloud."""
    area: str = "hall"
    """Boards within earshot of one another have the same area; one voice speaks there at a time."""

    @property
    def layout(self) -> str:
        """``booth``, ``zone`` or ``hall``: what the board is about."""
        if len(self.booths) == 1:
            return "booth"
        return "zone" if len(self.zones) == 1 else "hall"


@dataclass(frozen=True, slots=True)
class Kiosk:
    """An arrival station."""

    id: str
    zone: str
    printer: str
    neighbours: tuple[str, ...] = ()
    """Printers to fall back on, nearest first."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A welcome desk: staff find visitors there, register walk-ins and print again."""

    id: str
    zone: str
    printer: str
    neighbours: tuple[str, ...] = ()
    """Printers to fall back on, nearest first."""


@dataclass(frozen=True, slots=True)
class Printer:
    """A thermal printer and how it is reached."""

    id: str
    kind: str
    """``network``, ``usb``, ``serial``, ``lp``, ``file``, ``virtual``, or ``agent``: another computer prints
    (`riwaq print-agent`)."""
    width_mm: int
    host: str = ""
    port: int = 9100
    vendor: int = 0
    product: int = 0
    """USB ids of the model."""
    serial: str = ""
    """USB serial number; needed where two printers of one model hang on one machine."""
    device: str = ""
    """A serial line, for example ``/dev/ttyUSB0``."""
    baud: int = 19_200
    flow: str = "rtscts"
    """How a serial printer says that its memory is full: ``rtscts``, ``xonxoff`` or ``none``."""
    queue: str = ""
    """Name of a print queue of this machine (CUPS)."""
    path: str = ""
    """A device file or an ordinary one that jobs are written to."""
    acknowledge: str = "status"
    """How it says that a ticket is through: ``status`` (it answers the request at the ticket's end) or ``none``."""

    @property
    def acknowledges(self) -> bool:
        """Whether its tickets end as printed; else as sent."""
        return self.acknowledge != "none"


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A planned service day. Times are RFC 3339 local times with their offset resolved to UTC milliseconds."""

    id: str
    """The planned calendar date, for example ``2019-12-27``; the day is what was opened, never today's date."""
    opens_at: int
    closes_at: int
    capacity: int | None = None
    """How many visits (parties) may be admitted, or None for no limit."""


@dataclass(frozen=True, slots=True)
class Routing:
    """How the router weighs things; `docs/routing.md` says what each figure trades against what. Minutes."""

    cap_minutes: float = 90.0
    """The most that work still to do can put a visit back: the bound on being overtaken, before head starts."""
    lead_minutes: float = 3.0
    """How far ahead of need a ready area is refilled at least, walking included; further where the walk is longer."""
    work_weight: float = 0.5
    """What a minute of work still to do, or of backlog elsewhere, puts a visit back, up to the cap."""
    spare: float = 0.5
    """Visitors that stand ready beyond the counters expected to need one within the lead."""
    look: int = 6
    """How many of the first by key are compared by their walk."""
    walk_weight: float = 0.5
    """What a minute of walking counts against a minute of waiting."""
    grace_minutes: float = 3.0
    """A call is missed after this and one and a half expected walks."""
    needs_head_start: Mapping[str, float] = field(default_factory=dict)
    """Head start by a need kept with the visit, for example ``{"wheelchair": 15}``; the greatest one counts."""
    head_start_limit_minutes: float = 120.0
    """No head start is greater, whatever is configured: the bound holds for everybody."""
    family_share: float = 0.6
    """How much longer a service takes for each further person of the party."""


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier plans of this venue had and the present one has no more, as it was last: for its names.

    Rows of the day, calls on boards and paired devices may still name it. None of it is offered to anybody.
    """

    zones: Mapping[str, Zone] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    booths: Mapping[str, Booth] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    """All of them closed."""
    counters: Mapping[str, Counter] = field(default_factory=dict)
    """None of them gives a service."""
    boards: Mapping[str, Board] = field(default_factory=dict)
    kiosks: Mapping[str, Kiosk] = field(default_factory=dict)
    desks: Mapping[str, Desk] = field(default_factory=dict)
    printers: Mapping[str, Printer] = field(default_factory=dict)
    offices: Mapping[str, Office] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Everything the venue's configuration says about its days."""

    event: Event
    venue: str
    venue_name: Text
    city: str
    timezone: str
    days: tuple[DayPlan, ...]
    zones: Mapping[str, Zone]
    categories: Mapping[str, Category]
    units: Mapping[str, Unit]
    booths: Mapping[str, Booth]
    services: Mapping[str, Service]
    offers: tuple[Offer, ...]
    counters: Mapping[str, Counter]
    boards: Mapping[str, Board]
    kiosks: Mapping[str, Kiosk]
    printers: Mapping[str, Printer]
    call_target_minutes: int = 20
    """Service level: the share of visitors called within this many minutes."""
    missed_rest_minutes: float = 2.0
    """How long a visit rests after a missed call before it may be called again."""
    missed_limit: int = 2
    """Misses after which a step is marked no-show for good."""
    desk_priority_minutes: int = 15
    """Head start that the welcome desk gives by hand, for what is no need with a head start of its own; 0 for none."""
    recall_limit: int = 3
    """How often a visitor may be called again for one call."""
    recall_pause_s: float = 0.0
    """Seconds between a call and a recall, and between recalls, at least."""
    out_of_turn: Literal["never", "reason", "free"] = "reason"
    """Whether a counter may serve who comes out of turn: ``never``, with a ``reason``, or ``free``."""
    print_patience_s: float = 4.0
    """Seconds a ticket waits for a printer that is down before it goes to the next one."""
    print_stale_minutes: int = 20
    """Minutes after which a ticket that has not begun to print never prints."""
    day_end_minutes: int = 30
    """Minutes after closing at which the day ends though somebody is still at a counter."""
    retention: Retention = field(default_factory=Retention)
    """How long what is personal is kept."""
    access: Access = field(default_factory=Access)
    reprints_an_hour: int = 5
    """How often one visit's ticket is printed again within an hour."""
    opinions_an_hour: int = 12
    """How often one visit may say what it thinks within an hour."""
    opinions_minutes: int = 120
    """Minutes after a day was closed for which opinions about it are taken."""
    media: Media = field(default_factory=Media)
    voice: Voice = field(default_factory=Voice)
    welcome_zone: str | None = None
    """Zone of the welcome desk, whose sign people are sent to when a kiosk can't help them; None when not told."""
    desks: Mapping[str, Desk] = field(default_factory=dict)
    """Welcome desks; a desk that is not described prints on the kiosks' printers."""
    last_ticket_margin_minutes: float = 10.0
    """The last ticket of a service is the one that is expected to be served so long before closing."""
    second_language: str | None = None
    """Language of `LANGUAGES` that tickets carry under the visitor's own, or None."""
    routing: Routing = field(default_factory=Routing)
    walks: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Minutes on foot between two zones, either way round; pairs that are missing take `walk_default_minutes`."""
    walk_default_minutes: float = 1.5
    """Minutes on foot between two zones nobody has measured."""
    walk_inside_minutes: float = 0.5
    """Minutes on foot to another booth of the same zone."""
    card_keys: tuple[CardKey, ...] = ()
    """Whose signed cards are taken; none where cards are not signed."""
    past: Past = field(default_factory=Past, compare=False)
    """What is gone since earlier plans (`checkin_server/domain/plan_documents.py`); no part of what this plan says."""

    @cached_property
    def city_name(self) -> Text:
        """Name of the city this venue stands in."""
        return next(city.name for city in self.event.cities if city.id == self.city)

    def service(self, service: str) -> Service:
        """The service, whatever a row says: when it is gone a closed one by its last name, or by its id."""
        known = self.services.get(service) or self.past.services.get(service)
        return known or Service(service, _by_id(service), "", "circle-question-mark", 5.0, closed=True)

    def counter(self, counter: str) -> Counter:
        """The counter, whatever a row says: one that gives nothing when it is gone."""
        known = self.counters.get(counter) or self.past.counters.get(counter)
        return known or Counter(counter, "", counter, ())

    def booth(self, booth: str) -> Booth:
        """The booth, whatever a row says; one without zone when it was never known."""
        known = self.booths.get(booth) or self.past.booths.get(booth)
        return known or Booth(booth, _by_id(booth), _by_id(""), "")

    def booth_of(self, service: str) -> Booth:
        """The booth that gives `service`, or gave it; one without name and zone when that was never known."""
        return self.booth(self.service(service).booth)

    def zone_of(self, service: str) -> str:
        """Zone id of the booth that gives `service`, or gave it; empty when that was never known."""
        return self.booth_of(service).zone

    def booths_of(self, board: Board) -> list[Booth]:
        """Booths whose calls a board shows, in the plan's order."""
        return [
            booth
            for booth in self.booths.values()
            if booth.zone in board.zones and (not board.booths or booth.id in board.booths)
        ]

    def walk_minutes(self, origin: str, to: str) -> float:
        """Minutes on foot from one zone to another at an ordinary pace; the way back takes as long."""
        if origin == to:
            return self.walk_inside_minutes
        known = self.walks.get((origin, to))
        return self.walks.get((to, origin), self.walk_default_minutes) if known is None else known

    def patience_minutes(self, origin: str, to: str) -> float:
        """Minutes that staff give whom they called: the venue's grace and one and a half walks by its map."""
        return self.routing.grace_minutes + 1.5 * self.walk_minutes(origin, to)

    def head_start_minutes(self, category: str, needs: Iterable[str] = ()) -> float:
        """The greatest head start that a visit's category and needs give, within the limit."""
        known = self.categories.get(category)
        starts = [self.routing.needs_head_start.get(need, 0.0) for need in needs]
        start = max((known.head_start_minutes if known else 0.0, *starts))
        return min(max(0.0, start), self.routing.head_start_limit_minutes)

    def counters_of(self, service: str) -> list[Counter]:
        """Counters that give `service`, in the plan's order."""
        return [counter for counter in self.counters.values() if service in counter.services]

    def offers_for(self, service: str, category: str) -> list[Offer]:
        """Offers of `service` that a member of `category` may use."""
        return [o for o in self.offers if o.service == service and (not o.categories or category in o.categories)]


def _by_id(name: str) -> Text:
    return dict.fromkeys(LANGUAGES, name)
