"""One worker for each printer: takes stored jobs, renders, prints, and records what truly became of each.

A job was stored by the transaction that made the visit. It stays `queued`, and may be given to another printer, until
its first byte is about to leave: what is killed while a ticket is being rendered, or while the printer is being asked
how it is, prints it later. From `sending` it goes on in one of four ways: `printed` (the printer acknowledged it),
`sent` (it took all of it, and is one that acknowledges nothing), `uncertain` (bytes left and nobody knows what came
out; never printed again by itself) or `failed` (it can't be printed). A printer that is down costs no job: the job
keeps its place in the queue, and the worker waits until the printer says that it could print; meanwhile it says so
(`on_down`), so that a neighbour may take its jobs.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Literal, TypedDict

from printers.job_queue import JobQueue, PrintJob, TicketRenderer
from printers.renderer import RenderError
from printers.transports.base import Paper, Transport, TransportError

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
"""Attempts at one job that end in trouble which is not the printer's, before it is set aside."""
OWN_TROUBLE = ("render", "store")
"""Troubles of this machine, not of the printer: the neighbours have them too."""
_TELL_EVERY = 1.0
_ENOUGH_AGAIN = 3
"""Answers in a row that there is enough paper which end `low`: near the end a turning roll makes the sensor waver."""


class SpoolState(TypedDict):
    """How a printer does."""

    state: str
    """`ok`, `trouble`, or `unknown` before the first word from it."""
    last_error: str | None
    """Code of the present trouble (see `TransportError`), `render` or `store`; None when all is well."""
    paper: str | None
    """`ok`, `low` (the roll is near its end), `out`, or None where it is not known."""


class _NotBegun(Exception):
    """The job was not marked `sending`, so that no byte of it may leave."""

    def __init__(self, taken_away: bool) -> None:
        super().__init__()
        self.taken_away = taken_away


