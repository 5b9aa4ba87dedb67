"""The clock of a rehearsal, and the API's own description."""

from __future__ import annotations

from typing import Any, Literal

from checkin_server.web.models.common import Answer, Body, Command, Moment, Time


class ClockBody(Body):
    """The time to set a virtual clock to."""

    now: Moment


class ClockAnswer(Answer):
    """The time it is now."""

    now: Time


class ClockDecisionBody(Command):
    """Which clock is right."""

    right: Literal["machine", "riwaq"]
    """``machine``: the machine's. ``riwaq``: what Riwaq went by before; the machine's is to be set."""


class ClockDecision(Answer):
    """What was decided, and what time it is now."""

    right: Literal["machine", "riwaq"]
    offset_s: float
    """How far the machine's clock was ahead of Riwaq's."""
    now: Time


class OpenApiDocument(Answer):
    """An OpenAPI 3.1 document."""

    openapi: str
    info: dict[str, Any]
    servers: list[dict[str, Any]]
    paths: dict[str, Any]
    components: dict[str, Any]
