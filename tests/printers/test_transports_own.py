"""What one way to a printer has of its own: USB, CUPS, files, serial lines."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from printers.renderer import RenderedTicket
from printers.transports.base import TransportError
from printers.transports.file import FileTransport
from printers.transports.lp import LpTransport
from printers.transports.serial import SerialTransport
from printers.transports.usb import UsbTransport
from tests.printers.conftest import ROOT
from tests.printers.fake_cups import FakeCups
from tests.printers.fake_printer import FakePrinter
from tests.printers.fake_usb import PRODUCT, VENDOR, FakeBus
from tests.printers.ways import SHORT


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


def test_an_unknown_way_of_flow_control_is_a_mistake_in_the_settings() -> None:
    """It is told when the printer is set up, not when the first visitor waits."""
    with pytest.raises(ValueError, match="rtscts, xonxoff, none"):
        SerialTransport("/dev/ttyUSB0", 19200, "magic")
