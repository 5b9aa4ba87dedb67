"""The process from which `tests.support.warm` forks Riwaq's programs: it has imported them and done nothing else.

Run as ``python -m tests.support.warm_parent KIND SOCKET``: ``server`` has gevent's patches, as `riwaq demo` and `serve`
make them first of all; ``command`` has none. Each order over the socket is one program: words, environment, folder.
A keeper of its own waits for each program and says how it ended, as nobody else may wait for a stranger's child.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import runpy
import signal
import sys
from typing import Any, NoReturn

_MIGRATIONS = ("alembic.command", "alembic.config", "alembic.context")
SERVER = (
    *_MIGRATIONS,
    "tests.support.checked",
    "tests.support.shown",
    "checkin_server.rehearsal.days",
    "checkin_server.running.application",
    "checkin_server.running.listening",
    "checkin_server.venues.demo",
    "checkin_server.venues.real",
    "gevent.pool",
    "gevent.resolver.thread",
    "gevent.threadpool",
)
COMMAND = (
    *_MIGRATIONS,
    "checkin_server.cli",
    "checkin_server.services.access",
    "checkin_server.services.checkup.doctor",
    "checkin_server.venues.demo",
    "checkin_server.venues.real",
)
_LARGEST_ORDER = 1 << 20
_FILES = 4
"""Standard input, output and errors, and where the keeper says the program's number and its exit code."""


def main(kind: str, number: int) -> None:
    """Take orders until nobody holds the other end of the socket `number`."""
    if kind == "server":
        from gevent import monkey

        monkey.patch_all()
    for name in SERVER if kind == "server" else COMMAND:
        importlib.import_module(name)
    importlib.import_module("tests.support.light_hashes").install()
    # What all have in common stays common: nobody's collection of garbage writes into it.
    gc.collect()
    gc.freeze()
    order = _wait_for_orders(number)
    if order is not None:
        if kind == "server":
            import gevent

            gevent.reinit()  # imports have made a loop, which is the parent's
        _run(order)


class _Plain:
    """The system's own calls: gevent's want its loop, which runs in a program only."""

    def __init__(self) -> None:
        from gevent import monkey

        self.socket = monkey.get_original("socket", "socket")
        self.fork, self.wait, self.close = (monkey.get_original("os", name) for name in ("fork", "waitpid", "close"))


def _wait_for_orders(number: int) -> dict[str, Any] | None:
    """Return in each program with its order, in the parent with None at the end; never in a keeper."""
    plain = _Plain()
    asked = plain.socket(fileno=number)
    # Ctrl-C on the terminal is for the tests and for the programs.
    heeding = signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked.sendall(b"ready")
    while True:
        message, ancillary, _, _ = asked.recvmsg(_LARGEST_ORDER, 1024)
        if not message:
            return None
        _bury(plain)
        files = list(memoryview(ancillary[0][2]).cast("i"))
        assert len(files) == _FILES
        if plain.fork() == 0:
            asked.close()
            program = plain.fork()
            if program != 0:
                _keep(plain, program, files)
            signal.signal(signal.SIGINT, heeding)
            for at, file in enumerate(files[:3]):
                os.dup2(file, at)
            for file in files:
                plain.close(file)
            order: dict[str, Any] = json.loads(message)
            return order
        for file in files:
            plain.close(file)


def _bury(plain: _Plain) -> None:
    """Let go of the keepers whose programs have ended."""
    with contextlib.suppress(ChildProcessError):
        while plain.wait(-1, os.WNOHANG)[0]:
            pass


def _keep(plain: _Plain, program: int, files: list[int]) -> NoReturn:
    for file in (0, 1, 2, *files[:3]):
        plain.close(file)
    os.write(files[3], f"{program}\n".encode())
    _, status = plain.wait(program, 0)
    os.write(files[3], f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _run(order: dict[str, Any]) -> None:
    """Be the program: what a new interpreter takes from outside is taken again."""
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    sys.stdin, sys.stdout, sys.stderr = _text(0, "r"), _text(1, "w"), _text(2, "w", "backslashreplace")
    module, *words = order["words"]
    if module in ("checkin_server.cli", "tests.support.checked"):
        from checkin_server.cli import main as riwaq

        if module == "tests.support.checked":
            from tests.support import checked

            checked.install()
        riwaq(args=words, prog_name="riwaq")
    else:
        sys.argv = [module, *words]
        runpy.run_module(module, run_name="__main__", alter_sys=True)


def _text(number: int, mode: str, errors: str = "strict") -> io.TextIOWrapper:
    # Never closed, like an interpreter's own.
    return open(number, mode, encoding="utf-8", errors=errors, buffering=1, closefd=False)  # type: ignore[return-value]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
