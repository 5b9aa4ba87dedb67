"""`riwaq` with ears: notes each call of the functions named in ``RIWAQ_TRACE``, with its moment. For tests of walks.

Run as ``python -m tests.support.traced demo …``. ``RIWAQ_TRACE`` is a JSON list of ``["path", "qualified.name"]``,
``RIWAQ_TRACE_FILE`` the file that gets one line a call: nanoseconds of the machine's monotonic clock, path, name.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Run the command with the ears on, and every answer held against its type."""
    from gevent import monkey

    monkey.patch_all()

    from tests.support import checked

    checked.install()
    wanted = {(path, name.rpartition(".")[2]): name for path, name in json.loads(os.environ["RIWAQ_TRACE"])}
    names = {name for _, name in wanted}
    out = os.open(os.environ["RIWAQ_TRACE_FILE"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def heard(frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if event != "call" or code.co_name not in names:
            return
        path = code.co_filename.removeprefix(f"{ROOT}/")
        qualified = code.co_qualname.rpartition("<locals>.")[2]
        if wanted.get((path, code.co_name)) == qualified:
            os.write(out, f"{time.monotonic_ns()}\t{path}\t{qualified}\n".encode())

    from checkin_server.cli import main as riwaq

    threading.setprofile(heard)
    sys.setprofile(heard)
    riwaq()


if __name__ == "__main__":
    main()
