"""Running spools, and tickets that can be told apart."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from printers.job_queue import JobQueue, TicketRenderer
from printers.spool import Spool
from printers.transports.base import Transport
from printers.transports.network import NetworkTransport
from tests.printers import samples
from tests.printers.fake_printer import FakePrinter


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something that must happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def numbered(number: int) -> samples.Spec:
    """A ticket that can be told from others."""
    return samples.EN | {"number": number, "duplicate": None}


@contextmanager
def spooling(
    queue: JobQueue, transport: Transport, renderer: TicketRenderer, *, poll: float = 0.2, check_every: float = 20.0
) -> Iterator[Spool]:
    """A running spool with short pauses."""
    spool = Spool(queue, transport, renderer, "p1", 80, poll=poll, check_every=check_every, backoff=(0.02, 0.1))
    spool.start()
    try:
        yield spool
    finally:
        assert spool.stop(20)


def line_to(printer: FakePrinter) -> NetworkTransport:
    """A transport with time-outs fit for tests."""
    return NetworkTransport(
        "127.0.0.1", printer.port, connect_timeout=2, status_timeout=1, write_timeout=1, answer_timeout=2
    )
