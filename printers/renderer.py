"""Tickets rendered in a child process, so that the server's own process never waits for Typst or Pillow.

Plain `subprocess` and `threading`: as it stands for threads, and cooperative after gevent's monkey patching.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The child's module pulls in Typst and Pillow; the server needs neither, so only the child imports it.
_WORKER = "printers.render_worker"
_START_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class RenderedTicket:
    """A ticket ready to print."""

    png: bytes
    """The picture, dot for dot what the printer gets."""
    escpos: bytes
    """The print job."""
    left_out: int = 0
    """How many stops of the route had no room on it."""


class RenderError(RuntimeError):
    """A ticket could not be rendered.

    `of_ticket` is true when this ticket's contents are to blame: trying again can't help. Otherwise the
    installation is (template, fonts, memory), and other tickets fare alike.
    """

    def __init__(self, message: str, *, of_ticket: bool) -> None:
        super().__init__(message)
        self.of_ticket = of_ticket


class _ChildDied(Exception):
    """The child's output ended before its answer."""


class Renderer:
    """Renders tickets, one at a time, in a child that is started when needed and again whenever it dies.

    Args:
        template: the Typst template of the ticket.
        fonts: folder with the fonts (see `printers.render.FONT_FAMILIES`).
        timeout: seconds after which a ticket is given up and the child replaced.
        widths: the papers in millimetres that tickets are wanted for: their first ones are drawn as quickly as later.
        second: the second language that tickets will carry, for the same reason.
    """

    def __init__(
        self,
        template: Path,
        fonts: Path,
        timeout: float = 15.0,
        *,
        widths: Iterable[int] = (80,),
        second: str | None = None,
    ) -> None:
        self._warm = [",".join(str(width) for width in sorted(set(widths))), *([second] if second else [])]
        self._template = template
        self._fonts = fonts
        self._timeout = timeout
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._closed = False

    def start(self) -> None:
        """Start the child without waiting for it, so that the first ticket finds it warm."""
        with self._lock:
            self._spawn()

    def check(self) -> None:
        """Wait until the child is ready.

        Raises:
            RenderError: template or fonts are missing or broken; the message says which.
        """
        with self._lock:
            self._await_ready()

    def render(self, spec: Mapping[str, Any], width_mm: int) -> RenderedTicket:
        """Render a ticket (`printers.ticket.TicketSpec` as a dict) for paper of 80 or 58 mm.

        Raises:
            RenderError: see there. The renderer stays usable.
        """
        try:
            body = json.dumps({"spec": spec, "width_mm": width_mm}).encode("ascii")
        except (TypeError, ValueError) as error:
            raise RenderError(f"the ticket is not JSON: {error}", of_ticket=True) from error
        request = len(body).to_bytes(4, "big") + body
        with self._lock:
            self._await_ready()
            try:
                return self._ask(request)
            except _ChildDied:
                # Perhaps it was killed from outside (out of memory): one more try tells that from a poisonous ticket.
                self._await_ready()
            try:
                return self._ask(request)
            except _ChildDied as error:
                raise RenderError("the ticket ends the rendering process", of_ticket=True) from error

    @property
    def pid(self) -> int | None:
        """The child process that draws; None while there is none."""
        return None if self._child is None else self._child.pid

    def close(self) -> None:
        """End the child; a ticket being rendered meanwhile fails. Calling it again does nothing."""
        self._closed = True
        child = self._child
        if child is not None:
            child.kill()
        with self._lock:
            self._discard()

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # All that follows is called with the lock held.

    def _spawn(self) -> None:
        if self._closed:
            raise RenderError("the renderer is closed", of_ticket=False)
        if self._child is not None:
            return
        above = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, (above, os.environ.get("PYTHONPATH"))))
        self._child = subprocess.Popen(
            [sys.executable, "-m", _WORKER, str(self._template), str(self._fonts), *self._warm],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            # Ctrl-C at the terminal is the server's: it ends the child when the last ticket is through.
            start_new_session=True,
        )

    def _await_ready(self) -> None:
        self._spawn()
        if self._ready:
            return
        try:
            header, _, _ = self._exchange(b"", _START_TIMEOUT)
        except _ChildDied as error:
            raise RenderError("the rendering process does not start", of_ticket=False) from error
        if "error" in header:
            self._discard()
            raise RenderError(str(header["error"]), of_ticket=False)
        self._ready = True

    def _ask(self, request: bytes) -> RenderedTicket:
        header, png, escpos = self._exchange(request, self._timeout)
        if "error" in header:
            if not header["of_ticket"]:
                self._discard()  # the next child tries template and fonts afresh, on its own sample
            raise RenderError(str(header["error"]), of_ticket=bool(header["of_ticket"]))
        return RenderedTicket(png=png, escpos=escpos, left_out=int(header.get("left_out", 0)))

    def _exchange(self, request: bytes, timeout: float) -> tuple[dict[str, Any], bytes, bytes]:
        """Send a request (may be empty) and read one answer; a child that takes too long is killed."""
        child = self._child
        assert child is not None and child.stdin is not None and child.stdout is not None
        late = threading.Event()

        def give_up() -> None:
            late.set()
            child.kill()

        watchdog = threading.Timer(timeout, give_up)
        watchdog.daemon = True
        watchdog.start()
        try:
            if request:
                child.stdin.write(request)
                child.stdin.flush()
            length = int.from_bytes(self._read(4), "big")
            header: dict[str, Any] = json.loads(self._read(length))
            return header, self._read(int(header.get("png", 0))), self._read(int(header.get("escpos", 0)))
        except (_ChildDied, OSError) as error:
            self._discard()
            if late.is_set():
                raise RenderError(f"no ticket within {timeout:g} s", of_ticket=False) from error
            raise _ChildDied from error
        finally:
            watchdog.cancel()

    def _read(self, count: int) -> bytes:
        assert self._child is not None and self._child.stdout is not None
        data = self._child.stdout.read(count)
        if len(data) < count:
            raise _ChildDied
        return data

    def _discard(self) -> None:
        """End the child, if there is one, and collect it."""
        child, self._child, self._ready = self._child, None, False
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # an unsent request for a dead child
                    pipe.close()
        child.wait()
