"""What a scanner may read: card codes and visit references.

Both are one kind letter and 128 bits in sixteen letters that come through `event.key` unharmed under US and French
keyboard layouts. They carry no personal data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LETTERS = "BCDFGHJKLNPRSTVX"
"""Sixteen letters, four bits each, most significant first."""

SHORT = 8
"""So many letters of a card's code, behind its kind, are its short code, with a check letter behind them: 32 bits."""

CARD = "C"
VISIT = "V"
TYPED = "typed"
"""The kind of a card's short code: how the card's whole code begins."""
_PATTERN = re.compile(rf"^([{CARD}{VISIT}])([{LETTERS}]{{32}})$")
_SHORT = re.compile(rf"^{CARD}([{LETTERS}]{{{SHORT}}})([{LETTERS}])$")
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


def short(code: str) -> str:
    """Return the short code of a whole card code: for typing where the card can't be read."""
    return code[: 1 + SHORT] + check_letter(code[1 : 1 + SHORT])


def check_letter(letters: str) -> str:
    """Return the letter that tells a mistyped short code: any one letter that is wrong, any two that changed places.

    A sum in the field of sixteen elements (x^4 + x + 1), each place with a weight of its own; the screens'
    `short_code.js` is the same rule, and `tests/short_codes.json` holds both to it.
    """
    total = 0
    for letter in letters:
        total = _doubled(total ^ LETTERS.index(letter))
    return LETTERS[total]


def parse_short(text: str) -> str | None:
    """Read a short code: return how the card's whole code begins; None when it is none or was mistyped."""
    match = _SHORT.match(_IGNORED.sub("", text[:200]).upper())
    return CARD + match[1] if match and check_letter(match[1]) == match[2] else None


def _doubled(element: int) -> int:
    return (element << 1 ^ 0b10011) if element & 8 else element << 1


def make(kind: str, chance: bytes) -> str:
    """Write a code of `kind` from 16 random bytes."""
    if len(chance) != 16:
        raise ValueError("a code takes exactly 16 random bytes")
    return kind + "".join(LETTERS[b >> 4] + LETTERS[b & 15] for b in chance)
