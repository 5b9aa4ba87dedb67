"""The welcome desk: finding people, letting them in without a card, new cards, a head start."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from checkin_server.domain import priority
from checkin_server.domain.members.folding import plain_digits
from checkin_server.domain.texts import seen, seen_pattern
from checkin_server.web.models.common import (
    Answer,
    Body,
    Command,
    Id,
    Locale,
    Moment,
    Reason,
    Time,
    Written,
    one_of,
    uneven,
)
from checkin_server.web.models.scans import DisplayName, Member, ScanAnswer
from checkin_server.web.models.texts import UNSEEN
from checkin_server.web.models.visits import Visit


def _digits(typed: object) -> object:
    return plain_digits(typed) if isinstance(typed, str) else typed


class PriorityBody(Command):
    """Why a visitor is called sooner; null takes it back."""

    reason: priority.Reason | None


class RememberedBody(Command):
    """What somebody remembers of a visit that was lost in a restore; null is what they do not know."""

    number: Annotated[int, Field(ge=1, le=999_999), BeforeValidator(_digits)] | None = None
    came_at: Moment | None = None


class NumberQuery(Body):
    """The number on a ticket of today, in the digits of any script: ١٧ is 17."""

    number: Annotated[int, Field(ge=1, le=999_999), BeforeValidator(lambda typed: plain_digits(str(typed)))]


class MembersQuery(Body):
    """A name in either script, or the beginning of one; or a member's id."""

    q: Annotated[str, Field(min_length=2, max_length=100), Written(least=2)]
    reason: Reason


class PersonBody(Body):
    """Somebody who is on no list yet; a name in one script stands for both."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": [name], "properties": {name: {"pattern": seen_pattern(1)}}}
                for name in ("name_ar", "name_la")
            ]
        }
    )

    name_ar: Annotated[str, Field(max_length=120), Written()] = ""
    name_la: Annotated[str, Field(max_length=120), Written()] = ""
    category: Id
    unit: Id
    locale: Locale

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not seen(self.name_ar + self.name_la):
            message = "write the name in one of the scripts at least"
            raise PydanticCustomError(UNSEEN, "{message}", {"message": message, "field": "name_ar"})
        return self


class WalkInBody(Command):
    """Who comes without a card: a known member, or a person to register."""

    model_config = ConfigDict(json_schema_extra=one_of("member", "person"))

    member: Id | None = None
    person: PersonBody | None = None
    reason: Reason

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.member is None) == (self.person is None):
            raise uneven("member", "give a member's id, or a person to register")
        return self


class NewCardBody(Command):
    """Why a member gets a new card."""

    reason: Reason


class FoundVisit(Answer):
    """A visit of today, and whose it is."""

    visit: Visit
    member: Member
    first_seen: Time


class VisitOfMember(Answer):
    """A member's visit of today."""

    id: str
    number: int | None
    state: str


class FoundMember(Answer):
    """A member as the welcome desk finds them."""

    id: str
    display_name: DisplayName
    category: str
    unit: str
    card: Literal["active", "revoked"] | None
    visit: VisitOfMember | None


class FoundMembers(Answer):
    """Members that fit; `more` when there were too many to show."""

    members: list[FoundMember]
    more: bool


class LetIn(Member):
    """A member as the welcome desk sees them after letting them in: with the id, for a card."""

    id: str


class WalkInAnswer(ScanAnswer):
    """What a walk-in led to."""

    member: LetIn | None


class NewCard(Answer):
    """A card was issued; `GET /members/{id}/card` is the paper."""

    outcome: Literal["done"]
    revoked: int
