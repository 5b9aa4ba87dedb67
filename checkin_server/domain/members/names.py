"""Finding people by name as it was heard or read: accents, vowel signs, spellings of a letter make no difference."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

SHORTEST = 2
"""Letters that a search needs at least."""
_SAME = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ـ": None, "'": None, "’": None}
)


def fold(text: str) -> str:
    """Write a name without what people leave out or spell in several ways; words are separated by one space."""
    if text.isascii():  # a third of the time, and most names in Latin letters
        return " ".join(text.translate(_SAME).casefold().replace("-", " ").split())
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.translate(_SAME)) if not unicodedata.combining(c))
    return " ".join(bare.translate(_SAME).casefold().replace("-", " ").split())


def matches(wanted: str, *names: str) -> bool:
    """Say whether every word of `wanted` (folded) begins a word of one of the names."""
    there = "".join(map(_listed, names))
    return all(f" {part}" in there for part in wanted.split())


@lru_cache(maxsize=100_000)
def _listed(name: str) -> str:
    """Return a name folded, with a space before each word: folding a list of 30,000 takes a second, once."""
    return f" {fold(name)}"
