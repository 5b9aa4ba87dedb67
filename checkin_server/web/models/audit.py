"""Who looked at whom, and who did what; and whether the log is as it was written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, RootModel

from checkin_server.domain.members.folding import plain_digits
from checkin_server.services.audit.log import MOST, USUAL, AuditPage
from checkin_server.web.models.common import Answer, Body, Id, Time

_Count = BeforeValidator(lambda typed: plain_digits(str(typed)))


class AuditQuery(Body):
    """What of the audit is asked for; nothing: all of it."""

    day: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | None = None
    """A service day, or a date on which something was done beside one."""
    member: Id | None = None
    staff: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    """By name or id."""
    before: Annotated[int, Field(ge=1, le=2**53), _Count] | None = None
    """`next` of the page before."""
    limit: Annotated[int, Field(ge=1, le=MOST), _Count] = USUAL


class Audit(RootModel[AuditPage]):
    """Some entries of the audit, newest first."""


class ChainFlaw(Answer):
    """A place at which the log is not as it was written."""

    position: int
    what: Literal["missing", "gone", "changed", "beside", "inserted"]
    event: int | None
    part: str


class ChainVerdict(Answer):
    """What a look at the whole chain has found."""

    position: int
    """Where it ends."""
    hash: str
    sound: bool
    flaws: list[ChainFlaw]
    more: int
    """Flaws besides these."""
    looked_at: Time
