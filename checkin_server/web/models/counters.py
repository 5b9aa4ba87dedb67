"""At a counter: signing in, every action on the visitor, and what counters see."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from checkin_server.services.counters.shapes import CounterState, StepAtCounter, VisitAtCounter
from checkin_server.web.models.common import (
    Answer,
    Body,
    Code,
    Command,
    Id,
    Telling,
    Time,
    Why,
    Written,
    one_of,
    uneven,
)


class SignInBody(Body):
    """A member of staff, by name or id, and the PIN."""

    staff: Annotated[str, Field(min_length=1, max_length=100), Written(least=1)]
    pin: Annotated[str, Field(max_length=32)]


class CounterBody(Command):
    """Opening, pausing or closing a counter."""

    reason: Annotated[str, Field(max_length=200), Written()] | None = None


class StepCommand(Command):
    """An action on the visitor at the counter."""

    step: Annotated[Id | None, Field(description="the step that is meant; another one is refused")] = None


class TransferBody(StepCommand):
    """Where the visitor goes: a service, a counter, or both."""

    service: Id | None = None
    counter: Id | None = None


class AddServiceBody(StepCommand):
    """Services the visitor wants too."""

    services: Annotated[list[Id], Field(min_length=1, max_length=64)]


class NoteBody(StepCommand):
    """What the booth's staff should know."""

    text: Annotated[str, Field(min_length=1, max_length=2000), Written(least=1, lines=True)]


class ResumeStepBody(Command):
    """Which step goes on."""

    step: Id


class ScanHereBody(Command):
    """What was shown at the counter (`code` or `number`), and what the clerk has decided."""

    model_config = ConfigDict(json_schema_extra=one_of("code", "number"))

    code: Code | None = None
    number: Annotated[int, Field(ge=1)] | None = None
    reason: (
        Annotated[
            str,
            Field(max_length=200, description="why out of turn; kept in the event log, no names"),
            Written(),
            Telling(),
        ]
        | None
    ) = None
    service: Annotated[Id | None, Field(description="which service of this counter")] = None
    add: Annotated[bool, Field(description="add `service` to the visit if it does not have it")] = False

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.code is None) == (self.number is None):
            raise uneven("code", "send either code or number")
        return self


class UndoBody(Command):
    """Which action is to be undone."""

    action_id: Annotated[UUID | None, Field(description="the action's command_id; without it, the last one")] = None


class Referral(Body):
    """Where a case goes that could not be settled here."""

    office: Id
    subject: Annotated[str, Field(max_length=500), Written()] = ""


class FinishBody(StepCommand):
    """How the service ended."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"properties": {"outcome": {"not": {"const": "referred"}}}},
                {"required": ["referral"], "properties": {"referral": {"not": {"type": "null"}}}},
            ]
        }
    )

    outcome: Literal["served", "referred", "incomplete"] = "served"
    referral: Referral | None = None
    note: Annotated[str, Field(max_length=2000), Written(lines=True)] | None = None
    quick: Annotated[bool, Field(description="also when the service was not started")] = False

    @model_validator(mode="after")
    def _where(self) -> Self:
        if self.outcome == "referred" and self.referral is None:
            raise uneven("referral", "say where the case goes")
        return self


class Staff(Answer):
    """Somebody who is signed in."""

    id: str
    name: str


class Session(Answer):
    """A session at a counter."""

    session_token: str
    staff: Staff
    expires_at: Time


class Signed(Answer):
    """Who is signed in on this device."""

    staff: Staff


class CounterAnswer(Answer):
    """The counter as it is now."""

    counter: CounterState


class CallAnswer(Answer):
    """Who was called, or that nobody could be."""

    outcome: Literal["called", "nobody"]
    step: StepAtCounter | None = None
    visit: VisitAtCounter | None = None
    why: Why | None = None
    next_expected: Time | None = None


class StepAnswer(Answer):
    """The step after the action."""

    outcome: Literal["done"]
    step: StepAtCounter
    visit: VisitAtCounter
    why: Why | None


class StartedAnswer(Answer):
    """Whose service began."""

    outcome: Literal["started"]
    step: StepAtCounter
    visit: VisitAtCounter
    why: Why | None


class UndoneAnswer(Answer):
    """The counter as it was before the action, and who is there again."""

    outcome: Literal["undone"]
    action: str
    counter: CounterState
    step: StepAtCounter | None
    visit: VisitAtCounter | None
    why: Why | None


class Note(Answer):
    """What somebody of this booth noted."""

    text: str
    at: Time
    counter: str
    staff: str


class Notes(Answer):
    """The booth's notes about the visitor at the counter."""

    number: int
    notes: list[Note]
