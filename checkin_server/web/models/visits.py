"""A visit: choosing services, what a visitor may do afterwards, and how it is shown."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, RootModel, model_validator

from checkin_server.domain.moments import LONGEST_HOLD_MINUTES
from checkin_server.domain.steps import State
from checkin_server.services.snapshots.kiosk import KioskData
from checkin_server.web.models.common import Answer, Body, Command, Id, Locale, Time, Wait, Why, Written, uneven


class GroupBody(Body):
    """Members of a family who go on their own, and what they want."""

    party: Annotated[list[Id], Field(min_length=1, max_length=64)]
    services: Annotated[list[Id], Field(min_length=1, max_length=64)]


class ChooseBody(Command):
    """What a visitor ticked: all wanted services, not only new ones."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"properties": {"keep_together": {"not": {"const": True}}}},
                {"properties": {"apart": {"maxItems": 0}}},
            ]
        }
    )

    services: Annotated[list[Id], Field(max_length=64)]
    party: Annotated[list[Id], Field(max_length=64)] | None = None
    locale: Annotated[str, Field(max_length=16)] | None = None
    keep_together: bool | None = None
    apart: Annotated[list[GroupBody], Field(max_length=8)] | None = None
    """The family's further groups when it splits up (`keep_together` false): each gets a visit of its own."""

    @model_validator(mode="after")
    def _together_or_apart(self) -> Self:
        if self.apart and self.keep_together:
            raise uneven("apart", "a family that is kept together has no further groups")
        return self


class FamilyCommand(Command):
    """A command for one visit, or with `family` for all visits of a family that split up, as far as it can be done."""

    family: bool = False


class HoldBody(FamilyCommand):
    """How long to hold the place."""

    minutes: Annotated[int, Field(ge=1, le=LONGEST_HOLD_MINUTES)]


class ResumeBody(FamilyCommand):
    """Which steps to bring back; without them the whole visit goes on: its hold ends and all its steps come back."""

    steps: Annotated[list[Id], Field(min_length=1, max_length=64)] | None = None


class RouteBody(Body):
    """Services somebody has ticked and not confirmed."""

    services: Annotated[list[Id], Field(min_length=1, max_length=64)]
    party: Annotated[list[Id], Field(max_length=64)] | None = None
    """Members who are here; by default the visit's."""


class FeedbackBody(Command):
    """Scores from 1 to 5 by service, and a text; `locale` is the language it is given in, by default the visit's."""

    scores: dict[Id, Annotated[int, Field(ge=1, le=5)]] = Field(default_factory=dict)
    text: Annotated[str, Field(max_length=4000), Written(lines=True)] | None = None
    kind: Literal["opinion", "expectation", "proposal"] | None = None
    locale: Locale | None = None


class Step(Answer):
    """One service wanted in a visit."""

    id: str
    service: str
    state: State
    booth: str
    zone: str
    counter: str | None
    position: int | None
    expected_wait: Wait | None
    since: Time
    called_at: Time | None
    started_at: Time | None
    ended_at: Time | None


class Next(Answer):
    """What the visitor should do now."""

    kind: Literal["choose", "wait", "go", "serving", "held", "done"]
    service: str | None
    booth: str | None
    zone: str | None
    counter: str | None
    counter_label: str | None
    expected_wait: Wait | None
    why: Why | None


class Leg(Answer):
    """One stop of a proposed route."""

    service: str
    booth: str
    zone: str
    expected_wait: Wait | None
    why: Why


class Route(Answer):
    """The order in which a visitor would probably be called."""

    route: list[Leg]


class Ticket(Answer):
    """The newest print job of a visit."""

    print_job: str
    state: Literal["queued", "sending", "printed", "sent", "uncertain", "failed", "cancelled"]
    printer: str
    """Where it comes out; another than the kiosk's own when that one was down."""
    duplicate: bool
    error: str | None
    """Why it is not printed (yet): a printer's trouble."""


class Finish(Answer):
    """When a visit will probably be through: at `p50` every second one is, at `p90` nine in ten."""

    p50: Time
    p90: Time


class Priority(Answer):
    """A head start with its reason: as if the visitor had come so many minutes sooner."""

    reason: str
    minutes: int


class Relatives(Answer):
    """A visit of the same family: number, who is in it, and where it is."""

    id: str
    number: int | None
    state: Literal["choosing", "open", "held", "done", "left"]
    party: list[str]
    next: Next
    ticket: Ticket | None


class Visit(Answer):
    """One party's presence on one service day."""

    id: str
    number: int | None
    state: Literal["choosing", "open", "held", "done", "left"]
    locale: Locale
    category: str | None
    """Null where nothing of the person is shown: a ticket was scanned, or the card some minutes ago."""
    party: list[str]
    """Members, by id, at the welcome desk and for who has just shown the card; else empty."""
    keep_together: bool
    family: list[Relatives]
    """The other visits of a family that split up; they leave together. Empty for everybody else."""
    expected_finish: Finish | None
    """Null when it is not known: no counter open for one of its services, a stop set aside, a place that is kept."""
    priority: Priority | None
    """What the welcome desk gave by hand."""
    old_number: int | None
    """The number they had before a restore, as the welcome desk wrote it down."""
    created_at: Time
    hold_until: Time | None
    steps: list[Step]
    next: Next
    ticket: Ticket | None


class Thanks(Answer):
    """An opinion was kept."""

    outcome: Literal["thanks"]


class Services(RootModel[KioskData]):
    """All services."""
