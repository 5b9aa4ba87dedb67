"""One writing of words for lists, search and duplicates: spellings that people take for the same become the same.

Accents and vowel signs, small and large letters, letters of other keyboards (Persian, Urdu, Moroccan), every kind of
hyphen, apostrophe and space, ligatures, presentation forms, and digits of other scripts make no difference.
`tests/domain/members/test_folding.py` holds the table of cases.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = {
    # Arabic: what is written in several ways, letters of Persian, Urdu and Moroccan keyboards, the hamza alone.
    **dict.fromkeys("ٱٲٳٵ", "ا"),
    **dict.fromkeys("ىیۍېےۓ", "ي"),
    **dict.fromkeys("ةۃھہەۂۀۿ", "ه"),
    **dict.fromkeys("کڪګگڭݣڬݢ", "ك"),
    **dict.fromkeys("ڤڥڢ", "ف"),
    **dict.fromkeys("ۆۇۈۋٶ", "و"),
    **dict.fromkeys("ٹټ", "ت"),
    **dict.fromkeys("ں", "ن"),
    **dict.fromkeys("ڈډ", "د"),
    **dict.fromkeys("ڑړ", "ر"),
    "پ": "ب",
    "چ": "ش",
    "ڒ": "ر",
    "ژ": "ز",
    # Latin: letters that have no accent to take away, and those of Amazigh in Latin script.
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ı": "i",
    "ŋ": "n",
    "ɛ": "a",
    "ε": "a",
    "ɣ": "gh",
    "γ": "gh",
    "ə": "e",
}
_DROPPED = "ءٴـ'’‘‛ʼʻʽʾʿˈ`´′‵＇՚" + "ⵯ"
_SAME = str.maketrans({**_LETTERS, **dict.fromkeys(_DROPPED)})
_APOSTROPHES = str.maketrans(dict.fromkeys("'`"))
_BETWEEN = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Write a text without what people leave out or spell in several ways; words are parted by one space."""
    if text.isascii():  # a third of the time, and most names in Latin letters
        return _BETWEEN.sub(" ", text.translate(_APOSTROPHES).casefold()).strip()
    # Apostrophes first: some of them decompose into a space and a mark. Letters last: what decomposes into them.
    decomposed = unicodedata.normalize("NFKD", text.translate(_SAME).casefold())
    bare = "".join(map(_bare, decomposed)).translate(_SAME)
    return _BETWEEN.sub(" ", bare).strip()


def squeezed(text: str) -> str:
    """Write a text folded and without any space: for words of a list, where hyphens and spaces come and go."""
    return fold(text).replace(" ", "")


def plain_digits(text: str) -> str:
    """Write the digits of any script as 0-9; everything else stays."""
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)


@lru_cache(maxsize=4096)
def _bare(letter: str) -> str:
    """A letter without what adds nothing to it: marks on it and invisible ones go, digits are 0-9."""
    kind = unicodedata.category(letter)
    if kind == "Nd":
        return str(unicodedata.decimal(letter))
    return "" if kind in ("Mn", "Me", "Cf") else letter
