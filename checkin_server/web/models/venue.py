"""What does not change during the day."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from checkin_server.web.models.common import Time


class VenueAnswer(BaseModel):
    """What does not change during the day."""

    event: dict[str, Any]
    venue: dict[str, Any]
    tour: list[dict[str, Any]]
    service_day: dict[str, Any] | None
    welcome_zone: str | None
    """Where people are sent that a kiosk can't help."""
    zones: list[dict[str, Any]]
    categories: list[dict[str, Any]]
    units: list[dict[str, Any]]
    services: list[dict[str, Any]]
    booths: list[dict[str, Any]]
    counters: list[dict[str, Any]]
    boards: list[dict[str, Any]]
    stations: list[dict[str, Any]]
    offices: list[dict[str, Any]]
    languages: list[str]
    demo: Annotated[bool, Field(description="invented members, nobody's day: a rehearsal may play here")]
    clock: Annotated[Literal["real", "virtual"], Field(description="a virtual one stands still but for `POST /clock`")]
    now: Time
