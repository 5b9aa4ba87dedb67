"""The shape of the settings files, one model a table; `docs/settings.md` describes each key.

Only what can be told from one value alone is checked here; what depends on other keys is `checks`' business. What may
be left out has the default of the plan (`checkin_server/domain/plan.py`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from checkin_server.domain.access_times import Access
from checkin_server.domain.boards import Media, Voice
from checkin_server.domain.plan import LANGUAGES, Board, Category, Language, Need, Plan, Printer, Routing, Service, Unit
from checkin_server.domain.retention import Retention
from checkin_server.settings.backup import Backup
from checkin_server.settings.values import (
    Clock,
    Colour,
    DatabaseUrl,
    Day,
    Entry,
    Icon,
    Id,
    Ids,
    Origin,
    Port,
    ProxyAddress,
    PublicKey,
    Shape,
    Timezone,
    UsbId,
    Words,
    default_of,
)


class TextEntry(Entry):
    """Words in every language of the product."""

    ar: Words
    fr: Words
    zgh: Words
    en: Words

    def mapping(self) -> dict[str, str]:
        """Return the words by language code."""
        return {language: getattr(self, language) for language in LANGUAGES}


class CityEntry(Entry):
    """One stop of the tour."""

    id: Id
    name: TextEntry
    first_day: Day
    last_day: Day


class OfficeEntry(Entry):
    """An office that open cases are referred to."""

    id: Id
    name: TextEntry


class CategoryEntry(Entry):
    """A kind of member."""

    id: Id
    name: TextEntry
    eligible: bool = default_of(Category, "eligible")
    head_start_minutes: Annotated[float, Field(ge=0, le=120)] = default_of(Category, "head_start_minutes")


class NeedEntry(Entry):
    """What members may need help with, and how much sooner it has them called."""

    id: Need
    head_start_minutes: Annotated[float, Field(ge=0, le=120)]


class TourFile(Entry):
    """The tour: what all its venues share."""

    id: Id
    name: TextEntry
    slogan: TextEntry
    host: TextEntry
    city: Annotated[tuple[CityEntry, ...], Field(strict=False, min_length=1)]
    category: Annotated[tuple[CategoryEntry, ...], Field(strict=False, min_length=1)]
    office: Annotated[tuple[OfficeEntry, ...], Field(strict=False)] = ()
    need: Annotated[tuple[NeedEntry, ...], Field(strict=False)] = ()


class RulesEntry(Entry):
    """How visitors are called."""

    call_target_minutes: Annotated[int, Field(ge=1, le=480)] = default_of(Plan, "call_target_minutes")
    missed_rest_minutes: Annotated[float, Field(ge=0, le=120)] = default_of(Plan, "missed_rest_minutes")
    missed_limit: Annotated[int, Field(ge=1, le=20)] = default_of(Plan, "missed_limit")
    recall_limit: Annotated[int, Field(ge=0, le=20)] = default_of(Plan, "recall_limit")
    recall_pause_seconds: Annotated[float, Field(ge=0, le=600)] = default_of(Plan, "recall_pause_s")
    out_of_turn: Literal["never", "reason", "free"] = default_of(Plan, "out_of_turn")
    desk_priority_minutes: Annotated[int, Field(ge=0, le=120)] = default_of(Plan, "desk_priority_minutes")
    day_end_minutes: Annotated[int, Field(ge=1, le=240)] = default_of(Plan, "day_end_minutes")
    reprints_an_hour: Annotated[int, Field(ge=0, le=60)] = default_of(Plan, "reprints_an_hour")
    opinions_an_hour: Annotated[int, Field(ge=1, le=60)] = default_of(Plan, "opinions_an_hour")
    opinions_minutes: Annotated[int, Field(ge=0, le=1440)] = default_of(Plan, "opinions_minutes")


class AccessEntry(Entry):
    """For how long who is allowed."""

    tablet_lock_minutes: Annotated[float, Field(ge=0.1, le=240)] = default_of(Access, "tablet_lock_minutes")
    office_minutes: Annotated[float, Field(ge=0.1, le=480)] = default_of(Access, "office_minutes")
    device_days: Annotated[int, Field(ge=1, le=400)] | None = None


class RoutingEntry(Entry):
    """How the router weighs who is sent and called."""

    cap_minutes: Annotated[float, Field(ge=0, le=480)] = default_of(Routing, "cap_minutes")
    lead_minutes: Annotated[float, Field(ge=0, le=30)] = default_of(Routing, "lead_minutes")
    grace_minutes: Annotated[float, Field(ge=0.5, le=30)] = default_of(Routing, "grace_minutes")
    walk_minutes: Annotated[float, Field(ge=0, le=30)] = default_of(Plan, "walk_default_minutes")
    walk_inside_minutes: Annotated[float, Field(ge=0, le=30)] = default_of(Plan, "walk_inside_minutes")
    family_share: Annotated[float, Field(ge=0, le=1)] = default_of(Routing, "family_share")
    last_ticket_margin_minutes: Annotated[float, Field(ge=0, le=120)] = default_of(Plan, "last_ticket_margin_minutes")


class WalkEntry(Entry):
    """How long it takes from one zone to another."""

    between: Annotated[tuple[Id, ...], Field(strict=False, min_length=2, max_length=2)]
    minutes: Annotated[float, Field(ge=0, le=60)]


class TicketsEntry(Entry):
    """What tickets say."""

    second_language: Language | None = None


class PrintingEntry(Entry):
    """How tickets find a printer."""

    patience_seconds: Annotated[float, Field(ge=0.5, le=60)] = default_of(Plan, "print_patience_s")
    stale_minutes: Annotated[int, Field(ge=1, le=240)] = default_of(Plan, "print_stale_minutes")


class MediaEntry(Entry):
    """What boards show beside the calls."""

    folder: str = ""
    image_seconds: Annotated[float, Field(ge=3, le=600)] = default_of(Media, "image_seconds")
    max_image_mb: Annotated[int, Field(ge=1, le=100)] = default_of(Media, "max_image_mb")
    max_video_mb: Annotated[int, Field(ge=1, le=4000)] = default_of(Media, "max_video_mb")


class VoiceEntry(Entry):
    """How calls are said aloud."""

    folder: str = ""
    parts: Annotated[
        tuple[Literal["number", "booth", "zone", "counter"], ...], Field(strict=False, min_length=1, max_length=4)
    ] = default_of(Voice, "parts")
    synthetic: Annotated[tuple[Literal["ar", "fr", "en"], ...], Field(strict=False)] = default_of(Voice, "synthetic")
    volume: Annotated[float, Field(ge=0, le=1)] = default_of(Voice, "volume")


class RetentionEntry(Entry):
    """How long what is personal is kept."""

    texts_days: Annotated[int, Field(ge=0, le=365)] = default_of(Retention, "texts_days")
    prints_days: Annotated[int, Field(ge=0, le=365)] = default_of(Retention, "prints_days")
    links_days: Annotated[int, Field(ge=0, le=365)] = default_of(Retention, "links_days")
    members_days: Annotated[int, Field(ge=0, le=365)] = default_of(Retention, "members_days")


class CardKeyEntry(Entry):
    """Whose signed cards are taken."""

    public: PublicKey
    last_day: Day | None = None


class DayEntry(Entry):
    """A service day."""

    date: Day
    opens: Clock
    closes: Clock
    capacity: Annotated[int | None, Field(ge=1)] = None


class ZoneEntry(Entry):
    """A part of the hall."""

    id: Id
    name: TextEntry
    shape: Shape
    colour: Colour
    ink: Colour


class UnitEntry(Entry):
    """An administrative unit of members."""

    id: Id
    name: TextEntry
    eligible: bool = default_of(Unit, "eligible")


class BoothEntry(Entry):
    """A partner's stand."""

    id: Id
    name: TextEntry
    partner: TextEntry
    zone: Id


