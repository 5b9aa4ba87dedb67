"""What many bodies and answers have in common: ids, times, texts, waits, commands."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

Id = Annotated[str, Field(min_length=1, max_length=64)]
Locale = Literal["ar", "fr", "zgh", "en"]
Time = Annotated[str, Field(description="RFC 3339, UTC", examples=["2019-12-27T08:00:00Z"])]


class Command(BaseModel):
    """The same id again returns the first answer; with another body it is refused with `id_reused`."""

    command_id: UUID


Reason = Annotated[str, Field(min_length=3, max_length=200, description="why, in a few words; kept in the log")]


class Names(BaseModel):
    """A text in the four languages."""

    ar: str
    fr: str
    zgh: str
    en: str


class Wait(BaseModel):
    """Seconds: half are called by `p50`, nine in ten by `p90`."""

    p50: int
    p90: int


class Done(BaseModel):
    """It was done."""

    outcome: Literal["done"]
