"""The child that plays days and writes their figures: `python -m checkin_server.services.reports.figures_worker`.

It is told what was read of the database and knows no database and no key: a line of what is wanted with what figures
need beside the events, then lines of events. What it writes is the answer.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import BinaryIO

from checkin_server.common import hardening
from checkin_server.services.reports import exports
from checkin_server.services.reports.playing import Line, played

_POLITE = 5
"""So much more slowly than the server, whose scans go first."""


def main(told: BinaryIO, out: BinaryIO) -> None:
    """Read what is wanted and write it."""
    wanted = json.loads(told.readline())
    report = exports.for_organizer(wanted["head"], played(wanted["head"], _lines(told)), wanted["datasets"])
    out.write(exports.FORMS[wanted["form"]](report))
    out.flush()


def _lines(told: BinaryIO) -> Iterator[Line]:
    for text in told:
        yield from json.loads(text)


if __name__ == "__main__":
    hardening.keep_to_itself()
    os.nice(_POLITE)
    main(sys.stdin.buffer, sys.stdout.buffer)
