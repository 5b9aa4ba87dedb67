"""What a cell of a spreadsheet shows, and which cells look like an accident of one.

Spreadsheets take ids for numbers, drop their zeros, write long ones as ``1,23E+11`` and turn ``3-12`` into a date. What
a cell shows is what a person meant; where that can't be known, it is odd, by a code that the report has words for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MERGED = "merged"
"""One of several rows that are one cell: right for what a family shares."""
MERGED_ACROSS = "merged_across"
"""One of several columns that are one cell."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it was read."""

    text: str
    """What it shows."""
    odd: str = ""
    """Why it can't be taken as it stands; empty when it can."""
    detail: str = ""
    """What the report says with it: an area, a number format, an error."""


_GENERAL = frozenset(("", "general", "@", "standard"))
_GENERAL_DIGITS = 11
"""A longer number is shown as ``1.23E+11`` unless a number format says otherwise."""
_EXACT_DIGITS = 15
"""Spreadsheets keep no more digits of a number."""
_IN_THOUSANDS = re.compile(r"[0#?],+(?![0#?,])")
"""A comma behind the last place leaves three digits out."""
_FORMAT_PART = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|E[+-]|General|[0#?]|.', re.IGNORECASE)


def number(value: float, number_format: str | None) -> Cell:
    """Show a number as its format does; `number_format` is None where the file does not tell it."""
    if isinstance(value, float) and not value.is_integer():
        return Cell(f"{value:.15g}", "decimal")
    whole = int(value)
    text = str(whole)
    if whole < 0:
        return Cell(text, "negative")
    if len(text) > _EXACT_DIGITS:
        return Cell(text, "too_long")
    if number_format is None:
        return Cell(text, "unknown_format")
    if number_format.strip().lower() in _GENERAL:
        return Cell(text, "scientific" if len(text) > _GENERAL_DIGITS else "")
    return _formatted(whole, number_format)


def _formatted(whole: int, number_format: str) -> Cell:
    parts = _FORMAT_PART.findall(_first_section(number_format))
    if _IN_THOUSANDS.search(re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", _first_section(number_format))):
        return Cell(str(whole), "unknown_format", number_format)
    if any(part[:1] in "eE" and len(part) == 2 for part in parts):
        return Cell(str(whole), "scientific", number_format)
    shown: list[str] = []
    places: list[int] = []
    for part in parts:
        odd = _odd_part(part, whole, number_format)
        if odd:
            return Cell(str(whole), odd, number_format)
        if part in "0#?":
            places.append(len(shown))
            shown.append(part)
        elif part.lower() == "general":
            places.append(len(shown))
            shown.append("0")
        elif part[0] in '"\\':
            shown.append(part.strip('"') if part[0] == '"' else part[1:])
        elif part[:2] == "[$":  # a currency, with the number of a language behind it
            shown.append(part[2:-1].partition("-")[0])
        elif part[0] not in "_*[,":
            shown.append(part)
    if not places:
        return Cell(str(whole), "unknown_format", number_format)
    return _filled(whole, shown, places)


def _filled(whole: int, shown: list[str], places: list[int]) -> Cell:
    """Put the digits into their places, from the right; what has no place stands before the first one."""
    digits = str(whole)
    for place in reversed(places):
        mark, digit = shown[place], digits[-1:]
        digits = digits[:-1]
        if place == places[0]:
            digit, digits = digits + digit, ""
        shown[place] = digit or ("0" if mark == "0" else "")
    first, last = places[0], places[-1]
    between = "".join(shown[first : last + 1])
    text = "".join(shown).strip()
    return Cell(text, "grouped" if re.search(r"\d[\s\u00a0\u202f.]\d{3}\b", between) else "")


def _odd_part(part: str, whole: int, number_format: str) -> str:
    if part == "," and whole >= 1000:
        return "grouped"
    if part == ".":
        return "decimal"
    if part in ("%", "/") or (part[0] == "[" and (part[1:2] in "<>=" or "num" in part.lower())):
        return "unknown_format"
    if (len(part) == 1 and part.lower() in "ymdhsb") or part.lower() in ("[h]", "[hh]", "[m]", "[mm]", "[s]", "[ss]"):
        return "date"
    return ""


def _first_section(number_format: str) -> str:
    """The part for numbers that are not below zero."""
    quoted = re.sub(r'"[^"]*"|\\.', lambda literal: "\0" * len(literal[0]), number_format)
    end = quoted.find(";")
    return number_format if end < 0 else number_format[:end]


# ---- text that was a number, a date or an error before ---------------------------------------------------------------

_ERROR = re.compile(r"#(?:[^\W\d_]|[/\s\u00a0!?0-9])*[!?]|#N/[ADV]|#{2,}|Err:\d+|#[A-Z_]{3,}", re.IGNORECASE)
_NOTHING = frozenset(("n/a", "n.a.", "null", "(null)", "nan", "none", "nil", "néant", "neant", "بدون", "لا يوجد"))
_TRUTH = frozenset(("TRUE", "FALSE", "VRAI", "FAUX", "صواب", "خطأ", "صحيح"))
_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october"
    "|november|december|janv|janvier|fevr|fev|fevrier|mars|avr|avril|mai|juin|juil|juillet|aout|septembre|octobre"
    "|novembre|decembre|يناير|فبراير|مارس|ابريل|أبريل|ماي|مايو|يونيو|يونيه|يوليوز|يوليو|غشت|اغسطس|أغسطس|شتنبر|سبتمبر"
    "|اكتوبر|أكتوبر|نونبر|نوفمبر|دجنبر|ديسمبر"
)
_DATES = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<s>[/.-])(?P<b>\d{{1,2}})(?P=s)(?:\d{{4}}|\d{{2}})(?: \d{{1,2}}:\d{{2}}(:\d{{2}})?)?"
    rf"|\d{{4}}[-/](?:0?[1-9]|1[0-2])[-/](?:[0-2]?\d|3[01])(?:[ T]\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?"
    rf"|\d{{1,2}}[ -](?:{_MONTHS})\.?(?:[ -]\d{{2,4}})?|(?:{_MONTHS})\.?[ -]\d{{2,4}}",
    re.IGNORECASE,
)
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,٫]\d+)?E[+-]\d+|[+-]?\d+[.,٫]\d+E\d+", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:[ \u00a0\u202f\u2009.,'’٬]\d{3})+")
_DECIMAL = re.compile(r"[+-]?\d+[.,٫]\d+")
_ACCENTS = str.maketrans("éèûôÉÈÛÔ", "eeuoEEUO")


