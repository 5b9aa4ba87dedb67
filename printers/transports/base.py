"""What every way to a printer keeps to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

from printers.renderer import RenderedTicket

Paper = Literal["ok", "low"] | None
"""How much paper a printer that can print has: `low` near the roll's end, None where nothing can be asked."""


class TransportError(Exception):
    """A job did not get through, or the printer is in trouble.

    Attributes:
        code: stable word for people and programs: `unreachable` (no connection), `no_answer` (connected, says
            nothing), `offline`, `paper_out`, `cover_open`, `printer_error`, `stalled` (takes no more bytes), `reset`
            (connection lost), `no_acknowledgement` (tells its state, and answers no question in print order); the
            server adds `loses_tickets` (says that it is well, and nothing comes out); then
            `unwritable` (a folder), `bad_name`, `unconfirmed` (a job that asks for no answer).
        permanent: trying the same again can't help.
        bytes_sent: how many of the job's bytes left this machine. At 0 the job may be tried again, here or elsewhere;
            above, without acknowledgement, nobody knows what came out, and it is never printed again by itself.
    """

    def __init__(self, code: str, detail: str = "", *, permanent: bool = False, bytes_sent: int = 0) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.permanent = permanent
        self.bytes_sent = bytes_sent


def nothing() -> None:
    """Begin without telling anybody."""


class Transport(Protocol):
    """A way to one printer. Used by one thread at a time; holds no connection between jobs."""

    @property
    def idempotent(self) -> bool:
        """Whether printing the same job twice leaves the same as once."""

    @property
    def acknowledges(self) -> bool:
        """Whether a job that `send` comes back from was printed; else it was handed over, and nobody says more."""

    def check(self, *, acknowledge: bool = False) -> Paper:
        """Ask whether the printer could print now; gives how much paper it has.

        Args:
            acknowledge: ask also for an acknowledgement such as each job ends with: `no_acknowledgement` without one.

        Raises:
            TransportError: it could not; `bytes_sent` is 0.
        """

    def interrupted(self) -> None:
        """Hear that an earlier process was at a job with this printer, and did not see its end."""

    def send(self, job: str, ticket: RenderedTicket, begin: Callable[[], None] = nothing) -> Paper:
        """Print; comes back when the printer has acknowledged the whole job, with how much paper is left.

        Args:
            job: the job's id.
            ticket: what to print.
            begin: called once, when the printer is ready and just before the first byte leaves. What it raises is
                raised, and nothing is sent.

        Raises:
            TransportError: not acknowledged.
        """
