"""Figures for the API: reckoned by a child process, so that no other answer waits for them.

The server reads, a little at a time, and the child plays. One at a time: who asks meanwhile waits for their turn.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence

from checkin_server.domain.refusal import Refusal
from checkin_server.services.reports import figures
from checkin_server.services.venue import Venue

_WORKER = "checkin_server.services.reports.figures_worker"
_AT_ONCE = 500
"""Events that are read at a time, so that nobody waits long behind a whole day's."""


class Figures:
    """Makes reports for those who ask the server."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._one = threading.Lock()

    def of(self, day: str | None, form: str, datasets: Sequence[str]) -> bytes | Refusal:
        """Return an organiser's report of a day as ``json`` or ``csv``; `day` None is the one that was opened last.

        Refused with ``unknown_day`` when it was never opened, with ``unavailable`` when it can't be reckoned.
        """
        known = figures.known_days(self._venue)
        wanted = day if day is not None else known[-1] if known else ""
        if wanted not in known:
            return Refusal("unknown_day", {"day": wanted})
        with self._one:
            return self._made(wanted, form, datasets)

    def _made(self, day: str, form: str, datasets: Sequence[str]) -> bytes | Refusal:
        head = figures.head_of(self._venue, [day])
        with subprocess.Popen(
            [sys.executable, "-m", _WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        ) as child:
            assert child.stdin is not None and child.stdout is not None
            try:
                child.stdin.write(_line({"head": head, "form": form, "datasets": list(datasets)}))
                for part in figures.lines_of(self._venue, [day], _AT_ONCE):
                    child.stdin.write(_line(part))
                child.stdin.close()
            except BrokenPipeError:
                return Refusal("unavailable")  # what it had stands on its standard error, which is the server's
            made = child.stdout.read()
        return made if child.returncode == 0 else Refusal("unavailable")


def _line(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
