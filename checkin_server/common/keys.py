"""The database's key: 256 random bits in a file of its own, never beside the database it opens."""

from __future__ import annotations

import getpass
import os
import secrets
import sys
import time
from pathlib import Path

from checkin_server.common.durable import on_the_disk
from checkin_server.common.faults import Fault


class KeyUnusable(Fault):
    """The key's file cannot be read or made; the message says what to do."""


class PassphraseRefused(Fault):
    """A passphrase opens nothing here and now; the message says why."""


_TRIES, _PAUSE_S = 5, 0.2
_opened: dict[Path, str] = {}
"""Keys that a passphrase has opened in this process: they live as long as it does (`riwaq lock` ends a server)."""
_AGE = b"age-encryption.org/"
PASSPHRASE_FILE = "RIWAQ_PASSPHRASE_FILE"
"""The variable that names a file with the passphrase, on a stick for example; without it, it is asked for."""


def is_protected(path: Path) -> bool:
    """Say whether a key is under a passphrase."""
    try:
        with path.open("rb") as file:
            return file.read(len(_AGE)) == _AGE
    except OSError:
        return False


def protect(path: Path, secret: str) -> None:
    """Put a key under a passphrase, whole or not at all: the file alone opens nothing any more."""
    from pyrage import passphrase

    if is_protected(path):
        raise KeyUnusable(f"{path} is under a passphrase already")
    if len(secret) < 8:
        raise KeyUnusable("a passphrase has eight signs or more; several words are best")
    sealed: bytes = passphrase.encrypt((read(path) + "\n").encode(), secret)
    part = path.with_name(f".{path.name}.part")
    try:
        with open(part, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        on_the_disk(path.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise KeyUnusable(f"cannot write {path}: {error.strerror}") from error


def opened(content: bytes, secret: str, what: str) -> bytes:
    """Return what age has put under a passphrase. Raises `PassphraseRefused`, which says why and of `what`.

    age refuses what would take this machine too long, by a measure of the moment: a busy one tries again, and does not
    call a right passphrase wrong.
    """
    from pyrage import passphrase

    for _ in range(_TRIES):
        try:
            plain: bytes = passphrase.decrypt(content, secret)
        except Exception as error:
            if "work parameter" not in str(error):
                raise PassphraseRefused(f"this is not the passphrase of {what}") from error
            time.sleep(_PAUSE_S)
        else:
            return plain
    raise PassphraseRefused(
        f"this machine is too busy, or much slower than the one it was made on, to open the passphrase of {what}: end "
        "what else it does and try again, or open it on the other one"
    )


def _open(path: Path) -> str:
    known = _opened.get(path.resolve())
    if known is not None:
        return known
    secret = _passphrase(path)
    try:
        key = opened(path.read_bytes(), secret, f"the database's key {path}").decode("ascii").strip().lower()
    except PassphraseRefused as error:
        raise KeyUnusable(str(error)) from error
    _opened[path.resolve()] = key
    return key


def _passphrase(path: Path) -> str:
    file = os.environ.get(PASSPHRASE_FILE, "").strip()
    if file:
        try:
            return Path(file).read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise KeyUnusable(f"cannot read the passphrase in {file}: {error}") from error
    if sys.stdin is None or not sys.stdin.isatty():
        raise KeyUnusable(
            f"the database's key {path} is under a passphrase: start this in a terminal, or name a file that holds it "
            f"in {PASSPHRASE_FILE}"
        )
    return getpass.getpass("Passphrase of the database's key: ")


def read(path: Path) -> str:
    """Return the key in `path`: 64 hexadecimal digits. One that is under a passphrase asks for it, once a process."""
    try:
        key = _open(path) if is_protected(path) else path.read_text("ascii").strip().lower()
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
