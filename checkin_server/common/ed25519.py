"""Private keys of signed cards: Ed25519 (RFC 8032), made and kept where cards are signed, never at a venue."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from checkin_server.common.certificates import write_private
from checkin_server.common.faults import Fault


class BadKey(Fault):
    """A key of signed cards cannot be used; the message says what to do."""

    exit_code = 2


def new_key() -> Ed25519PrivateKey:
    """Make a private key."""
    return Ed25519PrivateKey.generate()


def write_key(path: Path, key: Ed25519PrivateKey, passphrase: str | None) -> None:
    """Write a private key for its owner only, under a passphrase if there is one (PKCS #8). Raises BadKey."""
    sealed = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealed)
    try:
        write_private(path, pem)
    except OSError as error:
        raise BadKey(f"cannot write {path}: {error.strerror}") from error


def is_under_passphrase(path: Path) -> bool:
    """Tell whether a private key needs a passphrase."""
    return path.is_file() and b"ENCRYPTED" in path.read_bytes()


def read_key(path: Path, passphrase: str | None) -> Ed25519PrivateKey:
    """Read a private key. Raises BadKey."""
    try:
        pem = path.read_bytes()
    except OSError as error:
        raise BadKey(f"cannot read {path}: {error.strerror}") from error
    if path.stat().st_mode & 0o077:
        raise BadKey(f"others may read {path}: chmod 600 {path}")
    try:
        key = serialization.load_pem_private_key(pem, passphrase.encode() if passphrase else None)
    except (ValueError, TypeError) as error:
        raise BadKey(f"{path} is no private key, or the passphrase is wrong") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"{path} is no Ed25519 key; make one with `riwaq cards keys make`")
    return key
