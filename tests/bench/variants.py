"""The same attacks as somebody else would write them, and those of a paired device that somebody has stolen."""

from __future__ import annotations

import itertools
import json
import os
import secrets
import socket
import ssl
import time
import zlib
from contextlib import suppress

from tests.bench.phone import MOST_OPEN, Phone, frame, request

_PUBLIC = (
    "/",
    "/healthz",
    "/trust",
    "/not-paired",
    "/api/v1/pairings",
    "/pair/x",
    "/metrics",
    "/socket.io/",
)
_FILE = "/static/shared/tokens.css"


def bombs(phone: Phone) -> None:
    """Compressed messages that unfold to a megabyte each."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    small = squeeze.compress(b"x" * 1_000_000) + squeeze.flush(zlib.Z_SYNC_FLUSH)
    phone.pour(frame(small[:-4], 0xC1), 1000, offered="Sec-WebSocket-Extensions: permessage-deflate\r\n")


def closes(phone: Phone) -> None:
    """Goodbyes, one after the other on the same socket, and half of a pong after each."""
    phone.pour(frame(b"\x03\xe8bye", 0x88) + frame(b"", 0x8A), 10_000)


def unmasked(phone: Phone) -> None:
    """Frames that are not masked, as only servers send them."""
    phone.pour(b"\x81\x0542[1]", 10_000)


def continuations(phone: Phone) -> None:
    """Parts of a message that never began."""
    phone.pour(frame(b"x" * 100, 0x00), 10_000)


def packets(phone: Phone) -> None:
    """Every kind of packet that the sockets' library has, as text and as bytes."""
    kinds = [str(kind).encode() + more for kind in range(10) for more in (b"", b"0", b"1", b"2[]", b"51-[0]", b"/x,")]
    each = [frame(kind, first) for kind in kinds for first in (0x81, 0x82)]
    for one in itertools.cycle(each):
        connection = phone.websocket()
        if connection is not None:
            with connection, suppress(OSError):
                connection.settimeout(1)
                connection.sendall(one * 20)
                phone.done += 1
                while connection.recv(4096):
                    pass
        if not phone.on:
            return


def polling(phone: Phone) -> None:
    """The way of speaking that no screen uses, begun, posted to and half upgraded."""
    start = "/socket.io/?EIO=4&transport=polling"
    _each(phone, request("GET", start), request("POST", f"{start}&sid=x"), request("GET", f"{start}&sid=x&upgrade=1"))


def files(phone: Phone) -> None:
    """A page's file, whole, its head and its parts."""
    ranges = request("GET", _FILE).replace(b"\r\n\r\n", b"\r\nRange: bytes=0-1,5-9,1-2,3-4\r\n\r\n")
    _each(phone, request("GET", _FILE), request("HEAD", _FILE), ranges, request("GET", "/static/../../etc/passwd"))


def doors(phone: Phone) -> None:
    """Every public route with every method and a body."""
    body = json.dumps({"code": "1" * 40, "secret": "x" * 40}).encode()
    post = [
        f"{method} {path} HTTP/1.1\r\nHost: r\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE")
        for path in _PUBLIC
    ]
    _each(phone, *(one.encode() + body for one in post))


def claims(phone: Phone) -> None:
    """Guesses at pairings and links."""
    _each(
        phone,
        *(request("POST", f"/api/v1/pairings/p_{secrets.token_hex(8)}/claim") for _ in range(50)),
        *(request("GET", f"/pair/{secrets.token_urlsafe(32)}") for _ in range(50)),
    )


def large_bodies(phone: Phone) -> None:
    """16 MB for a route that they may not use."""
    head = b"PUT /api/v1/visits/V/services HTTP/1.1\r\nHost: r\r\nContent-Length: 16777216\r\n\r\n"
    chunk = b"x" * 65_536

    def send() -> None:
        connection = phone.connect()
        if connection is None:
            return
        with connection:
            connection.settimeout(1)
            connection.sendall(head)
            for _ in range(256):
                connection.sendall(chunk)

    phone.in_turn(send)


def held_bodies(phone: Phone) -> None:
    """Bodies of which the last byte does not come."""
    head = b"POST /api/v1/pairings HTTP/1.1\r\nHost: r\r\nContent-Length: 65000\r\n\r\n"
    phone.hold(500, head + b"x" * 64_999, b"")


