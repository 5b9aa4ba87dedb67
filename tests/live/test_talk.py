"""What a socket may say: a screen is heard, everybody else is hung up on, and nobody notices that they were there."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from pathlib import Path

import pytest
import requests
import socketio

from checkin_server.web import sockets, talk
from checkin_server.web.talk import Talk, Unruly
from tests.bench.phone import Phone, frame
from tests.support.server import DemoServer

CONNECT = b'40{"token":"%b"}'


def ended(connection: socket.socket, within_s: float = 20) -> bytes:
    """Read until the server hangs up; return what it said."""
    connection.settimeout(within_s)
    received = b""
    try:
        while more := connection.recv(65_536):
            received += more
    except ConnectionError:
        pass
    return received


def opened(server: DemoServer) -> socket.socket:
    """Open a socket that has shown nothing."""
    connection = Phone(server.port, 10).websocket()
    assert connection is not None
    return connection


def connections(server: DemoServer) -> int:
    """Count the connections that the server holds open; its store opens files when it needs more readers."""
    assert server.process is not None
    open_now = 0
    for descriptor in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            open_now += str(descriptor.readlink()).startswith("socket:")
    return open_now


def test_a_screen_says_one_connect_and_pongs() -> None:
    """That is all that the screens' library ever sends."""
    said = Talk(0)
    for second, message in enumerate(['40{"device":"d_1"}', "3", "3", "3"]):
        said.part(message, True, second * 10.0)
        said.message(message)


@pytest.mark.parametrize(
    "messages",
    [
        ["3"],
        ['42["x",1]'],
        ["2probe"],
        ["40/admin,{}"],
        ["40[1]"],
        ["40{"],
        ["40" + "[" * 16_000],
        ["40{}", "40{}"],
        ["40{}", '42["x",1]'],
        ["40{}", "41"],
        ["40{}", b"3"],
        [b"40{}"],
        ["1"],
        [""],
    ],
)
def test_anything_else_ends_the_socket(messages: list[str | bytes]) -> None:
    """Events, a second CONNECT, another namespace, bytes, what is no JSON object."""
    said = Talk(0)
    *fine, last = messages
    for message in fine:
        said.message(message)
    with pytest.raises(Unruly):
        said.message(last)


