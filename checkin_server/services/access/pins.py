"""PINs: what one may be, and the slow salted hash that is kept of it. ١٢٣٤ is the PIN 1234, whoever types it where."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from checkin_server.domain.members.folding import plain_digits

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's second argon2id profile: 19 MiB, two passes, one lane."""


def check(pin: str) -> None:
    """Raise ValueError for a PIN that is not 4 to 8 digits: what a tablet's keypad can type."""
    pin = plain_digits(pin)
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):
        raise ValueError("a PIN has 4 to 8 digits")


def hashed(pin: str) -> str:
    """Return the argon2id hash of a PIN, with a salt of its own; takes some hundredths of a second."""
    return _hasher.hash(plain_digits(pin))


def fits(pin_hash: str, pin: str) -> bool:
    """Whether a hash was made of this PIN."""
    try:
        return _hasher.verify(pin_hash, plain_digits(pin))
    except (VerifyMismatchError, InvalidHashError):
        return False