def slow_chunks(phone: Phone) -> None:
    """Bodies in chunks of one byte, one in a while; and some that ask whether they may."""
    head = b"POST /api/v1/pairings HTTP/1.1\r\nHost: r\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
    phone.hold(500, head, b"1\r\nx\r\n")


def wide_heads(phone: Phone) -> None:
    """As many and as long headers as are read, many cookies and a long address, without an end."""
    cookies = "; ".join(f"riwaq_d_{at:016x}={secrets.token_urlsafe(32)}" for at in range(180))
    more = "".join(f"X-{at}: {'y' * 300}\r\n" for at in range(90))
    phone.hold(500, f"GET /{'z' * 16_000} HTTP/1.1\r\nCookie: {cookies}\r\n{more}".encode()[:49_000], b"")


def many_cookies(phone: Phone) -> None:
    """Requests whose cookies each look like a device's."""
    while phone.on:
        cookies = "; ".join(f"riwaq_d_{at:016x}={secrets.token_urlsafe(32)}" for at in range(120))
        _ask_once(phone, f"GET /api/v1/venue HTTP/1.1\r\nHost: r\r\nCookie: {cookies}\r\n\r\n".encode())


def idle(phone: Phone) -> None:
    """Connections that have asked once and stay."""
    phone.hold(MOST_OPEN, request("GET", "/healthz"), b"")


def hellos(phone: Phone) -> None:
    """Handshakes that are begun and left to the server, whole first messages and parts, and noise after them."""
    context = ssl.create_default_context()
    outgoing = ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="riwaq.local").do_handshake()
    hello = outgoing.read()
    kept: list[socket.socket] = []
    for said in itertools.cycle((hello, hello[:3], hello[:-1], hello + os.urandom(200))):
        connection = phone.connect()
        if connection is not None:
            with suppress(OSError):
                connection.sendall(said)
                phone.done += 1
            kept.append(connection)
        if len(kept) > MOST_OPEN:
            kept.pop(0).close()
        time.sleep(0.001)  # a thousand a second
        if not phone.on:
            break
    for connection in kept:
        connection.close()


def stolen_requests(phone: Phone) -> None:
    """A paired device asks on sixty connections, ten requests at a time."""
    one = f"GET /api/v1/venue HTTP/1.1\r\nHost: r\r\nAuthorization: Bearer {phone.token}\r\n\r\n".encode()
    phone.hold(60, one * 10, one * 10)


def stolen_sockets(phone: Phone) -> None:
    """A paired device opens socket after socket, and says on each what no screen says."""
    said = frame(b"40" + json.dumps({"token": phone.token}).encode())
    phone.pour(frame(b'42["x",1]'), 1000, first=said)


def stolen_pins(phone: Phone) -> None:
    """A paired tablet, and somebody who tries names and PINs on it."""
    while phone.on:
        body = json.dumps({"staff": secrets.token_hex(4), "pin": f"{secrets.randbelow(10_000):04}"}).encode()
        head = f"POST /api/v1/session HTTP/1.1\r\nHost: r\r\nAuthorization: Bearer {phone.token}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        _ask_once(phone, head.encode() + body)


def _ask_once(phone: Phone, said: bytes) -> None:
    connection = phone.connect()
    if connection is None:
        return
    with connection, suppress(OSError):
        connection.settimeout(5)
        connection.sendall(said)
        phone.refused += not connection.recv(4096).startswith(b"HTTP/1.1 2")
        phone.done += 1


def _each(phone: Phone, *requests: bytes) -> None:
    """Send one request after the other, on a connection as long as it lasts."""
    connection: socket.socket | None = None
    for one in itertools.cycle(requests):
        if not phone.on:
            break
        connection = connection or phone.connect()
        if connection is None:
            continue
        try:
            connection.settimeout(2)
            connection.sendall(one)
            if not connection.recv(1 << 20):
                raise OSError
            phone.done += 1
        except OSError:
            phone.refused += 1
            connection.close()
            connection = None
    if connection is not None:
        connection.close()


STOLEN = (stolen_requests, stolen_sockets, stolen_pins)
EACH = (
    bombs, closes, unmasked, continuations, packets, polling, files, doors, claims, large_bodies, held_bodies,
    slow_chunks, wide_heads, many_cookies, idle, hellos, *STOLEN,
)  # fmt: skip
