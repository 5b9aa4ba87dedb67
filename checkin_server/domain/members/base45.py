"""Base45 (RFC 9285): bytes in the 45 signs that a QR code packs tightest.

Written here and not taken from a library: docs/adr/0025-signed-cards.md says why; the test has the RFC's own vectors.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}


def encode(content: bytes) -> str:
    """Write bytes: two as three signs, the least first; a last one alone as two."""
    signs: list[str] = []
    for at in range(0, len(content), 2):
        pair = content[at : at + 2]
        value = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            value, sign = divmod(value, 45)
            signs.append(ALPHABET[sign])
    return "".join(signs)


def decode(text: str) -> bytes | None:
    """Read what `encode` wrote; None for anything that no bytes are written as."""
    if len(text) % 3 == 1 or not _VALUES.keys() >= set(text):
        return None
    content = bytearray()
    for at in range(0, len(text), 3):
        three = text[at : at + 3]
        value = sum(_VALUES[sign] * 45**place for place, sign in enumerate(three))
        size = len(three) - 1
        if value >= 256**size:
            return None
        content += value.to_bytes(size, "big")
    return bytes(content)
