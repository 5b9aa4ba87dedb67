"""The contract that every way to a printer keeps, tested over each of them, and what is special about some."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from printers.renderer import RenderedTicket
from printers.transports.base import TransportError
from tests.printers.ways import ANSWERING, EVERY, PRINTING, Way, file, lp, network, over, tickets, usb


@pytest.fixture
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    """The way to a printer that a test names."""
    with contextlib.ExitStack() as stack:
        yield request.param(tmp_path, stack)


@over(*EVERY)
def test_a_job_comes_out_whole_once_and_in_order(way: Way, rendered: RenderedTicket) -> None:
    """Two jobs, one after the other, byte for byte; a check before them prints nothing."""
    first, second = tickets(rendered, 2)
    way.transport.check()
    assert way.came_out() == []
    way.transport.send("job-1", first)
    way.transport.send("job-2", second)
    assert way.came_out() == [first.escpos, second.escpos]


@over(*EVERY)
def test_the_start_of_a_job_is_told_once_just_before_its_first_byte(way: Way, rendered: RenderedTicket) -> None:
    """Who marks the job then has marked every job of which a byte may be on paper, and no other."""
    way.transport.send("job-1", rendered, way.begin)
    assert way.begun == [0]
    way.transport.send("job-2", rendered, way.begin)
    assert way.begun == [0, 1]


@over(*EVERY)
def test_a_job_whose_start_is_forbidden_is_not_sent(way: Way, rendered: RenderedTicket) -> None:
    """What `begin` raises reaches the caller as it is, and the way stays usable."""

    def forbid() -> None:
        raise KeyError("somebody else has it")

    with pytest.raises(KeyError, match="somebody else has it"):
        way.transport.send("job-1", rendered, forbid)
    assert way.came_out() == []
    assert way.printer is None or way.printer.jobs == []
    way.transport.send("job-1", rendered)
    assert way.came_out() == [rendered.escpos]


@over(*EVERY)
def test_where_nothing_is_nothing_begins(way: Way, rendered: RenderedTicket) -> None:
    """An unplugged printer or a missing folder is told soon, before the job's start; it may be mended."""
    began = time.monotonic()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: way.absent.check(),
        lambda: way.absent.send("job", rendered, way.begin),
    )
    for attempt in attempts:
        with pytest.raises(TransportError) as caught:
            attempt()
        assert caught.value.code in ("unreachable", "unwritable")
        assert (caught.value.bytes_sent, caught.value.permanent) == (0, False)
    assert way.begun == []
    assert time.monotonic() - began < 10


@over(*EVERY)
def test_only_a_way_that_overwrites_may_send_a_job_again(way: Way, rendered: RenderedTicket) -> None:
    """`idempotent` is the leave to repeat after a crash: twice must leave the same as once."""
    way.transport.send("job", rendered)
    way.transport.send("job", rendered)
    assert len(way.came_out()) == (1 if way.transport.idempotent else 2)


@over(*EVERY)
def test_no_job_leaves_anything_open(way: Way, rendered: RenderedTicket) -> None:
    """A day has thousands of jobs: descriptors must not add up, in good times or bad."""
    way.transport.send("job-0", rendered)
    time.sleep(0.2)
    before = len(os.listdir("/proc/self/fd"))
    for number in range(1, 4):
        way.transport.send(f"job-{number}", rendered)
        with pytest.raises(TransportError):
            way.absent.check()
    time.sleep(0.2)
    assert len(os.listdir("/proc/self/fd")) <= before


