"""The keys by which a venue knows that a signed card is one of ours."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

ID_BYTES = 4
PUBLIC_BYTES = 32
_SIGN_BIT = 0x80


@dataclass(frozen=True, slots=True)
class CardKey:
    """A public key of signed cards; several are valid at a time, none of them opens or signs anything."""

    public: str
    """Ed25519, 64 hexadecimal digits."""
    last_day: str | None = None
    """The last day (ISO) on which cards of this key are taken, whatever they say; None for no such day."""

    @property
    def id(self) -> str:
        """How cards name it."""
        return key_id(bytes.fromhex(self.public))


def key_id(public: bytes) -> str:
    """Return a public key's id: the first four bytes of its SHA-256, in hexadecimal."""
    return hashlib.sha256(public).digest()[:ID_BYTES].hex()


def is_public_key(public: bytes) -> bool:
    """Tell whether signatures can be checked by these bytes: no point of small order, by which anybody can sign."""
    if len(public) != PUBLIC_BYTES:
        return False
    return public[:-1] + bytes([public[-1] & ~_SIGN_BIT]) not in _SMALL


_P = 2**255 - 19
_SMALL = {
    *(number.to_bytes(PUBLIC_BYTES, "little") for number in (0, 1, _P - 1, _P, _P + 1)),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
}
"""The points of order 1, 2, 4 and 8, in every way to write them."""
