"""The database's key: 256 random bits in a file of its own, never beside the database it opens."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from checkin_server.common.durable import on_the_disk
from checkin_server.common.faults import Fault


class KeyUnusable(Fault):
    """The key's file cannot be read or made; the message says what to do."""


def read(path: Path) -> str:
    """Return the key in `path`: 64 hexadecimal digits."""
    try:
        key = path.read_text("ascii").strip().lower()
    except FileNotFoundError as error:
        raise KeyUnusable(
            f"the database's key is not at {path}. Bring back the file (without it nobody can read the database), "
            "or point RIWAQ_KEY_FILE to where it is"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnusable(f"cannot read the database's key {path}: {error}") from error
    if len(key) != 64 or set(key) - set("0123456789abcdef"):
        raise KeyUnusable(f"{path} does not hold a key: 64 hexadecimal digits are expected")
    return key


def make(path: Path) -> str:
    """Make a new key at `path`, readable for its owner only and safely on the disk. Never overwrites one."""
    key = secrets.token_hex(32)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key + "\n")
            file.flush()
            os.fsync(file.fileno())
        # The file's name must survive a power cut too, or the database it opens is lost.
        on_the_disk(path.parent)
    except OSError as error:
        raise KeyUnusable(
            f"cannot make the database's key at {path}: {error}. Set RIWAQ_KEY_FILE to a place that can be written to"
        ) from error
    return key


def folder() -> Path:
    """Return where a demo's keys lie: the user's own configuration, not the demo's folder."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "riwaq" / "keys"
