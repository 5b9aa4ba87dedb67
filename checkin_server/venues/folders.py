"""Holding a data folder: one server at a time, and nothing that replaces its database meanwhile."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from pathlib import Path
from typing import IO

from checkin_server.common import hardening
from checkin_server.common import marker as markers
from checkin_server.common.faults import Fault


class FolderHeld(Fault):
    """A server runs on this folder; the message says what to do."""


class FolderUnusable(Fault):
    """The folder cannot be written to; the message says what to do."""


def hold_database(path: Path) -> IO[str]:
    """Take the lock of an embedded database, whatever data folder its server has; held and let go like `hold`'s.

    Raises:
        FolderHeld: another process holds it.
        FolderUnusable: the lock's file cannot be made.
    """
    # Not the database itself: SQLite's own locks end when any file on it is closed in this process.
    file = path.resolve()
    return _take(
        file.with_name(f"{file.name}.lock"),
        f"a server is running on {file} already; stop it first. Two would undo each other's calls",
        f"cannot write beside {file}",
    )


def hold(folder: Path, *, busy: str, unwritable: str) -> IO[str]:
    """Take the folder's lock and return it; it is held until it is closed or the process ends, however it ends.

    Two servers on one database would be two routers and two printers' spools.

    Raises:
        FolderHeld: another process holds it; the message ends with `busy`.
        FolderUnusable: the lock's file cannot be made; the message ends with `unwritable`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderUnusable(f"cannot write to {folder}: {error.strerror}. {unwritable}") from error
    # What an older release, or a copy from a stick, let others read.
    hardening.take_rights_back(folder)
    return _take(
        folder / "lock", f"a server is running on {folder} already; {busy}", f"cannot write to {folder}", unwritable
    )


def _take(file: Path, held: str, cannot: str, todo: str = "") -> IO[str]:
    try:
        handle = file.open("a+")
    except OSError as error:
        raise FolderUnusable(f"{cannot}: {error.strerror}. {todo}".rstrip()) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise FolderHeld(held) from error
    os.set_inheritable(handle.fileno(), False)
    # Whose it is, for `riwaq lock`.
    handle.truncate(0)
    handle.write(f"{os.getpid()}\n")
    handle.flush()
    return handle


def stop_server(folder: Path, patience_s: float = 30.0) -> bool:
    """End the server that holds a folder, and with it what it has in memory; False when there is none.

    Raises `FolderHeld` when it does not end in time, or can't be ended by this user.
    """
    try:
        handle = (folder / "lock").open("r+")
    except OSError:
        return False
    with handle:
        told = False
        give_up = time.monotonic() + patience_s
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                pass
            else:
                return told
            if time.monotonic() > give_up:
                raise FolderHeld(f"the server on {folder} does not end: stop its service, or shut the machine down")
            if not told:
                _end(handle, folder)
                told = True
            time.sleep(0.05)


def _end(handle: IO[str], folder: Path) -> None:
    try:
        handle.seek(0)
        os.kill(int(handle.read().strip()), signal.SIGTERM)
    except (ValueError, OSError) as error:
        raise FolderHeld(f"the server on {folder} can't be ended by this user ({error}): stop its service") from error


def marker(folder: Path, key_file: Path | None) -> markers.Marker:
    """Return the marker of numbers of a data folder: in it and, where there is a key, beside that."""
    beside = [key_file.with_name(f"{key_file.name}.{markers.NAME}")] if key_file is not None else []
    return markers.Marker(folder / markers.NAME, *beside)
