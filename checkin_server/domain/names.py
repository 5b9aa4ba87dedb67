"""Finding people by name as it was heard or read: accents, vowel signs, spellings of a letter make no difference."""

from __future__ import annotations

import unicodedata

SHORTEST = 2
"""Letters that a search needs at least."""
_SAME = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ـ": None, "'": None, "’": None}
)


def fold(text: str) -> str:
    """Write a name without what people leave out or spell in several ways; words are separated by one space."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.translate(_SAME)) if not unicodedata.combining(c))
    return " ".join(bare.translate(_SAME).casefold().replace("-", " ").split())


def matches(wanted: str, *names: str) -> bool:
    """Say whether every word of `wanted` (folded) begins a word of one of the names."""
    words = [word for name in names for word in fold(name).split()]
    return all(any(word.startswith(part) for word in words) for part in wanted.split())
