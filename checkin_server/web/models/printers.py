"""Printers as organisers see them, and test prints."""

from __future__ import annotations

from typing import Literal

from checkin_server.services.snapshots.printers import Printer
from checkin_server.web.models.common import Answer


class TestPrint(Answer):
    """A test print was queued; `GET /printers` says how it ended."""

    print_job: str
    printer: str
    state: Literal["queued"]


class Printers(Answer):
    """All printers."""

    printers: list[Printer]