def test_the_size_of_a_message_is_asked_while_it_is_put_together() -> None:
    """In parts or whole, in letters of several bytes too; the next message begins at nothing."""
    said = Talk(0)
    said.part("é" * (talk.LARGEST_MESSAGE // 2), True, 0)
    said.part("x" * (talk.LARGEST_MESSAGE - 1), False, 1)
    with pytest.raises(Unruly, match="too large"):
        said.part("é", False, 2)


def test_more_than_a_few_frames_a_second_end_the_socket() -> None:
    """Whatever they hold; at a screen's pace they may come for ever."""
    said = Talk(0)
    for second in range(1000):
        said.frame(second)
    with pytest.raises(Unruly, match="too many"):
        for _ in range(20):
            said.frame(1000)


def test_whoever_shows_nothing_is_hung_up_on(shared_demo: DemoServer) -> None:
    """After five seconds, without a word; and nothing of it stays open."""
    requests.get(f"{shared_demo.base}/readyz", timeout=10)
    before = connections(shared_demo)
    silent = [opened(shared_demo) for _ in range(5)]
    began = time.monotonic()
    for connection in silent:
        ended(connection)
        connection.close()
    assert time.monotonic() - began >= 3
    give_up = time.monotonic() + 20
    while connections(shared_demo) > before and time.monotonic() < give_up:
        time.sleep(0.1)
    assert connections(shared_demo) <= before


@pytest.mark.parametrize(
    "said",
    [
        frame(b'42["x",1]') * 2000,
        frame(CONNECT % b"nobody") * 2000,
        frame(b"", 0x89) * 2000,
        frame(b'40["', 0x01) + frame(b"x" * 65_536, 0x00) * 20,
        frame(b"\x80", 0x80) * 20,
        b"no frame at all" * 100,
    ],
    ids=["events", "connects", "pings", "parts", "a part of nothing", "noise"],
)
def test_a_flood_on_one_socket_ends_it(shared_demo: DemoServer, said: bytes) -> None:
    """The server reads the first few frames of it and no more."""
    with opened(shared_demo) as connection:
        try:
            connection.sendall(said)
        except ConnectionError:
            return
        ended(connection)


def test_a_screen_that_says_more_than_screens_do_loses_its_socket(shared_demo: DemoServer) -> None:
    """A good token proves who is there, not that they behave."""
    token = shared_demo.token("board", "hall").encode()
    with opened(shared_demo) as connection:
        connection.sendall(frame(CONNECT % token))
        received = connection.recv(65_536)
        while b"snapshot" not in received:
            received += connection.recv(65_536)
        connection.sendall(frame(b'42["call-next",{}]'))
        ended(connection)


def connected(server: DemoServer, token: str) -> socket.socket | None:
    """Open a device's socket and wait for its first snapshot; None where it is hung up on instead."""
    connection = opened(server)
    connection.sendall(frame(CONNECT % token.encode()))
    received = b""
    while b"snapshot" not in received:
        try:
            more = connection.recv(65_536)
        except ConnectionError:
            more = b""
        if not more:
            connection.close()
            return None
        received += more
    return connection


def test_of_too_many_sockets_of_a_device_the_oldest_ends_and_they_come_so_often_only(shared_demo: DemoServer) -> None:
    """A paired device that opens one after the other: another one's screen comes in all the same."""
    made = json.loads(shared_demo.riwaq("devices", "add", "--role", "board", "--station", "hall", "--json").stdout)
    open_ones = []
    for _ in range(sockets.MOST_SOCKETS + 1):
        one = connected(shared_demo, made["token"])
        assert one is not None
        open_ones.append(one)
    ended(open_ones[0])
    came = len(open_ones)
    while (one := connected(shared_demo, made["token"])) is not None and came < 500:
        open_ones.append(one)
        came += 1
    assert came < 500
    other = connected(shared_demo, shared_demo.token("kiosk", "K1"))
    assert other is not None
    for one in (*open_ones, other):
        one.close()
    assert not any("Traceback" in line for line in shared_demo.output)


def test_a_refused_connect_is_told_so_and_hung_up_on(shared_demo: DemoServer) -> None:
    """A screen that was cut off hears it (44) and does not stay connected."""
    with opened(shared_demo) as connection:
        connection.sendall(frame(CONNECT % b"nobody"))
        assert b"44{" in ended(connection)


def test_only_websockets_are_spoken(shared_demo: DemoServer) -> None:
    """No screen polls, so nobody may."""
    for method in ("GET", "POST"):
        answer = requests.request(method, f"{shared_demo.base}/socket.io/?EIO=4&transport=polling", timeout=10)
        assert answer.status_code == 400
    with pytest.raises(socketio.exceptions.ConnectionError):
        socketio.Client(reconnection=False).connect(
            shared_demo.base, transports=["polling"], auth={"token": shared_demo.token("board", "hall")}
        )


@pytest.mark.parametrize("version", [b"", b"Sec-WebSocket-Version: 8\r\n", b"Sec-WebSocket-Version: 13\r\n"])
def test_what_is_no_handshake_is_answered_400(shared_demo: DemoServer, version: bytes) -> None:
    """No traceback, no half-open socket."""
    with socket.create_connection(("127.0.0.1", shared_demo.port), 10) as connection:
        connection.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: r\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\n" + version + b"\r\n"
        )
        assert ended(connection).startswith(b"HTTP/1.1 400 ")
    assert not any("Traceback" in line for line in shared_demo.output)


def test_a_device_that_was_cut_off_is_hung_up_on(shared_demo: DemoServer) -> None:
    """Not only told: whoever ignores the word loses the connection too, within two seconds and the grace."""
    made = shared_demo.riwaq("devices", "add", "--role", "board", "--station", "hall", "--json")
    device = json.loads(made.stdout)
    with opened(shared_demo) as connection:
        connection.sendall(frame(CONNECT % device["token"].encode()))
        received = b""
        while b"40{" not in received:
            received += connection.recv(4096)
        assert shared_demo.riwaq("devices", "revoke", device["device_id"]).returncode == 0
        assert b"41" in ended(connection)