@over(*ANSWERING)
@pytest.mark.parametrize("fault", ["paper_out", "cover_open", "offline", "mute"])
def test_a_printer_that_can_not_print_gets_no_byte(way: Way, rendered: RenderedTicket, fault: str) -> None:
    """It says what is wrong before the job's start; when it is mended the job is printed."""
    assert way.printer is not None
    way.printer.fault = fault
    attempts: tuple[Callable[[], object], ...] = (
        lambda: way.transport.check(),
        lambda: way.transport.send("job", rendered, way.begin),
    )
    for attempt in attempts:
        with pytest.raises(TransportError) as caught:
            attempt()
        assert (caught.value.code, caught.value.bytes_sent) == ("no_answer" if fault == "mute" else fault, 0)
    assert way.begun == []
    assert way.printer.jobs == []
    way.printer.fault = "ok"
    way.transport.send("job", rendered, way.begin)
    assert way.came_out() == [rendered.escpos]


@over(*ANSWERING)
@pytest.mark.parametrize("fault", ["late", "chatter", "near_end", "slow"])
def test_a_printer_with_manners_of_its_own_prints_all_the_same(way: Way, rendered: RenderedTicket, fault: str) -> None:
    """Late answers, unasked reports, little paper and slowness are no trouble."""
    assert way.printer is not None
    way.printer.fault, way.printer.delay = fault, 0.02 if fault == "slow" else 0.2
    way.transport.send("job", rendered)
    assert way.came_out() == [rendered.escpos]


@over(*ANSWERING)
def test_a_printer_says_when_its_roll_is_nearly_at_its_end(way: Way, rendered: RenderedTicket) -> None:
    """When it is asked, when it acknowledges, and unasked in between; it prints on."""
    assert way.printer is not None
    assert way.transport.check() == "ok"
    assert way.transport.send("job-1", rendered) == "ok"
    way.printer.fault = "near_end"
    assert way.transport.check() == "low"
    assert way.transport.send("job-2", rendered, lambda: setattr(way.printer, "fault", "ok")) == "ok"
    assert way.transport.send("job-3", rendered, lambda: setattr(way.printer, "fault", "near_end")) == "low"
    assert len(way.came_out()) == 3


@over(lp, file)
def test_where_nothing_can_be_asked_nothing_is_claimed(way: Way, rendered: RenderedTicket) -> None:
    """CUPS and a file know of no paper."""
    assert (way.transport.check(), way.transport.send("job", rendered)) == (None, None)


@pytest.mark.parametrize(
    ("way", "fault"),
    [(way, fault) for way in PRINTING for fault in ("stall", "no_ack") if (way, fault) != (lp, "no_ack")],
    indirect=["way"],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_job_that_was_not_confirmed_says_that_bytes_had_left(way: Way, rendered: RenderedTicket, fault: str) -> None:
    """Nobody knows what came out: it is never taken for printed, nor for unsent."""
    assert way.printer is not None
    way.printer.fault = fault
    began = time.monotonic()
    with pytest.raises(TransportError) as caught:
        way.transport.send("job", rendered, way.begin)
    assert caught.value.code == ("stalled" if fault == "stall" else "no_answer")
    assert 0 < caught.value.bytes_sent <= len(rendered.escpos)
    assert way.begun == [0]
    assert time.monotonic() - began < 30


@over(network, usb, lp)
@pytest.mark.parametrize("fault", ["reset", "close"])
def test_a_line_that_is_cut_within_a_job_leaves_it_in_doubt(way: Way, rendered: RenderedTicket, fault: str) -> None:
    """A pulled cable is noticed at once."""
    assert way.printer is not None
    way.printer.fault = fault
    began = time.monotonic()
    with pytest.raises(TransportError) as caught:
        way.transport.send("job", rendered)
    assert caught.value.code in ("reset", "printer_error")
    assert caught.value.bytes_sent > 0
    assert way.came_out() == []
    assert time.monotonic() - began < 15


@over(*ANSWERING)
def test_a_job_without_a_question_at_its_end_is_refused(way: Way) -> None:
    """It could never be confirmed: the fault is the job's, for good."""
    with pytest.raises(TransportError) as caught:
        way.transport.send("job", RenderedTicket(b"", b"\x1b@"), way.begin)
    assert (caught.value.code, caught.value.permanent, caught.value.bytes_sent) == ("unconfirmed", True, 0)
    assert way.begun == []
