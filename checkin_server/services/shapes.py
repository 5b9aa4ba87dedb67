"""What answers to screens are made of, wherever they are made: times, texts, waits, reasons.

Each shape stands once: builders return it (checked by mypy), the API's models and OpenAPI are made from it, and the
screens' types from that. Tests hold every answer against it, extra fields too; a server that serves a day does not.
"""

from __future__ import annotations

from typing import (
    Annotated,
    Literal,
    NotRequired,  # pydantic can't read typing's own before Python 3.12
)

from pydantic import Field
from typing_extensions import TypedDict

from checkin_server.domain import waits
from checkin_server.domain.plan import Language
from checkin_server.domain.steps import State
from checkin_server.domain.tour import Text

Time = Annotated[str, Field(description="RFC 3339, UTC", examples=["2019-12-27T08:00:00Z"])]
Locale = Language
StepState = State
PrinterState = Literal["ok", "trouble", "unknown"]
Paper = Literal["ok", "low", "out"]


class Names(TypedDict):
    """A text in the four languages."""

    ar: str
    fr: str
    zgh: str
    en: str


class Wait(TypedDict):
    """Seconds: half are called by `p50`, nine in ten by `p90`."""

    p50: int
    p90: int


class Why(TypedDict):
    """Why this one: a code and its figures; docs/reasons.md says what each means."""

    code: str
    minutes: NotRequired[int]
    """Waited so far."""
    head_start: NotRequired[int]
    """Minutes that priority gave."""
    reason: NotRequired[str]
    left: NotRequired[int]
    """Minutes of service the visit still needs."""
    walk: NotRequired[float]
    """Minutes on foot."""
    first: NotRequired[str]
    """The service that has to come before."""


def names(text: Text) -> Names:
    """Write a text of the plan."""
    return {"ar": text["ar"], "fr": text["fr"], "zgh": text["zgh"], "en": text["en"]}


def wait(expected: waits.Wait | None) -> Wait | None:
    """Write a wait; None where it is not known."""
    return None if expected is None else {"p50": expected.p50, "p90": expected.p90}
