"""Whether a typed reason says anything: why somebody was looked up is read months later, by who must account for it.

Not whether it is true or good: only what is surely no reason is turned away, the keys that a hand falls on to get past
the question. Anything that might be a word of one of the four languages is taken.
"""

from __future__ import annotations

import re
import unicodedata

LEAST = 3
"""Letters, and different ones, that a reason has at least."""
_ONE_SYLLABLE = 3
"""A word in Latin or Tifinagh letters that has so many and one vowel is one syllable: *bla*, *non*, *ok*."""
_VOWELS = re.compile("[aeiouyœæⴰⴻⵉⵓ]+")
_LATIN = re.compile("[a-z]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_TATWEEL = "\u0640"


def _bare(text: str) -> str:
    """Return a text's letters: small, without accents and vowel signs, no digits, spaces or points."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if sign.isalpha() and sign != _TATWEEL)


_ROWS = tuple(
    _bare(row)
    for row in (
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "azertyuiop",
        "qsdfghjklm",
        "wxcvbn",
        "ضصثقفغعهخحجد",
        "شسيبلاتنمكط",
        "ئءؤرلاىةوزظ",
        "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
        "ⴰⴱⴳⴷⴹⴻⴼⴽⵀⵃⵄⵅⵇⵉⵊⵍⵎⵏⵓⵔⵕⵖⵙⵚⵛⵜⵟⵡⵢⵣⵥ",
    )
)
"""Letters as they follow on keyboards and in alphabets."""


def says_something(text: str) -> bool:
    """Whether a text may be a reason in Arabic, French, Amazigh or English.

    It is none without three different letters (``...``, ``aaa``, ``12345``, ``hahaha``), when one letter makes up more
    than half of it, when it says the same again and again (``bla bla``, ``testtest``), when it is a piece of a
    keyboard's row or of the alphabet (``azerty``, ``شسيب``), and when it is a single syllable (``non``, ``لا``).
    """
    letters = _bare(text)
    different = set(letters)
    if len(letters) < LEAST or len(different) < LEAST:
        return False
    if max(map(letters.count, different)) * 2 > len(letters):
        return False
    if _repeats(letters) or any(letters in row or letters[::-1] in row for row in _ROWS):
        return False
    return _has_syllables(letters)


def _repeats(letters: str) -> bool:
    """Whether a piece of it, twice or more, is all of it."""
    return any(letters == letters[:size] * (len(letters) // size) for size in range(1, len(letters) // 2 + 1))


def _has_syllables(letters: str) -> bool:
    if _ARABIC.search(letters):
        return True  # three consonants are a word; short vowels are not written
    vowels = len(_VOWELS.findall(letters))
    if _LATIN.search(letters) and not vowels:
        return False
    return vowels > 1 or len(letters) > _ONE_SYLLABLE
