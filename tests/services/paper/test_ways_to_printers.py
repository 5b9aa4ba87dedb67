"""Each kind of printer of the settings gets its way, made from its own keys."""

from __future__ import annotations

import os
import termios
from pathlib import Path
from typing import Any

import pytest

from checkin_server.domain.plan import Printer
from checkin_server.services.paper.printing import transport_for
from printers.transports.base import TransportError

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "network": ("NetworkTransport", {"host": "127.0.0.1"}),
    "usb": ("UsbTransport", {"vendor": 0x04B8, "product": 0x0E15}),
    "serial": ("SerialTransport", {"device": "/dev/ttyUSB0"}),
    "lp": ("LpTransport", {"queue": "kiosk-1"}),
    "file": ("FileTransport", {"path": "/dev/usb/lp0"}),
    "virtual": ("VirtualTransport", {}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_printer_is_reached_its_own_way(kind: str, tmp_path: Path) -> None:
    """Making one opens nothing: a cable may be put in later."""
    name, keys = KINDS[kind]
    assert type(transport_for(Printer("P1", kind, 80, **keys), tmp_path)).__name__ == name


def test_a_printer_of_no_known_kind_is_never_taken_for_a_virtual_one(tmp_path: Path) -> None:
    """Tickets that go to files nobody reads would be worse than no start."""
    with pytest.raises(ValueError, match="P1"):
        transport_for(Printer("P1", "agent", 80), tmp_path)


def test_a_file_printer_gets_the_bytes(tmp_path: Path) -> None:
    """From the settings' path to the disk."""
    way = transport_for(Printer("P1", "file", 80, path=str(tmp_path / "out.bin")), tmp_path)
    way.check()


@pytest.mark.parametrize(("flow", "settings"), [("rtscts", 1), ("xonxoff", 2), ("none", 0)])
def test_a_serial_printer_of_the_settings_keeps_its_flow_control(flow: str, settings: int, tmp_path: Path) -> None:
    """As its switches say; on a real line the kernel is asked what it does."""
    master, slave = os.openpty()
    try:
        way = transport_for(Printer("P1", "serial", 80, device=os.ttyname(slave), flow=flow), tmp_path)
        with pytest.raises(TransportError, match="no_answer"):
            way.check()
        inward, _, control, *_ = termios.tcgetattr(slave)
        found = (1 if control & termios.CRTSCTS else 0) + (2 if inward & termios.IXON else 0)
        assert found == settings
    finally:
        os.close(master)
        os.close(slave)
