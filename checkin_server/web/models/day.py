"""What organisers decide for the day: opening, closing, last tickets."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from checkin_server.web.models.common import Answer, Command, Moment, Telling, Time, Written, one_of, uneven

_NULL: dict[str, Any] = {"type": "null"}


class LastTicketsBody(Command):
    """What an organiser decides about a service's last tickets; it goes before the look-ahead's promise.

    ``more``: so many `places` from now on, or `until` a time (one of the two); ``stop``: no more today;
    ``automatic``: as the look-ahead says again.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"properties": {"rule": {"const": "more"}}, **one_of("places", "until")},
                {"properties": {"rule": {"not": {"const": "more"}}, "places": _NULL, "until": _NULL}},
            ]
        }
    )

    rule: Literal["more", "stop", "automatic"]
    places: Annotated[int, Field(ge=1, le=2000)] | None = None
    until: Moment | None = None
    reason: Annotated[str, Field(min_length=1, max_length=200), Written(least=1), Telling()]
    """Why; it is kept in the event log. No names."""

    @model_validator(mode="after")
    def _fits_the_rule(self) -> Self:
        told = (self.places is not None) + (self.until is not None)
        if told != (self.rule == "more"):
            raise uneven("rule", "more needs either places or until, the others neither")
        return self


class LastTickets(Answer):
    """What holds for a service's last tickets now."""

    service: str
    rule: Literal["more", "stop", "automatic"]
    places_left: int | None
    until: Time | None


class DayOpenBody(Command):
    """Which planned day is opened."""

    day: Annotated[str, Field(min_length=1, max_length=40)]


class DayOpened(Answer):
    """A day is open."""

    day: str
    state: Literal["open"]
    ended: list[str]
    """Earlier days that had not ended: they have now."""
    back: int
    """Visits that had ended with this very day and are inside again."""


class DayCloseBody(Command):
    """How a day is closed."""

    now: bool = False
    """End it at once, whoever is at a counter; also a day that was closed before and has not ended."""


class DayClosed(Answer):
    """A day is closed; ``closing`` while somebody at a counter is still served."""

    day: str
    state: Literal["closing", "closed"]
    inside: int
    at_counters: int
    ends_by: Time | None
    """When it ends at the latest; null when it has ended."""
