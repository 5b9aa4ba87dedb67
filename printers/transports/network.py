"""A network printer on its raw port (usually 9100): one connection a job.

Before the job its state is asked for in real time (DLE EOT 1, 2, 4); after it, the answer to the job's last command
(GS r 1) tells that everything before it was printed. Bits: Epson's ESC/POS reference, DLE EOT and GS r.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable

from printers.commands import STATUS_REQUEST
from printers.renderer import RenderedTicket
from printers.transports.base import TransportError, nothing

_OFFLINE = 0x08
_COVER_OPEN, _PAPER_STOPPED, _ERROR = 0x04, 0x20, 0x40
_PAPER_END_REAL_TIME = 0x60
_PAPER_END = 0x0C
_CHUNK = 4096
_SETTLE = 0.02
"""Seconds to listen for what a printer says by itself when it is connected to."""
_MAX_CHATTER = 4096
"""Bytes that are no answer, after which a printer counts as talking nonsense."""


class NetworkTransport:
    """Sends jobs to `host:port`.

    Args:
        host: name or address.
        port: 9100 unless the printer is set otherwise.
        connect_timeout: seconds for the connection.
        status_timeout: seconds for each answer about its state.
        write_timeout: seconds in which the printer must take some bytes.
        job_timeout: seconds in which it must have taken all of them.
        answer_timeout: seconds from the last byte to the acknowledgement: as long as a long ticket takes to print.
    """

    idempotent = False

    def __init__(
        self,
        host: str,
        port: int = 9100,
        *,
        connect_timeout: float = 2.0,
        status_timeout: float = 2.0,
        write_timeout: float = 5.0,
        job_timeout: float = 60.0,
        answer_timeout: float = 15.0,
    ) -> None:
        self._address = (host, port)
        self._connect_timeout = connect_timeout
        self._status_timeout = status_timeout
        self._write_timeout = write_timeout
        self._job_timeout = job_timeout
        self._answer_timeout = answer_timeout

    def check(self) -> None:
        """Connect and ask for the printer's state."""
        with self._connected() as line:
            self._ask_state(line)

    def send(self, job: str, ticket: RenderedTicket, begin: Callable[[], None] = nothing) -> None:
        """Print a ticket and wait for its acknowledgement. `job` is not sent: the printer has no use for it."""
        content = ticket.escpos
        if not content.endswith(STATUS_REQUEST):
            raise TransportError("unconfirmed", "the job does not end with a status request", permanent=True)
        with self._connected() as line:
            self._ask_state(line)
            begin()
            sent = 0
            try:
                deadline = time.monotonic() + self._job_timeout
                while sent < len(content):
                    if time.monotonic() > deadline:
                        raise TransportError("stalled", "far too slow")
                    sent += line.send(content[sent : sent + _CHUNK], self._write_timeout)
                status = line.answer(_is_sensor_status, self._answer_timeout)
            except TransportError as error:
                detail = f"{error.detail}; {sent} of {len(content)} bytes sent"
                raise TransportError(error.code, detail, bytes_sent=sent) from error
        if status & _PAPER_END:
            raise TransportError("paper_out", "at the end of the job", bytes_sent=sent)

    def _connected(self) -> _Line:
        try:
            sock = socket.create_connection(self._address, timeout=self._connect_timeout)
        except OSError as error:
            raise TransportError("unreachable", f"{self._address[0]}:{self._address[1]}: {error}") from error
        return _Line(sock)

    def _ask_state(self, line: _Line) -> None:
        """Raise what is wrong with the printer, the most telling cause first."""
        line.drain()
        state = [self._real_time(line, kind) for kind in (1, 2, 4)]
        if state[2] & _PAPER_END_REAL_TIME or state[1] & _PAPER_STOPPED:
            raise TransportError("paper_out")
        if state[1] & _COVER_OPEN:
            raise TransportError("cover_open")
        if state[1] & _ERROR:
            raise TransportError("printer_error")
        if state[0] & _OFFLINE:
            raise TransportError("offline")

    def _real_time(self, line: _Line, kind: int) -> int:
        line.send(bytes((0x10, 0x04, kind)), self._status_timeout)
        return line.answer(_is_real_time_status, self._status_timeout)


def _is_real_time_status(byte: int) -> bool:
    """Answers to DLE EOT have bits 1 and 4 set, 0 and 7 clear."""
    return byte & 0x93 == 0x12


def _is_sensor_status(byte: int) -> bool:
    """Answers to GS r have bits 4 and 7 clear."""
    return byte & 0x90 == 0


def _begins_report(byte: int) -> bool:
    """The first of four bytes of an automatic report has bit 4 set, 0, 1 and 7 clear."""
    return byte & 0x93 == 0x10


class _Line:
    """A connection to a printer; hands out its answers and drops what it says unasked."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._heard = bytearray()
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # Little waits on this side, so that a stalled printer is noticed and `bytes_sent` is near the truth.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * _CHUNK)

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.close()

    def send(self, data: bytes, timeout: float) -> int:
        """Hand over as many bytes as are taken within `timeout`; at least one."""
        self._sock.settimeout(timeout)
        try:
            return self._sock.send(data)
        except TimeoutError as error:
            raise TransportError("stalled") from error
        except OSError as error:
            raise TransportError("reset", str(error)) from error

    def drain(self) -> None:
        """Forget what the printer said before it was asked."""
        settled = time.monotonic() + _SETTLE
        with contextlib.suppress(TimeoutError):
            while True:
                self._hear(settled)
        self._heard.clear()

    def answer(self, wanted: Callable[[int], bool], timeout: float) -> int:
        """Wait for the byte asked for; whatever else the printer says meanwhile is dropped."""
        deadline = time.monotonic() + timeout
        dropped = 0
        while dropped < _MAX_CHATTER:
            while self._heard:
                if _begins_report(self._heard[0]):
                    # "Automatic status back": four bytes unasked, of which three could pass for an answer.
                    if len(self._heard) < 4:
                        break
                    del self._heard[:4]
                    dropped += 4
                    continue
                byte = self._heard.pop(0)
                if wanted(byte):
                    return byte
                dropped += 1
            try:
                self._hear(deadline)
            except TimeoutError as error:
                raise TransportError("no_answer", f"within {timeout:g} s") from error
        raise TransportError("no_answer", "only chatter")

    def _hear(self, deadline: float) -> None:
        """Wait for more bytes. Raises TimeoutError at the deadline, TransportError when the line is cut."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        try:
            heard = self._sock.recv(_CHUNK)
        except TimeoutError:
            raise
        except OSError as error:
            raise TransportError("reset", str(error)) from error
        if not heard:
            raise TransportError("reset", "closed by the printer")
        self._heard += heard
