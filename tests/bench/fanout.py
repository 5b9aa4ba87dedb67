"""The reference for the fan-out: one snapshot to many screens, as the library sends it and as one frame for all.

A real Socket.IO server on the server's own HTTP stack. It prints its port; then for each line of standard input, a job
`{way, pushes, pause_s}`, it pushes and prints what that took: CPU seconds, and when it began each push.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

# Imported after the patching, as `checkin_server.cli` does.
import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from types import SimpleNamespace  # noqa: E402
from typing import Any, cast  # noqa: E402

import gevent  # noqa: E402
from flask import Flask, request  # noqa: E402
from flask_socketio import SocketIO, join_room  # noqa: E402

from checkin_server.running.listening import listen, server_for  # noqa: E402
from checkin_server.web.talk import guarded  # noqa: E402
from checkin_server.web.wire import WIRE, Rooms  # noqa: E402

_ROOM = "board:hall"


def snapshot(version: int) -> dict[str, Any]:
    """Return a snapshot as large as a busy hall's."""
    call = {
        "number": 1234, "booth": "real-estate", "zone": "D", "counter": "real-estate-2", "counter_label": "2",
        "service": "real-estate", "locale": "zgh", "state": "called", "at": "2019-12-27T09:41:00Z", "recall": 0,
    }  # fmt: skip
    wait = {"zone": "D", "booth": "real-estate", "service": "real-estate", "waiting": 31, "counters_open": 2}
    data = {
        "now": "2019-12-27T09:41:07Z",
        "calls": [{"call": f"s_{version:024x}.{place}", **call} for place in range(12)],
        "headed": [{"zone": zone, "numbers": list(range(1200, 1206))} for zone in "ABCDEF"],
        "waits": [{**wait, "expected_wait": {"p50": 600, "p90": 1500}} for _ in range(9)],
    }
    return {"topic": _ROOM, "epoch": "bench", "version": version, "data": data}


def main() -> None:
    """Serve, and push what is asked for."""
    flask = Flask("fanout", static_folder=None)
    socketio = SocketIO(flask, async_mode="gevent", logger=False, engineio_logger=False, manage_session=False)
    engine: Any = socketio.server.eio  # type: ignore[attr-defined]
    rooms = Rooms(lambda sid, document: socketio.emit("snapshot", document, to=sid))
    plain = engine._async["websocket"]
    one_writer = guarded(plain)

    @socketio.on("connect")
    def connect(auth: Any = None) -> bool:
        sid: str = request.sid  # type: ignore[attr-defined]
        join_room(_ROOM)
        wire = request.environ.get(WIRE)
        if wire is not None:
            wire.prove()
        rooms.join(_ROOM, sid, wire)
        socketio.emit("snapshot", snapshot(0), to=sid)
        return True

    listener = listen("127.0.0.1", 0)
    server = server_for(cast("Any", SimpleNamespace(flask=flask, doorkeeper=None)), listener)
    gevent.spawn(server.serve_forever)
    print(listener.getsockname()[1], flush=True)
    version = 0
    while line := gevent.get_hub().threadpool.apply(sys.stdin.readline):
        job = json.loads(line)
        if "sockets" in job:
            # The screens that connect from now on: with the library's own writer, or with ours.
            engine._async = {**engine._async, "websocket": one_writer if job["sockets"] == "one" else plain}
            print("ready", flush=True)
            continue
        began: dict[int, float] = {}
        cpu = time.process_time()
        for _ in range(job["pushes"]):
            version += 1
            began[version] = time.monotonic()
            if job["way"] == "one":
                rooms.push(_ROOM, snapshot(version))
            else:
                socketio.emit("snapshot", snapshot(version), to=_ROOM)
            gevent.sleep(job["pause_s"])
        print(json.dumps({"began": began, "cpu_s": time.process_time() - cpu}), flush=True)


if __name__ == "__main__":
    main()
