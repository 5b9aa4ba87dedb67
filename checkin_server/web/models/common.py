"""What many bodies and answers have in common: ids, times, texts, waits, commands."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from checkin_server.services.shapes import Locale, Names, Time, Wait, Why
from checkin_server.services.times import milliseconds
from checkin_server.web.models.texts import Body, Shown, Telling, Written, one_of, uneven

Id = Annotated[str, Field(min_length=1, max_length=64)]


def _moment(text: str) -> str:
    try:
        milliseconds(text)
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError("moment", "{what}", {"what": str(error)}) from None
    return text


Moment = Annotated[
    str,
    Field(json_schema_extra={"format": "date-time"}, max_length=40, description="RFC 3339, with an offset"),
    AfterValidator(_moment),
]
"""A time in a body; routes read it with `milliseconds`."""
Code = Annotated[str, Field(max_length=4096, description="card code or visit reference, as scanned or typed"), Shown()]


class Command(Body):
    """The same id again returns the first answer; with another body it is refused with `id_reused`."""

    command_id: UUID


Reason = Annotated[
    str,
    Field(min_length=3, max_length=200, description="why, in a few words; kept in the log"),
    Written(least=3),
    Telling(),
]


class Answer(BaseModel):
    """What the API answers: these fields and no others. Tests hold every answer against its type."""

    # Built when it is asked for, by the document of the API or a test: half a second of a server's start.
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, defer_build=True)


class Done(Answer):
    """It was done."""

    outcome: Literal["done"]


__all__ = [
    "Answer",
    "Body",
    "Code",
    "Command",
    "Done",
    "Id",
    "Locale",
    "Moment",
    "Names",
    "Reason",
    "Telling",
    "Time",
    "Wait",
    "Why",
    "Written",
    "one_of",
    "uneven",
]
