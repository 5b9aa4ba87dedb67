"""A rehearsal speaks to a demo on this machine, and a server that was away for a moment breaks nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest

from checkin_server.common.faults import Fault, WrongUse
from checkin_server.rehearsal.wire import Device, Line, NotADemo, Refused, ServerGone, address


class _Once(BaseHTTPRequestHandler):
    """Does every command and loses its first answer, as a server does that is killed after a commit."""

    done: ClassVar[dict[str, int]] = {}

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = body.get("command_id") or body.get("scan_id")
        self.done[key] = self.done.get(key, 0) + 1
        if self.done[key] == 1 and "away" in self.path:
            self.close_connection = True
            return
        if self.done[key] == 1 and "cut" in self.path:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"times":')
            self.close_connection = True
            return
        if "busy" in self.path and self.done[key] == 1:
            self._answer(503, {"code": "unavailable"})
        elif "refused" in self.path:
            self._answer(409, {"code": "wrong_state", "state": "closed"})
        else:
            self._answer(200, {"times": self.done[key]})

    def _answer(self, status: int, body: Any) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def _running(port: int = 0) -> Iterator[str]:
    _Once.done = {}
    server = HTTPServer(("127.0.0.1", port), _Once)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("path", ["/away", "/busy", "/cut"])
def test_what_got_no_answer_is_sent_again_with_the_same_id(path: str) -> None:
    """The server sees one command, twice."""
    with _running() as base:
        line = Line(base, pause=lambda _: None)
        assert Device(line, "t", "K1").command("POST", path) == {"times": 2}
        assert (line.requests, line.retries, len(_Once.done)) == (1, 1, 1)


def test_a_refusal_is_an_answer_and_is_counted() -> None:
    """It is not sent again."""
    with _running() as base:
        line = Line(base)
        answer = Device(line, "t", "K1").command("POST", "/refused")
        assert isinstance(answer, Refused) and answer.code == "wrong_state" and answer.body["state"] == "closed"
        assert line.refused == {"wrong_state": 1} and line.retries == 0


def test_a_refusal_where_none_may_be_ends_the_rehearsal() -> None:
    """Signing in with a wrong PIN is nothing to go on from."""
    with _running() as base, pytest.raises(Fault, match=r"/refused was refused \(409 wrong_state\)"):
        Device(Line(base), "t", "K1")._must("POST", "/refused", {"command_id": "1"})


def test_a_server_that_comes_back_is_spoken_to_again(free_port: int) -> None:
    """Nobody listens when the command is sent; then the server starts."""
    started = threading.Event()
    line = Line(f"http://127.0.0.1:{free_port}")
    answers: list[Any] = []

    def go() -> None:
        line.pause = lambda _: started.wait(10)  # type: ignore[assignment]
        answers.append(Device(line, "t", "K1").command("POST", "/x"))

    thread = threading.Thread(target=go)
    thread.start()
    with _running(free_port):
        started.set()
        thread.join(20)
    assert answers == [{"times": 1}]


def test_a_server_that_stays_away_ends_the_rehearsal_with_the_remedy(free_port: int) -> None:
    """Not a traceback, and not for ever."""
    line = Line(f"http://127.0.0.1:{free_port}", patience_s=0)
    with pytest.raises(ServerGone, match="riwaq demo"):
        Device(line, "t", "K1").command("POST", "/x")


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.0.0.1:8080/demo/abc", "http://127.0.0.1:8080"),
        ("localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_the_address_that_the_demo_printed_will_do(url: str, base: str) -> None:
    """With or without the start page's path."""
    assert address(url) == base


@pytest.mark.parametrize("url", ["http://192.168.10.2:8080", "http://riwaq.example:8080", "http://0.0.0.0:8080"])
def test_another_machine_is_refused(url: str) -> None:
    """A rehearsal on somebody's server would be somebody's day."""
    with pytest.raises(NotADemo, match="this machine only"):
        address(url)


@pytest.mark.parametrize("url", ["https://127.0.0.1", "ftp://127.0.0.1", "http://"])
def test_what_is_no_address_of_a_demo_is_refused(url: str) -> None:
    """With an example of one that is."""
    with pytest.raises(WrongUse, match=r"http://127\.0\.0\.1:8080"):
        address(url)
