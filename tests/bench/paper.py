"""From a committed choice to the last byte on a virtual printer: how long the spool takes, and how long the drawing."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from checkin_server.common.places import FONTS, TICKET_TEMPLATE
from checkin_server.db.tx import Event
from checkin_server.services.paper.printing import DatabaseJobs
from printers.renderer import RenderedTicket, Renderer
from printers.spool import Spool
from printers.transports.base import Paper, nothing
from printers.transports.virtual import VirtualTransport
from tests.bench.process import cpu_seconds
from tests.support.venue import sqlcipher_site

_WARM_UP = 20
_PAUSE_S = 0.02
"""Between two visitors: each finds an idle printer, as at a kiosk."""
_LIMIT_S = 30.0


class _TimedRenderer:
    """A renderer that notes how long its last ticket took."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self.seconds = 0.0

    def check(self) -> None:
        """See that tickets can be drawn."""
        self._renderer.check()

    def render(self, spec: Mapping[str, Any], width_mm: int) -> RenderedTicket:
        """Draw a ticket."""
        began = time.perf_counter()
        ticket = self._renderer.render(spec, width_mm)
        self.seconds = time.perf_counter() - began
        return ticket


class _TimedTransport(VirtualTransport):
    """A virtual printer that notes when its last byte was on the disk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "P1")
        self.at = 0.0
        self.done = threading.Event()

    def send(self, job: str, ticket: RenderedTicket, begin: Callable[[], None] = nothing) -> Paper:
        """Print."""
        paper = super().send(job, ticket, begin)
        self.at = time.perf_counter()
        self.done.set()
        return paper


def measure(tickets: int) -> tuple[list[float], list[float], float]:
    """Print `tickets` tickets one by one.

    Returns the milliseconds of the spool's own part and of the drawing of each, and the CPU milliseconds of a drawing.

    Raises:
        RuntimeError: a ticket did not come out.
    """
    own, drawing = [], []
    with (
        tempfile.TemporaryDirectory(prefix="riwaq-bench-") as folder,
        sqlcipher_site(Path(folder), crowd=tickets + _WARM_UP) as site,
        Renderer(TICKET_TEMPLATE, FONTS) as renderer,
    ):
        drawn, printed = _TimedRenderer(renderer), _TimedTransport(Path(folder))
        spool = Spool(DatabaseJobs(site.venue), printed, drawn, "P1", 80)

        committed = 0.0

        def hear(events: Sequence[Event]) -> None:
            """Wake the spool after the commit, as the server does."""
            nonlocal committed
            if any(event.kind == "ticket_queued" for event in events):
                committed = time.perf_counter()
                spool.wake()

        site.db.feed.follow(hear)
        spool.start()
        try:
            cpu_before = 0.0
            for number in range(tickets + _WARM_UP):
                if number == _WARM_UP:
                    cpu_before = cpu_seconds(_child(renderer))
                scanned = site.scan(site.newcomer().code)
                printed.done.clear()
                site.choose(scanned["visit"]["id"], "bank", "health")
                if not printed.done.wait(_LIMIT_S):
                    raise RuntimeError("a ticket did not come out")
                own.append((printed.at - committed - drawn.seconds) * 1000)
                drawing.append(drawn.seconds * 1000)
                time.sleep(_PAUSE_S)
            cpu_s = cpu_seconds(_child(renderer)) - cpu_before
        finally:
            spool.stop()
    return own[_WARM_UP:], drawing[_WARM_UP:], cpu_s * 1000 / tickets


def _child(renderer: Renderer) -> int:
    if renderer.pid is None:
        raise RuntimeError("nothing has been drawn")
    return renderer.pid
