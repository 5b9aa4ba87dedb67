"""An open device file as a way to a printer, waited for with `select`: cooperative after gevent's monkey patching."""

from __future__ import annotations

import array
import contextlib
import fcntl
import os
import select
import termios
import time
from collections.abc import Callable

from printers.transports.base import TransportError
from printers.transports.conversation import CHUNK

_NAP = 0.01


def await_empty(descriptor: int, timeout: float, meanwhile: Callable[[], None]) -> None:
    """Wait until the kernel has passed on all that was written; `meanwhile` takes a little time.

    Raises:
        TransportError: `stalled` when it has not within `timeout` seconds; or what `meanwhile` raises.
    """
    deadline = time.monotonic() + timeout
    waiting = array.array("i", [0])
    with contextlib.suppress(OSError):  # a device that does not tell, such as the kernel's USB printer
        while True:
            fcntl.ioctl(descriptor, termios.TIOCOUTQ, waiting)
            if waiting[0] == 0:
                return
            if time.monotonic() > deadline:
                raise TransportError("stalled", f"{waiting[0]} bytes not taken")
            meanwhile()


class DescriptorLine:
    """Bytes both ways over a descriptor that was opened without blocking. Closing it is the owner's."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def send(self, data: bytes, timeout: float) -> int:
        """See `Line`. What was taken is counted to the byte: a partly taken write is not an error."""
        deadline = time.monotonic() + timeout
        try:
            while True:
                _, ready, _ = select.select([], [self._descriptor], [], max(0.0, deadline - time.monotonic()))
                if not ready:
                    raise TransportError("stalled")
                try:
                    return os.write(self._descriptor, data)
                except BlockingIOError:  # room was there, and is gone: select is no promise
                    time.sleep(_NAP)
        except OSError as error:
            raise TransportError("reset", str(error)) from error

    def flush(self, timeout: float) -> None:
        """See `Line`. What the kernel still holds is asked for, where it tells."""
        await_empty(self._descriptor, timeout, lambda: time.sleep(_NAP))

    def hear(self, timeout: float) -> bytes:
        """See `Line`."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            try:
                ready, _, _ = select.select([self._descriptor], [], [], left)
                heard = os.read(self._descriptor, CHUNK) if ready else b""
            except BlockingIOError:
                heard = b""
            except OSError as error:
                raise TransportError("reset", str(error)) from error
            if heard:
                return heard
            if ready:  # the kernel's USB printer driver gives empty reads: nothing was said
                time.sleep(min(_NAP, left))
        raise TimeoutError
