"""What does not change during the day: the event, the hall and who is in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from checkin_server.web.models.common import Answer, Locale, Names, Time


class EventInfo(Answer):
    """The event that tours."""

    id: str
    name: Names
    slogan: Names
    host: Names


class UtcOffset(Answer):
    """What the venue's clocks add to UTC from a moment on."""

    since: Time
    seconds: int


class VenueInfo(Answer):
    """The edition at one place."""

    id: str
    name: Names
    city: Names
    timezone: str
    utc_offsets: list[UtcOffset]
    """What the server adds to UTC, from a year ago until two years from now, the oldest first: what a screen shows is
    reckoned with it, since its browser may have other zone data. The first holds for all before it."""


class TourStop(Answer):
    """A city of the tour; days as ``2019-12-27``."""

    id: str
    city: Names
    first_day: str
    last_day: str


class ServiceDay(Answer):
    """The open day."""

    id: str
    state: str
    opens_at: Time
    closes_at: Time


class ZoneInfo(Answer):
    """A part of the hall; its sign is letter, shape and colour together."""

    id: str
    name: Names
    shape: Literal["circle", "triangle", "square", "diamond", "star", "hexagon"]
    colour: str
    ink: str


class KindInfo(Answer):
    """A category of members, or an administrative unit; whether this edition serves it."""

    id: str
    name: Names
    eligible: bool


class ServiceInfo(Answer):
    """A service and where it is."""

    id: str
    name: Names
    booth: str
    zone: str
    pictogram: str


class BoothInfo(Answer):
    """A partner's stand."""

    id: str
    name: Names
    partner: Names
    zone: str
    services: list[str]


class CounterInfo(Answer):
    """A serving position of a booth."""

    id: str
    booth: str
    label: str
    services: list[str]


class BoardInfo(Answer):
    """A public board and how it shows things."""

    id: str
    name: Names
    zones: list[str]
    booths: list[str]
    layout: Literal["booth", "zone", "hall"]
    arrows: dict[str, Literal["left", "right", "up", "down"]]
    """Where a zone is, seen from the board."""
    languages: list[Locale]
    languages_shown: Literal["beside", "turns"]
    call_seconds: float
    turn_seconds: float
    media: bool
    voice: bool
    volume: float


class StationInfo(Answer):
    """Where a kiosk or a welcome desk stands, and its printer."""

    id: str
    role: Literal["kiosk", "welcome"]
    zone: str
    printer: str


class OfficeInfo(Answer):
    """Where cases are referred to."""

    id: str
    name: Names


class GoneFromPlan(Answer):
    """What earlier plans had and this one has no more: for its names, where the day still speaks of it."""

    zones: list[ZoneInfo]
    categories: list[KindInfo]
    units: list[KindInfo]
    services: list[ServiceInfo]
    booths: list[BoothInfo]
    counters: list[CounterInfo]


class VenueAnswer(Answer):
    """What does not change during the day."""

    event: EventInfo
    venue: VenueInfo
    tour: list[TourStop]
    service_day: ServiceDay | None
    welcome_zone: str | None
    """Where people are sent that a kiosk can't help."""
    zones: list[ZoneInfo]
    categories: list[KindInfo]
    units: list[KindInfo]
    services: list[ServiceInfo]
    booths: list[BoothInfo]
    counters: list[CounterInfo]
    gone: GoneFromPlan
    boards: list[BoardInfo]
    stations: list[StationInfo]
    offices: list[OfficeInfo]
    languages: list[Locale]
    demo: Annotated[bool, Field(description="invented members, nobody's day: a rehearsal may play here")]
    clock: Annotated[Literal["real", "virtual"], Field(description="a virtual one stands still but for `POST /clock`")]
    now: Time
