"""The contract that every way to a printer keeps, tested over each of them, and what is special about some."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from printers.renderer import RenderedTicket
from printers.transports.base import Transport, TransportError
from printers.transports.file import FileTransport
from printers.transports.lp import LpTransport
from printers.transports.network import NetworkTransport
from printers.transports.serial import SerialTransport
from printers.transports.usb import UsbTransport
from printers.transports.virtual import VirtualTransport
from tests.printers.conftest import ROOT
from tests.printers.fake_cups import FakeCups
from tests.printers.fake_printer import FakePrinter
from tests.printers.fake_usb import PRODUCT, SERIAL, VENDOR, FakeBus
from tests.printers.wires import PtyWire

SHORT: dict[str, Any] = {"status_timeout": 1.0, "write_timeout": 1.0, "answer_timeout": 1.5}


@dataclass
class Way:
    """A way to a printer, with the means to look at what came out."""

    transport: Transport
    absent: Transport
    """The same way, but there is nothing at its end."""
    came_out: Callable[[], list[bytes]]
    """The tickets that came out whole, in order."""
    printer: FakePrinter | None = None
    """The printer at its end, if it has one."""
    begun: list[int] = field(default_factory=list)
    """For each call of `begin`: how many jobs the printer had heard of by then."""

    def begin(self) -> None:
        self.begun.append(len(self.printer.jobs) if self.printer else len(self.came_out()))


def network(folder: Path, stack: contextlib.ExitStack) -> Way:
    """A printer in the network."""
    printer = stack.enter_context(FakePrinter())
    nobody = FakePrinter()  # a port that was taken and is free again
    with nobody:
        pass
    made = (NetworkTransport("127.0.0.1", port, connect_timeout=1, **SHORT) for port in (printer.port, nobody.port))
    return Way(next(made), next(made), lambda: printer.tickets, printer)


def usb(folder: Path, stack: contextlib.ExitStack) -> Way:
    """A printer on a USB bus."""
    printer = stack.enter_context(FakePrinter())
    unplugged = FakeBus(printer)
    unplugged.plugged = False
    ways = (UsbTransport(VENDOR, PRODUCT, SERIAL, backend=bus, **SHORT) for bus in (FakeBus(printer), unplugged))
    return Way(next(ways), next(ways), lambda: printer.tickets, printer)


def terminal(stack: contextlib.ExitStack) -> tuple[str, FakePrinter]:
    """A printer at the other end of a device file."""
    printer = stack.enter_context(FakePrinter())
    master, slave = os.openpty()
    tty.setraw(slave)
    ended = threading.Event()

    def serve() -> None:
        wire = PtyWire(master)
        while not ended.is_set():
            with contextlib.suppress(OSError):
                printer.serve(wire)

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    # Kept open by the test as well: a terminal that nobody has open forgets its settings.
    for end in (master, slave):
        stack.callback(os.close, end)
    stack.callback(server.join, 5)
    stack.callback(printer.stop)
    stack.callback(ended.set)
    return os.ttyname(slave), printer


def serial(folder: Path, stack: contextlib.ExitStack) -> Way:
    """A printer on a serial line: a real pseudo-terminal."""
    device, printer = terminal(stack)
    made = (SerialTransport(path, 921600, **SHORT) for path in (device, "/dev/ttyRIWAQ0"))
    return Way(next(made), next(made), lambda: printer.tickets, printer)


def device(folder: Path, stack: contextlib.ExitStack) -> Way:
    """A printer's device file."""
    path, printer = terminal(stack)
    made = (FileTransport(path, **SHORT) for path in (path, "/dev/usb/lp-riwaq"))
    return Way(next(made), next(made), lambda: printer.tickets, printer)


def file(folder: Path, stack: contextlib.ExitStack) -> Way:
    """A file that jobs are added to."""
    path = folder / "jobs.bin"

    def came_out() -> list[bytes]:
        content = path.read_bytes() if path.exists() else b""
        return [part + b"\x1dr\x01" for part in content.split(b"\x1dr\x01")[:-1]]

    return Way(FileTransport(path), FileTransport(folder / "no" / "folder"), came_out)


def virtual(folder: Path, stack: contextlib.ExitStack) -> Way:
    """A folder."""
    (folder / "taken").write_text("a file where the folder should be")

    def came_out() -> list[bytes]:
        written = sorted((folder / "p1").glob("*.bin"), key=lambda path: path.stat().st_mtime_ns)
        return [path.read_bytes() for path in written]

    return Way(VirtualTransport(folder, "p1"), VirtualTransport(folder / "taken", "p1"), came_out)


def lp(folder: Path, stack: contextlib.ExitStack) -> Way:
    """A printer that CUPS has."""
    printer = stack.enter_context(FakePrinter())
    cups = FakeCups(folder, printer.port)
    patch = stack.enter_context(pytest.MonkeyPatch.context())
    patch.setenv("PATH", str(cups.commands), prepend=os.pathsep)
    transport = LpTransport(cups.queue, job_timeout=2)
    return Way(transport, LpTransport("elsewhere"), lambda: printer.tickets, printer)


ANSWERING = (network, usb, serial, device)
"""Those over which a printer tells how it is."""
PRINTING = (*ANSWERING, lp)
EVERY = (*PRINTING, file, virtual)


@pytest.fixture
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    """The way to a printer that a test names."""
    with contextlib.ExitStack() as stack:
        yield request.param(tmp_path, stack)


