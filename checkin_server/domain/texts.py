"""What comes in as text: what nobody can see is taken out, and what would then be empty is no text.

One cleaner for the API, member lists, settings and the command line. What people write (names, reasons, notes,
opinions) is cleaned; what machines hand back (ids, tokens) must be clean already, since there a letter more or less is
another thing.
"""

from __future__ import annotations

import re
import unicodedata

MOST_MARKS = 4
"""Marks that may stand on one letter. Fully vowelled Arabic has three, Vietnamese two; 120 of them cover a screen."""

DROPPED = (
    r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"  # controls, but for tab and the ends of lines
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiner, fillers
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # no width, direction
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"  # fillers, variants, byte order, no character
    r"\ud800-\udfff\ue000-\uf8ff"  # halves of a pair, private use
    # Signs of shorthand and music, tags and variants, private use; as they are, since ECMA writes them otherwise.
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
)
_SHAPELESS = (
    r"\u0009-\u000d\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000"  # spaces
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4"  # marks that
    r"\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u2d7f\ufe20-\ufe2f"  # need a letter
    r"\ufffd"
)
UNCLEAN = f"[{DROPPED}]"
"""A sign that has no place in any text, as a regular expression (Python's and ECMA's with ``u``)."""
_HALVES = r"\ud800-\udfff"
WRITTEN = DROPPED.replace(_HALVES, "")
"""The same for the API's document: halves of a pair stand in no JSON, and not every reader of patterns takes them."""
CLEAN_PATTERN = f"^[^{WRITTEN}]*$"
"""What an id or a token is made of, for the API's document."""
_UNCLEAN = re.compile(UNCLEAN)
SEEN = f"[^{WRITTEN}{_SHAPELESS}]"
"""A sign that a reader can see, as a regular expression."""
_SEEN = re.compile(f"[^{DROPPED}{_SHAPELESS}]")
_SPACE = re.compile(r"\s+")
_AROUND_CODES = re.compile(r"[\u200e\u200f\u2066-\u2069]")
_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029]")


def unclean(text: str) -> str:
    """Return the first sign that has no place in any text, as ``U+202E``; empty when there is none."""
    found = _UNCLEAN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def seen(text: str) -> int:
    """Return how many signs of a text a reader can see: no spaces, and no marks, which need a letter to stand on."""
    return len(_SEEN.findall(text))


def seen_pattern(least: int) -> str:
    """Return the regular expression of texts of which at least so many signs can be seen, for the API's document."""
    return rf"^[\s\S]*?(?:{SEEN}[\s\S]*?){{{least}}}$" if least > 1 else SEEN


def one_line(text: str) -> str:
    """Clean what stands on one line (a name, a reason): spaces of any kind are one, none at the ends."""
    return _SPACE.sub(" ", _clean(_LINE_ENDS.sub(" ", text))).strip()


def lines(text: str) -> str:
    """Clean what may have several lines (an opinion, a note): their ends are all alike, none stand around it."""
    return _clean(_LINE_ENDS.sub("\n", text)).strip()


def code(text: str) -> str:
    """Write what a scanner read so that it can be kept: a sign that has no place in a text makes it no code of ours."""
    return _UNCLEAN.sub("\ufffd", _AROUND_CODES.sub("", text))


def _clean(text: str) -> str:
    if text.isascii():
        return _UNCLEAN.sub("", text)
    bare = _UNCLEAN.sub("", unicodedata.normalize("NFC", _UNCLEAN.sub("", text)))
    return "".join(_with_few_marks(bare)) if any(map(unicodedata.combining, bare)) else bare


def _with_few_marks(text: str) -> list[str]:
    """Leave away marks that stand on nothing, and those of a heap."""
    kept: list[str] = []
    marks = MOST_MARKS
    for letter in text:
        if not _is_mark(letter):
            marks = MOST_MARKS if letter.isspace() else 0
        elif marks >= MOST_MARKS:
            continue
        else:
            marks += 1
        kept.append(letter)
    return kept


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Me")
