"""The clock of a rehearsal, and the API's own description."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from checkin_server.web.models.common import Answer, Time


class ClockBody(BaseModel):
    """The time to set a virtual clock to."""

    now: Time


class ClockAnswer(Answer):
    """The time it is now."""

    now: Time


class OpenApiDocument(Answer):
    """An OpenAPI 3.1 document."""

    openapi: str
    info: dict[str, Any]
    servers: list[dict[str, Any]]
    paths: dict[str, Any]
    components: dict[str, Any]
