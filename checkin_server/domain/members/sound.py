"""How a name sounds, in whichever script it is written: for search only, never to say that two people are one.

A name is its consonants, as Moroccan names are written in French, English and Arabic spelling: ``ch``, ``sh`` and ش are
one, ``q``, ``k`` and ق are one. Vowels between consonants are not written in Arabic and vary in Latin, so they say
nothing; the first and the last one tell short names apart. Where a spelling may be said in two ways (``th`` of *Thami*
and of *Outhmane*) both are kept. `tests/domain/members/test_sound.py` holds the pairs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

from checkin_server.domain.members.folding import fold

_MOST = 12
"""Ways of saying one word that are kept at most."""
_LONG = 4
"""Consonants from which on a name is known by them alone, and by its beginning."""

Form = tuple[bool, str, str]
"""Whether it begins with a vowel; its consonants; the vowel it ends with (``a``, ``i``, ``u`` or nothing)."""

# ---- Latin -----------------------------------------------------------------------------------------------------------

_TIFINAGH = str.maketrans(
    {
        **dict(zip("ⴰⴱⴳⴷⴹⴻⴼⴽⵀⵃⵇⵉⵊⵍⵎⵏⵔⵕⵙⵚⵜⵟⵡⵢⵣⵥ", "abgddefkhhqijlmnrrssttwyzz", strict=True)),
        **{"ⵅ": "kh", "ⵓ": "ou", "ⵖ": "gh", "ⵛ": "ch", "ⵄ": ""},
    }
)
# Spellings of a consonant, the longer first, with what they may be. X is ch, Q is kh, G is gh.
_SPELT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("tch", ("X",)),
    ("sch", ("X",)),
    ("ch", ("X",)),
    ("sh", ("X",)),
    ("kh", ("Q",)),
    ("gh", ("G",)),
    ("rh", ("G", "rh")),
    ("dj", ("j",)),
    ("ph", ("f",)),
    ("th", ("t", "th")),
    ("dh", ("d", "dh", "z")),
    ("ck", ("k",)),
    ("qu", ("k",)),
    ("x", ("ks",)),
    ("q", ("k",)),
    ("p", ("b",)),
    ("v", ("f",)),
    ("w", ("W",)),
)
_LATIN = re.compile("|".join(spelt for spelt, _ in _SPELT) + "|c|gu(?=[eiy])|g|[aeiouy]+|[a-z]")
_SAID = dict(_SPELT)
_ARTICLES = frozenset(("el", "al", "ul", "l", "ال"))
_SUN_ARTICLE = re.compile(r"[aeou]([tdrzsn])\1?|[aeou]ch")
# An article that was written into the word: El-, Al-, and Es-s…, Er-r… before letters that take it over.
_LATIN_ARTICLE = re.compile(r"^(?:[ea]l(?=[a-z]{4})|[ae]([tdrzsn])(?=\1[a-z]{3})|[ae]ch(?=ch[a-z]{2}))")
_LATIN_SLAVE = re.compile(r"^(abd)[aeou]l(?=[tdrzsn]|ch|sh)")
_SOFT = "eiy"


def _latin(word: str) -> Iterator[Form]:
    """Every way in which a word in Latin letters may be said."""
    parts = [match[0] for match in _LATIN.finditer(_LATIN_SLAVE.sub(r"\1", word))]
    begins, ends = False, ""
    options: list[tuple[str, ...]] = []
    for at, part in enumerate(parts):
        following = parts[at + 1][:1] if at + 1 < len(parts) else ""
        if part[0] in "aeiouy":
            glides, vowel_first, last = _vowels(part, at == 0)
            options += glides
            begins = begins or (at == 0 and vowel_first)
            if not following or (following == "h" and at + 2 == len(parts)):
                ends = last
        elif part == "h" and at and not following and parts[at - 1][0] in "aeiouy":
            options.append(("h", ""))
        elif part == "c":
            options.append(("s",) if following and following in _SOFT else ("k", "s"))
        elif part == "g":
            options.append(("j", "k") if following and following in _SOFT else ("k",))
        else:
            options.append(("k",) if part == "gu" else _SAID.get(part, (part,)))
    for way in product(*options):
        said = "".join(way)
        # "ah" at the end is a vowel, unless its h is heard.
        yield begins, said, "" if parts and parts[-1] == "h" and said.endswith("h") else ends


def _vowels(cluster: str, first: bool) -> tuple[list[tuple[str, ...]], bool, str]:
    """Consonants that are heard in a row of vowels, whether a vowel comes first, and which comes last."""
    glides: list[tuple[str, ...]] = []
    vowel_first, at = True, 0
    while at < len(cluster):
        length = 2 if cluster.startswith("ou", at) else 1
        glide = {"ou": "W", "y": "Y", "i": "Y"}.get(cluster[at : at + length])
        if glide and at + length < len(cluster):
            # At the start of a word or after another vowel it is heard; between a consonant and a vowel it may be.
            heard = at > 0 or first
            glides.append((glide,) if heard else (glide, ""))
            if first and at == 0:
                vowel_first = False
        at += length
    last = cluster.rstrip("e")[-1:]
    return glides, vowel_first, {"a": "a", "i": "i", "y": "i", "o": "u", "u": "u"}.get(last, "")


# ---- Arabic ----------------------------------------------------------------------------------------------------------

_ARABIC_SAID: dict[str, tuple[str, ...]] = {
    **{letter: (said,) for letter, said in zip("بتجحخدرزسشصضطغفقكلمن", "btjhQdrzsXsdtGfkklmn", strict=True)},
    "ث": ("t", "s"),
    "ذ": ("d", "z"),
    "ظ": ("d", "z"),
    "ه": ("h",),
}
_VOWELS = "اع"
_HEARD_BEFORE = {"و": "اي", "ي": "او"}
"""Before which vowels these two are consonants."""
_ARABIC_SUN = "تثدذرزسشصضطظلن"
_TAKE_OVER = (*_ARABIC_SUN, *"tdrzsnl", "ch", "sh")
_ARABIC_INNER = re.compile(rf"(?<=..)ال(?=[{_ARABIC_SUN}]..)")


def _arabic(word: str) -> Iterator[Form]:
    """Every way in which a word in Arabic letters may be said."""
    options: list[tuple[str, ...]] = []
    begins, ends = word[:1] in _VOWELS, [""]
    for at, letter in enumerate(word):
        following, last = word[at + 1 : at + 2], at == len(word) - 1
        if letter in "وي":
            glide, final = ("W", "u") if letter == "و" else ("Y", "i")
            if at == 0:
                options.append((glide,) if following in "اوي" else (glide, "a"))
            elif last:
                ends = [final]
            elif following in _HEARD_BEFORE[letter]:
                options.append((glide,))
            elif word[at - 1] not in "اوي" or (letter == "و" and word[at - 1] == "ا"):
                options.append(("", glide))  # a long vowel, most often; heard in Tayeb, Nawfal, Dawud
        elif last and letter == "ا":
            ends = ["a"]
        elif last and letter == "ه" and len(word) > 1:
            ends = ["a", "h", "ha"]
        elif said := _ARABIC_SAID.get(letter):
            options.append(said)
    for way in product(*options, ends):
        said_all = "".join(way[:-1])
        vowel = begins or said_all.startswith("a")
        yield vowel, said_all.removeprefix("a") + way[-1].rstrip("aiu"), way[-1].lstrip("h")


# ---- names -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a name."""

    forms: tuple[Form, ...]
    article: bool = False
    """Whether it has the article, which is heard as ``l`` or not at all, and left out as often as not."""
    takes_over: bool = False
    """Whether its first letter takes the article's ``l`` over, as in *Abderrahim*."""

    def after(self) -> Iterator[str]:
        """Its consonants as they follow another word."""
        for _, said, _ in self.forms:
            yield f"l{said}" if self.article and not self.takes_over else said


