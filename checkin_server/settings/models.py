"""The shape of the settings files, one model a table; `docs/settings.md` describes each key.

Only what can be told from one value alone is checked here; what depends on other keys is `checks`' business.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from checkin_server.domain.plan import LANGUAGES
from checkin_server.settings.errors import suggest

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_ICON = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9A-Fa-f:]+\](:[0-9]{1,5})?")
_FOREIGN_DIGITS = re.compile(r"[\u0660-\u0669\u06f0-\u06f9]")
_DATABASE_URL = re.compile(r"postgresql(\+psycopg)?://.+")


def _wrong(what: str, remedy: str) -> PydanticCustomError:
    # The words come in the context: a value's own braces must not be taken for placeholders.
    return PydanticCustomError("riwaq", "{what}", {"what": what, "remedy": remedy})


def _matching(pattern: re.Pattern[str], what: str, remedy: str, *, secret: bool = False) -> AfterValidator:
    """Accept only texts that match; a `secret` one is not repeated in the message."""

    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            shown = "this" if secret else f'"{value[:40]}"'
            raise _wrong(f"{shown} is not {what}", remedy)
        return value

    return AfterValidator(check)


def _words(value: str) -> str:
    if not value.strip():
        raise _wrong("this text is empty", "Write the words that people will read.")
    if _FOREIGN_DIGITS.search(value):
        raise _wrong("this text has Eastern Arabic digits", "Write digits as 0-9: Morocco does, in every language.")
    return value


def _date(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _wrong(f'"{str(value)[:40]}" is not a date', "Write year, month and day, for example 2019-12-27.")


def _clock(value: Any) -> Any:
    if isinstance(value, time):
        return value
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _wrong(f'"{str(value)[:40]}" is not a time of day', 'Write hours and minutes, for example "09:00".')
    return time(int(match[1]), int(match[2]))


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):  # unknown names are a KeyError; malformed ones and folders the others
        near = suggest(value, available_timezones())
        remedy = near if near.startswith("Did you mean") else 'Write a name such as "Africa/Casablanca".'
        raise _wrong(f'"{value[:40]}" is not a time zone', remedy) from None
    return value


Id = Annotated[
    str, _matching(_ID, "an id", "Use letters A-Z a-z, digits, hyphen and underscore, at most 40 of them, no spaces.")
]
Words = Annotated[str, AfterValidator(_words)]
Colour = Annotated[str, _matching(_COLOUR, "a colour", 'Write it as "#RRGGBB", for example "#0072B2".')]
Icon = Annotated[str, _matching(_ICON, "an icon's name", 'Write a Lucide icon name, for example "landmark".')]
Origin = Annotated[
    str, _matching(_ORIGIN, "a web origin", 'Write scheme, host and port only, for example "https://riwaq.local:8443".')
]
DatabaseUrl = Annotated[
    str,
    _matching(_DATABASE_URL, "a PostgreSQL address", "Write it as postgresql://user@host:5432/database.", secret=True),
]
Timezone = Annotated[str, AfterValidator(_timezone)]
Day = Annotated[date, BeforeValidator(_date)]
Clock = Annotated[time, BeforeValidator(_clock)]
Language = Literal["ar", "fr", "zgh", "en"]
Need = Literal["wheelchair", "low_vision", "hard_of_hearing", "needs_reading_aloud"]
Shape = Literal["circle", "triangle", "square", "diamond", "star", "hexagon"]
Port = Annotated[int, Field(ge=1, le=65535)]
UsbId = Annotated[int, Field(ge=1, le=0xFFFF)]
# TOML has lists only, and strict mode would not take one for a tuple.
Ids = Annotated[tuple[Id, ...], Field(strict=False)]


class Entry(BaseModel):
    """A table of a settings file: frozen, no unknown key, no guessing of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


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
    eligible: bool = True
    head_start_minutes: Annotated[float, Field(ge=0, le=120)] = 0.0


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

    call_target_minutes: Annotated[int, Field(ge=1, le=480)] = 20
    missed_rest_minutes: Annotated[float, Field(ge=0, le=120)] = 2.0
    missed_limit: Annotated[int, Field(ge=1, le=20)] = 2
    recall_limit: Annotated[int, Field(ge=0, le=20)] = 3
    recall_pause_seconds: Annotated[float, Field(ge=0, le=600)] = 0.0
    out_of_turn: Literal["never", "reason", "free"] = "reason"
    desk_priority_minutes: Annotated[int, Field(ge=0, le=120)] = 15


