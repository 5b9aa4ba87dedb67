"""Whether a printer can be trusted to take the next byte for a command.

A printer keeps its place in what it was told, over connections and over our restarts: in the middle of a raster image
it takes whatever comes for dots, a whole ticket with its status request too. What ends that in every state is as many
zeros as it may still wait for: dots without ink to who waits for dots, nothing to who waits for a command.
"""

from __future__ import annotations

from dataclasses import dataclass

from printers.commands import (
    BAND_ROWS,
    CLEAR_BUFFERS,
    FEED_AND_CUT,
    HEADER_BYTES,
    INITIALISE,
    LONGEST_IMAGE_ROWS,
    WIDEST_BYTES,
)

ONE_BAND = WIDEST_BYTES * BAND_ROWS + HEADER_BYTES
"""Most bytes that a printer waits for when a job of this release was cut short."""
ONE_TICKET = WIDEST_BYTES * LONGEST_IMAGE_ROWS + HEADER_BYTES
"""Most bytes that it waits for when a job of an earlier release was: a whole ticket was one image."""


@dataclass(slots=True)
class Trust:
    """What is known of one printer between its jobs."""

    waits_for: int = ONE_TICKET
    """Most bytes that it may take for the rest of an image; nobody knows who spoke to it before this process."""
    torn: bool = False
    """Whether the beginning of a ticket may hang out of it."""
    mute: bool = False
    """Whether it did not answer when it was asked for its state last: it is not waited for as long again."""

    @property
    def sure(self) -> bool:
        """Whether the next byte will be taken for a command, and the paper is clear."""
        return self.waits_for == 0 and not self.torn

    def confirmed(self) -> None:
        """It has answered what was sent last, or has taken all of a job that it need not answer."""
        self.waits_for = 0
        self.torn = False

    def doubted(self) -> None:
        """A job was cut short, or nobody knows."""
        self.waits_for = max(self.waits_for, ONE_BAND)
        self.torn = True

    def preamble(self) -> bytes:
        """Give what leads out of every state that the printer may be in, for where it cannot be asked."""
        if self.sure:
            return b""
        return CLEAR_BUFFERS + bytes(self.waits_for) + INITIALISE + (FEED_AND_CUT if self.torn else b"")
