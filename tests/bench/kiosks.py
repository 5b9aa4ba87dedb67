"""The load: kiosks that check visitors in, each on its own connection, all in one process.

It says `ready`; a job comes as a line of JSON on standard input, the outcome goes to standard output. A kiosk scans a
card, chooses services for the visit it is given, and turns to the next visitor at once.
"""

from __future__ import annotations

import json
import os
import re
import select
import socket
import sys
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.bench import wire

_VISIT = re.compile(rb'"visit":\{"id":"(V[A-Z]{32})"')
_NUMBER = re.compile(rb'"number":(\d+)')
_ADMITTED = b'{"outcome":"admitted"'


@dataclass
class _Kiosk:
    connection: socket.socket
    token: str
    visitors: list[tuple[str, list[str]]]
    received: bytearray = field(default_factory=bytearray)
    services: list[str] = field(default_factory=list)
    sent_at: float = 0.0
    choosing: bool = False
    idle: bool = True


class Load:
    """One run of all kiosks."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.port = int(job["port"])
        self.bare = bool(job.get("bare"))
        self.rate: float | None = job.get("rate")
        """Check-ins a second of all kiosks together; None is as fast as they are answered."""
        self.limit_s = float(job["limit_s"])
        self.kiosks = [
            _Kiosk(wire.connect(self.port), kiosk["token"], [(c, s) for c, s in reversed(kiosk["visitors"])])
            for kiosk in job["kiosks"]
        ]
        self.scan_ms: list[float] = []
        self.choose_ms: list[float] = []
        self.numbers: list[int] = []
        self.errors: list[str] = []
        self._started = 0.0
        self._begun = 0

    def run(self) -> dict[str, Any]:
        """Check everybody in, within the time limit, and return what came of it."""
        poll = select.epoll()
        by_fd = {kiosk.connection.fileno(): kiosk for kiosk in self.kiosks}
        for fd in by_fd:
            poll.register(fd, select.EPOLLIN)
        cpu = time.process_time()
        self._started = time.monotonic()
        give_up = self._started + self.limit_s
        self._begin_due()
        while any(not k.idle or k.visitors for k in self.kiosks) and time.monotonic() < give_up and not self.errors:
            for fd, _ in poll.poll(self._pause()):
                self._hear(by_fd[fd])
            self._begin_due()
        ended = time.monotonic()
        return {
            "seconds": ended - self._started,
            "scan_ms": self.scan_ms,
            "choose_ms": self.choose_ms,
            "numbers": self.numbers,
            "errors": self.errors,
            "cpu_s": time.process_time() - cpu,
        }

    def _pause(self) -> float:
        if self.rate is None:
            return 1.0
        return min(1.0, max(0.0, self._started + self._begun / self.rate - time.monotonic()))

    def _begin_due(self) -> None:
        """Let idle kiosks begin: all of them, or as many as the rate allows by now."""
        due = None if self.rate is None else int((time.monotonic() - self._started) * self.rate) + 1
        for kiosk in list(self.kiosks):
            if due is not None and self._begun >= due:
                return
            if kiosk.idle and kiosk.visitors:
                self._scan(kiosk)
                # In turn: a connection that says nothing for seconds after its beginning is shut.
                self.kiosks.remove(kiosk)
                self.kiosks.append(kiosk)

    def _scan(self, kiosk: _Kiosk) -> None:
        code, kiosk.services = kiosk.visitors.pop()
        kiosk.idle, kiosk.choosing = False, False
        self._begun += 1
        self._send(kiosk, "POST", "/api/v1/scans", f'{{"scan_id":"{uuid.UUID(bytes=os.urandom(16))}","code":"{code}"}}')

    def _choose(self, kiosk: _Kiosk, visit: str) -> None:
        kiosk.choosing = True
        body = json.dumps({"command_id": str(uuid.UUID(bytes=os.urandom(16))), "services": kiosk.services})
        self._send(kiosk, "PUT", f"/api/v1/visits/{visit}/services", body)

    def _send(self, kiosk: _Kiosk, method: str, path: str, body: str) -> None:
        if self.bare:
            method, path = "POST", "/bare"
        start = wire.head(method, path, self.port, {"Authorization": f"Bearer {kiosk.token}"})
        kiosk.received.clear()
        kiosk.sent_at = time.monotonic()
        kiosk.connection.sendall(wire.request(start, body.encode()))

    def _hear(self, kiosk: _Kiosk) -> None:
        more = kiosk.connection.recv(65536)
        kiosk.received += more
        answer = wire.whole(kiosk.received)
        if answer is None:
            if not more:
                self.errors.append("the server hung up")
            return
        took_ms = (time.monotonic() - kiosk.sent_at) * 1000
        status, content = answer
        (self.choose_ms if kiosk.choosing else self.scan_ms).append(took_ms)
        if status != 200:
            self.errors.append(f"{status} {content[:300]!r}")
        elif not kiosk.choosing:
            visit = _VISIT.search(content)
            if self.bare:
                self._choose(kiosk, "")
            elif visit is None or not content.startswith(_ADMITTED):
                self.errors.append(f"not admitted: {content[:300]!r}")
            else:
                self._choose(kiosk, visit[1].decode())
        else:
            number = _NUMBER.search(content)
            if number is None and not self.bare:
                self.errors.append(f"no number: {content[:300]!r}")
            self.numbers.append(int(number[1]) if number else 0)
            kiosk.idle = True


def main() -> None:
    """Do the job on standard input."""
    print("ready", flush=True)
    json.dump(Load(json.loads(sys.stdin.readline())).run(), sys.stdout)


if __name__ == "__main__":
    main()
