"""A backup that the machine which writes it can't read: age (pyrage), for identities that are kept elsewhere.

A file is one line of JSON (what can be said without a key: when, how large, the digest of what follows) and what age
has made of the database with its key. Without an identity a cut or a changed byte is noticed by the digest; with one,
by age itself, which no forger passes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyrage
from pyrage import passphrase, x25519

from checkin_server.common import keys
from checkin_server.common.durable import on_the_disk
from checkin_server.common.faults import Fault

_FORMAT = "riwaq-backup-1"
_AGE = b"age-encryption.org/"
_LONGEST_HEAD = 4096


class SealBroken(Fault):
    """The file is cut, changed, no such backup, or not for this identity; the message says which."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a backup says without a key."""

    venue: str
    at: str
    """When it was made, RFC 3339."""
    release: str
    size: int
    """Bytes behind the first line."""
    sha256: str
    format: str = _FORMAT


@dataclass(frozen=True, slots=True)
class Inside:
    """What a backup holds."""

    head: Head
    key: str
    """The key of the database in it: 64 hexadecimal digits."""
    database: bytes


def recipient(text: str) -> x25519.Recipient:
    """Return a recipient (``age1…``). Raises ValueError."""
    try:
        return x25519.Recipient.from_str(text.strip())
    except Exception as error:
        raise ValueError(f"{text!r} is no recipient of age: age1 and 58 letters") from error


def new_identity(secret: str | None = None) -> tuple[bytes, str]:
    """Make an identity; return its file (under a passphrase if one is given) and its recipient."""
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    text = f"# Riwaq backups; public key: {public}\n{identity}\n".encode()
    return (passphrase.encrypt(text, secret) if secret else text), public


def needs_passphrase(content: bytes) -> bool:
    """Say whether an identity's file is under a passphrase."""
    return content.startswith(_AGE)


def identities(content: bytes, secret: str | None = None) -> list[x25519.Identity]:
    """Read an identity's file. Raises `SealBroken` when it holds none, or none that opens; the message says why."""
    if needs_passphrase(content):
        if not secret:
            raise SealBroken("the identity is under a passphrase, and none was given")
        try:
            content = keys.opened(content, secret, "the identity")
        except keys.PassphraseRefused as error:
            raise SealBroken(str(error)) from error
    try:
        lines = [line.strip() for line in content.decode("utf-8").splitlines()]
        found = [x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except Exception as error:
        raise SealBroken("the identity file holds no identity of age (AGE-SECRET-KEY-1…)") from error
    if not found:
        raise SealBroken("the identity file holds no identity of age (AGE-SECRET-KEY-1…)")
    return found


def seal(database: bytes, key: str, recipients: Sequence[str], venue: str, at: str, release: str) -> bytes:
    """Return a backup's file."""
    inside = json.dumps({"key": key, "size": len(database)}).encode() + b"\n" + database
    sealed: bytes = pyrage.encrypt(inside, [recipient(one) for one in recipients])
    head = Head(venue, at, release, len(sealed), hashlib.sha256(sealed).hexdigest())
    return json.dumps(asdict(head)).encode() + b"\n" + sealed


def look(file: Path) -> tuple[Head, bytes]:
    """Read a backup as far as that goes without a key. Raises `SealBroken` when it is cut or changed."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SealBroken(f"cannot read {file}: {error.strerror}") from error
    head_line, _, sealed = content.partition(b"\n")
    try:
        said: Any = json.loads(head_line[:_LONGEST_HEAD])
        head = Head(**said)
        if head.format != _FORMAT:
            raise ValueError(head.format)
    except (ValueError, TypeError) as error:
        raise SealBroken(f"{file} is no sealed backup of Riwaq, or its beginning was changed") from error
    if len(sealed) != head.size:
        raise SealBroken(f"{file} is cut or grown: {len(sealed)} bytes of {head.size}; take another backup")
    if hashlib.sha256(sealed).hexdigest() != head.sha256:
        raise SealBroken(f"{file} was changed or is damaged (its digest is another one); take another backup")
    return head, sealed


def is_sealed(file: Path) -> bool:
    """Say whether a file begins as such a backup does."""
    try:
        with file.open("rb") as stream:
            return b'"format": "' + _FORMAT.encode() + b'"' in stream.read(_LONGEST_HEAD).partition(b"\n")[0]
    except OSError:
        return False


def unseal(file: Path, keys: Sequence[x25519.Identity]) -> Inside:
    """Open a backup. Raises `SealBroken` when it is cut, changed, or for somebody else."""
    head, sealed = look(file)
    try:
        inside = pyrage.decrypt(sealed, list(keys))
    except Exception as error:
        raise SealBroken(f"{file} can't be opened with this identity: it is for others, or was forged") from error
    said_line, _, database = inside.partition(b"\n")
    said = json.loads(said_line)
    if len(database) != said["size"]:
        raise SealBroken(f"{file} holds {len(database)} bytes of {said['size']}; take another backup")
    return Inside(head, str(said["key"]), database)


def write(path: Path, content: bytes) -> None:
    """Write a file for its owner only, whole or not at all, safely on the disk; never over another."""
    part = path.with_name(f".{path.name}.part")
    try:
        with open(part, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            raise FileExistsError(17, "it is there already", str(path))
        part.replace(path)
        on_the_disk(path.parent)
    except OSError:
        part.unlink(missing_ok=True)
        raise
