"""The socket: a device is let in, put into the rooms it may see, and gets pushes. Commands never travel here."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import request
from flask_socketio import SocketIO

from checkin_server.common.buckets import Bucket
from checkin_server.services.snapshots.counter import Seen
from checkin_server.web.auth import Doorkeeper
from checkin_server.web.origins import Origins
from checkin_server.web.presence import SEEN, Presence, room, told
from checkin_server.web.talk import GRACE_S
from checkin_server.web.wire import WIRE, Rooms, Wire

MOST_SOCKETS = 12
"""Of one device: a screen has one, and a browser that has lost its line may have some for a while."""
COMINGS = (30.0, 2.0)
"""Sockets of one device, so many at once and so many a second: each gets whole snapshots, and is news to dashboards."""
_MOST_REMEMBERED = 4096


class Topics(Protocol):
    """What the socket needs of `checkin_server.web.live`."""

    def watch(self, name: str) -> None:
        """Somebody watches a topic."""

    def unwatch(self, name: str) -> None:
        """Somebody stopped watching."""

    def snapshot(self, name: str) -> dict[str, Any]:
        """Return a topic's newest snapshot."""


def topics_of(role: str, station: str) -> list[str]:
    """Return the topics that a role may see at its station."""
    return {
        "kiosk": ["kiosk"],
        "welcome": ["welcome", "kiosk"],
        "board": [f"board:{station}"],
        "counter": [f"counter:{station}"],
        "organizer": ["dashboard"],
    }.get(role, [])


@dataclass
class Connections:
    """Who is connected: socket id to device, role and station."""

    presence: Presence
    by_sid: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    wires: dict[str, Wire] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    _comings: dict[str, Bucket] = field(default_factory=dict)

    def may_come(self, device: str) -> bool:
        """Whether a device may have one more socket: of too many its oldest is shut, and they come so often only."""
        now = time.monotonic()
        with self.lock:
            if len(self._comings) > _MOST_REMEMBERED:
                self._comings.clear()
            coming = self._comings.setdefault(device, Bucket.full(*COMINGS, now))
            if not coming.take(now):
                return False
            here = [self.wires[sid] for sid, (owner, _) in self.by_sid.items() if owner == device and sid in self.wires]
        for wire in here[: 1 - MOST_SOCKETS] if len(here) >= MOST_SOCKETS else ():
            wire.hang_up()
        return True

    def wire_of(self, sid: str) -> Wire | None:
        """Return what writes to a socket."""
        with self.lock:
            return self.wires.get(sid)

    def move(self, device: str, watchers: Rooms, seen: Seen) -> list[str]:
        """Have a device's sockets told more or less of their topics from now on; return the topics."""
        with self.lock:
            here = [(sid, rooms, self.wires.get(sid)) for sid, (owner, rooms) in self.by_sid.items() if owner == device]
        for sid, rooms, wire in here:
            for name in rooms:
                for each in SEEN:
                    watchers.leave(room(name, each), sid)
                watchers.join(room(name, seen), sid, wire)
        return sorted({name for _, rooms, _ in here for name in rooms})

    def see_who_is_there(self, by_hand: str | None = None) -> None:
        """Have each tablet told what it may be told now; `by_hand`: where somebody has just signed in or out."""
        self.presence.look(self.devices(), by_hand)

    def devices(self) -> frozenset[str]:
        """Return the devices that hold a socket."""
        with self.lock:
            return frozenset(device for device, _ in self.by_sid.values())

    def sockets_of(self, device: str) -> list[str]:
        """Return a device's sockets."""
        with self.lock:
            return [sid for sid, (owner, _) in self.by_sid.items() if owner == device]


# size: what a socket's coming and going touches, each by its name
def register(
    socketio: SocketIO,
    doorkeeper: Doorkeeper,
    topics: Topics,
    watchers: Rooms,
    origins: Origins,
    changed: Callable[[], None],
    presence: Presence,
) -> Connections:
    """Serve the socket to pages of `origins`; `changed` hears of comings and goings, `presence` says who is there."""
    connections = Connections(presence)

    @socketio.on("connect")
    def connect(auth: Any = None) -> bool:
        wire: Wire | None = request.environ.get(WIRE)
        row = _device(doorkeeper, auth, origins)
        if row is None or not doorkeeper.has_place(row):
            if wire is not None:
                wire.give_up(GRACE_S)
            return False
        if not connections.may_come(row["id"]):
            if wire is not None:
                wire.hang_up()  # without a word: it is let in, and may come again in a moment
            return False
        rooms = topics_of(row["role"], row["station"])
        sid: str = request.sid  # type: ignore[attr-defined]  # Flask-SocketIO adds it to the request
        with connections.lock:
            connections.by_sid[sid] = (row["id"], rooms)
            if wire is not None:
                wire.prove()
                connections.wires[sid] = wire
        seen = presence.begin(row["id"]) if row["role"] == "counter" else "all"
        for name in rooms:
            topics.watch(name)
            watchers.join(room(name, seen), sid, wire)
            socketio.emit("snapshot", told(topics.snapshot(name), seen), to=sid)
        changed()
        return True

    @socketio.on("disconnect")
    def gone(reason: Any = None) -> None:
        sid: str = request.sid  # type: ignore[attr-defined]  # Flask-SocketIO adds it to the request
        with connections.lock:
            _, rooms = connections.by_sid.pop(sid, ("", []))
            connections.wires.pop(sid, None)
        for name in rooms:
            topics.unwatch(name)
            for seen in SEEN:
                watchers.leave(room(name, seen), sid)
        changed()

    return connections


def _device(doorkeeper: Doorkeeper, auth: Any, origins: Origins) -> Any:
    """Return the device that connects: by a token in `auth` or the header, or by a cookie from our own pages."""
    auth = auth if isinstance(auth, dict) else {}
    header = request.headers.get("Authorization", "")
    token = auth.get("token") or (header[7:] if header.startswith("Bearer ") else None)
    if isinstance(token, str) and token:
        return doorkeeper.device(token)
    # A browser always sends an Origin with a socket; without one a cookie proves nothing about who asks.
    if not origins.may(request.headers.get("Origin"), request.environ):
        return None
    name = auth.get("device")
    return doorkeeper.device_of_cookies(request.cookies, name if isinstance(name, str) else None)
