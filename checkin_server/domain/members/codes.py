"""What a scanner may read: card codes and visit references.

Both are one kind letter and 128 bits in sixteen letters that come through `event.key` unharmed under US and French
keyboard layouts. They carry no personal data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LETTERS = "BCDFGHJKLNPRSTVX"
"""Sixteen letters, four bits each, most significant first."""

CARD = "C"
VISIT = "V"
_PATTERN = re.compile(rf"^([{CARD}{VISIT}])([{LETTERS}]{{32}})$")
_IGNORED = re.compile(r"[\s\-\u2066-\u2069\u200e\u200f]+")


@dataclass(frozen=True, slots=True)
class Code:
    """A well-formed code: `kind` is ``C`` (card) or ``V`` (visit), `text` the whole code in capitals."""

    kind: str
    text: str


def parse(text: str) -> Code | None:
    """Read a scanned or typed code; None when it is not one of ours.

    Case, spaces, hyphens and bidi marks are forgiven, since people type codes and scanners differ.
    """
    match = _PATTERN.match(_IGNORED.sub("", text[:200]).upper())
    return Code(match[1], match[0]) if match else None


def make(kind: str, chance: bytes) -> str:
    """Write a code of `kind` from 16 random bytes."""
    if len(chance) != 16:
        raise ValueError("a code takes exactly 16 random bytes")
    return kind + "".join(LETTERS[b >> 4] + LETTERS[b & 15] for b in chance)
