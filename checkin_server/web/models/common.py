"""What many bodies and answers have in common: ids, times, texts, waits, commands."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from checkin_server.services.shapes import Locale, Names, Time, Wait, Why

Id = Annotated[str, Field(min_length=1, max_length=64)]


class Command(BaseModel):
    """The same id again returns the first answer; with another body it is refused with `id_reused`."""

    command_id: UUID


Reason = Annotated[str, Field(min_length=3, max_length=200, description="why, in a few words; kept in the log")]


class Answer(BaseModel):
    """What the API answers: these fields and no others. Tests hold every answer against its type."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Done(Answer):
    """It was done."""

    outcome: Literal["done"]


__all__ = ["Answer", "Command", "Done", "Id", "Locale", "Names", "Reason", "Time", "Wait", "Why"]
