"""What is said to a printer that answers, whatever the bytes travel over.

Before the job its state is asked for in real time (DLE EOT 1, 2, 4); after it, the answer to the job's last command
(GS r 1) tells that everything before it was printed. Each of these, and what a printer reports by itself (ASB), also
tells whether the roll is near its end. Bits: Epson's ESC/POS reference, DLE EOT, GS r and GS a.

The same question, asked before a job, tells whether the printer takes commands at all or is still in the middle of an
image that somebody began and did not end (`trust`).
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from printers.commands import CLEAR_BUFFERS, CLEAR_ERROR, FEED_AND_CUT, HEADER_BYTES, INITIALISE, STATUS_REQUEST
from printers.renderer import RenderedTicket
from printers.transports.base import Paper, TransportError
from printers.transports.trust import ONE_BAND, Trust

CHUNK = 4096
"""Bytes given at a time."""
_OFFLINE = 0x08
_COVER_OPEN, _PAPER_STOPPED, _ERROR = 0x04, 0x20, 0x40
_PAPER_END_REAL_TIME, _NEAR_END_REAL_TIME = 0x60, 0x0C
_PAPER_END, _NEAR_END = 0x0C, 0x03
"""In the answer to GS r 1, and in the third byte of an automatic report."""
_MAX_CHATTER = 4096
"""Bytes that are no answer, after which a printer counts as talking nonsense."""
_PROBE_S = 1.0
"""Longest that a printer is given to answer, before a job, that it takes commands: an idle one does at once."""
_RECOVERY_S = 6.0
"""The same, once it was led out of an image: as long as the white rest of a long ticket takes to print."""
_GLANCE = 0.001
"""Seconds to see what has been said meanwhile."""
_CLEARED = 0x37
"""The first of three bytes that answer the request to forget what was received."""


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

    def flush(self, timeout: float) -> None:
        """Wait until the other end has taken all, as far as this end can know.

        Raises:
            TransportError: `stalled`, `reset`.
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
    """A talk with a printer over one open line: hands out its answers and drops what it says unasked.

    Args:
        line: the open line.
        patience: how long it may take.
        trust: what is known of this printer; kept between conversations, and changed here.
        acknowledges: whether it answers GS r at all; of one that does not, nothing is waited for.
    """

    def __init__(
        self, line: Line, patience: Patience, trust: Trust | None = None, *, acknowledges: bool = True
    ) -> None:
        self._line = line
        self._patience = patience
        self._trust = Trust() if trust is None else trust
        self._acknowledges = acknowledges
        self._heard = bytearray()
        self._paper: Paper = None

    def ask_state(self) -> Paper:
        """Give how much paper there is; raise TransportError with what is wrong, the most telling cause first.

        One that need not acknowledge anything need not answer here either: None, nothing is known of its paper.
        """
        self._drain()
        if self._trust.torn:
            # In the middle of a raster command the questions themselves would be the size of an image.
            self._say(bytes(HEADER_BYTES), self._patience.status)
        try:
            state = self._states()
        except TransportError as error:
            if self._acknowledges or error.code != "no_answer":
                raise
            self._trust.mute = True
            return None
        self._trust.mute = False
        if state[1] & _ERROR and not (state[1] & _PAPER_STOPPED or state[2] & _PAPER_END_REAL_TIME):
            # A cutter that was jammed and is free again waits for this word; any other error stays.
            self._say(CLEAR_ERROR, self._patience.status)
            state = self._states()
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

    def acknowledge(self) -> None:
        """See that it answers in print order; leads it out of an image if it is in one.

        Raises:
            TransportError: `no_acknowledgement`; or the line broke.
        """
        if self._acknowledges and not self._reached():
            raise TransportError("no_acknowledgement", "it tells its state and answers no GS r")

    def print(self, ticket: RenderedTicket, begin: Callable[[], None]) -> Paper:
        """Ask for the printer's state, print, and wait for the acknowledgement; see `Transport.send`."""
        self.ask_state()
        self._clear_the_way()
        begin()
        content, sent = ticket.escpos, 0
        try:
            deadline = time.monotonic() + self._patience.job
            while sent < len(content):
                if time.monotonic() > deadline:
                    raise TransportError("stalled", "far too slow")
                if self._acknowledges and len(content) - sent <= CHUNK:
                    self._forget()  # no answer can be this job's yet
                sent += self._line.send(content[sent : sent + CHUNK], self._patience.write)
            status = self._end_of_job()
        except TransportError as error:
            lost = sent + error.bytes_sent
            if lost:
                self._trust.doubted()
            raise TransportError(
                error.code, f"{error.detail}; {sent} of {len(content)} bytes sent", bytes_sent=lost
            ) from error
        except BaseException:
            self._trust.doubted()
            raise
        if status is None:
            self._trust.confirmed()
            return self._paper
        if status & _PAPER_END:
            self._trust.doubted()
            raise TransportError("paper_out", "at the end of the job", bytes_sent=sent)
        self._trust.confirmed()
        self._paper = "low" if status & _NEAR_END else "ok"
        return self._paper

    def _end_of_job(self) -> int | None:
        """Wait for the acknowledgement; None where there is none, and the printer has taken all of the job."""
        if self._acknowledges:
            return self._answer(_is_sensor_status, self._patience.answer)
        self._line.flush(self._patience.answer)
        return None

    def _clear_the_way(self) -> None:
        """See that the job's first byte is taken for a command, and that no other ticket hangs out of the printer."""
        if self._trust.sure:
            return
        if not self._acknowledges:
            self._say(self._trust.preamble(), self._patience.write)
            return
        self._reached()
        if self._trust.torn:
            self._say(FEED_AND_CUT, self._patience.write)

    def _reached(self) -> bool:
        """Ask until the printer answers in print order; False when it does not, whatever leads it out of its state.

        All that may hold its place in an image has then been sent, so that a job after it comes out whole all the same.
        """
        asked = INITIALISE + STATUS_REQUEST
        # Zeros first, as many as a band: the words of the question are no dots then, but for an older release's image.
        zeros = min(self._trust.waits_for, ONE_BAND)
        self._say(bytes(zeros) + asked, self._patience.write)
        if self._answered(min(_PROBE_S, self._patience.status)):
            self._trust.waits_for = 0
            return True
        self._trust.torn = True
        if self._say(CLEAR_BUFFERS + bytes(self._trust.waits_for), self._patience.write, until_answered=True) or (
            self._say(asked, self._patience.write) or self._answered(min(_RECOVERY_S, self._patience.answer))
        ):
            # Both questions may be answered, the late one too: neither is an answer to the job.
            self._drain_for(self._patience.settle * 10)
            self._trust.waits_for = 0
            return True
        return False

    def _say(self, words: bytes, timeout: float, *, until_answered: bool = False) -> bool:
        """Send; with `until_answered`, stop as soon as an earlier question is answered, and tell whether it was."""
        deadline = time.monotonic() + self._patience.job
        while words:
            if time.monotonic() > deadline:
                raise TransportError("stalled", "far too slow")
            words = words[self._line.send(words[:CHUNK], timeout) :]
            if until_answered and self._answered(_GLANCE):
                return True
        return False

    def _answered(self, timeout: float) -> bool:
        try:
            self._answer(_is_sensor_status, timeout)
        except TransportError as error:
            if error.code != "no_answer":
                raise
            return False
        return True

    def _states(self) -> list[int]:
        return [self._real_time(kind) for kind in (1, 2, 4)]

    def _real_time(self, kind: int) -> int:
        self._say(bytes((0x10, 0x04, kind)), self._patience.status)
        return self._answer(
            _is_real_time_status, self._patience.settle * 10 if self._trust.mute else self._patience.status
        )

    def _drain(self) -> None:
        """Forget what the printer said before it was asked."""
        self._drain_for(self._patience.settle)

    def _drain_for(self, seconds: float) -> None:
        settled = time.monotonic() + seconds
        with contextlib.suppress(TimeoutError):
            while True:
                self._hear(settled)
        self._drop()

    def _forget(self) -> None:
        """Drop answers that have come meanwhile; a report of which only the beginning has come is kept."""
        with contextlib.suppress(TimeoutError):
            self._hear(time.monotonic() + _GLANCE)
        self._drop()

    def _drop(self) -> None:
        while self._next(lambda byte: True) is not None:
            pass

    def _answer(self, wanted: Callable[[int], bool], timeout: float) -> int:
        """Wait for the byte asked for; whatever else the printer says meanwhile is dropped."""
        deadline = time.monotonic() + timeout
        heard = 0
        while heard < _MAX_CHATTER:
            answer = self._next(wanted)
            if answer is not None:
                return answer
            try:
                heard += self._hear(deadline)
            except TimeoutError as error:
                raise TransportError("no_answer", f"within {timeout:g} s") from error
        raise TransportError("no_answer", "only chatter")

    def _next(self, wanted: Callable[[int], bool]) -> int | None:
        """Give the next byte of what was heard that is wanted, and drop what stands before it."""
        while self._heard:
            if _begins_report(self._heard[0]):
                # "Automatic status back": four bytes unasked, of which three could pass for an answer.
                if len(self._heard) < 4:
                    return None
                self._paper = "low" if self._heard[2] & _NEAR_END else "ok"
                del self._heard[:4]
                continue
            if self._heard[0] == _CLEARED:
                if len(self._heard) < 3:
                    return None
                del self._heard[: 3 if self._heard[2] == 0 else 1]
                continue
            byte = self._heard.pop(0)
            if wanted(byte):
                return byte
        return None

    def _hear(self, deadline: float) -> int:
        """Wait for bytes; give how many came."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        heard = self._line.hear(left)
        self._heard += heard
        return len(heard)


class Answering:
    """What all ways to a printer that answers have in common: what is known of it between two talks.

    Args:
        acknowledges: whether the printer answers GS r (`acknowledge` in the settings).
    """

    idempotent = False

    def __init__(self, acknowledges: bool) -> None:
        self.acknowledges = acknowledges
        self.trust = Trust()

    def interrupted(self) -> None:
        """See `Transport`."""
        self.trust.doubted()

    def _talk(self, line: Line, patience: Patience) -> Conversation:
        return Conversation(line, patience, self.trust, acknowledges=self.acknowledges)

    def _asked(self, line: Line, patience: Patience, acknowledge: bool) -> Paper:
        """Ask for the printer's state, and whether it acknowledges where that is wanted."""
        talk = self._talk(line, patience)
        paper = talk.ask_state()
        if acknowledge:
            talk.acknowledge()
        return paper


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
