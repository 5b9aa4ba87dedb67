"""What boards say and show: calls aloud, pictures and films."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from checkin_server.web.models.common import Command, Locale


class AnnounceBody(Command):
    """A call that a board wants to say aloud, as its snapshot names it."""

    call: Annotated[str, Field(min_length=1, max_length=100)]
    recall: Annotated[int, Field(ge=0, le=10_000)] = 0


class Phrase(BaseModel):
    """What to play, in order. Without `files` nobody can say it in this language."""

    language: Locale | None
    files: list[str]
    synthetic: Annotated[bool, Field(description="the machine's voice speaks, recordings are missing")]
    missing: Annotated[list[str], Field(description="recordings that would be needed")]


class Announcement(Phrase):
    """`speak`: play it now. `wait`: ask again after `wait_ms`. `said`, `gone`: leave it. `finished`: noted."""

    outcome: Literal["speak", "wait", "said", "gone", "finished"]
    wait_ms: int


class MediaAnswer(BaseModel):
    """Pictures and films in order, each `{url, kind}`; kinds are `image` and `video`."""

    items: list[dict[str, str]]
    image_seconds: float
