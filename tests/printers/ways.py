"""Each way to a printer, with what stands at its end."""

from __future__ import annotations

import contextlib
import os
import threading
import tty
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from printers.renderer import RenderedTicket
from printers.transports.base import Transport
from printers.transports.file import FileTransport
from printers.transports.lp import LpTransport
from printers.transports.network import NetworkTransport
from printers.transports.serial import SerialTransport
from printers.transports.usb import UsbTransport
from printers.transports.virtual import VirtualTransport
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


def over(*ways: Callable[..., Way]) -> pytest.MarkDecorator:
    """Run a test over each of these ways."""
    return pytest.mark.parametrize("way", ways, ids=[one.__name__ for one in ways], indirect=True)


def tickets(rendered: RenderedTicket, count: int) -> list[RenderedTicket]:
    """Tickets that can be told apart: a feed of another length before the picture."""
    return [
        RenderedTicket(rendered.png, b"\x1b@\x1bd" + bytes((n,)) + rendered.escpos[2:]) for n in range(1, count + 1)
    ]
