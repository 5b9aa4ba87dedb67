"""Hostile phones: `python -m tests.bench.attacks NAME,… PORT SECONDS [TOKEN] [FROM]` attacks a server on this machine.

Each attack is what somebody can do without any token (or with a stolen one: TOKEN), from an address of its own
(127.0.0.2), for a bounded time and with bounded means. It prints what it managed as one line of JSON: how often it did
what it does, and how often it was turned away.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from tests.bench import variants
from tests.bench.phone import ATTACKER, MOST_OPEN, Phone, frame, request


def events(phone: Phone) -> None:
    """Events of twelve bytes, 20,000 on one socket."""
    phone.pour(frame(b'42["x",1]'), 20_000)


def connects(phone: Phone) -> None:
    """CONNECTs without a token, 20,000 on one socket."""
    phone.pour(frame(b'40{"token":"' + b"x" * 43 + b'"}'), 20_000)


def pings(phone: Phone) -> None:
    """Empty pings, which the library answers by itself."""
    phone.pour(frame(b"", 0x89), 100_000)


def fragments(phone: Phone) -> None:
    """A message that never ends."""
    connection = phone.websocket()
    part = frame(b"x" * 65_536, 0x00)
    while phone.on:
        if connection is None:
            connection = phone.websocket()
            continue
        connection.settimeout(1)
        try:
            connection.sendall(frame(b'40["', 0x01))
            for _ in range(3200):
                connection.sendall(part)
                phone.done += 1
        except OSError:
            phone.refused += 1
        connection.close()
        connection = None


def sockets(phone: Phone) -> None:
    """10,000 sockets, one after the other, that show nothing; the last thousand stay."""
    kept: list[socket.socket] = []
    while phone.on and phone.done < 10_000:
        connection = phone.websocket()
        if connection is None:
            continue
        phone.done += 1
        kept.append(connection)
        if len(kept) > MOST_OPEN:
            kept.pop(0).close()
    while phone.on:
        time.sleep(0.1)
    for connection in kept:
        connection.close()


def dials(phone: Phone) -> None:
    """Connections that are opened and closed, 10,000 and more."""
    while phone.on:
        connection = phone.connect()
        if connection is not None:
            phone.done += 1
            connection.close()


def slow_headers(phone: Phone) -> None:
    """500 requests whose headers come a byte at a time."""
    phone.hold(500, b"GET / HTTP/1.1\r\nHost: riwaq\r\nX-Slow: ", b"x")


def slow_bodies(phone: Phone) -> None:
    """500 requests whose bodies come a byte at a time."""
    phone.hold(500, request("POST", "/api/v1/pairings").replace(b"Length: 0", b"Length: 60000"), b"x")


def silence(phone: Phone) -> None:
    """1,100 connections that say nothing."""
    phone.hold(MOST_OPEN, b"", b"")


def pairings(phone: Phone) -> None:
    """Requests to be paired."""
    phone.ask(request("POST", "/api/v1/pairings"))


def openapi(phone: Phone) -> None:
    """The dearest document there was."""
    phone.ask(request("GET", "/api/v1/openapi.json"))


def readyz(phone: Phone) -> None:
    """Whether the server is ready."""
    phone.ask(request("GET", "/readyz"))


def guesses(phone: Phone) -> None:
    """Tokens that are none, another each time."""
    while phone.on:
        token = base64.urlsafe_b64encode(os.urandom(32)).decode()
        request = f"GET /api/v1/venue HTTP/1.1\r\nHost: r\r\nAuthorization: Bearer {token}\r\n\r\n"
        connection = phone.connect()
        if connection is None:
            continue
        with connection, suppress(OSError):
            connection.sendall(request.encode())
            phone.refused += connection.recv(4096).startswith(b"HTTP/1.1 429")
            phone.done += 1


def handshakes(phone: Phone) -> None:
    """HTTPS handshakes; against a server that speaks HTTP they are so many malformed requests."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    while phone.on:
        connection = phone.connect()
        if connection is None:
            continue
        try:
            context.wrap_socket(connection, server_hostname="riwaq.local").close()
            phone.done += 1
        except OSError:
            phone.refused += 1
            connection.close()


ATTACKS: dict[str, Callable[[Phone], None]] = {
    one.__name__: one
    for one in (
        events, connects, pings, fragments, sockets, dials, slow_headers, slow_bodies, silence, pairings, openapi,
        readyz, guesses, handshakes, *variants.EACH,
    )
}  # fmt: skip
"""By name, in the order in which they are played."""


def main(names: str, port: str, seconds: str, token: str = "", source: str = ATTACKER) -> None:
    """Attack, and say what came of it. Of several names each is another phone, beside the one before."""
    network, _, host = source.rpartition(".")
    phones = {
        name: Phone(int(port), float(seconds), f"{network}.{int(host) + at}", token)
        for at, name in enumerate(names.split(","))
    }
    threads = [threading.Thread(target=ATTACKS[name], args=(phone,)) for name, phone in phones.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done, refused = sum(one.done for one in phones.values()), sum(one.refused for one in phones.values())
    print(json.dumps({"done": done, "refused": refused}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