def over(*ways: Callable[..., Way]) -> pytest.MarkDecorator:
    """Run a test over each of these ways."""
    return pytest.mark.parametrize("way", ways, ids=[one.__name__ for one in ways], indirect=True)


def tickets(rendered: RenderedTicket, count: int) -> list[RenderedTicket]:
    """Tickets that can be told apart: a feed of another length before the picture."""
    return [
        RenderedTicket(rendered.png, b"\x1b@\x1bd" + bytes((n,)) + rendered.escpos[2:]) for n in range(1, count + 1)
    ]


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
    for attempt in (way.absent.check, lambda: way.absent.send("job", rendered, way.begin)):
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
    for attempt in (way.transport.check, lambda: way.transport.send("job", rendered, way.begin)):
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


# ---- USB ----


def test_of_two_like_printers_the_one_with_the_serial_number_is_taken(rendered: RenderedTicket) -> None:
    """Another number is another printer; without one the first will do. The interface is let go after each job."""
    with FakePrinter() as printer:
        bus = FakeBus(printer)
        with pytest.raises(TransportError, match="unreachable"):
            UsbTransport(VENDOR, PRODUCT, "TM-0002", backend=bus, **SHORT).check()
        with pytest.raises(TransportError, match="unreachable"):
            UsbTransport(VENDOR, PRODUCT + 1, backend=bus, **SHORT).check()
        UsbTransport(VENDOR, PRODUCT, backend=bus, **SHORT).send("job", rendered)
        assert printer.tickets == [rendered.escpos]
        assert not bus.kernel_driver, "the kernel's own driver would keep the printer to itself"
        assert bus.claimed == 0


def test_without_a_printer_the_real_bus_says_so() -> None:
    """The libusb of the wheel loads and looks; a number that nobody has is not found."""
    with pytest.raises(TransportError, match="unreachable"):
        UsbTransport(0xFFFE, 0xFFFE).check()


UNDER_GEVENT = """
from gevent import monkey; monkey.patch_all()
import json, sys, time
import gevent
from printers.renderer import RenderedTicket
from printers.transports.base import TransportError
from printers.transports.usb import UsbTransport
from tests.printers.fake_printer import FakePrinter
from tests.printers.fake_usb import PRODUCT, VENDOR, FakeBus

try:
    UsbTransport(0xFFFE, 0xFFFE).check()
except TransportError as error:
    absent = error.code
beats, running = 0, True

def heart():
    global beats
    while running:
        gevent.sleep(0.002)
        beats += 1

ticket = RenderedTicket(b"", b"\\x1b@\\x1dv0\\x00\\x04\\x00\\x40\\x00" + bytes(256) + b"\\x1dVB\\x00\\x1dr\\x01")
with FakePrinter("late", delay=0.5) as printer:
    beating = gevent.spawn(heart)
    UsbTransport(VENDOR, PRODUCT, backend=FakeBus(printer)).send("job", ticket)
    running = False
    beating.join()
    print(json.dumps({"absent": absent, "printed": printer.tickets == [ticket.escpos], "beats": beats}))
"""


def test_under_gevent_a_usb_printer_holds_up_nothing_and_its_absence_is_no_noise() -> None:
    """The USB library blocks: it works on real threads, and an error there reaches the caller only."""
    command = [sys.executable, "-c", UNDER_GEVENT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    seen = json.loads(done.stdout)
    assert (seen["absent"], seen["printed"]) == ("unreachable", True)
    assert seen["beats"] > 20, "the loop stood still while the printer was waited for"


# ---- CUPS ----


@pytest.mark.parametrize("state", ["disabled", "rejecting", "gone"])
def test_a_queue_that_prints_nothing_gets_nothing(tmp_path: Path, rendered: RenderedTicket, state: str) -> None:
    """CUPS would keep the job, and print it when the visitor is long gone."""
    with FakePrinter() as printer, pytest.MonkeyPatch.context() as patch:
        cups = FakeCups(tmp_path, printer.port)
        patch.setenv("PATH", str(cups.commands), prepend=os.pathsep)
        cups.set(state, printer.port)
        with pytest.raises(TransportError) as caught:
            LpTransport(cups.queue).send("job", rendered)
        assert caught.value.code == ("unreachable" if state == "gone" else "offline")
        assert caught.value.bytes_sent == 0
        assert printer.jobs == []


def test_without_cups_its_queue_is_unreachable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `lp` on this computer: told, not thrown."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TransportError, match="unreachable"):
        LpTransport("receipts").check()


# ---- file ----


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, rendered: RenderedTicket) -> None:
    """A job is in the file whole or not at all; then it may be tried again."""
    path = tmp_path / "jobs.bin"
    FileTransport(path).send("job-1", rendered)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(rendered.escpos) + 1000, limits[1]))
    try:
        with pytest.raises(TransportError) as caught:
            FileTransport(path).send("job-2", rendered)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (caught.value.code, caught.value.bytes_sent) == ("unwritable", 0)
    assert path.read_bytes() == rendered.escpos


def test_what_is_neither_file_nor_device_is_refused(tmp_path: Path, rendered: RenderedTicket) -> None:
    """A pipe could never confirm, and would block; a folder can't be printed on."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(TransportError, match="unwritable"):
            FileTransport(path).send("job", rendered)


# ---- serial ----


def test_an_unknown_way_of_flow_control_is_a_mistake_in_the_settings() -> None:
    """It is told when the printer is set up, not when the first visitor waits."""
    with pytest.raises(ValueError, match="rtscts, xonxoff, none"):
        SerialTransport("/dev/ttyUSB0", 19200, "magic")
