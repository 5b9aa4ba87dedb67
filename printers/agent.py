"""A print agent: the spool of one printer, run on another computer than the server's.

It asks the server for the next ticket over HTTP, prints it on a printer that is attached here, and says what became
of it. Before the first byte leaves, the server has agreed; what became of a ticket is written to this computer's disk
and kept until the server has it. So neither a lost network nor a lost process makes a ticket come out twice or
unnoticed.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import logging
import os
import re
import socket
import ssl
import threading
import uuid
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

from printers.job_queue import PrintJob
from printers.renderer import RenderedTicket, RenderError
from printers.spool import OWN_TROUBLE, Spool
from printers.transports.base import Transport

log = logging.getLogger(__name__)

WAIT_S = 10.0
"""Seconds that a request for the next ticket waits for one."""
REPORT_EVERY_S = 4.0
"""Seconds between two words about the printer; after 15 without one the server counts the agent as silent."""
_ANSWER_S = 10.0
"""Seconds in which the server must answer, beyond what it was asked to wait."""
_JOB_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class LineError(Exception):
    """The server does not answer, or not as it should; it may be tried again."""


class Refused(Exception):
    """The server answers and refuses.

    Attributes:
        status: the HTTP status.
        code: the problem's code, see docs/reasons.md.
    """

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"the server refuses ({status} {code}): {detail}")
        self.status = status
        self.code = code


class JournalError(Exception):
    """The agent's folder cannot be used; the message says why."""


