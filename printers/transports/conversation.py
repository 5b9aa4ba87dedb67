"""What is said to a printer that answers, whatever the bytes travel over.

Before the job its state is asked for in real time (DLE EOT 1, 2, 4); after it, the answer to the job's last command
(GS r 1) tells that everything before it was printed. Each of these, and what a printer reports by itself (ASB), also
tells whether the roll is near its end. Bits: Epson's ESC/POS reference, DLE EOT, GS r and GS a.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from printers.commands import STATUS_REQUEST
from printers.renderer import RenderedTicket
from printers.transports.base import Paper, TransportError

CHUNK = 4096
"""Bytes given at a time."""
_OFFLINE = 0x08
_COVER_OPEN, _PAPER_STOPPED, _ERROR = 0x04, 0x20, 0x40
_PAPER_END_REAL_TIME, _NEAR_END_REAL_TIME = 0x60, 0x0C
_PAPER_END, _NEAR_END = 0x0C, 0x03
"""In the answer to GS r 1, and in the third byte of an automatic report."""
_MAX_CHATTER = 4096
"""Bytes that are no answer, after which a printer counts as talking nonsense."""


class Line(Protocol):
    """An open way to a printer, for bytes both ways."""

    def send(self, data: bytes, timeout: float) -> int:
        """Pass bytes on; give how many were taken within `timeout` seconds, at least one.

        Raises:
            TransportError: `stalled` when none was taken, `reset` when the line is cut; its `bytes_sent` is how many of
                these may have left all the same.
        """

    def hear(self, timeout: float) -> bytes:
        """Wait for bytes, at most `timeout` seconds; gives at least one.

        Raises:
            TimeoutError: the printer said nothing.
            TransportError: `reset`.
        """


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a printer is given."""

    status: float = 2.0
    """For each answer about its state."""
    write: float = 5.0
    """To take some bytes."""
    job: float = 60.0
    """To take all of them."""
    answer: float = 15.0
    """From the last byte to the acknowledgement: as long as a long ticket takes to print."""
    settle: float = 0.02
    """To say what it says by itself when it is connected to."""


class Conversation:
    """A talk with a printer over one open line: hands out its answers and drops what it says unasked."""

    def __init__(self, line: Line, patience: Patience) -> None:
        self._line = line
        self._patience = patience
        self._heard = bytearray()
        self._paper: Paper = None

    def ask_state(self) -> Paper:
        """Give how much paper there is; raise TransportError with what is wrong, the most telling cause first."""
        self._drain()
        state = [self._real_time(kind) for kind in (1, 2, 4)]
        if state[2] & _PAPER_END_REAL_TIME or state[1] & _PAPER_STOPPED:
            raise TransportError("paper_out")
        if state[1] & _COVER_OPEN:
            raise TransportError("cover_open")
        if state[1] & _ERROR:
            raise TransportError("printer_error")
        if state[0] & _OFFLINE:
            raise TransportError("offline")
        self._paper = "low" if state[2] & _NEAR_END_REAL_TIME else "ok"
        return self._paper

    def print(self, ticket: RenderedTicket, begin: Callable[[], None]) -> Paper:
        """Ask for the printer's state, print, and wait for the acknowledgement; see `Transport.send`."""
        self.ask_state()
        begin()
        content, sent = ticket.escpos, 0
        try:
            deadline = time.monotonic() + self._patience.job
            while sent < len(content):
                if time.monotonic() > deadline:
                    raise TransportError("stalled", "far too slow")
                sent += self._line.send(content[sent : sent + CHUNK], self._patience.write)
            status = self._answer(_is_sensor_status, self._patience.answer)
        except TransportError as error:
            detail = f"{error.detail}; {sent} of {len(content)} bytes sent"
            raise TransportError(error.code, detail, bytes_sent=sent + error.bytes_sent) from error
        if status & _PAPER_END:
            raise TransportError("paper_out", "at the end of the job", bytes_sent=sent)
        self._paper = "low" if status & _NEAR_END else "ok"
        return self._paper

    def _real_time(self, kind: int) -> int:
        question = bytes((0x10, 0x04, kind))
        while question:
            question = question[self._line.send(question, self._patience.status) :]
        return self._answer(_is_real_time_status, self._patience.status)

    def _drain(self) -> None:
        """Forget what the printer said before it was asked."""
        settled = time.monotonic() + self._patience.settle
        with contextlib.suppress(TimeoutError):
            while True:
                self._hear(settled)
        self._heard.clear()

    def _answer(self, wanted: Callable[[int], bool], timeout: float) -> int:
        """Wait for the byte asked for; whatever else the printer says meanwhile is dropped."""
        deadline = time.monotonic() + timeout
        dropped = 0
        while dropped < _MAX_CHATTER:
            while self._heard:
                if _begins_report(self._heard[0]):
                    # "Automatic status back": four bytes unasked, of which three could pass for an answer.
                    if len(self._heard) < 4:
                        break
                    self._paper = "low" if self._heard[2] & _NEAR_END else "ok"
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
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._heard += self._line.hear(left)


def confirmable(ticket: RenderedTicket) -> None:
    """Raise TransportError when a job asks for no answer, and so could never be confirmed."""
    if not ticket.escpos.endswith(STATUS_REQUEST):
        raise TransportError("unconfirmed", "the job does not end with a status request", permanent=True)


def _is_real_time_status(byte: int) -> bool:
    """Answers to DLE EOT have bits 1 and 4 set, 0 and 7 clear."""
    return byte & 0x93 == 0x12


def _is_sensor_status(byte: int) -> bool:
    """Answers to GS r have bits 4 and 7 clear."""
    return byte & 0x90 == 0


def _begins_report(byte: int) -> bool:
    """The first of four bytes of an automatic report has bit 4 set, 0, 1 and 7 clear."""
    return byte & 0x93 == 0x10
