"""One hostile phone at a running server: it gets its share, and a kiosk beside it doesn't notice.

Each attack of `tests.bench.attacks` for a moment here; `make faults` plays them for longer, `make bench` measures.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from tests.bench.attacks import ATTACKS
from tests.bench.phone import ATTACKER
from tests.support.faults import Faults
from tests.support.server import ROOT, DemoServer

_WITHIN_S = 30.0


def say(server: DemoServer, text: bytes, source: str = "127.0.0.3") -> bytes:
    """Send something to the server and return all that it says until it hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), 20, (source, 0)) as connection:
        connection.sendall(text)
        said = b""
        while more := connection.recv(65_536):
            said += more
    return said


def sockets(server: DemoServer) -> int:
    """Count the connections that the server holds open; files of the store there may be more of after a rush."""
    assert server.process is not None
    count = 0
    for one in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            count += str(one.readlink()).startswith("socket:")
    return count


def flood(port: int, request: bytes, source: str) -> list[bytes]:
    """Send a request two thousand times at once on one connection; return how they are answered, to its end."""
    with socket.create_connection(("127.0.0.1", port), 60, (source, 0)) as connection:
        sending = threading.Thread(target=_send, args=(connection, request * 2000), daemon=True)
        sending.start()
        said = b""
        with suppress(ConnectionError):
            while more := connection.recv(65_536):
                said += more
        sending.join()
    return re.findall(rb"HTTP/1\.1 (\d+) ", said)


def _send(connection: socket.socket, text: bytes) -> None:
    with suppress(OSError):
        connection.sendall(text)


GROUPS = [list(ATTACKS)[at::4] for at in range(4)]
"""Of the attacks, those that are played side by side, each from an address of its own."""


@pytest.mark.parametrize("group", GROUPS, ids=lambda names: names[0])
def test_an_attack_takes_nothing_from_a_kiosk(shared_demo: DemoServer, faults: Faults, group: list[str]) -> None:
    """A kiosk's requests are all answered meanwhile, and afterwards everything that was open is closed.

    `make faults` plays one after the other, and for longer.
    """
    kiosk, stolen = shared_demo.client("kiosk", "K1"), shared_demo.token("counter", "reception-1")
    kiosk.get("/venue")
    before = sockets(shared_demo)
    lasting = str(faults.times(2, 20))
    for names in group if faults.whole else [",".join(group)]:
        command = [sys.executable, "-m", "tests.bench.attacks", names, str(shared_demo.port), lasting, stolen]
        attack = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            while attack.poll() is None:
                kiosk.get("/venue")
                time.sleep(0.05)
        finally:
            attack.kill()
            said, _ = attack.communicate()
        assert attack.returncode == 0
        assert json.loads(said)["done"] > 0
        give_up = time.monotonic() + _WITHIN_S
        while sockets(shared_demo) > before + 2 and time.monotonic() < give_up:
            time.sleep(0.1)
        assert sockets(shared_demo) <= before + 2
        assert not any("Traceback" in line for line in shared_demo.output)


def test_whoever_shows_no_token_is_turned_away_after_their_share(shared_demo: DemoServer) -> None:
    """429 with the time to wait; somebody else, and a device at the same address, are answered."""
    healthz = b"GET /healthz HTTP/1.1\r\nHost: r\r\n\r\n"
    answers = flood(shared_demo.port, healthz, "127.0.0.4")
    assert answers[:100] == [b"200"] * 100
    assert answers[-1] == b"429"
    once = b"GET %b HTTP/1.1\r\nHost: r\r\nConnection: close\r\n%b\r\n"
    assert say(shared_demo, once % (b"/healthz", b""), "127.0.0.5").startswith(b"HTTP/1.1 200")
    shown = b"Authorization: Bearer %b\r\n" % shared_demo.token("kiosk", "K1").encode()
    assert say(shared_demo, once % (b"/api/v1/venue", shown), "127.0.0.4").startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b"POST /api/v1/pairings HTTP/1.1\r\nHost: r\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: r\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
        (b"GET /healthz HTTP/1.1\nHost: r\n\n", b"400"),
        (b"POST /api/v1/pairings HTTP/1.1\r\nHost: r\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST /api/v1/pairings HTTP/1.1\r\nHost: r\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", b"400"),
        (b"POST /api/v1/scans HTTP/1.1\r\nHost: r\r\nContent-Length: 70000\r\n\r\n" + b"x" * 70_000, b"413"),
        (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400"),
    ],
    ids=["two lengths", "a length and chunks", "bare LF", "bad length", "bad chunk", "too large", "too long", "TLS"],
)
def test_what_is_no_request_is_answered_and_the_connection_ends(
    shared_demo: DemoServer, text: bytes, status: bytes
) -> None:
    """Whatever follows on that connection is not read as a request."""
    said = say(shared_demo, text + b"GET /healthz HTTP/1.1\r\nHost: r\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 " + status)
    assert said.count(b"HTTP/1.1 ") == 1


def test_bodies_in_chunks_and_after_a_word_of_the_server_are_read(shared_demo: DemoServer) -> None:
    """Honest clients send both."""
    token = shared_demo.token("kiosk", "K1").encode()
    head = b"POST /api/v1/scans HTTP/1.1\r\nHost: r\r\nConnection: close\r\nContent-Type: application/json\r\n"
    head += b"Authorization: Bearer " + token + b"\r\n"
    body = b'{"scan_id":"5a1bb0b5-9de5-4c4f-9c3c-0a3f6d5d6a11","code":"nothing"}'
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    expecting = head + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    first, second = say(shared_demo, chunked), say(shared_demo, expecting)
    assert first.startswith(b"HTTP/1.1 200")
    assert second.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")


def test_looking_at_a_link_uses_nothing_up(shared_demo: DemoServer) -> None:
    """Programs that preview addresses ask with HEAD."""
    link = shared_demo.link("board", "hall")
    assert requests.head(link, timeout=10).ok
    assert any(one.name.startswith("riwaq_d_") for one in requests.get(link, allow_redirects=False, timeout=10).cookies)


def test_pairing_many_screens_from_one_address_needs_no_waiting(shared_demo: DemoServer) -> None:
    """Whoever is let in has proved that they belong here: links that open cost nothing."""
    for _ in range(200):
        link = shared_demo.link("board", "hall")
        assert requests.get(link, allow_redirects=False, timeout=20).status_code == 303


def test_the_attacker_is_somebody_else() -> None:
    """Attacks come from an address of their own, so that what they use up is theirs."""
    assert ATTACKER != "127.0.0.1"