def error_in(text: str) -> str:
    """Return the error that a formula left in a text (``#REF!``, ``#N/A``, ``#NOM?``, ``Err:502``), or nothing."""
    return text if _ERROR.fullmatch(text) else ""


def accident(text: str) -> str:
    """Return the code of what a text that should be an id looks like; empty for an id.

    ``1,23457E+11`` (scientific), ``12,5`` and ``12.0`` (decimal), ``12 345`` (grouped), ``03/12/2019`` and ``déc-19``
    (date), ``VRAI`` (truth), ``'0012`` (apostrophe), ``=A2`` (formula), sixteen digits and more that end in zeros
    (too_long: a spreadsheet keeps fifteen).
    """
    if text.startswith(("=", "+=", "-=")):
        return "formula"
    if text[:1] in "'`’" and text[1:2].isdigit():
        return "apostrophe"
    if text.upper() in _TRUTH:
        return "truth"
    if _SCIENTIFIC.fullmatch(text):
        return "scientific"
    if _GROUPED.fullmatch(text):
        return "grouped"
    if _DECIMAL.fullmatch(text):
        return "decimal"
    if re.fullmatch(r"-\d+", text):
        return "negative"
    if is_date(text):
        return "date"
    if text.isdecimal() and len(text) > _EXACT_DIGITS and not text[_EXACT_DIGITS:].strip("0٠"):
        return "too_long"
    return ""


def is_nothing(text: str) -> bool:
    """Say whether a text is how an office or an export writes that there is none: a dash, ``N/A``, ``NULL``."""
    return not any(letter.isalnum() for letter in text) or text.casefold() in _NOTHING


def is_date(text: str) -> bool:
    """Say whether a text is a date as spreadsheets write them."""
    match = _DATES.fullmatch(text.translate(_ACCENTS))
    if match is None:
        return False
    if match["a"] is None:
        return True
    first, second = sorted((int(match["a"]), int(match["b"])))
    return 1 <= first <= 12 and second <= 31


def column_letters(at: int) -> str:
    """Return how a spreadsheet calls a column, `at` from 0: A, B, …, Z, AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
