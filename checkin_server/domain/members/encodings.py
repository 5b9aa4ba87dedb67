"""Which encoding a list's letters are in: decided by what the letters of each word mix, never by a default.

An encoding is wrong where one word has letters of two scripts, a sign in its middle, a capital after a small letter or
an Arabic letter where it never stands. A guess by how often letters occur (charset-normalizer 3.5 was tried) takes a
French list of a few hundred names for Icelandic or Macintosh: names in capitals are unlike the texts it knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

ENCODINGS = {
    "UTF-8": "utf-8-sig",
    "UTF-16": "utf-16",
    "Windows-1252": "cp1252",
    "Windows-1256": "cp1256",
    "ISO-8859-6": "iso8859_6",
    "ISO-8859-15": "iso8859_15",
    "MacRoman": "mac_roman",
    "MacArabic": "mac_arabic",
    "DOS-850": "cp850",
    "DOS-720": "cp720",
}
"""What lists come in, by the names that people know, and Python's name for it."""
_ONE_BYTE = list(ENCODINGS)[2:]
_MOST_SAMPLES = 3
_CLEAR = 2
"""How much stranger the second best reading must be."""
_RARE = 3
"""How much stranger a list of Windows must look before it is taken for one of another system."""
_MOSTLY = 3
"""Letters beyond ASCII that UTF-8 must have for each that is spoiled."""
_AT_MOST = 2.5
"""Strangeness a word that the best reading may have on average."""

_LATIN = frozenset("àâäáãçèéêëìîïíñòôöóõùûüúÿœæßøåšžłÀÂÄÁÃÇÈÉÊËÌÎÏÍÑÒÔÖÓÕÙÛÜÚŸŒÆØÅŠŽŁ")
_USUAL_LATIN = frozenset("àâäçèéêëîïíñôöóùûüúáœæÀÂÄÇÈÉÊËÎÏÍÑÔÖÓÙÛÜÚÁŒÆ")
_ARABIC = frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىي")
_MARKS = frozenset("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652")
_AROUND = frozenset("’‘“”«»–—…°º\u00a0\u200e\u200f\u200c\u200d،؛؟€ªN№·§²")
_GLUED = frozenset("…°º\u00a0€ª№·§²–—")
"""Signs that stand between words, not in them."""
_LAST_ONLY = frozenset("ةى\u064b\u064c\u064d")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_WORD = re.compile(r"[^\x00-\x26\x28-\x40\x5b-\x60\x7b-\x7f]+")
_OTHER_SCRIPTS = ("CYRILLIC", "ARABIC", "TIFINAGH", "HEBREW")


class Undecided(ValueError):
    """Nothing reads well, or two encodings read alike and give other letters; `readings` are samples of each."""

    def __init__(self, readings: dict[str, tuple[str, ...]]) -> None:
        super().__init__(", ".join(readings))
        self.readings = readings


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's text."""

    text: str
    encoding: str
    """One of `ENCODINGS`."""
    samples: tuple[str, ...] = ()
    """Words that would be others in another encoding, for a person to judge; none where the file says it itself."""


def read(content: bytes, encoding: str | None = None) -> Reading:
    """Turn a file's bytes into text; with `encoding`, as that one.

    Raises `Undecided` when the letters do not tell, `UnicodeDecodeError` when they are not in the given encoding.
    """
    if encoding is not None:
        text = content.decode(ENCODINGS[encoding])
        return Reading(text.removeprefix("\ufeff"), encoding, _samples(text) if encoding in _ONE_BYTE else ())
    if (wide := _wide(content)) is not None:
        return Reading(content.decode(wide).removeprefix("\ufeff"), "UTF-16")
    text = content.decode("utf-8-sig", "replace")
    lost = text.count("\ufffd")
    if lost and sum(not letter.isascii() for letter in text) - lost < _MOSTLY * lost:
        return _by_evidence(content)
    return Reading(text, "UTF-8")  # a few spoiled letters make bad rows, and no file of another encoding


