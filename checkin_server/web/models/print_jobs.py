"""Print agents: the next ticket, what became of it, how the printer is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from checkin_server.domain.moments import LONGEST_RETRY_S
from checkin_server.web.models.common import Answer, Body, Command, Written


class NextJobBody(Body):
    """How long to wait for a ticket."""

    wait_s: Annotated[float, Field(ge=0, le=20)] = 0.0


class RecoverBody(Command):
    """Whether printing a ticket a second time does no harm, as with a virtual printer."""

    idempotent: bool


class PrintTroubleBody(Command):
    """Why a ticket was not printed."""

    error: Annotated[str, Field(max_length=2000), Written(lines=True)]


class RetryBody(PrintTroubleBody):
    """When the ticket may be tried again."""

    delay_s: Annotated[float, Field(ge=0, le=LONGEST_RETRY_S)] = 0.0


class PrinterStateBody(Body):
    """How a printer is."""

    state: Literal["ok", "trouble", "unknown"]
    last_error: Annotated[str, Field(max_length=64), Written()] | None = None
    paper: Literal["ok", "low", "out"] | None = None


class LaidOutTicket(Answer):
    """A ticket as the printer gets it, in Base64."""

    escpos: str
    png: Annotated[str, Field(description="the same as a picture")]


class WaitingJob(Answer):
    """A print job that is due."""

    id: str
    attempt: Annotated[int, Field(description="how often it has been tried, this time included")]
    ticket: LaidOutTicket


class NextJob(Answer):
    """The oldest print job that is due, or null."""

    job: WaitingJob | None


class PrintJobAnswer(Answer):
    """What the job has become."""

    outcome: Literal["done"]
    state: Literal["queued", "sending", "printed", "sent", "uncertain", "failed"]


class Recovered(Answer):
    """How many jobs were settled."""

    outcome: Literal["done"]
    jobs: int
