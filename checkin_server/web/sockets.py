"""The socket: a device is let in, put into the rooms it may see, and gets pushes. Commands never travel here."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import request
from flask_socketio import SocketIO

from checkin_server.web.auth import Doorkeeper
from checkin_server.web.frames import WIRE, Rooms, Wire
from checkin_server.web.origins import Origins
from checkin_server.web.talk import GRACE_S


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

    by_sid: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    wires: dict[str, Wire] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def wire_of(self, sid: str) -> Wire | None:
        """Return what writes to a socket."""
        with self.lock:
            return self.wires.get(sid)

    def devices(self) -> frozenset[str]:
        """Return the devices that hold a socket."""
        with self.lock:
            return frozenset(device for device, _ in self.by_sid.values())

    def sockets_of(self, device: str) -> list[str]:
        """Return a device's sockets."""
        with self.lock:
            return [sid for sid, (owner, _) in self.by_sid.items() if owner == device]


def register(
    socketio: SocketIO,
    doorkeeper: Doorkeeper,
    topics: Topics,
    watchers: Rooms,
    origins: Origins,
    changed: Callable[[], None],
) -> Connections:
    """Serve the socket to pages of `origins`; `changed` hears of comings and goings."""
    connections = Connections()

    @socketio.on("connect")
    def connect(auth: Any = None) -> bool:
        wire: Wire | None = request.environ.get(WIRE)
        row = _device(doorkeeper, auth, origins)
        if row is None or not doorkeeper.has_place(row):
            if wire is not None:
                wire.give_up(GRACE_S)
            return False
        rooms = topics_of(row["role"], row["station"])
        sid: str = request.sid  # type: ignore[attr-defined]  # Flask-SocketIO adds it to the request
        with connections.lock:
            connections.by_sid[sid] = (row["id"], rooms)
            if wire is not None:
                wire.prove()
                connections.wires[sid] = wire
        for room in rooms:
            topics.watch(room)
            watchers.join(room, sid, wire)
            socketio.emit("snapshot", topics.snapshot(room), to=sid)
        changed()
        return True

    @socketio.on("disconnect")
    def gone(reason: Any = None) -> None:
        sid: str = request.sid  # type: ignore[attr-defined]  # Flask-SocketIO adds it to the request
        with connections.lock:
            _, rooms = connections.by_sid.pop(sid, ("", []))
            connections.wires.pop(sid, None)
        for room in rooms:
            topics.unwatch(room)
            watchers.leave(room, sid)
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
