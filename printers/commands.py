"""Printer commands that both the job's bytes and the way to the printer know."""

from __future__ import annotations

INITIALISE = b"\x1b@"
"""ESC @: forget modes, and what waits in the line to be printed."""
RASTER = b"\x1dv0\x00"
"""GS v 0: raster image, normal density; then width in bytes and height in rows, low byte first."""
STATUS_REQUEST = b"\x1dr\x01"
"""GS r 1: the paper sensor's state, sent back in print order (unlike DLE EOT, which is answered at once)."""
FEED_AND_CUT = b"\x1bd\x01\x1dVB\x00"
"""ESC d 1 and GS V 66 0: a line on, then to the cutter, and cut."""
CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4 8: forget, in real time, what was received and not printed. Printers that don't know it ignore it."""
CLEAR_ERROR = b"\x10\x05\x02"
"""DLE ENQ 2: get over an error that can be got over, and forget what was received. Ignored where there is none."""

BAND_ROWS = 48
"""Rows of one raster command: 6 mm. A ticket is many of them; where it is cut short, a printer waits for the rest of
one at most."""
WIDEST_BYTES = 72
"""Bytes of one row at the widest print head, 576 dots."""
HEADER_BYTES = 8
"""A raster command up to its first dots."""
LONGEST_IMAGE_ROWS = 2303
"""Rows of the one raster image that a whole ticket was, up to release 5aa9f18."""
