"""A printer that CUPS has: `lp -o raw`, and `lpstat` to hear what became of the job.

CUPS tells when it has handed the whole job to the printer, not when the paper is out: of all ways to a printer this
one knows least. Where it can be chosen, `network`, `usb`, `serial` or `file` is better.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import time
from collections.abc import Callable

from printers.renderer import RenderedTicket
from printers.transports.base import Paper, TransportError, nothing
from printers.transports.trust import Trust

_REQUEST = re.compile(r"request id is (\S+-\d+)")
_POLL = 0.2


class LpTransport:
    """Hands jobs to a CUPS queue.

    Args:
        queue: its name, as `lpstat -p` lists it. A raw queue, or one whose filters leave `-o raw` alone.
        command_timeout: seconds for one run of `lp` or `lpstat`.
        job_timeout: seconds in which CUPS must have handed the job to the printer; then it is cancelled.
        acknowledges: whether what CUPS has handed over counts as printed, or only as sent.
    """

    idempotent = False

    def __init__(
        self, queue: str, *, command_timeout: float = 5.0, job_timeout: float = 30.0, acknowledges: bool = True
    ) -> None:
        self.acknowledges = acknowledges
        self.trust = Trust()
        self._queue = queue
        self._command_timeout = command_timeout
        self._job_timeout = job_timeout

    def interrupted(self) -> None:
        """See `Transport`."""
        self.trust.doubted()

    def check(self, *, acknowledge: bool = False) -> Paper:
        """Ask CUPS whether the queue is there, takes jobs and prints them; the printer itself can't be asked."""
        if not self._queue or self._queue.startswith("-"):
            raise TransportError("unreachable", f"{self._queue!r} is no queue's name", permanent=True)
        printer = self._ask("lpstat", "-p", self._queue)
        if "disabled" in printer:
            raise TransportError("offline", _first(printer))
        accepting = self._ask("lpstat", "-a", self._queue)
        if "not accepting" in accepting:
            raise TransportError("offline", _first(accepting))
        return None

    def send(self, job: str, ticket: RenderedTicket, begin: Callable[[], None] = nothing) -> Paper:
        """Hand a job over and wait until CUPS has passed it on. `job` names it in CUPS' lists."""
        self.check()
        begin()
        content = self.trust.preamble() + ticket.escpos
        try:
            self._hand_over(job, content, len(ticket.escpos))
        except TransportError as error:
            if error.bytes_sent:
                self.trust.doubted()
            raise
        self.trust.confirmed()
        return None

    def _hand_over(self, job: str, content: bytes, size: int) -> None:
        """Give CUPS a job, of which `size` bytes are the ticket, and wait until it has passed it on."""
        try:
            done = self._run("lp", "-d", self._queue, "-o", "raw", "-t", job, "-", given=content)
        except OSError as error:
            raise TransportError("unreachable", f"lp can't be run: {error}") from error
        except subprocess.TimeoutExpired as error:
            raise TransportError("stalled", "lp does not end", bytes_sent=size) from error
        if done.returncode != 0:
            raise TransportError("unreachable", _first(done.stderr.decode(errors="replace")))
        request = _REQUEST.search(done.stdout.decode(errors="replace"))
        if request is None:
            raise TransportError("no_answer", "lp names no request", bytes_sent=size)
        self._await(request[1], size)

    def _await(self, request: str, size: int) -> None:
        """Wait until CUPS has done with a request. From here on nobody knows how much of it is on paper."""
        deadline = time.monotonic() + self._job_timeout
        while time.monotonic() < deadline:
            told = None
            with contextlib.suppress(TransportError):  # CUPS restarts: the next look may tell
                told = _about(request, self._ask("lpstat", "-l", "-W", "completed", "-o", self._queue))
            if told is not None:
                if "job-completed-successfully" in told:
                    return
                raise TransportError("printer_error", told, bytes_sent=size)
            time.sleep(_POLL)
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            self._run("cancel", request)
        raise TransportError("stalled", f"{request} not passed on within {self._job_timeout:g} s", bytes_sent=size)

    def _ask(self, *command: str) -> str:
        """Run a command that only looks. Raises TransportError: `unreachable`."""
        try:
            done = self._run(*command)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise TransportError("unreachable", f"{command[0]}: {error}") from error
        if done.returncode != 0:
            raise TransportError("unreachable", _first(done.stderr.decode(errors="replace")))
        return done.stdout.decode(errors="replace")

    def _run(self, *command: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            command,
            input=given,
            capture_output=True,
            timeout=self._command_timeout,
            check=False,
            env={**os.environ, "LC_ALL": "C"},  # their words are read here
        )


def _first(text: str) -> str:
    """Give the first line of what a command said."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "without a word")


def _about(request: str, listing: str) -> str | None:
    """Give the lines of `lpstat -l` that tell of a request: its own and the indented ones after it."""
    found: list[str] = []
    for line in listing.splitlines():
        if line[:1].isspace():
            if found:
                found.append(line.strip())
        elif found:
            break
        elif line.split(" ", 1)[0] == request:
            found.append(line)
    return "; ".join(found) if found else None
