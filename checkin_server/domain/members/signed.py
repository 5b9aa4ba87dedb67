"""Signed cards: what one says, and what makes it refused. Bytes and signature: `services/members/cose_card.py`.

A signed card brings along what a member list would say of its holder, but for the name: whoever shows it needs no entry
in a list, and a venue with such cards needs no list at all.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

PREFIX = "R1:"
"""What a signed card's text begins with; cards begin with C, tickets with V (`codes`)."""
LONGEST_TEXT = 200
"""Signs of the longest signed card: the prefix and 130 bytes in Base45 are 198."""
ID_BYTES = 8
"""A card's id and a member's pseudonym are 64 random bits each."""
MOST_TURNS = 0xFFFF
_LONGEST_WORD = 8
_CARD_ID = re.compile(r"R?([0-9A-F]{16})")
_IGNORED = re.compile(r"[\s\-\u2066-\u2069\u200e\u200f]+")

Word = str | bytes
"""How a card names a category or unit, see `word_of`."""
Unread = Literal["malformed_code", "unknown_card"]
"""Why a text that begins like a signed card is none: what it says cannot be read, or nobody of ours has signed it."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a signed card says. Days are ISO dates, both included."""

    card: str
    """The card's own id, 16 hexadecimal digits: what is revoked."""
    pseudonym: str
    """Stands for the member, 16 hexadecimal digits; the same on each of their cards."""
    turn: int
    """Which card of the member this is, from 1: a later one replaces it."""
    first_day: str
    last_day: str
    category: Word
    unit: Word
    locale: str
    key: str = ""
    """Id of the key that signed it, 8 hexadecimal digits."""

    @property
    def member(self) -> str:
        """The id under which the venue keeps whoever holds it."""
        return f"S{self.pseudonym}"


def word_of(name: str) -> Word:
    """Return how a card names a category or unit: by its id, or by eight bytes of its SHA-256 where that is longer.

    So every card has room for every plan's ids (130 bytes).
    """
    return name if len(name.encode()) <= _LONGEST_WORD else hashlib.sha256(name.encode()).digest()[:_LONGEST_WORD]


def meant(word: Word, names: Iterable[str]) -> str:
    """Return which of the plan's ids a card names, or "" when it names none of them."""
    return next((name for name in names if word_of(name) == word), "")


def is_signed(text: str) -> bool:
    """Tell whether a scanned text is meant to be a signed card; the scanner's own spaces before it are passed over."""
    return text.startswith(PREFIX) or text.lstrip()[: len(PREFIX)].upper() == PREFIX


def card_id(text: str) -> str | None:
    """Read a card's id as it is printed on the card, ``R 1A2B …`` or without the R; None when it is none."""
    found = _CARD_ID.fullmatch(_IGNORED.sub("", text[:80]).upper())
    return found[1] if found else None


def is_replaced(claims: Claims, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether a card has ended: it was revoked, or a later one of the same member was shown or revoked here.

    `rows` is what is kept of this card and of the member's others (``card, turn, revoked_at``).
    """
    return any(
        row["revoked_at"] is not None if row["card"] == claims.card else (row["turn"] or 0) > claims.turn
        for row in rows
    )


def is_elsewhere(seen_at: int | None, walk_minutes: float, now: int) -> bool:
    """Tell whether a card was taken so far away and so shortly ago that nobody walks here in that time: one is a copy.

    Args:
        seen_at: when another place took it last (milliseconds since 1970 UTC); None when none did. What a wrong clock
            has left in the future counts for nothing.
        walk_minutes: the walk from there at an ordinary pace.
        now: milliseconds since 1970 UTC.
    """
    return seen_at is not None and 0 <= now - seen_at < walk_minutes * 60_000
