"""Finding people by name as it was heard or read: neither the spelling nor the script makes a difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from checkin_server.domain.members import sound
from checkin_server.domain.members.folding import fold, squeezed

SHORTEST = 3
"""Letters that one word of a search has at least: of two, hundreds of names begin alike, and that is a list."""
_MOST_WORDS = 8
"""Words of a search that are looked at; nobody has more names."""
_SPELT = " "
_HEARD = "~"
_MOST_JOINED = 3
"""Words that may be written as one, at most: *Abd El Kader*."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for."""

    text: str
    """Folded."""
    words: int
    spelt: dict[tuple[int, int], tuple[str, ...]]
    """What must stand in a listed name for the words from the one to before the other, taken as one."""
    heard: dict[tuple[int, int], tuple[str, ...]]
    """The same for how they sound."""

    @property
    def enough(self) -> bool:
        """Whether there is enough to look for by beginnings: single letters find nobody, two a whole name only."""
        return any(len(word) >= SHORTEST for word in self.text.split())


@lru_cache(maxsize=64)
def look_for(typed: str) -> Wanted:
    """Read what was typed."""
    text = fold(typed)
    words = text.split()[:_MOST_WORDS]
    spelt, heard = {}, {}
    for start in range(len(words)):
        for end in range(start + 1, min(start + _MOST_JOINED, len(words)) + 1):
            joined = "".join(words[start:end])
            spelt[start, end] = tuple(f"{_SPELT}{way}" for way in (joined, *_bare(joined)))
            heard[start, end] = tuple(_needles(words, start, end, typed))
    return Wanted(text, len(words), spelt, heard)


def _needles(words: list[str], start: int, end: int, typed: str) -> Iterator[str]:
    # Sound is taken from what was typed where words are the same: folding takes away what is heard (ç, ى).
    raw = typed.split()
    text = " ".join(raw[start:end] if len(raw) == len(words) else words[start:end])
    for key in sound.wanted(text):
        yield f"{_HEARD}{key}" if sound.begins(key) else f"{_HEARD}{key}{_HEARD}"


def fits(wanted: Wanted, member: str, *names: str) -> int:
    """Say how well `wanted` fits a member's id and names: 2 as it is spelt, 1 as it sounds, 0 not at all.

    An id must be whole: its beginning is everybody's, and members are numbered one after the other. Else every word
    must begin a word of a name, or sound as one; words that stand apart in one writing and together in
    another (*Ben Ali*, *Benali*) are the same.
    """
    if wanted.text.replace(" ", "") == _id(member):
        return 2
    if not wanted.enough:
        # A name of two letters (*طه*, *مي*) is found whole: half the list begins so.
        return 2 if len(wanted.text) == SHORTEST - 1 and wanted.text in _words(*names) else 0
    spelt, heard = _listed(*names)
    if _reaches(wanted.words, spelt, wanted.spelt):
        return 2
    return 1 if _reaches(wanted.words, spelt, wanted.spelt, heard, wanted.heard) else 0


def _reaches(
    words: int,
    spelt: str,
    spelt_as: dict[tuple[int, int], tuple[str, ...]],
    heard: str = "",
    heard_as: dict[tuple[int, int], tuple[str, ...]] | None = None,
) -> bool:
    """Whether all words can be found, some of them perhaps taken together."""
    reached = [True, *[False] * words]
    for end in range(1, words + 1):
        for start in range(max(0, end - _MOST_JOINED), end):
            if reached[start] and (
                any(needle in spelt for needle in spelt_as[start, end])
                or (heard_as is not None and any(needle in heard for needle in heard_as[start, end]))
            ):
                reached[end] = True
                break
    return words > 0 and reached[words]


@lru_cache(maxsize=120_000)
def _listed(*names: str) -> tuple[str, str]:
    """Return how names are spelt and how they sound: for 20,000 it takes a second, once."""
    return "".join(map(_spelt, names)), "".join(map(_heard, names))


@lru_cache(maxsize=120_000)
def _words(*names: str) -> frozenset[str]:
    return frozenset(word for name in names for word in fold(name).split())


_id = lru_cache(maxsize=120_000)(squeezed)


def _spelt(name: str) -> str:
    """Return a name folded, from each of its words on, without spaces: a search may begin at any of them."""
    words = fold(name).split()
    found = []
    for at, word in enumerate(words):
        rest = "".join(words[at + 1 :])
        found += [f"{_SPELT}{way}{rest}" for way in (word, *_bare(word))]
    return "".join(found)


def _heard(name: str) -> str:
    """Return how a name sounds."""
    return _HEARD + "".join(f"{key}{_HEARD}" for key in sound.keys(name))


def _bare(word: str) -> Iterator[str]:
    """A word without the Arabic article, where there is one."""
    if word.startswith("ال") and len(word) > 4:
        yield word[2:]
