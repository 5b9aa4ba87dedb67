"""From a picture to the bytes a thermal printer gets.

Initialise, the picture at the print head's full width in bands that join without a gap, feed, cut, and a status
request that the printer answers when everything before it is done: that answer is the job's acknowledgement.

A printer that is in the middle of a raster image takes whatever comes for its dots. One image a ticket is 74 kB of
them; a band is 3.
"""

from __future__ import annotations

import re

from escpos.printer import Dummy
from PIL import Image

from printers.commands import BAND_ROWS, RASTER, STATUS_REQUEST

_REAL_TIME = re.compile(rb"\x10(?=[\x04\x05\x14])")
"""DLE EOT, DLE ENQ and DLE DC4: printers act on these even in the middle of an image."""


def defuse(picture: Image.Image) -> Image.Image:
    """Give the picture without a byte sequence that a printer would act on while it reads the image.

    The byte 10 of such a pair becomes 18: one more black dot, beside a black one.

    Args:
        picture: mode "1", width a multiple of eight.
    """
    inked = picture.tobytes("raw", "1;I")
    safe = _REAL_TIME.sub(b"\x18", inked)
    return picture if safe == inked else Image.frombytes("1", picture.size, safe, "raw", "1;I")


def job_bytes(picture: Image.Image) -> bytes:
    """Build the print job for a picture.

    Args:
        picture: mode "1", already passed through `defuse`, as wide as the print head (a multiple of eight dots).

    Raises:
        ValueError: the picture is not of one bit, of uneven width, or empty.
    """
    if picture.mode != "1" or picture.width % 8 or not 0 < picture.width < 0x80000 or picture.height < 1:
        raise ValueError(f"not a raster image: mode {picture.mode}, {picture.width} x {picture.height} dots")
    printer = Dummy()
    printer.hw("INIT")
    # The raster is written here: python-escpos makes the same bytes by way of RGBA, in 15 ms, and writes to stdout.
    inked = picture.tobytes("raw", "1;I")
    across = picture.width // 8
    for top in range(0, picture.height, BAND_ROWS):
        rows = min(BAND_ROWS, picture.height - top)
        size = across.to_bytes(2, "little") + rows.to_bytes(2, "little")
        printer._raw(RASTER + size + inked[top * across : (top + rows) * across])
    printer.print_and_feed(1)
    printer.cut(feed=False)
    printer._raw(STATUS_REQUEST)
    return bytes(printer.output)