class RoutingEntry(Entry):
    """How the router weighs who is sent and called."""

    cap_minutes: Annotated[float, Field(ge=0, le=480)] = 90.0
    lead_minutes: Annotated[float, Field(ge=0, le=30)] = 5.0
    grace_minutes: Annotated[float, Field(ge=0.5, le=30)] = 3.0
    walk_minutes: Annotated[float, Field(ge=0, le=30)] = 1.5
    walk_inside_minutes: Annotated[float, Field(ge=0, le=30)] = 0.5
    family_share: Annotated[float, Field(ge=0, le=1)] = 0.6
    last_ticket_margin_minutes: Annotated[float, Field(ge=0, le=120)] = 10.0


class WalkEntry(Entry):
    """How long it takes from one zone to another."""

    between: Annotated[tuple[Id, ...], Field(strict=False, min_length=2, max_length=2)]
    minutes: Annotated[float, Field(ge=0, le=60)]


class TicketsEntry(Entry):
    """What tickets say."""

    second_language: Language | None = None


class PrintingEntry(Entry):
    """How tickets find a printer."""

    patience_seconds: Annotated[float, Field(ge=0.5, le=60)] = 4.0


class MediaEntry(Entry):
    """What boards show beside the calls."""

    folder: str = ""
    image_seconds: Annotated[float, Field(ge=3, le=600)] = 10.0
    max_image_mb: Annotated[int, Field(ge=1, le=100)] = 10
    max_video_mb: Annotated[int, Field(ge=1, le=4000)] = 200


class VoiceEntry(Entry):
    """How calls are said aloud."""

    folder: str = ""
    parts: Annotated[
        tuple[Literal["number", "booth", "zone", "counter"], ...], Field(strict=False, min_length=1, max_length=4)
    ] = ("number", "booth", "counter")
    synthetic: Annotated[tuple[Literal["ar", "fr", "en"], ...], Field(strict=False)] = ("fr", "en")
    volume: Annotated[float, Field(ge=0, le=1)] = 0.9


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
    eligible: bool = True


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
    closed: bool = False


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
    arrows: dict[Id, Literal["left", "right", "up", "down"]] = {}
    languages: Annotated[tuple[Language, ...], Field(strict=False, min_length=1, max_length=4)] = ("fr", "ar")
    languages_shown: Literal["beside", "turns"] = "beside"
    call_seconds: Annotated[float, Field(ge=1, le=30)] = 2.5
    turn_seconds: Annotated[float, Field(ge=2, le=60)] = 7.0
    media: bool = True
    voice: bool = False
    area: Id = "hall"


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
    host: str = ""
    port: Port = 9100
    vendor: UsbId | None = None
    product: UsbId | None = None
    serial: str = ""
    device: str = ""
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 19200
    flow: Literal["rtscts", "xonxoff", "none"] = "rtscts"
    queue: str = ""
    path: str = ""


class VenueFile(Entry):
    """One venue of the tour."""

    tour: Words
    id: Id
    name: TextEntry
    city: Id
    timezone: Timezone
    welcome_zone: Id | None = None
    rules: RulesEntry = RulesEntry()
    routing: RoutingEntry = RoutingEntry()
    walk: Annotated[tuple[WalkEntry, ...], Field(strict=False)] = ()
    printing: PrintingEntry = PrintingEntry()
    tickets: TicketsEntry = TicketsEntry()
    media: MediaEntry = MediaEntry()
    voice: VoiceEntry = VoiceEntry()
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


class ServerEntry(Entry):
    """Where the server listens."""

    host: Words = "127.0.0.1"
    port: Port = 8080
    allowed_origins: Annotated[tuple[Origin, ...], Field(strict=False)] = ()


class DatabaseEntry(Entry):
    """Where the day's data is kept."""

    path: Words | None = None
    url: DatabaseUrl | None = Field(default=None, repr=False)
    key_file: Words | None = None


class DataEntry(Entry):
    """Where the server writes files."""

    dir: Words


class SettingsFile(Entry):
    """A real venue's settings."""

    venue: Words
    server: ServerEntry = ServerEntry()
    database: DatabaseEntry
    data: DataEntry
    printer: Annotated[tuple[PrinterEntry, ...], Field(strict=False)] = ()


def entry_of(annotation: Any) -> type[Entry] | None:
    """Return the table model inside a field's type, for example of a tuple of entries; None for a plain value."""
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    return next((found for arg in get_args(annotation) if (found := entry_of(arg))), None)


def keys_at(model: type[Entry], path: tuple[str | int, ...]) -> list[str]:
    """Return the keys that may stand in the table at `path` of `model`."""
    for part in path:
        if isinstance(part, str):
            field = model.model_fields.get(part)
            inner = entry_of(field.annotation) if field else None
            if inner is None:
                return []
            model = inner
    return list(model.model_fields)
