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

assert module.offload(sum, [1, 2], patience_s=5.0) == 3
engine._OPEN_PATIENCE_S = 0.3
engine._connect_sqlcipher = lambda path, key: os.open(path, os.O_RDONLY)  # as a disk that gives nothing
try:
    engine.sqlcipher_engine(Path(sys.argv[1]), "0" * 64).raw_connection()
except StoreUnavailable as error:
    print(error.why, len(beats) > 5, flush=True)
os._exit(0)  # not joining who waits for the disk
"""


def test_a_database_that_can_not_be_opened_for_a_disk_that_hangs_holds_nobody_up(tmp_path: Path) -> None:
    """A pipe that nobody writes to hangs whoever opens it; the others go on, and who waited is told."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = subprocess.run(
        [sys.executable, "-c", _UNDER_GEVENT, str(pipe)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.returncode) == ("no_answer True\n", 0), done.stderr
