"""Speaking to a running demo server as its devices do: HTTP, one token a device, every command with an id.

A server that is restarted in the middle breaks nothing: what got no answer is sent again with the same id, and the
server gives the first answer.
"""

from __future__ import annotations

import ipaddress
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from checkin_server.common.faults import Fault, WrongUse

PATIENCE_S = 60.0
"""A server that does not come back within this time ends the rehearsal."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.05, 1.0
_TIMEOUT_S = 30.0
_AGAIN = frozenset({502, 503, 504})


class ServerGone(Fault):
    """The server does not answer any more; the message says what to do."""


class NotADemo(WrongUse):
    """Nobody rehearses on a real venue's server."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that is not success."""

    status: int
    code: str
    body: dict[str, Any]


@dataclass
class Line:
    """The way to one server, and what went over it."""

    base: str
    """``http://127.0.0.1:8080``, without a path."""
    patience_s: float = PATIENCE_S
    requests: int = 0
    retries: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    pause: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        self._session = requests.Session()
        # The rehearsal speaks to this machine only: a proxy of the environment has nothing to do with it.
        self._session.trust_env = False

    def send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> dict[str, Any] | Refused:
        """Send until there is an answer. Raises `ServerGone` when there is none for `patience_s` seconds."""
        give_up = time.monotonic() + self.patience_s
        wait = _FIRST_PAUSE_S
        while True:
            try:
                answer = self._session.request(
                    method, f"{self.base}/api/v1{path}", json=body, headers=headers, timeout=_TIMEOUT_S
                )
                if answer.status_code not in _AGAIN:
                    break
                trouble = f"{answer.status_code}"
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
                # The last one: killed in the middle of an answer.
                trouble = type(error).__name__
            if time.monotonic() > give_up:
                raise ServerGone(
                    f"the server at {self.base} has not answered for {self.patience_s:.0f} s ({trouble}). Start it "
                    "again with `riwaq demo` on the same --dir, and rehearse again with a new --dir"
                )
            self.retries += 1
            self.pause(wait)
            wait = min(2 * wait, _LONGEST_PAUSE_S)
        self.requests += 1
        try:
            read: dict[str, Any] = answer.json()
        except ValueError as error:
            raise ServerGone(f"{self.base} does not speak Riwaq's API: it answered {answer.status_code}") from error
        if answer.ok:
            return read
        return Refused(answer.status_code, str(read.get("code", answer.status_code)), read)

    def close(self) -> None:
        """Let the connection go."""
        self._session.close()


class Device:
    """One paired device; at a counter also who is signed in."""

    def __init__(self, line: Line, token: str, station: str) -> None:
        self.line = line
        self.station = station
        self.headers = {"Authorization": f"Bearer {token}"}
        self._signed_in: tuple[str, str] | None = None

    def get(self, path: str) -> dict[str, Any]:
        """Read. Raises `Fault` when it is refused: a rehearsal reads nothing that may be."""
        return self._must("GET", path, None)

    def scan(self, code: str) -> dict[str, Any]:
        """Show a card or a ticket."""
        return self._must("POST", "/scans", {"scan_id": str(uuid.uuid4()), "code": code})

    def command(self, method: str, path: str, **body: Any) -> dict[str, Any] | Refused:
        """Do something once, whatever the network does. A refusal is counted and returned.

        A tablet that has locked, as after a long service, is unlocked with the same PIN, as its clerk would.
        """
        sent = {"command_id": str(uuid.uuid4()), **body}
        answer = self.line.send(method, path, sent, self.headers)
        if isinstance(answer, Refused) and answer.code == "session_locked" and self._signed_in is not None:
            self.sign_in(*self._signed_in)
            answer = self.line.send(method, path, sent, self.headers)
        if isinstance(answer, Refused):
            self.line.refused[answer.code] += 1
        return answer

    def sign_in(self, staff: str, pin: str) -> None:
        """Sign a member of staff in."""
        session = self._must("POST", "/session", {"staff": staff, "pin": pin})["session_token"]
        self.headers["X-Session"] = session
        self._signed_in = (staff, pin)

    def set_clock(self, now: str) -> None:
        """Set a virtual clock (RFC 3339)."""
        self._must("POST", "/clock", {"now": now})

    def _must(self, method: str, path: str, body: Any) -> dict[str, Any]:
        answer = self.line.send(method, path, body, self.headers)
        if isinstance(answer, Refused):
            raise Fault(f"{self.line.base}: {method} {path} was refused ({answer.status} {answer.code})")
        return answer


def address(url: str) -> str:
    """Return the server's address of what was given for ``--live``: a start page's address does as well.

    Raises `WrongUse` for anything that is not this machine.
    """
    parts = urlsplit(url if "//" in url else f"http://{url}")
    if parts.scheme != "http" or not parts.hostname:
        raise WrongUse(
            f"--live takes the address that `riwaq demo` printed, for example http://127.0.0.1:8080: not {url}"
        )
    if not _this_machine(parts.hostname):
        raise NotADemo(
            f"a live rehearsal plays on this machine only, and {parts.hostname} is not it: start `riwaq demo` here and "
            "give its address, for example --live http://127.0.0.1:8080"
        )
    return f"http://{parts.netloc}"


def _this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
