"""Printers as organisers see them, and test prints."""

from __future__ import annotations

from typing import Literal

from checkin_server.services.snapshots.printers import Printer
from checkin_server.web.models.common import Answer, Command, Id


class TestPrint(Answer):
    """A test print was queued; `GET /printers` says how it ended."""

    print_job: str
    printer: str
    state: Literal["queued"]


class TestJudged(Command):
    """What a person saw of a test print."""

    print_job: Id
    came_out: bool


class TestJudgedAnswer(Answer):
    """Whether the printer is believed from now on."""

    outcome: Literal["done"]
    printer: str
    believed: bool


class Printers(Answer):
    """All printers."""

    printers: list[Printer]
