"""What a day says afterwards."""

from __future__ import annotations

from pydantic import BaseModel


class Overtaken(BaseModel):
    """One category of visitors: how many there were, how many were overtaken, by how much at most."""

    category: str
    visits: int
    overtaken: int
    longest_s: int
    """How much later somebody had asked who was chosen before one of them, in seconds."""


class BeyondBound(BaseModel):
    """A choice beyond the bound, by its place in the event log."""

    seq: int
    service: str
    number: int | None
    """Who was overtaken."""
    by: int | None
    minutes: float
    bound_minutes: float


class FairnessReport(BaseModel):
    """Who was overtaken on a day, and whether the bound held; read from the event log."""

    day: str
    choices: int
    """How often somebody was chosen: sent to a zone, or called without."""
    bound_minutes: float
    held: bool
    beyond: int
    cases: list[BeyondBound]
    """The last of them, at most 20."""
    categories: list[Overtaken]