def _wide(content: bytes) -> str | None:
    """The encoding of a file whose letters have two bytes, with a mark at its start or without."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = content[:2000]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) * 4 < len(start) or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _by_evidence(content: bytes) -> Reading:
    if (signs := len(_NO_TEXT.findall(content))) > 2 and signs * 100 > len(content):
        raise Undecided({})
    readings: list[tuple[float, str, str]] = []
    for encoding in _ONE_BYTE:
        try:
            text = content.decode(ENCODINGS[encoding])
        except UnicodeDecodeError:
            continue
        known = 0 if encoding.startswith("Windows") else _RARE
        readings.append((known + sum(map(strangeness, set(_words(text)))), encoding, text))
    readings.sort(key=lambda reading: reading[0])
    if not readings:
        raise Undecided({})
    cost, encoding, text = readings[0]
    rivals = [each for each in readings[1:] if each[0] < cost + _CLEAR and each[2] != text]
    if rivals or cost - _RARE > _AT_MOST * len(set(_words(text))):
        raise Undecided({name: _samples(read_as) for _, name, read_as in (readings[0], *(rivals or readings[1:])[:2])})
    return Reading(text, encoding, _samples(text))


def _words(text: str) -> Iterator[str]:
    """Every word that has a letter beyond ASCII."""
    for match in _WORD.finditer(text):
        if not match[0].isascii():
            yield match[0]


def _samples(text: str) -> tuple[str, ...]:
    """The words to judge by: accented capitals first, which tell most; the header's last, which are known."""
    header, _, rows = text.strip().partition("\n")
    words = [word.strip("'’") for part in (rows, header) for word in _words(part)]
    words = [word for word in dict.fromkeys(words) if any(map(str.isalpha, word))]
    capitals = [word for word in words if any(letter.isupper() and not letter.isascii() for letter in word)]
    return tuple(dict.fromkeys([*capitals[:2], *words]))[:_MOST_SAMPLES]


@lru_cache(maxsize=50_000)
def strangeness(word: str) -> int:
    """How unlike a word of the venue's languages it is: 0 for one that could stand on a list."""
    letters = [each for each in word if each not in _AROUND and each != "'"]
    cost = sum(map(_strange, letters)) + 2 * sum(each in _GLUED for each in word.strip("\u00a0°º"))
    scripts = {_script(each) for each in letters if each not in _MARKS} - {""}
    cost += 10 * (len(scripts) > 1)
    if "ARABIC" not in scripts:  # vowel signs of Arabic stand on Arabic letters
        cost += 5 * sum(each in _MARKS for each in letters)
    for before, after in pairwise(letters):
        if before.islower() and after.isupper() and not (before.isascii() and after.isascii()):
            cost += 3
        if not before.isascii() and before.isupper() and after.islower() and letters[0] is not before:
            cost += 3
        if before in _LAST_ONLY and _script(after) == "ARABIC" and after not in _MARKS:
            cost += 3
    if letters and (letters[0] in _MARKS or (len(letters) == 1 and letters[0] in _LAST_ONLY)):
        cost += 3
    return cost


def _strange(letter: str) -> int:
    if letter.isascii() or letter in _USUAL_LATIN or letter in _ARABIC or letter in _MARKS:
        return 0
    if letter in _LATIN or "\u2d30" <= letter <= "\u2d7f":
        return 2 if letter in "øØõÕãÃåÅ" else 1
    if "\u0600" <= letter <= "\u06ff":  # letters of Persian and Urdu
        return 2 if letter.isalpha() else 1
    return 5


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    if not letter.isalpha():
        return ""
    name = unicodedata.name(letter, "")
    return next((script for script in _OTHER_SCRIPTS if name.startswith(script)), "LATIN" if "LATIN" in name else "")


def mixes_scripts(text: str) -> bool:
    """Say whether one word of a text has letters of two scripts, as no name has."""
    return any(
        len({_script(letter) for letter in word} - {""}) > 1
        for word in re.findall(r"[^\W\d_]+", text)
        if not word.isascii()
    )


def was_misread(text: str) -> bool:
    """Say whether letters of a text went through a wrong encoding before they came here (``Ã‰LISE``, ``ÃÍãÏ``)."""
    if text.isascii():
        return False
    for wrong in ("cp1252", "cp1256", "mac_roman"):
        try:
            again = text.encode(wrong).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        if all(each.isascii() or each in _LATIN or each in _ARABIC or each in _AROUND for each in again):
            return True
    now = sum(map(strangeness, _words(text)))
    if now < 3:
        return False
    try:
        before = text.encode("cp1252").decode("cp1256")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return False
    return sum(map(strangeness, _words(before))) == 0
