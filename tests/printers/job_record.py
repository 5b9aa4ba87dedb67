"""The simplest honest queue of print jobs: one SQLite table. The tests' own record; the server has its own."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from printers.job_queue import PrintJob


class JobRecord:
    """Keeps jobs in a file, or in memory; survives a crash when in a file."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self.down = False
        """While true, every call fails, as when the database is not there."""
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS job (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, printer TEXT, spec TEXT,"
            " state TEXT DEFAULT 'queued', attempts INTEGER DEFAULT 0, due REAL DEFAULT 0, error TEXT)"
        )

    def add(self, job_id: str, spec: Mapping[str, Any], printer: str = "p1") -> None:
        """Store a job, queued."""
        self._run("INSERT INTO job (id, printer, spec) VALUES (?, ?, ?)", job_id, printer, json.dumps(spec))

    def give(self, job_id: str, printer: str) -> None:
        """Hand a queued job to another printer."""
        self._run("UPDATE job SET printer = ? WHERE id = ? AND state = 'queued' RETURNING id", printer, job_id)

    def queued(self, printer: str) -> list[str]:
        """The queued jobs of a printer, oldest first."""
        rows = self._run("SELECT id FROM job WHERE printer = ? AND state = 'queued' ORDER BY seq", printer)
        return [row[0] for row in rows]

    def states(self) -> dict[str, str]:
        """State of each job, in the order they were stored."""
        with self._lock:
            return dict(self._db.execute("SELECT id, state FROM job ORDER BY seq").fetchall())

    def errors(self) -> dict[str, str | None]:
        """Last error of each job."""
        with self._lock:
            return dict(self._db.execute("SELECT id, error FROM job ORDER BY seq").fetchall())

    def attempts(self) -> dict[str, int]:
        """How often each job was tried."""
        with self._lock:
            return dict(self._db.execute("SELECT id, attempts FROM job ORDER BY seq").fetchall())

    def settled(self) -> bool:
        """Whether no job is queued or being sent."""
        return not {"queued", "sending"} & set(self.states().values())

    # ---- printers.spool.JobQueue ----

    def claim(self, printer: str) -> PrintJob | None:
        rows = self._run(
            "SELECT id, printer, spec, attempts + 1 FROM job WHERE seq ="
            " (SELECT min(seq) FROM job WHERE printer = ? AND state = 'queued' AND due <= ?)",
            printer,
            time.time(),
        )
        return PrintJob(rows[0][0], rows[0][1], json.loads(rows[0][2]), rows[0][3]) if rows else None

    def sending(self, job_id: str, printer: str) -> bool:
        return bool(
            self._run(
                "UPDATE job SET state = 'sending', attempts = attempts + 1"
                " WHERE id = ? AND printer = ? AND state = 'queued' RETURNING id",
                job_id,
                printer,
            )
        )

    def printed(self, job_id: str) -> None:
        self._move(job_id, "printed", None, ("sending",))

    def sent(self, job_id: str) -> None:
        self._move(job_id, "sent", None, ("sending",))

    def uncertain(self, job_id: str, error: str) -> None:
        self._move(job_id, "uncertain", error, ("sending",))

    def failed(self, job_id: str, error: str) -> None:
        self._move(job_id, "failed", error, ("sending", "queued"))

    def retry(self, job_id: str, error: str, delay_s: float) -> None:
        self._move(job_id, "queued", error, ("sending", "queued"), time.time() + delay_s)

    def recover(self, printer: str, idempotent: bool) -> int:
        rows = self._run(
            "UPDATE job SET state = ? WHERE printer = ? AND state = 'sending' RETURNING id",
            "queued" if idempotent else "uncertain",
            printer,
        )
        return len(rows)

    def _move(self, job_id: str, state: str, error: str | None, old: tuple[str, ...], due: float = 0.0) -> None:
        changed = self._run(
            "UPDATE job SET state = ?, error = ?, due = ?, attempts = attempts + (state = 'queued')"
            " WHERE id = ? AND state IN (?, ?) RETURNING id",
            *(state, error, due, job_id, old[0], old[-1]),
        )
        # A repeated call, after one that was kept although it failed, finds its work done.
        assert changed or self.states()[job_id] == state, f"job {job_id} was none of {old}"

    def _run(self, sql: str, *values: object) -> list[Any]:
        if self.down:
            raise OSError("the database is down")
        with self._lock:
            return self._db.execute(sql, values).fetchall()