class ServiceEntry(Entry):
    """Something members come for."""

    id: Id
    name: TextEntry
    booth: Id
    pictogram: Icon
    prior_minutes: Annotated[float, Field(gt=0, le=480)]
    categories: Ids = ()
    after: Ids = ()
    closed: bool = default_of(Service, "closed")


class OfferEntry(Entry):
    """What an agreement gives members."""

    id: Id
    service: Id
    text: TextEntry
    categories: Ids = ()


class CounterEntry(Entry):
    """A serving position."""

    id: Id
    booth: Id
    label: Words
    services: Ids = ()


class BoardEntry(Entry):
    """A public queue screen."""

    id: Id
    name: TextEntry
    zones: Annotated[tuple[Id, ...], Field(strict=False, min_length=1)]
    booths: Ids = ()
    arrows: dict[Id, Literal["left", "right", "up", "down"]] = Field(default={})
    languages: Annotated[tuple[Language, ...], Field(strict=False, min_length=1, max_length=4)] = default_of(
        Board, "languages"
    )
    languages_shown: Literal["beside", "turns"] = default_of(Board, "languages_shown")
    call_seconds: Annotated[float, Field(ge=1, le=30)] = default_of(Board, "call_seconds")
    turn_seconds: Annotated[float, Field(ge=2, le=60)] = default_of(Board, "turn_seconds")
    media: bool = default_of(Board, "media")
    voice: bool = default_of(Board, "voice")
    area: Id = default_of(Board, "area")


