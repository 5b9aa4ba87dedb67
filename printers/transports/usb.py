"""A printer on USB, without a driver: its printer interface (class 7) by way of libusb."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import libusb_package
import usb.core
import usb.util

from printers.renderer import RenderedTicket
from printers.transports.base import Paper, TransportError, nothing
from printers.transports.blocking import off_the_loop
from printers.transports.conversation import Answering, Patience, confirmable

_PRINTER_CLASS = 7
_ROOM = 512
"""Bytes asked for in one read: a multiple of every packet size, or libusb reports an overflow."""
_HEAR_MS = 50
"""One read's length; a printer that answers with empty packets is not asked without a pause."""


class UsbTransport(Answering):
    """Sends jobs to a USB printer.

    Args:
        vendor: the maker's number, as `lsusb` shows it before the colon (hexadecimal there).
        product: the number after the colon.
        serial: the printer's own serial number, to tell it from its like on one computer; None takes the first.
        backend: pyusb's way to the bus; None is libusb, from the `libusb-package` wheel.
        status_timeout: seconds for each answer about its state.
        write_timeout: seconds in which the printer must take some bytes.
        job_timeout: seconds in which it must have taken all of them.
        answer_timeout: seconds from the last byte to the acknowledgement.
        acknowledges: whether the printer answers GS r; of one that does not, each job counts as sent.

    The user that runs this needs the right to write to the device: a udev rule, or a group such as `lp`.
    """

    # size: where the printer is, then settings that have defaults and are told by name
    def __init__(
        self,
        vendor: int,
        product: int,
        serial: str | None = None,
        *,
        backend: Any = None,
        status_timeout: float = 2.0,
        write_timeout: float = 5.0,
        job_timeout: float = 60.0,
        answer_timeout: float = 15.0,
        acknowledges: bool = True,
    ) -> None:
        super().__init__(acknowledges)
        self._vendor = vendor
        self._product = product
        self._serial = serial or None
        self._backend = backend
        self._patience = Patience(status_timeout, write_timeout, job_timeout, answer_timeout)

    def check(self, *, acknowledge: bool = False) -> Paper:
        """Open the printer and ask for its state."""
        with self._open() as line:
            return self._asked(line, self._patience, acknowledge)

    def send(self, job: str, ticket: RenderedTicket, begin: Callable[[], None] = nothing) -> Paper:
        """Print a ticket and wait for its acknowledgement. `job` is not sent: the printer has no use for it."""
        confirmable(ticket)
        with self._open() as line:
            return self._talk(line, self._patience).print(ticket, begin)

    @contextmanager
    def _open(self) -> Iterator[_Pipes]:
        try:
            pipes = off_the_loop(self._claim)
        except (usb.core.USBError, usb.core.NoBackendError, NotImplementedError, ValueError) as error:
            raise TransportError("unreachable", f"{self._name()}: {error}") from error
        try:
            yield pipes
        finally:
            off_the_loop(pipes.close)

    def _claim(self) -> _Pipes:
        backend = libusb_package.get_libusb1_backend() if self._backend is None else self._backend
        for device in usb.core.find(find_all=True, idVendor=self._vendor, idProduct=self._product, backend=backend):
            if self._serial is None or _serial_of(device) == self._serial:
                return _Pipes(device)
        raise TransportError("unreachable", f"{self._name()} is not connected")

    def _name(self) -> str:
        return f"USB {self._vendor:04x}:{self._product:04x}" + (f" {self._serial}" if self._serial else "")


def _serial_of(device: Any) -> str | None:
    try:
        number: str | None = device.serial_number
    except (usb.core.USBError, NotImplementedError, ValueError):  # no right to ask, or none there
        return None
    return number


class _Pipes:
    """The two pipes of a printer's interface, claimed."""

    def __init__(self, device: Any) -> None:
        self._device = device
        self._out, self._in, self._number = self._find()
        with contextlib.suppress(usb.core.USBError, NotImplementedError):
            # Else the kernel's own printer driver holds it. It is not given back: it would print to nobody.
            if device.is_kernel_driver_active(self._number):
                device.detach_kernel_driver(self._number)
        usb.util.claim_interface(device, self._number)

    def _find(self) -> tuple[Any, Any, int]:
        try:
            configuration = self._device.get_active_configuration()
        except usb.core.USBError:
            self._device.set_configuration()
            configuration = self._device.get_active_configuration()
        for interface in configuration:
            if interface.bInterfaceClass != _PRINTER_CLASS or interface.bAlternateSetting != 0:
                continue
            ends: dict[int, Any] = {}
            for end in interface:
                if usb.util.endpoint_type(end.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK:
                    ends.setdefault(usb.util.endpoint_direction(end.bEndpointAddress), end)
            if len(ends) == 2:
                return ends[usb.util.ENDPOINT_OUT], ends[usb.util.ENDPOINT_IN], interface.bInterfaceNumber
        raise ValueError("it has no printer interface that answers")

    def close(self) -> None:
        """Let go of the printer."""
        with contextlib.suppress(usb.core.USBError, NotImplementedError):
            usb.util.release_interface(self._device, self._number)
        with contextlib.suppress(usb.core.USBError, NotImplementedError):
            usb.util.dispose_resources(self._device)

    def send(self, data: bytes, timeout: float) -> int:
        """See `Line`."""
        try:
            taken: int = off_the_loop(lambda: self._out.write(data, max(1, round(timeout * 1000))))
        except usb.core.USBTimeoutError as error:
            raise TransportError("stalled") from error
        except usb.core.USBError as error:
            # A write that breaks off does not tell how far it came.
            raise TransportError("reset", str(error), bytes_sent=len(data)) from error
        if taken == 0:
            raise TransportError("stalled")
        return taken

    def flush(self, timeout: float) -> None:
        """See `Line`. A write comes back when the printer has taken it."""

    def hear(self, timeout: float) -> bytes:
        """See `Line`."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            listen = partial(self._in.read, _ROOM, max(1, min(_HEAR_MS, round(left * 1000))))
            try:
                heard = bytes(off_the_loop(listen))
            except usb.core.USBTimeoutError:
                continue
            except usb.core.USBError as error:
                raise TransportError("reset", str(error)) from error
            if heard:
                return heard
            time.sleep(min(0.01, left))
        raise TimeoutError
