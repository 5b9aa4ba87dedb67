"""What goes over the wire to screens."""

from __future__ import annotations

import base64
import os
import socket

from tests.support.server import DemoServer


def test_frames_are_not_compressed_for_each_screen_again(shared_demo: DemoServer) -> None:
    """Browsers offer compression; the socket opens without it, as one snapshot goes to hundreds of screens."""
    with socket.create_connection(("127.0.0.1", shared_demo.port), timeout=10) as connection:
        connection.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
            b"Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)) + b"\r\n\r\n"
        )
        answer = b""
        while b"\r\n\r\n" not in answer or not answer.partition(b"\r\n\r\n")[2]:
            answer += connection.recv(4096)
    head, _, frame = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 ")
    assert b"sec-websocket-extensions" not in head.lower()
    assert frame[0] == 0x81, "a whole text frame without the bit that says it is compressed"
