"""A printer that is a folder: the same bytes, and the picture, as files."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from printers.renderer import RenderedTicket
from printers.transports.base import Paper, TransportError, nothing
from printers.transports.blocking import off_the_loop

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class VirtualTransport:
    """Writes `<directory>/<printer>/<job>.bin` and `.png`, each whole or not at all.

    The picture is written first: who sees the `.bin` finds both.

    Args:
        directory: where the printers' folders are; made when needed.
        printer: this printer's id, the name of its folder.

    Raises:
        TransportError: `bad_name`.
    """

    idempotent = True
    acknowledges = True

    def __init__(self, directory: Path, printer: str) -> None:
        self.folder = directory / _safe(printer)

    def interrupted(self) -> None:
        """Nothing is ever half written."""

    def check(self, *, acknowledge: bool = False) -> Paper:
        """Make the folder if it is not there, and see that it can be written to."""
        off_the_loop(self._check)
        return "ok"

    def send(self, job: str, ticket: RenderedTicket, begin: Callable[[], None] = nothing) -> Paper:
        """Write both files to the disk. Raises TransportError: `unwritable`, `bad_name`."""
        name = _safe(job)
        self.check()
        begin()
        off_the_loop(lambda: self._write(name, ticket))
        return "ok"

    def _check(self) -> None:
        try:
            # Names stand on tickets: folder and files are for their owner only.
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise TransportError("unwritable", str(error)) from error
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise TransportError("unwritable", f"no right to write to {self.folder}")

    def _write(self, name: str, ticket: RenderedTicket) -> None:
        try:
            _replace(self.folder / f"{name}.png", ticket.png)
            _replace(self.folder / f"{name}.bin", ticket.escpos)
            folder = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise TransportError("unwritable", str(error)) from error


def _safe(name: str) -> str:
    """Give the name back if it is fit for a file: it comes from a queue, and must not lead out of the folder."""
    if not _NAME.fullmatch(name):
        raise TransportError("bad_name", f"{name!r} can't be a file's name", permanent=True)
    return name


def _replace(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
