"""Blocking work holds up nobody else, and is given up where it does not come back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_UNDER_GEVENT = """
from gevent import monkey
monkey.patch_all()
import os, sys, threading, time
from pathlib import Path
from checkin_server.common import offload as module
from checkin_server.db import engine
from checkin_server.db.health import StoreUnavailable

beats = []
def beat():
    while True:
        beats.append(time.monotonic())
        time.sleep(0.01)
threading.Thread(target=beat, daemon=True).start()

apart = module.Apart()
assert module.offload(sum, [1, 2]) == apart.run(sum, [1, 2]) == apart.try_to(sum, [1, 2], patience_s=5.0) == 3
engine._OPEN_PATIENCE_S = 0.3
engine._connect_sqlcipher = lambda path, key: os.open(path, os.O_RDONLY)  # as a disk that gives nothing
try:
    engine.sqlcipher_engine(Path(sys.argv[1]), "0" * 64).raw_connection()
except StoreUnavailable as error:
    print(error.why, len(beats) > 5, flush=True)

# As many as want to: one thread hangs, and all else is told at once.
back = []
pipe, end = os.pipe()
told = []
def ask():
    try:
        apart.try_to(os.read, pipe, 1, patience_s=0.3, late=back.append)
    except module.Overdue:
        told.append(len(apart._begun))
ask()
for _ in range(200):
    ask()
print(told == [1] * 201, back.count(None), apart.run(sum, [3, 4]), flush=True)
os.write(end, b"x")
while b"x" not in back:
    time.sleep(0.01)
print(apart.try_to(sum, [5, 6], patience_s=5.0), flush=True)
os._exit(0)  # not joining who waits for the disk
"""


def test_a_database_that_can_not_be_opened_for_a_disk_that_hangs_holds_nobody_up(tmp_path: Path) -> None:
    """A pipe that nobody writes to hangs whoever opens it; the others go on, and who waited is told.

    However many ask, one thread hangs; when it comes back, so does everything.
    """
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = subprocess.run(
        [sys.executable, "-c", _UNDER_GEVENT, str(pipe)], capture_output=True, text=True, timeout=120, check=False
    )
    said = "no_answer True\nTrue 200 7\n11\n"
    assert (done.stdout, done.returncode) == (said, 0), done.stderr
