"""The one writer of a connection: whole frames, in order, whatever the network takes at a time."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from checkin_server.web import wire as fan_out
from checkin_server.web.wire import Rooms, Wire, event_frame, text_frame
from tests.bench.screens import frames

Pair = tuple[Wire, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A wire whose network takes a few kilobytes at a time, and the screen's end."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    ours.setblocking(False)
    theirs.settimeout(10)
    yield Wire(ours), theirs
    ours.close()
    theirs.close()


def read_until(end: socket.socket, last: bytes) -> list[bytes]:
    """Read slowly until a frame with this payload came; return all payloads."""
    received, payloads = bytearray(), []
    while last not in payloads:
        more = end.recv(1777)
        assert more, "hung up"
        received += more
        payloads += [payload for _, payload in frames(received)]
    assert not received, "bytes that belong to no frame"
    return payloads


def big(topic: str, version: int) -> bytes:
    """A frame that needs many sends."""
    return text_frame(f"{topic} {version} " + "x" * 60_000)


def inside(frame: bytes) -> bytes:
    """The payload of a frame."""
    ((opcode, payload),) = frames(bytearray(frame))
    assert opcode == 1
    return payload


def test_a_frame_that_is_taken_in_parts_arrives_whole_and_messages_never_cut_into_it(pair: Pair) -> None:
    """Messages keep their order and none is lost; pings come while a frame is under way."""
    wire, end = pair
    wire.offer("board", big("board", 1))
    for number in range(20):
        wire.send(text_frame(f"message {number}"))
    wire.offer("board", big("board", 2))
    wire.send(text_frame("last"))
    payloads = read_until(end, inside(big("board", 2)))
    said = [payload.decode() for payload in payloads if len(payload) < 100]
    assert said == [*(f"message {number}" for number in range(20)), "last"]
    whole = [payload for payload in payloads if len(payload) >= 100]
    assert whole == [inside(big("board", 1)), inside(big("board", 2))]


def test_a_slow_screen_gets_the_newest_of_each_topic_and_nothing_in_between(pair: Pair) -> None:
    """What it could not take in time is replaced, not queued; other topics keep theirs."""
    wire, end = pair
    for version in range(1, 40):
        wire.offer("board", big("board", version))
    wire.offer("kiosk", big("kiosk", 1))
    wire.send(text_frame("end"))
    payloads = read_until(end, inside(big("kiosk", 1)))
    assert [payload.split(b"x")[0] for payload in payloads if len(payload) > 100] == [
        b"board 1 ",
        b"board 39 ",
        b"kiosk 1 ",
    ]


def test_writers_from_many_threads_never_mix_their_bytes(pair: Pair) -> None:
    """Frames and messages from five threads: every payload is one that somebody sent."""
    wire, end = pair

    def talk(name: int) -> None:
        for number in range(30):
            wire.send(text_frame(f"{name}-{number}-" + "y" * 3_000))
            wire.offer(f"topic {name}", text_frame(f"snapshot {name} {number} " + "z" * 9_000))

    threads = [threading.Thread(target=talk, args=(name,)) for name in range(5)]
    for thread in threads:
        thread.start()
    payloads: list[bytes] = []
    received = bytearray()
    while sum(payload.endswith(b"y") for payload in payloads) < 150:
        received += end.recv(65_536)
        payloads += [payload for _, payload in frames(received)]
    for thread in threads:
        thread.join()
    for name in range(5):
        own = [payload for payload in payloads if payload.startswith(f"{name}-".encode())]
        assert own == [f"{name}-{number}-".encode() + b"y" * 3_000 for number in range(30)]
    for payload in payloads:
        assert payload.endswith((b"y" * 3_000, b"z" * 9_000)), payload[:40]


def test_a_screen_that_takes_nothing_is_hung_up_on(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds up nobody, and the library that reads from it learns that it is gone."""
    wire, _ = pair
    monkeypatch.setattr(fan_out, "PATIENCE_S", 0.2)
    wire.offer("board", big("board", 1) * 20)
    give_up = time.monotonic() + 20
    gone = False
    while not gone and time.monotonic() < give_up:
        time.sleep(0.05)
        try:
            wire.send(b"?")
        except OSError:
            gone = True
    assert gone
    assert wire.recv(10) == b"", "whoever reads is told that the connection has ended"


def test_everybody_in_a_room_gets_the_same_bytes() -> None:
    """Encoded once; others than those in the room get nothing; who has no wire gets it in the library's way."""
    ends, plain = [], []
    rooms = Rooms(lambda sid, snapshot: plain.append((sid, snapshot)))
    for sid in ("a", "b", "c"):
        ours, theirs = socket.socketpair()
        ends.append(theirs)
        rooms.join("board:hall" if sid != "c" else "dashboard", sid, Wire(ours))
    rooms.join("board:hall", "polling", None)
    snapshot = {"topic": "board:hall", "epoch": "e", "version": 3, "data": {"calls": [{"number": 7, "name": "ⵜ"}]}}
    rooms.push("board:hall", snapshot)
    rooms.leave("board:hall", "b")
    rooms.push("board:hall", snapshot)
    expected = event_frame("snapshot", snapshot)
    assert json.loads(inside(expected)[2:]) == ["snapshot", snapshot]
    for end, times in zip(ends, (2, 1, 0), strict=True):
        end.setblocking(False)
        received = b""
        with contextlib.suppress(BlockingIOError):
            received = end.recv(65_536)
        assert received == expected * times
    assert [sid for sid, _ in plain] == ["polling", "polling"]
