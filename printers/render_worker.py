"""The child process that lays tickets out: `python -m printers.render_worker TEMPLATE FONTS [WIDTHS [LANGUAGE]]`.

It keeps the server's process free of Typst's and Pillow's work. It speaks over its standard input and output:
a request is a frame of JSON `{"spec", "width_mm"}`; the answer is a frame of JSON `{"png": n, "escpos": m, "left_out"}`
with the n + m bytes after it, or `{"error", "of_ticket"}`. A frame is four bytes of length, high byte first, and the
bytes. The first answer, `{"ready": true}` or an error, comes unasked. End of input ends it.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from printers.escpos_job import defuse, job_bytes
from printers.png import png_bytes
from printers.render import LayoutError, TicketLayout
from printers.ticket import LOCALES, TicketError, TicketSpec

LENGTH = struct.Struct(">I")
NICENESS = 5
"""Below the server: a ticket may wait for a scan, never the other way round."""


def read_frame(stream: BinaryIO) -> bytes | None:
    """Read one frame; None at the end of input, also when it ends within a frame."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


def frame(message: Mapping[str, Any], *blobs: bytes) -> bytes:
    """Make one frame of a message; `blobs` follow it unframed."""
    body = json.dumps(message).encode("ascii")
    return b"".join((LENGTH.pack(len(body)), body, *blobs))


def sample(locale: str, second: str | None = None) -> TicketSpec:
    """Give a small ticket with the three scripts on it, for warming up and for trying a template."""
    headings = {"heading": "1", "instruction": "1", "route_heading": "1"}
    return TicketSpec.from_dict(
        {
            "locale": locale,
            "number": 1,
            "event": "رواق Riwaq ⵔⵉⵡⴰⵇ",
            "city": "الرباط Rabat ⵕⴱⴰⵟ",
            "heading": "1",
            "first": {"zone": {"id": "A", "shape": "circle"}, "title": "1", "detail": "1"},
            "route": [
                {"zone": {"id": "B", "shape": "triangle"}, "title": "1", "detail": "1"},
                {"zone": {"id": "C", "shape": "star"}, "title": "1", "detail": "1"},
            ],
            "second": None if second in (None, locale) else {"locale": second, **headings},
            "offers": [{"title": "1", "text": "1"}],
            "printed_at": "00:00",
            "qr": "V" + "BCDFGHJKLNPRSTVX" * 2,  # as long as a real one: its size is part of the layout
        }
    )


def answer(layout: TicketLayout, request: bytes) -> bytes:
    """Render one ticket and make the answer's frame. Never raises for anything a request may hold."""
    try:
        asked = json.loads(request)
        drawn, left_out = layout.laid_out(TicketSpec.from_dict(asked["spec"]), asked["width_mm"])
        picture = defuse(drawn)
        png, escpos = png_bytes(picture), job_bytes(picture)
    except LayoutError as error:
        return frame({"error": str(error), "of_ticket": error.of_ticket})
    except TicketError as error:
        return frame({"error": str(error), "of_ticket": True})
    except Exception as error:  # whatever it was, this ticket did it, and the next one must still be served
        return frame({"error": f"{type(error).__name__}: {error}", "of_ticket": True})
    return frame({"png": len(png), "escpos": len(escpos), "left_out": left_out}, png, escpos)


def main(arguments: list[str]) -> int:
    """Serve requests until the end of input."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not end up among the answers.
    os.dup2(2, 1)
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    with contextlib.suppress(BrokenPipeError):  # the server is gone: nothing left to do
        try:
            layout = TicketLayout(Path(arguments[0]), Path(arguments[1]))
            widths = [int(width) for width in arguments[2].split(",")] if len(arguments) > 2 else [80]
            second = arguments[3] if len(arguments) > 3 else None
            for locale, width in itertools.product(LOCALES, widths):
                layout.picture(sample(locale, second), width)
        except LayoutError as error:
            answers.write(frame({"error": str(error), "of_ticket": False}))
            answers.flush()
            return 1
        answers.write(frame({"ready": True}))
        answers.flush()
        while (request := read_frame(requests)) is not None:
            answers.write(answer(layout, request))
            answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
