"""A printer that is a path: the kernel's device file of one (`/dev/usb/lp0`), or a file that jobs are added to."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from printers.renderer import RenderedTicket
from printers.transports.base import Paper, TransportError, nothing
from printers.transports.blocking import off_the_loop
from printers.transports.conversation import Answering, Patience, confirmable
from printers.transports.descriptor import DescriptorLine


class FileTransport(Answering):
    """Talks to a device, or adds each job to the end of a file.

    A device must answer: a job counts as printed when the printer says so. In an ordinary file a job is there whole
    or not at all, on the disk, and counts as printed then.

    Args:
        path: the device or the file; a file is made when needed, its folder is not.
        status_timeout: seconds for each answer about a device's state.
        write_timeout: seconds in which a device must take some bytes.
        job_timeout: seconds in which it must have taken all of them.
        answer_timeout: seconds from the last byte to the acknowledgement.
        acknowledges: whether the printer answers GS r; of one that does not, each job counts as sent.
    """

    # size: where the printer is, then settings that have defaults and are told by name
    def __init__(
        self,
        path: Path | str,
        *,
        status_timeout: float = 2.0,
        write_timeout: float = 5.0,
        job_timeout: float = 60.0,
        answer_timeout: float = 15.0,
        acknowledges: bool = True,
    ) -> None:
        super().__init__(acknowledges)
        self._path = Path(path)
        self._patience = Patience(status_timeout, write_timeout, job_timeout, answer_timeout)

    def check(self, *, acknowledge: bool = False) -> Paper:
        """Ask a device for its state; see that a file can be written to."""
        if self._is_device():
            with self._open_device() as line:
                return self._asked(line, self._patience, acknowledge)
        where = self._path if self._path.exists() else self._path.parent
        if not os.access(where, os.W_OK):
            raise TransportError("unwritable", f"{where} is not there, or there is no right to write to it")
        return None

    def send(self, job: str, ticket: RenderedTicket, begin: Callable[[], None] = nothing) -> Paper:
        """Print on a device, or add to the file. Raises TransportError: `unwritable`, or see `Conversation`."""
        if self._is_device():
            confirmable(ticket)
            with self._open_device() as line:
                return self._talk(line, self._patience).print(ticket, begin)
        self.check()
        begin()
        off_the_loop(lambda: self._append(ticket.escpos))
        return None

    def _is_device(self) -> bool:
        """Tell a device from a file. Raises TransportError for what is neither."""
        try:
            mode = self._path.stat().st_mode
        except FileNotFoundError:
            if self._path.is_relative_to("/dev"):
                raise TransportError("unreachable", f"{self._path} is not there") from None
            return False
        except OSError as error:
            raise TransportError("unwritable", str(error)) from error
        if not (stat.S_ISCHR(mode) or stat.S_ISREG(mode)):
            raise TransportError("unwritable", f"{self._path} is neither a file nor a printer's device")
        return stat.S_ISCHR(mode)

    @contextmanager
    def _open_device(self) -> Iterator[DescriptorLine]:
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise TransportError("unreachable", str(error)) from error
        try:
            yield DescriptorLine(descriptor)
        finally:
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _append(self, content: bytes) -> None:
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                end = os.lseek(descriptor, 0, os.SEEK_END)
                try:
                    written = 0
                    while written < len(content):
                        written += os.write(descriptor, content[written:])
                    os.fsync(descriptor)
                except OSError:
                    os.ftruncate(descriptor, end)  # whole or not at all
                    raise
            finally:
                os.close(descriptor)
        except OSError as error:
            raise TransportError("unwritable", str(error)) from error