def keys(name: str) -> frozenset[str]:
    """Return how a name's words sound, each alone and each with the one that follows it (*Ben Ali*)."""
    words = _words(name)
    found = {_key(form) for word in words for form in _alone(word)}
    for first, second in pairwise(words):
        found.update(_together(first, second))
    return frozenset(found - {""})


def wanted(words: str) -> frozenset[str]:
    """Return how what was typed may sound as one name: of one word or two, nothing for more."""
    parsed = _words(words)
    if len(parsed) == 1:
        return frozenset(_key(form) for form in _alone(parsed[0])) - {""}
    return frozenset(_together(*parsed)) - {""} if len(parsed) == 2 else frozenset()


def begins(key: str) -> bool:
    """Say whether a key is long enough to be looked for as the beginning of a longer one."""
    return sum(letter not in "aiu" for letter in key) >= _LONG


def _words(name: str) -> list[_Word]:
    found: list[_Word] = []
    article = False
    spoken = _spoken(name).split()
    for word, following in zip(spoken, [*spoken[1:], ""], strict=False):
        if _is_article(word, following):
            article = True
            continue
        forms, own = _forms(word)
        bare = word[2:] if own else word
        found.append(_Word(forms, article or own, bare.startswith(_TAKE_OVER)))
        article = False
    return found


