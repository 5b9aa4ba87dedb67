"""A printer on a serial line (RS-232, or USB that looks like it)."""

from __future__ import annotations

import contextlib
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import serial

from printers.renderer import RenderedTicket
from printers.transports.base import Paper, TransportError, nothing
from printers.transports.conversation import Answering, Patience, confirmable
from printers.transports.descriptor import DescriptorLine

FLOWS = ("rtscts", "xonxoff", "none")
_BITS_A_BYTE = 10


class SerialTransport(Answering):
    """Sends jobs over a serial device, 8 data bits, no parity, one stop bit.

    Args:
        device: the device's path, best one that stays the same: `/dev/serial/by-id/...`.
        baud: bits a second, as the printer's switches or self-test say.
        flow: how the printer says that its memory is full: `rtscts` (hardware; the usual cable carries the printer's
            DTR there), `xonxoff` (software) or `none`.
        status_timeout: seconds for each answer about its state.
        write_timeout: seconds in which the printer must take some bytes.
        job_timeout: seconds in which it must have taken all of them, on top of what the line itself takes.
        answer_timeout: seconds from the last byte to the acknowledgement.
        acknowledges: whether the printer answers GS r; of one that does not, each job counts as sent.
    """

    # size: where the printer is, then settings that have defaults and are told by name
    def __init__(
        self,
        device: str,
        baud: int = 19200,
        flow: str = "rtscts",
        *,
        status_timeout: float = 2.0,
        write_timeout: float = 5.0,
        job_timeout: float = 60.0,
        answer_timeout: float = 15.0,
        acknowledges: bool = True,
    ) -> None:
        if flow not in FLOWS:
            raise ValueError(f"flow: {flow!r} is none of {', '.join(FLOWS)}")
        super().__init__(acknowledges)
        self._device = device
        self._baud = baud
        self._flow = flow
        self._patience = Patience(status_timeout, write_timeout, job_timeout, answer_timeout)

    def check(self, *, acknowledge: bool = False) -> Paper:
        """Open the device and ask for the printer's state."""
        with self._open() as line:
            return self._asked(line, self._patience, acknowledge)

    def send(self, job: str, ticket: RenderedTicket, begin: Callable[[], None] = nothing) -> Paper:
        """Print a ticket and wait for its acknowledgement. `job` is not sent: the printer has no use for it."""
        confirmable(ticket)
        given = self._patience
        # A ticket of 60 kB takes half a minute at 19200 bits a second, and the kernel holds the last of it.
        line_s = (len(ticket.escpos) + self.trust.waits_for) * _BITS_A_BYTE / self._baud
        patience = Patience(given.status, given.write, given.job + line_s, given.answer + min(line_s, 5.0))
        with self._open() as line:
            return self._talk(line, patience).print(ticket, begin)

    @contextmanager
    def _open(self) -> Iterator[DescriptorLine]:
        try:
            port = serial.Serial(
                self._device,
                self._baud,
                timeout=0,
                rtscts=self._flow == "rtscts",
                xonxoff=self._flow == "xonxoff",
                exclusive=True,
            )
        except (OSError, ValueError, termios.error) as error:
            raise TransportError("unreachable", f"{self._device}: {error}") from error
        try:
            yield DescriptorLine(port.fileno())
        finally:
            # Closing waits, uninterruptibly, until all is sent: a printer that takes nothing would hold up everybody.
            with contextlib.suppress(OSError, termios.error):
                port.reset_output_buffer()
            with contextlib.suppress(OSError, termios.error):
                port.close()
