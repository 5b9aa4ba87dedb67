"""Printers as organisers see them, and test prints."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from checkin_server.web.models.common import Time


class TestPrint(BaseModel):
    """A test print was queued; `GET /printers` says how it ended."""

    print_job: str
    printer: str
    state: Literal["queued"]


class LastTest(BaseModel):
    """The newest test print of a printer."""

    print_job: str
    state: Literal["queued", "sending", "printed", "uncertain", "failed", "cancelled"]
    error: str | None
    asked_at: Time
    at: Time


class Printer(BaseModel):
    """A printer and its day."""

    id: str
    kind: str
    width_mm: int
    kiosks: list[str]
    desks: list[str]
    """The kiosks and the welcome desks whose own printer it is."""
    state: Literal["ok", "trouble", "unknown"]
    last_error: str | None
    since: Time | None
    paper: Literal["ok", "low", "out"] | None
    queued: int
    printed: int
    failed: int
    uncertain: int
    at: Time | None
    test: LastTest | None


class Printers(BaseModel):
    """All printers."""

    printers: list[Printer]