class Line:
    """The way to the server. Any thread may use it; each request has a connection of its own.

    Args:
        server: ``http://host:port``, as in a browser.
        token: this device's token.
        ca: a file with the certificate of the venue's own authority, for ``https://``; None for the machine's own.

    Raises:
        ValueError: `server` is not such an address.
    """

    def __init__(self, server: str, token: str, ca: Path | None = None) -> None:
        address = urlsplit(server)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError(f"{server!r} is not a server's address, such as http://192.168.1.10:8080")
        self._host, self._port, self._path = address.hostname, address.port, address.path.rstrip("/")
        try:
            self._tls = ssl.create_default_context(cafile=ca) if address.scheme == "https" else None
        except (OSError, ssl.SSLError) as error:
            raise ValueError(f"{ca} is not an authority's certificate that can be read: {error}") from error
        self._token = token
        self._lock = threading.Lock()
        self._waiting: set[http.client.HTTPConnection] = set()
        self._hung_up = False

    def send(self, method: str, path: str, body: Mapping[str, Any], wait_s: float = 0.0) -> dict[str, Any]:
        """Send a request below ``/api/v1`` and return the answer's document. Raises LineError, Refused."""
        connection = self._connection(wait_s + _ANSWER_S)
        if wait_s > 0:
            with self._lock:
                if self._hung_up:
                    raise LineError("stopped")
                self._waiting.add(connection)
        try:
            connection.request(
                method,
                f"{self._path}/api/v1{path}",
                json.dumps(body).encode("ascii"),
                {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
            )
            answer = connection.getresponse()
            status, document = answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise LineError(f"{self._host} does not answer: {error or type(error).__name__}") from error
        finally:
            with self._lock:
                self._waiting.discard(connection)
            connection.close()
        if not isinstance(document, dict):
            raise LineError(f"{self._host} is not a Riwaq server")
        if status >= 500:
            raise LineError(f"the server can't do this just now ({status} {document.get('code')})")
        if status >= 400:
            raise Refused(status, str(document.get("code")), str(document.get("detail")))
        return document

    def hang_up(self) -> None:
        """End the requests that wait for something to happen; there are no more of them."""
        with self._lock:
            self._hung_up = True
            for connection in self._waiting:
                if connection.sock is not None:
                    with contextlib.suppress(OSError):  # it has just ended by itself
                        connection.sock.shutdown(socket.SHUT_RDWR)

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        if self._tls is not None:
            return http.client.HTTPSConnection(self._host, self._port, timeout=timeout, context=self._tls)
        return http.client.HTTPConnection(self._host, self._port, timeout=timeout)


class Journal:
    """What became of jobs, on the disk until the server has it: one small file a job.

    Args:
        folder: made when needed; one agent at a time may use it.

    Raises:
        JournalError: it cannot be used, or another agent does.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._held: BinaryIO = (folder / "lock").open("ab")
        except OSError as error:
            raise JournalError(f"cannot write to {folder}: {error.strerror}") from error
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._held.close()
            raise JournalError(f"another print agent uses {folder}; stop it first") from error

    def close(self) -> None:
        """Let go of the folder."""
        self._held.close()

    def entries(self) -> dict[str, dict[str, Any]]:
        """Return what is kept, by job, oldest first."""
        files = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        return {path.stem: json.loads(path.read_text("utf-8")) for path in files}

    def find(self, job: str) -> dict[str, Any] | None:
        """Return what is kept of a job."""
        path = self._path(job)
        return json.loads(path.read_text("utf-8")) if path.exists() else None

    def keep(self, job: str, entry: Mapping[str, Any]) -> None:
        """Write an entry, whole or not at all, and safely on the disk when this returns."""
        path = self._path(job)
        temporary = path.with_suffix(".tmp")
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(entry, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        self._sync()

    def drop(self, job: str) -> None:
        """Forget a job. Should a power cut bring it back, the server hears the same once more: no harm."""
        self._path(job).unlink(missing_ok=True)

    def _path(self, job: str) -> Path:
        if not _JOB_NAME.fullmatch(job):
            raise LineError(f"the server named a job {job!r}")
        return self._folder / f"{job}.json"

    def _sync(self) -> None:
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class RemoteQueue:
    """The server's print jobs (`printers.spool.JobQueue`), over HTTP."""

    def __init__(self, line: Line, journal: Journal) -> None:
        self._line = line
        self._journal = journal

    def claim(self, printer: str) -> PrintJob | None:
        """Ask for the next ticket, and wait a while for one."""
        path = f"/printers/{quote(printer, safe='')}/next-job"
        found = self._line.send("POST", path, {"wait_s": WAIT_S}, WAIT_S)["job"]
        return None if found is None else PrintJob(found["id"], printer, found["ticket"], found["attempt"])

    def sending(self, job_id: str, printer: str) -> bool:
        """Tell the server that the first byte leaves now; from here on a crash leaves the job uncertain there."""
        try:
            self._tell(job_id, "sending", {"command_id": str(uuid.uuid4())})
        except Refused as refused:
            if refused.status == 401:
                raise
            log.info("job %s is not ours any more: %s", job_id, refused)
            return False
        return True

    def printed(self, job_id: str) -> None:
        """Keep, tell, forget."""
        self._settle(job_id, "printed", {})

    def sent(self, job_id: str) -> None:
        """Keep, tell, forget."""
        self._settle(job_id, "sent", {})

    def uncertain(self, job_id: str, error: str) -> None:
        """Keep, tell, forget."""
        self._settle(job_id, "uncertain", {"error": error})

    def failed(self, job_id: str, error: str) -> None:
        """Keep, tell, forget."""
        self._settle(job_id, "failed", {"error": error[:2000]})

    def retry(self, job_id: str, error: str, delay_s: float) -> None:
        """Keep, tell, forget."""
        self._settle(job_id, "retry", {"error": error[:2000], "delay_s": delay_s})

    def recover(self, printer: str, idempotent: bool) -> int:
        """Tell what the server has not heard yet; then settle what is `sending` there and of which nothing is known."""
        for job_id, entry in self._journal.entries().items():
            self._settle(job_id, entry["became"], entry["body"])
        path = f"/printers/{quote(printer, safe='')}/recover"
        answer = self._line.send("POST", path, {"command_id": str(uuid.uuid4()), "idempotent": idempotent})
        return int(answer.get("jobs", 0))

    def report(self, printer: str, state: Mapping[str, Any]) -> None:
        """Tell how the printer is, see `printers.spool.SpoolState`."""
        self._line.send("PUT", f"/printers/{quote(printer, safe='')}/state", state)

    def _settle(self, job_id: str, became: str, body: dict[str, Any]) -> None:
        kept = self._journal.find(job_id)
        if kept is None or kept["became"] != became:
            # The same id however often it is sent, by this process or the next.
            kept = {"became": became, "body": {**body, "command_id": body.get("command_id") or str(uuid.uuid4())}}
            self._journal.keep(job_id, kept)
        try:
            self._tell(job_id, became, kept["body"])
        except Refused as refused:
            if refused.status == 401:
                raise
            # The server has settled the job itself meanwhile; it knows why.
            log.warning("job %s was %s here, but: %s", job_id, became, refused)
        self._journal.drop(job_id)

    def _tell(self, job_id: str, action: str, body: Mapping[str, Any]) -> None:
        self._line.send("POST", f"/print-jobs/{quote(job_id, safe='')}/{action}", body)


class LaidOut:
    """Stands where a spool's renderer does: the server has laid the ticket out already."""

    def check(self) -> None:
        """Nothing is needed here."""

    def render(self, spec: Mapping[str, Any], width_mm: int) -> RenderedTicket:
        """Unpack the bytes that came with the job. Raises RenderError."""
        try:
            return RenderedTicket(png=b64decode(spec["png"]), escpos=b64decode(spec["escpos"]))
        except (KeyError, TypeError, ValueError) as error:
            raise RenderError(f"the ticket came damaged: {error!r}", of_ticket=False) from error


class Agent:
    """A printer's spool and the reports about it.

    Args:
        line: the way to the server.
        journal: what the server has not heard yet.
        transport: the way to the printer.
        printer: the printer's id in the venue's plan.
    """

    def __init__(self, line: Line, journal: Journal, transport: Transport, printer: str) -> None:
        self._line = line
        self._queue = RemoteQueue(line, journal)
        self._printer = printer
        self._news = threading.Event()
        self._stop = threading.Event()
        # The server lays the ticket out for the width in its own settings; the spool's is not used.
        self._spool = Spool(
            self._queue, transport, LaidOut(), printer, 80, poll=0.1, backoff=(0.5, 4.0), on_state=self._news.set
        )
        self._reporter = threading.Thread(target=self._report, name=f"reports-{printer}", daemon=True)

    def introduce(self) -> None:
        """Say hello. Raises Refused when this device may not print here, LineError when the server does not answer."""
        self._queue.report(self._printer, {"state": "unknown"})

    def start(self) -> None:
        """Begin to print, first settling what an earlier run left."""
        self._spool.start()
        self._reporter.start()

    def stop(self) -> None:
        """Finish the ticket under way, and end. What the server has not heard stays on the disk."""
        self._stop.set()
        self._news.set()
        self._line.hang_up()
        self._spool.stop(20.0)
        self._reporter.join(5.0)

    def _report(self) -> None:
        while not self._stop.is_set():
            self._news.clear()
            state = self._spool.state()
            if state["last_error"] in OWN_TROUBLE:
                # That the server was away is no trouble of the printer's, for which neighbours would take its tickets.
                state = {"state": "unknown", "last_error": None, "paper": state["paper"]}
            try:
                self._queue.report(self._printer, state)
            except (LineError, Refused) as error:
                log.warning("printer %s: cannot report: %s", self._printer, error)
            self._news.wait(REPORT_EVERY_S)