def _is_article(word: str, following: str) -> bool:
    if word in _ARTICLES:
        return True
    taken_over = _SUN_ARTICLE.fullmatch(word)
    return taken_over is not None and following.startswith(taken_over[1] or "ch")


def _spoken(name: str) -> str:
    """A name folded, but for letters that folding takes for others and that sound different."""
    text = unicodedata.normalize("NFC", name)
    text = text.replace("ç", "ss").replace("Ç", "SS")
    # Folding writes ى as ي and ة as ه; as a last letter both are an "a", but for ة after one (Najat, Hayat).
    text = re.sub(r"(?<=ا)ة(?!\w)", "ت", text)
    return fold(re.sub(r"[ىة](?!\w)", "ا", text)).translate(_TIFINAGH)


@lru_cache(maxsize=100_000)
def _forms(word: str) -> tuple[tuple[Form, ...], bool]:
    """How a word may be said, without its article; and whether it had one for certain."""
    if any("\u0600" <= letter <= "\u06ff" for letter in word):
        own = word.startswith("ال") and len(word) > 4
        bare = word[2:] if own else word
        ways = dict.fromkeys((bare, _ARABIC_INNER.sub("", bare)))  # Nur-ad-din written as one word
        return tuple(dict.fromkeys(form for way in ways for form in _few(_arabic(way)))), own
    forms = list(_few(_latin(word)))
    stripped = _LATIN_ARTICLE.sub("", word)
    if stripped != word:
        forms += _few(_latin(stripped))
    return tuple(dict.fromkeys(forms)), False


def _few(forms: Iterable[Form]) -> list[Form]:
    return [form for form, _ in zip(forms, range(_MOST), strict=False)]


def _alone(word: _Word) -> Iterator[Form]:
    yield from word.forms
    if word.article:  # Lalami, Lahlou: the article has grown on
        yield from ((False, f"l{said}", ends) for _, said, ends in word.forms)


def _together(first: _Word, second: _Word) -> Iterator[str]:
    for (vowel, said, _), (following, (_, _, ends)) in product(
        first.forms[:3], zip(second.after(), second.forms, strict=True)
    ):
        yield _key((vowel, said + following, ends))


@lru_cache(maxsize=100_000)
def _key(form: Form) -> str:
    """Write a form: doubled consonants once, the vowel at either end only where few consonants tell names apart."""
    vowel, said, ends = form
    once = re.sub(r"(.)\1+", r"\1", said)
    if not once:
        return ""
    return ("a" if vowel and len(once) < _LONG - 1 else "") + once + (ends if len(once) < _LONG else "")
