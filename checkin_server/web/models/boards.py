"""What boards say and show: calls aloud, pictures and films."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from checkin_server.domain.texts import WRITTEN
from checkin_server.services.boards.voice import LONGEST_TEXT, MOST_PARTS
from checkin_server.web.models.common import Answer, Body, Command, Locale, Written

_PART = f"[^,{WRITTEN}]*"


class AnnounceBody(Command):
    """A call that a board wants to say aloud, as its snapshot names it."""

    call: Annotated[str, Field(min_length=1, max_length=100)]
    recall: Annotated[int, Field(ge=0, le=10_000)] = 0


class PhraseQuery(Body):
    """What is to be said: recordings and numbers, parted by commas, and a text where a recording is missing."""

    lang: Locale
    parts: Annotated[str, Field(max_length=300, pattern=rf"^{_PART}(,{_PART}){{0,{MOST_PARTS - 1}}}$")] = ""
    text: Annotated[str, Field(max_length=LONGEST_TEXT), Written()] = ""


class Phrase(Answer):
    """What to play, in order. Without `files` nobody can say it in this language."""

    language: Locale | None
    files: list[str]
    synthetic: Annotated[bool, Field(description="the machine's voice speaks, recordings are missing")]
    missing: Annotated[list[str], Field(description="recordings that would be needed")]


class Announcement(Phrase):
    """`speak`: play it now. `wait`: ask again after `wait_ms`. `said`, `gone`: leave it. `finished`: noted."""

    outcome: Literal["speak", "wait", "said", "gone", "finished"]
    wait_ms: int


class MediaItem(Answer):
    """A picture or a film."""

    url: str
    kind: Literal["image", "video"]


class MediaAnswer(Answer):
    """Pictures and films, in order."""

    items: list[MediaItem]
    image_seconds: float
