"""A printer keeps its place in what it was told: who comes after a job that was cut short still gets a whole ticket."""

from __future__ import annotations

import contextlib
import random
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from printers.commands import RASTER
from printers.escpos_job import defuse, job_bytes
from printers.renderer import RenderedTicket
from printers.transports.base import TransportError
from printers.transports.network import NetworkTransport
from tests.printers.escpos_reader import read
from tests.printers.fake_printer import FakePrinter
from tests.printers.ways import ANSWERING, Way, lp, network, over, usb

QUICK: dict[str, Any] = {"status_timeout": 0.3, "write_timeout": 1.0, "answer_timeout": 1.0}


@pytest.fixture
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    """The way to a printer that a test names."""
    with contextlib.ExitStack() as stack:
        yield request.param(tmp_path, stack)


@pytest.fixture(scope="module")
def small() -> RenderedTicket:
    """A picture of five bands, quick to send: black and white at random, with no command in it."""
    inked = random.Random(6).randbytes(72 * 200)
    return RenderedTicket(b"", job_bytes(defuse(Image.frombytes("1", (576, 200), inked, "raw", "1;I"))))


@pytest.fixture
def printer() -> Iterator[FakePrinter]:
    """A printer in good order."""
    with FakePrinter() as fake:
        yield fake


def to(printer: FakePrinter, *, acknowledges: bool = True) -> NetworkTransport:
    """A transport with time-outs fit for tests."""
    return NetworkTransport("127.0.0.1", printer.port, connect_timeout=2, acknowledges=acknowledges, **QUICK)