class KioskEntry(Entry):
    """An arrival station."""

    id: Id
    zone: Id
    printer: Id
    neighbours: Ids = ()


class DeskEntry(Entry):
    """A welcome desk."""

    id: Id
    zone: Id
    printer: Id
    neighbours: Ids = ()


class PrinterEntry(Entry):
    """A ticket printer."""

    id: Id
    kind: Literal["network", "usb", "serial", "lp", "file", "virtual", "agent"]
    width_mm: Literal[58, 80]
    host: str = default_of(Printer, "host")
    port: Port = default_of(Printer, "port")
    vendor: UsbId | None = None
    product: UsbId | None = None
    serial: str = default_of(Printer, "serial")
    device: str = default_of(Printer, "device")
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = default_of(Printer, "baud")
    flow: Literal["rtscts", "xonxoff", "none"] = default_of(Printer, "flow")
    queue: str = default_of(Printer, "queue")
    path: str = default_of(Printer, "path")
    acknowledge: Literal["status", "none"] = default_of(Printer, "acknowledge")


class VenueFile(Entry):
    """One venue of the tour."""

    tour: Words
    id: Id
    name: TextEntry
    city: Id
    timezone: Timezone
    welcome_zone: Id | None = None
    rules: RulesEntry = RulesEntry()
    access: AccessEntry = AccessEntry()
    routing: RoutingEntry = RoutingEntry()
    walk: Annotated[tuple[WalkEntry, ...], Field(strict=False)] = ()
    printing: PrintingEntry = PrintingEntry()
    tickets: TicketsEntry = TicketsEntry()
    media: MediaEntry = MediaEntry()
    voice: VoiceEntry = VoiceEntry()
    retention: RetentionEntry = RetentionEntry()
    day: Annotated[tuple[DayEntry, ...], Field(strict=False, min_length=1)]
    zone: Annotated[tuple[ZoneEntry, ...], Field(strict=False, min_length=1)]
    unit: Annotated[tuple[UnitEntry, ...], Field(strict=False, min_length=1)]
    booth: Annotated[tuple[BoothEntry, ...], Field(strict=False, min_length=1)]
    service: Annotated[tuple[ServiceEntry, ...], Field(strict=False, min_length=1)]
    offer: Annotated[tuple[OfferEntry, ...], Field(strict=False)] = ()
    counter: Annotated[tuple[CounterEntry, ...], Field(strict=False, min_length=1)]
    board: Annotated[tuple[BoardEntry, ...], Field(strict=False)] = ()
    kiosk: Annotated[tuple[KioskEntry, ...], Field(strict=False)] = ()
    desk: Annotated[tuple[DeskEntry, ...], Field(strict=False)] = ()
    printer: Annotated[tuple[PrinterEntry, ...], Field(strict=False)] = ()
    card_key: Annotated[tuple[CardKeyEntry, ...], Field(strict=False)] = ()


class ServerEntry(Entry):
    """Where the server listens."""

    host: Words = "127.0.0.1"
    port: Port = 8080
    allowed_origins: Annotated[tuple[Origin, ...], Field(strict=False)] = ()
    proxies: Annotated[tuple[ProxyAddress, ...], Field(strict=False)] = ()


class DatabaseEntry(Entry):
    """Where the day's data is kept."""

    path: Words | None = None
    url: DatabaseUrl | None = Field(default=None, repr=False)
    key_file: Words | None = None


class DataEntry(Entry):
    """Where the server writes files."""

    dir: Words


class BackupEntry(Entry):
    """Where a running server keeps backups, and who can read them."""

    dir: Words | None = None
    recipients: Annotated[tuple[Words, ...], Field(strict=False)] = ()
    every_minutes: Annotated[int, Field(ge=0, le=1440)] = default_of(Backup, "every_minutes")
    keep: Annotated[int, Field(ge=1, le=1000)] = default_of(Backup, "keep")


class SettingsFile(Entry):
    """A real venue's settings."""

    venue: Words
    server: ServerEntry = ServerEntry()
    database: DatabaseEntry
    data: DataEntry
    backup: BackupEntry = BackupEntry()
    printer: Annotated[tuple[PrinterEntry, ...], Field(strict=False)] = ()
