"""Riwaq's programs as processes that need not import themselves: forked from one that has (`warm_parent`).

A start of `riwaq demo` costs two seconds of the processor, most of them for imports; a suite starts hundreds. What is
run is the same code in a process of its own, with its own environment, folder, files and end: it can be killed, it
prints, it exits with a code. What the interpreter only does at its start (another zone of time, libfaketime, counting
coverage) asks for a real start, and gets one; so do the tests that are about starting.
"""

from __future__ import annotations

import array
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
RIWAQ = (sys.executable, "-m", "checkin_server.cli")
_SERVERS = ("demo", "serve")
_SERVER_MODULES = ("tests.screens.kiosk_server",)
_AT_START = ("LD_", "LC_", "LANG", "TZ", "PYTHON", "COVERAGE", "FAKETIME")
"""Beginnings of the names of what an interpreter, or a library, reads when the process starts."""
_NOT_AT_START = ("PYTHONUNBUFFERED",)


class Program:
    """A program that was forked: what the tests use of `subprocess.Popen`."""

    def __init__(self, args: Sequence[str], told: int, stdout: IO[Any] | None) -> None:
        self.args = args
        self.stdout = stdout
        self.stdin = self.stderr = None
        self.returncode: int | None = None
        self._told = os.fdopen(told, "rb", buffering=0)
        self._said = b""
        self._lock = threading.Lock()
        while b"\n" not in self._said:
            heard = self._told.read(64)
            assert heard, "the process that programs are forked from has ended"
            self._said += heard
        number, _, self._said = self._said.partition(b"\n")
        self.pid = int(number)

    def poll(self) -> int | None:
        """Return its exit code (a signal's number below zero), None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, for `timeout` seconds at most; return its exit code. Raises subprocess.TimeoutExpired."""
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return code

    def _ended(self, seconds: float | None) -> int | None:
        with self._lock:
            while self.returncode is None and select.select([self._told], [], [], seconds)[0]:
                heard = self._told.read(64)
                self._said += heard
                if b"\n" in self._said:
                    self.returncode = int(self._said)
                    self._told.close()
                else:
                    assert heard, "a program's keeper has ended before it"
            return self.returncode

    def send_signal(self, number: signal.Signals | int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[Any, None]:
        """Read what it prints until it has ended; return that. Raises subprocess.TimeoutExpired."""
        printed: list[Any] = []
        reader = threading.Thread(target=lambda: printed.append(self.stdout.read() if self.stdout else None))
        reader.start()
        reader.join(timeout)
        if reader.is_alive():
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        self.wait(timeout)
        if self.stdout is not None:
            self.stdout.close()
        return printed[0], None


class _Parent:
    """A process that forks programs; it ends with this one."""

    def __init__(self, kind: str) -> None:
        self._socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        with other:
            subprocess.Popen(
                [sys.executable, "-m", "tests.support.warm_parent", kind, str(other.fileno())],
                cwd=ROOT,
                pass_fds=[other.fileno()],
                stdin=subprocess.DEVNULL,
            )
        assert self._socket.recv(64) == b"ready", "the process that programs are forked from did not start"

    def fork(self, order: Mapping[str, Any], files: Sequence[int]) -> None:
        """Have a program started with these files."""
        handed = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))
        with self._lock:
            self._socket.sendmsg([json.dumps(order).encode()], [handed])


@cache
def _parent(kind: str) -> _Parent:
    return _Parent(kind)


# size: the words of subprocess.Popen
def popen(
    args: Sequence[str],
    *,
    stdin: Any = None,
    stdout: Any = None,
    stderr: Any = None,
    text: bool = False,
    env: Mapping[str, str] | None = None,
    cwd: Path | str | None = None,
) -> Program | subprocess.Popen[Any]:
    """Start ``(sys.executable, "-m", module, *words)`` as `subprocess.Popen` does, from a warm process where it may."""
    environment = dict(os.environ if env is None else env)
    if not _may(args, environment):
        return subprocess.Popen(args, stdin=stdin, stdout=stdout, stderr=stderr, text=text, env=env, cwd=cwd)
    read = write = None
    if stdout == subprocess.PIPE:
        read, write = os.pipe()
    out = write if write is not None else _number(stdout, 1)
    said, saying = os.pipe()
    order = {"words": args[2:], "environment": environment, "folder": str(cwd or Path.cwd())}
    with open(os.devnull, "rb") as nothing:
        given = nothing.fileno() if stdin is None else stdin.fileno()
        errors = out if stderr == subprocess.STDOUT else _number(stderr, 2)
        _parent(_kind(args)).fork(order, [given, out, errors, saying])
    os.close(saying)
    if write is not None:
        os.close(write)
    pipe = None if read is None else os.fdopen(read, "r" if text else "rb", encoding="utf-8" if text else None)
    return Program(args, said, pipe)


def run(
    args: Sequence[str],
    *,
    input: str = "",
    env: Mapping[str, str] | None = None,
    cwd: Path | str | None = None,
    timeout: float | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and return what it printed, as `subprocess.run` with ``capture_output`` and ``text``."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        given.write(input.encode())
        given.seek(0)
        started = popen(args, stdin=given, stdout=output, stderr=errors, env=env, cwd=cwd)
        try:
            code = started.wait(timeout)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait(30)
            raise
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode())
    return subprocess.CompletedProcess(list(args), code, *texts)


def _may(args: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether a fork of an interpreter that has started already is the same as a start."""

    def at_start(all_of: Mapping[str, str]) -> dict[str, str]:
        return {k: v for k, v in all_of.items() if k.startswith(_AT_START) and k not in _NOT_AT_START}

    counting = "COVERAGE_PROCESS_CONFIG" in environment
    ours = tuple(args[:2]) == RIWAQ[:2]
    return ours and not counting and at_start(environment) == at_start(os.environ)


def _kind(args: Sequence[str]) -> str:
    return "server" if args[2] in _SERVER_MODULES or args[3] in _SERVERS else "command"


def _number(file: Any, otherwise: int) -> int:
    if file is None:
        return otherwise
    return os.open(os.devnull, os.O_WRONLY) if file == subprocess.DEVNULL else int(file.fileno())