def as_one_image(ticket: RenderedTicket) -> bytes:
    """The job as release 5aa9f18 made it: the whole ticket is one raster image."""
    picture = read(ticket.escpos).picture.convert("1")
    size = (picture.width // 8).to_bytes(2, "little") + picture.height.to_bytes(2, "little")
    inked = picture.tobytes("raw", "1;I")
    return b"\x1b@" + RASTER + size + inked + b"\x1bd\x01\x1dVB\x00\x1dr\x01"


def told_before(printer: FakePrinter, words: bytes) -> None:
    """Somebody else, in another process, said this and was gone."""
    with socket.create_connection(("127.0.0.1", printer.port), 5) as line:
        line.sendall(words)
    before = printer.connections
    until = time.monotonic() + 10
    while printer.connections == before - 1 and time.monotonic() < until:
        time.sleep(0.01)


def came_out_whole(printer: FakePrinter, ticket: RenderedTicket) -> bool:
    """Whether the last ticket has this picture on it and nothing else, and no letter stands on any paper."""
    picture = read(ticket.escpos).picture.convert("1").tobytes("raw", "1;I")
    return b"".join(printer.strips[-2].rows) == picture and not any(strip.letters for strip in printer.strips)


@pytest.mark.parametrize("clears", [False, True])
@pytest.mark.parametrize("after", [3, 5, 7, 9, 10, 2000, 40_000, "all but one"])
def test_a_ticket_after_an_old_releases_that_was_cut_short_comes_out_whole(
    printer: FakePrinter, rendered: RenderedTicket, after: int | str, clears: bool
) -> None:
    """Wherever the old image ends, its rest takes nothing of the ticket, whether or not the printer can be cleared."""
    printer.clears = clears
    old = as_one_image(rendered)
    image_ends = len(old) - len(b"\x1bd\x01\x1dVB\x00\x1dr\x01")
    told_before(printer, old[: image_ends - 1 if isinstance(after, str) else after])
    transport = to(printer)
    if after != 2000:
        transport.interrupted()  # as at each start that finds a job which had begun
    assert transport.send("job", rendered) == "ok"
    assert came_out_whole(printer, rendered)


@pytest.mark.parametrize("after", [1, 4, 5, 10, 11, 3400, 3500, "in the middle of the cut"])
def test_a_ticket_after_our_own_that_was_cut_short_comes_out_whole(
    printer: FakePrinter, small: RenderedTicket, after: int | str
) -> None:
    """In every place of a job: header, dots, between two bands, feed and cut; by another process, and by this one."""
    cut = len(small.escpos) - 5 if isinstance(after, str) else after
    told_before(printer, small.escpos[:cut])
    transport = to(printer)
    transport.interrupted()
    transport.send("job-1", small)
    assert came_out_whole(printer, small)
    if cut > len(small.escpos) // 2:
        return  # it comes over the line in one piece with the status request
    printer.fault, printer.after = "reset", cut
    with pytest.raises(TransportError):
        transport.send("job-2", small)
    printer.fault = "ok"
    transport.send("job-3", small)
    assert came_out_whole(printer, small)


@pytest.mark.parametrize(
    ("way", "fault"),
    [
        *((way, "stall") for way in (*ANSWERING, lp)),
        *((way, fault) for way in (network, usb) for fault in ("reset", "restart")),
    ],
    indirect=["way"],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_after_a_job_cut_short_the_next_ticket_comes_out_whole(way: Way, small: RenderedTicket, fault: str) -> None:
    """Over every way to a printer."""
    assert way.printer is not None
    way.printer.fault = fault
    with pytest.raises(TransportError):
        way.transport.send("job-1", small)
    way.printer.fault = "ok"
    way.transport.send("job-2", small)
    assert came_out_whole(way.printer, small)


def test_what_the_printer_would_swallow_is_never_called_printed(small: RenderedTicket) -> None:
    """A printer that waits for more dots than any release ever drew: no answer, no ticket."""
    with FakePrinter() as printer:
        told_before(printer, RASTER + b"\x48\x00\xff\xff")
        transport = to(printer)
        with pytest.raises(TransportError) as caught:
            transport.send("job", small)
        assert (caught.value.code, caught.value.bytes_sent) == ("no_answer", len(small.escpos))
        assert not printer.tickets


def test_a_job_that_was_interrupted_before_a_restart_is_cut_off_first(
    printer: FakePrinter, small: RenderedTicket
) -> None:
    """The half ticket of an earlier run is a piece of paper of its own, also where it ended between two bands."""
    told_before(printer, small.escpos[: 2 + 8 + 48 * 72])
    transport = to(printer)
    transport.interrupted()
    transport.send("job", small)
    assert [len(strip.rows) for strip in printer.strips] == [48, read(small.escpos).picture.height, 0]


def test_a_well_printer_gets_nothing_but_tickets(printer: FakePrinter, small: RenderedTicket) -> None:
    """Once it has acknowledged one there is no question, no zeros, no strip of white paper before the next."""
    transport = to(printer)
    transport.interrupted()
    transport.send("job-1", small)
    before = len(printer.strips)
    for number in range(2, 5):
        transport.send(f"job-{number}", small)
    assert len(printer.strips) - before == 3
    assert printer.tickets == [small.escpos] * 4


def test_a_printer_that_acknowledges_nothing_can_be_used(printer: FakePrinter, small: RenderedTicket) -> None:
    """`send` comes back when it has taken all; one that says nothing at all is no trouble either."""
    transport = to(printer, acknowledges=False)
    for number, fault in enumerate(("no_ack", "mute", "mute", "half_close")):
        printer.fault = fault
        began = time.monotonic()
        transport.send(f"job-{number}", small)
        assert time.monotonic() - began < 30
    until = time.monotonic() + 10
    while len(printer.tickets) < 4 and time.monotonic() < until:
        time.sleep(0.01)
    assert printer.tickets == [small.escpos] * 4


def test_a_printer_that_acknowledges_nothing_and_is_cut_off_leaves_its_ticket_in_doubt(
    printer: FakePrinter, small: RenderedTicket
) -> None:
    """It has not taken all: that is known without its word; and the next ticket comes out whole."""
    transport = to(printer, acknowledges=False)
    transport.send("job-1", small)
    for fault in ("reset", "stall"):
        printer.fault, printer.after = fault, 5000
        with pytest.raises(TransportError) as caught:
            transport.send("job-2", small)
        assert caught.value.bytes_sent > 0
    printer.fault = "ok"
    transport.send("job-3", small)
    until = time.monotonic() + 10
    while len(printer.tickets) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert came_out_whole(printer, small)


@over(*ANSWERING)
def test_whether_a_printer_acknowledges_is_asked_when_that_is_wanted(way: Way) -> None:
    """What the doctor asks: nothing is printed, and one that answers no GS r is told by that."""
    assert way.printer is not None
    assert way.transport.check(acknowledge=True) == "ok"
    assert way.printer.jobs == [] and [strip.rows for strip in way.printer.strips] == [[]]
    way.printer.fault = "no_ack"
    assert way.transport.check() == "ok"
    with pytest.raises(TransportError, match="no_acknowledgement") as caught:
        way.transport.check(acknowledge=True)
    assert caught.value.bytes_sent == 0
