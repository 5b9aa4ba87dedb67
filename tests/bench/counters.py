"""Counters that call, serve and finish, at a steady rate, and note when each call was asked for and answered.

It says `ready`; a job comes as a line of JSON on standard input, the outcome goes to standard output. Closing its
input ends it before its time.
"""

from __future__ import annotations

import json
import select
import sys
import time
import uuid
from typing import Any

from tests.bench.wire import Caller


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Call `calls_per_s` visitors a second, the counters in turn, for `limit_s` or until the input is closed."""
    desks: list[tuple[str, Caller]] = []
    for counter in job["counters"]:
        caller = Caller(int(job["port"]), counter["token"])
        caller.headers["X-Session"] = counter["session"]
        desks.append((counter["id"], caller))
    calls: list[tuple[str, float]] = []
    asked: list[tuple[str, float]] = []
    nobody = 0
    started = time.monotonic()
    turn = 0
    while time.monotonic() - started < job["limit_s"]:
        counter, caller = desks[turn % len(desks)]

        def do(action: str, counter: str = counter, caller: Caller = caller) -> Any:
            return caller.call("POST", f"/counters/{counter}/{action}", {"command_id": str(uuid.uuid4())})

        pressed = time.monotonic()
        answer = do("call-next")
        answered = time.monotonic()
        if answer["outcome"] == "called":
            calls.append((answer["step"]["id"], answered))
            asked.append((answer["step"]["id"], pressed))
            do("start")
            do("finish")
        else:
            nobody += 1
        turn += 1
        pause = max(0.0, started + turn / job["calls_per_s"] - time.monotonic())
        if select.select([sys.stdin], [], [], pause)[0]:
            break
    return {"calls": calls, "pressed": asked, "nobody": nobody}


if __name__ == "__main__":
    print("ready", flush=True)
    json.dump(run(json.loads(sys.stdin.readline())), sys.stdout)
