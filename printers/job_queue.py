"""What a printer's worker is given: the stored jobs, and what lays their tickets out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from printers.renderer import RenderedTicket


@dataclass(frozen=True, slots=True)
class PrintJob:
    """The job a printer is at."""

    id: str
    printer: str
    spec: Mapping[str, Any]
    """The ticket, as `printers.ticket.TicketSpec` describes it."""
    attempts: int = 1
    """How often it has been tried, this time included."""


class JobQueue(Protocol):
    """The stored jobs.

    Each call is a transaction of its own, kept when it returns; any may raise when the store is down, and is then
    tried again. It may have been kept all the same: a repeated call must do no harm.
    """

    def claim(self, printer: str) -> PrintJob | None:
        """Look up the oldest queued job of this printer that is due; None when there is none. Changes nothing."""

    def sending(self, job_id: str, printer: str) -> bool:
        """`queued` to `sending`, if the job is still this printer's; False if somebody took it away meanwhile.

        Called when the printer is ready for the first byte.
        """

    def printed(self, job_id: str) -> None:
        """`sending` to `printed`."""

    def sent(self, job_id: str) -> None:
        """`sending` to `sent`: of a printer that acknowledges nothing there is no more to know."""

    def uncertain(self, job_id: str, error: str) -> None:
        """`sending` to `uncertain`."""

    def failed(self, job_id: str, error: str) -> None:
        """`queued` or `sending` to `failed`."""

    def retry(self, job_id: str, error: str, delay_s: float) -> None:
        """To `queued`, in its old place, from `sending` or from `queued`; not due before `delay_s` seconds from now.

        From `queued` this counts as one attempt; from `sending` that attempt was counted before.
        """

    def recover(self, printer: str, idempotent: bool) -> int:
        """Settle what is left in `sending` at the start, or when it is not known whether `sending` was kept.

        Such jobs become `queued` when printing them again does no harm, else `uncertain`. Gives how many there were.
        """


class TicketRenderer(Protocol):
    """What the spool needs of `printers.renderer.Renderer`."""

    def check(self) -> None:
        """See that tickets can be rendered at all. Raises RenderError."""

    def render(self, spec: Mapping[str, Any], width_mm: int) -> RenderedTicket:
        """Render a ticket. Raises RenderError."""
