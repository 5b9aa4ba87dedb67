"""Names for a screen where everybody passes by: the given name, and of all others the initial."""

from __future__ import annotations

from collections.abc import Sequence

_JOINED = {"abd", "abdel", "abdul", "abou", "sidi", "moulay", "lalla"}
_JOINED |= {"عبد", "أبو", "ابو", "سيدي", "مولاي", "للا"}
"""What is no name by itself: *Abd Allah*, *Moulay Ali*. The next word belongs to it."""
_ARTICLES = {"el", "al", "ben", "bent", "bin", "ibn", "ait", "ould", "de", "la"}
_ARTICLES |= {"بن", "بنت", "آيت", "ايت", "ولد"}
"""What stands before a family's name and says nothing by itself."""


def short(name: str, given: int = 1) -> str:
    """Return a name with its first `given` names whole and the initial of each further one: *Amina B.*, *أمينة ب.*."""
    words = name.split()
    whole, at = [], 0
    while at < len(words) and given > 0:
        whole.append(words[at])
        if words[at].casefold() not in _JOINED and words[at].casefold() not in ("el", "al"):
            given -= 1
        at += 1
    rest = words[at:]
    named = [word for word in rest if word.casefold() not in _ARTICLES] or rest
    return " ".join([*whole, *(f"{_initial(word)}." for word in named)])


def of_family(names: Sequence[str]) -> list[str]:
    """Return the names of a family in short; who would be called alike keeps a given name more, where that helps."""
    found = [short(name) for name in names]
    for at, name in enumerate(names):
        given = 1
        while found.count(found[at]) > 1 and given + 1 < len(name.split()):
            given += 1
            found[at] = short(name, given)
    return found


def _initial(word: str) -> str:
    """Return the first letter of a name, without the Arabic article: *البقالي* begins with *ب*."""
    bare = word[2:] if word.startswith("ال") and len(word) > 4 else word
    return bare[:1].upper()