class Spool:
    """Prints the jobs of one printer, in order.

    Args:
        queue: the stored jobs.
        transport: the way to the printer.
        renderer: makes tickets; may be shared between spools.
        printer_id: whose jobs to take.
        width_mm: the printer's paper, 80 or 58.
        poll: seconds after which the queue is looked at although nobody called `wake`.
        check_every: seconds after which an idle printer is asked how it is.
        backoff: first and longest pause, in seconds, while something is down.
        on_state: called, from the worker's thread, whenever `state()` has changed.
        on_down: called, from the worker's thread, with the code of the trouble and the seconds since it began, while
            the printer can't print: about every second, and at once after `wake`. What is queued then has had no byte
            sent, and may be given to another printer.
    """

    # size: what it works with, then settings that have defaults and are told by name
    def __init__(
        self,
        queue: JobQueue,
        transport: Transport,
        renderer: TicketRenderer,
        printer_id: str,
        width_mm: int,
        *,
        poll: float = 2.0,
        check_every: float = 20.0,
        backoff: tuple[float, float] = (0.5, 15.0),
        on_state: Callable[[], None] | None = None,
        on_down: Callable[[str, float], None] | None = None,
    ) -> None:
        self._queue = queue
        self._transport = transport
        self._renderer = renderer
        self._printer = printer_id
        self._width_mm = width_mm
        self._poll = poll
        self._check_every = check_every
        self._first_pause, self._longest_pause = backoff
        self._on_state = on_state
        self._on_down = on_down
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._trouble: str | None = None
        self._known = False
        self._paper: Paper = None
        self._enough = 0
        self._pause = self._first_pause
        self._seen_at = 0.0
        self._down_since: float | None = None
        self._sending_since: float | None = None

    def start(self) -> None:
        """Start the worker. A spool is started once."""
        if self._thread is not None:
            raise RuntimeError(f"the spool of {self._printer} was started before")
        self._thread = threading.Thread(target=self._run, name=f"spool-{self._printer}", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Say that there may be a job. Never blocks; one too many does no harm, a missed one costs `poll` seconds."""
        self._wake.set()

    def stop(self, timeout: float = 20.0) -> bool:
        """End the worker after the job it is at. Gives whether it ended within `timeout` seconds."""
        self._stop.set()
        self._wake.set()
        if self._thread is None:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def busy_s(self) -> float:
        """Tell for how many seconds it has been sending one job, or waiting for its acknowledgement."""
        since = self._sending_since
        return 0.0 if since is None else time.monotonic() - since

    def state(self) -> SpoolState:
        """Tell how the printer does, as far as is known."""
        trouble = self._trouble
        if trouble is not None:
            paper = "out" if trouble == "paper_out" else self._paper
            return {"state": "trouble", "last_error": trouble, "paper": paper}
        return {"state": "ok" if self._known else "unknown", "last_error": None, "paper": self._paper}

    # ---- the worker ----

    def _run(self) -> None:
        self._record(self._recover)
        while not self._stop.is_set():
            # Cleared before looking: a job stored after the look sets it again.
            self._wake.clear()
            # A job is tried only when it stands a chance: what is down costs no attempts, and order is kept.
            if not (self._could_render() and self._could_print()):
                self._rest()
                continue
            try:
                job = self._queue.claim(self._printer)
            except Exception:
                log.exception("printer %s: the queue can't be read", self._printer)
                self._in_trouble("store")
                self._rest()
                continue
            self._over("store")
            if job is None:
                self._pause = self._first_pause
                self._wake.wait(self._poll)
            else:
                self._print(job)

    def _recover(self) -> None:
        """Settle what an earlier run was at; the printer may be in the middle of it still."""
        if self._queue.recover(self._printer, self._transport.idempotent):
            self._transport.interrupted()

    def _could_render(self) -> bool:
        """After trouble with rendering, see whether it is over."""
        if self._trouble != "render":
            return True
        try:
            self._renderer.check()
        except RenderError as error:
            log.error("no tickets can be made: %s", error)
            return False
        self._over("render")
        return True

    def _could_print(self) -> bool:
        """Ask the printer when it was in trouble, or has not been heard of for a while."""
        fresh = self._known and time.monotonic() - self._seen_at < self._check_every
        if fresh and self._trouble in (None, "store"):
            return True
        try:
            paper = self._transport.check()
        except TransportError as error:
            self._in_trouble(error.code)
            return False
        except Exception:
            log.exception("printer %s can't be asked", self._printer)
            self._in_trouble("unreachable")
            return False
        self._well(paper)
        return True

    def _print(self, job: PrintJob) -> None:
        try:
            ticket = self._renderer.render(job.spec, self._width_mm)
        except RenderError as error:
            self._not_rendered(job, error)
            return
        except Exception as error:
            log.exception("job %s", job.id)
            self._not_rendered(job, RenderError(repr(error), of_ticket=False))
            return
        begun = False

        def begin() -> None:
            nonlocal begun
            self._begin(job)
            self._sending_since = time.monotonic()
            begun = True

        try:
            paper = self._transport.send(job.id, ticket, begin)
        except _NotBegun as stop:
            if not stop.taken_away:
                # Kept or not, who knows; no byte has left, so that whatever is `sending` here is free again.
                self._record(self._free_again)
                self._rest()
        except TransportError as error:
            self._not_sent(job, error)
        except Exception as error:
            # A mistake in a transport: how far it came is not known, once it had begun.
            log.exception("job %s", job.id)
            sent = len(ticket.escpos) if begun else 0
            hopeless = job.attempts >= MAX_ATTEMPTS
            self._not_sent(job, TransportError("printer_error", repr(error), permanent=hopeless, bytes_sent=sent))
        else:
            self._sending_since = None
            ended = self._queue.printed if self._transport.acknowledges else self._queue.sent
            self._record(lambda: ended(job.id))
            self._pause = self._first_pause
            self._well(paper)

    def _free_again(self) -> None:
        self._queue.recover(self._printer, True)

    def _begin(self, job: PrintJob) -> None:
        """Mark the job `sending`: from here on a crash leaves it uncertain. Raises _NotBegun."""
        try:
            kept = self._queue.sending(job.id, self._printer)
        except Exception as error:
            log.exception("printer %s: the queue can't be written", self._printer)
            self._in_trouble("store")
            raise _NotBegun(taken_away=False) from error
        if not kept:
            raise _NotBegun(taken_away=True)

    def _not_rendered(self, job: PrintJob, error: RenderError) -> None:
        log.error("printer %s, job %s: not rendered: %s", self._printer, job.id, error)
        if error.of_ticket or job.attempts >= MAX_ATTEMPTS:
            self._record(lambda: self._queue.failed(job.id, f"render: {error}"))
            return
        self._in_trouble("render")
        # Back into its place: what is broken is most likely broken for every ticket.
        self._record(lambda: self._queue.retry(job.id, f"render: {error}", 0.0))
        self._rest()

    def _not_sent(self, job: PrintJob, error: TransportError) -> None:
        self._sending_since = None
        log.warning("printer %s, job %s: %s", self._printer, job.id, error)
        if error.bytes_sent > 0 and not self._transport.idempotent:
            self._record(lambda: self._queue.uncertain(job.id, error.code))
        elif error.permanent:
            self._record(lambda: self._queue.failed(job.id, error.code))
            return  # the job's fault: the printer is as well as before
        else:
            self._record(lambda: self._queue.retry(job.id, error.code, 0.0))
        self._in_trouble(error.code)
        self._rest()

    def _record(self, write: Callable[[], None]) -> None:
        """Record what became of a job, trying until it is kept: it happened, whether or not the store is up.

        Given up only when the spool is stopped; the job then stays `sending`, and `recover` deals with it.
        """
        pause = self._first_pause
        while True:
            try:
                write()
            except Exception:
                log.exception("printer %s: the queue can't be written", self._printer)
                self._in_trouble("store")
            else:
                self._over("store")
                return
            if self._stop.wait(pause):
                return
            pause = min(pause * 2, self._longest_pause)

    def _rest(self) -> None:
        """Wait before the next try, twice as long each time; only stopping cuts it short."""
        until = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, self._longest_pause)
        while not self._stop.is_set():
            self._wake.clear()
            self._tell_down()
            left = until - time.monotonic()
            if left <= 0:
                return
            self._wake.wait(min(left, _TELL_EVERY))

    def _tell_down(self) -> None:
        """Say that the printer can't print, and since when."""
        trouble, since = self._trouble, self._down_since
        if self._on_down is None or since is None or trouble is None or trouble in OWN_TROUBLE:
            return
        try:
            self._on_down(trouble, time.monotonic() - since)
        except Exception:
            log.exception("printer %s: nobody could take its jobs", self._printer)

    def _well(self, paper: Paper) -> None:
        """Note that the printer has just answered, and how much paper it has."""
        self._seen_at = time.monotonic()
        self._down_since = None
        # Whoever has opened the cover or put paper in has changed the roll: believed at once.
        changed_roll = self._trouble in ("paper_out", "cover_open")
        self._enough = self._enough + 1 if paper == "ok" else 0
        wavers = self._paper == "low" and paper == "ok" and self._enough < _ENOUGH_AGAIN and not changed_roll
        self._change(known=True, trouble=None, paper="low" if wavers else paper)

    def _in_trouble(self, code: str) -> None:
        if code not in OWN_TROUBLE and self._down_since is None:
            self._down_since = time.monotonic()
        self._change(known=self._known, trouble=code)

    def _over(self, code: str) -> None:
        """End one kind of trouble, and leave any other."""
        if self._trouble == code:
            self._change(known=self._known, trouble=None)

    def _change(self, *, known: bool, trouble: str | None, paper: Paper | Literal["as before"] = "as before") -> None:
        paper = self._paper if paper == "as before" else paper
        if (known, trouble, paper) == (self._known, self._trouble, self._paper):
            return
        self._known, self._trouble, self._paper = known, trouble, paper
        if self._on_state is not None:
            try:
                self._on_state()
            except Exception:
                log.exception("printer %s: nobody could be told of its state", self._printer)
